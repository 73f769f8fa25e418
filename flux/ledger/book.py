"""The flows of one transaction: locked when it begins, stepped through their life cycle, written with their events when it ends."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from flux.errors import AttemptReplaced, LedgerError
from flux.ledger.bounds import batches
from flux.ledger.database import Database
from flux.ledger.journal import Detail, chain_event
from flux.ledger.tables import events, flows
from flux.model.flow import Flow
from flux.model.lifecycle import FlowState, step_flow
from flux.model.settlement import FlowStatus
from flux.model.verdict import Verdict
from flux.sql.bulk import BulkInsert, Record


@dataclass(slots=True, kw_only=True)
class Standing:
    """The part of a flow's row that changes. `pending` counts the chunks that still need judging."""

    attempt: int
    state: FlowState
    pending: int
    verdict: Verdict | None
    status: FlowStatus | None
    held_reason: str | None
    event_count: int
    event_head: str


class FlowBook:
    """Locked flows of a write transaction: nobody else changes them before it ends. `at` dates the events."""

    def __init__(self, connection: Connection, numbers: Collection[int], at: datetime) -> None:
        self.connection = connection
        self.at = at
        self._standings = _lock_flows(connection, numbers)
        self._events: list[Record] = []

    def holds(self, number: int) -> bool:
        """True where that flow was locked."""
        return number in self._standings

    def standing(self, number: int) -> Standing:
        """Where a flow stands. Raises LedgerError for one that the ledger does not hold."""
        standing = self._standings.get(number)
        if standing is None:
            raise LedgerError(f"there is no flow {number}")
        return standing

    def is_current(self, flow: Flow) -> bool:
        """False for an attempt that a later one has replaced."""
        return self.standing(flow.number).attempt == flow.attempt

    def fence(self, flow: Flow) -> Standing:
        """Where a flow stands. Raises AttemptReplaced for an attempt that a later one has replaced."""
        standing = self.standing(flow.number)
        if standing.attempt != flow.attempt:
            raise AttemptReplaced(f"flow {flow.number} is at attempt {standing.attempt}, no longer at {flow.attempt}")
        return standing

    def step(self, number: int, following: FlowState, **details: Detail) -> None:
        """Take a step of the life cycle, which is an event of that name. Raises IllegalTransition."""
        standing = self.standing(number)
        standing.state = step_flow(standing.state, following)
        self.note(number, following.value, **details)

    def note(self, number: int, event: str, **details: Detail) -> None:
        """Append an event to a flow's chain."""
        standing = self.standing(number)
        row = chain_event(
            flow=number,
            ordinal=standing.event_count,
            at=self.at,
            name=event,
            details=details,
            previous=standing.event_head,
        )
        standing.event_count += 1
        standing.event_head = str(row["hash"])
        self._events.append(row)

    def write(self) -> None:
        """Write the flows as they stand now, and their events."""
        if not self._standings:
            return
        self.connection.execute(_WRITE, [_row(number, standing) for number, standing in self._standings.items()])
        _INSERT_EVENTS.write(self.connection, self._events)


@contextmanager
def open_book(database: Database, numbers: Collection[int], at: datetime) -> Iterator[FlowBook]:
    """One write transaction on some flows; written when the block ends well, without effect when it raises."""
    with database.write() as connection:
        book = FlowBook(connection, numbers, at)
        yield book
        book.write()


_LOCK = (
    select(flows.c.number, *(flows.c[name] for name in Standing.__slots__))
    .where(flows.c.number.in_(bindparam("numbers", expanding=True)))
    .order_by(flows.c.number)
    .with_for_update()
)
_INSERT_EVENTS = BulkInsert(events, [column.name for column in events.c])
_WRITE = (
    update(flows)
    .where(flows.c.number == bindparam("of"))
    .values({column: bindparam(f"new_{column}") for column in Standing.__slots__})
)


def _lock_flows(connection: Connection, numbers: Collection[int]) -> dict[int, Standing]:
    """Rows are locked in the order of their numbers, so that two transactions never wait for each other."""
    return {
        row.number: _standing(row)
        for batch in batches(sorted(numbers))
        for row in connection.execute(_LOCK, {"numbers": batch})
    }


def _standing(row: Row[Any]) -> Standing:
    return Standing(
        attempt=row.attempt,
        state=FlowState(row.state),
        pending=row.pending,
        verdict=Verdict(row.verdict) if row.verdict else None,
        status=FlowStatus(row.status) if row.status else None,
        held_reason=row.held_reason,
        event_count=row.event_count,
        event_head=row.event_head,
    )


def _row(number: int, standing: Standing) -> dict[str, object]:
    return {
        "of": number,
        "new_attempt": standing.attempt,
        "new_state": standing.state.value,
        "new_pending": standing.pending,
        "new_verdict": standing.verdict.value if standing.verdict else None,
        "new_status": standing.status.value if standing.status else None,
        "new_held_reason": standing.held_reason,
        "new_event_count": standing.event_count,
        "new_event_head": standing.event_head,
    }
