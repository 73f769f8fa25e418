"""CSV that a spreadsheet opens with a double click: semicolons, UTF-8 with its mark, and no cell that is a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from flux.replies.texts import clean, on_one_line

# A cell that begins so is computed by spreadsheets; the full-width twins are, too.
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def write_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The bytes of a table: one line per row, in the order given."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(text) for text in row] for row in rows)
    return clean(buffer.getvalue()).encode("utf-8-sig")


def _cell(text: str) -> str:
    """The text on one line, quoted by an apostrophe where a spreadsheet would compute it."""
    line = on_one_line(text)
    return f"'{line}" if line.startswith(_FORMULA_STARTS) else line
