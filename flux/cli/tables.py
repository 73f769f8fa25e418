"""How lists look on a terminal, and on a pipe: there without colours, and never cut."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flux.model.printable import printable

# A pipe has no width; lines must come out whole.
PIPE_COLUMNS = 400

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


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None) -> None:
    """Print rows under their headings; the words of states and verdicts bear their colour."""
    table = Table(*columns, title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    console().print(table)


def tell_cut(shown: int, *, cut: bool) -> None:
    """Say on standard error that a list has more than was shown."""
    if cut:
        tell(f"the {shown} latest are shown, there are more: --limit", err=True)


def _cell(value: object) -> Text:
    text = "" if value is None else printable(str(value))
    return Text(text, style=_STYLES.get(text, ""))
