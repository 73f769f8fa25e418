"""Reading the cells of a line, and telling every one that is not what its column holds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from flux.model.masking import mask_account, mask_accounts
from flux.model.register import IdentifierType
from flux.register.columns import Layout
from flux.register.given import State
from flux.register.identifiers import parse_identifier

_YES = frozenset({"true", "1", "oui", "o", "yes", "y", "vrai", "x"})
_NO = frozenset({"", "false", "0", "non", "n", "no", "faux"})
_ACTIVE = _YES | {"", "active", "actif", "a", "ouvert", "open"}
_INACTIVE = (_NO - {""}) | {"inactive", "inactif", "i", "ferme", "fermé", "closed", "f"}
_FRENCH_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
_LONGEST_FOUND = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class BadCell:
    """A cell that is not what its column holds; account numbers are masked in what was found."""

    file: str
    line: int
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.column}: found {self.found!r}, expected {self.expected}"


@dataclass(slots=True, kw_only=True)
class Cells:
    """One line of a file, read column by column; what is wrong is kept in `faults`."""

    file: str
    line: int
    cells: Sequence[str]
    layout: Layout
    faults: list[BadCell] = field(default_factory=list)

    @property
    def place(self) -> str:
        """The file and the line."""
        return f"{self.file}:{self.line}"

    def text(self, column: str, *, longest: int = 500) -> str:
        """A text as it stands."""
        found = self.layout.cell(self.cells, column)
        if len(found) > longest:
            self.refuse(column, f"{longest} characters at most")
        return found

    def flag(self, column: str) -> bool:
        """Yes or no; an empty cell is no."""
        word = self.layout.cell(self.cells, column).casefold()
        if word not in _YES and word not in _NO:
            self.refuse(column, "oui or non, true or false, 1 or 0")
        return word in _YES

    def day(self, column: str) -> date | None:
        """A day as 2026-11-28 or 28/11/2026."""
        text = self.layout.cell(self.cells, column)
        if not text:
            return None
        french = _FRENCH_DAY.fullmatch(text)
        iso = f"{french[3]}-{french[2]}-{french[1]}" if french else text.partition("T")[0].partition(" ")[0]
        try:
            return date.fromisoformat(iso)
        except ValueError:
            self.refuse(column, "a day as 2026-11-28 or 28/11/2026")
            return None

    def days(self, start: str, end: str) -> tuple[date | None, date | None]:
        """The two days of a stretch, in their order."""
        first, last = self.day(start), self.day(end)
        if first is not None and last is not None and last < first:
            self.refuse(end, f"a day not before {start}")
        return first, last

    def state(self, column: str, start: str, end: str) -> State:
        """Active or not, with its days; an empty cell is active."""
        word = self.layout.cell(self.cells, column).casefold()
        if word not in _ACTIVE and word not in _INACTIVE:
            self.refuse(column, "ACTIVE or INACTIVE")
        first, last = self.days(start, end)
        return State(is_active=word in _ACTIVE, start=first, end=last)

    def refuse(self, column: str, expected: str, *, found: str | None = None) -> None:
        """Note that a cell is not what was expected; `found` where it must not be shown as it stands."""
        shown = _mask(self.layout.cell(self.cells, column)) if found is None else found
        cut = shown if len(shown) <= _LONGEST_FOUND else shown[: _LONGEST_FOUND - 1] + "…"
        self.faults.append(BadCell(file=self.file, line=self.line, column=column, found=cut, expected=expected))

    def refuse_account(self, column: str, expected: str) -> None:
        """The same for a cell that holds an account number."""
        self.refuse(column, expected, found=mask_account(self.layout.cell(self.cells, column)))


def _mask(text: str) -> str:
    """A cell without the account or the person that it may hold, in whatever column it stands."""
    if parse_identifier(IdentifierType.INDIVIDUAL, text) is not None:
        return mask_account(text)
    return mask_accounts(text)
