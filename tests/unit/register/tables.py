"""Files to import, written on the spot."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from flux.register.table_file import TableFile, read_table

Rows = Sequence[Sequence[str]]


def write_csv(path: Path, rows: Rows, *, separator: str = ";", encoding: str = "utf-8") -> Path:
    path.write_bytes("".join(separator.join(row) + "\r\n" for row in rows).encode(encoding))
    return path


def table(folder: Path, *rows: Sequence[str], name: str = "file.csv") -> TableFile:
    return read_table(write_csv(folder / name, rows))


def xlsx(sheet: str, strings: Sequence[str] = (), head: str = "") -> bytes:
    """A workbook whose first sheet holds these rows, as XML without namespaces around them."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as workbook:
        workbook.writestr(
            "xl/worksheets/sheet1.xml", f"{head}<worksheet {main}><sheetData>{sheet}</sheetData></worksheet>"
        )
        if strings:
            items = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
            workbook.writestr("xl/sharedStrings.xml", f"<sst {main}>{items}</sst>")
    return content.getvalue()
