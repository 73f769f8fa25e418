"""A document of many invoices, judged as `flux check` does: each by itself, in the lines and paths of the whole."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from flux.app.checking import CheckOptions, check_file
from flux.demo.pivot_samples import PivotSample, write_mixte, write_pivot
from flux.demo.samples import Sample
from flux.model.finding import Finding, LayerName
from flux.model.interface import Family, Syntax
from flux.model.verdict import Judgment, LayerStatus, Verdict

SAMPLES = [PivotSample(sample=Sample(number=f"P{number}", line_count=1)) for number in range(3)]
GOOD = write_pivot(SAMPLES)


@cache
def options(deposit: str | None = None) -> CheckOptions:
    return CheckOptions.build(layers=frozenset(), deposit=deposit, config_path=None)


def judge(folder: Path, data: bytes, deposit: str | None = None) -> tuple[Judgment, ...]:
    (folder / "pivot.xml").write_bytes(data)
    return check_file(str(folder / "pivot.xml"), options(deposit)).judgments


def codes(judgments: tuple[Judgment, ...]) -> list[list[str]]:
    return [[finding.code for finding in judgment.findings] for judgment in judgments]


def in_second(before: bytes, after: bytes) -> bytes:
    """The document with a change in its second invoice only."""
    start = GOOD.index(b'Unitaire NumOrdre="2"')
    assert before in GOOD[start:]
    return GOOD[:start] + GOOD[start:].replace(before, after, 1)


@pytest.mark.parametrize(("write", "syntax"), [(write_pivot, Syntax.PIVOT), (write_mixte, Syntax.MIXTE)])
def test_each_invoice_is_judged_in_the_legacy_family(tmp_path: Path, write: object, syntax: Syntax) -> None:
    judgments = judge(tmp_path, write(SAMPLES))  # type: ignore[operator]
    assert [(each.unit, each.summary.number if each.summary else "", each.verdict) for each in judgments] == [
        (number, f"P{number}", Verdict.ACCEPTED) for number in range(3)
    ]
    assert {(each.ordinal, each.syntax, each.family) for each in judgments} == {(0, syntax, Family.LEGACY)}


@pytest.mark.parametrize("end_of_line", [b"\n", b"\r\n"])
@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (b"73282932000074", b"73282932000075", "SIRET_CHECKSUM"),  # a rule
        (b"<Devise>EUR", b"<Devise>eur", "XSD_INVALID"),  # the schema
    ],
)
def test_a_fault_is_told_where_it_is_in_the_whole_document(
    tmp_path: Path, before: bytes, after: bytes, code: str, end_of_line: bytes
) -> None:
    data = in_second(before, after).replace(b"\n", end_of_line)
    judgments = judge(tmp_path, data)
    assert codes(judgments) == [[], [code], []]
    finding: Finding = judgments[1].findings[0]
    assert finding.line == 1 + data[: data.index(after)].count(b"\n")
    found = etree.fromstring(data).xpath(str(finding.xpath))
    assert isinstance(found, list)
    assert after.decode().endswith(str(found[0].text))  # type: ignore[union-attr]


def test_a_fault_of_the_head_keeps_its_line_in_every_invoice(tmp_path: Path) -> None:
    judgments = judge(tmp_path, GOOD.replace(b"<Id>SEI001<", b"<Id>SEI001X99<"))
    assert codes(judgments) == [["XSD_INVALID"]] * 3
    assert {(each.findings[0].line, each.findings[0].xpath) for each in judgments} == {
        (17, "/CPPFacturePivot/Enveloppe[1]/EnveloppeUnitaire[1]/Partenaires[1]/Recepteur[1]/Id[1]")
    }


def test_a_fault_of_the_tail_is_told_behind_all_invoices(tmp_path: Path) -> None:
    data = GOOD.replace(b"  </CPPFactures>\n", b"  </CPPFactures>\n  <Note/>\n")
    assert {each.findings[0].line for each in judge(tmp_path, data)} == {
        1 + data[: data.index(b"<Note/>")].count(b"\n")
    }


def test_two_invoices_that_differ_by_their_number_in_the_document_have_the_same_content(tmp_path: Path) -> None:
    first, second = judge(tmp_path, write_pivot([SAMPLES[0]] * 2))
    assert (first.sha256, first.size_bytes) == (second.sha256, second.size_bytes)


def test_an_envelope_that_is_wrong_rejects_every_invoice_of_the_file(tmp_path: Path) -> None:
    judgments = judge(tmp_path, write_pivot(SAMPLES, counter=9))
    assert codes(judgments) == [["CPP_ENVELOPE"]] * 3
    assert {each.verdict for each in judgments} == {Verdict.REJECTED}
    intake = {layer.status for each in judgments for layer in each.layers if layer.name is LayerName.INTAKE}
    assert intake == {LayerStatus.FAILED}


ODD = [
    (write_pivot([]), "FLOW_EMPTY"),
    (GOOD.replace(b"PivotUnitaire>\n", b"PivotUnitaire>x\n", 1), "XSD_INVALID"),  # text between invoices
    (GOOD.replace(b"<CPPFactures ", b"<CPPFactures/><CPPFactures ", 1), "XSD_INVALID"),
    (GOOD[:-40], "XML_SYNTAX"),
    (GOOD.replace(b"<CPPFacturePivot ", b"<!DOCTYPE CPPFacturePivot><CPPFacturePivot ", 1), "XML_DOCTYPE"),
]


@pytest.mark.parametrize(("data", "code"), ODD)
def test_a_document_that_cannot_be_divided_is_refused_once(tmp_path: Path, data: bytes, code: str) -> None:
    (judgment,) = judge(tmp_path, data)
    assert {finding.code for finding in judgment.findings} == {code}


def test_a_good_document_that_cannot_be_indexed_is_judged_invoice_by_invoice_all_the_same(tmp_path: Path) -> None:
    text = write_pivot([*SAMPLES, replace(SAMPLES[0], attachment=b"%PDF other")]).decode()
    data = text.replace('encoding="UTF-8"', 'encoding="UTF-32"').encode("utf-32")
    judgments = judge(tmp_path, data, "FEN0036A")
    assert [(each.unit, each.verdict) for each in judgments] == [(number, Verdict.ACCEPTED) for number in range(4)]
    assert len({each.sha256 for each in judgments}) == 4


@pytest.mark.parametrize(
    ("deposit", "found"),
    [("FEN0036A", []), ("FSO1113A", ["SYNTAX_INTERFACE"]), ("FSO1100A", ["SYNTAX_INTERFACE"])],
)
def test_a_pivot_comes_by_its_own_interface(tmp_path: Path, deposit: str, found: list[str]) -> None:
    assert codes(judge(tmp_path, GOOD, deposit)) == [found] * 3
