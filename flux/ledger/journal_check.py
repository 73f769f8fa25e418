"""Is the past what it was? Every event of every flow against its chain and its seals, the rows against their events.

A flow is looked at as a whole, some hundreds at a time: neither memory nor the time that a reader stays grows with the
ledger, and a gateway may be at work.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, Connection, Executable, Text, bindparam, func, select, text, type_coerce

from flux.ledger.database import Database
from flux.ledger.expected_rows import ExpectedRows
from flux.ledger.faults import Fault, FaultKind, Scope, Tally
from flux.ledger.journal import NO_EVENT, RETIRED, AnyRow, hash_erased, hash_event, to_moment_text
from flux.ledger.left_out import read_left_out
from flux.ledger.row_hashes import GUARDED, NO_ROWS, read_all_hashes
from flux.ledger.tables import events, flows, outputs, sealed_heads

_FLOWS_AT_ONCE = 200


def numbers_in(database: Database, scope: Scope) -> tuple[int, int]:
    """The first and the last number of the flows in scope; the last is smaller where there is none."""
    if scope.flow is not None:
        return scope.flow, scope.flow
    wanted = select(func.min(flows.c.number), func.max(flows.c.number))
    if scope.since is not None:
        wanted = wanted.where(flows.c.received_at >= scope.since)
    with database.read() as connection:
        first, last = connection.execute(wanted).one()
        if scope.is_whole:
            counts = _NAMED_NUMBERS + ([_GIVEN_NUMBERS] if database.is_sqlite else [])
            first, last = 1, max(last or 0, *(connection.execute(count).scalar_one() for count in counts))
    return first or 1, last or 0


def check_journal(database: Database, first: int, last: int, tally: Tally) -> Iterator[Fault]:
    """Every flow of a stretch of numbers: its chain, its seals, its row."""
    with database.read() as connection:
        gaps = read_left_out(connection)
    start = first
    while start <= last:
        with database.read() as connection:
            start = _pass_over(connection, gaps, start)
            end = min(start + _FLOWS_AT_ONCE - 1, last)
            stretch = _read_stretch(connection, start, end)
        numbers = range(start, end + 1)
        # PostgreSQL leaves out the numbers of transactions that were taken back.
        yield from _check_stretch(stretch, numbers, tally, gaps if database.is_sqlite else [numbers])
        start = end + 1


_GIVEN_NUMBERS = text("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'flows'")
# Whoever cuts off the last flow may set the count back as well: its events or its seal still name it.
_NAMED_NUMBERS: list[Executable] = [
    select(func.coalesce(func.max(table.c.flow), 0)) for table in (events, sealed_heads)
]
_NEXT_NAMED = [
    select(func.min(column)).where(column >= bindparam("start"))
    for column in (flows.c.number, events.c.flow, sealed_heads.c.flow)
]
_BETWEEN: tuple[BindParameter[int], BindParameter[int]] = (bindparam("start"), bindparam("end"))
_FLOWS = (
    select(
        *(
            flows.c[name]
            for name in (
                "number", "sha256", "size_bytes", "partner", "name", "state", "verdict",
                "event_count", "event_head", "retired_at", "received_at",
            )
        )
    )
    .where(flows.c.number.between(*_BETWEEN))
    .order_by(flows.c.number)
)  # fmt: skip
_EVENT_COLUMNS = [events.c[name] for name in ("flow", "ordinal", "name", "details", "previous", "hash")]
_EVENTS = (
    select(*_EVENT_COLUMNS, events.c.at)
    .where(events.c.flow.between(*_BETWEEN))
    .order_by(events.c.flow, events.c.ordinal)
)
# On SQLite a moment is the text that the hash covers: to read it as a time and write it again costs more than the hash.
_EVENTS_AS_TEXT = _EVENTS.with_only_columns(*_EVENT_COLUMNS, type_coerce(events.c.at, Text).label("at"))
_OUTPUTS = select(
    *(outputs.c[name] for name in ("flow", "id", "name", "state", "partner", "sha256", "size_bytes"))
).where(outputs.c.flow.between(*_BETWEEN))
_HEADS = (
    select(sealed_heads)
    .where(sealed_heads.c.flow.between(*_BETWEEN))
    .order_by(sealed_heads.c.flow, sealed_heads.c.event_count)
)


# The hashes of the rows of a flow, by kind and attempt.
_RowHashes = Mapping[tuple[str, int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """Everything about some flows, by number."""

    flows: Mapping[int, AnyRow]
    events: Mapping[int, Sequence[AnyRow]]
    outputs: Mapping[int, Sequence[AnyRow]]
    heads: Mapping[int, Sequence[AnyRow]]
    hashes: Mapping[int, _RowHashes]


def _read_stretch(connection: Connection, start: int, end: int) -> _Stretch:
    asked = {"start": start, "end": end}
    wanted = _EVENTS_AS_TEXT if connection.dialect.name == "sqlite" else _EVENTS
    events_of: dict[int, list[AnyRow]] = defaultdict(list)
    for event in connection.execute(wanted, asked):
        events_of[event.flow].append(event)
    heads_of: dict[int, list[AnyRow]] = defaultdict(list)
    for head in connection.execute(_HEADS, asked):
        heads_of[head.flow].append(head)
    outputs_of: dict[int, list[AnyRow]] = defaultdict(list)
    for output in connection.execute(_OUTPUTS, asked):
        outputs_of[output.flow].append(output)
    return _Stretch(
        flows={row.number: row for row in connection.execute(_FLOWS, asked)},
        events=events_of,
        outputs=outputs_of,
        heads=heads_of,
        hashes=read_all_hashes(connection, start, end),
    )


def _pass_over(connection: Connection, gaps: Sequence[range], start: int) -> int:
    """The number to go on with: out of a gap, or what is named in it nonetheless."""
    for gap in gaps:
        if start in gap:
            named = (connection.execute(wanted, {"start": start}).scalar() for wanted in _NEXT_NAMED)
            start = min([gap.stop, *filter(None, named)])
    return start


def _check_stretch(stretch: _Stretch, numbers: range, tally: Tally, left_out: Sequence[range]) -> Iterator[Fault]:
    named = stretch.events.keys() | stretch.heads.keys()
    for number in numbers:
        flow = stretch.flows.get(number)
        if flow is None:
            if number in named or not any(number in gap for gap in left_out):
                yield Fault(kind=FaultKind.FLOW_MISSING, flow=number, found="no row bears this number")
            continue
        written = stretch.events.get(number, ())
        tally.flows += 1
        tally.events += len(written)
        tally.retired += flow.retired_at is not None
        broken = list(_check_chain(flow, written, stretch.heads.get(number, ())))
        yield from broken
        if not broken:
            rows = _Rows(outputs=stretch.outputs.get(number, ()), hashes=stretch.hashes.get(number, {}))
            yield from _check_rows(flow, written, rows, tally)


def _check_chain(flow: AnyRow, written: Sequence[AnyRow], heads: Sequence[AnyRow]) -> Iterator[Fault]:
    """The first event of a flow that is not what was written, else its head; and its seals."""
    broken = _first_broken(flow, written)
    if broken is None and (len(written), written[-1].hash if written else NO_EVENT) != (
        flow.event_count,
        flow.event_head,
    ):
        broken = Fault(
            kind=FaultKind.HEAD_ALTERED,
            flow=flow.number,
            ordinal=min(len(written), flow.event_count),
            expected=f"{flow.event_count} events ending with {flow.event_head}",
            found=f"{len(written)} events ending with {written[-1].hash if written else NO_EVENT}",
        )
    if broken is not None:
        yield broken
    for head in heads:
        found = written[head.event_count - 1].hash if head.event_count <= len(written) else "no such event"
        if found != head.event_head:
            yield Fault(
                kind=FaultKind.HISTORY_REWRITTEN,
                flow=flow.number,
                ordinal=head.event_count - 1,
                seal=head.seal,
                expected=head.event_head,
                found=found,
            )
            return


def _first_broken(flow: AnyRow, written: Sequence[AnyRow]) -> Fault | None:
    """The first event that does not follow from the one before. Of a retired flow the details are gone, the links stay."""
    previous = NO_EVENT
    retirement = next((index for index, event in enumerate(written) if event.name == RETIRED), 0)
    for ordinal, event in enumerate(written):
        if event.ordinal != ordinal:
            return Fault(
                kind=FaultKind.EVENTS_MISSING, flow=flow.number, ordinal=ordinal, found=f"event {event.ordinal}"
            )
        counted = _hash_of(event)
        if event.previous != previous or (ordinal >= retirement and event.hash != counted):
            return Fault(
                kind=FaultKind.EVENT_ALTERED,
                flow=flow.number,
                ordinal=ordinal,
                expected=event.hash if event.previous == previous else f"after {previous}",
                found=counted if event.previous == previous else f"after {event.previous}",
            )
        previous = event.hash
    if retirement:
        return _check_erased(flow, written[:retirement], written[retirement])
    return None


def _check_erased(flow: AnyRow, erased: Sequence[AnyRow], retired: AnyRow) -> Fault | None:
    """What is left of events whose details went, against the hash that their retirement took of it."""
    expected, found = str(json.loads(retired.details).get("erased")), hash_erased(erased)
    if expected == found:
        return None
    return Fault(kind=FaultKind.EVENT_ALTERED, flow=flow.number, ordinal=0, expected=expected, found=found)


def _hash_of(event: AnyRow) -> str:
    return hash_event(
        {
            "flow": event.flow,
            "ordinal": event.ordinal,
            "at": to_moment_text(event.at),
            "name": event.name,
            "details": event.details,
            "previous": event.previous,
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """What is held of a flow beside its row: its outputs, and the hashes of what belongs to its verdicts."""

    outputs: Sequence[AnyRow]
    hashes: _RowHashes


def _check_rows(flow: AnyRow, written: Sequence[AnyRow], rows: _Rows, tally: Tally) -> Iterator[Fault]:
    """The columns that decide what is done and which bytes are read, and the rows of its verdicts, against the events."""
    is_retired = any(event.name == RETIRED for event in written)
    if is_retired != (flow.retired_at is not None):
        yield _row_fault(flow, "flows.retired_at", "retired" if is_retired else None, flow.retired_at)
    if is_retired:
        return
    told = ExpectedRows()
    for event in written:
        told.hear(event.name, json.loads(event.details))
    tally.unguarded += told.is_unguarded
    yield from _compare(flow, "flows.{}", told.columns, flow)
    for output in rows.outputs:
        yield from _compare(flow, f"outputs.{{}} of {output.id}", told.columns_of(output), output)
    for gone in told.outputs.keys() - {output.id for output in rows.outputs}:
        yield _row_fault(flow, f"outputs.id of {gone}", gone, None)
    for (kind, attempt), expected in told.hashes.items():
        found = rows.hashes.get((kind, attempt), NO_ROWS)
        if found != expected:
            yield _row_fault(flow, f"{GUARDED[kind]} of attempt {attempt}", expected, found)


def _compare(flow: AnyRow, path: str, told: Mapping[str, object], row: AnyRow) -> Iterator[Fault]:
    for column, value in told.items():
        held = getattr(row, column)
        found = to_moment_text(held) if isinstance(held, datetime) else held
        if found != value:
            yield _row_fault(flow, path.format(column), value, found)


def _row_fault(flow: AnyRow, path: str, expected: object, found: object) -> Fault:
    return Fault(kind=FaultKind.ROW_ALTERED, flow=flow.number, path=path, expected=str(expected), found=str(found))
