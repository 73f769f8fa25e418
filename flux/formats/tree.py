"""lxml's element and log entry under public names, and what its type stubs leave out."""

from typing import cast

from lxml.etree import _Element as Element
from lxml.etree import _LogEntry as LogEntry

__all__ = ["Element", "LogEntry", "line_of"]


def line_of(element: Element) -> int | None:
    """The line of an element in its source, counted from 1."""
    return cast("int | None", element.sourceline)
