"""Rows of the register and the values that they stand for."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row

from flux.model.register import (
    AccountKind,
    DeclaredAccount,
    IdentifierType,
    RecipientFlags,
    RegisterSource,
    Service,
    Structure,
    StructureId,
    Validity,
)
from flux.register.merge import HeldAccount
from flux.sql.bulk import Record
from flux.sql.types import to_text


class Sheet(NamedTuple):
    """What one source says of a structure beside its stretches, services and accounts."""

    source: RegisterSource
    name: str
    country: str
    vat_number: str
    flags: RecipientFlags
    gone_on: date | None


def to_id(row: Row[Any]) -> StructureId:
    """Of a row of structures."""
    return StructureId(IdentifierType(row.type), row.value)


def to_sheet(row: Row[Any]) -> Sheet:
    """Of a row of sheets."""
    flags = RecipientFlags(
        service=row.requires_service, engagement=row.requires_engagement, service_or_engagement=row.requires_either
    )
    return Sheet(RegisterSource(row.source), row.name, row.country, row.vat_number, flags, row.gone_on)


def to_validity(row: Row[Any]) -> Validity:
    """Of a row that has days."""
    return Validity(start=row.starts_on, end=row.ends_on)


def to_service(row: Row[Any]) -> Service:
    """Of a row of services."""
    return Service(
        code=row.code, label=row.label, requires_engagement=row.requires_engagement, validity=to_validity(row)
    )


def to_account(row: Row[Any]) -> DeclaredAccount:
    """Of a row of accounts."""
    return DeclaredAccount(
        kind=AccountKind(row.kind),
        number=row.number,
        validity=to_validity(row),
        bic=row.bic,
        holder=row.holder,
        factor=row.factor,
        source_document=row.source_document,
        declared_by=row.declared_by,
        declared_at=row.declared_at,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
    )


def sheet_record(sheet: Sheet) -> Record:
    """A row of sheets."""
    return {
        "source": sheet.source.value,
        "name": sheet.name,
        "country": sheet.country,
        "vat_number": sheet.vat_number,
        "requires_service": sheet.flags.service,
        "requires_engagement": sheet.flags.engagement,
        "requires_either": sheet.flags.service_or_engagement,
        "gone_on": _day(sheet.gone_on),
    }


def stretch_record(source: RegisterSource, validity: Validity) -> Record:
    """A row of stretches."""
    return {"source": source.value, **_days(validity)}


def service_record(service: Service) -> Record:
    """A row of services."""
    return {
        "code": service.code,
        "label": service.label,
        "requires_engagement": service.requires_engagement,
        **_days(service.validity),
    }


def account_record(held: HeldAccount) -> Record:
    """A row of accounts."""
    account = held.account
    return {
        "kind": account.kind.value,
        "number": account.number,
        "bic": account.bic,
        "holder": account.holder,
        "factor": account.factor,
        "source_document": account.source_document,
        **_days(account.validity),
        "declared_by": account.declared_by,
        "declared_at": to_text(account.declared_at) if account.declared_at else None,
        "approved_by": account.approved_by,
        "approved_at": to_text(account.approved_at) if account.approved_at else None,
        "is_imported": held.is_imported,
    }


def assemble(
    identifier: StructureId,
    sheets: Iterable[Sheet],
    stretches: Iterable[tuple[RegisterSource, Validity]],
    services: Iterable[Service],
    accounts: Iterable[DeclaredAccount],
) -> Structure:
    """One structure of what its sources say.

    Those that still name it speak; where none does, those that did. The directory's word on activity goes before that of
    the supplier's sheet: it is Chorus Pro's own.
    """
    speaking = _speaking(tuple(sheets))
    first = speaking[0]
    return Structure(
        id=identifier,
        name=first.name,
        country=_first_of(sheet.country for sheet in speaking),
        vat_number=_first_of(sheet.vat_number for sheet in speaking),
        is_supplier=any(sheet.source is RegisterSource.SUPPLIERS for sheet in speaking),
        is_public=any(sheet.source is RegisterSource.DIRECTORY for sheet in speaking),
        active=tuple(
            sorted((validity for source, validity in stretches if source is first.source), key=_start, reverse=True)
        ),
        flags=first.flags,
        services=tuple(sorted(sorted(services, key=_service_start, reverse=True), key=lambda service: service.code)),
        accounts=tuple(sorted(accounts, key=lambda account: _start(account.validity), reverse=True)),
    )


def _speaking(sheets: Sequence[Sheet]) -> list[Sheet]:
    present = [sheet for sheet in sheets if sheet.gone_on is None] or list(sheets)
    return sorted(present, key=lambda sheet: sheet.source is not RegisterSource.DIRECTORY)


def _first_of(texts: Iterable[str]) -> str:
    return next(filter(None, texts), "")


def _start(validity: Validity) -> date:
    return validity.start or date.min


def _service_start(service: Service) -> date:
    return _start(service.validity)


def _days(validity: Validity) -> Record:
    return {"starts_on": _day(validity.start), "ends_on": _day(validity.end)}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
