"""When a partner is left alone."""

from datetime import UTC, datetime, timedelta

import pytest

from flux.delivery.breaker import Breaker, BreakerState
from flux.delivery.settings import DeliverySettings

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SETTINGS = DeliverySettings(breaker_failures=3, breaker_seconds=60)


def breaker_after(outcomes: str) -> Breaker:
    """A breaker after failures (F) and successes (S), all at the same moment."""
    breaker = Breaker()
    for outcome in outcomes:
        breaker = breaker.after_success() if outcome == "S" else breaker.after_failure(NOW, SETTINGS)
    return breaker


@pytest.mark.parametrize(
    ("outcomes", "seconds_later", "state"),
    [
        ("", 0, BreakerState.CLOSED),
        ("FF", 0, BreakerState.CLOSED),  # not enough
        ("FFF", 0, BreakerState.OPEN),
        ("FFSFF", 0, BreakerState.CLOSED),  # not in a row
        ("FFF", 59, BreakerState.OPEN),
        ("FFF", 60, BreakerState.HALF_OPEN),  # one trial
        ("FFF", -86_400, BreakerState.HALF_OPEN),  # the clock had jumped ahead, and is right again
        ("FFFS", 0, BreakerState.CLOSED),  # one under way that arrived after all
        ("FFFF", 59, BreakerState.OPEN),  # one under way that failed as well
    ],
)
def test_the_state_follows_the_outcomes(outcomes: str, seconds_later: float, state: BreakerState) -> None:
    assert breaker_after(outcomes).state(NOW + timedelta(seconds=seconds_later)) is state


def test_a_disk_of_ours_that_fails_keeps_us_away_for_a_moment_only() -> None:
    breaker = breaker_after("FF").after_disk_trouble(NOW, "disk full")
    assert breaker.state(NOW) is BreakerState.OPEN
    assert breaker.state(NOW + timedelta(seconds=1)) is BreakerState.HALF_OPEN
    assert not breaker.is_blaming


@pytest.mark.parametrize(("outcomes", "is_blaming"), [("F", False), ("FF", True), ("FFF", True)])
def test_a_disk_of_ours_that_fails_counts_neither_for_nor_against_the_partner(
    outcomes: str, *, is_blaming: bool
) -> None:
    breaker = breaker_after(outcomes).after_disk_trouble(NOW, "disk full").after_failure(NOW, SETTINGS)
    assert breaker.is_blaming is is_blaming


def test_a_trial_that_fails_opens_again_at_once() -> None:
    later = NOW + timedelta(seconds=60)
    again = breaker_after("FFF").after_failure(later, SETTINGS)
    assert again.state(later + timedelta(seconds=59)) is BreakerState.OPEN


def test_a_trial_that_succeeds_forgets_everything() -> None:
    assert breaker_after("FFFS") == Breaker()
