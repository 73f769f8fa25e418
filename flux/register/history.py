"""What operators ask of the register: a structure with every act that touched it, and the sources with their imports."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, union

from flux.model.register import RegisterSource, Structure, StructureId
from flux.register.accounts import AccountLine, list_accounts_after
from flux.register.acts import Act, last_act, last_act_before, last_imports, read_acts
from flux.register.database import Database
from flux.register.looking import find_identifiers, find_number, read_structure
from flux.register.tables import accounts, services, sheets, stretches


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureRecord:
    """A structure, its accounts with their numbers, and the acts that touched it, oldest first."""

    structure: Structure
    accounts: tuple[AccountLine, ...]
    acts: tuple[Act, ...]

    @property
    def known_since(self) -> datetime:
        """The moment of the first act."""
        return self.acts[0].at


def identifiers_of(database: Database, value: str) -> tuple[StructureId, ...]:
    """The structures that an identifier of any type names."""
    with database.read() as connection:
        return find_identifiers(connection, value)


def show_structure(
    database: Database, identifier: StructureId, known_before: datetime | None = None
) -> StructureRecord | None:
    """A structure as the register has it, or had it at a moment; None where it is, or was, unknown."""
    with database.read() as connection:
        act = last_act(connection) if known_before is None else last_act_before(connection, known_before)
        structure = read_structure(connection, identifier, act)
        number = find_number(connection, identifier)
        if structure is None or number is None:
            return None
        return StructureRecord(
            structure=structure,
            accounts=list_accounts_after(connection, number, act),
            acts=_acts_of(connection, number, act),
        )


def read_imports(database: Database) -> dict[RegisterSource, Act]:
    """The last import of each source."""
    with database.read() as connection:
        return last_imports(connection)


def _acts_of(connection: Connection, number: int, after: int) -> tuple[Act, ...]:
    tables = (sheets, stretches, services, accounts)
    asked = (
        select(column).where(table.c.structure == number, column <= after)
        for table in tables
        for column in (table.c.opened, table.c.closed)
    )
    return read_acts(connection, tuple(connection.execute(union(*asked)).scalars()))
