"""SIREN: the nine digits that INSEE gives a company once and for all; the last one is a Luhn key.

Sources: INSEE, Système d'identification du répertoire des entreprises; BR-FR-10 and BR-FR-32 demand nine digits. No
official rule checks the key: that check is ours.

    >>> has_siren_key("552008443"), has_siren_key("552008442")
    (True, False)
"""

from collections.abc import Iterator

from stdnum.fr import siren

from flux.rules.party import Claim, PartyFault, PartyIdentifiers, is_digits

LENGTH = 9
SIRET_LENGTH = 14


def has_siren_form(text: str) -> bool:
    """True for nine digits and nothing else."""
    return is_digits(text, LENGTH)


def has_siren_key(digits: str) -> bool:
    """True where the Luhn key of nine digits is right."""
    return bool(siren.is_valid(digits))


def judge_sirens(party: PartyIdentifiers) -> Iterator[PartyFault]:
    """SIREN_FORM, SIRET_AS_SIREN or SIREN_CHECKSUM for each SIREN of a party."""
    for claim in party.sirens():
        if is_digits(claim.text, SIRET_LENGTH):
            yield PartyFault(code="SIRET_AS_SIREN", claim=claim, expected=claim.text[:LENGTH], official="BR-FR-32")
        elif not has_siren_form(claim.text):
            yield PartyFault(code="SIREN_FORM", claim=claim, expected=_without_spaces(claim), official="BR-FR-32")
        elif not has_siren_key(claim.text):
            yield PartyFault(code="SIREN_CHECKSUM", claim=claim)


def _without_spaces(claim: Claim) -> str | None:
    """The SIREN that is meant, where spaces are all that is wrong."""
    compact = "".join(claim.text.split())
    return compact if has_siren_form(compact) else None
