"""What becomes of a whole flow once every invoice of it is judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from flux.model.finding import Finding
from flux.model.flow import Flow
from flux.model.verdict import Judgment, Verdict


class FlowStatus(Enum):
    """Status of a flow in CPPStatut; the value is the official IdStatut."""

    RECEIVED = "90"
    REFUSED = "93"
    PARTIAL = "96"


class Outcome(Enum):
    """What becomes of one invoice."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NOT_TAKEN = "not_taken"  # good, but its flow fell: send again
    NOT_JUDGED = "not_judged"


class OutputKind(Enum):
    """What we put out because of a flow."""

    REPORT = "report"  # CSO11xxA: the report on the flow
    STATUSES = "statuses"  # FEN1200A: status 01 of the accepted invoices
    FLOW_MESSAGE = "flow_message"  # CSO115xA, CSI311xA: the CDAR on the flow
    INVOICE_MESSAGES = "invoice_messages"  # FEN1214A, CSO311xA: one CDAR for each invoice, packed
    INVOICE_MESSAGE = "invoice_message"  # the CDAR on one invoice, under a name of our own
    READABLE_HTML = "readable_html"
    READABLE_CSV = "readable_csv"
    FORWARD = "forward"  # accepted invoices, for their recipient
    ALERTS = "alerts"  # warnings that go with a forward, for its recipient


# An invoice inside its flow: ordinal of the member, unit inside the member.
InvoiceId = tuple[int, int]


@dataclass(frozen=True, slots=True, order=True)
class InvoiceKey:
    """What may exist once: supplier, number and year of issue (BR-FR-CO-02, Chorus Pro specification)."""

    supplier: str
    number: str
    year: int

    def __str__(self) -> str:
        return f"{self.supplier}|{self.number}|{self.year}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstUse:
    """The invoice that occupies a key already."""

    flow_number: int
    flow_name: str
    partner: str
    received_at: datetime
    member: str | None
    sha256: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowCase:
    """All that is known of a flow. Judgments stand in the order of the archive.

    `findings` are those of the flow itself. Before the settlement, `status` is None and `outcomes` empty; after it, the
    judgments hold the findings that the settlement added.
    """

    flow: Flow
    findings: tuple[Finding, ...]
    judgments: tuple[Judgment, ...]
    status: FlowStatus | None = None
    outcomes: Mapping[InvoiceId, Outcome] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceOutcome:
    """What becomes of one invoice, and the findings that only the whole ledger could give (duplicates)."""

    invoice: InvoiceId
    outcome: Outcome
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOutput:
    """A file that we owe. `partner` is None where we know no route: it is held.

    With `code`, the ledger numbers it and its name is strict: code, `receiver`, our application code, sequence.
    Without, `name` is the name. `folder` is relative to the partner's delivery path. `invoices` are those it carries.
    """

    kind: OutputKind
    partner: str | None
    folder: str = ""
    code: str | None = None
    receiver: str = ""
    name: str = ""
    invoices: tuple[InvoiceId, ...] = ()
    held_reason: str | None = None
    beside: int | None = None  # index of the output of the same settlement whose final name begins this one's


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """The decision on a flow."""

    verdict: Verdict
    status: FlowStatus | None  # None where nothing is said yet: a flow that is held
    outcomes: tuple[InvoiceOutcome, ...]
    occupied: frozenset[InvoiceId]  # invoices that keep their key
    outputs: tuple[PlannedOutput, ...]


FirstUses = Mapping[InvoiceId, FirstUse]


class AccountUse(NamedTuple):
    """A supplier, as its invoices are keyed, asks to be paid on an account, a keyed hash."""

    supplier: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastUse:
    """How an account was used by a supplier in accepted invoices so far."""

    use: AccountUse
    first_used_at: datetime
    last_used_at: datetime
    uses: int


# The accounts that invoices ask to be paid on, and what is known of these accounts and of their suppliers.
AccountUses = Mapping[InvoiceId, tuple[AccountUse, ...]]
PastUses = Sequence[PastUse]
