"""Identifiers as files write them."""

import pytest

from flux.model.register import IdentifierType
from flux.register.identifiers import parse_identifier, parse_type, restore_siret

SIRET, EU, OUTSIDE, RIDET, TAHITI, OTHER, INDIVIDUAL = IdentifierType


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (SIRET, "73282932000074", "73282932000074"),
        (SIRET, "732 829 320 00074", "73282932000074"),
        (SIRET, "7328293200007", None),
        (SIRET, "73282932-00074", None),
        (EU, "DE 123 456 789", "DE123456789"),
        (EU, "esx1234567r", "ESX1234567R"),
        (EU, "DE" + "1" * 17, None),
        (EU, "123456789", None),
        (OUTSIDE, "US ACME Corporation", "USACMECORPORATION"),
        (OUTSIDE, "US" + "A" * 17, None),
        (RIDET, "0123456.001", None),
        (RIDET, "0123456001", "0123456001"),
        (RIDET, "12345678", None),
        (TAHITI, "A12345001", "A12345001"),
        (TAHITI, "A1234500", None),
        (OTHER, "en cours 17", "ENCOURS17"),
        (OTHER, "", None),
        (INDIVIDUAL, "1850175056DUPONT JEAN", "1850175056DUPONTJEAN"),
        (INDIVIDUAL, "DUPONT JEAN", None),
    ],
)
def test_an_identifier_has_the_form_of_its_kind(kind: IdentifierType, text: str, expected: str | None) -> None:
    found = parse_identifier(kind, text)
    assert (found.value if found else None) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [("", SIRET), ("1", SIRET), ("siret", SIRET), ("UE_HORS_FRANCE", EU), ("hors UE", OUTSIDE), ("Ridet", RIDET),
     ("PARTICULIER", INDIVIDUAL), ("6", OTHER), ("8", None), ("SIREN", None)],
)  # fmt: skip
def test_kinds_go_by_number_by_our_name_and_by_chorus_pro_s(word: str, expected: IdentifierType | None) -> None:
    assert parse_type(word) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("542076900017", "00542076900017"),
        ("542076900017.0", "00542076900017"),
        ("5.42076900017E11", "00542076900017"),
        ("5,42076900017E+11", "00542076900017"),
        # a program leaves out the zeros at the end
        ("1.10002011E13", "11000201100000"),
        # a spreadsheet cut the digits away
        ("5.42077E+11", None),
        ("542076900017.5", None),
        ("5420769", None),
        ("542076900017000", None),
        ("", None),
        ("SIRET", None),
    ],
)
def test_a_siret_kept_as_a_number_gets_its_zeros_back_unless_digits_are_lost(text: str, expected: str | None) -> None:
    assert restore_siret(text) == expected
