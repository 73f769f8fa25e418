"""UN/CEFACT Cross Industry Invoice D16B and D22B: where each field of the model stands (EN 16931-3-3, and legacy Chorus Pro)."""

from flux.formats.mapping import Choice, Field, Group, Row, Table, under

_STANDARD = "urn:un:unece:uncefact:data:standard:"
INVOICE_NAMESPACE = f"{_STANDARD}CrossIndustryInvoice:100"
INVOICE_ROOT = f"{{{INVOICE_NAMESPACE}}}CrossIndustryInvoice"

PREFIXES = {
    "rsm": INVOICE_NAMESPACE,
    "ram": f"{_STANDARD}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_STANDARD}UnqualifiedDataType:100",
    "qdt": f"{_STANDARD}QualifiedDataType:100",
}

NOTE: tuple[Row, ...] = (Field("ram:SubjectCode", "subject_code"), Field("ram:Content", "text"))

ADDRESS: tuple[Row, ...] = (
    Field("ram:LineOne", "line1"),
    Field("ram:LineTwo", "line2"),
    Field("ram:LineThree", "line3"),
    Field("ram:CityName", "city"),
    Field("ram:PostcodeCode", "post_code"),
    Field("ram:CountrySubDivisionName", "subdivision"),
    Field("ram:CountryID", "country"),
)

CONTACT: tuple[Row, ...] = (
    Field("ram:ID", "identifier"),
    Field("ram:PersonName", "name"),
    Field("ram:DepartmentName", "name"),
    Field("ram:TelephoneUniversalCommunication/ram:CompleteNumber", "telephone"),
    Field("ram:EmailURIUniversalCommunication/ram:URIID", "email"),
)

PARTY: tuple[Row, ...] = (
    # The scheme of an identifier belongs to GlobalID; rules tell apart the one that stands here.
    Field("ram:ID", "identifiers", "|schemeID"),
    Field("ram:GlobalID", "identifiers", "schemeID"),
    Field("ram:Name", "name"),
    Field("ram:Description", "legal_information"),
    Field("ram:SpecifiedLegalOrganization/ram:ID", "legal_identifiers", "schemeID"),
    Field("ram:SpecifiedLegalOrganization/ram:TradingBusinessName", "trading_name"),
    Group("ram:DefinedTradeContact", "contacts", CONTACT),
    Group("ram:PostalTradeAddress", "addresses", ADDRESS),
    Field("ram:URIUniversalCommunication/ram:URIID", "electronic_addresses", "schemeID"),
    Choice(
        "ram:SpecifiedTaxRegistration/ram:ID",
        by="@schemeID",
        cases={"VA": (Field(".", "vat_identifiers", "schemeID"),)},
        otherwise=(Field(".", "tax_registrations", "schemeID"),),
    ),
)

PERIOD: tuple[Row, ...] = (
    Field("ram:StartDateTime/udt:DateTimeString", "start", "format"),
    Field("ram:EndDateTime/udt:DateTimeString", "end", "format"),
)

PRECEDING_INVOICE: tuple[Row, ...] = (
    Field("ram:IssuerAssignedID", "number"),
    Field("ram:TypeCode", "type_code"),
    Field("ram:FormattedIssueDateTime/qdt:DateTimeString", "issue_date", "format"),
)

LINE_REFERENCE: tuple[Row, ...] = PRECEDING_INVOICE

OBJECT_REFERENCE: tuple[Row, ...] = (
    Field("ram:IssuerAssignedID", "identifier"),
    Field("ram:TypeCode", "type_code"),
    Field("ram:ReferenceTypeCode", "scheme"),
)

ATTACHMENT: tuple[Row, ...] = (
    Field("ram:IssuerAssignedID", "reference", "../ram:ReferenceTypeCode"),
    Field("ram:URIID", "location"),
    Field("ram:TypeCode", "type_code"),
    Field("ram:Name", "description"),
    Field("ram:AttachmentBinaryObject", "content"),
    Field("ram:AttachmentBinaryObject/@mimeCode", "mime_code"),
    Field("ram:AttachmentBinaryObject/@filename", "filename"),
)

ACCOUNT: tuple[Row, ...] = (
    Field("ram:IBANID", "identifier"),
    Field("ram:AccountName", "name"),
    Field("ram:ProprietaryID", "proprietary"),
)

PAYMENT_MEANS: tuple[Row, ...] = (
    Field("ram:TypeCode", "code"),
    Field("ram:Information", "text"),
    Field("ram:ApplicableTradeSettlementFinancialCard/ram:ID", "card_number"),
    Field("ram:ApplicableTradeSettlementFinancialCard/ram:CardholderName", "card_holder"),
    Field("ram:PayerPartyDebtorFinancialAccount/ram:IBANID", "debited_account"),
    Group("ram:PayeePartyCreditorFinancialAccount", "accounts", ACCOUNT),
    Field("ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID", "bic"),
)

TAX_CATEGORY: tuple[Row, ...] = (
    Field("ram:CategoryCode", "code"),
    Field("ram:RateApplicablePercent", "rate"),
    Field("ram:TypeCode", "scheme"),
    Field("ram:ExemptionReason", "exemption_reason"),
    Field("ram:ExemptionReasonCode", "exemption_code"),
)

ALLOWANCE_CHARGE: tuple[Row, ...] = (
    Field("ram:ChargeIndicator/udt:Indicator", "is_charge"),
    Field("ram:ActualAmount", "amount", "currencyID"),
    Field("ram:BasisAmount", "base_amount", "currencyID"),
    Field("ram:CalculationPercent", "percentage"),
    Group("ram:CategoryTradeTax", "tax_categories", TAX_CATEGORY),
    Field("ram:Reason", "reason"),
    Field("ram:ReasonCode", "reason_code", "listID"),
)

VAT_BREAKDOWN: tuple[Row, ...] = (
    Field("ram:BasisAmount", "base", "currencyID"),
    Field("ram:CalculatedAmount", "tax", "currencyID"),
    Field("ram:CategoryCode", "category"),
    Field("ram:RateApplicablePercent", "rate"),
    Field("ram:TypeCode", "scheme"),
    Field("ram:ExemptionReason", "exemption_reason"),
    Field("ram:ExemptionReasonCode", "exemption_code"),
)

TOTALS: tuple[Row, ...] = (
    Field("ram:LineTotalAmount", "lines", "currencyID"),
    Field("ram:AllowanceTotalAmount", "allowances", "currencyID"),
    Field("ram:ChargeTotalAmount", "charges", "currencyID"),
    Field("ram:TaxBasisTotalAmount", "without_vat", "currencyID"),
    Field("ram:GrandTotalAmount", "with_vat", "currencyID"),
    Field("ram:TotalPrepaidAmount", "paid", "currencyID"),
    Field("ram:RoundingAmount", "rounding", "currencyID"),
    Field("ram:DuePayableAmount", "due", "currencyID"),
)

ITEM_ATTRIBUTE: tuple[Row, ...] = (
    Field("ram:Description", "name"),
    Field("ram:TypeCode", "name_code"),
    Field("ram:Value", "value"),
    Field("ram:ValueMeasure", "value_quantity", "unitCode"),
)

# One delivery, spread over siblings: there is none where the element is empty, as it often is.
DELIVERY: tuple[Row, ...] = (
    Field("ram:ShipToTradeParty/ram:ID", "deliveries.location", "|schemeID"),
    Field("ram:ShipToTradeParty/ram:GlobalID", "deliveries.location", "schemeID"),
    Field("ram:ShipToTradeParty/ram:SpecifiedLegalOrganization/ram:ID", "deliveries.legal_identifiers", "schemeID"),
    Field("ram:ShipToTradeParty/ram:Name", "deliveries.name"),
    Group("ram:ShipToTradeParty/ram:PostalTradeAddress", "deliveries.addresses", ADDRESS),
    Field("ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/udt:DateTimeString", "deliveries.date", "format"),
)

HEADER_DELIVERY: tuple[Row, ...] = (
    *DELIVERY,
    Field("ram:DespatchAdviceReferencedDocument/ram:IssuerAssignedID", "despatch"),
    Field("ram:ReceivingAdviceReferencedDocument/ram:IssuerAssignedID", "receipt"),
)


PRICE_ALLOWANCE: tuple[Row, ...] = (
    Field("ram:ChargeIndicator/udt:Indicator", "is_charge"),
    Field("ram:ReasonCode", "reason_code", "listID"),
)

SERVICE_CHARGE: tuple[Row, ...] = (
    Field("ram:AppliedAmount", "amount", "currencyID"),
    Group("ram:AppliedTradeTax", "tax_categories", TAX_CATEGORY),
)

LINE: tuple[Row, ...] = (
    Field("ram:AssociatedDocumentLineDocument", "head"),
    Field("ram:AssociatedDocumentLineDocument/ram:LineID", "identifier"),
    Field("ram:AssociatedDocumentLineDocument/ram:ParentLineID", "parent_line"),
    Field("ram:AssociatedDocumentLineDocument/ram:LineStatusReasonCode", "status"),
    Field("ram:AssociatedDocumentLineDocument/ram:IncludedNote/ram:Content", "note"),
    Field("ram:SpecifiedTradeProduct/ram:GlobalID", "standard_item", "schemeID"),
    Field("ram:SpecifiedTradeProduct/ram:SellerAssignedID", "seller_item"),
    Field("ram:SpecifiedTradeProduct/ram:BuyerAssignedID", "buyer_item"),
    Field("ram:SpecifiedTradeProduct/ram:Name", "item_name"),
    Field("ram:SpecifiedTradeProduct/ram:Description", "item_description"),
    Field(
        "ram:SpecifiedTradeProduct/ram:DesignatedProductClassification/ram:ClassCode", "item_classifications", "listID"
    ),
    Field("ram:SpecifiedTradeProduct/ram:OriginTradeCountry/ram:ID", "origin_country", "schemeID"),
    Group("ram:SpecifiedTradeProduct/ram:ApplicableProductCharacteristic", "attributes", ITEM_ATTRIBUTE),
    Field("ram:SpecifiedLineTradeAgreement/ram:BuyerOrderReferencedDocument/ram:LineID", "order_line"),
    Field(
        "ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice/ram:ChargeAmount", "gross_price", "currencyID"
    ),
    Field(
        "ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice/ram:AppliedTradeAllowanceCharge/ram:ActualAmount",
        "price_discount",
        "currencyID",
    ),
    Group(
        "ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice/ram:AppliedTradeAllowanceCharge",
        "price_allowances",
        PRICE_ALLOWANCE,
    ),
    Field("ram:SpecifiedLineTradeAgreement/ram:ApplicableTradeDeliveryTerms/ram:DeliveryTypeCode", "delivery_terms"),
    Field("ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount", "net_price", "currencyID"),
    Field(
        "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:BasisQuantity", "base_quantity", "unitCode"
    ),
    Group("ram:SpecifiedLineTradeAgreement/ram:ItemSellerTradeParty", "sellers", PARTY),
    Field("ram:SpecifiedLineTradeDelivery/ram:BilledQuantity", "quantity", "unitCode"),
    *under("ram:SpecifiedLineTradeDelivery", DELIVERY),
    Group("ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax", "tax_categories", TAX_CATEGORY),
    Group("ram:SpecifiedLineTradeSettlement/ram:BillingSpecifiedPeriod", "periods", PERIOD),
    Group("ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeAllowanceCharge", "allowance_charges", ALLOWANCE_CHARGE),
    Field(
        "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount",
        "net_amount",
        "currencyID",
    ),
    Field(
        "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:TaxTotalAmount",
        "tax_totals.amount",
        "currencyID",
    ),
    Field(
        "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:GrandTotalAmount",
        "total_with_vat",
        "currencyID",
    ),
    Group("ram:SpecifiedLineTradeSettlement/ram:InvoiceReferencedDocument", "references", LINE_REFERENCE),
    Group("ram:SpecifiedLineTradeSettlement/ram:AdditionalReferencedDocument", "objects", OBJECT_REFERENCE),
    Field(
        "ram:SpecifiedLineTradeSettlement/ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID", "accounting_reference"
    ),
)

AGREEMENT: tuple[Row, ...] = (
    Field("ram:BuyerReference", "buyer_reference"),
    Field("ram:ApplicableTradeDeliveryTerms/ram:DeliveryTypeCode", "delivery_terms"),
    Group("ram:SellerTradeParty", "sellers", PARTY),
    Group("ram:BuyerTradeParty", "buyers", PARTY),
    Group("ram:SellerTaxRepresentativeTradeParty", "tax_representatives", PARTY),
    Group("ram:SalesAgentTradeParty", "seller_agents", PARTY),
    Group("ram:BuyerAgentTradeParty", "buyer_agents", PARTY),
    Field("ram:SellerOrderReferencedDocument/ram:IssuerAssignedID", "sales_order"),
    Field("ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID", "order"),
    Field("ram:ContractReferencedDocument/ram:IssuerAssignedID", "contract"),
    Field("ram:ContractReferencedDocument/ram:ReferenceTypeCode", "contract_type"),
    Choice(
        "ram:AdditionalReferencedDocument",
        by="ram:TypeCode",
        cases={
            "50": (
                Field("ram:IssuerAssignedID", "tender", "../ram:ReferenceTypeCode"),
                Field("ram:Name", "descriptions"),
            ),
            "130": (
                Field("ram:IssuerAssignedID", "invoiced_object", "../ram:ReferenceTypeCode"),
                Field("ram:Name", "descriptions"),
            ),
        },
        otherwise=(Group(".", "attachments", ATTACHMENT),),
    ),
    Field("ram:SpecifiedProcuringProject/ram:ID", "project"),
)

# Remittance (BT-83) and mandate (BT-89) stand beside the payment means: they go to the first of these.
SETTLEMENT: tuple[Row, ...] = (
    Field("ram:CreditorReferenceID", "creditor_identifier", "schemeID"),
    Field("ram:PaymentReference", "payment_means.remittance"),
    Field("ram:TaxCurrencyCode", "vat_currency"),
    Field("ram:InvoiceCurrencyCode", "currency"),
    Field("ram:InvoiceIssuerReference", "issuer_service"),  # legacy Chorus Pro
    Group("ram:InvoicerTradeParty", "invoicers", PARTY),
    Group("ram:InvoiceeTradeParty", "invoicees", PARTY),
    Group("ram:PayeeTradeParty", "payees", PARTY),
    Group("ram:PayerTradeParty", "payers", PARTY),
    Group("ram:SpecifiedTradeSettlementPaymentMeans", "payment_means", PAYMENT_MEANS),
    Group("ram:ApplicableTradeTax", "tax_totals.breakdown", VAT_BREAKDOWN),
    Field("ram:ApplicableTradeTax/ram:TaxPointDate/udt:DateString", "tax_point_date", "format"),
    Field("ram:ApplicableTradeTax/ram:DueDateTypeCode", "tax_point_code"),
    Group("ram:BillingSpecifiedPeriod", "periods", PERIOD),
    Group("ram:SpecifiedTradeAllowanceCharge", "allowance_charges", ALLOWANCE_CHARGE),
    Group("ram:SpecifiedLogisticsServiceCharge", "service_charges", SERVICE_CHARGE),
    Field("ram:SpecifiedTradePaymentTerms/ram:Description", "payment_terms"),
    Field("ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString", "due_date", "format"),
    Field("ram:SpecifiedTradePaymentTerms/ram:DirectDebitMandateID", "payment_means.mandate"),
    Group("ram:SpecifiedTradeSettlementHeaderMonetarySummation", "totals", TOTALS),
    Field("ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:TaxTotalAmount", "tax_totals.amount", "currencyID"),
    Group("ram:InvoiceReferencedDocument", "preceding_invoices", PRECEDING_INVOICE),
    Field("ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID", "accounting_reference"),
    Field("ram:SpecifiedFinancialAdjustment/ram:ActualAmount", "adjustments", "currencyID"),
)


INVOICE = Table(
    PREFIXES,
    (
        Field("rsm:ExchangedDocumentContext", "document_contexts"),
        Field("rsm:ExchangedDocument", "exchanged_documents", "count ram:IncludedNote"),
        Field("rsm:SupplyChainTradeTransaction", "transactions"),
        Field("rsm:ExchangedDocumentContext/ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID", "cadre"),
        Field("rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", "profile"),
        Field("rsm:ExchangedDocument/ram:ID", "number"),
        Field("rsm:ExchangedDocument/ram:TypeCode", "type_code"),
        Field("rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString", "issue_date", "format"),
        Group("rsm:ExchangedDocument/ram:IncludedNote", "notes", NOTE),
        *under("rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement", AGREEMENT),
        *under("rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeDelivery", HEADER_DELIVERY),
        *under("rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement", SETTLEMENT),
        Group("rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem", "lines", LINE),
    ),
)
