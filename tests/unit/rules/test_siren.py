import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import siren

from flux.model.term import Term
from flux.rules.party import PartyIdentifiers
from flux.rules.siren import has_siren_form, has_siren_key, judge_sirens


def codes_of(text: str, scheme: str | None = "0002") -> list[str]:
    party = PartyIdentifiers(legal_identifiers=(Term(text, scheme),))
    return [fault.code for fault in judge_sirens(party)]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("552008443", []),  # real company
        ("552008442", ["SIREN_CHECKSUM"]),  # its last digit mistyped
        ("356000000", []),  # La Poste
        ("100000009", []),  # AFNOR example parties
        ("200000008", []),
        ("300000007", []),
        ("123456789", ["SIREN_CHECKSUM"]),  # public samples that no official rule refuses
        ("987654321", ["SIREN_CHECKSUM"]),
        ("244500011", ["SIREN_CHECKSUM"]),
        ("392809137", ["SIREN_CHECKSUM"]),
        ("55200844", ["SIREN_FORM"]),  # eight digits
        ("5520084430", ["SIREN_FORM"]),  # ten digits
        ("552 008 443", ["SIREN_FORM"]),  # inner spaces are not layout
        (" \n552008443\t", []),  # outer white space is
        ("５５２００８４４３", ["SIREN_FORM"]),  # full-width digits are no digits of an XML document
        ("", []),  # absent, which other rules judge
    ],
)
def test_a_siren_is_nine_digits_with_a_luhn_key(text: str, codes: list[str]) -> None:
    assert codes_of(text) == codes


def test_only_scheme_0002_claims_a_siren() -> None:
    assert codes_of("123456789", "0088") == codes_of("123456789", None) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("552 008 443", "552008443"),
        ("552 008 44", None),  # a digit is missing: nobody knows which
    ],
)
def test_a_siren_that_is_only_spaced_is_shown_corrected(text: str, expected: str | None) -> None:
    (fault,) = judge_sirens(PartyIdentifiers(identifiers=(Term(text, "0002"),)))
    assert fault.expected == expected


@given(st.text(alphabet="0123456789", min_size=7, max_size=11))
def test_form_and_key_together_agree_with_stdnum(digits: str) -> None:
    assert (has_siren_form(digits) and has_siren_key(digits)) == siren.is_valid(digits)
