"""What the adapters of the three ports have in common."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from flux.ledger.book import FlowBook, open_book
from flux.ledger.database import Database


def tell_time() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


class SqlLedger:
    """An adapter on an open database; `clock` dates the events whose time no caller gives."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime] = tell_time) -> None:
        self._database = database
        self._clock = clock

    def _open_book(self, numbers: Collection[int], at: datetime | None = None) -> AbstractContextManager[FlowBook]:
        return open_book(self._database, numbers, at or self._clock())
