import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import siret

from flux.model.term import Term
from flux.rules.party import PartyIdentifiers
from flux.rules.siret import has_siret_form, has_siret_key, judge_sirets


def codes_of(text: str, scheme: str | None = "0009", siren: str = "") -> list[str]:
    legal = (Term(siren, "0002"),) if siren else ()
    return [
        fault.code
        for fault in judge_sirets(PartyIdentifiers(identifiers=(Term(text, scheme),), legal_identifiers=legal))
    ]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("73282932000074", []),
        ("73282932000075", ["SIRET_CHECKSUM"]),  # the same with its last digit mistyped
        ("7328293200007", ["SIRET_FORM"]),  # thirteen digits
        ("732 829 320 00074", ["SIRET_FORM"]),  # inner spaces, whatever the keys say
        ("732-829-320-00074", ["SIRET_FORM"]),
        ("\n  73282932000074 ", []),  # outer white space is layout
        ("\u00a073282932000074", ["SIRET_FORM"]),  # a no-break space is not: XML does not know it
        ("35600000049837", []),  # La Poste: digit sum, no Luhn key
        ("35600000009075", []),
        ("35600000049838", ["SIRET_CHECKSUM"]),  # La Poste: neither
        ("35600000000048", []),  # La Poste's head office: Luhn
        ("81034732800017", []),  # public samples
        ("75356054900010", []),
        ("24590041000292", []),
        ("11000201100044", []),
        ("44460844213631", []),
        ("21930053000017", []),
        ("11002001300097", []),
        ("00000000000000", ["SIRET_ZEROS"]),  # its key is right, and it is nobody's
        ("00000000000727", ["SIRET_CHECKSUM"]),  # Chorus qualification data
        ("00000000169959", ["SIRET_CHECKSUM"]),
        ("00000000169991", ["SIRET_CHECKSUM"]),
        ("59878541259876", ["SIRET_CHECKSUM"]),  # published examples that no official rule refuses
        ("01456778256109", ["SIRET_CHECKSUM"]),
    ],
)
def test_a_siret_is_fourteen_digits_with_its_keys(text: str, codes: list[str]) -> None:
    assert codes_of(text) == codes


@pytest.mark.parametrize(
    ("text", "scheme", "codes"),
    [
        ("73282932000075", "0009", ["SIRET_CHECKSUM"]),  # ISO 6523
        ("73282932000075", "1", ["SIRET_CHECKSUM"]),  # legacy Chorus
        ("73282932000075", None, ["SIRET_CHECKSUM"]),  # no scheme, but its form says it
        ("732829320", None, []),  # no scheme, another form
        ("73282932000075", "0088", []),  # a GLN of fourteen digits is not ours to judge
        ("12345", "0009", ["SIRET_FORM"]),  # the scheme says it
        ("  ", "0009", []),  # empty: absent, not wrong
    ],
)
def test_an_identifier_claims_a_siret_by_scheme_or_by_fourteen_digits(
    text: str, scheme: str | None, codes: list[str]
) -> None:
    assert codes_of(text, scheme) == codes


@pytest.mark.parametrize(
    ("siren", "codes"),
    [
        ("732829320", []),
        ("552008443", ["SIRET_SIREN"]),
        ("", []),  # no SIREN beside it: nothing to agree with
        ("73282932", []),  # a malformed SIREN has a fault of its own
    ],
)
def test_a_siret_starts_with_the_siren_of_its_party(siren: str, codes: list[str]) -> None:
    assert codes_of("73282932000074", siren=siren) == codes


@pytest.mark.parametrize(
    ("scheme", "codes"),
    [
        (None, []),  # a Croatian number, in an accepted example
        ("0009", ["SIRET_CHECKSUM"]),  # said to be a SIRET all the same
    ],
)
def test_abroad_fourteen_digits_are_no_siret_unless_their_scheme_says_so(scheme: str | None, codes: list[str]) -> None:
    party = PartyIdentifiers(identifiers=(Term("12346830600751", scheme),), is_french=False)
    assert [fault.code for fault in judge_sirets(party)] == codes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("732 829 320 00074", "73282932000074"),
        ("732-829-320-00074", None),  # more is wrong than spaces
    ],
)
def test_a_siret_that_is_only_spaced_is_shown_corrected(text: str, expected: str | None) -> None:
    (fault,) = judge_sirets(PartyIdentifiers(identifiers=(Term(text, "0009"),)))
    assert fault.expected == expected


def test_a_siret_is_looked_for_among_the_legal_identifiers_too() -> None:
    (fault,) = judge_sirets(
        PartyIdentifiers(legal_identifiers=(Term("732829320", "0002"), Term("73282932000075", "1")))
    )
    assert (fault.claim.field, fault.claim.position) == ("legal_identifiers", 1)


@given(st.text(alphabet="0123456789", min_size=12, max_size=16))
def test_form_and_key_together_agree_with_stdnum(digits: str) -> None:
    assert (has_siret_form(digits) and has_siret_key(digits)) == siret.is_valid(digits)
