"""One gateway, one process: the lock that `flux run` holds as long as it lives."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from flux.durable import give_to_owner
from flux.errors import LedgerError, LedgerLocked
from flux.ledger.database import Database

# PostgreSQL needs a moment to see that the process which held the lock was killed.
WAIT_MILLISECONDS = 1_000

_LOCK_NOT_AVAILABLE = "55P03"
_HOLDS_A_LOCK = text("SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")


class GatewayLock:
    """Held between `with`, and let go by the system when the process dies. Raises LedgerLocked where another holds it.

    On SQLite it is an flock beside the ledger's file, whatever the gateway's name: one writer. On PostgreSQL an
    advisory lock on the name: gateways with other names share the ledger. In memory nobody else can come.
    """

    def __init__(self, database: Database, gateway: str) -> None:
        self._database = database
        self._gateway = gateway
        self._descriptor: int | None = None
        self._session: Connection | None = None

    def __enter__(self) -> Self:
        file = self._database.file
        if file is not None:
            self._descriptor = _lock_file(file.with_name(file.name + ".lock"))
        elif not self._database.is_sqlite:
            self._session = _lock_session(self._database, self._gateway)
        return self

    def renew(self) -> bool:
        """Take the lock again where PostgreSQL lost the session that held it; true where that was so.

        Raises LedgerLocked where another gateway has taken it meanwhile, LedgerError where the server cannot be reached.
        """
        if self._session is None or _holds(self._session):
            return False
        _unlock_session(self._session)
        self._session = _lock_session(self._database, self._gateway)
        return True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        if self._session is not None:
            _unlock_session(self._session)
            self._session = None


@contextmanager
def hold_file(ledger: Path) -> Iterator[None]:
    """No gateway starts on this file of an SQLite ledger, which need not be there yet. Raises LedgerLocked."""
    descriptor = _lock_file(ledger.with_name(ledger.name + ".lock"))
    try:
        yield
    finally:
        os.close(descriptor)


def _lock_file(path: Path) -> int:
    """The descriptor of the locked file; the file stays, since removing it would let two processes lock two files."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise LedgerError(f"{path} cannot be opened: {error.strerror}") from error
    give_to_owner(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
        os.close(descriptor)
        raise LedgerLocked(f"another flux runs on this ledger: process {holder or 'unknown'}") from error
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode("ascii"), 0)
    return descriptor


def _lock_session(database: Database, gateway: str) -> Connection:
    """The connection that holds the advisory lock, outside of any transaction."""
    key = int.from_bytes(hashlib.sha256(f"flux gateway {gateway}".encode()).digest()[:8], signed=True)
    try:
        session = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    except SQLAlchemyError as error:
        raise LedgerError("the ledger cannot be reached to lock it") from error
    try:
        session.execute(text(f"SET lock_timeout = {WAIT_MILLISECONDS}"))
        session.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key})
    except SQLAlchemyError as error:
        session.invalidate()
        session.close()
        if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
            raise LedgerLocked(f"another flux runs as gateway {gateway} on this ledger") from error
        raise LedgerError("the ledger cannot be reached to lock it") from error
    return session


def _holds(session: Connection) -> bool:
    """False where the server ended the session; the pool may have put another in its place, which holds nothing."""
    try:
        return bool(session.scalar(_HOLDS_A_LOCK))
    except SQLAlchemyError:
        return False


def _unlock_session(session: Connection) -> None:
    """Let the lock go; where the connection was lost, the server has let it go already."""
    with suppress(SQLAlchemyError), session:
        session.execute(text("SELECT pg_advisory_unlock_all()"))
        session.invalidate()  # not back into the pool: it waits less for locks than the others
