import re
from pathlib import Path

import flux.model.invoice
from flux.model.business_terms import BUSINESS_TERMS, name_term
from flux.model.codes import CODES
from flux.model.partner import Language


def test_a_term_is_told_by_number_and_plain_name() -> None:
    assert name_term("BT-29", Language.FR) == "BT-29 (identifiant du vendeur)"
    assert name_term("BT-29", Language.EN) == "BT-29 (seller identifier)"


def test_a_term_without_a_name_is_told_by_number() -> None:
    assert name_term("EXT-FR-FE-999", Language.FR) == "EXT-FR-FE-999"


def test_every_term_of_the_invoice_model_has_a_name() -> None:
    source = Path(flux.model.invoice.__file__).read_text(encoding="utf-8")
    terms = set(re.findall(r"\b(?:B[TG]-\d+(?:-\d)?|EXT-FR-FE-\d+)\b", source))
    assert terms - set(BUSINESS_TERMS) == set()


def test_every_term_of_the_table_of_codes_has_a_name() -> None:
    assert {row.term for row in CODES.values() if row.term} <= set(BUSINESS_TERMS)


def test_no_two_terms_bear_one_name() -> None:
    for names in ([name.fr for name in BUSINESS_TERMS.values()], [name.en for name in BUSINESS_TERMS.values()]):
        assert len(set(names)) == len(names)
