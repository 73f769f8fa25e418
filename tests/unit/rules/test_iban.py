import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum import iban

from flux.rules.iban import LONGEST, has_iban_shape, judge_iban


def codes_of(text: str) -> list[str]:
    return [fault.code for fault in judge_iban(text)]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("FR1420041010050500013M02606", []),  # public vector, RIB key right
        ("FR7630006000011234567890189", []),
        ("FR7610057191370188512730284", []),
        ("MC5811222000010123456789030", []),  # Monaco has the same layout and key
        ("DE89370400440532013000", []),
        ("GB82WEST12345698765432", []),  # the United Kingdom is in SEPA
        ("BE68539007547034", []),  # its bank is on no list: a good account all the same
        ("FR0220041010050000022M02679", []),  # check digits 02, the least possible
        ("fr14 2004 1010 0505 0001 3M02 606", ["IBAN_SPACING"]),
        ("BE32 123-4567890-02", ["IBAN_SPACING"]),
        ("FR1420041010050500013M02605", ["IBAN_CHECKSUM"]),
        ("FR9920041010050000022M02679", ["IBAN_CHECK_DIGITS"]),  # modulo 97 holds for 99 as for 02
        ("FR0120041010050000058M02677", ["IBAN_CHECK_DIGITS"]),  # 01 for 98
        ("FR0020041010050000094M02675", ["IBAN_CHECK_DIGITS"]),  # 00 for 97
        ("DE01370400440000000042", ["IBAN_CHECK_DIGITS"]),
        ("DE98370400440000000042", []),  # its canonical twin
        ("FR8420041010050500013M02607", ["IBAN_RIB_KEY"]),  # modulo 97 holds, the RIB key does not
        ("FR2012542547256985425874698", ["IBAN_RIB_KEY"]),  # an accepted AFNOR example
        ("FR20 1254 2547 2569 8542 5874 698", ["IBAN_SPACING", "IBAN_RIB_KEY"]),
        ("FR142004101005050001", ["IBAN_COUNTRY_LENGTH"]),  # cut short
        ("FR1420041010050500013M0260X", ["IBAN_COUNTRY_LENGTH"]),  # a letter in the RIB key
        ("XX431234567890123", ["IBAN_COUNTRY_LENGTH"]),  # no such country
        ("FR14/20041010050500013M02606", ["IBAN_CHARACTERS"]),
        ("CPTE DEBIT", ["IBAN_SPACING", "IBAN_CHARACTERS"]),
        ("RE1420041010050500013M02606", ["IBAN_OVERSEAS"]),  # La Réunion's accounts start with FR
        ("NO9386011117947", []),  # SEPA without being in the Union
        ("TR330006100519786457841326", ["IBAN_NOT_SEPA"]),
        ("SN08SN0100152000048500003035", ["IBAN_NOT_SEPA"]),  # good, of a country outside the registry
        ("SN09SN0100152000048500003035", ["IBAN_CHECKSUM"]),
    ],
)
def test_the_ladder_tells_the_first_fault_of_writing_or_all_of_meaning(text: str, codes: list[str]) -> None:
    assert codes_of(text) == codes


@pytest.mark.parametrize("territory", ["BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"])
def test_no_french_territory_has_ibans_of_its_own(territory: str) -> None:
    (fault,) = judge_iban(f"{territory}7630006000011234567890189")
    assert (fault.code, fault.facts) == ("IBAN_OVERSEAS", (("country", territory),))


def test_a_wrong_length_tells_both_lengths() -> None:
    (fault,) = judge_iban("FR142004101005050001")
    assert (fault.expected, dict(fault.facts)) == ("27", {"country": "FR", "length": "20"})


def test_a_wrong_rib_key_tells_both_keys() -> None:
    (fault,) = judge_iban("FR8420041010050500013M02607")
    assert (fault.expected, dict(fault.facts)) == ("06", {"key": "07"})


@pytest.mark.parametrize(
    "text",
    [
        "FR14/20041010050500013M02606",  # IBAN_CHARACTERS
        "FR1420041010050500013M02605",  # IBAN_CHECKSUM
    ],
)
def test_where_no_value_is_known_none_is_expected(text: str) -> None:
    assert [fault.expected for fault in judge_iban(text)] == [None]


@pytest.mark.parametrize(
    ("text", "has_shape"),
    [
        ("FR1420041010050500013M02606", True),
        ("fr14 2004 1010 0505", True),  # cut short, still meant as one
        ("20041 01005 0500013M026 06", False),  # a RIB
        ("CPTE DEBIT", False),
        ("12345678", False),
        ("FR14", False),
    ],
)
def test_an_iban_shows_by_two_letters_and_two_digits(text: str, has_shape: bool) -> None:  # noqa: FBT001 - a table
    assert has_iban_shape(text) is has_shape


@given(st.text())
@example("FR14" + "9" * 1_000_000)
@example("FR14" + "²" * 20)
@example("ＦＲ１４")
def test_no_text_makes_the_ladder_fail(text: str) -> None:
    assert all(fault.code.startswith("IBAN_") for fault in judge_iban(text))


@given(st.text(alphabet="0123456789", min_size=18, max_size=18), st.integers(4, 21), st.integers(1, 9))
def test_one_mistyped_digit_is_always_seen(account: str, position: int, shift: int) -> None:
    right = "DE" + iban.calc_check_digits("DE00" + account) + account
    mistyped = right[:position] + str((int(right[position]) + shift) % 10) + right[position + 1 :]
    assert (codes_of(right), codes_of(mistyped)) == ([], ["IBAN_CHECKSUM"])


@given(st.text(alphabet="0123456789", min_size=21, max_size=21))
def test_a_french_account_of_digits_is_right_with_its_key_and_76(account: str) -> None:
    key = 97 - int(account + "00") % 97
    assert codes_of(f"FR76{account}{key:02d}") == []


def test_what_stands_beyond_the_longest_iban_is_not_read() -> None:
    assert judge_iban("FR14" + "1" * LONGEST) == judge_iban("FR14" + "1" * 10 * LONGEST)
