"""BR-CO: terms that must agree; each with the amount that is one cent too much, and the one that is not."""

from flux.model.interface import Syntax
from tests.official.ours import fired
from tests.unit.rules.changes import Case, Row, cases, every

_UBL = (
    Row(
        "BR-CO-03",
        "Invoice/InvoicePeriod > DescriptionCode = 35",
        "Invoice/InvoicePeriod > DescriptionCode = 35; -TaxPointDate",
    ),
    Row("BR-CO-04", "-Line/Item/ClassifiedTaxCategory/ID", "-Line/Item/ClassifiedTaxCategory/Percent"),
    Row("BR-CO-04", "*ClassifiedTaxCategory/TaxScheme/ID = GST", "*ClassifiedTaxCategory/TaxScheme/ID = vat", times=2),
    Row("BR-CO-09", "Seller/PartyTaxScheme/CompanyID = 44732829320", "Seller/PartyTaxScheme/CompanyID = EL44732829320"),
    Row("BR-CO-09", "Buyer/PartyTaxScheme/CompanyID = fr11110002011", "Buyer/PartyTaxScheme/CompanyID = SS1"),
    Row("BR-CO-09", "Representative/PartyTaxScheme/CompanyID = XX1", "Representative/PartyTaxScheme/CompanyID = R 1"),
    Row("BR-CO-10", "Totals/LineExtensionAmount = 300.01", "Line/LineExtensionAmount = 100.004"),
    Row("BR-CO-11", "Totals/AllowanceTotalAmount = 20.01", "Document/Amount = 20.004"),
    Row("BR-CO-11", "-Totals/AllowanceTotalAmount", "-Totals/AllowanceTotalAmount; -Document"),
    Row("BR-CO-12", "Totals/ChargeTotalAmount = 9.99", "Document[2]/Amount = 9.995"),
    Row("BR-CO-12", "-Document[2]", "-Document[2]; -Totals/ChargeTotalAmount"),
    Row("BR-CO-13", "Totals/TaxExclusiveAmount = 290.01", "Totals/TaxExclusiveAmount = 290.000"),
    Row("BR-CO-13", "-Totals/LineExtensionAmount"),
    Row("BR-CO-14", "TaxTotal/TaxAmount = 58.01", "TaxSubtotal/TaxAmount = 58.004"),
    Row("BR-CO-15", "Totals/TaxInclusiveAmount = 348.01", "Totals/TaxInclusiveAmount = 348.000"),
    Row("BR-CO-15", "+TaxTotal"),  # one total in the currency of the invoice, no more
    Row("BR-CO-15", "TaxTotal/TaxAmount@currencyID = USD"),
    Row("BR-CO-16", "Totals/PayableAmount = 300.01", "Totals/PayableAmount = 300.000"),
    Row("BR-CO-16", "-Totals/PrepaidAmount", "-Totals/PrepaidAmount; Totals/PayableAmount = 348.00"),
    Row(
        "BR-CO-16",
        "Totals/PayableRoundingAmount = 0.01",
        "Totals/PayableRoundingAmount = 0.01; Totals/PayableAmount = 300.01",
    ),
    Row("BR-CO-17", "TaxSubtotal/TaxAmount = 59.00", "TaxSubtotal/TaxAmount = 58.99"),
    Row("BR-CO-17", "TaxSubtotal/TaxAmount = 57.00", "TaxSubtotal/TaxAmount = -58.00"),
    Row("BR-CO-17", "TaxSubtotal/TaxAmount = 0.5", "TaxSubtotal/TaxAmount = 0.49", base="E"),
    Row("BR-CO-18", "-TaxSubtotal"),
    Row(
        "BR-CO-19",
        "-Invoice/InvoicePeriod/StartDate; -Invoice/InvoicePeriod/EndDate",
        "-Invoice/InvoicePeriod/StartDate",
    ),
    Row(
        "BR-CO-19",
        "-Invoice/InvoicePeriod/StartDate; -Invoice/InvoicePeriod/EndDate",
        "-Invoice/InvoicePeriod/StartDate; -Invoice/InvoicePeriod/EndDate; Invoice/InvoicePeriod > DescriptionCode = 35",
    ),
    Row("BR-CO-20", "-Line/InvoicePeriod/StartDate; -Line/InvoicePeriod/EndDate", "-Line/InvoicePeriod/EndDate"),
    Row(
        "BR-CO-21",
        "-Document/AllowanceChargeReason; -Document/AllowanceChargeReasonCode",
        "-Document/AllowanceChargeReason",
    ),
    Row(
        "BR-CO-22",
        "-Document[2]/AllowanceChargeReason; -Document[2]/AllowanceChargeReasonCode",
        "-Document[2]/AllowanceChargeReason",
    ),
    Row(
        "BR-CO-23",
        "-Line[2]/AllowanceCharge/AllowanceChargeReason; -Line[2]/AllowanceCharge/AllowanceChargeReasonCode",
        "-Line[2]/AllowanceCharge/AllowanceChargeReason",
    ),
    Row(
        "BR-CO-24",
        "-Line[2]/AllowanceCharge[2]/AllowanceChargeReason; -Line[2]/AllowanceCharge[2]/AllowanceChargeReasonCode",
        "-Line[2]/AllowanceCharge[2]/AllowanceChargeReason",
    ),
    Row(
        "BR-CO-26",
        "-Seller/PartyTaxScheme; -Seller/PartyLegalEntity/CompanyID; -Seller/PartyIdentification",
        "-Seller/PartyTaxScheme; -Seller/PartyLegalEntity/CompanyID",
    ),
    Row(
        "BR-CO-26",  # the creditor's number at its bank is none of the seller's
        "-Seller/PartyTaxScheme; -Seller/PartyLegalEntity/CompanyID; Seller/PartyIdentification/ID@schemeID = SEPA",
        "-Seller/PartyLegalEntity/CompanyID; -Seller/PartyIdentification",
    ),
)

_CII = (
    Row("BR-CO-03", "Group > DueDateTypeCode = 5", "Group > DueDateTypeCode = 5; -Group/TaxPointDate"),
    Row(
        "BR-CO-04",
        "-SpecifiedLineTradeSettlement/ApplicableTradeTax/CategoryCode",
        "-SpecifiedLineTradeSettlement/ApplicableTradeTax/RateApplicablePercent",
    ),
    Row(
        "BR-CO-09",
        "Seller/SpecifiedTaxRegistration/ID = 44732829320",
        "Seller/SpecifiedTaxRegistration/ID = EL44732829320",
    ),
    Row("BR-CO-09", "Buyer/SpecifiedTaxRegistration/ID = fr1", "Buyer/SpecifiedTaxRegistration/ID = AN1"),
    Row(
        "BR-CO-10",
        "Totals/LineTotalAmount = 300.01",
        "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount = 100.004",
    ),
    Row("BR-CO-11", "Totals/AllowanceTotalAmount = 20.01", "Document/ActualAmount = 20.004"),
    Row("BR-CO-11", "-Totals/AllowanceTotalAmount", "-Totals/AllowanceTotalAmount; -Document"),
    Row("BR-CO-12", "Totals/ChargeTotalAmount = 9.99", "Document[2]/ActualAmount = 9.996"),
    Row("BR-CO-12", "-Document[2]", "-Document[2]; -Totals/ChargeTotalAmount"),
    Row("BR-CO-13", "Totals/TaxBasisTotalAmount = 290.01", "Totals/TaxBasisTotalAmount = 290.000"),
    Row("BR-CO-13", "-Totals/LineTotalAmount"),
    Row("BR-CO-14", "Totals/TaxTotalAmount = 58.01", "Group/CalculatedAmount = 58.004"),
    Row("BR-CO-14", "Totals/TaxTotalAmount = 58.01; +Totals/TaxTotalAmount", times=2),
    Row("BR-CO-15", "Totals/GrandTotalAmount = 348.01", "Totals/GrandTotalAmount = 290.00"),
    Row("BR-CO-15", "+Totals/TaxTotalAmount"),
    Row("BR-CO-16", "Totals/DuePayableAmount = 300.01", "Totals/DuePayableAmount = 300.000"),
    Row("BR-CO-16", "-Totals/TotalPrepaidAmount", "-Totals/TotalPrepaidAmount; Totals/DuePayableAmount = 348.00"),
    Row("BR-CO-17", "Group/CalculatedAmount = 59.01", "Group/CalculatedAmount = 59.00"),  # UBL stops a cent before
    Row("BR-CO-17", "Group/CalculatedAmount = 0.5", "Group/CalculatedAmount = 0.49", base="E"),
    Row("BR-CO-17", "Group/CalculatedAmount = 9", "Group/CategoryCode = L; Group/CalculatedAmount = 9"),
    Row("BR-CO-18", "-Group", times=2),  # once a line
    Row(
        "BR-CO-19",
        "-Settlement/BillingSpecifiedPeriod/StartDateTime; -Settlement/BillingSpecifiedPeriod/EndDateTime",
        "-Settlement/BillingSpecifiedPeriod/StartDateTime",
    ),
    Row(
        "BR-CO-20",
        "-SpecifiedLineTradeSettlement/BillingSpecifiedPeriod/StartDateTime;"
        " -SpecifiedLineTradeSettlement/BillingSpecifiedPeriod/EndDateTime",
        "-SpecifiedLineTradeSettlement/BillingSpecifiedPeriod/EndDateTime",
    ),
    Row("BR-CO-21", "-Document/Reason; -Document/ReasonCode", "-Document/Reason"),
    Row("BR-CO-22", "-Document[2]/Reason; -Document[2]/ReasonCode", "-Document[2]/ReasonCode"),
    Row(
        "BR-CO-23",
        "-Line[2]/SpecifiedLineTradeSettlement/Charge/Reason; -Line[2]/SpecifiedLineTradeSettlement/Charge/ReasonCode",
        "-Line[2]/SpecifiedLineTradeSettlement/Charge/Reason",
    ),
    Row(
        "BR-CO-24",
        "-SpecifiedLineTradeSettlement/Charge[2]/Reason; -SpecifiedLineTradeSettlement/Charge[2]/ReasonCode",
        "-SpecifiedLineTradeSettlement/Charge[2]/Reason",
    ),
    Row(
        "BR-CO-26",
        "-Seller/SpecifiedTaxRegistration; -Seller/SpecifiedLegalOrganization; -Seller/GlobalID",
        "-Seller/SpecifiedTaxRegistration; -Seller/SpecifiedLegalOrganization",
    ),
)

CASES = [*cases(Syntax.UBL, _UBL), *cases(Syntax.CII, _CII)]


@every(CASES)
def test_what_does_not_agree_breaks_the_rule(case: Case) -> None:
    assert fired(case.refused, case.ruleset)[case.row.rule] == case.row.times


@every(CASES)
def test_what_agrees_keeps_it(case: Case) -> None:
    assert case.row.rule not in fired(case.accepted, case.ruleset)
