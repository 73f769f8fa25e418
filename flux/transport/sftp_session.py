"""One SFTP session: requests over one channel of an SSH connection, several under way at a time."""

from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from paramiko import SSHException

from flux.transport.local import read_pieces
from flux.transport.names import parent_paths
from flux.transport.remote import ConnectionLost, NoAnswer
from flux.transport.settings import RenameMode
from flux.transport.sftp_wire import (
    DATA_BYTES,
    NO_ATTRIBUTES,
    VERSION,
    Answer,
    Attributes,
    Entry,
    Kind,
    Open,
    StatusCode,
    message_length,
    pack_request,
    pack_text,
    pack_u32,
    pack_u64,
)

# Requests under way before we wait for an answer: 2 MB fill a link of 20 ms at 100 MB/s.
_WINDOW = 64
_RECEIVE_BYTES = 64 * 1024


class ByteChannel(Protocol):
    """What a session needs of paramiko's Channel."""

    def sendall(self, s: bytes, /) -> None:
        """Send all the bytes."""
        ...

    def recv(self, nbytes: int, /) -> bytes:
        """Some bytes, none at the end."""
        ...

    def close(self) -> None:
        """End the channel."""
        ...


class SftpSession:
    """The files of a server, for one thread at a time; a `flux.transport.remote.Remote`.

    A session that raised may have answers under way and handles open: it is to be closed, not used again. Raises OSError for what the server refuses, ConnectionLost where it does not answer, NoAnswer where it is silent.
    """

    def __init__(self, channel: ByteChannel, place: str) -> None:
        self._channel = channel
        self._place = place
        self._number = 0
        self._outgoing = bytearray()
        self._received = bytearray()
        self._unanswered: deque[int] = deque()
        self._early: dict[int, Answer] = {}
        self._greet()

    def close(self) -> None:
        """End the session."""
        self._channel.close()

    def size(self, path: str) -> int | None:
        """Bytes of the file, None where there is none, -1 where the server does not say."""
        self._send(Kind.STAT, pack_text(path))
        try:
            return _size(self._expect(Kind.ATTRS).take_attributes())
        except FileNotFoundError:
            return None

    def write(self, source: Path, path: str) -> None:
        """Write all the bytes and close; every write and the close must have been acknowledged."""
        handle = self._open(path, Open.WRITE | Open.CREATE | Open.TRUNCATE)
        refusals: list[OSError] = []
        offset = 0
        for piece in read_pieces(source):
            for start in range(0, len(piece), DATA_BYTES):
                data = piece[start : start + DATA_BYTES]
                self._send(Kind.WRITE, handle, pack_u64(offset), pack_text(data))
                offset += len(data)
                self._drain(refusals, leave=_WINDOW)
            if refusals:
                break
        self._send(Kind.CLOSE, handle)
        self._drain(refusals, leave=0)
        if refusals:
            raise refusals[0]

    def read(self, path: str) -> Iterator[bytes]:
        """The bytes of a file as it is when opened. Raises OSError where it changes its size meanwhile."""
        handle = self._open(path, Open.READ)
        size = self._size_of_open(handle)
        yield from self._read_ahead(handle, size)
        size_after = self._size_of_open(handle)
        self._close_handle(handle)
        if size_after != size:
            raise OSError(f"{path} is still being written")

    def entries(self, path: str) -> Iterator[Entry]:
        """The names of a folder, as the server lists them."""
        self._send(Kind.OPENDIR, pack_text(path))
        handle = pack_text(self._expect(Kind.HANDLE).take_bytes())
        # One request at a time: servers that answer in parallel list a name twice otherwise.
        while True:
            self._send(Kind.READDIR, handle)
            answer = self._next_answer()
            if answer.status_code() == StatusCode.END_OF_FILE:
                break
            yield from _checked(answer, Kind.NAME).take_entries()
        self._close_handle(handle)

    def rename(self, old: str, new: str, mode: RenameMode) -> None:
        """Give a file another name, by OpenSSH's extension or by the protocol's own request."""
        if mode is RenameMode.POSIX:
            self._send(Kind.EXTENDED, pack_text("posix-rename@openssh.com"), pack_text(old), pack_text(new))
        else:
            self._send(Kind.RENAME, pack_text(old), pack_text(new))
        self._expect(Kind.STATUS)

    def remove(self, path: str) -> None:
        """Remove a file; raises FileNotFoundError where there is none."""
        self._send(Kind.REMOVE, pack_text(path))
        self._expect(Kind.STATUS)

    def make_folders(self, path: str) -> None:
        """Make the folders that lead to a file; a refusal may mean that one exists, and the write that follows tells."""
        refusals: list[OSError] = []
        for folder in parent_paths(path):
            self._send(Kind.MKDIR, pack_text(folder), NO_ATTRIBUTES)
            self._drain(refusals, leave=0)

    def _greet(self) -> None:
        self._outgoing += pack_request(Kind.INIT, VERSION)
        if self._receive().kind != Kind.VERSION:
            raise ConnectionLost(f"{self._place} does not speak SFTP")

    def _open(self, path: str, flags: Open) -> bytes:
        self._send(Kind.OPEN, pack_text(path), pack_u32(flags), NO_ATTRIBUTES)
        return pack_text(self._expect(Kind.HANDLE).take_bytes())

    def _close_handle(self, handle: bytes) -> None:
        self._send(Kind.CLOSE, handle)
        self._expect(Kind.STATUS)

    def _size_of_open(self, handle: bytes) -> int:
        self._send(Kind.FSTAT, handle)
        return _size(self._expect(Kind.ATTRS).take_attributes())

    def _read_ahead(self, handle: bytes, size: int) -> Iterator[bytes]:
        """`size` bytes, with several requests under way; short answers are completed one by one."""
        starts = iter(range(0, size, DATA_BYTES))
        pending: deque[int] = deque()
        while True:
            for start in starts:
                pending.append(start)
                self._send(Kind.READ, handle, pack_u64(start), pack_u32(min(DATA_BYTES, size - start)))
                if len(pending) >= _WINDOW:
                    break
            if not pending:
                return
            start = pending.popleft()
            yield self._complete(handle, start, min(DATA_BYTES, size - start))

    def _complete(self, handle: bytes, start: int, length: int) -> bytes:
        """The bytes of the oldest request under way, and of more requests where the server gave fewer than asked."""
        data = self._expect_data()
        while 0 < len(data) < length:
            number = self._send(Kind.READ, handle, pack_u64(start + len(data)), pack_u32(length - len(data)))
            # Its answer is wanted before those of the requests sent ahead.
            self._unanswered.remove(number)
            self._unanswered.appendleft(number)
            more = self._expect_data()
            if not more:
                break
            data += more
        if len(data) != length:
            raise OSError(f"{length} bytes were asked for, {len(data)} came")
        return data

    def _expect_data(self) -> bytes:
        answer = self._next_answer()
        if answer.status_code() == StatusCode.END_OF_FILE:
            return b""
        return _checked(answer, Kind.DATA).take_bytes()

    def _drain(self, refusals: list[OSError], *, leave: int) -> None:
        """Read the answers of requests that only succeed or fail, until `leave` of them are under way."""
        while len(self._unanswered) > leave:
            try:
                self._expect(Kind.STATUS)
            except OSError as refusal:
                refusals.append(refusal)

    def _send(self, kind: Kind, *fields: bytes) -> int:
        self._number = (self._number + 1) & 0xFFFFFFFF
        self._outgoing += pack_request(kind, self._number, *fields)
        if len(self._outgoing) >= DATA_BYTES:
            self._flush()
        self._unanswered.append(self._number)
        return self._number

    def _expect(self, kind: Kind) -> Answer:
        return _checked(self._next_answer(), kind)

    def _next_answer(self) -> Answer:
        """The answer to the oldest request under way; servers may answer in another order."""
        number = self._unanswered[0]
        while number not in self._early:
            answer = self._receive()
            if answer.number not in self._unanswered:
                raise ConnectionLost(f"{self._place} answers what was not asked")
            self._early[answer.number] = answer
        self._unanswered.popleft()
        return self._early.pop(number)

    def _flush(self) -> None:
        """Send the requests that wait: a write and its close travel together."""
        try:
            self._channel.sendall(bytes(self._outgoing))
        except (OSError, EOFError, SSHException) as error:
            raise self._lost(error) from error
        self._outgoing.clear()

    def _receive(self) -> Answer:
        if self._outgoing:
            self._flush()
        return Answer(self._take(message_length(self._take(4))))

    def _take(self, length: int) -> bytes:
        while len(self._received) < length:
            self._received += self._receive_some()
        taken = bytes(self._received[:length])
        del self._received[:length]
        return taken

    def _receive_some(self) -> bytes:
        try:
            data = self._channel.recv(_RECEIVE_BYTES)
        except (OSError, EOFError, SSHException) as error:
            raise self._lost(error) from error
        if not data:
            raise ConnectionLost(f"{self._place} closed the connection")
        return data

    def _lost(self, error: Exception) -> ConnectionLost:
        if isinstance(error, TimeoutError):
            return NoAnswer(f"{self._place} does not answer any more")
        return ConnectionLost(f"the connection to {self._place} was lost: {error}")


def _size(attributes: Attributes) -> int:
    return -1 if attributes.size is None else attributes.size


def _checked(answer: Answer, kind: Kind) -> Answer:
    """The answer where it is of that kind and no refusal."""
    if answer.kind == Kind.STATUS and (kind is not Kind.STATUS or answer.status_code() != StatusCode.OK):
        raise answer.refusal()
    if answer.kind != kind:
        raise OSError(f"the server answered {answer.kind} where {kind.name} was due")
    return answer
