"""What becomes of a delivery that failed: a decision, taken apart from its effects."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from flux.delivery.settings import DeliverySettings

# Beyond this many doublings any wait is the longest one.
_MAX_DOUBLINGS = 32
# How soon what a disk of ours would not have is tried again: whoever mends it sees files go out within seconds.
OWN_TROUBLE_SECONDS = 1.0


class ErrorKind(Enum):
    """What a failure says of the next attempt."""

    PASSING = "passing"  # the partner's folder or server failed
    REFUSED = "refused"  # it will say the same until a person changes something
    UNCERTAIN = "uncertain"  # the file may be there
    CRASH = "crash"  # a failure of ours
    DISK = "disk"  # a disk of ours under the partner's folder: every file meets it
    SOURCE = "source"  # this file cannot be read on this machine
    LEDGER = "ledger"  # it could not be told that the file was about to get its name


# Trouble of this machine: there is nothing to decide, since it counts as no try.
OURS = frozenset({ErrorKind.DISK, ErrorKind.SOURCE, ErrorKind.LEDGER})


class RetryAction(Enum):
    """What is done about it."""

    RETRY = "retry"
    DEAD = "dead"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryDecision:
    """`at` is when to try again, None where nobody tries until a person says so."""

    action: RetryAction
    at: datetime | None = None


def decide_retry(
    tries: int, error_kind: ErrorKind, now: datetime, random_value: float, settings: DeliverySettings
) -> RetryDecision:
    """Decide after the failed attempt number `tries` (from 1); `random_value` in [0, 1) keeps partners out of step."""
    if error_kind is ErrorKind.UNCERTAIN:
        return RetryDecision(action=RetryAction.UNCERTAIN)
    if error_kind is ErrorKind.REFUSED or tries >= settings.tries:
        return RetryDecision(action=RetryAction.DEAD)
    wait_seconds = _longest_wait(tries, settings) * (1 + random_value) / 2
    return RetryDecision(action=RetryAction.RETRY, at=now + timedelta(seconds=wait_seconds))


def _longest_wait(tries: int, settings: DeliverySettings) -> float:
    """Seconds, doubled at each attempt; the random part takes off up to half of it."""
    doublings = min(tries - 1, _MAX_DOUBLINGS)
    return min(settings.first_retry_seconds * 2.0**doublings, settings.longest_retry_seconds)
