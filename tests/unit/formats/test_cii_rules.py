"""The rules that EN 16931 and EXTENDED-CTC-FR bind to CII elements."""

from copy import deepcopy

import pytest
from lxml import etree

from flux.demo.afnor_samples import AFNOR_SAMPLE
from flux.demo.facturx_samples import write_facturx_xml
from flux.formats.cii import PREFIXES
from flux.formats.cii_clean import is_clean
from flux.formats.cii_rules import judge, table
from flux.formats.syntax import CII, FACTURX
from flux.formats.tree import Element, line_of
from flux.model.codes.official.syntax import row_of
from flux.model.finding import Severity

LINE = "rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem"
AGREEMENT = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement"
SETTLEMENT = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
MEANS = f"{SETTLEMENT}/ram:SpecifiedTradeSettlementPaymentMeans"


def invoice() -> Element:
    """An invoice of ours that breaks no rule."""
    return etree.fromstring(write_facturx_xml(AFNOR_SAMPLE))


def find(root: Element, path: str) -> Element:
    """The first element at a path."""
    found = root.find(path, PREFIXES)
    assert found is not None
    return found


def add(root: Element, path: str, text: str = "") -> Element:
    """A new element at a path, below the first of each name."""
    above, _, name = path.rpartition("/")
    prefix, _, local = name.partition(":")
    parent = find(root, above) if above else root
    element = etree.SubElement(parent, f"{{{PREFIXES[prefix]}}}{local}")
    element.text = text or None
    return element


def codes(root: Element, ruleset: str = "en16931") -> list[str]:
    """The codes of what a document breaks."""
    return sorted(observation.code for observation in judge(root, ruleset))


def count_codes(ruleset: str) -> int:
    """How many rules of its own a set binds to CII."""
    return len({code for code in table(ruleset).codes() if code.startswith("CII-")})


def test_our_own_invoice_breaks_nothing() -> None:
    assert codes(invoice()) == codes(invoice(), "extended-ctc-fr") == []


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("rsm:ExchangedDocument/ram:Name", "FACTURE", ["CII-SR-013"]),
        ("rsm:ExchangedDocument/ram:TypeCode", "380", ["CII-SR-014"]),
        (f"{LINE}/ram:SpecifiedTradeProduct/ram:ID", "1", ["CII-SR-045"]),
        (f"{LINE}/ram:SpecifiedTradeProduct/ram:GlobalID", "1", ["CII-SR-046"]),
        (f"{LINE}/ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount", "1", ["CII-SR-439", "CII-SR-441"]),
        (f"{LINE}/ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax/ram:DueDateTypeCode", "5", ["CII-DT-058"]),
        (f"{AGREEMENT}/ram:BuyerTradeParty/ram:RoleCode", "BY", ["CII-SR-249"]),
        (f"{SETTLEMENT}/ram:PaymentReference", "2", ["CII-SR-469"]),
        (f"{MEANS}/ram:PayerSpecifiedDebtorFinancialInstitution", "", ["CII-SR-464"]),
        (f"{AGREEMENT}/ram:ContractReferencedDocument/ram:ReferenceTypeCode", "CT", ["CII-DT-024"]),
    ],
)  # fmt: skip
def test_an_element_too_many_breaks_its_rule(path: str, text: str, expected: list[str]) -> None:
    root = invoice()
    if "ContractReferencedDocument" in path:
        add(root, f"{AGREEMENT}/ram:ContractReferencedDocument")
    if path.endswith("PaymentReference"):
        add(root, path, "1")
    add(root, path, text)
    assert codes(root) == expected


def test_all_means_of_payment_have_one_code_and_one_text() -> None:
    root = invoice()
    find(root, MEANS).addnext(other := deepcopy(find(root, MEANS)))
    assert codes(root) == []
    code = other.find("ram:TypeCode", PREFIXES)
    assert code is not None
    code.text = "30"
    assert codes(root) == ["CII-SR-467"]


def test_the_french_extension_takes_what_it_relaxes() -> None:
    root = invoice()
    add(root, f"{AGREEMENT}/ram:ContractReferencedDocument")
    add(root, f"{AGREEMENT}/ram:ContractReferencedDocument/ram:ReferenceTypeCode", "CT")
    add(root, f"{SETTLEMENT}/ram:InvoiceeTradeParty")
    assert codes(root) == ["CII-DT-024", "CII-SR-351"]
    assert codes(root, "extended-ctc-fr") == []


def test_the_french_extension_names_its_own_rule() -> None:
    root = invoice()
    add(root, f"{SETTLEMENT}/ram:TaxApplicableTradeCurrencyExchange")
    add(root, f"{SETTLEMENT}/ram:TaxApplicableTradeCurrencyExchange/ram:MarketID", "1")
    assert codes(root) == ["CII-SR-366"]
    assert codes(root, "extended-ctc-fr") == ["CII-FREXT-SR-366"]


@pytest.mark.parametrize(
    ("attribute", "path", "expected"),
    [
        ("schemeID", "rsm:ExchangedDocument/ram:ID", ["BR-CL-11", "CII-DT-005"]),
        ("schemeName", f"{AGREEMENT}/ram:BuyerTradeParty/ram:SpecifiedLegalOrganization/ram:ID", ["CII-DT-101"]),
        ("name", "rsm:ExchangedDocument/ram:TypeCode", ["CII-DT-008"]),
        ("listID", "rsm:ExchangedDocument/ram:TypeCode", []),
        ("currencyID", f"{SETTLEMENT}/ram:ApplicableTradeTax/ram:BasisAmount", ["CII-DT-031"]),
        ("unitCodeListID", f"{LINE}/ram:SpecifiedLineTradeDelivery/ram:BilledQuantity", ["CII-DT-034"]),
    ],
)
def test_an_attribute_too_many_breaks_its_rule(attribute: str, path: str, expected: list[str]) -> None:
    root = invoice()
    find(root, path).set(attribute, "1")
    assert codes(root) == expected


@pytest.mark.parametrize("text", ["20260229", " 20261120\n", "٢٠٢٦1120"])
def test_a_day_has_eight_digits_that_may_be_one(text: str) -> None:
    root = invoice()
    find(root, "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString").text = text
    assert codes(root) == []


@pytest.mark.parametrize("text", ["20261320", "2026-11-20", "", "20261120\xa0"])
def test_another_text_in_format_102_is_no_day(text: str) -> None:
    root = invoice()
    find(root, "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString").text = text
    assert codes(root) == ["CII-DT-097"]


def test_a_day_in_another_format_is_not_looked_at() -> None:
    root = invoice()
    day = find(root, "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString")
    day.text = "2026-11-20"
    day.set("format", "203")
    assert codes(root) == []


def test_a_unit_on_a_price_needs_one_on_an_invoiced_quantity() -> None:
    root = invoice()
    add(root, f"{LINE}/ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:BasisQuantity", "1").set(
        "unitCode", "C62"
    )
    assert codes(root) == []
    for quantity in root.iterfind(f"{LINE}/ram:SpecifiedLineTradeDelivery/ram:BilledQuantity", PREFIXES):
        del quantity.attrib["unitCode"]
    assert codes(root) == ["CII-DT-033"]


@pytest.mark.parametrize(
    ("indicator", "has_amount", "expected"),
    [("false", True, []), ("0", True, []), ("true", True, ["CII-SR-119"]), ("false", False, ["CII-SR-119"])],
)
def test_a_price_discount_is_whole(indicator: str, has_amount: bool, expected: list[str]) -> None:  # noqa: FBT001 - a table
    root = invoice()
    gross = f"{LINE}/ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice"
    discount = f"{gross}/ram:AppliedTradeAllowanceCharge"
    if root.find(gross, PREFIXES) is None:
        add(root, gross)
    add(root, discount)
    add(root, f"{discount}/ram:ChargeIndicator")
    add(root, f"{discount}/ram:ChargeIndicator/udt:Indicator", indicator)
    if has_amount:
        add(root, f"{discount}/ram:ActualAmount", "1")
    assert codes(root) == expected


def test_a_rule_that_breaks_on_each_line_is_told_for_each() -> None:
    root = invoice()
    lines = root.findall(LINE, PREFIXES)
    for line in lines:
        etree.SubElement(line, f"{{{PREFIXES['ram']}}}DescriptionCode").text = "1"
    assert codes(root) == ["CII-SR-035"] * len(lines)


def test_a_finding_says_which_element_where_and_how_much_it_weighs() -> None:
    root = invoice()
    element = add(root, f"{AGREEMENT}/ram:BuyerTradeParty/ram:RoleCode", "BY")
    (seen,) = judge(root, "en16931")
    assert (seen.detail, seen.severity, seen.line) == ("ram:ApplicableHeaderTradeAgreement/ram:BuyerTradeParty/ram:RoleCode", Severity.WARNING, line_of(element))  # fmt: skip
    assert seen.xpath is not None
    assert root.xpath(seen.xpath, namespaces=PREFIXES) == [element]


def test_what_is_missing_is_told_of_the_element_that_lacks_it() -> None:
    root = invoice()
    document = find(root, "rsm:ExchangedDocument")
    document.remove(find(root, "rsm:ExchangedDocument/ram:TypeCode"))
    (seen,) = judge(root, "en16931")
    assert (seen.code, seen.detail, seen.xpath) == ("CII-SR-014", "rsm:ExchangedDocument/ram:TypeCode", "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument[1]")  # fmt: skip


def test_a_comment_is_no_element() -> None:
    root = invoice()
    root.append(etree.Comment("note"))
    find(root, "rsm:ExchangedDocument").append(etree.Comment("note"))
    assert is_clean(root)
    assert table("en16931").judge(root) == ()


@pytest.mark.parametrize("ruleset", ["en16931", "extended-ctc-fr"])
def test_both_carriers_of_cii_are_judged_alike(ruleset: str) -> None:
    root = invoice()
    add(root, "rsm:ExchangedDocument/ram:Name", "FACTURE")
    read = CII.read_one(root, root)
    assert CII.bound_rules(root, ruleset, read) == FACTURX.bound_rules(root, ruleset, read) != ()


def test_other_rule_sets_bind_nothing_to_the_elements_of_a_cii() -> None:
    root = invoice()
    add(root, "rsm:ExchangedDocument/ram:Name", "FACTURE")
    assert CII.bound_rules(root, "no-such-set", CII.read_one(root, root)) == ()


@pytest.mark.parametrize("ruleset", ["en16931", "extended-ctc-fr"])
def test_each_code_has_its_words(ruleset: str) -> None:
    assert all(row_of(code) for code in table(ruleset).codes() if code.startswith("CII-"))


def test_each_set_has_as_many_rules_as_its_publisher() -> None:
    assert count_codes("en16931") == 583 - 3  # three cannot fire
    assert count_codes("extended-ctc-fr") == 538 - 3
