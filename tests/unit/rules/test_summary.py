from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux.model.invoice import Address, Invoice, Party, Totals
from flux.model.settlement import InvoiceKey
from flux.model.term import Term, Terms
from flux.model.verdict import InvoiceSummary, PartySummary
from flux.rules.quote import LONGEST_QUOTE
from flux.rules.summary import invoice_key, summarise

SUPPLIER = Party(
    name=(Term(" ACME "),),
    identifiers=(Term("SUP-1"), Term("73282932000074", "0009")),
    legal_identifiers=(Term("732829320", "0002"),),
    vat_identifiers=(Term("FR44732829320"),),
    addresses=(Address(country=(Term("FR"),)),),
)
BUYER = Party(name=(Term("Ministère"),), identifiers=(Term("11000201100044", "0009"), Term("D0123", "0224")))
INVOICE = Invoice(
    number=(Term("F2026-0117"),),
    issue_date=(Term("20261120", "102"),),
    type_code=(Term("380"),),
    cadre=(Term("B1"),),
    currency=(Term("EUR"),),
    order=(Term("1234567890"),),
    sellers=(SUPPLIER,),
    buyers=(BUYER,),
    totals=(Totals(due=(Term("1200.00", "EUR"),)),),
)


def supplier_of(party: Party) -> tuple[str, str]:
    summary = summarise(Invoice(sellers=(party,)))
    return summary.supplier.identifier, summary.supplier.scheme


def test_a_summary_keeps_what_replies_and_routing_need() -> None:
    assert summarise(INVOICE) == InvoiceSummary(
        number="F2026-0117",
        type_code="380",
        issue_date=date(2026, 11, 20),
        issue_date_text="20261120",
        cadre="B1",
        currency="EUR",
        total_due="1200.00",
        supplier=PartySummary(identifier="73282932000074", scheme="0009", name="ACME", country="FR", siren="732829320"),
        buyer=PartySummary(identifier="11000201100044", scheme="0009", name="Ministère", country="", siren="110002011"),
        code_service="D0123",
        numero_engagement="1234567890",
    )


@pytest.mark.parametrize(
    ("party", "identifier", "scheme"),
    [
        (SUPPLIER, "73282932000074", "0009"),  # SIRET before all
        (Party(legal_identifiers=(Term("73282932000074", "1"),)), "73282932000074", "1"),  # legacy
        (replace(SUPPLIER, identifiers=(Term("SUP-1"),)), "732829320", "0002"),  # else SIREN
        (replace(SUPPLIER, identifiers=(Term("SUP-1"),), legal_identifiers=()), "FR44732829320", ""),  # else VAT
        (Party(identifiers=(Term(" "), Term("US-ACME", "3"))), "US-ACME", "3"),  # else whatever comes first
        (Party(), "", ""),
    ],
)
def test_a_supplier_is_named_by_siret_siren_vat_or_whatever_it_has(party: Party, identifier: str, scheme: str) -> None:
    assert supplier_of(party) == (identifier, scheme)


@pytest.mark.parametrize(
    ("identifiers", "siret"),
    [
        ((Term("11000201100044", "0009"),), "11000201100044"),
        ((Term("11000201100044"),), "11000201100044"),  # fourteen digits without a scheme
        ((Term("110002011", "0002"),), ""),  # routing goes by SIRET only
        ((), ""),
    ],
)
def test_a_recipient_is_named_by_its_siret_or_not_at_all(identifiers: Terms, siret: str) -> None:
    assert summarise(Invoice(buyers=(Party(identifiers=identifiers),))).buyer.identifier == siret


def test_a_date_that_is_none_is_kept_as_text() -> None:
    summary = summarise(replace(INVOICE, issue_date=(Term("20/11/2026"),)))
    assert (summary.issue_date, summary.issue_date_text) == (None, "20/11/2026")


@pytest.mark.parametrize(
    ("party", "supplier"),
    [
        (SUPPLIER, "732829320"),  # the SIREN inside the SIRET
        (replace(SUPPLIER, identifiers=()), "732829320"),  # the same firm by its SIREN: the same key
        (Party(identifiers=(Term("73282932000074"),)), "732829320"),
        (Party(identifiers=(Term("US-ACME", "3"),)), "3:US-ACME"),
    ],
)
def test_a_key_is_supplier_number_and_year(party: Party, supplier: str) -> None:
    summary = summarise(replace(INVOICE, sellers=(party,)))
    assert invoice_key(summary) == InvoiceKey(supplier, "F2026-0117", 2026)


@pytest.mark.parametrize(
    "invoice",
    [
        replace(INVOICE, cadre=(Term("S3"),)),  # a payment request repeats the number of the invoice
        replace(INVOICE, number=()),
        replace(INVOICE, issue_date=()),
        replace(INVOICE, issue_date=(Term("2026-13-01"),)),
        replace(INVOICE, sellers=()),
        replace(INVOICE, sellers=(Party(identifiers=(Term("0" * 14, "1"),)),)),  # everybody's, in qualification
    ],
)
def test_without_supplier_number_or_date_there_is_no_key(invoice: Invoice) -> None:
    assert invoice_key(summarise(invoice)) is None


def test_a_text_without_end_is_cut() -> None:
    endless = (Term("9" * 1_000_000, "0009"),)
    party = Party(name=endless, identifiers=endless, addresses=(Address(country=endless),))
    summary = summarise(Invoice(number=endless, currency=endless, order=endless, sellers=(party,), buyers=(party,)))
    assert len(repr(summary)) < 12 * LONGEST_QUOTE


@given(st.text(max_size=20), st.text(max_size=20), st.sampled_from([None, "0009", "0002", "x"]))
def test_no_text_makes_a_summary_fail(text: str, number: str, scheme: str | None) -> None:
    party = Party(identifiers=(Term(text, scheme),), addresses=(Address(),))
    summary = summarise(Invoice(number=(Term(number),), issue_date=(Term(text),), sellers=(party,), buyers=(party,)))
    assert summary.number == number.strip()
