"""Accounts on a sheet: declared, approved by somebody else, closed by a date; and what imports then do to them."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from flux.errors import RegisterError
from flux.model.register import DeclaredAccount, Validity
from flux.register.accounts import (
    AccountLine,
    approve_accounts,
    close_account,
    declare_account,
    list_accounts,
    pending_of,
)
from flux.register.database import Database, prepare_database
from flux.register.importing import import_file
from tests.contract.register_desk import IBAN, NOON, OTHER_IBAN, account, directory, order, siret, supplier, suppliers

LATER = NOON + timedelta(days=7)
MUCH_LATER = NOON + timedelta(days=60)


@pytest.fixture
def database(register_url: str) -> Iterator[Database]:
    opened = prepare_database(register_url)
    import_file(opened, suppliers(supplier()), order())
    yield opened
    opened.close()


def declare(database: Database, declared: DeclaredAccount | None = None, *, four_eyes: bool = True) -> AccountLine:
    return declare_account(database, siret(), declared or account(), by="marie", at=NOON, four_eyes=four_eyes)


def approve(database: Database, *numbers: int, by: str = "paul", four_eyes: bool = True) -> tuple[AccountLine, ...]:
    return approve_accounts(database, numbers, by=by, at=LATER, four_eyes=four_eyes)


def sheet(database: Database) -> list[DeclaredAccount]:
    return [line.account for line in list_accounts(database, siret())]


@pytest.mark.parametrize(("four_eyes", "expected"), [(True, False), (False, True)])
def test_a_declared_account_counts_at_once_unless_four_eyes_are_asked_for(
    database: Database, *, four_eyes: bool, expected: bool
) -> None:
    assert declare(database, four_eyes=four_eyes).account.is_approved is expected


def test_an_account_counts_once_somebody_else_approved_it(database: Database) -> None:
    (line,) = approve(database, declare(database).number)
    assert (line.account.declared_by, line.account.approved_by, line.account.approved_at) == ("marie", "paul", LATER)
    assert sheet(database) == [line.account]


@pytest.mark.parametrize("name", ["marie", " Marie ", "MARIE"])
def test_who_declared_it_cannot_approve_it(database: Database, name: str) -> None:
    number = declare(database).number
    with pytest.raises(RegisterError, match="somebody else must approve it"):
        approve(database, number, by=name)
    assert not sheet(database)[0].is_approved


@pytest.mark.parametrize("name", ["marie", "zoe"], ids=["who imported it", "in whose name it was declared"])
def test_neither_who_imported_an_account_nor_its_declarer_can_approve_it(database: Database, name: str) -> None:
    act, _ = import_file(database, suppliers(supplier(account(declared_by="zoe"))), order(by="marie", four_eyes=True))
    (number,) = pending_of(database, act)
    with pytest.raises(RegisterError, match="somebody else must approve it"):
        approve(database, number, by=name)
    assert approve(database, number, by="paul")[0].account.is_approved


def test_without_four_eyes_anybody_may_approve_what_waits(database: Database) -> None:
    assert approve(database, declare(database).number, by="marie", four_eyes=False)[0].account.is_approved


def test_accounts_are_approved_together_or_not_at_all(database: Database) -> None:
    first, second = declare(database), declare(database, account(OTHER_IBAN))
    approve(database, first.number)
    with pytest.raises(RegisterError):
        approve(database, second.number, first.number)
    assert [each.is_approved for each in sheet(database) if each.number == OTHER_IBAN] == [False]


@pytest.mark.parametrize("number", [0, 4711])
def test_an_account_that_does_not_exist_is_refused(database: Database, number: int) -> None:
    with pytest.raises(RegisterError, match="there is no account"):
        approve(database, number)


def test_what_was_changed_since_it_was_looked_at_is_not_approved(database: Database) -> None:
    line = declare(database)
    close_account(database, line.number, date(2026, 12, 31), by="zoe", at=NOON)
    with pytest.raises(RegisterError, match="was changed meanwhile"):
        approve(database, line.number)


def test_a_supplier_that_is_unknown_or_only_a_public_entity_has_no_sheet(database: Database) -> None:
    entity = supplier(identifier=siret("11000201100044"))
    import_file(database, directory(entity), order())
    for identifier in (entity.id, siret("81034732800017")):
        with pytest.raises(RegisterError, match="import its sheet first"):
            declare_account(database, identifier, account(), by="marie", at=NOON, four_eyes=False)


def test_the_same_account_is_not_declared_twice_for_the_same_days(database: Database) -> None:
    line = declare(database)
    with pytest.raises(RegisterError, match=f"already, as number {line.number}"):
        declare(database, account(validity=Validity(start=date(2027, 1, 1))))


def test_it_is_declared_again_for_other_days(database: Database) -> None:
    declare(database, account(validity=Validity(end=date(2026, 12, 31))))
    declare(database, account(validity=Validity(start=date(2027, 1, 1))))
    assert len(sheet(database)) == 2


def test_a_closed_account_keeps_its_days_before_and_its_approval(database: Database) -> None:
    (line,) = approve(database, declare(database).number)
    closed = close_account(database, line.number, date(2026, 12, 31), by="zoe", at=LATER).account
    assert closed.validity == Validity(end=date(2026, 12, 31))
    assert closed.approved_by == "paul"


def test_what_ended_is_not_brought_back_by_another_date(database: Database) -> None:
    line = declare(database, account(validity=Validity(end=date(2026, 10, 1))))
    with pytest.raises(RegisterError, match="ended on 2026-10-01"):
        close_account(database, line.number, date(2026, 12, 31), by="zoe", at=NOON)


def test_only_what_waits_is_listed_where_asked(database: Database) -> None:
    declare(database)
    declare(database, account(OTHER_IBAN), four_eyes=False)
    assert [line.account.number for line in list_accounts(database, pending_only=True)] == [IBAN]


@pytest.mark.parametrize(("four_eyes", "expected"), [(True, False), (False, True)])
def test_an_imported_account_counts_as_a_declared_one_does(
    database: Database, *, four_eyes: bool, expected: bool
) -> None:
    import_file(database, suppliers(supplier(account())), order(four_eyes=four_eyes))
    assert [each.is_approved for each in sheet(database)] == [expected]


def test_an_approved_account_that_comes_again_stays_approved(database: Database) -> None:
    act, _ = import_file(database, suppliers(supplier(account())), order(four_eyes=True))
    approve(database, *pending_of(database, act))
    import_file(database, suppliers(supplier(account())), order(at=MUCH_LATER, four_eyes=True))
    assert [each.approved_by for each in sheet(database)] == ["paul"]


def test_one_that_only_ends_sooner_stays_approved(database: Database) -> None:
    act, _ = import_file(database, suppliers(supplier(account())), order(four_eyes=True))
    approve(database, *pending_of(database, act))
    ending = account(validity=Validity(end=date(2027, 1, 31)))
    import_file(database, suppliers(supplier(ending)), order(at=MUCH_LATER, four_eyes=True))
    assert [(each.validity.end, each.approved_by) for each in sheet(database)] == [(date(2027, 1, 31), "paul")]


def test_one_whose_bic_changed_must_be_approved_again(database: Database) -> None:
    act, _ = import_file(database, suppliers(supplier(account())), order(four_eyes=True))
    approve(database, *pending_of(database, act))
    import_file(database, suppliers(supplier(account(bic="BNPAFRPP"))), order(at=MUCH_LATER, four_eyes=True))
    assert [(each.bic, each.is_approved) for each in sheet(database)] == [("BNPAFRPP", False)]


def test_a_full_file_leaves_an_account_that_a_person_declared(database: Database) -> None:
    declare(database, four_eyes=False)
    import_file(database, suppliers(supplier()), order(at=MUCH_LATER))
    assert [each.validity for each in sheet(database)] == [Validity()]


def test_a_file_that_still_names_it_does_not_open_an_account_that_a_person_closed(database: Database) -> None:
    import_file(database, suppliers(supplier(account())), order())
    (line,) = list_accounts(database, siret())
    close_account(database, line.number, date(2026, 11, 30), by="zoe", at=LATER)
    import_file(database, suppliers(supplier(account())), order(at=MUCH_LATER))
    assert [each.validity.end for each in sheet(database)] == [date(2026, 11, 30)]


def test_an_account_that_comes_goes_and_comes_again_in_a_day_is_new_that_day(database: Database) -> None:
    for file in (supplier(account()), supplier(), supplier(account())):
        import_file(database, suppliers(file), order(at=LATER))
    assert [each.validity for each in sheet(database)] == [Validity(start=LATER.date())]
