"""Account numbers as people may see them: country and last four characters.

Never more than that leaves the vault: reports, logs and JSON are read by many, and a full IBAN is what change-of-account
fraud starts from.
"""

import re

from flux.model.register import IdentifierType, StructureId

_SEPARATORS = re.compile(r"[\s.-]+")
# Words that may be an IBAN, grouped by spaces or not; a flow name or a path is none.
_IBAN_WORDS = re.compile(r"(?<![\w/.-])[A-Za-z]{2}\d{2}(?:[ .-]?[A-Za-z0-9]){11,30}(?![\w/-])", re.ASCII)
_SHORTEST_SHOWN = 9
_SHORTEST_IBAN = 15  # Norway


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
    """The text with every account in it masked: words of IBAN shape whose check digits hold."""
    return _IBAN_WORDS.sub(_mask_words, text)


def _mask_words(match: re.Match[str]) -> str:
    """Groups of letters and digits, masked up to the last one that completes an IBAN; what follows is other words."""
    words = match[0]
    ends = [separator.start() for separator in _SEPARATORS.finditer(words)]
    for end in (len(words), *reversed(ends)):
        if end >= _SHORTEST_IBAN and _holds_mod_97(words[:end]):
            return mask_account(words[:end]) + words[end:]
    return words


def _holds_mod_97(word: str) -> bool:
    compact = _SEPARATORS.sub("", word).upper()
    return int("".join(str(int(character, 36)) for character in compact[4:] + compact[:4])) % 97 == 1
