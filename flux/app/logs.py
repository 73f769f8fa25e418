"""Structured logs: one JSON object a line, for machines first."""

import logging
import re
import sys
from typing import TextIO

import structlog
from structlog.typing import EventDict

from flux.model.masking import mask_accounts
from flux.model.ports import Report
from flux.model.printable import to_json_line

# Facts that are one number; all others stay the texts that they are, whatever a partner named its file.
_NUMBERS = frozenset(
    {
        "accepted", "bytes", "flow", "next_try_in_seconds", "not_taken", "others", "outputs", "owed", "rejected", "seconds",
        "tasks", "times",
    }
)  # fmt: skip
_DECIMAL = re.compile(r"[0-9]{1,18}(\.[0-9]+)?")


class _LibraryHandler(logging.Handler):
    """Hands the warnings of libraries to our own log, so that they are lines of it and not loose text beside it."""

    def __init__(self, report: Report) -> None:
        super().__init__(logging.WARNING)
        self._report = report

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one warning."""
        self._report("library_warning", library=record.name, message=record.getMessage())


def open_log(stream: TextIO = sys.stderr) -> Report:
    """A logger that writes each event on one line, with its time in UTC and accounts masked; the warnings of libraries too."""
    logger: structlog.BoundLogger = structlog.wrap_logger(
        structlog.PrintLogger(stream),
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _mask,
            _count,
            structlog.processors.JSONRenderer(serializer=to_json_line),
        ],
        wrapper_class=structlog.BoundLogger,
    )
    report: Report = logger.msg
    logging.basicConfig(handlers=[_LibraryHandler(report)], force=True)
    return report


def _mask(_: object, __: str, event: EventDict) -> EventDict:
    """What a failure says may quote the document over which it happened."""
    return {name: mask_accounts(value) if isinstance(value, str) else value for name, value in event.items()}


def _count(_: object, __: str, event: EventDict) -> EventDict:
    """Numbers as numbers: the parts of the gateway report texts, and who reads the log adds up and compares."""
    return {name: _number(value) if name in _NUMBERS else value for name, value in event.items()}


def _number(value: object) -> object:
    if not isinstance(value, str) or _DECIMAL.fullmatch(value) is None:
        return value  # several flows in one text, or one that is not known
    return float(value) if "." in value else int(value)


def hush_pypdf() -> None:
    """Keep out of every log what pypdf says of a PDF: findings tell it."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
