"""The rules bound to UBL: which fire, how often, and where they say it is."""

from collections import Counter
from dataclasses import replace

import pytest
from lxml import etree

from flux.demo.afnor_samples import AFNOR_SAMPLE, EN16931, write_afnor_ubl
from flux.demo.samples import Sample, write_ubl
from flux.formats.syntax import UBL
from flux.formats.ubl_plain import is_plain
from flux.formats.ubl_rows import ATTRIBUTES, ROWS
from flux.formats.ubl_rules import judge_elements
from flux.formats.ubl_unused import UNUSED, USED_BY_EXTENDED
from flux.formats.ubl_used import USED_IN_CREDIT_NOTE, USED_IN_INVOICE
from flux.model.finding import Observation, Severity
from tests.official.ubl_breaks import BREAKS, NEAR_BREAKS, edit

GOOD = write_afnor_ubl(replace(AFNOR_SAMPLE, line_count=3, code_service=""), profile=EN16931)
CREDIT_NOTE = write_ubl(replace(Sample(), line_count=2, type_code="381"))


def judge(document: bytes, ruleset: str = "en16931") -> tuple[Observation, ...]:
    root = etree.fromstring(document)
    return UBL.bound_rules(root, ruleset, UBL.read_one(root, root))


def codes(*edits: str, ruleset: str = "en16931") -> Counter[str]:
    return Counter(seen.code for seen in judge(edit(GOOD, edits), ruleset))


def ruleset_of(code: str) -> str:
    is_common = code in ATTRIBUTES.values() or "DT" in code or any(row.code == code for row in ROWS["en16931"])
    return "en16931" if is_common else "extended-ctc-fr"


@pytest.mark.parametrize("ruleset", ROWS)
def test_a_good_invoice_breaks_nothing(ruleset: str) -> None:
    assert judge(GOOD, ruleset) == ()


def test_a_good_invoice_is_vouched_for_without_a_look_at_every_element() -> None:
    root = etree.fromstring(GOOD)
    assert is_plain(root, UBL.read_one(root, root), "en16931")


def test_a_set_that_has_no_rules_bound_to_ubl_says_nothing() -> None:
    assert judge(edit(GOOD, ["cbc:UUID"]), "br-fr") == ()


@pytest.mark.parametrize("code", BREAKS)
def test_each_rule_fires_on_what_breaks_it(code: str) -> None:
    assert codes(*BREAKS[code], ruleset=ruleset_of(code))[code] >= 1


@pytest.mark.parametrize(("path", "number"), UNUSED.items())
def test_an_unused_element_is_told_with_its_path(path: str, number: int) -> None:
    (seen,) = [seen for seen in judge(edit(GOOD, [f"{path}+"])) if seen.code == f"UBL-CR-{number:03}"]
    assert (seen.detail, seen.severity) == (path, Severity.WARNING)


def test_an_unused_element_of_a_line_is_told_in_a_credit_note_too() -> None:
    seen = judge(edit(CREDIT_NOTE, ["cac:CreditNoteLine/cbc:UUID"]))
    assert ("UBL-CR-515", "cac:CreditNoteLine/cbc:UUID") in [(each.code, each.detail) for each in seen]


@pytest.mark.parametrize("number", sorted(USED_BY_EXTENDED))
def test_the_extension_uses_some_elements_that_en16931_does_not(number: int) -> None:
    (path,) = [path for path, held in UNUSED.items() if held == number]
    code = f"UBL-CR-{number:03}"
    assert codes(f"{path}+")[code] == 1
    assert codes(f"{path}+", ruleset="extended-ctc-fr")[code] == 0


@pytest.mark.parametrize(("name", "code"), ATTRIBUTES.items())
def test_an_unused_attribute_is_told_with_its_path(name: str, code: str) -> None:
    (seen,) = judge(edit(GOOD, [f"cac:InvoiceLine/cbc:ID@{name}"]))
    assert (seen.code, seen.detail, seen.severity) == (code, f"cac:InvoiceLine/cbc:ID/@{name}", Severity.WARNING)


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param(("cbc:UBLVersionID=2.1",), id="the version of UBL"),
        pytest.param(("cac:PaymentMeans/cbc:PaymentMeansCode@name",), id="a payment means in words"),
        pytest.param(("cac:InvoiceLine/cac:Price/cbc:PriceAmount=1.2345",), id="a price with four decimals"),
        pytest.param(
            (
                "cac:AdditionalDocumentReference+/cbc:ID@schemeID",
                "cac:AdditionalDocumentReference/cbc:ID=A",
                "cac:AdditionalDocumentReference/cbc:DocumentTypeCode=130",
            ),
            id="an object that is invoiced, with its scheme",
        ),
        pytest.param(
            ("cac:PaymentMeans/cbc:PaymentID=A", "cac:PaymentMeans+/cbc:PaymentID=A"),
            id="two payment means with one remittance",
        ),
    ],
)
def test_what_the_norm_allows_breaks_nothing(edits: tuple[str, ...]) -> None:
    assert codes(*edits) == {}


def test_an_element_in_every_line_is_told_once() -> None:
    root = etree.fromstring(GOOD)
    for line in root.iter("{*}InvoiceLine"):
        etree.SubElement(line, "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}UUID").text = "x"
    assert [seen.code for seen in judge(etree.tostring(root))] == ["UBL-CR-515"]


def test_a_line_without_vat_category_is_told_for_each_line() -> None:
    assert codes("cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory-") == {"UBL-SR-48": 3}


def test_a_third_decimal_is_told_for_each_amount() -> None:
    edits = ("cac:LegalMonetaryTotal/cbc:PayableAmount=1.234", "cac:TaxTotal/cbc:TaxAmount=12.345")
    assert codes(*edits) == {"UBL-DT-01": 2}


def test_a_finding_says_what_was_found_and_where() -> None:
    document = edit(GOOD, ["cac:LegalMonetaryTotal/cbc:PayableAmount=1.234"])
    (seen,) = judge(document)
    assert (seen.found, seen.severity, seen.detail) == (
        "1.234",
        Severity.FATAL,
        "cac:LegalMonetaryTotal/cbc:PayableAmount",
    )
    assert seen.xpath == "/ubl:Invoice/cac:LegalMonetaryTotal[1]/cbc:PayableAmount[1]"
    lines = document.decode().splitlines()
    assert seen.line is not None
    assert "PayableAmount" in lines[seen.line - 1]


def test_what_stands_too_often_is_told_where_it_does_for_the_first_time() -> None:
    (seen,) = judge(edit(GOOD, ["cac:Delivery+/cbc:ActualDeliveryDate=2026-10-01", "cac:Delivery+", "cac:Delivery+"]))
    assert (seen.code, seen.xpath) == ("UBL-SR-24", "/ubl:Invoice/cac:Delivery[2]")
    assert (seen.found, seen.expected) == ("3", "≤ 1")


@pytest.mark.parametrize("ruleset", ROWS)
@pytest.mark.parametrize("base", [GOOD, CREDIT_NOTE], ids=["invoice", "credit-note"])
@pytest.mark.parametrize("edits", [*BREAKS.values(), *NEAR_BREAKS], ids=" ".join)
def test_what_is_vouched_for_breaks_no_rule(edits: tuple[str, ...], base: bytes, ruleset: str) -> None:
    document = edit(base, edits)
    assert judge(document, ruleset) == judge_elements(etree.fromstring(document), ruleset)


@pytest.mark.parametrize("used", [USED_IN_INVOICE, USED_IN_CREDIT_NOTE])
def test_no_element_is_both_used_and_unused(used: tuple[str, ...]) -> None:
    held = {path.replace("cac:CreditNoteLine", "cac:InvoiceLine") for path in used}
    ways = {path[:end] for path in held for end, character in enumerate(path + "/") if (path + "/")[end] == "/"}
    assert not ways & set(UNUSED)
