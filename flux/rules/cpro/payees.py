"""Who is paid in the seller's place: a SIREN with its SIRET, or an identifier of a foreign structure (BR-FR-CPRO-17)."""

from flux.model.invoice import Party
from flux.rules.cpro.schemes import FOREIGN, SIREN, SIRET, find, under
from flux.rules.quote import quote
from flux.rules.rule import AnyRule, Hit, Matter, Rule

_SIREN_DIGITS = 9


def judge_identity(party: Party) -> Hit | None:
    """How a party breaks the rule that payees and agents share, None where it keeps it."""
    siren = find(party.legal_identifiers, SIREN)
    if not siren:
        return None if under(party.identifiers, FOREIGN) else Hit()
    sirets = [text for term in party.identifiers if term.qualifier == SIRET and (text := term.text.strip())]
    if any(siret[:_SIREN_DIGITS] == siren for siret in sirets):
        return None
    return Hit(found=quote(sirets[0]) if sirets else None, expected=f"{quote(siren)}…")


def _payee(payee: Party, matter: Matter) -> Hit | None:  # noqa: ARG001 - the shape of every check
    return judge_identity(payee)


RULES: tuple[AnyRule, ...] = (Rule(code="BR-FR-CPRO-17", check=_payee, on="payees", term="BT-60"),)
