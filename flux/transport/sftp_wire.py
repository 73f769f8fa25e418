"""The messages of SFTP version 3, bytes to values and back, with no connection (draft-ietf-secsh-filexfer-02).

Ours rather than paramiko's client, for three reasons: names that are not UTF-8 are kept instead of ending a whole
listing, the answer to a close is seen (a full disk may show itself nowhere else), and a server's refusal is told apart
from a lost connection.
"""

import errno
import os
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from struct import Struct
from struct import error as StructError  # noqa: N812 - an exception, whatever its case

from flux.transport.remote import ConnectionLost

VERSION = 3
# OpenSSH refuses messages above 256 KB; a listing of long names may be larger than what we ever ask for.
MAX_MESSAGE_BYTES = 1024 * 1024
# Every server takes this much data in one message (same draft, section 3).
DATA_BYTES = 32 * 1024

_U32 = Struct(">I")
_U64 = Struct(">Q")
_HEAD = Struct(">IBI")


class Kind(IntEnum):
    """Message types."""

    INIT = 1
    VERSION = 2
    OPEN = 3
    CLOSE = 4
    READ = 5
    WRITE = 6
    FSTAT = 8
    OPENDIR = 11
    READDIR = 12
    REMOVE = 13
    MKDIR = 14
    STAT = 17
    RENAME = 18
    STATUS = 101
    HANDLE = 102
    DATA = 103
    NAME = 104
    ATTRS = 105
    EXTENDED = 200


class Open(IntFlag):
    """How a file is opened."""

    READ = 0x01
    WRITE = 0x02
    CREATE = 0x08
    TRUNCATE = 0x10


class StatusCode(IntEnum):
    """The codes of a STATUS answer that we tell apart."""

    OK = 0
    END_OF_FILE = 1
    NO_SUCH_FILE = 2
    PERMISSION_DENIED = 3
    UNSUPPORTED = 8


_ERRNOS = {
    StatusCode.NO_SUCH_FILE: errno.ENOENT,
    StatusCode.PERMISSION_DENIED: errno.EACCES,
    StatusCode.UNSUPPORTED: errno.ENOTSUP,
}
NO_ATTRIBUTES = _U32.pack(0)


class WireError(ConnectionLost):
    """The bytes are no message of SFTP: nothing that follows them can be understood."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the server does not speak SFTP: {what}")


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a server says of a file; None for what it does not say."""

    size: int | None = None
    mode: int | None = None
    modified: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of a listing."""

    name: str
    longname: str
    attributes: Attributes


def pack_request(kind: Kind, number: int, *fields: bytes) -> bytes:
    """A request with its length; for INIT the number is the version."""
    body = b"".join(fields)
    return _HEAD.pack(len(body) + 5, kind, number) + body


def pack_text(text: bytes | str) -> bytes:
    """A string of the protocol; names that were no UTF-8 when they came go back as they came."""
    data = text.encode(errors="surrogateescape") if isinstance(text, str) else text
    return _U32.pack(len(data)) + data


def pack_u32(value: int) -> bytes:
    """32 bits."""
    return _U32.pack(value)


def pack_u64(value: int) -> bytes:
    """64 bits."""
    return _U64.pack(value)


def message_length(head: bytes) -> int:
    """The bytes that follow the four of the length. Raises WireError beyond the bound."""
    (length,) = _U32.unpack(head)
    if not 5 <= length <= MAX_MESSAGE_BYTES:
        raise WireError(f"a message of {length} bytes")
    return int(length)


class Answer:
    """One answer of the server; `take_` methods read its fields in order and raise WireError where they run out."""

    __slots__ = ("_at", "_data", "kind", "number")

    def __init__(self, message: bytes) -> None:
        self.kind = message[0]
        self._data = message
        self._at = 1
        self.number = self.take_u32()

    def take_u32(self) -> int:
        """32 bits."""
        return self._take_number(_U32)

    def take_u64(self) -> int:
        """64 bits."""
        return self._take_number(_U64)

    def take_bytes(self) -> bytes:
        """A string of the protocol, as it is."""
        length = self.take_u32()
        start, self._at = self._at, self._at + length
        if self._at > len(self._data):
            raise WireError("a string longer than its message")
        return self._data[start : self._at]

    def take_text(self) -> str:
        """A string of the protocol, as text."""
        return self.take_bytes().decode(errors="surrogateescape")

    def take_attributes(self) -> Attributes:
        """What the server says of a file."""
        flags = self.take_u32()
        size = self.take_u64() if flags & 0x1 else None
        if flags & 0x2:
            self.take_u64()  # owner and group
        mode = self.take_u32() if flags & 0x4 else None
        modified = self._take_times() if flags & 0x8 else None
        if flags & 0x80000000:
            for _ in range(self.take_u32()):
                self.take_bytes()
                self.take_bytes()
        return Attributes(size, mode, modified)

    def take_entries(self) -> list[Entry]:
        """The names of a part of a listing."""
        return [Entry(self.take_text(), self.take_text(), self.take_attributes()) for _ in range(self.take_u32())]

    def status_code(self) -> int:
        """The code of a STATUS answer, 0 for any other kind; reads nothing."""
        return int(_U32.unpack_from(self._data, 5)[0]) if self.kind == Kind.STATUS and len(self._data) >= 9 else 0

    def refusal(self) -> OSError:
        """The error that a STATUS answer is."""
        code = self.take_u32()
        number = _ERRNOS.get(StatusCode(code), errno.EIO) if code in _CODES else errno.EIO
        said = self.take_text() if self._at < len(self._data) else ""
        return OSError(number, said[:200] or os.strerror(number))

    def _take_times(self) -> int:
        self.take_u32()  # last access
        return self.take_u32()

    def _take_number(self, shape: Struct) -> int:
        try:
            (value,) = shape.unpack_from(self._data, self._at)
        except StructError as error:
            raise WireError("an answer shorter than its fields") from error
        self._at += shape.size
        return int(value)


_CODES = frozenset(StatusCode)
