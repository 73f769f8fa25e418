"""The journal: what happened to each flow, appended and never changed, each flow's events chained by hash.

The hash of an event covers its content and the hash before it; the flow's row holds the count and the last hash, so that
an event that was altered, inserted or cut off shows.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, select

from flux.ledger.tables import events
from flux.sql.bulk import Record
from flux.sql.types import to_text

Detail = str | int | None
# A row whose columns its query names.
AnyRow = Row[*tuple[Any, ...]]

# The event with which the data of a flow went.
RETIRED = "retired"
# The hash before the first event.
NO_EVENT = ""

_CHAINED = ("flow", "ordinal", "at", "name", "details", "previous")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to a flow. `ordinal` counts from 0, `hash` is SHA-256 in hexadecimal."""

    flow: int
    ordinal: int
    at: datetime
    name: str
    details: Mapping[str, Detail]
    previous: str
    hash: str


def chain_event(
    *, flow: int, ordinal: int, at: datetime, name: str, details: Mapping[str, Detail], previous: str
) -> Record:
    """The row of an event that follows the one whose hash is `previous`."""
    content: dict[str, str | int | bool | None] = {
        "flow": flow,
        "ordinal": ordinal,
        "at": to_text(at),
        "name": name,
        "details": json.dumps(details, sort_keys=True, separators=(",", ":")),
        "previous": previous,
    }
    return {**content, "hash": hash_event(content)}


def hash_event(content: Record) -> str:
    """SHA-256 over the columns of an event in their order, as JSON."""
    return hashlib.sha256(
        json.dumps([content[name] for name in _CHAINED], separators=(",", ":")).encode("ascii")
    ).hexdigest()


def hash_erased(written: Iterable[AnyRow]) -> str:
    """SHA-256 over what retirement leaves of events: moment, name and hash of each, as JSON."""
    left = [[to_moment_text(event.at), event.name, event.hash] for event in written]
    return hashlib.sha256(json.dumps(left, separators=(",", ":")).encode("ascii")).hexdigest()


def to_moment_text(at: str | datetime) -> str:
    """A moment as the hashes cover it; on SQLite it may be read as that text."""
    return at if isinstance(at, str) else to_text(at)


def read_events(connection: Connection, flow: int) -> tuple[Event, ...]:
    """What happened to a flow, oldest first."""
    return tuple(_event(row) for row in _rows(connection, flow))


def _rows(connection: Connection, flow: int) -> Sequence[RowMapping]:
    return connection.execute(select(events).where(events.c.flow == flow).order_by(events.c.ordinal)).mappings().all()


def _event(row: RowMapping) -> Event:
    return Event(**{**row, "details": json.loads(row["details"])})
