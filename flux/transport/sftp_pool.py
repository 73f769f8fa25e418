"""One kept SSH connection and the SFTP sessions on it, handed out to threads."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Lock

from paramiko import ChannelException, Transport

from flux.errors import TransportError
from flux.transport.remote import ConnectionLost, describe_place
from flux.transport.settings import TransportSettings
from flux.transport.sftp_session import SftpSession
from flux.transport.sftp_start import open_session
from flux.transport.ssh import connect


class SessionPool:
    """At most `channels` sessions; whoever comes later waits. A connection that failed is opened again when next needed."""

    def __init__(self, settings: TransportSettings) -> None:
        self._settings = settings
        # One at a time: paramiko keeps the reason of a channel refused where the next one overwrites it.
        self._opening = Lock()
        self._connection: Transport | None = None
        self._failed: tuple[int, TransportError | None] = (0, None)
        self._changed = Condition()
        self._idle: list[tuple[Transport, SftpSession]] = []
        self._open = 0
        self._limit = max(1, settings.channels)

    @contextmanager
    def session(self) -> Iterator[SftpSession]:
        """A session of our own while the block lasts. Raises as `flux.transport.ssh.connect` does."""
        connection, session = self._take()
        try:
            yield session
        except BaseException as error:
            self._drop(connection, session, is_lost=isinstance(error, ConnectionLost))
            raise
        if session.is_lost:  # a file may have come whole all the same
            self._drop(connection, session, is_lost=True)
        else:
            self._give_back(connection, session)

    def close(self) -> None:
        """Let the connection go; the next session opens another."""
        with self._opening:
            connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _take(self) -> tuple[Transport, SftpSession]:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._idle or self._open < self._limit)
                idle = self._pop_idle()
                if idle is not None:
                    return idle
                self._open += 1
            opened = self._open_session()
            if opened is not None:
                return opened

    def _pop_idle(self) -> tuple[Transport, SftpSession] | None:
        """A session whose connection still stands; those of a dead one are forgotten."""
        while self._idle:
            connection, session = self._idle.pop()
            if connection.is_active():
                return connection, session
            self._open -= 1
        return None

    def _open_session(self) -> tuple[Transport, SftpSession] | None:
        """A new session; None where the server opens no more of them beside those that we hold."""
        failures_seen, _ = self._failed
        try:
            with self._opening:
                connection = self._connect(failures_seen)
                return connection, self._open_on(connection)
        except ChannelException as error:
            if not self._settle_for_fewer():
                raise TransportError(f"{describe_place(self._settings)} opens no session: {error.text}") from error
            return None
        except BaseException:
            self._release()
            raise

    def _open_on(self, connection: Transport) -> SftpSession:
        try:
            return open_session(connection, self._settings)
        except TransportError:
            connection.close()
            raise

    def _settle_for_fewer(self) -> bool:
        """Make do with the sessions that the server granted, if it granted any."""
        with self._changed:
            self._open -= 1
            if self._open:
                self._limit = self._open
            self._changed.notify()
            return self._open > 0

    def _connect(self, failures_seen: int) -> Transport:
        """The connection, opened by one thread while the others wait for it; its failure is everybody's."""
        if self._connection is not None and self._connection.is_active():
            return self._connection
        failures, failure = self._failed
        if failure is not None and failures != failures_seen:
            raise failure
        try:
            self._connection = connect(self._settings)
        except TransportError as error:
            self._failed = (failures + 1, error)
            raise
        self._limit = max(1, self._settings.channels)
        return self._connection

    def _give_back(self, connection: Transport, session: SftpSession) -> None:
        with self._changed:
            self._idle.append((connection, session))
            self._changed.notify()

    def _drop(self, connection: Transport, session: SftpSession, *, is_lost: bool) -> None:
        # Closing says goodbye on the connection: never on one that may be dead.
        if is_lost:
            connection.close()
        else:
            session.close()
        self._release()

    def _release(self) -> None:
        with self._changed:
            self._open -= 1
            self._changed.notify()
