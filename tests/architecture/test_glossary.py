"""docs/glossary.md against the code: no word of the field without its row, no row without its word."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import NamedTuple

import pytest

import flux.model
from flux.model.codes import CODES

ROOT = Path(__file__).resolve().parents[2]
# French words that the law or a specification names and that flux spells as they are.
FRENCH_WORDS = {
    "siret",
    "siren",
    "rib",
    "cadre",
    "motif",
    "code_service",
    "numero_engagement",
    "numero_marche",
}


class Row(NamedTuple):
    french: str
    english: str
    spelled: tuple[str, ...]
    source: str


def read_rows() -> Iterator[Row]:
    for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[0] not in ("French", "---"):
            french, english, spelled, source = cells
            yield Row(french, english, tuple(re.findall(r"`([^`]+)`", spelled)), source)


ROWS = tuple(read_rows())
SPELLED = {word for row in ROWS for word in row.spelled}
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "flux").rglob("*.py")))


def enumerations() -> Iterator[type[Enum]]:
    for module in pkgutil.walk_packages(flux.model.__path__, "flux.model."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, Enum) and value.__module__ == module.name:
                yield value


def test_every_enumeration_of_the_model_has_its_row() -> None:
    assert {each.__name__ for each in enumerations()} - SPELLED == set()


def test_every_family_of_codes_has_its_row() -> None:
    families = {code.split("_", maxsplit=1)[0] for code in CODES if "-" not in code}  # official ids are their own
    assert {family for family in families if f"{family}_*" not in SPELLED and family not in SPELLED} == set()


def test_every_french_word_that_the_code_keeps_has_its_row() -> None:
    assert SPELLED >= FRENCH_WORDS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.french)
def test_a_row_is_complete_and_its_words_exist_in_the_code(row: Row) -> None:
    assert all(row)
    for word in row.spelled:
        assert re.search(rf"\b{re.escape(word.removesuffix('*'))}", SOURCE), word


def test_rows_stand_once() -> None:
    assert len({row.french for row in ROWS}) == len(ROWS)
