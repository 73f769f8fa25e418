"""What replies, routing, duplicates and people need of an invoice once its tree is gone."""

from flux.model.invoice import Invoice, Party
from flux.model.masking import mask_accounts
from flux.model.settlement import InvoiceKey
from flux.model.term import Term, Terms, first, text_of
from flux.model.verdict import InvoiceSummary, PartySummary
from flux.rules.country import is_french
from flux.rules.party import SIREN_SCHEME, claims_siren, claims_siret, country_of, is_digits
from flux.rules.quote import quote
from flux.rules.service import find_code_service
from flux.rules.siret import ZEROS

# A payment request by a subcontractor bears the number of the holder's invoice: it is outside the duplicates.
PAYMENT_REQUEST_CADRE = "S3"

_NO_TERM = Term("")


def summarise(invoice: Invoice, accounts: tuple[str, ...] = ()) -> InvoiceSummary:
    """The summary of an invoice, each text cut where it is endless; it never fails, whatever the document lacks.

    Accounts are masked wherever people write them but in the number, by which its sender knows the invoice.
    `accounts` are the keyed hashes of the accounts to be paid on.
    """
    issued = first(invoice.issue_date)
    return InvoiceSummary(
        number=_text(invoice.number),
        type_code=_text(invoice.type_code),
        issue_date=issued.date if issued else None,
        issue_date_text=_text(invoice.issue_date),
        cadre=_text(invoice.cadre),
        currency=_text(invoice.currency),
        total_due=_text(invoice.totals[0].due) if invoice.totals else "",
        supplier=_summarise_party(invoice.seller, _supplier_identifier(invoice.seller)),
        buyer=_summarise_party(invoice.buyer, _siret(invoice.buyer) or _NO_TERM),
        code_service=mask_accounts(quote(find_code_service(invoice))),
        numero_engagement=mask_accounts(_text(invoice.order)),
        accounts=accounts,
    )


def invoice_key(summary: InvoiceSummary) -> InvoiceKey | None:
    """What may exist once; None for a payment request, and where supplier, number or date is missing.

    Source: BR-FR-CO-02 (SIREN, number, year of issue); Chorus Pro specification §6.12.2 for the payment request.
    """
    supplier = supplier_key(summary.supplier)
    if summary.cadre == PAYMENT_REQUEST_CADRE or not summary.number or not supplier or summary.issue_date is None:
        return None
    return InvoiceKey(supplier, summary.number, summary.issue_date.year)


def supplier_key(supplier: PartySummary) -> str:
    """The SIREN where it is known, so that two establishments share their numbers; else scheme and identifier."""
    is_siret = claims_siret(Term(supplier.identifier, supplier.scheme or None), is_french=is_french(supplier.country))
    if supplier.identifier == ZEROS:  # nobody: in qualification such suppliers would be each other's duplicates
        return ""
    if is_siret or supplier.scheme == SIREN_SCHEME:
        return supplier.identifier[:9]
    return f"{supplier.scheme}:{supplier.identifier}" if supplier.identifier else ""


def _summarise_party(party: Party, identifier: Term) -> PartySummary:
    return PartySummary(
        identifier=mask_accounts(quote(identifier.text.strip())),
        scheme=quote(identifier.qualifier or ""),
        name=mask_accounts(_text(party.name)),
        country=quote(country_of(party)),
        siren=_siren(party),
        address=mask_accounts(_text(party.electronic_addresses)),
        address_scheme=quote(party.electronic_addresses[0].qualifier or "") if party.electronic_addresses else "",
    )


def _siren(party: Party) -> str:
    """Nine digits of an identifier that says it is a SIREN, else the first nine of the SIRET; empty where neither is there."""
    claimed = next(filter(claims_siren, (*party.legal_identifiers, *party.identifiers)), None) or _siret(party)
    text = claimed.text.strip()[:9] if claimed is not None else ""
    return text if is_digits(text, 9) else ""


def _supplier_identifier(party: Party) -> Term:
    """The SIRET, else the SIREN, else the VAT number, else whatever comes first."""
    identifiers = (*party.identifiers, *party.legal_identifiers)
    return (
        _siret(party)
        or next(filter(claims_siren, identifiers), None)
        or _written(party.vat_identifiers)
        or _written(identifiers)
        or _NO_TERM
    )


def _siret(party: Party) -> Term | None:
    french = is_french(country_of(party))
    identifiers = (*party.identifiers, *party.legal_identifiers)
    return next((term for term in identifiers if claims_siret(term, is_french=french)), None)


def _written(terms: Terms) -> Term | None:
    """The first that holds more than white space."""
    return next((term for term in terms if term.text.strip()), None)


def _text(terms: Terms) -> str:
    return quote(text_of(terms))
