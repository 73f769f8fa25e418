"""IBAN: country, two check digits, and the account as the country writes it; the account's bank gives it.

The checks are a ladder: the first rung of writing that fails is told alone, the rungs of meaning all. Check digits run
from 02 to 98: 00, 01 and 99 can satisfy modulo 97 and are still wrong. Sources: ISO 13616-1, SWIFT registry of IBAN
structures as python-stdnum carries it.

    >>> [fault.code for fault in judge_iban("FR1420041010050500013M02606")]
    []
    >>> [fault.code for fault in judge_iban("fr14 2004 1010 0505 0001 3M02 605")]
    ['IBAN_SPACING', 'IBAN_CHECKSUM']
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from stdnum import iban, numdb
from stdnum.exceptions import InvalidComponent, ValidationError

from flux.rules.country import OVERSEAS_COUNTRIES, SEPA_COUNTRIES, UNREGISTERED_COUNTRIES
from flux.rules.rib import RIB_COUNTRIES, rib_key

# No IBAN is longer than 34 characters, 42 with spaces: what stands beyond this cannot mend it.
LONGEST = 64
# Suppliers repeat: a few thousand accounts make a day.
REMEMBERED_ACCOUNTS = 4096

_SEPARATORS = re.compile(r"[\s.-]+")
# Digits of any script: who writes an IBAN with those of another one means an IBAN, and must hear that nobody can pay on it.
_SHAPE = re.compile(r"[A-ZＡ-Ｚ]{2}\d{2}.{8,}", re.DOTALL)
_CHARACTERS = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+")
_OUTSIDE = re.compile(r"[^A-Z0-9]")
_FIELD_LENGTH = re.compile(r"(\d+)!")  # the registry writes a structure as 5!n5!n11!c2!n
_IMPOSSIBLE_DIGITS = frozenset({"00", "01", "99"})


class IbanFault(NamedTuple):
    """What is wrong with an IBAN: a code, the value expected if it is known, the facts of its sentence; never the account."""

    code: str
    expected: str | None = None
    facts: tuple[tuple[str, str], ...] = ()


def compact_iban(text: str) -> str:
    """The characters of an IBAN in capitals, without the spaces, dots and hyphens that people put between them."""
    return _SEPARATORS.sub("", text).upper()


def country_of_iban(text: str) -> str:
    """The first two characters of an IBAN in capitals."""
    return text[:2].upper()


def has_iban_shape(text: str) -> bool:
    """True for two letters, two digits and a good many characters: an IBAN, even cut short or mistyped."""
    return _has_shape(text[:LONGEST])


def judge_iban(text: str) -> tuple[IbanFault, ...]:
    """All that is wrong with an IBAN as written, in the order of the ladder."""
    return _judge(text[:LONGEST])


@lru_cache(maxsize=REMEMBERED_ACCOUNTS)
def _has_shape(text: str) -> bool:
    return _SHAPE.match(compact_iban(text)) is not None


@lru_cache(maxsize=REMEMBERED_ACCOUNTS)
def _judge(text: str) -> tuple[IbanFault, ...]:
    compact = compact_iban(text)
    spacing = (IbanFault(code="IBAN_SPACING"),) if compact != text else ()
    writing = _find_writing_fault(compact)
    return (*spacing, writing) if writing else (*spacing, *_find_meaning_faults(compact))


def _find_writing_fault(compact: str) -> IbanFault | None:
    """The first rung of writing that fails: characters, country, structure, check digits, modulo 97."""
    country, digits = compact[:2], compact[2:4]
    if not _CHARACTERS.fullmatch(compact):
        strange = "".join(dict.fromkeys(_OUTSIDE.findall(compact)))
        return IbanFault(code="IBAN_CHARACTERS", facts=(("characters", strange),))
    if country in OVERSEAS_COUNTRIES:
        return IbanFault(code="IBAN_OVERSEAS", facts=(("country", country),))
    if not _has_structure(compact):
        return _describe_structure(compact)
    if digits in _IMPOSSIBLE_DIGITS:
        return IbanFault(code="IBAN_CHECK_DIGITS", expected="02-98", facts=(("digits", digits),))
    if iban.calc_check_digits(compact) != digits:
        return IbanFault(code="IBAN_CHECKSUM")
    return None


def _find_meaning_faults(compact: str) -> Iterator[IbanFault]:
    country = compact[:2]
    if country in RIB_COUNTRIES and rib_key(compact[4:25]) != compact[25:]:
        yield IbanFault(code="IBAN_RIB_KEY", expected=rib_key(compact[4:25]), facts=(("key", compact[25:]),))
    if country not in SEPA_COUNTRIES:
        yield IbanFault(code="IBAN_NOT_SEPA", facts=(("country", country),))


def _has_structure(compact: str) -> bool:
    """True where length and kinds of characters are those of the country, whatever the check digits."""
    mended = compact[:2] + iban.calc_check_digits(compact) + compact[4:]
    try:
        # Without the modules of countries: they refuse the accounts of banks that their lists do not hold.
        iban.validate(mended, check_country=False)
    except InvalidComponent:
        return compact[:2] in UNREGISTERED_COUNTRIES
    except ValidationError:
        return False
    return True


def _describe_structure(compact: str) -> IbanFault:
    """Both lengths where they differ; where they agree, or the country has no IBANs, the country alone."""
    country = ("country", compact[:2])
    _, properties = numdb.get("iban").info(compact)[0]
    length = 4 + sum(map(int, _FIELD_LENGTH.findall(properties.get("bban", ""))))
    if length in (4, len(compact)):
        return IbanFault(code="IBAN_COUNTRY_LENGTH", facts=(country,))
    found = ("length", str(len(compact)))
    return IbanFault(code="IBAN_COUNTRY_LENGTH", expected=str(length), facts=(country, found))
