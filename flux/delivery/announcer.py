"""The ledger is told of a file before it gets its name at a partner's: a process that dies then knows later what to look for."""

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from threading import Lock

from flux.model.delivery import Delivery
from flux.model.hand_over import HandOver
from flux.model.ports import DeliveryLedger


@dataclass(slots=True, kw_only=True)
class _Announcement:
    delivery: Delivery
    part: str
    is_over: bool = False
    failure: Exception | None = None


class Announcer:
    """Writes what several threads announce at the same time in one transaction, for one of them. Safe between threads.

    `parts` are those of which nobody knows whether they got their final name, by delivery; it grows here.
    """

    def __init__(self, ledger: DeliveryLedger, parts: MutableMapping[int, str]) -> None:
        self._ledger = ledger
        self._parts = parts
        self._waiting: list[_Announcement] = []
        self._waiting_lock = Lock()
        self._turn = Lock()

    def announce(self, delivery: Delivery, part: str) -> None:
        """Returns once the ledger knows. Raises LedgerError."""
        mine = _Announcement(delivery=delivery, part=part)
        with self._waiting_lock:
            self._waiting.append(mine)
        with self._turn:
            if not mine.is_over:
                self._write_waiting()
        if mine.failure is not None:
            raise mine.failure

    def _write_waiting(self) -> None:
        with self._waiting_lock:
            together, self._waiting = self._waiting, []
        failure = None
        try:
            self._ledger.announce({each.delivery: each.part for each in together})
        except Exception as error:  # noqa: BLE001 - every thread whose announcement it was raises it
            failure = error
        for each in together:
            if failure is None:
                self._parts[each.delivery.id] = each.part
            each.is_over, each.failure = True, failure


class AnnouncedHandOver(HandOver):
    """An attempt that tells the ledger before the file gets its name."""

    def __init__(self, delivery: Delivery, part: str | None, announce: Callable[[Delivery, str], None]) -> None:
        super().__init__(part)
        self._delivery = delivery
        self._announce = announce

    def announce(self, part: str) -> None:
        """Also where an earlier attempt had announced the same part: nothing is written twice."""
        if part != self.part:
            self._announce(self._delivery, part)
        super().announce(part)
