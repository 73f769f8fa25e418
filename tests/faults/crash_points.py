"""Kills flux at every crash point, restarts it, and has the independent checker look: `make crash-points`.

    python -m tests.faults.crash_points [--role gateway|worker|operator|validator|backup|restore|retention] [--at NAME] [--occurrences N] [--sample N] [--seed S]

A run without kills tells the points of a role; then each is met again with SIGKILL, at its first occurrence and at others
chosen by the seed.
"""

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
from rich.progress import track

from tests.faults.checker import Broken, Dropped, Witness, check
from tests.faults.drops import ZIP
from tests.faults.keeping import (
    age,
    begin_backups,
    copy_again_and_lose,
    copy_all,
    let_go_of_the_past,
    lose,
    put_back,
)
from tests.faults.operators import let_forwards_go, let_go
from tests.faults.points import Killer, Point, Recorder, at
from tests.faults.sandbox import Ended, Sandbox, forked, ignore, in_gateway, open_sandbox, out_of_order, work_once

Hit = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A process that may die. `prepare` brings the sandbox where it begins, `act` is what it does, `resume` what follows."""

    prepare: Callable[[Sandbox], tuple[Dropped, ...]]
    act: Callable[[Sandbox, Hit], Ended]
    resume: Callable[[Sandbox], Ended]


def drop_flows(sandbox: Sandbox) -> tuple[Dropped, ...]:
    """A flow of each form, by folder and by SFTP, for two recipients, with invoices good, bad and waiting."""
    return (
        sandbox.drop("frn001", 1, good={"G1": "sei001", "G2": "sei002", "G3": "sei001"}, bad=("B1",), form=ZIP),
        sandbox.drop("frn001", 2, good={"G4": "sei001"}, bad=("B2",), held={"H1": "sei001"}),
        sandbox.drop("frn001", 3, bad=("B3",)),
        sandbox.drop("frn002", 4, good={"G5": "sei001"}, form="CII"),
        sandbox.drop("pla001", 5, good={"G6": "sei002"}, bad=("B4",), form="reform"),
        sandbox.drop("pla001", 6, good={"G7": "sei001"}, form="Factur-X"),
    )


def hold_flows(sandbox: Sandbox) -> tuple[Dropped, ...]:
    """The same flows, each held because no worker could treat it."""
    dropped = drop_flows(sandbox)
    sandbox.run(ignore, workers=out_of_order, work=work_once)
    return dropped


def release_again(sandbox: Sandbox) -> Ended:
    """The operator's command, given again, then the gateway."""
    let_go(sandbox, ignore)
    return run_again(sandbox)


def hold_forwards(sandbox: Sandbox) -> tuple[Dropped, ...]:
    """The same flows, answered; what waits for a validator is about to be let go."""
    dropped = drop_flows(sandbox)
    run_again(sandbox)
    return tuple(map(once_released, dropped))


def once_released(flow: Dropped) -> Dropped:
    """What is to become of a flow of which nothing waits any more."""
    return replace(flow, forwarded={**flow.forwarded, **flow.held}, held={})


def release_forwards_again(sandbox: Sandbox) -> Ended:
    """The operator's command, given again, then the gateway."""
    let_forwards_go(sandbox, ignore)
    return run_again(sandbox)


def run_again(sandbox: Sandbox) -> Ended:
    """The gateway, started again, to the end of its work."""
    return sandbox.run(ignore, workers=in_gateway, work=work_once)


def live_and_back_up(sandbox: Sandbox) -> tuple[Dropped, ...]:
    """The same flows, closed, with a backup; then the disk is lost."""
    dropped = live(sandbox)
    copy_all(sandbox, ignore)
    lose(sandbox)
    return dropped


def live(sandbox: Sandbox) -> tuple[Dropped, ...]:
    """The same flows, closed; no backup yet."""
    begin_backups(sandbox)
    dropped = drop_flows(sandbox)
    run_again(sandbox)
    return dropped


def live_long(sandbox: Sandbox) -> tuple[Dropped, ...]:
    """The same flows, closed; one of a supplier and one of a platform long ago, and nothing of theirs waits."""
    dropped = live(sandbox)
    return age(sandbox, dropped, [dropped[0].name, dropped[4].name])


def in_turn(*acts: Callable[[Sandbox], Ended]) -> Callable[[Sandbox], Ended]:
    """One after the other; the first failure counts."""

    def act(sandbox: Sandbox) -> Ended:
        ended = [each(sandbox) for each in acts]
        return next((each for each in ended if each.failure), ended[-1])

    return act


def put_back_again(sandbox: Sandbox) -> Ended:
    """The operator's command, given again where it did not end."""
    return put_back(sandbox, ignore)


def let_go_again(sandbox: Sandbox) -> Ended:
    """The operator's command, given again."""
    return let_go_of_the_past(sandbox, ignore)


ROLES: Mapping[str, Role] = {
    "gateway": Role(
        prepare=drop_flows,
        act=lambda sandbox, hit: sandbox.run(hit, workers=in_gateway, work=work_once),
        resume=run_again,
    ),
    "worker": Role(
        prepare=drop_flows,
        act=lambda sandbox, hit: sandbox.run(ignore, workers=forked(hit), work=work_once),
        resume=run_again,
    ),
    "operator": Role(prepare=hold_flows, act=let_go, resume=release_again),
    "validator": Role(prepare=hold_forwards, act=let_forwards_go, resume=release_forwards_again),
    "backup": Role(prepare=live, act=copy_all, resume=in_turn(copy_again_and_lose, run_again)),
    "restore": Role(prepare=live_and_back_up, act=put_back, resume=in_turn(put_back_again, run_again)),
    "retention": Role(prepare=live_long, act=let_go_of_the_past, resume=in_turn(let_go_again, run_again)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What one kill showed."""

    role: str
    point: Point
    was_met: bool
    broken: tuple[Broken, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Trials of one role. `unmet` points were not there again: threads took other turns."""

    points: int
    kills: int
    unmet: int
    broken: int


def count(trials: Sequence[Trial]) -> Tally:
    """The trials in figures."""
    kills = sum(trial.was_met for trial in trials)
    return Tally(
        points=len({trial.point.name for trial in trials}),
        kills=kills,
        unmet=len(trials) - kills,
        broken=sum(bool(trial.broken) for trial in trials),
    )


def find_points(sandbox: Sandbox, role: Role) -> Counter[str]:
    """Every point of a role, and how often it is met."""
    sandbox.reset()
    dropped = role.prepare(sandbox)
    record = sandbox.root / "points"
    record.unlink(missing_ok=True)
    ended = role.act(sandbox, Recorder(record))
    if ended.failure:
        raise RuntimeError(ended.failure)
    role.resume(sandbox)
    for broken in check(dropped, sandbox.scene):
        raise RuntimeError(f"broken without any fault: {broken}")
    return Counter(record.read_text(encoding="utf-8").splitlines())


def choose(points: Counter[str], occurrences: int, chance: random.Random) -> list[Point]:
    """The occurrences of each point at which to kill."""
    chosen = []
    for name, count in sorted(points.items()):
        others = chance.sample(range(2, count + 1), min(occurrences - 1, count - 1))
        chosen += [Point(name, occurrence) for occurrence in (1, *sorted(others))]
    return chosen


def try_point(sandbox: Sandbox, name: str, point: Point) -> Trial:
    """Kill at a point, restart, look."""
    role = ROLES[name]
    sandbox.reset()
    dropped = role.prepare(sandbox)
    witness = Witness(sandbox.scene)
    killer = Killer(at(point))
    seen = [*witness.look()]
    ended = [role.act(sandbox, killer)]
    seen += witness.look()
    ended.append(role.resume(sandbox))
    seen += [*witness.look(), *check(dropped, sandbox.scene)]
    seen += [Broken(promise="flux never fails by itself", seen=each.failure) for each in ended if each.failure]
    return Trial(role=name, point=point, was_met=bool(killer.kills.value), broken=tuple(seen))


def try_roles(roles: Sequence[str], *, named: str, occurrences: int, sample: int | None, seed: int) -> Iterator[Trial]:
    """Every chosen point of every role whose name contains `named`; at most `sample` of them for each role."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder, open_sandbox(Path(folder)) as sandbox:
        for name in roles:
            found = choose(find_points(sandbox, ROLES[name]), occurrences, chance)
            points = [point for point in found if named in point.name]
            if sample is not None and sample < len(points):
                points = sorted(chance.sample(points, sample))
            for point in track(points, description=name, disable=not sys.stderr.isatty()):
                yield try_point(sandbox, name, point)


@click.command()
@click.option("--role", "roles", multiple=True, type=click.Choice(list(ROLES)), help="Only these; all by default.")
@click.option("--at", "named", default="", help="Only points whose name contains this.")
@click.option("--occurrences", default=3, show_default=True, help="At how many of its occurrences a point kills.")
@click.option("--sample", type=int, help="Only so many points of each role, chosen by the seed.")
@click.option("--seed", default=20261128, show_default=True)
def main(roles: tuple[str, ...], *, named: str, occurrences: int, sample: int | None, seed: int) -> None:
    """Kill flux at every crash point; exit 1 where a promise was broken."""
    click.echo(f"seed {seed}")
    chosen = roles or tuple(ROLES)
    trials = list(try_roles(chosen, named=named, occurrences=occurrences, sample=sample, seed=seed))
    click.echo("| role | crash points | kills | not met again | promises broken |\n|---|--:|--:|--:|--:|")
    for name in chosen:
        tally = count([trial for trial in trials if trial.role == name])
        click.echo(f"| {name} | {tally.points} | {tally.kills} | {tally.unmet} | {tally.broken} |")
    failed = [trial for trial in trials if trial.broken]
    for trial in failed:
        click.echo(f"\n{trial.role}, killed {trial.point}:", err=True)
        for broken in trial.broken:
            click.echo(f"  {broken}", err=True)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
