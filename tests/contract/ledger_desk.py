"""The three ports of the ledger on one database, with short ways to bring a flow where a test begins."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

from flux.ledger.database import Database
from flux.ledger.delivery import SqlDeliveryLedger
from flux.ledger.faults import Tally
from flux.ledger.intake import SqlIntakeLedger
from flux.ledger.journal_check import check_journal
from flux.ledger.queries import LedgerQueries
from flux.ledger.work import SqlWorkLedger
from flux.model.delivery import BuiltOutput, Delivery
from flux.model.finding import Audience, Finding, LayerName, Severity
from flux.model.flow import Flow
from flux.model.interface import Family, Syntax
from flux.model.lifecycle import FlowState
from flux.model.ports import Arrival, ChunkResult
from flux.model.settlement import (
    FirstUses,
    FlowStatus,
    InvoiceId,
    InvoiceKey,
    InvoiceOutcome,
    Outcome,
    OutputKind,
    PastUses,
    PlannedOutput,
    Settlement,
)
from flux.model.verdict import InvoiceSummary, Judgment, Layer, LayerStatus, NotRunReason, PartySummary, Verdict

GATEWAY = "gw1"
LONGEST_WAIT = timedelta(minutes=30)
NOON = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)

WARNING = Finding(
    code="IBAN_RIB_KEY",
    severity=Severity.WARNING,
    layer=LayerName.IDENTITY,
    ruleset="identity",
    audience=(Audience.RECIPIENT, Audience.OPERATORS),
    term="BT-84",
    found="FR76 … 4567",
    expected="une clé RIB juste",
    detail="account",
    line=42,
    xpath="/Invoice/cac:PaymentMeans",
    facts=(("country", "FR"), ("key", "12")),
)
DUPLICATE = Finding(
    code="DUPLICATE_SAME",
    severity=Severity.FATAL,
    layer=LayerName.REGISTER,
    ruleset="duplicates",
    audience=(Audience.SENDER,),
)
LAYERS = (
    Layer(name=LayerName.SCHEMA, ruleset="ubl-2.1", version="2.1", status=LayerStatus.PASSED),
    Layer(
        name=LayerName.REGISTER,
        ruleset="duplicates",
        version="1",
        status=LayerStatus.NOT_RUN,
        reason=NotRunReason.REGISTER_ABSENT,
    ),
)
SUPPLIER = PartySummary(identifier="73282932000074", scheme="0009", name="Électricité & fils", country="FR")
BUYER = PartySummary(identifier="11000201100044", scheme="", name="", country="")
REPORT = PlannedOutput(kind=OutputKind.REPORT, partner="acme", code="CSO1100A", receiver="FRN001")


def make_arrival(claim: str, **changes: object) -> Arrival:
    """A file of acme's that intake has claimed."""
    arrival = Arrival(
        gateway=GATEWAY,
        claim=claim,
        partner="acme",
        known_partner=True,
        name=f"{claim}.xml",
        strict_name=False,
        sha256="ab" * 32,
        size_bytes=2**33,
        received_at=NOON,
    )
    return replace(arrival, **changes)  # type: ignore[arg-type]  # any field of an Arrival


def make_judgment(ordinal: int, unit: int = 0, **changes: object) -> Judgment:
    """An accepted invoice with a warning."""
    judgment = Judgment(
        ordinal=ordinal,
        unit=unit,
        member=f"{ordinal}.xml",
        sha256=f"{ordinal:064x}",
        size_bytes=12_000,
        syntax=Syntax.UBL,
        profile="urn:cen.eu:en16931:2017",
        interface="FSO1100A",
        family=Family.LEGACY,
        summary=InvoiceSummary(
            number=f"F2026-{ordinal}",
            type_code="380",
            issue_date=date(2026, 11, 20),
            issue_date_text="20261120",
            cadre="A1",
            currency="EUR",
            total_due="1200.00",
            supplier=SUPPLIER,
            buyer=BUYER,
            code_service="SVC",
            numero_engagement="ENG-1",
        ),
        verdict=Verdict.ACCEPTED,
        layers=LAYERS,
        findings=(WARNING,),
    )
    return replace(judgment, **changes)  # type: ignore[arg-type]  # any field of a Judgment


def make_key(number: str) -> InvoiceKey:
    return InvoiceKey(supplier="732829320", number=number, year=2026)


def settlement_of(
    outcomes: Mapping[InvoiceId, Outcome], *outputs: PlannedOutput, status: FlowStatus | None = FlowStatus.RECEIVED
) -> Settlement:
    """Accepted invoices keep their key; a rejected one is told that it is a duplicate."""
    return Settlement(
        verdict=Verdict.NOT_JUDGED if status is None else Verdict.ACCEPTED,
        status=status,
        outcomes=tuple(
            InvoiceOutcome(
                invoice=invoice, outcome=outcome, findings=(DUPLICATE,) if outcome is Outcome.REJECTED else ()
            )
            for invoice, outcome in outcomes.items()
        ),
        occupied=frozenset(invoice for invoice, outcome in outcomes.items() if outcome is Outcome.ACCEPTED),
        outputs=outputs,
    )


def reject_duplicates(
    invoices: Sequence[InvoiceId], *outputs: PlannedOutput
) -> Callable[[FirstUses, PastUses], Settlement]:
    """A decision like the real one: whatever was sent before is rejected."""

    def decide(first_uses: FirstUses, _: PastUses) -> Settlement:
        outcomes = {each: Outcome.REJECTED if each in first_uses else Outcome.ACCEPTED for each in invoices}
        return settlement_of(outcomes, *outputs)

    return decide


class Desk:
    """One ledger and what a test does with it. `clock` is the time that events bear."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.intake = SqlIntakeLedger(database, clock=lambda: NOON)
        self.work = SqlWorkLedger(database, application_code="FLX001", clock=lambda: NOON)
        self.delivery = SqlDeliveryLedger(database, clock=lambda: NOON)
        self.queries = LedgerQueries(database)
        self._claims: Iterator[int] = count(1)

    def receive(self, **changes: object) -> Flow:
        (flow,) = self.intake.receive([make_arrival(f"claim-{next(self._claims)}", **changes)])
        return flow

    def judge(self, *judgments: Judgment, **changes: object) -> Flow:
        """A flow whose only chunk is judged."""
        flow = self.receive(**changes)
        self.work.begin(flow, 1, ())
        self.work.record([ChunkResult(flow=flow, chunk=0, judgments=judgments)])
        return flow

    def settle(self, flow: Flow, numbers: Mapping[InvoiceId, str], *outputs: PlannedOutput) -> Settlement:
        keys = {invoice: make_key(number) for invoice, number in numbers.items()}
        return self.work.settle(flow, keys, {}, reject_duplicates(list(numbers), *outputs))

    def answer(self, flow: Flow) -> None:
        built = [BuiltOutput(id=each.id, sha256="cd" * 32, size_bytes=7) for each in self.work.outputs(flow)]
        self.work.answer(flow, built, NOON)

    def owe(self, *outputs: PlannedOutput) -> tuple[Delivery, ...]:
        """What is due for a flow with these outputs."""
        flow = self.judge(make_judgment(0))
        self.settle(flow, {(0, 0): f"F-{flow.number}"}, *(outputs or (REPORT,)))
        self.answer(flow)
        return tuple(each for each in self.due() if each.flow_number == flow.number)

    def due(self, *, after: timedelta = timedelta(), excluding: frozenset[str] = frozenset()) -> tuple[Delivery, ...]:
        return self.delivery.due(GATEWAY, NOON + after, 100, excluding, horizon=NOON + after + LONGEST_WAIT)

    def state(self, flow: Flow) -> FlowState:
        return self.queries.show_flow(flow.number).line.state

    def event_names(self, flow: Flow) -> list[str]:
        return [event.name for event in self.queries.show_flow(flow.number).events]

    def altered(self, flow: Flow) -> list[int | None]:
        """The first event of a flow that is not what was written, if any."""
        return [fault.ordinal for fault in check_journal(self.database, flow.number, flow.number, Tally())]
