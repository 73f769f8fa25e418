"""Documents of Factur-X that plainly break no rule of elements: a schema answers for the whole table."""

import pytest
from lxml import etree

from flux.demo.afnor_samples import AFNOR_SAMPLE
from flux.demo.facturx_samples import write_facturx_xml
from flux.formats.cii import PREFIXES
from flux.formats.facturx_clean import RULESETS, is_clean
from flux.formats.facturx_rules import judge, table
from flux.formats.tree import Element

SETTLEMENT = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
AGREEMENT = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement"
SELLER = f"{AGREEMENT}/ram:SellerTradeParty"


def invoice(ruleset: str = "facturx-basic") -> Element:
    return etree.fromstring(write_facturx_xml(AFNOR_SAMPLE, profile=ruleset.removeprefix("facturx-")))


def find(root: Element, path: str) -> Element:
    found = root.find(path, PREFIXES)
    assert found is not None
    return found


@pytest.mark.parametrize("ruleset", sorted(RULESETS))
def test_our_own_invoice_is_plainly_in_order(ruleset: str) -> None:
    assert is_clean(invoice(ruleset), ruleset)


@pytest.mark.parametrize("ruleset", sorted(RULESETS))
def test_what_is_left_to_ask_is_answered_as_the_table_does(ruleset: str) -> None:
    root = invoice(ruleset)
    assert judge(root, ruleset) == table(ruleset).judge(root)


@pytest.mark.parametrize(
    ("path", "good", "bad"),
    [
        (f"{SETTLEMENT}/ram:InvoiceCurrencyCode", "EUR", "EURO"),
        (f"{SELLER}/ram:PostalTradeAddress/ram:CountryID", "BE", "XX"),
        (f"{SETTLEMENT}/ram:ApplicableTradeTax/ram:TypeCode", "VAT", "GST"),
        (f"{SETTLEMENT}/ram:ApplicableTradeTax/ram:CategoryCode", "AE", "B"),
        (f"{SETTLEMENT}/ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode", "30", "X"),
        ("rsm:ExchangedDocument/ram:TypeCode", "381", "1"),
        ("rsm:ExchangedDocument/ram:IncludedNote/ram:SubjectCode", "AAI", "???"),
        ("rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString", "20261120", "2026-11-20"),
    ],
)
def test_a_value_outside_its_list_has_the_rules_asked(path: str, good: str, bad: str) -> None:
    root = invoice()
    find(root, path).text = good
    assert is_clean(root, "facturx-basic")
    find(root, path).text = bad
    assert not is_clean(root, "facturx-basic")


@pytest.mark.parametrize(
    ("path", "name", "good", "bad"),
    [
        (f"{SELLER}/ram:GlobalID", "schemeID", "0088", "SIREN"),
        (f"{SELLER}/ram:SpecifiedTaxRegistration/ram:ID", "schemeID", "FC", "XX"),
        (f"{SELLER}/ram:URIUniversalCommunication/ram:URIID", "schemeID", "0088", "SIREN"),
        (f"{SETTLEMENT}//ram:TaxTotalAmount", "currencyID", "EUR", "USD"),
    ],
)
def test_an_attribute_outside_its_list_has_them_asked_too(path: str, name: str, good: str, bad: str) -> None:
    root = invoice()
    find(root, path).set(name, good)
    assert is_clean(root, "facturx-basic")
    find(root, path).set(name, bad)
    assert not is_clean(root, "facturx-basic")


def test_a_profile_that_a_document_does_not_declare_is_asked() -> None:
    assert not is_clean(invoice("facturx-basic"), "facturx-extended")


def test_a_document_without_lines_is_in_order_where_the_profile_has_none() -> None:
    def bare(ruleset: str) -> Element:
        root = invoice(ruleset)
        for line in root.iterfind("rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem", PREFIXES):
            find(root, "rsm:SupplyChainTradeTransaction").remove(line)
        return root

    assert is_clean(bare("facturx-basicwl"), "facturx-basicwl")
    assert not is_clean(bare("facturx-basic"), "facturx-basic")
