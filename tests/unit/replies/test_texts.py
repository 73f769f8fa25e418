import pytest

from flux.replies.texts import QUOTED_CHARACTERS, clean, presentable, shorten
from tests.unit.replies.cases import fatal

IBAN = "FR1420041010050500013M02606"


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_forbids_is_replaced(character: str) -> None:
    assert clean(f"a{character}b") == "a\ufffdb"


def test_what_xml_allows_stays() -> None:
    text = "été\t\r\n\x7f\x85\u2028😀"

    assert clean(text) == text


def test_a_quoted_value_is_bounded() -> None:
    shown = presentable(fatal(found="x" * 10_000_000)).found

    assert shown == shorten("x" * 10_000_000)
    assert len(shown) == QUOTED_CHARACTERS


@pytest.mark.parametrize(
    ("term", "found", "shown"),
    [
        ("BT-84", IBAN, "FR…2606"),
        ("BT-84", "FR14 2004 1010 0505 0001 3M02 607", "FR…2607"),  # wrong key: still an account
        ("BT-84", "20041010050500013M02606", "…2606"),  # a national number
        ("BT-84", "FR…2606", "FR…2606"),  # masked before
        ("BT-22", f"Payez sur {IBAN}, merci", "Payez sur FR…2606, merci"),  # an account in a note
        ("BT-1", "FA20261123000012345", "FA20261123000012345"),  # a number that only resembles one
    ],
)
def test_an_account_is_masked_wherever_it_stands(term: str, found: str, shown: str) -> None:
    assert presentable(fatal(term=term, found=found)).found == shown


def test_an_account_is_masked_in_the_facts_around_it() -> None:
    wrong = "FR1420041010050500013M02607"
    finding = presentable(fatal(term="BT-84", found=wrong, detail=f"read {wrong}", facts=(("account", wrong),)))

    assert finding.detail == "read FR…2607"
    assert finding.facts == (("account", "FR…2607"),)
