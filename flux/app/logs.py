"""Structured logs: one JSON object a line, for machines first."""

import sys
from typing import TextIO

import structlog

from flux.model.ports import Report


def open_log(stream: TextIO = sys.stderr) -> Report:
    """A logger that writes each event on one line, with its time in UTC."""
    logger: structlog.BoundLogger = structlog.wrap_logger(
        structlog.PrintLogger(stream),
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.EventRenamer("event"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.BoundLogger,
    )
    report: Report = logger.msg
    return report
