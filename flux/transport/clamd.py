"""A ClamAV daemon, asked over its socket (clamd(8), commands zPING and zINSTREAM): it gets the bytes, no file and no path.

By hand: the clients that there are send a kilobyte at a time, leave sockets open where nobody answers, or wait for ever.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from flux.model.scan import CLEAN, Scan
from flux.transport.clamd_address import is_socket_path, split_address

_CHUNK_BYTES = 2**18
_LONGEST_ANSWER = 4096
_LONGEST_WORD = 200


class Clamd:
    """Scans by the daemon at `address`: the path of its socket, or host:port. A connection for each scan.

    `seconds` is how long it may keep silent.
    """

    def __init__(self, address: str, seconds: float) -> None:
        self._address = address
        self._seconds = seconds

    def scan(self, data: bytes) -> Scan:
        """What the daemon says; never an exception: that it does not answer is an answer."""
        try:
            with self._connect() as link:
                # One that has had enough says so and hangs up: its word counts, not the broken pipe.
                with suppress(BrokenPipeError, ConnectionResetError):
                    _send(link, data)
                answer = _receive(link)
        except OSError as error:
            return Scan(failure=_shorten(f"clamd: {error or type(error).__name__}"))
        _, _, said = answer.partition(": ")
        if said == "OK":
            return CLEAN
        if said.endswith(" FOUND"):
            return Scan(virus=_shorten(said.removesuffix(" FOUND")))
        return Scan(failure=_shorten(f"clamd: {answer or 'no answer'}"))

    def ping(self) -> str:
        """Empty where the daemon answers, else why it does not."""
        try:
            with self._connect() as link:
                link.sendall(b"zPING\0")
                answer = _receive(link)
        except OSError as error:
            return _shorten(f"clamd: {error}")
        return "" if answer == "PONG" else _shorten(f"clamd: {answer or 'no answer'}")

    @contextmanager
    def _connect(self) -> Iterator[socket.socket]:
        if not is_socket_path(self._address):
            with socket.create_connection(split_address(self._address), self._seconds) as link:
                yield link
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
            link.settimeout(self._seconds)
            link.connect(self._address)
            yield link


def _send(link: socket.socket, data: bytes) -> None:
    """The bytes in chunks, each behind its length, and a chunk of none."""
    link.sendall(b"zINSTREAM\0")
    view = memoryview(data)
    for start in range(0, len(data), _CHUNK_BYTES):
        chunk = view[start : start + _CHUNK_BYTES]
        link.sendall(len(chunk).to_bytes(4))
        link.sendall(chunk)
    link.sendall(bytes(4))


def _receive(link: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER and (piece := link.recv(_LONGEST_ANSWER)):
        answer += piece
    return answer.decode("utf-8", "replace").strip("\0\n ")


def _shorten(said: str) -> str:
    return said[:_LONGEST_WORD]
