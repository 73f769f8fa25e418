"""One call of a gateway's disk fails, the first, or a later one, and all go well again: each moment in its turn.

    python -m tests.faults.storage_moments [--moments N] [--seconds S] [--only NAME]

A trouble of `storage` lasts until somebody sees it; here a single call fails, which nothing but its caller is told. The
gateway lives through all moments of a kind; after each one every flow must be answered, and the independent checker looks.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from tests.faults.checker import Broken, Dropped, check
from tests.faults.drops import drop_into
from tests.faults.shim import DISK_BROKEN, DISK_FULL, Faults, Kind
from tests.faults.storage import CONFIG, is_over, running, scene_of, wait_for

# About as many calls of a kind as three flows of four invoices need: later moments are not met.
CALLS = 400
FLOWS_PER_MOMENT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Which calls below a folder fail, and how."""

    kinds: Kind
    error: int
    place: str = ""


CALLS_THAT_FAIL: Mapping[str, Call] = {
    "a sync fails": Call(kinds=Kind.SYNC, error=DISK_BROKEN),
    "a write fails": Call(kinds=Kind.WRITE, error=DISK_BROKEN),
    "a write finds no room": Call(kinds=Kind.WRITE, error=DISK_FULL),
    "a name cannot be made": Call(kinds=Kind.MAKE, error=DISK_BROKEN),
    "a name cannot be removed": Call(kinds=Kind.REMOVE, error=DISK_BROKEN),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What became of it: `after` calls went well, the next failed if it came at all; the seconds until all was answered."""

    after: int
    was_met: bool
    seconds: float
    broken: tuple[Broken, ...]


def choose_moments(count: int) -> Sequence[int]:
    """So many moments, dense at the beginning where each call is another step, wider later."""
    return sorted({round(CALLS ** (index / max(1, count - 1))) - 1 for index in range(count)})


class Run:
    """One gateway that lives through all moments of a kind."""

    def __init__(self, root: Path, faults: Faults, process: "subprocess.Popen[bytes]") -> None:
        self._inbox = root / "inbox" / "frn001"
        self._scene = scene_of(root)
        self._faults = faults
        self._process = process
        self._dropped: list[Dropped] = []

    def treat(self, flows: int) -> None:
        """Drop so many, and wait until each is answered. Raises RuntimeError, TimeoutError."""
        first = len(self._dropped) + 1
        self._dropped += [drop_into(self._inbox, number) for number in range(first, first + flows)]
        wanted = len(self._dropped)
        wait_for(lambda: is_over(self._scene, wanted), self._process, "every flow is answered")

    def fail_once(self, call: Call, after: int) -> Moment:
        """Have one call fail while flows are treated, and look."""
        self._faults.begin(call.error, call.kinds, after=after, place=call.place, once=True)
        began, broken = time.monotonic(), list[Broken]()
        try:
            self.treat(FLOWS_PER_MOMENT)
        except (RuntimeError, TimeoutError) as error:
            broken.append(Broken(promise="flux lives on", seen=str(error)))
        seconds, hits = time.monotonic() - began, self._faults.hits
        self._faults.relieve()
        broken += check(tuple(self._dropped), self._scene)
        return Moment(after=after, was_met=bool(hits), seconds=seconds, broken=tuple(broken))


def go_through(call: Call, folder: Path, moments: Sequence[int], seconds: float) -> Iterator[Moment]:
    """One moment after the other, until the time is over; the first that breaks a promise ends it."""
    root, until = folder / "installation", time.monotonic() + seconds
    root.mkdir()
    (root / "config.toml").write_text(CONFIG, encoding="utf-8")
    faults = Faults(folder / "faults")
    with running(root, faults, folder / "log") as process:
        run = Run(root, faults, process)
        wait_for((root / "inbox" / "frn001").is_dir, process, "the gateway has started")
        run.treat(1)
        for after in moments:
            if time.monotonic() > until:
                return
            moment = run.fail_once(call, after)
            yield moment
            if moment.broken:
                return


@click.command()
@click.option("--moments", default=12, show_default=True, help="Of each kind of call.")
@click.option("--seconds", default=120.0, show_default=True, help="At most, for each kind of call.")
@click.option("--only", default="", help="Only kinds of calls whose name contains this.")
def main(moments: int, seconds: float, only: str) -> None:
    """Have single calls fail under a running gateway; exit 1 where it did not go on as promised."""
    click.echo("| what fails once | moments | met | longest until all is answered | |\n|---|--:|--:|--:|---|")
    is_broken = False
    for name, call in CALLS_THAT_FAIL.items():
        if only not in name:
            continue
        with tempfile.TemporaryDirectory(prefix="flux-storage-") as folder:
            seen = list(go_through(call, Path(folder), choose_moments(moments), seconds))
        longest = max((each.seconds for each in seen), default=0.0)
        faults = [f"after {each.after} calls: {broken}" for each in seen for broken in each.broken]
        verdict = "; ".join(faults) or "well"
        click.echo(f"| {name} | {len(seen)} | {sum(each.was_met for each in seen)} | {longest:.1f} s | {verdict} |")
        is_broken = is_broken or bool(faults)
    sys.exit(is_broken)


if __name__ == "__main__":
    main()
