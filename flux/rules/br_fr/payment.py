"""BR-FR-CO-09, BR-FR-CO-12: what an invoice that is already paid, or not in euros, must say."""

from flux.model.invoice import Invoice
from flux.rules.br_fr.frames import is_paid
from flux.rules.br_fr.texts import is_filled, texts
from flux.rules.numbers import ZERO, number
from flux.rules.rule import AnyRule, Hit, Matter, Rule

EURO = "EUR"


def _paid(invoice: Invoice, matter: Matter) -> list[Hit] | None:
    if not is_paid(invoice):
        return None
    total = invoice.total
    paid, with_vat, due = number(total.paid), number(total.with_vat), number(total.due)
    hits = []
    if paid is None or paid != with_vat:
        expected = total.with_vat[0].text if total.with_vat else None
        found = total.paid[0].text if total.paid else None
        hits.append(Hit(found=found, expected=expected, place=("totals", 0, "paid", 0), detail="BT-23-1"))
    if due is None or due != ZERO:
        found = total.due[0].text if total.due else None
        hits.append(Hit(found=found, expected="0", place=("totals", 0, "due", 0), detail="BT-23-2"))
    if not _has_due_date(invoice, matter):
        hits.append(Hit(place=("due_date", 0), detail="BT-23-3"))
    return hits or None


def _has_due_date(invoice: Invoice, matter: Matter) -> bool:
    held = texts((*invoice.due_date, *invoice.payment_due_date))
    return any(held) if matter.is_ubl else is_filled(held)


def _vat_in_euros(invoice: Invoice, _: Matter) -> Hit | None:
    if texts(invoice.currency) <= {EURO}:
        return None
    amounts = (term for total in invoice.tax_totals for term in total.amount)
    if EURO in texts(invoice.vat_currency) and any(term.text and term.qualifier == EURO for term in amounts):
        return None
    return Hit(found=invoice.currency[0].text, place=("vat_currency", 0))


RULES: tuple[AnyRule, ...] = (
    Rule(code="BR-FR-CO-09", check=_paid),
    Rule(code="BR-FR-CO-12", detail="BT-5", check=_vat_in_euros),
)
