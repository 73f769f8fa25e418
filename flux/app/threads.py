"""Threads that fail together: when one ends by an exception, all are told to stop and the exception is raised."""

from collections.abc import Callable
from threading import Event, Thread
from typing import Self


class Crew:
    """Threads that share one stop, and are joined on exit, also where one of them cannot be started.

    `wakes` are called when the stop is set, for those that wait on something else.
    """

    def __init__(self, stop: Event) -> None:
        self._stop = stop
        self._threads: list[Thread] = []
        self._wakes: list[Callable[[], None]] = []
        self._failures: list[BaseException] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._join()

    def start(self, name: str, work: Callable[[], None], wake: Callable[[], None] | None = None) -> None:
        """Start one more thread. Raises RuntimeError where the machine has none."""
        if wake is not None:
            self._wakes.append(wake)
        thread = Thread(target=self._run, args=(work,), name=name)
        thread.start()
        self._threads.append(thread)

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as failure:  # noqa: BLE001 - handed to the thread that joins, which raises it
            self._failures.append(failure)
            self._stop.set()

    def _join(self) -> None:
        """Tell every thread to stop, wait for them, and raise what the first one failed of."""
        self._stop.set()
        for wake in self._wakes:
            wake()
        for thread in self._threads:
            thread.join()
        if self._failures:
            raise self._failures[0]
