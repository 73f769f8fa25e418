"""Identifiers that Chorus demands: some identifier of the supplier, the SIRET of the public recipient.

Source: Chorus Pro specification. In the AFNOR family official rules say the same (BR-CO-26, BR-FR-10, BR-FR-CPRO-10), and
the table of codes leaves it to them.
"""

from collections.abc import Iterator

from flux.model.finding import Observation
from flux.model.invoice import Invoice, Party
from flux.rules.context import RuleContext
from flux.rules.country import is_french
from flux.rules.party import claims_siret, country_of
from flux.rules.quote import quote


def check(invoice: Invoice, context: RuleContext) -> Iterator[Observation]:  # noqa: ARG001 - the shape of every check
    """SUPPLIER_ID_MISSING and SIRET_MISSING."""
    if _find_identifier(invoice.seller) is None:
        yield Observation(code="SUPPLIER_ID_MISSING", term="BT-29", place=("sellers", 0) if invoice.sellers else ())
    buyer = invoice.buyer
    french = is_french(country_of(buyer))
    if not any(claims_siret(term, is_french=french) for term in buyer.identifiers + buyer.legal_identifiers):
        found = _find_identifier(buyer)
        yield Observation(
            code="SIRET_MISSING", term="BT-46", place=("buyers", 0) if invoice.buyers else (), found=found
        )


def _find_identifier(party: Party) -> str | None:
    """Any identifier of a party, None where it bears none."""
    for terms in (party.identifiers, party.legal_identifiers, party.vat_identifiers, party.tax_registrations):
        for term in terms:
            if text := term.text.strip():
                return quote(text)
    return None
