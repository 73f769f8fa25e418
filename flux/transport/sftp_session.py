"""One SFTP session: paramiko's client, with the failures of a server told apart from those of the link."""

import errno
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from struct import error as StructError  # noqa: N812 - an exception, whatever its case

from paramiko import Channel, Message, SFTPAttributes, SFTPClient, SFTPFile, SSHException
from paramiko.sftp import (
    CMD_CLOSE,
    CMD_OPENDIR,
    CMD_READ,
    CMD_READDIR,
    CMD_STATUS,
    CMD_WRITE,
    SFTP_EOF,
    SFTP_NO_SUCH_FILE,
    SFTP_OK,
    SFTP_OP_UNSUPPORTED,
    SFTP_PERMISSION_DENIED,
    SFTPError,
)

from flux.transport.local import read_source
from flux.transport.names import parent_paths
from flux.transport.remote import ConnectionLost, NoAnswer, describe_place
from flux.transport.settings import RenameMode, TransportSettings

# Read ahead of what is taken: 2 MB fill a link of 20 ms at 100 MB/s.
_WINDOW_BYTES = 64 * SFTPFile.MAX_REQUEST_SIZE
_ERRNOS = {
    SFTP_NO_SUCH_FILE: errno.ENOENT,
    SFTP_PERMISSION_DENIED: errno.EACCES,
    SFTP_OP_UNSUPPORTED: errno.ENOTSUP,
}


class SftpSession:
    """The files of a server, for one thread at a time; a `flux.transport.remote.Remote`.

    A session that raised ConnectionLost is of no use any more. Raises OSError for what the server refuses,
    ConnectionLost where it does not answer, NoAnswer where it is silent.
    """

    def __init__(self, channel: Channel, settings: TransportSettings) -> None:
        self._place = describe_place(settings)
        # The answers of pipelined writes are lost in paramiko: only where the size must be right afterwards.
        self._is_pipelined = settings.list and settings.rename is not RenameMode.NONE
        with self._understood():
            self._client = _Client(channel, self._place)

    @property
    def is_lost(self) -> bool:
        """True once the server did not answer."""
        return self._client.is_lost

    def close(self) -> None:
        """End the session."""
        self._client.close()

    def size(self, path: str) -> int | None:
        """Bytes of the file, None where there is none, -1 where the server does not say."""
        with self._understood():
            try:
                found = self._client.stat(_encode(path)).st_size
            except FileNotFoundError:
                return None
        return -1 if found is None else found

    def is_same(self, path: str, size_bytes: int, modified: float) -> bool:
        """True where the file still has this size and this date. Raises FileNotFoundError where there is none."""
        with self._understood():
            found = self._client.stat(_encode(path))
        return (found.st_size or 0, float(found.st_mtime or 0)) == (size_bytes, modified)

    def write(self, source: Path, path: str) -> None:
        """Write all the bytes and close; what the upload then finds of them is the proof."""
        with self._understood():
            with self._client.open(_encode(path), "wb") as file:
                file.set_pipelined(self._is_pipelined)
                for piece in read_source(source):
                    file.write(piece)
            self._client.require_written()

    def read(self, path: str) -> Generator[bytes, None, None]:
        """The bytes of a file as it is when opened. Raises OSError where it changes its size meanwhile.

        A link that breaks after the last byte is no loss: a server that gives a file once has it no more.
        """
        with self._understood():
            file = self._client.open(_encode(path), "rb")
            try:
                size = file.stat().st_size
                if size is None:
                    raise OSError(f"the server does not say how long {path} is")
                yield from _read_ahead(file, size)
                with suppress(ConnectionLost):
                    if file.stat().st_size != size:
                        raise OSError(f"{path} is still being written")
            finally:
                with suppress(ConnectionLost):
                    file.close()

    def entries(self, path: str) -> Generator[SFTPAttributes, None, None]:
        """The names of a folder, as the server lists them."""
        with self._understood():
            yield from self._client.list_names(_encode(path))

    def rename(self, old: str, new: str, mode: RenameMode) -> None:
        """Give a file another name, by OpenSSH's extension or by the protocol's own request."""
        with self._understood():
            rename = self._client.posix_rename if mode is RenameMode.POSIX else self._client.rename
            rename(_encode(old), _encode(new))

    def remove(self, path: str) -> None:
        """Remove a file; raises FileNotFoundError where there is none."""
        with self._understood():
            self._client.remove(_encode(path))

    def make_folders(self, path: str) -> None:
        """Make the folders that lead to a file; a refusal may mean that one exists, and the write that follows tells."""
        for folder in parent_paths(path):
            with self._understood(), suppress(OSError):
                self._client.mkdir(_encode(folder))

    @contextmanager
    def _understood(self) -> Iterator[None]:
        try:
            yield
        except _CloseRefused as refused:
            raise refused.refusal from refused
        except (SFTPError, StructError) as error:
            raise ConnectionLost(f"{self._place} does not speak SFTP: {error}") from error


class _CloseRefused(Exception):
    """No OSError, because SFTPFile.close takes every OSError for a success; a quota may show itself nowhere else."""

    def __init__(self, refusal: OSError) -> None:
        super().__init__(refusal)
        self.refusal = refusal


class _Answer(Message):
    """paramiko's own takes missing bytes for zeros, and a single name that is not UTF-8 ends the whole listing."""

    def get_bytes(self, n: int) -> bytes:
        return self.packet.read(n)

    def get_text(self) -> str:
        return self.get_binary().decode(errors="surrogateescape")


class _Client(SFTPClient):
    """paramiko's client. Its OSErrors are refusals of the server, always with their number; the rest is ConnectionLost."""

    def __init__(self, channel: Channel, place: str) -> None:
        self._place = place
        self._lost: ConnectionLost | None = None
        self._writes: set[int] = set()  # requests to write that are not answered yet
        self._refused_write: OSError | None = None
        super().__init__(channel)

    def list_names(self, path: bytes) -> Iterator[SFTPAttributes]:
        """The names, one by one: paramiko's listdir_attr is as long as the server likes, its listdir_iter strict UTF-8."""
        _, answer = self._request(CMD_OPENDIR, path)
        handle = answer.get_binary()
        try:
            while True:
                _, answer = self._request(CMD_READDIR, handle)
                for _ in range(answer.get_int()):
                    name, longname = answer.get_text(), answer.get_text()
                    yield SFTPAttributes._from_msg(answer, name, longname)  # type: ignore[attr-defined] # noqa: SLF001 - no public way
        except (EOFError, GeneratorExit):  # the server's end, or ours
            self._request(CMD_CLOSE, handle)

    @property
    def is_lost(self) -> bool:
        """True once the link failed."""
        return self._lost is not None

    def require_written(self) -> None:
        """Wait for the answers of the writes since the last call; raise where one was refused.

        paramiko drops the answers of pipelined writes: one that was refused amid others leaves a hole of the right size.
        """
        while self._writes:  # a server may answer in another order
            self._read_response()  # type: ignore[attr-defined] # the stubs leave it out
        refused, self._refused_write = self._refused_write, None
        if refused is not None:
            raise refused

    def _async_request(self, fileobj: object, kind: int, *fields: object) -> int:
        number: int = super()._async_request(fileobj, kind, *fields)  # type: ignore[misc] # the stubs leave it out
        if kind == CMD_WRITE:
            self._writes.add(number)
        return number

    def _request(self, kind: int, *fields: object) -> tuple[int, _Answer]:
        try:
            answered, answer = super()._request(kind, *fields)  # type: ignore[misc] # the stubs leave it out
        except OSError as refusal:
            if kind == CMD_CLOSE:
                raise _CloseRefused(refusal) from refusal
            raise
        return answered, _Answer(answer.get_remainder())

    def _convert_status(self, answer: Message) -> None:
        """Raise what a status means; paramiko gives most refusals no number, and chokes on words that are not UTF-8."""
        code, words = answer.get_int(), answer.get_binary().decode(errors="replace")
        if code == SFTP_EOF:
            raise EOFError(words)
        if code != SFTP_OK:
            number = _ERRNOS.get(code, errno.EIO)
            raise OSError(number, words[:200] or os.strerror(number))

    def _send_packet(self, kind: int, packet: Message) -> None:
        try:
            with self._linked():
                super()._send_packet(kind, packet)  # type: ignore[misc] # the stubs leave it out
        except ConnectionLost:
            # A thread of paramiko's asks for what is read ahead, and has nobody to tell: whoever waits for it is told.
            if kind != CMD_READ:
                raise

    def _read_packet(self) -> tuple[int, bytes]:
        with self._linked():
            kind, packet = super()._read_packet()  # type: ignore[misc] # the stubs leave it out
        if kind == CMD_STATUS and self._writes:
            self._note_written(Message(packet))
        return kind, packet

    def _note_written(self, answer: Message) -> None:
        number = answer.get_int()
        if number in self._writes:
            self._writes.remove(number)
            try:
                self._convert_status(answer)
            except (OSError, EOFError) as refusal:
                self._refused_write = self._refused_write or OSError(
                    getattr(refusal, "errno", None) or errno.EIO, str(refusal)
                )

    @contextmanager
    def _linked(self) -> Iterator[None]:
        """Below the protocol nothing is a refusal; a link that failed once is not waited for again."""
        if self._lost is not None:
            raise self._lost
        try:
            yield
        except TimeoutError as error:
            self._lost = NoAnswer(f"{self._place} does not answer any more")
            raise self._lost from error
        except (OSError, EOFError, SSHException) as error:
            self._lost = ConnectionLost(f"the connection to {self._place} was lost: {str(error) or 'closed'}")
            raise self._lost from error


def _encode(path: str) -> bytes:
    """Names that were no UTF-8 when they came go back as they came."""
    return path.encode(errors="surrogateescape")


def _read_ahead(file: SFTPFile, size: int) -> Iterator[bytes]:
    """`size` bytes, window by window: paramiko lists all the requests of a prefetch first, whatever size it is told."""
    for start in range(0, size, _WINDOW_BYTES):
        end = min(start + _WINDOW_BYTES, size)
        file.prefetch(end)
        for offset in range(start, end, file.MAX_REQUEST_SIZE):
            wanted = min(file.MAX_REQUEST_SIZE, end - offset)
            piece = file.read(wanted)
            if len(piece) != wanted:
                raise OSError(f"{wanted} bytes were asked for, {len(piece)} came")
            yield piece
