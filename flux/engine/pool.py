"""Worker processes, each at the end of a pipe of its own: one that dies takes nothing with it but its task.

Workers that share a queue share a lock, and a process killed while it waits for work keeps that lock for ever. Here each
has a thread that hands it one task, waits for its answer, and puts another process in its place where none comes.
"""

import multiprocessing
import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from multiprocessing import resource_tracker
from threading import Condition, Thread
from typing import NamedTuple, Self

from flux.engine.allocator import spare_allocator
from flux.engine.gateway import Result, Task
from flux.engine.worker import Failure, Workshop, serve_tasks

# The largest flow that the limits allow is treated in well under this.
TASK_SECONDS = 600.0
# Renewed after so many tasks, so that no leak of a library ever adds up.
TASKS_PER_PROCESS = 2000


class WorkerDied(Exception):
    """A process ended over a task, or was ended because it took too long."""


class TaskFailed(Exception):
    """A task ended with an exception in its process; told as it was there."""

    def __repr__(self) -> str:
        return str(self)


class ProcessWorkers:
    """`size` worker processes that each make a workshop."""

    def __init__(self, size: int, factory: Callable[[], Workshop], *, task_seconds: float = TASK_SECONDS) -> None:
        self.size = size
        spare_allocator()
        self._desk = _Desk(size)
        self._slots = [_Slot(factory, self._desk, task_seconds) for _ in range(size)]

    def __enter__(self) -> Self:
        for slot in self._slots:
            slot.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._desk.close()
        for slot in self._slots:
            slot.join()

    def submit(self, task: Task) -> "Future[Result]":
        """Start a task as soon as a process is free. Its future fails where the process died or took too long."""
        promise: Future[Result] = Future()
        self._desk.put(task, promise)
        return promise


class _Order(NamedTuple):
    """A task as it travels, and the promise of its result."""

    message: bytes
    promise: "Future[Result]"


class _Desk:
    """The tasks that no process has yet."""

    def __init__(self, slots: int) -> None:
        self._slots = slots
        self._waiting: deque[tuple[Task, Future[Result]]] = deque()
        self._changed = Condition()
        self._is_closed = False

    def put(self, task: Task, promise: "Future[Result]") -> None:
        with self._changed:
            self._waiting.append((task, promise))
            self._changed.notify()

    def take(self) -> _Order | None:
        """The next task once there is one; None where there will be none."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closed)
            taken = self._waiting.popleft() if self._waiting else None
        return _pack(*taken) if taken is not None else None

    def take_ahead(self) -> _Order | None:
        """A task for a process that is still busy, where more wait than the other processes could begin."""
        with self._changed:
            taken = self._waiting.popleft() if len(self._waiting) >= self._slots else None
        return _pack(*taken) if taken is not None else None

    def close(self) -> None:
        """Forget what waits; what has begun is finished."""
        with self._changed:
            self._is_closed = True
            self._waiting.clear()
            self._changed.notify_all()


def _pack(task: Task, promise: "Future[Result]") -> _Order:
    return _Order(pickle.dumps(task, pickle.HIGHEST_PROTOCOL), promise)


class _Slot(Thread):
    """A thread with one process at a time."""

    def __init__(self, factory: Callable[[], Workshop], desk: _Desk, task_seconds: float) -> None:
        super().__init__(name="worker", daemon=True)
        self._factory = factory
        self._desk = desk
        self._task_seconds = task_seconds
        self._worker = _Worker(factory)

    def run(self) -> None:
        """Hand out tasks until there will be none."""
        order = self._desk.take()
        while order is not None:
            order = self._treat(order) or self._desk.take()
        self._worker.end()

    def _treat(self, order: _Order) -> _Order | None:
        """Have a task done; the next one, where it was made ready meanwhile: the process then waits for nothing."""
        following = None
        try:
            if not self._worker.is_fit():
                self._worker.end()
                self._worker = _Worker(self._factory)
            self._worker.send(order.message)
            following = self._desk.take_ahead()
            message = self._worker.receive(self._task_seconds)
        except (EOFError, OSError) as failure:
            self._worker.kill()
            order.promise.set_exception(WorkerDied(repr(failure)))
        else:
            _keep(order.promise, message)
        return following


def _keep(promise: "Future[Result]", message: bytes) -> None:
    answer: Result | Failure = pickle.loads(message)  # noqa: S301 - from a process of our own, down a pipe of our own
    if isinstance(answer, Failure):
        promise.set_exception(TaskFailed(answer.cause))
    else:
        promise.set_result(answer)


class _Worker:
    """One process, and our end of its pipe."""

    def __init__(self, factory: Callable[[], Workshop]) -> None:
        # Spawned: a server that forks workers would be one more process that a signal to the group ends.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve_tasks, args=(theirs, factory), name="worker")
        resource_tracker.ensure_running()  # the first process would start it, and it lets signals through again
        with _signals_blocked():
            self._process.start()
        theirs.close()  # else its death would not end the pipe
        self._tasks = 0

    def is_fit(self) -> bool:
        """False for a process that died while it was idle, and for one that has served long enough."""
        return self._tasks < TASKS_PER_PROCESS and self._process.is_alive()

    def send(self, message: bytes) -> None:
        """Hand it a task. Raises OSError where it is dead."""
        self._tasks += 1
        self._pipe.send_bytes(message)

    def receive(self, seconds: float) -> bytes:
        """Its answer. Raises EOFError or OSError where it dies, TimeoutError where it takes longer."""
        if not self._pipe.poll(seconds):
            raise TimeoutError(f"no answer in {seconds:.0f} s")
        return self._pipe.recv_bytes()

    def kill(self) -> None:
        """End it whatever it does, and wait until it has: else it would look fit for one task more."""
        self._process.kill()
        self._process.join()

    def end(self) -> None:
        """Have it end, and wait until it has."""
        self._pipe.close()
        self._process.join()


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """A process that is started meanwhile hears neither Ctrl-C nor SIGTERM before it can say what it does with them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
