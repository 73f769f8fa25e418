import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux.rules.rib import rib_key


@pytest.mark.parametrize(
    ("rib", "key"),
    [
        ("20041010050500013M026", "06"),  # a letter in the account
        ("300060000112345678901", "89"),
        ("112220000101234567890", "30"),  # Monaco
        ("125425472569854258746", "60"),  # an AFNOR example, which writes 98
    ],
)
def test_the_key_follows_from_bank_branch_and_account(rib: str, key: str) -> None:
    assert rib_key(rib) == key


@pytest.mark.parametrize(("letter", "digit"), [("A", "1"), ("I", "9"), ("J", "1"), ("R", "9"), ("S", "2"), ("Z", "9")])
def test_letters_count_as_digits_in_three_rows(letter: str, digit: str) -> None:
    assert rib_key("2004101005050001" + letter + "0260") == rib_key("2004101005050001" + digit + "0260")


@given(st.text(alphabet="0123456789", min_size=21, max_size=21))
def test_a_rib_with_its_key_is_a_multiple_of_97(rib: str) -> None:
    assert int(rib + rib_key(rib)) % 97 == 0
