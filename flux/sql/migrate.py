"""Bringing a database to the tables of this version."""

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from flux.sql.database import Database

# Any fixed number: two processes that upgrade one PostgreSQL database take turns.
_UPGRADE_LOCK = 20260901


@dataclass(frozen=True, slots=True)
class Migrations:
    """The migrations of one owner, in a folder of Alembic's form."""

    folder: Path

    def upgrade(self, database: Database) -> None:
        """Bring the tables to this version's, in one transaction; does nothing where they are. Raises the owner's failure."""
        with database.write() as connection:
            if not database.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
            self._run(connection, database)

    def is_current(self, database: Database) -> bool:
        """True where the tables are this version's."""
        head = ScriptDirectory.from_config(self._configuration()).get_current_head()
        with database.read() as connection:
            return MigrationContext.configure(connection).get_current_revision() == head

    def _run(self, connection: Connection, database: Database) -> None:
        configuration = self._configuration()
        configuration.attributes["connection"] = connection
        try:
            command.upgrade(configuration, "head")
        except CommandError as error:
            name = database.owner.name
            raise database.owner.failure(f"the {name} was written by another version of flux: {error}") from error

    def _configuration(self) -> Config:
        configuration = Config()
        # Alembic reads % as the beginning of a reference.
        configuration.set_main_option("script_location", str(self.folder).replace("%", "%%"))
        return configuration
