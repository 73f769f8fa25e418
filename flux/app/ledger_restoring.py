"""The ledger of a backup put back: on SQLite a file that gets its name last, on PostgreSQL tables under a mark."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flux.app.files_restoring import copy_aside, sync_file
from flux.backup.snapshot import fill_postgresql
from flux.config import Settings
from flux.durable import rename_synced
from flux.ledger.database import Database, open_unfinished
from flux.ledger.lock import GatewayLock
from flux.ledger.migrate import upgrade
from flux.ledger.restore_mark import mark_unfinished
from flux.ledger.restored import Unsettled, hold_what_was_open, take_as_it_was


def put_back_ledger(kept: Path, settings: Settings, *, moved: bool) -> Unsettled | None:
    """Put a ledger back where the configuration says; what was held, None with `moved`. Raises BackupError, LedgerError, OSError."""
    file = settings.ledger.file
    if file is None:
        return _fill_ledger(kept, settings, moved=moved)
    return _place_ledger(kept, file, moved=moved)


def _fill_ledger(kept: Path, settings: Settings, *, moved: bool) -> Unsettled | None:
    """On PostgreSQL: pg_restore commits before anything is held back, so a mark keeps gateways off until that is done."""
    with _opened(settings.ledger.url) as database, GatewayLock(database, settings.gateway.name):
        mark_unfinished(database)
        fill_postgresql(kept, database)
        return _bring_up(database, moved=moved)


def _place_ledger(kept: Path, file: Path, *, moved: bool) -> Unsettled | None:
    """On SQLite: made ready aside, it gets its name last."""
    aside = copy_aside(kept, file)
    with _opened(f"sqlite:///{aside}") as database:
        unsettled = _bring_up(database, moved=moved)
    sync_file(aside)
    rename_synced(aside, file)
    return unsettled


def _bring_up(database: Database, *, moved: bool) -> Unsettled | None:
    """To the tables of this version; what may have been done since the backup is held."""
    upgrade(database)
    if not moved:
        return hold_what_was_open(database, datetime.now(UTC))
    take_as_it_was(database)
    return None


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = open_unfinished(url)
    try:
        yield database
    finally:
        database.close()
