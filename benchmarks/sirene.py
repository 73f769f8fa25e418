"""`make bench-sirene`: a made-up stock of forty million establishments, imported as parquet and as csv, and looked up.

Each import runs in a process of its own, so that its peak of memory is its own.
"""

import argparse
import json
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from flux.register.sirene_file import SireneFile
from flux.register.sirene_import import SireneSummary, import_sirene

ROWS = 40_000_000
BATCH = 1_000_000
CLOSED_SHARE = 0.6
LOOK_UPS = 20_000
SEED = 20261101
RESULTS = Path("var/bench-sirene.json")
HEAD = ("siret", "etatAdministratifEtablissement", "dateDebut")


def main() -> None:
    """Make the stock, import it, look up in it, and write what was measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sirene", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    figures = measure(parser.parse_args().rows)
    for name, figure in figures.items():
        print(f"{name:28} {figure['value']:>12} {figure['unit']}")
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def measure(rows: int = ROWS) -> dict[str, dict[str, object]]:
    """The figures of SIRENE, by name."""
    figures: dict[str, dict[str, object]] = {"sirene.rows": _figure(rows, "rows")}
    with tempfile.TemporaryDirectory() as folder:
        for kind, write in (("parquet", _write_parquet), ("csv", _write_csv)):
            stock, target = Path(folder) / f"stock.{kind}", Path(folder) / f"{kind}.bin"
            write(stock, rows)
            seconds, mebibytes, summary = _import_apart(stock, target)
            stock.unlink()
            figures[f"sirene.{kind}.seconds"] = _figure(round(seconds, 1), "s")
            figures[f"sirene.{kind}.peak"] = _figure(round(mebibytes), "MiB")
            figures["sirene.file"] = _figure(round(summary.size_bytes / (1 << 20)), "MiB")
        file = SireneFile(target)
        hits = [f"{siret:014d}" for siret in next(_sirets(rows))[:LOOK_UPS].tolist()]
        figures["sirene.hit"] = _figure(_look_up(file, hits, found=True), "µs")
        figures["sirene.miss"] = _figure(_look_up(file, [_spoil(siret) for siret in hits], found=False), "µs")
    return figures


def _figure(value: float, unit: str) -> dict[str, object]:
    return {"value": value, "unit": unit}


def _sirets(rows: int) -> "Iterator[np.ndarray[tuple[int], np.dtype[np.int64]]]":
    """Every SIRET once, with right keys, far out of order."""
    step = 10**12 // rows
    for start in range(0, rows, BATCH):
        order = np.arange(start, min(start + BATCH, rows), dtype=np.int64)
        scattered = (order * 7_368_787) % rows  # a prime: each row once
        twelve = scattered * step + scattered % step
        yield _with_keys(twelve // 10**4, twelve % 10**4)


def _with_keys(
    siren: "np.ndarray[tuple[int], np.dtype[np.int64]]", nic: "np.ndarray[tuple[int], np.dtype[np.int64]]"
) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    nine = siren * 10 + _check_digit(siren)
    thirteen = nine * 10**4 + nic
    return thirteen * 10 + _check_digit(thirteen)


def _check_digit(numbers: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    total = np.zeros_like(numbers)
    rest = numbers.copy()
    for place in range(13):
        rest, digit = np.divmod(rest, 10)
        total += np.where(digit > 4, 2 * digit - 9, 2 * digit) if place % 2 == 0 else digit
    return (-total) % 10


def _tables(rows: int) -> Iterator[pa.Table]:
    random = np.random.default_rng(SEED)
    days = np.datetime64("1990-01-01") + np.arange(13_000)
    texts = np.datetime_as_string(days)
    for sirets in _sirets(rows):
        text = pc.utf8_lpad(pa.array(sirets).cast(pa.string()), width=14, padding="0")
        closed = random.random(len(sirets)) < CLOSED_SHARE
        since = texts[random.integers(0, len(texts), len(sirets))]
        yield pa.table(dict(zip(HEAD, [text, np.where(closed, "F", "A"), since], strict=True)))


def _write_parquet(path: Path, rows: int) -> None:
    writer: pq.ParquetWriter | None = None
    for table in _tables(rows):
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _write_csv(path: Path, rows: int) -> None:
    writer: csv.CSVWriter | None = None
    for table in _tables(rows):
        writer = writer or csv.CSVWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _import_apart(stock: Path, target: Path) -> tuple[float, float, SireneSummary]:
    """Seconds, MiB of resident memory at the peak, and the summary of an import in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_import_here, (stock, target))


def _import_here(stock: Path, target: Path) -> tuple[float, float, SireneSummary]:
    started = time.perf_counter()
    summary = import_sirene(
        stock, target, successions=None, version=None, imported_at=datetime.now(UTC), progress=lambda _: None
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return time.perf_counter() - started, peak, summary


def _look_up(file: SireneFile, sirets: list[str], *, found: bool) -> float:
    """Microseconds of one look-up."""
    answer: Callable[[str], object] = file.establishment
    if any((answer(siret) is not None) is not found for siret in sirets):
        raise ValueError("the file does not know what it should")
    started = time.perf_counter()
    for siret in sirets:
        answer(siret)
    return round((time.perf_counter() - started) / len(sirets) * 1e6, 1)


def _spoil(siret: str) -> str:
    """A SIRET that is not in the stock: its last digit is another."""
    return siret[:-1] + str((int(siret[-1]) + 1) % 10)


if __name__ == "__main__":
    main()
