"""The contract of the settlement: keys, outcomes, names and what is owed, in one transaction."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from flux.errors import IllegalTransition, LedgerError
from flux.ledger.release import reopen_flow
from flux.ledger.tables import chunks
from flux.model.authority import Authority
from flux.model.flow import Flow
from flux.model.lifecycle import DeliveryState, FlowState
from flux.model.ports import ChunkResult
from flux.model.settlement import (
    FirstUse,
    FirstUses,
    FlowStatus,
    InvoiceId,
    InvoiceKey,
    Outcome,
    OutputKind,
    PastUses,
    PlannedOutput,
    Settlement,
)
from flux.model.verdict import Verdict
from tests.contract.ledger_desk import (
    DUPLICATE,
    GATEWAY,
    NOON,
    REPORT,
    WARNING,
    Desk,
    make_judgment,
    make_key,
    settlement_of,
)

CLERK = Authority(by="claire", reason="the reader is mended", at=NOON)


def chunks_of(desk: Desk) -> list[int]:
    """The flows of all chunks that are kept."""
    with desk.database.read() as connection:
        return list(connection.scalars(select(chunks.c.flow).order_by(chunks.c.flow)))


def first_uses_of(desk: Desk, flow: Flow, keys: dict[InvoiceId, InvoiceKey]) -> FirstUses:
    """What the ledger tells the decision on this flow; the flow is settled with everything accepted."""
    told: list[FirstUses] = []

    def decide(first_uses: FirstUses, _: PastUses) -> Settlement:
        told.append(first_uses)
        return settlement_of(dict.fromkeys(keys, Outcome.ACCEPTED))

    desk.work.settle(flow, keys, {}, decide)
    return told[0]


def test_a_key_is_free_once(desk: Desk) -> None:
    first = desk.judge(make_judgment(0), name="first.xml")
    second = desk.judge(make_judgment(5), partner="other")
    assert first_uses_of(desk, first, {(0, 0): make_key("F1")}) == {}
    assert first_uses_of(desk, second, {(5, 0): make_key("F1")}) == {
        (5, 0): FirstUse(
            flow_number=first.number,
            flow_name="first.xml",
            partner="acme",
            received_at=NOON,
            member="0.xml",
            sha256=f"{0:064x}",
            state="judged",
        )
    }


def test_only_the_invoices_that_came_too_late_are_told(desk: Desk) -> None:
    desk.settle(desk.judge(make_judgment(0)), {(0, 0): "F1"})
    flow = desk.judge(*map(make_judgment, range(3)))
    told = first_uses_of(desk, flow, {(0, 0): make_key("F0"), (1, 0): make_key("F1"), (2, 0): make_key("F2")})
    assert list(told) == [(1, 0)]


def test_within_a_flow_the_first_in_order_wins_and_the_later_ones_are_told_of_it(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0), make_judgment(1), make_judgment(2))
    told = first_uses_of(desk, flow, {(1, 0): make_key("F1"), (0, 0): make_key("F1"), (2, 0): make_key("F1")})
    assert {invoice: (use.flow_number, use.member) for invoice, use in told.items()} == {
        (0, 0): (flow.number, "1.xml"),
        (2, 0): (flow.number, "1.xml"),
    }


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (InvoiceKey(supplier="1", number="A", year=2026), InvoiceKey(supplier="1", number="A", year=2025)),  # year
        (InvoiceKey(supplier="1", number="A", year=2026), InvoiceKey(supplier="2", number="A", year=2026)),  # supplier
        (InvoiceKey(supplier="1", number="A", year=2026), InvoiceKey(supplier="1", number="a", year=2026)),  # letter
        # a separator inside a name or a number moves nothing
        (InvoiceKey(supplier="1|A", number="B", year=2026), InvoiceKey(supplier="1", number="A|B", year=2026)),
        # longer than any index takes, different at the end
        (
            InvoiceKey(supplier="1", number="A" * 9000, year=2026),
            InvoiceKey(supplier="1", number="A" * 8999 + "B", year=2026),
        ),
    ],
)
def test_different_keys_never_meet(desk: Desk, first: InvoiceKey, second: InvoiceKey) -> None:
    flow = desk.judge(make_judgment(0), make_judgment(1))
    assert first_uses_of(desk, flow, {(0, 0): first, (1, 0): second}) == {}


def test_a_key_longer_than_an_index_takes_is_known_again(desk: Desk) -> None:
    long = make_key("A" * 9000)
    first_uses_of(desk, desk.judge(make_judgment(0)), {(0, 0): long})
    assert list(first_uses_of(desk, desk.judge(make_judgment(0)), {(0, 0): long})) == [(0, 0)]


def test_an_invoice_that_is_not_taken_leaves_its_number_free(desk: Desk) -> None:
    refused = desk.judge(make_judgment(0), make_judgment(1))
    keys = {(0, 0): make_key("F1"), (1, 0): make_key("F2")}
    desk.work.settle(refused, keys, {}, lambda *_: settlement_of({(0, 0): Outcome.NOT_TAKEN, (1, 0): Outcome.ACCEPTED}))
    again = desk.judge(make_judgment(0), make_judgment(1))
    assert list(first_uses_of(desk, again, keys)) == [(1, 0)]


def test_a_duplicate_that_is_rejected_leaves_the_first_its_key(desk: Desk) -> None:
    desk.settle(desk.judge(make_judgment(0)), {(0, 0): "F1"})
    desk.settle(desk.judge(make_judgment(0)), {(0, 0): "F1"})
    third = desk.judge(make_judgment(0))
    assert list(first_uses_of(desk, third, {(0, 0): make_key("F1")})) == [(0, 0)]


def test_thousands_of_keys_are_looked_up(desk: Desk) -> None:
    keys = {(ordinal, 0): make_key(f"F{ordinal}") for ordinal in range(2_500)}
    judgments = [make_judgment(ordinal, findings=()) for ordinal, _ in keys]
    assert first_uses_of(desk, desk.judge(*judgments), keys) == {}
    assert len(first_uses_of(desk, desk.judge(*judgments), keys)) == 2_500


def test_after_the_settlement_the_case_tells_the_outcome(desk: Desk) -> None:
    desk.settle(desk.judge(make_judgment(0)), {(0, 0): "F1"})
    flow = desk.judge(make_judgment(0), make_judgment(1))
    desk.settle(flow, {(0, 0): "F1", (1, 0): "F2"})
    case = desk.work.case(flow)
    assert case.status is FlowStatus.RECEIVED
    assert case.outcomes == {(0, 0): Outcome.REJECTED, (1, 0): Outcome.ACCEPTED}
    assert [judgment.findings for judgment in case.judgments] == [(WARNING, DUPLICATE), (WARNING,)]


def test_an_added_fatal_finding_turns_the_verdict_and_leaves_the_layers(desk: Desk) -> None:
    desk.settle(desk.judge(make_judgment(0)), {(0, 0): "F1"})
    flow = desk.judge(make_judgment(0))
    desk.settle(flow, {(0, 0): "F1"})
    (judgment,) = desk.work.case(flow).judgments
    assert judgment == make_judgment(0, verdict=Verdict.REJECTED, findings=(WARNING, DUPLICATE))


def test_a_good_invoice_of_a_fallen_flow_keeps_its_verdict(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0))
    desk.work.settle(flow, {}, {}, lambda *_: settlement_of({(0, 0): Outcome.NOT_TAKEN}))
    assert desk.work.case(flow).judgments == (make_judgment(0),)
    assert desk.work.case(flow).outcomes == {(0, 0): Outcome.NOT_TAKEN}


def test_a_decision_that_leaves_an_invoice_out_gives_it_no_outcome(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0), make_judgment(1))
    desk.work.settle(flow, {}, {}, lambda *_: settlement_of({(1, 0): Outcome.ACCEPTED}))
    assert desk.work.case(flow).outcomes == {(1, 0): Outcome.ACCEPTED}


def test_a_settled_flow_is_judged_and_to_be_answered(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0))
    desk.settle(flow, {(0, 0): "F1"})
    assert (desk.work.unsettled(GATEWAY), desk.work.unanswered(GATEWAY)) == ((), (flow,))
    assert desk.event_names(flow) == ["received", "judging", "judged"]


def test_a_flow_of_which_nothing_is_said_yet_is_held(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0))
    desk.work.settle(flow, {}, {}, lambda *_: settlement_of({(0, 0): Outcome.NOT_JUDGED}, status=None))
    assert (desk.state(flow), desk.work.unanswered(GATEWAY)) == (FlowState.HELD, ())
    assert desk.queries.show_flow(flow.number).line.verdict is Verdict.NOT_JUDGED


def test_a_flow_settled_twice_is_settled_as_the_first_time(desk: Desk) -> None:
    desk.settle(desk.judge(make_judgment(0)), {(0, 0): "F1"})
    flow = desk.judge(make_judgment(0), make_judgment(1))
    first = desk.settle(flow, {(0, 0): "F1", (1, 0): "F2"}, REPORT)
    again = desk.settle(flow, {(0, 0): "other", (1, 0): "numbers"}, REPORT, REPORT)
    assert (again.verdict, again.status, again.outcomes) == (first.verdict, first.status, first.outcomes)
    assert again.occupied == first.occupied == {(1, 0)}
    assert [output.name for output in again.outputs] == ["CSO1100A_FRN001_FLX0011100000000000000001"]


def test_the_chunks_of_a_settled_flow_go_and_what_is_told_of_them_again_counts_no_more(desk: Desk) -> None:
    flow, other = desk.judge(make_judgment(0)), desk.judge(make_judgment(0))
    desk.settle(flow, {(0, 0): "F-1"}, REPORT)
    assert chunks_of(desk) == [other.number]
    assert desk.work.record([ChunkResult(flow=flow, chunk=0, judgments=(make_judgment(0),))]) == ()
    assert not desk.work.begin(flow, 1, ())
    desk.settle(flow, {(0, 0): "F-1"}, REPORT)
    assert (chunks_of(desk), len(desk.work.case(flow).judgments)) == ([other.number], 1)


def test_a_decision_that_fails_leaves_the_chunks(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0))

    def fail(*_: object) -> Settlement:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        desk.work.settle(flow, {}, {}, fail)
    assert (chunks_of(desk), desk.work.unsettled(GATEWAY)) == ([flow.number], (flow,))


def test_the_chunks_of_a_former_attempt_go_too(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0))
    desk.work.hold(flow, "a reader that failed")
    again = replace(flow, attempt=reopen_flow(desk.database, flow.number, CLERK))
    desk.work.begin(again, 1, ())
    desk.work.record([ChunkResult(flow=again, chunk=0, judgments=(make_judgment(0),))])
    desk.settle(again, {(0, 0): "F-1"}, REPORT)
    assert chunks_of(desk) == []


def test_a_flow_is_not_settled_while_chunks_are_pending(desk: Desk) -> None:
    flow = desk.receive()
    desk.work.begin(flow, 1, ())
    with pytest.raises(LedgerError, match="1 chunks to judge"):
        desk.settle(flow, {})


def test_a_flow_that_was_put_aside_is_not_settled(desk: Desk) -> None:
    flow = desk.receive()
    desk.work.hold(flow, "why")
    with pytest.raises(IllegalTransition):
        desk.settle(flow, {})


def test_a_decision_that_fails_takes_no_key_and_no_number(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0))

    def fail(*_: object) -> Settlement:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        desk.work.settle(flow, {(0, 0): make_key("F1")}, {}, fail)
    assert first_uses_of(desk, flow, {(0, 0): make_key("F1")}) == {}


def test_sequences_run_per_digits_of_the_code_across_flows(desk: Desk) -> None:
    statuses = PlannedOutput(kind=OutputKind.STATUSES, partner="acme", code="FEN1200A", receiver="FRN001")
    cdar = PlannedOutput(kind=OutputKind.FORWARD, partner="seine", code="FSO1100A", receiver="FLX001")
    names = []
    for _ in range(2):
        flow = desk.judge(make_judgment(0))
        desk.settle(flow, {}, REPORT, statuses, cdar)
        names += [output.name for output in desk.work.outputs(flow)]
    assert names == [
        "CSO1100A_FRN001_FLX0011100000000000000001",
        "FEN1200A_FRN001_FLX0011200000000000000001",
        "FSO1100A_FLX001_FLX0011100000000000000002",  # the digits count, not the code
        "CSO1100A_FRN001_FLX0011100000000000000003",
        "FEN1200A_FRN001_FLX0011200000000000000002",
        "FSO1100A_FLX001_FLX0011100000000000000004",
    ]


def test_outputs_come_back_as_planned_with_their_names(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0), make_judgment(1, 2))
    forward = PlannedOutput(
        kind=OutputKind.FORWARD, partner="seine", code="FSO1100A", receiver="FLX001", invoices=((0, 0), (1, 2))
    )
    alerts = PlannedOutput(
        kind=OutputKind.ALERTS, partner="seine", folder="rapports", name=".alertes.csv", beside=1, invoices=((1, 2),)
    )
    free = PlannedOutput(kind=OutputKind.REPORT, partner="acme", name="CR_000001_facture.xml")
    desk.settle(flow, {}, free, forward, alerts)
    outputs = desk.work.outputs(flow)
    assert [(each.kind, each.partner, each.folder, each.name, each.invoices) for each in outputs] == [
        (OutputKind.REPORT, "acme", "", "CR_000001_facture.xml", ()),
        (OutputKind.FORWARD, "seine", "", "FSO1100A_FLX001_FLX0011100000000000000001", ((0, 0), (1, 2))),
        (OutputKind.ALERTS, "seine", "rapports", "FSO1100A_FLX001_FLX0011100000000000000001.alertes.csv", ((1, 2),)),
    ]


def test_what_has_no_route_or_must_wait_is_held_and_not_to_be_built(desk: Desk) -> None:
    no_route = PlannedOutput(kind=OutputKind.FORWARD, partner=None, code="FSO1100A", held_reason="no_route")
    waits = PlannedOutput(kind=OutputKind.FORWARD, partner="seine", name="x.xml", held_reason="validator")
    flow = desk.judge(make_judgment(0))
    desk.settle(flow, {}, REPORT, no_route, waits)
    assert [output.kind for output in desk.work.outputs(flow)] == [OutputKind.REPORT]
    held = desk.queries.list_deliveries(state=DeliveryState.HELD, limit=10)
    assert {(each.partner, each.held_reason) for each in held} == {(None, "no_route"), ("seine", "validator")}
    assert desk.event_names(flow)[2:] == ["delivery_held", "delivery_held", "judged"]


def test_a_duplicate_inside_its_flow_leaves_the_first_its_key(desk: Desk) -> None:
    desk.settle(desk.judge(make_judgment(0), make_judgment(1)), {(0, 0): "F1", (1, 0): "F1"})
    again = desk.judge(make_judgment(0))
    assert list(first_uses_of(desk, again, {(0, 0): make_key("F1")})) == [(0, 0)]
