"""A gateway that lost its lock takes it again, or stops where another works in its place."""

from collections.abc import Iterator
from threading import Event

import pytest

from flux.app.lock_keeping import keep_lock
from flux.errors import FluxError, LedgerError, LedgerLocked
from flux.ledger.lock import GatewayLock

HELD, TAKEN_AGAIN = False, True


class Scripted(GatewayLock):
    """What each renewal gives; the last one stops the watch."""

    def __init__(self, stop: Event, *results: bool | FluxError) -> None:
        self._stop = stop
        self._results: Iterator[bool | FluxError] = iter(results)
        self._left = len(results)

    def renew(self) -> bool:
        self._left -= 1
        if not self._left:
            self._stop.set()
        result = next(self._results)
        if isinstance(result, FluxError):
            raise result
        return result


def watch(*results: bool | FluxError) -> list[str]:
    """What is told."""
    stop, told = Event(), list[str]()
    keep_lock(Scripted(stop, *results), stop, lambda event, **_: told.append(event), look_seconds=0.0)
    return told


def test_a_lock_that_is_held_is_not_spoken_of() -> None:
    assert watch(HELD, HELD) == []


def test_a_lock_that_was_lost_and_taken_again_is_told() -> None:
    assert watch(HELD, TAKEN_AGAIN, HELD) == ["gateway_lock_taken_again"]


def test_a_server_that_is_away_is_asked_until_it_is_back() -> None:
    assert watch(LedgerError("away"), LedgerError("away"), TAKEN_AGAIN) == ["gateway_lock_taken_again"]


def test_another_gateway_in_its_place_ends_this_one() -> None:
    with pytest.raises(LedgerLocked):
        watch(LedgerLocked("another"), HELD)
