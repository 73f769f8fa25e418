"""What a person says is dealt with: deliveries that we had given up, flows that nobody judged."""

import pytest

from flux.errors import LedgerError
from flux.ledger.given_up import close_deliveries, close_partner
from flux.ledger.release import close_flow, judging_gateway
from flux.model.authority import Authority
from flux.model.delivery import Delivery
from flux.model.lifecycle import DeliveryState, FlowState
from flux.model.settlement import OutputKind, PlannedOutput
from tests.contract.ledger_desk import GATEWAY, NOON, REPORT, Desk, make_judgment

pytestmark = pytest.mark.parametrize("ledger_url", ["sqlite", "postgresql"], indirect=True)

CLERK = Authority(by="claire", reason="they have it, says their help desk", at=NOON)
TO_SEINE = PlannedOutput(kind=OutputKind.FORWARD, partner="seine", name="forward.xml")
HELD = PlannedOutput(kind=OutputKind.FORWARD, partner=None, name="held.xml", held_reason="no_route", invoices=((0, 0),))
LIST = PlannedOutput(kind=OutputKind.ALERTS, partner=None, name=".csv", held_reason="no_route", invoices=((0, 0),))


def give_up(desk: Desk, delivery: Delivery, *, uncertain: bool) -> None:
    desk.delivery.abandon(delivery, "link cut", uncertain=uncertain)


@pytest.mark.parametrize("uncertain", [True, False])
def test_a_delivery_that_a_person_closes_is_not_tried_again(desk: Desk, *, uncertain: bool) -> None:
    (delivery,) = desk.owe()
    give_up(desk, delivery, uncertain=uncertain)
    assert close_deliveries(desk.database, [delivery.id], CLERK) == (delivery.id,)
    (line,) = desk.queries.show_flow(delivery.flow_number).deliveries
    assert (line.state, desk.due()) == (DeliveryState.CLOSED, ())


def test_a_flow_that_owes_nothing_else_is_closed_with_it(desk: Desk) -> None:
    report, forward = desk.owe(REPORT, TO_SEINE)
    give_up(desk, forward, uncertain=True)
    close_deliveries(desk.database, [forward.id], CLERK)
    assert desk.queries.show_flow(report.flow_number).line.state is FlowState.ANSWERED
    desk.delivery.delivered([report], NOON)
    assert desk.queries.show_flow(report.flow_number).line.state is FlowState.CLOSED


def test_the_last_thing_owed_closes_its_flow(desk: Desk) -> None:
    (delivery,) = desk.owe()
    give_up(desk, delivery, uncertain=False)
    close_deliveries(desk.database, [delivery.id], CLERK)
    assert desk.queries.show_flow(delivery.flow_number).line.state is FlowState.CLOSED


def test_the_journal_says_who_closed_it_and_why(desk: Desk) -> None:
    (delivery,) = desk.owe()
    give_up(desk, delivery, uncertain=True)
    close_deliveries(desk.database, [delivery.id], CLERK)
    said = desk.queries.show_flow(delivery.flow_number).events[-2]
    assert (said.name, said.details["by"], said.details["reason"]) == ("delivery_closed", CLERK.by, CLERK.reason)


def test_what_is_due_is_closed_and_not_tried_again(desk: Desk) -> None:
    (delivery,) = desk.owe()
    close_deliveries(desk.database, [delivery.id], CLERK)
    desk.delivery.postpone(delivery, NOON, "told late, by a lane under way")
    desk.delivery.abandon(delivery, "told late", uncertain=True)
    desk.delivery.set_back({delivery: "disk full"}, NOON)
    (line,) = desk.queries.show_flow(delivery.flow_number).deliveries
    assert (line.state, desk.due()) == (DeliveryState.CLOSED, ())


def test_what_was_closed_on_its_way_may_have_arrived_all_the_same(desk: Desk) -> None:
    (delivery,) = desk.owe()
    close_deliveries(desk.database, [delivery.id], CLERK)
    desk.delivery.delivered([delivery], NOON)
    (line,) = desk.queries.show_flow(delivery.flow_number).deliveries
    assert line.state is DeliveryState.DELIVERED


def test_a_flow_whose_replies_cannot_be_built_is_closed_with_them(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0))
    desk.settle(flow, {(0, 0): "F-1"}, REPORT, TO_SEINE)
    report, forward = desk.work.outputs(flow)
    close_deliveries(desk.database, [report.id], CLERK)
    assert desk.state(flow) is FlowState.JUDGED
    close_deliveries(desk.database, [forward.id], CLERK)
    desk.answer(flow)
    assert (desk.state(flow), desk.due()) == (FlowState.CLOSED, ())


def test_what_was_delivered_stays_delivered(desk: Desk) -> None:
    (delivery,) = desk.owe()
    desk.delivery.delivered([delivery], NOON)
    assert close_deliveries(desk.database, [delivery.id], CLERK) == ()


def test_a_delivery_that_is_not_there_is_told(desk: Desk) -> None:
    with pytest.raises(LedgerError, match="there are no deliveries 4000"):
        close_deliveries(desk.database, [4_000], CLERK)


def test_a_partner_who_has_everything_closes_what_is_uncertain_for_it(desk: Desk) -> None:
    report, forward = desk.owe(REPORT, TO_SEINE)
    (dead,) = desk.owe(TO_SEINE)
    give_up(desk, report, uncertain=True)
    give_up(desk, forward, uncertain=True)
    give_up(desk, dead, uncertain=False)
    assert close_partner(desk.database, "seine", CLERK) == (forward.id,)


def test_what_is_held_together_is_closed_together(desk: Desk) -> None:
    flow_number = desk.owe(REPORT, HELD, LIST)[0].flow_number
    forward, its_list = (
        line for line in desk.queries.show_flow(flow_number).deliveries if line.state is DeliveryState.HELD
    )
    assert close_deliveries(desk.database, [forward.id], CLERK) == (forward.id, its_list.id)


def test_a_flow_that_is_held_is_closed_by_a_word(desk: Desk) -> None:
    flow = desk.receive()
    desk.work.hold(flow, "cannot be opened")
    close_flow(desk.database, flow.number, CLERK)
    line = desk.queries.show_flow(flow.number).line
    assert (line.state, line.verdict, line.held_reason) == (FlowState.CLOSED, None, None)
    assert desk.work.unjudged(GATEWAY) == ()


def test_a_flow_of_nobody_is_closed_by_a_word(desk: Desk) -> None:
    flow = desk.receive(partner="stranger", known_partner=False)
    close_flow(desk.database, flow.number, CLERK)
    assert desk.event_names(flow) == ["received", "quarantined", "closed"]
    assert desk.altered(flow) == []


def test_a_flow_that_is_being_answered_is_not_closed_by_hand(desk: Desk) -> None:
    (delivery,) = desk.owe()
    with pytest.raises(LedgerError, match="is answered; only a flow that was not judged"):
        close_flow(desk.database, delivery.flow_number, CLERK, nobody_works=True)


def test_a_flow_that_is_to_be_judged_is_closed_only_while_nobody_works(desk: Desk) -> None:
    flow = desk.receive()
    desk.work.begin(flow, 2, ())
    with pytest.raises(LedgerError, match="is judging; only a flow that was not judged"):
        close_flow(desk.database, flow.number, CLERK)
    assert judging_gateway(desk.database, flow.number) == GATEWAY
    close_flow(desk.database, flow.number, CLERK, nobody_works=True)
    assert (desk.state(flow), judging_gateway(desk.database, flow.number)) == (FlowState.CLOSED, None)
