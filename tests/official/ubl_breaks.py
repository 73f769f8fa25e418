"""For each rule bound to UBL that is more than an unused element, what breaks it: edits to an invoice that is good.

An edit is a path from the root, written with prefixes: a step takes the last element of that name, made where there is none;
`+` makes one more; `@name` at the end sets an attribute, `=text` a text, `-` takes every such element away.
"""

import re
from collections.abc import Iterable, Mapping

from lxml import etree

from flux.formats.ubl_names import NAMESPACES, expand

_SELLER = "cac:AccountingSupplierParty/cac:Party"
_BUYER = "cac:AccountingCustomerParty/cac:Party"
_FILE = "cac:AdditionalDocumentReference"
_LINE = "cac:InvoiceLine"
_CHARGE = f"{_LINE}/cac:AllowanceCharge"
_SCHEME = "cac:PartyTaxScheme"

BREAKS: Mapping[str, tuple[str, ...]] = {
    "UBL-CR-002": ("cbc:UBLVersionID=2.0",),
    "UBL-CR-412": ("cac:PaymentMeans/cbc:PaymentDueDate=2026-12-01",),
    "UBL-CR-648": ("cbc:CustomizationID@schemeID",),
    "UBL-CR-649": ("cbc:ProfileID@schemeID",),
    "UBL-CR-650": ("cbc:ID@schemeID",),
    "UBL-CR-651": ("cbc:SalesOrderID@schemeID",),
    "UBL-CR-652": (f"{_SELLER}/{_SCHEME}/cbc:CompanyID@schemeID",),
    "UBL-CR-653": ("cac:PaymentMeans/cbc:PaymentID@schemeID",),
    "UBL-CR-654": ("cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID@schemeID",),
    "UBL-CR-655": ("cac:PaymentMeans/cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID@schemeID",),
    "UBL-CR-656": ("cbc:InvoiceTypeCode@listID",),
    "UBL-CR-657": ("cbc:DocumentCurrencyCode@listID",),
    "UBL-CR-658": ("cbc:TaxCurrencyCode@listID",),
    "UBL-CR-659": (f"{_FILE}+/cbc:DocumentTypeCode@listID",),
    "UBL-CR-660": (f"{_BUYER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode@listID",),
    "UBL-CR-661": ("cac:PaymentMeans/cbc:PaymentMeansCode@listID",),
    "UBL-CR-662": ("cac:AllowanceCharge/cbc:AllowanceChargeReasonCode@listID",),
    "UBL-CR-663": (f"{_LINE}/cbc:InvoicedQuantity@unitCodeListID",),
    "UBL-CR-664": (
        "cac:PaymentMeans/cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cac:FinancialInstitution/cbc:ID",
    ),
    "UBL-CR-665": (f"{_FILE}+/cbc:ID@schemeID",),
    "UBL-CR-666": (f"{_FILE}+/cbc:DocumentTypeCode=130", f"{_FILE}/cac:Attachment/cac:ExternalReference/cbc:URI"),
    "UBL-CR-667": (f"{_LINE}/cac:Item/cac:BuyersItemIdentification/cbc:ID@schemeID",),
    "UBL-CR-668": (f"{_LINE}/cac:Item/cac:SellersItemIdentification/cbc:ID@schemeID",),
    "UBL-CR-669": (f"{_LINE}/cac:Price/cac:AllowanceCharge/cbc:AllowanceChargeReasonCode",),
    "UBL-CR-670": (f"{_LINE}/cac:Price/cac:AllowanceCharge/cbc:AllowanceChargeReason",),
    "UBL-CR-671": (f"{_LINE}/cac:Price/cac:AllowanceCharge/cbc:MultiplierFactorNumeric",),
    "UBL-CR-672": ("cbc:CreditNoteTypeCode@listID",),
    "UBL-CR-673": (f"{_FILE}+/cbc:DocumentTypeCode=130", f"{_FILE}/cbc:DocumentDescription"),
    "UBL-CR-674": ("cac:PaymentMeans/cac:CardAccount/cbc:PrimaryAccountNumberID@schemeID",),
    "UBL-CR-675": ("cac:PaymentMeans/cac:CardAccount/cbc:NetworkID@schemeID",),
    "UBL-CR-676": ("cac:PaymentMeans/cac:PaymentMandate/cbc:ID@schemeID",),
    "UBL-CR-677": ("cac:PaymentMeans/cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID@schemeID",),
    "UBL-CR-678": ("cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:ID@schemeID",),
    "UBL-CR-679": (f"{_LINE}/cac:Item/cac:ClassifiedTaxCategory/cbc:ID@schemeID",),
    "UBL-CR-680": ("cac:PaymentMeans/cac:PayerFinancialAccount/cbc:ID",),
    "UBL-DT-01": ("cac:LegalMonetaryTotal/cbc:PayableAmount=1.234", f"{_LINE}/cbc:LineExtensionAmount=12.345"),
    "UBL-DT-06": (f"{_FILE}+/cac:Attachment/cbc:EmbeddedDocumentBinaryObject@filename",),
    "UBL-DT-07": (f"{_FILE}+/cac:Attachment/cbc:EmbeddedDocumentBinaryObject@mimeCode",),
    "UBL-SR-01": ("cac:ContractDocumentReference+/cbc:ID", "cac:ContractDocumentReference+/cbc:ID"),
    "UBL-SR-02": ("cac:ReceiptDocumentReference+/cbc:ID", "cac:ReceiptDocumentReference+/cbc:ID"),
    "UBL-SR-03": ("cac:DespatchDocumentReference+/cbc:ID", "cac:DespatchDocumentReference+/cbc:ID"),
    "UBL-SR-04": (
        *(f"{_FILE}+/cbc:ID", f"{_FILE}/cbc:DocumentTypeCode=130"),
        *(f"{_FILE}+/cbc:ID", f"{_FILE}/cbc:DocumentTypeCode=130"),
    ),
    "UBL-SR-05": ("cac:PaymentTerms+/cbc:Note", "cac:PaymentTerms+/cbc:Note"),
    "UBL-SR-06": (
        "cac:BillingReference+/cac:InvoiceDocumentReference+/cbc:ID",
        "cac:BillingReference/cac:InvoiceDocumentReference+/cbc:ID",
    ),
    "UBL-SR-07": ("cac:BillingReference+/cac:InvoiceDocumentReference/cbc:IssueDate=2026-10-01",),
    "UBL-SR-08": ("cac:InvoicePeriod+/cbc:StartDate=2026-10-01", "cac:InvoicePeriod+/cbc:StartDate=2026-10-02"),
    "UBL-SR-09": (f"{_SELLER}/cac:PartyLegalEntity+/cbc:RegistrationName",),
    "UBL-SR-10": (f"{_SELLER}/cac:PartyName+/cbc:Name", f"{_SELLER}/cac:PartyName+/cbc:Name"),
    "UBL-SR-11": (f"{_SELLER}/cac:PartyLegalEntity+/cbc:CompanyID",),
    "UBL-SR-12": (f"{_SELLER}/{_SCHEME}+/cbc:CompanyID", f"{_SELLER}/{_SCHEME}/cac:TaxScheme/cbc:ID=vat"),
    "UBL-SR-13": (
        *(f"{_SELLER}/{_SCHEME}+/cbc:CompanyID", f"{_SELLER}/{_SCHEME}/cac:TaxScheme/cbc:ID=LOC"),
        *(f"{_SELLER}/{_SCHEME}+/cbc:CompanyID", f"{_SELLER}/{_SCHEME}/cac:TaxScheme/cbc:ID= VAT"),
    ),
    "UBL-SR-14": (
        f"{_SELLER}/cac:PartyLegalEntity/cbc:CompanyLegalForm+",
        f"{_SELLER}/cac:PartyLegalEntity/cbc:CompanyLegalForm+",
    ),
    "UBL-SR-15": (f"{_BUYER}/cac:PartyLegalEntity+/cbc:RegistrationName",),
    "UBL-SR-16": (f"{_BUYER}/cac:PartyIdentification+/cbc:ID", f"{_BUYER}/cac:PartyIdentification+/cbc:ID"),
    "UBL-SR-17": (f"{_BUYER}/cac:PartyLegalEntity/cbc:CompanyID+", f"{_BUYER}/cac:PartyLegalEntity/cbc:CompanyID+"),
    "UBL-SR-18": (
        *(f"{_BUYER}/{_SCHEME}+/cbc:CompanyID", f"{_BUYER}/{_SCHEME}/cac:TaxScheme/cbc:ID=VAT"),
        *(f"{_BUYER}/{_SCHEME}+/cbc:CompanyID", f"{_BUYER}/{_SCHEME}/cac:TaxScheme/cbc:ID=VAT"),
    ),
    "UBL-SR-19": ("cac:PayeeParty/cac:PartyName+/cbc:Name", "cac:PayeeParty/cac:PartyName+/cbc:Name"),
    "UBL-SR-20": (
        "cac:PayeeParty/cac:PartyName/cbc:Name=Another",
        "cac:PayeeParty/cac:PartyIdentification+/cbc:ID@schemeID=0088",
        "cac:PayeeParty/cac:PartyIdentification+/cbc:ID",
    ),
    "UBL-SR-21": (
        "cac:PayeeParty/cac:PartyName/cbc:Name=Another",
        "cac:PayeeParty/cac:PartyLegalEntity+/cbc:CompanyID",
        "cac:PayeeParty/cac:PartyLegalEntity+/cbc:CompanyID",
    ),
    "UBL-SR-22": (
        "cac:TaxRepresentativeParty/cac:PartyName+/cbc:Name",
        "cac:TaxRepresentativeParty/cac:PartyName+/cbc:Name",
    ),
    "UBL-SR-23": (
        f"cac:TaxRepresentativeParty/{_SCHEME}+/cbc:CompanyID",
        f"cac:TaxRepresentativeParty/{_SCHEME}+/cbc:CompanyID",
    ),
    "UBL-SR-24": ("cac:Delivery+/cbc:ActualDeliveryDate=2026-10-01", "cac:Delivery+/cbc:ActualDeliveryDate=2026-10-02"),
    "UBL-SR-25": (
        "cac:Delivery/cac:DeliveryParty/cac:PartyName+/cbc:Name",
        "cac:Delivery/cac:DeliveryParty/cac:PartyName+/cbc:Name",
    ),
    "UBL-SR-26": ("cac:PaymentMeans/cbc:PaymentID+=A", "cac:PaymentMeans/cbc:PaymentID+=A"),
    "UBL-SR-27": ("cac:PaymentMeans/cbc:PaymentMeansCode+=30",),
    "UBL-SR-28": ("cac:PaymentMeans/cac:PaymentMandate/cbc:ID+", "cac:PaymentMeans/cac:PaymentMandate/cbc:ID+"),
    "UBL-SR-29": (
        f"{_SELLER}/cac:PartyIdentification+/cbc:ID@schemeID=SEPA",
        f"{_BUYER}/cac:PartyIdentification+/cbc:ID@schemeID=sepa",
    ),
    "UBL-SR-30": (
        *(f"{_CHARGE}+/cbc:ChargeIndicator=0", f"{_CHARGE}/cbc:AllowanceChargeReason+"),
        f"{_CHARGE}/cbc:AllowanceChargeReason+",
    ),
    "UBL-SR-31": (
        *(f"{_CHARGE}+/cbc:ChargeIndicator=true", f"{_CHARGE}/cbc:AllowanceChargeReason+"),
        f"{_CHARGE}/cbc:AllowanceChargeReason+",
    ),
    "UBL-SR-32": (
        "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:TaxExemptionReason+",
        "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:TaxExemptionReason+",
    ),
    "UBL-SR-33": (f"{_FILE}+/cbc:DocumentDescription+", f"{_FILE}/cbc:DocumentDescription+"),
    "UBL-SR-34": (f"{_LINE}/cbc:Note+", f"{_LINE}/cbc:Note+"),
    "UBL-SR-35": (f"{_LINE}/cac:OrderLineReference+/cbc:LineID", f"{_LINE}/cac:OrderLineReference+/cbc:LineID"),
    "UBL-SR-36": (
        f"{_LINE}/cac:InvoicePeriod+/cbc:StartDate=2026-10-01",
        f"{_LINE}/cac:InvoicePeriod+/cbc:StartDate=2026-10-01",
    ),
    "UBL-SR-37": (
        f"{_LINE}/cac:Price/cac:AllowanceCharge+/cbc:Amount=1.00",
        f"{_LINE}/cac:Price/cac:AllowanceCharge+/cbc:Amount=1.00",
    ),
    "UBL-SR-39": ("cac:ProjectReference+/cbc:ID", "cac:ProjectReference+/cbc:ID"),
    "UBL-SR-40": (f"{_BUYER}/cac:PartyName+/cbc:Name", f"{_BUYER}/cac:PartyName+/cbc:Name"),
    "UBL-SR-42": (
        *(f"{_SELLER}/{_SCHEME}+/cbc:CompanyID", f"{_SELLER}/{_SCHEME}/cac:TaxScheme/cbc:ID=LOC"),
        *(f"{_SELLER}/{_SCHEME}+/cbc:CompanyID", f"{_SELLER}/{_SCHEME}/cac:TaxScheme/cbc:ID=LOC"),
    ),
    "UBL-SR-43": (f"{_FILE}+/cbc:ID", f"{_FILE}/cbc:DocumentTypeCode=50"),
    "UBL-SR-44": ("cac:PaymentMeans/cbc:PaymentID=A", "cac:PaymentMeans+/cbc:PaymentID=B"),
    "UBL-SR-45": ("cac:PaymentMeans/cbc:PaymentDueDate", "cac:PaymentMeans+/cbc:PaymentDueDate"),
    "UBL-SR-46": ("cac:PaymentMeans/cbc:PaymentMeansCode@name", "cac:PaymentMeans+/cbc:PaymentMeansCode@name"),
    "UBL-SR-47": ("cac:PaymentMeans+/cbc:PaymentMeansCode=57", "cac:PaymentMeans+/cbc:PaymentMeansCode=30"),
    "UBL-SR-48": (f"{_LINE}/cac:Item/cac:ClassifiedTaxCategory-",),
    "UBL-SR-49": ("cac:InvoicePeriod/cbc:DescriptionCode+=3", "cac:InvoicePeriod/cbc:DescriptionCode+=35"),
    "UBL-SR-50": (f"{_LINE}/cac:Item/cbc:Description+", f"{_LINE}/cac:Item/cbc:Description+"),
    "UBL-SR-51": (
        f"{_SELLER}/cac:PostalAddress/cac:AddressLine+/cbc:Line",
        f"{_SELLER}/cac:PostalAddress/cac:AddressLine+/cbc:Line",
    ),
    "UBL-SR-52": (f"{_LINE}/cac:DocumentReference+/cbc:ID", f"{_LINE}/cac:DocumentReference+/cbc:ID"),
    "UBL-SR-53": (f"{_SELLER}/{_SCHEME}+/cac:TaxScheme/cbc:ID=LOC",),
    "UBL-SR-54": (
        "cac:PaymentMeans/cac:CardAccount/cbc:PrimaryAccountNumberID",
        "cac:PaymentMeans+/cac:CardAccount/cbc:PrimaryAccountNumberID",
    ),
    "UBL-SR-55": ("cac:PaymentMeans/cac:PaymentMandate/cbc:ID", "cac:PaymentMeans+/cac:PaymentMandate/cbc:ID"),
    "UBL-SR-56": ("cac:OriginatorDocumentReference+/cbc:ID", "cac:OriginatorDocumentReference+/cbc:ID"),
    "UBL-FREXT-CR-410": ("cac:DeliveryTerms/cac:DeliveryLocation/cbc:ID",),
    "UBL-FREXT-CR-645": (f"{_LINE}/cac:DeliveryTerms/cbc:SpecialTerms",),
    "CII-FREXT-CR-490": ("cac:TaxExchangeRate/cbc:MathematicOperatorCode",),
    "UBL-FREXT-SR-48": (f"{_LINE}/cac:Item/cac:ClassifiedTaxCategory-",),
}

# What comes near to a break and is none.
NEAR_BREAKS: tuple[tuple[str, ...], ...] = (
    ("cbc:UBLVersionID=2.1",),
    (f"{_FILE}+/cbc:ID@schemeID", f"{_FILE}/cbc:DocumentTypeCode=130"),
    (
        f"{_FILE}+/cac:Attachment/cbc:EmbeddedDocumentBinaryObject@filename",
        f"{_FILE}/cac:Attachment/cbc:EmbeddedDocumentBinaryObject@mimeCode",
    ),
    ("cac:PaymentMeans/cbc:PaymentMeansCode@name",),
    ("cac:PayeeParty/cac:PartyName/cbc:Name=Another", "cac:PayeeParty/cac:PartyIdentification/cbc:ID@schemeID=SEPA"),
    (f"{_LINE}/cac:Price/cac:AllowanceCharge/cbc:Amount=1.2345", f"{_LINE}/cac:Price/cbc:PriceAmount=1.2345"),
    (f"{_LINE}/cac:Price/cbc:PriceAmount=1.2345",),
    ("cac:PaymentMeans/cbc:PaymentID=A", "cac:PaymentMeans+/cbc:PaymentID=A"),
    ("cac:DeliveryTerms/cac:DeliveryLocation/cbc:Name", "cac:TaxExchangeRate/cbc:CalculationRate"),
    (
        f"{_LINE}/cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID=F0",
        f"{_LINE}/cac:Item/cac:ClassifiedTaxCategory-",
    ),
    (f"{_SELLER}/cac:PartyIdentification+/cbc:ID@schemeID=0088", f"{_SELLER}/cac:PartyIdentification+/cbc:ID"),
)

_EDIT = re.compile(r"(?P<path>[^@=]*?)(?P<gone>-)?(?:@(?P<attribute>\w+))?(?:=(?P<text>.*))?")
_CREDIT_NOTE_NAMES = {"cac:InvoiceLine": "cac:CreditNoteLine", "InvoicedQuantity": "CreditedQuantity"}


def edit(document: bytes, edits: Iterable[str]) -> bytes:
    """The document after the edits; their lines and quantities are those of a credit note where it is one."""
    root = etree.fromstring(document)
    for each in edits:
        named = each
        if etree.QName(root).localname == "CreditNote":
            for name, own in _CREDIT_NOTE_NAMES.items():
                named = named.replace(name, own)
        _edit(root, named)
    return etree.tostring(root)


def _edit(root: etree._Element, wanted: str) -> None:
    read = _EDIT.fullmatch(wanted)
    assert read is not None
    if read["gone"]:
        for element in root.iterfind(read["path"], NAMESPACES):
            parent = element.getparent()
            assert parent is not None
            parent.remove(element)
        return
    element = root
    for step in read["path"].split("/"):
        (tag,) = expand(step.removesuffix("+"))
        held = element.findall(tag)
        element = held[-1] if held and not step.endswith("+") else etree.SubElement(element, tag)
    if read["attribute"]:
        element.set(read["attribute"], read["text"] or "x")
    elif read["text"] is not None or not (element.text or len(element)):
        element.text = read["text"] or "x"
