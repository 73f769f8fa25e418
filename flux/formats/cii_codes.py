"""The code lists that EN 16931 and EXTENDED-CTC-FR ask of every CII element of a name, wherever it stands (BR-CL).

Where such an element is a business term, the rules on the model judge it and the text says "read"; the table answers for all
other places. The contexts stand in the order of the artefact: a scheme on an identifier comes before the code that it is.
"""

from collections.abc import Mapping

from flux.formats import bound_codes
from flux.model.code_lists.iso import CII_COUNTRIES
from flux.model.code_lists.untdid import CII_NOTE_SUBJECTS, CII_TAX_POINTS

# Documents of other types are read under terms of their own, without what is attached.
_FILE = "[not(normalize-space(ram:TypeCode) = '50' or normalize-space(ram:TypeCode) = '130')]"
_PARTY = "ID | GlobalID | SpecifiedLegalOrganization/ID | PostalTradeAddress/CountryID | URIUniversalCommunication/URIID - read"

READ = f"""
/rsm:CrossIndustryInvoice/rsm:ExchangedDocument
  TypeCode | IncludedNote/SubjectCode - read
/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction
  IncludedSupplyChainTradeLineItem
    SpecifiedTradeProduct
      GlobalID | DesignatedProductClassification/ClassCode | OriginTradeCountry/ID - read
    SpecifiedLineTradeAgreement
      NetPriceProductTradePrice/BasisQuantity | ApplicableTradeDeliveryTerms/DeliveryTypeCode - read
      ItemSellerTradeParty
        {_PARTY}
    SpecifiedLineTradeDelivery
      BilledQuantity | ShipToTradeParty/PostalTradeAddress/CountryID - read
    SpecifiedLineTradeSettlement
      ApplicableTradeTax/CategoryCode | ApplicableTradeTax/ExemptionReasonCode - read
      SpecifiedTradeAllowanceCharge
        ReasonCode | CategoryTradeTax/CategoryCode | CategoryTradeTax/ExemptionReasonCode - read
      SpecifiedTradeSettlementLineMonetarySummation/TaxTotalAmount - read
      AdditionalReferencedDocument/ReferenceTypeCode - read
  ApplicableHeaderTradeAgreement
    SellerTradeParty | BuyerTradeParty | SellerTaxRepresentativeTradeParty | SalesAgentTradeParty | BuyerAgentTradeParty
      {_PARTY}
    ContractReferencedDocument/ReferenceTypeCode | ApplicableTradeDeliveryTerms/DeliveryTypeCode - read
    AdditionalReferencedDocument[ram:IssuerAssignedID]/ReferenceTypeCode - read
    AdditionalReferencedDocument{_FILE}/AttachmentBinaryObject - read
  ApplicableHeaderTradeDelivery/ShipToTradeParty
    ID | GlobalID | PostalTradeAddress/CountryID - read
  ApplicableHeaderTradeSettlement
    InvoiceCurrencyCode | TaxCurrencyCode | SpecifiedTradeSettlementPaymentMeans/TypeCode - read
    InvoicerTradeParty | InvoiceeTradeParty | PayeeTradeParty | PayerTradeParty
      {_PARTY}
    ApplicableTradeTax
      CategoryCode | ExemptionReasonCode | DueDateTypeCode - read
    SpecifiedTradeAllowanceCharge
      ReasonCode | CategoryTradeTax/CategoryCode | CategoryTradeTax/ExemptionReasonCode - read
    SpecifiedLogisticsServiceCharge/AppliedTradeTax/ExemptionReasonCode - read
    SpecifiedTradeSettlementHeaderMonetarySummation/TaxTotalAmount - read
"""


def _charged(*words: str) -> str:
    """The reason of an allowance or charge whose indicator says one of these words."""
    said = " or ".join(f"normalize-space() = '{word}'" for word in words)
    return f"//ReasonCode[parent::ram:SpecifiedTradeAllowanceCharge[ram:ChargeIndicator[udt:Indicator[{said}]]]]"


CODES = f"""
{READ}
//TaxTotalAmount[@currencyID] - BR-CL-03 coded currencies @currencyID
//InvoiceCurrencyCode - BR-CL-04 coded currencies .
//TaxCurrencyCode - BR-CL-05 coded currencies .
//DueDateTypeCode - BR-CL-06 coded tax-points .
//ReferenceTypeCode - BR-CL-07 coded reference-qualifiers .
//SubjectCode - BR-CL-08 coded note-subjects .
//GlobalID[@schemeID][not(ancestor::ram:SpecifiedTradeProduct) and not(ancestor::ram:ShipToTradeParty)]
  - BR-CL-10 coded icd @schemeID
//ID[@schemeID][not(ancestor::ram:SpecifiedTaxRegistration)] - BR-CL-11 coded icd @schemeID
//ClassCode[@listID] - BR-CL-13 coded item-classifications @listID
//CountryID - BR-CL-14 coded countries .
//OriginTradeCountry/ID - BR-CL-15 coded countries .
//SpecifiedTradeSettlementPaymentMeans/TypeCode - BR-CL-16 coded payment-means .
//CategoryTradeTax/CategoryCode - BR-CL-17 coded vat-categories .
//ApplicableTradeTax/CategoryCode - BR-CL-18 coded vat-categories .
{_charged("false", "0")} - BR-CL-19 coded allowance-reasons .
{_charged("true", "1")}[@listID = '5153'] - BR-FREXT-CL-20-TAX coded tax-types .
{_charged("true", "1")}[@listID != '7161' and @listID != ''] - BR-FREXT-CL-20-LISTID x
{_charged("true", "1")} - BR-CL-20 coded charge-reasons .
//SpecifiedTradeProduct/GlobalID[@schemeID] - BR-CL-21 coded icd @schemeID
//ExemptionReasonCode - BR-CL-22 check an_exemption
//BasisQuantity[@unitCode] - BR-CL-23 coded units @unitCode
//BilledQuantity[@unitCode] - BR-CL-23 coded units @unitCode
//AttachmentBinaryObject[@mimeCode] - BR-CL-24 coded files @mimeCode
//URIUniversalCommunication/URIID[@schemeID] - BR-CL-25 coded eas @schemeID
//ApplicableTradeDeliveryTerms/DeliveryTypeCode - BR-FREXT-CL-27 coded delivery-terms .
"""

# What each set has in place of a row above, empty where it has none.
NORM_CODES: Mapping[str, str] = {
    **dict.fromkeys(("BR-FREXT-CL-20-LISTID", "BR-FREXT-CL-20-TAX"), "BR-CL-20 coded charge-reasons ."),
    "BR-FREXT-CL-27": "",
}
EXTENDED_CODES: Mapping[str, str] = {
    "BR-CL-07": "",
    "BR-CL-10": "BR-FREXT-CL-10 coded icd-and-parties @schemeID",
    "BR-CL-20": "BR-FREXT-CL-20 coded charge-reasons .",
    "BR-CL-24": "BR-FREXT-CL-24 coded extended-files @mimeCode",
}

LISTS: Mapping[str, frozenset[str]] = {
    **bound_codes.LISTS,
    "countries": CII_COUNTRIES,
    "note-subjects": CII_NOTE_SUBJECTS,
    "tax-points": CII_TAX_POINTS,
}
