"""A consistent copy of a database while others write it, and the way back: SQLite's backup, pg_dump and pg_restore."""

import os
import sqlite3
import subprocess
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import cast

from sqlalchemy import URL, inspect

from flux.errors import BackupError
from flux.sql.database import Database

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
SUFFIXES: Mapping[str, str] = {SQLITE: ".db", POSTGRESQL: ".dump"}

# Some megabytes between two tellings.
_PAGES_AT_ONCE = 2_000


def kind_of(database: Database) -> str:
    """Which way a database is copied and put back."""
    return SQLITE if database.is_sqlite else POSTGRESQL


def take_snapshot(database: Database, target: Path, tell: Callable[[float], None]) -> None:
    """Write a consistent copy; whoever writes meanwhile does not wait. `tell` hears the share done. Raises BackupError."""
    target.touch(mode=0o600)
    if database.is_sqlite:
        _copy_sqlite(database, target, tell)
    else:
        _run("pg_dump", database.engine.url, "--format=custom", f"--file={target}")


def put_back_postgresql(snapshot: Path, database: Database) -> None:
    """Fill an empty database, whole or not at all. Raises BackupError, also where it is not empty."""
    tables = inspect(database.engine).get_table_names()
    if tables:
        raise BackupError(f"the {database.owner.name}'s database is not empty: it holds the table {tables[0]}")
    fill_postgresql(snapshot, database)


def fill_postgresql(snapshot: Path, database: Database) -> None:
    """Bring the tables of a snapshot into a database that has none of them, all or none. Raises BackupError."""
    _run("pg_restore", database.engine.url, "--no-owner", "--no-privileges", "--single-transaction", str(snapshot))


def _copy_sqlite(database: Database, target: Path, tell: Callable[[float], None]) -> None:
    """One reader's view, so that a writer between two steps does not begin the copy again."""
    with database.read() as connection, closing(sqlite3.connect(target)) as copy:
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
        source = cast("sqlite3.Connection", connection.connection.driver_connection)
        source.backup(
            copy, pages=_PAGES_AT_ONCE, progress=lambda _, remaining, total: tell(1 - remaining / max(total, 1))
        )
        # The copy is one file, to be read where nothing may be written beside it.
        copy.execute("PRAGMA journal_mode = DELETE")


def _run(program: str, address: URL, *arguments: str) -> None:
    """One of PostgreSQL's programs; the password goes by the environment, where no list of processes shows it."""
    password = {"PGPASSWORD": str(address.password)} if address.password else {}
    shown = URL.create(
        "postgresql",
        username=address.username,
        host=address.host,
        port=address.port,
        database=address.database,
        query=address.query,
    ).render_as_string(hide_password=False)
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and the settings are ours
            [program, "--no-password", f"--dbname={shown}", *arguments],
            env={**os.environ, **password},
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise BackupError(f"{program} is not installed here: the package postgresql-client holds it") from error
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip() or f'exit code {done.returncode}'}")
