"""A file that holds one table: CSV of any usual kind, or the first sheet of an XLSX workbook."""

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from flux.errors import RegisterError
from flux.register.acts import FileMark
from flux.register.xlsx import read_xlsx

_ZIP_MAGIC = b"PK\x03\x04"
_SEPARATORS = (";", ",", "\t")
_LONGEST_CELL = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line with something in it. `number` counts from 1, as an editor or a spreadsheet does."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFile:
    """A table with its headings. `remark` is what whoever imports it should know of how it was read."""

    mark: FileMark
    headings: tuple[str, ...]
    lines: tuple[Line, ...]
    remark: str = ""

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.mark.name


def read_table(path: Path) -> TableFile:
    """The table of a file, cells without the spaces around them. Raises RegisterError for one that holds none."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RegisterError(f"{path}: cannot be read: {error.strerror}") from error
    mark = FileMark(path.name, hashlib.sha256(content).hexdigest())
    if content.startswith(_ZIP_MAGIC):
        lines, remark = _filled(read_xlsx(content, path.name)), ""
    else:
        text, remark = _decode(content, path.name)
        lines = _filled(_read_csv(text, path.name))
    if not lines:
        raise RegisterError(f"{path.name}: empty: a line of headings expected")
    return TableFile(mark=mark, headings=tuple(lines[0].cells), lines=lines[1:], remark=remark)


def _decode(content: bytes, name: str) -> tuple[str, str]:
    if b"\0" in content[:4096]:
        raise RegisterError(f"{name}: UTF-8 expected, found UTF-16 or no text at all: save it as CSV UTF-8")
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), f"{name} is not UTF-8: it was read as Latin-1 (Windows-1252)"


def _read_csv(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    heading = text[: text.find("\n")] if "\n" in text else text
    separator = max(_SEPARATORS, key=heading.count)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    number = 1
    try:
        for cells in reader:
            yield number, cells
            number = reader.line_num + 1
    except csv.Error as error:
        raise RegisterError(f"{name}:{number}: not CSV: {error}") from error


def _filled(rows: Iterator[tuple[int, list[str]]]) -> tuple[Line, ...]:
    """The lines that are not empty."""
    stripped = ((number, [_clean(cell) for cell in cells]) for number, cells in rows)
    return tuple(Line(number=number, cells=cells) for number, cells in stripped if any(cells))


def _clean(cell: str) -> str:
    """A cell without the spaces around it and without the ="…" that keeps a spreadsheet from reading a number."""
    text = cell.strip()
    return text[2:-1].strip() if text.startswith('="') and text.endswith('"') else text
