"""A partner's SFTP server."""

import stat
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

from paramiko import SFTPAttributes

from flux.durable import keep_whole
from flux.errors import DiskFailed, TransportRefused
from flux.model.hand_over import HandOver
from flux.model.ports import RemoteFile
from flux.transport.names import is_plain_name, remote_path, temporary_path
from flux.transport.remote import ConnectionLost, NoAnswer, describe_place, explain_refusal
from flux.transport.settings import AfterFetch, TransportSettings
from flux.transport.sftp_pool import SessionPool
from flux.transport.sftp_session import SftpSession
from flux.transport.ssh import require_algorithms
from flux.transport.upload import RenameUnanswered, Upload

# Names taken from one listing, about 100 MB of them; the next listing begins with what is left.
MAX_LISTED = 200_000
# Temporary files that we remember to clear away; a partner that loses more has other troubles.
_MAX_LEFTOVERS = 1_000

_Result = TypeVar("_Result")


class SftpTransport:
    """Transport on one kept connection, shared by threads up to the channels of the profile.

    Raises ConfigError for an algorithm that cannot be added.
    """

    def __init__(self, settings: TransportSettings) -> None:
        require_algorithms(settings)
        self._settings = settings
        self._place = describe_place(settings)
        self._pool = SessionPool(settings)
        self._leftovers: deque[str] = deque(maxlen=_MAX_LEFTOVERS)

    def put(self, source: Path, folder: str, name: str, hand_over: HandOver | None = None) -> None:
        """Make the file appear whole under its name, or not at all; doing it twice leaves one file."""
        final, under_way = remote_path(self._settings.path, folder, name), hand_over or HandOver()
        try:
            self._insist(lambda session: self._upload(session, source, final, under_way))
        except RenameUnanswered:  # found out at once, where the server is back
            self._insist(lambda session: self._upload(session, source, final, under_way))

    def list(self, folder: str) -> Iterator[RemoteFile]:
        """The regular files of a folder, each once, as the server showed them before the first is handed out."""
        path = remote_path(self._settings.path, folder)
        return iter(self._ask(lambda session: self._list_files(session, path), "list its files"))

    def fetch(self, folder: str, name: str, target: Path) -> None:
        """Copy a file here, synced to disk, under its name only once all its bytes are there. Raises DiskFailed as well."""
        path = remote_path(self._settings.path, folder, name)
        temporary = Path(temporary_path(str(target)))
        try:
            self._insist(lambda session: self._keep(session, path, target, temporary))
        except OSError as error:
            raise DiskFailed(f"the disk under {target.parent} did not take {name}: {error}") from error

    def remove(self, folder: str, name: str, taken: RemoteFile | None = None) -> None:
        """Remove a file; one that is no longer there is no error, one that is not as it was `taken` stays."""
        path = remote_path(self._settings.path, folder, name)
        self._ask(lambda session: _remove(session, path, taken), f"remove {name}")

    def close(self) -> None:
        """Let the connection go; the next call opens another."""
        self._pool.close()

    def _upload(self, session: SftpSession, source: Path, final: str, hand_over: HandOver) -> None:
        self._clear_leftovers(session)
        upload = Upload(self._settings, source, final, hand_over)
        try:
            upload.run(session)
        except RenameUnanswered:
            raise
        except ConnectionLost:
            if hand_over.part is None:
                self._leftovers.append(upload.temporary)
            raise

    def _clear_leftovers(self, session: SftpSession) -> None:
        while self._leftovers:
            with suppress(OSError, IndexError):  # gone already, or another thread was quicker
                session.remove(self._leftovers.popleft())

    def _list_files(self, session: SftpSession, path: str) -> tuple[RemoteFile, ...]:
        found: dict[str, RemoteFile] = {}
        with closing(session.entries(path)) as entries:
            for entry in entries:
                if _is_file(entry):
                    # Some servers list a name twice in huge folders.
                    found[entry.filename] = _remote_file(entry)
                if len(found) > MAX_LISTED:
                    self._require_removal(path)
                    break
        return tuple(found.values())

    def _require_removal(self, path: str) -> None:
        """A long listing may be cut only where what is taken goes away: the rest would never be seen."""
        if self._settings.after_fetch is AfterFetch.KEEP:
            raise TransportRefused(
                f"{self._place} holds more than {MAX_LISTED} files in {path}; have old ones moved away"
            )

    def _keep(self, session: SftpSession, path: str, target: Path, temporary: Path) -> None:
        """Raises OSError for what fails on this machine alone."""
        with closing(self._read(session, path)) as pieces:
            keep_whole(pieces, target, temporary)

    def _read(self, session: SftpSession, path: str) -> Generator[bytes, None, None]:
        try:
            yield from session.read(path)
        except OSError as error:
            raise explain_refusal(error, f"give {path}", self._place) from error

    def _ask(self, call: Callable[[SftpSession], _Result], action: str) -> _Result:
        try:
            return self._insist(call)
        except OSError as error:
            raise explain_refusal(error, action, self._place) from error

    def _insist(self, call: Callable[[SftpSession], _Result]) -> _Result:
        """Call once more on a new connection where the kept one turns out to be dead."""
        try:
            with self._pool.session() as session:
                return call(session)
        except (NoAnswer, RenameUnanswered):
            raise
        except ConnectionLost:
            with self._pool.session() as session:
                return call(session)


def _is_file(entry: SFTPAttributes) -> bool:
    is_regular = entry.longname.startswith("-") if entry.st_mode is None else stat.S_ISREG(entry.st_mode)
    return is_regular and is_plain_name(entry.filename)


def _remote_file(entry: SFTPAttributes) -> RemoteFile:
    return RemoteFile(name=entry.filename, size_bytes=entry.st_size or 0, modified=float(entry.st_mtime or 0))


def _remove(session: SftpSession, path: str, taken: RemoteFile | None) -> None:
    # Asked again on each connection: the partner may have put another file there since the answer was lost.
    with suppress(FileNotFoundError):
        if taken is None or session.is_same(path, taken.size_bytes, taken.modified):
            session.remove(path)
