"""An invoice to the public sector by its terms, written in UBL or in CII: what the rules of Chorus Pro read of it, and no more."""

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from tests.unit.formats.documents import cii, cii_transaction, ubl

SIREN, SIRET = "732829320", "73282932000074"
BUYER_SIRET = "11000201100044"
Identifiers = tuple[tuple[str, str], ...]  # scheme and text


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """A payee or an agent. `contacts` is how many it has."""

    name: str = "Affacturage de France"
    ids: Identifiers = (("0009", SIRET),)
    siren: str = SIREN
    contacts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """In order as it stands; each test changes one thing."""

    number: str = "F2026-0117"
    cadre: str = "B1"
    preceding: tuple[str, ...] = ()
    line_preceding: str = ""
    contract: str = ""
    contract_type: str = ""
    order: str = "1400012345"
    notes: tuple[str, ...] = ("B2G",)
    terms: tuple[str, ...] = ()
    seller_name: str = "Papeterie du Centre"
    seller_trading_name: str = ""
    seller_ids: Identifiers = (("0009", SIRET),)
    seller_siren: str = SIREN
    seller_vat: str = ""
    street: str = "1 rue du Port"
    city: str = "Lyon"
    seller_contacts: int = 1
    buyer_name: str = "Direction des services"
    buyer_trading_name: str = ""
    buyer_ids: Identifiers = (("0009", BUYER_SIRET),)
    buyer_contacts: int = 1
    payee: Structure | None = None
    agent: Structure | None = None
    buyer_agent: Structure | None = None
    invoicee: Structure | None = None
    place: str = ""
    line_place: str = ""
    account: str = "FR7630006000011234567890189"
    exemption: str = ""
    reference: str = ""
    filename: str = ""
    description: str = ""


def write_ubl(draft: Draft) -> bytes:
    """The draft in UBL."""
    attachment = (
        f"<cac:AdditionalDocumentReference>{_leaf('cbc:ID', draft.reference)}<cac:Attachment>"
        f'<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="{draft.filename}"/>'
        "</cac:Attachment></cac:AdditionalDocumentReference>"
    )
    line_reference = "".join(map(_ubl_preceding, (draft.line_preceding,) if draft.line_preceding else ()))
    return etree.tostring(
        ubl(
            f"{_leaf('cbc:ProfileID', draft.cadre)}{_leaf('cbc:ID', draft.number)}"
            + "".join(f"<cbc:Note>#ADN#{note}</cbc:Note>" for note in draft.notes)
            + f"<cac:OrderReference>{_leaf('cbc:ID', draft.order)}</cac:OrderReference>"
            + "".join(map(_ubl_preceding, draft.preceding))
            + f"<cac:ContractDocumentReference>{_leaf('cbc:ID', draft.contract)}"
            f"{_leaf('cbc:DocumentTypeCode', draft.contract_type)}</cac:ContractDocumentReference>"
            + (attachment if draft.reference or draft.filename else "")
            + f"<cac:AccountingSupplierParty><cac:Party>{_ubl_seller(draft)}</cac:Party></cac:AccountingSupplierParty>"
            + f"<cac:AccountingCustomerParty><cac:Party>{_ubl_buyer(draft)}</cac:Party></cac:AccountingCustomerParty>"
            + _ubl_party("cac:PayeeParty", draft.payee)
            + "<cac:Delivery><cac:DeliveryLocation>"
            f"{_leaf('cbc:ID', draft.place)}</cac:DeliveryLocation></cac:Delivery>"
            + f"<cac:PaymentMeans><cac:PayeeFinancialAccount>{_leaf('cbc:ID', draft.account)}"
            "</cac:PayeeFinancialAccount></cac:PaymentMeans>"
            + "".join(f"<cac:PaymentTerms>{_leaf('cbc:Note', term)}</cac:PaymentTerms>" for term in draft.terms)
            + f"<cac:TaxTotal><cac:TaxSubtotal><cac:TaxCategory>{_leaf('cbc:TaxExemptionReason', draft.exemption)}"
            "</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>"
            + f"<cac:InvoiceLine>{_leaf('cbc:ID', '1')}{line_reference}<cac:Delivery><cac:DeliveryLocation>"
            f"{_leaf('cbc:ID', draft.line_place)}</cac:DeliveryLocation></cac:Delivery>"
            f"<cac:Item>{_leaf('cbc:Description', draft.description)}</cac:Item></cac:InvoiceLine>"
        )
    )


def write_cii(draft: Draft) -> bytes:
    """The draft in CII."""
    attachment = (
        f"<ram:AdditionalReferencedDocument>{_leaf('ram:IssuerAssignedID', draft.reference)}"
        "<ram:TypeCode>916</ram:TypeCode>"
        f'<ram:AttachmentBinaryObject mimeCode="application/pdf" filename="{draft.filename}"/>'
        "</ram:AdditionalReferencedDocument>"
    )
    transaction = cii_transaction(
        agreement=f"<ram:SellerTradeParty>{_cii_seller(draft)}</ram:SellerTradeParty>"
        f"<ram:BuyerTradeParty>{_cii_buyer(draft)}</ram:BuyerTradeParty>"
        + _cii_party("ram:SalesAgentTradeParty", draft.agent)
        + _cii_party("ram:BuyerAgentTradeParty", draft.buyer_agent)
        + f"<ram:BuyerOrderReferencedDocument>{_leaf('ram:IssuerAssignedID', draft.order)}"
        "</ram:BuyerOrderReferencedDocument>"
        f"<ram:ContractReferencedDocument>{_leaf('ram:IssuerAssignedID', draft.contract)}"
        f"{_leaf('ram:ReferenceTypeCode', draft.contract_type)}</ram:ContractReferencedDocument>"
        + (attachment if draft.reference or draft.filename else ""),
        delivery=f"<ram:ShipToTradeParty>{_leaf('ram:ID', draft.place)}</ram:ShipToTradeParty>",
        settlement=_cii_party("ram:InvoiceeTradeParty", draft.invoicee)
        + _cii_party("ram:PayeeTradeParty", draft.payee)
        + "<ram:SpecifiedTradeSettlementPaymentMeans><ram:PayeePartyCreditorFinancialAccount>"
        f"{_leaf('ram:IBANID', draft.account)}</ram:PayeePartyCreditorFinancialAccount>"
        "</ram:SpecifiedTradeSettlementPaymentMeans>"
        f"<ram:ApplicableTradeTax>{_leaf('ram:ExemptionReason', draft.exemption)}</ram:ApplicableTradeTax>"
        + "".join(
            f"<ram:SpecifiedTradePaymentTerms>{_leaf('ram:Description', term)}</ram:SpecifiedTradePaymentTerms>"
            for term in draft.terms
        )
        + "".join(map(_cii_preceding, draft.preceding)),
        lines="<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID>"
        "</ram:AssociatedDocumentLineDocument>"
        f"<ram:SpecifiedTradeProduct>{_leaf('ram:Description', draft.description)}</ram:SpecifiedTradeProduct>"
        f"<ram:SpecifiedLineTradeDelivery><ram:ShipToTradeParty>{_leaf('ram:ID', draft.line_place)}"
        "</ram:ShipToTradeParty></ram:SpecifiedLineTradeDelivery><ram:SpecifiedLineTradeSettlement>"
        + "".join(map(_cii_preceding, (draft.line_preceding,) if draft.line_preceding else ()))
        + "</ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>",
    )
    head = (
        "<rsm:ExchangedDocumentContext><ram:BusinessProcessSpecifiedDocumentContextParameter>"
        f"{_leaf('ram:ID', draft.cadre)}</ram:BusinessProcessSpecifiedDocumentContextParameter>"
        f"</rsm:ExchangedDocumentContext><rsm:ExchangedDocument>{_leaf('ram:ID', draft.number)}"
        + "".join(
            f"<ram:IncludedNote><ram:Content>{note}</ram:Content><ram:SubjectCode>ADN</ram:SubjectCode></ram:IncludedNote>"
            for note in draft.notes
        )
        + "</rsm:ExchangedDocument>"
    )
    return etree.tostring(cii(head + etree.tostring(transaction[0], encoding="unicode")))


def _ubl_seller(draft: Draft) -> str:
    return (
        _ubl_ids(draft.seller_ids)
        + (f"<cac:PartyName>{_leaf('cbc:Name', draft.seller_trading_name)}</cac:PartyName>")
        + f"<cac:PostalAddress>{_leaf('cbc:StreetName', draft.street)}{_leaf('cbc:CityName', draft.city)}"
        "<cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:PostalAddress>"
        f"<cac:PartyTaxScheme>{_leaf('cbc:CompanyID', draft.seller_vat)}<cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
        "</cac:TaxScheme></cac:PartyTaxScheme>"
        + _ubl_legal(draft.seller_name, draft.seller_siren)
        + "<cac:Contact><cbc:Name>A</cbc:Name></cac:Contact>" * draft.seller_contacts
        + _ubl_party("cac:AgentParty", draft.agent)
    )


def _ubl_buyer(draft: Draft) -> str:
    return (
        _ubl_ids(draft.buyer_ids)
        + f"<cac:PartyName>{_leaf('cbc:Name', draft.buyer_trading_name)}</cac:PartyName>"
        + _ubl_legal(draft.buyer_name, "")
        + "<cac:Contact><cbc:Name>A</cbc:Name></cac:Contact>" * draft.buyer_contacts
        + _ubl_party("cac:AgentParty", draft.buyer_agent)
        + (f"<cac:ServiceProviderParty>{_ubl_party('cac:Party', draft.invoicee)}</cac:ServiceProviderParty>")
    )


def _ubl_party(tag: str, party: Structure | None) -> str:
    if party is None:
        return ""
    return (
        f"<{tag}>{_ubl_ids(party.ids)}<cac:PartyName>{_leaf('cbc:Name', party.name)}</cac:PartyName>"
        f"{_ubl_legal('', party.siren)}" + "<cac:Contact><cbc:Name>A</cbc:Name></cac:Contact>" * party.contacts
    ) + f"</{tag}>"


def _ubl_ids(ids: Identifiers) -> str:
    return "".join(
        f'<cac:PartyIdentification><cbc:ID schemeID="{scheme}">{text}</cbc:ID></cac:PartyIdentification>'
        for scheme, text in ids
    )


def _ubl_legal(name: str, siren: str) -> str:
    number = f'<cbc:CompanyID schemeID="0002">{siren}</cbc:CompanyID>' if siren else ""
    return f"<cac:PartyLegalEntity>{_leaf('cbc:RegistrationName', name)}{number}</cac:PartyLegalEntity>"


def _ubl_preceding(number: str) -> str:
    return (
        f"<cac:BillingReference><cac:InvoiceDocumentReference>{_leaf('cbc:ID', number)}"
        "</cac:InvoiceDocumentReference></cac:BillingReference>"
    )


def _cii_seller(draft: Draft) -> str:
    vat = (
        f'<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">{draft.seller_vat}</ram:ID></ram:SpecifiedTaxRegistration>'
        if draft.seller_vat
        else ""
    )
    return (
        _cii_names(draft.seller_ids, draft.seller_name, draft.seller_siren, draft.seller_trading_name)
        + "<ram:DefinedTradeContact><ram:PersonName>A</ram:PersonName></ram:DefinedTradeContact>"
        * draft.seller_contacts
        + f"<ram:PostalTradeAddress>{_leaf('ram:LineOne', draft.street)}{_leaf('ram:CityName', draft.city)}"
        "<ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress>" + vat
    )


def _cii_buyer(draft: Draft) -> str:
    contact = "<ram:DefinedTradeContact><ram:PersonName>A</ram:PersonName></ram:DefinedTradeContact>"
    names = _cii_names(draft.buyer_ids, draft.buyer_name, "", draft.buyer_trading_name)
    return names + contact * draft.buyer_contacts


def _cii_party(tag: str, party: Structure | None) -> str:
    if party is None:
        return ""
    contact = "<ram:DefinedTradeContact><ram:PersonName>A</ram:PersonName></ram:DefinedTradeContact>"
    return f"<{tag}>{_cii_names(party.ids, party.name, party.siren, '')}{contact * party.contacts}</{tag}>"


def _cii_names(ids: Iterable[tuple[str, str]], name: str, siren: str, trading_name: str) -> str:
    number = f'<ram:ID schemeID="0002">{siren}</ram:ID>' if siren else ""
    return (
        "".join(f'<ram:GlobalID schemeID="{scheme}">{text}</ram:GlobalID>' for scheme, text in ids)
        + _leaf("ram:Name", name)
        + f"<ram:SpecifiedLegalOrganization>{number}{_leaf('ram:TradingBusinessName', trading_name)}"
        "</ram:SpecifiedLegalOrganization>"
    )


def _cii_preceding(number: str) -> str:
    return f"<ram:InvoiceReferencedDocument>{_leaf('ram:IssuerAssignedID', number)}</ram:InvoiceReferencedDocument>"


def _leaf(tag: str, text: str) -> str:
    return f"<{tag}>{text}</{tag}>" if text else ""
