"""The reader remembers, and forgets once something was done; it changes nothing."""

import pickle
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from flux.app.register import RegisterFactory
from flux.errors import RegisterError
from flux.model.register import Establishment, RegisterSource, SourceState
from flux.register.database import prepare_database, read_database
from flux.register.reader import CHECK_SECONDS, RegisterReader
from flux.register.settings import RegisterSettings
from tests.contract.register_desk import NOON, FakeSirene, fill, order, siret, supplier, suppliers

LATER = NOON + timedelta(days=7)
SIRENE = SourceState(source=RegisterSource.SIRENE, version="2026-11", imported_at=NOON, is_stale=False)
RENAMED = suppliers(replace(supplier(), name="ACME SAS"))


@dataclass(slots=True)
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(tmp_path: Path) -> RegisterSettings:
    return RegisterSettings(url=f"sqlite:///{tmp_path / 'a % b' / 'register.db'}", sirene=tmp_path / "sirene.bin")


@pytest.fixture
def sirene() -> FakeSirene:
    return FakeSirene(SIRENE, {"73282932000074": Establishment(siret="73282932000074")})


@pytest.fixture
def reader(settings: RegisterSettings, sirene: FakeSirene, clock: Clock) -> Iterator[RegisterReader]:
    opened = RegisterReader(settings, sirene, clock)
    yield opened
    opened.close()


def name_of(reader: RegisterReader) -> str | None:
    found = reader.structure(siret())
    return found.name if found else None


def test_what_was_asked_once_costs_no_statement(
    settings: RegisterSettings, reader: RegisterReader, sirene: FakeSirene
) -> None:
    fill(settings.url, suppliers(supplier()))
    statements: list[str] = []
    reader.structure(siret())
    assert reader._database is not None
    event.listen(reader._database.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    for _ in range(3):
        reader.structure(siret())
        reader.establishment("73282932000074")
        reader.sources(NOON.date())
    assert (statements, sirene.asked) == ([], 1)


@pytest.mark.parametrize(("seconds", "expected"), [(CHECK_SECONDS / 2, "ACME"), (CHECK_SECONDS, "ACME SAS")])
def test_an_import_is_seen_within_a_second(
    settings: RegisterSettings, reader: RegisterReader, clock: Clock, seconds: float, expected: str
) -> None:
    fill(settings.url, suppliers(supplier()))
    assert name_of(reader) == "ACME"
    fill(settings.url, RENAMED, order(at=LATER))
    clock.now += seconds
    assert name_of(reader) == expected


def test_what_was_unknown_is_found_once_it_is_imported(
    settings: RegisterSettings, reader: RegisterReader, clock: Clock
) -> None:
    assert name_of(reader) is None
    fill(settings.url, suppliers(supplier()))
    clock.now += CHECK_SECONDS
    assert name_of(reader) == "ACME"


def test_a_register_that_was_made_anew_is_another_one(
    settings: RegisterSettings, reader: RegisterReader, clock: Clock, tmp_path: Path
) -> None:
    fill(settings.url, suppliers(supplier()))
    assert name_of(reader) == "ACME"
    folder = Path(settings.url.removeprefix("sqlite:///")).parent
    folder.rename(tmp_path / "former")
    fill(settings.url, RENAMED)
    clock.now += CHECK_SECONDS
    assert name_of(reader) == "ACME SAS"


def test_a_register_that_was_taken_away_knows_nothing(
    settings: RegisterSettings, reader: RegisterReader, clock: Clock, tmp_path: Path
) -> None:
    fill(settings.url, suppliers(supplier()))
    assert name_of(reader) == "ACME"
    Path(settings.url.removeprefix("sqlite:///")).parent.rename(tmp_path / "former")
    clock.now += CHECK_SECONDS
    assert (name_of(reader), [state.source for state in reader.sources(NOON.date())]) == (None, [RegisterSource.SIRENE])


def test_a_register_without_tables_is_an_empty_one(
    settings: RegisterSettings, reader: RegisterReader, tmp_path: Path
) -> None:
    Path(settings.url.removeprefix("sqlite:///")).parent.mkdir()
    Path(settings.url.removeprefix("sqlite:///")).touch()
    assert name_of(reader) is None


def test_another_sirene_is_seen_within_a_second(reader: RegisterReader, sirene: FakeSirene, clock: Clock) -> None:
    assert reader.establishment("73282932000074") is not None
    sirene.held, sirene.establishments = replace(SIRENE, version="2026-12"), {}
    assert reader.establishment("73282932000074") is not None
    clock.now += CHECK_SECONDS
    assert reader.establishment("73282932000074") is None
    assert [state.version for state in reader.sources(NOON.date())] == ["2026-12"]


def test_a_file_that_is_no_register_is_a_failure_of_ours(settings: RegisterSettings, reader: RegisterReader) -> None:
    file = Path(settings.url.removeprefix("sqlite:///"))
    file.parent.mkdir()
    file.write_bytes(b"no database" * 100)
    with pytest.raises(RegisterError, match="the register refused"):
        reader.structure(siret())


def test_who_reads_can_change_nothing(settings: RegisterSettings) -> None:
    prepare_database(settings.url).close()
    database = read_database(settings.url)
    with pytest.raises(RegisterError, match="readonly"), database.write() as connection:
        connection.exec_driver_sql("DELETE FROM acts")
    database.close()


def test_the_file_of_a_register_is_its_owner_s_alone(settings: RegisterSettings) -> None:
    prepare_database(settings.url).close()
    assert Path(settings.url.removeprefix("sqlite:///")).stat().st_mode & 0o077 == 0


def test_the_factory_travels_to_a_worker(settings: RegisterSettings) -> None:
    fill(settings.url, suppliers(supplier()))
    register = pickle.loads(pickle.dumps(RegisterFactory(settings)))()  # noqa: S301 -- our own
    assert register.structure(siret()).name == "ACME"
    register.close()


def test_an_installation_without_an_address_has_no_register(settings: RegisterSettings) -> None:
    assert RegisterFactory(replace(settings, url=""))() is None
