"""How many of a thing Chorus Pro takes: lines, preceding invoices, payment terms, contacts (BR-FR-CPRO-19, 20, 25 to 28)."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from flux.model.invoice import Invoice
from flux.rules.rule import AnyRule, Hit, Matter, Rule

LINES_END = 1_000_000


def _lines(invoice: Invoice, matter: Matter) -> Hit | None:  # noqa: ARG001 - the shape of every check
    count = len(invoice.lines)
    return None if count < LINES_END else Hit(found=str(count), expected=str(LINES_END - 1))


def _one(field: str) -> Callable[[Any, Matter], Hit | None]:
    get: Callable[[Any], tuple[object, ...]] = attrgetter(field)

    def check(group: object, matter: Matter) -> Hit | None:  # noqa: ARG001 - the shape of every check
        held = get(group)
        # The second is the one too many.
        return None if len(held) <= 1 else Hit(found=str(len(held)), expected="1", place=(field, 1))

    return check


RULES: tuple[AnyRule, ...] = (
    Rule(code="BR-FR-CPRO-19", check=_lines, term="BG-25"),
    Rule(code="BR-FR-CPRO-20", check=_one("preceding_invoices"), term="BG-3"),
    Rule(code="BR-FR-CPRO-25", check=_one("payment_terms"), term="BT-20"),
    Rule(code="BR-FR-CPRO-26", check=_one("contacts"), on="sellers", term="BG-6"),
    Rule(code="BR-FR-CPRO-27", check=_one("contacts"), on="buyers", term="BG-9"),
)
