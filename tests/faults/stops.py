"""SIGTERM to the real `flux run` in every situation that could hold it up: how long it takes, and what a restart then finds.

python -m tests.faults.stops [--runs N] [--only SITUATION] [--json]
"""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from flux.demo.samples import Sample, write_ubl
from flux.demo.sshd import LoopbackSshd
from tests.acceptance.installation import PARTNERS, wait_until
from tests.acceptance.test_kill import workers_of
from tests.faults.checker import Broken
from tests.faults.gateways import Site, describe, timed
from tests.servers.postgres import run_postgres

LIMIT_SECONDS = 10.0
LARGE_BYTES = 90 * 2**20
Gateway = subprocess.Popen[str]
_PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHRoaXMga2V5IGlzIG5vYm9keSdzLCBvcGVucyBub3Ro"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """How a gateway ended: its exit code, the seconds from the first signal, what it said, and what a restart broke."""

    situation: str
    code: int
    seconds: float
    said: str
    broken: tuple[Broken, ...]

    @property
    def is_well(self) -> bool:
        """Code 0 in time, and nothing lost or twice."""
        return self.code == 0 and self.seconds <= LIMIT_SECONDS and not self.broken


@dataclass(slots=True, kw_only=True)
class Stage:
    """Where a situation is set up. `relieve` is done between the end and the restart."""

    root: Path
    stop_seconds: float
    clean_up: ExitStack
    relieve: ExitStack

    def make_site(self, more: str = "", partners: str = PARTNERS) -> Site:
        return Site(self.root, stop_seconds=self.stop_seconds, more=more, partners=partners)

    def start(self, site: Site) -> Gateway:
        """Start a gateway that is killed at the latest when the trial is over."""
        process = site.start()
        self.clean_up.callback(_kill, process)
        return process


# Sets up, and gives the site, its gateway at the moment of the signal, and how many signals come.
Situation = Callable[[Stage], tuple[Site, Gateway, int]]


def idle(stage: Stage) -> tuple[Site, Gateway, int]:
    """Nothing to do."""
    site = stage.make_site()
    process = stage.start(site)
    site.await_told("gateway_started")
    return site, process, 1


def starting(stage: Stage) -> tuple[Site, Gateway, int]:
    """A flow waits, and the start has just begun."""
    site = stage.make_site()
    site.drop_flow()
    process = stage.start(site)
    site.await_told("gateway_starting")
    return site, process, 1


def busy(stage: Stage) -> tuple[Site, Gateway, int]:
    """Many flows under treatment."""
    site = stage.make_site()
    for _ in range(30):
        site.drop_flow(10)
    process = stage.start(site)
    wait_until(lambda: bool(site.put_out("frn001", "CSO*")), "the first report")
    return site, process, 1


def large_document(stage: Stage) -> tuple[Site, Gateway, int]:
    """A worker in the middle of a document of 90 MB."""
    site = stage.make_site()
    _drop_large(site)
    process = stage.start(site)
    site.await_told("gateway_started")
    wait_until(lambda: any(_resident(pid) > 2 * LARGE_BYTES for pid in workers_of(process.pid)), "a worker reads")
    return site, process, 1


def hung_workers(stage: Stage) -> tuple[Site, Gateway, int]:
    """No worker does anything any more."""
    site = stage.make_site()
    process = stage.start(site)
    site.await_told("gateway_started")
    _freeze_workers(process)
    for _ in range(3):
        site.drop_flow()
    wait_until(lambda: site.received == 3, "the flows are received")
    # Only then does the engine hear of them.
    wait_until(lambda: _is_at_rest(process.pid), "the gateway waits for its workers")
    return site, process, 1


def second_signal(stage: Stage) -> tuple[Site, Gateway, int]:
    """No worker does anything any more, and the operator does not wait."""
    site, process, _ = hung_workers(stage)
    return site, process, 2


def silent_recipient(stage: Stage) -> tuple[Site, Gateway, int]:
    """A partner's server accepts the connection and says nothing."""
    return _silent(stage, "delivery")


def silent_pickup(stage: Stage) -> tuple[Site, Gateway, int]:
    """A partner's server, from which files are fetched, accepts the connection and says nothing."""
    return _silent(stage, "pickup")


def in_a_fetch(stage: Stage) -> tuple[Site, Gateway, int]:
    """The server stands still in the middle of a file that is fetched."""
    sshd = stage.clean_up.enter_context(LoopbackSshd())
    home = stage.root.parent / f"{stage.root.name}-server"
    home.mkdir()
    end = _sftp("pickup", sshd.port, path=str(home), user=sshd.user, key=str(sshd.key_file), host_key=sshd.known_hosts)
    site = stage.make_site(more=end.replace("poll_seconds = 30", "poll_seconds = 0.1"))
    document = write_ubl(Sample(number="S1-0"))
    data = document + (b"<!--" + b"x" * 2**20 + b"-->\n") * 60
    flow = describe(1, data, ["S1-0"])
    (home / flow.name).write_bytes(data)
    site.dropped.append(flow)
    process = stage.start(site)
    claims = site.root / "inbox" / "frn001"
    wait_until(lambda: any(part.stat().st_size for part in claims.glob(".claims/*/.*part*")), "bytes come")
    for pid in _sessions_of(sshd):
        os.kill(pid, signal.SIGSTOP)
        stage.relieve.callback(_continue, pid)
    return site, process, 1


def ledger_gone(stage: Stage) -> tuple[Site, Gateway, int]:
    """PostgreSQL was killed."""
    return _on_postgresql(stage, signal.SIGKILL)


def ledger_frozen(stage: Stage) -> tuple[Site, Gateway, int]:
    """PostgreSQL stands still: connected, and silent."""
    return _on_postgresql(stage, signal.SIGSTOP)


SITUATIONS: dict[str, Situation] = {
    each.__name__.replace("_", " "): each
    for each in (
        idle,
        starting,
        busy,
        large_document,
        hung_workers,
        second_signal,
        silent_recipient,
        silent_pickup,
        in_a_fetch,
        ledger_gone,
        ledger_frozen,
    )
}

# Where the checker, which reads SQLite, has nothing to read.
ON_POSTGRESQL = ("ledger gone", "ledger frozen")


def stop(name: str, root: Path, stop_seconds: float = 8.0) -> Stopped:
    """Bring a gateway into a situation, end it, start it again, and look."""
    with ExitStack() as clean_up, ExitStack() as relieve:
        stage = Stage(root=root, stop_seconds=stop_seconds, clean_up=clean_up, relieve=relieve)
        site, process, signals = SITUATIONS[name](stage)
        with timed() as taken:
            for number in range(signals):
                site.await_told("gateway_stopping", number)
                process.send_signal(signal.SIGTERM)
            code = process.wait(3 * LIMIT_SECONDS)
        left = workers_of(process.pid)
        relieve.close()
        broken = [Broken(promise="no process is left", seen=str(pid)) for pid in left]
        broken += site.finish() if name not in ON_POSTGRESQL else ()
        told = (*site.told("given_back"), *site.told("gateway_stopped")[:1])
        said = "; ".join(
            ", ".join(f"{key} {value}" for key, value in line.items() if key != "timestamp") for line in told
        )
        return Stopped(situation=name, code=code, seconds=round(taken[0], 2), said=said, broken=tuple(broken))


def _silent(stage: Stage, side: str) -> tuple[Site, Gateway, int]:
    server = stage.relieve.enter_context(closing(socket.create_server(("127.0.0.1", 0))))
    server.settimeout(30)
    port = server.getsockname()[1]
    pinned = f"[127.0.0.1]:{port} {_PUBLIC_KEY}"
    end = _sftp(side, port, path="/", user="flux", key="key", host_key=pinned)
    site = stage.make_site(more=end)
    if side == "delivery":
        site.drop_flow()
    process = stage.start(site)
    link, _ = server.accept()
    stage.relieve.callback(link.close)
    stage.relieve.callback(Site, site.root)  # the restart delivers by folder
    return site, process, 1


def _sftp(side: str, port: int, *, path: str, user: str, key: str, host_key: str) -> str:
    return f"""[partners.frn001.{side}]
kind = "sftp"
host = "127.0.0.1"
port = {port}
user = "{user}"
key_file = "{key}"
host_keys = ["{host_key}"]
path = "{path}"
poll_seconds = 30
"""


def _on_postgresql(stage: Stage, fate: signal.Signals) -> tuple[Site, Gateway, int]:
    postgres = stage.clean_up.enter_context(run_postgres())
    site = stage.make_site(more=f'[ledger]\nurl = "{postgres.create_database()}"')
    process = stage.start(site)
    site.await_told("gateway_started")
    for pid in _processes_in(postgres.folder):
        os.kill(pid, fate)
        stage.relieve.callback(_continue, pid)
    site.drop_flow()
    wait_until(lambda: _is_held_up(site, fate), "the loss is felt")
    return site, process, 1


def _is_held_up(site: Site, fate: signal.Signals) -> bool:
    if fate is signal.SIGKILL:
        return bool(site.told("ledger_refused_arrivals"))
    return any((site.root / "inbox" / "frn001").glob(".claims/*/*/*"))


def _processes_in(folder: Path) -> list[int]:
    """The server of that data folder and every process of it."""
    postmaster = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    return [postmaster, *_children_of(postmaster)]


def _children_of(parent: int) -> list[int]:
    found: list[int] = []
    for file in Path(f"/proc/{parent}/task").glob("*/children"):
        for child in map(int, file.read_text().split()):
            found += [child, *_children_of(child)]
    return found


def _sessions_of(sshd: LoopbackSshd) -> list[int]:
    """The processes of that server's connections."""
    return _children_of(sshd._process.pid)


def _continue(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        return


def _freeze_workers(process: Gateway) -> None:
    wait_until(lambda: len(workers_of(process.pid)) == 2, "workers start")
    for pid in workers_of(process.pid):
        os.kill(pid, signal.SIGSTOP)


def _is_at_rest(pid: int) -> bool:
    """In a quarter of a second it took no more of a processor than to look whether there is anything to do."""
    before = _processor_time(pid)
    time.sleep(0.25)
    return _processor_time(pid) <= before + 2


def _processor_time(pid: int) -> int:
    """In hundredths of a second."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return int(fields[11]) + int(fields[12])


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _drop_large(site: Site) -> None:
    """An invoice of many lines: it takes a worker the better part of a minute."""
    line_bytes = (len(write_ubl(Sample(line_count=200))) - len(write_ubl(Sample(line_count=100)))) / 100
    site.drop_flow(lines=int(LARGE_BYTES / line_bytes))


def _kill(process: Gateway) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="flux-stops-") as name:
        yield Path(name)


@click.command()
@click.option("--runs", default=3, show_default=True)
@click.option("--only", type=click.Choice(sorted(SITUATIONS)), help="Only this situation.")
@click.option("--json", "as_json", is_flag=True)
def main(runs: int, only: str | None, *, as_json: bool) -> None:
    """Stop flux in every situation; exit 1 where it took more than 10 s, did not end with 0, or lost anything."""
    failed = 0
    if not as_json:
        click.echo("| situation | runs | median, s | longest, s | not as promised |\n|---|--:|--:|--:|--:|")
    for name in [only] if only else SITUATIONS:
        with _folder() as folder:
            ends = [stop(name, folder / str(run)) for run in range(runs)]
        bad = [end for end in ends if not end.is_well]
        failed += len(bad)
        if as_json:
            click.echo(json.dumps([asdict(end) for end in ends]))
            continue
        times = [end.seconds for end in ends]
        click.echo(f"| {name} | {runs} | {statistics.median(times):.2f} | {max(times):.2f} | {len(bad)} |")
        for end in bad:
            click.echo(f"code {end.code}, {end.seconds} s: {'; '.join(map(str, end.broken))}", err=True)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
