"""The bounds of what the two databases take: texts, keys, and how many values at once."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import TypeVar

# PostgreSQL refuses to index a text above some 2,700 bytes; a hostile number or file name may be longer.
MAX_KEY_CHARACTERS = 500

# SQLite takes 32,766 values in a statement; a flow may hold 100,000 invoices.
_ITEMS_PER_STATEMENT = 1000

_Item = TypeVar("_Item")


def to_storable(text: str) -> str:
    """The text with what no database holds, a NUL or half a surrogate pair, written as an escape.

    File names that are no UTF-8 come so from the system and from archives; one must not keep the others out.
    """
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")


def bound_key(text: str) -> str:
    """The text as it can be stored, or its hash where it is too long for an index."""
    storable = to_storable(text)
    if len(storable) <= MAX_KEY_CHARACTERS:
        return storable
    return "sha256:" + hashlib.sha256(storable.encode("utf-8")).hexdigest()


def batches(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    """The items, a statement's worth at a time."""
    return (items[start : start + _ITEMS_PER_STATEMENT] for start in range(0, len(items), _ITEMS_PER_STATEMENT))
