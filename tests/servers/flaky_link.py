"""A link that breaks once, or that is slow: what comes after the break, or however slowly, arrives."""

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from tests.servers.forwarding import Forwarding

_PIECE_BYTES = 2**14
_SEGMENT_BYTES = 1400
_SLOW_BUFFER_BYTES = 2**16
# Reset, not closed: what is on its way is lost.
_NO_LINGER = struct.pack("ii", 1, 0)


class FlakyLink(Forwarding):
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
        super().__init__(target)
        self.passed = 0
        self._on_break = on_break
        self._break_after = break_after
        self._rate = bytes_per_second
        self._lock = threading.Lock()
        if bytes_per_second is not None:
            # Segments and buffers of a slow line: those of the loopback would hold seconds of it.
            self.listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _SEGMENT_BYTES)
            self.listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SLOW_BUFFER_BYTES)

    @property
    def is_broken(self) -> bool:
        """True once the link broke."""
        return self._break_after is not None and self.passed >= self._break_after

    def forward(self, giver: socket.socket, taker: socket.socket, *, is_ours: bool) -> None:
        """Pass on, slowly where the link is slow for us, and break once."""
        rate = self._rate if is_ours else None
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
        self.end(giver)
        self.end(taker)

    def end(self, link: socket.socket) -> None:
        """Reset it."""
        with suppress(OSError):
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        super().end(link)

    def _count(self, size: int) -> int:
        """How many of these bytes still pass before the link breaks; all of them before and after it does."""
        with self._lock:
            before = self.passed
            self.passed += size
            if self._break_after is None or before >= self._break_after or self.passed < self._break_after:
                return size
            return min(size - 1, self._break_after - before)
