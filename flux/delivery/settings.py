"""The [delivery] table of the configuration."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySettings:
    """How long we insist.

    The wait doubles from `first_retry_seconds` to `longest_retry_seconds`, with a random part so that partners are not
    called in step. After `tries` the file is a dead letter. After `breaker_failures` in a row a partner is left alone
    for `breaker_seconds`. `files_at_once` are handed to one partner at a time, as far as its transport has channels.
    """

    first_retry_seconds: float = 5.0
    longest_retry_seconds: float = 1800.0
    tries: int = 40
    breaker_failures: int = 3
    breaker_seconds: float = 60.0
    partners_at_once: int = 8
    files_at_once: int = 8
