"""Twins of what intake is given: a ledger, a vault and a server that fail or die where a test says so."""

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from flux.errors import ContentRefused, TransportError
from flux.model.flow import Flow
from flux.model.hand_over import HandOver
from flux.model.partner import Naming, Partner, PartnerRole
from flux.model.ports import Arrival, Blob, RemoteFile

NOW = datetime(2026, 11, 23, 8, 15, tzinfo=UTC)


class Crash(BaseException):
    """The process dies: nothing of ours may catch it."""


def no_fault() -> None:
    """Nothing goes wrong."""


def make_partner(name: str = "acme", naming: Naming = Naming.FREE) -> Partner:
    return Partner(name=name, role=PartnerRole.SUPPLIER, application_code="FRN001", naming=naming)


class FakeIntakeLedger:
    """Holds flows in memory. `before` and `after` run around each commit; it cannot hold a file named `unfit`."""

    def __init__(self) -> None:
        self.flows: dict[tuple[str, str], Flow] = {}
        self.arrivals: list[Arrival] = []
        self.pulled: set[tuple[str, str]] = set()
        self.commits: list[int] = []
        self.unfit = ""
        self.before: Callable[[], None] = no_fault
        self.after: Callable[[], None] = no_fault
        self._lock = threading.Lock()

    def receive(self, arrivals: Sequence[Arrival]) -> tuple[Flow, ...]:
        self.before()
        if self.unfit in {arrival.name for arrival in arrivals}:
            raise ContentRefused(self.unfit)
        with self._lock:
            self.commits.append(len(arrivals))
            flows = tuple(self._record(arrival) for arrival in arrivals)
        self.after()
        return flows

    def _record(self, arrival: Arrival) -> Flow:
        key = arrival.gateway, arrival.claim
        if key not in self.flows:
            self.arrivals.append(arrival)
            self.flows[key] = _flow_of(arrival, len(self.flows) + 1)
            if arrival.pulled_key is not None:
                self.pulled.add((arrival.partner, arrival.pulled_key))
        return self.flows[key]

    def has_pulled(self, partner: str, pulled_key: str) -> bool:
        return (partner, pulled_key) in self.pulled

    def forget_pulled(self, partner: str, pulled_keys: Sequence[str]) -> None:
        self.pulled -= {(partner, key) for key in pulled_keys}

    def forget_unseen(self, partner: str, seen: Iterable[str]) -> None:
        shown = {(partner, key) for key in seen}
        self.pulled = {each for each in self.pulled if each[0] != partner or each in shown}

    @property
    def names(self) -> list[str]:
        return sorted(arrival.name for arrival in self.arrivals)


def _flow_of(arrival: Arrival, number: int) -> Flow:
    return Flow(
        number=number,
        attempt=1,
        partner=arrival.partner,
        known_partner=arrival.known_partner,
        name=arrival.name,
        sha256=arrival.sha256,
        size_bytes=arrival.size_bytes,
        received_at=arrival.received_at,
    )


class FakeVault:
    """Keeps bytes in a folder. `before` runs ahead of each `put`, `during` between two pieces, `after` at its end."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self.before: Callable[[], None] = no_fault
        self.during: Callable[[], None] = no_fault
        self.after: Callable[[], None] = no_fault

    def put(self, pieces: Iterable[bytes]) -> Blob:
        self.before()
        content = b""
        for piece in pieces:
            content += piece
            self.during()
        sha256 = hashlib.sha256(content).hexdigest()
        (self._folder / sha256).write_bytes(content)
        self.after()
        return Blob(sha256=sha256, size_bytes=len(content))

    def path(self, sha256: str) -> Path:
        return self._folder / sha256


class FakeServer:
    """A partner's server with one folder, as a transport. A one-shot server gives each file once."""

    folder = "out"

    def __init__(self, *, is_one_shot: bool = False) -> None:
        self.files: dict[str, tuple[bytes, float]] = {}
        self.fetched: list[str] = []
        self.removed: list[str] = []
        self.on_list: Callable[[], None] = no_fault
        self.on_fetch: Callable[[], None] = no_fault
        self.on_remove: Callable[[], None] = no_fault
        self._is_one_shot = is_one_shot

    def put(self, source: Path, folder: str, name: str, hand_over: HandOver | None = None) -> None:
        assert folder == self.folder
        self.files[name] = (source.read_bytes(), 0.0)

    def list(self, folder: str) -> Iterator[RemoteFile]:
        assert folder == self.folder
        self.on_list()
        return iter(
            [
                RemoteFile(name=name, size_bytes=len(content), modified=modified)
                for name, (content, modified) in self.files.items()
            ]
        )

    def fetch(self, folder: str, name: str, target: Path) -> None:
        assert folder == self.folder
        self.on_fetch()
        if name not in self.files:
            raise TransportError(f"{name}: no such file")
        target.write_bytes(self.files[name][0])
        self.fetched.append(name)
        if self._is_one_shot:
            del self.files[name]

    def remove(self, folder: str, name: str, taken: RemoteFile | None = None) -> None:
        assert folder == self.folder
        self.on_remove()
        content, modified = self.files.get(name, (b"", 0.0))
        if taken is not None and (len(content), modified) != (taken.size_bytes, taken.modified):
            return
        self.files.pop(name, None)
        self.removed.append(name)

    def close(self) -> None:
        pass


class Reports:
    """What operators were told."""

    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, str]]] = []

    def __call__(self, event: str, **facts: str) -> None:
        self.events.append((event, facts))

    @property
    def names(self) -> list[str]:
        return [event for event, _ in self.events]


class CrashAt:
    """Dies at the nth call of anything that it watches over, and is dead from then on."""

    def __init__(self, step: int) -> None:
        self._left = step
        self.happened = False

    def __call__(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self.happened = True
            raise Crash
