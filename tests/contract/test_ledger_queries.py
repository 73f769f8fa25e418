"""What people ask of the ledger."""

from datetime import timedelta

import pytest

from flux.errors import LedgerError
from flux.ledger.queries import FlowFilter
from flux.model.lifecycle import DeliveryState, FlowState
from flux.model.settlement import FlowStatus, Outcome, OutputKind, PlannedOutput
from flux.model.verdict import Verdict
from tests.contract.ledger_desk import NOON, REPORT, WARNING, Desk, make_judgment


def test_flows_are_listed_newest_first(desk: Desk) -> None:
    first, second, third = (desk.receive() for _ in range(3))
    assert [line.flow for line in desk.queries.list_flows(FlowFilter(), limit=2)] == [third, second]
    assert [line.flow for line in desk.queries.list_flows(FlowFilter(), limit=9)] == [third, second, first]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (FlowFilter(), [2, 1, 0]),
        (FlowFilter(partner="other"), [1]),
        (FlowFilter(state=FlowState.RECEIVED), [2, 1]),
        (FlowFilter(verdict=Verdict.ACCEPTED), [0]),
        (FlowFilter(verdict=Verdict.REJECTED), []),
        (FlowFilter(since=NOON + timedelta(seconds=1)), [2]),
        (FlowFilter(code=WARNING.code), [0]),
        (FlowFilter(code="BR-02"), []),
        (FlowFilter(since=NOON, partner="acme", state=FlowState.RECEIVED), [2]),
    ],
)
def test_a_filter_lets_pass_what_it_names(desk: Desk, wanted: FlowFilter, found: list[int]) -> None:
    judged = desk.judge(make_judgment(0))
    desk.settle(judged, {(0, 0): "F1"})
    flows = [judged, desk.receive(partner="other"), desk.receive(received_at=NOON + timedelta(hours=1))]
    assert [line.flow for line in desk.queries.list_flows(wanted, limit=9)] == [flows[index] for index in found]


def test_findings_are_counted_by_code_in_the_flows_received_since(desk: Desk) -> None:
    desk.judge(make_judgment(0), make_judgment(1))
    codes = (WARNING.code, "BR-02")
    assert desk.queries.count_findings(codes, since=NOON) == {WARNING.code: 2}
    assert desk.queries.count_findings(codes, since=NOON + timedelta(seconds=1)) == {}


def test_a_line_tells_where_a_flow_stands(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0), make_judgment(1))
    desk.settle(flow, {(0, 0): "F1", (1, 0): "F2"})
    (line,) = desk.queries.list_flows(FlowFilter(), limit=1)
    assert (line.gateway, line.state, line.verdict) == ("gw1", FlowState.JUDGED, Verdict.ACCEPTED)
    assert (line.status, line.held_reason, line.invoice_count) == (FlowStatus.RECEIVED, None, 2)


def test_a_flow_is_shown_with_all_that_is_known_of_it(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0))
    desk.settle(flow, {(0, 0): "F1"}, REPORT)
    history = desk.queries.show_flow(flow.number)
    assert history.case == desk.work.case(flow)
    assert history.case.outcomes == {(0, 0): Outcome.ACCEPTED}
    assert history.case.judgments[0].findings == (WARNING,)
    assert [(each.kind, each.state) for each in history.deliveries] == [(OutputKind.REPORT, DeliveryState.PLANNED)]
    assert [event.name for event in history.events] == ["received", "judging", "judged"]


def test_a_flow_that_does_not_exist_is_not_shown(desk: Desk) -> None:
    with pytest.raises(LedgerError, match="no flow 7"):
        desk.queries.show_flow(7)


def test_deliveries_are_listed_by_state_and_partner(desk: Desk) -> None:
    forward = PlannedOutput(kind=OutputKind.FORWARD, partner="seine", name="x.xml", invoices=((0, 0),))
    report, _ = desk.owe(REPORT, forward)
    desk.delivery.delivered([report], NOON)
    (delivered,) = desk.queries.list_deliveries(state=DeliveryState.DELIVERED, limit=9)
    (for_seine,) = desk.queries.list_deliveries(partner="seine", limit=9)
    assert (delivered.kind, delivered.delivered_at) == (OutputKind.REPORT, NOON)
    assert (for_seine.name, for_seine.state, for_seine.invoices) == ("x.xml", DeliveryState.DUE, ((0, 0),))
    assert [each.id for each in desk.queries.list_deliveries(limit=1)] == [for_seine.id]


def test_states_are_counted(desk: Desk) -> None:
    desk.owe(REPORT, REPORT)
    desk.receive()
    counts = desk.queries.count_states()
    assert counts.flows == {FlowState.ANSWERED: 1, FlowState.RECEIVED: 1}
    assert counts.deliveries == {DeliveryState.DUE: 2}


def test_a_flow_is_totalled_without_reading_its_invoices(desk: Desk) -> None:
    desk.settle(desk.judge(make_judgment(0)), {(0, 0): "F1"})
    flow = desk.judge(make_judgment(0), make_judgment(1, findings=(WARNING,)))
    desk.settle(flow, {(0, 0): "F1", (1, 0): "F2"}, REPORT)
    totals = desk.queries.total_flow(flow.number)
    assert totals.outcomes == {Outcome.ACCEPTED: 1, Outcome.REJECTED: 1}
    assert totals.fatal_codes == {"DUPLICATE_SAME": 1}
    assert (totals.line.flow, totals.outputs) == (flow, 1)
    assert totals.last_event_at == desk.queries.show_flow(flow.number).events[-1].at
