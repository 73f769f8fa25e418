import pytest

from flux.model.term import Term, Terms
from flux.rules.party import PartyIdentifiers
from flux.rules.vat import has_vat_key, judge_vat_numbers


def codes_of(number: str, *, identifiers: Terms = (), legal: Terms = ()) -> list[str]:
    party = PartyIdentifiers(identifiers=identifiers, legal_identifiers=legal, vat_identifiers=(Term(number),))
    return [fault.code for fault in judge_vat_numbers(party)]


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        ("FR40303265045", []),  # old style
        ("FR23334175221", []),
        ("FR83404833048", []),
        ("FRK7399859412", []),  # new style, with a letter
        ("FR84323140391", ["VAT_CHECKSUM"]),
        ("FRIO334175221", ["VAT_CHECKSUM"]),  # I and O are never in the key
        ("FR 40 303 265 045", []),  # spaces do no harm here
        ("FR123", ["VAT_CHECKSUM"]),
        ("DE123456789", []),  # foreign: its structure is not ours to judge
        ("40303265045", []),  # no prefix: BR-CO-09 says it
        ("", []),
    ],
)
def test_a_french_vat_number_has_a_key_over_its_siren(number: str, codes: list[str]) -> None:
    assert codes_of(number) == codes


def test_a_vat_number_of_monaco_holds_no_siren() -> None:
    monaco = next(f"FR{key:02d}000012349" for key in range(100) if has_vat_key(f"FR{key:02d}000012349"))
    assert codes_of(monaco, legal=(Term("732829320", "0002"),)) == []


@pytest.mark.parametrize(
    ("identifiers", "legal", "codes"),
    [
        ((Term("81034732800017", "0009"),), (), []),  # SIRET, then the VAT number of the same company
        ((), (Term("810347328", "0002"),), []),
        ((Term("73282932000074", "0009"),), (), ["VAT_SIREN"]),
        ((), (Term("732829320", "0002"),), ["VAT_SIREN"]),
        ((Term("0" * 14, "1"),), (), []),  # zeros name nobody
        ((), (), []),  # nothing to compare with
    ],
)
def test_a_vat_number_fits_the_siren_of_its_party(identifiers: Terms, legal: Terms, codes: list[str]) -> None:
    assert codes_of("FR60810347328", identifiers=identifiers, legal=legal) == codes
