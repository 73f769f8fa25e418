"""BR-FR-01, BR-FR-02: how the number of an invoice may be written, its own and those that it refers to."""

from collections.abc import Callable
from functools import lru_cache
from string import ascii_letters, digits

from flux.model.invoice import Invoice, LineReference, PrecedingInvoice
from flux.rules.br_fr.texts import plain
from flux.rules.rule import AnyRule, Hit, Matter, Rule

LENGTH, CHARACTERS = "BR-FR-01", "BR-FR-02"
LONGEST = 35
_Numbered = Invoice | PrecedingInvoice | LineReference
_ALLOWED = frozenset(ascii_letters + digits + "+-_/")


@lru_cache(maxsize=1024)
def is_well_written(number: str) -> bool:
    """True for letters, digits and `+ - _ /` without a space, other white space around them tolerated."""
    written = plain(number)
    return bool(written) and " " not in number and _ALLOWED.issuperset(written)


def _numbers_of(term: str) -> Callable[[_Numbered, Matter], list[Hit] | None]:
    """UBL asks for the characters under both ids."""

    def check(group: _Numbered, matter: Matter) -> list[Hit] | None:
        hits: list[Hit] = []
        for index, held in enumerate(group.number):
            number = held.text
            if len(number) <= LONGEST and is_well_written(number):
                continue
            place = ("number", index)
            if len(number) > LONGEST:
                detail = f"{term}-1" if matter.is_ubl else term
                hits.append(Hit(found=number, place=place, term=term, code=LENGTH, detail=detail))
            if not is_well_written(number):
                hits.append(Hit(found=number, place=place, term=term, code=CHARACTERS, detail=term))
                if matter.is_ubl:
                    hits.append(Hit(found=number, place=place, term=term, code=LENGTH, detail=f"{term}-2"))
        return hits or None

    return check


_CODES = (LENGTH, CHARACTERS)

RULES: tuple[AnyRule, ...] = (
    Rule(code=LENGTH, check=_numbers_of("BT-1"), codes=_CODES),
    Rule(code=LENGTH, on="preceding_invoices", check=_numbers_of("BT-25"), codes=_CODES),
    Rule(code=LENGTH, on="lines.references", check=_numbers_of("EXT-FR-FE-136"), codes=_CODES),
)
