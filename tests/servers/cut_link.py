"""A link that is cut in the middle: it forwards so many bytes, then nothing, and closes nothing."""

import socket
import time
from contextlib import suppress

from tests.servers.forwarding import Forwarding

_PIECE_BYTES = 2**16


class CutLink(Forwarding):
    """Forwards to a port of this machine until `reached` bytes of the client have passed; `cut_at` is when, in monotonic seconds."""

    def __init__(self, target: int, reached: int) -> None:
        super().__init__(target)
        self._left = reached
        self._is_cut = False
        self.cut_at = time.monotonic()

    def forward(self, giver: socket.socket, taker: socket.socket, *, is_ours: bool) -> None:
        """Swallow everything once the link is cut."""
        with suppress(OSError):
            while piece := giver.recv(_PIECE_BYTES):
                self._left -= len(piece) if is_ours else 0
                if self._left <= 0 and not self._is_cut:
                    self._is_cut, self.cut_at = True, time.monotonic()
                if not self._is_cut:
                    taker.sendall(piece)
