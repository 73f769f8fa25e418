"""The habits of Chorus Pro's own UBL and CII: where they write what EN 16931 writes elsewhere, and that they are accepted."""

from datetime import date
from functools import cache

import pytest

from flux.app.workshop import build_judge
from flux.demo.afnor_samples import AFNOR_SAMPLE
from flux.demo.facturx_samples import embed
from flux.formats.reader import TreeReader
from flux.formats.recognition import recognise
from flux.model.finding import Place
from flux.model.interface import INTERFACES, Deposit, Syntax
from flux.model.invoice import Invoice
from flux.model.limits import Limits
from flux.model.term import Term
from flux.model.verdict import Judgment, LayerStatus, Verdict
from flux.pipeline import Judge, JudgeSettings, Member
from flux.rules.service import find_code_service
from tests.unit.formats.documents import term_at
from tests.unit.legacy_documents import CII_MINIMAL, UBL_MINIMAL

FACTURX = embed(AFNOR_SAMPLE, {"factur-x.xml": CII_MINIMAL})


@cache
def read(data: bytes) -> Invoice:
    root = TreeReader(Limits()).read(data).root
    assert root is not None
    syntax = recognise(root).format
    assert syntax is not None
    (invoice,) = syntax.read(root)
    return invoice


SELLER, BUYER = ("sellers", 0), ("buyers", 0)
ACCOUNT = ("payment_means", 0, "accounts", 0)

UBL_HABITS: dict[str, tuple[Place, Term]] = {
    "frame": (("cadre", 0), Term("A1")),
    "supplier": ((*SELLER, "identifiers", 0), Term("73282932000074", "1")),
    "recipient": ((*BUYER, "identifiers", 0), Term("11000201100044", "1")),
    "supplier's address": ((*SELLER, "registered_addresses", 0, "city", 0), Term("Lyon")),
    "engagement": (("order", 0), Term("1400012345")),
    "market": (("contract", 0), Term("M2026-07")),
    "kind of market": (("contract_type", 0), Term("CT")),
    "name of the attachment": (("attachments", 0, "reference", 0), Term("facture.pdf")),
    "MIME code of the attachment": (("attachments", 0, "type_code", 0), Term("application/pdf")),
    "type of the attachment": (("attachments", 0, "type_code", 1), Term("01")),
    "wrapping of the attachment": (("attachments", 0, "mime_code", 0), Term("application/zip")),
    "payment in cash": (("payment_means", 0, "code", 0), Term("10")),
    "due date of VAT": (("tax_totals", 0, "breakdown", 0, "due_on", 0), Term("TVA DEBIT")),
    "rate of a line": (("lines", 0, "tax_categories", 0, "rate", 0), Term("20")),
    "amount of a line": (("lines", 0, "net_amount", 0), Term("-100.000000", "EUR")),
    "origin invoice": (("preceding_invoices", 0, "number", 0), Term("E2-2026-0000")),
}
CII_HABITS: dict[str, tuple[Place, Term]] = {
    "frame": (("cadre", 0), Term("A22")),
    "supplier": ((*SELLER, "legal_identifiers", 0), Term("73282932000074", "1")),
    "recipient": ((*BUYER, "legal_identifiers", 0), Term("11000201100044", "1")),
    "legal address, not that of the trade": ((*SELLER, "addresses", 0, "city", 0), Term("Lyon")),
    "supplier's service": (("issuer_service", 0), Term("AGENCE-LYON")),
    "engagement": (("order", 0), Term("1400012345")),
    "market": (("contract", 0), Term("M2026-07")),
    "kind of market": (("contract_type", 0), Term("BC")),
    "validator": (("invoicees", 0, "legal_identifiers", 0), Term("21930053000017", "1")),
    "name of the attachment": (("attachments", 0, "reference", 0), Term("facture.pdf")),
    "type of the attachment": (("attachments", 0, "description", 0), Term("ZZZ")),
    "MIME code of the attachment": (("attachments", 0, "mime_code", 0), Term("application/pdf")),
    "payment": (("payment_means", 0, "code", 0), Term("30")),
    "account": ((*ACCOUNT, "identifier", 0), Term("FR1420041010050500013M02606")),
    "bank": (("payment_means", 0, "bic", 0), Term("PSSTFRPPPAR")),
    "cashing party": ((*ACCOUNT, "name", 0), Term("Affacturage de France SA")),
    "due date of VAT": (("tax_point_code", 0), Term("5")),
    "price without VAT": (("lines", 0, "gross_price", 0), Term("100.00")),
    "price with VAT": (("lines", 0, "net_price", 0), Term("120.00")),
    "rate of a line": (("lines", 0, "tax_categories", 0, "rate", 0), Term("20.00")),
    "negative net to pay": (("totals", 0, "due", 0), Term("-120.00")),
    "origin invoice": (("preceding_invoices", 0, "number", 0), Term("E2-2026-0000")),
}


@pytest.mark.parametrize(("place", "term"), UBL_HABITS.values(), ids=UBL_HABITS)
def test_the_ubl_of_chorus_is_read_where_it_writes(place: Place, term: Term) -> None:
    assert term_at(read(UBL_MINIMAL), place) == term


@pytest.mark.parametrize(("place", "term"), CII_HABITS.values(), ids=CII_HABITS)
def test_the_cii_of_chorus_is_read_where_it_writes(place: Place, term: Term) -> None:
    assert term_at(read(CII_MINIMAL), place) == term


DOCUMENTS = pytest.mark.parametrize("data", [UBL_MINIMAL, CII_MINIMAL], ids=["ubl", "cii"])


@DOCUMENTS
def test_a_day_needs_no_format(data: bytes) -> None:
    assert [day.date for day in read(data).issue_date] == [date(2026, 11, 20)]


@DOCUMENTS
def test_each_writes_the_service_code_in_a_place_of_its_own(data: bytes) -> None:
    assert find_code_service(read(data)) == "D2250"


@cache
def the_judge() -> Judge:
    return build_judge(JudgeSettings())


def judge(data: bytes, interface: str | None = None) -> Judgment:
    deposit = Deposit(interface=INTERFACES[interface] if interface else None)
    member = Member(ordinal=0, name=None, data=data, deposit=deposit, alone=True)
    (judgment,) = the_judge().judge(member, date(2026, 11, 23))
    return judgment


DEPOSITS = [
    (UBL_MINIMAL, "FSO1110A", Syntax.UBL),
    (CII_MINIMAL, "FSO1116A", Syntax.CII),
    (FACTURX, "FSO1117A", Syntax.FACTURX),
]


@pytest.mark.parametrize("is_named", [True, False])
@pytest.mark.parametrize(
    ("data", "interface", "syntax"), DEPOSITS, ids=lambda value: value if value in INTERFACES else ""
)
def test_a_minimal_invoice_is_accepted_under_its_interface_and_by_its_frame(
    data: bytes, interface: str, syntax: Syntax, *, is_named: bool
) -> None:
    judgment = judge(data, interface if is_named else None)
    assert [finding for finding in judgment.findings if finding.is_fatal] == []
    assert (judgment.verdict, judgment.syntax, judgment.profile) == (Verdict.ACCEPTED, syntax, "chorus")


@pytest.mark.parametrize("data", [CII_MINIMAL, FACTURX], ids=["cii", "facturx"])
def test_the_subset_of_factur_x_only_remarks_that_the_reform_would_refuse_it(data: bytes) -> None:
    judgment = judge(data)
    layers = {layer.ruleset: layer.status for layer in judgment.layers}
    assert (layers["cii-d22b"], layers["facturx-en16931"]) == (LayerStatus.PASSED, LayerStatus.FAILED)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b'schemeName="1">73282932000074', b'schemeName="1">73282932000075'),
        (b'schemeID="1">73282932000074', b'schemeID="1">73282932000075'),
    ],
)
def test_an_identifier_of_type_1_is_judged_as_a_siret(right: bytes, wrong: bytes) -> None:
    data = UBL_MINIMAL if right in UBL_MINIMAL else CII_MINIMAL
    codes = [finding.code for finding in judge(data.replace(right, wrong)).findings if finding.is_fatal]
    assert codes == ["SIRET_CHECKSUM"]
