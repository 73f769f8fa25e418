"""The members of a flow, where their bytes are, and which names they may bear."""

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from flux.model.finding import Observation
from flux.model.limits import Limits
from flux.model.packed import Packed

# Longer than any path that a real archive held, shorter than what a file system takes.
_LONGEST_NAME = 1024
_LONGEST_SHOWN = 120
# A person who reads that many faults knows that the archive must be built again.
FAULTS_TOLD = 20

# What is wrong, in a word of no language and in a sentence of each.
Fault = tuple[str, str, str]

_SUSPECT = re.compile(r"[\x00-\x1f\x7f-\x9f\\]|^/|^[A-Za-z]:|(?:^|/)\.\.(?:/|$)")


class Compression(Enum):
    """How a member's bytes are packed where they lie."""

    STORED = "stored"
    DEFLATED = "deflated"


class Unit(NamedTuple):
    """One invoice of a document that holds many: where its bytes are in the document, and its first and last lines.

    `content` is where its first child begins, counted from `offset`.
    """

    offset: int
    size_bytes: int
    content: int
    line: int
    end_line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Units(Packed):
    """The units of a document, or some that follow one another, `first` being the number of the first in the document.

    What stands before the first unit of the document is its head, what stands behind the last its tail; lines are those
    where the units begin and end. `factures_offset` is where the start tag of their parent begins, in the head.
    """

    places: tuple[Unit, ...]
    first: int
    factures_offset: int
    head_bytes: int
    head_line: int
    tail_offset: int
    tail_line: int

    def some(self, start: int, count: int) -> "Units":
        """`count` of them at most, from the one at `start`."""
        return replace(self, places=self.places[start : start + count], first=self.first + start)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRef(Packed):
    """Where a member's bytes are: a range of a file.

    `size_bytes` is its size unpacked, `packed_bytes` that of the range. `crc32` is None where nothing is to be checked.
    `archived` is true for a member of an archive, which has a name of its own. `units` are the invoices of a document
    that holds many, None for one that is judged as a whole. `observations` is what its opening saw of it.
    """

    name: str
    path: Path
    offset: int
    size_bytes: int
    packed_bytes: int
    compression: Compression = Compression.STORED
    crc32: int | None = None
    archived: bool = True
    units: Units | None = None
    observations: tuple[Observation, ...] = ()

    @property
    def invoice_count(self) -> int:
        """How many invoices it counts for in the size of a task."""
        return 1 if self.units is None else len(self.units.places)


class Refusal(Exception):
    """The flow cannot be unpacked. Carries what was seen through the readers of archives, and never leaves `unpack`."""

    def __init__(self, *observations: Observation) -> None:
        super().__init__(", ".join(observation.code for observation in observations))
        self.observations = observations


def observe(
    code: str,
    reason_fr: str,
    reason_en: str,
    *,
    found: str | None = None,
    expected: str | None = None,
    detail: str | None = None,
) -> Observation:
    """An observation on an archive or a member, with its reason as a sentence of each language."""
    reasons = (("reason_fr", reason_fr), ("reason_en", reason_en))
    return Observation(code=code, found=found, expected=expected, detail=detail, facts=reasons)


def damaged(reason_fr: str, reason_en: str, member: str = "") -> Refusal:
    """The refusal of an archive that is not what its format demands."""
    return Refusal(observe("ARCHIVE_DAMAGED", reason_fr, reason_en, found=show_name(member) or None))


def too_many_members(limits: Limits) -> Refusal:
    """The refusal of an archive with more members than we take."""
    reasons = "l'archive contient trop de fichiers", "the archive holds too many files"
    return Refusal(observe("ARCHIVE_LIMIT", *reasons, expected=str(limits.archive_members)))


def nested_archive(name: str) -> Refusal:
    """The refusal of an archive inside another."""
    reasons = "une archive contient une archive", "an archive holds an archive"
    return Refusal(observe("ARCHIVE_NESTED", *reasons, found=show_name(name) or None))


def show_name(name: str) -> str:
    """A name that can be printed anywhere: control characters by their codes, cut where it is endless."""
    shown = "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in name[:_LONGEST_SHOWN])
    return shown if len(name) <= _LONGEST_SHOWN else shown + "…"


def size_fault(name: str, size_bytes: int, limits: Limits) -> Observation | None:
    """What is wrong with a file of that size: it is empty, or over the bound."""
    if size_bytes == 0:
        return observe("FLOW_EMPTY", "le fichier est vide", "the file is empty", found=show_name(name) or None)
    if size_bytes > limits.member_bytes:
        reasons = "le fichier dépasse la taille permise", "the file exceeds the size allowed"
        return observe("FILE_SIZE", *reasons, found=str(size_bytes), expected=str(limits.member_bytes))
    return None


class MemberNames:
    """Admits the names of one archive, each once; keeps what is wrong with the others."""

    def __init__(self) -> None:
        self.faults: list[Observation] = []
        self._seen: set[str] = set()

    def admit(self, name: str) -> str:
        """The name, less `./` and doubled slashes; its fault is noted where it has one."""
        plain = (
            name if name.isascii() and "/" not in name else "/".join(p for p in name.split("/") if p not in ("", "."))
        )
        fault = _name_fault(name, plain) or self._clash(plain)
        if fault is not None:
            self.refuse(name, fault)
        return plain

    def admit_folder(self, name: str) -> None:
        """Note what is wrong with the name of a folder; an archive may list one more than once."""
        fault = _suspect_fault(name)
        if fault is not None:
            self.refuse(name, fault)

    def refuse(self, name: str, fault: Fault) -> None:
        """Note that a member cannot be taken."""
        if len(self.faults) < FAULTS_TOLD:
            detail, reason_fr, reason_en = fault
            self.faults.append(
                observe("ARCHIVE_MEMBER", reason_fr, reason_en, found=show_name(name), detail=show_name(detail))
            )

    def _clash(self, plain: str) -> Fault | None:
        folded = plain.lower() if plain.isascii() else unicodedata.normalize("NFC", plain.casefold())
        # Windows drops dots and spaces from the end of a name.
        folded = "/".join(part.rstrip(". ") or part for part in folded.split("/"))
        if folded in self._seen:
            return plain, "deux fichiers portent ce nom, à la casse près", "two files bear this name, letter case apart"
        self._seen.add(folded)
        return None


def _name_fault(name: str, plain: str) -> Fault | None:
    if not plain or plain == ".":
        return "", "le nom est vide", "the name is empty"
    return _suspect_fault(name)


def _suspect_fault(name: str) -> Fault | None:
    if len(name) > _LONGEST_NAME:
        return str(len(name)), "le nom est trop long", "the name is too long"
    suspect = _SUSPECT.search(name)
    return _explain(suspect[0]) if suspect else None


def _explain(suspect: str) -> Fault:
    if suspect == "\\":
        return suspect, "le nom contient une barre oblique inverse", "the name holds a backslash"
    if ".." in suspect:
        return "..", "le chemin remonte hors de l'archive", "the path climbs out of the archive"
    if suspect == "/" or suspect.endswith(":"):
        return suspect, "le chemin est absolu", "the path is absolute"
    return suspect, "le nom contient un caractère de contrôle", "the name holds a control character"
