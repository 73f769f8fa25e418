"""The rules that the profiles of Factur-X bind to elements."""

import pytest
from lxml import etree

from flux.demo.afnor_samples import AFNOR_SAMPLE
from flux.demo.facturx_samples import write_facturx_xml
from flux.formats.cii import PREFIXES
from flux.formats.facturx_rules import RULESETS, judge, table
from flux.formats.tree import Element, line_of
from flux.model.finding import Severity
from flux.rules.facturx.held import HELD

AGREEMENT = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement"
SETTLEMENT = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"


def invoice(ruleset: str) -> Element:
    """An invoice of ours in a profile."""
    return etree.fromstring(write_facturx_xml(AFNOR_SAMPLE, profile=ruleset.removeprefix("facturx-")))


def find(root: Element, path: str) -> Element:
    """The first element at a path."""
    found = root.find(path, PREFIXES)
    assert found is not None
    return found


def add(root: Element, above: str, name: str, text: str = "") -> Element:
    """A new child of the element at a path."""
    element = etree.SubElement(find(root, above), f"{{{PREFIXES['ram']}}}{name}")
    element.text = text or None
    return element


def codes(root: Element, ruleset: str) -> list[str]:
    """The codes of what a document breaks, warnings left out."""
    return sorted(seen.code for seen in judge(root, ruleset) if seen.severity is Severity.FATAL)


@pytest.mark.parametrize("ruleset", sorted(RULESETS))
def test_our_own_invoice_fits_its_profile(ruleset: str) -> None:
    assert codes(invoice(ruleset), ruleset) == []


@pytest.mark.parametrize(
    ("declared", "judged", "expected"),
    [("facturx-minimum", "facturx-minimum", 0), ("facturx-basic", "facturx-minimum", 1), ("facturx-minimum", "facturx-basic", 1)],
)  # fmt: skip
def test_a_profile_knows_its_own_name_alone(declared: str, judged: str, expected: int) -> None:
    assert codes(invoice(declared), judged).count("FX-SCH-A-000026") == expected


def test_what_a_profile_does_not_know_has_no_number_but_a_detail() -> None:
    root = invoice("facturx-minimum")
    element = add(root, f"{AGREEMENT}/ram:BuyerTradeParty", "PostalTradeAddress")
    (seen,) = judge(root, "facturx-minimum")
    assert (seen.code, seen.detail, seen.line) == ("FX-NOT-USED", "ram:PostalTradeAddress", line_of(element))


def test_an_attribute_that_a_profile_does_not_know_is_named() -> None:
    root = invoice("facturx-basic")
    find(root, "rsm:ExchangedDocument/ram:ID").set("schemeID", "X")
    (seen,) = (seen for seen in judge(root, "facturx-basic") if seen.severity is Severity.FATAL)
    assert (seen.code, seen.detail) == ("FX-NOT-USED", "ram:ID/@schemeID")


@pytest.mark.parametrize(("currency", "expected"), [("EUR", []), ("STN", []), ("EURO", ["FX-SCH-A-000040"])])
def test_a_code_is_one_of_its_list(currency: str, expected: list[str]) -> None:
    root = invoice("facturx-minimum")
    find(root, f"{SETTLEMENT}/ram:InvoiceCurrencyCode").text = currency
    assert [code for code in codes(root, "facturx-minimum") if code == "FX-SCH-A-000040"] == expected


def test_an_element_that_a_profile_demands_is_missed() -> None:
    root = invoice("facturx-basicwl")
    party = find(root, f"{AGREEMENT}/ram:BuyerTradeParty")
    party.remove(find(root, f"{AGREEMENT}/ram:BuyerTradeParty/ram:Name"))
    assert codes(root, "facturx-basicwl") == ["FX-SCH-A-000030"]


def test_only_the_variant_that_a_tax_registration_is_decides() -> None:
    root = invoice("facturx-minimum")
    registration = add(root, f"{AGREEMENT}/ram:SellerTradeParty", "SpecifiedTaxRegistration")
    scheme = etree.SubElement(registration, f"{{{PREFIXES['ram']}}}ID")
    scheme.set("schemeID", "FC")
    assert codes(root, "facturx-minimum") == []
    scheme.set("schemeID", "XX")
    assert codes(root, "facturx-minimum") == ["FX-NOT-USED"]


def test_an_empty_element_is_only_a_warning() -> None:
    root = invoice("facturx-basic")
    before = judge(root, "facturx-basic")
    add(root, AGREEMENT, "BuyerReference")
    (seen,) = set(judge(root, "facturx-basic")) - set(before)
    assert (seen.code, seen.severity) == ("PEPPOL-EN16931-R008", Severity.WARNING)


@pytest.mark.parametrize(
    ("ruleset", "rows"),
    [("facturx-minimum", 51), ("facturx-basicwl", 206), ("facturx-basic", 266), ("facturx-extended", 1247)],
)
def test_each_profile_has_the_rows_of_its_publisher(ruleset: str, rows: int) -> None:
    assert len([code for code in table(ruleset).codes() if code not in HELD[ruleset]]) == rows
