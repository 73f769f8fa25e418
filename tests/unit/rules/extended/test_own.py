"""What the French extension asks for itself: sub-lines, tolerances of a cent for each amount, other lists."""

from collections.abc import Iterator

import pytest

from flux.model.interface import Syntax
from tests.official.ours import fired
from tests.unit.rules.changes import Case, Row, cases, changed, every

SET = "extended-ctc-fr"
FAMILIES = {"S": "S", "Z": "Z", "E": "E", "AE": "AE", "IC": "K", "G": "G", "O": "O", "AF": "L", "AG": "M"}
_SUB = "sub-lines"
_REASONS = "-TaxSubtotal/TaxCategory/TaxExemptionReason; -TaxSubtotal/TaxCategory/TaxExemptionReasonCode"
_STATUS = "BillingReference/InvoiceDocumentReference/DocumentStatusCode"
_PARENT = "BillingReference/BillingReferenceLine/ID"

_UBL = (
    Row("BR-FREXT-22", "-Line[2]/InvoicedQuantity", "-Line/InvoicedQuantity", _SUB),  # of a group none
    Row("BR-FREXT-22", "-Line/InvoicedQuantity"),
    Row("BR-FREXT-23", "-Line[2]/InvoicedQuantity@unitCode", "-Line[5]/InvoicedQuantity@unitCode", _SUB),
    Row("BR-FREXT-24", "-Line[2]/LineExtensionAmount", "-Line[5]/LineExtensionAmount", _SUB),
    Row("BR-FREXT-26", "-Line[2]/Price", "-Line/Price", _SUB),
    Row("BR-FREXT-CO-04", "-Line[2]/Item/ClassifiedTaxCategory", "-Line/Item/ClassifiedTaxCategory", _SUB),
    Row("BR-FREXT-04", "AdditionalItemProperty/NameCode = COLOUR", "-AdditionalItemProperty/NameCode"),
    Row("BR-FREXT-05", f"Line[2]/{_STATUS} = detail", f"Line[2]/{_STATUS} =  DETAIL ", _SUB),
    Row(
        "BR-FREXT-06",
        f"-Line[2]/{_STATUS}",
        f"-Line[2]/{_STATUS}; -Line[2]/BillingReference/BillingReferenceLine",
        _SUB,
    ),
    Row("BR-FREXT-08", "Line/LineExtensionAmount = 200.01", "-Line/LineExtensionAmount", _SUB),
    Row(
        "BR-FREXT-08",
        "Line[5]/" + _STATUS + " = DETAIL; Line[5]/LineExtensionAmount = 1",
        "Line[5]/LineExtensionAmount = 1",
        _SUB,
    ),
    Row("BR-FREXT-11", f"Line[2]/{_PARENT} = 9", f"Line[2]/{_PARENT} = 2", _SUB),
    Row("BR-FREXT-11", f"Line[2]/{_PARENT} = 1.1", f"Line[2]/{_PARENT} = 1.2", _SUB),  # nor may it be its own
    Row("BR-FREXT-12", "-Line[3]/LineExtensionAmount", "-Line[3]/LineExtensionAmount; -Line/LineExtensionAmount", _SUB),
    Row(
        "BR-FREXT-54-1",
        "-AdditionalItemProperty/Name; -AdditionalItemProperty/NameCode",
        "-AdditionalItemProperty/Name",
    ),
    Row("BR-FREXT-54-2", "-AdditionalItemProperty/Value"),
    Row(
        "BR-FREXT-54-2",
        "AdditionalItemProperty > ValueQuantity@unitCode=KGM = 1",
        "-AdditionalItemProperty/Value; AdditionalItemProperty > ValueQuantity@unitCode=KGM = 1",
    ),
    Row("BR-FREXT-CO-10", "Totals/LineExtensionAmount = 300.03", "Totals/LineExtensionAmount = 300.02"),  # two lines
    Row("BR-FREXT-CO-11", "Totals/AllowanceTotalAmount = 20.02", "Totals/AllowanceTotalAmount = 20.01"),
    Row("BR-FREXT-CO-11", "-Totals/AllowanceTotalAmount", "-Totals/AllowanceTotalAmount; -Document"),
    Row("BR-FREXT-CO-12", "Totals/ChargeTotalAmount = 9.98", "Totals/ChargeTotalAmount = 9.99"),
    Row("BR-FREXT-CO-13", "Totals/TaxExclusiveAmount = 290.05", "Totals/TaxExclusiveAmount = 290.04"),  # four amounts
    Row("BR-FREXT-CO-13", "-Totals/TaxExclusiveAmount"),
    Row("BR-FREXT-CO-15", "Totals/TaxInclusiveAmount = 348.05", "Totals/TaxInclusiveAmount = 348.04"),
    Row("BR-CO-25", "-DueDate; -PaymentTerms", "-DueDate"),
    Row("BR-CO-25", "-DueDate; -PaymentTerms", "-DueDate; -PaymentTerms; Totals/PayableAmount = 0"),
    Row("BR-FREXT-CL-10", "Seller/PartyIdentification/ID@schemeID = XX", "Seller/PartyIdentification/ID@schemeID = SE"),
    Row("BR-FREXT-CL-20", "Document[2]/AllowanceChargeReasonCode = 95", "Document[2]/AllowanceChargeReasonCode = ZZZ"),
    Row(
        "BR-FREXT-CL-20-TAX",
        "Document[2]/AllowanceChargeReasonCode@listID = 5153",
        "Document[2]/AllowanceChargeReasonCode@listID = 5153; Document[2]/AllowanceChargeReasonCode = EXC",
    ),
    Row(
        "BR-FREXT-CL-20-LISTID",
        "Document[2]/AllowanceChargeReasonCode@listID = UNCL7161",
        "Document[2]/AllowanceChargeReasonCode@listID = 7161",
    ),
    Row(
        "BR-FREXT-CL-24",
        "EmbeddedDocumentBinaryObject@mimeCode = text/html",
        "EmbeddedDocumentBinaryObject@mimeCode = text/xml",
    ),
    Row(
        "BR-FREXT-CL-27",
        "Invoice > DeliveryTerms; DeliveryTerms > ID = FOT",
        "Invoice > DeliveryTerms; DeliveryTerms > ID = FOB",
    ),
    Row(
        "BR-FREXT-S-09",  # a cent for each of four amounts
        "TaxSubtotal/TaxAmount = 58.05",
        "TaxSubtotal/TaxAmount = 58.04",
    ),
)

_LINE = "AssociatedDocumentLineDocument"
_CHARACTERISTIC = "ApplicableProductCharacteristic"
_LINE_TOTAL = "SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount"
_SERVICE = "Settlement > SpecifiedLogisticsServiceCharge; SpecifiedLogisticsServiceCharge > Description = Port;"

_CII = (
    Row("BR-FREXT-BR-22", "-Line[2]/SpecifiedLineTradeDelivery/BilledQuantity", "-BilledQuantity", _SUB),
    Row(
        "BR-FREXT-BR-23",
        "-Line[2]/SpecifiedLineTradeDelivery/BilledQuantity@unitCode",
        "-Line[5]/SpecifiedLineTradeDelivery/BilledQuantity@unitCode",
        _SUB,
    ),
    Row("BR-FREXT-BR-24", f"-Line[2]/{_LINE_TOTAL}", f"-Line[5]/{_LINE_TOTAL}", _SUB),
    Row(
        "BR-FREXT-BR-26",
        "-Line[2]/SpecifiedLineTradeAgreement/NetPriceProductTradePrice",
        "-Line/SpecifiedLineTradeAgreement/NetPriceProductTradePrice",
        _SUB,
    ),
    Row(
        "BR-FREXT-CO-04",
        "-Line[2]/SpecifiedLineTradeSettlement/ApplicableTradeTax",
        "-Line/SpecifiedLineTradeSettlement/ApplicableTradeTax",
        _SUB,
    ),
    Row("BR-FREXT-BR-38", "-Document[2]/Reason; -Document[2]/ReasonCode", "-Document[2]/ReasonCode"),
    Row(
        "BR-FREXT-BR-44",
        "-SpecifiedLineTradeSettlement/Charge[2]/Reason; -SpecifiedLineTradeSettlement/Charge[2]/ReasonCode",
        "-SpecifiedLineTradeSettlement/Charge[2]/Reason",
    ),
    Row("BR-FXEXT-04", f"{_CHARACTERISTIC}/TypeCode = COLOUR", f"-{_CHARACTERISTIC}/TypeCode"),
    Row(
        "BR-FREXT-05", f"Line[2]/{_LINE}/LineStatusReasonCode = detail", f"-Line[2]/{_LINE}/LineStatusReasonCode", _SUB
    ),
    Row("BR-FREXT-05", f"Line[2]/{_LINE}/LineStatusReasonCode =  DETAIL ", base=_SUB),  # as written, unlike UBL
    Row(
        "BR-FREXT-06",
        f"-Line[2]/{_LINE}/LineStatusReasonCode",
        f"-Line[2]/{_LINE}/LineStatusReasonCode; -Line[2]/{_LINE}/ParentLineID",
        _SUB,
    ),
    Row("BR-FREXT-08", f"{_LINE_TOTAL} = 200.01", f"-{_LINE_TOTAL}", _SUB),
    Row("BR-FREXT-11", f"Line[2]/{_LINE}/ParentLineID = 9", f"Line[2]/{_LINE}/ParentLineID = 2", _SUB),
    Row("BR-FREXT-11", f"Line[2]/{_LINE}/ParentLineID = 1.1", f"Line[2]/{_LINE}/ParentLineID = 1.2", _SUB),
    Row("BR-FREXT-12", f"-Line[3]/{_LINE_TOTAL}", f"-Line[3]/{_LINE_TOTAL}; -{_LINE_TOTAL}", _SUB),
    Row(
        "BR-FREXT-54-1",
        f"-{_CHARACTERISTIC}/Description; -{_CHARACTERISTIC}/TypeCode",
        f"-{_CHARACTERISTIC}/Description",
    ),
    Row(
        "BR-FREXT-54-2",
        f"{_CHARACTERISTIC} > ValueMeasure@unitCode=KGM = 1",
        f"-{_CHARACTERISTIC}/Value; {_CHARACTERISTIC} > ValueMeasure@unitCode=KGM = 1",
    ),
    Row("BR-FREXT-CO-10", "Totals/LineTotalAmount = 300.03", "Totals/LineTotalAmount = 300.02"),
    Row("BR-FREXT-CO-11", "Totals/AllowanceTotalAmount = 20.02", "Totals/AllowanceTotalAmount = 20.01"),
    Row("BR-FREXT-CO-12", "Totals/ChargeTotalAmount = 9.98", "Totals/ChargeTotalAmount = 9.99"),
    Row(
        "BR-FREXT-CO-12",  # charges for logistics services count
        f"{_SERVICE} SpecifiedLogisticsServiceCharge > AppliedAmount = 5.00",
        f"{_SERVICE} SpecifiedLogisticsServiceCharge > AppliedAmount = 5.00; Totals/ChargeTotalAmount = 15.00",
    ),
    Row("BR-FREXT-CO-13", "Totals/TaxBasisTotalAmount = 290.05", "Totals/TaxBasisTotalAmount = 290.04"),
    Row("BR-FREXT-CO-15", "Totals/GrandTotalAmount = 348.05", "Totals/GrandTotalAmount = 348.04"),
    Row("BR-FREXT-CO-15", "-Totals/TaxTotalAmount"),  # which UBL lets be
    Row("BR-CO-25", "-SpecifiedTradePaymentTerms", "-SpecifiedTradePaymentTerms/DueDateDateTime"),
    Row("BR-FREXT-CL-10", "Seller/GlobalID@schemeID = XX", "Seller/GlobalID@schemeID = SE"),
    Row(
        "BR-FREXT-CL-19-GP",
        "AppliedTradeAllowanceCharge > ReasonCode = FC",
        "AppliedTradeAllowanceCharge > ReasonCode = 95",
    ),
    Row("BR-FREXT-CL-20", "Document[2]/ReasonCode = 95", "Document[2]/ReasonCode = ZZZ"),
    Row(
        "BR-FREXT-CL-20-TAX",
        "Document[2]/ReasonCode@listID = 5153",
        "Document[2]/ReasonCode@listID = 5153; Document[2]/ReasonCode = EXC",
    ),
    Row("BR-FREXT-CL-20-LISTID", "Document[2]/ReasonCode@listID = UNCL7161", "-Document[2]/ReasonCode@listID"),
    Row("BR-FREXT-CL-24", "AttachmentBinaryObject@mimeCode = text/html", "AttachmentBinaryObject@mimeCode = text/xml"),
    Row(
        "BR-FREXT-CL-27",
        "ApplicableTradeDeliveryTerms/DeliveryTypeCode = FOT",
        "ApplicableTradeDeliveryTerms/DeliveryTypeCode = FOB",
    ),
    Row("BR-FXEXT-S-09", "Group/CalculatedAmount = 58.05", "Group/CalculatedAmount = 58.04"),
    # What the norm asks of every group is left for groups of other categories.
    Row("BR-45", "Group/CategoryCode = B; -Group/BasisAmount", "-Group/BasisAmount"),
    Row("BR-46", "Group/CategoryCode = B; -Group/CalculatedAmount", "-Group/CalculatedAmount"),
    Row("BR-48", "Group/CategoryCode = B; -Group/RateApplicablePercent", "-Group/RateApplicablePercent"),
    Row("BR-DEC-19", "Group/CategoryCode = B; Group/BasisAmount = 1.000", "Group/BasisAmount = 1.000"),
    Row("BR-DEC-20", "Group/CategoryCode = B; Group/CalculatedAmount = 1.000", "Group/CalculatedAmount = 1.000"),
)


def _families(prefix: str, group: str, base: str, reasons: str) -> Iterator[Row]:
    """A group for each category that is used, and its base, within a cent for each of four amounts."""
    for name, code in FAMILIES.items():
        yield Row(f"BR-FREXT-{name}-01", f"-{group}", f"+{group}", code)
        # By rate alone (ini) and with the reason of exemption (rev); the rule itself where neither is right.
        for kind in ("", "ini"):
            yield Row(f"{prefix}-{name}-08{kind}", f"{base} = 290.05", f"{base} = 290.04", code)
        # The lines of the base give no reason.
        unreasoned = reasons if name in ("E", "AE", "IC", "G", "O") else ""
        yield Row(f"{prefix}-{name}-08rev", f"{base} = 290.05", f"{base} = 290.04; {unreasoned}", code)


CASES = [
    *cases(Syntax.UBL, (*_UBL, *_families("BR-FREXT", "TaxSubtotal", "TaxSubtotal/TaxableAmount", _REASONS)), SET),
    *cases(
        Syntax.CII,
        (
            *_CII,
            *_families("BR-FXEXT", "Group", "Group/BasisAmount", "-Group/ExemptionReason; -Group/ExemptionReasonCode"),
        ),
        SET,
    ),
]


@every(CASES)
def test_what_the_extension_refuses_breaks_its_rule(case: Case) -> None:
    assert fired(case.refused, SET)[case.row.rule] == case.row.times


@every(CASES)
def test_what_the_extension_accepts_keeps_it(case: Case) -> None:
    assert case.row.rule not in fired(case.accepted, SET)


@pytest.mark.parametrize(
    ("syntax", "changes", "codes"),
    [
        (Syntax.UBL, "TaxSubtotal/TaxCategory/TaxExemptionReason = Autre motif", {"BR-FREXT-E-08rev"}),
        (Syntax.CII, "Group/ExemptionReason = Autre motif", {"BR-FXEXT-E-08rev"}),
    ],
)
def test_a_base_that_is_right_by_rate_alone_is_a_warning(syntax: Syntax, changes: str, codes: set[str]) -> None:
    said = {code for code in fired(changed(SET, syntax, "E", changes), SET) if "-E-08" in code}
    assert said == codes
