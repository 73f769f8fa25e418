"""Which backups were made, and since when a flow waits for the next one."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, func, select

from flux.ledger.bounds import to_storable
from flux.ledger.database import Database
from flux.ledger.tables import backups, flows


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupNote:
    """A backup that a gateway made: when it began, into which generation, and the last flow that is in it."""

    gateway: str
    at: datetime
    folder: str
    last_flow: int


def last_flow(connection: Connection) -> int:
    """The number of the flow that was received last, 0 where there is none."""
    return connection.scalar(select(func.max(flows.c.number))) or 0


def note_backup(database: Database, note: BackupNote) -> None:
    """Write down that a backup is whole."""
    row = {"gateway": note.gateway, "at": note.at, "folder": to_storable(note.folder), "last_flow": note.last_flow}
    with database.write() as connection:
        connection.execute(backups.insert(), row)


def last_backup(connection: Connection, gateway: str) -> BackupNote | None:
    """The latest backup of a gateway that the ledger knows of."""
    columns = (backups.c.gateway, backups.c.at, backups.c.folder, backups.c.last_flow)
    latest = select(*columns).where(backups.c.gateway == gateway).order_by(backups.c.number.desc()).limit(1)
    row = connection.execute(latest).mappings().first()
    return None if row is None else BackupNote(**row)


def waits_since(connection: Connection, gateway: str, after: int) -> datetime | None:
    """When the first flow of a gateway was received that is younger than flow `after`."""
    younger = select(flows.c.received_at).where(flows.c.number > after, flows.c.gateway == gateway)
    return cast("datetime | None", connection.scalar(younger.order_by(flows.c.number).limit(1)))
