"""What reading a file to import gives, and the identifiers that each of its lines begins with."""

from dataclasses import dataclass

from stdnum.fr import siret

from flux.model.masking import mask_account
from flux.model.register import IdentifierType, StructureId
from flux.register.acts import FileMark
from flux.register.cells import BadCell, Cells
from flux.register.given import StatedFile
from flux.register.identifiers import EXPECTED, parse_identifier, parse_type, restore_siret


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """What a file says, every cell of it that cannot be read, and what whoever imports it should know."""

    stated: StatedFile
    marks: tuple[FileMark, ...]
    faults: tuple[BadCell, ...]
    remarks: tuple[str, ...]


def read_identifier(cells: Cells) -> tuple[StructureId | None, bool]:
    """The structure that a line is about, and whether zeros before its SIRET had to be restored.

    They are where that makes its key right: a digit that somebody forgot is no zero.
    """
    kind = parse_type(cells.layout.cell(cells.cells, "identifier_type"))
    if kind is None:
        cells.refuse("identifier_type", "1 to 7, or " + ", ".join(each.name for each in IdentifierType))
        return None, False
    text = cells.layout.cell(cells.cells, "identifier")
    found = parse_identifier(kind, text)
    if found is None and kind is IdentifierType.SIRET:
        restored = restore_siret(text)
        if restored is not None and siret.is_valid(restored):
            return StructureId(kind, restored), True
    if found is None:
        shown = mask_account(text) if kind is IdentifierType.INDIVIDUAL else None
        cells.refuse("identifier", EXPECTED[kind], found=shown)
    return found, False


def tell_restored(count: int) -> tuple[str, ...]:
    """What to say where a spreadsheet took the zeros before some numbers."""
    return (f"{count} SIRETs had lost the zeros before them: they were restored",) if count else ()
