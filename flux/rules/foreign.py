"""Identifiers of suppliers without a SIRET: EU VAT number, outside the Union, RIDET, Tahiti, a person.

Only their length and the digits of a person's are known; whether they exist only the structure sheet says. Sources:
BR-FR-CPRO-04 to -08, where two statements of the norm differ the wider one is taken; Chorus Pro, TypeIdentifiant.

    >>> has_form(IdentifierType.RIDET, "0123456789"), has_form(IdentifierType.TAHITI, "12345")
    (True, False)
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from flux.model.finding import Observation
from flux.model.interface import Family
from flux.model.invoice import Invoice
from flux.model.register import IdentifierType
from flux.model.term import Term
from flux.rules.context import RuleContext
from flux.rules.numbers import XML_SPACE
from flux.rules.quote import quote
from flux.rules.structure_id import KINDS


class _Form(NamedTuple):
    """How an identifier is written, how many characters it has, and the official rule that says so."""

    pattern: re.Pattern[str]
    characters: str
    official: str


_FORMS: Mapping[IdentifierType, _Form] = {
    IdentifierType.EU_VAT: _Form(re.compile(r".{1,18}"), "1-18", "BR-FR-CPRO-04"),
    IdentifierType.OUTSIDE_EU: _Form(re.compile(r".{1,18}"), "1-18", "BR-FR-CPRO-05"),
    IdentifierType.RIDET: _Form(re.compile(r".{9,10}"), "9-10", "BR-FR-CPRO-06"),
    IdentifierType.TAHITI: _Form(re.compile(r".{9,10}"), "9-10", "BR-FR-CPRO-07"),
    IdentifierType.INDIVIDUAL: _Form(re.compile(r"[0-9]{10}.{0,70}"), "10-80", "BR-FR-CPRO-08"),
}


def has_form(kind: IdentifierType, text: str) -> bool:
    """True where the identifier is written as its kind says; kinds without a form of their own have any."""
    form = _FORMS.get(kind)
    return form is None or form.pattern.fullmatch(text) is not None


def check(invoice: Invoice, context: RuleContext) -> Iterator[Observation]:
    """SUPPLIER_ID_FORM for each identifier of a seller that is not as long as its kind says."""
    for occurrence, party in enumerate(invoice.sellers):
        for field, term_name in (("identifiers", "BT-29"), ("legal_identifiers", "BT-30")):
            terms = party.identifiers if field == "identifiers" else party.legal_identifiers
            for position, term in enumerate(terms):
                form = _broken_form(term)
                if form is not None:
                    yield Observation(
                        code="SUPPLIER_ID_FORM",
                        term=term_name,
                        place=("sellers", occurrence, field, position),
                        found=_shown(term),
                        expected=form.characters,
                        detail=form.official if context.family is Family.AFNOR else None,
                    )


def _broken_form(term: Term) -> _Form | None:
    kind = KINDS.get(term.qualifier or "")
    text = term.text.strip(XML_SPACE)
    return _FORMS.get(kind) if kind is not None and text and not has_form(kind, text) else None


def _shown(term: Term) -> str:
    """What was written; of a person its first character, for the rest tells where and when it was born."""
    text = term.text.strip(XML_SPACE)
    return f"{text[:1]}…" if KINDS.get(term.qualifier or "") is IdentifierType.INDIVIDUAL else quote(text)
