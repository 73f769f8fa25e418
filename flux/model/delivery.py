"""Files that we owe somebody."""

from dataclasses import dataclass
from datetime import datetime

from flux.model.lifecycle import DeliveryState
from flux.model.settlement import InvoiceId, OutputKind, PlannedOutput


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A planned output with the number and the name that the ledger gave it."""

    id: int
    kind: OutputKind
    partner: str | None
    folder: str
    name: str
    invoices: tuple[InvoiceId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltOutput:
    """An output whose bytes are in the vault."""

    id: int
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A built output on its way to its partner. `tries` counts the attempts so far, `sha256` finds the bytes."""

    id: int
    flow_number: int
    kind: OutputKind
    partner: str
    folder: str
    name: str
    sha256: str
    size_bytes: int
    state: DeliveryState
    tries: int
    next_at: datetime
    last_error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What a person lets go: held outputs that belong together, the forward first, each as it is planned now.

    Where `planned` still says why it is held, it stays so for that reason.
    """

    ids: tuple[int, ...]
    planned: tuple[PlannedOutput, ...]
