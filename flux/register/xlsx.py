"""The first sheet of an XLSX workbook as rows of text: all that an export needs, and nothing that computes.

Numbers come as they are written in the file, without zeros before them; the reader of a column knows how many there were.
Source: ECMA-376, SpreadsheetML.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from lxml import etree

from flux.errors import RegisterError

# A workbook of 200,000 structures is some 300 MB of XML; above this it is no directory.
MAX_PART_BYTES = 2 * 2**30

_NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SHEETS = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_STRINGS = "xl/sharedStrings.xml"
_COLUMN = re.compile(r"[A-Z]{1,3}")
_BOOLEANS = {"1": "true", "0": "false"}
# What zipfile says of damage: a method that it does not know, a member under a password, a stream that is broken or ends early.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    etree.XMLSyntaxError,
    KeyError,
    IndexError,
    ValueError,
)


def read_xlsx(content: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each row. Raises RegisterError for what is no workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as workbook:
            strings = _read_strings(workbook)
            with workbook.open(_first_sheet(workbook)) as part:
                yield from _read_rows(part, strings)
    except _DAMAGE as error:
        raise RegisterError(f"{name}: not an XLSX workbook that can be read: {error}") from error


def _first_sheet(workbook: zipfile.ZipFile) -> zipfile.ZipInfo:
    sheets = {int(match[1]): info for info in workbook.infolist() if (match := _SHEETS.fullmatch(info.filename))}
    if not sheets:
        raise ValueError("it has no sheet")
    return _bounded(sheets[min(sheets)])


def _bounded(part: zipfile.ZipInfo) -> zipfile.ZipInfo:
    if part.file_size > MAX_PART_BYTES:
        raise ValueError(f"{part.filename} is longer than {MAX_PART_BYTES} bytes")
    return part


def _read_strings(workbook: zipfile.ZipFile) -> list[str]:
    """The table of texts that cells refer to by number."""
    if _STRINGS not in workbook.namelist():
        return []
    with workbook.open(_bounded(workbook.getinfo(_STRINGS))) as part:
        return [_text_of(item) for item in _elements(part, "si")]


def _read_rows(part: IO[bytes], strings: list[str]) -> Iterator[tuple[int, list[str]]]:
    for position, row in enumerate(_elements(part, "row"), start=1):
        cells: list[str] = []
        for cell in row.iterchildren(f"{_NAMESPACE}c"):
            column = _column_of(cell.get("r"), len(cells))
            cells += [""] * (column - len(cells))
            cells.append(_read_cell(cell, strings))
        yield int(row.get("r") or position), cells


def _elements(part: IO[bytes], name: str) -> Iterator[etree._Element]:
    """Each element of that name, let go after use: a sheet does not fit into memory twice."""
    events = etree.iterparse(part, tag=_NAMESPACE + name, resolve_entities=False, no_network=True, load_dtd=False)
    for _, element in events:
        if element.getroottree().docinfo.doctype:
            raise ValueError("it has a DOCTYPE")
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _column_of(reference: str | None, following: int) -> int:
    """The position of a cell: `C7` is the third."""
    match = _COLUMN.match(reference or "")
    if match is None:
        return following
    position = 0
    for letter in match[0]:
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1


def _read_cell(cell: etree._Element, strings: list[str]) -> str:
    kind = cell.get("t")
    if kind == "inlineStr":
        return _text_of(cell)
    value = cell.findtext(f"{_NAMESPACE}v") or ""
    if kind == "s":
        return strings[int(value)]
    return _BOOLEANS.get(value, value) if kind == "b" else value


def _text_of(element: etree._Element) -> str:
    """The text of an element, its readings for pronunciation left out."""
    return "".join(
        part.text or ""
        for part in element.iter(f"{_NAMESPACE}t")
        if not any(above.tag == f"{_NAMESPACE}rPh" for above in part.iterancestors())
    )
