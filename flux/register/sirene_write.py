"""Writing the file of establishments, piece by piece, from sorted numbers. Needs the extra `sirene`."""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO

import numpy as np

from flux.durable import give_to_owner, make_folders, sync_folder
from flux.errors import RegisterError
from flux.register.sirene_gather import Establishments
from flux.register.sirene_layout import (
    BUCKET_BITS,
    BUCKETS,
    DAY_BITS,
    LAST_DAY,
    LOW_BITS,
    Heading,
    Section,
    write_heading,
)
from flux.register.sirene_numbers import Keys, pieces
from flux.register.sirene_successions import Successions

_LOW_BYTES = LOW_BITS // 8
_SIRET_BYTES = 6
_NO_SHA256 = "0" * 64


@contextmanager
def replacing(target: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of `target` at once when it is whole and on the disk; one that fails leaves no trace.

    Raises RegisterError where another process is at it, or where the disk refuses.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        make_folders(target.parent)
        with part.open("ab") as lock:
            give_to_owner(part)
            _lock(lock, part)
            try:
                with part.open("wb") as file:  # over what a killed import left
                    yield file
                    file.flush()
                    os.fsync(file.fileno())
                part.replace(target)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
            sync_folder(target.parent)
    except OSError as error:
        raise RegisterError(f"{target}: cannot be written: {error.strerror or error}") from error


def _lock(lock: IO[bytes], part: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_ours = os.path.samestat(os.fstat(lock.fileno()), part.stat())
    except (BlockingIOError, FileNotFoundError):
        is_ours = False
    if not is_ours:  # or it was another's a moment ago
        raise RegisterError(f"{part}: another import of SIRENE is writing it; wait for its end")


def write_file(
    file: IO[bytes],
    establishments: Establishments,
    successions: Successions,
    *,
    version: str,
    imported_at: datetime,
    progress: Callable[[float], None],
) -> Heading:
    """Everything into a file that is open and empty."""
    closed = _count_closed(establishments.regular) + _count_closed(establishments.irregular)
    heading = Heading(
        version=version,
        imported_at=imported_at,
        open_count=len(establishments) - closed,
        closed_count=closed,
        records=_count_records(establishments, successions),
        sha256=_NO_SHA256,
    )
    file.write(write_heading(heading))
    digest = hashlib.sha256()
    done = 0
    for piece in _sections(establishments, successions):
        file.write(piece)
        digest.update(piece)
        done += len(piece)
        progress(done / heading.body_bytes)
    whole = replace(heading, sha256=digest.hexdigest())
    file.seek(0)
    file.write(write_heading(whole))
    return whole


def _count_closed(packed: Keys) -> int:
    return sum(int(np.count_nonzero(piece & np.uint64(LAST_DAY))) for piece in pieces(packed))


def _count_records(establishments: Establishments, successions: Successions) -> dict[Section, int]:
    return {
        Section.INDEX: BUCKETS + 1,
        Section.REGULAR: len(establishments.regular),
        Section.IRREGULAR: len(establishments.irregular),
        Section.SUCCESSOR_INDEX: BUCKETS + 1,
        Section.SUCCESSORS: len(successions.regular),
        Section.IRREGULAR_SUCCESSORS: len(successions.irregular),
    }


def _sections(establishments: Establishments, successions: Successions) -> Iterator[bytes]:
    """The bytes of every section, in the order of the layout."""
    edges = np.arange(BUCKETS + 1, dtype=np.uint64) << np.uint64(BUCKET_BITS)
    yield _index(establishments.regular, edges << np.uint64(DAY_BITS))
    yield from _records((establishments.regular, Section.REGULAR.width))
    yield from _records((establishments.irregular, Section.IRREGULAR.width))
    yield _index(successions.regular, edges)
    yield from _records((successions.regular, _LOW_BYTES), (successions.regular_after, _SIRET_BYTES))
    yield from _records((successions.irregular, _SIRET_BYTES), (successions.irregular_after, _SIRET_BYTES))


def _index(numbers: Keys, edges: Keys) -> bytes:
    return np.searchsorted(numbers, edges).astype(">u4").tobytes()


def _records(*columns: tuple[Keys, int]) -> Iterator[bytes]:
    """Of each number its last bytes, so many as its column is wide, the most significant first."""
    for parts in zip(*(pieces(numbers) for numbers, _ in columns), strict=True):
        cut = [
            part.astype(">u8").view(np.uint8).reshape(-1, 8)[:, 8 - width :]
            for part, (_, width) in zip(parts, columns, strict=True)
        ]
        yield np.concatenate(cut, axis=1).tobytes()
