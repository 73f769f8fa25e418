"""Looking a structure up in the register's rows, as they are now or as they were after an act."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, bindparam, or_, select

from flux.model.register import IdentifierType, RegisterSource, Structure, StructureId
from flux.register.rows import assemble, to_account, to_id, to_service, to_sheet, to_validity
from flux.register.tables import accounts, services, sheets, stretches, structures


def canonical(identifier: StructureId) -> StructureId:
    """The identifier as the register keeps it: capitals, no spaces."""
    return StructureId(identifier.type, "".join(identifier.value.split()).upper())


def find_number(connection: Connection, identifier: StructureId) -> int | None:
    """The number of a structure, None where it was never heard of."""
    kept = canonical(identifier)
    number: int | None = connection.execute(_NUMBER, {"of_type": kept.type.value, "of_value": kept.value}).scalar()
    return number


def find_identifiers(connection: Connection, value: str) -> tuple[StructureId, ...]:
    """The identifiers of any type that read so."""
    kept = canonical(StructureId(IdentifierType.OTHER, value)).value
    return tuple(map(to_id, connection.execute(select(structures).where(structures.c.value == kept))))


def read_structure(connection: Connection, identifier: StructureId, act: int) -> Structure | None:
    """A structure with its whole history as it stood after an act, None where it was unknown then."""
    number = find_number(connection, identifier)
    if number is None:
        return None
    bound = {"of": number, "after": act}

    def rows(table: Table) -> Sequence[Row[Any]]:
        return connection.execute(_AFTER[table.name], bound).all()

    found = [to_sheet(row) for row in rows(sheets)]
    if not found:
        return None
    return assemble(
        canonical(identifier),
        found,
        [(RegisterSource(row.source), to_validity(row)) for row in rows(stretches)],
        map(to_service, rows(services)),
        map(to_account, rows(accounts)),
    )


_NUMBER = select(structures.c.id).where(
    structures.c.type == bindparam("of_type"), structures.c.value == bindparam("of_value")
)
_AFTER = {
    table.name: select(table).where(
        and_(
            table.c.structure == bindparam("of"),
            table.c.opened <= bindparam("after"),
            or_(table.c.closed.is_(None), table.c.closed > bindparam("after")),
        )
    )
    for table in (sheets, stretches, services, accounts)
}
