"""The business rules of the Factur-X profiles: each document refused has its twin that is accepted."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from lxml import etree

from flux.demo.afnor_samples import AFNOR_SAMPLE
from flux.demo.facturx_samples import write_facturx_xml
from flux.formats.cii import PREFIXES
from flux.formats.facturx_rules import RULESETS, table
from flux.formats.tree import Element
from flux.model.codes import CODES
from flux.model.codes.official import row_of
from flux.model.finding import Severity
from flux.model.interface import Syntax
from flux.rules import facturx
from flux.rules.facturx.held import HELD
from flux.rules.sets import PUBLICATIONS
from tests.official.ours import fired, observations

TRANSACTION = "rsm:SupplyChainTradeTransaction"
AGREEMENT = f"{TRANSACTION}/ram:ApplicableHeaderTradeAgreement"
SETTLEMENT = f"{TRANSACTION}/ram:ApplicableHeaderTradeSettlement"
TOTALS = f"{SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
GROUP = f"{SETTLEMENT}/ram:ApplicableTradeTax"
MEANS = f"{SETTLEMENT}/ram:SpecifiedTradeSettlementPaymentMeans"
LINE = f"{TRANSACTION}/ram:IncludedSupplyChainTradeLineItem"
LINE_TAX = f"{LINE}/ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax"
PRODUCT = f"{LINE}/ram:SpecifiedTradeProduct"
NOTE = "rsm:ExchangedDocument/ram:IncludedNote"
# No rule of business looks at them; every document of ours has an empty delivery.
_OF_ELEMENTS = ("FX-", "CII-", "PEPPOL-")
PROFILES = ("minimum", "basicwl", "basic", "extended")
WITH_GROUPS = ("basicwl", "basic", "extended")

Change = Callable[[Element], None]


def text(path: str, value: str) -> Change:
    """Give the element at a path another text."""

    def change(root: Element) -> None:
        find(root, path).text = value

    return change


def drop(path: str) -> Change:
    """Take the element at a path away."""

    def change(root: Element) -> None:
        element = find(root, path)
        parent = element.getparent()
        assert parent is not None
        parent.remove(element)

    return change


def add(above: str, fragment: str, at: int | None = None) -> Change:
    """Put a fragment of XML last into the element at a path, or at a place."""

    def change(root: Element) -> None:
        declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in PREFIXES.items())
        (element,) = etree.fromstring(f"<x {declared}>{fragment}</x>")
        parent = find(root, above)
        parent.insert(len(parent) if at is None else at, element)

    return change


def both(*changes: Change) -> Change:
    """Several changes, in order."""

    def change(root: Element) -> None:
        for each in changes:
            each(root)

    return change


def find(root: Element, path: str) -> Element:
    """The first element at a path."""
    found = root.find(path, PREFIXES)
    assert found is not None
    return found


def invoice(profile: str, change: Change | None = None) -> bytes:
    """The sample in a profile, changed."""
    root = etree.fromstring(write_facturx_xml(AFNOR_SAMPLE, profile=profile))
    if change is not None:
        change(root)
    return etree.tostring(root)


def broken(profile: str, change: Change | None = None) -> list[str]:
    """The business rules that it breaks."""
    found = fired(invoice(profile, change), f"facturx-{profile}")
    return sorted(code for code in found.elements() if not code.startswith(_OF_ELEMENTS))


class Case(NamedTuple):
    """What breaks a rule, what only comes near it, and the profiles that hold it."""

    code: str
    refused: Change
    accepted: Change
    profiles: tuple[str, ...]
    beside: tuple[str, ...] = ()


def allowance(indicator: str, amount: str = "1.00") -> str:
    return f"""<ram:SpecifiedTradeAllowanceCharge>
        <ram:ChargeIndicator><udt:Indicator>{indicator}</udt:Indicator></ram:ChargeIndicator>
        <ram:ActualAmount>{amount}</ram:ActualAmount><ram:Reason>r</ram:Reason>
        <ram:CategoryTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode>
        <ram:RateApplicablePercent>20</ram:RateApplicablePercent></ram:CategoryTradeTax>
    </ram:SpecifiedTradeAllowanceCharge>"""


def proprietary(change: str) -> Change:
    return add(f"{MEANS}/ram:PayeePartyCreditorFinancialAccount", change)


OTHER_ACCOUNT = "<ram:ProprietaryID>12345</ram:ProprietaryID>"
REGISTERED = (
    f"{AGREEMENT}/ram:BuyerTradeParty",
    '<ram:SpecifiedTaxRegistration><ram:ID schemeID="{}">FR11110002011</ram:ID></ram:SpecifiedTaxRegistration>',
)
GERMAN = both(
    text(f"{AGREEMENT}/ram:SellerTradeParty/ram:PostalTradeAddress/ram:CountryID", "DE"),
    text(f"{AGREEMENT}/ram:BuyerTradeParty/ram:PostalTradeAddress/ram:CountryID", "DE"),
)
DELIVERED = add(
    f"{TRANSACTION}/ram:ApplicableHeaderTradeDelivery",
    '<ram:ActualDeliverySupplyChainEvent><ram:OccurrenceDateTime><udt:DateTimeString format="102">20261118</udt:DateTimeString>'
    "</ram:OccurrenceDateTime></ram:ActualDeliverySupplyChainEvent>",
)
CHARACTERISTIC = "<ram:ApplicableProductCharacteristic>{}</ram:ApplicableProductCharacteristic>"
CLASSIFIED = (
    "<ram:DesignatedProductClassification><ram:ClassCode{}>1</ram:ClassCode></ram:DesignatedProductClassification>"
)
SUB_LINE = f"{LINE}/ram:AssociatedDocumentLineDocument"

CASES = (
    # White space is something.
    Case("BR-02", text("rsm:ExchangedDocument/ram:ID", ""), text("rsm:ExchangedDocument/ram:ID", " "), PROFILES),
    Case(
        "BR-06",
        text(f"{AGREEMENT}/ram:SellerTradeParty/ram:Name", ""),
        text(f"{AGREEMENT}/ram:SellerTradeParty/ram:Name", " "),
        PROFILES,
    ),
    Case("BR-21", text(f"{SUB_LINE}/ram:LineID", ""), text(f"{SUB_LINE}/ram:LineID", " "), ("basic", "extended")),
    # The scheme of the tax does not matter to most rules.
    Case("BR-47", drop(f"{GROUP}/ram:CategoryCode"), text(f"{GROUP}/ram:TypeCode", "GST"), WITH_GROUPS[:1], ("BR-CO-17",)),
    Case("BR-CO-18", drop(GROUP), text(f"{GROUP}/ram:TypeCode", "vat"), WITH_GROUPS, ("BR-CO-14", "BR-FXEXT-S-01", "BR-S-01")),
    Case(
        "BR-S-05",
        both(text(f"{LINE_TAX}/ram:TypeCode", "GST"), text(f"{LINE_TAX}/ram:RateApplicablePercent", "0")),
        text(f"{LINE_TAX}/ram:RateApplicablePercent", "20"),
        ("basic", "extended"),
        ("BR-CO-04", "BR-FXEXT-CO-04", "BR-S-08", "BR-FXEXT-S-08ini", "BR-FXEXT-S-08rev", "BR-FXEXT-S08b"),
    ),
    # An allowance is one by the word: "0" is none.
    Case(
        "BR-CO-11",
        add(SETTLEMENT, allowance("false")),
        add(SETTLEMENT, allowance("0", "0.00")),
        ("basicwl", "basic"),
        ("BR-S-08",),
    ),
    Case("BR-CO-15", text(f"{TOTALS}/ram:GrandTotalAmount", "1"), drop(TOTALS), ("basicwl", "basic"), ("BR-CO-16",)),
    Case("BR-49", drop(f"{MEANS}/ram:TypeCode"), drop(MEANS), WITH_GROUPS[:2]),
    Case(
        "BR-65",
        add(PRODUCT, CLASSIFIED.format("")),
        add(PRODUCT, CLASSIFIED.format(' listID="TST"')),
        ("basic", "extended"),
    ),
    Case("BR-CO-27", proprietary(OTHER_ACCOUNT), text(f"{MEANS}/ram:TypeCode", "30"), ("basic",)),
    Case("BR-FX-EN-04", GERMAN, both(GERMAN, DELIVERED), ("basic",)),
    Case("BR-FXEXT-01", drop(f"{NOTE}/ram:Content"), text(f"{NOTE}/ram:Content", "x"), ("extended",)),
    Case("BR-FXEXT-03", add(REGISTERED[0], REGISTERED[1].format("FC")), add(REGISTERED[0], REGISTERED[1].format("VA")), ("extended",)),
    Case(
        "BR-FXEXT-04",
        add(PRODUCT, CHARACTERISTIC.format("<ram:TypeCode>COLOUR</ram:TypeCode><ram:Value>1</ram:Value>")),
        add(PRODUCT, CHARACTERISTIC.format("<ram:TypeCode>COLOR_TEXT</ram:TypeCode><ram:Value>1</ram:Value>")),
        ("extended",),
    ),
    Case(
        "BR-FXEXT-BR-54-2",
        add(PRODUCT, CHARACTERISTIC.format("<ram:Description>d</ram:Description>")),
        add(
            PRODUCT,
            CHARACTERISTIC.format('<ram:Description>d</ram:Description><ram:ValueMeasure unitCode="C62">1</ram:ValueMeasure>'),
        ),
        ("extended",),
    ),
    Case(
        "BR-FXEXT-11",
        both(add(SUB_LINE, "<ram:ParentLineID>99</ram:ParentLineID>"), add(SUB_LINE, "<ram:LineStatusReasonCode>DETAIL</ram:LineStatusReasonCode>")),
        both(add(SUB_LINE, "<ram:ParentLineID>2</ram:ParentLineID>"), add(SUB_LINE, "<ram:LineStatusReasonCode>DETAIL</ram:LineStatusReasonCode>")),
        ("extended",),
    ),
    Case(
        "BR-FXEXT-CO-16",
        text(f"{TOTALS}/ram:DuePayableAmount", f"{AFNOR_SAMPLE.total + 1}"),
        both(
            text(f"{TOTALS}/ram:DuePayableAmount", f"{AFNOR_SAMPLE.total + 1}"),
            add(SETTLEMENT, "<ram:SpecifiedFinancialAdjustment><ram:ActualAmount>1</ram:ActualAmount></ram:SpecifiedFinancialAdjustment>"),
        ),
        ("extended",),
    ),
    Case(
        "BR-FXEXT-S08b",
        text(f"{GROUP}/ram:BasisAmount", "1"),
        text(f"{GROUP}/ram:BasisAmount", f"{AFNOR_SAMPLE.net + 0}"),
        ("extended",),
        ("BR-FXEXT-S-08ini", "BR-FXEXT-S-08rev", "BR-FXEXT-S-09b"),
    ),
)  # fmt: skip
BY_PROFILE = [pytest.param(case, profile, id=f"{case.code}-{profile}") for case in CASES for profile in case.profiles]


@pytest.mark.parametrize("profile", PROFILES)
def test_our_own_invoice_breaks_no_business_rule_of_its_profile(profile: str) -> None:
    assert broken(profile) == []


@pytest.mark.parametrize(("case", "profile"), BY_PROFILE)
def test_a_profile_refuses_what_breaks_a_rule_that_it_holds(case: Case, profile: str) -> None:
    seen = broken(profile, case.refused)
    assert case.code in seen
    assert set(seen) <= {case.code, *case.beside}


@pytest.mark.parametrize(("case", "profile"), BY_PROFILE)
def test_and_accepts_what_only_comes_near_it(case: Case, profile: str) -> None:
    assert case.code not in broken(profile, case.accepted)


def test_a_warning_of_the_publisher_stays_one() -> None:
    seen = {each.code: each.severity for each in observations(invoice("basic", GERMAN), "facturx-basic")}
    assert seen["BR-FX-EN-04"] is Severity.WARNING


@pytest.mark.parametrize(
    ("profile", "expected"), [("basicwl", []), ("basic", ["BR-CO-10"]), ("extended", ["BR-FXEXT-CO-10"])]
)
def test_a_profile_without_lines_does_not_add_them_up(profile: str, expected: list[str]) -> None:
    seen = broken(profile, text(f"{TOTALS}/ram:LineTotalAmount", "1"))
    assert [code for code in seen if code.endswith("CO-10")] == expected


@pytest.mark.parametrize("ruleset", sorted(RULESETS))
def test_every_rule_of_an_artefact_is_asked_but_those_that_hold_of_any_document(ruleset: str) -> None:
    asked = {code for rule in facturx.RULES[ruleset] for code in rule.speaks_for} | set(table(ruleset).codes())
    assert HELD[ruleset] - asked <= {"BR-CO-05", "BR-CO-06", "BR-CO-07", "BR-CO-08"}


@pytest.mark.parametrize("ruleset", sorted(RULESETS))
def test_no_rule_is_asked_that_the_artefact_does_not_hold(ruleset: str) -> None:
    assert {code for rule in facturx.RULES[ruleset] for code in rule.speaks_for} <= HELD[ruleset]


@pytest.mark.parametrize("ruleset", sorted(RULESETS))
def test_every_rule_has_its_words(ruleset: str) -> None:
    asked = {*(code for rule in facturx.RULES[ruleset] for code in rule.speaks_for), *table(ruleset).codes()}
    assert {code for code in asked if code not in CODES and row_of(code) is None} == set()


@pytest.mark.parametrize("ruleset", sorted(RULESETS))
def test_the_sets_are_those_of_a_cii_alone_in_a_pdf_or_not(ruleset: str) -> None:
    assert PUBLICATIONS[ruleset].syntaxes == {Syntax.CII, Syntax.FACTURX}
    assert PUBLICATIONS[ruleset].version == "1.09"
