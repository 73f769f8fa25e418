"""Disks that fill up, fail or turn read-only under a gateway at work, and are mended: `make storage-faults`.

    python -m tests.faults.storage [--only NAME] [--json]

A real `flux run` whose disk is seen through `shim.c`. The trouble begins, flows are dropped, the log must say what is wrong,
and the process must live; then the trouble ends, and the time until every flow is answered is measured. The independent
checker looks last.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import click
from rich.progress import track

from tests.faults.checker import Broken, Scene, check
from tests.faults.drops import drop_into
from tests.faults.shim import DISK_BROKEN, DISK_FULL, READ_ONLY, Faults, Kind, shim_environment

# What operators are promised: flux goes on by itself so soon after the disk does.
RELIEF_SECONDS = 5.0
LIMIT_SECONDS = 60.0

_CHANGES = Kind.WRITE | Kind.MAKE | Kind.REMOVE
CONFIG = """
[gateway]
application_code = "FLX001"
workers = 2
chunk_invoices = 2
[intake]
stable_seconds = 0.1
sweep_seconds = 0.1
[partners.frn001]
role = "supplier"
application_code = "FRN001"
interfaces = ["FSO1100A"]
[partners.sei001]
role = "entity"
application_code = "SEI001"
sirets = ["11000201100044"]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What fails: calls of some kinds below a folder, with an errno, after so many that still succeed.

    `is_real` fills a small disk that is mounted there instead; `lasts_seconds` is for what must not be punished for long.
    """

    error: int
    kinds: Kind
    place: str = ""
    after: int = 0
    is_real: bool = False
    lasts_seconds: float = 0.0


TROUBLES: Mapping[str, Trouble] = {
    "disk full": Trouble(error=DISK_FULL, kinds=Kind.WRITE | Kind.MAKE),
    "disk full, ledger and vault": Trouble(error=DISK_FULL, kinds=Kind.WRITE, place="var"),
    "disk full, vault": Trouble(error=DISK_FULL, kinds=Kind.WRITE, place="var/vault"),
    "disk full, ledger": Trouble(error=DISK_FULL, kinds=Kind.WRITE, place="var/ledger.db"),
    "disk full, spool": Trouble(error=DISK_FULL, kinds=Kind.WRITE | Kind.MAKE, place="var/spool"),
    "disk full, partners' folders": Trouble(error=DISK_FULL, kinds=Kind.WRITE, place="outbox", lasts_seconds=8),
    "disk full, partners' folders, a real one": Trouble(
        error=DISK_FULL, kinds=Kind.WRITE, place="outbox", lasts_seconds=8, is_real=True
    ),
    "read-only partners' folders": Trouble(error=READ_ONLY, kinds=_CHANGES, place="outbox", lasts_seconds=8),
    "every sync fails": Trouble(error=DISK_BROKEN, kinds=Kind.SYNC),
    "sync of the ledger fails": Trouble(error=DISK_BROKEN, kinds=Kind.SYNC, place="var/ledger.db"),
    "sync fails in the middle": Trouble(error=DISK_BROKEN, kinds=Kind.SYNC, after=25),
    "writes fail in the middle": Trouble(error=DISK_BROKEN, kinds=Kind.WRITE, after=60),
    "read-only": Trouble(error=READ_ONLY, kinds=_CHANGES),
    "read-only archive": Trouble(error=READ_ONLY, kinds=_CHANGES, place="var/vault"),
    "read-only inbox": Trouble(error=READ_ONLY, kinds=_CHANGES, place="inbox"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one trouble showed. `failures` are calls that failed, `told` the events of the log meanwhile."""

    name: str
    failures: int
    told: tuple[str, ...]
    seconds: float
    broken: tuple[Broken, ...]


def go_through(name: str, trouble: Trouble, folder: Path) -> Outcome:
    """Begin the trouble under a gateway that runs, end it, and look."""
    root = folder / "installation"
    root.mkdir()
    (root / "config.toml").write_text(CONFIG, encoding="utf-8")
    faults = Faults(folder / "faults")
    log = folder / "log"
    with _disk(root, faults, trouble) as disk:
        with running(root, faults, log) as process:
            dropped = [drop_into(root / "inbox" / "frn001", 1)]
            scene = scene_of(root)
            wait_for(lambda: _answered(scene) == 1, process, "the first flow is answered")
            already = len(_events(log))
            disk.begin()
            dropped += [drop_into(root / "inbox" / "frn001", number) for number in range(2, 6)]
            wait_for(lambda: disk.hits >= 1 and bool(set(_events(log)[already:]) & TELLING), process, "the log says it")
            time.sleep(trouble.lasts_seconds)
            doctor = _ask_doctor(root, faults)
            told = tuple(dict.fromkeys(event for event in _events(log)[already:] if event in TELLING))
            disk.relieve()
            began = time.monotonic()
            wait_for(lambda: is_over(scene, len(dropped)), process, "every flow is answered")
            seconds = time.monotonic() - began
            hits = disk.hits
        broken = [*check(tuple(dropped), scene)]
    if str(root / trouble.place) not in doctor:
        broken.append(Broken(promise="flux doctor says where the trouble is", seen=doctor or "nothing"))
    if seconds > RELIEF_SECONDS:
        broken.append(Broken(promise="flux goes on by itself", seen=f"{seconds:.1f} s after the disk did"))
    return Outcome(name=name, failures=hits, told=told, seconds=seconds, broken=tuple(broken))


class _Disk(Protocol):
    """A disk that can be made to fail; `hits` are the calls that did."""

    @property
    def hits(self) -> int:
        """How many calls failed, as far as anybody knows."""

    def begin(self) -> None:
        """Let the trouble begin."""

    def relieve(self) -> None:
        """Let it end."""


class _Shim:
    """The disk as the shim shows it."""

    def __init__(self, faults: Faults, trouble: Trouble) -> None:
        self._faults = faults
        self._trouble = trouble

    @property
    def hits(self) -> int:
        """How many calls failed."""
        return self._faults.hits

    def begin(self) -> None:
        """Let the trouble begin."""
        trouble = self._trouble
        self._faults.begin(trouble.error, trouble.kinds, place=trouble.place, after=trouble.after)

    def relieve(self) -> None:
        """Let it end."""
        self._faults.relieve()


class _SmallDisk:
    """A disk of 2 MiB, filled to its last byte."""

    def __init__(self, place: Path) -> None:
        self._ballast = place / ".ballast"
        self.hits = 0

    def begin(self) -> None:
        """Fill it."""
        with suppress(OSError), self._ballast.open("wb", buffering=0) as file:
            while file.write(bytes(4096)):
                continue
        self.hits = 1  # the one that told us; flux's own are not counted

    def relieve(self) -> None:
        """Make room."""
        self._ballast.unlink()


@contextmanager
def _disk(root: Path, faults: Faults, trouble: Trouble) -> Iterator[_Disk]:
    if not trouble.is_real:
        yield _Shim(faults, trouble)
        return
    place = root / trouble.place
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], check=True)
    try:
        yield _SmallDisk(place)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def _ask_doctor(root: Path, faults: Faults) -> str:
    """What it finds amiss, empty where its exit code says that all is well."""
    command = [sys.executable, "-m", "flux", "doctor", "--json", "--config", str(root / "config.toml")]
    environment = os.environ | shim_environment(root, faults=faults)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    said = [json.loads(line) for line in done.stdout.splitlines()]
    return (
        "; ".join(f"{each['state']}: {each['advice']}" for each in said if not each["well"]) if done.returncode else ""
    )


# Events that tell an operator that something of ours is wrong.
TELLING = frozenset(
    {
        "ledger_failed",
        "ledger_refused_arrivals",
        "intake_paused",
        "claims_not_synced",
        "flow_postponed",
        "delivery_postponed",
        "delivery_crashed",
        "delivery_disk_failed",
        "delivery_source_unreadable",
        "delivery_ledger_failed",
        "delivery_breaker_opened",
        "claim_not_dropped",
        "file_not_put_back",
        "folder_unreadable",
        "file_not_claimed",
    }
)


@contextmanager
def running(root: Path, faults: Faults, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A gateway whose disk the shim shows."""
    command = [sys.executable, "-m", "flux", "run", "--config", str(root / "config.toml")]
    with log.open("wb") as stream:
        process = subprocess.Popen(command, env=os.environ | shim_environment(root, faults=faults), stderr=stream)
        try:
            yield process
        finally:
            faults.relieve()
            process.terminate()
            process.wait(LIMIT_SECONDS)


def scene_of(root: Path) -> Scene:
    """Where the checker looks."""
    servers = {name: root / "outbox" / name for name in ("frn001", "sei001")}
    for folder in servers.values():
        folder.mkdir(parents=True, exist_ok=True)
    return Scene(ledger=root / "var" / "ledger.db", vault=root / "var" / "vault", inbox=root / "inbox", servers=servers)


def _answered(scene: Scene) -> int:
    return sum(1 for _ in scene.servers["frn001"].glob("CSO*"))


def is_over(scene: Scene, flows: int) -> bool:
    """True once every flow is answered and nothing is due any more."""
    return _answered(scene) == flows and not any(True for _ in check_due(scene))


def check_due(scene: Scene) -> Iterator[Broken]:
    """What the checker finds unfinished."""
    return (broken for broken in check((), scene) if "is due" in broken.seen or "is answered" in broken.seen)


def _events(log: Path) -> list[str]:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [json.loads(line).get("event", "") for line in lines if line.startswith("{") and line.endswith("}")]


def wait_for(is_so: Callable[[], bool], process: "subprocess.Popen[bytes]", what: str) -> None:
    """Wait until something is so. Raises RuntimeError where the process ends, TimeoutError where it takes too long."""
    until = time.monotonic() + LIMIT_SECONDS
    while not is_so():
        if process.poll() is not None:
            raise RuntimeError(f"the gateway ended with {process.returncode} before {what}")
        if time.monotonic() > until:
            raise TimeoutError(f"{LIMIT_SECONDS:.0f} s, and not yet: {what}")
        time.sleep(0.05)


@click.command()
@click.option("--only", default="", help="Only troubles whose name contains this.")
@click.option("--json", "as_json", is_flag=True)
def main(only: str, *, as_json: bool) -> None:
    """Make disks fail under a running gateway; exit 1 where it did not go on as promised."""
    outcomes = []
    is_root = os.geteuid() == 0
    chosen = [(name, each) for name, each in TROUBLES.items() if only in name and (is_root or not each.is_real)]
    if not is_root:
        click.echo("without root no disk can be mounted: the real one is left out", err=True)
    for name, trouble in track(chosen, description="storage", disable=not sys.stderr.isatty()):
        with tempfile.TemporaryDirectory(prefix="flux-storage-") as folder:
            try:
                outcomes.append(go_through(name, trouble, Path(folder)))
            except (RuntimeError, TimeoutError) as error:
                broken = Broken(promise="flux lives on", seen=str(error))
                outcomes.append(Outcome(name=name, failures=0, told=(), seconds=0.0, broken=(broken,)))
    click.echo(json.dumps([asdict(each) for each in outcomes]) if as_json else _table(outcomes))
    sys.exit(any(each.broken for each in outcomes))


def _table(outcomes: Sequence[Outcome]) -> str:
    lines = ["| trouble | calls that failed | told in the log | answered after relief | |", "|---|--:|---|--:|---|"]
    for each in outcomes:
        verdict = "; ".join(map(str, each.broken)) or "well"
        lines.append(f"| {each.name} | {each.failures} | {', '.join(each.told)} | {each.seconds:.1f} s | {verdict} |")
    times = [each.seconds for each in outcomes if not each.broken]
    if times:
        lines.append(f"\nmedian {statistics.median(times):.1f} s, longest {max(times):.1f} s")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
