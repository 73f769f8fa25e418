"""From built outputs to due deliveries, and from the last delivery to a closed flow."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, select, update

from flux.errors import LedgerError
from flux.ledger.book import FlowBook
from flux.ledger.bounds import batches
from flux.ledger.tables import outputs
from flux.model.delivery import BuiltOutput
from flux.model.flow import Flow
from flux.model.lifecycle import DeliveryState, FlowState, step_delivery

# While one of these is left the flow stays open; a held one waits for a person, its flow does not.
_OPEN = tuple(
    state.value for state in (DeliveryState.PLANNED, DeliveryState.DUE, DeliveryState.UNCERTAIN, DeliveryState.DEAD)
)


def answer_flow(book: FlowBook, flow: Flow, built: Sequence[BuiltOutput]) -> None:
    """Make the planned ones among the built outputs due, and step the flow. Raises LedgerError for another flow's output."""
    states = _read_states(book, flow)
    foreign = {each.id for each in built} - states.keys()
    if foreign:
        raise LedgerError(f"no outputs of flow {flow.number}: {sorted(foreign)}")
    fresh = [each for each in built if states[each.id] is DeliveryState.PLANNED]
    _make_due(book, flow, fresh)
    answer_flows(book, [flow.number])
    close_flows(book, [flow.number])


def answer_flows(book: FlowBook, numbers: Collection[int]) -> None:
    """Step those of the flows that are judged and of which nothing is to be built any more."""
    judged = sorted(number for number in numbers if book.standing(number).state is FlowState.JUDGED)
    unbuilt = {
        number for batch in batches(judged) for number in book.connection.scalars(_UNBUILT_FLOWS, {"numbers": batch})
    }
    for number in judged:
        if number not in unbuilt:
            book.step(number, FlowState.ANSWERED)


def close_flows(book: FlowBook, numbers: Collection[int]) -> tuple[int, ...]:
    """Close those of the flows that are answered and owe nothing any more; their numbers."""
    answered = sorted(number for number in numbers if book.standing(number).state is FlowState.ANSWERED)
    open_flows = {
        number for batch in batches(answered) for number in book.connection.scalars(_OPEN_FLOWS, {"numbers": batch})
    }
    closed = tuple(number for number in answered if number not in open_flows)
    for number in closed:
        book.step(number, FlowState.CLOSED)
    return closed


_OPEN_FLOWS = (
    select(outputs.c.flow)
    .distinct()
    .where(outputs.c.flow.in_(bindparam("numbers", expanding=True)), outputs.c.state.in_(_OPEN))
)
_UNBUILT_FLOWS = (
    select(outputs.c.flow)
    .distinct()
    .where(outputs.c.flow.in_(bindparam("numbers", expanding=True)), outputs.c.state == DeliveryState.PLANNED.value)
)
_STATES = select(outputs.c.id, outputs.c.state).where(
    outputs.c.flow == bindparam("of"), outputs.c.attempt == bindparam("the_attempt")
)
_MAKE_DUE = (
    update(outputs)
    .where(outputs.c.id == bindparam("of"))
    .values({name: bindparam(f"new_{name}") for name in ("state", "sha256", "size_bytes", "next_at")})
)


def _read_states(book: FlowBook, flow: Flow) -> dict[int, DeliveryState]:
    rows = book.connection.execute(_STATES, {"of": flow.number, "the_attempt": flow.attempt})
    return {number: DeliveryState(state) for number, state in rows}


def _make_due(book: FlowBook, flow: Flow, built: Sequence[BuiltOutput]) -> None:
    rows: list[dict[str, object]] = []
    for each in built:
        state = step_delivery(DeliveryState.PLANNED, DeliveryState.DUE)
        rows.append(
            {
                "of": each.id,
                "new_state": state.value,
                "new_sha256": each.sha256,
                "new_size_bytes": each.size_bytes,
                "new_next_at": book.at,
            }
        )
        book.note(flow.number, "delivery_due", output=each.id, sha256=each.sha256, size_bytes=each.size_bytes)
    if rows:
        book.connection.execute(_MAKE_DUE, rows)
