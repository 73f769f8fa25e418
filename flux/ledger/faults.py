"""What a look at the past finds: faults with their places and what to do, and how much was looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NamedTuple


class FaultKind(Enum):
    """What is not as it was written; the value stands in the JSON of `flux verify`."""

    LEDGER_DAMAGED = "ledger_damaged"
    FLOW_MISSING = "flow_missing"
    EVENT_ALTERED = "event_altered"
    EVENTS_MISSING = "events_missing"
    HEAD_ALTERED = "head_altered"
    HISTORY_REWRITTEN = "history_rewritten"
    ROW_ALTERED = "row_altered"
    SEAL_ALTERED = "seal_altered"
    SEAL_MISSING = "seal_missing"
    NOT_A_CONTINUATION = "not_a_continuation"
    BYTES_MISSING = "bytes_missing"
    BYTES_ALTERED = "bytes_altered"


ADVICE: Mapping[FaultKind, str] = {
    FaultKind.LEDGER_DAMAGED: "stop the gateway, keep a copy of the file as it is, then `flux restore`",
    FaultKind.FLOW_MISSING: "compare with a backup: the flow was cut out of the ledger",
    FaultKind.EVENT_ALTERED: "compare with a backup: this event was changed after it was written",
    FaultKind.EVENTS_MISSING: "compare with a backup: events were cut off or inserted",
    FaultKind.HEAD_ALTERED: "compare with a backup: events were cut off, or the flow's row was changed",
    FaultKind.HISTORY_REWRITTEN: "compare with a backup made after this seal: the events were rewritten as a whole",
    FaultKind.ROW_ALTERED: "believe the event, compare with a backup: rows were changed beside the journal",
    FaultKind.SEAL_ALTERED: "compare with the seals in the log (journal_sealed) and in the manifests of backups",
    FaultKind.SEAL_MISSING: "compare with the seals in the log (journal_sealed) and in the manifests of backups",
    FaultKind.NOT_A_CONTINUATION: "the ledger was rewritten since, or restored from something older",
    FaultKind.BYTES_MISSING: "copy this file back from the vault of a backup",
    FaultKind.BYTES_ALTERED: "copy this file back from the vault of a backup; then look at the disk",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is not what was written, and where. `ordinal` is that of an event, `seal` the number of a seal."""

    kind: FaultKind
    flow: int | None = None
    ordinal: int | None = None
    seal: int | None = None
    path: str | None = None
    expected: str | None = None
    found: str | None = None

    @property
    def advice(self) -> str:
        """What to do."""
        return ADVICE[self.kind]


@dataclass(slots=True, kw_only=True)
class Tally:
    """What was looked at so far."""

    flows: int = 0
    retired: int = 0
    events: int = 0
    seals: int = 0
    files: int = 0
    bytes: int = 0
    unreferenced: int = 0
    unguarded: int = 0  # judged before their events bore the hashes of invoices, findings and outputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which flows: all, those received since a moment, or one."""

    since: datetime | None = None
    flow: int | None = None

    @property
    def is_whole(self) -> bool:
        """True where everything is looked at, so that what is missing can be told too."""
        return self.since is None and self.flow is None


class SealMark(NamedTuple):
    """A seal as it was noted elsewhere."""

    number: int
    hash: str
