"""UBL 2.1 invoices and credit notes: where each field of the model stands (EN 16931-3-2, and the habits of legacy Chorus Pro)."""

import re
from collections.abc import Mapping

from flux.formats.mapping import Choice, Field, Group, Parts, Row, Table, under
from flux.formats.tree import Element
from flux.formats.ubl_names import CREDIT_NOTE_NAMESPACE, INVOICE_NAMESPACE, PREFIXES
from flux.formats.ubl_used import USED_IN_CREDIT_NOTE, USED_IN_INVOICE

INVOICE_ROOT = f"{{{INVOICE_NAMESPACE}}}Invoice"
CREDIT_NOTE_ROOT = f"{{{CREDIT_NOTE_NAMESPACE}}}CreditNote"


def is_credit_note(root: Element) -> bool:
    """True for the root element of a UBL credit note."""
    return bool(root.tag == CREDIT_NOTE_ROOT)


_CODED_NOTE = re.compile(r"\s*#([A-Z]{3})#(.*)", re.DOTALL)


def split_note(text: str) -> Mapping[str, str]:
    """Subject code and text of a note written `#CODE#text`; a note without a code is all text (EN 16931-3-2, BT-21)."""
    coded = _CODED_NOTE.fullmatch(text)
    parts = {"subject_code": coded[1], "text": coded[2]} if coded else {"text": text}
    return {**parts, "written": text}


ADDRESS: tuple[Row, ...] = (
    Field("cbc:StreetName", "line1"),
    Field("cbc:AdditionalStreetName", "line2"),
    Field("cac:AddressLine/cbc:Line", "line3"),
    Field("cbc:CityName", "city"),
    Field("cbc:PostalZone", "post_code"),
    Field("cbc:CountrySubentity", "subdivision"),
    Field("cac:Country/cbc:IdentificationCode", "country"),
)

CONTACT: tuple[Row, ...] = (
    Field("cbc:ID", "identifier"),
    Field("cbc:Name", "name"),
    Field("cbc:Telephone", "telephone"),
    Field("cbc:ElectronicMail", "email"),
)

# Legacy Chorus Pro writes the type of an identifier in schemeName ("1" for a SIRET), and an address under the legal entity.
_COMMON_PARTY: tuple[Row, ...] = (
    Field("cbc:EndpointID", "electronic_addresses", "schemeID"),
    Field("cac:PartyIdentification/cbc:ID", "identifiers", "schemeID|schemeName", is_many=True),
    Group("cac:PostalAddress", "addresses", ADDRESS),
    Choice(
        "cac:PartyTaxScheme",
        by="cac:TaxScheme/cbc:ID",
        cases={"VAT": (Field("cbc:CompanyID", "vat_identifiers"),)},
        otherwise=(Field("cbc:CompanyID", "tax_registrations"),),
    ),
    Field("cac:PartyLegalEntity/cbc:CompanyID", "legal_identifiers", "schemeID|schemeName"),
    Field("cac:PartyLegalEntity/cbc:CompanyLegalForm", "legal_information"),
    Group("cac:PartyLegalEntity/cac:RegistrationAddress", "registered_addresses", ADDRESS),
    Group("cac:Contact", "contacts", CONTACT),
)

TRADING_PARTY: tuple[Row, ...] = (
    *_COMMON_PARTY,
    Field("cac:PartyLegalEntity/cbc:RegistrationName", "name"),
    Field("cac:PartyName/cbc:Name", "trading_name"),
)

# The payee and the tax representative bear their name (BT-59, BT-62) where the others bear their trading name.
NAMED_PARTY: tuple[Row, ...] = (*_COMMON_PARTY, Field("cac:PartyName/cbc:Name", "name"))

# A line says in a reference to its own invoice which line it details, and as what.
LINE_REFERENCE: tuple[Row, ...] = (
    Field("cac:InvoiceDocumentReference/cbc:ID", "number"),
    Field("cac:InvoiceDocumentReference/cbc:IssueDate", "issue_date"),
    Field("cac:InvoiceDocumentReference/cbc:DocumentTypeCode", "type_code"),
    Field("cac:InvoiceDocumentReference/cbc:DocumentStatusCode", "status"),
    Field("cac:BillingReferenceLine/cbc:ID", "parent_line"),
)

OBJECT_REFERENCE: tuple[Row, ...] = (
    Field("cbc:ID", "identifier", "schemeID"),
    Field("cbc:DocumentTypeCode", "type_code"),
)

PERIOD: tuple[Row, ...] = (Field("cbc:StartDate", "start"), Field("cbc:EndDate", "end"))

PRECEDING_INVOICE: tuple[Row, ...] = (
    Field("cac:InvoiceDocumentReference/cbc:ID", "number"),
    Field("cac:InvoiceDocumentReference/cbc:IssueDate", "issue_date"),
    Field("cac:InvoiceDocumentReference/cbc:DocumentTypeCode", "type_code"),
)

# DocumentType is legacy Chorus Pro's: 01 the invoice itself, 02 any other file.
ATTACHMENT: tuple[Row, ...] = (
    Field("cbc:ID", "reference", "schemeID"),
    Field("cbc:DocumentTypeCode", "type_code"),
    Field("cbc:DocumentType", "type_code"),
    Field("cbc:DocumentDescription", "description"),
    Field("cac:Attachment/cac:ExternalReference/cbc:URI", "location"),
    Field("cac:Attachment/cbc:EmbeddedDocumentBinaryObject", "content"),
    Field("cac:Attachment/cbc:EmbeddedDocumentBinaryObject/@mimeCode", "mime_code"),
    Field("cac:Attachment/cbc:EmbeddedDocumentBinaryObject/@filename", "filename"),
)

INVOICED_OBJECT: tuple[Row, ...] = (
    Field("cbc:ID", "invoiced_object", "schemeID"),
    Field("cbc:DocumentDescription", "descriptions"),
)

PROJECT: tuple[Row, ...] = (Field("cbc:ID", "project", "schemeID"), Field("cbc:DocumentDescription", "descriptions"))

DELIVERY: tuple[Row, ...] = (
    Field("cac:DeliveryParty/cac:PartyName/cbc:Name", "name"),
    Field("cac:DeliveryLocation/cbc:ID", "location", "schemeID"),
    Field("cac:DeliveryParty/cac:PartyLegalEntity/cbc:CompanyID", "legal_identifiers", "schemeID"),
    Field("cbc:ActualDeliveryDate", "date"),
    Group("cac:DeliveryLocation/cac:Address", "addresses", ADDRESS),
)

ACCOUNT: tuple[Row, ...] = (
    Field("cbc:ID", "identifier", "schemeID"),
    Field("cbc:Name", "name"),
    Field("cac:FinancialInstitutionBranch/cbc:ID", "bic"),
)

PAYMENT_MEANS: tuple[Row, ...] = (
    Field("cbc:PaymentMeansCode", "code"),
    Field("cbc:PaymentMeansCode/@name", "text"),
    Field("cbc:PaymentID", "remittance"),
    Group("cac:PayeeFinancialAccount", "accounts", ACCOUNT),
    Field("cac:CardAccount/cbc:PrimaryAccountNumberID", "card_number"),
    Field("cac:CardAccount/cbc:HolderName", "card_holder"),
    Field("cac:PaymentMandate/cbc:ID", "mandate"),
    Field("cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID", "debited_account"),
)

TAX_CATEGORY: tuple[Row, ...] = (
    Field("cbc:ID", "code"),
    Field("cbc:Percent", "rate"),
    Field("cac:TaxScheme/cbc:ID", "scheme"),
    Field("cbc:TaxExemptionReason", "exemption_reason"),
    Field("cbc:TaxExemptionReasonCode", "exemption_code"),
)

ALLOWANCE_CHARGE: tuple[Row, ...] = (
    Field("cbc:ChargeIndicator", "is_charge"),
    Field("cbc:Amount", "amount", "currencyID"),
    Field("cbc:BaseAmount", "base_amount", "currencyID"),
    Field("cbc:MultiplierFactorNumeric", "percentage"),
    Group("cac:TaxCategory", "tax_categories", TAX_CATEGORY),
    Field("cbc:AllowanceChargeReason", "reason"),
    Field("cbc:AllowanceChargeReasonCode", "reason_code", "listID"),
)

VAT_BREAKDOWN: tuple[Row, ...] = (
    Field("cbc:TaxableAmount", "base", "currencyID"),
    Field("cbc:TaxAmount", "tax", "currencyID"),
    Field("cac:TaxCategory/cbc:ID", "category"),
    Field("cac:TaxCategory/cbc:Percent", "rate"),
    Field("cac:TaxCategory/cac:TaxScheme/cbc:ID", "scheme"),
    Field("cac:TaxCategory/cbc:TaxExemptionReason", "exemption_reason"),
    Field("cac:TaxCategory/cbc:TaxExemptionReasonCode", "exemption_code"),
    Field("cac:TaxCategory/cac:TaxScheme/cbc:TaxTypeCode", "due_on"),  # legacy Chorus Pro
)

TOTALS: tuple[Row, ...] = (
    Field("cbc:LineExtensionAmount", "lines", "currencyID"),
    Field("cbc:AllowanceTotalAmount", "allowances", "currencyID"),
    Field("cbc:ChargeTotalAmount", "charges", "currencyID"),
    Field("cbc:TaxExclusiveAmount", "without_vat", "currencyID"),
    Field("cbc:TaxInclusiveAmount", "with_vat", "currencyID"),
    Field("cbc:PrepaidAmount", "paid", "currencyID"),
    Field("cbc:PayableRoundingAmount", "rounding", "currencyID"),
    Field("cbc:PayableAmount", "due", "currencyID"),
)

ITEM_ATTRIBUTE: tuple[Row, ...] = (
    Field("cbc:Name", "name"),
    Field("cbc:NameCode", "name_code"),
    Field("cbc:Value", "value"),
    Field("cbc:ValueQuantity", "value_quantity", "unitCode"),
)

TAX_TOTAL: tuple[Row, ...] = (
    Field("cbc:TaxAmount", "amount", "currencyID"),
    Group("cac:TaxSubtotal", "breakdown", VAT_BREAKDOWN),
)

PRICE_ALLOWANCE: tuple[Row, ...] = (
    Field("cbc:ChargeIndicator", "is_charge"),
    Field("cbc:AllowanceChargeReasonCode", "reason_code", "listID"),
)

_COMMON_LINE: tuple[Row, ...] = (
    Field("cbc:ID", "identifier"),
    Field("cbc:Note", "note"),
    Field("cbc:LineExtensionAmount", "net_amount", "currencyID"),
    Field("cac:OrderLineReference/cbc:LineID", "order_line"),
    Field("cbc:AccountingCost", "accounting_reference"),
    Group("cac:InvoicePeriod", "periods", PERIOD),
    Group("cac:BillingReference", "references", LINE_REFERENCE),
    Group("cac:DocumentReference", "objects", OBJECT_REFERENCE),
    Group("cac:Delivery", "deliveries", DELIVERY),
    Group("cac:TaxTotal", "tax_totals", TAX_TOTAL),
    Group("cac:Item/cac:ManufacturerParty", "sellers", TRADING_PARTY),
    Group("cac:AllowanceCharge", "allowance_charges", ALLOWANCE_CHARGE),
    Field("cac:Price/cbc:PriceAmount", "net_price", "currencyID"),
    Field("cac:DeliveryTerms/cbc:ID", "delivery_terms"),
    Field("cac:Price/cac:AllowanceCharge/cbc:Amount", "price_discount", "currencyID"),
    Group("cac:Price/cac:AllowanceCharge", "price_allowances", PRICE_ALLOWANCE),
    Field("cac:Price/cac:AllowanceCharge/cbc:BaseAmount", "gross_price", "currencyID"),
    Field("cac:Price/cbc:BaseQuantity", "base_quantity", "unitCode"),
    Group("cac:Item/cac:ClassifiedTaxCategory", "tax_categories", TAX_CATEGORY),
    Field("cac:Item/cbc:Name", "item_name"),
    Field("cac:Item/cbc:Description", "item_description"),
    Field("cac:Item/cac:SellersItemIdentification/cbc:ID", "seller_item"),
    Field("cac:Item/cac:BuyersItemIdentification/cbc:ID", "buyer_item"),
    Field("cac:Item/cac:StandardItemIdentification/cbc:ID", "standard_item", "schemeID"),
    Field(
        "cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode",
        "item_classifications",
        "listID",
        is_many=True,
    ),
    Field("cac:Item/cac:OriginCountry/cbc:IdentificationCode", "origin_country"),
    Group("cac:Item/cac:AdditionalItemProperty", "attributes", ITEM_ATTRIBUTE),
)

_COMMON_DOCUMENT: tuple[Row, ...] = (
    Field("ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/*:CategoryCode", "cadre"),  # legacy Chorus Pro
    Field("cbc:CustomizationID", "profile"),
    Field("cbc:ProfileID", "cadre"),
    Field("cbc:ID", "number"),
    Field("cbc:IssueDate", "issue_date"),
    Parts("cbc:Note", "notes", split_note),
    Field("cbc:TaxPointDate", "tax_point_date"),
    Field("cbc:DocumentCurrencyCode", "currency"),
    Field("cbc:TaxCurrencyCode", "vat_currency"),
    Field("cbc:AccountingCost", "accounting_reference"),
    Field("cbc:BuyerReference", "buyer_reference"),
    Group("cac:InvoicePeriod", "periods", PERIOD),
    Field("cac:InvoicePeriod/cbc:DescriptionCode", "tax_point_code"),
    Field("cac:OrderReference/cbc:ID", "order"),
    Field("cac:OrderReference/cbc:SalesOrderID", "sales_order"),
    Group("cac:BillingReference", "preceding_invoices", PRECEDING_INVOICE),
    Field("cac:DespatchDocumentReference/cbc:ID", "despatch"),
    Field("cac:ReceiptDocumentReference/cbc:ID", "receipt"),
    Field("cac:OriginatorDocumentReference/cbc:ID", "tender"),
    Field("cac:ContractDocumentReference/cbc:ID", "contract"),
    Field("cac:ContractDocumentReference/cbc:DocumentTypeCode", "contract_type"),
    Group("cac:AccountingSupplierParty", "sellers", under("cac:Party", TRADING_PARTY)),
    Group("cac:AccountingCustomerParty", "buyers", under("cac:Party", TRADING_PARTY)),
    Group("cac:AccountingSupplierParty/cac:Party/cac:AgentParty", "seller_agents", TRADING_PARTY),
    Group("cac:AccountingSupplierParty/cac:Party/cac:ServiceProviderParty/cac:Party", "invoicers", TRADING_PARTY),
    Group("cac:AccountingCustomerParty/cac:Party/cac:AgentParty", "buyer_agents", TRADING_PARTY),
    Group("cac:AccountingCustomerParty/cac:Party/cac:ServiceProviderParty/cac:Party", "invoicees", NAMED_PARTY),
    Group("cac:PayeeParty", "payees", NAMED_PARTY),
    Group("cac:TaxRepresentativeParty", "tax_representatives", NAMED_PARTY),
    Group("cac:Delivery", "deliveries", DELIVERY),
    Group("cac:PaymentMeans", "payment_means", PAYMENT_MEANS),
    Group("cac:PaymentMeans/cac:PaymentMandate/cac:PayerParty", "payers", TRADING_PARTY),
    Field("cac:PaymentTerms/cbc:Note", "payment_terms"),
    Field("cac:DeliveryTerms/cbc:ID", "delivery_terms"),
    Group("cac:AllowanceCharge", "allowance_charges", ALLOWANCE_CHARGE),
    Group("cac:TaxTotal", "tax_totals", TAX_TOTAL),
    Group("cac:LegalMonetaryTotal", "totals", TOTALS),
)

INVOICE = Table(
    PREFIXES,
    (
        *_COMMON_DOCUMENT,
        Field("cbc:DueDate", "due_date"),
        Field("cac:PaymentMeans/cbc:PaymentDueDate", "payment_due_date"),
        Field("cbc:InvoiceTypeCode", "type_code"),
        Field("cac:ProjectReference/cbc:ID", "project"),
        Choice(
            "cac:AdditionalDocumentReference",
            by="cbc:DocumentTypeCode",
            cases={"130": INVOICED_OBJECT},
            otherwise=(Group(".", "attachments", ATTACHMENT),),
        ),
        Group("cac:InvoiceLine", "lines", (*_COMMON_LINE, Field("cbc:InvoicedQuantity", "quantity", "unitCode"))),
    ),
    USED_IN_INVOICE,
)

# A credit note has no DueDate and no ProjectReference of its own.
CREDIT_NOTE = Table(
    PREFIXES,
    (
        *_COMMON_DOCUMENT,
        Field("cac:PaymentMeans/cbc:PaymentDueDate", "due_date"),
        Field("cbc:CreditNoteTypeCode", "type_code"),
        Choice(
            "cac:AdditionalDocumentReference",
            by="cbc:DocumentTypeCode",
            cases={"130": INVOICED_OBJECT, "50": PROJECT},
            otherwise=(Group(".", "attachments", ATTACHMENT),),
        ),
        Group("cac:CreditNoteLine", "lines", (*_COMMON_LINE, Field("cbc:CreditedQuantity", "quantity", "unitCode"))),
    ),
    USED_IN_CREDIT_NOTE,
)
