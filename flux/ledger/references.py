"""Which bytes of the vault a ledger speaks of, gathered in a temporary file: a million flows fit in no memory."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Text, bindparam, exists, func, not_, or_, select

from flux.ledger.journal import RETIRED
from flux.ledger.tables import events, flows, outputs

_FLOWS_AT_ONCE = 20_000
_ROWS_AT_ONCE = 1_000

# How to read the ledger: one view for all, or one for each stretch of it.
Reader = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Bytes that the ledger names: for which flow first, and whether any flow still needs them."""

    sha256: str
    size_bytes: int
    flow: int
    is_kept: bool


class References:
    """The bytes of the flows gathered, each once, in the order of their hashes."""

    def __init__(self, file: sqlite3.Connection) -> None:
        self._file = file
        self._file.execute(
            "CREATE TABLE refs (sha256 TEXT PRIMARY KEY, size INTEGER, flow INTEGER, kept INTEGER) WITHOUT ROWID"
        )

    def gather(self, read: Reader, *, only: int | None = None, since: int = 1, gateway: str | None = None) -> None:
        """Add what all flows name, those from a number on, or only one; those of one gateway, or of all."""
        with read() as connection:
            last = connection.scalar(select(func.max(flows.c.number))) or 0
        if only is not None:
            since, last = only, only
        for start in range(since, last + 1, _FLOWS_AT_ONCE):
            asked = {"start": start, "end": min(start + _FLOWS_AT_ONCE - 1, last), "of": gateway}
            with read() as connection:
                for wanted in (_RECEIVED, _PUT_OUT):
                    self._file.executemany(_ADD, map(tuple, connection.execute(wanted, asked)))

    def totals(self) -> tuple[int, int]:
        """How many files are needed, and their bytes."""
        count, size = self._file.execute("SELECT count(*), coalesce(sum(size), 0) FROM refs WHERE kept").fetchone()
        return count, size

    def holds(self, sha256: str) -> bool:
        """True where some flow names these bytes, retired or not."""
        return self._file.execute("SELECT 1 FROM refs WHERE sha256 = ?", (sha256,)).fetchone() is not None

    def kept(self) -> Iterator[Reference]:
        """What some flow still needs."""
        return self._walk(is_kept=True)

    def unneeded(self) -> Iterator[Reference]:
        """What retired flows alone name."""
        return self._walk(is_kept=False)

    def _walk(self, *, is_kept: bool) -> Iterator[Reference]:
        after = ""
        while rows := self._file.execute(_NEXT, (int(is_kept), after, _ROWS_AT_ONCE)).fetchall():
            after = rows[-1][0]
            for sha256, size, flow in rows:
                yield Reference(sha256=sha256, size_bytes=size, flow=flow, is_kept=is_kept)


@contextmanager
def open_references() -> Iterator[References]:
    """An empty gathering, in a temporary file that the system removes whatever happens."""
    file = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    try:
        file.execute("PRAGMA journal_mode = OFF")
        file.execute("PRAGMA synchronous = OFF")
        yield References(file)
    finally:
        file.close()


_OF_GATEWAY = or_(bindparam("of", type_=Text).is_(None), flows.c.gateway == bindparam("of", type_=Text))
# A row that says so without its event was changed beside the journal: its bytes are needed.
_IS_KEPT = or_(
    flows.c.retired_at.is_(None), not_(exists().where(events.c.flow == flows.c.number, events.c.name == RETIRED))
)
_RECEIVED = select(flows.c.sha256, flows.c.size_bytes, flows.c.number, _IS_KEPT).where(
    flows.c.number.between(bindparam("start"), bindparam("end")), _OF_GATEWAY
)
_PUT_OUT = (
    select(outputs.c.sha256, outputs.c.size_bytes, outputs.c.flow, _IS_KEPT)
    .join(flows, flows.c.number == outputs.c.flow)
    .where(outputs.c.flow.between(bindparam("start"), bindparam("end")), outputs.c.sha256.is_not(None), _OF_GATEWAY)
)
_ADD = (
    "INSERT INTO refs (sha256, size, flow, kept) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (sha256) DO UPDATE SET kept = max(kept, excluded.kept)"
)
_NEXT = "SELECT sha256, size, flow FROM refs WHERE kept = ? AND sha256 > ? ORDER BY sha256 LIMIT ?"
