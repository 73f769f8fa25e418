"""Factur-X on the way of a flow: which schemas judge it, and which of them decides."""

from datetime import date
from functools import cache

import pytest

from flux.app.workshop import build_judge
from flux.demo.afnor_samples import AFNOR_SAMPLE, write_afnor_ubl
from flux.demo.facturx_samples import EN16931, PROFILES, embed, write_facturx, write_facturx_xml
from flux.model.interface import INTERFACES, Deposit, Syntax
from flux.model.verdict import Judgment, LayerStatus, Verdict
from flux.pipeline import Judge, JudgeSettings, Member

TODAY = date(2026, 11, 23)
# Good CII, and none of the subset that it declares: an element that EN 16931 does not know.
BEYOND = write_facturx_xml().replace(b"<ram:TypeCode>380", b"<ram:Name>FACTURE</ram:Name><ram:TypeCode>380", 1)


@cache
def the_judge() -> Judge:
    return build_judge(JudgeSettings())


def judge(data: bytes, interface: str | None = None) -> Judgment:
    deposit = Deposit(interface=INTERFACES[interface]) if interface else Deposit()
    (judgment,) = the_judge().judge(Member(ordinal=0, name=None, data=data, deposit=deposit, alone=True), TODAY)
    return judgment


def layers(judgment: Judgment) -> dict[str, LayerStatus]:
    return {layer.ruleset: layer.status for layer in judgment.layers}


def codes(judgment: Judgment) -> set[str]:
    return {finding.code for finding in judgment.findings if finding.is_fatal}


@pytest.mark.parametrize("profile", PROFILES)
def test_a_factur_x_is_judged_by_the_whole_schema_and_by_that_of_its_level(profile: str) -> None:
    judgment = judge(write_facturx(profile=profile))
    passed = {name for name, status in layers(judgment).items() if status is LayerStatus.PASSED}
    assert (judgment.syntax, judgment.verdict) == (Syntax.FACTURX, Verdict.ACCEPTED)
    assert {"cii-d22b", f"facturx-{profile}"} <= passed


BEYOND_PDF = embed(AFNOR_SAMPLE, {"factur-x.xml": BEYOND})


@pytest.mark.parametrize(
    ("data", "interface", "level", "verdict"),
    [
        # the level binds a Factur-X of the reform
        (BEYOND_PDF, "FSO1157A", LayerStatus.FAILED, Verdict.REJECTED),
        (write_facturx(), "FSO1157A", LayerStatus.PASSED, Verdict.ACCEPTED),
        # and advises elsewhere
        (BEYOND_PDF, "FSO1117A", LayerStatus.FAILED, Verdict.ACCEPTED),
        (BEYOND, "FSO1156A", LayerStatus.FAILED, Verdict.ACCEPTED),
    ],
)
def test_the_level_decides_for_a_pdf_of_the_reform_only(
    data: bytes, interface: str, level: LayerStatus, verdict: Verdict
) -> None:
    judgment = judge(data, interface)
    assert (layers(judgment)[f"facturx-{EN16931}"], judgment.verdict) == (level, verdict)


@pytest.mark.parametrize(
    ("data", "interface"),
    [
        # a PDF where XML is due, and XML where a PDF is
        (write_facturx(), "FSO1156A"),
        (write_facturx(), "FSO1100A"),
        (write_facturx_xml(), "FSO1157A"),
        (write_facturx_xml(), "FSO1117A"),
    ],
)
def test_a_format_under_the_interface_of_another_is_refused(data: bytes, interface: str) -> None:
    assert codes(judge(data, interface)) == {"SYNTAX_INTERFACE"}


@pytest.mark.parametrize(
    ("embedded", "found"),
    [
        (b'<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"/>', "ZUGFeRD 1.0"),
        (write_afnor_ubl(), "PDF (UBL 2.1)"),
    ],
)
def test_a_pdf_that_carries_another_document_is_refused_by_its_name(embedded: bytes, found: str) -> None:
    (finding,) = judge(embed(AFNOR_SAMPLE, {"factur-x.xml": embedded})).findings
    assert (finding.code, finding.found) == ("SYNTAX_UNKNOWN", found)


def test_xml_in_a_pdf_is_read_as_warily_as_any() -> None:
    hostile = write_facturx_xml().replace(b"<rsm:Cross", b"<!DOCTYPE a [<!ENTITY b 'c'>]><rsm:Cross", 1)
    assert codes(judge(embed(AFNOR_SAMPLE, {"factur-x.xml": hostile}))) == {"XML_DOCTYPE"}


def test_the_lines_of_findings_are_those_of_the_xml() -> None:
    document = write_facturx_xml().replace(b"73282932000074", b"73282932000075")
    line = next(number for number, text in enumerate(document.splitlines(), 1) if b"73282932000075" in text)
    (finding,) = (each for each in judge(embed(AFNOR_SAMPLE, {"factur-x.xml": document})).findings if each.is_fatal)
    assert (finding.code, finding.line) == ("SIRET_CHECKSUM", line)
