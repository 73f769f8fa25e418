"""`make bench-sirene`: a made-up stock of forty million establishments imported in each form, and looked up.

Each import runs in a process of its own, so that its peak of memory is its own. Needs 20 GB of disk; writes
var/bench-sirene.json.
"""

import argparse
import json
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import ParamSpec, TypeVar

import numpy as np

from benchmarks.sirene_stock import (
    make_sirets,
    make_strangers,
    write_csv,
    write_parquet,
    write_successions,
    write_zip,
)
from flux.register.sirene_file import SireneFile
from flux.register.sirene_import import SireneSummary, import_sirene

ROWS = 40_000_000
LOOK_UPS = 50_000
ROUNDS = 5
FORMS = ("csv", "zip", "parquet", "successions")
SEED = 20261101
RESULTS = Path("var/bench-sirene.json")

Figures = dict[str, dict[str, object]]
P = ParamSpec("P")
T = TypeVar("T")


def main() -> None:
    """Make the stock, import it, look up in it, and write what was measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sirene", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--form", choices=FORMS, action="append", help="one of the forms; all are imported without it")
    parser.add_argument("--folder", type=Path, default=None, help="where the stock is made for a while")
    arguments = parser.parse_args()
    figures = measure(rows=arguments.rows, forms=arguments.form or FORMS, folder=arguments.folder)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(f"written to {RESULTS}")


def measure(*, rows: int = ROWS, forms: Sequence[str] = FORMS, folder: Path | None = None) -> Figures:
    """The figures of SIRENE, by name."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        place = Path(name)
        figures: Figures = {}
        for form, stock, successions in _make_forms(place, rows, forms):
            _note(figures, f"{form}.stock", [stock.stat().st_size / 1e6], "MB")
            seconds, mebibytes, summary = _apart(_import, stock, place / "sirene.bin", successions)
            if summary.rows != rows:
                raise RuntimeError(f"{summary.rows} establishments of {rows} were taken")
            _note(figures, f"{form}.import", [seconds], "s")
            _note(figures, f"{form}.import_peak", [mebibytes], "MiB")
            _note(figures, f"{form}.file", [summary.size_bytes / 1e6], "MB")
        microseconds, grown = _apart(_look_up_all, place / "sirene.bin", rows)
        for kind, values in microseconds.items():
            _note(figures, f"look_up.{kind}", values, "µs")
        _note(figures, "look_up.grown", [grown], "MiB")
    return figures


def _note(figures: Figures, name: str, values: list[float], unit: str) -> None:
    digits = 2 if statistics.median(values) < 100 else 0
    value = round(statistics.median(values), digits)
    low, high = round(min(values), digits), round(max(values), digits)
    figures[f"sirene.{name}"] = {"value": value, "unit": unit, "min": low, "max": high, "rounds": len(values)}
    print(f"{f'sirene.{name}':38} {value:>10} {unit:11} min {low}, max {high}", flush=True)


def _make_forms(place: Path, rows: int, forms: Sequence[str]) -> Iterator[tuple[str, Path, Path | None]]:
    """Each form of the stock with its name, and in the end the list of successions; one at a time on the disk."""
    unpacked, packed = place / "stock.csv", place / "stock.zip"
    if {"csv", "zip"} & {*forms}:
        write_csv(unpacked, rows)
    if "csv" in forms:
        yield "csv", unpacked, None
    if "zip" in forms:
        write_zip(packed, unpacked)
        unpacked.unlink()
        yield "zip", packed, None
    unpacked.unlink(missing_ok=True)
    packed.unlink(missing_ok=True)
    parquet, successions = place / "stock.parquet", place / "successions.parquet"
    if {"parquet", "successions"} & {*forms}:
        write_parquet(parquet, rows)
    if "parquet" in forms:
        yield "parquet", parquet, None
    if "successions" in forms:
        write_successions(successions, rows)
        yield "successions", parquet, successions


def _apart(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the work gives, done in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, args, kwargs)


def _import(stock: Path, target: Path, successions: Path | None) -> tuple[float, float, SireneSummary]:
    """Seconds, MiB resident at the peak, and the summary."""
    started = time.perf_counter()
    summary = import_sirene(
        stock, target, successions=successions, version=None, imported_at=datetime.now(UTC), progress=lambda _: None
    )
    return time.perf_counter() - started, _resident("VmHWM"), summary


def _look_up_all(target: Path, rows: int) -> tuple[dict[str, list[float]], float]:
    """Microseconds of one look-up of each kind, by round, and MiB by which the process grew meanwhile."""
    la_poste, *others = make_sirets(rows)
    chosen = np.random.default_rng(SEED).permutation(np.concatenate(others))[:LOOK_UPS]
    asked = {"hit": chosen, "miss": make_strangers(chosen), "la_poste": la_poste}
    del others
    texts = {kind: [f"{siret:014d}" for siret in sirets.tolist()] for kind, sirets in asked.items()}
    file = SireneFile(target)
    before = _resident("VmRSS")
    microseconds = {
        kind: [_look_up(file, sirets, found=kind != "miss") for _ in range(ROUNDS)] for kind, sirets in texts.items()
    }
    return microseconds, _resident("VmRSS") - before


def _look_up(file: SireneFile, sirets: list[str], *, found: bool) -> float:
    """Microseconds of CPU, the kernel's included, of one look-up."""
    started = time.process_time()
    count = sum(file.establishment(siret) is not None for siret in sirets)
    seconds = time.process_time() - started
    if count != len(sirets) * found:
        raise RuntimeError(f"{count} of {len(sirets)} were found")
    return seconds / len(sirets) * 1e6


def _resident(field: str) -> float:
    """MiB of this process, as the kernel counts them: VmHWM at the peak, VmRSS now."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:")) / 1024


if __name__ == "__main__":
    main()
