"""What the rows of a flow must hold, as its events tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flux.ledger.bounds import to_storable
from flux.ledger.journal import AnyRow
from flux.ledger.row_hashes import GUARDED
from flux.model.lifecycle import DeliveryState, FlowState

_STATES = frozenset(each.value for each in FlowState)
_HELD = f"delivery_{DeliveryState.HELD.value}"
# These say nothing of the verdict: it stays.
_KEEP_VERDICT = frozenset({FlowState.ANSWERED.value, FlowState.CLOSED.value})
# The state of a delivery after each event that changes it.
_STATE_AFTER: Mapping[str, str] = {f"delivery_{state.value}": state.value for state in DeliveryState} | {
    "delivery_released": DeliveryState.PLANNED.value,
    "delivery_postponed": DeliveryState.DUE.value,
    "delivery_set_back": DeliveryState.DUE.value,
}
_OF_FLOW = ("sha256", "size_bytes", "partner", "received_at")
_OF_OUTPUT = ("sha256", "size_bytes", "partner")


@dataclass(slots=True)
class ExpectedRows:
    """Columns of the flow, columns of its outputs by id, hashes of what belongs to its verdicts by kind and attempt.

    Of outputs that were held from the plan on only the names are told. What events of older versions do not say is left out.
    """

    columns: dict[str, object] = field(default_factory=dict)
    outputs: dict[int, dict[str, object]] = field(default_factory=dict)
    hashes: dict[tuple[str, int], str] = field(default_factory=dict)
    is_unguarded: bool = False  # judged, and its event bears no hashes
    _held_names: set[object] = field(default_factory=set)
    _attempt: int = 1

    def hear(self, name: str, details: Mapping[str, Any]) -> None:
        """Take one event into account."""
        self._attempt = details.get("attempt", self._attempt)
        self.hashes.update({(kind, self._attempt): details[kind] for kind in GUARDED if kind in details})
        if name in _STATES:
            self._hear_of_flow(name, details)
        elif "output" in details:
            self._hear_of_output(name, details)
        elif name == _HELD:
            self._held_names.add(details["name"])

    def _hear_of_flow(self, state: str, details: Mapping[str, Any]) -> None:
        self.columns["state"] = state
        if state not in _KEEP_VERDICT:
            self.columns["verdict"] = details.get("verdict")
            self.is_unguarded = "verdict" in details and not GUARDED.keys() <= details.keys()
        if state == FlowState.RECEIVED.value and "sha256" in details:
            self.columns.update({key: details[key] for key in _OF_FLOW if key in details})
            self.columns["name"] = to_storable(details["name"])

    def _hear_of_output(self, name: str, details: Mapping[str, Any]) -> None:
        told = self.outputs.setdefault(details["output"], {})
        if name in _STATE_AFTER:
            told["state"] = _STATE_AFTER[name]
        told.update({key: details[key] for key in _OF_OUTPUT if key in details})

    def columns_of(self, output: AnyRow) -> Mapping[str, object]:
        """What the columns of an output must hold; of one that was never spoken of, what its plan says."""
        state = DeliveryState.HELD if output.name in self._held_names else DeliveryState.PLANNED
        return {"sha256": None, "state": state.value} | self.outputs.get(output.id, {})
