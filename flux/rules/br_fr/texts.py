"""Texts as the French rules compare them: as they are written, or with white space collapsed."""

import re
from collections.abc import Iterable

from flux.model.term import Terms

NOTHING: frozenset[str] = frozenset()
# The white space of XML: Python knows more kinds.
_SPACES = re.compile(r"[ \t\r\n]+")


def plain(text: str) -> str:
    """A text with its white space collapsed, as `normalize-space` of XPath."""
    return _SPACES.sub(" ", text).strip(" ")


def texts(terms: Terms) -> frozenset[str]:
    """The texts of all occurrences, as they are written."""
    return frozenset([term.text for term in terms]) if terms else NOTHING


def qualified(terms: Terms, qualifier: str) -> list[str]:
    """The texts of the occurrences under a qualifier."""
    return [term.text for term in terms if term.qualifier == qualifier]


def is_filled(held: Iterable[str]) -> bool:
    """True where any text is more than white space."""
    return any(map(plain, held))
