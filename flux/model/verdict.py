"""From findings and layers to a verdict, per invoice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from flux.model.finding import Finding, LayerName
from flux.model.interface import Family, Syntax
from flux.model.packed import Packed
from flux.model.register import RegisterSource


class Verdict(Enum):
    """Three answers; none is ever made out of another."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NOT_JUDGED = "not_judged"


class LayerStatus(Enum):
    """What became of a layer."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not_run"


class NotRunReason(Enum):
    """Why a layer did not run."""

    NOT_REQUESTED = "not_requested"
    NOT_AVAILABLE = "not_available"
    EARLIER_LAYER_FAILED = "earlier_layer_failed"
    REGISTER_ABSENT = "register_absent"
    REGISTER_STALE = "register_stale"
    ENGINE_FAILED = "engine_failed"


_EXPLAINS = (LayerName.REGISTER, RegisterSource.SIRENE.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer(Packed):
    """One schema or rule set that was to be applied, and what became of it."""

    name: LayerName
    ruleset: str
    version: str
    status: LayerStatus
    reason: NotRunReason | None = None

    @property
    def decides(self) -> bool:
        """False for SIRENE, which explains and catches what closed: sheets and directory decide without it."""
        return (self.name, self.ruleset) != _EXPLAINS

    def __hash__(self) -> int:
        """Cheap: layers are shared by look-up once for each invoice, and few rule sets bear one name."""
        return hash((self.ruleset, self.version))


@dataclass(frozen=True, slots=True, kw_only=True)
class PartySummary(Packed):
    """What replies and routing need of a party; `scheme` as the document wrote it, empty when it wrote none.

    `siren` is empty where no identifier gives it. `address` is its electronic address, BT-34 or BT-49.
    """

    identifier: str
    scheme: str
    name: str
    country: str
    siren: str = ""
    address: str = ""
    address_scheme: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceSummary(Packed):
    """What replies, routing, duplicates and people need of an invoice once its tree is gone.

    Texts without outer white space, empty where absent. `issue_date` is None where the text is no date. `accounts` are the
    payee's, each as a keyed hash, never a number, less those of declared factors.
    """

    number: str
    type_code: str
    issue_date: date | None
    issue_date_text: str
    cadre: str
    currency: str
    total_due: str
    supplier: PartySummary
    buyer: PartySummary
    code_service: str
    numero_engagement: str
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgment(Packed):
    """What flux says of one invoice, or of one member of a flow that holds none.

    `ordinal` counts members in the order of the archive, `unit` the invoices of a member, both from 0. `sha256` is that
    of the member's bytes. `summary` is None where no invoice could be read.
    """

    ordinal: int
    unit: int
    member: str | None
    sha256: str
    size_bytes: int
    syntax: Syntax | None
    profile: str | None
    interface: str | None
    family: Family
    summary: InvoiceSummary | None
    verdict: Verdict
    layers: tuple[Layer, ...]
    findings: tuple[Finding, ...]

    @property
    def is_irrecevable(self) -> bool:
        """True where the fault is technical: of bytes or schema, so that the flow as a whole may fall with it."""
        return any(finding.is_fatal and finding.is_technical for finding in self.findings)


def verdict_of(findings: Iterable[Finding], layers: Iterable[Layer], required: frozenset[LayerName]) -> Verdict:
    """Rejected if a finding is fatal, else not judged if a required layer did not run, else accepted.

    A source that only explains what others say need not have run.
    """
    if any(finding.is_fatal for finding in findings):
        return Verdict.REJECTED
    if any(layer.status is LayerStatus.NOT_RUN and layer.name in required and layer.decides for layer in layers):
        return Verdict.NOT_JUDGED
    return Verdict.ACCEPTED
