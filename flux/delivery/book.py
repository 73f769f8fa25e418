"""What is written in the ledger of the attempts, and told of them."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from flux.delivery.event import DeliveryEvent, DeliveryEventKind
from flux.delivery.lane import Attempt
from flux.delivery.retry import OURS, OWN_TROUBLE_SECONDS, ErrorKind, RetryAction, decide_retry
from flux.delivery.settings import DeliverySettings
from flux.errors import DeliveryUnknown, FluxError, IllegalTransition, LedgerError
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
        """The number of files that arrived. Raises LedgerError; what it refused is kept, and written at the next call.

        Raises DeliveryUnknown or IllegalTransition, once all others are written, for an attempt that the ledger will never
        take: it is forgotten, what the ledger holds is tried again, and found there.
        """
        self._unwritten += attempts
        refusals: list[FluxError] = []
        try:
            arrived = self._write_all(refusals)
        except LedgerError:
            self._is_refused = True
            raise
        self._is_refused = False
        if refusals:
            raise refusals[0]
        return arrived

    def _write_all(self, refusals: list[FluxError]) -> int:
        arrived = [attempt for attempt in self._unwritten if attempt.failure is None]
        ours = [attempt for attempt in self._unwritten if attempt.failure in OURS]
        failed = [attempt for attempt in self._unwritten if attempt.failure is not None and attempt.failure not in OURS]
        count = self._write_together(self._write_arrived, arrived, refusals)
        self._write_together(self._set_back, ours, refusals)
        for attempt in failed:
            self._write_together(self._write_failed, [attempt], refusals)
        return count

    def _write_together(
        self, write: Callable[[Sequence[Attempt]], None], attempts: Sequence[Attempt], refusals: list[FluxError]
    ) -> int:
        """Write attempts in one transaction; each in its own where the ledger will never take one of them. How many it took."""
        if not attempts:
            return 0
        try:
            write(attempts)
        except (DeliveryUnknown, IllegalTransition) as refusal:
            if len(attempts) > 1:
                return sum(self._write_together(write, [attempt], refusals) for attempt in attempts)
            self._forget(attempts)
            refusals.append(refusal)
            return 0
        return len(attempts)

    def _forget(self, attempts: Sequence[Attempt]) -> None:
        over = {attempt.delivery.id for attempt in attempts}
        self._unwritten = [attempt for attempt in self._unwritten if attempt.delivery.id not in over]

    def _write_arrived(self, attempts: Sequence[Attempt]) -> None:
        closed = self._ledger.delivered([attempt.delivery for attempt in attempts], self._clock())
        self._forget(attempts)
        for attempt in attempts:
            self._tell(DeliveryEventKind.DELIVERED, attempt.delivery)
        for number in closed:
            self._report(DeliveryEvent(kind=DeliveryEventKind.FLOW_CLOSED, flow_number=number))

    def _set_back(self, attempts: Sequence[Attempt]) -> None:
        """A partner's lane tells of its disk; an archived file that cannot be read is told of here, once."""
        troubled = {attempt.delivery: attempt.words for attempt in attempts}
        withdrawn = frozenset(attempt.delivery.id for attempt in attempts if attempt.is_withdrawn)
        self._ledger.set_back(troubled, self._clock() + timedelta(seconds=OWN_TROUBLE_SECONDS), withdrawn)
        self._forget(attempts)
        for attempt in attempts:
            if attempt.failure is ErrorKind.SOURCE and attempt.delivery.last_error != attempt.words:
                self._tell(DeliveryEventKind.SOURCE_UNREADABLE, attempt.delivery, attempt.words)

    def _write_failed(self, attempts: Sequence[Attempt]) -> None:
        for attempt in attempts:
            self._write_failure(attempt)

    def _write_failure(self, attempt: Attempt) -> None:
        delivery, failure, error = attempt.delivery, attempt.failure or ErrorKind.CRASH, attempt.words
        tries = delivery.tries + 1
        decision = decide_retry(tries, failure, self._clock(), self._random.random(), self._settings)
        if decision.at is not None:
            self._ledger.postpone(delivery, decision.at, error, attempt.part)
        else:
            is_uncertain = decision.action is RetryAction.UNCERTAIN
            self._ledger.abandon(delivery, error, uncertain=is_uncertain, part=attempt.part)
        self._forget([attempt])
        if failure is ErrorKind.CRASH:
            self._tell(DeliveryEventKind.CRASHED, delivery, error)
        self._tell(_TOLD[decision.action], delivery, error, decision.at)

    def _tell(
        self, kind: DeliveryEventKind, delivery: Delivery, error: str | None = None, next_at: datetime | None = None
    ) -> None:
        self._report(
            DeliveryEvent(kind=kind, partner=delivery.partner, delivery=delivery, error=error, next_at=next_at)
        )
