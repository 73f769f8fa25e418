"""What a ledger that comes out of a backup must not do by itself: judge, answer or send what may have been done since.

A flow that was open is held, a delivery that was to be built or due is uncertain, and no number is given that may have been
given.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from flux.ledger.book import FlowBook
from flux.ledger.bounds import batches
from flux.ledger.database import Database
from flux.ledger.left_out import leave_out
from flux.ledger.restore_mark import unmark
from flux.ledger.tables import flows, outputs, sequences
from flux.model.lifecycle import DeliveryState, FlowState, step_delivery

# Of fifteen digits: more files than a gateway puts out, and more flows than it receives, between two backups.
NUMBERS_LEFT_OUT = 1_000_000

HELD_REASON = "restored from a backup: it may have been answered since"
_ERROR = "restored from a backup: it may have been delivered since"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """What a person must look at: flows held, deliveries uncertain."""

    held: tuple[int, ...]
    uncertain: tuple[int, ...]


def hold_what_was_open(database: Database, at: datetime) -> Unsettled:
    """Hold back what may have been done after the backup; in one transaction, with which the restore is finished."""
    with database.write() as connection:
        unmark(connection)
        connection.execute(update(sequences).values(last=sequences.c.last + NUMBERS_LEFT_OUT))
        leave_out(connection, NUMBERS_LEFT_OUT, at)
        return Unsettled(held=_hold_flows(connection, at), uncertain=_doubt_deliveries(connection, at))


def take_as_it_was(database: Database) -> None:
    """Finish the restore of a ledger on which nobody worked since its backup: it goes on from there."""
    with database.write() as connection:
        unmark(connection)


_OPEN = (
    select(flows.c.number)
    .where(flows.c.state.in_([FlowState.RECEIVED.value, FlowState.JUDGING.value]))
    .order_by(flows.c.number)
)
_OWED = (
    select(outputs.c.id, outputs.c.flow, outputs.c.partner, outputs.c.state)
    .where(outputs.c.state.in_([DeliveryState.PLANNED.value, DeliveryState.DUE.value]))
    .order_by(outputs.c.id)
)


def _hold_flows(connection: Connection, at: datetime) -> tuple[int, ...]:
    numbers = tuple(connection.scalars(_OPEN))
    for batch in batches(numbers):
        book = FlowBook(connection, batch, at)
        for number in batch:
            book.standing(number).held_reason = HELD_REASON
            book.step(number, FlowState.HELD, reason=HELD_REASON)
        book.write()
    return numbers


def _doubt_deliveries(connection: Connection, at: datetime) -> tuple[int, ...]:
    rows = connection.execute(_OWED).all()
    for batch in batches(rows):
        book = FlowBook(connection, {row.flow for row in batch}, at)
        for row in batch:
            state = step_delivery(DeliveryState(row.state), DeliveryState.UNCERTAIN)
            book.note(row.flow, f"delivery_{state.value}", output=row.id, partner=row.partner, error=_ERROR)
        book.write()
        change = {"state": DeliveryState.UNCERTAIN.value, "last_error": _ERROR}
        connection.execute(update(outputs).where(outputs.c.id.in_([row.id for row in batch])).values(change))
    return tuple(row.id for row in rows)
