"""Account numbers as people may see them: country and last four characters.

Never more than that leaves the vault: reports, logs and JSON are read by many, and a full IBAN is what change-of-account
fraud starts from.
"""

import re
import string
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from flux.model.register import IdentifierType, StructureId

# Signs that part the groups of an account: also hyphens that do not break, and signs that nobody sees, or what stands in their place.
_UNSEEN = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffd"
_SIGNS = f"./,:_\u2010-\u2012{_UNSEEN}-"
_SEPARATORS = re.compile(rf"[\s{_SIGNS}]+")
_WORDS = rf"[A-Za-z]{{2}}\d{{2}}(?:[ \t\r\n\u00a0\u2007\u2009\u202f{_SIGNS}]{{0,2}}[A-Za-z0-9]){{11,30}}"
# Words that may be an IBAN, in groups or not; a flow name is none, but for what its own label calls an account.
_IBAN_WORDS = re.compile(
    rf"(?<![A-Za-z0-9_-]){_WORDS}(?![A-Za-z0-9_-])"
    rf"|(?:(?<=(?i:IBAN))|(?<=(?i:IBAN[-_ ]))|(?<=(?i:RIB))|(?<=(?i:RIB[-_ ]))){_WORDS}(?![A-Za-z0-9])",
    re.ASCII,
)
# Signs that part other things more often than the groups of an account.
_COMMON_SIGNS = re.compile("[/,:_]")
_REFERENCE = re.compile(r"&#(?:x0*([0-9A-Fa-f]{1,6})|0*([0-9]{1,7}));")
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
    compact = _SEPARATORS.sub("", _to_ascii(number)).upper()
    if len(compact) < _SHORTEST_SHOWN:
        return "…"
    country = compact[:2] if compact[:2].isalpha() and compact[2:4].isdigit() else ""
    return f"{country}…{compact[-4:]}"


def mask_identifier(identifier: StructureId) -> str:
    """What identifies a structure; that of a person holds its birth and its names, and shows its last four characters."""
    return mask_account(identifier.value) if identifier.type is IdentifierType.INDIVIDUAL else identifier.value


def mask_accounts(text: str) -> str:
    """The text with every account in it masked: words of IBAN shape and of their country's length whose check digits hold."""
    return "".join(_mask_words(text, _is_iban))


def mask_mistyped_accounts(text: str) -> str:
    """The same, whatever the check digits: for a stretch of a document, of which nobody knows what its words are."""
    return "".join(_mask_words(text, _may_be_iban))


def _mask_words(text: str, is_account: Callable[[str], bool]) -> Iterator[str]:
    """The text in pieces; what follows an account, or a word that begins none, may begin another."""
    plain, places = _resolve(text)
    told = begin = 0
    while match := _IBAN_WORDS.search(plain, begin):
        begin = match.start() + 1
        length = _find_account(match[0], is_account)
        if length:
            yield text[places[told] : places[match.start()]]
            yield mask_account(match[0][:length])
            told = begin = match.start() + length
    yield text[places[told] :]


def _resolve(text: str) -> tuple[str, Sequence[int]]:
    """The text as a reader of XML, and a person, takes it; and the place of each of its characters in what was written."""
    if "&#" not in text:
        return _to_ascii(text), range(len(text) + 1)
    plain: list[str] = []
    places: list[int] = []
    end = 0
    for reference in _REFERENCE.finditer(text):
        plain += (text[end : reference.start()], _referred(reference))
        places += range(end, reference.start() + 1)
        end = reference.end()
    places += range(end, len(text) + 1)
    return _to_ascii("".join([*plain, text[end:]])), places


def _referred(reference: re.Match[str]) -> str:
    """One character, whatever the number."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    return chr(code) if code <= sys.maxunicode else "\ufffd"


def _to_ascii(text: str) -> str:
    return text if text.isascii() else text.translate(_LOOK_ALIKES)


# Letters and digits that are the ASCII one but for their width or their dress (NFKC): full-width, raised, circled, mathematical.
_LOOK_ALIKES = {
    code: plain
    for start, end in ((0xB2, 0xBA), (0x2070, 0x209D), (0x2460, 0x24EB), (0xFF10, 0xFF5B), (0x1D400, 0x1D800))
    for code in range(start, end)
    if len(plain := unicodedata.normalize("NFKC", chr(code))) == 1 and plain.isascii() and plain.isalnum()
}
_VALUES = {ord(sign): str(int(sign, 36)) for sign in string.ascii_uppercase}


def _find_account(words: str, is_account: Callable[[str], bool]) -> int:
    """How many characters of groups of letters and digits are an account, up to the last group that completes one."""
    wanted = LENGTHS.get(words[:2].upper())
    ends = [end for end in _ends_of_groups(words) if wanted in (None, end.size)]
    if not ends:
        return 0
    compact = _SEPARATORS.sub("", words).upper()
    for end in reversed(ends):
        if end.size < _SHORTEST_IBAN:
            break
        if is_account(compact[: end.size]) and _are_groups(words[: end.place], wanted):
            return end.place
    return 0


class _End(NamedTuple):
    """Where a group ends, and how many letters and digits stand up to there."""

    place: int
    size: int


def _ends_of_groups(words: str) -> Iterator[_End]:
    signs = 0
    for separator in _SEPARATORS.finditer(words):
        start, end = separator.span()
        yield _End(start, start - signs)
        signs += end - start
    yield _End(len(words), len(words) - signs)


def _are_groups(words: str, wanted: int | None) -> bool:
    """False for what is rather parted as numbers of invoices or lists are: check digits alone prove too little there."""
    signs = set(_COMMON_SIGNS.findall(words))
    return not signs or (wanted is not None and (signs == {"/"} or not words[4].isalnum()))


def _is_iban(compact: str) -> bool:
    """True where the check digits hold, of an account as long as its country's are; of any length where no registry tells."""
    if LENGTHS.get(compact[:2], len(compact)) != len(compact):
        return False
    return int((compact[4:] + compact[:4]).translate(_VALUES)) % 97 == 1


def _may_be_iban(compact: str) -> bool:
    return LENGTHS.get(compact[:2]) == len(compact) or _is_iban(compact)
