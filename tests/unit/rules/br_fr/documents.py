"""Invoices that break no rule of BR-FR, in UBL and CII, and ways to change one thing in them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from flux.demo.afnor_samples import AFNOR_SAMPLE, write_afnor_ubl
from flux.demo.facturx_samples import EN16931, write_facturx_xml

_SAMPLE = replace(AFNOR_SAMPLE, line_count=1)


class Edit(NamedTuple):
    """A text of the document, the first of its kind, and what takes its place."""

    old: str
    new: str


def before(anchor: str, xml: str) -> Edit:
    """Put something before a text."""
    return Edit(anchor, xml + anchor)


def after(anchor: str, xml: str) -> Edit:
    """Put something after a text."""
    return Edit(anchor, anchor + xml)


def edited(document: bytes, *edits: Edit) -> bytes:
    """The document with its edits; each must find its text."""
    text = document.decode()
    for edit in edits:
        assert edit.old in text, edit
        text = text.replace(edit.old, edit.new, 1)
    return text.encode()


def ubl(*edits: Edit) -> bytes:
    """An invoice of one line."""
    return edited(write_afnor_ubl(_SAMPLE), *edits)


def ubl_credit_note(*edits: Edit) -> bytes:
    """The same as a credit note that names the invoice."""
    text = write_afnor_ubl(_SAMPLE).decode()
    for old, new in (
        ("Invoice-2", "CreditNote-2"),
        ("<Invoice ", "<CreditNote "),
        ("</Invoice>", "</CreditNote>"),
        ("InvoiceLine", "CreditNoteLine"),
        ("InvoicedQuantity", "CreditedQuantity"),
        ("<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>", "<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>"),
        ("  <cbc:DueDate>2026-12-20</cbc:DueDate>\n", ""),
    ):
        text = text.replace(old, new)
    return edited(text.encode(), before("<cac:AccountingSupplierParty>", UBL_REFERENCE), *edits)


def cii(*edits: Edit) -> bytes:
    """An invoice of one line."""
    return edited(write_facturx_xml(_SAMPLE, profile=EN16931), QDT, *edits)


QDT = Edit(
    "<rsm:CrossIndustryInvoice ",
    '<rsm:CrossIndustryInvoice xmlns:qdt="urn:un:unece:uncefact:data:standard:QualifiedDataType:100" ',
)
UBL_REFERENCE = (
    "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>F1</cbc:ID><cbc:IssueDate>2026-10-01</cbc:IssueDate>"
    "</cac:InvoiceDocumentReference></cac:BillingReference>"
)
CII_REFERENCE = (
    "<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>F1</ram:IssuerAssignedID>"
    '<ram:FormattedIssueDateTime><qdt:DateTimeString format="102">20261001</qdt:DateTimeString></ram:FormattedIssueDateTime>'
    "</ram:InvoiceReferencedDocument>"
)


class Group(NamedTuple):
    """A sub-invoice: its number, its seller, its lines by net amount, and the VAT that its head gives."""

    number: str = "F2026-0117"
    seller: str = "732829320"
    nets: tuple[str, ...] = ("100.00", "50.00")
    net: str = "150.00"
    vat: str = "30.00"


MAIN, OTHER = Group(), Group(number="F-B", seller="552100554")


def ubl_groups(*groups: Group, frame: str = "S8", edits: tuple[Edit, ...] = ()) -> bytes:
    """An invoice of sub-invoices in UBL."""
    held = _replaced(ubl().decode(), "cac:InvoiceLine", map(_ubl_group, range(1, 9), groups))
    held = _replaced(held, "cac:TaxSubtotal", (_UBL_VAT.format(*group) for group in groups))
    return edited(held.encode(), Edit("<cbc:ProfileID>B1<", f"<cbc:ProfileID>{frame}<"), *edits)


def cii_groups(*groups: Group, frame: str = "S8", edits: tuple[Edit, ...] = ()) -> bytes:
    """The same in CII."""
    start, settlement = cii().decode().split("<ram:ApplicableHeaderTradeSettlement>")
    start = _replaced(start, "ram:IncludedSupplyChainTradeLineItem", map(_cii_group, range(1, 9), groups))
    settlement = _replaced(settlement, "ram:ApplicableTradeTax", (_CII_VAT.format(*group) for group in groups))
    held = f"{start}<ram:ApplicableHeaderTradeSettlement>{settlement}"
    return edited(held.encode(), Edit("<ram:ID>B1<", f"<ram:ID>{frame}<"), *edits)


def _replaced(text: str, tag: str, parts: Iterable[str]) -> str:
    """The text with its one element of a tag replaced."""
    head, rest = text.split(f"<{tag}>")
    return head + "".join(parts) + rest.split(f"</{tag}>")[1]


_UBL_VAT = (
    '<cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">{3}</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">{4}</cbc:TaxAmount>'
    "<cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>20.00</cbc:Percent><cbc:TaxExemptionReason>#{0}#</cbc:TaxExemptionReason>"
    "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal>"
)
_CII_VAT = (
    "<ram:ApplicableTradeTax><ram:CalculatedAmount>{4}</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode>"
    "<ram:ExemptionReason>#{0}#</ram:ExemptionReason><ram:BasisAmount>{3}</ram:BasisAmount>"
    "<ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>20.00</ram:RateApplicablePercent></ram:ApplicableTradeTax>"
)


def _ubl_group(place: int, group: Group) -> str:
    vat = f'<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">{group.vat}</cbc:TaxAmount></cac:TaxTotal>'
    head = _ubl_line(str(place), group, "GROUP", "", net=group.net, vat=vat)
    return head + "".join(
        _ubl_line(f"{place}.{number}", group, "DETAIL", str(place), net=net, vat="")
        for number, net in enumerate(group.nets, 1)
    )


def _ubl_line(identifier: str, group: Group, status: str, parent: str, *, net: str, vat: str) -> str:
    above = f"<cac:BillingReferenceLine><cbc:ID>{parent}</cbc:ID></cac:BillingReferenceLine>" if parent else ""
    return f"""
  <cac:InvoiceLine>
    <cbc:ID>{identifier}</cbc:ID>
    <cbc:InvoicedQuantity unitCode="C62">1</cbc:InvoicedQuantity>
    <cbc:LineExtensionAmount currencyID="EUR">{net}</cbc:LineExtensionAmount>
    <cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>F2026-0117</cbc:ID><cbc:DocumentStatusCode>{status}</cbc:DocumentStatusCode></cac:InvoiceDocumentReference>{above}</cac:BillingReference>
    <cac:DocumentReference><cbc:ID schemeID="AFL">{group.number}</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:DocumentReference>
    <cac:DocumentReference><cbc:ID schemeID="AVV">S1</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:DocumentReference>
    {vat}
    <cac:Item>
      <cbc:Name>x</cbc:Name>
      <cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>20.00</cbc:Percent><cbc:TaxExemptionReason>#{group.number}#</cbc:TaxExemptionReason><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory>
      <cac:ManufacturerParty><cac:PostalAddress><cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:PostalAddress><cac:PartyLegalEntity><cbc:RegistrationName>seller</cbc:RegistrationName><cbc:CompanyID schemeID="0002">{group.seller}</cbc:CompanyID></cac:PartyLegalEntity></cac:ManufacturerParty>
    </cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="EUR">{net}</cbc:PriceAmount></cac:Price>
  </cac:InvoiceLine>"""


def _cii_group(place: int, group: Group) -> str:
    vat = f'<ram:TaxTotalAmount currencyID="EUR">{group.vat}</ram:TaxTotalAmount>'
    head = _cii_line(str(place), group, "GROUP", "", net=group.net, vat=vat)
    return head + "".join(
        _cii_line(f"{place}.{number}", group, "DETAIL", str(place), net=net, vat="")
        for number, net in enumerate(group.nets, 1)
    )


def _cii_line(identifier: str, group: Group, status: str, parent: str, *, net: str, vat: str) -> str:
    above = f"<ram:ParentLineID>{parent}</ram:ParentLineID>" if parent else ""
    return f"""
    <ram:IncludedSupplyChainTradeLineItem>
      <ram:AssociatedDocumentLineDocument><ram:LineID>{identifier}</ram:LineID>{above}<ram:LineStatusReasonCode>{status}</ram:LineStatusReasonCode></ram:AssociatedDocumentLineDocument>
      <ram:SpecifiedTradeProduct><ram:Name>x</ram:Name></ram:SpecifiedTradeProduct>
      <ram:SpecifiedLineTradeAgreement>
        <ram:NetPriceProductTradePrice><ram:ChargeAmount>{net}</ram:ChargeAmount></ram:NetPriceProductTradePrice>
        <ram:ItemSellerTradeParty><ram:Name>seller</ram:Name><ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">{group.seller}</ram:ID></ram:SpecifiedLegalOrganization><ram:PostalTradeAddress><ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress></ram:ItemSellerTradeParty>
      </ram:SpecifiedLineTradeAgreement>
      <ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="C62">1</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>
      <ram:SpecifiedLineTradeSettlement>
        <ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:ExemptionReason>#{group.number}#</ram:ExemptionReason><ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>20.00</ram:RateApplicablePercent></ram:ApplicableTradeTax>
        <ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>{net}</ram:LineTotalAmount>{vat}</ram:SpecifiedTradeSettlementLineMonetarySummation>
        <ram:AdditionalReferencedDocument><ram:IssuerAssignedID>{group.number}</ram:IssuerAssignedID><ram:TypeCode>130</ram:TypeCode><ram:ReferenceTypeCode>AFL</ram:ReferenceTypeCode></ram:AdditionalReferencedDocument>
        <ram:AdditionalReferencedDocument><ram:IssuerAssignedID>S1</ram:IssuerAssignedID><ram:TypeCode>130</ram:TypeCode><ram:ReferenceTypeCode>AVV</ram:ReferenceTypeCode></ram:AdditionalReferencedDocument>
      </ram:SpecifiedLineTradeSettlement>
    </ram:IncludedSupplyChainTradeLineItem>"""
