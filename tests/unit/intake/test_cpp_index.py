"""Where the invoices of a CPP document are in its bytes."""

import codecs

import pytest

from flux.demo.pivot_samples import PivotSample, write_mixte
from flux.intake.cpp_index import FRAME_BYTES, NAMES, TOKEN_BYTES, index_units, may_hold_units
from flux.intake.member import Units
from flux.model.finding import Observation
from flux.model.limits import Limits
from tests.unit.intake.cpp import pivot, unit

LIMITS = Limits(document_invoices=50, xml_depth=12)


def index(data: bytes, *, step: int = 0) -> Units | Observation | None:
    size = step or max(len(data), 1)
    return index_units((data[start : start + size] for start in range(0, len(data), size)), LIMITS)


def indexed(data: bytes, *, step: int = 0) -> Units:
    found = index(data, step=step)
    assert isinstance(found, Units), found
    return found


def cuts(data: bytes, units: Units) -> list[bytes]:
    """The bytes of each unit."""
    return [data[place.offset : place.offset + place.size_bytes] for place in units.places]


@pytest.mark.parametrize("step", [0, 1, 7])
def test_a_unit_goes_from_its_start_tag_to_its_end_tag_however_the_bytes_arrive(step: int) -> None:
    data = pivot(unit(1), unit(2), unit(3)).encode()
    found = indexed(data, step=step)
    assert cuts(data, found) == [unit(1).encode(), unit(2).encode(), unit(3).encode()]
    assert data[: found.head_bytes].endswith(b'<CPPFactures Compteur="3">\n')
    assert data[found.tail_offset :] == b"\n</CPPFactures>\n</CPPFacturePivot>\n"
    assert data[found.factures_offset :].startswith(b"<CPPFactures ")


# What may stand in a unit or between units without moving where it begins and ends.
CONTENTS = {
    "a comment": "<!-- <CPPFacturePivotUnitaire> --><Id>1</Id>",
    "an instruction": "<?go </CPPFacturePivotUnitaire>?><Id>1</Id>",
    "CDATA": "<Id><![CDATA[</CPPFacturePivotUnitaire>]]></Id>",
    "entities": "<Id>&lt;/CPPFacturePivotUnitaire&gt; &#233;</Id>",
    "a > in an attribute": '<Id a="</CPPFacturePivotUnitaire>"/>'.replace("</", "&lt;/"),
    "accents": "<Id>é € 𝄞</Id>",
    "a namespace of its own": '<Id xmlns:xs="http://www.w3.org/2001/XMLSchema">1</Id>',
}


@pytest.mark.parametrize("body", CONTENTS.values(), ids=CONTENTS)
def test_what_a_unit_holds_moves_nothing(body: str) -> None:
    units = [unit(1, body), unit(2)]
    data = pivot(*units).encode()
    assert cuts(data, indexed(data)) == [each.encode() for each in units]


@pytest.mark.parametrize("between", ["", "\n\t ", "<!-- un --><!-- deux -->", "\n<?pi x?>\n"])
def test_white_space_comments_and_instructions_between_units_belong_to_none(between: str) -> None:
    data = pivot(unit(1), unit(2), between=between).encode()
    assert cuts(data, indexed(data)) == [unit(1).encode(), unit(2).encode()]


@pytest.mark.parametrize("end", ["</CPPFacturePivotUnitaire >", "</CPPFacturePivotUnitaire\n>"])
def test_an_end_tag_may_hold_white_space(end: str) -> None:
    odd = unit(1).replace("</CPPFacturePivotUnitaire>", end)
    data = pivot(odd, unit(2)).encode()
    assert cuts(data, indexed(data)) == [odd.encode(), unit(2).encode()]


def test_a_unit_may_be_an_empty_tag() -> None:
    data = pivot("<CPPFacturePivotUnitaire/>", unit(2)).encode()
    assert cuts(data, indexed(data)) == [b"<CPPFacturePivotUnitaire/>", unit(2).encode()]


ENCODINGS = [
    ("UTF-8", codecs.BOM_UTF8, "utf-8"),
    ("ISO-8859-1", b"", "latin-1"),
    ("windows-1252", b"", "cp1252"),
    ("US-ASCII", b"", "ascii"),
    ("UTF-16", codecs.BOM_UTF16_LE, "utf-16-le"),
    ("UTF-16", codecs.BOM_UTF16_BE, "utf-16-be"),
]


@pytest.mark.parametrize(("declared", "mark", "codec"), ENCODINGS)
def test_positions_are_those_of_the_bytes_in_any_encoding(declared: str, mark: bytes, codec: str) -> None:
    units = [unit(1, "<Id>e</Id>" if codec == "ascii" else "<Id>é</Id>"), unit(2)]
    data = mark + pivot(*units, encoding=declared).encode(codec)
    assert may_hold_units(data[:4096])
    assert cuts(data, indexed(data)) == [each.encode(codec) for each in units]


@pytest.mark.parametrize("end_of_line", ["\n", "\r\n"])
def test_lines_are_counted_as_readers_count_them(end_of_line: str) -> None:
    data = pivot(unit(1), unit(2)).replace("\n", end_of_line).encode()
    found = indexed(data)
    assert [(place.line, place.end_line) for place in found.places] == [(5, 7), (8, 10)]
    assert (found.head_line, found.tail_line) == (5, 10)


def test_the_content_of_a_unit_begins_with_its_first_child() -> None:
    data = pivot(unit(1), unit(22)).encode()
    contents = [
        cut[place.content :] for cut, place in zip(cuts(data, indexed(data)), indexed(data).places, strict=True)
    ]
    assert contents == [f"<Id>F{number}</Id>\n</CPPFacturePivotUnitaire>".encode() for number in (1, 22)]


def test_a_mixed_invoice_is_indexed_too() -> None:
    data = write_mixte([PivotSample(), PivotSample()])
    assert [cut[:24] for cut in cuts(data, indexed(data))] == [b"<CPPFactureMixteUnitaire"] * 2


# Documents that are to be judged as a whole, so that the ordinary reader says what is odd.
UNUSUAL = {
    "another root": "<Invoice/>",
    "the root in a namespace": pivot(unit(1)).replace("<CPPFacturePivot>", '<CPPFacturePivot xmlns="urn:x">'),
    "no unit": pivot(),
    "two blocks": pivot(unit(1)).replace("</CPPFactures>", "</CPPFactures><CPPFactures/>"),
    "a unit elsewhere": pivot(unit(1)).replace("<Enveloppe/>", "<Enveloppe/><CPPFacturePivotUnitaire/>"),
    "a unit in a unit": pivot(unit(1, "<Id/><CPPFacturePivotUnitaire/>")),
    "another element between units": pivot(unit(1), "<Note/>"),
    "text between units": pivot(unit(1), unit(2), between="x"),
    "CDATA between units": pivot(unit(1), unit(2), between="<![CDATA[ ]]>"),
    "a unit of the other message": pivot(unit(1)).replace("PivotUnitaire", "MixteUnitaire"),
}


@pytest.mark.parametrize("text", UNUSUAL.values(), ids=UNUSUAL)
def test_a_document_of_another_build_is_not_cut(text: str) -> None:
    assert index(text.encode()) is None


REFUSED = {
    "a DOCTYPE": (pivot(unit(1)).replace("<CPPFacturePivot>", "<!DOCTYPE x><CPPFacturePivot>"), "XML_DOCTYPE"),
    "an entity bomb": (
        pivot(unit(1, "<Id>&b;</Id>")).replace("<CPPFacturePivot>", '<!DOCTYPE x [<!ENTITY b "x">]><CPPFacturePivot>'),
        "XML_DOCTYPE",
    ),
    "a tag that is not closed": (pivot(unit(1)).replace("</Id>", ""), "XML_SYNTAX"),
    "an end that is missing": (pivot(unit(1))[:-30], "XML_SYNTAX"),
    "too many units": (pivot(*(unit(number) for number in range(51))), "XML_LIMIT"),
    "too deep a unit": (pivot(unit(1, "<a>" * 10 + "</a>" * 10)), "XML_LIMIT"),
    "a comment without end": (pivot(unit(1, f"<!-- {'x' * 3 * TOKEN_BYTES} -->")), "XML_LIMIT"),
    "an endless attribute": (pivot(unit(1, f'<Id a="{"x" * 3 * TOKEN_BYTES}"/>')), "XML_LIMIT"),
    "a head without end": (pivot(unit(1)).replace("<Enveloppe/>", "<Note/>" * FRAME_BYTES), "XML_LIMIT"),
    "names without end": (pivot(unit(1, "".join(f"<n{each}/>" for each in range(NAMES + 1)))), "XML_LIMIT"),
}


@pytest.mark.parametrize(("text", "code"), REFUSED.values(), ids=REFUSED)
def test_a_document_that_nobody_should_read_to_its_end_is_refused(text: str, code: str) -> None:
    found = index(text.encode(), step=2**18)
    assert isinstance(found, Observation)
    assert found.code == code


def test_broken_xml_is_told_with_its_line() -> None:
    found = index(pivot(unit(1), unit(2).replace("</Id>", "")).encode())
    assert isinstance(found, Observation)
    assert (found.line, dict(found.facts)["reason_en"]) == (10, "not well-formed (mismatched tag)")


@pytest.mark.parametrize("text", ["<Invoice/>", "", "CPP", '<Facture xmlns="urn:CPP"/>'])
def test_other_documents_are_known_by_their_first_bytes(text: str) -> None:
    assert not may_hold_units(text.encode())


@pytest.mark.parametrize("declared", ["ATF-16", "utf-7", "shift_jis", "hex", "rot13"])
def test_an_encoding_that_expat_cannot_read_is_left_to_the_reader(declared: str) -> None:
    assert index_units([pivot(unit(1), encoding=declared).encode()], Limits()) is None
