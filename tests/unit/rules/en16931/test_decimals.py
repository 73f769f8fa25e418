"""BR-DEC: amounts of two decimals at most, as written: a third that is zero is one too many."""

from collections.abc import Iterator

from flux.model.interface import Syntax
from tests.official.ours import fired
from tests.unit.rules.changes import Case, Row, cases, every

_UBL = {
    "01": "Document/Amount",
    "02": "Document/BaseAmount",
    "05": "Document[2]/Amount",
    "06": "Document[2]/BaseAmount",
    "09": "Totals/LineExtensionAmount",
    "10": "Totals/AllowanceTotalAmount",
    "11": "Totals/ChargeTotalAmount",
    "12": "Totals/TaxExclusiveAmount",
    "14": "Totals/TaxInclusiveAmount",
    "16": "Totals/PrepaidAmount",
    "17": "Totals/PayableRoundingAmount",
    "18": "Totals/PayableAmount",
    "19": "TaxSubtotal/TaxableAmount",
    "20": "TaxSubtotal/TaxAmount",
    "23": "Line/LineExtensionAmount",
    "24": "Line[2]/AllowanceCharge/Amount",
    "25": "Line[2]/AllowanceCharge/BaseAmount",
    "27": "Line[2]/AllowanceCharge[2]/Amount",
    "28": "Line[2]/AllowanceCharge[2]/BaseAmount",
}
_CII = {
    "01": "Document/ActualAmount",
    "02": "Document/BasisAmount",
    "05": "Document[2]/ActualAmount",
    "06": "Document[2]/BasisAmount",
    "09": "Totals/LineTotalAmount",
    "10": "Totals/AllowanceTotalAmount",
    "11": "Totals/ChargeTotalAmount",
    "12": "Totals/TaxBasisTotalAmount",
    "14": "Totals/GrandTotalAmount",
    "16": "Totals/TotalPrepaidAmount",
    "17": "Totals/RoundingAmount",
    "18": "Totals/DuePayableAmount",
    "19": "Group/BasisAmount",
    "20": "Group/CalculatedAmount",
    "23": "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount",
    "24": "Line[2]/SpecifiedLineTradeSettlement/Charge/ActualAmount",
    "25": "Line[2]/SpecifiedLineTradeSettlement/Charge/BasisAmount",
    "27": "SpecifiedLineTradeSettlement/Charge[2]/ActualAmount",
    "28": "SpecifiedLineTradeSettlement/Charge[2]/BasisAmount",
}
# By value, unlike the others; UBL looks for the currency where it never stands.
_VAT_TOTALS = (
    Row("BR-DEC-13", "Totals/TaxTotalAmount = 58.001", "Totals/TaxTotalAmount = 58.000"),
    Row(
        "BR-DEC-13",
        "Totals/TaxTotalAmount = 58.001",
        "Totals/TaxTotalAmount = 58.001; Totals/TaxTotalAmount@currencyID = USD",
    ),
    Row("BR-DEC-15", "Totals/TaxTotalAmount[2] = 52.201", "Totals/TaxTotalAmount[2] = 52.200", base="foreign"),
)


def _rows(amounts: dict[str, str]) -> Iterator[Row]:
    for number, path in amounts.items():
        yield Row(f"BR-DEC-{number}", f"{path} = 1.000", f"{path} = 1.00")
        yield Row(f"BR-DEC-{number}", f"{path} = -1.234", f"{path} = 1")


CASES = [*cases(Syntax.UBL, _rows(_UBL)), *cases(Syntax.CII, (*_rows(_CII), *_VAT_TOTALS))]


@every(CASES)
def test_a_third_decimal_breaks_the_rule(case: Case) -> None:
    assert fired(case.refused, case.ruleset)[case.row.rule] == case.row.times


@every(CASES)
def test_two_decimals_keep_it(case: Case) -> None:
    assert case.row.rule not in fired(case.accepted, case.ruleset)
