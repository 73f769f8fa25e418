from pathlib import Path

import pytest

from flux.model.codes import CODES
from flux.model.codes.markdown import codes_markdown, list_ranges
from flux.model.codes.official import PUBLISHED
from flux.model.partner import Language

PAGE = Path(__file__).parents[3] / "docs" / "codes.md"


def test_the_page_in_the_documentation_is_the_one_that_the_table_prints() -> None:
    assert PAGE.read_text(encoding="utf-8") == codes_markdown(Language.EN)


OFFICIAL = frozenset(row.code for rows in PUBLISHED.values() for row in rows)


@pytest.mark.parametrize("language", Language)
def test_every_code_of_ours_has_its_chapter(language: Language) -> None:
    page = codes_markdown(language)
    assert [code for code in CODES.keys() - OFFICIAL if page.count(f"### {code}\n") != 1] == []


@pytest.mark.parametrize("language", Language)
def test_every_official_rule_has_its_line_in_a_table(language: Language) -> None:
    page = codes_markdown(language)
    assert [code for code in OFFICIAL if page.count(f"\n| {code} | ") != 1] == []


def test_an_official_rule_tells_its_statement_its_weight_and_its_motif() -> None:
    assert "| BR-02 | Mandatory field: invoice number (BT-1) | fatal | REJ_SEMAN |" in codes_markdown(Language.EN)


def test_the_motifs_stand_in_one_table_with_the_codes_that_get_them() -> None:
    lines = codes_markdown(Language.EN).splitlines()

    assert "| IRR_VIDE_F | 501 | Empty file | FLOW_EMPTY |" in lines
    assert (
        "| MONTANTTOTAL_ERR | 213 | Wrong total | BR-CO-13, BR-CO-15, BR-CO-16, BR-FREXT-CO-13, BR-FREXT-CO-15,"
        " BR-FXEXT-CO-13, BR-FXEXT-CO-15, BR-FXEXT-CO-16 |" in lines
    )


def test_every_motif_of_a_code_is_in_the_table() -> None:
    page = codes_markdown(Language.EN)
    assert [row.motif for row in CODES.values() if row.motif and page.count(f"\n| {row.motif} | ") != 1] == []


@pytest.mark.parametrize(
    ("codes", "shown"),
    [
        (["BR-03", "BR-01", "BR-02"], ["BR-01 to BR-03"]),
        (["BR-01", "BR-02"], ["BR-01", "BR-02"]),
        (["BR-01", "BR-02", "BR-03", "BR-05"], ["BR-01 to BR-03", "BR-05"]),
        (["BR-01", "BR-CO-02", "BR-03"], ["BR-01", "BR-03", "BR-CO-02"]),
        (["SIRET_FORM", "IBAN_FORM", "BIC_FORM"], ["BIC_FORM", "IBAN_FORM", "SIRET_FORM"]),
    ],
)
def test_codes_that_are_numbered_without_a_gap_are_one_range(codes: list[str], shown: list[str]) -> None:
    assert list(list_ranges(codes, "to")) == shown


def test_a_chapter_tells_what_was_expected_where_something_is() -> None:
    page = codes_markdown(Language.FR)
    assert "\n\nAttendu : 14 chiffres, clé juste, connu du référentiel.\n\nÀ faire : Corriger le SIRET.\n" in page
    assert "Attendu : ." not in page


def test_a_chapter_tells_weights_motif_and_who_acts() -> None:
    chapter = codes_markdown(Language.EN).split("### SIRET_MISSING\n")[1].split("###")[0]
    assert "legacy fatal · AFNOR – · motif REJ_CONT_B2G · field BT-46 · acts: billing" in chapter
