"""What operators set going again: deliveries that we had given up."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, select, update

from flux.errors import LedgerError
from flux.ledger.book import FlowBook
from flux.ledger.database import Database
from flux.ledger.tables import outputs
from flux.model.lifecycle import DeliveryState, step_delivery

_DEAD = outputs.c.state == DeliveryState.DEAD.value
_GIVEN_UP = outputs.c.state.in_([DeliveryState.DEAD.value, DeliveryState.UNCERTAIN.value])


def retry_dead(database: Database, *, now: datetime) -> tuple[int, ...]:
    """Make every dead delivery due at once; their ids. Uncertain ones stay: sending them again may send them twice."""
    return _retry(database, _DEAD, now)


def retry_partner(database: Database, partner: str, *, now: datetime) -> tuple[int, ...]:
    """Make the dead and uncertain deliveries of a partner due at once; their ids."""
    return _retry(database, and_(_GIVEN_UP, outputs.c.partner == partner), now)


def retry_deliveries(database: Database, ids: Sequence[int], *, now: datetime) -> tuple[int, ...]:
    """Make these deliveries due at once; the ids of those that were given up.

    Raises LedgerError for an id that the ledger does not hold, and for what is held: letting it go takes a reason.
    """
    chosen = outputs.c.id.in_(ids)
    with database.write() as connection:
        known = {
            row.id: row
            for row in connection.execute(select(outputs.c.id, outputs.c.flow, outputs.c.state).where(chosen))
        }
        unknown = set(ids) - known.keys()
        if unknown:
            raise LedgerError(f"there are no deliveries {sorted(unknown)}")
        held = {row.flow for row in known.values() if row.state == DeliveryState.HELD.value}
        if held:
            raise LedgerError(
                f"held back until `flux flows release` lets them go: flow {', '.join(map(str, sorted(held)))}"
            )
        return _set_going(connection, and_(chosen, _GIVEN_UP), now)


def _retry(database: Database, condition: ColumnElement[bool], now: datetime) -> tuple[int, ...]:
    with database.write() as connection:
        return _set_going(connection, condition, now)


def _set_going(connection: Connection, condition: ColumnElement[bool], now: datetime) -> tuple[int, ...]:
    """Find what waits, lock its flows, and step what waits still."""
    book = FlowBook(connection, set(connection.scalars(select(outputs.c.flow).where(condition))), now)
    waiting = select(outputs.c.id, outputs.c.flow, outputs.c.state, outputs.c.partner).where(condition)
    rows = [row for row in connection.execute(waiting.order_by(outputs.c.id)).mappings() if book.holds(row["flow"])]
    for row in rows:
        _step(book, row)
    book.write()
    return tuple(row["id"] for row in rows)


def _step(book: FlowBook, row: RowMapping) -> None:
    following = step_delivery(DeliveryState(row["state"]), DeliveryState.DUE)
    book.note(row["flow"], f"delivery_{following.value}", output=row["id"], partner=row["partner"], by="operator")
    # A person's word is worth a full set of tries.
    change = {"state": following.value, "tries": 0, "next_at": book.at}
    book.connection.execute(update(outputs).where(outputs.c.id == row["id"]).values(**change))
