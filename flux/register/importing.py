"""Importing a file of structures: it is compared with what is held, then what changed is closed and opened in one transaction."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Table, select, update

from flux.errors import RegisterError
from flux.model.paris import in_paris
from flux.model.register import DeclaredAccount, RegisterSource, Service, StructureId, Validity
from flux.register.acts import Act, ActKind, FileMark, take_turn, write_act
from flux.register.database import Database
from flux.register.given import StatedFile, StatedStructure
from flux.register.merge import (
    GONE,
    HeldAccount,
    Signature,
    merge_accounts,
    merge_services,
    merge_stretches,
)
from flux.register.rows import (
    Sheet,
    account_record,
    service_record,
    sheet_record,
    stretch_record,
    to_account,
    to_id,
    to_service,
    to_sheet,
    to_validity,
)
from flux.register.tables import accounts, services, sheets, stretches, structures
from flux.sql.bulk import BulkInsert, Record

_ROWS_CLOSED_AT_ONCE = 1000
_ROWS_WRITTEN_AT_ONCE = 20_000
_VERSIONED = (sheets, stretches, services, accounts)

T = TypeVar("T", bound=Hashable)
# Current rows of one table that belong to one structure: the number of each and its value.
Held = Mapping[int, list[tuple[int, T]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOrder:
    """Who imports what, when, and how far it may go."""

    version: str
    files: tuple[FileMark, ...]
    by: str
    at: datetime
    four_eyes: bool = False
    largest_closing_percent: int = 20
    may_close_many: bool = False

    @property
    def today(self) -> date:
        """The day on which what changes, changes."""
        return in_paris(self.at).date()

    @property
    def signature(self) -> Signature:
        """Who vouches for the accounts of the file."""
        return Signature(by=self.by, at=self.at, approves=not self.four_eyes)


@dataclass(slots=True, kw_only=True)
class ImportPlan:
    """What an import changes: rows to close and rows to open, by table, and how many of what."""

    known: dict[StructureId, int]
    added: list[tuple[int, StructureId]] = field(default_factory=list)
    closed: dict[str, list[int]] = field(default_factory=lambda: {table.name: [] for table in _VERSIONED})
    opened: dict[str, list[Record]] = field(default_factory=lambda: {table.name: [] for table in _VERSIONED})
    counts: Counter[str] = field(default_factory=Counter)

    def structure(self, identifier: StructureId) -> tuple[int, bool]:
        """The number of a structure, given to it where it is seen for the first time, which is the second value."""
        number = self.known.get(identifier)
        if number is not None:
            return number, False
        number = self.known[identifier] = len(self.known) + 1
        self.added.append((number, identifier))
        return number, True

    def change(
        self, table: Table, held: Sequence[tuple[int, T]], opened: Sequence[tuple[T, Record]], owner: int
    ) -> bool:
        """Close the rows whose value is no longer among those to hold, open those that are not held; true where one was."""
        wanted = {value for value, _ in opened}
        present = {value for _, value in held}
        closed = [number for number, value in held if value not in wanted]
        fresh = [{"structure": owner, **record} for value, record in opened if value not in present]
        self.closed[table.name] += closed
        self.opened[table.name] += fresh
        return bool(closed or fresh)


def plan_import(connection: Connection, file: StatedFile, order: ImportOrder) -> ImportPlan:
    """What the file changes of what is held now."""
    return _Comparison(connection, file, order).run()


def import_file(database: Database, file: StatedFile, order: ImportOrder) -> tuple[int, Mapping[str, int]]:
    """Bring the register to what the file says; the number of the act, and how many of what.

    Raises RegisterError, and changes nothing, where the file would close more than the order allows.
    """
    with database.write() as connection:
        take_turn(connection)
        plan = plan_import(connection, file, order)
        refuse_many_closings(plan.counts, order)
        act = write_act(
            connection,
            Act(
                kind=ActKind.IMPORT,
                source=file.source,
                version=order.version,
                files=order.files,
                counts=plan.counts,
                at=order.at,
                by=order.by,
            ),
        )
        _write(connection, plan, act)
    return act, plan.counts


def preview_import(database: Database, file: StatedFile, order: ImportOrder) -> Mapping[str, int]:
    """How many of what an import would change. Raises RegisterError as the import would."""
    with database.read() as connection:
        plan = plan_import(connection, file, order)
    refuse_many_closings(plan.counts, order)
    return plan.counts


def refuse_many_closings(counts: Mapping[str, int], order: ImportOrder) -> None:
    """A truncated file must not empty the register."""
    if order.may_close_many:
        return
    faults = []
    for what in ("structures", "services", "accounts"):
        held, closed = counts[f"{what}_held"], counts[f"{what}_closed"]
        if closed * 100 > held * order.largest_closing_percent:
            faults.append(f"{closed} of {held} {what}, {order.largest_closing_percent} % allowed")
    if faults:
        raise RegisterError(f"the file would close {'; '.join(faults)}: is it whole? --yes where it is meant")


class _Comparison:
    """A file beside the rows that are held of its source."""

    def __init__(self, connection: Connection, file: StatedFile, order: ImportOrder) -> None:
        self._file = file
        self._order = order
        self._plan = ImportPlan(known=dict(_read_structures(connection)))
        source = file.source.value
        self._sheets: Held[Sheet] = _read(connection, sheets, to_sheet, source)
        self._stretches: Held[Validity] = _read(connection, stretches, to_validity, source)
        self._services: Held[Service] = _read(connection, services, to_service) if self._has_services else {}
        self._accounts: Held[HeldAccount] = _read(connection, accounts, _to_held) if self._has_accounts else {}

    @property
    def _has_services(self) -> bool:
        return self._file.source is RegisterSource.DIRECTORY and self._file.has_services

    @property
    def _has_accounts(self) -> bool:
        return self._file.source is RegisterSource.SUPPLIERS

    def run(self) -> ImportPlan:
        """Compare everything."""
        self._count_held()
        named = {self._compare(stated) for stated in self._file.structures}
        if self._file.is_full:
            for number in self._sheets.keys() - named:
                self._let_go(number)
        return self._plan

    def _count_held(self) -> None:
        today, counts = self._order.today, self._plan.counts
        counts["structures_held"] = sum(map(self._was_present, self._stretches))
        services_held = (each for held in self._services.values() for _, each in held)
        counts["services_held"] = sum(each.validity.holds_on(today) for each in services_held)
        accounts_held = (each.account for held in self._accounts.values() for _, each in held)
        counts["accounts_held"] = sum(each.validity.holds_on(today) for each in accounts_held)

    def _compare(self, stated: StatedStructure) -> int:
        number, is_new = self._plan.structure(stated.id)
        sheet = Sheet(self._file.source, stated.name, stated.country, stated.vat_number, stated.flags, gone_on=None)
        was_present = self._was_present(number)
        held = self._stretches.get(number, [])
        active = merge_stretches([each for _, each in held], stated.state, self._order.today)
        changed = self._change_structure(number, sheet, active)
        changed |= self._merge_services(number, stated)
        changed |= self._merge_accounts(number, stated.accounts, is_first=number not in self._sheets)
        is_present = any(stretch.holds_on(self._order.today) for stretch in active)
        self._plan.counts["structures_closed"] += was_present and not is_present
        self._plan.counts["structures_added" if is_new else "structures_changed"] += is_new or changed
        return number

    def _let_go(self, number: int) -> None:
        """A structure that the file no longer names: closed from today on, and all that it had with it."""
        ((_, sheet),) = self._sheets[number]
        if sheet.gone_on is not None:
            return
        was_present = self._was_present(number)
        held = [each for _, each in self._stretches.get(number, [])]
        active = merge_stretches(held, GONE, self._order.today)
        self._change_structure(number, sheet._replace(gone_on=self._order.today), active)
        self._merge_services(number, None)
        self._merge_accounts(number, (), is_first=False)
        self._plan.counts["structures_closed"] += was_present
        self._plan.counts["structures_changed"] += 1

    def _change_structure(self, number: int, sheet: Sheet, active: Sequence[Validity]) -> bool:
        source = self._file.source
        changed = self._plan.change(sheets, self._sheets.get(number, []), [(sheet, sheet_record(sheet))], number)
        records = [(validity, stretch_record(source, validity)) for validity in active]
        return self._plan.change(stretches, self._stretches.get(number, []), records, number) or changed

    def _merge_services(self, number: int, stated: StatedStructure | None) -> bool:
        held = self._services.get(number, [])
        given = stated.services if stated is not None else ()
        if not self._has_services or not (held or given):
            return False
        today = self._order.today
        merged = merge_services([each for _, each in held], given, today, is_full=self._file.is_full)
        was = {each.code for _, each in held if each.validity.holds_on(today)}
        is_now = {each.code for each in merged if each.validity.holds_on(today)}
        self._count_sets("services", was, is_now)
        return self._plan.change(services, held, [(each, service_record(each)) for each in merged], number)

    def _merge_accounts(self, number: int, given: Sequence[DeclaredAccount], *, is_first: bool) -> bool:
        held = self._accounts.get(number, [])
        if not self._has_accounts or not (held or given):
            return False
        today = self._order.today
        merged = merge_accounts(
            [each for _, each in held],
            given,
            self._order.signature,
            today,
            is_first=is_first,
            is_full=self._file.is_full,
        )
        was = {each.account.number for _, each in held if each.account.validity.holds_on(today)}
        is_now = {each.account.number for each in merged if each.account.validity.holds_on(today)}
        self._count_sets("accounts", was, is_now)
        return self._plan.change(accounts, held, [(each, account_record(each)) for each in merged], number)

    def _was_present(self, number: int) -> bool:
        return any(stretch.holds_on(self._order.today) for _, stretch in self._stretches.get(number, ()))

    def _count_sets(self, what: str, was: set[str], is_now: set[str]) -> None:
        self._plan.counts[f"{what}_closed"] += len(was - is_now)
        self._plan.counts[f"{what}_added"] += len(is_now - was)


def _read_structures(connection: Connection) -> Iterator[tuple[StructureId, int]]:
    for row in connection.execute(select(structures)):
        yield to_id(row), row.id


def _read(connection: Connection, table: Table, value_of: Callable[[Row[Any]], T], source: str = "") -> Held[T]:
    statement = select(table).where(table.c.closed.is_(None))
    if source:
        statement = statement.where(table.c.source == source)
    held: dict[int, list[tuple[int, T]]] = {}
    for row in connection.execute(statement):
        held.setdefault(row.structure, []).append((row.id, value_of(row)))
    return held


def _to_held(row: Row[Any]) -> HeldAccount:
    return HeldAccount(to_account(row), row.is_imported)


def _write(connection: Connection, plan: ImportPlan, act: int) -> None:
    added = [{"id": number, "type": each.type.value, "value": each.value} for number, each in plan.added]
    _insert(connection, structures, ("id", "type", "value"), added)
    for table in _VERSIONED:
        close_rows(connection, table, plan.closed[table.name], act)
        open_rows(connection, table, plan.opened[table.name], act)


def open_rows(connection: Connection, table: Table, records: Sequence[Record], act: int) -> None:
    """Write what an act found true."""
    columns = [column.name for column in table.c if column.name not in ("id", "closed")]
    _insert(connection, table, columns, [{**record, "opened": act} for record in records])


def close_rows(connection: Connection, table: Table, numbers: Sequence[int], act: int) -> None:
    """Mark what an act no longer found true."""
    for start in range(0, len(numbers), _ROWS_CLOSED_AT_ONCE):
        some = numbers[start : start + _ROWS_CLOSED_AT_ONCE]
        connection.execute(update(table).where(table.c.id.in_(some)).values(closed=act))


def _insert(connection: Connection, table: Table, columns: Sequence[str], records: Sequence[Record]) -> None:
    insert = BulkInsert(table, columns)
    for start in range(0, len(records), _ROWS_WRITTEN_AT_ONCE):
        insert.write(connection, records[start : start + _ROWS_WRITTEN_AT_ONCE])
