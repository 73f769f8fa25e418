"""What operators ask of the ledger, and the few things that they may change in it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from flux.config import Settings
from flux.errors import LedgerError
from flux.ledger.database import Database, open_database
from flux.ledger.migrate import is_current
from flux.ledger.queries import DeliveryLine, FlowFilter, FlowHistory, FlowLine, LedgerQueries
from flux.ledger.retry import retry_dead, retry_deliveries, retry_partner
from flux.model.lifecycle import DeliveryState

__all__ = [
    "DeliveryLine",
    "FlowFilter",
    "FlowHistory",
    "FlowLine",
    "open_queries",
    "retry_all_dead",
    "retry_for_partner",
    "retry_some",
]


@contextmanager
def open_queries(settings: Settings) -> Iterator[LedgerQueries]:
    """The ledger, to be read."""
    with _open(settings) as database:
        yield LedgerQueries(database)


@contextmanager
def _open(settings: Settings) -> Iterator[Database]:
    database = open_database(settings.ledger.url)
    try:
        if not is_current(database):
            raise LedgerError("the ledger is empty or of another version; `flux run` makes it or brings it up to date")
        yield database
    finally:
        database.close()


def retry_all_dead(settings: Settings) -> tuple[int, ...]:
    """Make every dead delivery due at once; their ids."""
    with _open(settings) as database:
        return retry_dead(database, now=datetime.now(UTC))


def retry_for_partner(settings: Settings, partner: str) -> tuple[int, ...]:
    """Make what is dead or uncertain for a partner due at once; the ids."""
    with _open(settings) as database:
        return retry_partner(database, partner, now=datetime.now(UTC))


def retry_some(settings: Settings, ids: Sequence[int]) -> tuple[int, ...]:
    """Set these deliveries going again; the ids of those that were waiting for it.

    A forward that was held for want of a route goes to whoever the configuration says receives it now.
    """
    with _open(settings) as database:
        held = {
            line.id: line for line in LedgerQueries(database).list_deliveries(state=DeliveryState.HELD, limit=10**6)
        }
        going: list[int] = []
        for number in ids:
            route = _route(settings, database, held[number]) if number in held else None
            going.extend(retry_deliveries(database, [number], now=datetime.now(UTC), partner=route))
        return tuple(going)


def _route(settings: Settings, database: Database, line: DeliveryLine) -> str | None:
    """The partner who receives the invoices of a held forward, as configured today."""
    case = LedgerQueries(database).show_flow(line.flow_number).case
    sirets = {
        judgment.summary.buyer.identifier
        for judgment in case.judgments
        if (judgment.ordinal, judgment.unit) in line.invoices and judgment.summary is not None
    }
    names = [name for name, table in settings.partners.items() if sirets <= set(table.sirets)]
    return names[0] if names else None
