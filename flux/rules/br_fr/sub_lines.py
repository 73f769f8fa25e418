"""The tree of lines of the French extension: which line details which, and as what (EXT-FR-FE-162, EXT-FR-FE-163).

CII says it of the line itself, UBL in a reference of the line to its own invoice.
"""

from flux.model.invoice import Line, LineReference
from flux.rules.br_fr.texts import texts
from flux.rules.rule import Matter

GROUP, DETAIL, INFORMATION = "GROUP", "DETAIL", "INFORMATION"
SUB_INVOICE, OWN_FRAME = "AFL", "AVV"
_OBJECT = "130"


def own_references(line: Line, matter: Matter) -> list[LineReference]:
    """The references of a line to its own invoice (UBL)."""
    if not line.references:
        return []
    own = texts(matter.invoice.number)
    return [reference for reference in line.references if texts(reference.number) & own]


def own_statuses(line: Line, matter: Matter) -> frozenset[str] | None:
    """What a line is among the others, None where it does not say that it is anything."""
    if not matter.is_ubl:
        return texts(line.status) if line.status else None
    references = own_references(line, matter)
    return texts(tuple(term for reference in references for term in reference.status)) if references else None


def parents(line: Line, matter: Matter) -> frozenset[str]:
    """The identifiers of the lines that a line details."""
    if not matter.is_ubl:
        return texts(line.parent_line)
    return texts(tuple(term for reference in own_references(line, matter) for term in reference.parent_line))


def count_top_groups(line: Line, matter: Matter) -> int:
    """How often a line says that it is the head of a sub-invoice: a GROUP without a parent."""
    if not matter.is_ubl:
        return int(GROUP in texts(line.status) and not line.parent_line)
    return sum(_is_top_group(reference) for reference in own_references(line, matter))


def _is_top_group(reference: LineReference) -> bool:
    return GROUP in texts(reference.status) and not reference.parent_line


def is_part_of(line: Line, group: str, matter: Matter) -> bool:
    """True for a line that counts in the sum of a group, by the identifier of that."""
    if not matter.is_ubl:
        return group in texts(line.parent_line) and bool(texts(line.status) - {INFORMATION})
    return any(
        group in texts(reference.parent_line) and bool(texts(reference.status) - {INFORMATION})
        for reference in own_references(line, matter)
    )


def is_only_a_heading(line: Line) -> bool:
    """True for a line of CII that groups or informs, and bears no tax of its own."""
    return not texts(line.status).isdisjoint({GROUP, INFORMATION})


def objects(line: Line, scheme: str) -> list[str]:
    """The identifiers of the invoiced objects of a line under a scheme (BT-128): AFL a sub-invoice, AVV its frame."""
    return [
        term.text
        for reference in line.objects
        if _OBJECT in texts(reference.type_code)
        for term in reference.identifier
        if term.qualifier == scheme or scheme in texts(reference.scheme)
    ]
