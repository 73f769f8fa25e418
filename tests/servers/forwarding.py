"""Between a client and a server of this machine: connections taken and made, each way in a thread of its own."""

import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Self

_HOST = "127.0.0.1"
_LIMIT_SECONDS = 5.0


class Forwarding(ABC):
    """Listens at `port` for as long as the block lasts; what passes, and how, is for those that derive from it to say."""

    def __init__(self, target: int) -> None:
        self._target = target
        self.listening = socket.create_server((_HOST, 0))
        self.port = int(self.listening.getsockname()[1])
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    @abstractmethod
    def forward(self, giver: socket.socket, taker: socket.socket, *, is_ours: bool) -> None:
        """Pass on what one end gives, until it ends; `is_ours` where the client gives."""

    def end(self, link: socket.socket) -> None:
        """Close one end."""
        with suppress(OSError):
            link.shutdown(socket.SHUT_RDWR)
        link.close()

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end(self.listening)
        self._threads[0].join(_LIMIT_SECONDS)
        for link in self._sockets:
            self.end(link)
        for thread in self._threads:
            thread.join(_LIMIT_SECONDS)

    def _start(self, run: Callable[[], None]) -> None:
        self._threads.append(threading.Thread(target=run, daemon=True))
        self._threads[-1].start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listening.accept()
            except OSError:
                return
            server = socket.create_connection((_HOST, self._target))
            self._sockets += [client, server]
            self._start(partial(self.forward, client, server, is_ours=True))
            self._start(partial(self.forward, server, client, is_ours=False))
