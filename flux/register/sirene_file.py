"""Looking up an establishment in the file that `flux register import` made of SIRENE's stock.

Opening maps the file and reads its heading; a look-up searches a bucket of some seven hundred records. A file that is
replaced meanwhile is noticed, and the old one stays readable until then.
"""

import hashlib
import mmap
import os
import struct
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic

from flux.errors import RegisterError
from flux.model.register import Establishment
from flux.register.sirene_key import key_of
from flux.register.sirene_layout import LENGTH_BYTES, LOW_BITS, MAGIC, Heading, Section, read_heading, to_date

# How long a replaced file may go unnoticed.
NOTICE_SECONDS = 1.0
_SIRET_BYTES = 6
_LOW_BYTES = LOW_BITS // 8
_LOW_MASK = (1 << LOW_BITS) - 1
# The first record of a bucket, and that of the next one.
_EDGES = struct.Struct(">II")
_PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SireneState:
    """What the file holds: its version as the import named it, when it was imported, how many establishments."""

    version: str
    imported_at: datetime
    open_count: int
    closed_count: int


class SireneFile:
    """The establishments at a path, which need not be there yet. For one thread. Every method raises RegisterError for a file that is not whole."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = monotonic) -> None:
        self._path = path
        self._clock = clock
        self._mapped: _Mapped | None = None
        self._look_again_at = float("-inf")

    def establishment(self, siret: str) -> Establishment | None:
        """What the stock says of a SIRET, None where it does not know it or there is no file."""
        mapped = self._current()
        return mapped.find(siret) if mapped is not None else None

    def state(self) -> SireneState | None:
        """What the file holds, None where there is none."""
        mapped = self._current()
        if mapped is None:
            return None
        heading = mapped.heading
        return SireneState(
            version=heading.version,
            imported_at=heading.imported_at,
            open_count=heading.open_count,
            closed_count=heading.closed_count,
        )

    def verify(self) -> None:
        """Read the whole file and hold it against its checksum. Raises RegisterError where it was altered."""
        mapped = self._current()
        if mapped is not None and mapped.checksum() != mapped.heading.sha256:
            raise RegisterError(f"{self._path}: was altered since it was made; {_REMEDY}")

    def _current(self) -> "_Mapped | None":
        """The file as it stands, opened again where it was replaced since."""
        now = self._clock()
        if now >= self._look_again_at:
            self._look_again_at = now + NOTICE_SECONDS
            identity = _identity(self._path)
            if self._mapped is None or identity != self._mapped.identity:
                self._mapped = _Mapped.open(self._path) if identity is not None else None
        return self._mapped


_REMEDY = "import the stock of SIRENE again: flux register import --source sirene"


def _identity(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RegisterError(f"{path}: cannot be read: {error.strerror}") from error
    return found.st_ino, found.st_size, found.st_mtime_ns


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mapped:
    """A file in memory as far as it was touched. `body` is where its sections begin, `starts` where each of them does."""

    identity: tuple[int, int, int]
    heading: Heading
    data: mmap.mmap
    body: int
    starts: Mapping[Section, int]

    @classmethod
    def open(cls, path: Path) -> "_Mapped":
        try:
            with path.open("rb") as file:
                found = os.fstat(file.fileno())
                data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise RegisterError(f"{path}: cannot be read: {error}; {_REMEDY}") from error
        return cls._read(path, data, (found.st_ino, found.st_size, found.st_mtime_ns))

    @classmethod
    def _read(cls, path: Path, data: mmap.mmap, identity: tuple[int, int, int]) -> "_Mapped":
        if data[: len(MAGIC)] != MAGIC:
            raise RegisterError(f"{path}: is no file of establishments; {_REMEDY}")
        start = len(MAGIC) + LENGTH_BYTES
        body = start + int.from_bytes(data[len(MAGIC) : start], "big")
        try:
            heading = read_heading(data[start:body])
        except RegisterError as error:
            raise RegisterError(f"{path}: {error}; {_REMEDY}") from error
        if body + heading.body_bytes != len(data):
            raise RegisterError(f"{path}: is cut short or has something behind it; {_REMEDY}")
        starts = {section: body + heading.start_of(section) for section in Section}
        return cls(identity=identity, heading=heading, data=data, body=body, starts=starts)

    def find(self, siret: str) -> Establishment | None:
        key = key_of(siret)
        if key is None:
            return None
        day = self._regular_day(key.number) if key.is_regular else self._day_of(Section.IRREGULAR, key.number)
        if day is None:
            return None
        closed_on = to_date(day)
        return Establishment(siret=siret, closed_on=closed_on, successor=self._successor(siret) if closed_on else "")

    def _regular_day(self, number: int) -> int | None:
        """One look at the bucket: the C search of bytes is faster than halving it in Python."""
        low = (number & _LOW_MASK).to_bytes(_LOW_BYTES, "big")
        index = self.starts[Section.INDEX] + (number >> LOW_BITS) * Section.INDEX.width
        first, after = _EDGES.unpack_from(self.data, index)
        start, width = self.starts[Section.REGULAR], Section.REGULAR.width
        bucket = self.data[start + first * width : start + after * width]
        found = bucket.find(low)
        while found > 0 and found % width:
            found = bucket.find(low, found + 1)
        return None if found < 0 else int.from_bytes(bucket[found + _LOW_BYTES : found + width], "big")

    def _successor(self, siret: str) -> str:
        found = self._day_of(Section.SUCCESSORS, int(siret)) if self.heading.records[Section.SUCCESSORS] else None
        return f"{found:014d}" if found is not None else ""

    def _day_of(self, section: Section, number: int) -> int | None:
        """What follows a whole SIRET in its record, None where no record has it."""
        key = number.to_bytes(_SIRET_BYTES, "big")
        records = _Records(self.data, self.starts[section], section.width)
        position = bisect_left(records, key, 0, self.heading.records[section])
        if position == self.heading.records[section] or records[position] != key:
            return None
        return records.value(position)

    def checksum(self) -> str:
        digest = hashlib.sha256()
        for start in range(self.body, len(self.data), _PIECE_BYTES):
            digest.update(self.data[start : start + _PIECE_BYTES])
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Records:
    """The SIRETs of a section, as a sequence that bisect can halve."""

    data: mmap.mmap
    start: int
    width: int

    def __len__(self) -> int:
        return (len(self.data) - self.start) // self.width

    def __getitem__(self, position: int) -> bytes:
        at = self.start + position * self.width
        return self.data[at : at + _SIRET_BYTES]

    def value(self, position: int) -> int:
        at = self.start + position * self.width
        return int.from_bytes(self.data[at + _SIRET_BYTES : at + self.width], "big")
