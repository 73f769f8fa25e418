"""What people ask of the ledger; nothing here writes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    func,
    select,
    union,
)

from flux.errors import LedgerError
from flux.ledger.database import Database
from flux.ledger.flow_rows import FLOW_COLUMNS, to_flow
from flux.ledger.journal import Event, read_events
from flux.ledger.judgment_rows import read_judged
from flux.ledger.output_rows import to_invoices
from flux.ledger.tables import events, findings, flows, invoices, outputs
from flux.model.finding import Severity
from flux.model.flow import Flow
from flux.model.lifecycle import DeliveryState, FlowState
from flux.model.settlement import FlowCase, FlowStatus, InvoiceId, Outcome, OutputKind
from flux.model.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLine:
    """A flow in a list. `verdict` and `status` are None until it is settled; `invoice_count` counts judgments.

    `held_forwards` counts the forwards of accepted invoices that wait for a person.
    """

    flow: Flow
    gateway: str
    state: FlowState
    verdict: Verdict | None
    status: FlowStatus | None
    held_reason: str | None
    invoice_count: int
    held_forwards: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """Something that we owe, or owed, in whatever state. `sha256` and `next_at` are None until it is built."""

    id: int
    flow_number: int
    kind: OutputKind
    partner: str | None
    folder: str
    name: str
    invoices: tuple[InvoiceId, ...]
    sha256: str | None
    size_bytes: int | None
    state: DeliveryState
    tries: int
    next_at: datetime | None
    last_error: str | None
    delivered_at: datetime | None
    held_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowHistory:
    """Everything about one flow: its line, its case, what is owed for it, and what happened, oldest first."""

    line: FlowLine
    case: FlowCase
    deliveries: tuple[DeliveryLine, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTotals:
    """A flow in figures: its line, how many invoices met each outcome, how often each fatal code was found."""

    line: FlowLine
    outcomes: Mapping[Outcome, int]
    fatal_codes: Mapping[str, int]
    outputs: int
    last_event_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many flows and deliveries stand in each state; states without any are absent."""

    flows: Mapping[FlowState, int]
    deliveries: Mapping[DeliveryState, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """Archived bytes without which a flow does not go on."""

    flow_number: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowFilter:
    """Which flows; what is None does not count. `since` is the earliest reception, `code` that of a finding in the flow."""

    partner: str | None = None
    state: FlowState | None = None
    verdict: Verdict | None = None
    since: datetime | None = None
    code: str | None = None


class LedgerQueries:
    """Questions to an open ledger. Raises LedgerError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_flows(self, wanted: FlowFilter, *, limit: int) -> tuple[FlowLine, ...]:
        """The latest flows that pass the filter, newest first."""
        statement = _filter_flows(_FLOW_LINES, wanted).order_by(flows.c.number.desc()).limit(limit)
        with self._database.read() as connection:
            return tuple(_flow_line(row) for row in connection.execute(statement).mappings())

    def show_flow(self, number: int) -> FlowHistory:
        """One flow with its invoices, findings, deliveries and events. Raises LedgerError for one that does not exist."""
        with self._database.read() as connection:
            row = connection.execute(_FLOW_LINES.where(flows.c.number == number)).mappings().first()
            if row is None:
                raise LedgerError(f"there is no flow {number}")
            line = _flow_line(row)
            return FlowHistory(
                line=line,
                case=_read_case(connection, line),
                deliveries=_read_deliveries(connection, _DELIVERY_LINES.where(outputs.c.flow == number)),
                events=read_events(connection, number),
            )

    def total_flow(self, number: int) -> FlowTotals:
        """One flow in figures, at the same cost however many invoices it holds. Raises LedgerError."""
        with self._database.read() as connection:
            row = connection.execute(_FLOW_LINES.where(flows.c.number == number)).mappings().first()
            if row is None:
                raise LedgerError(f"there is no flow {number}")
            line = _flow_line(row)
            outcomes = _count_of(connection, invoices, invoices.c.outcome, line.flow, invoices.c.outcome.is_not(None))
            fatal = findings.c.severity == Severity.FATAL.value
            last = select(func.max(events.c.at)).where(events.c.flow == number)
            return FlowTotals(
                line=line,
                outcomes={Outcome(outcome): count for outcome, count in outcomes.items()},
                fatal_codes=_count_of(connection, findings, findings.c.code, line.flow, fatal),
                outputs=sum(_count_of(connection, outputs, outputs.c.state, line.flow).values()),
                last_event_at=connection.scalars(last).one(),
            )

    def list_deliveries(
        self, *, state: DeliveryState | None = None, partner: str | None = None, limit: int
    ) -> tuple[DeliveryLine, ...]:
        """The latest deliveries in that state and for that partner, newest first."""
        statement = _DELIVERY_LINES.order_by(None).order_by(outputs.c.id.desc()).limit(limit)
        if state is not None:
            statement = statement.where(outputs.c.state == state.value)
        if partner is not None:
            statement = statement.where(outputs.c.partner == partner)
        with self._database.read() as connection:
            return _read_deliveries(connection, statement)

    def read_deliveries(self, ids: Collection[int]) -> tuple[DeliveryLine, ...]:
        """These deliveries, in the order of their numbers; those that do not exist are absent."""
        with self._database.read() as connection:
            return _read_deliveries(connection, _DELIVERY_LINES.where(outputs.c.id.in_(ids)))

    def list_needed(self, gateway: str, *, limit: int) -> tuple[Needed, ...]:
        """The bytes that open flows of a gateway need to be judged, answered and delivered; the oldest flows first."""
        asked = {"the_gateway": gateway, "at_most": limit}
        with self._database.read() as connection:
            return tuple(Needed(**row) for row in connection.execute(_NEEDED, asked).mappings())

    def count_findings(self, codes: Collection[str], *, since: datetime) -> Mapping[str, int]:
        """How many findings with these codes stand in the flows received since; codes without any are absent."""
        wanted = (*_IN_ITS_ATTEMPT, findings.c.code.in_(codes), flows.c.received_at >= since)
        counted = select(findings.c.code, func.count()).where(*wanted).group_by(findings.c.code)
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(counted)}

    def count_states(self) -> Counts:
        """How many flows and deliveries stand in each state."""
        with self._database.read() as connection:
            return Counts(
                flows={FlowState(state): count for state, count in connection.execute(_count(flows.c.state))},
                deliveries={
                    DeliveryState(state): count for state, count in connection.execute(_count(outputs.c.state))
                },
            )

    def why_held(self, numbers: Collection[int]) -> Mapping[int, Mapping[str, int]]:
        """For what the forwards of these flows wait, and how many for each; flows that hold none are absent."""
        statement = _HELD_FORWARDS.where(outputs.c.flow.in_(numbers))
        found: dict[int, dict[str, int]] = {}
        with self._database.read() as connection:
            for number, reason, count in connection.execute(statement):
                found.setdefault(number, {})[reason or ""] = count
        return found

    def oldest_received(self) -> Mapping[FlowState, datetime]:
        """When the oldest flow in each state was received; states without any are absent."""
        oldest = select(flows.c.state, func.min(flows.c.received_at)).group_by(flows.c.state)
        with self._database.read() as connection:
            return {FlowState(state): received_at for state, received_at in connection.execute(oldest)}


_FLOW_LINES = select(
    *FLOW_COLUMNS,
    flows.c.gateway,
    flows.c.state,
    flows.c.verdict,
    flows.c.status,
    flows.c.held_reason,
    select(func.count())
    .where(invoices.c.flow == flows.c.number, invoices.c.attempt == flows.c.attempt)
    .scalar_subquery()
    .label("invoice_count"),
    select(func.count())
    .where(
        outputs.c.flow == flows.c.number,
        outputs.c.attempt == flows.c.attempt,
        outputs.c.state == DeliveryState.HELD.value,
        outputs.c.kind != OutputKind.ALERTS.value,
    )
    .scalar_subquery()
    .label("held_forwards"),
)

_HELD_FORWARDS = (
    select(outputs.c.flow, outputs.c.held_reason, func.count())
    .join(flows, and_(flows.c.number == outputs.c.flow, flows.c.attempt == outputs.c.attempt))
    .where(outputs.c.state == DeliveryState.HELD.value, outputs.c.kind != OutputKind.ALERTS.value)
    .group_by(outputs.c.flow, outputs.c.held_reason)
    .order_by(outputs.c.flow, outputs.c.held_reason)
)

_NEEDED = (
    union(
        select(flows.c.number.label("flow_number"), flows.c.sha256).where(
            flows.c.gateway == bindparam("the_gateway"),
            flows.c.state.in_([FlowState.RECEIVED.value, FlowState.JUDGING.value, FlowState.JUDGED.value]),
        ),
        select(outputs.c.flow, outputs.c.sha256)
        .join(flows, flows.c.number == outputs.c.flow)
        .where(outputs.c.state == DeliveryState.DUE.value, flows.c.gateway == bindparam("the_gateway")),
    )
    .order_by("flow_number")
    .limit(bindparam("at_most"))
)

_IN_ITS_ATTEMPT = (findings.c.flow == flows.c.number, findings.c.attempt == flows.c.attempt)

_DELIVERY_LINES = select(
    outputs.c.id,
    outputs.c.flow.label("flow_number"),
    *(column for column in outputs.c if column.name not in {"id", "flow", "attempt", "position"}),
).order_by(outputs.c.id)


def _filter_flows(statement: Select[Any], wanted: FlowFilter) -> Select[Any]:
    if wanted.partner is not None:
        statement = statement.where(flows.c.partner == wanted.partner)
    if wanted.state is not None:
        statement = statement.where(flows.c.state == wanted.state.value)
    if wanted.verdict is not None:
        statement = statement.where(flows.c.verdict == wanted.verdict.value)
    if wanted.since is not None:
        statement = statement.where(flows.c.received_at >= wanted.since)
    if wanted.code is not None:
        statement = statement.where(exists().where(*_IN_ITS_ATTEMPT, findings.c.code == wanted.code))
    return statement


def _count_of(
    connection: Connection, table: Table, column: ColumnElement[str], flow: Flow, *conditions: ColumnElement[bool]
) -> dict[str, int]:
    """How often each value of a column stands in the rows of one attempt of a flow, the most frequent first."""
    how_often = func.count()
    counted = (
        select(column, how_often)
        .where(table.c.flow == flow.number, table.c.attempt == flow.attempt, *conditions)
        .group_by(column)
        .order_by(how_often.desc(), column)
    )
    return {row[0]: row[1] for row in connection.execute(counted)}


def _count(state: Any) -> Select[Any]:  # noqa: ANN401 -- a column of either table
    return select(state, func.count()).group_by(state)


def _flow_line(row: RowMapping) -> FlowLine:
    return FlowLine(
        flow=to_flow(row[column] for column in FLOW_COLUMNS),
        gateway=row["gateway"],
        state=FlowState(row["state"]),
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        status=FlowStatus(row["status"]) if row["status"] else None,
        held_reason=row["held_reason"],
        invoice_count=row["invoice_count"],
        held_forwards=row["held_forwards"],
    )


def _read_case(connection: Connection, line: FlowLine) -> FlowCase:
    judged = read_judged(connection, line.flow)
    return FlowCase(
        flow=line.flow,
        findings=judged.flow_findings,
        judgments=judged.judgments,
        status=line.status,
        outcomes=judged.outcomes,
    )


def _read_deliveries(connection: Connection, statement: Select[Any]) -> tuple[DeliveryLine, ...]:
    return tuple(_delivery_line(row) for row in connection.execute(statement).mappings())


def _delivery_line(row: RowMapping) -> DeliveryLine:
    return DeliveryLine(
        **{
            **row,
            "kind": OutputKind(row["kind"]),
            "state": DeliveryState(row["state"]),
            "invoices": to_invoices(row["invoices"]),
        }
    )
