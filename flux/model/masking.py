"""Account numbers as people may see them: country and last four characters.

Never more than that leaves the vault: reports, logs and JSON are read by many, and a full IBAN is what change-of-account
fraud starts from.
"""

import re
from collections.abc import Callable

from flux.model.register import IdentifierType, StructureId

_SEPARATORS = re.compile(r"[\s.-]+")
# Words that may be an IBAN, in groups or not; a flow name is none.
_IBAN_WORDS = re.compile(
    r"(?<![A-Za-z0-9_-])[A-Za-z]{2}\d{2}(?:[ \t\r\n\u00a0\u2007\u2009\u202f.-]{0,2}[A-Za-z0-9]){11,30}(?![A-Za-z0-9_-])",
    re.ASCII,
)
_SHORTEST_SHOWN = 9
_SHORTEST_IBAN = 15  # Norway


def _lengths(text: str) -> dict[str, int]:
    return {entry[:2]: int(entry[2:]) for entry in text.split()}


# Source: SWIFT registry of IBAN structures, release 101, as python-stdnum carries it.
LENGTHS = _lengths(
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29"
    " ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20"
    " LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29"
    " PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20"
    " YE30"
)


def mask_account(number: str) -> str:
    """An account number as `FR…2606`: its country if it reads as an IBAN, and its last four characters."""
    compact = _SEPARATORS.sub("", number).upper()
    if len(compact) < _SHORTEST_SHOWN:
        return "…"
    country = compact[:2] if compact[:2].isalpha() and compact[2:4].isdigit() else ""
    return f"{country}…{compact[-4:]}"


def mask_identifier(identifier: StructureId) -> str:
    """What identifies a structure; that of a person holds its birth and its names, and shows its last four characters."""
    return mask_account(identifier.value) if identifier.type is IdentifierType.INDIVIDUAL else identifier.value


def mask_accounts(text: str) -> str:
    """The text with every account in it masked: words of IBAN shape and of their country's length whose check digits hold."""
    return _IBAN_WORDS.sub(lambda match: _mask_words(match[0], _is_iban), text)


def mask_mistyped_accounts(text: str) -> str:
    """The same, whatever the check digits: for a stretch of a document, of which nobody knows what its words are."""
    return _IBAN_WORDS.sub(lambda match: _mask_words(match[0], _may_be_iban), text)


def _mask_words(words: str, is_account: Callable[[str], bool]) -> str:
    """Groups of letters and digits, masked up to the last one that completes an account; what follows is other words."""
    ends = [separator.start() for separator in _SEPARATORS.finditer(words)]
    for end in (len(words), *reversed(ends)):
        if end >= _SHORTEST_IBAN and is_account(_SEPARATORS.sub("", words[:end]).upper()):
            return mask_account(words[:end]) + words[end:]
    return words


def _is_iban(compact: str) -> bool:
    """True where the check digits hold, of an account as long as its country's are; of any length where no registry tells."""
    if LENGTHS.get(compact[:2], len(compact)) != len(compact):
        return False
    return int("".join(str(int(character, 36)) for character in compact[4:] + compact[:4])) % 97 == 1


def _may_be_iban(compact: str) -> bool:
    return LENGTHS.get(compact[:2]) == len(compact) or _is_iban(compact)
