"""The recipient: a public entity of the directory, open, and given the service and the engagement that it demands.

The truth of an engagement number is never judged. In Chorus formats zeros beside an executing service name a State body,
which is not looked up. In the reform the official rules answer; the detail tells which of ours says the same. Sources:
flags DT-4-13-1 to -3 and DT-5-13 of the directory; BR-FR-CPRO-10 to -13, -23.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from flux.model.finding import Observation
from flux.model.interface import Family
from flux.model.invoice import Invoice
from flux.model.register import RegisterView, Service, Structure
from flux.model.term import text_of
from flux.rules.activity import Activity, activity_of, day_of, explain, tell_closure
from flux.rules.context import RuleContext
from flux.rules.quote import quote
from flux.rules.service import CodeService, locate_code_service
from flux.rules.siret import ZEROS
from flux.rules.structure_id import Claimed, find_recipient

SIRET_DEMANDED = "BR-FR-CPRO-10"
SERVICE_DEMANDED = "BR-FR-CPRO-11"
ENGAGEMENT_DEMANDED = "BR-FR-CPRO-12"
EITHER_DEMANDED = "BR-FR-CPRO-13"
PUBLIC_BUYER = "BR-FR-CPRO-23"

# What people read of each, where one official rule says several things.
_REASONS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "SERVICE_MISSING": (("reason_fr", "la facture n'en donne pas"), ("reason_en", "the invoice gives none")),
    "SERVICE_UNKNOWN": (
        ("reason_fr", "ce n'est le code d'aucun de ses services"),
        ("reason_en", "it is the code of none of its services"),
    ),
    "SERVICE_CLOSED": (
        ("reason_fr", "ce service n'est pas ouvert à la date de la facture"),
        ("reason_en", "this service is not open at the date of the invoice"),
    ),
}
# The frame of a request for payment, which goes to public entities only.
_PAYMENT_REQUEST = "S3"

_CODES: Mapping[Activity, str] = {
    Activity.CLOSED: "RECIPIENT_CLOSED",
    Activity.CLOSED_SINCE: "RECIPIENT_CLOSED_SINCE",
}


def check(invoice: Invoice, context: RuleContext) -> Iterator[Observation]:
    """What the directory says of the recipient and of what the invoice must give it."""
    if context.register is None:
        return
    claimed = find_recipient(invoice)
    if claimed is None:
        place = ("buyers", 0) if invoice.buyers else ()
        yield _observe("RECIPIENT_UNIDENTIFIED", context, SIRET_DEMANDED, term="BT-46", place=place)
    elif claimed.id.value != ZEROS:
        yield from _check_entity(claimed, context.register, invoice, context)


def _check_entity(
    claimed: Claimed, view: RegisterView, invoice: Invoice, context: RuleContext
) -> Iterator[Observation]:
    entity = view.recipient
    official = PUBLIC_BUYER if text_of(invoice.cadre) == _PAYMENT_REQUEST else None
    if entity is None:
        yield _observe_entity("RECIPIENT_UNKNOWN", claimed, tuple(explain(view.recipient_establishment)), official)
        return
    if not entity.is_public:
        yield _observe_entity("RECIPIENT_NOT_PUBLIC", claimed, official=official)
        return
    day = day_of(invoice, context)
    activity = activity_of(entity.active, day, context.today)
    if activity is not Activity.ACTIVE:
        closure = tell_closure(entity, view.recipient_establishment, day, context.today)
        yield _observe_entity(_CODES[activity], claimed, closure)
    if activity is not Activity.CLOSED:
        yield from _check_demands(entity, invoice, context, day)


def _check_demands(entity: Structure, invoice: Invoice, context: RuleContext, day: date) -> Iterator[Observation]:
    given = locate_code_service(invoice)
    service = entity.service(given.text) if given.text else None
    yield from _check_service(entity, given, service, context, day)
    has_engagement = _has_engagement(invoice)
    if entity.flags.engagement and not has_engagement:
        yield _observe("ENGAGEMENT_MISSING", context, ENGAGEMENT_DEMANDED, term="BT-13")
    elif service is not None and service.requires_engagement and not has_engagement:
        yield Observation(code="ENGAGEMENT_MISSING", term="BT-13", facts=(("service", quote(service.code)),))
    elif entity.flags.service_or_engagement and not (given.text or has_engagement):
        yield _observe("SERVICE_OR_ENGAGEMENT_MISSING", context, EITHER_DEMANDED, term="BT-13")


def _check_service(
    entity: Structure, given: CodeService, service: Service | None, context: RuleContext, day: date
) -> Iterator[Observation]:
    if not entity.flags.service:
        if given.text and (service is None or not service.validity.holds_on(context.today)):
            yield Observation(code="SERVICE_UNLISTED", term=given.term, place=given.place, found=quote(given.text))
        return
    if not given.text:
        yield _observe("SERVICE_MISSING", context, SERVICE_DEMANDED, term=given.term, place=given.place)
    elif service is None:
        yield _observe(
            "SERVICE_UNKNOWN", context, SERVICE_DEMANDED, term=given.term, place=given.place, found=quote(given.text)
        )
    elif activity_of((service.validity,), day, context.today) is Activity.CLOSED:
        yield _observe(
            "SERVICE_CLOSED",
            context,
            SERVICE_DEMANDED,
            term=given.term,
            place=given.place,
            found=quote(given.text),
            facts=(("day", day.isoformat()),),
        )


def _has_engagement(invoice: Invoice) -> bool:
    """True where the invoice bears a commitment number, or the number of an executable contract, which stands in for it."""
    return bool(text_of(invoice.order) or text_of(invoice.contract))


def _observe_entity(
    code: str, claimed: Claimed, facts: tuple[tuple[str, str], ...] = (), official: str | None = None
) -> Observation:
    return Observation(
        code=code, term=claimed.term, place=claimed.place, found=claimed.shown, detail=official, facts=facts
    )


def _observe(
    code: str,
    context: RuleContext,
    official: str,
    *,
    term: str,
    place: tuple[str | int, ...] = (),
    found: str | None = None,
    facts: tuple[tuple[str, str], ...] = (),
) -> Observation:
    """A demand of the directory: in the reform the official rule says it, and ours is its detail."""
    if context.family is Family.LEGACY:
        return Observation(code=code, term=term, place=place, found=found, facts=facts)
    told = (*facts, *_REASONS.get(code, ()))
    return Observation(code=official, term=term, place=place, found=found, detail=code, facts=told)
