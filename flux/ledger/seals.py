"""Seals: the heads of the journal, noted together now and then, each seal chained to the one before.

Whoever can write the ledger can rewrite a flow's events with all their hashes; he cannot do so without changing every
seal since, and the hash of the last one is kept elsewhere (log, backups). A seal notes, for each flow that moved since
it was last sealed, how many events it had and the hash of the last: what happens to the flow later leaves the seal true.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, text, tuple_

from flux.ledger.bounds import batches
from flux.ledger.database import Database
from flux.ledger.tables import flows, sealed_heads, seals
from flux.sql.bulk import BulkInsert, Record
from flux.sql.types import to_text

# The hash before the first seal.
NO_SEAL = ""
# A seal is one short transaction: a gateway at work must not wait for it.
HEADS_PER_SEAL = 5_000
_SCAN_FLOWS = 20_000
# Any fixed number: gateways that share one PostgreSQL seal in turn.
_SEAL_LOCK = 20260902

# Flow, count of its events, hash of the last.
Head = tuple[int, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """One seal. `flows` counts the heads under it, `content` is their hash."""

    number: int
    at: datetime
    flows: int
    content: str
    previous: str
    hash: str


def seal_heads(database: Database, at: datetime) -> tuple[Seal, ...]:
    """Seal every head that moved since it was sealed; the seals made, none where nothing moved."""
    made: list[Seal] = []
    waiting: list[Head] = []
    for heads in _unsealed(database):
        waiting.extend(heads)
        while len(waiting) >= HEADS_PER_SEAL:
            made.extend(_seal(database, waiting[:HEADS_PER_SEAL], at))
            del waiting[:HEADS_PER_SEAL]
    made.extend(_seal(database, waiting, at))
    return tuple(made)


def last_seal(connection: Connection) -> Seal | None:
    """The latest seal of a ledger."""
    row = connection.execute(select(seals).order_by(seals.c.number.desc()).limit(1)).mappings().first()
    return Seal(**row) if row is not None else None


def read_seals(connection: Connection, *, after: int, limit: int) -> Sequence[Seal]:
    """The seals that follow a number, in order."""
    wanted = select(seals).where(seals.c.number > after).order_by(seals.c.number).limit(limit)
    return [Seal(**row) for row in connection.execute(wanted).mappings()]


def hash_heads(heads: Iterable[Head]) -> str:
    """SHA-256 over the heads in the order of their flows, one a line."""
    digest = hashlib.sha256()
    for flow, count, head in heads:
        digest.update(f"{flow} {count} {head}\n".encode("ascii"))
    return digest.hexdigest()


def hash_seal(*, number: int, at: datetime, flows: int, content: str, previous: str) -> str:
    """SHA-256 over the columns of a seal in their order, as JSON."""
    columns = [number, to_text(at), flows, content, previous]
    return hashlib.sha256(json.dumps(columns, separators=(",", ":")).encode("ascii")).hexdigest()


_SEALED = (
    select(func.max(sealed_heads.c.event_count)).where(sealed_heads.c.flow == flows.c.number).correlate(flows)
).scalar_subquery()
_MOVED = (
    select(flows.c.number, flows.c.event_count, flows.c.event_head)
    .where(
        flows.c.number > bindparam("after"),
        flows.c.number <= bindparam("until"),
        flows.c.event_count > func.coalesce(_SEALED, 0),
    )
    .order_by(flows.c.number)
)
_KNOWN = select(sealed_heads.c.flow, sealed_heads.c.event_count).where(
    tuple_(sealed_heads.c.flow, sealed_heads.c.event_count).in_(bindparam("heads", expanding=True))
)
_INSERT_HEADS = BulkInsert(sealed_heads, [column.name for column in sealed_heads.c])


def _unsealed(database: Database) -> Iterator[list[Head]]:
    """Heads that no seal covers, by the flow's number; read a stretch at a time, so that no reader stays for long."""
    with database.read() as connection:
        last = connection.scalar(select(func.max(flows.c.number))) or 0
    for after in range(0, last, _SCAN_FLOWS):
        with database.read() as connection:
            rows = connection.execute(_MOVED, {"after": after, "until": after + _SCAN_FLOWS})
            yield [(number, count, head) for number, count, head in rows]


def _seal(database: Database, heads: Sequence[Head], at: datetime) -> tuple[Seal, ...]:
    """Seal those of the heads that another process has not sealed since they were read."""
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SEAL_LOCK})
        sealed = {
            (flow, count)
            for batch in batches([head[:2] for head in heads])
            for flow, count in connection.execute(_KNOWN, {"heads": batch})
        }
        fresh = [head for head in heads if head[:2] not in sealed]
        if not fresh:
            return ()
        seal = _next_seal(last_seal(connection), fresh, at)
        _write(connection, seal, fresh)
        return (seal,)


def _next_seal(former: Seal | None, heads: Sequence[Head], at: datetime) -> Seal:
    number, previous = (former.number + 1, former.hash) if former else (1, NO_SEAL)
    content = hash_heads(heads)
    return Seal(
        number=number,
        at=at,
        flows=len(heads),
        content=content,
        previous=previous,
        hash=hash_seal(number=number, at=at, flows=len(heads), content=content, previous=previous),
    )


def _write(connection: Connection, seal: Seal, heads: Sequence[Head]) -> None:
    connection.execute(seals.insert(), asdict(seal))
    rows: list[Record] = [
        {"flow": flow, "event_count": count, "event_head": head, "seal": seal.number} for flow, count, head in heads
    ]
    _INSERT_HEADS.write(connection, rows)
