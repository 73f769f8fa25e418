"""Whether a structure was active at the date of an invoice, and is today.

Chorus Pro looks at today; we look at the invoice: what was open then is owed, even if it closed since. What began to be
active between the invoice and today is in order too: Chorus Pro takes it. Source: the outcomes of the field.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum

from flux.model.invoice import Invoice
from flux.model.register import Establishment, Structure, Validity
from flux.model.term import first
from flux.rules.context import RuleContext


class Activity(Enum):
    """How active something is, seen from an invoice."""

    ACTIVE = "active"
    CLOSED = "closed"  # at the date of the invoice already
    CLOSED_SINCE = "closed_since"  # open at the date of the invoice, closed today


def day_of(invoice: Invoice, context: RuleContext) -> date:
    """The day for which the register is asked: that of the invoice, today where it gives none or one to come."""
    issued = first(invoice.issue_date)
    return min(issued.date, context.today) if issued is not None and issued.date is not None else context.today


def activity_of(stretches: tuple[Validity, ...], day: date, today: date) -> Activity:
    """How active something is that was active in these stretches."""
    is_active_today = any(stretch.holds_on(today) for stretch in stretches)
    if any(stretch.holds_on(day) for stretch in stretches):
        return Activity.ACTIVE if is_active_today else Activity.CLOSED_SINCE
    was_active_before = any(stretch.end is not None and stretch.end < day for stretch in stretches)
    return Activity.ACTIVE if is_active_today and not was_active_before else Activity.CLOSED


def first_day_closed(stretches: tuple[Validity, ...], today: date) -> date | None:
    """The day after the last one of activity, None where it never was active or still is."""
    ends = [stretch.end for stretch in stretches if stretch.end is not None and stretch.end < today]
    return max(ends) + timedelta(days=1) if ends else None


def activity_of_establishment(establishment: Establishment, day: date, today: date) -> Activity:
    """The same for what SIRENE says of a SIRET."""
    closed_on = establishment.closed_on
    if closed_on is None or closed_on > today:
        return Activity.ACTIVE
    return Activity.CLOSED if closed_on <= day else Activity.CLOSED_SINCE


def tell_closure(
    structure: Structure | None, establishment: Establishment | None, day: date, today: date
) -> tuple[tuple[str, str], ...]:
    """The facts of a closure: day of the invoice, first day closed, successor."""
    return (("day", day.isoformat()), *explain(establishment), *_tell_end(structure, establishment, today))


def explain(establishment: Establishment | None) -> Iterator[tuple[str, str]]:
    """What SIRENE adds: since when it is closed, and who took over."""
    if establishment is not None and establishment.closed_on is not None:
        yield "closed_on", establishment.closed_on.isoformat()
        if establishment.successor:
            yield "successor", establishment.successor


def _tell_end(
    structure: Structure | None, establishment: Establishment | None, today: date
) -> Iterator[tuple[str, str]]:
    """The end that the structure sheet knows, where SIRENE tells none."""
    if structure is None or (establishment is not None and establishment.closed_on is not None):
        return
    closed_on = first_day_closed(structure.active, today)
    if closed_on is not None:
        yield "closed_on", closed_on.isoformat()
