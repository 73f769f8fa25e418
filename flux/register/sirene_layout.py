"""How the file of establishments is laid out; what writes it and what reads it agree here.

    MAGIC, length of the heading and its CRC-32 (4 bytes each), the heading in JSON, then the sections that it counts:
      index                 for each bucket, and one more, the number of its first regular record: 4 bytes each
      regular               records of 5 bytes: the low 24 bits of the twelve digits, then the day it closed in 16 bits
      irregular             records of 8 bytes: all fourteen digits in 6 bytes, then the day in 2
      successor_index       as index, of the next section
      successors            records of 9 bytes: the low 24 bits of the closed one, then the SIRET that follows it in 6 bytes
      irregular_successors  records of 12 bytes: the closed SIRET and the one that follows it, 6 bytes each

All numbers are big-endian and all records sorted, so that they sort as bytes do. A bucket holds the regular SIRETs whose
twelve digits share what stands above the low 22 bits. A day counts from 1900-01-01, which is 1 and stands for every earlier
day and for one unknown; 0 is an open establishment.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from zlib import crc32

from flux.errors import RegisterError

MAGIC = b"FLUX SIRENE 1\n"
_START = struct.Struct(f">{len(MAGIC)}sII")
# More than a heading takes.
START_BYTES = 1 << 16

LOW_BITS = 24
# Some two hundred records of the real stock share a bucket.
BUCKET_BITS = 22
BUCKETS = (10**12 >> BUCKET_BITS) + 1

DAY_ZERO = date(1899, 12, 31)
OPEN, EARLIEST_DAY = 0, 1
DAY_BITS = 16
LAST_DAY = (1 << DAY_BITS) - 1


class Section(Enum):
    """A stretch of the file; the value is its name and the width of its records in bytes."""

    INDEX = ("index", 4)
    REGULAR = ("regular", 5)
    IRREGULAR = ("irregular", 8)
    SUCCESSOR_INDEX = ("successor_index", 4)
    SUCCESSORS = ("successors", 9)
    IRREGULAR_SUCCESSORS = ("irregular_successors", 12)

    def __init__(self, title: str, width: int) -> None:
        self.title = title
        self.width = width


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What the file says of itself. `records` counts those of each section; `sha256` is of all that follows the heading."""

    version: str
    imported_at: datetime
    open_count: int
    closed_count: int
    records: Mapping[Section, int]
    sha256: str

    def start_of(self, section: Section) -> int:
        """Where a section begins, counted from the end of the heading."""
        before = list(Section)[: list(Section).index(section)]
        return sum(self.records[each] * each.width for each in before)

    @property
    def body_bytes(self) -> int:
        """How much follows the heading."""
        return sum(self.records[each] * each.width for each in Section)


def write_heading(heading: Heading) -> bytes:
    """All that stands before the first section; its length does not depend on the checksum."""
    text = json.dumps(
        {
            "version": heading.version,
            "imported_at": heading.imported_at.isoformat(),
            "open": heading.open_count,
            "closed": heading.closed_count,
            "records": {section.title: heading.records[section] for section in Section},
            "sha256": heading.sha256,
        }
    ).encode()
    return _START.pack(MAGIC, len(text), crc32(text)) + text


def read_heading(start: bytes, size: int) -> tuple[Heading, int]:
    """The heading, and where the first section begins, of a file of so many bytes that starts with these `START_BYTES`.

    Raises RegisterError, without the file's name, where it is not ours or not whole.
    """
    if len(start) < _START.size or start[: len(MAGIC)] != MAGIC:
        raise RegisterError("is no file of establishments of this version")
    _, length, checksum = _START.unpack_from(start)
    body = _START.size + length
    text = start[_START.size : body]
    if crc32(text) != checksum:
        raise RegisterError("its heading is damaged")
    heading = _parse(text)
    if body + heading.body_bytes != size:
        raise RegisterError("is cut short or has something behind it")
    return heading, body


def _parse(text: bytes) -> Heading:
    try:
        told = json.loads(text)
        return Heading(
            version=str(told["version"]),
            imported_at=datetime.fromisoformat(told["imported_at"]),
            open_count=int(told["open"]),
            closed_count=int(told["closed"]),
            records={section: int(told["records"][section.title]) for section in Section},
            sha256=str(told["sha256"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise RegisterError(f"its heading cannot be read ({error!r})") from error


def to_date(day: int) -> date | None:
    """The day that a record writes, None for an open establishment."""
    return None if day == OPEN else DAY_ZERO + timedelta(days=day)
