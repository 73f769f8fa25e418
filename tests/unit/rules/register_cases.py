"""Parties, sheets and invoices for the checks against the register, and short ways to vary one thing."""

from dataclasses import replace
from datetime import UTC, date, datetime

from flux.model.finding import Observation
from flux.model.interface import Family
from flux.model.invoice import Account, Address, Invoice, Party, PaymentMeans
from flux.model.partner import Environment
from flux.model.register import (
    AccountKind,
    DeclaredAccount,
    IdentifierType,
    RecipientFlags,
    RegisterSource,
    Service,
    Structure,
    StructureId,
    Validity,
)
from flux.model.term import Term, Terms
from flux.pipeline.consultation import consult
from flux.rules.context import RuleContext
from flux.rules.register import check_source
from tests.fakes.register import FakeRegister

TODAY = date(2026, 11, 23)
ISSUED = date(2026, 11, 20)
SUPPLIER_SIRET = "73282932000074"
ENTITY_SIRET = "11000201100044"
SUCCESSOR = "73282932000082"
IBAN = "FR1420041010050500013M02606"
OTHER_IBAN = "FR7630006000011234567890189"
GERMAN_IBAN = "DE89370400440532013000"
ALWAYS = (Validity(start=date(2017, 1, 1)),)
UNTIL_SUMMER = (Validity(start=date(2017, 1, 1), end=date(2026, 6, 30)),)
UNTIL_YESTERDAY = (Validity(start=date(2017, 1, 1), end=date(2026, 11, 22)),)
SINCE_YESTERDAY = (Validity(start=date(2026, 11, 22)),)
FROM_TOMORROW = (Validity(start=date(2026, 11, 24)),)
LONG_AGO = datetime(2019, 3, 1, 9, 0, tzinfo=UTC)
LAST_WEEK = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def siret_id(siret: str) -> StructureId:
    return StructureId(IdentifierType.SIRET, siret)


def declared(number: str = IBAN, **changes: object) -> DeclaredAccount:
    """An account that was declared and approved years ago."""
    account = DeclaredAccount(
        kind=AccountKind.IBAN,
        number=number,
        validity=Validity(start=date(2019, 3, 1)),
        declared_at=LONG_AGO,
        approved_by="comptable",
        approved_at=LONG_AGO,
    )
    return replace(account, **changes)  # type: ignore[arg-type]  # the fields of an account, by name


SUPPLIER = Structure(
    id=siret_id(SUPPLIER_SIRET),
    name="Papeterie du Centre",
    country="FR",
    is_supplier=True,
    active=ALWAYS,
    accounts=(declared(),),
)
ENTITY = Structure(
    id=siret_id(ENTITY_SIRET),
    name="Direction des services",
    is_public=True,
    active=ALWAYS,
    services=(
        Service(code="D2250", validity=ALWAYS[0]),
        Service(code="OLD", validity=UNTIL_SUMMER[0]),
        Service(code="GONE", validity=UNTIL_YESTERDAY[0]),
        Service(code="STRICT", requires_engagement=True),
    ),
)
DEMANDS_SERVICE = replace(ENTITY, flags=RecipientFlags(service=True))
DEMANDS_ENGAGEMENT = replace(ENTITY, flags=RecipientFlags(engagement=True))
DEMANDS_EITHER = replace(ENTITY, flags=RecipientFlags(service_or_engagement=True))


def means(*accounts: str, code: str = "30") -> PaymentMeans:
    return PaymentMeans(code=(Term(code),), accounts=tuple(Account(identifier=(Term(number),)) for number in accounts))


def party(*identifiers: Term, country: str = "FR", vat: Terms = ()) -> Party:
    return Party(identifiers=identifiers, vat_identifiers=vat, addresses=(Address(country=(Term(country),)),))


def invoice(
    *,
    seller: Party | None = None,
    buyer: str = ENTITY_SIRET,
    service: str = "D2250",
    engagement: str = "",
    contract: str = "",
    issued: str = "2026-11-20",
    pays: PaymentMeans | None = None,
    payees: tuple[Party, ...] = (),
) -> Invoice:
    """An invoice of the reform that is in order, less what is changed."""
    routing = (Term(service, "0224"),) if service else ()
    return Invoice(
        issue_date=(Term(issued),) if issued else (),
        order=(Term(engagement),) if engagement else (),
        contract=(Term(contract),) if contract else (),
        sellers=(seller or party(Term(SUPPLIER_SIRET, "0009")),),
        buyers=(party(*((Term(buyer, "0009"),) if buyer else ()), *routing),),
        payees=payees,
        payment_means=(pays or means(IBAN),),
    )


def context(register: FakeRegister, subject: Invoice, family: Family = Family.AFNOR, **changes: object) -> RuleContext:
    """What the checks of that invoice may know."""
    known = RuleContext(
        family=family,
        environment=Environment.PRODUCTION,
        today=TODAY,
        register=consult(register, subject, TODAY).view,
    )
    return replace(known, **changes)  # type: ignore[arg-type]  # the fields of a context, by name


def ask(
    source: RegisterSource, register: FakeRegister, subject: Invoice, family: Family = Family.AFNOR
) -> tuple[Observation, ...]:
    """What one source says of an invoice."""
    return check_source(source, subject, context(register, subject, family))


def codes(source: RegisterSource, register: FakeRegister, subject: Invoice, family: Family = Family.AFNOR) -> list[str]:
    return [seen.code for seen in ask(source, register, subject, family)]
