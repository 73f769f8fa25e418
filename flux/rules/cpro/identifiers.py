"""Who sells and who buys: identifiers that Chorus Pro knows (BR-FR-CPRO-03 to -10).

The text of 04 and 05 says "less than 18 characters", the table of formats 18: 18 warns, what is longer refuses. That a
SIRET exists and is active (second half of 09), the register layer asks.
"""

from collections.abc import Callable, Mapping

from flux.model.finding import Severity
from flux.model.invoice import Invoice, Party
from flux.model.term import Term
from flux.rules.cpro.schemes import (
    EU_VAT,
    INDIVIDUAL,
    OUTSIDE_EU,
    RIDET,
    SIREN,
    SIRET,
    STRUCTURES,
    TAHITI,
    find,
    under,
)
from flux.rules.quote import quote
from flux.rules.rule import BROKEN, AnyRule, Hit, Matter, Rule

# What the text of 04 and 05 refuses and the table of formats admits.
CONTESTED_CHARACTERS = 18
_NEW_CALEDONIA_CHARACTERS = (9, 10)
_INDIVIDUAL_DIGITS = 10
_INDIVIDUAL_CHARACTERS = 80
_SIRETS = frozenset({SIRET})


def _known(seller: Party, matter: Matter) -> Hit | None:  # noqa: ARG001 - the shape of every check
    return None if under(seller.identifiers, STRUCTURES) else BROKEN


def _siret_of_siren(seller: Party, matter: Matter) -> Hit | None:  # noqa: ARG001 - the shape of every check
    siren = find(seller.legal_identifiers, SIREN)
    return Hit(found=quote(siren)) if siren and not under(seller.identifiers, _SIRETS) else None


def _buyer_siret(invoice: Invoice, matter: Matter) -> Hit | None:  # noqa: ARG001 - the shape of every check
    if any(under(buyer.identifiers, _SIRETS) for buyer in invoice.buyers):
        return None
    return Hit(place=("buyers", 0) if invoice.buyers else ())


def _foreign(term: Term, matter: Matter) -> Hit | None:
    judge = _FORMS.get(term.qualifier or "")
    return judge(term.text.strip(), matter) if judge is not None else None


def _eu_vat(text: str, matter: Matter) -> Hit | None:
    return _contested("BR-FR-CPRO-04", text, matter) or _differs_from_vat(text, matter)


def _outside_eu(text: str, matter: Matter) -> Hit | None:
    return _contested("BR-FR-CPRO-05", text, matter)


def _contested(code: str, text: str, matter: Matter) -> Hit | None:
    if len(text) < CONTESTED_CHARACTERS:
        return None
    longest = matter.context.readings.foreign_id_characters
    return Hit(
        code=code,
        found=quote(text),
        severity=Severity.FATAL if len(text) > longest else Severity.WARNING,
        facts=(("length", str(len(text))), ("longest", str(CONTESTED_CHARACTERS - 1))),
    )


def _differs_from_vat(text: str, matter: Matter) -> Hit | None:
    numbers = [number for term in matter.invoice.seller.vat_identifiers if (number := term.text.strip())]
    if not numbers or text in numbers:
        return None
    return Hit(
        code="BR-FR-CPRO-04",
        found=quote(text),
        detail="BT-31",
        severity=Severity.WARNING,
        facts=(("vat", quote(numbers[0])),),
    )


def _ridet(text: str, matter: Matter) -> Hit | None:  # noqa: ARG001 - the shape of every check
    return _of_length("BR-FR-CPRO-06", text)


def _tahiti(text: str, matter: Matter) -> Hit | None:  # noqa: ARG001 - the shape of every check
    return _of_length("BR-FR-CPRO-07", text)


def _of_length(code: str, text: str) -> Hit | None:
    return None if len(text) in _NEW_CALEDONIA_CHARACTERS else Hit(code=code, found=quote(text))


def _individual(text: str, matter: Matter) -> Hit | None:  # noqa: ARG001 - the shape of every check
    start = text[:_INDIVIDUAL_DIGITS]
    is_good = len(start) == _INDIVIDUAL_DIGITS and start.isascii() and start.isdigit()
    if is_good and len(text) <= _INDIVIDUAL_CHARACTERS:
        return None
    # The rest tells where and when a person was born.
    return Hit(code="BR-FR-CPRO-08", found=f"{text[:1]}…")


_FORMS: Mapping[str, Callable[[str, Matter], Hit | None]] = {
    EU_VAT: _eu_vat,
    OUTSIDE_EU: _outside_eu,
    RIDET: _ridet,
    TAHITI: _tahiti,
    INDIVIDUAL: _individual,
}

RULES: tuple[AnyRule, ...] = (
    Rule(code="BR-FR-CPRO-03", check=_known, on="sellers", term="BT-29"),
    Rule(
        code="BR-FR-CPRO-04",
        check=_foreign,
        on="sellers.identifiers",
        term="BT-29",
        codes=tuple(f"BR-FR-CPRO-0{number}" for number in range(4, 9)),
    ),
    Rule(code="BR-FR-CPRO-09", check=_siret_of_siren, on="sellers", term="BT-29"),
    Rule(code="BR-FR-CPRO-10", check=_buyer_siret, term="BT-46"),
)
