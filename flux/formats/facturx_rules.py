"""The rules of the profiles of Factur-X 1.09 that are bound to elements: which occur, how often, with which attributes and codes.

Profile EN 16931 has none here: the rules of EN 16931 judge it. What the publisher reports without an id has the code
FX-NOT-USED, and the detail tells which element or attribute the profile does not know.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from flux.formats.bound_demands import Check
from flux.formats.bound_rules import RuleTable
from flux.formats.bound_text import Dialect, read_table
from flux.formats.cii import PREFIXES
from flux.formats.cii_rules import CHECKS, HEADER_PERIOD, LINE_PERIOD, WORDS, check_minute
from flux.formats.facturx_basic_text import BASIC
from flux.formats.facturx_basicwl_text import BASICWL
from flux.formats.facturx_clean import is_clean
from flux.formats.facturx_codes import LISTS
from flux.formats.facturx_extended_text import EXTENDED
from flux.formats.facturx_minimum_text import MINIMUM
from flux.formats.tree import Element
from flux.model.finding import Observation

_WHITE_SPACE = " \t\r\n"


def _check_emptiness(root: Element) -> Iterable[Element]:
    """PEPPOL-EN16931-R008: every element holds a text or other elements; the reader has taken comments away."""
    return [element for element in root.iter("*") if len(element) == 0 and not (element.text or "").strip(_WHITE_SPACE)]


_CHECKS: Mapping[str, Check] = {**CHECKS, "a_minute": check_minute, "nothing_empty": _check_emptiness}

_AGREEMENT = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement"
_SETTLEMENT = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement"

# What several profiles hold beside the table of their elements, each a pattern of its own.
_CHARGE_INDICATOR = "//SpecifiedTradeAllowanceCharge - CII-SR-463 + ChargeIndicator"
_CHARGES = f"{_CHARGE_INDICATOR} - CII-SR-472 ? RateApplicablePercent - CII-SR-471 ? CategoryTradeTax - CII-SR-473 ? ActualAmount"
_ONE_PAYMENT = """
/rsm:CrossIndustryInvoice - CII-SR-467 check one_means_code - CII-SR-468 check one_means_text
  - CII-SR-469 check one_payment_reference
"""
_PARTIES = f"""
{_AGREEMENT} - 27 1 SellerTradeParty - 28 1 BuyerTradeParty
  - CII-SR-465 when SellerTradeParty/DefinedTradeContact/DepartmentName
  | test not(ram:SellerTradeParty/ram:DefinedTradeContact/ram:PersonName)
  - CII-SR-466 when BuyerTradeParty/DefinedTradeContact/DepartmentName
  | test not(ram:BuyerTradeParty/ram:DefinedTradeContact/ram:PersonName)
"""
_ATTACHMENTS = f"""
{_AGREEMENT}
  - CII-SR-475 w when AdditionalReferencedDocument
  | test count(ram:AdditionalReferencedDocument[normalize-space(ram:TypeCode) = '916']/ram:Name) <= 1
  - CII-SR-476 w when AdditionalReferencedDocument
  | test count(ram:AdditionalReferencedDocument[normalize-space(ram:TypeCode) = '916']/ram:AttachmentBinaryObject) <= 1
"""
_NOTHING_EMPTY = """
/rsm:CrossIndustryInvoice
  - PEPPOL-EN16931-R008 w check nothing_empty
"""
_TRANSFER = """
//SpecifiedTradeSettlementPaymentMeans[normalize-space(ram:TypeCode) = '30' or normalize-space(ram:TypeCode) = '58']
  - CII-SR-470 test boolean(ram:PayeePartyCreditorFinancialAccount/ram:IBANID)
  | != boolean(ram:PayeePartyCreditorFinancialAccount/ram:ProprietaryID)
"""
_MOMENTS = (
    "//udt:DateTimeString[@format = '102'] - CII-DT-097 check a_day",
    "//udt:DateTimeString[@format = '205'] - BR-FXEXT-CII-DT-097a check a_minute",
)

# Business rules that look at elements for which the model has no term.
_SCHEMES = """
/rsm:CrossIndustryInvoice
  - BR-62 test not($seller/ram:URIUniversalCommunication)
    | or normalize-space($seller/ram:URIUniversalCommunication[1]/ram:URIID/@schemeID) != ''
  - BR-63 test not($buyer/ram:URIUniversalCommunication)
    | or normalize-space($buyer/ram:URIUniversalCommunication[1]/ram:URIID/@schemeID) != ''
"""
_ONE_TAX_POINT = """
//ApplicableTradeTax[parent::ram:ApplicableHeaderTradeSettlement]
  - BR-CO-03 when TaxPointDate test not(ram:DueDateTypeCode)
"""
_CLASSES = """
//IncludedSupplyChainTradeLineItem
  - BR-65 when SpecifiedTradeProduct/DesignatedProductClassification
    | test ram:SpecifiedTradeProduct/ram:DesignatedProductClassification/ram:ClassCode/@listID != ''
"""
_PAYEES = "//PayeeTradeParty - BR-17 + Name"
_MEANS = "//SpecifiedTradeSettlementPaymentMeans - BR-49 + TypeCode"
_SPLIT_PAYMENT = """
/rsm:CrossIndustryInvoice
  - BR-B-01 test not(//ram:CategoryCode = 'B') or not(//ram:CountryID != 'IT')
  - BR-B-02 test not(//ram:CategoryCode = 'B') or not(//ram:CategoryCode = 'S')
"""
_BREAKDOWN = f"{_SETTLEMENT} - BR-CO-18 + ApplicableTradeTax"
_GERMAN = "ram:PostalTradeAddress/ram:CountryID[translate(normalize-space(), 'de', 'DE') = 'DE']"
_GERMAN_PARTIES = f"""(
    ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty/{_GERMAN}
    or ram:ApplicableHeaderTradeSettlement/ram:InvoicerTradeParty/{_GERMAN}
) and (
    ram:ApplicableHeaderTradeAgreement/ram:BuyerTradeParty/{_GERMAN}
    or ram:ApplicableHeaderTradeSettlement/ram:InvoiceeTradeParty/{_GERMAN}
)"""
_DELIVERED = """(
    ram:ApplicableHeaderTradeDelivery/ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime
    or ((ram:ApplicableHeaderTradeSettlement/ram:BillingSpecifiedPeriod
        or not(ram:IncludedSupplyChainTradeLineItem[
            not(ram:SpecifiedLineTradeSettlement/ram:BillingSpecifiedPeriod)]))
    and normalize-space(ram:ApplicableHeaderTradeDelivery) != '')
)"""
_GERMAN_DELIVERY = f"""
/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction - BR-FX-EN-04 w test
  | not(../rsm:ExchangedDocument/ram:TypeCode != '386') or not({" ".join(_GERMAN_PARTIES.split())})
  | or {" ".join(_DELIVERED.split())}
"""
_NOTES = """
/rsm:CrossIndustryInvoice/rsm:ExchangedDocument/IncludedNote
  - BR-FXEXT-01 when SubjectCode test ram:ContentCode or ram:Content
"""
_LINE_NOTES = """
//IncludedNote[parent::ram:AssociatedDocumentLineDocument]
  - BR-FXEXT-02 when SubjectCode test ram:ContentCode or ram:Content
"""
_REGISTRATIONS = """
//ID[parent::ram:SpecifiedTaxRegistration][not(ancestor::ram:SellerTradeParty)]
  - BR-FXEXT-03 test @schemeID = 'VA'
"""
_READ_ATTRIBUTES = "$line/SpecifiedTradeProduct/ApplicableProductCharacteristic"
_NAMED_ATTRIBUTES = f"""
{_READ_ATTRIBUTES} - read
//ApplicableProductCharacteristic - BR-54 test ram:Description and ram:Value
"""
_ATTRIBUTES = (
    f"""
{_READ_ATTRIBUTES} - read
//ApplicableProductCharacteristic - BR-FXEXT-BR-54-1 test ram:Description or ram:TypeCode - BR-FXEXT-BR-54-2
  | test ram:Value and not(ram:ValueMeasure) or not(ram:Value) and ram:ValueMeasure/@unitCode != ''
""",
    f"""
{_READ_ATTRIBUTES}/TypeCode - read
//ApplicableProductCharacteristic/TypeCode - BR-FXEXT-04 w coded characteristics .
""",
)
_DOCUMENTS = "//AdditionalReferencedDocument - BR-52 test ram:IssuerAssignedID != ''"

_PATTERNS: Mapping[str, tuple[str, ...]] = {
    "facturx-minimum": (MINIMUM, _CHARGE_INDICATOR, _PARTIES),
    "facturx-basicwl": (
        *(BASICWL, _CHARGES, _TRANSFER, _ONE_PAYMENT, _PARTIES, _SCHEMES, _ONE_TAX_POINT, _PAYEES, _MEANS, _BREAKDOWN),
        *(HEADER_PERIOD, f"{_SETTLEMENT}/InvoiceReferencedDocument - 415 1 IssuerAssignedID"),
    ),
    "facturx-basic": (
        *(BASIC, _CHARGE_INDICATOR, _NOTHING_EMPTY, _PARTIES),
        *(_SCHEMES, _ONE_TAX_POINT, _PAYEES, _MEANS, _BREAKDOWN, _CLASSES, _SPLIT_PAYMENT, _GERMAN_DELIVERY),
        *(HEADER_PERIOD, LINE_PERIOD, _NAMED_ATTRIBUTES),
        f"{_SETTLEMENT}/InvoiceReferencedDocument - 29 1 IssuerAssignedID",
    ),
    "facturx-extended": (
        *(EXTENDED, _CHARGES, _NOTHING_EMPTY, _ONE_PAYMENT, _PARTIES, _ATTACHMENTS, *_MOMENTS),
        *(
            _SCHEMES,
            _ONE_TAX_POINT,
            _PAYEES,
            _MEANS,
            _BREAKDOWN,
            _CLASSES,
            _SPLIT_PAYMENT,
            _NOTES,
            _LINE_NOTES,
            _REGISTRATIONS,
            _DOCUMENTS,
        ),
        *(HEADER_PERIOD, LINE_PERIOD, *_ATTRIBUTES),
        f"{_SETTLEMENT}/InvoiceReferencedDocument - 415 1 IssuerAssignedID",
    ),
}

RULESETS = frozenset(_PATTERNS)
_NOTHING_EMPTY_IN = frozenset(name for name, patterns in _PATTERNS.items() if _NOTHING_EMPTY in patterns)
NOT_USED = "FX-NOT-USED"


_DIALECT = Dialect(
    prefixes=PREFIXES,
    default="ram",
    lists=LISTS,
    checks=_CHECKS,
    words=WORDS,
    family="FX-SCH-A",
    digits=6,
    unnamed=NOT_USED,
)


def judge(root: Element, ruleset: str) -> tuple[Observation, ...]:
    """What a CII breaks of the rules that a profile ("facturx-basic") binds to elements."""
    if not is_clean(root, ruleset):
        return table(ruleset).judge(root)
    # All that a clean document may still break; most hold no empty element, or one.
    return _emptiness().judge(root) if ruleset in _NOTHING_EMPTY_IN else ()


@cache
def _emptiness() -> RuleTable:
    return read_table(_DIALECT, (_NOTHING_EMPTY,))


@cache
def table(ruleset: str) -> RuleTable:
    """The table of a profile."""
    return read_table(_DIALECT, _PATTERNS[ruleset])
