"""The contract of the history of accounts: asked before the decision, written with what was accepted."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from flux.ledger.work import SqlWorkLedger
from flux.model.flow import Flow
from flux.model.settlement import (
    AccountUse,
    FirstUses,
    FlowStatus,
    InvoiceId,
    Outcome,
    PastUse,
    PastUses,
    Settlement,
)
from tests.contract.ledger_desk import NOON, Desk, make_judgment, settlement_of

ACME, OTHER = "732829320", "0223:DE136695976"
MAIN, SECOND = "0f" * 16, "aa" * 16
A_DAY = timedelta(days=1)


def pay(
    desk: Desk,
    *uses: Sequence[AccountUse],
    outcomes: Sequence[Outcome] = (),
    status: FlowStatus | None = FlowStatus.RECEIVED,
    after: timedelta = timedelta(),
) -> PastUses:
    """Settle a flow of one invoice for each group of uses; what the ledger told the decision."""
    flow = desk.judge(*(make_judgment(ordinal) for ordinal in range(len(uses))))
    wanted = outcomes or [Outcome.ACCEPTED] * len(uses)
    return settle(
        desk,
        flow,
        {(ordinal, 0): tuple(group) for ordinal, group in enumerate(uses)},
        {(ordinal, 0): outcome for ordinal, outcome in enumerate(wanted)},
        status=status,
        after=after,
    )


def settle(
    desk: Desk,
    flow: Flow,
    accounts: Mapping[InvoiceId, tuple[AccountUse, ...]],
    outcomes: Mapping[InvoiceId, Outcome],
    *,
    status: FlowStatus | None = FlowStatus.RECEIVED,
    after: timedelta = timedelta(),
) -> PastUses:
    told: list[PastUses] = []

    def decide(_: FirstUses, past_uses: PastUses) -> Settlement:
        told.append(past_uses)
        return settlement_of(outcomes, status=status)

    work = SqlWorkLedger(desk.database, application_code="FLX001", clock=lambda: NOON + after)
    work.settle(flow, {}, accounts, decide)
    return told[0] if told else ()


def past(supplier: str, account: str, uses: int, *, last: timedelta = timedelta()) -> PastUse:
    return PastUse(use=AccountUse(supplier, account), first_used_at=NOON, last_used_at=NOON + last, uses=uses)


def test_a_first_account_has_no_past(desk: Desk) -> None:
    assert list(pay(desk, [AccountUse(ACME, MAIN)])) == []


def test_an_accepted_invoice_is_remembered_with_its_first_and_last_day(desk: Desk) -> None:
    pay(desk, [AccountUse(ACME, MAIN)])
    pay(desk, [AccountUse(ACME, MAIN)], after=A_DAY)
    assert list(pay(desk, [AccountUse(ACME, MAIN)], after=2 * A_DAY)) == [past(ACME, MAIN, 2, last=A_DAY)]


def test_the_invoices_of_one_flow_count_each(desk: Desk) -> None:
    pay(desk, *[[AccountUse(ACME, MAIN)]] * 3)
    assert list(pay(desk, [AccountUse(ACME, MAIN)])) == [past(ACME, MAIN, 3)]


def test_a_supplier_is_told_of_its_other_accounts_and_an_account_of_its_other_suppliers(desk: Desk) -> None:
    pay(desk, [AccountUse(ACME, MAIN)])
    pay(desk, [AccountUse(OTHER, SECOND)])
    pay(desk, [AccountUse("nobody", "else")])
    assert list(pay(desk, [AccountUse(ACME, SECOND)])) == [past(OTHER, SECOND, 1), past(ACME, MAIN, 1)]


@pytest.mark.parametrize("outcome", [Outcome.REJECTED, Outcome.NOT_TAKEN, Outcome.NOT_JUDGED])
def test_what_is_not_accepted_leaves_no_trace(desk: Desk, outcome: Outcome) -> None:
    pay(desk, [AccountUse(ACME, MAIN)], [AccountUse(ACME, SECOND)], outcomes=[outcome, Outcome.ACCEPTED])
    assert list(pay(desk, [AccountUse(ACME, MAIN)])) == [past(ACME, SECOND, 1)]


def test_a_flow_that_is_held_leaves_no_trace(desk: Desk) -> None:
    pay(desk, [AccountUse(ACME, MAIN)], status=None)
    assert list(pay(desk, [AccountUse(ACME, MAIN)])) == []


def test_a_decision_that_fails_leaves_no_trace(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0))

    def fail(*_: object) -> Settlement:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        desk.work.settle(flow, {}, {(0, 0): (AccountUse(ACME, MAIN),)}, fail)
    assert list(pay(desk, [AccountUse(ACME, MAIN)])) == []


def test_a_flow_settled_twice_counts_once(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0))
    for _ in range(2):
        settle(desk, flow, {(0, 0): (AccountUse(ACME, MAIN),)}, {(0, 0): Outcome.ACCEPTED})
    assert list(pay(desk, [AccountUse(ACME, MAIN)])) == [past(ACME, MAIN, 1)]


def test_thousands_of_suppliers_are_asked_for_at_once(desk: Desk) -> None:
    uses = [[AccountUse(f"S{number:05d}", f"{number:032x}")] for number in range(2_500)]
    assert list(pay(desk, *uses)) == []
    assert len(pay(desk, *uses)) == 2_500
