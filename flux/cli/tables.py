"""How lists look on a terminal, and on a pipe: there without colours, and never cut."""

import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

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


def console() -> Console:
    """Standard output, as wide as the terminal, or wide enough for anything on a pipe."""
    return Console(width=None if sys.stdout.isatty() else PIPE_COLUMNS, highlight=False)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None) -> None:
    """Print rows under their headings; the words of states and verdicts bear their colour."""
    table = Table(*columns, title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    console().print(table)


def _cell(value: object) -> Text:
    text = "" if value is None else str(value)
    return Text(text, style=_STYLES.get(text, ""))
