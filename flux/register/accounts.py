"""What people do to the accounts of a supplier's sheet: declare one, approve it, close it. Each is an act of its own.

A row is found by its number, which every change renews: what is approved is exactly what was looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select

from flux.errors import RegisterError
from flux.model.paris import in_paris
from flux.model.register import DeclaredAccount, RegisterSource, StructureId
from flux.register.acts import Act, ActKind, read_acts, take_turn, write_act
from flux.register.database import Database
from flux.register.importing import close_rows, open_rows
from flux.register.looking import canonical, find_number
from flux.register.merge import HeldAccount, end_account, key_of
from flux.register.people import same_person
from flux.register.rows import account_record, to_account, to_id
from flux.register.tables import accounts, sheets, structures


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """An account of a sheet as it stands. `number` is that of its row."""

    number: int
    supplier: StructureId
    name: str
    account: DeclaredAccount


def list_accounts(
    database: Database, supplier: StructureId | None = None, *, pending_only: bool = False
) -> tuple[AccountLine, ...]:
    """The accounts of one supplier or of all, those that ended too; only those that wait for an approval where asked."""
    statement = _CURRENT
    if supplier is not None:
        kept = canonical(supplier)
        statement = statement.where(structures.c.type == kept.type.value, structures.c.value == kept.value)
    if pending_only:
        statement = statement.where(accounts.c.approved_at.is_(None))
    with database.read() as connection:
        return tuple(_lines(connection, statement))


def list_accounts_after(connection: Connection, structure: int, act: int) -> tuple[AccountLine, ...]:
    """The accounts of a structure as they stood after an act."""
    stood = or_(accounts.c.closed.is_(None), accounts.c.closed > act)
    return tuple(_lines(connection, _LINES.where(accounts.c.structure == structure, accounts.c.opened <= act, stood)))


def declare_account(
    database: Database, supplier: StructureId, account: DeclaredAccount, *, by: str, at: datetime, four_eyes: bool
) -> AccountLine:
    """Put an account on a supplier's sheet; it counts at once unless four eyes are asked for.

    Raises RegisterError for a supplier that is unknown, and for an account that its sheet holds in those days already.
    """
    declared = replace(account, declared_by=by, declared_at=at)
    if not four_eyes:
        declared = replace(declared, approved_by=by, approved_at=at)
    with database.write() as connection:
        take_turn(connection)
        owner = _find_supplier(connection, supplier)
        _refuse_twice(connection, owner, declared)
        act = _write(connection, ActKind.DECLARATION, by, at)
        return _open(connection, owner, HeldAccount(declared, is_imported=False), act)


def approve_accounts(
    database: Database, numbers: tuple[int, ...], *, by: str, at: datetime, four_eyes: bool
) -> tuple[AccountLine, ...]:
    """Make declared accounts count, all of them or none.

    Raises RegisterError for one that does not wait, and where four eyes are asked for and these declared it.
    """
    with database.write() as connection:
        take_turn(connection)
        rows = [_find_current(connection, number) for number in numbers]
        faults = [fault for row in rows for fault in _refuse_approval(connection, row, by, four_eyes=four_eyes)]
        if faults:
            raise RegisterError("\n".join(faults))
        act = _write(connection, ActKind.APPROVAL, by, at)
        return tuple(
            _replace(
                connection,
                row,
                replace(to_account(row), approved_by=by, approved_at=at),
                act,
                is_imported=row.is_imported,
            )
            for row in rows
        )


def close_account(database: Database, number: int, last_day: date, *, by: str, at: datetime) -> AccountLine:
    """Give an account its last day; one that was over sooner is refused, for what was true stays so. Raises RegisterError."""
    with database.write() as connection:
        take_turn(connection)
        row = _find_current(connection, number)
        if row.ends_on is not None and row.ends_on < min(last_day, in_paris(at).date()):
            raise RegisterError(f"account {number} ended on {row.ends_on}: declare it again where it is used again")
        act = _write(connection, ActKind.CLOSING, by, at)
        return _replace(connection, row, end_account(to_account(row), last_day), act, is_imported=False)


def pending_of(database: Database, act: int) -> tuple[int, ...]:
    """The numbers of the accounts that an import declared and that wait for an approval."""
    statement = select(accounts.c.id).where(
        accounts.c.opened == act, accounts.c.closed.is_(None), accounts.c.approved_at.is_(None)
    )
    with database.read() as connection:
        return tuple(connection.execute(statement).scalars())


def _find_supplier(connection: Connection, supplier: StructureId) -> int:
    number = find_number(connection, supplier)
    held = select(sheets.c.id).where(
        sheets.c.structure == number, sheets.c.source == RegisterSource.SUPPLIERS.value, sheets.c.closed.is_(None)
    )
    if number is None or connection.execute(held).first() is None:
        raise RegisterError("the supplier is not in the register: import its sheet first")
    return number


def _refuse_twice(connection: Connection, owner: int, declared: DeclaredAccount) -> None:
    statement = select(accounts).where(accounts.c.structure == owner, accounts.c.closed.is_(None))
    for row in connection.execute(statement):
        held = to_account(row)
        if key_of(held) == key_of(declared) and _overlap(held, declared):
            raise RegisterError(f"the sheet holds this account already, as number {row.id}")


def _overlap(one: DeclaredAccount, other: DeclaredAccount) -> bool:
    return (one.validity.start or date.min) <= (other.validity.end or date.max) and (
        other.validity.start or date.min
    ) <= (one.validity.end or date.max)


def _find_current(connection: Connection, number: int) -> Row[Any]:
    row = connection.execute(select(accounts).where(accounts.c.id == number)).first()
    if row is None:
        raise RegisterError(f"there is no account {number}: `flux register accounts list` shows them")
    if row.closed is not None:
        raise RegisterError(
            f"account {number} was changed meanwhile: `flux register accounts list` shows what it is now"
        )
    return row


def _refuse_approval(connection: Connection, row: Row[Any], by: str, *, four_eyes: bool) -> Iterator[str]:
    """Who imported the file that names another as the declarer is no second pair of eyes either."""
    if row.approved_at is not None:
        yield f"account {row.id} was approved by {row.approved_by} already"
        return
    (act,) = read_acts(connection, (row.opened,))
    if four_eyes and (same_person(row.declared_by, by) or same_person(act.by, by)):
        yield f"account {row.id} was declared by {row.declared_by}, entered by {act.by}: somebody else must approve it"


def _write(connection: Connection, kind: ActKind, by: str, at: datetime) -> int:
    return write_act(connection, Act(kind=kind, source=RegisterSource.SUPPLIERS, at=at, by=by, counts={"accounts": 1}))


def _replace(
    connection: Connection, row: Row[Any], account: DeclaredAccount, act: int, *, is_imported: bool
) -> AccountLine:
    close_rows(connection, accounts, [row.id], act)
    return _open(connection, row.structure, HeldAccount(account, is_imported), act)


def _open(connection: Connection, owner: int, held: HeldAccount, act: int) -> AccountLine:
    open_rows(connection, accounts, [{"structure": owner, **account_record(held)}], act)
    newest = select(func.max(accounts.c.id)).where(accounts.c.structure == owner, accounts.c.opened == act)
    return next(_lines(connection, _LINES.where(accounts.c.id == newest.scalar_subquery())))


def _lines(connection: Connection, statement: Select[Any]) -> Iterator[AccountLine]:
    for row in connection.execute(statement):
        yield AccountLine(number=row.id, supplier=to_id(row), name=row.name or "", account=to_account(row))


_LINES = (
    select(accounts, structures.c.type, structures.c.value, sheets.c.name)
    .join(structures, structures.c.id == accounts.c.structure)
    .join(
        sheets,
        (sheets.c.structure == accounts.c.structure)
        & (sheets.c.source == RegisterSource.SUPPLIERS.value)
        & sheets.c.closed.is_(None),
        isouter=True,
    )
    .order_by(accounts.c.id)
)
_CURRENT = _LINES.where(accounts.c.closed.is_(None))
