"""Worker processes: killed when they take too long, replaced when they die, renewed before they grow."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import Future
from typing import Self

from pebble import ProcessPool

from flux.engine.gateway import Result, Task
from flux.engine.tasks import BuildTask, ChunkTask, OpenTask
from flux.engine.worker import Workshop, adopt, run_build, run_chunk, run_open

# The largest flow that the limits allow is treated in well under this.
TASK_SECONDS = 600
# Renewed after so many tasks, so that no leak of a library ever adds up.
TASKS_PER_PROCESS = 2000


class ProcessWorkers:
    """A pool whose processes each adopt a workshop. `size` is their number."""

    def __init__(self, size: int, factory: Callable[[], Workshop]) -> None:
        self.size = size
        self._pool = ProcessPool(
            max_workers=size,
            max_tasks=TASKS_PER_PROCESS,
            initializer=adopt,
            initargs=(factory,),
            context=_context(),
        )

    def submit(self, task: Task) -> "Future[Result]":
        """Start a task as soon as a process is free."""
        match task:
            case OpenTask():
                return self._pool.schedule(run_open, args=(task,), timeout=TASK_SECONDS)
            case ChunkTask():
                return self._pool.schedule(run_chunk, args=(task,), timeout=TASK_SECONDS)
            case BuildTask():
                return self._pool.schedule(run_build, args=(task,), timeout=TASK_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble annotates no method without result
        self._pool.join()


def _context() -> multiprocessing.context.BaseContext:
    """Processes come from a server that has imported the worker once: cheap to start, and safe beside threads."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([adopt.__module__])
    return context
