"""Tells at next to no cost that no rule bound to UBL can fire: what nearly every good invoice lets it say.

The reading of the model has seen every element already (`Invoice.strangers`) and most attributes (the qualifiers of terms); one
XPath counts all attributes and looks at what the model does not keep. Where it is not sure it says no, and
`flux.formats.ubl_rules` looks at everything.
"""

from functools import cache

from lxml import etree

from flux.formats.tree import Element
from flux.formats.ubl_names import NAMESPACES
from flux.model.invoice import Invoice, Party
from flux.model.term import Term

# Attributes that no rule minds where they stand, and that qualify no term or share the qualifier of one with others.
_KNOWN_ATTRIBUTES = (
    "{parties}/cac:PartyIdentification/cbc:ID/@schemeID",
    "{parties}/cac:PartyLegalEntity/cbc:CompanyID/@schemeID",
    "cac:PaymentMeans/cbc:PaymentMeansCode/@name",
    "cac:AdditionalDocumentReference/cac:Attachment/cbc:EmbeddedDocumentBinaryObject/@mimeCode",
    "cac:AdditionalDocumentReference/cac:Attachment/cbc:EmbeddedDocumentBinaryObject/@filename",
)
_FRENCH_EXTENSION = "extended-ctc-fr"
_PARTIES = "(cac:AccountingSupplierParty | cac:AccountingCustomerParty)/cac:Party"
_COUNT_OF_KNOWN = " + ".join(f"count({path.format(parties=_PARTIES)})" for path in _KNOWN_ATTRIBUTES)

# What the model does not tell. The root's attributes in a namespace, such as xsi:schemaLocation, are no one's business.
_ODD = (
    "@*[namespace-uri() = '']"
    " or cbc:UBLVersionID != '2.1'"
    " or cac:BillingReference[not(cac:InvoiceDocumentReference/cbc:ID) or cac:InvoiceDocumentReference[2]]"
    " or cac:AdditionalDocumentReference[not(normalize-space(cbc:ID))]"
    " or cac:AdditionalDocumentReference/cbc:DocumentTypeCode[. != '130' or ../cac:Attachment or ../cbc:DocumentDescription]"
    f" or {_PARTIES}/cac:PartyTaxScheme[not(cac:TaxScheme/cbc:ID and cbc:CompanyID)]"
    " or cac:AccountingSupplierParty/cac:Party[cac:PartyTaxScheme[3] or cac:PartyTaxScheme[cac:TaxScheme/cbc:ID != 'VAT'][2]]"
)
# The number of attributes that are left for the model to know; far below nothing where something is odd.
_UNKNOWN = f"count(descendant::*/@*) - ({_COUNT_OF_KNOWN}) - 1000000000 * ({_ODD})"


def is_plain(root: Element, invoice: Invoice, ruleset: str) -> bool:
    """True where no rule of a set that is bound to UBL can fire; false says nothing."""
    if invoice.strangers or _is_odd(invoice):
        return False
    # The French extension gives the buyer an identifier and a routing address (UBL-SR-16 of the norm allows one).
    if len(invoice.buyer.identifiers) > 1 and ruleset != _FRENCH_EXTENSION:
        return False
    amounts = _amounts(invoice)
    if any("." in amount[0][:-3] for amount in amounts):
        return False
    qualifiers = [term[1] for term in (*amounts, *_other_terms(invoice))]
    return bool(len(qualifiers) - qualifiers.count(None) == _count_unknown()(root))


@cache
def _count_unknown() -> etree.XPath:
    return etree.XPath(_UNKNOWN, namespaces=NAMESPACES)


def _is_odd(invoice: Invoice) -> bool:
    """True where a group is repeated or lacking in a way that a rule looks at."""
    alone = (invoice.sellers, invoice.buyers, invoice.deliveries, invoice.periods, invoice.payment_means)
    return (
        max(map(len, alone)) > 1
        or any(len(line.tax_categories) != 1 or line.periods[1:] for line in invoice.lines)
        or any(not len(file.content) == len(file.mime_code) == len(file.filename) for file in invoice.attachments)
        or _names_creditor(invoice.seller)
        or _names_creditor(invoice.buyer)
    )


def _names_creditor(party: Party) -> bool:
    """True where an identifier may be that of a creditor (BT-90)."""
    return any(term[1] is not None and term[1].upper() == "SEPA" for term in party.identifiers)


def _amounts(invoice: Invoice) -> list[Term]:
    """Every amount that may have two decimals only."""
    terms: list[Term] = []
    for line in invoice.lines:
        terms += line.net_amount
        for group in line.allowance_charges:
            terms += (*group.amount, *group.base_amount)
    for group in invoice.allowance_charges:
        terms += (*group.amount, *group.base_amount)
    for total in invoice.tax_totals:
        terms += total.amount
        for breakdown in total.breakdown:
            terms += (*breakdown.base, *breakdown.tax)
    for totals in invoice.totals:
        terms += (*totals.lines, *totals.allowances, *totals.charges, *totals.without_vat, *totals.with_vat)
        terms += (*totals.paid, *totals.rounding, *totals.due)
    return terms


def _other_terms(invoice: Invoice) -> list[Term]:
    """Every other term that one attribute alone qualifies."""
    terms: list[Term] = [*invoice.invoiced_object]
    for party in (*invoice.sellers, *invoice.buyers):
        terms += party.electronic_addresses
    for delivery in invoice.deliveries:
        terms += delivery.location
    for line in invoice.lines:
        terms += line.quantity
        terms += line.net_price
        terms += line.base_quantity
        terms += line.standard_item
        terms += line.item_classifications
        if line.price_discount:
            terms += (*line.price_discount, *line.gross_price)
    return terms
