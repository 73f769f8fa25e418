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
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing import resource_tracker
from threading import Condition, Lock, Thread
from time import monotonic
from typing import Self

from flux.engine.allocator import spare_allocator
from flux.engine.disk_trouble import DiskTrouble
from flux.engine.gateway import Result, Task
from flux.engine.worker import Answer, Failure, Ready, Workshop, serve_tasks
from flux.errors import WorkersUnavailable
from flux.model.ports import Report

# How often a thread without a task looks whether its process still lives.
LOOK_SECONDS = 1.0
# What a process that is hung up on gets to end by itself.
END_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerBounds:
    """What one process may use.

    One that has not answered a task after `task_seconds` is ended: the largest flow that the limits allow takes well under
    that. One is renewed after `tasks`, so that no leak of a library ever adds up, and once it holds more than `memory_bytes`
    after a task: glibc seldom gives back what a document of 100 MB took, and several such workers would fill a machine.
    Where none can be made, the next try comes after `first_pause_seconds`, doubled each time up to `longest_pause_seconds`.
    """

    task_seconds: float = 600.0
    tasks: int = 2000
    memory_bytes: int = 2**30
    start_seconds: float = 60.0
    first_pause_seconds: float = 0.5
    longest_pause_seconds: float = 30.0

    def pause_seconds(self, failures: int) -> float:
        """How long to wait after so many failures in a row."""
        doubled: float = self.first_pause_seconds * 2 ** min(failures - 1, 16)
        return min(self.longest_pause_seconds, doubled)


class WorkerDied(Exception):
    """A process ended over a task, or was ended because it took too long."""


class TaskFailed(Exception):
    """A task ended with an exception in its process; told as it was there."""

    def __repr__(self) -> str:
        return str(self)


class ProcessWorkers:
    """`size` worker processes that each make a workshop; on exit whatever they still do is cut off."""

    def __init__(
        self, size: int, factory: Callable[[], Workshop], report: Report, bounds: WorkerBounds | None = None
    ) -> None:
        self.size = size
        spare_allocator()
        self._desk = _Desk(size)
        self._slots = [_Slot(factory, self._desk, bounds or WorkerBounds(), report) for _ in range(size)]

    def __enter__(self) -> Self:
        for slot in self._slots:
            slot.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._desk.close()
        until = monotonic() + END_SECONDS
        for slot in self._slots:
            slot.join(max(0.0, until - monotonic()))
        for slot in self._slots:
            slot.cut_off()
        for slot in self._slots:
            slot.join()

    def submit(self, task: Task) -> "Future[Result]":
        """Start a task as soon as a process is free. Its future fails where the process died or took too long."""
        promise: Future[Result] = Future()
        self._desk.put(_Order(task=task, promise=promise))
        return promise

    def require(self) -> None:
        """Wait until there is a process. Raises WorkersUnavailable where none can be made."""
        self._desk.require()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """A task, the promise of its result, and the task as it travels, once it is about to."""

    task: Task
    promise: "Future[Result]"
    message: bytes = b""


class _Desk:
    """The tasks that no process has yet, and whether there are processes to have them."""

    def __init__(self, slots: int) -> None:
        self._slots = slots
        self._waiting: deque[_Order] = deque()
        self._changed = Condition()
        self._has_process = False
        self._trouble = ""
        self.is_closed = False

    def put(self, order: _Order) -> None:
        with self._changed:
            self._waiting.append(order)
            self._changed.notify()

    def put_back(self, order: _Order) -> None:
        """A task that no process has had: whoever is free next takes it."""
        with self._changed:
            self._waiting.appendleft(order)
            self._changed.notify()

    def take(self, seconds: float) -> _Order | None:
        """The next task once there is one; None where the time runs out, or where there will be none."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self.is_closed, seconds)
            return self._waiting.popleft() if self._waiting else None

    def take_ahead(self) -> _Order | None:
        """A task for a process that is still busy, where more wait than the other processes could begin."""
        with self._changed:
            return self._waiting.popleft() if len(self._waiting) >= self._slots else None

    def pause(self, seconds: float) -> None:
        """Wait, unless all is over."""
        with self._changed:
            self._changed.wait_for(lambda: self.is_closed, seconds)

    def tell_ready(self) -> None:
        with self._changed:
            self._has_process = True
            self._changed.notify_all()

    def tell_trouble(self, cause: str) -> None:
        with self._changed:
            self._has_process, self._trouble = False, cause
            self._changed.notify_all()

    def require(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._has_process or self._trouble or self.is_closed)
            if not self._has_process:
                raise WorkersUnavailable(f"no worker process can be made: {self._trouble}")

    def close(self) -> None:
        """Forget what waits."""
        with self._changed:
            self.is_closed = True
            self._waiting.clear()
            self._changed.notify_all()


class _Slot(Thread):
    """A thread with one process at a time."""

    def __init__(self, factory: Callable[[], Workshop], desk: _Desk, bounds: WorkerBounds, report: Report) -> None:
        super().__init__(name="worker", daemon=True)
        self._factory = factory
        self._desk = desk
        self._bounds = bounds
        self._report = report
        self._worker: _Worker | None = None
        self._changing = Lock()
        self._is_cut_off = False
        self._failures = 0  # processes in a row that did nothing
        self._following: _Order | None = None

    def run(self) -> None:
        """Hand out tasks until there will be none."""
        while not self._desk.is_closed:
            try:
                self._advance()
            except Exception as failure:  # noqa: BLE001 - a thread that ends takes its worker from the gateway for good
                self._recover(failure)
        if self._worker is not None:
            self._worker.end()

    def _advance(self) -> None:
        """Have one task done, where there is one and a process for it."""
        worker = self._standing() or self._make()
        if worker is None:
            self._return_following()
            self._desk.pause(self._bounds.pause_seconds(self._failures))
            return
        order, self._following = self._following or _packed(self._desk.take(LOOK_SECONDS)), None
        if order is not None and not worker.is_alive():
            self._desk.put_back(order)
        elif order is not None:
            self._treat(worker, order)

    def _recover(self, failure: Exception) -> None:
        """Begin again with another process, and let others have what waits for this one."""
        self._failures += 1
        self._discard()
        self._return_following()
        with suppress(Exception):  # it may be the telling that failed
            self._report("worker_failed", cause=repr(failure))
        self._desk.pause(self._bounds.pause_seconds(self._failures))

    def cut_off(self) -> None:
        """End the process whatever it does; no other takes its place."""
        with self._changing:
            self._is_cut_off = True
            if self._worker is not None:
                self._worker.kill()

    def _standing(self) -> "_Worker | None":
        """The process, if it is fit for one task more; what became of it is told where it is not."""
        worker = self._worker
        if worker is None:
            return None
        if not worker.is_alive():
            self._failures += 1
            self._report("worker_died", cause=worker.kill(), task="none")
        elif (reason := worker.reason_to_renew(self._bounds)) is not None:
            worker.end()
            self._report("worker_renewed", reason=reason)
        else:
            return worker
        self._worker = None
        return None

    def _make(self) -> "_Worker | None":
        """Another process, once it is ready; None where none can be made."""
        try:
            with self._changing:
                if self._is_cut_off:
                    return None
                worker = self._worker = _Worker(self._factory)
            refusal = worker.await_ready(self._bounds.start_seconds)
        except Exception as failure:  # noqa: BLE001 - no process, no pipe, no memory: the machine is full
            refusal = repr(failure)
        if refusal is None:
            self._desk.tell_ready()
            return self._worker
        self._discard()
        self._failures += 1
        if not self._desk.is_closed:
            self._desk.tell_trouble(refusal)
            pause = self._bounds.pause_seconds(self._failures)
            self._report("worker_not_started", cause=refusal, next_try_in_seconds=f"{pause:g}")
        return None

    def _discard(self) -> None:
        with self._changing:
            if self._worker is not None:
                self._worker.kill()
            self._worker = None

    def _return_following(self) -> None:
        if self._following is not None:
            self._desk.put_back(self._following)
            self._following = None

    def _treat(self, worker: "_Worker", order: _Order) -> None:
        """Have a task done; the next one is made ready meanwhile: the process then waits for nothing."""
        try:
            worker.send(order.message)
            self._following = _packed(self._desk.take_ahead())
            result = worker.receive(self._bounds.task_seconds)
        except Exception as failure:  # noqa: BLE001 - whatever an answer is or lacks, who waits for it hears of it
            ending = worker.kill()
            cause = _cause_of(failure, ending)
            self._worker = None
            order.promise.set_exception(WorkerDied(cause))
            if not self._desk.is_closed:
                self._report("worker_died", cause=cause, task=type(order.task).__name__)
        else:
            self._failures = 0
            _keep(order.promise, result)


def _packed(order: _Order | None) -> _Order | None:
    """An order as it travels; None where there is none, or where its task cannot travel and has failed for it."""
    if order is None:
        return None
    try:
        return replace(order, message=pickle.dumps(order.task, pickle.HIGHEST_PROTOCOL))
    except Exception as failure:  # noqa: BLE001 - pickle raises whatever it meets; who waits for the task hears of it
        order.promise.set_exception(TaskFailed(repr(failure)))
        return None


def _cause_of(failure: Exception, ending: str) -> str:
    """What is told of a process that gave no answer, or one that nobody can read."""
    if isinstance(failure, TimeoutError):
        return str(failure)
    return ending if isinstance(failure, EOFError | OSError) else repr(failure)


def _keep(promise: "Future[Result]", result: Result | Failure) -> None:
    if isinstance(result, Failure):
        promise.set_exception((DiskTrouble if result.is_of_the_disk else TaskFailed)(result.cause))
    else:
        promise.set_result(result)


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
        self._resident_bytes = 0

    def await_ready(self, seconds: float) -> str | None:
        """Wait until its workshop is made; the reason where it cannot be."""
        try:
            said: Ready | Failure = pickle.loads(self._receive(seconds))  # noqa: S301 - down a pipe of our own
        except TimeoutError as late:
            return str(late)
        except (EOFError, OSError):
            return self.kill()
        return said.cause if isinstance(said, Failure) else None

    def is_alive(self) -> bool:
        """False for a process that died while it was idle."""
        return self._process.is_alive()

    def reason_to_renew(self, bounds: WorkerBounds) -> str | None:
        """Why it has served long enough; None where it has not."""
        if self._tasks >= bounds.tasks:
            return f"{self._tasks} tasks"
        if self._resident_bytes > bounds.memory_bytes:
            return f"{self._resident_bytes // 2**20} MiB held"
        return None

    def send(self, message: bytes) -> None:
        """Hand it a task. Raises OSError where it is dead."""
        self._tasks += 1
        self._pipe.send_bytes(message)

    def receive(self, seconds: float) -> Result | Failure:
        """Its answer. Raises EOFError or OSError where it dies, TimeoutError where it takes longer."""
        answer: Answer = pickle.loads(self._receive(seconds))  # noqa: S301 - from a process of our own
        self._resident_bytes = answer.resident_bytes
        return answer.result

    def _receive(self, seconds: float) -> bytes:
        if not self._pipe.poll(seconds):
            raise TimeoutError(f"no answer in {seconds:g} s")
        return self._pipe.recv_bytes()

    def kill(self) -> str:
        """End it whatever it does, wait until it has, and tell how it ended."""
        self._process.kill()
        self._process.join()
        code = self._process.exitcode
        return f"ended by {signal.Signals(-code).name}" if code is not None and code < 0 else f"ended with code {code}"

    def end(self) -> None:
        """Hang up, and wait until it has ended."""
        self._pipe.close()
        self._process.join(END_SECONDS)
        self.kill()


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """A process that is started meanwhile hears neither Ctrl-C nor SIGTERM before it can say what it does with them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
