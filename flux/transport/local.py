"""Files of this machine that are read to be handed over."""

import os
import stat
from collections.abc import Iterator
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
