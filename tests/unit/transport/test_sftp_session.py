"""An SFTP session with a server that is slow, out of order, or hostile."""

import errno
import struct
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Condition

import pytest
from paramiko.sftp import (
    CMD_ATTRS,
    CMD_CLOSE,
    CMD_DATA,
    CMD_EXTENDED,
    CMD_FSTAT,
    CMD_HANDLE,
    CMD_INIT,
    CMD_NAME,
    CMD_OPEN,
    CMD_OPENDIR,
    CMD_READ,
    CMD_RENAME,
    CMD_STAT,
    CMD_STATUS,
    CMD_VERSION,
    CMD_WRITE,
)

from flux.errors import TransportError
from flux.model.hand_over import HandOver
from flux.transport.remote import ConnectionLost, NoAnswer
from flux.transport.settings import RenameMode, TransportKind, TransportSettings
from flux.transport.sftp_session import SftpSession
from flux.transport.upload import Upload

Reply = Callable[[int, int, bytes], list[bytes]]

PROFILE = TransportSettings(kind=TransportKind.SFTP, host="partner", user="flux")
# Profiles in which the size of what was written is not looked at, or need not be there any more.
UNSEEN = [replace(PROFILE, list=False), replace(PROFILE, rename=RenameMode.NONE)]
OK, END_OF_FILE, FAILURE, UNSUPPORTED = 0, 1, 4, 8


def message(kind: int, number: int, body: bytes = b"") -> bytes:
    return struct.pack(">IBI", len(body) + 5, kind, number) + body


def text(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def status(number: int, code: int, said: bytes = b"") -> bytes:
    return message(CMD_STATUS, number, struct.pack(">I", code) + text(said) + text(b""))


def handle(number: int) -> bytes:
    return message(CMD_HANDLE, number, text(b"h"))


class FakeChannel:
    """Answers each request by a function of its kind, its number and its body; then is silent, or ends."""

    def __init__(self, reply: Reply, *, greeting: int = CMD_VERSION, patience: float = 5.0, ends: bool = False) -> None:
        self._reply = reply
        self._patience = patience  # what is read ahead is asked for by another thread
        self._ends = ends
        self._in = b""
        self._out = message(greeting, 3)
        self._changed = Condition()
        self.silences = 0

    def send(self, data: bytes) -> int:
        with self._changed:
            self._in += data
            while len(self._in) >= 9:
                length, kind, number = struct.unpack(">IBI", self._in[:9])
                body, self._in = self._in[9 : length + 4], self._in[length + 4 :]
                if kind != CMD_INIT:
                    self._out += b"".join(self._reply(kind, number, body))
            self._changed.notify()
        return len(data)

    def end(self) -> None:
        with self._changed:
            self._ends = True
            self._changed.notify()

    def recv(self, length: int) -> bytes:
        with self._changed:
            if not self._changed.wait_for(lambda: self._out or self._ends, timeout=self._patience):
                self.silences += 1
                raise TimeoutError
            taken, self._out = self._out[:length], self._out[length:]
            return taken

    def recv_ready(self) -> bool:
        return bool(self._out)

    def get_name(self) -> str:
        return "fake"


def session_on(channel: FakeChannel, profile: TransportSettings = PROFILE) -> SftpSession:
    return SftpSession(channel, profile)  # type: ignore[arg-type] # what paramiko's client needs of a channel


def session_with(reply: Reply, profile: TransportSettings = PROFILE) -> SftpSession:
    return session_on(FakeChannel(reply), profile)


def source_of(folder: Path, size: int) -> Path:
    path = folder / "source"
    path.write_bytes(b"x" * size)
    return path


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (2, FileNotFoundError),
        (3, PermissionError),
        (4, OSError),  # "Failure", which may be anything
        (99, OSError),  # a code of later versions
    ],
)
def test_a_refusal_is_the_error_of_its_code(code: int, error: type[OSError]) -> None:
    session = session_with(lambda _, number, __: [status(number, code, b"no")])
    with pytest.raises(error, match="no"):
        session.remove("a")


def test_a_refusal_without_words_is_understood() -> None:
    session = session_with(lambda _, number, __: [message(CMD_STATUS, number, struct.pack(">I", FAILURE))])
    with pytest.raises(OSError, match="error"):
        session.remove("a")


def test_a_refusal_in_words_that_are_not_utf_8_is_understood() -> None:
    session = session_with(lambda _, number, __: [status(number, 3, "Accès refusé".encode("latin-1"))])
    with pytest.raises(PermissionError, match="refus"):
        session.remove("a")


def test_an_operation_that_the_server_does_not_know_bears_its_number() -> None:
    session = session_with(lambda _, number, __: [status(number, UNSUPPORTED, b"unknown")])
    with pytest.raises(OSError) as refused:
        session.rename("a", "b", RenameMode.POSIX)
    assert refused.value.errno == errno.ENOTSUP


@pytest.mark.parametrize(
    ("mode", "request_kind"),
    [
        (RenameMode.POSIX, CMD_EXTENDED),  # replaces
        (RenameMode.PLAIN, CMD_RENAME),  # does not
    ],
)
def test_each_way_to_rename_is_its_own_request(mode: RenameMode, request_kind: int) -> None:
    asked: list[int] = []

    def answer(kind: int, number: int, _: bytes) -> list[bytes]:
        asked.append(kind)
        return [status(number, OK)]

    session_with(answer).rename("a", "b", mode)
    assert asked[-1:] == [request_kind]


def test_a_server_that_is_silent_is_told_apart_from_one_that_refuses() -> None:
    with pytest.raises(NoAnswer):
        session_on(FakeChannel(lambda *_: [], patience=0)).remove("a")


def test_a_silent_server_is_waited_for_once(tmp_path: Path) -> None:
    channel = FakeChannel(lambda kind, number, _: [handle(number)] if kind == CMD_OPEN else [], patience=0)
    with pytest.raises(NoAnswer):
        session_on(channel, UNSEEN[0]).write(source_of(tmp_path, 1), "a")
    assert channel.silences == 1


def test_a_link_that_ends_in_a_listing_is_not_the_end_of_the_folder() -> None:
    channel = FakeChannel(lambda kind, number, _: [handle(number)] if kind == CMD_OPENDIR else [], ends=True)
    with pytest.raises(ConnectionLost, match="was lost"):
        list(session_on(channel).entries("."))


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: struct.pack(">I", 0xFFFFFFFF),  # a message of 4 GB
        lambda _: struct.pack(">I", 1) + b"\x65",  # a message too short for its number
        lambda number: status(number + 7, OK),  # an answer to nothing
        lambda _: b"",  # nothing
    ],
)
@pytest.mark.parametrize("ends", [True, False])
def test_what_is_no_answer_ends_the_session(answer: Callable[[int], bytes], *, ends: bool) -> None:
    channel = FakeChannel(lambda _, number, __: [answer(number)], patience=0, ends=ends)
    with pytest.raises(ConnectionLost):
        session_on(channel).remove("a")


def test_a_greeting_that_is_none_ends_the_session() -> None:
    with pytest.raises(ConnectionLost, match="does not speak SFTP"):
        session_on(FakeChannel(lambda *_: [], greeting=CMD_STATUS))


def refuse(refused: int, words: bytes) -> Reply:
    """A server that refuses one kind of request; a file there has no bytes."""

    def reply(kind: int, number: int, _: bytes) -> list[bytes]:
        if kind == refused:
            return [status(number, FAILURE, words)]
        if kind == CMD_STAT:
            return [message(CMD_ATTRS, number, struct.pack(">IQ", 1, 0))]
        return [handle(number) if kind == CMD_OPEN else status(number, OK)]

    return reply


@pytest.mark.parametrize("profile", UNSEEN)
@pytest.mark.parametrize("size", [1, 100_000])
def test_a_write_that_was_refused_is_seen_where_no_size_will_tell(
    tmp_path: Path, profile: TransportSettings, size: int
) -> None:
    session = session_with(refuse(CMD_WRITE, b"disk full"), profile)
    with pytest.raises(OSError, match="disk full"):
        session.write(source_of(tmp_path, size), "a")


def test_a_write_that_is_refused_amid_others_is_heard(tmp_path: Path) -> None:
    upload = Upload(PROFILE, source_of(tmp_path, 100_000), "a", HandOver())
    with pytest.raises(TransportError, match="disk full"):
        upload.run(session_with(refuse(CMD_WRITE, b"disk full")))


@pytest.mark.parametrize("profile", [PROFILE, *UNSEEN])
def test_a_close_that_was_refused_is_seen(tmp_path: Path, profile: TransportSettings) -> None:
    with pytest.raises(OSError, match="quota"):
        session_with(refuse(CMD_CLOSE, b"quota"), profile).write(source_of(tmp_path, 1), "a")


class RemoteFileReply:
    """Serves one file; `piece` bytes at a time, the size told first and last as given."""

    def __init__(self, content: bytes, *, piece: int, sizes: list[int]) -> None:
        self._content = content
        self._piece = piece
        self._sizes = sizes

    def __call__(self, kind: int, number: int, body: bytes) -> list[bytes]:
        if kind == CMD_OPEN:
            return [handle(number)]
        if kind == CMD_FSTAT:
            return [message(CMD_ATTRS, number, struct.pack(">IQ", 1, self._sizes.pop(0)))]
        if kind == CMD_READ:
            start, length = struct.unpack(">QI", body[5:])
            data = self._content[start : start + min(length, self._piece)]
            return [message(CMD_DATA, number, text(data)) if data else status(number, END_OF_FILE)]
        return [status(number, OK)]


@pytest.mark.parametrize("piece", [32 * 1024, 10_000, 1_000])
def test_short_answers_are_completed(piece: int) -> None:
    content = bytes(range(256)) * 400
    reply = RemoteFileReply(content, piece=piece, sizes=[len(content)] * 2)
    assert b"".join(session_with(reply).read("a")) == content


@pytest.mark.parametrize(
    ("sizes", "reason"),
    [
        ([10, 11], "still being written"),  # it grew while we read
        ([11, 11], "11 bytes were asked for, 10 came"),  # it shrank before
        ([2**62, 2**62], "32768 bytes were asked for, 10 came"),  # a lie, and no reason to ask for all of it
    ],
)
def test_a_file_that_changes_its_size_is_not_taken(sizes: list[int], reason: str) -> None:
    with pytest.raises(OSError, match=reason):
        list(session_with(RemoteFileReply(b"x" * 10, piece=100, sizes=sizes)).read("a"))


def test_a_link_that_ends_while_a_file_is_asked_for_is_told_to_the_reader_alone() -> None:
    reply = RemoteFileReply(b"x" * 10, piece=100, sizes=[10])

    def cut(kind: int, number: int, body: bytes) -> list[bytes]:
        if kind == CMD_READ:
            channel.end()
            raise OSError("Socket is closed")
        return reply(kind, number, body)

    channel = FakeChannel(cut)
    with pytest.raises(ConnectionLost):
        list(session_on(channel).read("a"))


def test_a_file_whose_size_is_not_told_is_not_taken_for_an_empty_one() -> None:
    session = session_with(
        lambda kind, number, _: [handle(number) if kind == CMD_OPEN else message(CMD_ATTRS, number, bytes(4))]
    )
    with pytest.raises(OSError, match="how long"):
        list(session.read("a"))


def test_a_listing_that_is_left_early_is_closed_on_the_server() -> None:
    closed = []

    def reply(kind: int, number: int, _: bytes) -> list[bytes]:
        if kind == CMD_OPENDIR:
            return [handle(number)]
        if kind == CMD_CLOSE:
            closed.append(number)
            return [status(number, OK)]
        return [message(CMD_NAME, number, struct.pack(">I", 1) + text(b"re\xe7u.xml") + text(b"") + bytes(4))]

    with closing(session_with(reply).entries(".")) as entries:
        assert next(entries).filename == "re\udce7u.xml"
    assert len(closed) == 1


def test_answers_in_another_order_find_their_request(tmp_path: Path) -> None:
    late: list[bytes] = []

    def reply(kind: int, number: int, _: bytes) -> list[bytes]:
        if kind == CMD_OPEN:
            return [handle(number)]
        late.insert(0, status(number, OK))
        return late if kind == CMD_CLOSE else []

    session_with(reply).write(source_of(tmp_path, 100_000), "a")
    assert len(late) == 5


def test_an_answer_that_stops_short_ends_the_session() -> None:
    session = session_with(lambda _, number, __: [message(CMD_ATTRS, number, struct.pack(">II", 1, 7))])
    with pytest.raises(ConnectionLost, match="does not speak SFTP"):
        session.size("a")


def test_a_listing_longer_than_its_message_ends_the_session() -> None:
    def reply(kind: int, number: int, _: bytes) -> list[bytes]:
        if kind == CMD_OPENDIR:
            return [handle(number)]
        return [message(CMD_NAME, number, struct.pack(">I", 1_000_000))]

    with pytest.raises(ConnectionLost, match="does not speak SFTP"):
        list(session_with(reply).entries("."))
