"""Reading SIRENE's stock in batches: parquet, csv, or csv inside the zip in which INSEE publishes it. Needs the extra `sirene`.

pyarrow reads the columns that count, many thousand rows at a time; what a row must be is judged on whole columns.
"""

import codecs
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from flux.errors import RegisterError

# Told one by one; the number of all of them is told beside.
FAULTS_TOLD = 50
_SHOWN_CHARACTERS = 40
_BLOCK_BYTES = 4 << 20
_BATCH_ROWS = 1 << 17
_PARQUET = b"PAR1"
_ZIP = b"PK\x03\x04"
# What pyarrow and zipfile say of damage; a name within that is no UTF-8 is some.
_DAMAGE = (pa.ArrowException, OSError, EOFError, zlib.error, zipfile.BadZipFile, UnicodeDecodeError)
# What stands for a byte that is no ASCII.
_OTHER = "\x1a"
_ASCII = bytes(range(0x80)) + _OTHER.encode() * 0x80
# The first line of a table has the names.
_FIRST_LINE = 2

Progress = Callable[[float], None]


class Column(NamedTuple):
    """A column of the stock: its name, what each of its values must be as a regular expression, and that in words."""

    name: str
    pattern: str
    expected: str
    is_day: bool = False


_SIRET = (r"^[0-9]{14}$", "14 digits")
_DAY = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"

SIRET = Column("siret", *_SIRET)
STATE = Column("etatAdministratifEtablissement", r"^[AF]$", "A or F")
SINCE = Column("dateDebut", _DAY, "a day as YYYY-MM-DD, or nothing", is_day=True)
BEFORE = Column("siretEtablissementPredecesseur", *_SIRET)
AFTER = Column("siretEtablissementSuccesseur", *_SIRET)
LINKED = Column("dateLienSuccession", _DAY, "a day as YYYY-MM-DD, or nothing", is_day=True)


@dataclass(slots=True)
class Faults:
    """The bad lines of a file: the first of them in words, and how many there are. Lines count from 1, the heading included."""

    file: Path
    count: int = 0
    told: list[tuple[int, str]] = field(default_factory=list)
    torn: list[int] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        """True where no more of them are told."""
        return len(self.told) >= FAULTS_TOLD

    def add(self, line: int, sentence: str) -> None:
        """Tell a fault of a line that `count` has, or will have."""
        if not self.is_full:
            self.told.append((line, f"line {line}, {sentence}"))

    def add_torn(self, row: csv.InvalidRow) -> str:
        """Note a line of csv that has another number of columns; pyarrow is to go on behind it."""
        self.count += 1
        if not self.is_full:
            self.torn.append(row.number)
        self.add(row.number, f"{row.expected_columns} columns expected, found {row.actual_columns}")
        return "skip"

    def line_of(self, row: int) -> int:
        """The line of the row of that number, from 0, among those that were not torn."""
        line = row + _FIRST_LINE
        for torn in self.torn:
            line += torn <= line
        return line

    def raise_if_any(self) -> None:
        """Raise RegisterError with every line that is told, where there is one."""
        if self.count:
            lines = [sentence for _, sentence in sorted(self.told)]
            shown = len({line for line, _ in self.told})
            more = [f"… {shown} of them are shown"] if self.count > shown else []
            raise RegisterError(
                "\n".join([f"{self.file}: {_bad_lines(self.count)}, nothing was imported", *lines, *more])
            )


def _bad_lines(count: int) -> str:
    return "1 bad line" if count == 1 else f"{count} bad lines"


def read_batches(path: Path, columns: tuple[Column, ...], progress: Progress) -> Iterator[pa.RecordBatch]:
    """The columns asked for, as text, batch by batch. Raises RegisterError for a file with bad lines, at its end, or of another kind."""
    faults = Faults(path)
    row = 0
    try:
        for batch in _read_any(path, columns, faults, progress):
            yield _keep_good(batch, columns, row, faults)
            row += batch.num_rows
    except _DAMAGE as error:
        raise RegisterError(f"{path}: cannot be read: {_first_line(error)}") from error
    except RuntimeError as error:  # zipfile, of a password or of a method that it lacks
        raise RegisterError(f"{path}: cannot be unpacked: {_first_line(error)}") from error
    faults.raise_if_any()


def _first_line(error: Exception) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text.splitlines()[0] if text else type(error).__name__


def _read_any(path: Path, columns: tuple[Column, ...], faults: Faults, progress: Progress) -> Iterator[pa.RecordBatch]:
    with path.open("rb") as file:
        head = file.read(4)
        file.seek(0)
        if head == _PARQUET:
            yield from _read_parquet(path, columns, progress)
        elif head == _ZIP:
            yield from _read_zip(file, columns, faults, _Place(path, file, progress))
        else:
            yield from _read_csv(file, columns, faults, _Place(path, file, progress))


def _read_parquet(path: Path, columns: tuple[Column, ...], progress: Progress) -> Iterator[pa.RecordBatch]:
    with pq.ParquetFile(path, pre_buffer=False, buffer_size=_BLOCK_BYTES) as file:
        _refuse_missing(path, file.schema_arrow.names, columns)
        done, total = 0, max(file.metadata.num_rows, 1)
        for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=[column.name for column in columns]):
            yield _as_text(batch, columns)
            done += batch.num_rows
            progress(done / total)


class _Place(NamedTuple):
    """A file on the disk, and how far it was read, whatever is packed in it."""

    path: Path
    file: IO[bytes]
    progress: Progress

    def tell(self) -> None:
        self.progress(min(self.file.tell() / max(self.path.stat().st_size, 1), 1.0))


def _read_zip(
    packed: IO[bytes], columns: tuple[Column, ...], faults: Faults, place: _Place
) -> Iterator[pa.RecordBatch]:
    with zipfile.ZipFile(packed) as archive:
        members = [member for member in archive.infolist() if member.filename.lower().endswith(".csv")]
        if len(members) != 1:
            raise RegisterError(f"{place.path}: one csv expected in the zip, found {len(members)}")
        with archive.open(members[0]) as file:
            yield from _read_csv(file, columns, faults, place)


def _read_csv(file: IO[bytes], columns: tuple[Column, ...], faults: Faults, place: _Place) -> Iterator[pa.RecordBatch]:
    """One thread, so that a torn line has its number; empty lines are rows, so that the others have theirs."""
    _refuse_missing(place.path, _read_names(file), columns)
    names = [column.name for column in columns]
    reader = csv.open_csv(
        _OnlyAscii(file),
        read_options=csv.ReadOptions(block_size=_BLOCK_BYTES, use_threads=False),
        parse_options=csv.ParseOptions(ignore_empty_lines=False, invalid_row_handler=faults.add_torn),
        convert_options=csv.ConvertOptions(
            include_columns=names, column_types=dict.fromkeys(names, pa.binary()), strings_can_be_null=False
        ),
    )
    for batch in reader:
        yield batch
        place.tell()


class _OnlyAscii(io.BufferedIOBase):
    """A file without its accents: none stands in a column that counts, and pyarrow fails over a torn line that is no UTF-8."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._is_at_start = True

    def readable(self) -> bool:
        """True always."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes, a sign for each that is no ASCII; the mark of the encoding stays."""
        data = self._file.read(-1 if size is None else size)
        kept = len(codecs.BOM_UTF8) if self._is_at_start and data.startswith(codecs.BOM_UTF8) else 0
        self._is_at_start = False
        return data[:kept] + data[kept:].translate(_ASCII) if not data.isascii() else data


def _read_names(file: IO[bytes]) -> list[str]:
    line = file.readline(_BLOCK_BYTES).decode("utf-8-sig", "replace")
    file.seek(0)
    return [name.strip('"') for name in line.strip().split(",")]


def _refuse_missing(path: Path, found: list[str], columns: tuple[Column, ...]) -> None:
    missing = [column.name for column in columns if column.name not in found]
    if missing:
        raise RegisterError(f"{path}: has no column {', '.join(missing)}")


def _as_text(batch: pa.RecordBatch, columns: tuple[Column, ...]) -> pa.RecordBatch:
    """Every column as text: numbers have lost their leading zeros, days become ISO, nothing becomes empty."""
    made = []
    for column in columns:
        values = batch.column(column.name)
        if pa.types.is_timestamp(values.type):
            values = pc.cast(values, pa.date32(), safe=False)
        text = pc.cast(values, pa.string())
        if pa.types.is_integer(values.type):
            text = pc.utf8_lpad(text, width=14, padding="0")
        made.append(pc.fill_null(text, ""))
    return pa.RecordBatch.from_arrays(made, names=[column.name for column in columns])


def _keep_good(batch: pa.RecordBatch, columns: tuple[Column, ...], row: int, faults: Faults) -> pa.RecordBatch:
    """The batch without its bad rows, as text; those are noted. `row` is the number of its first."""
    good = None
    for column in columns:
        fits = _fit(batch.column(column.name), column)
        if not pc.all(fits, min_count=0).as_py():
            _tell(batch.column(column.name), fits, column, row, faults)
            good = fits if good is None else pc.and_(good, fits)
    if good is not None:
        faults.count += pc.sum(pc.invert(good)).as_py()
        batch = batch.filter(good)
    return pa.RecordBatch.from_arrays(
        [pc.cast(batch.column(column.name), pa.string()) for column in columns],
        names=[column.name for column in columns],
    )


def _tell(values: pa.Array, fits: pa.BooleanArray, column: Column, row: int, faults: Faults) -> None:
    for position in pc.indices_nonzero(pc.invert(fits)).slice(0, FAULTS_TOLD).to_pylist():
        found: bytes = pc.cast(values[position], pa.binary()).as_py()
        text = found.decode("utf-8", "replace").replace(_OTHER, "\ufffd")
        sentence = f"{column.name}: {column.expected} expected, found {text[:_SHOWN_CHARACTERS]!r}"
        faults.add(faults.line_of(row + position), sentence)


def _fit(values: pa.Array, column: Column) -> pa.BooleanArray:
    fits = pc.match_substring_regex(values, pattern=column.pattern)
    if not column.is_day:
        return fits
    text = pc.cast(pc.if_else(fits, values, pa.scalar("", values.type)), pa.string())
    try:
        days_of(text)
    except pa.ArrowInvalid:
        return pc.and_(fits, _are_days(text))
    return fits


def days_of(text: pa.StringArray) -> pa.Array:
    """Days of ISO texts, null for an empty one. Raises ArrowInvalid where one is in no calendar."""
    return pc.cast(pc.if_else(pc.equal(text, ""), None, text), pa.date32())


def _are_days(text: pa.StringArray) -> pa.BooleanArray:
    """False for what looks like a day and is in no calendar: such a day is read as another, or as none."""
    read = pc.strptime(text, format="%Y-%m-%d", unit="s", error_is_null=True)
    again = pc.fill_null(pc.strftime(read, format="%Y-%m-%d"), "")
    return pc.equal(again, text)
