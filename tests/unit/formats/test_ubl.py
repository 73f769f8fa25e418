"""UBL: where each term stands. One row per term: the XML that holds it, its place, its text, its qualifier."""

from dataclasses import replace

import pytest

from flux.formats.ubl import CREDIT_NOTE, INVOICE
from flux.model.finding import Place
from flux.model.invoice import Delivery, Invoice, Note
from flux.model.term import Term
from tests.unit.formats.documents import term_at, ubl


def bare(*names: str) -> list[tuple[str, str]]:
    return [(f"<cbc:{name.split('>')[0]}>x</cbc:{name.split('>')[0]}>", name.split(">")[1]) for name in names]


DOCUMENT = bare(
    "CustomizationID>profile",
    "ProfileID>cadre",
    "ID>number",
    "IssueDate>issue_date",
    "DueDate>due_date",
    "InvoiceTypeCode>type_code",
    "TaxPointDate>tax_point_date",
    "DocumentCurrencyCode>currency",
    "TaxCurrencyCode>vat_currency",
    "AccountingCost>accounting_reference",
    "BuyerReference>buyer_reference",
)

# Elements nested under the root: path of local names, aggregates before the last one, then the field.
NESTED = [
    ("InvoicePeriod/DescriptionCode", ("tax_point_code", 0)),
    ("InvoicePeriod/StartDate", ("periods", 0, "start", 0)),
    ("InvoicePeriod/EndDate", ("periods", 0, "end", 0)),
    ("OrderReference/ID", ("order", 0)),
    ("OrderReference/SalesOrderID", ("sales_order", 0)),
    ("BillingReference/InvoiceDocumentReference/ID", ("preceding_invoices", 0, "number", 0)),
    ("BillingReference/InvoiceDocumentReference/IssueDate", ("preceding_invoices", 0, "issue_date", 0)),
    ("BillingReference/InvoiceDocumentReference/DocumentTypeCode", ("preceding_invoices", 0, "type_code", 0)),
    ("DespatchDocumentReference/ID", ("despatch", 0)),
    ("ReceiptDocumentReference/ID", ("receipt", 0)),
    ("OriginatorDocumentReference/ID", ("tender", 0)),
    ("ContractDocumentReference/ID", ("contract", 0)),
    ("ContractDocumentReference/DocumentTypeCode", ("contract_type", 0)),
    ("AccountingCustomerParty/Party/ServiceProviderParty/Party/PartyName/Name", ("invoicees", 0, "name", 0)),
    ("ProjectReference/ID", ("project", 0)),
    ("AdditionalDocumentReference/ID", ("attachments", 0, "reference", 0)),
    ("AdditionalDocumentReference/DocumentDescription", ("attachments", 0, "description", 0)),
    ("AdditionalDocumentReference/DocumentTypeCode", ("attachments", 0, "type_code", 0)),
    ("AdditionalDocumentReference/DocumentType", ("attachments", 0, "type_code", 0)),
    ("AdditionalDocumentReference/Attachment/ExternalReference/URI", ("attachments", 0, "location", 0)),
    ("AccountingSupplierParty/Party/EndpointID", ("sellers", 0, "electronic_addresses", 0)),
    ("AccountingSupplierParty/Party/PartyIdentification/ID", ("sellers", 0, "identifiers", 0)),
    ("AccountingSupplierParty/Party/PartyName/Name", ("sellers", 0, "trading_name", 0)),
    ("AccountingSupplierParty/Party/PostalAddress/StreetName", ("sellers", 0, "addresses", 0, "line1", 0)),
    ("AccountingSupplierParty/Party/PostalAddress/AdditionalStreetName", ("sellers", 0, "addresses", 0, "line2", 0)),
    ("AccountingSupplierParty/Party/PostalAddress/AddressLine/Line", ("sellers", 0, "addresses", 0, "line3", 0)),
    ("AccountingSupplierParty/Party/PostalAddress/CityName", ("sellers", 0, "addresses", 0, "city", 0)),
    ("AccountingSupplierParty/Party/PostalAddress/PostalZone", ("sellers", 0, "addresses", 0, "post_code", 0)),
    ("AccountingSupplierParty/Party/PostalAddress/CountrySubentity", ("sellers", 0, "addresses", 0, "subdivision", 0)),
    (
        "AccountingSupplierParty/Party/PostalAddress/Country/IdentificationCode",
        ("sellers", 0, "addresses", 0, "country", 0),
    ),
    ("AccountingSupplierParty/Party/PartyLegalEntity/RegistrationName", ("sellers", 0, "name", 0)),
    ("AccountingSupplierParty/Party/PartyLegalEntity/CompanyID", ("sellers", 0, "legal_identifiers", 0)),
    ("AccountingSupplierParty/Party/PartyLegalEntity/CompanyLegalForm", ("sellers", 0, "legal_information", 0)),
    # legacy Chorus Pro writes the supplier's address under its legal entity
    (
        "AccountingSupplierParty/Party/PartyLegalEntity/RegistrationAddress/CityName",
        ("sellers", 0, "registered_addresses", 0, "city", 0),
    ),
    ("AccountingSupplierParty/Party/Contact/Name", ("sellers", 0, "contacts", 0, "name", 0)),
    ("AccountingSupplierParty/Party/Contact/Telephone", ("sellers", 0, "contacts", 0, "telephone", 0)),
    ("AccountingSupplierParty/Party/Contact/ElectronicMail", ("sellers", 0, "contacts", 0, "email", 0)),
    # legacy Chorus Pro writes the service code as the identifier of the customer's contact
    ("AccountingCustomerParty/Party/Contact/ID", ("buyers", 0, "contacts", 0, "identifier", 0)),
    ("AccountingCustomerParty/Party/PartyIdentification/ID", ("buyers", 0, "identifiers", 0)),
    ("PayeeParty/PartyName/Name", ("payees", 0, "name", 0)),
    ("PayeeParty/PartyIdentification/ID", ("payees", 0, "identifiers", 0)),
    ("PayeeParty/PartyLegalEntity/CompanyID", ("payees", 0, "legal_identifiers", 0)),
    ("TaxRepresentativeParty/PartyName/Name", ("tax_representatives", 0, "name", 0)),
    ("TaxRepresentativeParty/PostalAddress/CityName", ("tax_representatives", 0, "addresses", 0, "city", 0)),
    ("Delivery/ActualDeliveryDate", ("deliveries", 0, "date", 0)),
    ("Delivery/DeliveryLocation/ID", ("deliveries", 0, "location", 0)),
    ("Delivery/DeliveryLocation/Address/CityName", ("deliveries", 0, "addresses", 0, "city", 0)),
    ("Delivery/DeliveryParty/PartyName/Name", ("deliveries", 0, "name", 0)),
    ("PaymentMeans/PaymentMeansCode", ("payment_means", 0, "code", 0)),
    ("PaymentMeans/PaymentID", ("payment_means", 0, "remittance", 0)),
    ("PaymentMeans/CardAccount/PrimaryAccountNumberID", ("payment_means", 0, "card_number", 0)),
    ("PaymentMeans/CardAccount/HolderName", ("payment_means", 0, "card_holder", 0)),
    ("PaymentMeans/PayeeFinancialAccount/ID", ("payment_means", 0, "accounts", 0, "identifier", 0)),
    ("PaymentMeans/PayeeFinancialAccount/Name", ("payment_means", 0, "accounts", 0, "name", 0)),
    (
        "PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch/ID",
        ("payment_means", 0, "accounts", 0, "bic", 0),
    ),
    ("PaymentMeans/PaymentMandate/ID", ("payment_means", 0, "mandate", 0)),
    ("PaymentMeans/PaymentMandate/PayerFinancialAccount/ID", ("payment_means", 0, "debited_account", 0)),
    ("PaymentMeans/PaymentMandate/PayerParty/EndpointID", ("payers", 0, "electronic_addresses", 0)),
    ("PaymentMeans/PaymentDueDate", ("payment_due_date", 0)),
    ("AccountingSupplierParty/Party/AgentParty/EndpointID", ("seller_agents", 0, "electronic_addresses", 0)),
    (
        "AccountingSupplierParty/Party/ServiceProviderParty/Party/EndpointID",
        ("invoicers", 0, "electronic_addresses", 0),
    ),
    ("AccountingCustomerParty/Party/AgentParty/EndpointID", ("buyer_agents", 0, "electronic_addresses", 0)),
    ("Delivery/DeliveryParty/PartyLegalEntity/CompanyID", ("deliveries", 0, "legal_identifiers", 0)),
    ("PaymentTerms/Note", ("payment_terms", 0)),
    ("AllowanceCharge/ChargeIndicator", ("allowance_charges", 0, "is_charge", 0)),
    ("AllowanceCharge/Amount", ("allowance_charges", 0, "amount", 0)),
    ("AllowanceCharge/BaseAmount", ("allowance_charges", 0, "base_amount", 0)),
    ("AllowanceCharge/MultiplierFactorNumeric", ("allowance_charges", 0, "percentage", 0)),
    ("AllowanceCharge/TaxCategory/ID", ("allowance_charges", 0, "tax_categories", 0, "code", 0)),
    ("AllowanceCharge/TaxCategory/Percent", ("allowance_charges", 0, "tax_categories", 0, "rate", 0)),
    ("AllowanceCharge/AllowanceChargeReason", ("allowance_charges", 0, "reason", 0)),
    ("AllowanceCharge/AllowanceChargeReasonCode", ("allowance_charges", 0, "reason_code", 0)),
    ("TaxTotal/TaxAmount", ("tax_totals", 0, "amount", 0)),
    ("TaxTotal/TaxSubtotal/TaxableAmount", ("tax_totals", 0, "breakdown", 0, "base", 0)),
    ("TaxTotal/TaxSubtotal/TaxAmount", ("tax_totals", 0, "breakdown", 0, "tax", 0)),
    ("TaxTotal/TaxSubtotal/TaxCategory/ID", ("tax_totals", 0, "breakdown", 0, "category", 0)),
    ("TaxTotal/TaxSubtotal/TaxCategory/Percent", ("tax_totals", 0, "breakdown", 0, "rate", 0)),
    ("TaxTotal/TaxSubtotal/TaxCategory/TaxExemptionReason", ("tax_totals", 0, "breakdown", 0, "exemption_reason", 0)),
    ("TaxTotal/TaxSubtotal/TaxCategory/TaxExemptionReasonCode", ("tax_totals", 0, "breakdown", 0, "exemption_code", 0)),
    ("LegalMonetaryTotal/LineExtensionAmount", ("totals", 0, "lines", 0)),
    ("LegalMonetaryTotal/AllowanceTotalAmount", ("totals", 0, "allowances", 0)),
    ("LegalMonetaryTotal/ChargeTotalAmount", ("totals", 0, "charges", 0)),
    ("LegalMonetaryTotal/TaxExclusiveAmount", ("totals", 0, "without_vat", 0)),
    ("LegalMonetaryTotal/TaxInclusiveAmount", ("totals", 0, "with_vat", 0)),
    ("LegalMonetaryTotal/PrepaidAmount", ("totals", 0, "paid", 0)),
    ("LegalMonetaryTotal/PayableRoundingAmount", ("totals", 0, "rounding", 0)),
    ("LegalMonetaryTotal/PayableAmount", ("totals", 0, "due", 0)),
    ("InvoiceLine/ID", ("lines", 0, "identifier", 0)),
    ("InvoiceLine/Note", ("lines", 0, "note", 0)),
    ("InvoiceLine/InvoicedQuantity", ("lines", 0, "quantity", 0)),
    ("InvoiceLine/LineExtensionAmount", ("lines", 0, "net_amount", 0)),
    ("InvoiceLine/AccountingCost", ("lines", 0, "accounting_reference", 0)),
    ("InvoiceLine/InvoicePeriod/StartDate", ("lines", 0, "periods", 0, "start", 0)),
    ("InvoiceLine/OrderLineReference/LineID", ("lines", 0, "order_line", 0)),
    ("InvoiceLine/AllowanceCharge/Amount", ("lines", 0, "allowance_charges", 0, "amount", 0)),
    ("InvoiceLine/BillingReference/InvoiceDocumentReference/ID", ("lines", 0, "references", 0, "number", 0)),
    (
        "InvoiceLine/BillingReference/InvoiceDocumentReference/DocumentStatusCode",
        ("lines", 0, "references", 0, "status", 0),
    ),
    ("InvoiceLine/BillingReference/BillingReferenceLine/ID", ("lines", 0, "references", 0, "parent_line", 0)),
    ("InvoiceLine/DocumentReference/ID", ("lines", 0, "objects", 0, "identifier", 0)),
    ("InvoiceLine/Delivery/DeliveryLocation/ID", ("lines", 0, "deliveries", 0, "location", 0)),
    ("InvoiceLine/TaxTotal/TaxAmount", ("lines", 0, "tax_totals", 0, "amount", 0)),
    (
        "InvoiceLine/Item/ManufacturerParty/PartyLegalEntity/CompanyID",
        ("lines", 0, "sellers", 0, "legal_identifiers", 0),
    ),
    ("InvoiceLine/Item/Name", ("lines", 0, "item_name", 0)),
    ("InvoiceLine/Item/Description", ("lines", 0, "item_description", 0)),
    ("InvoiceLine/Item/SellersItemIdentification/ID", ("lines", 0, "seller_item", 0)),
    ("InvoiceLine/Item/BuyersItemIdentification/ID", ("lines", 0, "buyer_item", 0)),
    ("InvoiceLine/Item/StandardItemIdentification/ID", ("lines", 0, "standard_item", 0)),
    (
        "InvoiceLine/Item/CommodityClassification/ItemClassificationCode",
        ("lines", 0, "item_classifications", 0),
    ),
    ("InvoiceLine/Item/OriginCountry/IdentificationCode", ("lines", 0, "origin_country", 0)),
    ("InvoiceLine/Item/ClassifiedTaxCategory/ID", ("lines", 0, "tax_categories", 0, "code", 0)),
    ("InvoiceLine/Item/ClassifiedTaxCategory/Percent", ("lines", 0, "tax_categories", 0, "rate", 0)),
    ("InvoiceLine/Price/PriceAmount", ("lines", 0, "net_price", 0)),
    ("InvoiceLine/Price/BaseQuantity", ("lines", 0, "base_quantity", 0)),
    ("InvoiceLine/Price/AllowanceCharge/Amount", ("lines", 0, "price_discount", 0)),
    ("InvoiceLine/Price/AllowanceCharge/BaseAmount", ("lines", 0, "gross_price", 0)),
]


def nest(path: str, attributes: str = "", text: str = "x") -> str:
    *aggregates, leaf = path.split("/")
    inner = f"<cbc:{leaf}{attributes}>{text}</cbc:{leaf}>"
    for aggregate in reversed(aggregates):
        inner = f"<cac:{aggregate}>{inner}</cac:{aggregate}>"
    return inner


def read(body: str) -> Invoice:
    return INVOICE.read(ubl(body))


@pytest.mark.parametrize(("xml", "field"), DOCUMENT)
def test_a_term_of_the_document_goes_to_its_field(xml: str, field: str) -> None:
    assert getattr(read(xml), field) == (Term("x"),)


@pytest.mark.parametrize(("path", "place"), NESTED)
def test_a_nested_term_goes_to_its_field_and_nowhere_else(path: str, place: Place) -> None:
    root = ubl(nest(path))
    terms = [found for found, element in INVOICE.places(root) if not len(element)]
    assert terms == [place]
    assert term_at(INVOICE.read(root), place) == Term("x")


# path, attribute written, place
QUALIFIED = [
    ("AccountingSupplierParty/Party/EndpointID", "schemeID", ("sellers", 0, "electronic_addresses", 0)),
    ("AccountingSupplierParty/Party/PartyIdentification/ID", "schemeID", ("sellers", 0, "identifiers", 0)),
    # legacy Chorus Pro: the type of the identifier stands in schemeName
    ("AccountingSupplierParty/Party/PartyIdentification/ID", "schemeName", ("sellers", 0, "identifiers", 0)),
    ("AccountingSupplierParty/Party/PartyLegalEntity/CompanyID", "schemeID", ("sellers", 0, "legal_identifiers", 0)),
    ("Delivery/DeliveryLocation/ID", "schemeID", ("deliveries", 0, "location", 0)),
    ("AllowanceCharge/Amount", "currencyID", ("allowance_charges", 0, "amount", 0)),
    ("TaxTotal/TaxAmount", "currencyID", ("tax_totals", 0, "amount", 0)),
    ("TaxTotal/TaxSubtotal/TaxableAmount", "currencyID", ("tax_totals", 0, "breakdown", 0, "base", 0)),
    ("LegalMonetaryTotal/PayableAmount", "currencyID", ("totals", 0, "due", 0)),
    ("InvoiceLine/InvoicedQuantity", "unitCode", ("lines", 0, "quantity", 0)),
    ("InvoiceLine/LineExtensionAmount", "currencyID", ("lines", 0, "net_amount", 0)),
    ("InvoiceLine/Price/BaseQuantity", "unitCode", ("lines", 0, "base_quantity", 0)),
    ("InvoiceLine/Item/StandardItemIdentification/ID", "schemeID", ("lines", 0, "standard_item", 0)),
    (
        "InvoiceLine/Item/CommodityClassification/ItemClassificationCode",
        "listID",
        ("lines", 0, "item_classifications", 0),
    ),
]


@pytest.mark.parametrize(("path", "attribute", "place"), QUALIFIED)
def test_the_attribute_that_qualifies_a_term_is_kept(path: str, attribute: str, place: Place) -> None:
    assert term_at(read(nest(path, f' {attribute}="q"')), place) == Term("x", "q")


def test_scheme_id_wins_over_scheme_name() -> None:
    party = nest("AccountingSupplierParty/Party/PartyIdentification/ID", ' schemeName="1" schemeID="0009"')
    assert read(party).seller.identifiers == (Term("x", "0009"),)


def test_absent_and_empty_differ() -> None:
    invoice = read("<cbc:ID/>")
    assert (invoice.number, invoice.issue_date) == ((Term(""),), ())


def test_repeated_terms_are_kept_in_order() -> None:
    assert read("<cbc:ID>1</cbc:ID><cbc:IssueDate/><cbc:ID>2</cbc:ID>").number == (Term("1"), Term("2"))


# What stands under TaxScheme, and which field the CompanyID goes to.
TAX_SCHEMES = [
    ("<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>", "vat_identifiers"),
    ("<cac:TaxScheme><cbc:ID> vat </cbc:ID></cac:TaxScheme>", "vat_identifiers"),
    ("<cac:TaxScheme><cbc:ID>FC</cbc:ID></cac:TaxScheme>", "tax_registrations"),
    ("<cac:TaxScheme/>", "tax_registrations"),
    ("", "tax_registrations"),
]


@pytest.mark.parametrize(("scheme", "field"), TAX_SCHEMES)
def test_the_tax_scheme_tells_a_vat_number_from_another(scheme: str, field: str) -> None:
    company = f"<cac:PartyTaxScheme><cbc:CompanyID>x</cbc:CompanyID>{scheme}</cac:PartyTaxScheme>"
    seller = read(f"<cac:AccountingSupplierParty><cac:Party>{company}</cac:Party></cac:AccountingSupplierParty>").seller
    assert getattr(seller, field) == (Term("x"),)


# A note as written, its subject code and its text.
NOTES = [
    ("#PMT#40 euros", Note(subject_code=(Term("PMT"),), text=(Term("40 euros"),))),
    (" #AAI#two\nlines", Note(subject_code=(Term("AAI"),), text=(Term("two\nlines"),))),
    ("no code", Note(text=(Term("no code"),))),
    ("in #PMT# the middle", Note(text=(Term("in #PMT# the middle"),))),
    ("#1 of 2# is no code", Note(text=(Term("#1 of 2# is no code"),))),
]


@pytest.mark.parametrize(("text", "note"), NOTES)
def test_a_note_is_split_into_code_and_text(text: str, note: Note) -> None:
    assert read(f"<cbc:Note>{text}</cbc:Note>").notes == (replace(note, written=(Term(text),)),)


@pytest.mark.parametrize("namespace", ["", ' xmlns="urn:x"', f' xmlns="{"urn:oasis:names:specification:ubl"}"'])
def test_the_legacy_cadre_is_found_in_the_extension_whatever_its_namespace(namespace: str) -> None:
    content = f"<ext:ExtensionContent><CategoryCode{namespace}>A1</CategoryCode></ext:ExtensionContent>"
    invoice = read(f"<ext:UBLExtensions><ext:UBLExtension>{content}</ext:UBLExtension></ext:UBLExtensions>")
    assert invoice.cadre == (Term("A1"),)


def test_each_currency_has_its_total_of_vat() -> None:
    invoice = read(
        nest("TaxTotal/TaxAmount", ' currencyID="EUR"', "20") + nest("TaxTotal/TaxAmount", ' currencyID="SEK"', "200")
    )
    assert [total.amount for total in invoice.tax_totals] == [(Term("20", "EUR"),), (Term("200", "SEK"),)]


def test_the_file_of_an_attachment_is_told_by_its_attributes() -> None:
    binary = '<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="a.pdf">AAAA</cbc:EmbeddedDocumentBinaryObject>'
    (attachment,) = read(
        f"<cac:AdditionalDocumentReference><cac:Attachment>{binary}</cac:Attachment></cac:AdditionalDocumentReference>"
    ).attachments
    assert (attachment.mime_code, attachment.filename) == ((Term("application/pdf"),), (Term("a.pdf"),))


def test_a_reference_of_type_130_is_the_invoiced_object_and_no_attachment() -> None:
    reference = '<cbc:ID schemeID="ABT">x</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode>'
    invoice = read(f"<cac:AdditionalDocumentReference>{reference}</cac:AdditionalDocumentReference>")
    assert (invoice.invoiced_object, invoice.attachments) == ((Term("x", "ABT"),), ())


def test_the_text_of_a_payment_means_is_its_name_attribute() -> None:
    means = '<cac:PaymentMeans><cbc:PaymentMeansCode name="virement">30</cbc:PaymentMeansCode></cac:PaymentMeans>'
    assert read(means).payment_means[0].text == (Term("virement"),)


def test_every_payment_means_keeps_its_own_account() -> None:
    means = nest("PaymentMeans/PayeeFinancialAccount/ID", text="A") + nest(
        "PaymentMeans/PayeeFinancialAccount/ID", text="B"
    )
    held = [account.identifier for payment in read(means).payment_means for account in payment.accounts]
    assert held == [(Term("A"),), (Term("B"),)]


def test_an_empty_delivery_is_still_a_delivery() -> None:
    assert read("<cac:Delivery/>").deliveries == (Delivery(),)


# What a credit note writes elsewhere than an invoice.
CREDIT_NOTE_PLACES = [
    ("CreditNoteTypeCode", ("type_code", 0)),
    ("PaymentMeans/PaymentDueDate", ("due_date", 0)),
    ("CreditNoteLine/ID", ("lines", 0, "identifier", 0)),
    ("CreditNoteLine/CreditedQuantity", ("lines", 0, "quantity", 0)),
    ("AccountingSupplierParty/Party/PartyLegalEntity/RegistrationName", ("sellers", 0, "name", 0)),
]


@pytest.mark.parametrize(("path", "place"), CREDIT_NOTE_PLACES)
def test_a_credit_note_has_its_own_places(path: str, place: Place) -> None:
    assert term_at(CREDIT_NOTE.read(ubl(nest(path), "CreditNote")), place) == Term("x")


def test_the_project_of_a_credit_note_is_a_reference_of_type_50() -> None:
    reference = "<cbc:ID>x</cbc:ID><cbc:DocumentTypeCode>50</cbc:DocumentTypeCode>"
    root = ubl(f"<cac:AdditionalDocumentReference>{reference}</cac:AdditionalDocumentReference>", "CreditNote")
    assert CREDIT_NOTE.read(root).project == (Term("x"),)


def test_an_unknown_element_fills_no_field_but_is_told() -> None:
    unknown = read("<cac:Unheard><cbc:ID>x</cbc:ID></cac:Unheard><cbc:Of/>")
    assert replace(unknown, strangers=()) == Invoice()
    assert [term.text.rpartition("}")[2] for term in unknown.strangers] == ["Unheard", "Of"]
