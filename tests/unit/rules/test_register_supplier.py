"""The supplier against structure sheets and SIRENE."""

from dataclasses import replace
from datetime import date

import pytest

from flux.model.interface import Family
from flux.model.register import Establishment, IdentifierType, RegisterSource, StructureId, Validity
from flux.model.term import Term
from tests.fakes.register import FakeRegister, source
from tests.unit.rules.register_cases import (
    ALWAYS,
    FROM_TOMORROW,
    SINCE_YESTERDAY,
    SUCCESSOR,
    SUPPLIER,
    SUPPLIER_SIRET,
    UNTIL_SUMMER,
    UNTIL_YESTERDAY,
    ask,
    codes,
    invoice,
    party,
)

SUPPLIERS, SIRENE = RegisterSource.SUPPLIERS, RegisterSource.SIRENE
REOPENED = (*UNTIL_SUMMER, *SINCE_YESTERDAY)
CLOSED = Establishment(siret=SUPPLIER_SIRET, closed_on=date(2026, 7, 1), successor=SUCCESSOR)
CLOSED_TODAY = Establishment(siret=SUPPLIER_SIRET, closed_on=date(2026, 11, 23))
CLOSING_SOON = Establishment(siret=SUPPLIER_SIRET, closed_on=date(2026, 12, 1))
OPEN = Establishment(siret=SUPPLIER_SIRET)


@pytest.mark.parametrize("family", Family)
def test_a_supplier_that_is_known_and_active_gives_nothing(family: Family) -> None:
    register = FakeRegister.of(SUPPLIER, OPEN)
    assert codes(SUPPLIERS, register, invoice(), family) == codes(SIRENE, register, invoice(), family) == []


@pytest.mark.parametrize(
    ("active", "found"),
    [
        (ALWAYS, []),
        (UNTIL_SUMMER, ["SIRET_CLOSED"]),
        (UNTIL_YESTERDAY, ["SIRET_CLOSED_SINCE"]),  # what was open at the date of the invoice is owed
        (SINCE_YESTERDAY, []),  # created between the invoice and today: Chorus Pro takes it
        (REOPENED, ["SIRET_CLOSED"]),
        (FROM_TOMORROW, ["SIRET_CLOSED"]),
        ((), ["SIRET_CLOSED"]),  # never was active
    ],
)
def test_activity_is_asked_for_the_day_of_the_invoice(active: tuple[Validity, ...], found: list[str]) -> None:
    assert codes(SUPPLIERS, FakeRegister.of(replace(SUPPLIER, active=active)), invoice()) == found


@pytest.mark.parametrize("issued", ["", "le 20 novembre", "2026-12-24"])
def test_an_invoice_of_no_day_or_of_one_to_come_is_asked_for_today(issued: str) -> None:
    ending = (Validity(end=date(2026, 12, 1)),)
    assert codes(SUPPLIERS, FakeRegister.of(replace(SUPPLIER, active=ending)), invoice(issued=issued)) == []


def test_a_siret_that_no_sheet_bears_is_unknown_and_tells_its_place() -> None:
    (seen,) = ask(SUPPLIERS, FakeRegister.of(), invoice())
    assert (seen.code, seen.term, seen.place) == ("SIRET_UNKNOWN", "BT-29", ("sellers", 0, "identifiers", 0))
    assert seen.found == SUPPLIER_SIRET


def test_sirene_explains_an_unknown_siret() -> None:
    (seen,) = ask(SUPPLIERS, FakeRegister.of(CLOSED), invoice())
    assert (seen.code, dict(seen.facts)) == ("SIRET_UNKNOWN", {"closed_on": "2026-07-01", "successor": SUCCESSOR})


def test_the_successor_of_a_closed_siret_is_named() -> None:
    (seen,) = ask(SUPPLIERS, FakeRegister.of(replace(SUPPLIER, active=UNTIL_SUMMER), CLOSED), invoice())
    assert dict(seen.facts) == {"day": "2026-11-20", "closed_on": "2026-07-01", "successor": SUCCESSOR}


def test_a_closure_that_only_the_sheet_knows_is_dated_by_it() -> None:
    (seen,) = ask(SUPPLIERS, FakeRegister.of(replace(SUPPLIER, active=UNTIL_SUMMER)), invoice())
    assert dict(seen.facts) == {"day": "2026-11-20", "closed_on": "2026-07-01"}


@pytest.mark.parametrize(
    ("establishment", "found"),
    [(OPEN, []), (CLOSED, ["SIRET_CLOSED"]), (CLOSED_TODAY, ["SIRET_CLOSED_SINCE"]), (CLOSING_SOON, [])],
)
def test_sirene_catches_what_the_sheets_believe_active(establishment: Establishment, found: list[str]) -> None:
    assert codes(SIRENE, FakeRegister.of(SUPPLIER, establishment), invoice()) == found


def test_what_the_sheets_say_is_not_said_again_by_sirene() -> None:
    register = FakeRegister.of(replace(SUPPLIER, active=UNTIL_SUMMER), CLOSED)
    assert (codes(SUPPLIERS, register, invoice()), codes(SIRENE, register, invoice())) == (["SIRET_CLOSED"], [])


def test_sirene_alone_still_catches_the_closed() -> None:
    assert codes(SIRENE, FakeRegister.of(CLOSED, states=(source(SIRENE),)), invoice()) == ["SIRET_CLOSED"]


def test_a_stale_sirene_is_not_asked() -> None:
    register = FakeRegister.of(CLOSED, states=(source(SUPPLIERS), source(SIRENE, is_stale=True)))
    assert [seen.facts for seen in ask(SUPPLIERS, register, invoice())] == [()]


def test_a_public_entity_that_sells_is_a_known_structure() -> None:
    seller = replace(SUPPLIER, is_supplier=False, is_public=True)
    assert codes(SUPPLIERS, FakeRegister.of(seller), invoice()) == []


@pytest.mark.parametrize(
    ("scheme", "kind", "value", "country"),
    [
        ("0223", IdentifierType.EU_VAT, "DE136695976", "DE"),
        ("2", IdentifierType.EU_VAT, "DE136695976", "DE"),
        ("0227", IdentifierType.OUTSIDE_EU, "USACMECORPORATIO", "US"),
        ("0228", IdentifierType.RIDET, "0123456789", "NC"),
        ("0229", IdentifierType.TAHITI, "123456789", "PF"),
        ("7", IdentifierType.INDIVIDUAL, "1850775056DUPONT", "FR"),
    ],
)
def test_other_identifiers_are_looked_up_in_the_sheets_alone(
    scheme: str, kind: IdentifierType, value: str, country: str
) -> None:
    subject = invoice(seller=party(Term(value, scheme), country=country))
    known = replace(SUPPLIER, id=StructureId(kind, value), country=country)
    closed, since = replace(known, active=UNTIL_SUMMER), replace(known, active=UNTIL_YESTERDAY)
    for register, found in (
        (FakeRegister.of(replace(known, accounts=SUPPLIER.accounts)), []),
        (FakeRegister.of(), ["SUPPLIER_UNKNOWN"]),
        (FakeRegister.of(closed), ["SUPPLIER_CLOSED"]),
        (FakeRegister.of(since), ["SUPPLIER_CLOSED_SINCE"]),
    ):
        assert codes(SUPPLIERS, register, subject) == found


@pytest.mark.parametrize("written", ["DE136695976", "DE 136 695 976", "de136695976"])
def test_a_foreign_supplier_that_gives_its_vat_number_alone_is_known_by_it(written: str) -> None:
    subject = invoice(seller=party(country="DE", vat=(Term(written),)))
    known = replace(SUPPLIER, id=StructureId(IdentifierType.EU_VAT, "DE136695976"), country="DE")
    assert codes(SUPPLIERS, FakeRegister.of(known), subject) == []


def test_of_a_person_the_identifier_is_not_told() -> None:
    subject = invoice(seller=party(Term("1850775056DUPONT", "0226")))
    (seen,) = ask(SUPPLIERS, FakeRegister.of(), subject)
    assert seen.found == "1…"


def test_a_supplier_being_registered_may_be_unknown() -> None:
    assert codes(SUPPLIERS, FakeRegister.of(), invoice(seller=party(Term("EN COURS", "6")))) == ["SUPPLIER_PENDING"]


@pytest.mark.parametrize("seller", [party(), party(Term("732829320", "0002")), party(Term("CLIENT-12"))])
def test_a_supplier_that_no_kind_of_identifier_names_cannot_be_looked_up(seller: object) -> None:
    subject = invoice(seller=seller)  # type: ignore[arg-type]  # parties, whatever the parametrisation says
    (seen,) = ask(SUPPLIERS, FakeRegister.of(SUPPLIER), subject)
    assert (seen.code, seen.detail) == ("BR-FR-CPRO-03", "SUPPLIER_UNIDENTIFIED")
    assert codes(SUPPLIERS, FakeRegister.of(SUPPLIER), subject, Family.LEGACY) == ["SUPPLIER_UNIDENTIFIED"]


def test_zeros_are_nobody_and_are_not_looked_up() -> None:
    register = FakeRegister.of()
    assert codes(SUPPLIERS, register, invoice(seller=party(Term("0" * 14, "0009")))) == []
    assert [each.value for each in register.asked] == ["11000201100044"]


@pytest.mark.parametrize(("family", "detail"), [(Family.AFNOR, "BR-FR-CPRO-09"), (Family.LEGACY, None)])
def test_the_official_rule_that_says_the_same_is_named_in_its_family(family: Family, detail: str | None) -> None:
    (seen,) = ask(SUPPLIERS, FakeRegister.of(), invoice(), family)
    assert seen.detail == detail
