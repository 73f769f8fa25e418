import re
import string
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban, numdb

from flux.model.masking import LENGTHS, mask_account, mask_accounts, mask_mistyped_accounts


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
        ("#ADN#FR1420041010050500013M02606", "#ADN#FR…2606"),
        ("/IBAN/FR1420041010050500013M02606/BIC/PSSTFRPPPAR", "/IBAN/FR…2606/BIC/PSSTFRPPPAR"),
        ("compte.FR1420041010050500013M02606.", "compte.FR…2606."),
        ("FR14\u00a02004\u202f1010\t0505\r\n0001 3M02 606", "FR…2606"),  # as a page or a letter groups it
        ("IBAN-FR1420041010050500013M02606", "IBAN-FR…2606"),
        ("iban_FR1420041010050500013M02606_2026.pdf", "iban_FR…2606_2026.pdf"),
        ("IBANFR1420041010050500013M02606", "IBANFR…2606"),
        ("RIB_FR1420041010050500013M02606-a", "RIB_FR…2606-a"),
        ("FR14/2004/1010/0505/0001/3M02/606", "FR…2606"),
        ("FR14\u20112004\u20111010\u20110505\u20110001\u20113M02\u2011606", "FR…2606"),
        ("FR14\u200b20041010050500013M02606", "FR…2606"),
        ("FR14,2004,1010,0505,0001,3M02,606", "FR…2606"),
        ("FR14:20041010050500013M02606", "FR…2606"),
        ("FR14_2004_1010_0505_0001_3M02_606", "FR…2606"),
        ("ＦＲ１４ 2004 1010 0505 0001 3Ｍ02 606 né", "FR…2606 né"),  # full width
        ("𝐅𝐑14²0041010050500013M02606", "FR…2606"),  # in another dress
        ("<ID>&#70;R1420041010050500013M0260&#x36;</ID> &#233;", "<ID>FR…2606</ID> &#233;"),
        ("&#00000000000070;&#x00052;1420041010050500013M02606", "FR…2606"),
        ("&#9999999; &#x110000; &#; FR", "&#9999999; &#x110000; &#; FR"),
        ("FR1420041010050500013M02606-bis", "FR…2606-bis"),
        ("FR1420041010050500013M02606_bis", "FR…2606_bis"),
        ("FR14\ufffd20041010050500013M02606", "FR…2606"),  # a sign that was not printable
        ("NO9386011117947 BE68539007547034", "NO…7947 BE…7034"),  # one after the other
        ("FA2026/NO9386011117947", "FA2026/NO…7947"),  # after a word that begins like one
        ("TN5910006035183598478831", "TN…8831"),
        ("CM2110003001000500000605306", "CM…5306"),  # a country that is in no registry
        ("FA2026000000117", "FA2026000000117"),  # an invoice number of that shape
        ("DE8937040044053201300", "DE8937040044053201300"),  # as long as no account of its country
        ("FSO1100A_FR1234_FR12341100000000000000042", "FSO1100A_FR1234_FR12341100000000000000042"),  # a flow name
        ("FSO1100A_RIB042_RIB04211000000000000000042", "FSO1100A_RIB042_RIB04211000000000000000042"),
        ("73282932000074", "73282932000074"),  # a SIRET
        ("FR44732829320", "FR44732829320"),  # a VAT number
        ("5a1c-be12-3456-789a-bcdef", "5a1c-be12-3456-789a-bcdef"),  # part of a UUID
        ("", ""),
    ],
)
def test_accounts_in_a_text_are_masked_and_nothing_else(text: str, masked: str) -> None:
    assert mask_accounts(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("<ID>FR1420041010050500013M02605</ID>", "<ID>FR…2605</ID>"),  # its key is wrong
        ("<ID>FR1420041010050500013M02606</ID>", "<ID>FR…2606</ID>"),
        ("<ID>FR1420041010050500013M0260</ID>", "<ID>FR1420041010050500013M0260</ID>"),
        ("<ID>FA2026000000117</ID>", "<ID>FA2026000000117</ID>"),
    ],
)
def test_a_stretch_of_a_document_shows_no_account_whatever_its_key(text: str, masked: str) -> None:
    assert mask_mistyped_accounts(text) == masked


@given(st.text())
def test_a_masked_text_has_nothing_more_to_mask(text: str) -> None:
    assert mask_accounts(mask_accounts(text)) == mask_accounts(text)


def test_a_number_and_the_words_after_it_are_no_account() -> None:
    sentences = [f"FR44732829320 du client {n:02}" for n in range(97)]  # one of which satisfies modulo 97
    assert [mask_accounts(sentence) for sentence in sentences] == sentences


def test_a_number_of_an_invoice_that_is_parted_by_strokes_is_no_account() -> None:
    numbers = [f"FA2026/11/00000{n:02}" for n in range(97)]  # one of which satisfies modulo 97
    assert [mask_accounts(number) for number in numbers] == numbers


def test_a_hash_is_no_account_whatever_it_begins_with() -> None:
    hashes = [f"ab12{n:030}{n:030}" for n in range(97)]  # the first 34 signs of one satisfy modulo 97
    assert [mask_accounts(value) for value in hashes] == hashes


def test_a_list_of_other_numbers_is_no_account() -> None:
    lists = [f"FR44732829320{sign}732829320000{n:02}" for n in range(97) for sign in ",:_"]  # 27 signs, as an account
    assert [mask_accounts(numbers) for numbers in lists] == lists


_GROUPED = st.sampled_from(["", " ", "-", "/", ".", ",", ":", "_", "\u00a0", "\u202f", "\u2011", "\u200b", "  "])
_DRESSES = st.sampled_from(
    [
        str,
        str.lower,
        lambda text: "".join(chr(ord(sign) + 0xFEE0) if sign.isalnum() else sign for sign in text),
        lambda text: "".join(f"&#{ord(sign)};" if sign.isalnum() else sign for sign in text),
    ]
)
_LABELS = st.sampled_from(["", "compte ", "IBAN", "IBAN ", "IBAN-", "iban_", "IBAN:", "RIB-", "RIB", "(", "«"])


@st.composite
def accounts(draw: st.DrawFn) -> str:
    """A number of a country's length whose check digits hold."""
    country, length = draw(st.sampled_from(sorted(LENGTHS.items())))
    rest = draw(st.text(string.digits, min_size=length - 4, max_size=length - 4))
    return f"{country}{iban.calc_check_digits(f'{country}00{rest}')}{rest}"


@given(accounts(), _LABELS, _GROUPED, _DRESSES)
def test_no_account_is_readable_in_whatever_dress(
    account: str, label: str, sign: str, dress: Callable[[str], str]
) -> None:
    written = dress(sign.join(account[start : start + 4] for start in range(0, len(account), 4)))
    assert mask_accounts(f"{label}{written} x") == f"{label}{mask_account(account)} x"


@given(accounts(), _GROUPED)
def test_a_number_whose_check_digits_fail_is_no_account(account: str, sign: str) -> None:
    wrong = f"{account[:-1]}{(int(account[-1]) + 1) % 10}"
    written = sign.join(wrong[start : start + 4] for start in range(0, len(wrong), 4))
    assert mask_accounts(written) == written


@pytest.mark.parametrize(
    "unit", ["FR12 ", "XX12 ", "FR12/3456/", "FR12", "IBANFR12", "&#70;R12", "ＦＲ１２ ", "/", "A/1-"]
)
def test_the_time_grows_with_the_text_and_no_faster(unit: str) -> None:
    def cost(count: int) -> float:
        text = unit * count
        began = time.thread_time()
        mask_accounts(text)
        return time.thread_time() - began

    assert cost(16_000) < 0.01 + 10 * max(cost(4_000), cost(4_000))


def test_the_lengths_are_those_of_the_registry() -> None:
    registry = numdb.get("iban")
    for country, length in LENGTHS.items():
        [(_, structure)] = registry.info(country)[:1]
        assert length == 4 + sum(map(int, re.findall(r"(\d+)!", structure["bban"]))), country
