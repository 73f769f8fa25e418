"""What travels between the gateway process and its workers: paths and values, never open files."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flux.intake.unpack import MemberRef
from flux.model.delivery import BuiltOutput, Output
from flux.model.finding import Finding
from flux.model.flow import Flow
from flux.model.partner import Partner
from flux.model.ports import ChunkResult
from flux.model.settlement import FlowCase


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """Open a flow: judge its name, find its members. `blob` is where its bytes lie; `moment` dates the judgment.

    `judge_at_once` is false once a worker died over this flow: its members are then judged apart.
    """

    flow: Flow
    partner: Partner
    blob: Path
    moment: datetime
    judge_at_once: bool = True
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkTask:
    """Judge some members of a flow. `first` is the ordinal of the first in the flow, `alone` true where the flow has one member.

    `sender_sirets` are the suppliers for whom the sender may deposit; empty for any. A member of many invoices may be shared
    between tasks: each bears some of its units.
    """

    flow: Flow
    chunk: int
    first: int
    members: tuple[MemberRef, ...]
    alone: bool
    moment: datetime
    sender_sirets: frozenset[str] = frozenset()
    tries: int = 0

    @property
    def invoice_count(self) -> int:
        """How many invoices, as far as the opening of the flow could tell."""
        return sum(member.invoice_count for member in self.members)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenResult:
    """What a flow holds. A flow of one chunk is judged at once: `judged` saves the second trip."""

    flow: Flow
    chunks: tuple[ChunkTask, ...]
    findings: tuple[Finding, ...]
    judged: ChunkResult | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildTask:
    """Build every output of a settled flow. `blob` is where the flow's bytes lie."""

    case: FlowCase
    partner: Partner
    outputs: tuple[Output, ...]
    blob: Path
    moment: datetime
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """The outputs of a flow, their bytes in the vault."""

    flow: Flow
    built: tuple[BuiltOutput, ...]
