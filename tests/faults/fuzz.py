"""`make fuzz`: every reader of what others write, on inputs made of valid ones, until the time is up.

    python -m tests.faults.fuzz --seconds 3600 --seed 1
    python -m tests.faults.fuzz --target pdf --replay var/fuzz/pdf/1f00c3

Each target runs in a process of its own with a bound on its memory; one that says nothing for five seconds is killed. What
fails is cut down, kept under var/fuzz, and the run goes on. Inputs that make a reader say something that it had not said yet
are kept as further seeds. The exit code is 1 where anything was found.
"""

import argparse
import hashlib
import json
import multiprocessing
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from random import Random

from tests.faults.fuzz_targets import TARGETS, Run

HANG_SECONDS = 5.0
# Before the first input schemas are compiled.
FIRST_SECONDS = 60.0
MEMORY_BYTES = 2 << 30
# Further seeds that are kept, and tries to cut a failing input down.
KEPT = 400
CUTS = 150
FOLDER = Path("var/fuzz")


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of one target."""

    target: str
    inputs: int = 0
    seconds: float = 0.0
    slowest_seconds: float = 0.0
    peak_mebibytes: int = 0
    findings: list[str] = field(default_factory=list)


def main() -> int:
    """Run the campaign; 1 where something was found."""
    arguments = _arguments()
    if arguments.replay is not None:
        return _replay(arguments.target[0], arguments.replay)
    names = arguments.target or list(TARGETS)
    print(
        f"seed {arguments.seed}, {arguments.seconds} s over {len(names)} targets, memory bound {MEMORY_BYTES >> 20} MiB",
        flush=True,
    )
    tallies = [fuzz(name, arguments.seconds / len(names), arguments.seed) for name in names]
    print(json.dumps([_row(each) for each in tallies], indent=2) if arguments.json else "\n".join(_table(tallies)))
    return 1 if any(each.findings for each in tallies) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.fuzz", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--seconds", type=float, default=3600.0, help="for all targets together")
    parser.add_argument("--target", action="append", choices=list(TARGETS), help="only this one, as often as you like")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--replay", type=Path, help="an input that was kept, run once in this process")
    return parser.parse_args()


def _replay(name: str, path: Path) -> int:
    with tempfile.TemporaryDirectory(prefix="flux-fuzz-") as folder:
        print(TARGETS[name].prepare(Path(folder))(path.read_bytes()))
    return 0


def fuzz(name: str, seconds: float, seed: int) -> Tally:
    """Run one target; a process that hangs or dies costs a finding and is followed by another."""
    tally, kept = Tally(target=name), FOLDER / name
    started, rounds = time.monotonic(), 0
    with tempfile.TemporaryDirectory(prefix="flux-fuzz-") as folder:
        while (left := seconds - (time.monotonic() - started)) > 0:
            cause = _watch(tally, Path(folder), left, f"{name}-{seed}-{rounds}")
            current = Path(folder) / "current"
            if cause is not None and current.exists():
                tally.findings.append(f"{cause}: {_keep(kept, current.read_bytes(), cause)}")
            rounds += 1
    tally.seconds = time.monotonic() - started
    return tally


def _watch(tally: Tally, folder: Path, seconds: float, seed: str) -> str | None:
    """Start a process and look after it; why it had to be followed by another, None where its time was up."""
    context = multiprocessing.get_context("spawn")
    beat = context.Value("Q", 0)
    results, sent = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(tally.target, folder, seconds, seed, beat, sent))
    process.start()
    sent.close()
    seen, since, cause = 0, time.monotonic(), None
    while process.is_alive():
        process.join(0.2)
        if beat.value != seen:
            seen, since = beat.value, time.monotonic()
        elif time.monotonic() - since > (HANG_SECONDS if seen else FIRST_SECONDS):
            process.kill()
            process.join()
            cause = f"hang over {HANG_SECONDS:.0f} s"
    with suppress(EOFError):
        _add(tally, results.recv())
        return None
    tally.inputs += seen
    return cause or f"the process died with {process.exitcode}"


def _add(tally: Tally, part: Tally) -> None:
    tally.inputs += part.inputs
    tally.slowest_seconds = max(tally.slowest_seconds, part.slowest_seconds)
    tally.peak_mebibytes = max(tally.peak_mebibytes, part.peak_mebibytes)
    tally.findings += part.findings


def _child(
    name: str,
    folder: Path,
    seconds: float,
    seed: str,
    beat: "Synchronized[int]",
    sent: "multiprocessing.connection.Connection",
) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    own = folder / seed
    own.mkdir()
    current = folder / "current"

    def tell(data: bytes) -> None:
        current.write_bytes(data)
        beat.value += 1

    sent.send(run_target(name, own, seed, time.monotonic() + seconds, sys.maxsize, tell, FOLDER / name))


def run_target(
    name: str, folder: Path, seed: str, until: float, most: int, tell: Callable[[bytes], None], kept: Path | None
) -> Tally:
    """Run a target on its seeds, then on changed ones, in this process; the same seed and count run the same inputs."""
    target, random, tally = TARGETS[name], Random(seed), Tally(target=name)
    run, corpus, said, known = target.prepare(folder), list(target.seeds()), set(), set()
    _warm_up(run, corpus)
    for data in _inputs(corpus, random, target.mutate, most):
        tell(data)
        started = time.monotonic()
        if started > until:
            break
        try:
            answer = run(data)
        except Exception as failure:  # noqa: BLE001 - whatever is raised is what is looked for
            place = _place(failure)
            if place not in known:
                known.add(place)
                small = _cut_down(run, data, place)
                where = (
                    _keep(kept, small, "".join(traceback.format_exception(failure)))
                    if kept is not None
                    else small[:300]
                )
                tally.findings.append(f"{place}: {where!s}")
            answer = place
        if answer not in said and len(corpus) < KEPT:
            said.add(answer)
            corpus.append(data)
        tally.inputs += 1
        tally.slowest_seconds = max(tally.slowest_seconds, time.monotonic() - started)
    tally.peak_mebibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    return tally


def _warm_up(run: Run, seeds: list[bytes]) -> None:
    """Have every schema compiled, those that explain a refusal too, before time is looked at."""
    for seed in seeds:
        with suppress(Exception):
            head, end, tail = seed.rpartition(
                b"</"
            )  # inside of the root: what stands there does not say which document it is
            run(head + b"<x/>" + end + tail)


def _inputs(
    corpus: list[bytes], random: Random, mutate: Callable[[Random, bytes], bytes], most: int
) -> Iterator[bytes]:
    yield from tuple(corpus)
    for _ in range(most):
        yield mutate(random, random.choice(corpus))


def _place(failure: Exception) -> str:
    """What was raised, and the last line of ours that it went through: one fault is told once."""
    frames = traceback.extract_tb(failure.__traceback__)
    ours = [frame for frame in frames if "/flux/" in frame.filename] or list(frames)
    return f"{type(failure).__name__} in {'/'.join(Path(ours[-1].filename).parts[-3:])}:{ours[-1].lineno}"


def _cut_down(run: Run, data: bytes, place: str) -> bytes:
    """A shorter input that fails in the same place, by leaving out ever smaller pieces."""
    size, tries = len(data) // 2, 0
    while size and tries < CUTS:
        at = 0
        while at < len(data) and tries < CUTS:
            shorter, tries = data[:at] + data[at + size :], tries + 1
            try:
                run(shorter)
            except Exception as failure:  # noqa: BLE001 - same
                if _place(failure) == place:
                    data = shorter
                    continue
            at += size
        size //= 2
    return data


def _keep(folder: Path, data: bytes, cause: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / hashlib.sha256(data).hexdigest()[:12]
    path.write_bytes(data)
    path.with_suffix(".txt").write_text(cause, encoding="utf-8", errors="replace")
    return path


def _row(tally: Tally) -> dict[str, object]:
    rate = round(tally.inputs / tally.seconds) if tally.seconds else 0
    return {
        "target": tally.target,
        "inputs": tally.inputs,
        "inputs_per_second": rate,
        "findings": tally.findings,
        "slowest_seconds": round(tally.slowest_seconds, 2),
        "peak_mebibytes": tally.peak_mebibytes,
    }


def _table(tallies: list[Tally]) -> Iterator[str]:
    yield "| target | inputs | inputs/s | findings | slowest, s | peak, MiB |"
    yield "|---|---:|---:|---:|---:|---:|"
    for each in map(_row, tallies):
        found = each["findings"]
        count = len(found) if isinstance(found, list) else 0
        yield (
            f"| {each['target']} | {each['inputs']} | {each['inputs_per_second']} | {count} "
            f"| {each['slowest_seconds']} | {each['peak_mebibytes']} |"
        )
    yield from ("", *(f"- {each.target}: {finding}" for each in tallies for finding in each.findings))


if __name__ == "__main__":
    sys.exit(main())
