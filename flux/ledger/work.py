"""What the engine writes: chunks counted down, judgments, the settlement, and outputs made due."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, or_, select, union_all

from flux.errors import LedgerError
from flux.ledger.answer import answer_flow
from flux.ledger.book import FlowBook
from flux.ledger.bounds import to_storable
from flux.ledger.chunks import read_done, take_fresh, write_chunks
from flux.ledger.database import Database
from flux.ledger.finding_rows import INSERT_FINDINGS, to_finding_records
from flux.ledger.flow_rows import FLOW_COLUMNS, to_flow
from flux.ledger.judgment_rows import INSERT_INVOICES, read_judged, to_invoice_records
from flux.ledger.ledger import SqlLedger, tell_time
from flux.ledger.output_rows import read_planned
from flux.ledger.settle import Asked, settle_flow
from flux.ledger.tables import flows, outputs
from flux.model.delivery import BuiltOutput, Output
from flux.model.finding import Finding
from flux.model.flow import Flow
from flux.model.lifecycle import DeliveryState, FlowState
from flux.model.ports import ChunkResult, OpenFlow, ReleasedFlows
from flux.model.settlement import (
    AccountUses,
    FirstUses,
    FlowCase,
    FlowStatus,
    InvoiceId,
    InvoiceKey,
    PastUses,
    Settlement,
)


class SqlWorkLedger(SqlLedger):
    """The WorkLedger port. `application_code` is ours: it stands in the names of what we put out and scopes their sequences.

    A call about an attempt that a later one has replaced raises AttemptReplaced; its results are left out in silence.
    """

    def __init__(self, database: Database, *, application_code: str, clock: Callable[[], datetime] = tell_time) -> None:
        super().__init__(database, clock=clock)
        self._application_code = application_code

    def unjudged(self, gateway: str) -> tuple[OpenFlow, ...]:
        """Flows of this gateway that are received or have chunks to judge, oldest first."""
        with self._database.read() as connection:
            found = _read_flows(connection, _UNJUDGED, gateway)
            done = read_done(connection, found)
        return tuple(OpenFlow(flow=flow, chunks_done=done[flow.number]) for flow in found)

    def begin(self, flow: Flow, chunk_count: int, findings: Sequence[Finding]) -> bool:
        """Write the chunks to judge and what was found of the flow itself; chunks already written stay.

        False where the flow is no longer to be judged, as when it was told of twice.
        """
        with self._open_book([flow.number]) as book:
            standing = book.fence(flow)
            if standing.state is not FlowState.RECEIVED:
                return standing.state is FlowState.JUDGING
            book.step(flow.number, FlowState.JUDGING, chunks=chunk_count)
            standing.pending = chunk_count
            write_chunks(book.connection, flow, chunk_count)
            INSERT_FINDINGS.write(book.connection, list(to_finding_records(flow, None, findings)))
            return True

    def record(self, results: Sequence[ChunkResult]) -> tuple[Flow, ...]:
        """Write judgments and count them down; the flows of which nothing is pending any more, each told once."""
        with self._open_book({result.flow.number for result in results}) as book:
            fresh = take_fresh(book.connection, [result for result in results if _is_awaited(book, result)])
            _write_judgments(book.connection, fresh)
            return tuple(result.flow for result in fresh if _count_down(book, result))

    def unsettled(self, gateway: str) -> tuple[Flow, ...]:
        """Flows begun of which nothing is pending and whose outcome is not decided yet."""
        with self._database.read() as connection:
            return _read_flows(connection, _UNSETTLED, gateway)

    def case(self, flow: Flow) -> FlowCase:
        """All that is known of a flow. Raises LedgerError for an attempt that the ledger does not hold."""
        with self._database.read() as connection:
            row = connection.execute(_FLOW, {"of": flow.number, "the_attempt": flow.attempt}).first()
            if row is None:
                raise LedgerError(f"there is no attempt {flow.attempt} of a flow {flow.number}")
            judged = read_judged(connection, flow)
        status, *columns = row
        return FlowCase(
            flow=to_flow(columns),
            findings=judged.flow_findings,
            judgments=judged.judgments,
            status=FlowStatus(status) if status else None,
            outcomes=judged.outcomes,
        )

    def settle(
        self,
        flow: Flow,
        keys: Mapping[InvoiceId, InvoiceKey],
        accounts: AccountUses,
        decide: Callable[[FirstUses, PastUses], Settlement],
    ) -> Settlement:
        """Take the keys in order, ask what that makes of the flow, and write the decision and what is owed.

        `decide` runs inside the transaction and must not use the ledger. A flow that is settled already gives its
        settlement again, its outputs under their final names.
        """
        with self._open_book([flow.number]) as book:
            return settle_flow(book, flow, Asked(keys, accounts), decide, self._application_code)

    def hold(self, flow: Flow, reason: str) -> None:
        """Put a flow aside for operators: it is not judged. One that is no longer to be judged stays as it is."""
        with self._open_book([flow.number]) as book:
            standing = book.fence(flow)
            if standing.state not in (FlowState.RECEIVED, FlowState.JUDGING):
                return
            standing.held_reason = to_storable(reason)
            book.step(flow.number, FlowState.HELD, reason=reason)

    def unanswered(self, gateway: str) -> tuple[Flow, ...]:
        """Flows that are judged, and flows of which an output was released since; oldest first."""
        with self._database.read() as connection:
            return _read_flows(connection, _UNANSWERED, gateway)

    def released(self, gateway: str) -> ReleasedFlows:
        """Flows that a person let go since: to be judged again, or of which held outputs are to be built."""
        with self._database.read() as connection:
            return ReleasedFlows(
                to_judge=_read_flows(connection, _REOPENED, gateway),
                to_build=_read_flows(connection, _RELEASED, gateway),
            )

    def outputs(self, flow: Flow) -> tuple[Output, ...]:
        """The outputs of a flow that are to be built, in the order of the plan; held ones are not."""
        with self._database.read() as connection:
            return read_planned(connection, flow)

    def answer(self, flow: Flow, built: Sequence[BuiltOutput], now: datetime) -> None:
        """Make built outputs due. The flow is answered once all are, and closed at once where nothing is to be sent."""
        with self._open_book([flow.number], now) as book:
            book.fence(flow)
            answer_flow(book, flow, built)


def _flows_where(condition: ColumnElement[bool]) -> Select[Any]:
    return select(*FLOW_COLUMNS).where(flows.c.gateway == bindparam("the_gateway"), condition).order_by(flows.c.number)


_FLOW = select(flows.c.status, *FLOW_COLUMNS).where(
    flows.c.number == bindparam("of"), flows.c.attempt == bindparam("the_attempt")
)
# Each names its states outright: every second they are asked of a ledger that holds the flows of years.
_UNJUDGED = _flows_where(
    flows.c.state.in_([FlowState.RECEIVED.value, FlowState.JUDGING.value])
    & or_(flows.c.state == FlowState.RECEIVED.value, flows.c.pending > 0)
)
_UNSETTLED = _flows_where((flows.c.state == FlowState.JUDGING.value) & (flows.c.pending == 0))
_its_flow = flows.alias()
_UNANSWERED = (
    select(*FLOW_COLUMNS)
    .where(
        flows.c.number.in_(
            union_all(
                select(_its_flow.c.number).where(
                    _its_flow.c.gateway == bindparam("the_gateway"), _its_flow.c.state == FlowState.JUDGED.value
                ),
                select(outputs.c.flow)
                .join(_its_flow, _its_flow.c.number == outputs.c.flow)
                .where(outputs.c.state == DeliveryState.PLANNED.value, _its_flow.c.gateway == bindparam("the_gateway")),
            )
        )
    )
    .order_by(flows.c.number)
)


# Asked every second while the gateway runs: what came in and waits its turn is left out of both.
_REOPENED = _flows_where((flows.c.state == FlowState.RECEIVED.value) & (flows.c.attempt > 1))
_RELEASED = _flows_where(
    flows.c.number.in_(select(outputs.c.flow).where(outputs.c.state == DeliveryState.PLANNED.value))
)


def _read_flows(connection: Connection, wanted: Select[Any], gateway: str) -> tuple[Flow, ...]:
    return tuple(to_flow(row) for row in connection.execute(wanted, {"the_gateway": gateway}))


def _is_awaited(book: FlowBook, result: ChunkResult) -> bool:
    """False for the result of an attempt that was replaced, or of a flow that was put aside."""
    return book.is_current(result.flow) and book.standing(result.flow.number).state is FlowState.JUDGING


def _count_down(book: FlowBook, result: ChunkResult) -> bool:
    """True where that was the last chunk."""
    standing = book.standing(result.flow.number)
    standing.pending -= 1
    return standing.pending == 0


def _write_judgments(connection: Connection, results: Sequence[ChunkResult]) -> None:
    INSERT_INVOICES.write(
        connection, [record for result in results for record in to_invoice_records(result.flow, result.judgments)]
    )
    INSERT_FINDINGS.write(
        connection,
        [
            record
            for result in results
            for judgment in result.judgments
            for record in to_finding_records(result.flow, (judgment.ordinal, judgment.unit), judgment.findings)
        ],
    )
