"""The databases on which the contract of the ledger is run: in memory, on a SQLite file, on a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flux.ledger.database import Database, open_database
from flux.ledger.migrate import upgrade
from tests.contract.ledger_desk import Desk
from tests.servers.postgres import Postgres, PostgresAbsent, run_postgres

ENGINES = ("memory", "sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A private server; one per test process."""
    try:
        with run_postgres() as server:
            yield server
    except PostgresAbsent as error:
        pytest.fail(str(error))


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """The URL of a database that holds the empty tables."""
    url = postgres.create_database()
    database = open_database(url)
    upgrade(database)
    database.close()
    return url


@pytest.fixture(params=ENGINES)
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a ledger that has its tables; in memory there is none yet, each opening is another ledger."""
    if request.param != "postgresql":
        yield "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path / 'ledger.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.create_database(like=request.getfixturevalue("postgres_template"))
    yield url
    server.drop_database(url)


@pytest.fixture
def database(ledger_url: str) -> Iterator[Database]:
    opened = open_database(ledger_url)
    upgrade(opened)
    yield opened
    opened.close()


@pytest.fixture
def desk(database: Database) -> Desk:
    """The three ports on one ledger, and short ways to bring a flow somewhere."""
    return Desk(database)


@pytest.fixture
def sqlite_register_url(tmp_path: Path) -> str:
    """The address of a register that nobody has made yet."""
    return f"sqlite:///{tmp_path / 'register.db'}"


@pytest.fixture
def postgresql_register_url(postgres: Postgres) -> Iterator[str]:
    """The same on a server."""
    url = postgres.create_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def register_url(request: pytest.FixtureRequest) -> str:
    """The address of a register that nobody has made yet, on each database."""
    url: str = request.getfixturevalue(f"{request.param}_register_url")
    return url
