"""Reading structure sheets of suppliers: one line for each account of each supplier, or one for a supplier without any."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time

from flux.model.register import AccountKind, DeclaredAccount, IdentifierType, RegisterSource, StructureId, Validity
from flux.register.account_numbers import parse_bic, parse_iban, parse_rib
from flux.register.cells import BadCell, Cells
from flux.register.columns import SUPPLIER_COLUMNS, find_columns, refuse_unread
from flux.register.given import StatedFile, StatedStructure
from flux.register.identifiers import EXPECTED, parse_identifier
from flux.register.merge import AccountKey, key_of
from flux.register.people import same_person
from flux.register.read_file import ReadFile, read_identifier, tell_restored
from flux.register.table_file import TableFile

_ACCOUNT_DETAILS = ("bic", "account_holder", "account_from", "account_until", "factor", "source_document",
                    "declared_by", "approved_by", "approved_on")  # fmt: skip


@dataclass(slots=True)
class _Supplier:
    """A supplier met so far: what its first line says, and its accounts with the line of each."""

    place: str
    stated: StatedStructure
    accounts: dict[AccountKey, tuple[str, DeclaredAccount]] = field(default_factory=dict)


def read_suppliers(tables: Sequence[TableFile], *, importer: str, four_eyes: bool, is_full: bool) -> ReadFile:
    """What files of sheets say together. Raises RegisterError for columns that are missing or unknown."""
    reading = _Reading(importer, four_eyes=four_eyes)
    for table in tables:
        layout = find_columns(table, SUPPLIER_COLUMNS, {})
        refuse_unread(table, layout, SUPPLIER_COLUMNS)
        for line in table.lines:
            reading.read(Cells(file=table.name, line=line.number, cells=line.cells, layout=layout))
    remarks = tuple(table.remark for table in tables if table.remark)
    return ReadFile(
        stated=StatedFile(
            source=RegisterSource.SUPPLIERS, structures=reading.structures(), is_full=is_full, has_services=False
        ),
        marks=tuple(table.mark for table in tables),
        faults=tuple(reading.faults),
        remarks=(*remarks, *tell_restored(reading.restored)),
    )


class _Reading:
    """The suppliers of the lines read so far."""

    def __init__(self, importer: str, *, four_eyes: bool) -> None:
        self._importer = importer
        self._four_eyes = four_eyes
        self._suppliers: dict[StructureId, _Supplier] = {}
        self.faults: list[BadCell] = []
        self.restored = 0

    def structures(self) -> tuple[StatedStructure, ...]:
        """The suppliers, each with all its accounts."""
        return tuple(
            replace(each.stated, accounts=tuple(account for _, account in each.accounts.values()))
            for each in self._suppliers.values()
        )

    def read(self, cells: Cells) -> None:
        """Take one line in."""
        identifier, is_restored = read_identifier(cells)
        stated = _read_structure(identifier, cells) if identifier is not None else None
        account = _read_account(cells, self._importer, four_eyes=self._four_eyes)
        self.restored += is_restored
        if stated is not None:
            supplier = self._suppliers.setdefault(stated.id, _Supplier(cells.place, stated))
            if supplier.stated != stated:
                _refuse_contradiction(cells, supplier.stated, stated, supplier.place)
            if account is not None:
                self._add(cells, supplier, account)
        self.faults += cells.faults

    def _add(self, cells: Cells, supplier: _Supplier, account: DeclaredAccount) -> None:
        key = key_of(account)
        if key in supplier.accounts:
            place, _ = supplier.accounts[key]
            cells.refuse_account(account.kind.value.lower(), f"each account of a supplier once: it stands in {place}")
        supplier.accounts.setdefault(key, (cells.place, account))


def _read_structure(identifier: StructureId, cells: Cells) -> StatedStructure:
    name = cells.text("name")
    if not name:
        cells.refuse("name", "a name")
    country = cells.text("country").upper()
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        cells.refuse("country", "two letters of ISO 3166, as FR")
    return StatedStructure(
        id=identifier,
        name=name,
        country=country,
        vat_number="".join(cells.text("vat_number", longest=20).split()).upper(),
        state=cells.state("state", "active_from", "active_until"),
    )


def _refuse_contradiction(cells: Cells, first: StatedStructure, other: StatedStructure, place: str) -> None:
    """Lines of one supplier that do not agree on it."""
    sides = (("name", first.name, other.name), ("country", first.country, other.country),
             ("vat_number", first.vat_number, other.vat_number))  # fmt: skip
    for column, was, is_now in sides:
        if was != is_now:
            cells.refuse(column, f"{was!r} as in {place}, for the same supplier")
    if first.state != other.state:
        cells.refuse("state", f"the same state and days as in {place}, for the same supplier")


def _read_account(cells: Cells, importer: str, *, four_eyes: bool) -> DeclaredAccount | None:
    iban, rib = cells.text("iban"), cells.text("rib")
    if iban and rib:
        cells.refuse_account("rib", "one account a line: an IBAN or a RIB")
    if not (iban or rib):
        for column in _ACCOUNT_DETAILS:
            if cells.text(column):
                cells.refuse(column, "nothing where the line has no account")
        return None
    kind = AccountKind.IBAN if iban else AccountKind.RIB
    number = parse_iban(iban) if iban else parse_rib(rib)
    if number is None:
        expected = "an IBAN whose check digits hold" if iban else "a RIB of 23 characters whose key holds"
        cells.refuse_account("iban" if iban else "rib", expected)
    start, end = cells.days("account_from", "account_until")
    account = DeclaredAccount(
        kind=kind,
        number=number or "",
        validity=Validity(start=start, end=end),
        bic=_read_bic(cells),
        holder=cells.text("account_holder"),
        factor=_read_factor(cells),
        source_document=cells.text("source_document"),
        declared_by=cells.text("declared_by"),
    )
    account = _read_approval(cells, account, importer, four_eyes=four_eyes)
    return account if number is not None else None


def _read_bic(cells: Cells) -> str:
    text = cells.text("bic")
    found = parse_bic(text) if text else ""
    if found is None:
        cells.refuse("bic", "a BIC of 8 or 11 characters")
    return found or ""


def _read_factor(cells: Cells) -> str:
    text = cells.text("factor")
    found = parse_identifier(IdentifierType.SIRET, text) if text else None
    if text and found is None:
        cells.refuse("factor", f"the factor's SIRET, {EXPECTED[IdentifierType.SIRET]}")
    return found.value if found is not None else ""


def _read_approval(cells: Cells, account: DeclaredAccount, importer: str, *, four_eyes: bool) -> DeclaredAccount:
    """The account with the approval that the line gives, which names who and when, and is somebody else's."""
    by, on = cells.text("approved_by"), cells.day("approved_on")
    if not by:
        if on is not None:
            cells.refuse("approved_by", "a name beside approved_on")
        return account
    if on is None:
        cells.refuse("approved_on", "a day beside approved_by")
        return account
    if four_eyes and (same_person(by, account.declared_by or importer) or same_person(by, importer)):
        cells.refuse("approved_by", "another person than who declares and who imports")
    return replace(account, approved_by=by, approved_at=datetime.combine(on, time(), UTC))
