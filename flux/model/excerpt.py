"""The lines of a document around a fault, as a person may be shown them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from flux.model.finding import Finding


class Spot(NamedTuple):
    """A place in a document: its line and XPath as a finding gives them, and the column where a parser stopped."""

    line: int | None
    xpath: str | None
    column: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcerptRow:
    """A line of an excerpt. `line` is its number, None where it continues a long one; `marked` is what is at fault in it."""

    line: int | None
    before: str
    marked: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A few lines around a fault: bounded, printable characters only, accounts masked."""

    rows: tuple[ExcerptRow, ...]


# Of each member of a flow, by its ordinal.
Excerpts = Mapping[tuple[int, Spot], Excerpt]


def spot_of(finding: Finding) -> Spot | None:
    """Where a finding stands, None for one that has no place in a document."""
    if finding.xpath is not None:
        return Spot(finding.line, finding.xpath)
    if finding.line is None:
        return None
    column = dict(finding.facts).get("column", "")
    return Spot(finding.line, None, int(column) if column.isdecimal() else None)
