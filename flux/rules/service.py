"""Code service: which service of the recipient the invoice is for; the recipient gives it.

Up to 100 characters. The reform puts it into the buyer's identifiers under scheme 0224; legacy Chorus UBL into the
identifier of the buyer's contact, legacy Chorus CII into the buyer reference. Sources: BR-FR-CPRO-11, Chorus Pro
specification.
"""

from typing import NamedTuple

from flux.model.finding import Place
from flux.model.interface import LEGACY_CADRES
from flux.model.invoice import Invoice
from flux.model.term import text_of

ROUTING_SCHEME = "0224"


class CodeService(NamedTuple):
    """A code service without outer white space, empty where the invoice gives none; the term and the place that hold it."""

    text: str
    term: str
    place: Place


def find_code_service(invoice: Invoice) -> str:
    """The code service without outer white space, empty where the invoice gives none."""
    return locate_code_service(invoice).text


def locate_code_service(invoice: Invoice) -> CodeService:
    """The code service and where it stands; where there is none, where it is missed."""
    buyer = invoice.buyer
    for position, identifier in enumerate(buyer.identifiers):
        if identifier.qualifier == ROUTING_SCHEME:
            return CodeService(identifier.text.strip(), "BT-46", ("buyers", 0, "identifiers", position))
    if buyer.contacts and buyer.contacts[0].identifier:
        contact = ("buyers", 0, "contacts", 0, "identifier", 0)
        return CodeService(text_of(buyer.contacts[0].identifier), "BG-9", contact)
    # Elsewhere BT-10 is any reference of the buyer's.
    if invoice.buyer_reference and text_of(invoice.cadre) in LEGACY_CADRES:
        return CodeService(text_of(invoice.buyer_reference), "BT-10", ("buyer_reference", 0))
    return CodeService("", "BT-46", ("buyers", 0) if invoice.buyers else ())
