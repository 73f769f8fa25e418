"""Opening a ledger, and the tables that its migrations make."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, event, inspect, text

from flux.errors import ConfigError, LedgerError
from flux.ledger.database import Database, open_database
from flux.ledger.migrate import is_current, upgrade
from flux.ledger.tables import metadata
from tests.contract.ledger_desk import GATEWAY, Desk


def describe(connection: Connection) -> dict[str, object]:
    """Everything that the database says of our tables, as text."""
    inspector = inspect(connection)
    asked = (
        inspector.get_columns,
        inspector.get_pk_constraint,
        inspector.get_foreign_keys,
        inspector.get_unique_constraints,
        inspector.get_indexes,
    )
    return {table: [json.dumps(ask(table), default=str) for ask in asked] for table in metadata.tables}


def test_the_migrations_make_the_tables_of_the_code(database: Database) -> None:
    with database.write() as connection:
        migrated = describe(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        metadata.drop_all(connection)
        metadata.create_all(connection)
        assert describe(connection) == migrated


def test_an_upgraded_ledger_is_current_and_stays_as_it_is(desk: Desk) -> None:
    flow = desk.receive()
    upgrade(desk.database)
    assert is_current(desk.database)
    assert desk.work.case(flow).flow == flow


def test_a_new_ledger_is_not_current() -> None:
    database = open_database("sqlite://")
    assert not is_current(database)
    database.close()


def test_a_ledger_of_a_later_version_is_refused(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(LedgerError, match="another version"):
        upgrade(database)


def test_an_upgrade_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'ledger.db'}")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE outputs (id INTEGER)"))
    with pytest.raises(LedgerError):
        upgrade(database)
    with database.read() as connection:
        assert inspect(connection).get_table_names() == ["outputs"]
    database.close()


def test_a_sqlite_ledger_is_set_for_durability(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'ledger.db'}")
    with database.read() as connection:
        held = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert held == ["wal", 2, 1, 10_000]
    database.close()


def test_a_write_transaction_of_sqlite_holds_the_ledger_from_its_first_moment(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    database = open_database(f"sqlite:///{file}")
    with database.write(), closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as other:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN")  # readers are not in the way
    database.close()


def test_a_write_block_that_raises_changes_nothing(desk: Desk) -> None:
    def write_and_fail() -> None:
        with desk.database.write() as connection:
            connection.execute(text("INSERT INTO sequences (scope, last) VALUES ('a', 1)"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with desk.database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM sequences")).scalar() == 0


def test_what_the_database_refuses_is_a_failure_of_ours_without_its_values(desk: Desk) -> None:
    def write() -> None:
        with desk.database.write() as connection:
            connection.execute(text("INSERT INTO nowhere VALUES (:iban)"), {"iban": "FR7630006000011234567890189"})

    with pytest.raises(LedgerError) as caught:
        write()
    assert "FR7630006000011234567890189" not in str(caught.value)
    assert "FR7630006000011234567890189" not in str(caught.value.__cause__)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ledger.db", "no address"),
        ("mysql://localhost/flux", "neither sqlite nor postgresql"),
        ("sqlite+aiosqlite://", "neither sqlite nor postgresql"),
    ],
)
def test_an_address_of_no_ledger_is_refused(url: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        open_database(url)


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all/ledger.db", "postgresql://x@/flux?host=/nowhere"])
def test_a_ledger_that_cannot_be_reached_is_told_at_once(url: str) -> None:
    with pytest.raises(LedgerError):
        open_database(url)


def test_a_trial_write_reaches_the_disk_and_changes_nothing(desk: Desk) -> None:
    (delivery,) = desk.owe()
    file = desk.database.file
    before = file.with_name(file.name + "-wal").stat().st_size if file else 0
    desk.database.try_write()
    assert file is None or file.with_name(file.name + "-wal").stat().st_size > before
    assert desk.due() == (delivery,)


def test_the_questions_of_every_second_find_their_rows_by_state(desk: Desk) -> None:
    if not desk.database.is_sqlite:
        return  # PostgreSQL chooses by how many rows there are: a small table tells nothing
    asked: list[tuple[str, Any]] = []
    event.listen(desk.database.engine, "before_cursor_execute", lambda *call: asked.append((call[2], call[3])))
    for ask in (desk.work.unjudged, desk.work.unsettled, desk.work.unanswered):
        ask(GATEWAY)
    desk.due()
    with desk.database.read() as connection:
        plans = [
            str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all())
            for statement, values in list(asked)
            if statement.startswith("SELECT")
        ]
    assert len(plans) == 5
    for plan in plans:
        assert "state=?" in plan
        assert "SCAN flows" not in plan
        assert "SCAN outputs" not in plan
        assert "(gateway=?)" not in plan
