"""BR-01 to BR-65: what an invoice and its groups must hold; each rule broken once in each way, beside an invoice that keeps it."""

from flux.model.interface import Syntax
from tests.official.ours import fired
from tests.unit.rules.changes import Case, Row, cases, every

_UBL = (
    Row("BR-01", "-CustomizationID", "CustomizationID = x"),
    Row("BR-01", "CustomizationID =  "),  # white space says nothing
    Row("BR-02", "-Invoice/ID", "Invoice/ID = 1"),
    Row("BR-03", "-Invoice/IssueDate"),
    Row("BR-04", "-InvoiceTypeCode"),
    Row("BR-05", "-DocumentCurrencyCode"),
    Row("BR-06", "-Seller/PartyLegalEntity/RegistrationName", "-Seller/PartyName"),
    Row("BR-07", "-Buyer/PartyLegalEntity/RegistrationName", "-Buyer/PartyName"),
    Row("BR-08", "-Seller/PostalAddress", "-Seller/PostalAddress/CityName"),
    Row("BR-09", "-Seller/PostalAddress/Country", "-Seller/PostalAddress"),  # asked of an address that is there
    Row("BR-10", "-Buyer/PostalAddress", "-Buyer/PostalAddress/CityName"),
    Row("BR-11", "-Buyer/PostalAddress/Country", "-Buyer/PostalAddress"),
    Row("BR-12", "-Totals/LineExtensionAmount"),
    Row("BR-13", "-Totals/TaxExclusiveAmount"),
    Row("BR-14", "-Totals/TaxInclusiveAmount"),
    Row("BR-15", "-Totals/PayableAmount", "Totals/PayableAmount = 0"),
    Row("BR-16", "-Line[2]; -Line", "-Line[2]"),
    Row("BR-17", "-Payee/PartyName", "-Payee/PartyIdentification"),
    Row("BR-17", "Payee/PartyName/Name = Papeterie du Centre", "Payee/PartyName/Name = Papeterie du Centre SAS"),
    Row("BR-17", "Payee/PartyIdentification/ID = 73282932000074", "Payee/PartyLegalEntity/CompanyID = 732829320"),
    Row("BR-18", "-Representative/PartyName", "-Representative"),
    Row("BR-19", "-Representative/PostalAddress", "-Representative"),
    Row("BR-20", "-Representative/PostalAddress/Country", "-Representative/PostalAddress"),
    Row("BR-21", "Line/ID =", "Line/ID = x"),
    Row("BR-21", "-Line/ID; -Line[2]/ID", times=2),
    Row("BR-22", "-Line/InvoicedQuantity", "Line/InvoicedQuantity = 0"),
    Row("BR-23", "-Line/InvoicedQuantity@unitCode", "Line/InvoicedQuantity@unitCode ="),
    Row("BR-24", "-Line/LineExtensionAmount", "Line/LineExtensionAmount = 0"),
    Row("BR-25", "-Line/Item/Name", "-Line/Item/Description"),
    Row("BR-26", "-Line/Price", "-Line/Price/BaseQuantity"),
    Row("BR-27", "Line/Price/PriceAmount = -0.01", "Line/Price/PriceAmount = 0"),
    Row("BR-27", "-Line/Price/PriceAmount"),
    Row("BR-28", "Line/Price/AllowanceCharge/BaseAmount = -0.01", "Line/Price/AllowanceCharge/BaseAmount = 0"),
    Row("BR-29", "Invoice/InvoicePeriod/EndDate = 2026-10-31", "Invoice/InvoicePeriod/EndDate = 2026-11-01"),
    Row("BR-29", "Invoice/InvoicePeriod/StartDate = 2026-12-01", "-Invoice/InvoicePeriod/EndDate"),
    Row("BR-30", "Line/InvoicePeriod/EndDate = 2026-10-31", "Line/InvoicePeriod/EndDate = 2026-11-01"),
    Row("BR-31", "-Document/Amount", "Document/Amount ="),
    Row("BR-32", "-Document/TaxCategory", "-Document/TaxCategory/Percent"),
    Row(
        "BR-33",
        "-Document/AllowanceChargeReason; -Document/AllowanceChargeReasonCode",
        "-Document/AllowanceChargeReason",
    ),
    Row("BR-36", "-Document[2]/Amount", "Document[2]/Amount ="),
    Row("BR-37", "Document[2]/TaxCategory/TaxScheme/ID = GST", "Document[2]/TaxCategory/TaxScheme/ID = vat"),
    Row(
        "BR-38",
        "-Document[2]/AllowanceChargeReason; -Document[2]/AllowanceChargeReasonCode",
        "-Document[2]/AllowanceChargeReasonCode",
    ),
    Row("BR-41", "-Line[2]/AllowanceCharge/Amount"),
    Row(
        "BR-42",
        "-Line[2]/AllowanceCharge/AllowanceChargeReason; -Line[2]/AllowanceCharge/AllowanceChargeReasonCode",
        "-Line[2]/AllowanceCharge/AllowanceChargeReason",
    ),
    Row("BR-43", "-Line[2]/AllowanceCharge[2]/Amount"),
    Row(
        "BR-44",
        "-Line[2]/AllowanceCharge[2]/AllowanceChargeReason; -Line[2]/AllowanceCharge[2]/AllowanceChargeReasonCode",
        "-Line[2]/AllowanceCharge[2]/AllowanceChargeReasonCode",
    ),
    Row("BR-45", "-TaxSubtotal/TaxableAmount"),
    Row("BR-46", "-TaxSubtotal/TaxAmount"),
    Row("BR-47", "-TaxSubtotal/TaxCategory/ID"),
    Row("BR-47", "TaxSubtotal/TaxCategory/TaxScheme/ID = GST"),
    Row("BR-48", "-TaxSubtotal/TaxCategory/Percent"),
    Row("BR-48", "TaxSubtotal/TaxCategory/ID = E", base="O"),  # out of scope alone needs no rate
    Row("BR-49", "-PaymentMeansCode", "-PaymentMeans"),
    Row("BR-50", "PayeeFinancialAccount/ID =", "PayeeFinancialAccount/ID =; PaymentMeansCode = 10"),
    Row("BR-51", "PrimaryAccountNumberID = 49701212345", "PrimaryAccountNumberID = 4970121234", base="card"),
    Row("BR-52", "AdditionalDocumentReference[2]/ID =", "-AdditionalDocumentReference[2]"),
    Row("BR-52", "AdditionalDocumentReference/ID ="),  # the invoiced object is a document of UBL too
    Row("BR-53", "-TaxTotal[2]", "-TaxTotal[2]; -TaxCurrencyCode", base="foreign"),
    Row("BR-54", "-AdditionalItemProperty/Value", "-AdditionalItemProperty"),
    Row("BR-54", "-AdditionalItemProperty/Name"),
    Row("BR-55", "-BillingReference/InvoiceDocumentReference/ID", "-BillingReference"),
    Row("BR-56", "-Representative/PartyTaxScheme", "-Representative"),
    Row("BR-57", "-DeliveryLocation/Address/Country", "-DeliveryLocation/Address"),
    Row("BR-61", "-PayeeFinancialAccount", "-PayeeFinancialAccount; PaymentMeansCode = 10"),
    Row("BR-61", "-PayeeFinancialAccount; PaymentMeansCode = 30", "-PayeeFinancialAccount; PaymentMeansCode = 48"),
    Row("BR-62", "-Seller/EndpointID@schemeID", "-Seller/EndpointID"),
    Row("BR-63", "-Buyer/EndpointID@schemeID", "-Buyer/EndpointID"),
    Row("BR-64", "-Line/Item/StandardItemIdentification/ID@schemeID", "-Line/Item/StandardItemIdentification"),
    Row("BR-65", "-ItemClassificationCode@listID", "-CommodityClassification"),
)

_CII = (
    Row("BR-01", "-GuidelineSpecifiedDocumentContextParameter/ID", "GuidelineSpecifiedDocumentContextParameter/ID = x"),
    Row("BR-02", "-ExchangedDocument/ID", "ExchangedDocument/ID = 1"),
    Row("BR-03", "-ExchangedDocument/IssueDateTime"),
    Row("BR-03", "IssueDateTime/DateTimeString@format = 203"),  # a date in another format is none
    Row("BR-04", "-ExchangedDocument/TypeCode"),
    Row("BR-05", "-InvoiceCurrencyCode"),
    Row("BR-06", "-Seller/Name", "-Seller/SpecifiedLegalOrganization/TradingBusinessName"),
    Row("BR-07", "-Buyer/Name", "-Buyer/SpecifiedLegalOrganization/TradingBusinessName"),
    Row("BR-08", "-Seller/PostalTradeAddress", "-Seller/PostalTradeAddress/CityName"),
    Row("BR-09", "-Seller/PostalTradeAddress"),  # asked of the invoice, address or not
    Row("BR-09", "-Seller/PostalTradeAddress/CountryID"),
    Row("BR-10", "-Buyer/PostalTradeAddress", "-Buyer/PostalTradeAddress/CityName"),
    Row("BR-11", "-Buyer/PostalTradeAddress"),
    Row("BR-11", "-Buyer/PostalTradeAddress/CountryID"),
    Row("BR-12", "-Totals/LineTotalAmount"),
    Row("BR-13", "-Totals/TaxBasisTotalAmount"),
    Row("BR-14", "-Totals/GrandTotalAmount"),
    Row("BR-15", "-Totals/DuePayableAmount", "Totals/DuePayableAmount = 0"),
    Row("BR-16", "-Line[2]; -Line", "-Line[2]"),
    Row("BR-17", "-Payee/Name", "-Payee/GlobalID"),
    Row("BR-17", "Payee/Name = Papeterie du Centre SAS", "Payee/Name = Papeterie du Centre"),
    Row("BR-17", "Payee/SpecifiedLegalOrganization/ID = 732829320", "Payee/GlobalID = 73282932000074"),
    Row("BR-18", "-Representative/Name", "-Representative"),
    Row("BR-19", "-Representative/PostalTradeAddress", "-Representative"),
    Row("BR-20", "-Representative/PostalTradeAddress/CountryID", "-Representative"),
    Row("BR-20", "-Representative/PostalTradeAddress"),
    Row("BR-21", "-Line/AssociatedDocumentLineDocument/LineID", "Line/AssociatedDocumentLineDocument/LineID = x"),
    Row("BR-22", "-Line/SpecifiedLineTradeDelivery/BilledQuantity", "BilledQuantity = 0"),
    Row("BR-23", "-BilledQuantity@unitCode", "BilledQuantity@unitCode ="),
    Row("BR-24", "-Line/SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount"),
    Row("BR-25", "-SpecifiedTradeProduct/Name", "-SpecifiedTradeProduct/Description"),
    Row("BR-26", "-NetPriceProductTradePrice/ChargeAmount", "-NetPriceProductTradePrice/BasisQuantity"),
    Row("BR-27", "NetPriceProductTradePrice/ChargeAmount = -0.01", "NetPriceProductTradePrice/ChargeAmount = 0"),
    Row("BR-28", "GrossPriceProductTradePrice/ChargeAmount = -0.01", "GrossPriceProductTradePrice/ChargeAmount = 0"),
    Row(
        "BR-29",
        "Settlement/BillingSpecifiedPeriod/EndDateTime/DateTimeString = 20261031",
        "Settlement/BillingSpecifiedPeriod/EndDateTime/DateTimeString = 20261101",
    ),
    Row(
        "BR-29",
        "Settlement/BillingSpecifiedPeriod/EndDateTime/DateTimeString@format = 203",
        "-Settlement/BillingSpecifiedPeriod/EndDateTime",
    ),
    Row(
        "BR-30",
        "SpecifiedLineTradeSettlement/BillingSpecifiedPeriod/EndDateTime/DateTimeString = 20261031",
        "SpecifiedLineTradeSettlement/BillingSpecifiedPeriod/EndDateTime/DateTimeString = 20261101",
    ),
    Row("BR-31", "-Document/ActualAmount", "Document/ActualAmount ="),
    Row("BR-32", "-Document/CategoryTradeTax", "-Document/CategoryTradeTax/RateApplicablePercent"),
    Row("BR-33", "-Document/Reason; -Document/ReasonCode", "-Document/Reason"),
    Row("BR-36", "-Document[2]/ActualAmount", "Document[2]/ActualAmount ="),
    Row("BR-37", "Document[2]/CategoryTradeTax/TypeCode = GST", "Document[2]/CategoryTradeTax/TypeCode = vat"),
    Row("BR-38", "-Document[2]/Reason; -Document[2]/ReasonCode", "-Document[2]/ReasonCode"),
    Row("BR-41", "-Line[2]/SpecifiedLineTradeSettlement/Charge/ActualAmount"),
    Row(
        "BR-42",
        "-Line[2]/SpecifiedLineTradeSettlement/Charge/Reason; -Line[2]/SpecifiedLineTradeSettlement/Charge/ReasonCode",
        "-Line[2]/SpecifiedLineTradeSettlement/Charge/Reason",
    ),
    Row("BR-43", "-Line[2]/SpecifiedLineTradeSettlement/Charge[2]/ActualAmount"),
    Row(
        "BR-44",
        "-SpecifiedLineTradeSettlement/Charge[2]/Reason; -SpecifiedLineTradeSettlement/Charge[2]/ReasonCode",
        "-SpecifiedLineTradeSettlement/Charge[2]/ReasonCode",
    ),
    Row("BR-45", "-Group/BasisAmount"),
    Row("BR-46", "-Group/CalculatedAmount"),
    Row("BR-47", "-Group/CategoryCode"),
    Row("BR-48", "-Group/RateApplicablePercent"),
    Row("BR-48", "Group/CategoryCode = E", base="O"),  # out of scope alone needs no rate
    Row("BR-49", "-SpecifiedTradeSettlementPaymentMeans/TypeCode", "-SpecifiedTradeSettlementPaymentMeans"),
    Row(
        "BR-50",
        "PayeePartyCreditorFinancialAccount/IBANID =",
        "PayeePartyCreditorFinancialAccount/IBANID =; PayeePartyCreditorFinancialAccount > ProprietaryID = 1",
    ),
    Row(
        "BR-51",
        "ApplicableTradeSettlementFinancialCard/ID = 49701212345",
        "ApplicableTradeSettlementFinancialCard/ID = 4970121234",
        base="card",
    ),
    Row("BR-53", "-Totals/TaxTotalAmount[2]", "-Totals/TaxTotalAmount[2]; -TaxCurrencyCode", base="foreign"),
    Row("BR-53", "Settlement > TaxCurrencyCode = EUR"),  # nor may the two currencies be one
    Row("BR-54", "-ApplicableProductCharacteristic/Value", "-ApplicableProductCharacteristic"),
    Row("BR-54", "-ApplicableProductCharacteristic/Description"),
    Row("BR-55", "Settlement/InvoiceReferencedDocument/IssuerAssignedID =", "-Settlement/InvoiceReferencedDocument"),
    Row("BR-56", "-Representative/SpecifiedTaxRegistration", "-Representative"),
    Row("BR-57", "-ShipToTradeParty/PostalTradeAddress/CountryID", "-ShipToTradeParty/PostalTradeAddress"),
    Row(
        "BR-61",
        "-PayeePartyCreditorFinancialAccount/IBANID",
        "-PayeePartyCreditorFinancialAccount/IBANID; SpecifiedTradeSettlementPaymentMeans/TypeCode = 10",
    ),
    Row("BR-64", "-SpecifiedTradeProduct/GlobalID@schemeID", "-SpecifiedTradeProduct/GlobalID"),
    Row("BR-65", "-ClassCode@listID", "-DesignatedProductClassification"),
)

CASES = [*cases(Syntax.UBL, _UBL), *cases(Syntax.CII, _CII)]


@every(CASES)
def test_what_must_be_there_is_asked_for(case: Case) -> None:
    assert fired(case.refused, case.ruleset)[case.row.rule] == case.row.times


@every(CASES)
def test_what_is_there_is_enough(case: Case) -> None:
    assert case.row.rule not in fired(case.accepted, case.ruleset)
