"""The journal sealed once a day (UTC) by the gateway at work; the seal stands in the log, which is kept elsewhere."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from threading import Event

from flux.errors import LedgerError
from flux.ledger.database import Database
from flux.ledger.seals import Seal, last_seal, seal_heads
from flux.model.ports import Report

# Also how soon a ledger that refused is asked again.
_LOOK_SECONDS = 60.0


class DailySealer:
    """Seals what moved since the last seal, where that one is of an earlier day."""

    def __init__(self, database: Database, clock: Callable[[], datetime], report: Report) -> None:
        self._database = database
        self._clock = clock
        self._report = report
        self._sealed_on: date | None = None

    def serve(self, stop: Event) -> None:
        """Seal at the start where it is time, then soon after each midnight, until stopped."""
        while not stop.is_set():
            stop.wait(self.seal_if_due())

    def seal_if_due(self) -> float:
        """Seal where it is time; how many seconds to wait before it may be time again."""
        try:
            self._seal_if_due()
        except LedgerError as error:
            self._report("seal_failed", error=str(error))
            return _LOOK_SECONDS
        return min(_LOOK_SECONDS, _seconds_to_midnight(self._clock()))

    def _seal_if_due(self) -> None:
        now = self._clock()
        if self._sealed_on == now.date():
            return
        with self._database.read() as connection:
            former = last_seal(connection)
        # Not "earlier": a seal of a clock that was once ahead must not end the sealing until its day.
        if former is None or former.at.date() != now.date():
            tell_seals(seal_heads(self._database, now), self._report)
        self._sealed_on = now.date()


def tell_seals(made: tuple[Seal, ...], report: Report) -> None:
    """One line of the log for each seal: whoever keeps the last one can tell a rewritten ledger."""
    for seal in made:
        report("journal_sealed", seal=f"{seal.number}:{seal.hash}", flows=str(seal.flows))


def _seconds_to_midnight(now: datetime) -> float:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return (midnight - now).total_seconds() + 1.0
