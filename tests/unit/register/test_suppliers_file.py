"""Structure sheets: what a line gives, and every cell that is refused beside its twin that is taken."""

from datetime import date
from pathlib import Path

import pytest

from flux.errors import RegisterError
from flux.model.register import AccountKind, IdentifierType, StructureId, Validity
from flux.register.given import State, StatedStructure
from flux.register.read_file import ReadFile
from flux.register.suppliers_file import read_suppliers
from tests.unit.register.tables import table

COLUMNS = (
    "identifier", "identifier_type", "name", "country", "vat_number", "state", "active_from", "active_until", "iban", "rib",
    "bic", "account_holder", "account_from", "account_until", "factor", "source_document", "declared_by", "approved_by",
    "approved_on",
)  # fmt: skip
SIRET, IBAN, RIB = "73282932000074", "FR1420041010050500013M02606", "20041010050500013M02606"
LINE = {"identifier": SIRET, "name": "ACME"}


def read(folder: Path, *lines: dict[str, str], importer: str = "marie", four_eyes: bool = False) -> ReadFile:
    rows = [tuple((LINE | line).get(column, "") for column in COLUMNS) for line in lines]
    return read_suppliers([table(folder, COLUMNS, *rows)], importer=importer, four_eyes=four_eyes, is_full=True)


def only(read_file: ReadFile) -> StatedStructure:
    assert read_file.faults == ()
    (structure,) = read_file.stated.structures
    return structure


def test_a_line_without_account_gives_a_supplier(tmp_path: Path) -> None:
    found = only(read(tmp_path, {"country": "fr", "vat_number": "FR 40 303 265 045"}))
    assert (found.name, found.country, found.vat_number, found.accounts) == ("ACME", "FR", "FR40303265045", ())


def test_lines_of_one_supplier_give_its_accounts(tmp_path: Path) -> None:
    found = only(read(tmp_path, {"iban": "fr14 2004 1010 0505 0001 3M02 606"}, {"rib": "20041 01005 0500013M026 06"}))
    assert [(each.kind, each.number) for each in found.accounts] == [(AccountKind.IBAN, IBAN), (AccountKind.RIB, RIB)]


def test_an_account_has_its_details(tmp_path: Path) -> None:
    details = {"bic": "ccbpfrppver", "account_holder": "ACME SAS", "account_from": "01/02/2024", "factor": "810 347 328 00017",
               "account_until": "2027-01-31", "source_document": "RIB 12"}  # fmt: skip
    (account,) = only(read(tmp_path, {"iban": IBAN} | details)).accounts
    assert account.validity == Validity(start=date(2024, 2, 1), end=date(2027, 1, 31))
    assert (account.bic, account.holder, account.factor, account.source_document) == (
        "CCBPFRPPVER", "ACME SAS", "81034732800017", "RIB 12",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, State()),
        ({"state": "INACTIF"}, State(is_active=False)),
        ({"state": "active", "active_from": "2020-01-01"}, State(start=date(2020, 1, 1))),
        ({"state": "I", "active_until": "2025-06-30"}, State(is_active=False, end=date(2025, 6, 30))),
    ],
)
def test_a_supplier_has_its_state(tmp_path: Path, cells: dict[str, str], expected: State) -> None:
    assert only(read(tmp_path, cells)).state == expected


@pytest.mark.parametrize(
    ("kind", "value"), [("2", "DE123456789"), ("RIDET", "0123456001"), ("7", "1850175056DUPONTJEAN")]
)
def test_every_kind_of_supplier_is_taken(tmp_path: Path, kind: str, value: str) -> None:
    found = only(read(tmp_path, {"identifier": value, "identifier_type": kind}))
    assert found.id.value == value


def test_zeros_that_a_spreadsheet_took_come_back_and_are_told(tmp_path: Path) -> None:
    found = read(tmp_path, {"identifier": "542000500000"})
    assert only(found).id == StructureId(IdentifierType.SIRET, "00542000500000")
    assert any("zeros" in remark for remark in found.remarks)


BAD = [
    ("identifier", {"identifier": "7328293200007"}, "7328293200007"),
    ("identifier", {"identifier": "185017505DUPONT", "identifier_type": "7"}, "…PONT"),
    ("identifier", {"identifier": "1850175056DUPONTJEAN"}, "…JEAN"),
    ("identifier_type", {"identifier_type": "9"}, "9"),
    ("name", {"name": ""}, ""),
    ("country", {"country": "FRA"}, "FRA"),
    ("state", {"state": "peut-être"}, "peut-être"),
    ("active_from", {"active_from": "31/02/2026"}, "31/02/2026"),
    ("active_until", {"active_from": "2026-02-01", "active_until": "2026-01-01"}, "2026-01-01"),
    ("iban", {"iban": "FR1420041010050500013M02605"}, "FR…2605"),
    ("iban", {"iban": "FR9920041010050000022M02679"}, "FR…2679"),
    ("rib", {"rib": "20041010050500013M02607"}, "…2607"),
    ("rib", {"iban": IBAN, "rib": RIB}, "…2606"),
    ("bic", {"iban": IBAN, "bic": "AGRIFRPP8"}, "AGRIFRPP8"),
    ("bic", {"bic": "CCBPFRPPVER"}, "CCBPFRPPVER"),
    ("factor", {"iban": IBAN, "factor": "ACME"}, "ACME"),
    ("account_until", {"iban": IBAN, "account_from": "2026-02-01", "account_until": "2026-01-01"}, "2026-01-01"),
    ("approved_on", {"iban": IBAN, "approved_by": "paul"}, ""),
    ("approved_by", {"iban": IBAN, "approved_on": "2026-01-01"}, ""),
]


@pytest.mark.parametrize(("column", "cells", "found"), BAD, ids=str)
def test_a_bad_cell_is_told_by_line_and_column_and_masked(
    tmp_path: Path, column: str, cells: dict[str, str], found: str
) -> None:
    faults = read(tmp_path, cells).faults
    assert [(fault.line, fault.column, fault.found) for fault in faults] == [(2, column, found)]


def test_every_bad_line_is_told(tmp_path: Path) -> None:
    lines = [{"identifier": "x"}, {"name": "", "country": "FRA"}, {"identifier": "81034732800017"}]
    assert [(fault.line, fault.column) for fault in read(tmp_path, *lines).faults] == [
        (2, "identifier"),
        (3, "name"),
        (3, "country"),
    ]


def test_lines_of_one_supplier_must_agree_on_it(tmp_path: Path) -> None:
    (fault,) = read(tmp_path, {"iban": IBAN}, {"name": "ACME SAS"}).faults
    assert (fault.line, fault.column, fault.found) == (3, "name", "ACME SAS")
    assert "file.csv:2" in fault.expected


def test_an_account_stands_once(tmp_path: Path) -> None:
    (fault,) = read(tmp_path, {"iban": IBAN}, {"iban": IBAN}).faults
    assert (fault.line, fault.column, fault.found) == (3, "iban", "FR…2606")


APPROVAL = {"iban": IBAN, "approved_on": "2026-11-01"}


@pytest.mark.parametrize(
    ("names", "four_eyes", "expected"),
    [
        ({"approved_by": "paul"}, True, ()),
        ({"approved_by": "Marie"}, True, ("approved_by",)),
        ({"declared_by": "zoe", "approved_by": "zoe"}, True, ("approved_by",)),
        ({"approved_by": "marie"}, False, ()),
    ],
    ids=["somebody else", "who imports", "who declared", "without four eyes"],
)
def test_an_approval_is_somebody_else_s_where_four_eyes_are_asked_for(
    tmp_path: Path, names: dict[str, str], expected: tuple[str, ...], *, four_eyes: bool
) -> None:
    faults = read(tmp_path, APPROVAL | names, four_eyes=four_eyes).faults
    assert tuple(fault.column for fault in faults) == expected


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (("siret", "raison_sociale"), None),
        (("N° SIRET", "Raison sociale"), None),
        (("identifier",), "name: no column is headed name or raison_sociale"),
        (("identifier", "name", "ibna"), "'ibna' is no column of this file, did you mean iban?"),
        (("identifier", "name", "name"), "name: two columns bear it"),
    ],
)
def test_columns_go_by_several_headings_and_strange_ones_are_refused(
    tmp_path: Path, headings: tuple[str, ...], expected: str | None
) -> None:
    file = table(tmp_path, headings, (SIRET, "ACME", ""))
    if expected is None:
        assert only(read_suppliers([file], importer="marie", four_eyes=False, is_full=True)).name == "ACME"
        return
    with pytest.raises(RegisterError) as caught:
        read_suppliers([file], importer="marie", four_eyes=False, is_full=True)
    assert expected in str(caught.value)
