"""The seller's agent, and the blocks that the public sector does not read (BR-FR-CPRO-16, -18, -21, -28).

The text of 18 swaps the agent's two identifiers between its halves: it is read as that of payees. That the agent is known
to Chorus Pro (22), the register layer asks.
"""

from flux.model.finding import Severity
from flux.model.invoice import Invoice, Party
from flux.model.term import text_of
from flux.rules.cpro.payees import judge_identity
from flux.rules.cpro.schemes import SIREN, SIRET, find
from flux.rules.rule import BROKEN, Answer, AnyRule, Hit, Matter, Rule

# Subcontractor and co-contractor: the agent speaks before the entity sees the invoice.
AGENT_CADRES = frozenset({"S3", "S6"})


def _unread(party: Party, matter: Matter) -> Answer:  # noqa: ARG001 - the shape of every check
    return BROKEN


def _identified(agent: Party, matter: Matter) -> Answer:  # noqa: ARG001 - the shape of every check
    return judge_identity(agent)


def _named(invoice: Invoice, matter: Matter) -> Answer:  # noqa: ARG001 - the shape of every check
    cadre = text_of(invoice.cadre)
    if cadre not in AGENT_CADRES or any(map(_has_both, invoice.seller_agents)):
        return None
    return Hit(found=cadre, place=("seller_agents", 0) if invoice.seller_agents else ("sellers", 0))


def _has_both(agent: Party) -> bool:
    return bool(find(agent.legal_identifiers, SIREN) and find(agent.identifiers, SIRET))


def _one_contact(agent: Party, matter: Matter) -> Answer:  # noqa: ARG001 - the shape of every check
    return None if len(agent.contacts) <= 1 else Hit(found=str(len(agent.contacts)), place=("contacts", 1))


RULES: tuple[AnyRule, ...] = (
    Rule(code="BR-FR-CPRO-16", check=_unread, on="invoicees", term="EXT-FR-FE-92", severity=Severity.INFO),
    Rule(code="BR-FR-CPRO-16", check=_unread, on="buyer_agents", term="EXT-FR-FE-06", severity=Severity.INFO),
    Rule(code="BR-FR-CPRO-18", check=_identified, on="seller_agents", term="EXT-FR-FE-69"),
    Rule(code="BR-FR-CPRO-21", check=_named, term="EXT-FR-FE-69"),
    Rule(code="BR-FR-CPRO-28", check=_one_contact, on="seller_agents", term="EXT-FR-FE-85"),
)
