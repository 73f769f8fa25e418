"""Bringing a ledger to the tables of this version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from flux.errors import LedgerError
from flux.ledger.database import Database

_MIGRATIONS = Path(__file__).parent / "migrations"
# Any fixed number: two processes that upgrade one PostgreSQL ledger take turns.
_UPGRADE_LOCK = 20260901


def upgrade(database: Database) -> None:
    """Bring the tables to this version's, in one transaction; does nothing where they are. Raises LedgerError."""
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        _run(connection)


def is_current(database: Database) -> bool:
    """True where the tables are this version's."""
    head = ScriptDirectory.from_config(_configuration()).get_current_head()
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head


def _run(connection: Connection) -> None:
    configuration = _configuration()
    configuration.attributes["connection"] = connection
    try:
        command.upgrade(configuration, "head")
    except CommandError as error:
        raise LedgerError(f"the ledger was written by another version of flux: {error}") from error


def _configuration() -> Config:
    configuration = Config()
    # Alembic reads % as the beginning of a reference.
    configuration.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return configuration
