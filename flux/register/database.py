"""Opening the register's database, to write it or only to read it."""

from pathlib import Path

from flux.durable import give_to_owner, make_folders
from flux.errors import RegisterError
from flux.sql.database import Database, Owner
from flux.sql.database import open_database as open_owned
from flux.sql.migrate import Migrations

__all__ = ["MIGRATIONS", "Database", "open_database", "prepare_database", "read_database"]

REGISTER = Owner(name="register", failure=RegisterError, refusal=RegisterError)
MIGRATIONS = Migrations(Path(__file__).parent / "migrations")

_SQLITE = "sqlite:///"


def file_of(url: str) -> Path | None:
    """The file of an SQLite register."""
    return Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else None


def open_database(url: str) -> Database:
    """The register at an address; its tables are not touched. Raises ConfigError, RegisterError."""
    return open_owned(url, REGISTER)


def prepare_database(url: str) -> Database:
    """The register at an address, made where it is not, with the tables of this version.

    It holds account numbers: its file is made for its owner alone. Raises ConfigError, RegisterError.
    """
    file = file_of(url)
    if file is not None:
        try:
            make_folders(file.parent)
            file.touch(mode=0o600)
            give_to_owner(file)
        except OSError as error:
            raise RegisterError(f"{file}: the register cannot be made: {error.strerror}") from error
    database = open_database(url)
    MIGRATIONS.upgrade(database)
    return database


def read_database(url: str) -> Database:
    """The register, for one who changes nothing. Raises ConfigError, RegisterError where it is not there."""
    return open_owned(url, REGISTER, read_only=True)
