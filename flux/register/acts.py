"""What changed the register, in order: imports, and what people did to accounts. The last number is its version."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, insert, select, text

from flux.model.register import RegisterSource
from flux.register.tables import acts


class ActKind(Enum):
    """What was done."""

    IMPORT = "import"
    DECLARATION = "declaration"
    APPROVAL = "approval"
    CLOSING = "closing"


class FileMark(NamedTuple):
    """A file that was imported."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A change of the register: what, of which source and version, from which files, by whom, and what came of it."""

    kind: ActKind
    source: RegisterSource
    at: datetime
    by: str
    version: str = ""
    files: tuple[FileMark, ...] = ()
    counts: Mapping[str, int]
    number: int = 0


def write_act(connection: Connection, act: Act) -> int:
    """Append an act; its number."""
    row = {
        "kind": act.kind.value,
        "source": act.source.value,
        "version": act.version,
        "files": json.dumps([mark._asdict() for mark in act.files], ensure_ascii=False),
        "counts": json.dumps(dict(act.counts)),
        "at": act.at,
        "by": act.by,
    }
    number: int = connection.execute(insert(acts).values(row).returning(acts.c.number)).scalar_one()
    return number


def last_act(connection: Connection) -> int:
    """The number of the last act, 0 where nothing was ever done."""
    return connection.execute(_LAST).scalar_one() or 0


def last_act_before(connection: Connection, moment: datetime) -> int:
    """The number of the last act of before a moment."""
    return connection.execute(_LAST.where(acts.c.at < moment)).scalar_one() or 0


def last_imports(connection: Connection) -> dict[RegisterSource, Act]:
    """The last import of each source that was ever imported."""
    latest = select(func.max(acts.c.number)).where(acts.c.kind == ActKind.IMPORT.value).group_by(acts.c.source)
    rows = connection.execute(select(acts).where(acts.c.number.in_(latest)))
    return {act.source: act for act in map(to_act, rows)}


def read_acts(connection: Connection, numbers: Sequence[int]) -> tuple[Act, ...]:
    """The acts of these numbers, oldest first."""
    rows = connection.execute(select(acts).where(acts.c.number.in_(numbers)).order_by(acts.c.number))
    return tuple(map(to_act, rows))


def take_turn(connection: Connection) -> None:
    """Keep every other writer out until the end of the transaction; SQLite's transaction did so at its beginning."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("LOCK TABLE acts IN EXCLUSIVE MODE"))


def to_act(row: Row[Any]) -> Act:
    """Of a row of acts."""
    return Act(
        number=row.number,
        kind=ActKind(row.kind),
        source=RegisterSource(row.source),
        version=row.version,
        files=tuple(FileMark(**mark) for mark in json.loads(row.files)),
        counts=json.loads(row.counts),
        at=row.at,
        by=row.by,
    )


_LAST = select(func.max(acts.c.number))
