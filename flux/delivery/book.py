"""What is written in the ledger of the attempts, and told of them."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from flux.delivery.event import DeliveryEvent, DeliveryEventKind
from flux.delivery.lane import Attempt
from flux.delivery.retry import OURS, OWN_TROUBLE_SECONDS, ErrorKind, RetryAction, decide_retry
from flux.delivery.settings import DeliverySettings
from flux.model.delivery import Delivery
from flux.model.ports import DeliveryLedger


class DeliveryBook:
    """Writes attempts, those that arrived in one transaction."""

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
        self._random = random.Random()  # noqa: S311 - spreads retries, protects nothing

    def write(self, attempts: Sequence[Attempt]) -> int:
        """The number of files that arrived. Raises LedgerError; what is not written is tried again and found there."""
        arrived = [attempt.delivery for attempt in attempts if attempt.failure is None]
        if arrived:
            self._write_arrived(arrived)
        troubled = [attempt for attempt in attempts if attempt.failure in OURS]
        if troubled:
            self._set_back(troubled)
        for attempt in attempts:
            if attempt.failure is not None and attempt.failure not in OURS:
                self._write_failed(attempt.delivery, attempt.failure, attempt.words)
        return len(arrived)

    def _write_arrived(self, arrived: Sequence[Delivery]) -> None:
        closed = self._ledger.delivered(arrived, self._clock())
        for delivery in arrived:
            self._tell(DeliveryEventKind.DELIVERED, delivery)
        for number in closed:
            self._report(DeliveryEvent(kind=DeliveryEventKind.FLOW_CLOSED, flow_number=number))

    def _set_back(self, attempts: Sequence[Attempt]) -> None:
        """A partner's lane tells of its disk; an archived file that cannot be read is told of here, once."""
        troubled = {attempt.delivery: attempt.words for attempt in attempts}
        self._ledger.set_back(troubled, self._clock() + timedelta(seconds=OWN_TROUBLE_SECONDS))
        for attempt in attempts:
            if attempt.failure is ErrorKind.SOURCE and attempt.delivery.last_error != attempt.words:
                self._tell(DeliveryEventKind.SOURCE_UNREADABLE, attempt.delivery, attempt.words)

    def _write_failed(self, delivery: Delivery, failure: ErrorKind, error: str) -> None:
        if failure is ErrorKind.CRASH:
            self._tell(DeliveryEventKind.CRASHED, delivery, error)
        tries = delivery.tries + 1
        decision = decide_retry(tries, failure, self._clock(), self._random.random(), self._settings)
        if decision.at is not None:
            self._ledger.postpone(delivery, decision.at, error)
            self._tell(DeliveryEventKind.POSTPONED, delivery, error, decision.at)
            return
        is_uncertain = decision.action is RetryAction.UNCERTAIN
        self._ledger.abandon(delivery, error, uncertain=is_uncertain)
        self._tell(DeliveryEventKind.UNCERTAIN if is_uncertain else DeliveryEventKind.DEAD, delivery, error)

    def _tell(
        self, kind: DeliveryEventKind, delivery: Delivery, error: str | None = None, next_at: datetime | None = None
    ) -> None:
        self._report(
            DeliveryEvent(kind=kind, partner=delivery.partner, delivery=delivery, error=error, next_at=next_at)
        )
