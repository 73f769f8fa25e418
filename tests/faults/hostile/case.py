"""A class of hostile or odd files: how they are made, what must be said of them, and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from flux.model.verdict import Verdict

# The bound of the issue, on a file of ordinary size; a file of 100 MB has a bound of its own.
SECONDS = 5.0
MEGABYTES = 600

Maker = Callable[[], bytes]


class Family(Enum):
    """What the files of a class attack."""

    XML = "XML"
    ARCHIVES = "Archives"
    ATTACHMENTS = "Attachments"
    NAMES = "Names"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is said of a file: a verdict, the codes that refuse, and remarks that must be among the others."""

    verdict: Verdict
    codes: frozenset[str] = frozenset()
    remarks: frozenset[str] = frozenset()

    def __str__(self) -> str:
        told = ", ".join(sorted(self.codes | self.remarks))
        return f"{self.verdict.value}: {told}" if told else self.verdict.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """A class: its files by name, the answer that each must get, and the twins, hardly different, that are accepted.

    `is_large` keeps it out of the default suite. `why` is the reason of the answer, for the report. `seconds` of
    processor time and `megabytes` of memory are what each file may cost.
    """

    name: str
    family: Family
    files: Mapping[str, Maker]
    answer: Answer
    why: str
    twins: Mapping[str, Maker] = field(default_factory=dict)
    twin_answer: Answer = field(default_factory=lambda: Answer(verdict=Verdict.ACCEPTED))
    is_large: bool = False
    seconds: float = SECONDS
    megabytes: int = MEGABYTES


def rejected(*codes: str, remarks: Sequence[str] = ()) -> Answer:
    """Refused by exactly these codes."""
    return Answer(verdict=Verdict.REJECTED, codes=frozenset(codes), remarks=frozenset(remarks))


def accepted(*remarks: str) -> Answer:
    """Let through, with these remarks among others."""
    return Answer(verdict=Verdict.ACCEPTED, remarks=frozenset(remarks))
