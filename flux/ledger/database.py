"""Opening the ledger's database."""

from flux.errors import ContentRefused, LedgerError
from flux.sql.database import Database, Owner
from flux.sql.database import open_database as open_owned

__all__ = ["Database", "open_database"]

LEDGER = Owner(name="ledger", failure=LedgerError, refusal=ContentRefused)


def open_database(url: str) -> Database:
    """The ledger at an address; its tables are not touched. Raises ConfigError for a wrong address, LedgerError where it cannot be reached."""
    return open_owned(url, LEDGER)
