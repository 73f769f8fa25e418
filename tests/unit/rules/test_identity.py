from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux.formats.syntax import UBL
from flux.model.codes import CODES
from flux.model.finding import LayerName, Observation
from flux.model.interface import Family, Syntax
from flux.model.invoice import Account, Address, Contact, Invoice, Party, PaymentMeans
from flux.model.partner import Environment
from flux.model.term import Term, Terms
from flux.rules.context import RuleContext
from flux.rules.identity import TOLD_PER_CODE, check_identity
from flux.rules.parties import REMEMBERED_CHARACTERS
from flux.rules.quote import LONGEST_QUOTE
from tests.unit.formats.documents import ubl

IBAN = "FR1420041010050500013M02606"
SUPPLIER = (Term("73282932000074", "0009"),)
RECIPIENT = (Term("11000201100044", "0009"),)


def context(family: Family = Family.AFNOR, syntax: Syntax | None = None) -> RuleContext:
    return RuleContext(family=family, environment=Environment.PRODUCTION, today=date(2026, 11, 23), syntax=syntax)


def transfer(identifier: str = IBAN, *, means: str = "30", bic: str = "", scheme: str | None = None) -> PaymentMeans:
    account = Account(identifier=(Term(identifier, scheme),) if identifier else (), bic=(Term(bic),) if bic else ())
    return PaymentMeans(code=(Term(means),), accounts=(account,))


def invoice(
    *,
    seller: Terms = SUPPLIER,
    buyer: Terms = RECIPIENT,
    means: tuple[PaymentMeans, ...] = (),
) -> Invoice:
    return Invoice(
        sellers=(Party(identifiers=seller),),
        buyers=(Party(identifiers=buyer),),
        payment_means=means,
    )


def codes_of(subject: Invoice, family: Family = Family.AFNOR, syntax: Syntax | None = None) -> list[str]:
    return [seen.code for seen in check_identity(subject, context(family, syntax))]


@pytest.mark.parametrize("family", Family)
def test_a_good_invoice_gives_no_observation(family: Family) -> None:
    assert codes_of(invoice(means=(transfer(bic="BNPAFRPP"),)), family) == []


def test_an_observation_tells_term_place_and_value() -> None:
    subject = invoice(seller=(Term("SUP-1"), Term("73282932000075", "0009")))
    assert check_identity(subject, context()) == (
        Observation(
            code="SIRET_CHECKSUM", term="BT-29", place=("sellers", 0, "identifiers", 1), found="73282932000075"
        ),
    )


@pytest.mark.parametrize(
    ("role", "field", "term"),
    [
        ("sellers", "identifiers", "BT-29"),
        ("sellers", "legal_identifiers", "BT-30"),
        ("buyers", "identifiers", "BT-46"),
        ("buyers", "legal_identifiers", "BT-47"),
        ("payees", "identifiers", "BT-60"),
        ("payees", "legal_identifiers", "BT-61"),
    ],
)
def test_every_party_is_judged_on_private_and_legal_identifiers(role: str, field: str, term: str) -> None:
    subject = Invoice(**{role: (Party(**{field: (Term("73282932000075", "1"),)}),)})  # type: ignore[arg-type]
    seen = [(each.term, each.place) for each in check_identity(subject, context()) if each.code == "SIRET_CHECKSUM"]
    assert seen == [(term, (role, 0, field, 0))]


@pytest.mark.parametrize(
    ("family", "detail"),
    [(Family.AFNOR, "BR-FR-09"), (Family.LEGACY, None)],
)
def test_the_official_rule_is_named_in_its_own_family_only(family: Family, detail: str | None) -> None:
    (seen,) = check_identity(invoice(seller=(Term("123", "0009"),)), context(family))
    assert (seen.code, seen.detail) == ("SIRET_FORM", detail)


@pytest.mark.parametrize(
    ("family", "service", "code"),
    [
        (Family.LEGACY, "D0123", "SIRET_ZEROS_STATE"),  # a State body that its executing service names
        (Family.LEGACY, "", "SIRET_ZEROS_RECIPIENT"),
        (Family.AFNOR, "D0123", "SIRET_ZEROS_RECIPIENT"),  # the reform's directory knows no zeros
    ],
)
def test_a_recipient_of_zeros_needs_legacy_chorus_and_a_service(family: Family, service: str, code: str) -> None:
    buyer = Party(identifiers=(Term("0" * 14, "1"),), contacts=(Contact(identifier=(Term(service),)),))
    subject = Invoice(sellers=(Party(identifiers=(Term("73282932000074", "1"),)),), buyers=(buyer,))
    assert codes_of(subject, family) == [code]


@pytest.mark.parametrize(
    ("country", "codes"),
    [
        ("FR", ["SIRET_CHECKSUM"]),
        ("HR", []),  # some Croatian number
    ],
)
def test_fourteen_digits_without_a_scheme_are_judged_in_france_only(country: str, codes: list[str]) -> None:
    buyer = Party(identifiers=(Term("12346830600751"),), addresses=(Address(country=(Term(country),)),))
    subject = Invoice(sellers=(Party(identifiers=SUPPLIER),), buyers=(buyer,))
    assert [code for code in codes_of(subject) if code != "SIRET_MISSING"] == codes


def test_a_supplier_of_zeros_is_nobody_even_with_a_service() -> None:
    buyer = (Term("11000201100044", "0009"), Term("D0123", "0224"))
    assert codes_of(invoice(seller=(Term("0" * 14, "1"),), buyer=buyer), Family.LEGACY) == ["SIRET_ZEROS"]


@pytest.mark.parametrize(
    ("seller", "buyer", "codes"),
    [
        ((), (Term("11000201100044", "1"),), ["SUPPLIER_ID_MISSING"]),
        ((Term(" "),), (Term("11000201100044", "1"),), ["SUPPLIER_ID_MISSING"]),  # present and empty
        ((Term("US12 ACME", "3"),), (Term("11000201100044", "1"),), []),  # outside the Union: no SIRET to ask for
        ((Term("73282932000074", "1"),), (), ["SIRET_MISSING"]),
        ((Term("73282932000074", "1"),), (Term("FR44732829320", "2"),), ["SIRET_MISSING"]),  # not a SIRET
    ],
)
def test_chorus_asks_for_a_supplier_and_for_the_siret_of_the_recipient(
    seller: Terms, buyer: Terms, codes: list[str]
) -> None:
    assert codes_of(invoice(seller=seller, buyer=buyer), Family.LEGACY) == codes


@pytest.mark.parametrize("field", ["identifiers", "legal_identifiers", "vat_identifiers", "tax_registrations"])
def test_a_supplier_may_be_identified_in_any_way(field: str) -> None:
    seller = Party(**{field: (Term("X1"),)})  # type: ignore[arg-type]
    subject = Invoice(sellers=(seller,), buyers=(Party(legal_identifiers=RECIPIENT),))
    assert codes_of(subject, Family.LEGACY) == []


@pytest.mark.parametrize(("role", "term"), [("sellers", "BT-31"), ("buyers", "BT-48")])
def test_a_vat_number_is_told_under_the_term_of_its_party(role: str, term: str) -> None:
    subject = Invoice(**{role: (Party(vat_identifiers=(Term("FR84323140391"),)),)})  # type: ignore[arg-type]
    seen = [(each.term, each.place) for each in check_identity(subject, context()) if each.code == "VAT_CHECKSUM"]
    assert seen == [(term, (role, 0, "vat_identifiers", 0))]


def test_an_empty_invoice_is_judged_too() -> None:
    assert codes_of(Invoice()) == ["SUPPLIER_ID_MISSING", "SIRET_MISSING"]


@pytest.mark.parametrize(
    ("means", "legacy", "afnor"),
    [
        ("30", ["IBAN_MISSING"], ["IBAN_MISSING"]),  # credit transfer
        ("31", ["IBAN_MISSING"], []),  # debit transfer, Chorus only
        ("42", ["IBAN_MISSING"], []),  # bank account, Chorus only
        ("58", [], ["IBAN_MISSING"]),  # SEPA transfer, BR-61
        ("48", [], []),  # card
        ("59", [], []),  # SEPA direct debit: the buyer's account is debited
    ],
)
def test_some_payment_means_demand_an_account(means: str, legacy: list[str], afnor: list[str]) -> None:
    subject = invoice(means=(transfer("", means=means),))
    assert codes_of(subject, Family.LEGACY) == legacy
    assert codes_of(subject, Family.AFNOR) == afnor


@pytest.mark.parametrize("syntax", [Syntax.PIVOT, Syntax.MIXTE])
def test_the_bank_reference_of_a_cpp_document_is_optional(syntax: Syntax) -> None:
    assert codes_of(invoice(means=(transfer("", means="31"),)), Family.LEGACY, syntax) == []


@pytest.mark.parametrize(
    ("said", "codes"),
    [("Recyclée", ["DUPLICATE_EXEMPT"]), ("Complétée", ["DUPLICATE_EXEMPT"]), ("Non", []), ("", [])],
)
def test_an_invoice_that_is_sent_again_says_so(said: str, codes: list[str]) -> None:
    subject = replace(invoice(), resubmission=(Term(said),))
    assert codes_of(subject, Family.LEGACY, Syntax.PIVOT) == codes


@pytest.mark.parametrize(
    ("account", "means", "scheme", "syntax", "codes"),
    [
        ("FR1420041010050500013M02605", "30", None, Syntax.UBL, ["IBAN_CHECKSUM"]),  # by its shape
        ("20041010050500013M02606", "30", None, Syntax.UBL, ["IBAN_NOT_CLAIMED"]),  # a national number
        ("20041010050500013M02606", "58", None, Syntax.UBL, ["IBAN_CHARACTERS"]),  # a SEPA transfer goes to an IBAN
        ("20041010050500013M02606", "30", "IBAN", Syntax.UBL, ["IBAN_CHARACTERS"]),  # by its scheme
        ("20041010050500013M02606", "30", None, Syntax.CII, ["IBAN_CHARACTERS"]),  # by its slot, IBANID
        (" ", "49", None, Syntax.CII, []),  # empty
    ],
)
def test_an_account_claims_to_be_an_iban_by_shape_means_scheme_or_slot(
    account: str, means: str, scheme: str | None, syntax: Syntax, codes: list[str]
) -> None:
    assert codes_of(invoice(means=(transfer(account, means=means, scheme=scheme),)), syntax=syntax) == codes


@pytest.mark.parametrize(
    ("scheme", "codes"),
    [
        (' schemeID="IBAN"', ["IBAN_CHARACTERS"]),
        ("", ["IBAN_NOT_CLAIMED"]),  # a national number
    ],
)
def test_an_account_of_ubl_claims_to_be_an_iban_by_its_scheme(scheme: str, codes: list[str]) -> None:
    root = ubl(
        "<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cac:PayeeFinancialAccount>"
        f"<cbc:ID{scheme}>20041010050500013M02606</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>"
    )
    (subject,) = UBL.read(root)
    seen = check_identity(subject, context(syntax=Syntax.UBL))
    assert [each.code for each in seen if each.code.startswith("IBAN_")] == codes


def test_a_number_in_the_slot_for_other_numbers_is_told_only() -> None:
    means = PaymentMeans(code=(Term("30"),), accounts=(Account(proprietary=(Term("FR1420041010050500013M02605"),)),))
    assert codes_of(invoice(means=(means,)), syntax=Syntax.CII) == ["IBAN_NOT_CLAIMED"]


def test_the_debited_account_is_never_judged() -> None:
    means = PaymentMeans(code=(Term("59"),), debited_account=(Term("FRDEBIT"), Term("FR1420041010050500013M02605")))
    assert codes_of(invoice(means=(means,))) == []


def test_an_observation_never_holds_an_account_in_full() -> None:
    for number in ("FR1420041010050500013M02605", "fr14 2004 1010 0505 0001 3M02 605", "20041010050500013M02606"):
        for seen in check_identity(invoice(means=(transfer(number),)), context()):
            assert "20041010" not in repr(seen)


def test_every_account_has_its_place() -> None:
    subject = invoice(means=(transfer(), transfer("FR1420041010050500013M02605")))
    (seen,) = check_identity(subject, context())
    assert (seen.place, seen.found) == (("payment_means", 1, "accounts", 0, "identifier", 0), "FR…2605")


@pytest.mark.parametrize(
    ("bic", "codes"),
    [
        ("BNPAFRPP", []),
        ("SOCBPFTX", []),  # French Polynesia
        ("AGRIFRPP8", ["BIC_FORM"]),
        ("DEUTDEFF", ["BIC_COUNTRY"]),
        (" ", []),  # empty
    ],
)
def test_the_bic_is_of_the_country_of_the_iban(bic: str, codes: list[str]) -> None:
    assert codes_of(invoice(means=(transfer(bic=bic),))) == codes


def test_without_an_iban_the_bic_is_judged_alone() -> None:
    assert codes_of(invoice(means=(transfer("12345678", bic="DEUTDEFF"),))) == ["IBAN_NOT_CLAIMED"]


def test_a_party_too_heavy_to_remember_is_judged_alike() -> None:
    heavy = (Term("x" * (REMEMBERED_CHARACTERS + 1)), Term("73282932000075", "0009"))
    assert codes_of(invoice(seller=heavy)) == codes_of(invoice(seller=heavy[1:])) == ["SIRET_CHECKSUM"]


def test_a_fault_repeated_without_end_is_told_a_bounded_number_of_times() -> None:
    seller = (Term("73282932000075", "0009"),) * 1_000
    codes = codes_of(invoice(seller=seller, means=(transfer("FR1420041010050500013M02605"),)))
    assert codes == ["SIRET_CHECKSUM"] * TOLD_PER_CODE + ["IBAN_CHECKSUM"]


def test_an_identifier_without_end_is_quoted_in_part() -> None:
    endless = (Term("1" * 1_000_000, "0009"),)
    (seen,) = check_identity(invoice(seller=endless, means=(transfer(bic="B" * 1_000_000),)), context())[:1]
    assert seen.code == "SIRET_FORM"
    assert len(seen.found or "") <= LONGEST_QUOTE


texts = st.text(max_size=40) | st.sampled_from([IBAN, "73282932000074", "0" * 14, "FR40303265045"])
terms = st.lists(
    st.builds(Term, texts, st.sampled_from([None, "", "0009", "1", "0002", "0224", "IBAN"])), max_size=3
).map(tuple)
parties = st.builds(Party, identifiers=terms, legal_identifiers=terms, vat_identifiers=terms)
accounts = st.builds(Account, identifier=terms, proprietary=terms, bic=terms)
means_of_payment = st.builds(PaymentMeans, code=terms, accounts=st.lists(accounts, max_size=2).map(tuple))
invoices = st.builds(
    Invoice,
    cadre=terms,
    sellers=st.lists(parties, max_size=2).map(tuple),
    buyers=st.lists(parties, max_size=2).map(tuple),
    payees=st.lists(parties, max_size=2).map(tuple),
    payment_means=st.lists(means_of_payment, max_size=2).map(tuple),
)


@given(invoices, st.sampled_from(Family), st.sampled_from(Syntax))
def test_whatever_the_document_holds_the_layer_answers_with_its_own_codes(
    subject: Invoice, family: Family, syntax: Syntax
) -> None:
    for seen in check_identity(subject, context(family, syntax)):
        assert CODES[seen.code].layer is LayerName.IDENTITY
