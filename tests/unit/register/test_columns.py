"""The columns that the configuration may name are those of the files."""

from collections.abc import Sequence

import pytest

from flux.register.columns import DIRECTORY_COLUMNS, SERVICE_COLUMNS, SUPPLIER_COLUMNS, Column, plain_heading
from flux.register.settings import DIRECTORY_COLUMN_NAMES, SERVICE_COLUMN_NAMES


@pytest.mark.parametrize(
    ("names", "columns"),
    [(DIRECTORY_COLUMN_NAMES, DIRECTORY_COLUMNS), (SERVICE_COLUMN_NAMES, SERVICE_COLUMNS)],
    ids=["directory", "services"],
)
def test_the_configuration_knows_the_columns_of_the_files(names: Sequence[str], columns: Sequence[Column]) -> None:
    assert tuple(column.name for column in columns) == names


@pytest.mark.parametrize(
    "columns", [SUPPLIER_COLUMNS, DIRECTORY_COLUMNS, SERVICE_COLUMNS], ids=["suppliers", "directory", "services"]
)
def test_a_heading_means_one_column(columns: Sequence[Column]) -> None:
    headings = [heading for column in columns for heading in (column.name, *column.headings)]
    assert len(set(headings)) == len(headings)
    assert all(plain_heading(heading) == heading for heading in headings)


@pytest.mark.parametrize(
    ("heading", "expected"),
    [("N° SIRET", "n_siret"), ("Numéro EJ doit être renseigné", "numero_ej_doit_etre_renseigne"), ("  ", "")],
)
def test_headings_are_compared_without_accents_and_signs(heading: str, expected: str) -> None:
    assert plain_heading(heading) == expected
