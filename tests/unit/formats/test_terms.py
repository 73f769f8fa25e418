"""Places of the model and their business terms."""

import pytest

from flux.formats.terms import TERMS, field_term
from flux.formats.trie import shape_of
from flux.model.finding import Place
from flux.model.invoice import AllowanceCharge, Invoice, Line, TaxTotal
from flux.model.term import Term

PLACES = [
    (("number", 0), "BT-1"),
    (("sellers", 0, "name", 0), "BT-27"),
    (("buyers", 0, "name", 0), "BT-44"),
    (("payees", 0, "name", 0), "BT-59"),
    (("sellers", 0, "identifiers", 1), "BT-29"),
    (("sellers", 0, "addresses", 0, "country", 0), "BT-40"),
    (("deliveries", 0, "addresses", 0, "country", 0), "BT-80"),
    (("payment_means", 0, "accounts", 0, "identifier", 0), "BT-84"),
    (("lines", 3, "tax_categories", 0, "rate", 0), "BT-152"),
    (("lines", 3), "BG-25"),
    (("sellers",), "BG-4"),
    # the payee has no trading name in the norm
    (("payees", 0, "trading_name", 0), None),
]


@pytest.mark.parametrize(("place", "term"), PLACES)
def test_a_place_has_its_business_term(place: Place, term: str | None) -> None:
    assert field_term(place) == term


CHARGE = AllowanceCharge(is_charge=(Term("true"),))
ALLOWANCE = AllowanceCharge(is_charge=(Term("false"),))
INVOICE = Invoice(
    currency=(Term("EUR"),),
    vat_currency=(Term("SEK"),),
    allowance_charges=(ALLOWANCE, CHARGE),
    lines=(Line(allowance_charges=(ALLOWANCE, CHARGE)),),
    tax_totals=(TaxTotal(amount=(Term("20", "EUR"), Term("200", "SEK"))),),
)

# What the invoice itself decides.
DECIDED = [
    (("allowance_charges", 0, "amount", 0), "BT-92"),
    (("allowance_charges", 1, "amount", 0), "BT-99"),
    (("allowance_charges", 1, "reason_code", 0), "BT-105"),
    (("allowance_charges", 1), "BG-21"),
    (("lines", 0, "allowance_charges", 0, "amount", 0), "BT-136"),
    (("lines", 0, "allowance_charges", 1, "reason", 0), "BT-144"),
    (("tax_totals", 0, "amount", 0), "BT-110"),
    (("tax_totals", 0, "amount", 1), "BT-111"),
]


@pytest.mark.parametrize(("place", "term"), DECIDED)
def test_the_invoice_tells_terms_apart_that_share_a_field(place: Place, term: str) -> None:
    assert field_term(place, INVOICE) == term
    assert field_term(place) is None


def test_the_table_names_only_fields_that_the_model_has() -> None:
    for names in TERMS:
        shape = shape_of(Invoice)
        for name in names[:-1]:
            shape = shape.groups[shape.slots[name]]
        assert names[-1] in shape.slots
