"""Files of this machine, written so that they survive a power cut."""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from flux.errors import SourceUnreadable

# One read of a file: large enough for the disk, small enough for many threads.
PIECE_BYTES = 256 * 1024


def read_pieces(path: Path) -> Iterator[bytes]:
    """The bytes of a regular file. Raises OSError, also for a link or a pipe, behind which anything may hide."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor has no Path
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{path} is no regular file")
        while piece := file.read(PIECE_BYTES):
            yield piece


def read_source(path: Path) -> Iterator[bytes]:
    """The bytes of a file of ours that is to be handed over. Raises SourceUnreadable, which is never the partner's fault."""
    try:
        yield from read_pieces(path)
    except OSError as error:
        raise _unreadable(path, error) from error


def size_of_source(path: Path) -> int:
    """How many bytes are to be handed over. Raises SourceUnreadable."""
    try:
        return path.stat().st_size
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> SourceUnreadable:
    return SourceUnreadable(f"{path} cannot be read on this machine: {error.strerror or error}")


def write_synced(pieces: Iterable[bytes], path: Path) -> int:
    """Write a file and wait until the disk holds it; the number of bytes. A link of that name is not followed."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor has no Path
        size = sum(map(file.write, pieces))
        file.flush()
        os.fsync(descriptor)
    return size


def rename_synced(old: Path, new: Path) -> None:
    """Rename inside a folder and wait until the disk holds the new name."""
    old.replace(new)
    sync_folder(new.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the disk holds the names of a folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folders(folder: Path) -> None:
    """Make a folder and those that lead to it, each on disk before the next."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        sync_folder(path.parent)


def keep_whole(pieces: Iterable[bytes], target: Path, temporary: Path) -> int:
    """Write a file under a temporary name beside its target and rename it there; the number of bytes.

    Whatever fails on the way, also in `pieces`, leaves neither of the two names behind.
    """
    try:
        size = write_synced(pieces, temporary)
        rename_synced(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return size
