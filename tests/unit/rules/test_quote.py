from flux.rules.quote import LONGEST_QUOTE, quote

ACCOUNT = "FR1420041010050500013M02606"


def test_a_value_of_usual_length_stays() -> None:
    assert quote("F2026-0117") == "F2026-0117"


def test_no_half_of_an_account_is_left_where_a_value_is_cut() -> None:
    text = "x" * (LONGEST_QUOTE - 20) + " " + ACCOUNT + " y" * LONGEST_QUOTE
    assert quote(text).startswith("x" * (LONGEST_QUOTE - 20) + " FR…2606 y")
    assert len(quote(text)) == LONGEST_QUOTE
