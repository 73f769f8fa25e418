"""Importing a stock of SIRENE: its forms, its bad lines, and what stays when it fails."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from flux.errors import RegisterError
from flux.register.sirene_file import SireneFile
from flux.register.sirene_import import SireneSummary, import_sirene
from tests.unit.register.sirene_stocks import (
    CLOSED,
    HEAD,
    LA_POSTE,
    NOW,
    OPEN,
    ROWS,
    Row,
    Writer,
    make,
    write_csv,
    write_links,
    write_parquet,
    write_quoted_csv,
    write_timed_parquet,
    write_typed_parquet,
    write_zip,
)

HEADING = ",".join(HEAD)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    make(write_csv(tmp_path / "stock.csv", ROWS), tmp_path / "sirene.bin")
    return tmp_path / "sirene.bin"


@pytest.mark.parametrize(
    "write", [write_quoted_csv, write_zip, write_parquet, write_typed_parquet, write_timed_parquet]
)
def test_each_kind_of_stock_makes_the_same_file(tmp_path: Path, target: Path, write: Writer) -> None:
    make(write(tmp_path / "other.stock", ROWS), tmp_path / "other.bin")
    assert (tmp_path / "other.bin").read_bytes() == target.read_bytes()


def test_the_order_of_the_stock_does_not_matter(tmp_path: Path, target: Path) -> None:
    make(write_csv(tmp_path / "other.csv", ROWS[::-1]), tmp_path / "other.bin")
    assert (tmp_path / "other.bin").read_bytes() == target.read_bytes()


def test_the_summary_counts_what_was_taken(tmp_path: Path) -> None:
    links = write_links(tmp_path / "links.csv", [(CLOSED, OPEN, "2025-06-30")])
    summary = make(write_csv(tmp_path / "stock.csv", ROWS), tmp_path / "sirene.bin", links)
    expected = SireneSummary(version="2026-11", rows=9, open=3, closed=6, successions=1, size_bytes=0)
    assert replace(summary, size_bytes=0) == expected
    assert summary.size_bytes == (tmp_path / "sirene.bin").stat().st_size


def test_a_stock_that_names_no_version_has_the_day_of_its_file(tmp_path: Path) -> None:
    stock = write_csv(tmp_path / "stock.csv", ROWS)
    os.utime(stock, (NOW.timestamp(), NOW.timestamp()))
    summary = import_sirene(
        stock, tmp_path / "x", successions=None, version=None, imported_at=NOW, progress=lambda _: None
    )
    assert summary.version == "2026-11-23"


@pytest.mark.parametrize("links", [None, [(CLOSED, OPEN, "2025-06-30")]])
def test_progress_goes_up_to_the_whole(tmp_path: Path, links: list[Row] | None) -> None:
    told: list[float] = []
    stock = write_csv(tmp_path / "stock.csv", ROWS)
    list_ = write_links(tmp_path / "links.csv", links) if links else None
    import_sirene(stock, tmp_path / "x", successions=list_, version=None, imported_at=NOW, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


BAD_ROWS: list[tuple[Row, str]] = [
    (("7328293200007", "A", ""), "line 3, siret: 14 digits expected, found '7328293200007'"),
    (("7328293200007X", "A", ""), "line 3, siret: 14 digits expected, found '7328293200007X'"),
    (("", "A", ""), "line 3, siret: 14 digits expected, found ''"),
    ((OPEN, "X", ""), "line 3, etatAdministratifEtablissement: A or F expected, found 'X'"),
    ((OPEN, "", ""), "line 3, etatAdministratifEtablissement: A or F expected, found ''"),
    ((OPEN, "F", "30/06/2025"), "line 3, dateDebut: a day as YYYY-MM-DD, or nothing expected, found '30/06/2025'"),
    # days that are in no calendar
    ((OPEN, "F", "2025-02-30"), "line 3, dateDebut: a day as YYYY-MM-DD, or nothing expected, found '2025-02-30'"),
    ((OPEN, "F", "2025-13-01"), "line 3, dateDebut: a day as YYYY-MM-DD, or nothing expected, found '2025-13-01'"),
]


@pytest.mark.parametrize(("row", "sentence"), BAD_ROWS)
@pytest.mark.parametrize("write", [write_csv, write_parquet])
def test_a_stock_with_a_bad_line_is_refused_whole(tmp_path: Path, write: Writer, row: Row, sentence: str) -> None:
    stock = write(tmp_path / "bad", [ROWS[1], row, ROWS[2]])
    with pytest.raises(RegisterError) as refused:
        make(stock, tmp_path / "sirene.bin")
    assert str(refused.value).splitlines() == [f"{stock}: 1 bad line, nothing was imported", sentence]
    assert not (tmp_path / "sirene.bin").exists()


BAD_CSV: list[tuple[bytes, list[str]]] = [
    (b"732829320,73282932000074,A", ["line 2, 4 columns expected, found 3"]),
    (b"732829320,73282932000074,A,,", ["line 2, 4 columns expected, found 5"]),
    (
        b"\n732829320,73282932000074,X,",
        [  # an empty line is a bad one, and counts
            "line 2, etatAdministratifEtablissement: A or F expected, found ''",
            "line 2, siret: 14 digits expected, found ''",
            "line 3, etatAdministratifEtablissement: A or F expected, found 'X'",
        ],
    ),
    (
        b"x\n732829320,73282932000074,X,\nx\nx\n732829320,73282932000074,A,?",
        [
            "line 2, 4 columns expected, found 1",
            "line 3, etatAdministratifEtablissement: A or F expected, found 'X'",
            "line 4, 4 columns expected, found 1",
            "line 5, 4 columns expected, found 1",
            "line 6, dateDebut: a day as YYYY-MM-DD, or nothing expected, found '?'",
        ],
    ),
    (
        b"732829320,7328293200007\xe9,A,",
        ["line 2, siret: 14 digits expected, found '7328293200007\N{REPLACEMENT CHARACTER}'"],
    ),
    (b"732829320,7328293200007\xe9,A", ["line 2, 4 columns expected, found 3"]),
    (
        "é,732829320\n732829320,73282932000074,É,".encode(),
        [
            "line 2, 4 columns expected, found 2",
            "line 3, etatAdministratifEtablissement: A or F expected, found '\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}'",
        ],
    ),
]


@pytest.mark.parametrize(("lines", "sentences"), BAD_CSV)
def test_bad_lines_of_csv_have_their_numbers(tmp_path: Path, lines: bytes, sentences: list[str]) -> None:
    stock = tmp_path / "stock.csv"
    stock.write_bytes(HEADING.encode() + b"\n" + lines + b"\n")
    with pytest.raises(RegisterError) as refused:
        make(stock, tmp_path / "sirene.bin")
    assert str(refused.value).splitlines()[1:] == sentences


def test_many_bad_lines_are_counted_and_the_first_are_told(tmp_path: Path) -> None:
    bad = write_csv(tmp_path / "bad.csv", [("x", "A", "")] * 120)
    with pytest.raises(RegisterError, match="120 bad lines") as refused:
        make(bad, tmp_path / "sirene.bin")
    lines = str(refused.value).splitlines()
    assert (len(lines), lines[50][:8], lines[-1]) == (52, "line 51,", "… 50 of them are shown")


def test_a_bad_line_far_down_has_its_number(tmp_path: Path) -> None:
    """Further than one batch."""
    stock = tmp_path / "stock.csv"
    good = "".join(f"000000000,{number:014d},A,2010-01-01\n" for number in range(150_000))
    stock.write_text(f"{HEADING}\n{good}1,2\n{good}000000000,1,A,\n", encoding="utf-8")
    with pytest.raises(RegisterError) as refused:
        make(stock, tmp_path / "sirene.bin")
    assert str(refused.value).splitlines()[1:] == [
        "line 150002, 4 columns expected, found 2",
        "line 300003, siret: 14 digits expected, found '1'",
    ]


@pytest.mark.parametrize("siret", [OPEN, LA_POSTE])
def test_an_establishment_that_comes_twice_is_refused(tmp_path: Path, siret: str) -> None:
    with pytest.raises(RegisterError, match=f"1 establishment comes again, nothing was imported\nsiret {siret}: comes"):
        make(write_csv(tmp_path / "stock.csv", [*ROWS, (siret, "F", "2026-01-01")]), tmp_path / "sirene.bin")


def test_many_establishments_that_come_twice_are_counted_and_the_first_are_told(tmp_path: Path) -> None:
    rows: list[Row] = [(f"{number:014d}", "A", "") for number in range(60)]
    with pytest.raises(RegisterError, match="60 establishments come again") as refused:
        make(write_csv(tmp_path / "stock.csv", [*rows, *rows]), tmp_path / "sirene.bin")
    assert len(str(refused.value).splitlines()) == 52


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole columns are handled two rows at a time."""
    monkeypatch.setattr("flux.register.sirene_numbers.PIECE_ROWS", 2)


def test_a_stock_of_many_pieces_makes_the_same_file(tmp_path: Path, target: Path, small_pieces: None) -> None:
    make(write_csv(tmp_path / "other.csv", ROWS), tmp_path / "other.bin")
    assert (tmp_path / "other.bin").read_bytes() == target.read_bytes()


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_twins_are_found_wherever_pieces_end(tmp_path: Path, small_pieces: None, row: Row) -> None:
    with pytest.raises(RegisterError, match=f"1 establishment comes again, nothing was imported\nsiret {row[0]}"):
        make(write_csv(tmp_path / "stock.csv", [*ROWS, row]), tmp_path / "sirene.bin")


def test_a_bad_list_of_successions_is_refused_whole(tmp_path: Path) -> None:
    links = write_links(tmp_path / "links.csv", [(CLOSED, "123", "2025-06-30")])
    with pytest.raises(RegisterError, match="line 2, siretEtablissementSuccesseur: 14 digits expected, found '123'"):
        make(write_csv(tmp_path / "stock.csv", ROWS), tmp_path / "sirene.bin", links)
    assert not (tmp_path / "sirene.bin").exists()


def write_encrypted_zip(path: Path) -> bytes:
    data = bytearray(write_zip(path, ROWS).read_bytes())
    data[6] |= 1  # the flag of a password, in the header of the member and in the directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def write_damaged_zip(path: Path) -> bytes:
    data = bytearray(write_zip(path, ROWS).read_bytes())
    data[100] ^= 0xFF
    return bytes(data)


def write_zip_of_two(path: Path) -> bytes:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "")
        archive.writestr("b.csv", "")
    return path.read_bytes()


def write_zip_of_a_damaged_name(path: Path) -> bytes:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("é.csv", "")
    return path.read_bytes().replace("é".encode(), b"\xff\xff")


FOREIGN: list[tuple[Callable[[Path], bytes], str]] = [
    (lambda _: b"siret,x\n73282932000074,A\n", "has no column etatAdministratifEtablissement, dateDebut"),
    (lambda _: b"siret;etatAdministratifEtablissement;dateDebut\n", "has no column siret, etat"),
    (lambda _: b"\x00\x01\x02", "has no column siret"),
    (lambda _: b"", "has no column siret"),
    (lambda _: b"PAR1 broken", "cannot be read: "),
    (lambda path: write_parquet(path, ROWS).read_bytes()[:-20], "cannot be read: "),
    (lambda _: b"PK\x03\x04 broken", "cannot be read: "),
    (lambda path: write_zip(path, ROWS).read_bytes()[:-20], "cannot be read: "),
    (write_damaged_zip, "cannot be read: "),
    (write_zip_of_a_damaged_name, "cannot be read: "),
    (lambda path: write_parquet(path, ROWS).read_bytes().replace(b"dateDebut", b"date\xffebut"), "cannot be read: "),
    (write_encrypted_zip, "cannot be unpacked: .*password"),
    (write_zip_of_two, "one csv expected in the zip, found 2"),
]


@pytest.mark.parametrize(("content", "sentence"), FOREIGN)
def test_a_file_that_is_no_stock_is_refused_in_a_sentence(
    tmp_path: Path, content: Callable[[Path], bytes], sentence: str
) -> None:
    (tmp_path / "stock").write_bytes(content(tmp_path / "made"))
    with pytest.raises(RegisterError, match=f"stock: {sentence}"):
        make(tmp_path / "stock", tmp_path / "sirene.bin")


def test_what_is_no_utf_8_in_parquet_is_the_fault_of_its_line(tmp_path: Path) -> None:
    stock = write_parquet(tmp_path / "stock", ROWS[:1])
    stock.write_bytes(stock.read_bytes().replace(OPEN.encode(), OPEN[:-1].encode() + b"\xe9"))
    with pytest.raises(RegisterError) as refused:
        make(stock, tmp_path / "sirene.bin")
    shown = f"{OPEN[:-1]}\N{REPLACEMENT CHARACTER}"
    assert str(refused.value).splitlines()[1:] == [f"line 2, siret: 14 digits expected, found '{shown}'"]


def test_a_stock_that_is_not_there_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match=r"stock\.csv: cannot be read: No such file"):
        make(tmp_path / "stock.csv", tmp_path / "sirene.bin")


def test_a_place_where_nothing_can_be_written_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RegisterError, match=r"sirene\.bin: cannot be written: "):
        make(write_csv(tmp_path / "stock.csv", ROWS), tmp_path / "file" / "sirene.bin")


def test_a_refused_stock_leaves_the_file_that_is_there(tmp_path: Path, target: Path) -> None:
    before = target.read_bytes()
    with pytest.raises(RegisterError):
        make(write_csv(tmp_path / "bad.csv", [("x", "A", "")]), target)
    assert target.read_bytes() == before
    assert {file.name for file in tmp_path.iterdir()} == {"stock.csv", "bad.csv", "sirene.bin"}


class Interrupts:
    """Stops the work as Ctrl-C does, once it was told this share."""

    def __init__(self, share: float) -> None:
        self.share = share

    def __call__(self, share: float) -> None:
        if share >= self.share:
            raise KeyboardInterrupt


@pytest.mark.parametrize("share", [0.1, 0.95, 1.0], ids=["while reading", "while writing", "at the last byte"])
def test_an_interrupted_import_leaves_the_file_that_is_there(tmp_path: Path, target: Path, share: float) -> None:
    before = target.read_bytes()
    stock = write_csv(tmp_path / "stock.csv", ROWS[:3])
    with pytest.raises(KeyboardInterrupt):
        import_sirene(stock, target, successions=None, version="", imported_at=NOW, progress=Interrupts(share))
    assert target.read_bytes() == before
    assert {file.name for file in tmp_path.iterdir()} == {"stock.csv", "sirene.bin"}


def test_what_a_killed_import_left_is_taken_over(tmp_path: Path, target: Path) -> None:
    before = target.read_bytes()
    (tmp_path / ".sirene.bin.part").write_bytes(before * 2)
    make(write_csv(tmp_path / "stock.csv", ROWS), target)
    assert target.read_bytes() == before
    assert {file.name for file in tmp_path.iterdir()} == {"stock.csv", "sirene.bin"}


def test_a_second_import_at_the_same_time_is_refused(tmp_path: Path) -> None:
    stock, target = write_csv(tmp_path / "stock.csv", ROWS), tmp_path / "sirene.bin"
    refused: list[str] = []

    def begin_again(_: float) -> None:
        with pytest.raises(RegisterError) as error:
            make(stock, target)
        refused.append(str(error.value))

    import_sirene(stock, target, successions=None, version="", imported_at=NOW, progress=begin_again)
    assert all("another import of SIRENE is writing it" in sentence for sentence in refused)
    assert SireneFile(target).establishment(OPEN) is not None


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


IMPORT_WITHOUT = """
import sys
from datetime import datetime
from pathlib import Path
from flux.errors import RegisterError
from flux.register.sirene_import import import_sirene
sys.modules["{library}"] = None
try:
    import_sirene(Path("a"), Path("b"), successions=None, version="1", imported_at=datetime.min, progress=print)
except RegisterError as error:
    print(error)
"""


@pytest.mark.parametrize("library", ["pyarrow", "numpy"])
def test_a_missing_library_names_the_extra(library: str) -> None:
    sentence = f"SIRENE needs the extra `sirene` of flux-gateway ({library} is not installed)\n"
    assert run(IMPORT_WITHOUT.format(library=library)) == sentence


def test_looking_up_needs_no_library_of_the_import() -> None:
    code = "import sys, flux.register.sirene_file, flux.register.sirene_import"
    assert run(f"{code}; print({{'numpy', 'pyarrow'}} & set(sys.modules))") == "set()\n"
