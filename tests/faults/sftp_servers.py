"""Real OpenSSH and real ProFTPD under a link that breaks anywhere, sessions that are killed, and a server that reads slowly.

    python -m tests.faults.sftp_servers [--breaks N] [--json]

Needs sshd, and proftpd with mod_sftp.
"""

import argparse
import json
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from flux.demo.sshd import LoopbackSshd
from flux.errors import TransportRefused
from flux.ledger.memory import open_memory
from flux.model.lifecycle import DeliveryState
from flux.transport.probe import ProbeStatus, probe
from flux.transport.settings import RenameMode, TransportKind, TransportSettings
from flux.transport.sftp import SftpTransport
from tests.contract.ledger_desk import Desk
from tests.faults.sftp_sweep import CONTENT, Delivered, deliver, pull
from tests.servers.flaky_link import FlakyLink
from tests.servers.misbehaving_sftp import Behaviour, Fault, Record
from tests.servers.proftpd import Proftpd

WELL = "well"
# A slow line, and the profile's own patience.
SLOW_BYTES_PER_SECOND = 100_000.0
SLOW_BYTES = 1_500_000


class Server(Protocol):
    """A real server on the loopback, to be entered."""

    host: str
    port: int
    user: str
    known_hosts: str
    key_file: Path

    def home(self, name: str) -> Path:
        """A folder of the server's."""
        ...

    def drop_connections(self) -> None:
        """Kill every session."""
        ...


class WatchedSite:
    """A folder of a real server, looked at all the time: whatever is seen under a final name is remembered."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.folder = folder
        self.behaviour = Behaviour()
        self.record = Record()
        self._server = server
        self._seen: set[tuple[str, int]] = set()
        self._looking = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def behave(
        self, behaviour: Behaviour | None = None, plan: Mapping[int, Fault] | Mapping[str, Fault] | None = None
    ) -> None:
        """Start anew: nothing seen yet. A real server behaves as it does."""
        assert behaviour is None
        assert not plan
        with self._looking:  # what is looked at now was there before
            self.record = Record()
            self._seen = set()

    def drop_connections(self) -> None:
        """Kill every session."""
        self._server.drop_connections()

    def visible(self) -> Mapping[str, bytes]:
        """Every file under a final name."""
        return {path.name: path.read_bytes() for path in self.folder.iterdir() if not path.name.startswith(".")}

    def hidden(self) -> list[str]:
        """Every file under a temporary name."""
        return [path.name for path in self.folder.iterdir() if path.name.startswith(".")]

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look until the block ends."""
        self._thread.start()
        try:
            yield
        finally:
            self._ended.set()
            self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.0005):
            with self._looking:
                for path in self.folder.iterdir():
                    if not path.name.startswith("."):
                        self._look(path)

    def _look(self, path: Path) -> None:
        try:
            key, content = (path.name, path.stat().st_ino), path.read_bytes()
        except FileNotFoundError:  # taken away while we looked
            return
        if key not in self._seen:
            self._seen.add(key)
            self.record.appeared.append((path.name, content))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One real server with its folder, a ledger, and how often a link is to break."""

    server: Server
    site: WatchedSite
    desk: Desk
    root: Path
    breaks: int

    def settings(self, port: int | None = None, **changes: object) -> TransportSettings:
        """The profile that reaches the server, or a link to it."""
        port = port or self.server.port
        profile = TransportSettings(
            kind=TransportKind.SFTP,
            path=str(self.site.folder),
            host=self.server.host,
            port=port,
            user=self.server.user,
            key_file=self.server.key_file,
            host_keys=(self.server.known_hosts.replace(f":{self.server.port} ", f":{port} "),),
        )
        return replace(profile, **changes)  # type: ignore[arg-type] # the names of its fields


def main() -> int:
    """Try everything on both, print a table; 1 where anything is not well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--breaks", type=int, default=60, help="how many places of a link's way are tried")
    parser.add_argument("--json", action="store_true", dest="as_json")
    arguments = parser.parse_args()
    with LoopbackSshd() as openssh, Proftpd() as proftpd:
        servers: Mapping[str, Server] = {"OpenSSH": openssh, "ProFTPD": proftpd}
        results = {name: try_server(server, arguments.breaks) for name, server in servers.items()}
    print(json.dumps(results, indent=1) if arguments.as_json else _table(results))
    return 0 if all(found.startswith(WELL) for trials in results.values() for found in trials.values()) else 1


def try_server(server: Server, breaks: int) -> dict[str, str]:
    """Every trial on one running server, with what was found."""
    with ExitStack() as stack:
        site = WatchedSite(server, server.home("partner"))
        stack.enter_context(site.watched())
        root = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        desk = Desk(stack.enter_context(closing(open_memory())))
        bench = Bench(server=server, site=site, desk=desk, root=root, breaks=breaks)
        return {asked: trial(bench) for asked, trial in TRIALS.items()}


def _try_probe(bench: Bench) -> str:
    failed = [each for each in probe(bench.settings()).results if each.status is not ProbeStatus.OK]
    return "; ".join(f"{each.step.value}: {each.reason}" for each in failed) or WELL


def break_deliveries(bench: Bench, rename: RenameMode, on_break: Callable[[], None] | None = None) -> str:
    """Deliver once whole, to see how long the way is, then once for each place at which it breaks."""
    with FlakyLink(bench.server.port) as link:
        faults = _faults_of(deliver(bench.desk, bench.site, bench.settings(link.port, rename=rename)))
        length = link.passed
    broken = 0
    for number in range(bench.breaks):
        with FlakyLink(bench.server.port, break_after=1 + length * number // bench.breaks, on_break=on_break) as link:
            profile = bench.settings(link.port, rename=rename)
            done = deliver(bench.desk, bench.site, profile)
            broken += link.is_broken
        faults += [f"at {number}: {fault}" for fault in _faults_of(done)]
        faults += [f"at {number}: {name} is left" for name in bench.site.hidden()]
    return "; ".join(faults) or f"{WELL}: {broken} breaks"


def _faults_of(done: Delivered) -> list[str]:
    faults = [] if done.state is DeliveryState.DELIVERED else [f"{done.state.value}: {done.error}"]
    if done.there != {done.name: CONTENT}:
        faults.append(f"there is {[(name, len(content)) for name, content in done.there.items()]}")
    if any(content != CONTENT for _, content in done.appeared) or len(done.appeared) > 1:
        faults.append(f"there appeared {[(name, len(content)) for name, content in done.appeared]}")
    return faults


def break_pulls(bench: Bench) -> str:
    """Pull once whole, then once for each place at which the way breaks."""
    with FlakyLink(bench.server.port) as link:
        faults = _faults_of_pull(bench, link, "whole")
        length = link.passed
    broken = 0
    for number in range(bench.breaks):
        with FlakyLink(bench.server.port, break_after=1 + length * number // bench.breaks) as link:
            faults += _faults_of_pull(bench, link, str(number))
            broken += link.is_broken
    return "; ".join(faults) or f"{WELL}: {broken} breaks"


def _faults_of_pull(bench: Bench, link: FlakyLink, name: str) -> list[str]:
    root = bench.root / name
    root.mkdir()
    done = pull(root, bench.site, bench.settings(link.port))
    if done.flows == (CONTENT,) and not done.there:
        return []
    return [f"at {name}: {len(done.flows)} flows, left {list(done.there)}: {done.reports}"]


def try_replacing(bench: Bench) -> str:
    """A file of that name, with other bytes, is there: replaced where the profile allows, else left alone and said."""
    source, there = bench.root / "replacing", bench.site.folder / "taken.xml"
    source.write_bytes(CONTENT)
    faults = []
    for rename in (RenameMode.POSIX, RenameMode.PLAIN, RenameMode.NONE):
        for overwrite in (True, False):
            there.write_bytes(b"another")
            with closing(SftpTransport(bench.settings(rename=rename, overwrite=overwrite))) as transport:
                try:
                    transport.put(source, "", there.name)
                    found = "replaced"
                except TransportRefused:
                    found = "refused"
            wanted = ("replaced", CONTENT) if overwrite else ("refused", b"another")
            if (found, there.read_bytes()) != wanted or bench.site.hidden():
                faults.append(f"{rename.value}, overwrite {overwrite}: {found}, {bench.site.hidden()}")
    there.unlink()
    return "; ".join(faults) or WELL


def _try_slow(bench: Bench) -> str:
    """A server that reads slowly, and gives at its own pace, is not taken for one that is gone."""
    source, target = bench.root / "slow", bench.root / "fetched"
    source.write_bytes(bytes(SLOW_BYTES))
    with FlakyLink(bench.server.port, bytes_per_second=SLOW_BYTES_PER_SECOND) as link:
        connections = closing(SftpTransport(bench.settings(link.port)))
        with connections as transport:
            transport.put(source, "", "slow.xml")
            transport.fetch("", "slow.xml", target)
            transport.remove("", "slow.xml")
    is_whole = target.stat().st_size == SLOW_BYTES and not bench.site.visible() and not bench.site.hidden()
    return WELL if is_whole else f"left {bench.site.visible().keys()} {bench.site.hidden()}"


TRIALS: Mapping[str, Callable[[Bench], str]] = {
    "a probe finds every step": _try_probe,
    "a link reset anywhere on a delivery's way, posix-rename: once, whole, nothing left over": lambda bench: (
        break_deliveries(bench, RenameMode.POSIX)
    ),
    "the same, the protocol's own rename": lambda bench: break_deliveries(bench, RenameMode.PLAIN),
    "sessions killed anywhere on a delivery's way": lambda bench: break_deliveries(
        bench, RenameMode.POSIX, bench.server.drop_connections
    ),
    "a link reset anywhere on a pull's way: one whole flow, the file removed": break_pulls,
    "another file bears the name: replaced, or left alone and said": try_replacing,
    f"a server that reads {SLOW_BYTES_PER_SECOND / 1000:.0f} kB/s, 8 s of patience, {SLOW_BYTES / 1e6} MB": _try_slow,
}


def _table(results: Mapping[str, Mapping[str, str]]) -> str:
    rows = [f"| {asked} | {' | '.join(results[name][asked] for name in results)} |" for asked in TRIALS]
    return "\n".join([f"| asked | {' | '.join(results)} |", f"|---|{'---|' * len(results)}", *rows])


if __name__ == "__main__":
    sys.exit(main())
