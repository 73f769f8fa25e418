"""What a ledger out of a backup does not do by itself."""

import pytest

from flux.ledger.faults import Scope, Tally
from flux.ledger.given_up import retry_deliveries
from flux.ledger.journal_check import check_journal, numbers_in
from flux.ledger.restored import HELD_REASON, NUMBERS_LEFT_OUT, hold_what_was_open
from flux.ledger.seals import seal_heads
from flux.ledger.tables import events, flows, left_out
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


def test_flow_numbers_go_on_as_far_for_files_of_ours_bear_them(desk: Desk) -> None:
    before = desk.receive()
    hold_what_was_open(desk.database, NOON)
    assert desk.receive().number == before.number + NUMBERS_LEFT_OUT + 1


def test_flow_numbers_go_on_also_where_the_backup_held_no_flow(desk: Desk) -> None:
    hold_what_was_open(desk.database, NOON)
    assert desk.receive().number > NUMBERS_LEFT_OUT


def test_the_numbers_that_were_left_out_are_no_flows_that_are_missing(desk: Desk) -> None:
    desk.receive()
    for _ in range(2):
        hold_what_was_open(desk.database, NOON)
        desk.receive()
    tally = Tally()
    assert list(check_journal(desk.database, *numbers_in(desk.database, Scope()), tally)) == []
    assert tally.flows == 3


@pytest.mark.parametrize("where", ["before the gap", "after the gap"])
def test_a_flow_cut_out_beside_them_is_missing(desk: Desk, where: str) -> None:
    before = desk.receive()
    hold_what_was_open(desk.database, NOON)
    after = desk.receive()
    desk.receive()
    number = before.number if where == "before the gap" else after.number
    with desk.database.write() as connection:
        connection.execute(events.delete().where(events.c.flow == number))
        connection.execute(flows.delete().where(flows.c.number == number))
    told = [fault.flow for fault in check_journal(desk.database, *numbers_in(desk.database, Scope()), Tally())]
    assert told == ([number] if desk.database.is_sqlite else [])


def test_a_number_that_was_left_out_excuses_no_flow_that_events_name(desk: Desk) -> None:
    desk.receive()
    hold_what_was_open(desk.database, NOON)
    gone = desk.receive().number
    seal_heads(desk.database, NOON)
    with desk.database.write() as connection:
        connection.execute(left_out.update().values(last=gone))
        connection.execute(events.delete().where(events.c.flow == gone))
        connection.execute(flows.delete().where(flows.c.number == gone))
    assert [fault.flow for fault in check_journal(desk.database, 1, gone, Tally())] == [gone]


# When it was written on its server, in seconds after the restore; None: it goes from there once it is fetched.
@pytest.mark.parametrize(
    ("written", "state"),
    [(-3600.0, FlowState.HELD), (0.0, FlowState.HELD), (1.0, FlowState.RECEIVED), (None, FlowState.RECEIVED)],
)
def test_what_stays_on_its_server_since_before_the_restore_is_held(
    desk: Desk, written: float | None, state: FlowState
) -> None:
    hold_what_was_open(desk.database, NOON)
    flow = desk.receive(pulled_key="k", kept_modified=None if written is None else NOON.timestamp() + written)
    assert desk.state(flow) is state
    assert desk.work.begin(flow, 1, ()) is (state is FlowState.RECEIVED)
    assert list(check_journal(desk.database, flow.number, flow.number, Tally())) == []


def test_what_stays_on_its_server_is_taken_where_nothing_was_restored(desk: Desk) -> None:
    assert desk.state(desk.receive(pulled_key="k", kept_modified=0.0)) is FlowState.RECEIVED
