from pathlib import Path

import pytest

from flux.model.codes import CODES
from flux.model.codes.markdown import codes_markdown
from flux.model.partner import Language

PAGE = Path(__file__).parents[3] / "docs" / "codes.md"


def test_the_page_in_the_documentation_is_the_one_that_the_table_prints() -> None:
    assert PAGE.read_text(encoding="utf-8") == codes_markdown(Language.EN)


@pytest.mark.parametrize("language", Language)
def test_every_code_has_its_chapter(language: Language) -> None:
    page = codes_markdown(language)
    assert [code for code in CODES if page.count(f"### {code}\n") != 1] == []


def test_a_chapter_tells_what_was_expected_where_something_is() -> None:
    page = codes_markdown(Language.FR)
    assert "\n\nAttendu : 14 chiffres, clé juste, connu du référentiel.\n\nÀ faire : Corriger le SIRET.\n" in page
    assert "Attendu : ." not in page


def test_a_chapter_tells_weights_motif_and_who_acts() -> None:
    chapter = codes_markdown(Language.EN).split("### SIRET_MISSING\n")[1].split("###")[0]
    assert "legacy fatal · AFNOR – · motif REJ_CONT_B2G · field BT-46 · acts: billing" in chapter
