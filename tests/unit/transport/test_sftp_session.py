"""SFTP messages with a server that is slow, out of order, or hostile."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from flux.transport.remote import ConnectionLost, NoAnswer
from flux.transport.sftp_session import SftpSession
from flux.transport.sftp_wire import Kind

Reply = Callable[[int, int, bytes], list[bytes]]


def message(kind: int, number: int, body: bytes = b"") -> bytes:
    return struct.pack(">IBI", len(body) + 5, kind, number) + body


def text(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def status(number: int, code: int, said: bytes = b"") -> bytes:
    return message(Kind.STATUS, number, struct.pack(">I", code) + text(said) + text(b""))


class FakeChannel:
    """Answers each request by a function of its kind, its number and its body; more requests may be answered at once."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._out: list[bytes] = [message(Kind.VERSION, 3)]
        self._in = b""
        self.requests: list[int] = []

    def sendall(self, s: bytes) -> None:
        self._in += s
        while len(self._in) >= 9:
            length, kind, number = struct.unpack(">IBI", self._in[:9])
            body, self._in = self._in[9 : length + 4], self._in[length + 4 :]
            if kind != Kind.INIT:
                self.requests.append(kind)
                self._out += self._reply(kind, number, body)

    def recv(self, _: int) -> bytes:
        if not self._out:
            raise TimeoutError
        return self._out.pop(0)

    def close(self) -> None:
        self._out = [b""]


def session_with(reply: Reply) -> SftpSession:
    return SftpSession(FakeChannel(reply), "sftp://partner")


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
    session = session_with(lambda _, number, __: [message(Kind.STATUS, number, struct.pack(">I", 4))])
    with pytest.raises(OSError, match="error"):
        session.remove("a")


def test_a_server_that_is_silent_is_told_apart_from_one_that_refuses() -> None:
    with pytest.raises(NoAnswer):
        session_with(lambda *_: []).remove("a")


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: struct.pack(">I", 0xFFFFFFFF),  # a message of 4 GB
        lambda _: struct.pack(">I", 1) + b"\x65",  # a message too short for its number
        lambda number: status(number + 7, 0),  # an answer to nothing
        lambda _: b"",  # the end
    ],
)
def test_what_is_no_answer_ends_the_session(answer: Callable[[int], bytes]) -> None:
    session = session_with(lambda _, number, __: [answer(number)])
    with pytest.raises(ConnectionLost):
        session.remove("a")


def test_a_write_that_was_refused_is_seen_even_when_the_close_succeeds(tmp_path: Path) -> None:
    def reply(kind: int, number: int, _: bytes) -> list[bytes]:
        if kind == Kind.OPEN:
            return [message(Kind.HANDLE, number, text(b"h"))]
        return [status(number, 4 if kind == Kind.WRITE else 0, b"disk full")]

    source = tmp_path / "source"
    source.write_bytes(b"x" * 100_000)
    with pytest.raises(OSError, match="disk full"):
        session_with(reply).write(source, "a")


def test_a_close_that_was_refused_is_seen(tmp_path: Path) -> None:
    def reply(kind: int, number: int, _: bytes) -> list[bytes]:
        if kind == Kind.OPEN:
            return [message(Kind.HANDLE, number, text(b"h"))]
        return [status(number, 4 if kind == Kind.CLOSE else 0, b"quota")]

    source = tmp_path / "source"
    source.write_bytes(b"x")
    with pytest.raises(OSError, match="quota"):
        session_with(reply).write(source, "a")


class RemoteFileReply:
    """Serves one file; `piece` bytes at a time, the size told first and last as given."""

    def __init__(self, content: bytes, *, piece: int, sizes: list[int]) -> None:
        self._content = content
        self._piece = piece
        self._sizes = sizes

    def __call__(self, kind: int, number: int, body: bytes) -> list[bytes]:
        if kind == Kind.OPEN:
            return [message(Kind.HANDLE, number, text(b"h"))]
        if kind == Kind.FSTAT:
            return [message(Kind.ATTRS, number, struct.pack(">IQ", 1, self._sizes.pop(0)))]
        if kind == Kind.READ:
            start, length = struct.unpack(">QI", body[5:])
            data = self._content[start : start + min(length, self._piece)]
            return [message(Kind.DATA, number, text(data)) if data else status(number, 1)]
        return [status(number, 0)]


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
    ],
)
def test_a_file_that_changes_its_size_is_not_taken(sizes: list[int], reason: str) -> None:
    with pytest.raises(OSError, match=reason):
        list(session_with(RemoteFileReply(b"x" * 10, piece=100, sizes=sizes)).read("a"))


def test_answers_in_another_order_find_their_request(tmp_path: Path) -> None:
    late: list[bytes] = []

    def reply(kind: int, number: int, _: bytes) -> list[bytes]:
        if kind == Kind.OPEN:
            return [message(Kind.HANDLE, number, text(b"h"))]
        late.insert(0, status(number, 0))
        return late if kind == Kind.CLOSE else []

    source = tmp_path / "source"
    source.write_bytes(b"x" * 100_000)
    session_with(reply).write(source, "a")
    assert len(late) == 5


def test_an_answer_that_stops_short_ends_the_session() -> None:
    session = session_with(lambda _, number, __: [message(Kind.ATTRS, number, struct.pack(">II", 1, 7))])
    with pytest.raises(ConnectionLost, match="does not speak SFTP"):
        session.size("a")


def test_a_listing_longer_than_its_message_ends_the_session() -> None:
    def reply(kind: int, number: int, _: bytes) -> list[bytes]:
        if kind == Kind.OPENDIR:
            return [message(Kind.HANDLE, number, text(b"h"))]
        return [message(Kind.NAME, number, struct.pack(">I", 1_000_000))]

    with pytest.raises(ConnectionLost, match="does not speak SFTP"):
        list(session_with(reply).entries("."))
