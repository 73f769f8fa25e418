"""Retirement: once its years are over, the data of a flow goes, and the proof that it was treated stays.

Of the events the details go; moment, name and hash stay, under a hash that the event `retired` takes of them, so that the chain
and its seals can still be checked. Invoices, findings and keys go whole. The bytes go from the vault afterwards.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, delete, exists, func, not_, or_, select, update

from flux.ledger.book import FlowBook
from flux.ledger.database import Database
from flux.ledger.holds import is_under, list_holds
from flux.ledger.journal import RETIRED, hash_erased
from flux.ledger.tables import chunks, events, findings, flows, invoice_keys, invoices, outputs
from flux.model.lifecycle import DeliveryState, FlowState
from flux.model.settlement import Outcome

# A transaction of some milliseconds: a gateway at work must not wait for it.
_FLOWS_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutoffs:
    """What was received before goes: flows with an accepted invoice, and all others."""

    accepted: datetime
    refused: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Flows of one partner and one year (UTC): how many may go, their received bytes, how many a hold keeps."""

    partner: str
    year: int
    flows: int
    bytes: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetiredFlow:
    """A flow whose data went."""

    number: int
    partner: str
    name: str
    sha256: str
    size_bytes: int
    received_at: datetime


def foresee(database: Database, cutoffs: Cutoffs) -> Sequence[Share]:
    """What would go now, by partner and year; nothing is changed."""
    with database.read() as connection:
        kept = _is_kept(connection)
        year = _year_of(connection)
        wanted = (
            select(
                flows.c.partner,
                year,
                func.sum(case((kept, 0), else_=1)),
                func.coalesce(func.sum(case((kept, 0), else_=flows.c.size_bytes)), 0),
                func.sum(case((kept, 1), else_=0)),
            )
            .where(_is_over(cutoffs))
            .group_by(flows.c.partner, year)
            .order_by(flows.c.partner, year)
        )
        return [
            Share(partner=partner, year=int(of), flows=int(going), bytes=int(size), held=int(held))
            for partner, of, going, size, held in connection.execute(wanted)
        ]


def retire_flows(database: Database, cutoffs: Cutoffs, *, by: str, at: datetime) -> Iterator[RetiredFlow]:
    """Erase what is over, some flows a transaction; each flow once its data is gone."""
    after = 0
    while batch := _retire_some(database, cutoffs, after, by=by, at=at):
        yield from batch
        after = batch[-1].number


def erase_traces(database: Database) -> None:
    """Empty the write-ahead log of SQLite, where the former pages stand; whoever reads just now keeps a part of it."""
    if not database.is_sqlite:
        return
    raw = database.engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.close()


def _retire_some(database: Database, cutoffs: Cutoffs, after: int, *, by: str, at: datetime) -> Sequence[RetiredFlow]:
    with database.write() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        going = _choose(connection, cutoffs, after)
        numbers = [flow.number for flow in going]
        if numbers:
            book = FlowBook(connection, numbers, at)
            _note(book, numbers, by)
            _erase(connection, numbers, at)
            book.write()
        return going


def _choose(connection: Connection, cutoffs: Cutoffs, after: int) -> Sequence[RetiredFlow]:
    wanted = (
        select(*(flows.c[name] for name in ("number", "partner", "name", "sha256", "size_bytes", "received_at")))
        .where(flows.c.number > after, _is_over(cutoffs), not_(_is_kept(connection)))
        .order_by(flows.c.number)
        .limit(_FLOWS_AT_ONCE)
        .with_for_update(of=flows)  # another erasure may be choosing too
    )
    return [RetiredFlow(**row) for row in connection.execute(wanted).mappings()]


def _is_over(cutoffs: Cutoffs) -> ColumnElement[bool]:
    """Nothing is to be done for it any more, and its years are over."""
    accepted = exists().where(invoices.c.flow == flows.c.number, invoices.c.outcome == Outcome.ACCEPTED.value)
    over = (DeliveryState.DELIVERED.value, DeliveryState.CLOSED.value)
    owed = exists().where(outputs.c.flow == flows.c.number, outputs.c.state.not_in(over))
    return and_(
        flows.c.retired_at.is_(None),
        flows.c.state.in_([FlowState.CLOSED.value, FlowState.QUARANTINED.value]),
        flows.c.received_at < case((accepted, _moment(cutoffs.accepted)), else_=_moment(cutoffs.refused)),
        not_(owed),
    )


def _moment(moment: datetime) -> ColumnElement[datetime]:
    return bindparam(None, moment, type_=flows.c.received_at.type)


def _is_kept(connection: Connection) -> ColumnElement[bool]:
    return or_(flows.c.number == 0, *map(is_under, list_holds(connection, standing_only=True)))


def _year_of(connection: Connection) -> ColumnElement[int]:
    if connection.dialect.name == "sqlite":
        return func.substr(flows.c.received_at, 1, 4)
    return func.extract("year", func.timezone("UTC", flows.c.received_at))


def _note(book: FlowBook, numbers: Sequence[int], by: str) -> None:
    """The last event of each flow, with the hash of what is left of the others."""
    left = defaultdict(list)
    for row in book.connection.execute(_LEFT, {"numbers": numbers}):
        left[row.flow].append(row)
    for number in numbers:
        book.note(number, RETIRED, erased=hash_erased(left[number]), by=by)


def _erase(connection: Connection, numbers: Sequence[int], at: datetime) -> None:
    for table in (chunks, invoice_keys, findings, invoices):
        connection.execute(delete(table).where(table.c.flow.in_(numbers)))
    connection.execute(update(events).where(events.c.flow.in_(numbers)).values(details="{}"))
    connection.execute(update(outputs).where(outputs.c.flow.in_(numbers)).values(last_error=None, held_reason=None))
    connection.execute(update(flows).where(flows.c.number.in_(numbers)).values(retired_at=at.astimezone(UTC)))


_LEFT = (
    select(events.c.flow, events.c.at, events.c.name, events.c.hash)
    .where(events.c.flow.in_(bindparam("numbers", expanding=True)))
    .order_by(events.c.flow, events.c.ordinal)
)
