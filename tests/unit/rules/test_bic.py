import pytest

from flux.rules.bic import country_of_bic


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("BNPAFRPP", "FR"),  # 8
        ("BNPAFRPPXXX", "FR"),  # 11
        ("CCBPFRPPVER", "FR"),
        ("ABNANL2A", "NL"),
        ("bnpafrpp", "FR"),  # case does not matter
        ("AGRIFRPP8", None),  # 9
        ("XXXXZZPP", None),  # no such country
        ("AGRIF2PP", None),  # a digit in the country
        ("", None),
        ("B" * 1_000_000, None),
    ],
)
def test_a_bic_has_8_or_11_characters_and_a_country(text: str, country: str | None) -> None:
    assert country_of_bic(text) == country
