"""Values come out of a pickle as they went in."""

import pickle
from pathlib import Path

import pytest

from flux.intake.member import MemberRef
from tests.unit.replies.cases import LAYERS, SIRET_FAULT, SUPPLIER, judged, summary


@pytest.mark.parametrize(
    "value",
    [
        LAYERS[0],
        SUPPLIER,
        SIRET_FAULT,
        summary(),
        judged(0, SIRET_FAULT),
        MemberRef(name="a.xml", path=Path("x"), offset=1, size_bytes=2, packed_bytes=2),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_that_travels_is_the_same_afterwards(value: object) -> None:
    there = pickle.loads(pickle.dumps(value))  # noqa: S301 - our own bytes
    assert (there, type(there), hash(there)) == (value, type(value), hash(value))


def test_what_is_shared_is_sent_once() -> None:
    pair = pickle.loads(pickle.dumps([judged(0), judged(1)]))  # noqa: S301 - our own bytes
    assert pair[0].layers is pair[1].layers
