"""An objection of a schema as people read it: what, where, found, expected, and a sentence in French and in English."""

from collections.abc import Mapping
from typing import NamedTuple

from lxml import etree

from flux.formats.tree import Element
from flux.model.masking import mask_account, mask_accounts

# A reader is helped by the start of a value.
SHOWN_CHARACTERS = 120


class TypeWords(NamedTuple):
    """How a value of a type is written, and what it is, after "n'est pas" and after "is not"."""

    example: str
    french: str
    english: str


# XML Schema types by local name.
TYPES: Mapping[str, TypeWords] = {
    "decimal": TypeWords("1234.56", "un nombre ; point attendu", "a number; a decimal point is expected"),
    "integer": TypeWords("1234", "un nombre entier", "a whole number"),
    "nonNegativeInteger": TypeWords("1234", "un nombre entier positif ou nul", "a whole number, zero or more"),
    "positiveInteger": TypeWords("1234", "un nombre entier positif", "a whole number above zero"),
    "date": TypeWords("YYYY-MM-DD", "une date ; AAAA-MM-JJ attendu", "a date; YYYY-MM-DD is expected"),
    "dateTime": TypeWords(
        "YYYY-MM-DDThh:mm:ss",
        "une date et heure ; AAAA-MM-JJThh:mm:ss attendu",
        "a date and time; YYYY-MM-DDThh:mm:ss is expected",
    ),
    "time": TypeWords("hh:mm:ss", "une heure ; hh:mm:ss attendu", "a time; hh:mm:ss is expected"),
    "boolean": TypeWords(
        "true, false", "un indicateur ; true ou false attendu", "an indicator; true or false is expected"
    ),
    "base64Binary": TypeWords("base64", "un contenu en base64", "base64 content"),
}

# Kinds whose `found` is what the document holds, not a name.
_ABOUT_VALUES = ("type", "enumeration", "length", "pattern", "other")


# What xmlschema says where no kind fits.
_WORDS_OF_XMLSCHEMA = {
    "character data between child elements not allowed": ("texte entre les éléments", "text between the elements"),
    "a simple content element can't have child elements": (
        "éléments dans un contenu simple",
        "elements inside simple content",
    ),
}

# French and English by kind; those of a type are in its own words.
_SENTENCES = {
    "enumeration": ("« {found} » n'est pas dans la liste : {expected}", "“{found}” is not in the list: {expected}"),
    "length": ("« {found} » : longueur attendue {expected}", "“{found}”: expected length {expected}"),
    "pattern": ("« {found} » n'a pas la forme {expected}", "“{found}” is not of the form {expected}"),
    "unexpected_element": (
        "{found} n'a pas sa place ici ; attendu : {expected}",
        "{found} does not belong here; expected: {expected}",
    ),
    "missing_element": ("il manque {expected} dans {found}", "{expected} is missing in {found}"),
    "missing_one_of": (
        "il manque dans {found} l'un de : {expected}",
        "{found} lacks one of: {expected}",
    ),
    "attribute_missing": ("il manque l'attribut {subject} de {found}", "attribute {subject} of {found} is missing"),
    "attribute_unknown": (
        "l'attribut {subject} n'est pas admis dans {found}",
        "attribute {subject} is not allowed in {found}",
    ),
    "other": ("contenu refusé par le schéma ({subject})", "content refused by the schema ({subject})"),
}


class Fault(NamedTuple):
    """One objection of a schema.

    `kind` is one of type, enumeration, length, pattern, unexpected_element, missing_element, attribute_missing,
    attribute_unknown, other. `found` is the value, or the name of what stands there; `missing` the tag of the child
    that is not there. `subject` is the type, the attribute, or the words of the validator, as the kind asks.
    """

    kind: str
    element: Element
    line: int | None
    found: str | None = None
    expected: str | None = None
    missing: str | None = None
    subject: str = ""

    @property
    def name(self) -> str:
        """The local name of the element that the fault is about."""
        return etree.QName(self.missing or self.element).localname

    def masked(self) -> "Fault":
        """The same of an element that names an account: its value is shown in part, the validator's words not at all."""
        if self.kind not in _ABOUT_VALUES:
            return self
        return self._replace(
            found=mask_account(self.found or ""), subject="…" if self.kind == "other" else self.subject
        )


def sentences(fault: Fault) -> tuple[str, str]:
    """The fault in French and in English."""
    subject_fr, subject_en = _WORDS_OF_XMLSCHEMA.get(fault.subject, (fault.subject, fault.subject))
    if fault.kind == "type":
        words = TYPES.get(fault.subject) or TypeWords("", "du type attendu", "of the expected type")
        return f"« {fault.found} » n'est pas {words.french}", f"“{fault.found}” is not {words.english}"
    is_choice = fault.kind == "missing_element" and ", " in (fault.expected or "")
    french, english = _SENTENCES["missing_one_of" if is_choice else fault.kind]
    if fault.kind == "unexpected_element" and not fault.expected:
        french, english = french.partition(" ; ")[0], english.partition("; ")[0]
    found, expected = fault.found, fault.expected
    return (
        french.format(found=found, expected=expected, subject=subject_fr),
        english.format(found=found, expected=expected, subject=subject_en),
    )


def shorten(text: str) -> str:
    """The start of a long value; accounts are masked before it is cut, for half of one is no longer found."""
    if len(text) <= SHOWN_CHARACTERS:
        return text
    return mask_accounts(text[: 2 * SHOWN_CHARACTERS])[: SHOWN_CHARACTERS - 1] + "…"
