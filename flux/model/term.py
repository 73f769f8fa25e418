"""A business term as the document wrote it."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

# An exponent of five digits is no amount, and would make Decimal arithmetic allocate megabytes.
MAX_NUMBER_CHARACTERS = 64


class OtherQualifier(str):
    """A qualifier in an attribute of second choice: schemeName, where legacy Chorus Pro writes what schemeID is for.

    Or the scheme of an identifier that CII has no scheme for: ram:ID instead of ram:GlobalID.
    """

    __slots__ = ()


class Term(NamedTuple):
    """One occurrence of a business term: its text, and the attribute that qualifies it.

    `qualifier` is the scheme of an identifier, the currency of an amount, the unit of a quantity,
    the format of a date, the MIME code of a file.
    """

    text: str
    qualifier: str | None = None

    @property
    def decimal(self) -> Decimal | None:
        """The number that the text writes in XML notation, or None; an exponent is no number here."""
        text = self.text.strip()
        if len(text) > MAX_NUMBER_CHARACTERS or not set(text) <= _NUMBER_CHARACTERS:
            return None
        try:
            return Decimal(text)
        except InvalidOperation:
            return None

    @property
    def date(self) -> date | None:
        """The day that the text writes as YYYY-MM-DD (UBL) or YYYYMMDD (CII, format 102), or None."""
        text = self.text.strip()
        if len(text) == 8 and text.isascii() and text.isdigit():
            text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
        try:
            return date.fromisoformat(text[:10]) if len(text) in _DATE_LENGTHS else None
        except ValueError:
            return None


# A term may be repeated in a document even where EN 16931 says one: every field is a tuple, empty when the term is absent.
Terms = tuple[Term, ...]

_NUMBER_CHARACTERS = frozenset("0123456789.+-")
# XML dates may bear a zone: 2026-11-20, 2026-11-20Z, 2026-11-20+01:00.
_DATE_LENGTHS = frozenset({10, 11, 16})


def first(terms: Terms) -> Term | None:
    """The first occurrence of a term, or None when the document does not hold it."""
    return terms[0] if terms else None


def text_of(terms: Terms) -> str:
    """The text of the first occurrence without outer white space, empty when absent."""
    return terms[0].text.strip() if terms else ""
