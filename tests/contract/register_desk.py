"""Short ways to fill a register, whatever keeps it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from flux.model.register import (
    AccountKind,
    DeclaredAccount,
    Establishment,
    IdentifierType,
    RegisterSource,
    Service,
    SourceState,
    Structure,
    StructureId,
    Validity,
)
from flux.register.acts import FileMark
from flux.register.database import Database, prepare_database
from flux.register.given import State, StatedFile, StatedService, StatedStructure
from flux.register.importing import ImportOrder, import_file

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
IBAN = "FR1420041010050500013M02606"
OTHER_IBAN = "FR7630006000011234567890189"


def siret(value: str = "73282932000074") -> StructureId:
    return StructureId(IdentifierType.SIRET, value)


ACCOUNT = DeclaredAccount(kind=AccountKind.IBAN, number=IBAN, validity=Validity())


def account(number: str = IBAN, **facts: Any) -> DeclaredAccount:
    return replace(ACCOUNT, number=number, **facts)


def supplier(
    *accounts: DeclaredAccount, identifier: StructureId | None = None, state: State | None = None
) -> StatedStructure:
    return StatedStructure(
        id=identifier or siret(), name="ACME", country="FR", state=state or State(), accounts=accounts
    )


def order(
    *, at: datetime = NOON, by: str = "marie", four_eyes: bool = False, may_close_many: bool = True
) -> ImportOrder:
    return ImportOrder(
        version=f"of {at:%Y-%m-%d}",
        files=(FileMark("file.csv", "0" * 64),),
        by=by,
        at=at,
        four_eyes=four_eyes,
        may_close_many=may_close_many,
    )


def suppliers(*structures: StatedStructure, is_full: bool = True) -> StatedFile:
    return StatedFile(source=RegisterSource.SUPPLIERS, structures=structures, is_full=is_full, has_services=False)


def directory(*structures: StatedStructure, is_full: bool = True, has_services: bool = True) -> StatedFile:
    return StatedFile(
        source=RegisterSource.DIRECTORY, structures=structures, is_full=is_full, has_services=has_services
    )


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = prepare_database(url)
    try:
        yield database
    finally:
        database.close()


def fill(url: str, file: StatedFile, how: ImportOrder | None = None) -> int:
    """Import a file; the number of the act."""
    with opened(url) as database:
        return import_file(database, file, how or order())[0]


def to_stated(structure: Structure) -> StatedStructure:
    """A structure as a file would have it; it has at most one stretch."""
    stretches = structure.active
    state = State(start=stretches[0].start, end=stretches[0].end) if stretches else State(is_active=False)
    return StatedStructure(
        id=structure.id,
        name=structure.name,
        country=structure.country,
        vat_number=structure.vat_number,
        flags=structure.flags,
        state=state,
        services=tuple(map(_to_stated_service, structure.services)),
        accounts=structure.accounts,
    )


def _to_stated_service(service: Service) -> StatedService:
    state = State(start=service.validity.start, end=service.validity.end)
    return StatedService(
        code=service.code, label=service.label, requires_engagement=service.requires_engagement, state=state
    )


def fill_with(url: str, structures: Sequence[Structure]) -> None:
    """Import structures as suppliers, as public entities, or as both."""
    fill(url, suppliers(*(to_stated(each) for each in structures if each.is_supplier)))
    fill(url, directory(*(to_stated(each) for each in structures if each.is_public)))


@dataclass(slots=True)
class FakeSirene:
    """A SIRENE that knows what it is given, and counts how often it is asked."""

    held: SourceState | None = None
    establishments: dict[str, Establishment] = field(default_factory=dict)
    asked: int = 0

    def state(self) -> SourceState | None:
        return self.held

    def establishment(self, number: str) -> Establishment | None:
        self.asked += 1
        return self.establishments.get(number)
