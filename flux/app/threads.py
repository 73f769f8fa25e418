"""Threads that fail together: when one ends by an exception, all are told to stop and the exception is raised."""

from collections.abc import Callable
from threading import Event, Thread


class Crew:
    """Threads that share one stop. `wakes` are called when it is set, for those that wait on something else."""

    def __init__(self, stop: Event) -> None:
        self._stop = stop
        self._threads: list[Thread] = []
        self._wakes: list[Callable[[], None]] = []
        self._failures: list[BaseException] = []

    def start(self, name: str, work: Callable[[], None], wake: Callable[[], None] | None = None) -> None:
        """Start one more thread."""
        if wake is not None:
            self._wakes.append(wake)
        thread = Thread(target=self._run, args=(work,), name=name)
        self._threads.append(thread)
        thread.start()

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as failure:  # noqa: BLE001 - handed to the thread that joins, which raises it
            self._failures.append(failure)
            self._stop.set()

    def join(self) -> None:
        """Tell every thread to stop, wait for them, and raise what the first one failed of."""
        self._stop.set()
        for wake in self._wakes:
            wake()
        for thread in self._threads:
            thread.join()
        if self._failures:
            raise self._failures[0]
