"""What is written in the ledger of the attempts, and told of them."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from flux.delivery.event import DeliveryEvent, DeliveryEventKind
from flux.delivery.lane import Attempt
from flux.delivery.retry import OURS, OWN_TROUBLE_SECONDS, ErrorKind, RetryAction, decide_retry
from flux.delivery.settings import DeliverySettings
from flux.errors import DeliveryUnknown, IllegalTransition, LedgerError
from flux.model.delivery import Delivery
from flux.model.ports import DeliveryLedger

_TOLD = {
    RetryAction.RETRY: DeliveryEventKind.POSTPONED,
    RetryAction.DEAD: DeliveryEventKind.DEAD,
    RetryAction.UNCERTAIN: DeliveryEventKind.UNCERTAIN,
}


class DeliveryBook:
    """Writes attempts, those that arrived in one transaction. For one thread, but for `is_behind`."""

    def __init__(
        self,
        ledger: DeliveryLedger,
        settings: DeliverySettings,
        clock: Callable[[], datetime],
        report: Callable[[DeliveryEvent], None],
    ) -> None:
        self._ledger = ledger
        self._settings = settings
        self._clock = clock
        self._report = report
        self._unwritten: list[Attempt] = []
        self._is_refused = False
        self._random = random.Random()  # noqa: S311 - spreads retries, protects nothing

    @property
    def is_behind(self) -> bool:
        """True while the ledger has not heard what became of some files: sent again, one might arrive twice."""
        return self._is_refused

    def write(self, attempts: Sequence[Attempt]) -> int:
        """The number of files that arrived. Raises LedgerError; what it refused is kept, and written at the next call."""
        self._unwritten += attempts
        try:
            arrived = self._write_arrived()
            self._set_back()
            while self._unwritten:
                self._write_failed(self._unwritten[0])
                del self._unwritten[0]
        except (DeliveryUnknown, IllegalTransition):
            self._is_refused = False
            self._unwritten.clear()  # the ledger will never take it: what it holds is tried again, and found there
            raise
        except LedgerError:
            self._is_refused = True
            raise
        self._is_refused = False
        return arrived

    def _write_arrived(self) -> int:
        arrived = [attempt.delivery for attempt in self._unwritten if attempt.failure is None]
        if not arrived:
            return 0
        closed = self._ledger.delivered(arrived, self._clock())
        self._unwritten = [attempt for attempt in self._unwritten if attempt.failure is not None]
        for delivery in arrived:
            self._tell(DeliveryEventKind.DELIVERED, delivery)
        for number in closed:
            self._report(DeliveryEvent(kind=DeliveryEventKind.FLOW_CLOSED, flow_number=number))
        return len(arrived)

    def _set_back(self) -> None:
        """A partner's lane tells of its disk; an archived file that cannot be read is told of here, once."""
        attempts = [attempt for attempt in self._unwritten if attempt.failure in OURS]
        if not attempts:
            return
        troubled = {attempt.delivery: attempt.words for attempt in attempts}
        withdrawn = frozenset(attempt.delivery.id for attempt in attempts if attempt.is_withdrawn)
        self._ledger.set_back(troubled, self._clock() + timedelta(seconds=OWN_TROUBLE_SECONDS), withdrawn)
        self._unwritten = [attempt for attempt in self._unwritten if attempt.failure not in OURS]
        for attempt in attempts:
            if attempt.failure is ErrorKind.SOURCE and attempt.delivery.last_error != attempt.words:
                self._tell(DeliveryEventKind.SOURCE_UNREADABLE, attempt.delivery, attempt.words)

    def _write_failed(self, attempt: Attempt) -> None:
        delivery, failure, error = attempt.delivery, attempt.failure or ErrorKind.CRASH, attempt.words
        tries = delivery.tries + 1
        decision = decide_retry(tries, failure, self._clock(), self._random.random(), self._settings)
        if decision.at is not None:
            self._ledger.postpone(delivery, decision.at, error, attempt.part)
        else:
            is_uncertain = decision.action is RetryAction.UNCERTAIN
            self._ledger.abandon(delivery, error, uncertain=is_uncertain, part=attempt.part)
        if failure is ErrorKind.CRASH:
            self._tell(DeliveryEventKind.CRASHED, delivery, error)
        self._tell(_TOLD[decision.action], delivery, error, decision.at)

    def _tell(
        self, kind: DeliveryEventKind, delivery: Delivery, error: str | None = None, next_at: datetime | None = None
    ) -> None:
        self._report(
            DeliveryEvent(kind=kind, partner=delivery.partner, delivery=delivery, error=error, next_at=next_at)
        )
