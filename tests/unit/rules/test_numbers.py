"""Numbers as the official rules reckon with them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux.model.term import Term
from flux.rules.numbers import decimals, number, parse, round_cents, total, trim, write


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.50", Decimal("1.50")),
        (" \n-7.5\t", Decimal("-7.5")),  # white space around it is layout
        ("+1", Decimal(1)),
        (".5", Decimal("0.5")),
        ("1e3", None),  # XML Schema decimals have no exponent
        ("NaN", None),
        ("1,5", None),
        ("1 000", None),
        ("", None),
        ("--1", None),
        ("\u00a01", None),  # a no-break space is no white space of XML
        ("٣", None),
        ("9" * 64, Decimal("9" * 64)),
        ("9" * 65, None),
    ],
)
def test_a_number_is_what_xml_writes_as_a_decimal(text: str, value: Decimal | None) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        ("0.005", "0.01"),
        ("-0.005", "0.00"),
        ("-0.006", "-0.01"),
        ("0.0049", "0.00"),
        ("2.5", "2.50"),
        ("-1.995", "-1.99"),
    ],
)
def test_halves_are_rounded_towards_plus_infinity_as_xpath_does(value: str, rounded: str) -> None:
    assert str(round_cents(Decimal(value))).replace("-0.00", "0.00") == rounded


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12))
def test_what_is_rounded_is_within_half_a_cent(value: Decimal) -> None:
    assert Decimal("-0.005") < round_cents(value) - value <= Decimal("0.005")


@pytest.mark.parametrize(("text", "count"), [("1", 0), ("1.", 0), ("1.0", 1), ("1.000", 3), ("1.2.3", 3), ("1.5 ", 2)])
def test_decimals_are_the_characters_after_the_first_point(text: str, count: int) -> None:
    assert decimals(text) == count


def test_a_term_is_the_number_of_its_first_occurrence() -> None:
    assert number((Term("1"), Term("2"))) == 1
    assert number(()) is None


def test_a_sum_leaves_out_what_is_no_number() -> None:
    assert total([(Term("1.10"),), (), (Term("x"),), (Term("2.20"), Term("100"))]) == Decimal("3.30")


@pytest.mark.parametrize(
    ("value", "written"),
    [(None, None), ("1", "1.00"), ("1.10", "1.10"), ("1.2340", "1.234"), ("-0.5", "-0.50"), ("100", "100.00")],
)
def test_people_read_two_decimals_and_more_where_they_say_something(value: str | None, written: str | None) -> None:
    assert write(None if value is None else Decimal(value)) == written


def test_white_space_is_that_of_xml() -> None:
    assert trim(" \t\r\n a b \u00a0") == "a b \u00a0"
