"""The disk of a process, made to fail or written down: builds `shim.c` and drives it."""

import errno
import functools
import mmap
import os
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")


@functools.cache
def build_shim() -> Path:
    """The compiled shim, in a folder of its own. Needs gcc."""
    library = Path(tempfile.mkdtemp(prefix="shim-")) / "shim.so"
    subprocess.run(
        ["gcc", "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-o", str(library), str(SOURCE), "-ldl", "-lpthread"],
        check=True,
    )
    return library


def shim_environment(root: Path, *, trace: Path | None = None, faults: "Faults | None" = None) -> dict[str, str]:
    """What a process must be started with for the shim to see what it does below `root`."""
    environment = {"LD_PRELOAD": str(build_shim()), "SHIM_ROOT": str(root.resolve())}
    if trace is not None:
        environment["SHIM_TRACE"] = str(trace)
    if faults is not None:
        environment["SHIM_CONTROL"] = str(faults.page)
    return environment


class Kind(IntFlag):
    """Calls that can be made to fail."""

    WRITE = 1
    SYNC = 2
    MAKE = 4  # files, folders and names
    REMOVE = 8


class Faults:
    """The page that says what fails now, shared with every process that was started under the shim."""

    _LAYOUT = struct.Struct("=iIqqq1000s")

    def __init__(self, page: Path) -> None:
        self.page = page
        page.write_bytes(bytes(self._LAYOUT.size))
        with page.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), self._LAYOUT.size)

    def begin(self, error: int, kinds: Kind, *, after: int = 0, place: str = "", once: bool = False) -> None:
        """Have calls of these kinds below `place` fail with `error`, after so many that still succeed."""
        self.relieve()
        content = self._LAYOUT.pack(0, kinds, after, 0, once, os.fsencode(place))
        self._memory[4:] = content[4:]
        self._memory[:4] = struct.pack("=i", error)

    def relieve(self) -> None:
        """Have everything succeed again."""
        self._memory[:4] = bytes(4)

    @property
    def hits(self) -> int:
        """The calls that failed since `begin`."""
        return int(struct.unpack_from("=q", self._memory, 16)[0])


class Operation(IntEnum):
    """A change of the disk."""

    CREATE = 1
    WRITE = 2
    TRUNCATE = 3
    SYNC = 4
    RENAME = 5
    LINK = 6
    UNLINK = 7
    MKDIR = 8
    RMDIR = 9


@dataclass(frozen=True, slots=True)
class Change:
    """A change that a process made. Names by `path` and `target`, relative to the root; files that are open by `inode`.

    `offset` is where `data` was written, or the size that a file was cut to.
    """

    operation: Operation
    inode: int
    offset: int
    path: str
    target: str
    data: bytes

    def __str__(self) -> str:
        return f"{self.operation.name.lower()} {self.path or self.inode} {self.target}".rstrip()


_HEAD = struct.Struct("=IIQqII")


def read_trace(trace: Path, *, start: int = 0) -> Iterator[Change]:
    """Every change from the byte `start` on, in the order in which they were made."""
    content, position = trace.read_bytes(), start
    while position < len(content):
        size, operation, inode, offset, first, _ = _HEAD.unpack_from(content, position)
        body = content[position + _HEAD.size : position + size]
        is_write = operation == Operation.WRITE
        yield Change(
            operation=Operation(operation),
            inode=inode,
            offset=offset,
            path="" if is_write else os.fsdecode(body[:first]),
            target=os.fsdecode(body[first:]),
            data=body if is_write else b"",
        )
        position += size


DISK_FULL, DISK_BROKEN, READ_ONLY = errno.ENOSPC, errno.EIO, errno.EROFS
