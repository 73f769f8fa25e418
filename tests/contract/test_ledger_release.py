"""The contract of letting go: held forwards, and flows that could not be judged."""

from dataclasses import replace

import pytest

from flux.errors import LedgerError
from flux.ledger.queries import DeliveryLine
from flux.ledger.release import release_outputs, reopen_flow
from flux.model.authority import Authority
from flux.model.delivery import Release
from flux.model.flow import Flow
from flux.model.lifecycle import DeliveryState, FlowState
from flux.model.ports import ChunkResult
from flux.model.settlement import OutputKind, PlannedOutput
from tests.contract.ledger_desk import GATEWAY, NOON, REPORT, Desk, make_judgment

AUTHORITY = Authority(by="claire", reason="letter of the project manager", at=NOON)
WAITS = PlannedOutput(
    kind=OutputKind.FORWARD,
    partner="seine",
    code="FSO1100A",
    receiver="FLX001",
    invoices=((0, 0),),
    held_reason="validator",
)
ALERTS = PlannedOutput(
    kind=OutputKind.ALERTS,
    partner="seine",
    folder="rapports",
    name=".alertes.csv",
    beside=1,
    invoices=((0, 0),),
    held_reason="validator",
)
GOES = (replace(WAITS, held_reason=None), replace(ALERTS, held_reason=None, beside=0))
NO_ROUTE = (
    replace(WAITS, partner=None, held_reason="no_route"),
    replace(ALERTS, partner=None, held_reason="no_route", beside=0),
)
NAME = "FSO1100A_FLX001_FLX0011100000000000000002"


@pytest.fixture
def closed(desk: Desk) -> Flow:
    """A flow whose report is delivered, and whose forward and alerts are held."""
    (report,) = desk.owe(REPORT, WAITS, ALERTS)
    desk.delivery.delivered([report], NOON)
    return desk.queries.show_flow(report.flow_number).case.flow


def lines(desk: Desk, flow: Flow) -> list[DeliveryLine]:
    return [line for line in desk.queries.show_flow(flow.number).deliveries if line.kind is not OutputKind.REPORT]


def held_ids(desk: Desk, flow: Flow) -> tuple[int, ...]:
    return tuple(line.id for line in lines(desk, flow))


def release(desk: Desk, flow: Flow, planned: tuple[PlannedOutput, ...]) -> tuple[int, ...]:
    wanted = Release(ids=held_ids(desk, flow), planned=planned)
    return release_outputs(desk.database, flow.number, [wanted], AUTHORITY, "FLX001")


def told(desk: Desk, flow: Flow, event: str) -> list[dict[str, object]]:
    return [dict(each.details) for each in desk.queries.show_flow(flow.number).events if each.name == event]


def test_what_is_let_go_is_to_be_built_under_its_name(desk: Desk, closed: Flow) -> None:
    assert release(desk, closed, GOES) == held_ids(desk, closed)
    found = [(line.name, line.partner, line.state, line.held_reason) for line in lines(desk, closed)]
    assert found == [
        (NAME, "seine", DeliveryState.PLANNED, None),
        (f"{NAME}.alertes.csv", "seine", DeliveryState.PLANNED, None),
    ]


def test_it_is_sent_though_its_flow_is_closed(desk: Desk, closed: Flow) -> None:
    release(desk, closed, GOES)
    assert desk.work.released(GATEWAY).to_build == desk.work.unanswered(GATEWAY) == (closed,)
    desk.answer(closed)
    due = desk.due()
    assert {each.name for each in due} == {NAME, f"{NAME}.alertes.csv"}
    assert desk.delivery.delivered(due, NOON) == ()
    assert (desk.state(closed), desk.work.released(GATEWAY).to_build) == (FlowState.CLOSED, ())


def test_who_let_it_go_and_why_is_in_the_journal(desk: Desk, closed: Flow) -> None:
    release(desk, closed, GOES)
    forward, _ = told(desk, closed, "delivery_released")
    assert (forward["by"], forward["reason"], forward["name"]) == ("claire", "letter of the project manager", NAME)
    assert desk.altered(closed) == []


def test_what_has_no_route_stays_held_and_says_why(desk: Desk, closed: Flow) -> None:
    assert release(desk, closed, NO_ROUTE) == ()
    assert {(line.state, line.partner, line.held_reason) for line in lines(desk, closed)} == {
        (DeliveryState.HELD, None, "no_route")
    }
    assert told(desk, closed, "delivery_held")[-1]["by"] == "claire"
    assert release(desk, closed, GOES) == held_ids(desk, closed)


def test_another_format_than_when_it_was_planned_takes_another_name(desk: Desk, closed: Flow) -> None:
    pivot = replace(GOES[0], code="FEN0036A", receiver="SEI001")
    release(desk, closed, (pivot, GOES[1]))
    name = "FEN0036A_SEI001_FLX0010036000000000000001"
    assert [line.name for line in lines(desk, closed)] == [name, f"{name}.alertes.csv"]


def test_let_go_twice_it_goes_once(desk: Desk, closed: Flow) -> None:
    release(desk, closed, GOES)
    assert release(desk, closed, GOES) == ()
    assert len(told(desk, closed, "delivery_released")) == 2  # the forward and its alerts


def test_of_another_flow_nothing_is_let_go(desk: Desk, closed: Flow) -> None:
    other = desk.receive()
    wanted = Release(ids=held_ids(desk, closed), planned=GOES)
    assert release_outputs(desk.database, other.number, [wanted], AUTHORITY, "FLX001") == ()
    assert {line.state for line in lines(desk, closed)} == {DeliveryState.HELD}


def test_a_list_of_flows_tells_how_many_forwards_are_held(desk: Desk, closed: Flow) -> None:
    assert desk.queries.show_flow(closed.number).line.held_forwards == 1
    release(desk, closed, GOES)
    assert desk.queries.show_flow(closed.number).line.held_forwards == 0


@pytest.fixture
def unjudged(desk: Desk) -> Flow:
    """A flow that was put aside after its chunk was judged."""
    flow = desk.judge(make_judgment(0))
    desk.work.hold(flow, "register stale")
    return flow


def test_a_held_flow_is_received_again_as_another_attempt(desk: Desk, unjudged: Flow) -> None:
    assert reopen_flow(desk.database, unjudged.number, AUTHORITY) == 2
    again = replace(unjudged, attempt=2)
    line = desk.queries.show_flow(unjudged.number).line
    assert (line.flow, line.state, line.verdict, line.held_reason) == (again, FlowState.RECEIVED, None, None)
    assert desk.work.released(GATEWAY).to_judge == (again,)
    assert [each.flow for each in desk.work.unjudged(GATEWAY)] == [again]


def test_the_other_attempt_is_judged_and_settled_from_the_beginning(desk: Desk, unjudged: Flow) -> None:
    reopen_flow(desk.database, unjudged.number, AUTHORITY)
    again = replace(unjudged, attempt=2)
    assert desk.work.begin(again, 1, ())
    assert desk.work.released(GATEWAY).to_judge == ()
    assert desk.work.record([ChunkResult(flow=again, chunk=0, judgments=(make_judgment(0),))]) == (again,)
    desk.settle(again, {(0, 0): "F1"}, REPORT)
    assert desk.event_names(again)[-4:] == ["released", "received", "judging", "judged"]


def test_the_former_attempt_is_over(desk: Desk, unjudged: Flow) -> None:
    reopen_flow(desk.database, unjudged.number, AUTHORITY)
    with pytest.raises(LedgerError, match="no longer at 1"):
        desk.work.begin(unjudged, 1, ())


def test_who_had_it_judged_again_and_why_is_in_the_journal(desk: Desk, unjudged: Flow) -> None:
    reopen_flow(desk.database, unjudged.number, AUTHORITY)
    assert told(desk, unjudged, "released") == [
        {"by": "claire", "reason": "letter of the project manager", "attempt": 2}
    ]
    assert desk.altered(unjudged) == []


def test_a_flow_that_is_not_held_is_not_judged_again(desk: Desk, closed: Flow) -> None:
    for flow in (closed, desk.receive()):
        with pytest.raises(LedgerError, match="not held"):
            reopen_flow(desk.database, flow.number, AUTHORITY)


def test_what_waits_its_first_turn_is_not_told_as_released(desk: Desk) -> None:
    desk.receive()
    assert desk.work.released(GATEWAY).to_judge == ()


def test_another_gateway_is_not_told(desk: Desk, unjudged: Flow) -> None:
    reopen_flow(desk.database, unjudged.number, AUTHORITY)
    assert desk.work.released("gw2").to_judge == ()
