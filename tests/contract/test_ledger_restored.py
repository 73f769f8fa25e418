"""What a ledger out of a backup does not do by itself."""

import pytest

from flux.ledger.faults import Tally
from flux.ledger.given_up import retry_deliveries
from flux.ledger.journal_check import check_journal
from flux.ledger.restored import HELD_REASON, NUMBERS_LEFT_OUT, hold_what_was_open
from flux.model.delivery import Delivery
from flux.model.lifecycle import DeliveryState, FlowState
from tests.contract.ledger_desk import GATEWAY, NOON, REPORT, Desk, make_judgment

pytestmark = pytest.mark.parametrize("ledger_url", ["sqlite", "postgresql"], indirect=True)


def number_of(delivery: Delivery) -> int:
    return int(delivery.name[-15:])


def test_a_flow_that_was_open_is_held_and_is_judged_again_only_by_a_word(desk: Desk) -> None:
    received, begun = desk.receive(), desk.receive()
    desk.work.begin(begun, 2, ())
    assert hold_what_was_open(desk.database, NOON).held == (received.number, begun.number)
    history = desk.queries.show_flow(received.number)
    assert (desk.state(begun), history.line.state, history.line.held_reason) == (
        FlowState.HELD,
        FlowState.HELD,
        HELD_REASON,
    )
    assert desk.work.unjudged(GATEWAY) == ()


def test_a_delivery_that_was_due_is_uncertain(desk: Desk) -> None:
    (owed,) = desk.owe()
    unsettled = hold_what_was_open(desk.database, NOON)
    assert (unsettled.uncertain, desk.due()) == ((owed.id,), ())
    (delivery,) = desk.queries.show_flow(owed.flow_number).deliveries
    assert delivery.state is DeliveryState.UNCERTAIN


def test_a_reply_that_was_not_built_is_not_sent_by_itself(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0))
    desk.settle(flow, {(0, 0): "F-1"}, REPORT)
    (planned,) = desk.work.outputs(flow)
    assert hold_what_was_open(desk.database, NOON).uncertain == (planned.id,)
    desk.answer(flow)
    assert (desk.state(flow), desk.due()) == (FlowState.ANSWERED, ())


def test_a_reply_that_was_not_built_is_built_and_sent_by_a_word(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0))
    desk.settle(flow, {(0, 0): "F-1"}, REPORT)
    hold_what_was_open(desk.database, NOON)
    desk.answer(flow)
    (line,) = desk.queries.show_flow(flow.number).deliveries
    retry_deliveries(desk.database, [line.id], now=NOON)
    assert desk.work.released(GATEWAY).to_build == (flow,)
    desk.answer(flow)
    assert [each.id for each in desk.due()] == [line.id]


def test_what_is_closed_stays_as_it_is(desk: Desk) -> None:
    (owed,) = desk.owe()
    desk.delivery.delivered([owed], NOON)
    unsettled = hold_what_was_open(desk.database, NOON)
    assert (unsettled.held, unsettled.uncertain) == ((), ())


def test_numbers_go_on_far_from_those_that_may_have_been_given(desk: Desk) -> None:
    (before,) = desk.owe()
    hold_what_was_open(desk.database, NOON)
    (after,) = desk.owe()
    assert number_of(after) == number_of(before) + NUMBERS_LEFT_OUT + 1


def test_the_chain_of_events_holds(desk: Desk) -> None:
    desk.receive()
    desk.owe()
    hold_what_was_open(desk.database, NOON)
    assert list(check_journal(desk.database, 1, 2, Tally())) == []
