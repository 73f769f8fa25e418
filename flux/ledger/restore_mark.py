"""The mark of a ledger on PostgreSQL into which a backup is being put back: nobody works on it while it stands.

It is a table of its own that no backup holds, committed before the first row comes and dropped with the last change.
On SQLite a file gets its name when it is whole, and needs none.
"""

from sqlalchemy import Connection, inspect, text

from flux.errors import LedgerError
from flux.sql.database import Database

_MARK = "restore_unfinished"
_WHAT_TO_DO = "a backup was being put back into this ledger, and was cut off: run `flux restore` again"


def expect_finished(database: Database) -> None:
    """Raises LedgerError, with what to do, while the mark stands."""
    if database.is_sqlite:
        return
    with database.read() as connection:
        if _is_marked(connection):
            raise LedgerError(_WHAT_TO_DO)


def mark_unfinished(database: Database) -> None:
    """Mark an empty database of PostgreSQL; one that is marked is emptied again. Raises LedgerError where it is in use."""
    with database.write() as connection:
        tables = inspect(connection).get_table_names()
        if _MARK not in tables:
            if tables:
                raise LedgerError(f"the ledger's database is not empty: it holds the table {tables[0]}")
            connection.execute(text(f"CREATE TABLE {_MARK} ()"))
            return
        # All of them came from the restore that was cut off: the mark was set where nothing was, and let nobody in.
        quote = connection.dialect.identifier_preparer.quote
        for table in tables:
            if table != _MARK:
                connection.execute(text(f"DROP TABLE {quote(table)} CASCADE"))


def unmark(connection: Connection) -> None:
    """The ledger is whole, and what may have been done since is held: in the transaction that holds it."""
    if connection.dialect.name != "sqlite":
        connection.execute(text(f"DROP TABLE IF EXISTS {_MARK}"))


def _is_marked(connection: Connection) -> bool:
    return connection.execute(text("SELECT to_regclass(:name)"), {"name": _MARK}).scalar() is not None
