"""A link that is cut in the middle: it forwards so many bytes, then nothing, and closes nothing."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import partial
from types import TracebackType
from typing import Self

_HOST = "127.0.0.1"
_LIMIT_SECONDS = 5.0
_PIECE_BYTES = 2**16


class CutLink:
    """Forwards to a port of this machine until `reached` bytes of the client have passed; `cut_at` is when, in monotonic seconds."""

    def __init__(self, target: int, reached: int) -> None:
        self._target = target
        self._left = reached
        self._is_cut = False
        self.cut_at = time.monotonic()
        self._listening = socket.create_server((_HOST, 0))
        self.port = int(self._listening.getsockname()[1])
        self._sockets = ExitStack()
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
        self._sockets.close()
        for thread in self._threads:
            thread.join(_LIMIT_SECONDS)

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
            for end in (client, server):
                self._sockets.callback(_end, end)
            self._start(partial(self._forward, client, server, is_ours=True))
            self._start(partial(self._forward, server, client, is_ours=False))

    def _forward(self, giver: socket.socket, taker: socket.socket, *, is_ours: bool) -> None:
        with suppress(OSError):
            while piece := giver.recv(_PIECE_BYTES):
                self._left -= len(piece) if is_ours else 0
                if self._left <= 0 and not self._is_cut:
                    self._is_cut, self.cut_at = True, time.monotonic()
                if not self._is_cut:
                    taker.sendall(piece)


def _end(link: socket.socket) -> None:
    with suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)
    link.close()
