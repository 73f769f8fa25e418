"""Numbers as the official rules reckon with them: exact decimals, and the rounding of XPath."""

import re
from collections.abc import Iterable
from decimal import ROUND_FLOOR, Context, Decimal, InvalidOperation
from functools import lru_cache

from flux.model.term import Terms

ZERO = Decimal(0)
CENT = Decimal("0.01")
_HALF_CENT = Decimal("0.005")
_NUMBER_CHARACTERS = frozenset("0123456789.+-")
# A document may write any number of digits; no sum of those that are numbers here comes near.
_LONGEST_NUMBER = 64
EXACT = Context(prec=200)

# What XML takes for white space; Python takes more, the no-break space among it.
XML_SPACE = " \t\r\n"
_XML_SPACES = re.compile(f"[{XML_SPACE}]+")


def trim(text: str) -> str:
    """A text without outer white space, as `normalize-space` of XPath takes it off."""
    return text.strip(XML_SPACE)


def collapse(text: str) -> str:
    """A text whose white space is one blank between words, as `normalize-space` of XPath leaves it."""
    return " ".join(word for word in _XML_SPACES.split(text) if word)


@lru_cache(maxsize=8192)
def parse(text: str) -> Decimal | None:
    """The number that a text writes in XML notation, None for anything else; an exponent is no number here."""
    stripped = trim(text)
    if len(stripped) > _LONGEST_NUMBER or not _NUMBER_CHARACTERS.issuperset(stripped):
        return None
    try:
        return Decimal(stripped)
    except InvalidOperation:
        return None


def number(terms: Terms) -> Decimal | None:
    """The number of the first occurrence of a term, None where it is absent or none."""
    return parse(terms[0].text) if terms else None


def total(held: Iterable[Terms]) -> Decimal:
    """The sum of terms, each by its first occurrence; what is no number counts nothing."""
    added = ZERO
    for terms in held:
        if terms and (value := parse(terms[0].text)) is not None:
            added += value
    return added


def round_cents(value: Decimal) -> Decimal:
    """Two decimals, halves towards plus infinity, as `round` of XPath."""
    return (value + _HALF_CENT).quantize(CENT, rounding=ROUND_FLOOR, context=EXACT)


def decimals(text: str) -> int:
    """How many characters follow the first point of a text, as the official rules count decimals."""
    return len(text.partition(".")[2])


def write(value: Decimal | None) -> str | None:
    """A number for people: plain notation, without the zeros that say nothing beyond two decimals."""
    if value is None:
        return None
    shown = value.quantize(CENT, context=EXACT) if value == round_cents(value) else value.normalize(EXACT)
    return f"{shown:f}"
