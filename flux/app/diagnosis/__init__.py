"""`flux doctor`: is an installation fit to run, and what is to be done where it is not."""

from collections.abc import Iterator
from datetime import UTC, datetime

from flux.app.diagnosis.ledger import diagnose_ledger
from flux.app.diagnosis.line import Diagnosis
from flux.app.diagnosis.machine import diagnose_database, diagnose_machine, diagnose_schemas
from flux.app.diagnosis.servers import diagnose_servers
from flux.config import Settings

__all__ = ["Diagnosis", "diagnose"]


def diagnose(settings: Settings, *, servers: bool = False) -> Iterator[Diagnosis]:
    """Look at everything that the gateway needs, without changing anything but the ledger's schema.

    The servers of partners are asked where `servers` says so: that takes as long as the slowest of them.
    """
    now = datetime.now(UTC)
    yield from diagnose_schemas()
    database = diagnose_database(settings)
    yield database
    if database.well:
        yield from diagnose_ledger(settings, now)
    yield from diagnose_machine(settings, now)
    yield from diagnose_servers(settings, ask=servers)
