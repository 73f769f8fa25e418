"""What a disk still holds after a power cut, given every change that was made before it.

Three models, from what POSIX promises to what disks do:

    posix   a file has the bytes of its last fsync; a name is what its folder's last fsync made of it, and a rename
            between two folders is two changes, each durable on its own
    ext4    names are journaled in order, and any fsync makes durable all changes of names before it; bytes as above
    torn    the journal ends anywhere after the last fsync; of what was written since a file's fsync each piece is there,
            missing, or cut at a sector
"""

import os
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from tests.faults.shim import Change, Operation

SECTOR_BYTES = 512


class Model(StrEnum):
    """What survives."""

    POSIX = "posix"
    EXT4 = "ext4"
    TORN = "torn"


@dataclass(slots=True, eq=False)
class _File:
    """`synced` is what an fsync promised; `pending` are the changes since. `times` are those of a file that was there before."""

    synced: bytearray = field(default_factory=bytearray)
    times: tuple[int, int] | None = None
    pending: list[Change] = field(default_factory=list)

    def sync(self) -> None:
        for change in self.pending:
            _apply(self.synced, change)
        self.pending.clear()

    def surviving(self, dice: random.Random | None) -> bytes:
        content = bytearray(self.synced)
        for change in self.pending if dice is not None else ():
            _apply(content, change, _kept_bytes(change, dice) if dice is not None else None)
        return bytes(content)

    def whole(self) -> bytes:
        content = bytearray(self.synced)
        for change in self.pending:
            _apply(content, change)
        return bytes(content)


@dataclass(slots=True, eq=False)
class _Folder:
    """`names` as processes see them, `synced` as the disk holds them."""

    names: "dict[str, _File | _Folder]" = field(default_factory=dict)
    synced: "dict[str, _File | _Folder]" = field(default_factory=dict)


class Disk:
    """The disk below a folder, from a tree that was durable when the first change was made."""

    def __init__(self, root: Path, model: Model) -> None:
        self._model = model
        self._inodes: dict[int, _File | _Folder] = {}
        self._root = self._read(root)

    def replay(self, changes: Iterable[Change], dice: random.Random) -> None:
        """Make the changes, then cut the power."""
        since_commit: list[Change] = []
        for change in changes:
            self._make(change)
            if self._model is Model.POSIX:
                continue
            since_commit.append(change)
            if change.operation is Operation.SYNC:
                since_commit.clear()
                self._commit()
        if self._model is Model.TORN:
            self._commit_some(since_commit, dice)

    def write(self, root: Path, dice: random.Random, *, remote: str = "") -> None:
        """Make the tree that a restart finds. `remote` is a folder on another machine, whose power was not cut."""
        torn = dice if self._model is Model.TORN else None
        for name in self._root.synced.keys() - {remote}:
            _write(root / name, self._root.synced[name], torn)
        if remote:
            _write_whole(root / remote, self._root.names[remote])

    def _read(self, path: Path) -> "_Folder":
        folder = _Folder()
        self._inodes[path.stat().st_ino] = folder
        for entry in path.iterdir():
            status = entry.stat()
            times = (status.st_atime_ns, status.st_mtime_ns)
            node = self._read(entry) if entry.is_dir() else _File(bytearray(entry.read_bytes()), times)
            self._inodes[status.st_ino] = node
            folder.names[entry.name] = node
        folder.synced = dict(folder.names)
        return folder

    def _make(self, change: Change) -> None:
        match change.operation:
            case Operation.WRITE | Operation.TRUNCATE:
                file = self._inodes[change.inode]
                assert isinstance(file, _File)
                file.pending.append(change)
                file.times = None
            case Operation.SYNC:
                self._sync(self._inodes[change.inode])
            case Operation.CREATE | Operation.MKDIR:
                node: _File | _Folder = _File() if change.operation is Operation.CREATE else _Folder()
                self._inodes[change.inode] = node
                folder, name = self._place(change.path)
                folder[name] = node
            case _:
                _move(change, *self._place(change.path), *self._place(change.target))

    def _sync(self, node: "_File | _Folder") -> None:
        if isinstance(node, _File):
            node.sync()
        else:
            node.synced = dict(node.names)

    def _commit(self) -> None:
        """What the journal does at an fsync: every name so far is durable."""
        for folder in _folders(self._root):
            folder.synced = dict(folder.names)

    def _commit_some(self, changes: list[Change], dice: random.Random) -> None:
        """Carry on with the journal by a part of what came since its last commit, in order."""
        names = [change for change in changes if change.operation not in (Operation.WRITE, Operation.TRUNCATE)]
        for change in names[: dice.randint(0, len(names))]:
            if change.operation in (Operation.CREATE, Operation.MKDIR):
                folder, name = self._place(change.path, synced=True)
                folder[name] = self._inodes[change.inode]
            else:
                _move(change, *self._place(change.path, synced=True), *self._place(change.target, synced=True))

    def _place(self, path: str, *, synced: bool = False) -> "tuple[dict[str, _File | _Folder], str]":
        *parents, name = path.split("/")
        folder = self._root
        for parent in parents:
            inner = (folder.synced if synced else folder.names)[parent]
            assert isinstance(inner, _Folder)
            folder = inner
        return (folder.synced if synced else folder.names), name


Names = dict[str, "_File | _Folder"]


def _move(change: Change, names: Names, name: str, others: Names, other: str) -> None:
    match change.operation:
        case Operation.RENAME:
            others[other] = names.pop(name)
        case Operation.LINK:
            others[other] = names[name]
        case _:
            del names[name]


def _apply(content: bytearray, change: Change, kept_bytes: int | None = None) -> None:
    """Make a change of a file, or its first bytes."""
    if change.operation is Operation.TRUNCATE:
        if kept_bytes != 0:
            del content[change.offset :]
            content.extend(bytes(change.offset - len(content)))
        return
    data = change.data if kept_bytes is None else change.data[:kept_bytes]
    if data:
        content.extend(bytes(max(0, change.offset - len(content))))
        content[change.offset : change.offset + len(data)] = data


def _kept_bytes(change: Change, dice: random.Random) -> int:
    """Of a change that nobody synced: all, nothing, or what ends at a sector."""
    size = len(change.data) or 1
    return dice.choice((0, size, dice.randrange(size) // SECTOR_BYTES * SECTOR_BYTES))


def _folders(folder: _Folder) -> Iterator[_Folder]:
    yield folder
    for node in folder.names.values():
        if isinstance(node, _Folder):
            yield from _folders(node)


def _write(path: Path, node: "_File | _Folder", dice: random.Random | None) -> None:
    if isinstance(node, _File):
        path.write_bytes(node.surviving(dice))
        path.chmod(0o600)  # of modes nothing is written down: what is secret must be so still
        return
    path.mkdir()
    for name, inner in node.synced.items():
        _write(path / name, inner, dice)


def _write_whole(path: Path, node: "_File | _Folder") -> None:
    if isinstance(node, _File):
        path.write_bytes(node.whole())
        if node.times is not None:
            os.utime(path, ns=node.times)
        return
    path.mkdir()
    for name, inner in node.names.items():
        _write_whole(path / name, inner)
