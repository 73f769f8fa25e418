"""Files as people and programs write them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from flux.errors import RegisterError
from flux.register.table_file import read_table
from tests.unit.register.tables import table, write_csv, xlsx

ROWS = (("identifier", "name"), ("73282932000074", "Société Ménagère"))


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_usual_separators_and_both_utf_8_are_read(tmp_path: Path, separator: str, encoding: str) -> None:
    read = read_table(write_csv(tmp_path / "a.csv", ROWS, separator=separator, encoding=encoding))
    assert (read.headings, [tuple(line.cells) for line in read.lines], read.remark) == (ROWS[0], [ROWS[1]], "")


def test_latin_1_is_read_and_said(tmp_path: Path) -> None:
    read = read_table(write_csv(tmp_path / "a.csv", ROWS, encoding="latin-1"))
    assert read.lines[0].cells[1] == "Société Ménagère"
    assert "not UTF-8" in read.remark


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('identifier;name\n\n1;"two\nlines"\n\n2;x\n', encoding="utf-8")
    assert [(line.number, line.cells[0]) for line in read_table(tmp_path / "a.csv").lines] == [(3, "1"), (6, "2")]


@pytest.mark.parametrize("cell", [" 0123 ", '"=""0123"""', "0123"])
def test_spaces_and_the_guard_of_spreadsheets_are_left_out(tmp_path: Path, cell: str) -> None:
    assert table(tmp_path, ("identifier",), (cell,)).lines[0].cells == ["0123"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty"),
        (b"\n;;\n", "empty"),
        ("identifier;name\n".encode("utf-16"), "UTF-8 expected"),
        (b"PK\x03\x04 cut short", "not an XLSX workbook"),
        (b"a;b\n" + b"x" * (1 << 21), "not CSV"),
    ],
    ids=["nothing", "no text", "UTF-16", "a broken workbook", "an endless cell"],
)
def test_what_holds_no_table_is_refused(tmp_path: Path, content: bytes, expected: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(RegisterError, match=expected):
        read_table(tmp_path / "a.csv")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="cannot be read"):
        read_table(tmp_path / "absent.csv")


SHARED = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<c r="A3" t="s"><v>1</v></c>', "nom"),
        ('<c r="A3" t="inlineStr"><is><t>en </t><r><t>ligne</t></r></is></c>', "en ligne"),
        ('<c r="A3"><v>2130123456789</v></c>', "2130123456789"),
        ('<c r="A3" t="b"><v>1</v></c>', "true"),
        ('<c r="A3" t="str"><v>calculé</v></c>', "calculé"),
    ],
    ids=["shared", "in place", "number", "yes or no", "formula"],
)
def test_every_kind_of_cell_of_a_workbook_is_read(tmp_path: Path, cell: str, expected: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(xlsx(f'{SHARED}<row r="3">{cell}</row>', ("siret", "nom")))
    read = read_table(tmp_path / "a.xlsx")
    assert (read.headings, [(line.number, line.cells) for line in read.lines]) == (("siret", "nom"), [(3, [expected])])


def test_a_cell_that_a_workbook_leaves_out_is_empty(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(xlsx(f'{SHARED}<row r="2"><c r="C2"><v>7</v></c></row>', ("siret", "nom")))
    assert read_table(tmp_path / "a.xlsx").lines[0].cells == ["", "", "7"]


def altered(at: int, new: bytes) -> bytes:
    """A workbook whose first member has other bytes from that place of its local header on; the directory repeats the fields."""
    content = xlsx('<row r="1"><c r="A1" t="str"><v>x</v></c></row>')
    directory = content.index(b"PK\1\2") + 2 + at
    both = content[:at] + new + content[at + len(new) :]
    return both if at >= 30 else both[:directory] + new + both[directory + len(new) :]


BOMB = '<!DOCTYPE worksheet [<!ENTITY a "aaaa">]>'


@pytest.mark.parametrize(
    "make",
    [
        lambda: xlsx('<row r="1"><c r="A1" t="s"><v>9</v></c></row>', ("siret",)),
        lambda: xlsx("<row><c>"),
        lambda: xlsx('<row r="1"><c r="A1" t="str"><v>x</v></c></row>', head=BOMB),
        lambda: altered(8, b"\x63\0"),
        lambda: altered(6, b"\x01\0"),
        lambda: altered(40, b"\xff\xff\xff"),
        lambda: altered(20, b"\x01\0\0\0"),
    ],
    ids=[
        "a text that is not there",
        "broken XML",
        "a DOCTYPE",
        "a method that nobody knows",
        "a password",
        "a stream that is broken",
        "a stream that ends early",
    ],
)
def test_a_workbook_that_lies_is_refused(tmp_path: Path, make: Callable[[], bytes]) -> None:
    (tmp_path / "a.xlsx").write_bytes(make())
    with pytest.raises(RegisterError, match="not an XLSX workbook"):
        read_table(tmp_path / "a.xlsx")
