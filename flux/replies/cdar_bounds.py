"""How long each field of a CDAR may be, by MDT number (annex 2 of the external specifications).

A text beyond its length is cut with an ellipsis. What another machine compares is never cut: an identifier or a number
out of bounds raises.
"""

from decimal import Decimal

from flux.replies.texts import shorten

# Codes and identifiers.
IDENTIFIER_CHARACTERS = {"4": 50, "87": 100, "113": 50, "121": 9, "125": 30, "206": 20, "207": 6}
TEXT_CHARACTERS = {"5": 150, "106": 100, "114": 250, "122": 250, "126": 2000, "127": 200, "211": 150, "214": 150}
LOCATION_CHARACTERS = 2000  # MDT-213
LARGEST_SEQUENCE = 999  # MDT-124-2
# Digits, and how many of them are decimals. Annex 2 gives MDT-224 as "3,2": 100.00 must pass.
NUMBER_DIGITS = {"215": (19, 6), "224": (5, 2)}


def bounded_identifier(text: str, mdt: str) -> str:
    """The identifier. Raises ValueError where it is too long."""
    if len(text) > IDENTIFIER_CHARACTERS[mdt]:
        raise ValueError(f"MDT-{mdt}: {shorten(text)!r} has more than {IDENTIFIER_CHARACTERS[mdt]} characters")
    return text


def bounded_text(text: str, mdt: str) -> str:
    """The text, cut where it is too long."""
    return shorten(text, TEXT_CHARACTERS[mdt])


def bounded_number(value: Decimal, mdt: str) -> str:
    """The number as the schema writes it. Raises ValueError for one with too many digits, or that is none."""
    digits, decimals = NUMBER_DIGITS[mdt]
    whole, _, fraction = f"{value:f}".lstrip("-").partition(".")
    if not value.is_finite() or len(fraction) > decimals or len(whole) + len(fraction) > digits:
        raise ValueError(f"MDT-{mdt}: {value} is no number of at most {digits} digits, {decimals} of them decimals")
    return f"{value:f}"


def bounded_sequence(number: int) -> str:
    """The ordinal of a status detail. Raises ValueError outside 1 to 999."""
    if not 1 <= number <= LARGEST_SEQUENCE:
        raise ValueError(f"MDT-124-2: {number} is not between 1 and {LARGEST_SEQUENCE}")
    return str(number)
