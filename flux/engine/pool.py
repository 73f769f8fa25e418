"""Worker processes, each in an executor of its own: one that dies takes nothing with it but its task.

A pool that shares its queue between processes shares a lock, and a process killed while it waits for work keeps that
lock for ever. Here a worker shares nothing; the standard executor of one process notices its death, and is replaced.
"""

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import partial
from threading import Event, Lock, Thread
from typing import Self

from flux.engine.allocator import spare_allocator
from flux.engine.gateway import Result, Task
from flux.engine.tasks import BuildTask, ChunkTask, OpenTask
from flux.engine.worker import Workshop, adopt, run_build, run_chunk, run_open

# The largest flow that the limits allow is treated in well under this.
TASK_SECONDS = 600.0
WATCH_SECONDS = 1.0
# Renewed after so many tasks, so that no leak of a library ever adds up.
TASKS_PER_PROCESS = 2000


class ProcessWorkers:
    """`size` worker processes that each adopt a workshop."""

    def __init__(self, size: int, factory: Callable[[], Workshop], *, task_seconds: float = TASK_SECONDS) -> None:
        self.size = size
        self._task_seconds = task_seconds
        self._lock = Lock()
        spare_allocator()
        self._slots = [_Slot(factory) for _ in range(size)]
        self._idle = list(self._slots)
        self._waiting: deque[tuple[Task, Future[Result]]] = deque()
        self._closing = Event()
        self._watcher = Thread(target=self._watch, name="workers", daemon=True)

    def __enter__(self) -> Self:
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._watcher.join()
        for slot in self._slots:
            slot.close()

    def submit(self, task: Task) -> "Future[Result]":
        """Start a task as soon as a process is free. Its future fails where the process died or took too long."""
        promise: Future[Result] = Future()
        with self._lock:
            self._waiting.append((task, promise))
        self._fill()
        return promise

    def _fill(self) -> None:
        while True:
            with self._lock:
                if not (self._idle and self._waiting):
                    return
                slot, (task, promise) = self._idle.pop(), self._waiting.popleft()
            slot.run(task, partial(self._finish, slot, promise))

    def _finish(self, slot: "_Slot", promise: "Future[Result]", done: "Future[Result]") -> None:
        failure = done.exception()
        slot.rest(is_broken=isinstance(failure, BrokenProcessPool))
        with self._lock:
            self._idle.append(slot)
        self._fill()
        if failure is not None:
            promise.set_exception(failure)
        else:
            promise.set_result(done.result())

    def _watch(self) -> None:
        """Kill the processes that have been busy with one task for too long."""
        while not self._closing.wait(WATCH_SECONDS):
            for slot in self._slots:
                slot.kill_if_older(self._task_seconds)


class _Slot:
    """One process at a time, with the task that it works on."""

    def __init__(self, factory: Callable[[], Workshop]) -> None:
        self._factory = factory
        self._start()

    def _start(self) -> None:
        # Spawned: a server that forks workers would be one more process that a signal to the group ends.
        self._executor = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), adopt, (self._factory,))
        with _signals_blocked():
            self._pid = self._executor.submit(os.getpid)
        self._tasks = 0
        self._busy_since: float | None = None

    def run(self, task: Task, tell: "Callable[[Future[Result]], None]") -> None:
        self._tasks += 1
        self._busy_since = time.monotonic()
        try:
            future = _submit(self._executor, task)
        except BrokenProcessPool:  # it died while it was idle: the task has not been touched
            self._start()
            future = _submit(self._executor, task)
        future.add_done_callback(tell)

    def rest(self, *, is_broken: bool) -> None:
        """Make ready for another task, with a new process where the old one is dead or has served long enough."""
        self._busy_since = None
        if is_broken or self._tasks >= TASKS_PER_PROCESS:
            self._executor.shutdown(wait=False)
            self._start()

    def kill_if_older(self, seconds: float) -> None:
        if self._busy_since is None or time.monotonic() - self._busy_since < seconds:
            return
        if self._pid.done() and self._pid.exception() is None:
            with suppress(ProcessLookupError):
                os.kill(self._pid.result(), signal.SIGKILL)

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """A process that is started meanwhile hears neither Ctrl-C nor SIGTERM before it can say what it does with them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _submit(executor: ProcessPoolExecutor, task: Task) -> "Future[Result]":
    match task:
        case OpenTask():
            return executor.submit(run_open, task)
        case ChunkTask():
            return executor.submit(run_chunk, task)
        case BuildTask():
            return executor.submit(run_build, task)
