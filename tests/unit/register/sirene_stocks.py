"""Stocks of SIRENE as tests write them, in each form in which one comes."""

import csv
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from flux.register.sirene_import import SireneSummary, import_sirene

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HEAD = ("siren", "siret", "etatAdministratifEtablissement", "dateDebut")
LINKS_HEAD = ("siretEtablissementPredecesseur", "siretEtablissementSuccesseur", "dateLienSuccession")
Row = tuple[str, str, str]
Writer = Callable[[Path, Sequence[Row]], Path]

OPEN, CLOSED = "73282932000074", "81034732800017"
LA_POSTE, LA_POSTE_CLOSED = "35600000009075", "35600000049837"
WRONG_KEY, WRONG_SIREN_KEY = "73282932000075", "12345678900012"
ZEROS, WITHOUT_DAY, LONG_AGO = "00542076500017", "11000201100044", "21930053000017"

ROWS: list[Row] = [
    (OPEN, "A", "2010-01-01"),
    (CLOSED, "F", "2025-06-30"),
    (LA_POSTE, "A", "1991-01-01"),
    (LA_POSTE_CLOSED, "F", "2020-03-01"),
    (WRONG_KEY, "A", "2010-01-01"),
    (WRONG_SIREN_KEY, "F", "2024-02-29"),
    (ZEROS, "F", "1995-12-31"),
    (WITHOUT_DAY, "F", ""),
    (LONG_AGO, "F", "1852-01-01"),
]


def write_csv(path: Path, rows: Sequence[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        writer.writerows((siret[:9], siret, *rest) for siret, *rest in rows)
    return path


def write_quoted_csv(path: Path, rows: Sequence[Row]) -> Path:
    """With a mark of its encoding, quotes, and lines that end as on Windows."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(HEAD)
        writer.writerows((siret[:9], siret, *rest) for siret, *rest in rows)
    return path


def write_zip(path: Path, rows: Sequence[Row]) -> Path:
    inner = write_csv(path.with_name("inner.csv"), rows)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(inner, "StockEtablissement_utf8.csv")
    inner.unlink()
    return path


def write_parquet(path: Path, rows: Sequence[Row]) -> Path:
    columns = [pa.array([row[place] for row in rows], pa.string()) for place in range(3)]
    pq.write_table(pa.table(dict(zip(HEAD[1:], columns, strict=True))), path)
    return path


def write_typed_parquet(path: Path, rows: Sequence[Row]) -> Path:
    """SIRET as a number, days as days, nothing as null: as tools write it."""
    return _write_typed(path, rows, pa.date32())


def write_timed_parquet(path: Path, rows: Sequence[Row]) -> Path:
    """The same with days as moments."""
    return _write_typed(path, rows, pa.timestamp("us"))


def _write_typed(path: Path, rows: Sequence[Row], day_type: pa.DataType) -> Path:
    days = pa.array([date.fromisoformat(row[2]) if row[2] else None for row in rows], pa.date32())
    numbers = pa.array([int(row[0]) for row in rows], pa.int64())
    states = [row[1] for row in rows]
    pq.write_table(pa.table(dict(zip(HEAD[1:], [numbers, states, days.cast(day_type)], strict=True))), path)
    return path


def write_links(path: Path, links: Sequence[Row]) -> Path:
    """The list of successions: who, followed by whom, on which day."""
    path.write_text("\n".join(map(",".join, [LINKS_HEAD, *links])) + "\n", encoding="utf-8")
    return path


def make(stock: Path, target: Path, successions: Path | None = None) -> SireneSummary:
    return import_sirene(
        stock, target, successions=successions, version="2026-11", imported_at=NOW, progress=lambda _: None
    )
