"""Account numbers as a sheet declares them. Sources: ISO 13616-1, SWIFT registry as python-stdnum carries it; CFONB.

>>> parse_iban("fr14 2004 1010 0505 0001 3M02 606")
'FR1420041010050500013M02606'
>>> parse_rib("20041 01005 0500013M026 06")
'20041010050500013M02606'
>>> parse_rib("20041 01005 0500013M026 07") is None
True
"""

import re

from stdnum import bic, iban

_SEPARATORS = re.compile(r"[\s.-]+")
_RIB = re.compile(r"[0-9]{10}[0-9A-Z]{11}[0-9]{2}")
# A to I are 1 to 9, J to R again, S to Z are 2 to 9.
_DIGITS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
_IMPOSSIBLE_CHECK_DIGITS = frozenset({"00", "01", "99"})


def parse_iban(text: str) -> str | None:
    """An IBAN in capitals without spaces, None where its form or its check digits are wrong."""
    compact = compact_number(text)
    if compact[2:4] in _IMPOSSIBLE_CHECK_DIGITS or not iban.is_valid(compact, check_country=False):
        return None
    return compact


def parse_rib(text: str) -> str | None:
    """A RIB of 23 characters, None where its form or its key is wrong."""
    compact = compact_number(text)
    if not _RIB.fullmatch(compact) or int(compact.translate(_DIGITS)) % 97:
        return None
    return compact


def parse_bic(text: str) -> str | None:
    """A BIC of 8 or 11 characters in capitals, None where it is none."""
    return str(bic.compact(text)) if bic.is_valid(text) else None


def compact_number(text: str) -> str:
    """A number in capitals without the spaces, dots and hyphens that people put between its characters."""
    return _SEPARATORS.sub("", text).upper()
