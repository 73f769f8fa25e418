"""Business rules that EN 16931 and EXTENDED-CTC-FR ask of every UBL element of a name, wherever it stands.

Where such an element is a business term, the rules on the model judge it and the text says "read"; the table answers for all
other places. The contexts stand in the order of the artefact.
"""

from collections.abc import Mapping
from functools import cache

from flux.formats.bound_codes import CHECKS, LISTS
from flux.formats.bound_rules import RuleTable
from flux.formats.bound_text import Dialect, read_table, relax
from flux.formats.tree import Element
from flux.formats.ubl_names import NAMESPACES
from flux.model.code_lists.iso import UBL_COUNTRIES
from flux.model.code_lists.untdid import UBL_TAX_POINTS
from flux.model.finding import Observation

_AMOUNTS = [
    "Amount",
    "BaseAmount",
    "PriceAmount",
    "TaxAmount",
    "TaxableAmount",
    "LineExtensionAmount",
    "TaxExclusiveAmount",
    "TaxInclusiveAmount",
    "AllowanceTotalAmount",
    "ChargeTotalAmount",
    "PrepaidAmount",
    "PayableRoundingAmount",
    "PayableAmount",
]
_ALLOWANCE = "Amount | BaseAmount | AllowanceChargeReasonCode"
_CATEGORY = "ID | TaxExemptionReasonCode"
_PARTY = (
    "EndpointID | cac:PartyIdentification/ID | cac:PartyLegalEntity/CompanyID"
    " | cac:PostalAddress/cac:Country/IdentificationCode - read"
)
# What the model reads as an attachment: documents of other types have terms of their own.
_FILE = (
    "[not(normalize-space(cbc:DocumentTypeCode) = '130'"
    " or parent::cn:CreditNote and normalize-space(cbc:DocumentTypeCode) = '50')]"
)


def _document(root: str, line: str) -> str:
    """The places of an invoice or a credit note that hold a business term."""
    return f"""
/{root}
  cac:AccountingSupplierParty/cac:Party | cac:AccountingCustomerParty/cac:Party
    {_PARTY}
    cac:AgentParty | cac:ServiceProviderParty/cac:Party
      {_PARTY}
  cac:PayeeParty | cac:TaxRepresentativeParty | cac:PaymentMeans/cac:PaymentMandate/cac:PayerParty
    {_PARTY}
  cac:BillingReference | cac:InvoicePeriod | cac:InvoicePeriod/DescriptionCode - read
  cac:PaymentMeans/PaymentMeansCode | cac:DeliveryTerms/ID - read
  cac:AdditionalDocumentReference[cbc:DocumentTypeCode = '130']/ID - read
  cac:AdditionalDocumentReference{_FILE}/cac:Attachment/EmbeddedDocumentBinaryObject - read
  cac:Delivery/cac:DeliveryLocation
    ID | cac:Address/cac:Country/IdentificationCode - read
  cac:AllowanceCharge
    {_ALLOWANCE} - read
    cac:TaxCategory
      {_CATEGORY} - read
  cac:TaxTotal
    TaxAmount - read
    cac:TaxSubtotal - read
      TaxableAmount | TaxAmount - read
      cac:TaxCategory
        {_CATEGORY} - read
  cac:LegalMonetaryTotal
    {" | ".join(_AMOUNTS[5:])} - read
  cac:{line}
    LineExtensionAmount | InvoicedQuantity | CreditedQuantity | cac:DeliveryTerms/ID - read
    cac:BillingReference | cac:InvoicePeriod | cac:DocumentReference/ID - read
    cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/IdentificationCode - read
    cac:AllowanceCharge
      {_ALLOWANCE} - read
      cac:TaxCategory
        {_CATEGORY} - read
    cac:TaxTotal
      TaxAmount - read
      cac:TaxSubtotal - read
        TaxableAmount | TaxAmount - read
        cac:TaxCategory
          {_CATEGORY} - read
    cac:Price
      PriceAmount | BaseQuantity - read
      cac:AllowanceCharge
        {_ALLOWANCE} - read
    cac:Item
      cac:StandardItemIdentification/ID | cac:CommodityClassification/ItemClassificationCode - read
      cac:OriginCountry/IdentificationCode | cac:AdditionalItemProperty - read
      cac:ClassifiedTaxCategory
        {_CATEGORY} - read
      cac:ManufacturerParty
        {_PARTY}
"""


_READ = _document("ubl:Invoice", "InvoiceLine") + _document("cn:CreditNote", "CreditNoteLine")
_SAID = "[parent::cac:AllowanceCharge[cbc:ChargeIndicator[normalize-space() = '{}' or normalize-space() = '{}']]]"
_ALLOWED, _CHARGED = _SAID.format("false", "0"), _SAID.format("true", "1")
_CURRENCIES = "\n".join(f"//{name} - BR-CL-03 coded currencies @currencyID" for name in _AMOUNTS)
_OF_OBJECT = "cbc:DocumentTypeCode = '130'"

_CODES = f"""
{_READ}
{_CURRENCIES}
//cac:InvoicePeriod/DescriptionCode - BR-CL-06 coded tax-points .
//ID[@schemeID][parent::cac:AdditionalDocumentReference[{_OF_OBJECT}] or parent::cac:DocumentReference[{_OF_OBJECT}]]
  - BR-CL-07 coded reference-qualifiers @schemeID
//ID[@schemeID][parent::cac:PartyIdentification][ancestor::cac:AccountingSupplierParty or ancestor::cac:PayeeParty]
  - BR-CL-10-bank coded icd-and-bank @schemeID
//cac:PartyIdentification/ID[@schemeID] - BR-CL-10 coded icd @schemeID
//cac:PartyLegalEntity/CompanyID[@schemeID] - BR-CL-11 coded icd @schemeID
//cac:CommodityClassification/ItemClassificationCode[@listID] - BR-CL-13 coded item-classifications @listID
//cac:Country/IdentificationCode - BR-CL-14 coded countries .
//cac:OriginCountry/IdentificationCode - BR-CL-15 coded countries .
//cac:PaymentMeans/PaymentMeansCode - BR-CL-16 coded payment-means .
//cac:TaxCategory/ID - BR-CL-17 coded vat-categories .
//cac:ClassifiedTaxCategory/ID - BR-CL-18 coded vat-categories .
//AllowanceChargeReasonCode{_ALLOWED} - BR-CL-19 coded allowance-reasons .
//AllowanceChargeReasonCode[@listID = '5153']{_CHARGED} - BR-FREXT-CL-20-TAX coded tax-types .
//AllowanceChargeReasonCode[@listID != '7161' and @listID != '']{_CHARGED} - BR-FREXT-CL-20-LISTID x
//AllowanceChargeReasonCode{_CHARGED} - BR-CL-20 coded charge-reasons .
//cac:StandardItemIdentification/ID[@schemeID] - BR-CL-21 coded icd @schemeID
//TaxExemptionReasonCode - BR-CL-22 check an_exemption
//InvoicedQuantity[@unitCode] - BR-CL-23 coded units @unitCode
//BaseQuantity[@unitCode] - BR-CL-23 coded units @unitCode
//CreditedQuantity[@unitCode] - BR-CL-23 coded units @unitCode
//EmbeddedDocumentBinaryObject[@mimeCode] - BR-CL-24 coded files @mimeCode
//EndpointID[@schemeID] - BR-CL-25 coded eas @schemeID
//cac:DeliveryLocation/ID[@schemeID] - BR-CL-26 coded icd @schemeID
//cac:DeliveryTerms/ID - BR-FREXT-CL-27 coded delivery-terms .
"""

_VAT = "cac:TaxCategory[normalize-space(translate(cac:TaxScheme/cbc:ID, 'vat', 'VAT')) = 'VAT']"
_PLUS = "number(translate(cbc:{}, '-', ''))"
_DUE = f"round({_PLUS.format('TaxableAmount')} * {_VAT}/cbc:Percent) div 100"
_NEAR = f"{_PLUS.format('TaxAmount')} < {_DUE} + 1 and {_PLUS.format('TaxAmount')} + 1 > {_DUE}"
_GROUPS = f"""
{_READ}
//cac:AdditionalDocumentReference - BR-52 test normalize-space(cbc:ID) != ''
//cac:BillingReference - BR-55 test cac:InvoiceDocumentReference/cbc:ID
//cac:InvoicePeriod
  - BR-CO-19 test cbc:StartDate or cbc:EndDate or cbc:DescriptionCode
  - BR-29 when EndDate test not(cbc:StartDate)
    | or number(translate(substring(cbc:EndDate, 1, 10), '-', '')) >= number(translate(substring(cbc:StartDate, 1, 10), '-', ''))
//cac:AdditionalItemProperty
  - BR-54 test cbc:Name and cbc:Value
  - BR-FREXT-54-2 test cbc:Value and not(cbc:ValueQuantity) or not(cbc:Value) and cbc:ValueQuantity/@unitCode != ''
//cac:TaxTotal/cac:TaxSubtotal
  - BR-45 test cbc:TaxableAmount
  - BR-46 test cbc:TaxAmount
  - BR-47 test {_VAT}/cbc:ID
  - BR-48 test {_VAT}/cbc:Percent or {_VAT}[normalize-space(cbc:ID) = 'O']
  - BR-CO-17 test {_VAT}/cbc:Percent[round(.) != 0] and {_NEAR}
    | or not({_VAT}/cbc:Percent[round(.) != 0]) and round(cbc:TaxAmount) = 0
  - BR-DEC-19 test string-length(substring-after(cbc:TaxableAmount, '.')) <= 2
  - BR-DEC-20 test string-length(substring-after(cbc:TaxAmount, '.')) <= 2
"""

_CHARGE_REASON = "BR-CL-20 coded charge-reasons ."

# What each set has in place of a row above, empty where it has none.
_INSTEAD: Mapping[str, Mapping[str, str]] = {
    "en16931": {
        "BR-CL-10-bank": "BR-CL-10 coded icd-and-bank @schemeID",
        "BR-FREXT-54-2": "",
        "BR-FREXT-CL-20-LISTID": _CHARGE_REASON,
        "BR-FREXT-CL-20-TAX": _CHARGE_REASON,
        "BR-FREXT-CL-27": "",
    },
    "extended-ctc-fr": {
        "BR-54": "BR-FREXT-54-1 test cbc:Name or cbc:NameCode",
        "BR-55": "",
        "BR-CL-10": "BR-FREXT-CL-10 coded icd-and-parties @schemeID",
        "BR-CL-10-bank": "BR-FREXT-CL-10 coded icd-parties-and-bank @schemeID",
        "BR-CO-17": "",
        "BR-CL-20": "BR-FREXT-CL-20 coded charge-reasons .",
        "BR-CL-24": "BR-FREXT-CL-24 coded extended-files @mimeCode",
    },
}


def judge_anywhere(root: Element, ruleset: str) -> tuple[Observation, ...]:
    """What a UBL document breaks of these rules, outside the places of business terms."""
    return table(ruleset).judge(root)


@cache
def table(ruleset: str) -> RuleTable:
    """The table of "en16931" or "extended-ctc-fr"."""
    lists = {**LISTS, "countries": UBL_COUNTRIES, "tax-points": UBL_TAX_POINTS}
    dialect = Dialect(prefixes=NAMESPACES, default="cbc", lists=lists, checks=CHECKS)
    return read_table(dialect, [relax(text, _INSTEAD[ruleset]) for text in (_CODES, _GROUPS)])
