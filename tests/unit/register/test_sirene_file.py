"""The file of establishments: what it answers, when it notices another, and what it says when it is not whole."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from flux.errors import RegisterError
from flux.model.register import Establishment
from flux.register.sirene_file import NOTICE_SECONDS, SireneFile
from tests.unit.register.sirene_stocks import (
    CLOSED,
    LA_POSTE,
    LA_POSTE_CLOSED,
    LONG_AGO,
    NOW,
    OPEN,
    ROWS,
    WITHOUT_DAY,
    WRONG_KEY,
    WRONG_SIREN_KEY,
    ZEROS,
    Row,
    make,
    write_csv,
    write_links,
)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    make(write_csv(tmp_path / "stock.csv", ROWS), tmp_path / "sirene.bin")
    return tmp_path / "sirene.bin"


ANSWERS = [
    (OPEN, None),
    (CLOSED, date(2025, 6, 30)),
    (LA_POSTE, None),
    (LA_POSTE_CLOSED, date(2020, 3, 1)),
    (WRONG_KEY, None),
    (WRONG_SIREN_KEY, date(2024, 2, 29)),
    (ZEROS, date(1995, 12, 31)),
    # closed on a day that nobody wrote down, and before the days that we count
    (WITHOUT_DAY, date(1900, 1, 1)),
    (LONG_AGO, date(1900, 1, 1)),
]


@pytest.mark.parametrize(("siret", "closed_on"), ANSWERS)
def test_a_siret_of_the_stock_is_answered_as_the_stock_has_it(target: Path, siret: str, closed_on: date | None) -> None:
    assert SireneFile(target).establishment(siret) == Establishment(siret=siret, closed_on=closed_on)


STRANGERS = [
    "73282932000066",  # the neighbour of one that is there
    "81034732800018",
    "35600000009076",
    "99999999999999",
    "00000000000000",
    # no SIRETs
    "",
    "732829320000",
    "732829320000740",
    "7328293200007X",
    " 73282932000074",
    "٧٣٢٨٢٩٣٢٠٠٠٠٧٤",
    "²3282932000074",
]


@pytest.mark.parametrize("siret", STRANGERS)
def test_what_is_not_in_the_stock_is_unknown(target: Path, siret: str) -> None:
    assert SireneFile(target).establishment(siret) is None


@pytest.mark.parametrize("state", ["A", "F"])
def test_a_stock_may_be_open_or_closed_throughout(tmp_path: Path, state: str) -> None:
    rows: list[Row] = [(siret, state, "2020-01-01") for siret, _, _ in ROWS]
    make(write_csv(tmp_path / "stock.csv", rows), tmp_path / "sirene.bin")
    file = SireneFile(tmp_path / "sirene.bin")
    found = [file.establishment(siret) for siret, _, _ in rows]
    assert [each and each.closed_on for each in found] == [None if state == "A" else date(2020, 1, 1)] * len(rows)


def test_a_stock_without_a_row_makes_a_file_that_knows_nobody(tmp_path: Path) -> None:
    make(write_csv(tmp_path / "stock.csv", []), tmp_path / "sirene.bin")
    file = SireneFile(tmp_path / "sirene.bin")
    file.verify()
    assert (file.establishment(OPEN), file.establishment(LA_POSTE)) == (None, None)


def test_the_file_tells_its_version_and_what_it_holds(target: Path) -> None:
    state = SireneFile(target).state()
    assert state is not None
    assert (state.version, state.imported_at, state.open_count, state.closed_count) == ("2026-11", NOW, 3, 6)


SUCCESSORS: list[tuple[str, list[Row], str, str]] = [
    ("one", [(CLOSED, OPEN, "2025-06-30")], CLOSED, OPEN),
    ("the latest, wherever it stands", [(CLOSED, OPEN, "2025-06-30"), (CLOSED, ZEROS, "2001-01-01")], CLOSED, OPEN),
    ("none of two on one day", [(CLOSED, OPEN, "2025-06-30"), (CLOSED, ZEROS, "2025-06-30")], CLOSED, ""),
    ("the same twice", [(CLOSED, OPEN, "2025-06-30"), (CLOSED, OPEN, "2025-06-30")], CLOSED, OPEN),
    ("without a day", [(CLOSED, OPEN, "")], CLOSED, OPEN),
    ("of La Poste", [(LA_POSTE_CLOSED, LA_POSTE, "2020-03-01")], LA_POSTE_CLOSED, LA_POSTE),
    ("La Poste for another", [(CLOSED, LA_POSTE, "2020-03-01")], CLOSED, LA_POSTE),
    ("with leading zeros", [(CLOSED, ZEROS, "2020-03-01")], CLOSED, ZEROS),
    ("of another", [(ZEROS, OPEN, "2020-03-01")], CLOSED, ""),
    ("of an open one, from old links", [(OPEN, CLOSED, "2001-01-01")], OPEN, ""),
    ("of one that is not in the stock", [("24590041000292", OPEN, "2001-01-01"), (CLOSED, OPEN, "")], CLOSED, OPEN),
]


@pytest.mark.parametrize(
    ("links", "siret", "successor"), [case[1:] for case in SUCCESSORS], ids=[c[0] for c in SUCCESSORS]
)
def test_a_closed_establishment_names_the_one_that_follows_it(
    tmp_path: Path, links: list[Row], siret: str, successor: str
) -> None:
    successions = write_links(tmp_path / "links.csv", links)
    make(write_csv(tmp_path / "stock.csv", ROWS), tmp_path / "sirene.bin", successions)
    found = SireneFile(tmp_path / "sirene.bin").establishment(siret)
    assert found is not None
    assert found.successor == successor


def test_without_a_file_nothing_is_known(tmp_path: Path) -> None:
    file = SireneFile(tmp_path / "sirene.bin")
    file.verify()
    assert (file.state(), file.establishment(OPEN)) == (None, None)


SPOILT: list[tuple[Callable[[bytes], bytes], str]] = [
    (lambda data: data[:-1], "is cut short"),
    (lambda data: data[:20], "is no file of establishments"),
    (lambda data: data[:40], "its heading is damaged"),
    (lambda data: data + b"x", "something behind it"),
    (lambda data: b"<xml/>" + data, "is no file of establishments"),
    (lambda data: data.replace(b"SIRENE 1", b"SIRENE 0", 1), "is no file of establishments of this version"),
    (lambda data: data.replace(b"2026-11-23", b"2029-11-23", 1), "its heading is damaged"),
    (lambda _: b"", "is no file of establishments"),
]


@pytest.mark.parametrize(("spoil", "sentence"), SPOILT, ids=[sentence for _, sentence in SPOILT])
def test_a_file_that_is_not_whole_says_what_to_do(target: Path, spoil: Callable[[bytes], bytes], sentence: str) -> None:
    target.write_bytes(spoil(target.read_bytes()))
    file = SireneFile(target, clock=lambda: 0.0)
    for _ in range(2):  # and goes on saying it
        with pytest.raises(RegisterError, match=f"{sentence}.*flux register import --source sirene"):
            file.establishment(OPEN)


def test_a_folder_in_its_place_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="Is a directory"):
        SireneFile(tmp_path).state()


@pytest.mark.parametrize("place", [-1, -60, -960_000], ids=["last byte", "a record", "the index"])
def test_an_altered_file_is_found_out_by_its_checksum(target: Path, place: int) -> None:
    SireneFile(target).verify()
    data = bytearray(target.read_bytes())
    data[place] ^= 1
    target.write_bytes(data)
    with pytest.raises(RegisterError, match=r"was altered since it was made; import the stock"):
        SireneFile(target).verify()


@pytest.mark.parametrize("edge", [b"\0\0\0\0", b"\xff\xff\xff\xff"], ids=["before the bucket", "behind the file"])
def test_an_altered_index_is_told_by_the_look_up_that_meets_it(target: Path, edge: bytes) -> None:
    data = target.read_bytes()
    index = data.index(b"}") + data[data.index(b"}") :].index(b"\0\0\0\0")
    bucket = int(CLOSED[:8] + CLOSED[9:13]) // 2**22
    target.write_bytes(data[: index + 4 * bucket + 4] + edge + data[index + 4 * bucket + 8 :])
    with pytest.raises(RegisterError, match="was altered since it was made; import the stock"):
        SireneFile(target).establishment(CLOSED)


def test_a_file_that_is_replaced_is_noticed_within_a_second(tmp_path: Path, target: Path) -> None:
    now = 0.0
    file = SireneFile(target, clock=lambda: now)
    assert file.establishment("24590041000292") is None
    make(write_csv(tmp_path / "next.csv", [("24590041000292", "A", "")]), target)
    assert file.establishment(OPEN) is not None
    now = NOTICE_SECONDS
    assert file.establishment(OPEN) is None
    assert file.establishment("24590041000292") is not None


def test_a_file_that_comes_or_goes_is_noticed_within_a_second(tmp_path: Path, target: Path) -> None:
    now = 0.0
    file = SireneFile(target, clock=lambda: now)
    found = []
    for name in (target, tmp_path / "away", target):
        next(path for path in (target, tmp_path / "away") if path.exists()).rename(name)
        now += NOTICE_SECONDS
        found.append(file.establishment(OPEN) is not None)
    assert found == [True, False, True]


def test_a_file_that_is_cut_short_while_it_is_open_is_told(target: Path) -> None:
    """As a plain copy over it does for a moment."""
    file = SireneFile(target, clock=lambda: 0.0)
    assert file.establishment(OPEN) is not None
    os.truncate(target, 1000)
    with pytest.raises(RegisterError, match=r"is cut short.*flux register import --source sirene"):
        file.establishment(OPEN)


def test_each_of_many_irregular_ones_is_found(tmp_path: Path) -> None:
    """More than are read at once."""
    rows: list[Row] = [(f"3560000000{number:04d}", "A", "") for number in range(9000)]
    make(write_csv(tmp_path / "stock.csv", rows), tmp_path / "sirene.bin")
    file = SireneFile(tmp_path / "sirene.bin")
    assert all(file.establishment(siret) for siret, _, _ in rows)
    assert file.establishment("35600000009000") is None


def count_open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_file_that_was_replaced_is_closed(tmp_path: Path, target: Path) -> None:
    now = 0.0
    file = SireneFile(target, clock=lambda: now)
    before = count_open_files()
    for step in range(5):
        make(write_csv(tmp_path / "next.csv", [(OPEN, "A", "")]), target)
        now = NOTICE_SECONDS * step
        assert file.establishment(OPEN) is not None
    assert count_open_files() == before + 1
