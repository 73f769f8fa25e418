"""BR-01 to BR-65: what an invoice, and each of its groups, must hold."""

from flux.model.invoice import Invoice
from flux.model.term import Terms
from flux.rules.rule import BROKEN, Hit, Matter, Rule


def _is_blank(terms: Terms) -> bool:
    return not any(term.text.strip() for term in terms)


def _number(invoice: Invoice, matter: Matter) -> Hit | None:  # noqa: ARG001 - the shape of every check
    return BROKEN if _is_blank(invoice.number) else None


RULES: tuple[Rule[Invoice], ...] = (Rule(code="BR-02", term="BT-1", check=_number),)
