"""What was changed in the past is found, and said where; what is sound passes."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, LargeBinary, cast, delete, insert, literal, select, update

from flux.ledger.database import Database
from flux.ledger.faults import Fault, FaultKind, Scope, SealMark, Tally
from flux.ledger.file_check import check_rows
from flux.ledger.given_up import close_deliveries, retry_deliveries, retry_partner
from flux.ledger.journal import hash_event
from flux.ledger.journal_check import check_journal, numbers_in
from flux.ledger.references import open_references
from flux.ledger.release import release_outputs, reopen_flow
from flux.ledger.restored import hold_what_was_open
from flux.ledger.row_hashes import FINDING_ROWS, OUTPUT_ROWS, hash_rows
from flux.ledger.seal_check import check_seals
from flux.ledger.seals import hash_heads, hash_seal, last_seal, seal_heads
from flux.ledger.tables import events, findings, flows, invoices, outputs, sealed_heads, seals
from flux.ledger.vault import FolderVault
from flux.ledger.vault_check import check_vault, count_unreferenced
from flux.model.authority import Authority
from flux.model.delivery import Release
from flux.model.ports import ChunkResult
from flux.sql.types import to_text
from tests.contract.ledger_desk import NOON, REPORT, WARNING, Desk, make_judgment, settlement_of

CLERK = Authority(by="claire", reason="by post", at=NOON)

# In memory nothing is kept that anybody could change.
pytestmark = pytest.mark.parametrize("ledger_url", ["sqlite", "postgresql"], indirect=True)


def found(database: Database, mark: SealMark | None = None) -> list[Fault]:
    first, last = numbers_in(database, Scope())
    return [
        *check_rows(database),
        *check_journal(database, first, last, Tally()),
        *check_seals(database, mark, Tally()),
    ]


@pytest.fixture
def lived(desk: Desk) -> Desk:
    """Three flows, the second with a whole life, all sealed; a fourth came later."""
    desk.receive()
    desk.owe()
    desk.delivery.delivered(desk.due(), NOON)
    desk.receive()
    seal_heads(desk.database, NOON)
    desk.receive()
    return desk


def test_what_nobody_touched_is_sound(lived: Desk) -> None:
    assert found(lived.database) == []


def test_a_flow_that_lives_on_leaves_its_seal_true(lived: Desk) -> None:
    flow = lived.work.unjudged("gw1")[0].flow
    lived.work.begin(flow, 1, ())
    assert found(lived.database) == []
    (second,) = seal_heads(lived.database, NOON)
    assert (second.number, second.flows, found(lived.database)) == (2, 2, [])


def test_nothing_is_sealed_twice(lived: Desk) -> None:
    assert len(seal_heads(lived.database, NOON)) == 1
    assert seal_heads(lived.database, NOON) == ()


_SECOND = flows.c.number == 2
_EVENT = (events.c.flow == 2, events.c.ordinal == 3)


@pytest.mark.parametrize(
    ("change", "kind", "flow", "ordinal"),
    [
        (update(events).where(*_EVENT).values(details="{}"), FaultKind.EVENT_ALTERED, 2, 3),
        (update(events).where(*_EVENT).values(name="closed"), FaultKind.EVENT_ALTERED, 2, 3),
        (delete(events).where(*_EVENT), FaultKind.EVENTS_MISSING, 2, 3),
        (delete(events).where(events.c.flow == 2, events.c.ordinal == 6), FaultKind.HEAD_ALTERED, 2, 6),
        (update(flows).where(_SECOND).values(event_head="0" * 64), FaultKind.HEAD_ALTERED, 2, 7),
        (update(flows).where(_SECOND).values(verdict="rejected"), FaultKind.ROW_ALTERED, 2, None),
        (update(flows).where(_SECOND).values(sha256="00" * 32), FaultKind.ROW_ALTERED, 2, None),
        (update(flows).where(_SECOND).values(state="answered"), FaultKind.ROW_ALTERED, 2, None),
        (update(flows).where(_SECOND).values(retired_at=NOON), FaultKind.ROW_ALTERED, 2, None),
        (update(outputs).where(outputs.c.flow == 2).values(sha256="00" * 32), FaultKind.ROW_ALTERED, 2, None),
        (update(outputs).where(outputs.c.flow == 2).values(state="due"), FaultKind.ROW_ALTERED, 2, None),
        (update(outputs).where(outputs.c.flow == 2).values(partner="mallory"), FaultKind.ROW_ALTERED, 2, None),
        (delete(outputs).where(outputs.c.flow == 2), FaultKind.ROW_ALTERED, 2, None),
        (update(seals).values(content="0" * 64), FaultKind.SEAL_ALTERED, None, None),
        (
            update(sealed_heads).where(sealed_heads.c.flow == 3).values(event_count=2),
            FaultKind.SEAL_ALTERED,
            None,
            None,
        ),
    ],
)
def test_a_change_of_the_past_is_located(
    lived: Desk, change: Any, kind: FaultKind, flow: int | None, ordinal: int | None
) -> None:
    with lived.database.write() as connection:
        connection.execute(change)
    assert (kind, flow, ordinal) in [(each.kind, each.flow, each.ordinal) for each in found(lived.database)]


_INVOICE = invoices.c.flow == 2
_COPIED = [column.name for column in invoices.c]
_COPY = [literal(7) if name == "ordinal" else invoices.c[name] for name in _COPIED]
_FINDING = findings.c.flow == 2
_OUTPUT = outputs.c.flow == 2


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (update(flows).where(_SECOND).values(received_at=NOON - timedelta(days=4000)), "flows.received_at"),
        (update(invoices).where(_INVOICE).values(verdict="rejected"), "invoices of attempt 1"),
        (update(invoices).where(_INVOICE).values(outcome="rejected"), "invoices of attempt 1"),
        (update(invoices).where(_INVOICE).values(number="F-9"), "invoices of attempt 1"),
        (update(invoices).where(_INVOICE).values(total_due=None), "invoices of attempt 1"),
        (insert(invoices).from_select(_COPIED, select(*_COPY).where(_INVOICE)), "invoices of attempt 1"),
        (update(findings).where(_FINDING).values(severity="info"), "findings of attempt 1"),
        (update(findings).where(_FINDING).values(is_added=True), "findings of attempt 1"),
        (update(findings).where(_FINDING).values(flow=1), "findings of attempt 1"),
        (delete(findings).where(_FINDING), "findings of attempt 1"),
        (update(outputs).where(_OUTPUT).values(name="other.xml"), "outputs of attempt 1"),
        (update(outputs).where(_OUTPUT).values(folder="elsewhere"), "outputs of attempt 1"),
        (update(outputs).where(_OUTPUT).values(invoices="[[0,0]]"), "outputs of attempt 1"),
    ],
)
def test_a_change_of_a_verdict_is_located(lived: Desk, change: Any, path: str) -> None:
    with lived.database.write() as connection:
        connection.execute(change)
    assert [(each.kind, each.flow, each.path) for each in found(lived.database)] == [(FaultKind.ROW_ALTERED, 2, path)]


def test_the_rows_of_a_verdict_are_hashed_as_the_same_json_on_every_database(desk: Desk) -> None:
    hard = 'é "\\/" \x01\x1f\x7f\t\r\n\u2028 null 😀'
    flow = desk.judge(make_judgment(0, findings=(replace(WARNING, found=hard, term=None),)))
    desk.settle(flow, {(0, 0): "F-1"})
    names = "flow attempt ordinal unit is_added line code severity layer ruleset audience term found expected detail xpath facts"
    with desk.database.read() as connection:
        row = connection.execute(select(*(findings.c[name] for name in names.split()))).one()
        hashes = hash_rows(connection, (flow.number, 1))
    values = [int(value) if isinstance(value, bool) else value for value in row]
    line = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    assert hard in values
    assert hashes[FINDING_ROWS] == hashlib.sha256(f"{line}\n".encode()).hexdigest()


def test_bytes_in_place_of_a_text_are_a_change_and_accuse_no_other_flow(lived: Desk) -> None:
    if not lived.database.is_sqlite:
        return  # its columns hold nothing but texts
    lived.owe()
    with lived.database.write() as connection:
        connection.execute(update(invoices).where(_INVOICE).values(number=cast(invoices.c.number, LargeBinary)))
    assert [(each.flow, each.path) for each in found(lived.database)] == [(2, "invoices of attempt 1")]


def test_a_size_other_than_that_of_the_bytes_built_is_located(lived: Desk) -> None:
    with lived.database.write() as connection:
        connection.execute(update(outputs).where(_OUTPUT).values(size_bytes=8))
    (fault,) = found(lived.database)
    assert (str(fault.path).partition(" ")[0], fault.expected, fault.found) == ("outputs.size_bytes", "7", "8")


def test_what_a_person_releases_is_the_plan_that_counts(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0))
    desk.settle(flow, {(0, 0): "F-1"}, replace(REPORT, held_reason="no route"), replace(REPORT, partner=None))
    with desk.database.read() as connection:
        ids = tuple(connection.scalars(select(outputs.c.id).order_by(outputs.c.id)))
    releases = [
        Release(ids=ids[:1], planned=(replace(REPORT, folder="elsewhere"),)),
        Release(ids=ids[1:], planned=(replace(REPORT, partner=None, held_reason="nobody"),)),
    ]
    assert release_outputs(desk.database, flow.number, releases, CLERK, "FLX001") == ids[:1]
    assert found(desk.database) == []
    with desk.database.write() as connection:
        connection.execute(update(outputs).where(outputs.c.id == ids[0]).values(folder=REPORT.folder))
    assert [each.path for each in found(desk.database)] == ["outputs of attempt 1"]


def test_each_attempt_has_a_verdict_of_its_own(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0))
    desk.work.settle(flow, {}, {}, lambda *_: settlement_of({}, status=None))
    again = replace(flow, attempt=reopen_flow(desk.database, flow.number, CLERK))
    desk.work.begin(again, 1, ())
    desk.work.record([ChunkResult(flow=again, chunk=0, judgments=(make_judgment(0), make_judgment(1)))])
    assert found(desk.database) == []
    desk.settle(again, {(0, 0): "F-1", (1, 0): "F-2"}, REPORT)
    assert found(desk.database) == []
    with desk.database.write() as connection:
        connection.execute(update(invoices).where(invoices.c.attempt == 1).values(number="F-9"))
    assert [each.path for each in found(desk.database)] == ["invoices of attempt 1"]


def test_a_flow_judged_before_its_verdict_was_guarded_is_counted_and_no_fault(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tally = Tally()
    with monkeypatch.context() as older:
        older.setattr("flux.ledger.settle.hash_rows", lambda *_: {})
        desk.owe()
    desk.owe()
    assert list(check_journal(desk.database, 1, 2, tally)) == []
    assert tally.unguarded == 1


def test_a_row_that_is_said_to_be_retired_hides_no_other_change(lived: Desk) -> None:
    with lived.database.write() as connection:
        connection.execute(update(flows).where(_SECOND).values(retired_at=NOON, partner="mallory"))
    assert {fault.path for fault in found(lived.database)} == {"flows.retired_at", "flows.partner"}


def test_bytes_of_a_flow_that_never_retired_are_needed_whatever_its_row_says(lived: Desk) -> None:
    with open_references() as references:
        references.gather(lived.database.read)
        needed = references.totals()
    with lived.database.write() as connection:
        connection.execute(update(flows).values(retired_at=NOON))
    with open_references() as references:
        references.gather(lived.database.read)
        assert (references.totals(), list(references.unneeded())) == (needed, [])


def test_what_delivery_and_people_do_is_told_by_the_events(desk: Desk) -> None:
    delivered, tried, set_back, dead, doubtful, closed, again = desk.owe(*[REPORT] * 7)
    desk.owe(replace(REPORT, held_reason="no route"))
    desk.delivery.delivered([delivered], NOON)
    desk.delivery.postpone(tried, NOON, "busy")
    desk.delivery.set_back({set_back: "our disk"}, NOON)
    for each in (dead, doubtful, closed, again):
        desk.delivery.abandon(each, "refused", uncertain=each is doubtful)
    close_deliveries(desk.database, [closed.id], CLERK)
    retry_deliveries(desk.database, [again.id], now=NOON)
    assert found(desk.database) == []
    hold_what_was_open(desk.database, NOON)
    assert found(desk.database) == []
    retry_partner(desk.database, "acme", now=NOON)
    assert found(desk.database) == []


def test_what_is_held_back_cannot_be_let_go_beside_the_journal(desk: Desk) -> None:
    flow = desk.judge(make_judgment(0))
    desk.settle(flow, {(0, 0): "F-1"}, replace(REPORT, held_reason="no route"), REPORT)
    assert found(desk.database) == []
    with desk.database.write() as connection:
        connection.execute(update(outputs).values(state="planned"))
    (fault,) = found(desk.database)
    assert (fault.kind, fault.expected, fault.found) == (FaultKind.ROW_ALTERED, "held", "planned")


def test_a_sealed_flow_that_was_cut_off_the_end_is_missed(desk: Desk) -> None:
    desk.receive()
    desk.receive()
    seal_heads(desk.database, NOON)
    with desk.database.write() as connection:
        connection.execute(delete(events).where(events.c.flow == 2))
        connection.execute(delete(flows).where(flows.c.number == 2))
        if desk.database.is_sqlite:
            connection.exec_driver_sql("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'flows'")
    assert [(each.kind, each.flow) for each in found(desk.database)] == [(FaultKind.FLOW_MISSING, 2)]


def test_a_sealed_flow_that_was_cut_off_the_beginning_is_missed(lived: Desk) -> None:
    with lived.database.write() as connection:
        connection.execute(delete(events).where(events.c.flow == 1))
        connection.execute(delete(flows).where(flows.c.number == 1))
    assert [(each.kind, each.flow) for each in found(lived.database)] == [(FaultKind.FLOW_MISSING, 1)]


def test_a_flow_that_was_cut_out_is_missed(lived: Desk) -> None:
    with lived.database.write() as connection:
        connection.execute(delete(events).where(events.c.flow == 3))
        connection.execute(delete(flows).where(flows.c.number == 3))
    assert [(each.kind, each.flow) for each in found(lived.database)] == [(FaultKind.FLOW_MISSING, 3)]


def test_an_unsealed_flow_that_was_cut_off_the_end_is_missed_on_sqlite(lived: Desk) -> None:
    with lived.database.write() as connection:
        connection.execute(delete(events).where(events.c.flow == 4))
        connection.execute(delete(flows).where(flows.c.number == 4))
    missed = [(each.kind, each.flow) for each in found(lived.database)]
    assert missed == ([(FaultKind.FLOW_MISSING, 4)] if lived.database.is_sqlite else [])


def forge_events(connection: Connection) -> None:
    """Rewrite a whole flow as its hashes allow, its rows included."""
    before_rows = hash_rows(connection, (2, 1))[OUTPUT_ROWS]
    connection.execute(update(outputs).where(outputs.c.flow == 2).values(partner="evil"))
    after_rows = hash_rows(connection, (2, 1))[OUTPUT_ROWS]
    rows = connection.execute(events.select().where(events.c.flow == 2).order_by(events.c.ordinal)).mappings().all()
    previous = ""
    for row in rows:
        details = row["details"].replace("acme", "evil").replace(before_rows, after_rows)
        forged = {**row, "details": details, "previous": previous, "at": to_text(row["at"])}
        previous, before = hash_event(forged), previous
        change = {"details": details, "previous": before, "hash": previous}
        connection.execute(update(events).where(events.c.flow == 2, events.c.ordinal == row["ordinal"]).values(change))
    connection.execute(update(flows).where(_SECOND).values(event_head=previous, partner="evil"))


def forge_seals(connection: Connection) -> None:
    """And the seal over it."""
    head = connection.scalar(flows.select().with_only_columns(flows.c.event_head).where(_SECOND))
    connection.execute(update(sealed_heads).where(sealed_heads.c.flow == 2).values(event_head=head))
    columns = (sealed_heads.c.flow, sealed_heads.c.event_count, sealed_heads.c.event_head)
    content = hash_heads(
        connection.execute(sealed_heads.select().with_only_columns(*columns).order_by(sealed_heads.c.flow))
    )
    seal = last_seal(connection)
    assert seal is not None
    forged = hash_seal(number=1, at=seal.at, flows=seal.flows, content=content, previous="")
    connection.execute(update(seals).values(content=content, hash=forged))


def test_a_flow_rewritten_with_all_its_hashes_breaks_its_seal(lived: Desk) -> None:
    with lived.database.write() as connection:
        forge_events(connection)
    (fault,) = found(lived.database)
    assert (fault.kind, fault.flow, fault.seal) == (FaultKind.HISTORY_REWRITTEN, 2, 1)


def test_seals_rewritten_too_differ_from_the_one_kept_elsewhere(lived: Desk) -> None:
    with lived.database.read() as connection:
        seal = last_seal(connection)
    assert seal is not None
    kept_elsewhere = SealMark(seal.number, seal.hash)
    assert found(lived.database, kept_elsewhere) == []
    with lived.database.write() as connection:
        forge_events(connection)
        forge_seals(connection)
    assert found(lived.database) == []
    assert [each.kind for each in found(lived.database, kept_elsewhere)] == [FaultKind.NOT_A_CONTINUATION]


def test_a_seal_that_the_ledger_does_not_hold_is_no_past_of_it(lived: Desk) -> None:
    (fault,) = found(lived.database, SealMark(9, "0" * 64))
    assert (fault.kind, fault.found) == (FaultKind.NOT_A_CONTINUATION, "the last seal is 1")


def empty(path: Path) -> None:
    path.unlink()


def corrupt(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(b"other bytes")


@pytest.mark.parametrize(("damage", "kind"), [(empty, FaultKind.BYTES_MISSING), (corrupt, FaultKind.BYTES_ALTERED)])
def test_bytes_that_went_or_changed_are_named_with_their_flow(
    desk: Desk, tmp_path: Path, damage: Callable[[Path], None], kind: FaultKind
) -> None:
    vault = FolderVault(tmp_path / "vault")
    sound, lost, stray = (vault.put([data]) for data in (b"sound", b"lost", b"named by nobody"))
    for blob in (sound, lost):
        desk.receive(sha256=blob.sha256, size_bytes=blob.size_bytes)
    with open_references() as references:
        references.gather(desk.database.read)
        assert list(check_vault(tmp_path / "vault", references, Tally(), lambda _: None)) == []
        damage(vault.path(lost.sha256))
        (fault,) = check_vault(tmp_path / "vault", references, Tally(), lambda _: None)
        assert count_unreferenced(tmp_path / "vault", references) == 1
    assert (fault.kind, fault.flow, lost.sha256 in str(fault.path), stray.sha256) == (kind, 2, True, stray.sha256)
