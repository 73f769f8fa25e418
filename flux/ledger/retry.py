"""What operators set going again: deliveries that we had given up, and outputs that were held."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, or_, select, update

from flux.errors import LedgerError
from flux.ledger.book import FlowBook
from flux.ledger.database import Database
from flux.ledger.tables import outputs
from flux.model.lifecycle import DeliveryState, step_delivery

_DEAD = outputs.c.state == DeliveryState.DEAD.value
_GIVEN_UP = outputs.c.state.in_([DeliveryState.DEAD.value, DeliveryState.UNCERTAIN.value])
_HELD = outputs.c.state == DeliveryState.HELD.value


def retry_dead(database: Database, *, now: datetime) -> tuple[int, ...]:
    """Make every dead delivery due at once; their ids. Uncertain ones stay: sending them again may send them twice."""
    return _retry(database, _DEAD, now)


def retry_partner(database: Database, partner: str, *, now: datetime) -> tuple[int, ...]:
    """Make the dead and uncertain deliveries of a partner due at once; their ids."""
    return _retry(database, and_(_GIVEN_UP, outputs.c.partner == partner), now)


def retry_deliveries(
    database: Database, ids: Sequence[int], *, now: datetime, partner: str | None = None
) -> tuple[int, ...]:
    """Set these deliveries going again; the ids of those that were waiting for it.

    Dead and uncertain ones are due at once. Held ones are to be built, if they have a partner or `partner` gives them
    theirs; without one they stay held. Raises LedgerError for an id that the ledger does not hold.
    """
    released = _HELD if partner is not None else and_(_HELD, outputs.c.partner.is_not(None))
    chosen = outputs.c.id.in_(ids)
    with database.write() as connection:
        unknown = set(ids) - set(connection.scalars(select(outputs.c.id).where(chosen)))
        if unknown:
            raise LedgerError(f"there are no deliveries {sorted(unknown)}")
        return _set_going(connection, and_(chosen, or_(_GIVEN_UP, released)), now, partner)


def _retry(database: Database, condition: ColumnElement[bool], now: datetime) -> tuple[int, ...]:
    with database.write() as connection:
        return _set_going(connection, condition, now, None)


def _set_going(
    connection: Connection, condition: ColumnElement[bool], now: datetime, partner: str | None
) -> tuple[int, ...]:
    """Find what waits, lock its flows, and step what waits still."""
    book = FlowBook(connection, set(connection.scalars(select(outputs.c.flow).where(condition))), now)
    waiting = select(outputs.c.id, outputs.c.flow, outputs.c.state, outputs.c.partner).where(condition)
    rows = [row for row in connection.execute(waiting.order_by(outputs.c.id)).mappings() if book.holds(row["flow"])]
    for row in rows:
        _step(book, row, partner)
    book.write()
    return tuple(row["id"] for row in rows)


def _step(book: FlowBook, row: RowMapping, partner: str | None) -> None:
    state = DeliveryState(row["state"])
    if state is DeliveryState.HELD:
        following = step_delivery(state, DeliveryState.PLANNED)
        change: dict[str, object] = {"partner": partner or row["partner"], "held_reason": None}
    else:
        following = step_delivery(state, DeliveryState.DUE)
        change = {"tries": 0, "next_at": book.at}  # a person's word is worth a full set of tries
    book.note(
        row["flow"], f"delivery_{following.value}", output=row["id"], partner=partner or row["partner"], by="operator"
    )
    book.connection.execute(update(outputs).where(outputs.c.id == row["id"]).values(state=following.value, **change))
