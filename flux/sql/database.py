"""Opening a database of ours: SQLite set for durability, or PostgreSQL, under the same statements.

SQLite: WAL with synchronous=FULL loses no acknowledged commit in a power cut (NORMAL does); a transaction that writes
begins IMMEDIATE, because one that reads first and writes later fails at once when another process wrote between.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DataError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from flux.durable import give_to_owner
from flux.errors import ConfigError, FluxError

# A writer of another process (a command beside `flux run`) is waited for that long.
BUSY_TIMEOUT_MILLISECONDS = 10_000
CONNECT_TIMEOUT_SECONDS = 10

_BEGIN = "flux_begin"
_BUSY_TIMEOUT = ("busy_timeout", str(BUSY_TIMEOUT_MILLISECONDS), BUSY_TIMEOUT_MILLISECONDS)
POSTGRESQL_PORT = 5432
_ADVICE = (
    (("SQLITE_NOTADB", "SQLITE_CORRUPT"), "it is damaged or of another program: put a backup back by `flux restore`"),
    (
        ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM"),
        "is it a file, and may this user read and write it and its folder?",
    ),
    (("SQLITE_BUSY",), "another process keeps it to itself: try again, or end that one"),
    (("POSTGRESQL",), "is the server up, and are `url` and `password_env` right?"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose database it is: the word for it, which is also its table of the configuration, and the failures it raises.

    `refusal` is raised where the database works and cannot hold the values that it was given.
    """

    name: str
    failure: type[FluxError]
    refusal: type[FluxError]


class Database:
    """An open database. Threads of one process share it; on SQLite they take turns to write.

    Both blocks raise the owner's failure for whatever the database refuses; a write block that raises changes nothing.
    """

    def __init__(self, engine: Engine, owner: Owner) -> None:
        self.engine = engine
        self.owner = owner
        self._writer = engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
        self._reader = engine if self.is_sqlite else engine.execution_options(isolation_level="REPEATABLE READ")
        self._write_turn: AbstractContextManager[object] = threading.Lock() if self.is_sqlite else nullcontext()
        # In memory there is one connection: readers wait for it too.
        self._read_turn: AbstractContextManager[object] = self._write_turn if self.is_memory else nullcontext()

    @property
    def is_sqlite(self) -> bool:
        """True on SQLite, false on PostgreSQL."""
        return self.engine.dialect.name == "sqlite"

    @property
    def is_memory(self) -> bool:
        """True where nothing is kept."""
        return self.is_sqlite and self.file is None

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database."""
        name = self.engine.url.database
        return Path(name) if self.is_sqlite and name and name != ":memory:" else None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view of the rows."""
        with _own_errors(self.owner), self._read_turn, self._reader.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One durable transaction; blocks of one thread must not be nested."""
        with _own_errors(self.owner), self._write_turn, self._writer.begin() as connection:
            yield connection

    def try_write(self) -> None:
        """Write a transaction to the disk that changes nothing. Raises the owner's failure."""
        with self.write() as connection:
            if self.is_sqlite:
                version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
                connection.exec_driver_sql(f"PRAGMA user_version={version}")  # written even where it is the same
            else:
                connection.exec_driver_sql("SELECT txid_current()")  # a number that was given is written down

    def close(self) -> None:
        """Let all connections go."""
        self.engine.dispose()


def open_database(url: str, owner: Owner, *, read_only: bool = False) -> Database:
    """The database at `sqlite:///path`, `sqlite://` (in memory) or `postgresql://…`; its tables are not touched.

    Raises ConfigError for another address, the owner's failure where it cannot be reached.
    """
    address = _address(url, owner)
    if address.get_backend_name() != "sqlite":
        engine = _open_postgresql(address, owner, read_only=read_only)
    elif read_only:
        engine = _read_sqlite(address, owner)
    else:
        engine = _open_sqlite(address, owner)
    database = Database(engine, owner)
    try:
        with database.read():
            return database
    except FluxError as error:
        raise owner.failure(f"{_where(address)}: {error}{_what_to_do(error)}") from error


def _where(address: URL) -> str:
    """The file, or the server and the name of the database, which hold no password."""
    if address.get_backend_name() == "sqlite":
        return address.database or "memory"
    return f"{address.host or 'localhost'}:{address.port or POSTGRESQL_PORT}/{address.database or ''}"


def _what_to_do(error: FluxError) -> str:
    """What a person may try, as far as the cause tells."""
    cause = getattr(error.__cause__, "orig", None)
    name = getattr(cause, "sqlite_errorname", "") if isinstance(cause, sqlite3.Error) else "POSTGRESQL"
    return next((f"; {words}" for start, words in _ADVICE if name.startswith(start)), "")


def _address(url: str, owner: Owner) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise ConfigError(f"{owner.name}.url is no address: sqlite:///var/{owner.name}.db or postgresql://…") from error
    if address.drivername == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    if address.drivername in {"sqlite", "postgresql+psycopg"}:
        return address
    raise ConfigError(f"{owner.name}.url: {address.drivername} is neither sqlite nor postgresql")


def _open_sqlite(address: URL, owner: Owner) -> Engine:
    is_memory = address.database in {None, "", ":memory:"}
    # isolation_level None: the driver starts no transaction of its own, the "begin" below does.
    connect_args = {"isolation_level": None, "check_same_thread": False}
    pool = {"poolclass": StaticPool} if is_memory else {}
    engine = create_engine(address, connect_args=connect_args, hide_parameters=True, **pool)
    pragmas = _pragmas(journal="memory" if is_memory else "wal")

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: object) -> None:
        _apply_pragmas(connection, pragmas, owner)
        if not is_memory:
            for suffix in ("", "-wal", "-shm"):
                give_to_owner(Path(f"{address.database}{suffix}"))

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))

    return engine


def _read_sqlite(address: URL, owner: Owner) -> Engine:
    """Whoever reads only must not make the file, nor change a byte of it."""
    name = f"file:{quote(address.database or '')}"
    engine = create_engine(
        URL.create("sqlite", database=name, query={"mode": "ro", "uri": "true"}),
        connect_args={"isolation_level": None, "check_same_thread": False},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: object) -> None:
        _apply_pragmas(connection, (_BUSY_TIMEOUT, ("query_only", "ON", 1)), owner)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _open_postgresql(address: URL, owner: Owner, *, read_only: bool) -> Engine:
    options = f"-c lock_timeout={BUSY_TIMEOUT_MILLISECONDS}"
    if read_only:
        options += " -c default_transaction_read_only=on"
    connect_args = {"connect_timeout": CONNECT_TIMEOUT_SECONDS, "options": options}
    try:
        return create_engine(address, connect_args=connect_args, pool_pre_ping=True, hide_parameters=True)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise ConfigError(f"{owner.name}.url: PostgreSQL needs the extra `postgresql` of flux-gateway") from error


def _pragmas(*, journal: str) -> tuple[tuple[str, str, str | int], ...]:
    """Name, the value to set, and what reading it back must give."""
    return (
        _BUSY_TIMEOUT,
        ("journal_mode", journal, journal),
        ("synchronous", "FULL", 2),
        ("foreign_keys", "ON", 1),
    )


def _apply_pragmas(
    connection: sqlite3.Connection, pragmas: tuple[tuple[str, str, str | int], ...], owner: Owner
) -> None:
    """Set each and read it back: SQLite ignores a PRAGMA that it cannot obey, and an unread one hides an I/O error."""
    for name, value, expected in pragmas:
        connection.execute(f"PRAGMA {name}={value}").fetchall()
        (held,) = connection.execute(f"PRAGMA {name}").fetchone()
        if held != expected:
            raise owner.failure(f"SQLite keeps {name} at {held}, {expected} is needed")


@contextmanager
def _own_errors(owner: Owner) -> Iterator[None]:
    try:
        yield
    except (DataError, IntegrityError) as error:
        raise owner.refusal(f"the {owner.name} refused: {error.orig}") from error
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        raise owner.failure(f"the {owner.name} refused: {cause}") from error
    except UnicodeEncodeError as error:
        raise owner.refusal(f"the {owner.name} cannot hold this text: {error.reason}") from error
