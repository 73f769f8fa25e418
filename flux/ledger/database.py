"""Opening the ledger's database."""

from flux.errors import ContentRefused, LedgerError
from flux.ledger.restore_mark import expect_finished
from flux.sql.database import Database, Owner
from flux.sql.database import open_database as open_owned

__all__ = ["Database", "open_database", "open_unfinished"]

LEDGER = Owner(name="ledger", failure=LedgerError, refusal=ContentRefused)


def open_database(url: str) -> Database:
    """The ledger at an address; its tables are not touched.

    Raises ConfigError for a wrong address, LedgerError where it cannot be reached or a backup is being put back into it.
    """
    database = open_unfinished(url)
    try:
        expect_finished(database)
    except LedgerError:
        database.close()
        raise
    return database


def open_unfinished(url: str) -> Database:
    """The same for whoever puts a backup back: also where that was begun and not ended."""
    return open_owned(url, LEDGER)
