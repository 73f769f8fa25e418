"""French VAT number: FR, a key of two characters, and the SIREN; the tax office gives it.

The key is numeric in the old style, with letters (no I, no O) in the new one. Monaco's numbers look alike and hold no
SIREN: 000 stands in its place. A number that is not built on the party's SIREN may be that of its VAT group or of its
representative: it is told, never refused. Source: Code général des impôts, article 286 ter.

    >>> has_vat_key("FR40303265045"), has_vat_key("FR84323140391")
    (True, False)
"""

from collections.abc import Iterator, Mapping

from stdnum.fr import tva

from flux.rules.numbers import XML_SPACE
from flux.rules.party import Claim, PartyFault, PartyIdentifiers
from flux.rules.siren import has_siren_form
from flux.rules.siret import ZEROS, has_siret_form

_PREFIX = "FR"
# Stands in a number of Monaco where the SIREN would.
_MONACO = "000"


def has_vat_key(number: str) -> bool:
    """True where form and key of a French VAT number are right; spaces, dots and hyphens are passed over."""
    return bool(tva.is_valid(number))


def siren_of_vat(number: str) -> str | None:
    """The SIREN that a valid French VAT number is built on, None for a number of Monaco."""
    digits = str(tva.compact(number))[2:]
    return None if digits.startswith(_MONACO) else digits


def judge_vat_numbers(party: PartyIdentifiers) -> Iterator[PartyFault]:
    """VAT_CHECKSUM, else VAT_SIREN, for each French VAT number of a party."""
    known = _known_sirens(party)
    for position, term in enumerate(party.vat_identifiers):
        claim = Claim(text=term.text.strip(XML_SPACE), field="vat_identifiers", position=position)
        if not claim.text.upper().startswith(_PREFIX):
            continue
        if not has_vat_key(claim.text):
            yield PartyFault(code="VAT_CHECKSUM", claim=claim)
        else:
            yield from _judge_siren(claim, known)


def _judge_siren(claim: Claim, known: Mapping[str, None]) -> Iterator[PartyFault]:
    siren = siren_of_vat(claim.text)
    if siren and known and siren not in known:
        yield PartyFault(code="VAT_SIREN", claim=claim, expected=next(iter(known)))


def _known_sirens(party: PartyIdentifiers) -> Mapping[str, None]:
    """The SIREN that a party gives itself, or that its SIRET starts with."""
    sirens = [claim.text for claim in party.sirens() if has_siren_form(claim.text)]
    sirets = [claim.text for claim in party.sirets() if has_siret_form(claim.text) and claim.text != ZEROS]
    return dict.fromkeys((*sirens, *(siret[:9] for siret in sirets)))
