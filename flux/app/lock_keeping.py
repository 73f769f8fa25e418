"""The gateway's lock on a shared ledger, looked after while the gateway works: PostgreSQL may end the session that holds it."""

from threading import Event

from flux.errors import LedgerError, LedgerLocked
from flux.ledger.lock import GatewayLock
from flux.model.ports import Report

LOOK_SECONDS = 5.0


def keep_lock(lock: GatewayLock, stop: Event, report: Report, look_seconds: float = LOOK_SECONDS) -> None:
    """Take the lock again where it was lost, until stopped. Raises LedgerLocked where another gateway of this name works.

    While the server is away nobody can take it; the ledger itself tells that it is away.
    """
    while not stop.wait(look_seconds):
        try:
            if lock.renew():
                report("gateway_lock_taken_again")
        except LedgerLocked:
            raise
        except LedgerError:
            continue
