"""What is tried again after a while, because a disk, a worker or the ledger would not have it now."""

from collections.abc import Callable
from time import monotonic
from typing import NamedTuple


class _Try(NamedTuple):
    due: float
    again: Callable[[], None]


class Later:
    """Tries that wait for their moment, in seconds of the monotonic clock."""

    def __init__(self) -> None:
        self._waiting: list[_Try] = []

    def put(self, seconds: float, again: Callable[[], None]) -> None:
        """Have something tried that many seconds from now."""
        self._waiting.append(_Try(monotonic() + seconds, again))

    def take_due(self) -> None:
        """Try what is due. A try may put itself here again."""
        now = monotonic()
        due = [each for each in self._waiting if each.due <= now]
        self._waiting = [each for each in self._waiting if each.due > now]
        for each in due:
            each.again()
