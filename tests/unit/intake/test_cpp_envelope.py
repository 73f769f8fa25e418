"""What no schema checks of the envelope of a CPP document."""

import pytest

from flux.demo.pivot_samples import FLOW_ID, write_pivot
from flux.intake.cpp_envelope import check_envelope

FRAME = write_pivot([], counter=3)


def faults(frame: bytes, count: int = 3, flow_id: str | None = FLOW_ID) -> list[tuple[str | None, str | None]]:
    return [(seen.detail, seen.found) for seen in check_envelope(frame, count, flow_id)]


@pytest.mark.parametrize(
    "frame",
    [
        FRAME,
        FRAME.replace(b'Compteur="3"', b"Compteur=' 03 '"),  # the same integer
        FRAME.replace(FLOW_ID.encode(), b" " + FLOW_ID.encode() + b"\n"),
        FRAME.replace(b"UTF-8", b"ISO-8859-1"),
    ],
)
def test_a_right_envelope_gives_nothing(frame: bytes) -> None:
    assert faults(frame) == []


WRONG = [
    (FRAME.replace(b'Compteur="3"', b'Compteur="4"'), ("Compteur", "4")),
    (FRAME.replace(b' Compteur="3"', b""), ("Compteur", None)),
    (FRAME.replace(b'Compteur="3"', b'Compteur="trois"'), ("Compteur", "trois")),
    (FRAME.replace(b"DtPrd", b"DtXxx"), ("DtPrd", None)),
    (FRAME.replace(b"2026-11-21", b" "), ("DtPrd", None)),
    (FRAME.replace(b"IdFlx", b"IdXxx"), ("IdFlx", None)),
    (FRAME.replace(b"000004<", b"000005<"), ("IdFlx", "CPP0020036000000000000005")),
    (FRAME.replace(b"<Id>SEI001</Id>", b""), ("Recepteur", None)),
    (FRAME.replace(b"<Id>CPP002</Id>", b"<Id> </Id>"), ("Emetteur", None)),
]


@pytest.mark.parametrize(("frame", "fault"), WRONG)
def test_each_thing_that_is_wrong_is_told(frame: bytes, fault: tuple[str, str | None]) -> None:
    assert faults(frame) == [fault]


def test_an_absent_envelope_is_told_once_for_each_thing_that_it_lacks() -> None:
    bare = b'<CPPFacturePivot><CPPFactures Compteur="3"/></CPPFacturePivot>'
    assert [detail for detail, _ in faults(bare)] == ["DtPrd", "IdFlx", "Recepteur", "Emetteur"]


def test_the_flow_identifier_is_free_where_the_name_is() -> None:
    assert faults(FRAME.replace(FLOW_ID.encode(), b"1000000000"), flow_id=None) == []


def test_a_fault_bears_its_line_and_its_path() -> None:
    (seen,) = check_envelope(FRAME, 2, None)
    assert (seen.code, seen.line, seen.xpath, seen.expected) == (
        "CPP_ENVELOPE",
        25,
        "/CPPFacturePivot/CPPFactures[1]/@Compteur",
        "2",
    )
