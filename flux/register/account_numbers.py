"""Account numbers as a sheet declares them. Sources: ISO 13616-1, SWIFT registry as python-stdnum carries it; CFONB.

>>> parse_iban("fr14 2004 1010 0505 0001 3M02 606")
'FR1420041010050500013M02606'
>>> parse_rib("20041 01005 0500013M026 06")
'20041010050500013M02606'
>>> parse_rib("20041 01005 0500013M026 07") is None
True
"""

import re
from functools import lru_cache

from stdnum import bic, iban

_SEPARATORS = re.compile(r"[\s.-]+")
_RIB = re.compile(r"[0-9]{10}[0-9A-Z]{11}[0-9]{2}")
# A to I are 1 to 9, J to R again, S to Z are 2 to 9.
_DIGITS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
_TWO_DIGITS = {letter: str(ord(letter) - ord("A") + 10) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
# The structure of the registry, at hand for the country of nearly every account.
_FRENCH_IBAN = re.compile(r"FR[0-9]{12}[0-9A-Z]{11}[0-9]{2}")
_IMPOSSIBLE_CHECK_DIGITS = frozenset({"00", "01", "99"})


def parse_iban(text: str) -> str | None:
    """An IBAN in capitals without spaces, None where its form or its check digits are wrong."""
    compact = compact_number(text)
    if compact[2:4] in _IMPOSSIBLE_CHECK_DIGITS or not compact.isalnum() or not compact.isascii():
        return None
    if _FRENCH_IBAN.fullmatch(compact):
        return compact if _holds_mod_97(compact) else None
    return compact if iban.is_valid(compact, check_country=False) else None


def parse_rib(text: str) -> str | None:
    """A RIB of 23 characters, None where its form or its key is wrong."""
    compact = compact_number(text)
    if not _RIB.fullmatch(compact) or int(compact.translate(_DIGITS)) % 97:
        return None
    return compact


@lru_cache(maxsize=1024)
def parse_bic(text: str) -> str | None:
    """A BIC of 8 or 11 characters in capitals, None where it is none."""
    return str(bic.compact(text)) if bic.is_valid(text) else None


def compact_number(text: str) -> str:
    """A number in capitals without the spaces, dots and hyphens that people put between its characters."""
    return _SEPARATORS.sub("", text).upper()


def _holds_mod_97(compact: str) -> bool:
    """ISO 7064: letters are 10 to 35, the first four characters come last."""
    turned = compact[4:] + compact[:4]
    return int("".join(_TWO_DIGITS.get(character, character) for character in turned)) % 97 == 1
