"""Is every promise kept? Read from outside: what was dropped, the inbox, the archive, the ledger's file, the partners' servers.

It shares no code with the gateway, so that a mistake of the gateway cannot hide itself here: SQLite by `sqlite3`, hashes,
archives, PDF and XML by the standard library and lxml.
"""

import hashlib
import io
import json
import re
import shutil
import sqlite3
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

# How far a flow is. Held is beside the way: only a person brings it back.
RANKS = {"received": 0, "judging": 1, "held": 1, "judged": 2, "answered": 3, "closed": 4, "quarantined": 4}
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_CDAR_REFERENCE = ".//{*}ReferenceReferencedDocument/{*}IssuerAssignedID"
_CHAINED = ("flow", "ordinal", "at", "name", "details", "previous")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A flow as its sender handed it over. `forwarded` maps each good invoice to its recipient, `refused` lists the bad ones.

    `held` are good ones that wait for a person: accepted, and in nobody's hands.
    `identifier` is the flow's, as its report names it. Of one `is_erased` the years are over: its data must be gone.
    """

    partner: str
    name: str
    identifier: str
    sha256: str
    forwarded: Mapping[str, str]
    refused: tuple[str, ...] = ()
    held: Mapping[str, str] = field(default_factory=dict)
    is_erased: bool = False

    @property
    def is_of_the_reform(self) -> bool:
        """True for the deposits of platforms, which are answered in CDAR."""
        return self.name.startswith("FSO115")


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A promise that was not kept, and by what it is seen."""

    promise: str
    seen: str

    def __str__(self) -> str:
        return f"{self.promise}: {self.seen}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where to look: the ledger's file, the vault, the inbox, and the folder that each partner's server shows."""

    ledger: Path
    vault: Path
    inbox: Path
    servers: Mapping[str, Path]


@dataclass(slots=True)
class Witness:
    """What was seen at each interruption: nothing of it may be taken back later."""

    scene: Scene
    _files: dict[Path, str] = field(default_factory=dict)
    _ranks: dict[int, tuple[int, int]] = field(default_factory=dict)

    def look(self) -> Iterator[Broken]:
        """Look at the servers and at the ledger; what was visible before must be there unchanged."""
        files = {file: _digest(file) for folder in self.scene.servers.values() for file in _visible(folder)}
        for file, before in self._files.items():
            if files.get(file) != before:
                yield Broken(promise="what a partner saw stays", seen=f"{file.name} changed or went")
        self._files = files
        ranks = _ranks(self.scene.ledger)
        for flow, before_rank in self._ranks.items():
            if ranks.get(flow, (-1, -1)) < before_rank:
                yield Broken(promise="no state goes backwards", seen=f"flow {flow}: {before_rank} -> {ranks.get(flow)}")
        self._ranks = ranks


def check(dropped: tuple[Dropped, ...], scene: Scene) -> Iterator[Broken]:
    """Everything that is not as promised once the gateway has nothing left to do."""
    with _opened(scene.ledger) as ledger:
        yield from _check_ledger(ledger)
        yield from _check_chains(ledger)
        yield from _check_received(ledger, dropped)
        yield from _check_names(ledger, scene)
        yield from _check_states(ledger)
        yield from _check_held(ledger, dropped)
    yield from _check_archive(dropped, scene.vault)
    yield from _check_reports(dropped, scene)
    yield from _check_statuses(dropped, scene)
    yield from _check_forwards(dropped, scene)
    yield from _check_leftovers(scene)


def _check_ledger(ledger: sqlite3.Connection) -> Iterator[Broken]:
    for (said,) in ledger.execute("PRAGMA integrity_check"):
        if said != "ok":
            yield Broken(promise="the ledger is sound", seen=said)
    for row in ledger.execute("PRAGMA foreign_key_check"):
        yield Broken(promise="the ledger is sound", seen=f"a row of {row[0]} refers to nothing")


def _check_chains(ledger: sqlite3.Connection) -> Iterator[Broken]:
    promise = "the journal is whole"
    for number, count, head in ledger.execute("SELECT number, event_count, event_head FROM flows").fetchall():
        rows = ledger.execute(
            f"SELECT {', '.join(_CHAINED)}, hash FROM events WHERE flow = ? ORDER BY ordinal",  # noqa: S608 - our own names
            (number,),
        ).fetchall()
        previous = ""
        erased = _erased_events(rows)
        for ordinal, (*content, digest) in enumerate(rows):
            text = json.dumps(content, separators=(",", ":")).encode("ascii")
            counted = digest if ordinal < erased else hashlib.sha256(text).hexdigest()
            if (content[1], content[5], digest) != (ordinal, previous, counted):
                yield Broken(promise=promise, seen=f"event {ordinal} of flow {number}")
            previous = digest
        if (count, head) != (len(rows), previous):
            yield Broken(promise=promise, seen=f"flow {number} counts {count} events, {len(rows)} are there")


def _erased_events(rows: list[tuple[str | int, ...]]) -> int:
    """How many events had their details erased: all before one called `retired`, whose hash of what is left must be true."""
    for ordinal, (_, _, _, name, details, *_) in enumerate(rows):
        if name == "retired":
            left = [[at, its_name, digest] for _, _, at, its_name, _, _, digest in rows[:ordinal]]
            text = json.dumps(left, separators=(",", ":")).encode("ascii")
            return ordinal if json.loads(str(details))["erased"] == hashlib.sha256(text).hexdigest() else 0
    return 0


def _check_received(ledger: sqlite3.Connection, dropped: tuple[Dropped, ...]) -> Iterator[Broken]:
    rows = Counter(ledger.execute("SELECT partner, name, sha256 FROM flows").fetchall())
    expected = Counter((flow.partner, flow.name, flow.sha256) for flow in dropped)
    for key in (rows - expected).keys() | (expected - rows).keys():
        yield Broken(promise="each drop is one flow", seen=f"{key[1]}: {rows[key]} flows for {expected[key]} drops")


def _check_names(ledger: sqlite3.Connection, scene: Scene) -> Iterator[Broken]:
    """A file of a partner is one that the ledger gave it, with those bytes, under that name, once."""
    outputs = dict.fromkeys(
        ledger.execute(
            "SELECT partner, folder, name, sha256 FROM outputs WHERE state IN ('delivered', 'uncertain', 'due')"
        )
    )
    for partner, server in scene.servers.items():
        for file in _visible(server):
            folder = str(file.parent.relative_to(server)).removeprefix(".")
            if (partner, folder, file.name, _digest(file)) not in outputs:
                yield Broken(promise="nothing partial, nothing unknown is delivered", seen=f"{partner}/{file.name}")
    for partner, folder, name, digest in outputs:
        file = scene.servers[partner] / folder / name
        if not file.is_file() or _digest(file) != digest:
            yield Broken(promise="what counts as delivered is there", seen=f"{partner}/{name}")


def _check_states(ledger: sqlite3.Connection) -> Iterator[Broken]:
    for number, name, state in ledger.execute("SELECT number, name, state FROM flows WHERE state <> 'closed'"):
        yield Broken(promise="every flow is answered", seen=f"flow {number}, {name}, is {state}")
    for number, state in ledger.execute("SELECT flow, state FROM outputs WHERE state NOT IN ('delivered', 'held')"):
        yield Broken(promise="what is due is delivered", seen=f"an output of flow {number} is {state}")


def _check_held(ledger: sqlite3.Connection, dropped: tuple[Dropped, ...]) -> Iterator[Broken]:
    """What waits for a person is what must wait, each once."""
    numbers = {
        (name, ordinal, unit): number
        for name, ordinal, unit, number in ledger.execute(
            "SELECT f.name, i.ordinal, i.unit, i.number FROM invoices i JOIN flows f ON f.number = i.flow AND f.attempt = i.attempt"
        )
    }
    found: Counter[tuple[str, str]] = Counter()
    for name, kind, invoices in ledger.execute(
        "SELECT f.name, o.kind, o.invoices FROM outputs o JOIN flows f ON f.number = o.flow WHERE o.state = 'held'"
    ):
        if kind == "forward":
            found.update((name, numbers.get((name, *invoice), "?")) for invoice in json.loads(invoices))
    expected = Counter((flow.name, number) for flow in dropped for number in flow.held)
    for key in (found - expected).keys() | (expected - found).keys():
        yield Broken(
            promise="what must wait for a person waits, nothing else",
            seen=f"{key[1]} of {key[0]} is held {found[key]} times, not {expected[key]}",
        )


def _check_archive(dropped: tuple[Dropped, ...], vault: Path) -> Iterator[Broken]:
    for flow in dropped:
        is_kept = (vault / flow.sha256[:2] / flow.sha256).is_file()
        if is_kept is flow.is_erased:
            yield Broken(promise="what came is kept for its years, no longer", seen=flow.name)
    for file in vault.glob("??/*"):
        if _digest(file) != file.name:
            yield Broken(promise="what is kept is what came", seen=str(file))


def _check_reports(dropped: tuple[Dropped, ...], scene: Scene) -> Iterator[Broken]:
    answers: Counter[tuple[str, str]] = Counter()
    for partner, folder in scene.servers.items():
        for file in _visible(folder):
            if file.match("CSO*") and file.parent == folder:
                answers[partner, _answered_flow(file.read_bytes())] += 1
    expected = Counter((flow.partner, flow.identifier) for flow in dropped)
    for key in (answers - expected).keys() | (expected - answers).keys():
        yield Broken(promise="each flow has one final report", seen=f"{key[1]}: {answers[key]} for {expected[key]}")


def _answered_flow(report: bytes) -> str:
    """The identifier of the flow that a report is about: CPPStatut names it, CDAR refers to the name of its file."""
    return _text_of(report, ".//IdFlux") or _text_of(report, _CDAR_REFERENCE).rpartition("_")[2]


def _check_statuses(dropped: tuple[Dropped, ...], scene: Scene) -> Iterator[Broken]:
    """Each invoice has the one status that its family gives: deposited (01), or admissible (202) and rejected (213)."""
    told: Counter[tuple[str, str, str]] = Counter()
    for partner, folder in scene.servers.items():
        for file in _visible(folder):
            if file.parent == folder and file.name.startswith(("FEN1200A", "FEN1214A")):
                told.update((partner, *status) for status in _statuses_of(file.read_bytes()))
    expected = Counter(status for flow in dropped for status in _expected_statuses(flow))
    for key in (told - expected).keys() | (expected - told).keys():
        yield Broken(
            promise="each invoice has its status once",
            seen=f"{key[1]} of {key[0]} is told {key[2]} {told[key]} times, not {expected[key]}",
        )


def _expected_statuses(flow: Dropped) -> Iterator[tuple[str, str, str]]:
    accepted, rejected = ("202", "213") if flow.is_of_the_reform else ("01", "")
    for number in (*flow.forwarded, *flow.held):
        yield flow.partner, number, accepted
    for number in flow.refused:
        if rejected:
            yield flow.partner, number, rejected


def _statuses_of(file: bytes) -> Iterator[tuple[str, str]]:
    """Number and status of each invoice that a life-cycle flow tells of."""
    for document in _documents_of(file):
        root = _parse(document)
        if root is None:
            yield "", ""
            continue
        for status in root.iterfind(".//CPPFactureStatutUnitaire/DonneesStatut"):
            yield status.findtext("IdFacture") or "", status.findtext("IdStatut") or ""
        for reference in root.iterfind(".//{*}ReferenceReferencedDocument"):
            yield reference.findtext("{*}IssuerAssignedID") or "", reference.findtext("{*}ProcessConditionCode") or ""


def _check_forwards(dropped: tuple[Dropped, ...], scene: Scene) -> Iterator[Broken]:
    found: Counter[tuple[str, str]] = Counter()
    for partner, folder in scene.servers.items():
        for file in _visible(folder):
            if file.match("FSO*") and file.parent == folder:
                found.update((number, partner) for number in _invoice_numbers(file))
    expected = Counter(pair for flow in dropped for pair in flow.forwarded.items())
    for key in (found - expected).keys() | (expected - found).keys():
        yield Broken(
            promise="each accepted invoice is forwarded once, no refused one ever",
            seen=f"{key[0]} reached {key[1]} {found[key]} times, not {expected[key]}",
        )


def _check_leftovers(scene: Scene) -> Iterator[Broken]:
    claims = [path for path in scene.inbox.glob("**/.claims/*/*") if path.is_file() or any(path.iterdir())]
    unfinished = [*scene.vault.glob("unfinished/*")]
    waiting = [path for path in scene.inbox.glob("*/*") if path.is_file() and not path.name.startswith(".")]
    temporary = [path for folder in scene.servers.values() for path in folder.rglob(".*")]
    for path in (*claims, *unfinished, *waiting, *temporary):
        yield Broken(promise="nothing is left lying", seen=str(path))


def _invoice_numbers(forward: Path) -> Iterator[str]:
    """BT-1 of each invoice of a forward, in UBL or in CII, which may be inside a PDF."""
    for document in _documents_of(forward.read_bytes()):
        data = _invoice_in(document) if document.startswith(b"%PDF") else document
        yield _text_of(data, "{*}ID") or _text_of(data, "{*}ExchangedDocument/{*}ID")


def _documents_of(data: bytes) -> Iterator[bytes]:
    """A document, or those of an archive."""
    if data.lstrip().startswith((b"<", b"%PDF")):
        yield data
        return
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            content = archive.extractfile(member)
            yield content.read() if content else b""


def _invoice_in(pdf: bytes) -> bytes:
    """The CII document among the streams of a PDF, which our samples leave uncompressed; empty where there is none."""
    return next((found[1] for found in _STREAM.finditer(pdf) if b"CrossIndustryInvoice" in found[1]), b"")


def _text_of(document: bytes, path: str) -> str:
    """The text of an element, empty where the document is not whole."""
    root = _parse(document)
    return "" if root is None else root.findtext(path) or ""


def _parse(document: bytes) -> "etree._Element | None":
    try:
        return etree.fromstring(document)
    except etree.XMLSyntaxError:
        return None


def _visible(folder: Path) -> Iterator[Path]:
    """The files that a partner would take."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _ranks(ledger: Path) -> dict[int, tuple[int, int]]:
    with _opened(ledger) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'flows'").fetchone():
            return {}
        rows = connection.execute("SELECT number, attempt, state FROM flows").fetchall()
    return {number: (attempt, RANKS[state]) for number, attempt, state in rows}


@contextmanager
def _opened(ledger: Path) -> Iterator[sqlite3.Connection]:
    """The ledger as a restart would find it, read from a copy: looking must not mend it."""
    with tempfile.TemporaryDirectory() as folder:
        for file in ledger.parent.glob(f"{ledger.name}*"):
            if not file.name.endswith(("-shm", ".lock")):
                shutil.copy(file, folder)
        with closing(sqlite3.connect(Path(folder) / ledger.name)) as connection:
            yield connection
