"""What the rooms ask of the outside world. Each port has a shipped twin and one contract suite for all adapters."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from flux.model.delivery import BuiltOutput, Delivery, Output
from flux.model.finding import Finding
from flux.model.flow import Flow
from flux.model.hand_over import HandOver
from flux.model.register import Establishment, SourceState, Structure, StructureId
from flux.model.scan import Scan
from flux.model.settlement import AccountUses, FirstUses, FlowCase, InvoiceId, InvoiceKey, PastUses, Settlement
from flux.model.verdict import Judgment


class Report(Protocol):
    """Tells operators what happened, as the methods of a structured logger do."""

    def __call__(self, event: str, **facts: str) -> object:
        """Tell that something happened."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """Bytes in the vault, by content."""

    sha256: str
    size_bytes: int


class Vault(Protocol):
    """Content-addressed bytes: written once, synced before `put` returns, never changed. Raises VaultError."""

    def put(self, pieces: Iterable[bytes]) -> Blob:
        """Keep the bytes; the same bytes twice are kept once."""
        ...

    def path(self, sha256: str) -> Path:
        """Where the bytes can be read. Raises VaultError when they are not there."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """A file as a partner's folder lists it. `modified` in seconds since the epoch."""

    name: str
    size_bytes: int
    modified: float


class Transport(Protocol):
    """One partner's folder or server. Safe to use from several threads.

    Raises TransportError when trying later may help, TransportRefused when a person must act, TransportUncertain when
    the file may have arrived, DiskFailed or SourceUnreadable when the trouble is this machine's own.
    """

    def put(self, source: Path, folder: str, name: str, hand_over: HandOver | None = None) -> None:
        """Make the file appear whole under its name, or not at all; doing it twice leaves one file.

        Where `hand_over` has a part already, what became of that is found out first.
        """
        ...

    def list(self, folder: str) -> Iterator[RemoteFile]:
        """The regular files of a folder, in no order."""
        ...

    def fetch(self, folder: str, name: str, target: Path) -> None:
        """Copy a file here, synced to disk."""
        ...

    def remove(self, folder: str, name: str, taken: RemoteFile | None = None) -> None:
        """Remove a file; one that is no longer there is no error, one that is not as it was `taken` stays."""
        ...

    def close(self) -> None:
        """Let the connection go."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Bytes that were claimed and kept, to be answered for. `claim` makes recording it twice harmless.

    `strict_name` reserves the name for this partner. `pulled_key` names what was fetched from a server that keeps its
    files, so that it is not fetched again; `kept_modified` says when it was written there, in seconds since the epoch.
    """

    gateway: str
    claim: str
    partner: str
    known_partner: bool
    name: str
    strict_name: bool
    sha256: str
    size_bytes: int
    received_at: datetime
    pulled_key: str | None = None
    kept_modified: float | None = None


class IntakeLedger(Protocol):
    """What intake writes. Raises LedgerError."""

    def receive(self, arrivals: Sequence[Arrival]) -> tuple[Flow, ...]:
        """Record arrivals in one durable transaction; a claim that is known already gives its flow again."""
        ...

    def has_pulled(self, partner: str, pulled_key: str) -> bool:
        """True where that remote file is a flow already."""
        ...

    def forget_pulled(self, partner: str, pulled_keys: Sequence[str]) -> None:
        """Those remote files are gone: what comes with one of these keys from now on is another file."""
        ...

    def forget_unseen(self, partner: str, seen: Iterable[str]) -> None:
        """Forget what was pulled from that partner and is not among the keys that its server shows."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkResult:
    """The judgments of one chunk of a flow."""

    flow: Flow
    chunk: int
    judgments: tuple[Judgment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFlow:
    """A flow to go on with after a start: the chunks that need no judging any more."""

    flow: Flow
    chunks_done: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedFlows:
    """Flows that a person let go: those to judge once more, those with outputs to build; oldest first.

    `to_build` holds as well what is being built already, for the ledger knows no difference.
    """

    to_judge: tuple[Flow, ...]
    to_build: tuple[Flow, ...]


class WorkLedger(Protocol):
    """What the engine writes. Each method is one durable transaction, fenced by the flow's attempt. Raises LedgerError."""

    def unjudged(self, gateway: str) -> tuple[OpenFlow, ...]:
        """Flows of this gateway that are received or being judged, oldest first."""
        ...

    def begin(self, flow: Flow, chunk_count: int, findings: Sequence[Finding]) -> bool:
        """Write the chunks to judge and what was found of the flow itself; chunks already written stay.

        False where the flow is no longer to be judged, as when it was told of twice.
        """
        ...

    def record(self, results: Sequence[ChunkResult]) -> tuple[Flow, ...]:
        """Write judgments and count them down; the flows of which nothing is pending any more, each told once."""
        ...

    def unsettled(self, gateway: str) -> tuple[Flow, ...]:
        """Flows begun of which nothing is pending and whose outcome is not decided yet."""
        ...

    def case(self, flow: Flow) -> FlowCase:
        """All that is known of a flow."""
        ...

    def settle(
        self,
        flow: Flow,
        keys: Mapping[InvoiceId, InvoiceKey],
        accounts: AccountUses,
        decide: Callable[[FirstUses, PastUses], Settlement],
    ) -> Settlement:
        """Take the keys in order, ask what that makes of the flow, and write the decision and what is owed.

        `decide` is told who was first under a key, and how these suppliers and others used accounts before.
        """
        ...

    def hold(self, flow: Flow, reason: str) -> None:
        """Put a flow aside for operators: it is not judged."""
        ...

    def unanswered(self, gateway: str) -> tuple[Flow, ...]:
        """Flows judged whose outputs are not built."""
        ...

    def released(self, gateway: str) -> ReleasedFlows:
        """Flows that a person let go since: to be judged again, or of which held outputs are to be built."""
        ...

    def outputs(self, flow: Flow) -> tuple[Output, ...]:
        """The planned outputs of a flow, in the order of the plan."""
        ...

    def answer(self, flow: Flow, built: Sequence[BuiltOutput], now: datetime) -> None:
        """Make built outputs due."""
        ...


class DeliveryLedger(Protocol):
    """What delivery writes. Raises LedgerError."""

    def due(
        self, gateway: str, now: datetime, limit: int, excluding: frozenset[str], *, horizon: datetime
    ) -> tuple[Delivery, ...]:
        """Deliveries whose time has come, oldest first, less those of the partners excluded.

        Nothing is ever put off beyond `horizon`: what is dated later was dated by a clock that ran ahead, and is due too.
        """
        ...

    def delivered(self, deliveries: Sequence[Delivery], at: datetime) -> tuple[int, ...]:
        """Write what was delivered; the numbers of the flows that are closed by it."""
        ...

    def announce(self, parts: Mapping[Delivery, str]) -> None:
        """Write under which name each waits for its final one, which it is about to get."""
        ...

    def unheard(self, gateway: str) -> Mapping[int, str]:
        """The parts of deliveries that are due, of which nobody knows whether they got their final name, by id."""
        ...

    def postpone(self, delivery: Delivery, next_at: datetime, error: str, part: str | None = None) -> None:
        """Try again later; `part` where nobody knows whether it got its final name."""
        ...

    def set_back(
        self, troubled: Mapping[Delivery, str], next_at: datetime, withdrawn: frozenset[int] = frozenset()
    ) -> None:
        """Try these again soon, for the reason beside each, which is ours: that counts as no try.

        `withdrawn` are those of which it is known now that they did not get their final name.
        """
        ...

    def abandon(self, delivery: Delivery, error: str, *, uncertain: bool, part: str | None = None) -> None:
        """Stop trying until a person says so; `part` where nobody knows whether it got its final name."""
        ...


class Scanner(Protocol):
    """What workers ask of a virus scanner."""

    def scan(self, data: bytes) -> Scan:
        """What it says of the bytes; that it does not answer is told, never raised."""
        ...


class Register(Protocol):
    """What workers ask of the register. Safe in one process; answers may be remembered. Raises RegisterError."""

    def sources(self, today: date) -> tuple[SourceState, ...]:
        """The sources that were imported, each with its age judged on that day; empty where nothing was."""
        ...

    def structure(self, identifier: StructureId) -> Structure | None:
        """A supplier or a public entity with its whole history, None where it is unknown."""
        ...

    def establishment(self, siret: str) -> Establishment | None:
        """What SIRENE says of a SIRET, None where it does not know it or was never imported."""
        ...
