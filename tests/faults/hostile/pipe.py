"""A file that nobody may open, and that notices who did."""

import os
from pathlib import Path
from threading import Thread
from typing import Self


class WatchedPipe:
    """A named pipe at `path`. `was_opened` says whether anybody opened it to read: who does finds it empty, and does not hang.

    Who opens a pipe to read waits until somebody opens it to write, and the other way round: so no opening is missed.
    """

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        self.was_opened = False
        self._is_over = False
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over = True
        last = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        self._thread.join()
        os.close(last)
        self.path.unlink()

    def _watch(self) -> None:
        while True:
            end = os.open(self.path, os.O_WRONLY)
            self.was_opened |= not self._is_over
            os.close(end)
            if self._is_over:
                return
