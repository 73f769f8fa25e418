"""The journal is sealed once a day, at the first look of the day."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from flux.app.sealing import DailySealer
from flux.ledger.database import Database, open_database
from flux.ledger.migrate import upgrade
from flux.ledger.seals import read_seals
from tests.contract.ledger_desk import NOON, Desk


class Day:
    """A clock, and what the sealer reports."""

    def __init__(self, database: Database) -> None:
        self.now = NOON
        self.told: list[tuple[str, dict[str, str]]] = []
        self.sealer = DailySealer(database, self.clock, self.report)

    def clock(self) -> datetime:
        return self.now

    def report(self, event: str, **facts: str) -> None:
        self.told.append((event, facts))


@pytest.fixture
def database() -> Iterator[Database]:
    opened = open_database("sqlite://")
    upgrade(opened)
    yield opened
    opened.close()


def test_once_a_day_whatever_came_since(database: Database) -> None:
    day, desk = Day(database), Desk(database)
    desk.receive()
    day.sealer.seal_if_due()
    desk.receive()
    day.sealer.seal_if_due()
    assert [facts["flows"] for _, facts in day.told] == ["1"]
    day.now += timedelta(days=1)
    day.sealer.seal_if_due()
    assert [facts["flows"] for _, facts in day.told] == ["1", "1"]


def test_a_gateway_that_starts_again_seals_no_second_time(database: Database) -> None:
    desk = Desk(database)
    desk.receive()
    Day(database).sealer.seal_if_due()
    desk.receive()
    Day(database).sealer.seal_if_due()
    with database.read() as connection:
        assert [seal.number for seal in read_seals(connection, after=0, limit=9)] == [1]


def test_a_seal_of_a_clock_that_was_ahead_does_not_end_the_sealing(database: Database) -> None:
    day, desk = Day(database), Desk(database)
    desk.receive()
    day.now = NOON + timedelta(days=9_000)
    day.sealer.seal_if_due()
    desk.receive()
    day.now = NOON
    day.sealer.seal_if_due()
    assert [facts["flows"] for _, facts in day.told] == ["1", "1"]


def test_the_next_look_comes_right_after_midnight(database: Database) -> None:
    day = Day(database)
    day.now = NOON.replace(hour=23, minute=59, second=50, microsecond=0)
    assert day.sealer.seal_if_due() == 11.0


def test_a_ledger_that_refuses_is_asked_again(database: Database) -> None:
    day = Day(database)
    with database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE seals RENAME TO gone")
    assert day.sealer.seal_if_due() == 60.0
    assert [event for event, _ in day.told] == ["seal_failed"]
