"""Cuts the power after any change of the disk, and starts flux on what survived: `make power-cuts`.

    python -m tests.faults.power_cuts [--cuts N] [--model ext4|torn|posix] [--seed S]

One run of the gateway, its own changes of the disk written down by `shim.c`, gives a cut after each of them. What a disk then
holds is computed by `disk.py`; flux starts on it, and the independent checker looks. Servers are machines whose power stays.
"""

import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from rich.progress import track

from tests.faults.checker import Broken, Dropped, check
from tests.faults.crash_points import drop_flows, run_again
from tests.faults.disk import Disk, Model
from tests.faults.sandbox import SERVERS, Sandbox
from tests.faults.shim import Change, read_trace, shim_environment

_TRACE = "SHIM_TRACE"
_ROOT = "SHIM_ROOT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of the gateway: the disk before it, and every change that it made."""

    before: Disk
    changes: Sequence[Change]
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What one cut showed, after so many changes."""

    model: Model
    changes: int
    last: Change | None
    broken: tuple[Broken, ...]


def record(sandbox: Sandbox, model: Model, trace: Path) -> Run:
    """Let the gateway treat its flows, once, and keep what it did to the disk."""
    sandbox.reset()
    dropped = drop_flows(sandbox)
    _make_servers(sandbox)
    start = trace.stat().st_size
    before = Disk(sandbox.disk, model)
    ended = run_again(sandbox)
    if ended.failure:
        raise RuntimeError(ended.failure)
    return Run(before=before, changes=tuple(read_trace(trace, start=start)), dropped=dropped)


def cut(sandbox: Sandbox, run: Run, model: Model, changes: int, chance: random.Random) -> Cut:
    """Cut the power after so many changes, start flux on what is left, and look."""
    disk = copy.deepcopy(run.before)
    disk.replay(run.changes[:changes], chance)
    for folder in sandbox.disk.iterdir():
        shutil.rmtree(folder)
    disk.write(sandbox.disk, chance, remote=SERVERS)
    ended = run_again(sandbox)
    broken = [*check(run.dropped, sandbox.scene)]
    if ended.failure:
        broken.append(Broken(promise="flux starts again", seen=ended.failure))
    last = run.changes[changes - 1] if changes else None
    return Cut(model=model, changes=changes, last=last, broken=tuple(broken))


def cut_all(models: Sequence[Model], cuts: int, seed: int, root: Path, trace: Path) -> Iterator[Cut]:
    """So many cuts, at moments chosen by the seed, shared by the models."""
    sandbox = Sandbox(root.parent, None)
    chance = random.Random(seed)
    for model in models:
        run = record(sandbox, model, trace)
        share = -(-cuts // len(models))
        moments = sorted(chance.choices(range(len(run.changes) + 1), k=share))
        for changes in track(moments, description=model.value, disable=not sys.stderr.isatty()):
            yield cut(sandbox, run, model, changes, chance)


def _make_servers(sandbox: Sandbox) -> None:
    """The folders of other machines are there before the gateway starts."""
    for folder in sandbox.scene.servers.values():
        folder.mkdir(parents=True, exist_ok=True)


@click.command()
@click.option("--cuts", default=1000, show_default=True)
@click.option(
    "--model",
    "models",
    multiple=True,
    type=click.Choice([each.value for each in Model]),
    help="What survives; all models by default.",
)
@click.option("--seed", default=20261128, show_default=True)
def main(cuts: int, models: tuple[str, ...], seed: int) -> None:
    """Cut the power; exit 1 where a promise was broken."""
    if _TRACE not in os.environ:
        _start_under_the_shim()
    click.echo(f"seed {seed}")
    chosen = [Model(name) for name in models] or list(Model)
    done = list(cut_all(chosen, cuts, seed, Path(os.environ[_ROOT]), Path(os.environ[_TRACE])))
    click.echo("| what survives | cuts | changes of the run | promises broken |\n|---|--:|--:|--:|")
    for model in chosen:
        of_model = [each for each in done if each.model is model]
        failures = sum(bool(each.broken) for each in of_model)
        click.echo(f"| {model.value} | {len(of_model)} | {max(each.changes for each in of_model)} | {failures} |")
    failed = [each for each in done if each.broken]
    for each in failed:
        click.echo(f"\n{each.model.value}, cut after change {each.changes}, {each.last}:", err=True)
        for broken in each.broken:
            click.echo(f"  {broken}", err=True)
    sys.exit(bool(failed))


def _start_under_the_shim() -> None:
    """Do the same in a process whose changes of the disk are written down."""
    with tempfile.TemporaryDirectory(prefix="flux-power-") as folder:
        root = Path(folder) / "disk"
        environment = os.environ | shim_environment(root, trace=Path(folder) / "trace")
        command = [sys.executable, "-m", "tests.faults.power_cuts", *sys.argv[1:]]
        code = subprocess.run(command, env=environment, check=False).returncode
    sys.exit(code)


if __name__ == "__main__":
    main()
