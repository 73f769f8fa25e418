"""What becomes of a delivery that failed."""

from datetime import UTC, datetime, timedelta

import pytest

from flux.delivery.retry import ErrorKind, RetryAction, decide_retry
from flux.delivery.settings import DeliverySettings

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SETTINGS = DeliverySettings(first_retry_seconds=5, longest_retry_seconds=1800, tries=40)


@pytest.mark.parametrize(
    ("tries", "random_value", "seconds"),
    [
        (1, 0.0, 2.5),  # at least half of the wait
        (1, 1.0, 5.0),  # at most all of it
        (2, 1.0, 10.0),  # twice as long
        (3, 0.5, 15.0),  # 20 s, three quarters of it
        (9, 1.0, 1280.0),  # the last below the longest
        (10, 1.0, 1800.0),  # the longest
        (39, 1.0, 1800.0),  # for good
    ],
)
def test_the_wait_doubles_up_to_the_longest_less_a_random_part(tries: int, random_value: float, seconds: float) -> None:
    decision = decide_retry(tries, ErrorKind.PASSING, NOW, random_value, SETTINGS)
    assert decision.at == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("tries", "kind", "action"),
    [
        (1, ErrorKind.PASSING, RetryAction.RETRY),
        (1, ErrorKind.CRASH, RetryAction.RETRY),  # ours to mend: the file waits
        (39, ErrorKind.PASSING, RetryAction.RETRY),  # the last try but one
        (40, ErrorKind.PASSING, RetryAction.DEAD),  # tries used up
        (40, ErrorKind.CRASH, RetryAction.DEAD),
        (1_000_000, ErrorKind.PASSING, RetryAction.DEAD),  # far beyond, after the setting was lowered
        (1, ErrorKind.REFUSED, RetryAction.DEAD),  # it would be refused again
        (1, ErrorKind.UNCERTAIN, RetryAction.UNCERTAIN),  # never sent twice on a doubt
        (40, ErrorKind.UNCERTAIN, RetryAction.UNCERTAIN),  # a doubt stays one on the last try
    ],
)
def test_the_failure_decides_who_acts_next(tries: int, kind: ErrorKind, action: RetryAction) -> None:
    assert decide_retry(tries, kind, NOW, 0.5, SETTINGS).action is action


def test_tries_without_end_do_not_overflow() -> None:
    patient = DeliverySettings(tries=10_000_000)
    assert decide_retry(9_999_999, ErrorKind.PASSING, NOW, 1.0, patient).at == NOW + timedelta(seconds=1800)
