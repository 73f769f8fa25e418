"""What a person says of deliveries: send it again, or it is dealt with."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, exists, or_, select, update

from flux.errors import LedgerError
from flux.ledger.answer import answer_flows, close_flows
from flux.ledger.book import FlowBook
from flux.ledger.database import Database
from flux.ledger.tables import outputs
from flux.model.authority import Authority
from flux.model.lifecycle import DELIVERY_STEPS, DeliveryState, step_delivery

_DEAD = outputs.c.state == DeliveryState.DEAD.value
_UNCERTAIN = outputs.c.state == DeliveryState.UNCERTAIN.value
_GIVEN_UP = outputs.c.state.in_([DeliveryState.DEAD.value, DeliveryState.UNCERTAIN.value])
_CLOSABLE = outputs.c.state.in_(
    [state.value for state, steps in DELIVERY_STEPS.items() if DeliveryState.CLOSED in steps]
)


def retry_dead(database: Database, *, now: datetime) -> tuple[int, ...]:
    """Make every dead delivery due at once; their ids. Uncertain ones stay: sending them again may send them twice."""
    with database.write() as connection:
        return _set_going(connection, _DEAD, now)


def retry_partner(database: Database, partner: str, *, now: datetime) -> tuple[int, ...]:
    """Make the dead and uncertain deliveries of a partner due at once; their ids."""
    with database.write() as connection:
        return _set_going(connection, and_(_GIVEN_UP, outputs.c.partner == partner), now)


def retry_deliveries(database: Database, ids: Sequence[int], *, now: datetime) -> tuple[int, ...]:
    """Make these deliveries due at once; the ids of those that were given up.

    Raises LedgerError for an id that the ledger does not hold, and for what is held: letting it go takes a reason.
    """
    with database.write() as connection:
        held = {row["flow"] for row in _read(connection, ids) if row["state"] == DeliveryState.HELD.value}
        if held:
            raise LedgerError(
                f"held back until `flux flows release` lets them go: flow {', '.join(map(str, sorted(held)))}"
            )
        return _set_going(connection, and_(outputs.c.id.in_(ids), _GIVEN_UP), now)


def close_partner(database: Database, partner: str, authority: Authority) -> tuple[int, ...]:
    """Close the uncertain deliveries of a partner, who says that it has them; their ids."""
    with database.write() as connection:
        return _close(connection, and_(_UNCERTAIN, outputs.c.partner == partner), authority)


def close_deliveries(database: Database, ids: Sequence[int], authority: Authority) -> tuple[int, ...]:
    """Close these deliveries by a person's word, and the flows that owe nothing more; the ids of those that were open.

    What is held together goes together; what is under way may still arrive. Raises LedgerError for an id that the ledger
    does not hold.
    """
    with database.write() as connection:
        _read(connection, ids)
        return _close(connection, or_(and_(outputs.c.id.in_(ids), _CLOSABLE), _is_beside(ids)), authority)


_COLUMNS = (outputs.c.id, outputs.c.flow, outputs.c.state, outputs.c.tries, outputs.c.partner, outputs.c.sha256)


_chosen = outputs.alias()


def _is_beside(ids: Sequence[int]) -> ColumnElement[bool]:
    """The condition that an output is held together with one of these: a forward and its list are about the same invoices."""
    return and_(
        outputs.c.state == DeliveryState.HELD.value,
        exists().where(
            _chosen.c.id.in_(ids),
            _chosen.c.state == DeliveryState.HELD.value,
            _chosen.c.flow == outputs.c.flow,
            _chosen.c.invoices == outputs.c.invoices,
        ),
    )


def _read(connection: Connection, ids: Sequence[int]) -> Sequence[RowMapping]:
    rows = connection.execute(select(*_COLUMNS).where(outputs.c.id.in_(ids)).order_by(outputs.c.id)).mappings().all()
    unknown = set(ids) - {row["id"] for row in rows}
    if unknown:
        raise LedgerError(f"there are no deliveries {', '.join(map(str, sorted(unknown)))}")
    return rows


def _lock(
    connection: Connection, condition: ColumnElement[bool], at: datetime
) -> tuple[FlowBook, Sequence[RowMapping]]:
    """Find what waits, lock its flows, and read what waits still."""
    book = FlowBook(connection, set(connection.scalars(select(outputs.c.flow).where(condition))), at)
    rows = connection.execute(select(*_COLUMNS).where(condition).order_by(outputs.c.id)).mappings().all()
    return book, [row for row in rows if book.holds(row["flow"])]


def _set_going(connection: Connection, condition: ColumnElement[bool], now: datetime) -> tuple[int, ...]:
    book, rows = _lock(connection, condition, now)
    for row in rows:
        # What was never built, as after a restore, is built first.
        state = step_delivery(
            DeliveryState(row["state"]), DeliveryState.DUE if row["sha256"] else DeliveryState.PLANNED
        )
        book.note(row["flow"], f"delivery_{state.value}", output=row["id"], partner=row["partner"], by="operator")
        # A person's word is worth a full set of tries.
        change = {"state": state.value, "tries": 0, "next_at": book.at}
        connection.execute(update(outputs).where(outputs.c.id == row["id"]).values(change))
    book.write()
    return tuple(row["id"] for row in rows)


def _close(connection: Connection, condition: ColumnElement[bool], authority: Authority) -> tuple[int, ...]:
    book, rows = _lock(connection, condition, authority.at)
    for row in rows:
        state = step_delivery(DeliveryState(row["state"]), DeliveryState.CLOSED)
        book.note(
            row["flow"],
            f"delivery_{state.value}",
            output=row["id"],
            partner=row["partner"],
            by=authority.by,
            reason=authority.reason,
        )
        # Counted as a try: what a lane still tells of the one under way is late then.
        change = {"state": state.value, "tries": row["tries"] + 1}
        connection.execute(update(outputs).where(outputs.c.id == row["id"]).values(change))
    numbers = {row["flow"] for row in rows}
    answer_flows(book, numbers)
    close_flows(book, numbers)
    book.write()
    return tuple(row["id"] for row in rows)
