"""The inbox of the real `flux run` under fire from other processes; what became of each file is read from the ledger's own tables.

python -m tests.faults.inbox [--files N] [--pause SECONDS] [--only SITUATION] [--json]
"""

import hashlib
import json
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import psycopg

from flux.demo.samples import Sample, write_ubl
from tests.acceptance.installation import PARTNERS, wait_until
from tests.faults.checker import Broken
from tests.faults.gateways import Site, timed
from tests.servers.postgres import run_postgres

LIMIT_SECONDS = 600.0
# What a dropped file was: its name and the hash of all its bytes.
History = Counter[tuple[str, str]]

# Written by another process, as fast as it can, with nothing but the standard library.
_BURST = """
import pathlib, sys
folder, count, document = pathlib.Path(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3]).read_bytes()
for number in range(count):
    (folder / f"burst-{number:06}.xml").write_bytes(document + b"<!-- %d -->" % number)
"""
# Half of the bytes, a pause with the file open, the other half.
_PAUSE = """
import pathlib, sys, time
target, document, seconds = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).read_bytes(), float(sys.argv[3])
with target.open("wb", buffering=0) as file:
    file.write(document[:len(document) // 2])
    time.sleep(seconds)
    file.write(document[len(document) // 2:])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a situation showed: how many files, how long until each was a flow, the gateway's largest memory, broken promises."""

    situation: str
    files: int
    seconds: float
    peak_mib: int
    broken: tuple[Broken, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where a situation plays."""

    root: Path
    files: int
    pause_seconds: float
    chance: random.Random
    clean_up: ExitStack

    def start(self, site: Site) -> "subprocess.Popen[str]":
        """Start a gateway, stopped when the situation is over."""
        process = self.clean_up.enter_context(site.running())
        site.await_told("gateway_started")
        return process

    def make_document(self) -> Path:
        """An invoice for other processes to drop."""
        path = self.root / "document.xml"
        path.write_bytes(write_ubl(Sample(line_count=1)))
        return path


def burst(stage: Stage) -> Outcome:
    """Files from another process, as fast as it writes."""
    return _take_burst(stage, "burst", is_frozen=False)


def overflow(stage: Stage) -> Outcome:
    """The same while the gateway stands still: more events than the kernel keeps."""
    return _take_burst(stage, "overflow", is_frozen=True)


def pausing_writers(stage: Stage) -> Outcome:
    """Writers that pause with their file open, far longer than a file must lie still; others rename and link in."""
    site = Site(stage.root / "site")
    process = stage.start(site)
    folder, outside = site.root / "inbox" / "libre", stage.root
    history: History = Counter()
    writers: list[subprocess.Popen[bytes]] = []
    with timed() as taken:
        for number in range(10):
            document = outside / f"document-{number}.xml"
            document.write_bytes(write_ubl(Sample(number=f"W{number}", line_count=100)))
            pause = stage.chance.uniform(0.5, 1.0) * stage.pause_seconds
            arguments: list[str | Path] = [
                sys.executable,
                "-c",
                _PAUSE,
                folder / f"slow-{number}.xml",
                document,
                str(pause),
            ]
            writers.append(subprocess.Popen(arguments))
            (folder / f"linked-{number}.xml").hardlink_to(document)
            (outside / f"r{number}").write_bytes(document.read_bytes())
            (outside / f"r{number}").rename(folder / f"renamed-{number}.xml")
            digest = hashlib.sha256(document.read_bytes()).hexdigest()
            history.update((f"{how}-{number}.xml", digest) for how in ("slow", "linked", "renamed"))
        for writer in writers:
            writer.wait(LIMIT_SECONDS)
        wait_until(lambda: site.received >= history.total(), "each file is a flow", LIMIT_SECONDS)
    return _outcome("pausing writers", site, history, taken[0], process)


def same_name(stage: Stage) -> Outcome:
    """The same name again and again while the former file is treated: each content is a flow of its own."""
    site = Site(stage.root / "site")
    process = stage.start(site)
    history: History = Counter()
    with timed() as taken:
        for number in range(50):
            data = write_ubl(Sample(number=f"N{number}", line_count=1))
            place = site.root / "inbox" / "libre" / "invoice.xml"
            wait_until(lambda: not place.exists(), "the former one is claimed")  # noqa: B023 - asked at once
            site.drop("libre", place.name, data)
            history[place.name, hashlib.sha256(data).hexdigest()] += 1
        wait_until(lambda: site.received >= history.total(), "each file is a flow", LIMIT_SECONDS)
    return _outcome("same name", site, history, taken[0], process)


def two_gateways(stage: Stage) -> Outcome:
    """Two gateways of different names on one inbox, one outbox and one PostgreSQL."""
    postgres = stage.clean_up.enter_context(run_postgres())
    url = postgres.create_database()
    more = f'[ledger]\nurl = "{url}"'
    first = Site(stage.root / "site", name="one", more=more)
    process = stage.start(first)
    second = Site(stage.root / "site", name="two", more=more)
    stage.clean_up.enter_context(second.running())
    second.await_told("gateway_started", 2)
    count = min(stage.files, 2000)
    history = _burst_history(stage.make_document(), count)
    with timed() as taken:
        _drop_burst(first, stage, count)
        wait_until(lambda: len(_ask_postgres(url)) >= count, "each file is a flow", LIMIT_SECONDS)
    rows = Counter((name, sha) for _, name, sha in _ask_postgres(url))
    gateways = {gateway for gateway, _, _ in _ask_postgres(url)}
    broken = [*_compare(history, rows), *_left_in(first)]
    if gateways != {"one", "two"}:
        broken.append(Broken(promise="both gateways take files", seen=str(gateways)))
    return Outcome(
        situation="two gateways",
        files=count,
        seconds=round(taken[0], 1),
        peak_mib=_peak_mib(process.pid),
        broken=tuple(broken),
    )


def second_on_sqlite(stage: Stage) -> Outcome:
    """A second gateway on an SQLite ledger refuses to start, and the first goes on."""
    site = Site(stage.root / "site")
    process = stage.start(site)
    with timed() as taken:
        refused = site.start().wait(30)
        site.drop("libre", "a.xml", write_ubl(Sample()))
        wait_until(lambda: site.received == 1, "the first goes on")
    told = (site.root / "flux.log").read_text(encoding="utf-8")
    broken = [] if refused == 2 and "another flux runs" in told else [Broken(promise="refused", seen=f"code {refused}")]
    return Outcome(
        situation="second on SQLite",
        files=1,
        seconds=round(taken[0], 1),
        peak_mib=_peak_mib(process.pid),
        broken=tuple(broken),
    )


SITUATIONS: dict[str, Callable[[Stage], Outcome]] = {
    "burst": burst,
    "overflow": overflow,
    "pausing writers": pausing_writers,
    "same name": same_name,
    "two gateways": two_gateways,
    "second on SQLite": second_on_sqlite,
}


def play(name: str, root: Path, *, files: int, pause_seconds: float, seed: int) -> Outcome:
    """One situation in a fresh folder."""
    with ExitStack() as clean_up:
        chance = random.Random(seed)
        return SITUATIONS[name](
            Stage(root=root, files=files, pause_seconds=pause_seconds, chance=chance, clean_up=clean_up)
        )


def _take_burst(stage: Stage, name: str, *, is_frozen: bool) -> Outcome:
    site = Site(stage.root / "site", partners=PARTNERS)
    process = stage.start(site)
    history = _burst_history(stage.make_document(), stage.files)
    if is_frozen:
        process.send_signal(signal.SIGSTOP)
        _drop_burst(site, stage, stage.files)
        process.send_signal(signal.SIGCONT)
    with timed() as taken:
        if not is_frozen:
            _drop_burst(site, stage, stage.files)
        wait_until(lambda: site.received >= stage.files, "each file is a flow", LIMIT_SECONDS)
    return _outcome(name, site, history, taken[0], process)


def _drop_burst(site: Site, stage: Stage, count: int) -> None:
    folder = site.root / "inbox" / "libre"
    arguments = [sys.executable, "-c", _BURST, str(folder), str(count), str(stage.make_document())]
    subprocess.run(arguments, check=True, timeout=LIMIT_SECONDS)


def _burst_history(document: Path, count: int) -> History:
    data = document.read_bytes()
    return Counter(
        (f"burst-{number:06}.xml", hashlib.sha256(data + b"<!-- %d -->" % number).hexdigest())
        for number in range(count)
    )


def _outcome(name: str, site: Site, history: History, seconds: float, process: "subprocess.Popen[str]") -> Outcome:
    peak = _peak_mib(process.pid)
    process.send_signal(signal.SIGTERM)
    code = process.wait(30)
    rows = Counter((str(file), str(sha)) for file, sha in site.ask("SELECT name, sha256 FROM flows"))
    broken = [*_compare(history, rows), *_left_in(site)]
    if code:
        broken.append(Broken(promise="a stop ends with 0", seen=str(code)))
    return Outcome(
        situation=name, files=history.total(), seconds=round(seconds, 1), peak_mib=peak, broken=tuple(broken)
    )


def _compare(history: History, rows: History) -> Iterator[Broken]:
    for file, sha in (history - rows).keys() | (rows - history).keys():
        yield Broken(promise="each file is one flow", seen=f"{file} {sha[:8]}: {rows[file, sha]} flows")


def _left_in(site: Site) -> Iterator[Broken]:
    for path in (site.root / "inbox").rglob("*"):
        if path.is_file():
            yield Broken(promise="nothing is left in the inbox", seen=str(path))


def _ask_postgres(url: str) -> list[tuple[str, str, str]]:
    with closing(psycopg.connect(url)) as connection:
        return [
            (str(gateway), str(name), str(sha))
            for gateway, name, sha in connection.execute("SELECT gateway, name, sha256 FROM flows").fetchall()
        ]


def _peak_mib(pid: int) -> int:
    """The most memory that a process ever held."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


@click.command()
@click.option("--files", default=20_000, show_default=True, help="Of a burst.")
@click.option("--pause", "pause_seconds", default=150.0, show_default=True, help="The longest pause of a writer.")
@click.option("--seed", default=20261128, show_default=True)
@click.option("--only", type=click.Choice(sorted(SITUATIONS)), help="Only this situation.")
@click.option("--json", "as_json", is_flag=True)
def main(files: int, pause_seconds: float, seed: int, only: str | None, *, as_json: bool) -> None:
    """Put the inbox under fire; exit 1 where a file is not exactly one flow."""
    if not as_json:
        click.echo(f"seed {seed}\n| situation | files | seconds | files/s | gateway's peak, MiB | not as promised |")
        click.echo("|---|--:|--:|--:|--:|--:|")
    failed = 0
    for name in [only] if only else SITUATIONS:
        with tempfile.TemporaryDirectory(prefix="flux-inbox-") as folder:
            done = play(name, Path(folder), files=files, pause_seconds=pause_seconds, seed=seed)
        failed += len(done.broken)
        if as_json:
            click.echo(json.dumps(asdict(done)))
            continue
        speed = f"{done.files / done.seconds:.0f}" if done.seconds else ""
        click.echo(f"| {name} | {done.files} | {done.seconds} | {speed} | {done.peak_mib} | {len(done.broken)} |")
        for each in done.broken[:10]:
            click.echo(str(each), err=True)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
