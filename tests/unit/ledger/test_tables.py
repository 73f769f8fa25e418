"""Moments as the ledger writes them, and the bounds of its keys."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from flux.ledger.bounds import MAX_KEY_CHARACTERS, batches, bound_key, to_storable
from flux.sql.types import to_text


def test_moments_are_written_in_utc() -> None:
    paris = timezone(timedelta(hours=1))
    assert to_text(datetime(2026, 11, 23, 9, 15, 2, tzinfo=paris)) == "2026-11-23T08:15:02.000000+00:00"


def test_moments_sort_as_text() -> None:
    moments = [datetime(2026, 11, 23, 8, second, micro, tzinfo=UTC) for second, micro in ((0, 0), (0, 5), (1, 0))]
    assert sorted(map(to_text, moments)) == [to_text(moment) for moment in moments]


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        to_text(datetime(2026, 11, 23, 9))  # noqa: DTZ001 -- the point


@pytest.mark.parametrize("text", ["", "F2026-0117", "Facture n°117 – 日本.xml"])
def test_an_ordinary_text_is_stored_as_it_is(text: str) -> None:
    assert to_storable(text) == text


@pytest.mark.parametrize("length", [0, 1, MAX_KEY_CHARACTERS])
def test_a_short_key_is_itself(length: int) -> None:
    assert bound_key("x" * length) == "x" * length


def test_long_keys_are_short_and_stay_apart() -> None:
    first, second = bound_key("x" * 10_000), bound_key("x" * 9_999 + "y")
    assert first != second
    assert len(first) < MAX_KEY_CHARACTERS


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (1, [1]), (1000, [1000]), (2001, [1000, 1000, 1])])
def test_batches_hold_everything_once_in_order(count: int, sizes: list[int]) -> None:
    made = list(batches(range(count)))
    assert [len(batch) for batch in made] == sizes
    assert [item for batch in made for item in batch] == list(range(count))
