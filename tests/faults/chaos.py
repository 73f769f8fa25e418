"""Random flows of every form, killed at random steps, restarted, looked at by the independent checker: `make chaos N=10000`.

    python -m tests.faults.chaos [--runs N] [--seed S]      N trials; each that fails prints the command that repeats it
    python -m tests.faults.chaos --only TRIAL --seed S      one of them again

One trial in four goes by SFTP, through a real OpenSSH server. Threads take their turns as they like: a trial that is
repeated has the same flows and the same kills, not always the same interleaving.
"""

import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
from rich.progress import track

from flux.demo.sshd import LoopbackSshd
from tests.faults.checker import Broken, Dropped, Scene, Witness, check
from tests.faults.crash_points import once_released
from tests.faults.drops import CAN_WAIT, PLATFORM_FORMS, SUPPLIER_FORMS
from tests.faults.operators import let_forwards_go
from tests.faults.points import Killer, at_step
from tests.faults.sandbox import Ended, Sandbox, forked, ignore, in_gateway, serve_until, work_once

# About as many steps as a run of this many flows has: a kill beyond the last one is none.
STEPS_PER_FLOW = 150
STEPS_PER_RELEASE = 12
SFTP_ONE_IN = 4
PARTNERS = ("frn001", "frn002", "pla001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What one trial did and showed."""

    number: int
    flows: int
    kills: int
    broken: tuple[Broken, ...]


class Play:
    """One trial: the same number and seed give the same flows and the same kills."""

    def __init__(self, sandbox: Sandbox, chance: random.Random) -> None:
        self._sandbox = sandbox
        self._chance = chance
        self._dropped: list[Dropped] = []
        self._kills = 0

    def run(self, number: int) -> Trial:
        """Drop and kill some times, then let the gateway finish, and look."""
        self._sandbox.reset()
        witness = Witness(self._sandbox.scene)
        broken = [*witness.look()]
        for _ in range(self._chance.randint(1, 4)):
            self._drop_some()
            broken += [*_failures(self._kill_once()), *witness.look()]
        broken += _failures(self._sandbox.run(ignore, workers=in_gateway, work=work_once))
        broken += [*witness.look(), *check(tuple(self._dropped), self._sandbox.scene)]
        if any(flow.held for flow in self._dropped):
            broken += [*self._release(), *witness.look(), *check(tuple(self._dropped), self._sandbox.scene)]
        return Trial(number=number, flows=len(self._dropped), kills=self._kills, broken=tuple(broken))

    def _drop_some(self) -> None:
        for _ in range(self._chance.randint(0 if self._dropped else 1, 2)):
            number = len(self._dropped) + 1
            partner = self._chance.choice(PARTNERS)
            form = self._chance.choice(tuple(PLATFORM_FORMS if partner == "pla001" else SUPPLIER_FORMS))
            good = self._choose(f"G{number}", self._chance.randint(0, 4))
            bad = tuple(f"B{number}-{i}" for i in range(self._chance.randint(0 if good else 1, 2)))
            held = self._choose(f"H{number}", self._chance.randint(0, 1) if form in CAN_WAIT else 0)
            self._dropped.append(self._sandbox.drop(partner, number, good=good, bad=bad, held=held, form=form))

    def _choose(self, stem: str, count: int) -> Mapping[str, str]:
        """Invoices, each with a recipient."""
        return {f"{stem}-{index}": self._chance.choice(("sei001", "sei002")) for index in range(count)}

    def _release(self) -> Iterator[Broken]:
        """An operator lets go what waits, is killed over it, and does it again."""
        killer = Killer(at_step(self._chance.randint(1, STEPS_PER_RELEASE)))
        for ended in (let_forwards_go(self._sandbox, killer), let_forwards_go(self._sandbox, ignore)):
            yield from _failures(ended)
        self._kills += killer.kills.value
        self._dropped = list(map(once_released, self._dropped))
        yield from _failures(self._kill_once())
        yield from _failures(self._sandbox.run(ignore, workers=in_gateway, work=work_once))

    def _kill_once(self) -> Ended:
        """The whole gateway, or one of its workers, at a step that chance chooses."""
        killer = Killer(at_step(self._chance.randint(1, STEPS_PER_FLOW * len(self._dropped))))
        ended = self._chance.choice((self._run_once, self._serve, self._run_with_workers))(killer)
        self._kills += killer.kills.value
        return ended

    def _run_once(self, hit: Callable[[str], None]) -> Ended:
        return self._sandbox.run(hit, workers=in_gateway, work=work_once)

    def _serve(self, hit: Callable[[str], None]) -> Ended:
        is_done = partial(_are_answered, len(self._dropped), self._sandbox.scene)
        return self._sandbox.run(hit, workers=in_gateway, work=serve_until(is_done))

    def _run_with_workers(self, hit: Callable[[str], None]) -> Ended:
        return self._sandbox.run(ignore, workers=forked(hit), work=work_once)


def _are_answered(flows: int, scene: Scene) -> bool:
    """True as soon as each flow has its report."""
    return sum(1 for name in PARTNERS for _ in scene.servers[name].glob("CSO*")) >= flows


def _failures(ended: Ended) -> Iterator[Broken]:
    if ended.failure:
        yield Broken(promise="flux never fails by itself", seen=ended.failure)


def play(numbers: range, seed: int) -> Iterator[Trial]:
    """The trials of these numbers."""
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        by_folder = Sandbox(root / "folders", None)
        by_sftp = Sandbox(root / "sftp", stack.enter_context(LoopbackSshd()))
        for number in track(numbers, description="chaos", disable=not sys.stderr.isatty()):
            sandbox = by_folder if number % SFTP_ONE_IN else by_sftp
            yield Play(sandbox, random.Random(f"{seed}/{number}")).run(number)


@click.command()
@click.option("--runs", default=200, show_default=True)
@click.option("--first", default=0, show_default=True, help="The number of the first trial.")
@click.option("--only", type=int, help="Only the trial of this number.")
@click.option("--seed", default=20261128, show_default=True)
def main(runs: int, first: int, only: int | None, seed: int) -> None:
    """Kill flux at random; exit 1 where a promise was broken."""
    click.echo(f"seed {seed}")
    numbers = range(first, first + runs) if only is None else range(only, only + 1)
    flows = kills = failed = 0
    for trial in play(numbers, seed):
        flows, kills, failed = flows + trial.flows, kills + trial.kills, failed + bool(trial.broken)
        if trial.broken:
            click.echo(f"trial {trial.number}; again: python -m tests.faults.chaos --only {trial.number} --seed {seed}")
            for each in trial.broken:
                click.echo(f"  {each}")
    click.echo("| trials | flows | kills | trials with a broken promise |\n|--:|--:|--:|--:|")
    click.echo(f"| {len(numbers)} | {flows} | {kills} | {failed} |")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
