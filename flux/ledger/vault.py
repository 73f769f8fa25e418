"""The vault: the bytes of everything received and sent, by content, written once.

A file is written under a temporary name, synced, made read-only, renamed to its SHA-256, and its folder is synced, before
`put` returns. Folders fan out by the first two digits.
"""

import fcntl
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path

from flux.durable import give_to_owner, make_folders, sync_folder
from flux.errors import VaultError
from flux.model.ports import Blob

# Writers wait as long as so many are removed.
_REMOVED_AT_ONCE = 256
_LOOK_SECONDS = 0.01
_SHA256 = re.compile(r"[0-9a-f]{64}")


def place_of(root: Path, sha256: str) -> Path:
    """Where a vault keeps the bytes of a hash."""
    return root / sha256[:2] / sha256


class FolderVault:
    """The Vault port on a folder; safe to use from several threads and processes. Raises VaultError."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._unfinished = root / "unfinished"
        self._fanned_out: set[Path] = set()  # whose names this process knows to be on disk
        with _own_errors("be opened"):
            make_folders(self._unfinished)
        self._remove_leftovers()

    def put(self, pieces: Iterable[bytes]) -> Blob:
        """Keep the bytes; the same bytes twice are kept once."""
        with _own_errors("take these bytes"), self._writing(), self._temporary() as (temporary, descriptor):
            blob = _write(descriptor, pieces)
            self._place(temporary, blob)
        return blob

    def path(self, sha256: str) -> Path:
        """Where the bytes can be read. Raises VaultError when they are not there."""
        path = self._path(sha256)
        if not path.is_file():
            raise VaultError(f"the vault does not hold {sha256}")
        return path

    @contextmanager
    def reading(self) -> Iterator[None]:
        """As long as this lasts nothing is removed from the vault. Raises VaultError."""
        with ExitStack() as held:
            with _own_errors("be read"):
                held.enter_context(_shared(self._root))
            yield

    def remove(self, hashes: Iterable[str], *, older_than: float, patience: float = 10.0) -> Iterator[Blob]:
        """Remove bytes that nobody names any more, and yield what went; nothing that was put within `older_than` seconds.

        What was put a moment ago may be named a moment later. Raises VaultError, also where a backup reads the vault, or
        bytes are being put, for longer than `patience` seconds.
        """
        pending = iter(hashes)
        while batch := list(islice(pending, _REMOVED_AT_ONCE)):
            with _own_errors("remove bytes"), self._alone(patience):
                limit = time.time() - older_than
                gone = [blob for sha256 in batch if (blob := _remove(self._path(sha256), limit))]
            yield from gone

    def _path(self, sha256: str) -> Path:
        if _SHA256.fullmatch(sha256) is None:
            raise VaultError(f"{sha256!r} is no SHA-256")
        return place_of(self._root, sha256)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """As long as this lasts nobody takes an unfinished file for a leftover, and nothing is removed."""
        with _opened(self._unfinished) as descriptor:
            with _shared(self._root):  # whoever removes holds it: no other writer comes before its turn
                fcntl.flock(descriptor, fcntl.LOCK_SH)
            yield

    @contextmanager
    def _alone(self, patience: float) -> Iterator[None]:
        """Nobody puts bytes, and nobody copies them, as long as this lasts."""
        deadline = time.monotonic() + patience
        with _opened(self._root) as gate, _opened(self._unfinished) as writers:
            # Writers go on meanwhile: only a backup holds the gate for more than a moment.
            _lock_alone(gate, deadline, "is being read as a whole: wait until the backup is made")
            _lock_alone(writers, deadline, "is being written to: try again when less is received")
            yield

    @contextmanager
    def _temporary(self) -> Iterator[tuple[Path, int]]:
        descriptor, name = tempfile.mkstemp(dir=self._unfinished)
        try:
            yield Path(name), descriptor
        finally:
            os.close(descriptor)
            Path(name).unlink(missing_ok=True)

    def _place(self, temporary: Path, blob: Blob) -> None:
        path = self._path(blob.sha256)
        # To be there is no proof: who made it may not have synced it yet.
        if path.parent not in self._fanned_out or not path.parent.is_dir():
            path.parent.mkdir(exist_ok=True)
            give_to_owner(path.parent)
            sync_folder(self._root)
            self._fanned_out.add(path.parent)
        if path.exists():
            _expect_size(path, blob)
            _make_young(path, temporary)
        else:
            give_to_owner(temporary)
            temporary.rename(path)
        # Also where the file was there: whoever renamed it may have died before this.
        sync_folder(path.parent)

    def _remove_leftovers(self) -> None:
        """Remove what dead processes left half written; nothing while anybody writes."""
        with _own_errors("be cleaned"), _opened(self._unfinished) as descriptor:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            for leftover in self._unfinished.iterdir():
                leftover.unlink(missing_ok=True)


def _write(descriptor: int, pieces: Iterable[bytes]) -> Blob:
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
        _write_all(descriptor, piece)
    os.fchmod(descriptor, 0o444)
    os.fsync(descriptor)
    return Blob(sha256=digest.hexdigest(), size_bytes=size)


def _write_all(descriptor: int, piece: bytes) -> None:
    rest = memoryview(piece)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _make_young(path: Path, same: Path) -> None:
    """`remove` leaves it from now on. A file that is another user's, put there by a restore, is replaced by the same bytes."""
    try:
        os.utime(path)
    except PermissionError:
        same.rename(path)


def _expect_size(path: Path, blob: Blob) -> None:
    size = path.stat().st_size
    if size != blob.size_bytes:
        raise VaultError(f"the vault holds {size} bytes under {blob.sha256}, they were {blob.size_bytes}")


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _shared(folder: Path) -> Iterator[None]:
    with _opened(folder) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield


def _lock_alone(descriptor: int, deadline: float, otherwise: str) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                raise VaultError(f"the vault {otherwise}") from error
            time.sleep(_LOOK_SECONDS)
        else:
            return


def _remove(path: Path, limit: float) -> Blob | None:
    """What went; None where it is gone already, or younger than the limit."""
    try:
        found = path.stat()
        if found.st_mtime >= limit:
            return None
        path.unlink()
    except FileNotFoundError:
        return None
    return Blob(sha256=path.name, size_bytes=found.st_size)


@contextmanager
def _own_errors(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise VaultError(f"the vault cannot {what}: {error}") from error
