"""The seller's agent where an invoice waits for its word (cadres S3, S6): known to the sheets of structures.

Told to recipient and operators only: which structures the sheets hold is not the sender's to know. The norm calls this
rule one that cannot be checked automatically; our sheets may lack an agent that Chorus Pro knows. Source: BR-FR-CPRO-22.
"""

from collections.abc import Iterator

from flux.model.finding import Observation
from flux.model.interface import Family
from flux.model.invoice import Invoice
from flux.model.register import IdentifierType, StructureId
from flux.model.term import text_of
from flux.rules.context import RuleContext
from flux.rules.cpro.agents import AGENT_CADRES
from flux.rules.cpro.schemes import SIRET
from flux.rules.quote import quote
from flux.rules.siret import has_siret_form

OFFICIAL = "BR-FR-CPRO-22"


def find_agent(invoice: Invoice) -> StructureId | None:
    """The agent to look up, None where the cadre asks for none or the invoice gives no SIRET of it."""
    if text_of(invoice.cadre) not in AGENT_CADRES:
        return None
    sirets = (
        term.text.strip() for agent in invoice.seller_agents for term in agent.identifiers if term.qualifier == SIRET
    )
    return next((StructureId(IdentifierType.SIRET, text) for text in sirets if has_siret_form(text)), None)


def check(invoice: Invoice, context: RuleContext) -> Iterator[Observation]:
    """BR-FR-CPRO-22 where the sheets do not know the agent."""
    if context.register is None or context.family is Family.LEGACY or context.register.agent is not None:
        return
    agent = find_agent(invoice)
    if agent is not None:
        place = ("seller_agents", 0)
        yield Observation(code=OFFICIAL, term="EXT-FR-FE-69", place=place, found=quote(agent.value))
