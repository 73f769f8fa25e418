"""The nine VAT families: each of their ten rules, from an invoice that is of one category all through."""

from collections.abc import Iterator

from flux.model.interface import Syntax
from tests.official.ours import fired
from tests.unit.rules.changes import Case, Row, cases, every

# The name that the rules of a category bear; a base of its own for each.
FAMILIES = {"S": "S", "Z": "Z", "E": "E", "AE": "AE", "IC": "K", "G": "G", "O": "O", "AF": "L", "AG": "M"}
_RATED, _EXEMPT = ("S", "AF", "AG"), ("E", "AE", "IC", "G", "O")

_NEW_NUMBER = (
    "Buyer > PartyTaxScheme; Buyer/PartyTaxScheme > CompanyID = FR1; Buyer/PartyTaxScheme > TaxScheme;"
    " Buyer/PartyTaxScheme/TaxScheme"
)
# Without the numbers that a category asks for, and with those that are just enough.
_UBL_NUMBERS = {
    "S": (
        "-Representative; -Seller/PartyTaxScheme[2]; -Seller/PartyTaxScheme",
        "-Representative; -Seller/PartyTaxScheme",
    ),
    "IC": ("-Buyer/PartyTaxScheme", "-Representative; -Seller/PartyTaxScheme[2]"),
    "G": ("-Representative; -Seller/PartyTaxScheme", "-Seller/PartyTaxScheme"),
    "AE": ("-Buyer/PartyTaxScheme; -Buyer/PartyLegalEntity/CompanyID", "-Buyer/PartyTaxScheme"),
    "O": (f"{_NEW_NUMBER} > ID = VAT", f"{_NEW_NUMBER} > ID = LOC"),
}
_REGISTRATIONS = "-Representative; -Seller/SpecifiedTaxRegistration[2]; -Seller/SpecifiedTaxRegistration"
_CII_NUMBERS = {
    "S": (_REGISTRATIONS, "-Representative; -Seller/SpecifiedTaxRegistration"),
    "IC": ("-Buyer/SpecifiedTaxRegistration", "-Representative; -Seller/SpecifiedTaxRegistration[2]"),
    "G": ("-Representative; -Seller/SpecifiedTaxRegistration", "-Seller/SpecifiedTaxRegistration"),
    "AE": ("-Buyer/SpecifiedTaxRegistration; -Buyer/SpecifiedLegalOrganization", "-Buyer/SpecifiedTaxRegistration"),
    "O": (
        "Buyer > SpecifiedTaxRegistration; Buyer/SpecifiedTaxRegistration > ID@schemeID=VA = FR1",
        "Buyer > SpecifiedTaxRegistration; Buyer/SpecifiedTaxRegistration > ID@schemeID=FC = 1",
    ),
}
# The last rate that is wrong, the first that is right.
_RATES = {"S": ("0", "0.01"), "AF": ("-0.01", "0"), "AG": ("-0.01", "0")}
_REASON = " > TaxExemptionReason = x"


def _ubl() -> Iterator[Row]:
    rate_paths = ("Line/Item/ClassifiedTaxCategory", "Document/TaxCategory", "Document[2]/TaxCategory")
    for name, code in FAMILIES.items():
        rule = f"BR-{name}"
        yield Row(f"{rule}-01", "-TaxSubtotal", base=code)
        if name in _RATED:  # nor a group that nothing bears
            yield Row(f"{rule}-01", "*ClassifiedTaxCategory/ID = B; *Document/TaxCategory/ID = B", base=code)
        else:
            yield Row(f"{rule}-01", "+TaxSubtotal", "*TaxSubtotal/TaxCategory/ID =  " + code + " ", base=code)
        refused, accepted = _UBL_NUMBERS.get(name, _UBL_NUMBERS["S"])
        yield from (Row(f"{rule}-0{nn}", refused, accepted, code) for nn in (2, 3, 4))
        for nn, path in zip((5, 6, 7), rate_paths, strict=True):
            if name == "O":
                yield Row(f"{rule}-0{nn}", f"{path} > Percent = 0", f"{path}/ID = Z", base=code)
            else:
                wrong, right = _RATES.get(name, ("0.01", "0"))
                yield Row(f"{rule}-0{nn}", f"{path}/Percent = {wrong}", f"{path}/Percent = {right}", base=code)
                yield Row(f"{rule}-0{nn}", f"-{path}/Percent", base=code)
        wrong, right = ("291.00", "290.99") if name in _RATED else ("290.01", "290.000")
        yield Row(
            f"{rule}-08", f"TaxSubtotal/TaxableAmount = {wrong}", f"TaxSubtotal/TaxableAmount = {right}", base=code
        )
        taxes = {"S": ("59.00", "58.99"), "AF": ("21.30", "21.29"), "AG": ("12.60", "12.59")}.get(name, ("0.01", "0"))
        yield Row(f"{rule}-09", f"TaxSubtotal/TaxAmount = {taxes[0]}", f"TaxSubtotal/TaxAmount = {taxes[1]}", base=code)
        if name in _EXEMPT:
            yield Row(
                f"{rule}-10",
                "-TaxSubtotal/TaxCategory/TaxExemptionReason; -TaxSubtotal/TaxCategory/TaxExemptionReasonCode",
                "-TaxSubtotal/TaxCategory/TaxExemptionReason",
                code,
            )
        else:
            yield Row(f"{rule}-10", f"TaxSubtotal/TaxCategory{_REASON}", base=code)


def _cii() -> Iterator[Row]:
    line = "SpecifiedLineTradeSettlement/ApplicableTradeTax"
    for name, code in FAMILIES.items():
        rule = f"BR-{name}"
        if name in _RATED:  # two lines without a group will do for the artefact
            yield Row(f"{rule}-01", "-Group; -Line[2]", "-Group", base=code)
        else:
            yield Row(f"{rule}-01", "+Group", base=code)
        refused, accepted = _CII_NUMBERS.get(name, _CII_NUMBERS["S"])
        yield from (Row(f"{rule}-0{nn}", refused, accepted, code, times) for nn, times in ((2, 2), (3, 1), (4, 1)))
        for nn, path in ((5, line), (6, "Document/CategoryTradeTax"), (7, "Document[2]/CategoryTradeTax")):
            rate = f"{path}/RateApplicablePercent"
            if name == "O":
                yield Row(f"{rule}-0{nn}", f"{path} > RateApplicablePercent = 0", f"{path}/CategoryCode = Z", base=code)
            else:
                wrong, right = {**_RATES, "AF": ("0", "0.01")}.get(name, ("0.01", "0"))
                yield Row(f"{rule}-0{nn}", f"{rate} = {wrong}", f"{rate} = {right}", base=code)
                yield Row(f"{rule}-0{nn}", f"-{rate}", base=code)
        if name not in ("AF", "AG"):
            wrong, right = ("290.01", "290.000") if name in ("S", "O") else ("291.00", "290.99")
            yield Row(f"{rule}-08", f"Group/BasisAmount = {wrong}", f"Group/BasisAmount = {right}", base=code)
            taxes = ("59.00", "58.99") if name == "S" else ("0.01", "0")
            yield Row(
                f"{rule}-09", f"Group/CalculatedAmount = {taxes[0]}", f"Group/CalculatedAmount = {taxes[1]}", base=code
            )
        if name in _EXEMPT:
            yield Row(
                f"{rule}-10",
                "-Group/ExemptionReason; -Group/ExemptionReasonCode",
                "-Group/ExemptionReasonCode",
                code,
            )
        else:
            yield Row(f"{rule}-10", "Group > ExemptionReason = x", base=code)


_UBL_SPECIAL = (
    Row(
        "BR-S-08",  # of each rate by itself
        "Line/Item/ClassifiedTaxCategory/Percent = 10",
        "Line/Item/ClassifiedTaxCategory/Percent = 20",
    ),
    Row("BR-IC-11", "-ActualDeliveryDate; -Invoice/InvoicePeriod", "-ActualDeliveryDate", "K"),
    Row("BR-IC-11", "-Delivery; -Invoice/InvoicePeriod", "-Invoice/InvoicePeriod", "K"),
    Row("BR-IC-12", "-DeliveryLocation/Address/Country", "-DeliveryLocation/Address/CityName", "K"),
    Row("BR-O-11", "+TaxSubtotal; TaxSubtotal/TaxCategory/ID = Z", base="O"),
    Row("BR-O-12", "Line/Item/ClassifiedTaxCategory/ID = Z", base="O"),
    Row("BR-O-13", "Document/TaxCategory/ID = Z", base="O"),
    Row("BR-O-14", "Document[2]/TaxCategory/ID = Z", base="O"),
    Row("BR-B-01", "Buyer/PostalAddress/Country/IdentificationCode = FR", "Payee > PostalAddress", "B"),
    Row("BR-B-02", "Line/Item/ClassifiedTaxCategory/ID = S", "Line/Item/ClassifiedTaxCategory/ID = Z", "B"),
)
_CII_SPECIAL = (
    Row(
        "BR-S-08",
        "SpecifiedLineTradeSettlement/ApplicableTradeTax/RateApplicablePercent = 10",
        "SpecifiedLineTradeSettlement/ApplicableTradeTax/RateApplicablePercent = 20",
    ),
    Row(
        "BR-IC-11",
        "-ActualDeliverySupplyChainEvent; -Settlement/BillingSpecifiedPeriod",
        "-ActualDeliverySupplyChainEvent",
        "K",
    ),
    Row(
        "BR-IC-12",
        "-ShipToTradeParty/PostalTradeAddress/CountryID",
        "-ShipToTradeParty/PostalTradeAddress/CityName",
        "K",
    ),
    Row("BR-O-11", "+Group; Group/CategoryCode = Z", base="O"),
    Row("BR-O-12", "SpecifiedLineTradeSettlement/ApplicableTradeTax/CategoryCode = Z", base="O"),
    Row("BR-O-13", "Document/CategoryTradeTax/CategoryCode = Z", base="O"),
    Row("BR-O-14", "Document[2]/CategoryTradeTax/CategoryCode = Z", base="O"),
    Row("BR-B-01", "Buyer/PostalTradeAddress/CountryID = FR", "-Buyer/PostalTradeAddress/CountryID", "B"),
    Row(
        "BR-B-02",
        "SpecifiedLineTradeSettlement/ApplicableTradeTax/CategoryCode = S",
        "SpecifiedLineTradeSettlement/ApplicableTradeTax/CategoryCode = Z",
        "B",
    ),
)

CASES = [*cases(Syntax.UBL, (*_ubl(), *_UBL_SPECIAL)), *cases(Syntax.CII, (*_cii(), *_CII_SPECIAL))]


@every(CASES)
def test_what_a_category_does_not_allow_breaks_its_rule(case: Case) -> None:
    assert fired(case.refused, case.ruleset)[case.row.rule] == case.row.times


@every(CASES)
def test_what_it_allows_keeps_it(case: Case) -> None:
    assert case.row.rule not in fired(case.accepted, case.ruleset)
