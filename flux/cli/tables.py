"""How lists look on a terminal, and on a pipe: there without colours, and never cut."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from flux.model.printable import printable

# A pipe has no width; lines must come out whole.
PIPE_COLUMNS = 400
_UNBOUNDED = 1_000_000

_STYLES = {
    "accepted": "green",
    "closed": "green",
    "delivered": "green",
    "ok": "green",
    "passed": "green",
    "partial": "yellow",
    "warning": "yellow",
    "held": "yellow",
    "due": "yellow",
    "planned": "yellow",
    "not_judged": "yellow",
    "not_run": "dim",
    "uncertain": "yellow",
    "rejected": "red",
    "fatal": "red",
    "failed": "red",
    "dead": "red",
    "quarantined": "red",
}


class _InertConsole(Console):
    """Prints no character that a terminal would obey, whoever wrote it."""

    def print(self, *objects: object, **how: Any) -> None:  # noqa: ANN401 - the twelve options of rich pass through
        """Print, texts made inert; `Text` and tables are to be made of inert texts."""
        super().print(*(printable(each) if isinstance(each, str) else each for each in objects), **how)


def console() -> Console:
    """Standard output, as wide as the terminal, or wide enough for anything on a pipe."""
    return _InertConsole(width=None if sys.stdout.isatty() else PIPE_COLUMNS, highlight=False)


def tell(text: str, *, err: bool = False) -> None:
    """Print a line that quotes what others wrote."""
    click.echo(printable(text), err=err)


def print_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str | None = None,
    spare: Sequence[str] = (),
) -> None:
    """Print rows under their headings; the words of states and verdicts bear their colour.

    No value is cut: one that is wider than its column goes on below. Where a terminal is too narrow, the `spare` columns
    are left out, the first one first; on a pipe there is room for all.
    """
    rows, out = list(rows), console()
    shown = list(range(len(columns)))
    leavable = [columns.index(each) for each in spare]
    table = _table(columns, rows, shown, title)
    if sys.stdout.isatty():
        while leavable and _width(out, table) > out.width:
            shown.remove(leavable.pop(0))
            table = _table(columns, rows, shown, title)
    else:
        out.width = max(out.width, _width(out, table))
    out.print(table)


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]], shown: Sequence[int], title: str | None) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in shown:
        table.add_column(columns[column], overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row[column]) for column in shown))
    return table


def _width(out: Console, table: Table) -> int:
    """As wide as its widest lines, however wide the terminal is."""
    return Measurement.get(out, out.options.update(max_width=_UNBOUNDED), table).maximum


def tell_cut(shown: int, *, cut: bool) -> None:
    """Say on standard error that a list has more than was shown."""
    if cut:
        tell(f"the {shown} latest are shown, there are more: --limit", err=True)


def _cell(value: object) -> Text:
    text = "" if value is None else printable(str(value))
    return Text(text, style=_STYLES.get(text.rpartition(", ")[2], ""))
