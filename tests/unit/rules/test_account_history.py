"""Accounts that changed, and accounts that several suppliers bear."""

from datetime import UTC, datetime, timedelta

import pytest

from flux.model.finding import Observation
from flux.model.settlement import AccountUse, PastUse
from flux.rules.account_history import INVOICES_OF_CARE, AccountHistory

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ACME, OTHER, THIRD = "732829320", "552008443", "0223:DE136695976"
MAIN, NEW = AccountUse(ACME, "main"), AccountUse(ACME, "new")


def past(use: AccountUse, uses: int = 10, *, first: int = -300, last: int = -1) -> PastUse:
    """A use since so many days, until so many days ago."""
    return PastUse(
        use=use, first_used_at=NOON + timedelta(days=first), last_used_at=NOON + timedelta(days=last), uses=uses
    )


def judge(*known: PastUse, asks: tuple[AccountUse, ...], beside: tuple[AccountUse, ...] = ()) -> list[Observation]:
    return list(AccountHistory(known, (*asks, *beside)).judge(asks))


@pytest.mark.parametrize(
    ("known", "asked", "is_changed"),
    [
        ((), MAIN, False),  # a first-ever account is no change
        ((past(MAIN),), MAIN, False),
        ((past(MAIN),), NEW, True),
        # new for the first invoices, then the supplier's own
        ((past(MAIN), past(NEW, INVOICES_OF_CARE - 1, first=-2)), NEW, True),
        ((past(MAIN), past(NEW, INVOICES_OF_CARE, first=-2)), NEW, False),
        # the old one is no change once more
        ((past(MAIN), past(NEW, 1, first=-2)), MAIN, False),
        ((past(MAIN, 1), past(NEW, 1, first=-2)), MAIN, False),
        # two that came together
        ((past(MAIN, 1), past(NEW, 1)), NEW, False),
        # what others do is no change of this supplier
        ((past(AccountUse(OTHER, "theirs")),), MAIN, False),
    ],
)
def test_an_account_is_changed_while_it_is_new_beside_an_older_one(
    known: tuple[PastUse, ...], asked: AccountUse, *, is_changed: bool
) -> None:
    assert [seen.code for seen in judge(*known, asks=(asked,))] == (["ACCOUNT_CHANGED"] if is_changed else [])


def test_a_change_tells_until_when_the_other_account_was_used() -> None:
    (seen,) = judge(past(MAIN, last=-20), past(AccountUse(ACME, "older"), last=-90), asks=(NEW,))
    assert seen.facts == (("last_used", "2026-10-31"),)


@pytest.mark.parametrize(
    ("known", "beside", "suppliers"),
    [
        ((past(MAIN),), (), None),
        ((past(MAIN), past(AccountUse(OTHER, "main"))), (), "1"),
        ((past(AccountUse(OTHER, "main")), past(AccountUse(THIRD, "main"))), (), "2"),
        ((), (AccountUse(OTHER, "main"),), "1"),  # in the same flow
        ((past(AccountUse(OTHER, "theirs")),), (AccountUse(OTHER, "theirs"),), None),
    ],
)
def test_an_account_is_shared_where_another_supplier_bears_it(
    known: tuple[PastUse, ...], beside: tuple[AccountUse, ...], suppliers: str | None
) -> None:
    shared = [dict(seen.facts) for seen in judge(*known, asks=(MAIN,), beside=beside) if seen.code == "ACCOUNT_SHARED"]
    assert shared == ([{"suppliers": suppliers}] if suppliers else [])


def test_nothing_of_the_other_suppliers_is_named() -> None:
    (seen,) = judge(past(AccountUse(OTHER, "main")), asks=(MAIN,))
    assert OTHER not in repr(seen)


def test_each_is_told_once_for_an_invoice_of_several_accounts() -> None:
    known = (past(AccountUse(ACME, "old")), past(AccountUse(OTHER, "main")), past(AccountUse(OTHER, "new")))
    assert [seen.code for seen in judge(*known, asks=(MAIN, NEW))] == ["ACCOUNT_CHANGED", "ACCOUNT_SHARED"]
