"""The ledger's file, by what SQLite says of it."""

from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError

from flux.errors import LedgerError
from flux.ledger.database import Database
from flux.ledger.faults import Fault, FaultKind


def check_pages(database: Database) -> tuple[Fault, ...]:
    """What SQLite itself finds wrong with its file, at most twenty faults; PostgreSQL checks its pages as it reads them."""
    if not database.is_sqlite:
        return ()
    try:
        with database.read() as connection:
            told = connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars().all()
    except LedgerError as error:
        if not _is_damage(error.__cause__):
            raise
        told = [str(error)]
    return tuple(Fault(kind=FaultKind.LEDGER_DAMAGED, found=said) for said in told if said != "ok")


def _is_damage(cause: BaseException | None) -> bool:
    """Some damage ends the check itself."""
    return isinstance(cause, DBAPIError) and getattr(cause.orig, "sqlite_errorname", "") in {
        "SQLITE_CORRUPT",
        "SQLITE_NOTADB",
    }


def check_rows(database: Database) -> Iterator[Fault]:
    """Rows that speak of rows which are not there; PostgreSQL lets none in."""
    if not database.is_sqlite:
        return
    with database.read() as connection:
        for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            found = f"row {row} of {table} speaks of a row of {parent} that is not there"
            yield Fault(kind=FaultKind.LEDGER_DAMAGED, found=found)
