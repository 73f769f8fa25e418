"""Reading SIRENE's stock in batches: parquet, csv, or csv inside the zip in which INSEE publishes it.

pyarrow reads the columns that count, many thousand rows at a time; what a row must be is judged on whole columns.
"""

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from flux.errors import RegisterError

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]

# Told one by one; the number of all of them is told beside.
FAULTS_TOLD = 50
_BLOCK_BYTES = 16 << 20
_BATCH_ROWS = 1 << 18
_PARQUET = b"PAR1"
_ZIP = b"PK\x03\x04"

Progress = Callable[[float], None]


class Column(NamedTuple):
    """A column of the stock: its name, what each of its values must be as a regular expression, and that in words."""

    name: str
    pattern: str
    expected: str


SIRET = Column("siret", r"^[0-9]{14}$", "14 digits")
STATE = Column("etatAdministratifEtablissement", r"^[AF]$", "A or F")
SINCE = Column("dateDebut", r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$", "YYYY-MM-DD, or nothing")
BEFORE = Column("siretEtablissementPredecesseur", SIRET.pattern, SIRET.expected)
AFTER = Column("siretEtablissementSuccesseur", SIRET.pattern, SIRET.expected)


@dataclass(slots=True)
class Faults:
    """The bad lines of a file: the first of them in words, and how many there are."""

    file: Path
    count: int = 0
    told: list[str] = field(default_factory=list)

    def add(self, line: int, column: Column, found: str) -> None:
        """Note a bad value; lines count from 1, the heading included."""
        self.count += 1
        if len(self.told) < FAULTS_TOLD:
            self.told.append(f"line {line}, {column.name}: {column.expected} expected, found {found[:40]!r}")

    def raise_if_any(self) -> None:
        """Raise RegisterError with every line that is told, where there is one."""
        if self.count:
            more = [f"… and {self.count - len(self.told)} more"] if self.count > len(self.told) else []
            raise RegisterError(
                "\n".join([f"{self.file}: {self.count} bad lines, nothing was imported", *self.told, *more])
            )


def read_batches(
    path: Path, columns: tuple[Column, ...], faults: Faults, progress: Progress
) -> "Iterator[pa.RecordBatch]":
    """The columns asked for, as text, batch by batch, good rows only; bad ones are noted. Raises RegisterError for another kind of file."""
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise RegisterError(f"{path}: cannot be read: {error.strerror}") from error
    line = 2
    for batch in _read_any(path, head, columns, progress):
        yield _keep_good(batch, columns, line, faults)
        line += batch.num_rows


def _read_any(path: Path, head: bytes, columns: tuple[Column, ...], progress: Progress) -> "Iterator[pa.RecordBatch]":
    from pyarrow import ArrowException  # noqa: PLC0415 - an extra, and slow to import

    try:
        if head == _PARQUET:
            yield from _read_parquet(path, columns, progress)
        elif head == _ZIP:
            yield from _read_zip(path, columns, progress)
        else:
            with path.open("rb") as file:
                yield from _read_csv(file, columns, _Place(path, file, progress))
    except (ArrowException, OSError, zipfile.BadZipFile) as error:
        raise RegisterError(f"{path}: cannot be read: {str(error).splitlines()[0]}") from error


def _read_parquet(path: Path, columns: tuple[Column, ...], progress: Progress) -> "Iterator[pa.RecordBatch]":
    import pyarrow.parquet as pq  # noqa: PLC0415 - same

    file = pq.ParquetFile(path)
    _refuse_missing(path, file.schema_arrow.names, columns)
    done, total = 0, max(file.metadata.num_rows, 1)
    for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=[column.name for column in columns]):
        yield _as_text(batch, columns)
        done += batch.num_rows
        progress(done / total)


def _read_zip(path: Path, columns: tuple[Column, ...], progress: Progress) -> "Iterator[pa.RecordBatch]":
    with path.open("rb") as packed, zipfile.ZipFile(packed) as archive:
        members = [member for member in archive.infolist() if member.filename.lower().endswith(".csv")]
        if len(members) != 1:
            raise RegisterError(f"{path}: one csv expected in the zip, found {len(members)}")
        with archive.open(members[0]) as file:
            yield from _read_csv(file, columns, _Place(path, packed, progress))


class _Place(NamedTuple):
    """A file on the disk, and how far it was read, whatever is packed in it."""

    path: Path
    file: IO[bytes]
    progress: Progress

    def tell(self) -> None:
        self.progress(min(self.file.tell() / max(self.path.stat().st_size, 1), 1.0))


def _read_csv(file: IO[bytes], columns: tuple[Column, ...], place: _Place) -> "Iterator[pa.RecordBatch]":
    import pyarrow as pa  # noqa: PLC0415 - same
    from pyarrow import csv  # noqa: PLC0415 - same

    names = [column.name for column in columns]
    try:
        reader = csv.open_csv(
            file,
            read_options=csv.ReadOptions(block_size=_BLOCK_BYTES),
            convert_options=csv.ConvertOptions(
                include_columns=names, column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except KeyError as error:
        raise RegisterError(f"{place.path}: has no column {error.args[0]!r}; {', '.join(names)} are needed") from error
    for batch in reader:
        yield batch
        place.tell()


def _refuse_missing(path: Path, found: list[str], columns: tuple[Column, ...]) -> None:
    missing = [column.name for column in columns if column.name not in found]
    if missing:
        raise RegisterError(f"{path}: has no column {', '.join(missing)}")


def _as_text(batch: "pa.RecordBatch", columns: tuple[Column, ...]) -> "pa.RecordBatch":
    """Every column as text: numbers have lost their leading zeros, days become ISO, nothing becomes empty."""
    import pyarrow as pa  # noqa: PLC0415 - same
    import pyarrow.compute as pc  # noqa: PLC0415 - same

    made = []
    for column in columns:
        values = batch.column(column.name)
        text = pc.cast(values, pa.string())
        if pa.types.is_integer(values.type):
            text = pc.utf8_lpad(text, width=14, padding="0")
        made.append(pc.fill_null(text, ""))
    return pa.RecordBatch.from_arrays(made, names=[column.name for column in columns])


def _keep_good(batch: "pa.RecordBatch", columns: tuple[Column, ...], line: int, faults: Faults) -> "pa.RecordBatch":
    import pyarrow.compute as pc  # noqa: PLC0415 - same

    good: Any = None
    for column in columns:
        fits = pc.match_substring_regex(batch.column(column.name), pattern=column.pattern)
        if pc.all(fits).as_py() is not False:
            continue
        for position in pc.indices_nonzero(pc.invert(fits)).to_pylist():
            faults.add(line + position, column, batch.column(column.name)[position].as_py())
        good = fits if good is None else pc.and_(good, fits)
    return batch if good is None else batch.filter(good)
