"""BR-FR-03: every date is a day of this century; BR-FR-CO-01, BR-FR-CO-07: the issue date against the others."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from operator import attrgetter

from flux.model.invoice import Invoice
from flux.model.term import Terms, first
from flux.rules.br_fr.frames import is_paid
from flux.rules.br_fr.texts import is_filled, texts
from flux.rules.br_fr.types import DEPOSIT_TYPES
from flux.rules.rule import AnyRule, Hit, Matter, Rule

_CENTURY = "20"
_DIGITS = frozenset("0123456789")


@lru_cache(maxsize=1024)
def is_day(written: str, *, is_ubl: bool) -> bool:
    """True for a real day of 2000 to 2099: YYYY-MM-DD and nothing more in UBL, YYYYMMDD and whatever follows in CII."""
    if not is_ubl:
        written = f"{written[:4]}-{written[4:6]}-{written[6:8]}"
    if len(written) != 10 or not written.startswith(_CENTURY) or written[4] != "-" or written[7] != "-":
        return False
    if not _DIGITS.issuperset(written[:4] + written[5:7] + written[8:]):
        return False
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True


def _days(*fields: tuple[str, str]) -> Callable[[object, Matter], list[Hit] | None]:
    """The dates of a group, by field and business term."""
    readers = tuple((field, term, attrgetter(field)) for field, term in fields)

    def check(group: object, matter: Matter) -> list[Hit] | None:
        hits: list[Hit] | None = None
        for field, term, read in readers:
            terms: Terms = read(group)
            for index, held in enumerate(terms):
                if not is_day(held.text, is_ubl=matter.is_ubl):
                    hits = hits or []
                    hits.append(Hit(found=held.text, place=(field, index), term=term, detail=term))
        return hits

    return check


_INVOICE_DAYS = _days(("issue_date", "BT-2"), ("tax_point_date", "BT-7"), ("due_date", "BT-9"))
_CREDIT_NOTE_DAYS = _days(("issue_date", "BT-2"), ("tax_point_date", "BT-7"))


def _document_days(invoice: Invoice, matter: Matter) -> list[Hit] | None:
    """A credit note in UBL has its due date beside the means of payment, where no rule asks for it."""
    return (_CREDIT_NOTE_DAYS if matter.is_ubl and matter.is_credit_note else _INVOICE_DAYS)(invoice, matter)


def _not_in_future(invoice: Invoice, matter: Matter) -> Hit | None:
    issued = first(invoice.issue_date)
    day = issued and issued.date
    if issued is None or day is None or day <= matter.context.today:
        return None
    return Hit(found=issued.text, expected=matter.context.today.isoformat(), place=("issue_date", 0))


def _due_after_issue(invoice: Invoice, matter: Matter) -> Hit | None:
    due = texts((*invoice.due_date, *invoice.payment_due_date))
    issued = texts(invoice.issue_date)
    if not due or (issued and min(due) >= max(issued)) or is_paid(invoice) or texts(invoice.type_code) & DEPOSIT_TYPES:
        return None
    if (matter.is_ubl and not issued) or (not matter.is_ubl and not is_filled(due)):
        return None
    field = "due_date" if invoice.due_date else "payment_due_date"
    return Hit(found=min(due), expected=f">= {max(issued, default='')}", place=(field, 0))


RULES: tuple[AnyRule, ...] = (
    Rule(code="BR-FR-03", check=_document_days),
    Rule(code="BR-FR-03", on="preceding_invoices", check=_days(("issue_date", "BT-26"))),
    Rule(code="BR-FR-03", on="deliveries", check=_days(("date", "BT-72"))),
    Rule(code="BR-FR-03", on="periods", check=_days(("start", "BT-73"), ("end", "BT-74"))),
    Rule(code="BR-FR-03", on="lines.references", check=_days(("issue_date", "EXT-FR-FE-138"))),
    Rule(code="BR-FR-03", on="lines.deliveries", check=_days(("date", "EXT-FR-FE-158"))),
    Rule(code="BR-FR-03", on="lines.periods", check=_days(("start", "BT-134"), ("end", "BT-135"))),
    Rule(code="BR-FR-CO-01", check=_not_in_future),
    Rule(code="BR-FR-CO-07", detail="BT-9", check=_due_after_issue),
)
