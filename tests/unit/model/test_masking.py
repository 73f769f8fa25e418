import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux.model.masking import mask_account, mask_accounts


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("FR1420041010050500013M02606", "FR…2606"),
        ("fr14 2004 1010 0505 0001 3M02 606", "FR…2606"),
        ("20041010050500013M02606", "…2606"),  # a RIB has no country
        ("CPTE DEBIT", "…EBIT"),
        ("12345678", "…"),  # four of eight would show too much
        ("", "…"),
    ],
)
def test_an_account_shows_its_country_and_last_four_characters(number: str, masked: str) -> None:
    assert mask_account(number) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("compte FR1420041010050500013M02606 refusé", "compte FR…2606 refusé"),
        ("FR14 2004 1010 0505 0001 3M02 606 est faux", "FR…2606 est faux"),  # the words after it stay
        ("a GB82WEST12345698765432, b NO9386011117947", "a GB…5432, b NO…7947"),
        ("FA2026000000117", "FA2026000000117"),  # an invoice number of that shape
        ("FSO1100A_FR1234_FR12341100000000000000042", "FSO1100A_FR1234_FR12341100000000000000042"),  # a flow name
        ("73282932000074", "73282932000074"),  # a SIRET
        ("FR44732829320", "FR44732829320"),  # a VAT number
        ("", ""),
    ],
)
def test_accounts_in_a_text_are_masked_and_nothing_else(text: str, masked: str) -> None:
    assert mask_accounts(text) == masked


@given(st.text())
def test_a_masked_text_has_nothing_more_to_mask(text: str) -> None:
    assert mask_accounts(mask_accounts(text)) == mask_accounts(text)
