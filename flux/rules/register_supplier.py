"""The supplier: known to the structure sheets, active at the date of the invoice; SIRENE explains and catches the closed.

Chorus's own criterion is that the SIRET be created and active in its portal; a public entity that sells is a structure
like another. Identifiers of other kinds are in the sheets alone. Source: Chorus Pro specification; BR-FR-CPRO-03, -09.
"""

from collections.abc import Iterator, Mapping

from flux.model.finding import Observation
from flux.model.interface import Family
from flux.model.invoice import Invoice
from flux.model.register import SCHEMES, IdentifierType, RegisterSource, RegisterView
from flux.rules.activity import Activity, activity_of, activity_of_establishment, day_of, explain, tell_closure
from flux.rules.context import RuleContext
from flux.rules.siret import ZEROS
from flux.rules.structure_id import Claimed, find_supplier

IDENTIFIER_DEMANDED = "BR-FR-CPRO-03"
OFFICIAL = "BR-FR-CPRO-09"

_SIRET_CODES: Mapping[Activity, str] = {
    Activity.CLOSED: "SIRET_CLOSED",
    Activity.CLOSED_SINCE: "SIRET_CLOSED_SINCE",
}
_OTHER_CODES: Mapping[Activity, str] = {
    Activity.CLOSED: "SUPPLIER_CLOSED",
    Activity.CLOSED_SINCE: "SUPPLIER_CLOSED_SINCE",
}


def check(invoice: Invoice, context: RuleContext) -> Iterator[Observation]:
    """What the structure sheets say: unidentified, unknown, or not active."""
    if context.register is None:
        return
    claimed = find_supplier(invoice)
    if claimed is None:
        place = ("sellers", 0) if invoice.sellers else ()
        is_official = context.family is Family.AFNOR
        yield Observation(
            code=IDENTIFIER_DEMANDED if is_official else "SUPPLIER_UNIDENTIFIED",
            term="BT-29",
            place=place,
            detail="SUPPLIER_UNIDENTIFIED" if is_official else None,
        )
    elif claimed.id.value != ZEROS:  # nobody: what zeros mean is said where identifiers are read
        yield from _check_sheet(claimed, context.register, invoice, context)


def check_establishment(invoice: Invoice, context: RuleContext) -> Iterator[Observation]:
    """What SIRENE says beyond the sheets: a SIRET that they believe active and that is closed."""
    view = context.register
    claimed = find_supplier(invoice)
    if view is None or view.supplier_establishment is None or claimed is None or _is_told_by_sheets(invoice, context):
        return
    activity = activity_of_establishment(view.supplier_establishment, day_of(invoice, context), context.today)
    if activity is not Activity.ACTIVE:
        yield _observe_closure(_SIRET_CODES[activity], claimed, view, invoice, context)


def _check_sheet(claimed: Claimed, view: RegisterView, invoice: Invoice, context: RuleContext) -> Iterator[Observation]:
    if view.supplier is None:
        yield _observe_unknown(claimed, view, context)
        return
    activity = activity_of(view.supplier.active, day_of(invoice, context), context.today)
    if activity is not Activity.ACTIVE:
        codes = _SIRET_CODES if claimed.id.type is IdentifierType.SIRET else _OTHER_CODES
        yield _observe_closure(codes[activity], claimed, view, invoice, context)


def _observe_unknown(claimed: Claimed, view: RegisterView, context: RuleContext) -> Observation:
    if claimed.id.type is IdentifierType.SIRET:
        return _observe("SIRET_UNKNOWN", claimed, tuple(explain(view.supplier_establishment)), context)
    if claimed.id.type is IdentifierType.OTHER:
        return _observe("SUPPLIER_PENDING", claimed, (), context)
    return _observe("SUPPLIER_UNKNOWN", claimed, (("kind", SCHEMES[claimed.id.type]),), context)


def _observe_closure(
    code: str, claimed: Claimed, view: RegisterView, invoice: Invoice, context: RuleContext
) -> Observation:
    day = day_of(invoice, context)
    facts = tell_closure(view.supplier, view.supplier_establishment, day, context.today)
    return _observe(code, claimed, facts, context)


def _observe(code: str, claimed: Claimed, facts: tuple[tuple[str, str], ...], context: RuleContext) -> Observation:
    is_official = claimed.id.type is IdentifierType.SIRET
    return Observation(
        code=code,
        term=claimed.term,
        place=claimed.place,
        found=claimed.shown,
        detail=_official(context) if is_official else None,
        facts=facts,
    )


def _official(context: RuleContext) -> str | None:
    return OFFICIAL if context.family is Family.AFNOR else None


def _is_told_by_sheets(invoice: Invoice, context: RuleContext) -> bool:
    """True where fresh sheets refuse or warn of this supplier themselves."""
    state = context.register.source(RegisterSource.SUPPLIERS) if context.register is not None else None
    return state is not None and not state.is_stale and any(True for _ in check(invoice, context))
