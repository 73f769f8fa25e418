"""Flows as rows."""

from collections.abc import Iterable
from typing import Any

from flux.ledger.tables import flows
from flux.model.flow import Flow

_NAMES = (
    "number",
    "attempt",
    "partner",
    "known_partner",
    "name",
    "sha256",
    "size_bytes",
    "received_at",
    "reuse_of",
)
FLOW_COLUMNS = tuple(flows.c[name] for name in _NAMES)


def to_flow(values: Iterable[Any]) -> Flow:
    """A flow from its FLOW_COLUMNS."""
    return Flow(**dict(zip(_NAMES, values, strict=True)))
