"""The rules of EN 16931 1.3.16 and of EXTENDED-CTC-FR 1.4.0 that are bound to CII elements: CII-SR and CII-DT.

The French extension relaxes EN 16931: its table is that of EN 16931 without what it drops. Most invoices break none of
them, which a schema decides in one go (`flux.formats.cii_clean`); only for the others the table is asked.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from flux.formats import bound_codes
from flux.formats.bound_demands import Check
from flux.formats.bound_rules import RuleTable
from flux.formats.bound_text import Dialect, read_table, relax
from flux.formats.cii import PREFIXES
from flux.formats.cii_clean import is_clean
from flux.formats.cii_codes import CODES, EXTENDED_CODES, LISTS, NORM_CODES
from flux.formats.cii_rules_text import EN16931
from flux.formats.tree import Element
from flux.model.finding import Observation

_RAM = f"{{{PREFIXES['ram']}}}"
_UDT = f"{{{PREFIXES['udt']}}}"
_SPACE = " \t\r\n"
_DATE = r"\d{4}(1[0-2]|0[1-9])(3[01]|[12][0-9]|0[1-9])"
_DAY = re.compile(rf"[{_SPACE}]*{_DATE}[{_SPACE}]*")
_MINUTE = re.compile(rf"[{_SPACE}]*{_DATE}([01][0-9]|2[0-3])[0-5][0-9][{_SPACE}]*")

_TRANSACTION = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction"
WORDS = {
    "line": f"{_TRANSACTION}/ram:IncludedSupplyChainTradeLineItem",
    "currency": f"{_TRANSACTION}/ram:ApplicableHeaderTradeSettlement/ram:InvoiceCurrencyCode",
    "vat_currency": f"{_TRANSACTION}/ram:ApplicableHeaderTradeSettlement/ram:TaxCurrencyCode",
    "seller": f"{_TRANSACTION}/ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty",
    "buyer": f"{_TRANSACTION}/ram:ApplicableHeaderTradeAgreement/ram:BuyerTradeParty",
    "debtor_bank": "SpecifiedTradeSettlementPaymentMeans/PayerSpecifiedDebtorFinancialInstitution",
    "indicator": "ram:ChargeIndicator/udt:Indicator",
    # Where the rules on the model look for them.
    "read_codes": "(//ram:ApplicableTradeTax[parent::ram:ApplicableHeaderTradeSettlement"
    " or parent::ram:SpecifiedLineTradeSettlement]"
    " | //ram:SpecifiedTradeAllowanceCharge/ram:CategoryTradeTax)/ram:CategoryCode",
    "read_countries": "(//ram:SellerTradeParty | //ram:BuyerTradeParty | //ram:PayeeTradeParty"
    " | //ram:SellerTaxRepresentativeTradeParty | //ram:ApplicableHeaderTradeDelivery/ram:ShipToTradeParty)"
    "/ram:PostalTradeAddress/ram:CountryID",
    "vat": "ram:TypeCode[translate(., 'vat', 'VAT') = 'VAT']",
}

_DELIVERY_TERMS = """w when ApplicableTradeDeliveryTerms test not(ram:ApplicableTradeDeliveryTerms/*[
    not(self::ram:DeliveryTypeCode or self::ram:RelevantTradeLocation)]
    or ram:ApplicableTradeDeliveryTerms/ram:RelevantTradeLocation/*[not(self::ram:Name)])"""

# What EXTENDED-CTC-FR puts in place of a row, empty where it drops it.
_EXTENDED: Mapping[str, str] = {
    "CII-DT-018": """CII-EXT-DT-018 when TypeCode test self::ram:InvoiceReferencedDocument
        or self::ram:AdditionalReferencedDocument
        and (ram:TypeCode = '50' or ram:TypeCode = '130' or ram:TypeCode = '916')""",
    "CII-DT-024": """CII-FREXT-DT-024 when ReferenceTypeCode test self::ram:ContractReferencedDocument
        or self::ram:AdditionalReferencedDocument and ram:TypeCode = '130'""",
    "CII-DT-027": """CII-FREXTDT-027 when FormattedIssueDateTime test self::ram:InvoiceReferencedDocument
        or self::ram:ContractReferencedDocument or self::ram:BuyerOrderReferencedDocument
        or self::ram:DespatchAdviceReferencedDocument""",
    "CII-SR-069": "CII-FREXT-SR-069 ? Description",
    "CII-SR-072": "CII-FREXT-SR-072 ? Value",
    "CII-SR-106": f"CII-FREXT-SR-106 {_DELIVERY_TERMS}",
    "CII-SR-293": f"CII-FREXT-SR-293 {_DELIVERY_TERMS}",
    "CII-SR-366": """CII-FREXT-SR-366 w when TaxApplicableTradeCurrencyExchange test
        not(ram:TaxApplicableTradeCurrencyExchange/*[not(local-name() = 'SourceCurrencyCode'
        or local-name() = 'TargetCurrencyCode' or local-name() = 'ConversionRate'
        or local-name() = 'ConversionRateDateTime')])""",
    "CII-SR-439": "CII-FREXT-SR-439 ? NetPriceProductTradePrice/ChargeAmount",
    "CII-SR-454": "CII-SR-454 w ? ApplicableTradeTax",
    **dict.fromkeys(
        (
            f"CII-SR-{number:03}"
            for number in (
                *(39, 40, 41, 68, 70, 107, 108, 127, 128, 148, 156, 164, 170, 173, 174, 175, 200, 201, 210, 278, 305),
                *(333, 334, *range(350, 364), 365, 422, 458, 470, 474),
            )
        ),
        "",
    ),
    **dict.fromkeys(("CII-DT-052", "CII-DT-058", "CII-DT-098"), ""),
}


# Business rules that look at elements for which EN 16931 has no business term: an address without its text, documents,
# payees and codes wherever the syntax has a place for them.
_BUSINESS = """
/rsm:CrossIndustryInvoice
  - BR-62 test not($seller/ram:URIUniversalCommunication)
    | or normalize-space($seller/ram:URIUniversalCommunication[1]/ram:URIID/@schemeID) != ''
  - BR-63 test not($buyer/ram:URIUniversalCommunication)
    | or normalize-space($buyer/ram:URIUniversalCommunication[1]/ram:URIID/@schemeID) != ''
  - BR-B-01 test not(//ram:CategoryCode = 'B') or not(//ram:CountryID != 'IT') or $read_codes = 'B' and $read_countries != 'IT'
  - BR-B-02 test not(//ram:CategoryCode = 'B') or not(//ram:CategoryCode = 'S') or $read_codes = 'B' and $read_codes = 'S'
//SpecifiedTradeSettlementPaymentMeans
  - BR-49 + TypeCode
//AdditionalReferencedDocument
  - BR-52 test normalize-space(ram:IssuerAssignedID) != ''
//PayeeTradeParty[not(parent::ram:ApplicableHeaderTradeSettlement)]
  - BR-17 test ram:Name and not(ram:Name = $seller/ram:Name) and not(ram:ID = $seller/ram:ID)
    | and not(ram:SpecifiedLegalOrganization/ram:ID = $seller/ram:SpecifiedLegalOrganization/ram:ID)
//ApplicableTradeTax[parent::ram:ApplicableHeaderTradeSettlement]
  - BR-CO-03 test not(//ram:TaxPointDate and //ram:DueDateTypeCode)
    | or $vat and ram:CategoryCode[. = 'L' or . = 'M' or . = 'O']
//DesignatedProductClassification
  - BR-65 test not(ram:ClassCode) or normalize-space(ram:ClassCode/@listID) != ''
$line/SpecifiedTradeProduct/ApplicableProductCharacteristic - read
//ApplicableProductCharacteristic
  - BR-54 test ram:Description and ram:Value
"""

# A group of VAT that has a rule of its own in EXTENDED-CTC-FR is not asked the rules of all groups.
_EXTENDED_BUSINESS: Mapping[str, str] = {
    "BR-54": "BR-FREXT-54-1 test ram:Description or ram:TypeCode",
    "BR-CO-03": """BR-CO-03 test not(//ram:TaxPointDate and //ram:DueDateTypeCode)
        or $vat and ram:CategoryCode[contains(' AE L M E G K O S Z ', concat(' ', ., ' '))]""",
}
_EXTENDED_ATTRIBUTES = """
$line/SpecifiedTradeProduct/ApplicableProductCharacteristic - read
//ApplicableProductCharacteristic - BR-FREXT-54-2
  | test ram:Value and not(ram:ValueMeasure) or not(ram:Value) and ram:ValueMeasure/@unitCode != ''
"""
_ATTRIBUTE_CODES = """
$line/SpecifiedTradeProduct/ApplicableProductCharacteristic/TypeCode - read
//ApplicableProductCharacteristic/TypeCode - BR-FXEXT-04 w coded characteristics .
"""

# The elements of a period count, not what they hold; two that hold a date are compared by the rules on the model.
HEADER_PERIOD = """
//BillingSpecifiedPeriod[parent::ram:ApplicableHeaderTradeSettlement]
  - BR-29 when StartDateTime test not(ram:EndDateTime)
    | or ram:StartDateTime/udt:DateTimeString and ram:EndDateTime/udt:DateTimeString
  - BR-CO-19 test ram:StartDateTime or ram:EndDateTime
"""
LINE_PERIOD = """
//BillingSpecifiedPeriod[parent::ram:SpecifiedLineTradeSettlement]
  - BR-30 when StartDateTime test not(ram:EndDateTime)
    | or ram:StartDateTime/udt:DateTimeString and ram:EndDateTime/udt:DateTimeString
  - BR-CO-20 test ram:StartDateTime or ram:EndDateTime
"""

_PATTERNS: Mapping[str, tuple[str, ...]] = {
    "en16931": (EN16931, _BUSINESS, HEADER_PERIOD, LINE_PERIOD, relax(CODES, NORM_CODES)),
    "extended-ctc-fr": (
        *(relax(EN16931, _EXTENDED), relax(_BUSINESS, _EXTENDED_BUSINESS), _EXTENDED_ATTRIBUTES, _ATTRIBUTE_CODES),
        *(HEADER_PERIOD, LINE_PERIOD, relax(CODES, EXTENDED_CODES)),
    ),
}

RULESETS = frozenset(_PATTERNS)


def judge(root: Element, ruleset: str) -> tuple[Observation, ...]:
    """What a CII breaks of the rules that "en16931" or "extended-ctc-fr" binds to elements."""
    return () if is_clean(root) else table(ruleset).judge(root)


@cache
def table(ruleset: str) -> RuleTable:
    """The table of "en16931" or "extended-ctc-fr"."""
    dialect = Dialect(
        prefixes=PREFIXES, default="ram", lists=LISTS, checks={**bound_codes.CHECKS, **CHECKS}, words=WORDS
    )
    return read_table(dialect, _PATTERNS[ruleset])


def _check_day(element: Element) -> Iterable[Element]:
    """CII-DT-097: YYYYMMDD, as far as digits tell."""
    return () if _DAY.fullmatch("".join(map(str, element.itertext()))) else (element,)


def check_minute(element: Element) -> Iterable[Element]:
    """BR-FXEXT-CII-DT-097a: YYYYMMDDHHMM, as far as digits tell."""
    return () if _MINUTE.fullmatch("".join(map(str, element.itertext()))) else (element,)


def _check_price_discount(agreement: Element) -> Iterable[Element]:
    """CII-SR-119: a price discount has an amount and says that it is no charge, or has neither."""
    above = f"{_RAM}GrossPriceProductTradePrice/{_RAM}AppliedTradeAllowanceCharge"
    indicators = agreement.findall(f"{above}/{_RAM}ChargeIndicator")
    amount = agreement.find(f"{above}/{_RAM}ActualAmount")
    if not indicators and amount is None:
        return ()
    is_discount = any(
        (said.text or "").strip(_SPACE) in ("false", "0")
        for indicator in indicators
        for said in indicator.findall(f"{_UDT}Indicator")
    )
    return () if is_discount and amount is not None else (agreement.findall(above)[0],)


def _check_tax_points(settlement: Element) -> Iterable[Element]:
    """CII-SR-462: one code of the VAT date, wherever it is said."""
    return _first_other(
        [(code, code.text or "") for code in _below(settlement, "ApplicableTradeTax", "DueDateTypeCode")]
    )


def _check_means_codes(root: Element) -> Iterable[Element]:
    """CII-SR-467: one code of payment means."""
    return _first_other_words(root, "TypeCode")


def _check_means_texts(root: Element) -> Iterable[Element]:
    """CII-SR-468: one text of payment means."""
    return _first_other_words(root, "Information")


def _check_payment_references(root: Element) -> Iterable[Element]:
    """CII-SR-469: one remittance information."""
    return list(_below(root, "ApplicableHeaderTradeSettlement", "PaymentReference"))[1:2]


def _check_units(root: Element) -> Iterable[Element]:
    """CII-DT-033: no quantity has a unit where no invoiced quantity has one."""
    invoiced = root.iterfind(
        f"{{{PREFIXES['rsm']}}}SupplyChainTradeTransaction/{_RAM}IncludedSupplyChainTradeLineItem"
        f"/{_RAM}SpecifiedLineTradeDelivery/{_RAM}BilledQuantity"
    )
    if any(quantity.get("unitCode") is not None for quantity in invoiced):
        return ()
    return [
        element
        for element in root.iter(f"{_RAM}*")
        if element.get("unitCode") is not None and str(element.tag).endswith("Quantity")
    ]


def _first_other_words(root: Element, name: str) -> Iterable[Element]:
    means = _below(root, "SpecifiedTradeSettlementPaymentMeans", name)
    return _first_other([(term, " ".join((term.text or "").split())) for term in means])


def _first_other(said: list[tuple[Element, str]]) -> Iterable[Element]:
    """The first element that says something else than the first of all."""
    return next(([element] for element, text in said if text != said[0][1]), ())


def _below(element: Element, parent: str, name: str) -> Iterator[Element]:
    """All elements `//parent/name` of the document."""
    for above in element.getroottree().getroot().iter(f"{_RAM}{parent}"):
        yield from above.iterfind(f"{_RAM}{name}")


CHECKS: Mapping[str, Check] = {
    "a_day": _check_day,
    "price_discount_whole": _check_price_discount,
    "one_tax_point_code": _check_tax_points,
    "one_means_code": _check_means_codes,
    "one_means_text": _check_means_texts,
    "one_payment_reference": _check_payment_references,
    "unit_of_invoiced_quantity": _check_units,
}
