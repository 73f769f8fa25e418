"""The paths where an everyday EN 16931 invoice in UBL holds elements; nothing bound to the syntax forbids one of them alone.

Source: EN 16931-3-2. Rarer elements of the norm are left out on purpose: payee, tax representative, object of a line (BT-128),
on whose presence a rule depends.
"""

from collections.abc import Iterator


def _below(parent: str, *groups: str) -> Iterator[str]:
    """The paths of names that are separated by white space."""
    return (f"{parent}/{name}" for group in groups for name in group.split())


_ADDRESS = """
    cbc:StreetName cbc:AdditionalStreetName cac:AddressLine/cbc:Line cbc:CityName cbc:PostalZone cbc:CountrySubentity
    cac:Country/cbc:IdentificationCode
"""
_PARTY = """
    cbc:EndpointID cac:PartyIdentification/cbc:ID cac:PartyName/cbc:Name cac:PartyTaxScheme/cbc:CompanyID
    cac:PartyTaxScheme/cac:TaxScheme/cbc:ID cac:PartyLegalEntity/cbc:RegistrationName cac:PartyLegalEntity/cbc:CompanyID
    cac:Contact/cbc:Name cac:Contact/cbc:Telephone cac:Contact/cbc:ElectronicMail
"""
_PERIOD = "cbc:StartDate cbc:EndDate"
_ALLOWANCE = """
    cbc:ChargeIndicator cbc:AllowanceChargeReasonCode cbc:AllowanceChargeReason cbc:MultiplierFactorNumeric cbc:Amount
    cbc:BaseAmount
"""
_CATEGORY = "cbc:ID cbc:Percent cac:TaxScheme/cbc:ID"
_PAYMENT = """
    cbc:PaymentMeansCode cbc:PaymentID cac:CardAccount/cbc:PrimaryAccountNumberID cac:CardAccount/cbc:NetworkID
    cac:CardAccount/cbc:HolderName cac:PayeeFinancialAccount/cbc:ID cac:PayeeFinancialAccount/cbc:Name
    cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID cac:PaymentMandate/cbc:ID
    cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID
"""
_TOTALS = """
    cbc:LineExtensionAmount cbc:AllowanceTotalAmount cbc:ChargeTotalAmount cbc:TaxExclusiveAmount cbc:TaxInclusiveAmount
    cbc:PrepaidAmount cbc:PayableRoundingAmount cbc:PayableAmount
"""
_ATTACHMENT = """
    cbc:ID cbc:DocumentTypeCode cbc:DocumentDescription cac:Attachment/cbc:EmbeddedDocumentBinaryObject
    cac:Attachment/cac:ExternalReference/cbc:URI
"""
_LINE = """
    cbc:ID cbc:Note cbc:LineExtensionAmount cbc:AccountingCost cac:OrderLineReference/cbc:LineID cac:Price/cbc:PriceAmount
    cac:Price/cbc:BaseQuantity cac:Price/cac:AllowanceCharge/cbc:ChargeIndicator cac:Price/cac:AllowanceCharge/cbc:Amount
    cac:Price/cac:AllowanceCharge/cbc:BaseAmount
"""
_ITEM = """
    cbc:Name cbc:Description cac:BuyersItemIdentification/cbc:ID cac:SellersItemIdentification/cbc:ID
    cac:StandardItemIdentification/cbc:ID cac:CommodityClassification/cbc:ItemClassificationCode
    cac:OriginCountry/cbc:IdentificationCode cac:AdditionalItemProperty/cbc:Name cac:AdditionalItemProperty/cbc:Value
"""
_DOCUMENT = """
    cbc:UBLVersionID cbc:CustomizationID cbc:ProfileID cbc:ID cbc:IssueDate cbc:Note cbc:TaxPointDate
    cbc:DocumentCurrencyCode cbc:TaxCurrencyCode cbc:AccountingCost cbc:BuyerReference cac:OrderReference/cbc:ID
    cac:OrderReference/cbc:SalesOrderID cac:DespatchDocumentReference/cbc:ID cac:ReceiptDocumentReference/cbc:ID
    cac:OriginatorDocumentReference/cbc:ID cac:ContractDocumentReference/cbc:ID cac:PaymentTerms/cbc:Note
    cac:TaxTotal/cbc:TaxAmount cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount
"""


def _common(line: str) -> tuple[str, ...]:
    return (
        *_DOCUMENT.split(),
        *_below("cac:InvoicePeriod", _PERIOD, "cbc:DescriptionCode"),
        *_below("cac:BillingReference/cac:InvoiceDocumentReference", "cbc:ID cbc:IssueDate"),
        *_below("cac:AdditionalDocumentReference", _ATTACHMENT),
        *_below("cac:AccountingSupplierParty/cac:Party", _PARTY, "cac:PartyLegalEntity/cbc:CompanyLegalForm"),
        *_below("cac:AccountingSupplierParty/cac:Party/cac:PostalAddress", _ADDRESS),
        *_below("cac:AccountingCustomerParty/cac:Party", _PARTY),
        *_below("cac:AccountingCustomerParty/cac:Party/cac:PostalAddress", _ADDRESS),
        *_below("cac:Delivery", "cbc:ActualDeliveryDate cac:DeliveryLocation/cbc:ID cac:DeliveryParty/cac:PartyName/cbc:Name"),
        *_below("cac:Delivery/cac:DeliveryLocation/cac:Address", _ADDRESS),
        *_below("cac:PaymentMeans", _PAYMENT),
        *_below("cac:AllowanceCharge", _ALLOWANCE),
        *_below("cac:AllowanceCharge/cac:TaxCategory", _CATEGORY),
        *_below("cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory", _CATEGORY, "cbc:TaxExemptionReasonCode cbc:TaxExemptionReason"),
        *_below("cac:LegalMonetaryTotal", _TOTALS),
        *_below(line, _LINE),
        *_below(f"{line}/cac:InvoicePeriod", _PERIOD),
        *_below(f"{line}/cac:AllowanceCharge", _ALLOWANCE),
        *_below(f"{line}/cac:Item", _ITEM),
        *_below(f"{line}/cac:Item/cac:ClassifiedTaxCategory", _CATEGORY),
    )  # fmt: skip


USED_IN_INVOICE = (
    *_common("cac:InvoiceLine"),
    *("cbc:DueDate", "cbc:InvoiceTypeCode", "cac:ProjectReference/cbc:ID", "cac:InvoiceLine/cbc:InvoicedQuantity"),
)
USED_IN_CREDIT_NOTE = (
    *_common("cac:CreditNoteLine"),
    *("cbc:CreditNoteTypeCode", "cac:PaymentMeans/cbc:PaymentDueDate", "cac:CreditNoteLine/cbc:CreditedQuantity"),
)
