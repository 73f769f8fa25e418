"""The contract of the WorkLedger port up to the settlement: chunks, judgments, and what is to be gone on with."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flux.errors import LedgerError
from flux.ledger.memory import open_memory
from flux.model.finding import Audience, Finding, LayerName, Severity
from flux.model.flow import Flow
from flux.model.lifecycle import FlowState
from flux.model.ports import ChunkResult, OpenFlow
from flux.model.settlement import FlowCase
from flux.model.verdict import InvoiceSummary, Judgment, PartySummary, Verdict
from tests.contract.ledger_desk import BUYER, GATEWAY, WARNING, Desk, make_judgment


def result(flow: Flow, chunk: int, *judgments: Judgment) -> ChunkResult:
    return ChunkResult(flow=flow, chunk=chunk, judgments=judgments or (make_judgment(chunk),))


def later_attempt(flow: Flow) -> Flow:
    """The flow as nobody has opened it yet."""
    return Flow(
        number=flow.number,
        attempt=flow.attempt + 1,
        partner=flow.partner,
        known_partner=True,
        name=flow.name,
        sha256=flow.sha256,
        size_bytes=flow.size_bytes,
        received_at=flow.received_at,
    )


def test_a_flow_is_complete_with_its_last_chunk(desk: Desk) -> None:
    flow = desk.receive()
    desk.work.begin(flow, 2, ())
    assert desk.work.record([result(flow, 1)]) == ()
    assert desk.work.record([result(flow, 0)]) == (flow,)


def test_a_chunk_told_twice_counts_once(desk: Desk) -> None:
    flow = desk.receive()
    desk.work.begin(flow, 2, ())
    assert desk.work.record([result(flow, 0), result(flow, 0)]) == ()
    assert desk.work.record([result(flow, 0)]) == ()
    assert len(desk.work.case(flow).judgments) == 1


def test_completion_is_told_once(desk: Desk) -> None:
    flow = desk.receive()
    desk.work.begin(flow, 1, ())
    assert desk.work.record([result(flow, 0)]) == (flow,)
    assert desk.work.record([result(flow, 0)]) == ()


def test_one_call_may_complete_several_flows(desk: Desk) -> None:
    flows = [desk.receive() for _ in range(3)]
    for flow in flows:
        desk.work.begin(flow, 1, ())
    assert desk.work.record([result(flow, 0) for flow in flows]) == tuple(flows)


def test_a_flow_without_chunks_is_complete_at_once(desk: Desk) -> None:
    flow = desk.receive()
    desk.work.begin(flow, 0, (WARNING,))
    assert desk.work.unjudged(GATEWAY) == ()
    assert desk.work.unsettled(GATEWAY) == (flow,)
    assert desk.work.case(flow) == FlowCase(flow=flow, findings=(WARNING,), judgments=())


def test_beginning_twice_leaves_what_was_done(desk: Desk) -> None:
    flow = desk.receive()
    desk.work.begin(flow, 2, (WARNING,))
    desk.work.record([result(flow, 1)])
    desk.work.begin(flow, 2, (WARNING,))
    assert desk.work.unjudged(GATEWAY) == (OpenFlow(flow=flow, chunks_done=frozenset({1})),)
    assert desk.work.case(flow).findings == (WARNING,)


def test_a_flow_told_of_twice_is_not_judged_again(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0))
    desk.settle(flow, {(0, 0): "F1"})
    assert desk.work.begin(flow, 1, ()) is False
    assert desk.state(flow) is FlowState.JUDGED


def test_after_a_start_flows_are_gone_on_with_oldest_first(desk: Desk) -> None:
    begun, complete, fresh = desk.receive(), desk.receive(), desk.receive()
    desk.work.begin(begun, 3, ())
    desk.work.record([result(begun, 0), result(begun, 2)])
    desk.work.begin(complete, 1, ())
    desk.work.record([result(complete, 0)])
    assert desk.work.unjudged(GATEWAY) == (
        OpenFlow(flow=begun, chunks_done=frozenset({0, 2})),
        OpenFlow(flow=fresh, chunks_done=frozenset()),
    )
    assert desk.work.unsettled(GATEWAY) == (complete,)


def test_results_of_an_attempt_that_is_not_the_present_one_are_left_out(desk: Desk) -> None:
    flow = desk.receive()
    desk.work.begin(flow, 1, ())
    assert desk.work.record([result(later_attempt(flow), 0)]) == ()
    assert desk.work.case(flow).judgments == ()


def test_results_of_a_flow_that_was_put_aside_are_left_out(desk: Desk) -> None:
    flow = desk.receive()
    desk.work.begin(flow, 1, ())
    desk.work.hold(flow, "worker crashed")
    assert desk.work.record([result(flow, 0)]) == ()


def test_a_chunk_that_was_never_begun_is_our_fault(desk: Desk) -> None:
    flow = desk.receive()
    desk.work.begin(flow, 1, ())
    with pytest.raises(LedgerError, match="never begun"):
        desk.work.record([result(flow, 0), result(flow, 1)])
    assert desk.work.case(flow).judgments == ()


def test_another_attempt_cannot_be_begun_held_or_shown(desk: Desk) -> None:
    other = later_attempt(desk.receive())
    with pytest.raises(LedgerError, match="at attempt 1"):
        desk.work.begin(other, 1, ())
    with pytest.raises(LedgerError, match="at attempt 1"):
        desk.work.hold(other, "why")
    with pytest.raises(LedgerError, match="no attempt 2"):
        desk.work.case(other)


def test_a_held_flow_waits_for_a_person_and_says_why(desk: Desk) -> None:
    flow = desk.receive()
    desk.work.hold(flow, "worker crashed three times")
    desk.work.hold(flow, "worker crashed three times")
    assert (desk.work.unjudged(GATEWAY), desk.work.unsettled(GATEWAY)) == ((), ())
    assert desk.queries.show_flow(flow.number).line.held_reason == "worker crashed three times"
    assert desk.event_names(flow) == ["received", "held"]


def test_a_judged_flow_is_not_held_any_more(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0))
    desk.settle(flow, {(0, 0): "F1"})
    desk.work.hold(flow, "too late")
    assert desk.state(flow) is FlowState.JUDGED


def test_judgments_come_back_exactly_in_the_order_of_the_archive(desk: Desk) -> None:
    flow = desk.receive()
    judgments = [
        make_judgment(0),
        make_judgment(1, findings=()),
        make_judgment(1, 1, findings=(WARNING, WARNING)),
        # a member that no invoice could be read from
        make_judgment(2, member=None, syntax=None, profile=None, interface=None, summary=None, layers=()),
        make_judgment(10, verdict=Verdict.NOT_JUDGED),
    ]
    desk.work.begin(flow, 2, (WARNING,))
    desk.work.record([result(flow, 1, *judgments[3:])])
    desk.work.record([result(flow, 0, *judgments[:3])])
    case = desk.work.case(flow)
    assert case == FlowCase(flow=flow, findings=(WARNING,), judgments=tuple(judgments))


@pytest.mark.parametrize(("text", "shown"), [("a\0b", r"a\x00b"), ("é\udcff", r"é\udcff")])
def test_a_name_that_no_database_holds_is_kept_with_escapes(desk: Desk, text: str, shown: str) -> None:
    finding = replace(WARNING, found=text)
    flow = desk.judge(make_judgment(0, member=text, findings=(finding,)), name=text)
    (judgment,) = desk.work.case(flow).judgments
    assert (flow.name, judgment.member, judgment.findings[0].found) == (shown, shown, shown)


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
_PARTIES = st.builds(PartySummary, identifier=_TEXT, scheme=_TEXT, name=_TEXT, country=_TEXT)
_SUMMARIES = st.builds(
    InvoiceSummary,
    number=_TEXT,
    type_code=_TEXT,
    issue_date=st.none() | st.dates(min_value=date(1, 1, 1)),
    issue_date_text=_TEXT,
    cadre=_TEXT,
    currency=_TEXT,
    total_due=_TEXT,
    supplier=_PARTIES,
    buyer=_PARTIES | st.just(BUYER),
    code_service=_TEXT,
    numero_engagement=_TEXT,
)
_FINDINGS = st.builds(
    Finding,
    code=_TEXT,
    severity=st.sampled_from(Severity),
    layer=st.sampled_from(LayerName),
    ruleset=_TEXT,
    audience=st.lists(st.sampled_from(Audience), unique=True).map(tuple),
    term=st.none() | _TEXT,
    found=st.none() | _TEXT,
    expected=st.none() | _TEXT,
    detail=st.none() | _TEXT,
    line=st.none() | st.integers(0, 2**31 - 1),
    xpath=st.none() | _TEXT,
    facts=st.lists(st.tuples(_TEXT, _TEXT), max_size=2).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(
    summary=st.none() | _SUMMARIES,
    findings=st.lists(_FINDINGS, max_size=3),
    member=st.none() | _TEXT,
)
def test_any_judgment_comes_back_as_it_was(
    summary: InvoiceSummary | None, findings: list[Finding], member: str | None
) -> None:
    database = open_memory()
    desk = Desk(database)
    judgment = make_judgment(0, summary=summary, findings=tuple(findings), member=member)
    flow = desk.judge(judgment)
    assert desk.work.case(flow).judgments == (judgment,)
    database.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), chunk_count=st.integers(1, 6))
def test_any_order_and_any_repetition_of_results_completes_a_flow_once(data: st.DataObject, chunk_count: int) -> None:
    database = open_memory()
    desk = Desk(database)
    flow = desk.receive()
    desk.work.begin(flow, chunk_count, ())
    told = data.draw(st.permutations([*range(chunk_count), *data.draw(st.lists(st.integers(0, chunk_count - 1)))]))
    cuts = data.draw(st.lists(st.booleans(), min_size=len(told), max_size=len(told)))
    completions: list[Flow] = []
    batch: list[ChunkResult] = []
    for chunk, is_end in zip(told, [*cuts[1:], True], strict=True):
        batch.append(result(flow, chunk))
        if is_end:
            completions += desk.work.record(batch)
            batch = []
    assert completions == [flow]
    assert [each.ordinal for each in desk.work.case(flow).judgments] == list(range(chunk_count))
    database.close()
