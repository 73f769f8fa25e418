"""Looking up an establishment in the file that `flux register import` made of SIRENE's stock.

Opening reads the heading and both indexes, two megabytes; a look-up reads one bucket of some two hundred records, so that
no more of the file is ever in the memory of the process. A file that is replaced meanwhile is noticed, and the old
one stays readable until then.
"""

import hashlib
import os
import struct
import weakref
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic

from flux.errors import RegisterError
from flux.model.register import Establishment
from flux.register.sirene_key import SiretKey, key_of
from flux.register.sirene_layout import BUCKET_BITS, LOW_BITS, START_BYTES, Heading, Section, read_heading, to_date

# How long a replaced file may go unnoticed.
NOTICE_SECONDS = 1.0
# Among irregular ones, so many records are read at once.
_SPAN_RECORDS = 1024
_SIRET_BYTES = 6
_LOW_BYTES = LOW_BITS // 8
_LOW_MASK = (1 << LOW_BITS) - 1
# The first record of a bucket, and that of the next one.
_EDGES = struct.Struct(">II")
_EDGE_BYTES = Section.INDEX.width
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
    """The establishments at a path, which need not be there yet. Every method raises RegisterError for a file that is not whole.

    `clock` in seconds, from any moment on.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = monotonic) -> None:
        self._path = path
        self._clock = clock
        self._opened: _Opened | None = None
        self._look_again_at = float("-inf")

    def establishment(self, siret: str) -> Establishment | None:
        """What the stock says of a SIRET, None where it does not know it or there is no file."""
        opened = self._current()
        key = key_of(siret)
        if opened is None or key is None:
            return None
        day = opened.find_day(key)
        if day is None:
            return None
        closed_on = to_date(day)
        return Establishment(
            siret=siret, closed_on=closed_on, successor=opened.find_successor(key) if closed_on else ""
        )

    def state(self) -> SireneState | None:
        """What the file holds, None where there is none."""
        opened = self._current()
        if opened is None:
            return None
        heading = opened.heading
        return SireneState(
            version=heading.version,
            imported_at=heading.imported_at,
            open_count=heading.open_count,
            closed_count=heading.closed_count,
            sha256=heading.sha256,
        )

    def verify(self) -> None:
        """Read the whole file and hold it against its checksum. Raises RegisterError where it was altered."""
        opened = self._current()
        if opened is not None and opened.checksum() != opened.heading.sha256:
            raise RegisterError(f"{self._path}: was altered since it was made; {_REMEDY}")

    def _current(self) -> "_Opened | None":
        """The file as it stands, opened again where it was replaced; one that cannot be opened is tried again each time."""
        now = self._clock()
        if now >= self._look_again_at:
            self._opened = self._reopened()
            self._look_again_at = now + NOTICE_SECONDS
        return self._opened

    def _reopened(self) -> "_Opened | None":
        try:
            if self._opened is not None and _identity(self._path.stat()) == self._opened.identity:
                return self._opened
            return _open(self._path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise RegisterError(f"{self._path}: cannot be read: {error.strerror}") from error
        except RegisterError as error:
            raise RegisterError(f"{self._path}: {error}; {_REMEDY}") from error


Identity = tuple[int, int, int, int]


def _identity(found: os.stat_result) -> Identity:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _open(path: Path) -> "_Opened":
    """Raises OSError, and RegisterError without the file's name."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        found = os.fstat(descriptor)
        heading, body = read_heading(os.pread(descriptor, START_BYTES, 0), found.st_size)
        opened = _Opened(
            path=path,
            identity=_identity(found),
            heading=heading,
            descriptor=descriptor,
            body=body,
            regular=_read_part(descriptor, heading, body, Section.REGULAR, Section.INDEX),
            irregular=_read_part(descriptor, heading, body, Section.IRREGULAR),
            successors=_read_part(descriptor, heading, body, Section.SUCCESSORS, Section.SUCCESSOR_INDEX),
            irregular_successors=_read_part(descriptor, heading, body, Section.IRREGULAR_SUCCESSORS),
        )
    except BaseException:
        os.close(descriptor)
        raise
    weakref.finalize(opened, os.close, descriptor)
    return opened


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Where the records of a section are, how wide, in bytes, and how many; and the index of their buckets, where they have one."""

    start: int
    width: int
    count: int
    index: bytes


def _read_part(descriptor: int, heading: Heading, body: int, section: Section, index: Section | None = None) -> _Part:
    return _Part(
        start=body + heading.start_of(section),
        width=section.width,
        count=heading.records[section],
        index=os.pread(descriptor, heading.records[index] * index.width, body + heading.start_of(index))
        if index
        else b"",
    )


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True, eq=False)
class _Opened:
    """An open file. `body` is where its sections begin."""

    path: Path
    identity: Identity
    heading: Heading
    descriptor: int
    body: int
    regular: _Part
    irregular: _Part
    successors: _Part
    irregular_successors: _Part

    def find_day(self, key: SiretKey) -> int | None:
        """When it closed, as the file counts days; None for one that the file does not know."""
        if key.is_regular:
            return self._find_in_bucket(self.regular, key.number)
        return self._find_among_irregular(self.irregular, key.number)

    def find_successor(self, key: SiretKey) -> str:
        """The SIRET that follows it, empty where none does."""
        if key.is_regular:
            found = self._find_in_bucket(self.successors, key.number)
        else:
            found = self._find_among_irregular(self.irregular_successors, key.number)
        return "" if found is None else f"{found:014d}"

    def _find_in_bucket(self, part: _Part, number: int) -> int | None:
        """What follows the low bits in their record: a search in C is faster than halving in Python."""
        first, after = _EDGES.unpack_from(part.index, (number >> BUCKET_BITS) * _EDGE_BYTES)
        if first == after:
            return None
        if not first < after <= part.count:
            raise RegisterError(f"{self.path}: was altered since it was made; {_REMEDY}")
        records = self._records(part, first, after)
        low = (number & _LOW_MASK).to_bytes(_LOW_BYTES, "big")
        found = records.find(low)
        while found > 0 and found % part.width:
            found = records.find(low, found + 1)
        return None if found < 0 else int.from_bytes(records[found + _LOW_BYTES : found + part.width], "big")

    def _find_among_irregular(self, part: _Part, number: int) -> int | None:
        """What follows a whole SIRET in its record."""
        key = number.to_bytes(_SIRET_BYTES, "big")
        spans = range(0, part.count, _SPAN_RECORDS)
        span = bisect_right(spans, key, key=lambda first: self._records(part, first, first + 1)[:_SIRET_BYTES]) - 1
        if span < 0:
            return None
        records = self._records(part, spans[span], min(spans[span] + _SPAN_RECORDS, part.count))
        places = range(0, len(records), part.width)
        place = bisect_right(places, key, key=lambda at: records[at : at + _SIRET_BYTES]) - 1
        at = places[place]
        if records[at : at + _SIRET_BYTES] != key:
            return None
        return int.from_bytes(records[at + _SIRET_BYTES : at + part.width], "big")

    def _records(self, part: _Part, first: int, after: int) -> bytes:
        return self._read(part.start + first * part.width, (after - first) * part.width)

    def _read(self, start: int, size: int) -> bytes:
        """Bytes of the file. Raises RegisterError where it was cut short since it was opened."""
        try:
            data = os.pread(self.descriptor, size, start)
        except OSError as error:
            raise RegisterError(f"{self.path}: cannot be read: {error.strerror}") from error
        if len(data) != size:
            raise RegisterError(f"{self.path}: is cut short; {_REMEDY}")
        return data

    def checksum(self) -> str:
        """The SHA-256 of all sections."""
        digest = hashlib.sha256()
        end = self.body + self.heading.body_bytes
        for start in range(self.body, end, _PIECE_BYTES):
            digest.update(self._read(start, min(_PIECE_BYTES, end - start)))
        return digest.hexdigest()
