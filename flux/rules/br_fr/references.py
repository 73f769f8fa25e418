"""BR-FR-CO-03..05: what contracts, corrective invoices and credit notes refer to."""

from flux.model.invoice import Invoice, Line
from flux.rules.br_fr.sub_lines import DETAIL, own_statuses
from flux.rules.br_fr.texts import texts
from flux.rules.rule import AnyRule, Hit, Matter, Rule

GLOBAL_REBATE = "262"
CORRECTIVE_TYPES = frozenset({"384", "471", "472", "473"})
CREDIT_NOTE_TYPES = frozenset({"261", "381", "396", "502", "503"})


def _contract_and_period(invoice: Invoice, matter: Matter) -> Hit | None:
    """UBL asks it of credit notes alone."""
    if GLOBAL_REBATE not in texts(invoice.type_code) or (matter.is_ubl and not matter.is_credit_note):
        return None
    starts = any(term.text for period in invoice.periods for term in period.start)
    ends = any(term.text for period in invoice.periods for term in period.end)
    if starts and ends and any(term.text for term in invoice.contract):
        return None
    return Hit(term="BT-12", place=("contract", 0))


def _one_reference(invoice: Invoice, matter: Matter) -> Hit | None:
    """UBL asks it of invoices alone."""
    if (matter.is_ubl and matter.is_credit_note) or texts(invoice.type_code).isdisjoint(CORRECTIVE_TYPES):
        return None
    count = len(invoice.preceding_invoices)
    return None if count == 1 else Hit(found=str(count), expected="1", term="BT-25", place=("preceding_invoices", 0))


def _credited_invoice(invoice: Invoice, matter: Matter) -> Hit | None:
    """UBL asks it of credit notes alone."""
    if (matter.is_ubl and not matter.is_credit_note) or texts(invoice.type_code).isdisjoint(CREDIT_NOTE_TYPES):
        return None
    if any(reference.number and reference.issue_date for reference in invoice.preceding_invoices):
        return None
    if all(_names_another(line, matter) for line in invoice.lines if _is_detail(line, matter)):
        return None
    return Hit(term="BT-25", place=("preceding_invoices", 0))


def _is_detail(line: Line, matter: Matter) -> bool:
    statuses = own_statuses(line, matter)
    return statuses is None or DETAIL in statuses


def _names_another(line: Line, matter: Matter) -> bool:
    """True where a reference of the line, in UBL one to another invoice than its own, has number and date."""
    own = texts(matter.invoice.number) if matter.is_ubl else frozenset()
    return any(
        reference.number and reference.issue_date and texts(reference.number) - own for reference in line.references
    )


RULES: tuple[AnyRule, ...] = (
    Rule(code="BR-FR-CO-03", detail="BT-3", check=_contract_and_period),
    Rule(code="BR-FR-CO-04", detail="BT-3", check=_one_reference),
    Rule(code="BR-FR-CO-05", detail="BT-3", check=_credited_invoice),
)
