"""What `flux deliveries retry` says of a delivery that does not go, or goes to nobody."""

from datetime import UTC, datetime

import pytest

from flux.cli.deliveries import _why_not
from flux.ledger.queries import DeliveryLine
from flux.model.lifecycle import DeliveryState
from flux.model.settlement import OutputKind

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
LOCAL = f"{AT.astimezone():%Y-%m-%d %H:%M}"


def line(state: DeliveryState, partner: str = "acme") -> DeliveryLine:
    return DeliveryLine(
        id=7, flow_number=1, kind=OutputKind.REPORT, partner=partner, folder="", name="CSO", invoices=(), sha256=None,
        size_bytes=None, state=state, tries=1, next_at=AT, last_error=None, delivered_at=AT, held_reason=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (DeliveryState.DELIVERED, f"was delivered {LOCAL}"),
        (DeliveryState.CLOSED, "was closed by a person's word: nothing more is sent"),
        (DeliveryState.DUE, f"goes by itself: next try {LOCAL}"),
        (DeliveryState.PLANNED, "is being built, and goes by itself"),
    ],
)
def test_each_state_that_is_not_given_up_has_its_reason(state: DeliveryState, why: str) -> None:
    assert list(_why_not(line(state), {"acme"}, is_going=False)) == [why]


@pytest.mark.parametrize(("partner", "waits"), [("acme", False), ("gone", True)])
def test_what_goes_to_a_former_partner_waits(partner: str, *, waits: bool) -> None:
    told = list(_why_not(line(DeliveryState.DUE, partner), {"acme"}, is_going=True))
    assert bool(told) is waits
    assert all("no partner 'gone' any more" in each for each in told)
