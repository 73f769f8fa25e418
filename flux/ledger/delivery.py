"""What delivery writes: what is due, what arrived, what is to be tried again, what is given up."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, update

from flux.errors import DeliveryUnknown
from flux.ledger.answer import close_flows
from flux.ledger.book import FlowBook
from flux.ledger.bounds import batches, to_storable
from flux.ledger.ledger import SqlLedger
from flux.ledger.output_rows import DELIVERY_COLUMNS, to_delivery
from flux.ledger.tables import events, flows, outputs
from flux.model.delivery import Delivery
from flux.model.lifecycle import DeliveryState, step_delivery


class SqlDeliveryLedger(SqlLedger):
    """The DeliveryLedger port."""

    def due(
        self, gateway: str, now: datetime, limit: int, excluding: frozenset[str], *, horizon: datetime
    ) -> tuple[Delivery, ...]:
        """Deliveries whose time has come, oldest first, then those dated after `horizon`; none of the partners excluded."""
        asked = {"the_gateway": gateway, "excluded": sorted(excluding)}
        with self._database.read() as connection:
            due = _read_due(connection, _DUE, asked | {"moment": now, "at_most": limit})
            left = limit - len(due)
            return due + _read_due(connection, _MISDATED, asked | {"moment": horizon, "at_most": left})

    def delivered(self, deliveries: Sequence[Delivery], at: datetime) -> tuple[int, ...]:
        """Write what was delivered; the numbers of the flows that are closed by it. Told twice, it counts once."""
        numbers = {delivery.flow_number for delivery in deliveries}
        with self._open_book(numbers, at) as book:
            held = _read_held(book, deliveries)
            arrived = {each.id: each for each in deliveries if held[each.id].state is not DeliveryState.DELIVERED}
            for delivery in arrived.values():
                step_delivery(held[delivery.id].state, DeliveryState.DELIVERED)
                book.note(delivery.flow_number, "delivery_delivered", output=delivery.id, partner=delivery.partner)
            if arrived:
                book.connection.execute(_MARK_DELIVERED, [{"of": number, "moment": at} for number in arrived])
            return close_flows(book, numbers)

    def announce(self, parts: Mapping[Delivery, str]) -> None:
        """Write under which name each waits for its final one, which it is about to get."""
        with self._open_book({delivery.flow_number for delivery in parts}) as book:
            for delivery, part in parts.items():
                book.note(delivery.flow_number, "delivery_announced", output=delivery.id, part=part)

    def unheard(self, gateway: str) -> Mapping[int, str]:
        """The parts of deliveries that are due, of which nobody knows whether they got their final name, by id.

        The last event of a delivery that names a part, or says that there is none, decides.
        """
        parts: dict[int, str | None] = {}
        with self._database.read() as connection:
            due = {row.id: row.flow for row in connection.execute(_DUE_IDS, {"the_gateway": gateway})}
            for batch in batches(sorted(set(due.values()))):
                for text in connection.scalars(_OF_PARTS, {"numbers": batch}):
                    details = json.loads(text)
                    if _PART in details:
                        parts[details["output"]] = details[_PART]
        return {number: part for number, part in parts.items() if part is not None and number in due}

    def postpone(self, delivery: Delivery, next_at: datetime, error: str, part: str | None = None) -> None:
        """Try again later; told twice of one try, it counts once."""
        with self._open_book([delivery.flow_number]) as book:
            held = _read_held(book, [delivery])[delivery.id]
            if held.tries == delivery.tries:
                _end_try(book, held, DeliveryState.DUE, next_at=next_at, error=error, part=part)

    def set_back(
        self, troubled: Mapping[Delivery, str], next_at: datetime, withdrawn: frozenset[int] = frozenset()
    ) -> None:
        """Try these again soon, for the reason beside each, which is ours: no try is counted, and a reason noted once."""
        with self._open_book({delivery.flow_number for delivery in troubled}) as book:
            held = _read_held(book, list(troubled))
            for delivery, error in troubled.items():
                if held[delivery.id].tries == delivery.tries:
                    _set_back(book, held[delivery.id], next_at, error, is_withdrawn=delivery.id in withdrawn)

    def abandon(self, delivery: Delivery, error: str, *, uncertain: bool, part: str | None = None) -> None:
        """Stop trying until a person says so; told twice of one try, it counts once."""
        following = DeliveryState.UNCERTAIN if uncertain else DeliveryState.DEAD
        with self._open_book([delivery.flow_number]) as book:
            held = _read_held(book, [delivery])[delivery.id]
            if held.tries == delivery.tries:
                _end_try(book, held, following, next_at=held.next_at, error=error, part=part)


_TO_DELIVER = (
    select(*DELIVERY_COLUMNS)
    .join(flows, flows.c.number == outputs.c.flow)
    .where(outputs.c.state == DeliveryState.DUE.value, flows.c.gateway == bindparam("the_gateway"))
    .where(outputs.c.partner.not_in(bindparam("excluded", expanding=True)))
    .order_by(outputs.c.next_at, outputs.c.id)
    .limit(bindparam("at_most"))
)
# Two questions, since one with an "or" reads every delivery that waits for its time.
_DUE = _TO_DELIVER.where(outputs.c.next_at <= bindparam("moment"))
_MISDATED = _TO_DELIVER.where(outputs.c.next_at > bindparam("moment"))
_PART = "part"
_DUE_IDS = (
    select(outputs.c.id, outputs.c.flow)
    .join(flows, flows.c.number == outputs.c.flow)
    .where(outputs.c.state == DeliveryState.DUE.value, flows.c.gateway == bindparam("the_gateway"))
)
_OF_PARTS = (
    select(events.c.details)
    .where(events.c.flow.in_(bindparam("numbers", expanding=True)))
    .where(
        events.c.name.in_(
            ("delivery_announced", "delivery_postponed", "delivery_set_back", "delivery_dead", "delivery_uncertain")
        )
    )
    .order_by(events.c.flow, events.c.ordinal)
)
_HELD = select(*DELIVERY_COLUMNS).where(outputs.c.id.in_(bindparam("ids", expanding=True)))
_MARK_DELIVERED = (
    update(outputs)
    .where(outputs.c.id == bindparam("of"))
    .values(state=DeliveryState.DELIVERED.value, delivered_at=bindparam("moment"), tries=outputs.c.tries + 1)
)
_END_TRY = (
    update(outputs)
    .where(outputs.c.id == bindparam("of"))
    .values({name: bindparam(f"new_{name}") for name in ("state", "tries", "next_at", "last_error")})
)


def _read_due(connection: Connection, question: Select[Any], asked: Mapping[str, object]) -> tuple[Delivery, ...]:
    return tuple(to_delivery(row) for row in connection.execute(question, asked).mappings())


def _read_held(book: FlowBook, deliveries: Sequence[Delivery]) -> dict[int, Delivery]:
    """The deliveries as the ledger holds them, by id. Raises DeliveryUnknown for one that it does not hold."""
    ids = [delivery.id for delivery in deliveries]
    held = {
        row["id"]: to_delivery(row)
        for batch in batches(ids)
        for row in book.connection.execute(_HELD, {"ids": batch}).mappings()
    }
    unknown = set(ids) - held.keys()
    if unknown:
        raise DeliveryUnknown(f"there are no deliveries {sorted(unknown)}")
    return held


def _set_back(book: FlowBook, held: Delivery, next_at: datetime, error: str, *, is_withdrawn: bool) -> None:
    state, reason = step_delivery(held.state, DeliveryState.DUE), to_storable(error)
    if is_withdrawn:
        book.note(held.flow_number, "delivery_set_back", output=held.id, error=error, part=None)
    elif reason != held.last_error:
        book.note(held.flow_number, "delivery_set_back", output=held.id, error=error)
    change = {"new_state": state.value, "new_tries": held.tries, "new_next_at": next_at, "new_last_error": reason}
    book.connection.execute(_END_TRY, {"of": held.id, **change})


def _end_try(
    book: FlowBook, held: Delivery, following: DeliveryState, *, next_at: datetime, error: str, part: str | None
) -> None:
    state = step_delivery(held.state, following)
    event = "delivery_postponed" if state is DeliveryState.DUE else f"delivery_{state.value}"
    book.note(held.flow_number, event, output=held.id, tries=held.tries + 1, error=error, part=part)
    change = {
        "new_state": state.value,
        "new_tries": held.tries + 1,
        "new_next_at": next_at,
        "new_last_error": to_storable(error),
    }
    book.connection.execute(_END_TRY, {"of": held.id, **change})
