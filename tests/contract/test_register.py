"""The register as workers read it: one contract for its twin and for each database."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Protocol

import pytest

from flux.model.ports import Register
from flux.model.register import (
    Establishment,
    IdentifierType,
    RecipientFlags,
    RegisterSource,
    Service,
    SourceState,
    Structure,
    StructureId,
    Validity,
)
from flux.register.memory import MemoryRegister
from flux.register.reader import RegisterReader
from flux.register.settings import RegisterSettings
from tests.contract.register_desk import NOON, FakeSirene, account, fill_with, siret

TODAY = NOON.date()
APPROVED: dict[str, Any] = {"declared_by": "marie", "declared_at": NOON, "approved_by": "paul", "approved_at": NOON}
SUPPLIER = Structure(
    id=siret(),
    name="ACME",
    country="FR",
    vat_number="FR40303265045",
    is_supplier=True,
    active=(Validity(start=date(2020, 1, 1)),),
    accounts=(
        account(validity=Validity(start=date(2020, 1, 1)), bic="CCBPFRPPVER", holder="ACME SAS", **APPROVED),
        account(
            "FR7630006000011234567890189", validity=Validity(end=date(2025, 6, 30)), factor="11000201100044", **APPROVED
        ),
    ),
)
ENTITY = Structure(
    id=siret("11000201100044"),
    name="Commune",
    country="FR",
    is_public=True,
    active=(Validity(),),
    flags=RecipientFlags(service=True, service_or_engagement=True),
    services=(
        Service(code="ACHATS", label="Achats", requires_engagement=True),
        Service(code="VOIRIE", validity=Validity(start=date(2024, 1, 1), end=date(2026, 6, 30))),
    ),
)
CLOSED = Establishment(siret="73282932000074", closed_on=date(2026, 3, 1), successor="81034732800017")
SIRENE = SourceState(source=RegisterSource.SIRENE, version="2026-11", imported_at=NOON, is_stale=False)


class Build(Protocol):
    """Makes a register of these values; each source was imported at noon."""

    def __call__(self, structures: Sequence[Structure] = (), settings: RegisterSettings | None = None) -> Register: ...


def _build_memory(structures: Sequence[Structure] = (), settings: RegisterSettings | None = None) -> Register:
    sources = (RegisterSource.SUPPLIERS, RegisterSource.DIRECTORY)
    held = [SourceState(source=each, version="of 2026-11-02", imported_at=NOON, is_stale=False) for each in sources]
    return MemoryRegister(structures, (CLOSED,), (SIRENE, *held) if structures else (), settings)


def _build_sql(url: str, stack: ExitStack) -> Build:
    def build(structures: Sequence[Structure] = (), settings: RegisterSettings | None = None) -> Register:
        if structures:
            fill_with(url, structures)
        sirene = FakeSirene(SIRENE if structures else None, {CLOSED.siret: CLOSED})
        reader = RegisterReader(replace(settings or RegisterSettings(), url=url), sirene, lambda: 0.0)
        stack.callback(reader.close)
        return reader

    return build


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def build(request: pytest.FixtureRequest) -> Iterator[Build]:
    with ExitStack() as stack:
        if request.param == "memory":
            yield _build_memory
        else:
            yield _build_sql(request.getfixturevalue(f"{request.param}_register_url"), stack)


@pytest.mark.parametrize("structure", [SUPPLIER, ENTITY], ids=["supplier", "public entity"])
def test_a_structure_comes_back_as_it_was_given(build: Build, structure: Structure) -> None:
    assert build([SUPPLIER, ENTITY]).structure(structure.id) == structure


def test_a_structure_may_be_a_supplier_and_a_public_entity(build: Build) -> None:
    both = replace(ENTITY, is_supplier=True, accounts=SUPPLIER.accounts)
    assert build([both]).structure(ENTITY.id) == both


def test_one_that_was_never_active_is_known_all_the_same(build: Build) -> None:
    found = build([replace(SUPPLIER, active=())]).structure(SUPPLIER.id)
    assert found is not None
    assert not found.is_active_on(TODAY)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (IdentifierType.EU_VAT, "DE123456789"),
        (IdentifierType.OUTSIDE_EU, "USACMECORPORATION"),
        (IdentifierType.RIDET, "0123456001"),
        (IdentifierType.TAHITI, "A12345001"),
        (IdentifierType.OTHER, "EN-COURS-17"),
        (IdentifierType.INDIVIDUAL, "1850175056DUPONTJEAN"),
    ],
)
def test_every_kind_of_identifier_finds_its_structure(build: Build, kind: IdentifierType, value: str) -> None:
    structure = replace(SUPPLIER, id=StructureId(kind, value))
    assert build([structure]).structure(structure.id) == structure


def test_spaces_and_small_letters_of_an_identifier_do_not_matter(build: Build) -> None:
    structure = replace(SUPPLIER, id=StructureId(IdentifierType.EU_VAT, "DE123456789"))
    assert build([structure]).structure(StructureId(IdentifierType.EU_VAT, "de 123 456 789")) == structure


@pytest.mark.parametrize("identifier", [siret("81034732800017"), StructureId(IdentifierType.OTHER, SUPPLIER.id.value)])
def test_another_identifier_or_another_kind_is_another_structure(build: Build, identifier: StructureId) -> None:
    assert build([SUPPLIER]).structure(identifier) is None


@pytest.mark.parametrize(("number", "expected"), [(CLOSED.siret, CLOSED), ("81034732800017", None)])
def test_sirene_says_what_it_knows_of_a_siret(build: Build, number: str, expected: Establishment | None) -> None:
    assert build([SUPPLIER]).establishment(number) == expected


def test_sources_bear_the_version_and_the_moment_of_their_last_import(build: Build) -> None:
    states = build([SUPPLIER]).sources(TODAY)
    assert [(state.source, state.version, state.imported_at) for state in states] == [
        (RegisterSource.SUPPLIERS, "of 2026-11-02", NOON),
        (RegisterSource.DIRECTORY, "of 2026-11-02", NOON),
        (RegisterSource.SIRENE, "2026-11", NOON),
    ]


def test_a_register_that_was_never_filled_knows_nothing(build: Build) -> None:
    register = build()
    assert register.sources(TODAY) == ()
    assert register.structure(siret()) is None


@pytest.mark.parametrize(
    ("days_allowed", "days_gone", "expected"),
    [(7, 7, False), (7, 8, True), (0, 4000, False)],
    ids=["the last day", "the day after", "never"],
)
@pytest.mark.parametrize("source", RegisterSource)
def test_a_source_is_stale_once_more_days_have_gone_by_than_are_allowed(
    build: Build, source: RegisterSource, days_allowed: int, days_gone: int, *, expected: bool
) -> None:
    settings = RegisterSettings(
        suppliers_max_age_days=days_allowed, directory_max_age_days=days_allowed, sirene_max_age_days=days_allowed
    )
    states = build([SUPPLIER, ENTITY], settings).sources(TODAY + timedelta(days=days_gone))
    assert [state.is_stale for state in states if state.source is source] == [expected]


def test_the_age_of_a_source_is_judged_anew_for_each_day(build: Build) -> None:
    register = build([SUPPLIER], RegisterSettings(suppliers_max_age_days=7))
    judged = [register.sources(TODAY + timedelta(days=days))[0].is_stale for days in (0, 8, 0)]
    assert judged == [False, True, False]
