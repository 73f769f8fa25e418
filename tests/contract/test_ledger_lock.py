"""One process per gateway."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from flux.errors import LedgerLocked
from flux.ledger.database import Database, open_database
from flux.ledger.lock import GatewayLock
from tests.servers.postgres import Postgres

HOLD = """
import sys
from flux.ledger.database import open_database
from flux.ledger.lock import GatewayLock
with GatewayLock(open_database(sys.argv[1]), sys.argv[2]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def shared_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a ledger that two processes can open."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    url: str = request.getfixturevalue("postgres").create_database()
    return url


def hold_elsewhere(url: str, gateway: str) -> subprocess.Popen[str]:
    """Another process, once it holds the lock."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, url, gateway], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_a_second_process_of_a_gateway_is_refused_until_the_first_is_dead(shared_url: str) -> None:
    database = open_database(shared_url)
    with hold_elsewhere(shared_url, "gw1") as holder:
        with pytest.raises(LedgerLocked), GatewayLock(database, "gw1"):
            pass
        holder.kill()
    with pytest.raises(ZeroDivisionError), GatewayLock(database, "gw1"):
        raise ZeroDivisionError
    with GatewayLock(database, "gw1"):
        pass
    database.close()


def test_the_refusal_names_the_process_that_holds_a_sqlite_ledger(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    database = open_database(url)
    with hold_elsewhere(url, "gw1") as holder:
        with pytest.raises(LedgerLocked, match=f"process {holder.pid}"), GatewayLock(database, "gw2"):
            pass
        holder.kill()
    database.close()


def end_sessions(database: Database) -> None:
    """What an administrator does, or a restart of the server, to whoever holds a lock."""
    with database.write() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
            )
        )


def test_a_lock_is_taken_again_where_its_session_was_ended(postgres: Postgres) -> None:
    database, other = (open_database(url) for url in [postgres.create_database()] * 2)
    with GatewayLock(database, "gw1") as lock:
        assert lock.renew() is False
        end_sessions(other)
        assert (lock.renew(), lock.renew()) == (True, False)
        with pytest.raises(LedgerLocked), GatewayLock(other, "gw1"):
            pass
    database.close()
    other.close()


def test_a_lock_that_another_took_meanwhile_is_lost(postgres: Postgres) -> None:
    database, other = (open_database(url) for url in [postgres.create_database()] * 2)
    with GatewayLock(database, "gw1") as lock:
        end_sessions(other)
        with GatewayLock(other, "gw1"), pytest.raises(LedgerLocked):
            lock.renew()
        assert lock.renew() is True
    database.close()
    other.close()


def test_gateways_with_other_names_share_a_postgresql_ledger(postgres_template: str) -> None:
    database = open_database(postgres_template)
    with hold_elsewhere(postgres_template, "gw1") as holder:
        with GatewayLock(database, "gw2") as lock:
            assert isinstance(lock, GatewayLock)
        holder.kill()
    database.close()


def test_one_process_does_not_hold_a_ledger_twice(database: Database) -> None:
    if database.is_memory:
        with GatewayLock(database, "gw1"), GatewayLock(database, "gw1"):
            return  # nobody else can come
    with GatewayLock(database, "gw1"), pytest.raises(LedgerLocked), GatewayLock(database, "gw1"):
        pass
