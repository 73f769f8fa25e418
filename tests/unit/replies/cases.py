"""Settled flows to answer, built by hand: the flow of the worked example, and pieces to make others of."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from flux.model.finding import Audience, Finding, LayerName, Severity
from flux.model.flow import Flow
from flux.model.interface import Family, Syntax
from flux.model.partner import Gateway, Partner, PartnerRole
from flux.model.settlement import FlowCase, FlowStatus, InvoiceId, Outcome
from flux.model.verdict import (
    InvoiceSummary,
    Judgment,
    Layer,
    LayerStatus,
    NotRunReason,
    PartySummary,
    Verdict,
)
from flux.replies.context import ReplyContext

GATEWAY = Gateway(application_code="FLX001")
SENDER = Partner(name="frn001", role=PartnerRole.SUPPLIER, application_code="FRN001", interfaces=("FSO1100A",))
ENTITY = Partner(
    name="sei001", role=PartnerRole.ENTITY, application_code="SEI001", sirets=frozenset({"11000201100044"})
)
MOMENT = datetime(2026, 11, 23, 7, 15, 2, 345, tzinfo=UTC)

SUPPLIER = PartySummary(identifier="73282932000074", scheme="1", name="Papeterie du Centre SAS", country="FR")
BUYER = PartySummary(identifier="11000201100044", scheme="1", name="Direction des services de l'État", country="FR")

FLOW = Flow(
    number=231,
    attempt=1,
    partner="frn001",
    known_partner=True,
    name="FSO1100A_FRN001_FRN0011100000000000000042",
    sha256="9f2c61d07b1e4a5d" * 4,
    size_bytes=18_432,
    received_at=datetime(2026, 11, 23, 7, 14, 55, tzinfo=UTC),
)

LAYERS = (
    Layer(name=LayerName.SCHEMA, ruleset="ubl-2.1", version="2.1", status=LayerStatus.PASSED),
    Layer(name=LayerName.IDENTITY, ruleset="identity", version="1", status=LayerStatus.PASSED),
    Layer(
        name=LayerName.RULES,
        ruleset="chorus",
        version="",
        status=LayerStatus.NOT_RUN,
        reason=NotRunReason.NOT_AVAILABLE,
    ),
)

TO_SENDER = (Audience.SENDER, Audience.OPERATORS)
TO_RECIPIENT = (Audience.RECIPIENT, Audience.OPERATORS)


def fatal(code: str = "SIRET_CHECKSUM", **changes: object) -> Finding:
    """A finding that refuses and that the sender may know."""
    return replace(
        Finding(
            code=code,
            severity=Severity.FATAL,
            layer=LayerName.IDENTITY,
            ruleset="identity",
            audience=TO_SENDER,
        ),
        **changes,  # type: ignore[arg-type]  # the fields of a Finding, by name
    )


SIRET_FAULT = fatal(
    term="BT-29",
    found="73282932000075",
    line=31,
    xpath="/Invoice/cac:AccountingSupplierParty/cac:Party/cac:PartyIdentification/cbc:ID",
)
SECRET = fatal(
    "IBAN_NOT_DECLARED",
    severity=Severity.WARNING,
    layer=LayerName.REGISTER,
    audience=TO_RECIPIENT,
    term="BT-84",
    found="FR1420041010050500013M02606",
)


def summary(number: str = "F2026-0117", **changes: object) -> InvoiceSummary:
    """What is left of a good invoice."""
    return replace(
        InvoiceSummary(
            number=number,
            type_code="380",
            issue_date=date(2026, 11, 20),
            issue_date_text="2026-11-20",
            cadre="A1",
            currency="EUR",
            total_due="1728.60",
            supplier=SUPPLIER,
            buyer=BUYER,
            code_service="D2250",
            numero_engagement="1400012345",
        ),
        **changes,  # type: ignore[arg-type]  # the fields of an InvoiceSummary, by name
    )


def judged(ordinal: int, *findings: Finding, invoice: InvoiceSummary | None = None) -> Judgment:
    """The judgment of the invoice F2026-0117 and following, unless another is given."""
    shown = summary(f"F2026-{117 + ordinal:04d}") if invoice is None else invoice
    return Judgment(
        ordinal=ordinal,
        unit=0,
        member=f"{shown.number[-4:]}.xml",
        sha256="ab" * 32,
        size_bytes=6_144,
        syntax=Syntax.UBL,
        profile=None,
        interface="FSO1100A",
        family=Family.LEGACY,
        summary=shown,
        verdict=Verdict.REJECTED if any(each.is_fatal for each in findings) else Verdict.ACCEPTED,
        layers=LAYERS,
        findings=findings,
    )


def settled(
    *judgments: Judgment,
    findings: tuple[Finding, ...] = (),
    flow: Flow = FLOW,
    outcomes: Mapping[InvoiceId, Outcome] | None = None,
) -> FlowCase:
    """The case that these judgments make under partial integration; `outcomes` overrides what becomes of some."""
    decided = {(each.ordinal, each.unit): Outcome(each.verdict.value) for each in judgments} | dict(outcomes or {})
    kinds = set(decided.values())
    status = FlowStatus.RECEIVED if kinds == {Outcome.ACCEPTED} else FlowStatus.PARTIAL
    if Outcome.ACCEPTED not in kinds:
        status = FlowStatus.REFUSED
    return FlowCase(flow=flow, findings=findings, judgments=judgments, status=status, outcomes=decided)


WORKED_EXAMPLE = settled(judged(0), judged(1, SIRET_FAULT), judged(2))


def answering(
    case: FlowCase = WORKED_EXAMPLE,
    *,
    partner: Partner = SENDER,
    gateway: Gateway = GATEWAY,
    name: str = "CSO1100A_FRN001_FLX0011100000000000000017",
    invoices: tuple[InvoiceId, ...] = (),
) -> ReplyContext:
    """The context of a reply to a case."""
    return ReplyContext(gateway=gateway, partner=partner, case=case, moment=MOMENT, name=name, invoices=invoices)
