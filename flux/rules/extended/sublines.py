"""Sub-lines: which line details which, and which lines count in the sums (EXT-FR-FE-162, EXT-FR-FE-163).

UBL says it in a reference of the line to its own invoice, CII beside the line's identifier. A line without subtype, or of
subtype DETAIL, counts; a GROUP sums up its children; an INFORMATION counts nowhere.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flux.model.invoice import Line
from flux.model.term import Term
from flux.rules.numbers import collapse, number, trim
from flux.rules.rule import Hit, Matter

DETAIL, GROUP = "DETAIL", "GROUP"
SUBTYPES = frozenset({DETAIL, GROUP, "INFORMATION"})


class SubLine(NamedTuple):
    """What a line says of its place among the lines."""

    subtypes: tuple[str, ...]
    parents: tuple[str, ...]
    counts: bool


class SubLines(NamedTuple):
    """The place of every line, and the children of each, by the identifier that they name."""

    of: Mapping[int, SubLine]
    children: Mapping[str, Sequence[Line]]
    with_identifier: Mapping[str, int]

    def place_of(self, line: Line) -> SubLine:
        """The place of a line of the invoice."""
        return self.of[id(line)]


def sublines(matter: Matter) -> SubLines:
    """The places of the lines; ask for it by `matter.once(sublines)`."""
    own = {term.text for term in matter.invoice.number}
    read = _read_ubl if matter.is_ubl else _read_cii
    of: dict[int, SubLine] = {}
    children: defaultdict[str, list[Line]] = defaultdict(list)
    identifiers: defaultdict[str, int] = defaultdict(int)
    for line in matter.invoice.lines:
        place = of[id(line)] = read(line, own)
        for parent in dict.fromkeys(_named_parents(line, place, matter)):
            children[parent].append(line)
        for identifier in {term.text for term in line.identifier}:
            identifiers[identifier] += 1
    return SubLines(of, children, identifiers)


def _named_parents(line: Line, place: SubLine, matter: Matter) -> Sequence[str]:
    """The parent as the line writes it: CII compares it so, once it has asked whether there is one."""
    return place.parents if matter.is_ubl else tuple(term.text for term in line.parent_line)


_PLAIN = SubLine((), (), counts=True)


def _read_ubl(line: Line, own: set[str]) -> SubLine:
    if not line.references:
        return _PLAIN
    held = [each for each in line.references if any(term.text in own for term in each.number)]
    subtypes = tuple(term.text for each in held for term in each.status)
    parents = tuple(term.text for each in held for term in each.parent_line)
    return SubLine(subtypes, parents, counts=not held or DETAIL in subtypes)


def _read_cii(line: Line, _: set[str]) -> SubLine:
    if not line.status and not line.parent_line:
        return _PLAIN
    subtypes = tuple(term.text for term in line.status)
    parents = tuple(parent for parent in map(_normal, line.parent_line) if parent)
    return SubLine(subtypes, parents, counts=not subtypes or DETAIL in subtypes)


def _normal(term: Term) -> str:
    return collapse(term.text)


def subtype(line: Line, matter: Matter) -> Hit | None:
    """BR-FREXT-05: the subtype is one of three."""
    place = matter.once(sublines).place_of(line)
    if not place.subtypes:
        return None
    found = trim(place.subtypes[0]) if matter.is_ubl else place.subtypes[0]
    return None if found in SUBTYPES else Hit(found=found, expected=", ".join(sorted(SUBTYPES)))


def parent_has_subtype(line: Line, matter: Matter) -> Hit | None:
    """BR-FREXT-06: a line that has a parent says its subtype."""
    place = matter.once(sublines).place_of(line)
    if not place.parents or any(matter.is_ubl or text for text in place.subtypes):
        return None
    return Hit(found=place.parents[0])


def parent_exists(line: Line, matter: Matter) -> Hit | None:
    """BR-FREXT-11: the parent is another line of the invoice."""
    seen = matter.once(sublines)
    place = seen.place_of(line)
    if not place.parents:
        return None
    own = {term.text for term in line.identifier}
    holds = any(parent in seen.with_identifier and own and parent not in own for parent in place.parents)
    return None if holds else Hit(found=place.parents[0])


class GroupLines(NamedTuple):
    """What the children of a GROUP add up to, and how many GROUPs among them have no amount."""

    amount: float
    unpriced: int


def group_lines(matter: Matter) -> Mapping[str, GroupLines]:
    """The children of each line that has any, by its identifier; ask for it by `matter.once(group_lines)`."""
    seen = matter.once(sublines)
    return {parent: _group_lines(children, seen) for parent, children in seen.children.items()}


def _group_lines(children: Sequence[Line], seen: SubLines) -> GroupLines:
    """In floating point, as the artefacts add untyped amounts."""
    amount, unpriced = 0.0, 0
    for child in children:
        subtypes = seen.place_of(child).subtypes
        if GROUP in subtypes or DETAIL in subtypes:
            value = number(child.net_amount)
            amount += 0.0 if value is None else float(value)
        if GROUP in subtypes and not child.net_amount:
            unpriced += 1
    return GroupLines(amount, unpriced)


_CHILDLESS = GroupLines(0.0, 0)


def _lines_of_priced_group(line: Line, matter: Matter) -> GroupLines | None:
    """The children of a GROUP that has an amount, None for any other line."""
    if not line.net_amount or GROUP not in matter.once(sublines).place_of(line).subtypes:
        return None
    return matter.once(group_lines).get(line.identifier[0].text, _CHILDLESS) if line.identifier else _CHILDLESS


def group_sum(line: Line, matter: Matter) -> Hit | None:
    """BR-FREXT-08: the amount of a GROUP is that of its children."""
    held = _lines_of_priced_group(line, matter)
    if held is None:
        return None
    wanted = math.floor(held.amount * 100 + 0.5) / 100
    value = number(line.net_amount)
    if value is not None and float(value) == wanted:
        return None
    return Hit(found=line.net_amount[0].text, expected=f"{wanted:.2f}", place=("net_amount", 0))


def priced_children(line: Line, matter: Matter) -> Hit | None:
    """BR-FREXT-12: the GROUPs inside a GROUP with an amount have one too."""
    held = _lines_of_priced_group(line, matter)
    return Hit(found=str(held.unpriced), expected="0") if held is not None and held.unpriced else None


_RULES = (
    ("BR-FREXT-05", "EXT-FR-FE-163", subtype),
    ("BR-FREXT-06", "EXT-FR-FE-163", parent_has_subtype),
    ("BR-FREXT-08", "BT-131", group_sum),
    ("BR-FREXT-11", "EXT-FR-FE-162", parent_exists),
    ("BR-FREXT-12", "BT-131", priced_children),
)
CODES = tuple(code for code, _, _ in _RULES)


def judge(line: Line, matter: Matter) -> list[Hit] | None:
    """Every rule of sub-lines; a line that says nothing of its place keeps them all."""
    if not (line.references if matter.is_ubl else line.status or line.parent_line):
        return None
    hits = [
        hit._replace(code=code, term=term) for code, term, check in _RULES if (hit := check(line, matter)) is not None
    ]
    return hits or None
