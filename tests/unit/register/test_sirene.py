"""The file of establishments: what it answers, from which files it is made, and what it refuses."""

import csv
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux.errors import RegisterError
from flux.model.register import Establishment
from flux.register.sirene_file import NOTICE_SECONDS, SireneFile
from flux.register.sirene_import import SireneSummary, import_sirene

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HEAD = ("siren", "siret", "etatAdministratifEtablissement", "dateDebut")
Row = tuple[str, str, str]

ROWS: list[Row] = [
    ("73282932000074", "A", "2010-01-01"),
    # closed
    ("81034732800017", "F", "2025-06-30"),
    # La Poste: the sum of its digits counts, not Luhn
    ("35600000009075", "A", "1991-01-01"),
    ("35600000049837", "F", "2020-03-01"),
    # a key that is wrong, and is in the stock all the same
    ("73282932000075", "A", "2010-01-01"),
    # leading zeros
    ("00542076900017", "F", "1995-12-31"),
    # closed on a day that nobody wrote down, and before the days that we count
    ("11000201100044", "F", ""),
    ("21930053000017", "F", "1852-01-01"),
]


def write_csv(path: Path, rows: list[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        writer.writerows((siret[:9], siret, *rest) for siret, *rest in rows)
    return path


def write_zip(path: Path, rows: list[Row]) -> Path:
    inner = write_csv(path.with_suffix(".csv"), rows)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(inner, "StockEtablissement_utf8.csv")
    return path


def write_parquet(path: Path, rows: list[Row]) -> Path:
    columns = [[row[place] for row in rows] for place in range(3)]
    pq.write_table(pa.table(dict(zip(HEAD[1:], columns, strict=True))), path)
    return path


def write_typed_parquet(path: Path, rows: list[Row]) -> Path:
    """SIRET as a number, dates as dates, nothing as null: as tools write it."""
    days = [date.fromisoformat(row[2]) if row[2] else None for row in rows]
    numbers = pa.array([int(row[0]) for row in rows], pa.int64())
    pq.write_table(pa.table(dict(zip(HEAD[1:], [numbers, [row[1] for row in rows], days], strict=True))), path)
    return path


def make(stock: Path, target: Path, successions: Path | None = None) -> SireneSummary:
    return import_sirene(
        stock, target, successions=successions, version="2026-11", imported_at=NOW, progress=lambda _: None
    )


@pytest.fixture
def target(tmp_path: Path) -> Path:
    make(write_csv(tmp_path / "stock.csv", ROWS), tmp_path / "sirene.bin")
    return tmp_path / "sirene.bin"


ANSWERS = [
    ("73282932000074", Establishment(siret="73282932000074")),
    ("81034732800017", Establishment(siret="81034732800017", closed_on=date(2025, 6, 30))),
    ("35600000009075", Establishment(siret="35600000009075")),
    ("35600000049837", Establishment(siret="35600000049837", closed_on=date(2020, 3, 1))),
    ("73282932000075", Establishment(siret="73282932000075")),
    ("00542076900017", Establishment(siret="00542076900017", closed_on=date(1995, 12, 31))),
    ("11000201100044", Establishment(siret="11000201100044", closed_on=date(1900, 1, 2))),
    ("21930053000017", Establishment(siret="21930053000017", closed_on=date(1900, 1, 2))),
    # neighbours of what is there, and what is no SIRET
    ("73282932000066", None),
    ("81034732800018", None),
    ("99999999999999", None),
    ("732829320000", None),
    ("7328293200007X", None),
    ("٧٣٢٨٢٩٣٢٠٠٠٠٧٤", None),
    ("", None),
]


@pytest.mark.parametrize(("siret", "answer"), ANSWERS)
def test_a_siret_is_answered_as_the_stock_has_it(target: Path, siret: str, answer: Establishment | None) -> None:
    assert SireneFile(target).establishment(siret) == answer


@pytest.mark.parametrize("write", [write_zip, write_parquet, write_typed_parquet])
def test_each_kind_of_stock_makes_the_same_file(tmp_path: Path, target: Path, write: object) -> None:
    assert callable(write)
    make(write(tmp_path / "other.stock", ROWS), tmp_path / "other.bin")
    assert (tmp_path / "other.bin").read_bytes() == target.read_bytes()


def test_the_order_of_the_stock_does_not_matter(tmp_path: Path, target: Path) -> None:
    make(write_csv(tmp_path / "other.csv", ROWS[::-1]), tmp_path / "other.bin")
    assert (tmp_path / "other.bin").read_bytes() == target.read_bytes()


def test_the_file_tells_its_version_and_what_it_holds(target: Path) -> None:
    state = SireneFile(target).state()
    assert state is not None
    assert (state.version, state.imported_at, state.open_count, state.closed_count) == ("2026-11", NOW, 3, 5)


def test_a_closed_establishment_names_the_one_that_follows_it(tmp_path: Path) -> None:
    successions = tmp_path / "liens.csv"
    successions.write_text(
        "siretEtablissementPredecesseur,siretEtablissementSuccesseur,dateLienSuccession\n"
        "81034732800017,73282932000074,2025-06-30\n73282932000074,81034732800017,2001-01-01\n",
        encoding="utf-8",
    )
    summary = make(write_csv(tmp_path / "stock.csv", ROWS), tmp_path / "sirene.bin", successions)
    file = SireneFile(tmp_path / "sirene.bin")
    assert summary.successions == 2
    assert file.establishment("81034732800017") == Establishment(
        siret="81034732800017", closed_on=date(2025, 6, 30), successor="73282932000074"
    )
    # an open one has no successor, whatever the list of old links says
    assert file.establishment("73282932000074") == Establishment(siret="73282932000074")


def test_a_stock_without_a_row_makes_a_file_that_knows_nobody(tmp_path: Path) -> None:
    assert make(write_csv(tmp_path / "stock.csv", []), tmp_path / "sirene.bin").rows == 0
    assert SireneFile(tmp_path / "sirene.bin").establishment("73282932000074") is None


BAD_ROWS = [
    (("7328293200007", "A", ""), "line 3, siret: 14 digits expected, found '7328293200007'"),
    (("7328293200007X", "A", ""), "line 3, siret: 14 digits expected, found '7328293200007X'"),
    (("73282932000074", "X", ""), "line 3, etatAdministratifEtablissement: A or F expected, found 'X'"),
    (("73282932000074", "F", "30/06/2025"), "line 3, dateDebut: YYYY-MM-DD, or nothing expected, found '30/06/2025'"),
]


@pytest.mark.parametrize(("row", "sentence"), BAD_ROWS)
@pytest.mark.parametrize("write", [write_csv, write_parquet])
def test_a_stock_with_a_bad_line_is_refused_whole(tmp_path: Path, write: object, row: Row, sentence: str) -> None:
    assert callable(write)
    with pytest.raises(RegisterError, match="1 bad lines, nothing was imported") as refused:
        make(write(tmp_path / "bad", [ROWS[1], row]), tmp_path / "sirene.bin")
    assert sentence in str(refused.value)
    assert not (tmp_path / "sirene.bin").exists()


def test_many_bad_lines_are_counted_and_the_first_are_told(tmp_path: Path) -> None:
    bad = write_csv(tmp_path / "bad.csv", [("x", "A", "")] * 120)
    with pytest.raises(RegisterError) as refused:
        make(bad, tmp_path / "sirene.bin")
    lines = str(refused.value).splitlines()
    assert (len(lines), lines[-1]) == (52, "… and 70 more")


def test_an_establishment_that_comes_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="1 establishments come twice"):
        make(write_csv(tmp_path / "stock.csv", [*ROWS, ROWS[0]]), tmp_path / "sirene.bin")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"siret,x\n73282932000074,A\n", "has no column"),
        (b"\x00\x01\x02", "has no column|cannot be read"),
        (b"PK\x03\x04 broken", "cannot be read"),
        (b"PAR1 broken", "cannot be read"),
    ],
)
def test_a_file_that_is_no_stock_is_refused_in_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "stock").write_bytes(content)
    with pytest.raises(RegisterError, match=sentence):
        make(tmp_path / "stock", tmp_path / "sirene.bin")


def test_a_refused_stock_leaves_the_file_that_is_there(tmp_path: Path, target: Path) -> None:
    before = target.read_bytes()
    with pytest.raises(RegisterError):
        make(write_csv(tmp_path / "bad.csv", [("x", "A", "")]), target)
    assert target.read_bytes() == before
    assert {file.name for file in tmp_path.iterdir()} == {"stock.csv", "bad.csv", "sirene.bin"}


def test_without_a_file_nothing_is_known(tmp_path: Path) -> None:
    file = SireneFile(tmp_path / "sirene.bin")
    assert (file.state(), file.establishment("73282932000074")) == (None, None)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda data: data[:-1], "is cut short"),
        (lambda data: data + b"x", "something behind it"),
        (lambda data: b"<xml/>" + data, "is no file of establishments"),
        (lambda data: data.replace(b'"version"', b'"varsion"'), "its heading cannot be read"),
        (lambda _: b"", "cannot be read"),
    ],
)
def test_a_file_that_is_not_whole_says_what_to_do(target: Path, spoil: object, sentence: str) -> None:
    assert callable(spoil)
    target.write_bytes(spoil(target.read_bytes()))
    with pytest.raises(RegisterError, match=f"{sentence}.*flux register import --source sirene"):
        SireneFile(target).establishment("73282932000074")


def test_an_altered_file_is_found_out_by_its_checksum(target: Path) -> None:
    SireneFile(target).verify()
    data = bytearray(target.read_bytes())
    data[-1] ^= 1
    target.write_bytes(data)
    with pytest.raises(RegisterError, match="was altered"):
        SireneFile(target).verify()


def test_a_file_that_is_replaced_is_noticed(tmp_path: Path, target: Path) -> None:
    now = 0.0
    file = SireneFile(target, clock=lambda: now)
    assert file.establishment("24590041000292") is None
    make(write_csv(tmp_path / "next.csv", [("24590041000292", "A", "")]), target)
    assert file.establishment("73282932000074") is not None
    now = NOTICE_SECONDS
    assert file.establishment("73282932000074") is None
    assert file.establishment("24590041000292") is not None


def test_progress_goes_up_to_the_whole(tmp_path: Path) -> None:
    told: list[float] = []
    stock = write_csv(tmp_path / "stock.csv", ROWS)
    import_sirene(stock, tmp_path / "x", successions=None, version=None, imported_at=NOW, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


SIRETS = st.integers(0, 10**14 - 1).map("{:014d}".format)
DAYS = st.dates(date(1900, 1, 3), date(2079, 6, 5))


@given(stock=st.dictionaries(SIRETS, st.none() | DAYS, max_size=40), others=st.lists(SIRETS, max_size=10))
def test_the_file_answers_as_a_dictionary_would(
    tmp_path_factory: pytest.TempPathFactory, stock: dict[str, date | None], others: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("sirene")
    rows = [(siret, "F" if day else "A", day.isoformat() if day else "") for siret, day in stock.items()]
    make(write_csv(folder / "stock.csv", rows), folder / "sirene.bin")
    file = SireneFile(folder / "sirene.bin")
    for siret in (*stock, *others):
        expected = Establishment(siret=siret, closed_on=stock[siret]) if siret in stock else None
        assert file.establishment(siret) == expected
