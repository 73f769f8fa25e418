"""Code service: which service of the recipient the invoice is for; the recipient gives it.

Up to 100 characters. The reform puts it into the buyer's identifiers under scheme 0224; legacy Chorus UBL into the
identifier of the buyer's contact, legacy Chorus CII into the buyer reference. Sources: BR-FR-CPRO-11, Chorus Pro
specification.
"""

from flux.model.interface import LEGACY_CADRES
from flux.model.invoice import Invoice
from flux.model.term import text_of

ROUTING_SCHEME = "0224"


def find_code_service(invoice: Invoice) -> str:
    """The code service without outer white space, empty where the invoice gives none."""
    buyer = invoice.buyer
    for identifier in buyer.identifiers:
        if identifier.qualifier == ROUTING_SCHEME:
            return identifier.text.strip()
    if buyer.contacts and buyer.contacts[0].identifier:
        return text_of(buyer.contacts[0].identifier)
    # Elsewhere BT-10 is any reference of the buyer's.
    return text_of(invoice.buyer_reference) if text_of(invoice.cadre) in LEGACY_CADRES else ""
