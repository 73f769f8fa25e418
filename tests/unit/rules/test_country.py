import pytest

from flux.rules.country import OVERSEAS_COUNTRIES, SEPA_COUNTRIES, UNREGISTERED_COUNTRIES, is_bank_of, is_french


@pytest.mark.parametrize(
    ("bic_country", "iban_country", "fits"),
    [
        ("FR", "FR", True),
        ("DE", "FR", False),
        ("RE", "FR", True),  # overseas banks give French IBANs
        ("PF", "FR", True),
        ("FR", "MC", True),  # Monaco's branches of French banks
        ("GG", "GB", True),  # Guernsey has British IBANs
        ("GG", "FR", False),
    ],
)
def test_a_bank_gives_ibans_of_its_country_or_of_its_parent(
    bic_country: str,
    iban_country: str,
    fits: bool,  # noqa: FBT001 - a table
) -> None:
    assert is_bank_of(bic_country, iban_country) is fits


def test_sepa_is_the_union_its_associates_and_gibraltar() -> None:
    union = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
    economic_area = "IS LI NO"
    others = "CH GB AD MC SM VA"
    since_2024 = "AL ME MD MK RS"
    assert set(f"{union} {economic_area} {others} {since_2024} GI".split()) == SEPA_COUNTRIES


@pytest.mark.parametrize(
    ("country", "is_in_france"),
    [
        ("FR", True),
        ("RE", True),  # INSEE numbers La Réunion too
        ("", True),  # no country: taken for French
        ("HR", False),
    ],
)
def test_a_party_is_french_in_france_its_territories_or_nowhere(
    country: str,
    is_in_france: bool,  # noqa: FBT001 - a table
) -> None:
    assert is_french(country) is is_in_france


def test_no_country_stands_in_two_lists() -> None:
    assert not SEPA_COUNTRIES & OVERSEAS_COUNTRIES
    assert not SEPA_COUNTRIES & UNREGISTERED_COUNTRIES
    assert not OVERSEAS_COUNTRIES & UNREGISTERED_COUNTRIES
