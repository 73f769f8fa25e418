"""The contract of the DeliveryLedger port, of answering, and of what operators set going again."""

from datetime import timedelta

import pytest

from flux.errors import IllegalTransition, LedgerError
from flux.ledger.given_up import retry_dead, retry_deliveries, retry_partner
from flux.model.delivery import BuiltOutput
from flux.model.lifecycle import DeliveryState, FlowState
from flux.model.settlement import OutputKind, PlannedOutput
from tests.contract.ledger_desk import GATEWAY, LONGEST_WAIT, NOON, REPORT, Desk, make_judgment

SECOND = timedelta(seconds=1)
TO_SEINE = PlannedOutput(kind=OutputKind.FORWARD, partner="seine", name="forward.xml")
HELD = PlannedOutput(kind=OutputKind.FORWARD, partner=None, name="held.xml", held_reason="no_route")
WAITING = PlannedOutput(kind=OutputKind.FORWARD, partner="seine", name="waits.xml", held_reason="validator")


def states_of(desk: Desk) -> dict[str, DeliveryState]:
    return {line.name: line.state for line in desk.queries.list_deliveries(limit=100)}


def test_built_outputs_are_due_with_their_bytes(desk: Desk) -> None:
    (delivery,) = desk.owe(TO_SEINE)
    assert (delivery.partner, delivery.name, delivery.sha256, delivery.size_bytes) == (
        "seine",
        "forward.xml",
        "cd" * 32,
        7,
    )
    assert (delivery.state, delivery.tries, delivery.next_at) == (DeliveryState.DUE, 0, NOON)


def test_an_answered_flow_is_to_be_answered_no_more(desk: Desk) -> None:
    desk.owe(TO_SEINE)
    assert desk.work.unanswered(GATEWAY) == ()


def test_answering_twice_changes_nothing(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0))
    desk.settle(flow, {}, REPORT)
    built = [BuiltOutput(id=each.id, sha256="cd" * 32, size_bytes=7) for each in desk.work.outputs(flow)]
    desk.work.answer(flow, built, NOON)
    before = (desk.due(), desk.event_names(flow))
    desk.work.answer(flow, built, NOON + SECOND)
    assert (desk.due(after=SECOND), desk.event_names(flow)) == before


def test_a_flow_is_answered_once_all_its_outputs_are_built(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0))
    desk.settle(flow, {}, REPORT, TO_SEINE)
    for output in desk.work.outputs(flow):
        assert desk.work.unanswered(GATEWAY) == (flow,)
        desk.work.answer(flow, [BuiltOutput(id=output.id, sha256="cd" * 32, size_bytes=7)], NOON)
    assert desk.state(flow) is FlowState.ANSWERED


def test_the_output_of_another_flow_is_refused(desk: Desk) -> None:
    (delivery,) = desk.owe()
    flow = desk.judge(make_judgment(0))
    desk.settle(flow, {})
    with pytest.raises(LedgerError, match="no outputs of flow"):
        desk.work.answer(flow, [BuiltOutput(id=delivery.id, sha256="cd" * 32, size_bytes=7)], NOON)


@pytest.mark.parametrize("outputs", [(), (HELD,)])  # nothing at all; only what waits for a person
def test_a_flow_that_owes_nothing_is_closed_with_its_answer(desk: Desk, outputs: tuple[PlannedOutput, ...]) -> None:
    flow = desk.judge(make_judgment(0))
    desk.settle(flow, {}, *outputs)
    desk.answer(flow)
    assert desk.state(flow) is FlowState.CLOSED
    assert desk.event_names(flow)[-2:] == ["answered", "closed"]


def test_what_is_due_comes_oldest_first_in_its_time_and_number(desk: Desk) -> None:
    first, second = desk.owe(REPORT, TO_SEINE)
    desk.delivery.postpone(first, NOON + SECOND, "no answer")
    assert [each.id for each in desk.due()] == [second.id]
    assert [each.id for each in desk.due(after=SECOND)] == [second.id, first.id]
    at_once = desk.delivery.due(GATEWAY, NOON + SECOND, 1, frozenset(), horizon=NOON + LONGEST_WAIT)
    assert [each.id for each in at_once] == [second.id]


@pytest.mark.parametrize(("wait", "is_due"), [(LONGEST_WAIT, False), (LONGEST_WAIT + SECOND, True)])
def test_what_is_dated_beyond_the_longest_wait_is_due_since_a_wrong_clock_dated_it(
    desk: Desk, wait: timedelta, *, is_due: bool
) -> None:
    (delivery,) = desk.owe()
    desk.delivery.postpone(delivery, NOON + wait, "no answer")
    assert bool(desk.due()) is is_due


def test_what_a_wrong_clock_dated_comes_after_what_is_due_within_the_limit_and_of_its_partners(desk: Desk) -> None:
    misdated, due = desk.owe(REPORT, TO_SEINE)
    desk.delivery.postpone(misdated, NOON + timedelta(days=3650), "no answer")
    horizon = NOON + LONGEST_WAIT
    for limit, found in ((1, [due.id]), (2, [due.id, misdated.id])):
        assert [each.id for each in desk.delivery.due(GATEWAY, NOON, limit, frozenset(), horizon=horizon)] == found
    assert [each.id for each in desk.due(excluding=frozenset({"acme"}))] == [due.id]


def test_nothing_is_due_for_partners_left_out_or_at_another_gateway(desk: Desk) -> None:
    desk.owe(REPORT, TO_SEINE)
    assert [each.partner for each in desk.due(excluding=frozenset({"seine"}))] == ["acme"]
    assert desk.delivery.due("gw2", NOON, 10, frozenset(), horizon=NOON) == ()


def test_a_flow_is_closed_by_its_last_delivery(desk: Desk) -> None:
    first, second = desk.owe(REPORT, TO_SEINE)
    assert desk.delivery.delivered([first], NOON) == ()
    assert desk.delivery.delivered([second], NOON) == (first.flow_number,)
    assert desk.queries.show_flow(first.flow_number).line.state is FlowState.CLOSED
    assert desk.due() == ()


def test_deliveries_of_several_flows_are_told_at_once(desk: Desk) -> None:
    deliveries = (*desk.owe(REPORT), *desk.owe(REPORT), *desk.owe(REPORT, TO_SEINE))
    closed = desk.delivery.delivered(deliveries[:3], NOON)
    assert closed == (deliveries[0].flow_number, deliveries[1].flow_number)


def test_a_delivery_told_twice_counts_once(desk: Desk) -> None:
    (delivery,) = desk.owe()
    assert desk.delivery.delivered([delivery, delivery], NOON) == (delivery.flow_number,)
    assert desk.delivery.delivered([delivery], NOON + SECOND) == ()
    (line,) = desk.queries.list_deliveries(limit=10)
    assert (line.delivered_at, line.tries) == (NOON, 1)


def test_a_held_output_does_not_keep_its_flow_open(desk: Desk) -> None:
    (report,) = desk.owe(REPORT, HELD)
    assert desk.delivery.delivered([report], NOON) == (report.flow_number,)


@pytest.mark.parametrize("uncertain", [True, False])
def test_a_delivery_that_was_given_up_keeps_its_flow_open(desk: Desk, *, uncertain: bool) -> None:
    report, forward = desk.owe(REPORT, TO_SEINE)
    desk.delivery.abandon(forward, "refused", uncertain=uncertain)
    assert desk.delivery.delivered([report], NOON) == ()


def test_a_try_that_failed_is_counted_and_its_error_kept(desk: Desk) -> None:
    (delivery,) = desk.owe()
    desk.delivery.postpone(delivery, NOON + SECOND, "no answer")
    (again,) = desk.due(after=SECOND)
    assert (again.tries, again.next_at, again.last_error) == (1, NOON + SECOND, "no answer")


def test_a_failed_try_told_twice_counts_once(desk: Desk) -> None:
    (delivery,) = desk.owe()
    desk.delivery.postpone(delivery, NOON + SECOND, "no answer")
    desk.delivery.postpone(delivery, NOON + SECOND, "no answer")
    desk.delivery.abandon(delivery, "no answer", uncertain=False)
    (again,) = desk.due(after=SECOND)
    assert (again.tries, again.state) == (1, DeliveryState.DUE)


def test_what_is_set_back_for_trouble_of_ours_loses_no_try(desk: Desk) -> None:
    report, forward = desk.owe(REPORT, TO_SEINE)
    desk.delivery.set_back({report: "disk full", forward: "bytes away"}, NOON + SECOND)
    found = {(each.tries, each.next_at, each.last_error) for each in desk.due(after=SECOND)}
    assert desk.due() == ()
    assert found == {(0, NOON + SECOND, "disk full"), (0, NOON + SECOND, "bytes away")}


def test_what_is_set_back_again_for_the_same_reason_makes_one_event(desk: Desk) -> None:
    (delivery,) = desk.owe()
    for reason in ("disk full", "disk full", "read-only"):
        desk.delivery.set_back({delivery: reason}, NOON)
    names = [event.name for event in desk.queries.show_flow(delivery.flow_number).events]
    assert names.count("delivery_set_back") == 2


def test_what_arrived_meanwhile_is_not_set_back(desk: Desk) -> None:
    (delivery,) = desk.owe()
    desk.delivery.delivered([delivery], NOON)
    desk.delivery.set_back({delivery: "disk full"}, NOON)
    assert states_of(desk) == {delivery.name: DeliveryState.DELIVERED}


def test_what_was_announced_is_unheard_of_until_its_outcome_is_written(desk: Desk) -> None:
    report, forward = desk.owe(REPORT, TO_SEINE)
    desk.delivery.announce({report: "in/.a.part", forward: "in/.b.part"})
    assert desk.delivery.unheard(GATEWAY) == {report.id: "in/.a.part", forward.id: "in/.b.part"}
    desk.delivery.delivered([report], NOON)
    assert desk.delivery.unheard(GATEWAY) == {forward.id: "in/.b.part"}
    assert desk.delivery.unheard("gw2") == {}


@pytest.mark.parametrize("part", ["in/.a.part", None])
def test_a_try_that_failed_says_whether_the_file_may_have_got_its_name(desk: Desk, part: str | None) -> None:
    (delivery,) = desk.owe()
    desk.delivery.announce({delivery: "in/.a.part"})
    desk.delivery.postpone(delivery, NOON, "link cut", part)
    assert desk.delivery.unheard(GATEWAY).get(delivery.id) == part


@pytest.mark.parametrize(("is_withdrawn", "part"), [(False, "in/.a.part"), (True, None)])
def test_trouble_of_ours_leaves_the_question_open_unless_the_file_was_withdrawn(
    desk: Desk, part: str | None, *, is_withdrawn: bool
) -> None:
    (delivery,) = desk.owe()
    desk.delivery.announce({delivery: "in/.a.part"})
    desk.delivery.set_back({delivery: "disk full"}, NOON, frozenset({delivery.id} if is_withdrawn else ()))
    assert desk.delivery.unheard(GATEWAY).get(delivery.id) == part


@pytest.mark.parametrize(("uncertain", "part"), [(True, None), (False, "in/.a.part")])
def test_what_a_person_sends_again_on_a_doubt_is_sent_and_what_died_with_one_is_looked_for(
    desk: Desk, part: str | None, *, uncertain: bool
) -> None:
    (delivery,) = desk.owe()
    desk.delivery.announce({delivery: "in/.a.part"})
    desk.delivery.abandon(delivery, "link cut", uncertain=uncertain, part=None if uncertain else "in/.a.part")
    assert desk.delivery.unheard(GATEWAY) == {}
    retry_deliveries(desk.database, [delivery.id], now=NOON)
    assert desk.delivery.unheard(GATEWAY).get(delivery.id) == part


def test_what_was_delivered_is_tried_no_more(desk: Desk) -> None:
    (delivery,) = desk.owe()
    desk.delivery.delivered([delivery], NOON)
    desk.delivery.postpone(delivery, NOON, "late news")
    assert states_of(desk) == {delivery.name: DeliveryState.DELIVERED}


def test_a_dead_delivery_is_not_due(desk: Desk) -> None:
    (delivery,) = desk.owe()
    desk.delivery.abandon(delivery, "host key changed", uncertain=False)
    assert desk.due(after=timedelta(days=99)) == ()
    assert states_of(desk) == {delivery.name: DeliveryState.DEAD}


def test_a_dead_delivery_cannot_arrive(desk: Desk) -> None:
    (delivery,) = desk.owe()
    desk.delivery.abandon(delivery, "host key changed", uncertain=False)
    with pytest.raises(IllegalTransition):
        desk.delivery.delivered([delivery], NOON)


def test_an_uncertain_delivery_may_turn_out_to_have_arrived(desk: Desk) -> None:
    (delivery,) = desk.owe()
    desk.delivery.abandon(delivery, "link cut", uncertain=True)
    assert desk.delivery.delivered([delivery], NOON) == (delivery.flow_number,)


def test_an_unknown_delivery_is_our_fault(desk: Desk) -> None:
    (delivery,) = desk.owe()
    with pytest.raises(LedgerError, match="no deliveries"):
        retry_deliveries(desk.database, [delivery.id, 4_000], now=NOON)


def test_every_transition_of_a_delivery_is_an_event_of_its_flow(desk: Desk) -> None:
    (delivery,) = desk.owe()
    desk.delivery.postpone(delivery, NOON, "no answer")
    desk.delivery.abandon(desk.due()[0], "refused", uncertain=False)
    retry_dead(desk.database, now=NOON)
    desk.delivery.delivered(desk.due(), NOON)
    names = [event.name for event in desk.queries.show_flow(delivery.flow_number).events]
    assert names[3:] == [
        "delivery_due",
        "answered",
        "delivery_postponed",
        "delivery_dead",
        "delivery_due",
        "delivery_delivered",
        "closed",
    ]


def test_all_dead_deliveries_are_retried_and_uncertain_ones_left(desk: Desk) -> None:
    dead, uncertain = desk.owe(REPORT, TO_SEINE)
    desk.delivery.abandon(dead, "refused", uncertain=False)
    desk.delivery.abandon(uncertain, "link cut", uncertain=True)
    assert retry_dead(desk.database, now=NOON + SECOND) == (dead.id,)
    (again,) = desk.due(after=SECOND)
    assert (again.id, again.tries, again.next_at) == (dead.id, 0, NOON + SECOND)


def test_what_a_partner_did_not_get_is_retried_for_that_partner(desk: Desk) -> None:
    report, forward = desk.owe(REPORT, TO_SEINE)
    desk.delivery.abandon(report, "refused", uncertain=False)
    desk.delivery.abandon(forward, "link cut", uncertain=True)
    assert retry_partner(desk.database, "seine", now=NOON) == (forward.id,)
    assert [each.id for each in desk.due()] == [forward.id]


def test_a_retry_of_what_is_due_or_delivered_changes_nothing(desk: Desk) -> None:
    report, forward = desk.owe(REPORT, TO_SEINE)
    desk.delivery.delivered([report], NOON)
    assert retry_deliveries(desk.database, [report.id, forward.id], now=NOON) == ()
    assert desk.due() == (forward,)


@pytest.mark.parametrize("output", [HELD, WAITING], ids=["no route", "validator"])
def test_what_is_held_is_no_delivery_to_retry(desk: Desk, output: PlannedOutput) -> None:
    desk.owe(REPORT, output)
    (held,) = desk.queries.list_deliveries(state=DeliveryState.HELD, limit=10)
    with pytest.raises(LedgerError, match="flows release"):
        retry_deliveries(desk.database, [held.id], now=NOON)
    assert states_of(desk)[held.name] is DeliveryState.HELD
