"""A circuit breaker: a partner that fails again and again is left alone for a while, then tried with one file."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from flux.delivery.retry import OWN_TROUBLE_SECONDS
from flux.delivery.settings import DeliverySettings


class BreakerState(Enum):
    """Whether a partner is called."""

    CLOSED = "closed"  # yes
    OPEN = "open"  # no
    HALF_OPEN = "half_open"  # with one file


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """The failures in a row of one partner, and from when until when it is left alone.

    `disk_trouble` is what kept us from its folder where that was a disk of ours: the partner is left alone for a moment
    only, and not blamed.
    """

    failures: int = 0
    opened_at: datetime | None = None
    open_until: datetime | None = None
    disk_trouble: str = ""

    @property
    def is_blaming(self) -> bool:
        """True while the partner is left alone for failures of its own."""
        return self.open_until is not None and not self.disk_trouble

    def state(self, now: datetime) -> BreakerState:
        """Whether the partner is called now. A moment before it opened means that the clock was wrong then, or is now."""
        if self.opened_at is None or self.open_until is None:
            return BreakerState.CLOSED
        return BreakerState.OPEN if self.opened_at <= now < self.open_until else BreakerState.HALF_OPEN

    def after_success(self) -> "Breaker":
        """One success closes it."""
        return Breaker()

    def after_failure(self, now: datetime, settings: DeliverySettings) -> "Breaker":
        """It opens after so many failures in a row, and again at once where the trial failed."""
        failures = self.failures + 1
        if failures < settings.breaker_failures and not self.is_blaming:
            return Breaker(failures=failures)
        until = now + timedelta(seconds=settings.breaker_seconds)
        return Breaker(failures=failures, opened_at=now, open_until=until)

    def after_disk_trouble(self, now: datetime, trouble: str) -> "Breaker":
        """A disk of ours failed: one file is tried in a moment, and tells of all the others."""
        until = now + timedelta(seconds=OWN_TROUBLE_SECONDS)
        return replace(self, opened_at=now, open_until=until, disk_trouble=trouble)
