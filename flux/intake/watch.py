"""Events of the inbox. They only wake: what is there is for the sweep to say."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

from flux.intake.folders import list_partners, partner_folder
from flux.intake.stability import FileKey
from flux.model.ports import Report

_EVENTS: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileMovedEvent,
]


class Wake:
    """An event to wait for that remembers which files were seen renamed into place. Safe between threads."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._renamed: set[FileKey] = set()

    def set(self) -> None:
        """Wake whoever waits."""
        self._event.set()

    def wait(self, timeout_seconds: float) -> bool:
        """Wait until woken; false when the time ran out."""
        woken = self._event.wait(timeout_seconds)
        self._event.clear()
        return woken

    def remember_renamed(self, key: FileKey) -> None:
        """A file was given this name after it was written."""
        with self._lock:
            self._renamed.add(key)

    def forget_renamed(self, key: FileKey) -> None:
        """A new file is being written under this name."""
        with self._lock:
            self._renamed.discard(key)

    def take_renamed(self) -> frozenset[FileKey]:
        """The names remembered since the last call."""
        with self._lock:
            renamed = frozenset(self._renamed)
            self._renamed.clear()
        return renamed


class _Handler(FileSystemEventHandler):
    """Watches each folder alone: watching the tree would put a watch on every claim."""

    def __init__(self, inbox: Path, wake: Wake, observer: BaseObserver, report: Report) -> None:
        self._inbox = inbox
        self._wake = wake
        self._observer = observer
        self._report = report
        self._watches: dict[Path, ObservedWatch] = {}

    def watch_all(self) -> None:
        """Watch the inbox and the folders in it."""
        try:
            partners = list_partners(self._inbox)
        except OSError as error:
            self._report("inbox_not_watched", folder=str(self._inbox), error=str(error))
            return
        for partner in partners:
            self.watch_folder(partner_folder(self._inbox, partner))

    def watch_folder(self, folder: Path) -> None:
        """Watch one folder; where the system refuses, sweeping goes on without."""
        former = self._watches.pop(folder, None)
        try:
            if former is not None:  # of a folder of this name that is gone: it sees nothing of this one
                self._observer.unschedule(former)
            self._watches[folder] = self._observer.schedule(self, folder, event_filter=_EVENTS)
        except OSError as error:
            self._report("inbox_not_watched", folder=str(folder), error=str(error))

    def watch_new_folder(self, folder: Path) -> None:
        """Watch a partner's folder that appears."""
        if folder.parent == self._inbox and folder.name[0] != ".":
            self.watch_folder(folder)

    def on_created(self, event: FileSystemEvent) -> None:
        path = Path(str(event.src_path))
        if event.is_directory:
            self.watch_new_folder(path)
        else:
            self._wake.forget_renamed(self._key(path))
        self._wake.set()

    def on_moved(self, event: FileSystemEvent) -> None:
        path = Path(str(event.dest_path))
        if event.is_directory:
            self.watch_new_folder(path)
        else:
            self._wake.remember_renamed(self._key(path))
        self._wake.set()

    def on_closed(self, event: FileSystemEvent) -> None:
        del event  # whatever was closed: look again
        self._wake.set()

    def _key(self, path: Path) -> FileKey:
        return ("" if path.parent == self._inbox else path.parent.name), path.name


@contextmanager
def watch_inbox(inbox: Path, wake: Wake, report: Report) -> Iterator[None]:
    """Wake on every event of the inbox and of the folders in it, until the block ends."""
    observer = Observer()
    handler = _Handler(inbox, wake, observer, report)
    try:
        observer.start()
    except OSError as error:
        report("inbox_not_watched", folder=str(inbox), error=str(error))
        yield
        return
    try:
        handler.watch_all()
        yield
    finally:
        observer.stop()
        observer.join()
