"""What goes after its years, what stays, and that the past can still be proven."""

from collections.abc import Sequence
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import Connection, func, select, update

from flux.errors import LedgerError
from flux.ledger import retirement
from flux.ledger.database import Database, open_database
from flux.ledger.faults import FaultKind, Tally
from flux.ledger.given_up import close_deliveries
from flux.ledger.holds import HoldKind, lift_hold, place_hold
from flux.ledger.journal_check import check_journal
from flux.ledger.release import close_flow
from flux.ledger.retirement import Cutoffs, RetiredFlow, Share, foresee, retire_flows
from flux.ledger.seal_check import check_seals
from flux.ledger.seals import seal_heads
from flux.ledger.tables import chunks, events, findings, invoice_keys, invoices
from flux.model.authority import Authority
from tests.contract.ledger_desk import NOON, REPORT, SUPPLIER, Desk, make_judgment

pytestmark = pytest.mark.parametrize("ledger_url", ["sqlite", "postgresql"], indirect=True)

CLERK = Authority(by="claire", reason="inspection 2033-117", at=NOON)
LATER = NOON + timedelta(seconds=1)
ALL = Cutoffs(accepted=LATER, refused=LATER)


def close(desk: Desk) -> int:
    """A flow with an accepted invoice, answered and delivered; its number."""
    (owed,) = desk.owe()
    desk.delivery.delivered([owed], NOON)
    return owed.flow_number


def retire(database: Database, cutoffs: Cutoffs = ALL) -> list[int]:
    return [flow.number for flow in retire_flows(database, cutoffs, by="claire", at=LATER)]


def check(desk: Desk, number: int) -> list[FaultKind]:
    return [fault.kind for fault in check_journal(desk.database, number, number, Tally())]


def test_invoices_findings_and_keys_go_and_the_details_of_events(desk: Desk) -> None:
    assert retire(desk.database) == []
    number = close(desk)
    assert retire(desk.database) == [number]
    with desk.database.read() as connection:
        counts = [connection.scalar(select(func.count()).select_from(t)) for t in (invoices, findings, invoice_keys)]
        told = connection.scalars(select(events.c.details).where(events.c.name != "retired")).all()
    assert (counts, set(told)) == ([0, 0, 0], {"{}"})


def test_what_went_goes_once(desk: Desk) -> None:
    number = close(desk)
    assert (retire(desk.database), retire(desk.database)) == ([number], [])


def test_two_erasures_at_once_retire_a_flow_once(desk: Desk, ledger_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    number = close(desk)
    choose, other = retirement._choose, open_database(ledger_url)
    rival = Thread(target=lambda: retire(other))

    def choose_beside_a_rival(connection: Connection, cutoffs: Cutoffs, after: int) -> Sequence[RetiredFlow]:
        chosen = choose(connection, cutoffs, after)
        if rival.ident is None:
            rival.start()
            rival.join(0.5)  # it waits for our lock, or has its way
        return chosen

    monkeypatch.setattr(retirement, "_choose", choose_beside_a_rival)
    assert retire(desk.database) == [number]
    rival.join(30)
    other.close()
    assert check(desk, number) == []


def test_the_chain_and_its_seal_hold_after_it(desk: Desk) -> None:
    close(desk)
    seal_heads(desk.database, NOON)
    retire(desk.database)
    tally = Tally()
    assert [*check_journal(desk.database, 1, 1, tally), *check_seals(desk.database, None, tally)] == []
    assert tally.retired == 1


def test_a_change_of_what_is_left_is_located(desk: Desk) -> None:
    number = close(desk)
    retire(desk.database)
    with desk.database.write() as connection:
        connection.execute(update(events).where(events.c.ordinal == 1).values(name="other"))
    (fault,) = check_journal(desk.database, number, number, Tally())
    assert (fault.kind, fault.flow) == (FaultKind.EVENT_ALTERED, number)


def test_an_accepted_invoice_stays_longer_than_a_refused_flow(desk: Desk) -> None:
    accepted = close(desk)
    assert retire(desk.database, Cutoffs(accepted=NOON, refused=LATER)) == []
    assert retire(desk.database, Cutoffs(accepted=LATER, refused=NOON)) == [accepted]


def test_what_a_person_closed_goes_with_its_flow(desk: Desk) -> None:
    (owed,) = desk.owe()
    desk.delivery.abandon(owed, "refused", uncertain=False)
    assert retire(desk.database) == []
    close_deliveries(desk.database, [owed.id], CLERK)
    assert retire(desk.database) == [owed.flow_number]


def test_the_chunks_of_a_flow_that_was_closed_before_it_was_judged_go_with_it(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0))
    desk.work.hold(flow, "a reader that failed")
    close_flow(desk.database, flow.number, CLERK)
    assert retire(desk.database) == [flow.number]
    with desk.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(chunks)) == 0


def test_what_is_not_over_stays(desk: Desk) -> None:
    close(desk)
    assert retire(desk.database, Cutoffs(accepted=NOON, refused=NOON)) == []


def test_an_open_flow_stays_whatever_its_age(desk: Desk) -> None:
    desk.receive()
    flow = desk.judge(make_judgment(0))
    desk.settle(flow, {(0, 0): "F-1"}, REPORT)
    assert retire(desk.database) == []


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        (HoldKind.FLOW, "1", 1),
        (HoldKind.FLOW, "2", 0),
        (HoldKind.PARTNER, "acme", 1),
        (HoldKind.PARTNER, "other", 0),
        (HoldKind.SIREN, SUPPLIER.identifier[:9], 1),
        (HoldKind.SIREN, "110002011", 1),
        (HoldKind.SIREN, "000000000", 0),
    ],
)
def test_a_hold_keeps_what_it_names(desk: Desk, kind: HoldKind, value: str, kept: int) -> None:
    close(desk)
    place_hold(desk.database, kind, value, CLERK)
    (share,) = foresee(desk.database, ALL)
    assert (share.held, share.flows, len(retire(desk.database))) == (kept, 1 - kept, 1 - kept)


def test_a_lifted_hold_keeps_nothing_and_is_lifted_once(desk: Desk) -> None:
    close(desk)
    number = place_hold(desk.database, HoldKind.FLOW, "1", CLERK)
    lift_hold(desk.database, number, CLERK)
    assert retire(desk.database) == [1]
    with pytest.raises(LedgerError, match="no hold 1 stands"):
        lift_hold(desk.database, number, CLERK)


def test_what_would_go_is_told_by_partner_and_year(desk: Desk) -> None:
    close(desk)
    close(desk)
    (share,) = foresee(desk.database, ALL)
    assert share == Share(partner="acme", year=2026, flows=2, bytes=share.bytes, held=0)
    assert share.bytes > 0
