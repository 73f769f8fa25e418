"""The file of establishments answers as a dictionary would."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flux.model.register import Establishment
from flux.register.sirene_file import SireneFile
from flux.register.sirene_key import SiretKey, key_of, siret_of
from tests.unit.register.sirene_stocks import Writer, make, write_csv, write_links, write_parquet, write_zip

REGULAR = st.integers(0, 10**12 - 1).map(lambda number: siret_of(SiretKey(number, is_regular=True)))
# Few of the twelve digits differ: many in one bucket, and bytes of one record that look like those of another.
CROWDED = st.integers(0, 0x20202).map(lambda number: siret_of(SiretKey(number, is_regular=True)))
ANY = st.integers(0, 10**14 - 1).map("{:014d}".format)
LA_POSTE = st.integers(0, 10**5 - 1).map("356000000{:05d}".format)
SIRETS = REGULAR | CROWDED | ANY | LA_POSTE
DAYS = st.dates(date(1900, 1, 1), date(2079, 6, 5))
STOCKS = st.dictionaries(SIRETS, st.none() | DAYS, max_size=60)
LINKS = st.dictionaries(SIRETS, SIRETS, max_size=20)

# Each example writes and reads files.
THOROUGH = settings(deadline=None, max_examples=60)


@given(number=st.integers(0, 10**12 - 1))
def test_twelve_digits_and_both_keys_are_one_siret(number: int) -> None:
    assert key_of(siret_of(SiretKey(number, is_regular=True))) == SiretKey(number, is_regular=True)


@given(siret=SIRETS)
def test_a_siret_comes_back_from_its_key(siret: str) -> None:
    key = key_of(siret)
    assert key is not None
    assert siret_of(key) == siret


@pytest.mark.parametrize("write", [write_csv, write_zip, write_parquet])
@given(stock=STOCKS, others=st.lists(SIRETS, max_size=20))
@THOROUGH
def test_the_file_answers_as_a_dictionary_would(
    tmp_path_factory: pytest.TempPathFactory,
    write: Writer,
    stock: dict[str, date | None],
    others: list[str],
) -> None:
    folder = tmp_path_factory.mktemp("sirene")
    rows = [(siret, "F" if day else "A", day.isoformat() if day else "2001-01-01") for siret, day in stock.items()]
    make(write(folder / "stock", rows), folder / "sirene.bin")
    file = SireneFile(folder / "sirene.bin")
    file.verify()
    expected = {siret: Establishment(siret=siret, closed_on=day) for siret, day in stock.items()}
    assert {siret: file.establishment(siret) for siret in stock} == expected
    assert [file.establishment(siret) for siret in others] == [expected.get(siret) for siret in others]


@given(stock=STOCKS, links=LINKS, data=st.data())
@THOROUGH
def test_successors_are_answered_as_a_dictionary_would(
    tmp_path_factory: pytest.TempPathFactory,
    stock: dict[str, date | None],
    links: dict[str, str],
    data: st.DataObject,
) -> None:
    folder = tmp_path_factory.mktemp("sirene")
    if stock:
        links |= data.draw(st.dictionaries(st.sampled_from(sorted(stock)), SIRETS))
    rows = [(siret, "F" if day else "A", day.isoformat() if day else "") for siret, day in stock.items()]
    listed = write_links(folder / "links", [(before, after, "2001-01-01") for before, after in links.items()])
    make(write_csv(folder / "stock", rows), folder / "sirene.bin", listed)
    file = SireneFile(folder / "sirene.bin")
    answered = {siret: found.successor for siret in stock if (found := file.establishment(siret))}
    assert answered == {siret: links.get(siret, "") if day else "" for siret, day in stock.items()}
