"""CII: where each term stands. One row per term: path, place; the text is always x."""

import pytest

from flux.formats.cii import INVOICE
from flux.formats.tree import Element
from flux.model.finding import Place
from flux.model.invoice import Invoice
from flux.model.term import Term
from tests.unit.formats.documents import cii, cii_transaction, term_at

A, D, T = "ApplicableHeaderTradeAgreement", "ApplicableHeaderTradeDelivery", "ApplicableHeaderTradeSettlement"
L = "IncludedSupplyChainTradeLineItem"
PM, MS = f"{T}/SpecifiedTradeSettlementPaymentMeans", f"{T}/SpecifiedTradeSettlementHeaderMonetarySummation"

CONTEXT = [
    ("rsm:ExchangedDocumentContext/ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID", ("cadre", 0)),
    ("rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", ("profile", 0)),
    ("rsm:ExchangedDocument/ram:ID", ("number", 0)),
    ("rsm:ExchangedDocument/ram:TypeCode", ("type_code", 0)),
    ("rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString", ("issue_date", 0)),
    ("rsm:ExchangedDocument/ram:IncludedNote/ram:Content", ("notes", 0, "text", 0)),
    ("rsm:ExchangedDocument/ram:IncludedNote/ram:SubjectCode", ("notes", 0, "subject_code", 0)),
]

TRANSACTION = [
    (f"{A}/BuyerReference", ("buyer_reference", 0)),
    (f"{A}/SellerTradeParty/ID", ("sellers", 0, "identifiers", 0)),
    (f"{A}/SellerTradeParty/GlobalID", ("sellers", 0, "identifiers", 0)),
    (f"{A}/SellerTradeParty/Name", ("sellers", 0, "name", 0)),
    (f"{A}/SellerTradeParty/Description", ("sellers", 0, "legal_information", 0)),
    (f"{A}/SellerTradeParty/SpecifiedLegalOrganization/ID", ("sellers", 0, "legal_identifiers", 0)),
    (f"{A}/SellerTradeParty/SpecifiedLegalOrganization/TradingBusinessName", ("sellers", 0, "trading_name", 0)),
    (f"{A}/SellerTradeParty/DefinedTradeContact/PersonName", ("sellers", 0, "contacts", 0, "name", 0)),
    (f"{A}/SellerTradeParty/DefinedTradeContact/DepartmentName", ("sellers", 0, "contacts", 0, "name", 0)),
    (
        f"{A}/SellerTradeParty/DefinedTradeContact/TelephoneUniversalCommunication/CompleteNumber",
        ("sellers", 0, "contacts", 0, "telephone", 0),
    ),
    (
        f"{A}/SellerTradeParty/DefinedTradeContact/EmailURIUniversalCommunication/URIID",
        ("sellers", 0, "contacts", 0, "email", 0),
    ),
    (f"{A}/SellerTradeParty/PostalTradeAddress/LineOne", ("sellers", 0, "addresses", 0, "line1", 0)),
    (f"{A}/SellerTradeParty/PostalTradeAddress/LineTwo", ("sellers", 0, "addresses", 0, "line2", 0)),
    (f"{A}/SellerTradeParty/PostalTradeAddress/LineThree", ("sellers", 0, "addresses", 0, "line3", 0)),
    (f"{A}/SellerTradeParty/PostalTradeAddress/CityName", ("sellers", 0, "addresses", 0, "city", 0)),
    (f"{A}/SellerTradeParty/PostalTradeAddress/PostcodeCode", ("sellers", 0, "addresses", 0, "post_code", 0)),
    (
        f"{A}/SellerTradeParty/PostalTradeAddress/CountrySubDivisionName",
        ("sellers", 0, "addresses", 0, "subdivision", 0),
    ),
    (f"{A}/SellerTradeParty/PostalTradeAddress/CountryID", ("sellers", 0, "addresses", 0, "country", 0)),
    (f"{A}/SellerTradeParty/URIUniversalCommunication/URIID", ("sellers", 0, "electronic_addresses", 0)),
    (f"{A}/BuyerTradeParty/GlobalID", ("buyers", 0, "identifiers", 0)),
    (f"{A}/SellerTaxRepresentativeTradeParty/Name", ("tax_representatives", 0, "name", 0)),
    (f"{A}/SellerOrderReferencedDocument/IssuerAssignedID", ("sales_order", 0)),
    (f"{A}/BuyerOrderReferencedDocument/IssuerAssignedID", ("order", 0)),
    (f"{A}/ContractReferencedDocument/IssuerAssignedID", ("contract", 0)),
    (f"{A}/ContractReferencedDocument/ReferenceTypeCode", ("contract_type", 0)),
    (f"{T}/InvoiceeTradeParty/Name", ("invoicees", 0, "name", 0)),
    (f"{A}/SpecifiedProcuringProject/ID", ("project", 0)),
    (f"{A}/AdditionalReferencedDocument/IssuerAssignedID", ("attachments", 0, "reference", 0)),
    (f"{A}/AdditionalReferencedDocument/Name", ("attachments", 0, "description", 0)),
    (f"{A}/AdditionalReferencedDocument/URIID", ("attachments", 0, "location", 0)),
    (f"{D}/ShipToTradeParty/ID", ("deliveries", 0, "location", 0)),
    (f"{D}/ShipToTradeParty/GlobalID", ("deliveries", 0, "location", 0)),
    (f"{D}/ShipToTradeParty/Name", ("deliveries", 0, "name", 0)),
    (f"{D}/ShipToTradeParty/PostalTradeAddress/CountryID", ("deliveries", 0, "addresses", 0, "country", 0)),
    (f"{D}/DespatchAdviceReferencedDocument/IssuerAssignedID", ("despatch", 0)),
    (f"{D}/ReceivingAdviceReferencedDocument/IssuerAssignedID", ("receipt", 0)),
    (f"{T}/CreditorReferenceID", ("creditor_identifier", 0)),
    (f"{T}/PaymentReference", ("payment_means", 0, "remittance", 0)),
    (f"{T}/TaxCurrencyCode", ("vat_currency", 0)),
    (f"{T}/InvoiceCurrencyCode", ("currency", 0)),
    (f"{T}/PayeeTradeParty/Name", ("payees", 0, "name", 0)),
    (f"{PM}/TypeCode", ("payment_means", 0, "code", 0)),
    (f"{PM}/Information", ("payment_means", 0, "text", 0)),
    (f"{PM}/ApplicableTradeSettlementFinancialCard/ID", ("payment_means", 0, "card_number", 0)),
    (f"{PM}/ApplicableTradeSettlementFinancialCard/CardholderName", ("payment_means", 0, "card_holder", 0)),
    (f"{PM}/PayerPartyDebtorFinancialAccount/IBANID", ("payment_means", 0, "debited_account", 0)),
    (f"{PM}/PayeePartyCreditorFinancialAccount/IBANID", ("payment_means", 0, "accounts", 0, "identifier", 0)),
    (f"{PM}/PayeePartyCreditorFinancialAccount/AccountName", ("payment_means", 0, "accounts", 0, "name", 0)),
    (f"{PM}/PayeePartyCreditorFinancialAccount/ProprietaryID", ("payment_means", 0, "accounts", 0, "proprietary", 0)),
    (f"{PM}/PayeeSpecifiedCreditorFinancialInstitution/BICID", ("payment_means", 0, "bic", 0)),
    (f"{T}/ApplicableTradeTax/CalculatedAmount", ("tax_totals", 0, "breakdown", 0, "tax", 0)),
    (f"{T}/ApplicableTradeTax/BasisAmount", ("tax_totals", 0, "breakdown", 0, "base", 0)),
    (f"{T}/ApplicableTradeTax/CategoryCode", ("tax_totals", 0, "breakdown", 0, "category", 0)),
    (f"{T}/ApplicableTradeTax/RateApplicablePercent", ("tax_totals", 0, "breakdown", 0, "rate", 0)),
    (f"{T}/ApplicableTradeTax/ExemptionReason", ("tax_totals", 0, "breakdown", 0, "exemption_reason", 0)),
    (f"{T}/ApplicableTradeTax/ExemptionReasonCode", ("tax_totals", 0, "breakdown", 0, "exemption_code", 0)),
    (f"{T}/ApplicableTradeTax/DueDateTypeCode", ("tax_point_code", 0)),
    (f"{T}/SpecifiedTradeAllowanceCharge/ActualAmount", ("allowance_charges", 0, "amount", 0)),
    (f"{T}/SpecifiedTradeAllowanceCharge/BasisAmount", ("allowance_charges", 0, "base_amount", 0)),
    (f"{T}/SpecifiedTradeAllowanceCharge/CalculationPercent", ("allowance_charges", 0, "percentage", 0)),
    (f"{T}/SpecifiedTradeAllowanceCharge/Reason", ("allowance_charges", 0, "reason", 0)),
    (f"{T}/SpecifiedTradeAllowanceCharge/ReasonCode", ("allowance_charges", 0, "reason_code", 0)),
    (
        f"{T}/SpecifiedTradeAllowanceCharge/CategoryTradeTax/CategoryCode",
        ("allowance_charges", 0, "tax_categories", 0, "code", 0),
    ),
    (
        f"{T}/SpecifiedTradeAllowanceCharge/CategoryTradeTax/RateApplicablePercent",
        ("allowance_charges", 0, "tax_categories", 0, "rate", 0),
    ),
    (f"{T}/SpecifiedTradePaymentTerms/Description", ("payment_terms", 0)),
    (f"{T}/SpecifiedTradePaymentTerms/DirectDebitMandateID", ("payment_means", 0, "mandate", 0)),
    (f"{MS}/LineTotalAmount", ("totals", 0, "lines", 0)),
    (f"{MS}/AllowanceTotalAmount", ("totals", 0, "allowances", 0)),
    (f"{MS}/ChargeTotalAmount", ("totals", 0, "charges", 0)),
    (f"{MS}/TaxBasisTotalAmount", ("totals", 0, "without_vat", 0)),
    (f"{MS}/TaxTotalAmount", ("tax_totals", 0, "amount", 0)),
    (f"{MS}/GrandTotalAmount", ("totals", 0, "with_vat", 0)),
    (f"{MS}/TotalPrepaidAmount", ("totals", 0, "paid", 0)),
    (f"{MS}/RoundingAmount", ("totals", 0, "rounding", 0)),
    (f"{MS}/DuePayableAmount", ("totals", 0, "due", 0)),
    (f"{T}/InvoiceReferencedDocument/IssuerAssignedID", ("preceding_invoices", 0, "number", 0)),
    (f"{T}/InvoiceReferencedDocument/TypeCode", ("preceding_invoices", 0, "type_code", 0)),
    (f"{T}/ReceivableSpecifiedTradeAccountingAccount/ID", ("accounting_reference", 0)),
    (f"{L}/AssociatedDocumentLineDocument/LineID", ("lines", 0, "identifier", 0)),
    (f"{L}/AssociatedDocumentLineDocument/IncludedNote/Content", ("lines", 0, "note", 0)),
    (f"{L}/SpecifiedTradeProduct/GlobalID", ("lines", 0, "standard_item", 0)),
    (f"{L}/SpecifiedTradeProduct/SellerAssignedID", ("lines", 0, "seller_item", 0)),
    (f"{L}/SpecifiedTradeProduct/BuyerAssignedID", ("lines", 0, "buyer_item", 0)),
    (f"{L}/SpecifiedTradeProduct/Name", ("lines", 0, "item_name", 0)),
    (f"{L}/SpecifiedTradeProduct/Description", ("lines", 0, "item_description", 0)),
    (f"{L}/SpecifiedTradeProduct/DesignatedProductClassification/ClassCode", ("lines", 0, "item_classifications", 0)),
    (f"{L}/SpecifiedTradeProduct/OriginTradeCountry/ID", ("lines", 0, "origin_country", 0)),
    (f"{L}/SpecifiedLineTradeAgreement/BuyerOrderReferencedDocument/LineID", ("lines", 0, "order_line", 0)),
    (f"{L}/SpecifiedLineTradeAgreement/GrossPriceProductTradePrice/ChargeAmount", ("lines", 0, "gross_price", 0)),
    (
        f"{L}/SpecifiedLineTradeAgreement/GrossPriceProductTradePrice/AppliedTradeAllowanceCharge/ActualAmount",
        ("lines", 0, "price_discount", 0),
    ),
    (f"{L}/SpecifiedLineTradeAgreement/NetPriceProductTradePrice/ChargeAmount", ("lines", 0, "net_price", 0)),
    (f"{L}/SpecifiedLineTradeAgreement/NetPriceProductTradePrice/BasisQuantity", ("lines", 0, "base_quantity", 0)),
    (f"{L}/SpecifiedLineTradeDelivery/BilledQuantity", ("lines", 0, "quantity", 0)),
    (f"{L}/SpecifiedLineTradeSettlement/ApplicableTradeTax/CategoryCode", ("lines", 0, "tax_categories", 0, "code", 0)),
    (
        f"{L}/SpecifiedLineTradeSettlement/ApplicableTradeTax/RateApplicablePercent",
        ("lines", 0, "tax_categories", 0, "rate", 0),
    ),
    (
        f"{L}/SpecifiedLineTradeSettlement/SpecifiedTradeAllowanceCharge/ActualAmount",
        ("lines", 0, "allowance_charges", 0, "amount", 0),
    ),
    (
        f"{L}/SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount",
        ("lines", 0, "net_amount", 0),
    ),
    (
        f"{L}/SpecifiedLineTradeSettlement/ReceivableSpecifiedTradeAccountingAccount/ID",
        ("lines", 0, "accounting_reference", 0),
    ),
]

# Parties, references and totals of the French extension.
EXTENSION = [
    (f"{A}/SalesAgentTradeParty/GlobalID", ("seller_agents", 0, "identifiers", 0)),
    (f"{A}/BuyerAgentTradeParty/URIUniversalCommunication/URIID", ("buyer_agents", 0, "electronic_addresses", 0)),
    (f"{T}/InvoicerTradeParty/GlobalID", ("invoicers", 0, "identifiers", 0)),
    (f"{T}/PayerTradeParty/SpecifiedLegalOrganization/ID", ("payers", 0, "legal_identifiers", 0)),
    (f"{D}/ShipToTradeParty/SpecifiedLegalOrganization/ID", ("deliveries", 0, "legal_identifiers", 0)),
    (f"{L}/AssociatedDocumentLineDocument/ParentLineID", ("lines", 0, "parent_line", 0)),
    (f"{L}/AssociatedDocumentLineDocument/LineStatusReasonCode", ("lines", 0, "status", 0)),
    (f"{L}/SpecifiedLineTradeAgreement/ItemSellerTradeParty/Name", ("lines", 0, "sellers", 0, "name", 0)),
    (f"{L}/SpecifiedLineTradeDelivery/ShipToTradeParty/GlobalID", ("lines", 0, "deliveries", 0, "location", 0)),
    (
        f"{L}/SpecifiedLineTradeSettlement/InvoiceReferencedDocument/IssuerAssignedID",
        ("lines", 0, "references", 0, "number", 0),
    ),
    (
        f"{L}/SpecifiedLineTradeSettlement/AdditionalReferencedDocument/IssuerAssignedID",
        ("lines", 0, "objects", 0, "identifier", 0),
    ),
    (
        f"{L}/SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/TaxTotalAmount",
        ("lines", 0, "tax_totals", 0, "amount", 0),
    ),
    (
        f"{L}/SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/GrandTotalAmount",
        ("lines", 0, "total_with_vat", 0),
    ),
]

# Dates and indicators stand one level deeper, in another namespace.
TYPED = [
    (f"{T}/ApplicableTradeTax/TaxPointDate", "udt:DateString", ("tax_point_date", 0)),
    (f"{T}/BillingSpecifiedPeriod/StartDateTime", "udt:DateTimeString", ("periods", 0, "start", 0)),
    (f"{T}/BillingSpecifiedPeriod/EndDateTime", "udt:DateTimeString", ("periods", 0, "end", 0)),
    (f"{T}/SpecifiedTradePaymentTerms/DueDateDateTime", "udt:DateTimeString", ("due_date", 0)),
    (
        f"{T}/InvoiceReferencedDocument/FormattedIssueDateTime",
        "qdt:DateTimeString",
        ("preceding_invoices", 0, "issue_date", 0),
    ),
    (
        f"{D}/ActualDeliverySupplyChainEvent/OccurrenceDateTime",
        "udt:DateTimeString",
        ("deliveries", 0, "date", 0),
    ),
    (
        f"{L}/SpecifiedLineTradeSettlement/BillingSpecifiedPeriod/StartDateTime",
        "udt:DateTimeString",
        ("lines", 0, "periods", 0, "start", 0),
    ),
]


def nest(path: str, attributes: str = "", text: str = "x") -> str:
    """XML for a path, the steps without a prefix being of `ram`."""
    *aggregates, leaf = (step if ":" in step else f"ram:{step}" for step in path.split("/"))
    inner = f"<{leaf}{attributes}>{text}</{leaf}>"
    for aggregate in reversed(aggregates):
        inner = f"<{aggregate}>{inner}</{aggregate}>"
    return inner


def transaction(body: str) -> Element:
    return cii(f"<rsm:SupplyChainTradeTransaction>{body}</rsm:SupplyChainTradeTransaction>")


def read(body: str) -> Invoice:
    return INVOICE.read(transaction(body))


@pytest.mark.parametrize(("path", "place"), CONTEXT)
def test_a_term_of_the_document_goes_to_its_field(path: str, place: Place) -> None:
    assert term_at(INVOICE.read(cii(nest(path))), place) == Term("x")


@pytest.mark.parametrize(("path", "place"), TRANSACTION + EXTENSION)
def test_a_term_of_the_transaction_goes_to_its_field_and_nowhere_else(path: str, place: Place) -> None:
    root = transaction(nest(path))
    assert [found for found, element in INVOICE.places(root) if not len(element)] == [place]
    assert term_at(INVOICE.read(root), place) == Term("x")


@pytest.mark.parametrize(("path", "leaf", "place"), TYPED)
def test_a_date_keeps_its_format(path: str, leaf: str, place: Place) -> None:
    assert term_at(read(nest(f"{path}/{leaf}", ' format="102"', "20261120")), place) == Term("20261120", "102")


def test_a_date_without_a_format_is_read_all_the_same() -> None:
    root = cii(nest("rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString", text="20261120"))
    assert INVOICE.read(root).issue_date == (Term("20261120"),)


def test_the_charge_indicator_is_kept_as_written() -> None:
    charge = nest(f"{T}/SpecifiedTradeAllowanceCharge/ChargeIndicator/udt:Indicator", text="true")
    assert read(charge).allowance_charges[0].is_charge == (Term("true"),)


# The scheme of a tax registration, and its field.
REGISTRATIONS = [("VA", "vat_identifiers"), ("FC", "tax_registrations"), ("va", "vat_identifiers")]


@pytest.mark.parametrize(("scheme", "field"), REGISTRATIONS)
def test_the_scheme_tells_a_vat_number_from_another(scheme: str, field: str) -> None:
    seller = read(nest(f"{A}/SellerTradeParty/SpecifiedTaxRegistration/ID", f' schemeID="{scheme}"')).seller
    assert getattr(seller, field) == (Term("x", scheme),)


# path, attribute, place
QUALIFIED = [
    (f"{A}/SellerTradeParty/GlobalID", "schemeID", ("sellers", 0, "identifiers", 0)),
    # legacy Chorus Pro: schemeID="1" is a SIRET
    (f"{A}/SellerTradeParty/SpecifiedLegalOrganization/ID", "schemeID", ("sellers", 0, "legal_identifiers", 0)),
    (f"{A}/SellerTradeParty/URIUniversalCommunication/URIID", "schemeID", ("sellers", 0, "electronic_addresses", 0)),
    (f"{MS}/TaxTotalAmount", "currencyID", ("tax_totals", 0, "amount", 0)),
    (f"{L}/SpecifiedLineTradeDelivery/BilledQuantity", "unitCode", ("lines", 0, "quantity", 0)),
    (
        f"{L}/SpecifiedTradeProduct/DesignatedProductClassification/ClassCode",
        "listID",
        ("lines", 0, "item_classifications", 0),
    ),
]


@pytest.mark.parametrize(("path", "attribute", "place"), QUALIFIED)
def test_the_attribute_that_qualifies_a_term_is_kept(path: str, attribute: str, place: Place) -> None:
    assert term_at(read(nest(path, f' {attribute}="q"')), place) == Term("x", "q")


def additional(type_code: str) -> str:
    reference = "<ram:IssuerAssignedID>x</ram:IssuerAssignedID>"
    rest = f"<ram:TypeCode>{type_code}</ram:TypeCode><ram:ReferenceTypeCode>ABT</ram:ReferenceTypeCode>"
    return f"<ram:AdditionalReferencedDocument>{reference}{rest}</ram:AdditionalReferencedDocument>"


def test_the_type_of_a_reference_says_what_it_is() -> None:
    invoice = INVOICE.read(cii_transaction(agreement=additional("130") + additional("50") + additional("916")))
    assert invoice.invoiced_object == (Term("x", "ABT"),)
    assert invoice.tender == (Term("x", "ABT"),)
    assert [attachment.reference for attachment in invoice.attachments] == [(Term("x", "ABT"),)]


def test_remittance_account_and_mandate_meet_in_one_payment_means() -> None:
    account = nest("PayeePartyCreditorFinancialAccount/IBANID", text="iban")
    bank = nest("PayeeSpecifiedCreditorFinancialInstitution/BICID", text="bic")
    means = f"<ram:SpecifiedTradeSettlementPaymentMeans>{account}{bank}</ram:SpecifiedTradeSettlementPaymentMeans>"
    terms = nest("SpecifiedTradePaymentTerms/DirectDebitMandateID", text="mandate")
    (held,) = INVOICE.read(cii_transaction(settlement=nest("PaymentReference") + means + terms)).payment_means
    assert (held.remittance, held.mandate) == ((Term("x"),), (Term("mandate"),))
    assert [account.identifier for account in held.accounts] == [(Term("iban"),)]
    assert held.bic == (Term("bic"),)


def test_each_bank_goes_with_the_account_of_its_own_means() -> None:
    means = "".join(
        "<ram:SpecifiedTradeSettlementPaymentMeans>"
        + nest("PayeePartyCreditorFinancialAccount/IBANID", text=f"iban{number}")
        + nest("PayeeSpecifiedCreditorFinancialInstitution/BICID", text=f"bic{number}")
        + "</ram:SpecifiedTradeSettlementPaymentMeans>"
        for number in (1, 2)
    )
    held = INVOICE.read(cii_transaction(settlement=means)).payment_means
    assert [(each.accounts[0].identifier[0].text, each.bic[0].text) for each in held] == [
        ("iban1", "bic1"),
        ("iban2", "bic2"),
    ]


def test_an_empty_delivery_element_is_no_delivery() -> None:
    assert INVOICE.read(cii_transaction()) == Invoice(transactions=(Term(""),))


def test_each_exchanged_document_says_how_many_notes_it_holds() -> None:
    note = "<ram:IncludedNote><ram:Content>x</ram:Content></ram:IncludedNote>"
    held = INVOICE.read(
        cii("".join(f"<rsm:ExchangedDocument>{note * count}</rsm:ExchangedDocument>" for count in (2, 0, 1)))
    )
    assert [each.qualifier for each in held.exchanged_documents] == ["2", "0", "1"]
    assert len(held.notes) == 3
