"""An invoice that comes back under its own number: after a routing rejection, or completed after a suspension.

It says so itself, in Renvoi of a CPP pivot, and is outside the duplicates. Source: Chorus Pro specification (Recyclée).
"""

from collections.abc import Iterator

from flux.model.finding import Observation
from flux.model.invoice import Invoice
from flux.model.term import text_of
from flux.rules.context import RuleContext

CODE = "DUPLICATE_EXEMPT"
SENT_AGAIN = frozenset({"Recyclée", "Complétée"})


def check(invoice: Invoice, _: RuleContext) -> Iterator[Observation]:
    """DUPLICATE_EXEMPT."""
    said = text_of(invoice.resubmission)
    if said in SENT_AGAIN:
        yield Observation(code=CODE, place=("resubmission", 0), found=said)
