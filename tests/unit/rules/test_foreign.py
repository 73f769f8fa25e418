"""How identifiers of suppliers without a SIRET are written."""

import pytest

from flux.model.interface import Family
from flux.model.term import Term
from flux.rules import foreign
from tests.fakes.register import FakeRegister
from tests.unit.rules.register_cases import context, invoice, party


@pytest.mark.parametrize(
    ("scheme", "text", "is_good"),
    [
        ("0223", "DE136695976", True),
        ("0223", "D" * 18, True),
        ("0223", "D" * 19, False),
        ("2", "D" * 19, False),  # legacy Chorus
        ("0227", "US" + "A" * 16, True),
        ("0227", "US" + "A" * 17, False),
        ("0228", "123456789", True),
        ("0228", "1234567890", True),
        ("0228", "12345678", False),
        ("0228", "12345678901", False),
        ("0229", "123456789", True),
        ("0229", "12345678", False),
        ("0226", "1850775056DUPONT", True),
        ("0226", "1850775056", True),
        ("0226", "185077505DUPONT", False),
        ("0226", "1850775056" + "D" * 71, False),
        # kinds that have no form here
        ("0009", "1", True),
        ("6", "EN COURS", True),
        ("0088", "1", True),
        ("0228", "", True),
    ],
)
def test_an_identifier_is_as_long_as_its_kind_says(scheme: str, text: str, *, is_good: bool) -> None:
    subject = invoice(seller=party(Term(text, scheme)))
    found = [seen.code for seen in foreign.check(subject, context(FakeRegister.of(), subject))]
    assert found == ([] if is_good else ["SUPPLIER_ID_FORM"])


def test_an_observation_tells_place_length_and_official_rule() -> None:
    subject = invoice(seller=party(Term("12345678", "0228")))
    (seen,) = foreign.check(subject, context(FakeRegister.of(), subject, Family.AFNOR))
    assert (seen.place, seen.found, seen.expected) == (("sellers", 0, "identifiers", 0), "12345678", "9-10")
    assert seen.detail == "BR-FR-CPRO-06"


def test_in_chorus_formats_no_rule_of_the_reform_is_named() -> None:
    subject = invoice(seller=party(Term("12345678", "4")))
    (seen,) = foreign.check(subject, context(FakeRegister.of(), subject, Family.LEGACY))
    assert seen.detail is None


def test_the_identifier_of_a_person_is_not_quoted() -> None:
    subject = invoice(seller=party(Term("185077505DUPONT", "0226")))
    (seen,) = foreign.check(subject, context(FakeRegister.of(), subject))
    assert seen.found == "1…"
