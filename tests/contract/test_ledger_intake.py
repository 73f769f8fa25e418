"""The contract of the IntakeLedger port."""

import pytest

from flux.errors import ContentRefused
from flux.model.lifecycle import FlowState
from flux.model.ports import OpenFlow
from tests.contract.ledger_desk import GATEWAY, NOON, Desk, make_arrival

STRICT = "FSO1100A_FRN001_FRN0011100000000000000042"


def test_an_arrival_becomes_a_flow_that_says_what_came(desk: Desk) -> None:
    flow = desk.receive(name="Facture n°117 mars.pdf")
    assert (flow.attempt, flow.partner, flow.name, flow.size_bytes) == (1, "acme", "Facture n°117 mars.pdf", 2**33)
    assert (flow.received_at, flow.known_partner, flow.reuse_of) == (NOON, True, None)
    assert desk.work.unjudged(GATEWAY) == (OpenFlow(flow=flow, chunks_done=frozenset()),)


def test_flows_come_back_in_the_order_of_their_arrivals(desk: Desk) -> None:
    received = desk.intake.receive([make_arrival("b"), make_arrival("a")])
    assert [flow.name for flow in received] == ["b.xml", "a.xml"]
    assert received[0].number < received[1].number


def test_no_arrivals_are_no_flows(desk: Desk) -> None:
    assert desk.intake.receive([]) == ()


def test_a_claim_told_twice_is_one_flow(desk: Desk) -> None:
    first = desk.intake.receive([make_arrival("a"), make_arrival("a")])
    again = desk.intake.receive([make_arrival("b"), make_arrival("a")])
    assert first == (again[1], again[1])
    assert len(desk.work.unjudged(GATEWAY)) == 2


def test_the_same_claim_of_another_gateway_is_another_flow(desk: Desk) -> None:
    ours, theirs = desk.intake.receive([make_arrival("a"), make_arrival("a", gateway="gw2")])
    assert ours.number != theirs.number
    assert [each.flow for each in desk.work.unjudged("gw2")] == [theirs]


def test_a_strict_name_that_comes_again_tells_the_first_flow(desk: Desk) -> None:
    first = desk.receive(name=STRICT, strict_name=True)
    second = desk.receive(name=STRICT, strict_name=True)
    third = desk.receive(name=STRICT, strict_name=True)
    assert (first.reuse_of, second.reuse_of, third.reuse_of) == (None, first.number, first.number)


def test_two_of_one_strict_name_in_one_batch_are_told_apart(desk: Desk) -> None:
    arrivals = [make_arrival(claim, name=STRICT, strict_name=True) for claim in ("z", "a")]
    first, second = desk.intake.receive(arrivals)
    assert (first.reuse_of, second.reuse_of) == (None, first.number)


def test_the_extension_is_no_part_of_a_strict_name(desk: Desk) -> None:
    first = desk.receive(name=f"{STRICT}.tar.gz", strict_name=True)
    assert desk.receive(name=f"{STRICT}.zip", strict_name=True).reuse_of == first.number


def test_two_partners_may_use_one_strict_name(desk: Desk) -> None:
    desk.receive(name=STRICT, strict_name=True)
    assert desk.receive(name=STRICT, strict_name=True, partner="other").reuse_of is None


def test_a_free_name_may_come_again(desk: Desk) -> None:
    desk.receive(name="facture.xml")
    assert desk.receive(name="facture.xml").reuse_of is None


def test_what_nobody_of_ours_brought_is_kept_and_never_judged(desk: Desk) -> None:
    flow = desk.receive(known_partner=False)
    assert desk.state(flow) is FlowState.QUARANTINED
    assert desk.work.unjudged(GATEWAY) == ()
    assert desk.event_names(flow) == ["received", "quarantined"]


def test_a_pulled_file_is_known_from_then_on(desk: Desk) -> None:
    assert not desk.intake.has_pulled("acme", "out/a.xml|12|1700000000")
    desk.receive(pulled_key="out/a.xml|12|1700000000")
    assert desk.intake.has_pulled("acme", "out/a.xml|12|1700000000")
    assert not desk.intake.has_pulled("other", "out/a.xml|12|1700000000")


def test_a_folder_whose_name_is_no_utf_8_is_a_partner_that_can_be_written(desk: Desk) -> None:
    flow = desk.receive(partner="Soci\udce9t\udce9", pulled_key="a.xml", known_partner=False)
    assert flow.partner == "Soci\\udce9t\\udce9"
    assert desk.intake.has_pulled("Soci\udce9t\udce9", "a.xml")
    assert desk.altered(flow) == []  # its first event says the same


def test_what_the_ledger_cannot_hold_is_told_from_a_ledger_that_is_away(desk: Desk) -> None:
    with pytest.raises(ContentRefused):
        desk.receive(sha256="\udce9")
    assert desk.receive(name="good.xml").name == "good.xml"


def test_a_key_too_long_for_an_index_is_known_too(desk: Desk) -> None:
    desk.receive(pulled_key="x" * 10_000)
    assert desk.intake.has_pulled("acme", "x" * 10_000)
    assert not desk.intake.has_pulled("acme", "x" * 9_999)


def test_a_pulled_file_that_is_gone_is_known_no_more(desk: Desk) -> None:
    for key in ("a", "b", "x" * 10_000):
        desk.receive(pulled_key=key)
    desk.intake.forget_pulled("acme", ["a", "x" * 10_000])
    desk.intake.forget_pulled("other", ["b"])
    assert [desk.intake.has_pulled("acme", key) for key in ("a", "b", "x" * 10_000)] == [False, True, False]


def test_what_a_server_shows_no_more_is_forgotten_of_this_partner_alone(desk: Desk) -> None:
    for partner, key in (("acme", "a"), ("acme", "x" * 10_000), ("other", "a")):
        desk.receive(partner=partner, pulled_key=key)
    desk.intake.forget_unseen("acme", ["x" * 10_000])
    known = [desk.intake.has_pulled(*each) for each in (("acme", "a"), ("acme", "x" * 10_000), ("other", "a"))]
    assert known == [False, True, True]


def test_a_claim_that_no_database_holds_is_one_flow_too(desk: Desk) -> None:
    first, again = (desk.intake.receive([make_arrival("caf\udce9\0")]) for _ in range(2))
    assert first == again
