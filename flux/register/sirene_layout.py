"""How the file of establishments is laid out; what writes it and what reads it agree here.

    MAGIC, length of the heading (4 bytes, big-endian), the heading in JSON, then the sections that it places:
      index       for each bucket, and one more, the number of the first record in it: 4 bytes each
      regular     records of 5 bytes, sorted: the low 24 bits of the twelve digits, then the day it closed in 16 bits
      irregular   records of 8 bytes, sorted: all fourteen digits in 6 bytes, then the day in 2
      successors  records of 12 bytes, sorted: the closed SIRET and the one that follows it, 6 bytes each

All numbers are big-endian, so that records sort as bytes do. A bucket holds the regular SIRETs whose twelve digits share
what stands above the low 24 bits. A day counts from 1900-01-01; 0 is an open establishment, 1 one closed on a day unknown.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from flux.errors import RegisterError

MAGIC = b"FLUX SIRENE 1\n"
LENGTH_BYTES = 4

LOW_BITS = 24
BUCKETS = (10**12 >> LOW_BITS) + 1

EPOCH = date(1900, 1, 1)
OPEN, UNKNOWN_DAY = 0, 1
LAST_DAY = 0xFFFF


class Section(Enum):
    """A stretch of the file; the value is the width of its records in bytes."""

    INDEX = ("index", 4)
    REGULAR = ("regular", 5)
    IRREGULAR = ("irregular", 8)
    SUCCESSORS = ("successors", 12)

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

    @property
    def row_count(self) -> int:
        """How many establishments the file holds."""
        return self.open_count + self.closed_count

    def start_of(self, section: Section) -> int:
        """Where a section begins, counted from the end of the heading."""
        before = list(Section)[: list(Section).index(section)]
        return sum(self.records[each] * each.width for each in before)

    @property
    def body_bytes(self) -> int:
        """How much follows the heading."""
        return sum(self.records[each] * each.width for each in Section)


def write_heading(heading: Heading) -> bytes:
    """All that stands before the first section."""
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
    return MAGIC + len(text).to_bytes(LENGTH_BYTES, "big") + text


def read_heading(text: bytes) -> Heading:
    """The heading from its JSON. Raises RegisterError for one that is not ours."""
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
        raise RegisterError(f"its heading cannot be read ({error})") from error


def to_date(day: int) -> date | None:
    """The day that a record writes, None for an open establishment."""
    return None if day == OPEN else EPOCH + timedelta(days=day)
