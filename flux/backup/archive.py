"""Archived bytes copied from one content-addressed folder into another, each checked against its name on the way.

The list of a generation has the form of sha256sum: `zcat archive.sha256.gz | sha256sum -c` in its folder checks it without flux.
"""

import gzip
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from flux.durable import give_to_owner, make_folders, sync_folder
from flux.errors import BackupError
from flux.ledger.vault import place_of

LIST = "archive.sha256.gz"
STORE = "vault"
UNFINISHED = "unfinished"

# Hashing and syncing let other threads run.
_THREADS = 4
_FILES_AT_ONCE = 256
_PIECE = 1 << 20
_LINE = re.compile(r"([0-9a-f]{64})  \.\./vault/[0-9a-f]{2}/\1\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Bytes that could not be copied, and why, in words."""

    sha256: str
    why: str


@dataclass(slots=True, kw_only=True)
class Copying:
    """What was copied so far and what could not be. `held` counts what was there already."""

    files: int = 0
    bytes: int = 0
    held: int = 0
    lacks: list[Lack] = field(default_factory=list)


def copy_archive(wanted: Iterable[str], source: Path, target: Path, tell: Callable[[Copying], None]) -> Copying:
    """Bring the bytes of these hashes, given in their order, into `target`, on disk when this returns.

    A file that is there is not read again: it came by its hash and is read-only. Raises OSError where `target` refuses.
    """
    done = Copying()
    make_folders(target / UNFINISHED)
    ordered = iter(wanted)
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="archive") as pool:
        while batch := list(islice(ordered, _FILES_AT_ONCE)):
            for folder in dict.fromkeys(sha256[:2] for sha256 in batch):
                make_folders(target / folder)
            for copied in pool.map(lambda sha256: _copy(sha256, source, target), batch):
                _count(done, copied)
            for folder in dict.fromkeys(sha256[:2] for sha256 in batch):
                sync_folder(target / folder)
            tell(done)
    return done


def write_list(hashes: Iterable[str], path: Path) -> Iterator[str]:
    """Hand the hashes on, each once it stands in the list."""
    with path.open("wb") as raw, gzip.open(raw, "wt", compresslevel=1, encoding="ascii") as listed:
        for sha256 in hashes:
            listed.write(f"{sha256}  ../{STORE}/{sha256[:2]}/{sha256}\n")
            yield sha256


def read_list(path: Path) -> Iterator[str]:
    """The hashes of a list, in order. Raises BackupError where it is damaged."""
    try:
        with gzip.open(path, "rt", encoding="ascii") as listed:
            for line in listed:
                match = _LINE.fullmatch(line)
                if match is None:
                    raise BackupError(f"{path}: {line.strip()!r} is no line of a list")
                yield match[1]
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise BackupError(f"{path} cannot be read: {error}") from error


def check_archive(wanted: Iterable[str], store: Path, tell: Callable[[int], None]) -> Iterator[Lack]:
    """Which of these hashes the store does not hold, or holds with other bytes; `tell` hears how many were read."""
    ordered = iter(wanted)
    read = 0
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="archive") as pool:
        while batch := list(islice(ordered, _FILES_AT_ONCE)):
            yield from filter(None, pool.map(lambda sha256: _check(sha256, store), batch))
            read += len(batch)
            tell(read)


def _check(sha256: str, store: Path) -> Lack | None:
    path = place_of(store, sha256)
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return Lack(sha256=sha256, why=f"{path}: {error.strerror}")
    return None if found == sha256 else Lack(sha256=sha256, why=f"{path}: other bytes, {found}")


class _Unreadable(Exception):
    """The bytes to copy cannot be read; what keeps the copy from being written is another matter."""


def _copy(sha256: str, source: Path, target: Path) -> int | Lack | None:
    """How many bytes were copied, None where they were there, or why they could not be."""
    place, origin = place_of(target, sha256), place_of(source, sha256)
    if place.exists():
        return None
    descriptor, name = tempfile.mkstemp(dir=target / UNFINISHED)
    try:
        with open(descriptor, "wb") as copy:  # noqa: PTH123 - a descriptor has no Path
            digest = hashlib.sha256()
            for piece in _read(origin):
                digest.update(piece)
                copy.write(piece)
            copy.flush()
            os.fchmod(descriptor, 0o444)
            os.fsync(descriptor)
            size = copy.tell()
        if digest.hexdigest() != sha256:
            return Lack(sha256=sha256, why=f"{origin}: other bytes, {digest.hexdigest()}")
        give_to_owner(Path(name))
        Path(name).rename(place)
    except _Unreadable as error:
        return Lack(sha256=sha256, why=str(error))
    else:
        return size
    finally:
        Path(name).unlink(missing_ok=True)


def _read(origin: Path) -> Iterator[bytes]:
    try:
        with origin.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece
    except OSError as error:
        raise _Unreadable(f"{origin}: {error.strerror}") from error


def _count(done: Copying, copied: int | Lack | None) -> None:
    if isinstance(copied, Lack):
        done.lacks.append(copied)
    elif copied is None:
        done.held += 1
    else:
        done.files += 1
        done.bytes += copied
