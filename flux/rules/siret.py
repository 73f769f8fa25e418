"""SIRET: the fourteen digits of an establishment, its company's SIREN and five digits of its own; INSEE gives it.

Both the fourteen digits and the SIREN bear a Luhn key, except at La Poste, whose establishments have a digit sum that is
a multiple of five. Sources: INSEE; BR-FR-09 demands fourteen digits that start with the party's SIREN. No official rule
checks the key: that check is ours.

    >>> has_siret_key("73282932000074"), has_siret_key("73282932000075")
    (True, False)
    >>> has_siret_key("35600000009075")  # La Poste
    True
"""

from collections.abc import Iterator, Mapping

from stdnum.fr import siret

from flux.rules.party import Claim, PartyFault, PartyIdentifiers, is_digits
from flux.rules.siren import has_siren_form

LENGTH = 14
# Nobody's SIRET, although its key is right.
ZEROS = "0" * LENGTH


def has_siret_form(text: str) -> bool:
    """True for fourteen digits and nothing else."""
    return is_digits(text, LENGTH)


def has_siret_key(digits: str) -> bool:
    """True where the keys of fourteen digits are right, La Poste's included."""
    return bool(siret.is_valid(digits))


def judge_sirets(party: PartyIdentifiers) -> Iterator[PartyFault]:
    """Form, zeros or key of each SIRET of a party, and its agreement with the SIREN beside it."""
    sirens = dict.fromkeys(claim.text for claim in party.sirens() if has_siren_form(claim.text))
    for claim in party.sirets():
        if not has_siret_form(claim.text):
            yield PartyFault(code="SIRET_FORM", claim=claim, expected=_without_spaces(claim), official="BR-FR-09")
        elif claim.text == ZEROS:
            yield PartyFault(code="SIRET_ZEROS", claim=claim)
        else:
            yield from _judge_digits(claim, sirens)


def _judge_digits(claim: Claim, sirens: Mapping[str, None]) -> Iterator[PartyFault]:
    if not has_siret_key(claim.text):
        yield PartyFault(code="SIRET_CHECKSUM", claim=claim)
    if sirens and claim.text[:9] not in sirens:
        yield PartyFault(code="SIRET_SIREN", claim=claim, expected=next(iter(sirens)), official="BR-FR-09")


def _without_spaces(claim: Claim) -> str | None:
    """The SIRET that is meant, where spaces are all that is wrong."""
    compact = "".join(claim.text.split())
    return compact if has_siret_form(compact) else None
