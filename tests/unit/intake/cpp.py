"""Small CPP documents, of units that hold next to nothing."""

HEAD = (
    '<?xml version="1.0" encoding="{encoding}"?>\n<CPPFacturePivot>\n<Enveloppe/>\n<CPPFactures Compteur="{count}">\n'
)
TAIL = "</CPPFactures>\n</CPPFacturePivot>\n"


def unit(number: int, body: str | None = None) -> str:
    held = f"<Id>F{number}</Id>" if body is None else body
    return f'<CPPFacturePivotUnitaire NumOrdre="{number}">\n {held}\n</CPPFacturePivotUnitaire>'


def pivot(*units: str, encoding: str = "UTF-8", between: str = "\n") -> str:
    return HEAD.format(encoding=encoding, count=len(units)) + between.join(units) + "\n" + TAIL
