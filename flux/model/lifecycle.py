"""The life cycles as tables: state, then the states that may follow. An unknown step raises."""

from collections.abc import Mapping
from enum import Enum

from flux.errors import IllegalTransition


class FlowState(Enum):
    """Where a flow stands."""

    RECEIVED = "received"  # bytes kept, row written: we answer for it
    QUARANTINED = "quarantined"  # no partner of ours brought it; no reply is possible
    JUDGING = "judging"  # opened; chunks are being judged
    HELD = "held"  # not judged: a person must look
    JUDGED = "judged"  # the verdict stands; replies are to be built
    ANSWERED = "answered"  # replies built, deliveries due
    CLOSED = "closed"  # everything due was delivered, or a person says that it is dealt with


class DeliveryState(Enum):
    """Where a file that we owe somebody stands."""

    PLANNED = "planned"  # to be built
    HELD = "held"  # nowhere to send it, or not yet: a person releases it
    DUE = "due"  # built; to be sent, again and again until done
    DELIVERED = "delivered"
    UNCERTAIN = "uncertain"  # the partner may hold it, and nobody can look but a person
    DEAD = "dead"  # tries used up or refused for good; a person retries it
    CLOSED = "closed"  # a person says that it is dealt with: it arrived, went another way, or is not wanted any more


FLOW_STEPS: Mapping[FlowState, frozenset[FlowState]] = {
    FlowState.RECEIVED: frozenset(
        {FlowState.JUDGING, FlowState.JUDGED, FlowState.HELD, FlowState.QUARANTINED, FlowState.CLOSED}
    ),
    FlowState.QUARANTINED: frozenset({FlowState.CLOSED}),
    FlowState.JUDGING: frozenset({FlowState.JUDGED, FlowState.HELD, FlowState.CLOSED}),
    FlowState.HELD: frozenset({FlowState.RECEIVED, FlowState.CLOSED}),
    FlowState.JUDGED: frozenset({FlowState.ANSWERED}),
    FlowState.ANSWERED: frozenset({FlowState.CLOSED}),
    FlowState.CLOSED: frozenset(),
}

DELIVERY_STEPS: Mapping[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.PLANNED: frozenset({DeliveryState.DUE, DeliveryState.UNCERTAIN, DeliveryState.CLOSED}),
    DeliveryState.HELD: frozenset({DeliveryState.PLANNED, DeliveryState.CLOSED}),
    DeliveryState.DUE: frozenset(
        {
            DeliveryState.DUE,
            DeliveryState.DELIVERED,
            DeliveryState.UNCERTAIN,
            DeliveryState.DEAD,
            DeliveryState.CLOSED,
        }
    ),
    DeliveryState.DELIVERED: frozenset(),
    # What was never built, as after a restore, is built before it is due.
    DeliveryState.UNCERTAIN: frozenset(
        {DeliveryState.PLANNED, DeliveryState.DUE, DeliveryState.DELIVERED, DeliveryState.CLOSED}
    ),
    DeliveryState.DEAD: frozenset({DeliveryState.DUE, DeliveryState.CLOSED}),
    # Closed by hand while it was under way, it may have arrived all the same.
    DeliveryState.CLOSED: frozenset({DeliveryState.DELIVERED}),
}


def step_flow(state: FlowState, following: FlowState) -> FlowState:
    """The following state. Raises IllegalTransition where the table has no such step."""
    if following not in FLOW_STEPS[state]:
        raise IllegalTransition(f"a flow that is {state.value} cannot become {following.value}")
    return following


def step_delivery(state: DeliveryState, following: DeliveryState) -> DeliveryState:
    """The following state. Raises IllegalTransition where the table has no such step."""
    if following not in DELIVERY_STEPS[state]:
        raise IllegalTransition(f"a delivery that is {state.value} cannot become {following.value}")
    return following
