"""The payee's account against the supplier's sheet."""

from dataclasses import replace
from datetime import date

import pytest

from flux.model.account_hash import hash_account
from flux.model.invoice import Account, PaymentMeans
from flux.model.register import AccountKind, DeclaredAccount, IdentifierType, RegisterSource, StructureId, Validity
from flux.model.term import Term
from flux.rules.register import check_source
from flux.rules.register_account import ACCOUNTS_LOOKED_AT, hash_accounts, payee_accounts, unify
from tests.fakes.register import FakeRegister
from tests.unit.rules.register_cases import (
    GERMAN_IBAN,
    IBAN,
    LAST_WEEK,
    OTHER_IBAN,
    SUPPLIER,
    ask,
    codes,
    context,
    declared,
    invoice,
    means,
    party,
)

SUPPLIERS = RegisterSource.SUPPLIERS
FACTOR_SIRET = "35600000000048"
OLD = declared(OTHER_IBAN)
FRESH = declared(declared_at=LAST_WEEK, approved_at=LAST_WEEK, validity=Validity(start=date(2026, 11, 16)))
FACTORED = declared(factor=FACTOR_SIRET)
RIB = declared(IBAN[4:], kind=AccountKind.RIB)


def found_of(*accounts: DeclaredAccount, pays: PaymentMeans | None = None) -> list[str]:
    return codes(SUPPLIERS, FakeRegister.of(replace(SUPPLIER, accounts=accounts)), invoice(pays=pays))


@pytest.mark.parametrize(
    ("accounts", "found"),
    [
        ((declared(),), []),
        ((OLD, declared()), []),
        ((), ["IBAN_NOT_DECLARED"]),
        ((OLD,), ["IBAN_NOT_DECLARED"]),
        # at that date
        ((declared(validity=Validity(end=date(2026, 11, 19))),), ["IBAN_NOT_DECLARED"]),
        ((declared(validity=Validity(start=date(2026, 11, 21))),), ["IBAN_NOT_DECLARED"]),
        ((declared(validity=Validity(start=date(2026, 11, 20), end=date(2026, 11, 20))),), []),
        # closed, then declared again
        ((declared(validity=Validity(end=date(2020, 1, 1))), declared()), []),
        # approved
        ((declared(approved_at=None, approved_by=""),), ["IBAN_NOT_APPROVED"]),
        # lately
        ((OLD, FRESH), ["IBAN_DECLARED_LATELY"]),
        ((FRESH,), []),  # a first account replaces none
        ((replace(OLD, approved_at=LAST_WEEK), FRESH), []),  # both came with one import of the sheet
    ],
)
def test_an_account_must_be_on_the_sheet_at_that_date(accounts: tuple[DeclaredAccount, ...], found: list[str]) -> None:
    assert found_of(*accounts) == found


@pytest.mark.parametrize("written", [IBAN, IBAN.lower(), "FR14 2004 1010 0505 0001 3M02 606", IBAN[4:]])
@pytest.mark.parametrize("sheet", [declared(), RIB], ids=["IBAN", "RIB"])
def test_a_rib_and_its_iban_are_one_account(sheet: DeclaredAccount, written: str) -> None:
    assert found_of(sheet, pays=means(written)) == []


def test_an_observation_masks_the_account_and_tells_its_place() -> None:
    (seen,) = ask(SUPPLIERS, FakeRegister.of(replace(SUPPLIER, accounts=())), invoice())
    assert (seen.term, seen.found) == ("BT-84", "FR…2606")
    assert seen.place == ("payment_means", 0, "accounts", 0, "identifier", 0)


def test_what_was_declared_lately_says_when() -> None:
    (seen,) = ask(SUPPLIERS, FakeRegister.of(replace(SUPPLIER, accounts=(OLD, FRESH))), invoice())
    assert dict(seen.facts) == {"declared_on": "2026-11-16", "days": "90"}


@pytest.mark.parametrize(("days", "found"), [(8, ["IBAN_DECLARED_LATELY"]), (7, []), (0, [])])
def test_how_long_an_account_is_new_is_a_setting(days: int, found: list[str]) -> None:
    subject = invoice()
    register = FakeRegister.of(replace(SUPPLIER, accounts=(OLD, FRESH)))
    known = context(register, subject, recent_change_days=days)
    assert [seen.code for seen in check_source(SUPPLIERS, subject, known)] == found


@pytest.mark.parametrize(
    ("payees", "found"),
    [
        ((party(Term(FACTOR_SIRET, "0009")),), []),
        ((), ["IBAN_FACTOR_PAYEE"]),
        ((party(Term("73282932000074", "0009")),), ["IBAN_FACTOR_PAYEE"]),
    ],
)
def test_an_account_of_a_factor_wants_him_as_the_payee(payees: tuple[object, ...], found: list[str]) -> None:
    register = FakeRegister.of(replace(SUPPLIER, accounts=(FACTORED,)))
    assert codes(SUPPLIERS, register, invoice(payees=payees)) == found  # type: ignore[arg-type]  # parties


def test_a_foreign_account_of_a_french_supplier_is_told_though_declared() -> None:
    assert found_of(declared(GERMAN_IBAN), pays=means(GERMAN_IBAN)) == ["IBAN_FOREIGN"]
    assert found_of(declared(), pays=means(IBAN)) == []


def test_a_foreign_supplier_has_a_foreign_account() -> None:
    german = StructureId(IdentifierType.EU_VAT, "DE136695976")
    register = FakeRegister.of(replace(SUPPLIER, id=german, country="DE", accounts=(declared(GERMAN_IBAN),)))
    seller = party(Term(german.value, "0223"), country="DE")
    assert codes(SUPPLIERS, register, invoice(seller=seller, pays=means(GERMAN_IBAN))) == []


def test_of_an_unknown_supplier_no_account_is_judged() -> None:
    assert codes(SUPPLIERS, FakeRegister.of(), invoice()) == ["SIRET_UNKNOWN"]


def test_each_account_is_judged_once_and_not_endlessly_many() -> None:
    assert found_of(OLD, pays=means(IBAN, IBAN)) == ["IBAN_NOT_DECLARED"]
    many = means(*(f"FR76{number:023d}" for number in range(500)))
    assert len(payee_accounts(invoice(pays=many))) == ACCOUNTS_LOOKED_AT


def test_a_national_number_is_an_account_too() -> None:
    slot = PaymentMeans(code=(Term("30"),), accounts=(Account(proprietary=(Term("20041 01005 0500013M026 06"),)),))
    assert found_of(RIB, pays=slot) == []
    assert found_of(OLD, pays=slot) == ["IBAN_NOT_DECLARED"]


def test_accounts_are_remembered_as_hashes_of_what_makes_them_one() -> None:
    expected = (hash_account(b"key", unify(IBAN)),)
    for pays in (means(IBAN), means(IBAN.lower()), means(IBAN[4:]), means(IBAN, IBAN[4:])):
        assert hash_accounts(invoice(pays=pays), SUPPLIER, b"key") == expected


def test_the_account_of_a_declared_factor_is_not_remembered() -> None:
    factored = replace(SUPPLIER, accounts=(FACTORED,))
    assert hash_accounts(invoice(), factored, b"key") == ()
    assert hash_accounts(invoice(), None, b"key") != ()


def test_another_key_gives_another_hash() -> None:
    assert hash_account(b"key", IBAN) != hash_account(b"other", IBAN)
    assert len(hash_account(b"key", IBAN)) == 32
