"""Looking up an establishment in the file that `flux register import` made of SIRENE's stock.

Opening maps the file and reads its heading; a look-up searches one bucket of about a thousand records. A file that is
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
from flux.register.sirene_key import SiretKey, key_of
from flux.register.sirene_layout import LOW_BITS, Heading, Section, read_heading, to_date

# How long a replaced file may go unnoticed.
NOTICE_SECONDS = 1.0
# A look-up makes up to 64 KiB of the file count as this process's memory: after so many, all are given back.
_KEPT_LOOK_UPS = 1024
_SIRET_BYTES = 6
_LOW_BYTES = LOW_BITS // 8
_LOW_MASK = (1 << LOW_BITS) - 1
# The first record of a bucket, and that of the next one.
_EDGES = struct.Struct(">II")
_PIECE_BYTES = 1 << 20
_REMEDY = "import the stock of SIRENE again: flux register import --source sirene"


@dataclass(frozen=True, slots=True, kw_only=True)
class SireneState:
    """What the file holds: its version as the import named it, when it was imported, how many establishments."""

    version: str
    imported_at: datetime
    open_count: int
    closed_count: int
    sha256: str


class SireneFile:
    """The establishments at a path, which need not be there yet. For one thread. Every method raises RegisterError for a file that is not whole.

    `clock` in seconds, from any moment on.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = monotonic) -> None:
        self._path = path
        self._clock = clock
        self._mapped: _Mapped | None = None
        self._look_again_at = float("-inf")
        self._look_ups = 0

    def establishment(self, siret: str) -> Establishment | None:
        """What the stock says of a SIRET, None where it does not know it or there is no file."""
        mapped = self._current()
        key = key_of(siret)
        if mapped is None or key is None:
            return None
        self._look_ups += 1
        if self._look_ups % _KEPT_LOOK_UPS == 0:
            mapped.let_go()
        return mapped.find(siret, key)

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
            sha256=heading.sha256,
        )

    def verify(self) -> None:
        """Read the whole file and hold it against its checksum. Raises RegisterError where it was altered."""
        mapped = self._current()
        if mapped is not None and mapped.checksum() != mapped.heading.sha256:
            raise RegisterError(f"{self._path}: was altered since it was made; {_REMEDY}")

    def _current(self) -> "_Mapped | None":
        """The file as it stands, opened again where it was replaced; one that cannot be opened is tried again each time."""
        now = self._clock()
        if now >= self._look_again_at:
            self._mapped = self._reopened()
            self._look_again_at = now + NOTICE_SECONDS
        return self._mapped

    def _reopened(self) -> "_Mapped | None":
        try:
            identity = _identity(self._path.stat())
            if self._mapped is not None and identity == self._mapped.identity:
                return self._mapped
            return _Mapped.open(self._path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise RegisterError(f"{self._path}: cannot be read: {error.strerror}") from error
        except RegisterError as error:
            raise RegisterError(f"{self._path}: {error}; {_REMEDY}") from error


def _identity(found: os.stat_result) -> tuple[int, int, int, int]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mapped:
    """A file in memory as far as it was touched. `body` is where its sections begin, `starts` where each of them does."""

    identity: tuple[int, int, int, int]
    heading: Heading
    data: mmap.mmap
    body: int
    starts: Mapping[Section, int]

    @classmethod
    def open(cls, path: Path) -> "_Mapped":
        """Raises OSError, and RegisterError without the file's name."""
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            if not found.st_size:
                raise RegisterError("is empty")
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        heading, body = read_heading(data)
        starts = {section: body + heading.start_of(section) for section in Section}
        return cls(identity=_identity(found), heading=heading, data=data, body=body, starts=starts)

    def find(self, siret: str, key: SiretKey) -> Establishment | None:
        if key.is_regular:
            day = self._in_bucket(Section.INDEX, Section.REGULAR, key.number)
        else:
            day = self._among_irregular(Section.IRREGULAR, key.number)
        if day is None:
            return None
        closed_on = to_date(day)
        return Establishment(siret=siret, closed_on=closed_on, successor=self._successor(key) if closed_on else "")

    def _successor(self, key: SiretKey) -> str:
        if key.is_regular:
            found = self._in_bucket(Section.SUCCESSOR_INDEX, Section.SUCCESSORS, key.number)
        else:
            found = self._among_irregular(Section.IRREGULAR_SUCCESSORS, key.number)
        return "" if found is None else f"{found:014d}"

    def _in_bucket(self, index: Section, section: Section, number: int) -> int | None:
        """What follows the low bits in their record: the C search of bytes is faster than halving the bucket in Python."""
        low = (number & _LOW_MASK).to_bytes(_LOW_BYTES, "big")
        first, after = _EDGES.unpack_from(self.data, self.starts[index] + (number >> LOW_BITS) * index.width)
        start, width = self.starts[section], section.width
        bucket = self.data[start + first * width : start + after * width]
        found = bucket.find(low)
        while found > 0 and found % width:
            found = bucket.find(low, found + 1)
        return None if found < 0 else int.from_bytes(bucket[found + _LOW_BYTES : found + width], "big")

    def _among_irregular(self, section: Section, number: int) -> int | None:
        """What follows a whole SIRET in its record, None where no record has it."""
        key = number.to_bytes(_SIRET_BYTES, "big")
        count = self.heading.records[section]
        records = _Records(self.data, self.starts[section], section.width, count)
        position = bisect_left(records, key)
        return records.value(position) if position < count and records[position] == key else None

    def let_go(self) -> None:
        """Give the touched pages back; the system keeps them at hand."""
        self.data.madvise(mmap.MADV_DONTNEED)

    def checksum(self) -> str:
        digest = hashlib.sha256()
        for start in range(self.body, len(self.data), _PIECE_BYTES):
            digest.update(self.data[start : start + _PIECE_BYTES])
            self.let_go()
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Records:
    """The SIRETs of a section, as a sequence that bisect can halve."""

    data: mmap.mmap
    start: int
    width: int
    count: int

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, position: int) -> bytes:
        at = self.start + position * self.width
        return self.data[at : at + _SIRET_BYTES]

    def value(self, position: int) -> int:
        at = self.start + position * self.width
        return int.from_bytes(self.data[at + _SIRET_BYTES : at + self.width], "big")
