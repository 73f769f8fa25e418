"""What an import does to what is held: it closes and opens, and overwrites nothing."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Connection, inspect, select, text

from flux.errors import RegisterError
from flux.model.register import RecipientFlags, Structure, Validity
from flux.register.acts import last_imports
from flux.register.database import MIGRATIONS, Database, prepare_database
from flux.register.given import State, StatedFile, StatedService, StatedStructure
from flux.register.history import show_structure
from flux.register.importing import import_file, preview_import
from flux.register.tables import metadata
from tests.contract.register_desk import (
    IBAN,
    NOON,
    OTHER_IBAN,
    account,
    directory,
    order,
    siret,
    supplier,
    suppliers,
)

DAY = NOON.date()
LATER = NOON + timedelta(days=7)
SECOND = siret("81034732800017")


def entity(
    *services: StatedService, state: State | None = None, flags: RecipientFlags | None = None
) -> StatedStructure:
    return StatedStructure(
        id=siret(), name="Commune", services=services, state=state or State(), flags=flags or RecipientFlags()
    )


@pytest.fixture
def database(register_url: str) -> Iterator[Database]:
    opened = prepare_database(register_url)
    yield opened
    opened.close()


def load(database: Database, file: StatedFile, at: datetime = NOON) -> None:
    import_file(database, file, order(at=at))


def structure(database: Database, known_before: datetime | None = None) -> Structure:
    record = show_structure(database, siret(), known_before)
    assert record is not None
    return record.structure


def dump(database: Database) -> dict[str, dict[int, tuple[object, ...]]]:
    """Every row of every table, by its key; of the one thing that may change, whether a row is closed, nothing."""
    with database.read() as connection:
        return {
            table.name: {
                row[0]: tuple(value for name, value in row._mapping.items() if name != "closed")
                for row in connection.execute(select(table))
            }
            for table in metadata.sorted_tables
        }


def describe(connection: Connection) -> dict[str, object]:
    """Everything that the database says of our tables, as text."""
    asked = inspect(connection)
    questions = (
        asked.get_columns,
        asked.get_pk_constraint,
        asked.get_foreign_keys,
        asked.get_unique_constraints,
        asked.get_indexes,
    )
    return {table: [json.dumps(ask(table), default=str) for ask in questions] for table in metadata.tables}


def test_the_migrations_make_the_tables_of_the_code(database: Database) -> None:
    with database.write() as connection:
        migrated = describe(connection)
        metadata.drop_all(connection)
        metadata.create_all(connection)
        assert describe(connection) == migrated


def test_a_register_of_a_later_version_is_refused(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RegisterError, match="another version"):
        MIGRATIONS.upgrade(database)


def test_the_same_file_twice_changes_no_row(database: Database) -> None:
    file = suppliers(supplier(account(IBAN, bic="CCBPFRPPVER"), account(OTHER_IBAN)))
    load(database, file)
    before = dump(database)
    load(database, file, LATER)
    after = dump(database)
    assert {name: rows for name, rows in after.items() if name != "acts"} == {
        name: rows for name, rows in before.items() if name != "acts"
    }


SERVICE = StatedService(code="ACHATS")
CHANGES: dict[str, tuple[StatedFile, StatedFile]] = {
    "another name": (suppliers(supplier()), suppliers(replace(supplier(), name="ACME SAS"))),
    "a structure gone": (suppliers(supplier(account())), suppliers(replace(supplier(), id=SECOND))),
    "a structure closed": (suppliers(supplier()), suppliers(supplier(state=State(is_active=False)))),
    "an account gone": (suppliers(supplier(account())), suppliers(supplier())),
    "another BIC": (suppliers(supplier(account())), suppliers(supplier(account(bic="BNPAFRPP")))),
    "another demand": (directory(entity()), directory(entity(flags=RecipientFlags(service=True)))),
    "a service gone": (directory(entity(SERVICE)), directory(entity())),
    "another label": (directory(entity(SERVICE)), directory(entity(replace(SERVICE, label="Achats")))),
}


@pytest.mark.parametrize(("first", "second"), CHANGES.values(), ids=CHANGES)
def test_what_was_written_stays_as_it_was_written(database: Database, first: StatedFile, second: StatedFile) -> None:
    load(database, first)
    before = dump(database)
    load(database, second, LATER)
    after = dump(database)
    assert after != before
    assert {name: {key: after[name][key] for key in rows} for name, rows in before.items()} == before


@pytest.mark.parametrize(("first", "second"), CHANGES.values(), ids=CHANGES)
def test_what_was_known_before_an_import_can_be_shown_after_it(
    database: Database, first: StatedFile, second: StatedFile
) -> None:
    load(database, first)
    before = structure(database)
    load(database, second, LATER)
    assert structure(database, LATER) == before
    assert structure(database) != before


def test_nothing_was_known_before_the_first_import(database: Database) -> None:
    load(database, suppliers(supplier()))
    assert show_structure(database, siret(), NOON) is None


def test_a_structure_that_a_full_file_no_longer_names_is_closed_the_day_before(database: Database) -> None:
    load(database, suppliers(supplier()))
    load(database, suppliers(replace(supplier(), id=SECOND)), LATER)
    assert structure(database).active == (Validity(end=LATER.date() - timedelta(days=1)),)


def test_a_partial_file_closes_nothing(database: Database) -> None:
    load(database, suppliers(supplier(account())))
    before = structure(database)
    load(database, suppliers(replace(supplier(), id=SECOND), is_full=False), LATER)
    load(database, suppliers(supplier(), is_full=False), LATER)
    assert structure(database) == before


def test_a_structure_that_comes_back_begins_another_stretch(database: Database) -> None:
    load(database, suppliers(supplier()))
    load(database, suppliers(replace(supplier(), id=SECOND)), LATER)
    again = LATER + timedelta(days=7)
    load(database, suppliers(supplier()), again)
    assert structure(database).active == (
        Validity(start=again.date()),
        Validity(end=LATER.date() - timedelta(days=1)),
    )


def test_a_directory_without_its_services_leaves_those_known(database: Database) -> None:
    load(database, directory(entity(StatedService(code="ACHATS"))))
    load(database, directory(entity(), has_services=False), LATER)
    service = structure(database).service("ACHATS")
    assert service is not None
    assert service.validity == Validity()


def test_another_label_leaves_the_days_of_a_service(database: Database) -> None:
    load(database, directory(entity(StatedService(code="ACHATS"))))
    load(database, directory(entity(StatedService(code="ACHATS", label="Achats"))), LATER)
    assert [(each.label, each.validity) for each in structure(database).services] == [("Achats", Validity())]


def test_a_service_that_comes_back_is_found_in_its_last_stretch(database: Database) -> None:
    load(database, directory(entity(StatedService(code="ACHATS"))))
    load(database, directory(entity()), LATER)
    again = LATER + timedelta(days=7)
    load(database, directory(entity(StatedService(code="ACHATS"))), again)
    found = structure(database)
    assert found.service("ACHATS") == found.services[0]
    assert [each.validity.start for each in found.services] == [again.date(), None]


@pytest.mark.parametrize(
    ("days", "expected"),
    [(DAY - timedelta(days=400), True), (LATER.date(), True)],
    ids=["long before the first import", "after it"],
)
def test_the_accounts_of_the_first_import_are_not_new(database: Database, days: date, *, expected: bool) -> None:
    load(database, suppliers(supplier(account())))
    assert structure(database).accounts[0].validity.holds_on(days) is expected


@pytest.mark.parametrize(("day", "expected"), [(LATER.date(), True), (LATER.date() - timedelta(days=1), False)])
def test_an_account_that_comes_later_begins_on_the_day_of_its_import(
    database: Database, day: date, *, expected: bool
) -> None:
    load(database, suppliers(supplier(account(IBAN))))
    load(database, suppliers(supplier(account(IBAN), account(OTHER_IBAN))), LATER)
    new = next(each for each in structure(database).accounts if each.number == OTHER_IBAN)
    assert new.validity.holds_on(day) is expected


def test_a_public_entity_that_left_the_directory_lives_on_as_a_supplier(database: Database) -> None:
    load(database, suppliers(supplier()))
    load(database, directory(entity()))
    load(database, directory(replace(entity(), id=SECOND)), LATER)
    found = structure(database)
    assert (found.is_supplier, found.is_public, found.is_active_on(LATER.date())) == (True, False, True)


def test_the_directory_s_word_on_activity_goes_before_the_sheet_s(database: Database) -> None:
    load(database, suppliers(supplier()))
    load(database, directory(entity(state=State(is_active=False))))
    assert not structure(database).is_active_on(DAY)


def _ten(*gone: int) -> StatedFile:
    return suppliers(*(replace(supplier(), id=siret(f"{number:014d}")) for number in range(10) if number not in gone))


@pytest.mark.parametrize("run", [import_file, preview_import], ids=["import", "dry run"])
def test_a_file_that_would_close_much_is_refused(
    database: Database, run: Callable[[Database, StatedFile, object], object]
) -> None:
    load(database, _ten())
    before = dump(database)
    with pytest.raises(RegisterError, match="close 3 of 10 structures, 20 % allowed"):
        run(database, _ten(1, 2, 3), order(at=LATER, may_close_many=False))
    assert dump(database) == before


@pytest.mark.parametrize(
    ("gone", "may_close_many"), [((1, 2), False), (range(1, 10), True)], ids=["a fifth", "all but one, meant"]
)
def test_a_file_that_closes_little_or_is_meant_is_taken(
    database: Database, gone: tuple[int, ...], *, may_close_many: bool
) -> None:
    load(database, _ten())
    _, counts = import_file(database, _ten(*gone), order(at=LATER, may_close_many=may_close_many))
    assert counts["structures_closed"] == len(gone)


def test_many_services_gone_are_refused_as_structures_are(database: Database) -> None:
    load(database, directory(entity(*(StatedService(code=f"S{number}") for number in range(4)))))
    with pytest.raises(RegisterError, match="close 4 of 4 services"):
        import_file(database, directory(entity()), order(at=LATER, may_close_many=False))


def test_a_dry_run_tells_what_an_import_does_and_writes_nothing(database: Database) -> None:
    before = dump(database)
    told = preview_import(database, _ten(), order())
    assert dump(database) == before
    assert told == import_file(database, _ten(), order())[1]


def test_every_import_is_an_act_with_its_file_its_counts_and_who(database: Database) -> None:
    number, _ = import_file(database, suppliers(supplier(account())), order(by="marie"))
    with database.read() as connection:
        (act,) = last_imports(connection).values()
    assert (act.number, act.by, act.at, act.version) == (number, "marie", NOON, "of 2026-11-02")
    assert [mark.name for mark in act.files] == ["file.csv"]
    assert (act.counts["structures_added"], act.counts["accounts_added"]) == (1, 1)
