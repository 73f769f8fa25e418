"""What dispatching tells whoever watches: logs, the console, statistics."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from flux.model.delivery import Delivery


class DeliveryEventKind(Enum):
    """What happened."""

    DELIVERED = "delivered"
    POSTPONED = "postponed"
    DEAD = "dead"
    UNCERTAIN = "uncertain"
    FLOW_CLOSED = "flow_closed"  # everything due because of a flow was delivered
    BREAKER_OPENED = "breaker_opened"
    BREAKER_CLOSED = "breaker_closed"
    DISK_FAILED = "disk_failed"  # a folder of ours: its disk, or our rights; its files wait, and lose no try
    DISK_WELL = "disk_well"
    SOURCE_UNREADABLE = "source_unreadable"  # a file of the archive; it waits, and loses no try
    CRASHED = "crashed"  # a failure of ours; what it stopped is postponed
    LEDGER_FAILED = "ledger_failed"  # nothing more is sent until it has written what became of the last files
    LEDGER_BACK = "ledger_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryEvent:
    """One thing that happened; the fields that its kind does not need are None."""

    kind: DeliveryEventKind
    partner: str | None = None
    delivery: Delivery | None = None
    error: str | None = None
    next_at: datetime | None = None
    flow_number: int | None = None
