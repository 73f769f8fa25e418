"""BR-CL: a code of the list, and one that is not, wherever an invoice bears one."""

from flux.model.interface import Syntax
from tests.official.ours import fired
from tests.unit.rules.changes import Case, Row, cases, every

_EXEMPT = "TaxSubtotal/TaxCategory/TaxExemptionReasonCode"

_UBL = (
    Row("BR-CL-01", "InvoiceTypeCode = 381", "InvoiceTypeCode = 384"),
    Row("BR-CL-01", "CreditNoteTypeCode = 380", "CreditNoteTypeCode = 396", base="credit-S"),
    Row("BR-CL-03", "Totals/PayableAmount@currencyID = eur", "Totals/PayableAmount@currencyID = CHF"),
    Row("BR-CL-03", "Line/LineExtensionAmount@currencyID = XXY; Line/Price/PriceAmount@currencyID = XXY", times=2),
    Row("BR-CL-03", "Document/Amount@currencyID = €; Document/BaseAmount@currencyID = €", times=2),
    Row("BR-CL-03", "TaxTotal/TaxAmount@currencyID = FRF; TaxSubtotal/TaxAmount@currencyID = FRF", times=2),
    Row("BR-CL-04", "DocumentCurrencyCode = FRF", "DocumentCurrencyCode = CHF"),
    Row("BR-CL-05", "TaxCurrencyCode = eur", "TaxCurrencyCode = CHF", base="foreign"),
    Row("BR-CL-06", "Invoice/InvoicePeriod > DescriptionCode = 5", "Invoice/InvoicePeriod > DescriptionCode = 35"),
    Row("BR-CL-07", "AdditionalDocumentReference/ID@schemeID = ZZ", "AdditionalDocumentReference/ID@schemeID = ABZ"),
    Row("BR-CL-07", "Line/DocumentReference/ID@schemeID = ZZ", "-Line/DocumentReference/ID@schemeID"),
    Row("BR-CL-08", "Note = #XXX#x", "Note = #REG#x"),
    Row("BR-CL-08", "Note = x #XXX# y", "Note = x #XX# y"),  # anywhere in the text, where three characters stand there
    Row("BR-CL-10", "Seller/PartyIdentification/ID@schemeID = 9999", "Seller/PartyIdentification/ID@schemeID = SEPA"),
    Row("BR-CL-10", "Buyer/PartyIdentification/ID@schemeID = SEPA", "-Buyer/PartyIdentification/ID@schemeID"),
    Row(
        "BR-CL-10",
        "Seller/PartyIdentification/ID@schemeID = 1",
        "-Seller/PartyIdentification/ID@schemeID; Seller/PartyIdentification/ID@schemeName = 1",  # legacy Chorus Pro
    ),
    Row("BR-CL-10", "Payee/PartyIdentification/ID@schemeID = x", "Payee/PartyIdentification/ID@schemeID =  0088 "),
    Row("BR-CL-11", "Seller/PartyLegalEntity/CompanyID@schemeID = SEPA", "-Seller/PartyLegalEntity/CompanyID@schemeID"),
    Row(
        "BR-CL-11", "Payee/PartyLegalEntity/CompanyID@schemeID = 2", "Payee/PartyLegalEntity/CompanyID@schemeID = 0240"
    ),
    Row("BR-CL-13", "ItemClassificationCode@listID = XX", "ItemClassificationCode@listID = HS"),
    Row("BR-CL-14", "Seller/PostalAddress/Country/IdentificationCode = UK", "*Country/IdentificationCode = GB"),
    Row(
        "BR-CL-14",
        "DeliveryLocation/Address/Country/IdentificationCode = AN",
        "Buyer/PostalAddress/Country/IdentificationCode = SS",
    ),
    Row("BR-CL-15", "OriginCountry/IdentificationCode = fr", "OriginCountry/IdentificationCode = XI"),
    Row("BR-CL-16", "PaymentMeansCode = 99", "PaymentMeansCode = ZZZ"),
    Row("BR-CL-17", "Document/TaxCategory/ID = s", "Document/TaxCategory/ID = AE"),
    Row("BR-CL-17", "TaxSubtotal/TaxCategory/ID = X", "TaxSubtotal/TaxCategory/ID = B"),
    Row("BR-CL-18", "Line/Item/ClassifiedTaxCategory/ID = X", "Line/Item/ClassifiedTaxCategory/ID =  S "),
    Row("BR-CL-19", "Document/AllowanceChargeReasonCode = FC", "Document/AllowanceChargeReasonCode = 104"),
    Row(
        "BR-CL-19",
        "Line[2]/AllowanceCharge/AllowanceChargeReasonCode = 1",
        "Line[2]/AllowanceCharge/AllowanceChargeReasonCode = 60",
    ),
    Row(
        "BR-CL-19",
        "Line/Price/AllowanceCharge > AllowanceChargeReasonCode = FC",
        "Line/Price/AllowanceCharge > AllowanceChargeReasonCode = 95",
    ),
    Row("BR-CL-20", "Document[2]/AllowanceChargeReasonCode = 95", "Document[2]/AllowanceChargeReasonCode = ZZZ"),
    Row("BR-CL-20", "Line[2]/AllowanceCharge[2]/AllowanceChargeReasonCode = 95"),
    Row(
        "BR-CL-20",
        "Line/Price/AllowanceCharge/ChargeIndicator = true; Line/Price/AllowanceCharge > AllowanceChargeReasonCode = 95",
        "Line/Price/AllowanceCharge/ChargeIndicator = true; Line/Price/AllowanceCharge > AllowanceChargeReasonCode = FC",
    ),
    Row("BR-CL-21", "StandardItemIdentification/ID@schemeID = GTIN", "StandardItemIdentification/ID@schemeID = 0088"),
    Row("BR-CL-22", f"{_EXEMPT} = VATEX-FR", f"{_EXEMPT} = vatex-eu-132-1a", base="E"),
    Row("BR-CL-23", "Line/InvoicedQuantity@unitCode = PIECE", "Line/InvoicedQuantity@unitCode = XBX"),
    Row("BR-CL-23", "*InvoicedQuantity@unitCode = x; Line/Price/BaseQuantity@unitCode = x", times=3),
    Row(
        "BR-CL-24",
        "EmbeddedDocumentBinaryObject@mimeCode = text/xml",
        "EmbeddedDocumentBinaryObject@mimeCode = text/csv",
    ),
    Row("BR-CL-25", "Seller/EndpointID@schemeID = 9999", "Seller/EndpointID@schemeID = EM"),
    Row("BR-CL-25", "Buyer/EndpointID@schemeID = em", "-Buyer/EndpointID@schemeID"),
    Row("BR-CL-26", "DeliveryLocation/ID@schemeID = SIRET", "-DeliveryLocation/ID@schemeID"),
)

_CII = (
    Row("BR-CL-01", "ExchangedDocument/TypeCode = 38", "ExchangedDocument/TypeCode = 381"),
    Row("BR-CL-03", "Totals/TaxTotalAmount@currencyID = eur", "-Totals/TaxTotalAmount@currencyID"),
    Row("BR-CL-04", "InvoiceCurrencyCode = FRF", "InvoiceCurrencyCode = CHF"),
    Row("BR-CL-05", "TaxCurrencyCode = eur", "TaxCurrencyCode = CHF", base="foreign"),
    Row("BR-CL-06", "Group > DueDateTypeCode = 35", "Group > DueDateTypeCode = 72"),
    Row(
        "BR-CL-07",
        "Agreement/AdditionalReferencedDocument[3]/ReferenceTypeCode = ZZ",
        "Agreement/AdditionalReferencedDocument[3]/ReferenceTypeCode = ABZ",
    ),
    Row(
        "BR-CL-07",
        "SpecifiedLineTradeSettlement/AdditionalReferencedDocument/ReferenceTypeCode = ZZ",
        "-SpecifiedLineTradeSettlement/AdditionalReferencedDocument/ReferenceTypeCode",
    ),
    Row("BR-CL-08", "IncludedNote/SubjectCode = XXX", "-IncludedNote/SubjectCode"),
    Row("BR-CL-10", "Seller/GlobalID@schemeID = SEPA", "-Seller/GlobalID@schemeID"),
    Row("BR-CL-10", "Payee/GlobalID@schemeID = x", "Payee/GlobalID@schemeID = 0088"),
    Row(
        "BR-CL-11",
        "Seller/SpecifiedLegalOrganization/ID@schemeID = 1",
        "-Seller/SpecifiedLegalOrganization/ID@schemeID",
    ),
    Row("BR-CL-13", "ClassCode@listID = XX", "ClassCode@listID = HS"),
    Row("BR-CL-14", "Seller/PostalTradeAddress/CountryID = UK", "Seller/PostalTradeAddress/CountryID = GB"),
    Row("BR-CL-14", "ShipToTradeParty/PostalTradeAddress/CountryID = SS", "Buyer/PostalTradeAddress/CountryID = AN"),
    Row("BR-CL-15", "OriginTradeCountry/ID = fr", "OriginTradeCountry/ID = XI"),
    Row(
        "BR-CL-16",
        "SpecifiedTradeSettlementPaymentMeans/TypeCode = 99",
        "SpecifiedTradeSettlementPaymentMeans/TypeCode = ZZZ",
    ),
    Row("BR-CL-17", "Document/CategoryTradeTax/CategoryCode = s", "Document/CategoryTradeTax/CategoryCode = AE"),
    Row("BR-CL-18", "SpecifiedLineTradeSettlement/ApplicableTradeTax/CategoryCode = X"),
    Row("BR-CL-18", "Group/CategoryCode = X", "Group/CategoryCode = B"),  # where UBL says BR-CL-17
    Row("BR-CL-19", "Document/ReasonCode = FC", "Document/ReasonCode = 104"),
    Row("BR-CL-19", "Line[2]/SpecifiedLineTradeSettlement/Charge/ReasonCode = 1"),
    Row("BR-CL-20", "Document[2]/ReasonCode = 95", "Document[2]/ReasonCode = ZZZ"),
    Row("BR-CL-20", "SpecifiedLineTradeSettlement/Charge[2]/ReasonCode = 95"),
    Row("BR-CL-21", "SpecifiedTradeProduct/GlobalID@schemeID = GTIN", "SpecifiedTradeProduct/GlobalID@schemeID = 0088"),
    Row("BR-CL-22", "Group/ExemptionReasonCode = VATEX-FR", "Group/ExemptionReasonCode = vatex-eu-132-1a", base="E"),
    Row("BR-CL-23", "BilledQuantity@unitCode = PIECE", "BilledQuantity@unitCode = XBX"),
    Row("BR-CL-24", "AttachmentBinaryObject@mimeCode = text/xml", "AttachmentBinaryObject@mimeCode = text/csv"),
    Row(
        "BR-CL-25",
        "Seller/URIUniversalCommunication/URIID@schemeID = 9999",
        "Seller/URIUniversalCommunication/URIID@schemeID = EM",
    ),
    Row("BR-CL-26", "ShipToTradeParty/GlobalID@schemeID = SIRET", "-ShipToTradeParty/GlobalID@schemeID"),
)

CASES = [*cases(Syntax.UBL, _UBL), *cases(Syntax.CII, _CII)]


@every(CASES)
def test_a_code_that_the_list_does_not_hold_breaks_the_rule(case: Case) -> None:
    assert fired(case.refused, case.ruleset)[case.row.rule] == case.row.times


@every(CASES)
def test_a_code_of_the_list_keeps_it(case: Case) -> None:
    assert case.row.rule not in fired(case.accepted, case.ruleset)
