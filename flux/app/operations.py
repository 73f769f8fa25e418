"""What operators ask of the ledger, and the few things that they may change in it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from flux.app.authority import authorise
from flux.config import Settings
from flux.errors import LedgerError, LedgerLocked
from flux.ledger.database import Database, open_database
from flux.ledger.given_up import close_deliveries, close_partner, retry_dead, retry_deliveries, retry_partner
from flux.ledger.lock import GatewayLock
from flux.ledger.migrate import is_current
from flux.ledger.queries import DeliveryLine, FlowFilter, FlowHistory, FlowLine, LedgerQueries
from flux.ledger.release import close_flow, judging_gateway
from flux.ledger.row_hashes import GUARDED

__all__ = [
    "GUARDED",
    "DeliveryLine",
    "FlowFilter",
    "FlowHistory",
    "FlowLine",
    "close_for_partner",
    "close_one_flow",
    "close_some",
    "open_ledger",
    "open_queries",
    "retry_all_dead",
    "retry_for_partner",
    "retry_some",
    "vault_owner",
]


@contextmanager
def open_queries(settings: Settings) -> Iterator[LedgerQueries]:
    """The ledger, to be read."""
    with open_ledger(settings) as database:
        yield LedgerQueries(database)


@contextmanager
def open_ledger(settings: Settings) -> Iterator[Database]:
    """The ledger itself. Raises LedgerError where it is not there, which nobody but a gateway makes, or of another version."""
    file = settings.ledger.file
    if file is not None and not file.exists():
        raise LedgerError(f"{file}: there is no ledger yet; `flux run` makes it")
    database = open_database(settings.ledger.url)
    try:
        if not is_current(database):
            raise LedgerError("the ledger is empty or of another version; `flux run` makes it or brings it up to date")
        yield database
    finally:
        database.close()


def vault_owner(settings: Settings, database: Database) -> str | None:
    """Whose flows lie in our vault: every flow of an SQLite ledger, only ours of one that gateways share."""
    return None if database.is_sqlite else settings.gateway.name


def retry_all_dead(settings: Settings) -> tuple[int, ...]:
    """Make every dead delivery due at once; their ids."""
    with open_ledger(settings) as database:
        return retry_dead(database, now=datetime.now(UTC))


def retry_for_partner(settings: Settings, partner: str) -> tuple[int, ...]:
    """Make what is dead or uncertain for a partner due at once; the ids."""
    with open_ledger(settings) as database:
        return retry_partner(database, partner, now=datetime.now(UTC))


def retry_some(settings: Settings, ids: Sequence[int]) -> tuple[int, ...]:
    """Set these deliveries going again; the ids of those that were given up."""
    with open_ledger(settings) as database:
        return retry_deliveries(database, ids, now=datetime.now(UTC))


def close_for_partner(settings: Settings, partner: str, *, by: str, reason: str) -> tuple[int, ...]:
    """Close what is uncertain for a partner, who says that it has it; the ids."""
    with open_ledger(settings) as database:
        return close_partner(database, partner, authorise(by, reason))


def close_some(settings: Settings, ids: Sequence[int], *, by: str, reason: str) -> tuple[int, ...]:
    """Close these deliveries by a person's word; the ids of those that were open, and of those held together with them."""
    with open_ledger(settings) as database:
        return close_deliveries(database, ids, authorise(by, reason))


def close_one_flow(settings: Settings, number: int, *, by: str, reason: str) -> None:
    """Close a flow that was never judged, by a person's word. Raises LedgerError, also while a gateway is to judge it."""
    authority = authorise(by, reason)
    with open_ledger(settings) as database:
        gateway = judging_gateway(database, number)
        if gateway is None:
            close_flow(database, number, authority)
            return
        try:
            with GatewayLock(database, gateway):
                close_flow(database, number, authority, nobody_works=True)
        except LedgerLocked as error:
            raise LedgerError(
                f"flow {number} is to be judged: stop the gateway before you close it ({error})"
            ) from error
