"""A link that breaks once, or that is slow: what comes after the break, or however slowly, arrives."""

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Self

_HOST = "127.0.0.1"
_LIMIT_SECONDS = 5.0
_PIECE_BYTES = 2**14
_SEGMENT_BYTES = 1400
_SLOW_BUFFER_BYTES = 2**16
# Reset, not closed: what is on its way is lost.
_NO_LINGER = struct.pack("ii", 1, 0)


class FlakyLink:
    """Forwards to a port of this machine, and breaks once, when `break_after` bytes have passed.

    Bytes are counted in both directions, over every connection. To break is to reset the connection, or what `on_break` does.
    `bytes_per_second` is how fast the server reads us.
    """

    def __init__(
        self,
        target: int,
        *,
        break_after: int | None = None,
        on_break: Callable[[], None] | None = None,
        bytes_per_second: float | None = None,
    ) -> None:
        self.passed = 0
        self._on_break = on_break
        self._target = target
        self._break_after = break_after
        self._rate = bytes_per_second
        self._lock = threading.Lock()
        self._listening = socket.create_server((_HOST, 0))
        if bytes_per_second is not None:
            # Segments and buffers of a slow line: those of the loopback would hold seconds of it.
            self._listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _SEGMENT_BYTES)
            self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SLOW_BUFFER_BYTES)
        self.port = int(self._listening.getsockname()[1])
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._threads[0].join(_LIMIT_SECONDS)
        _reset(*self._sockets)
        for thread in self._threads:
            thread.join(_LIMIT_SECONDS)

    @property
    def is_broken(self) -> bool:
        """True once the link broke."""
        return self._break_after is not None and self.passed >= self._break_after

    def _start(self, run: Callable[[], None]) -> None:
        self._threads.append(threading.Thread(target=run, daemon=True))
        self._threads[-1].start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            server = socket.create_connection((_HOST, self._target))
            self._sockets += [client, server]
            self._start(partial(self._forward, client, server, self._rate))
            self._start(partial(self._forward, server, client, None))

    def _forward(self, giver: socket.socket, taker: socket.socket, rate: float | None) -> None:
        try:
            while piece := giver.recv(_PIECE_BYTES):
                whole = self._count(len(piece))
                taker.sendall(piece[:whole])
                if whole < len(piece):
                    if self._on_break is None:
                        break
                    self._on_break()
                    taker.sendall(piece[whole:])
                if rate is not None:
                    time.sleep(len(piece) / rate)
        except OSError:
            pass
        _reset(giver, taker)

    def _count(self, size: int) -> int:
        """How many of these bytes still pass before the link breaks; all of them before and after it does."""
        with self._lock:
            before = self.passed
            self.passed += size
            if self._break_after is None or before >= self._break_after or self.passed < self._break_after:
                return size
            return min(size - 1, self._break_after - before)


def _reset(*links: socket.socket) -> None:
    for link in links:
        with suppress(OSError):
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            link.shutdown(socket.SHUT_RDWR)
        link.close()
