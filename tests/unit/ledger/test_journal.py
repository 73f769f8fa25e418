"""The hash of an event."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from flux.ledger.journal import NO_EVENT, chain_event
from flux.sql.bulk import Record

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def hash_of(**changes: object) -> object:
    event: dict[str, object] = {"flow": 1, "ordinal": 0, "at": NOON, "name": "received", "details": {"name": "é"}}
    row: Record = chain_event(**{**event, "previous": NO_EVENT, **changes})  # type: ignore[arg-type]  # any field
    return row["hash"]


@pytest.mark.parametrize(
    "change",
    [
        {"flow": 2},
        {"ordinal": 1},
        {"at": NOON + timedelta(microseconds=1)},
        {"name": "judged"},
        {"details": {}},
        {"previous": "0" * 64},
    ],
)
def test_every_part_of_an_event_is_in_its_hash(change: dict[str, object]) -> None:
    assert hash_of(**change) != hash_of()


def test_the_hash_is_of_the_moment_whatever_zone_tells_it() -> None:
    assert hash_of(at=NOON.astimezone(timezone(timedelta(hours=1)))) == hash_of()


def test_the_order_in_which_details_are_told_is_no_difference() -> None:
    assert hash_of(details={"a": 1, "b": 2}) == hash_of(details={"b": 2, "a": 1})
