"""The journal: each flow's events chained by hash, so that a change of the past shows."""

import pytest
from sqlalchemy import delete, update

from flux.ledger.journal import NO_EVENT
from flux.ledger.row_hashes import GUARDED
from flux.ledger.tables import events
from flux.model.flow import Flow
from tests.contract.ledger_desk import NOON, REPORT, Desk, make_judgment


def live(desk: Desk) -> Flow:
    """A flow with a whole life: received, judging, judged, due, answered, delivered, closed."""
    flow = desk.judge(make_judgment(0), name="Facture n°1.xml")
    desk.settle(flow, {(0, 0): "F1"}, REPORT)
    desk.answer(flow)
    desk.delivery.delivered(desk.due(), NOON)
    return flow


def test_events_say_what_happened_when(desk: Desk) -> None:
    flow = live(desk)
    events_of = desk.queries.show_flow(flow.number).events
    assert [event.name for event in events_of] == [
        "received",
        "judging",
        "judged",
        "delivery_due",
        "answered",
        "delivery_delivered",
        "closed",
    ]
    assert {event.at for event in events_of} == {NOON}
    assert events_of[0].details["name"] == "Facture n°1.xml"
    details = {name: value for name, value in events_of[2].details.items() if name not in GUARDED}
    assert details == {"verdict": "accepted", "status": "90", "accepted": 1}


def test_each_event_holds_the_hash_of_the_one_before(desk: Desk) -> None:
    events_of = desk.queries.show_flow(live(desk).number).events
    assert [event.previous for event in events_of] == [NO_EVENT, *(event.hash for event in events_of[:-1])]
    assert [event.ordinal for event in events_of] == list(range(len(events_of)))


def test_an_untouched_chain_holds(desk: Desk) -> None:
    flows = [live(desk), desk.receive()]
    assert [desk.altered(flow) for flow in flows] == [[], []]


@pytest.mark.parametrize(
    "change",
    [
        {"name": "accepted"},
        {"details": "{}"},
        {"at": NOON.replace(year=2025)},
        {"previous": "0" * 64},
        {"hash": "0" * 64},
    ],
)
def test_an_event_that_was_altered_shows(desk: Desk, change: dict[str, object]) -> None:
    flow = live(desk)
    with desk.database.write() as connection:
        connection.execute(update(events).where(events.c.flow == flow.number, events.c.ordinal == 2).values(change))
    assert desk.altered(flow) == [2]


@pytest.mark.parametrize(("removed", "first"), [(0, 0), (3, 3), (6, 6)])  # the first, one in the middle, the last
def test_an_event_that_was_removed_shows(desk: Desk, removed: int, first: int) -> None:
    flow = live(desk)
    with desk.database.write() as connection:
        connection.execute(delete(events).where(events.c.flow == flow.number, events.c.ordinal == removed))
    assert desk.altered(flow) == [first]
