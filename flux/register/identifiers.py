"""Identifiers of structures as files write them. Source: Chorus Pro, TypeIdentifiant; formats of the reform's schemes.

>>> parse_identifier(IdentifierType.SIRET, "732 829 320 00074").value
'73282932000074'
>>> parse_identifier(IdentifierType.SIRET, "7328293200007") is None
True
"""

import re
from decimal import Decimal

from flux.model.register import IdentifierType, StructureId

SIRET_LENGTH = 14
# Nobody's SIRET has more zeros before it: a SIREN of a few digits would be none.
_MOST_ZEROS_LOST = 6
# A spreadsheet shows 6 digits before it writes E+13; a program that writes all of them leaves out zeros at the end only.
_DIGITS_KEPT = 9

# What Chorus Pro and people call them, beside the numbers of TypeIdentifiant.
TYPES = {
    **{kind.value: kind for kind in IdentifierType},
    **{kind.name.lower(): kind for kind in IdentifierType},
    "ue_hors_france": IdentifierType.EU_VAT,
    "hors_ue": IdentifierType.OUTSIDE_EU,
    "particulier": IdentifierType.INDIVIDUAL,
    "en_cours_d_immatriculation": IdentifierType.OTHER,
    "autre": IdentifierType.OTHER,
}

EXPECTED = {
    IdentifierType.SIRET: "14 digits",
    IdentifierType.EU_VAT: "a VAT number of 4 to 18 characters, its country first",
    IdentifierType.OUTSIDE_EU: "the country and the first 16 characters of the name, 18 at most",
    IdentifierType.RIDET: "9 or 10 digits",
    IdentifierType.TAHITI: "9 or 10 letters and digits",
    IdentifierType.OTHER: "1 to 80 characters",
    IdentifierType.INDIVIDUAL: "10 digits of sex, birth and birthplace, then surname and first name",
}

_FORMS = {
    IdentifierType.SIRET: r"[0-9]{14}",
    IdentifierType.EU_VAT: r"[A-Z]{2}[0-9A-Z+*]{2,16}",
    IdentifierType.OUTSIDE_EU: r"[A-Z]{2}\S{1,16}",
    IdentifierType.RIDET: r"[0-9]{9,10}",
    IdentifierType.TAHITI: r"[0-9A-Z]{9,10}",
    IdentifierType.OTHER: r"\S{1,80}",
    IdentifierType.INDIVIDUAL: r"[0-9]{10}\D{1,70}",
}
_COMPILED = {kind: re.compile(form) for kind, form in _FORMS.items()}
_NUMBER = re.compile(r"[0-9]+([.,]0+)?|[0-9]([.,][0-9]+)?E\+?[0-9]{1,2}", re.IGNORECASE)


def parse_type(text: str) -> IdentifierType | None:
    """The kind of identifier that a word names; an empty one is SIRET."""
    word = re.sub(r"[\s'-]+", "_", text.strip().lower())
    return TYPES.get(word) if word else IdentifierType.SIRET


def parse_identifier(kind: IdentifierType, text: str) -> StructureId | None:
    """The identifier in capitals without spaces, None where its form is not that of its kind."""
    compact = "".join(text.split()).upper()
    return StructureId(kind, compact) if _COMPILED[kind].fullmatch(compact) else None


def restore_siret(text: str) -> str | None:
    """The 14 digits of a SIRET that a spreadsheet keeps as a number: the zeros before it come back.

    None where digits are lost, as in 1.30025E+13, or where there are too few.

    >>> restore_siret("2130123456789"), restore_siret("2,130123456789E+12"), restore_siret("2.13E+12")
    ('02130123456789', '02130123456789', None)
    """
    compact = "".join(text.split())
    if not _NUMBER.fullmatch(compact):
        return None
    number = Decimal(compact.upper().replace(",", "."))
    digits = f"{number:f}".partition(".")[0]
    if "E" in compact.upper() and len(number.as_tuple().digits) < _DIGITS_KEPT:
        return None
    is_whole = number == number.to_integral_value()
    if not is_whole or not SIRET_LENGTH - _MOST_ZEROS_LOST <= len(digits) <= SIRET_LENGTH:
        return None
    return digits.zfill(SIRET_LENGTH)
