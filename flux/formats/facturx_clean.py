"""Whether a Factur-X plainly breaks none of the rules that its profile binds to elements.

As for plain CII (`flux.formats.cii_clean`): a schema tells whether the document holds only what the text below shows, which
is what BASIC has; its codes are looked up, and the few values that rules compare must agree. A no means only that the
rules must be asked. Elements that hold nothing are not looked at: an empty delivery is too common to spoil the rest.
"""

from collections.abc import Callable, Mapping
from functools import cache

from lxml import etree

from flux.formats.cii import PREFIXES
from flux.formats.clean_schema import clean_schema
from flux.formats.facturx_codes import LISTS
from flux.formats.tree import Element

_CLEAN = """
rsm:CrossIndustryInvoice
  rsm:ExchangedDocumentContext
    BusinessProcessSpecifiedDocumentContextParameter ?
      ID
    GuidelineSpecifiedDocumentContextParameter
      ID
  rsm:ExchangedDocument
    ID
    TypeCode
    IssueDateTime
      udt:DateTimeString =day @format!
    IncludedNote *
      Content
      SubjectCode ?
  rsm:SupplyChainTradeTransaction
    IncludedSupplyChainTradeLineItem *
      AssociatedDocumentLineDocument
        LineID
        IncludedNote ?
          Content
      SpecifiedTradeProduct
        GlobalID ? @schemeID!
        SellerAssignedID ?
        BuyerAssignedID ?
        Name
        Description ?
      SpecifiedLineTradeAgreement
        GrossPriceProductTradePrice ?
          ChargeAmount
          BasisQuantity ? @unitCode
          AppliedTradeAllowanceCharge ?
            ChargeIndicator
              udt:Indicator =false
            ActualAmount
        NetPriceProductTradePrice
          ChargeAmount
          BasisQuantity ? @unitCode
      SpecifiedLineTradeDelivery
        BilledQuantity @unitCode!
      SpecifiedLineTradeSettlement
        ApplicableTradeTax
          TypeCode =VAT
          CategoryCode
          RateApplicablePercent ?
        BillingSpecifiedPeriod ?
          StartDateTime
            udt:DateTimeString =day @format!
          EndDateTime ?
            udt:DateTimeString =day @format!
        SpecifiedTradeAllowanceCharge *
          ChargeIndicator
            udt:Indicator
          ActualAmount
          ReasonCode ?
          Reason ?
        SpecifiedTradeSettlementLineMonetarySummation
          LineTotalAmount
    ApplicableHeaderTradeAgreement
      BuyerReference ?
      SellerTradeParty
        either ?
          ID
          GlobalID @schemeID!
        Name
        SpecifiedLegalOrganization ?
          ID ? @schemeID
          TradingBusinessName ?
        PostalTradeAddress
          PostcodeCode ?
          LineOne ?
          LineTwo ?
          LineThree ?
          CityName ?
          CountryID
          CountrySubDivisionName ?
        URIUniversalCommunication ?
          URIID @schemeID!
        SpecifiedTaxRegistration *
          ID @schemeID!
      BuyerTradeParty
        either ?
          ID
          GlobalID @schemeID!
        Name
        SpecifiedLegalOrganization ?
          ID ? @schemeID
        PostalTradeAddress
          PostcodeCode ?
          LineOne ?
          LineTwo ?
          LineThree ?
          CityName ?
          CountryID
          CountrySubDivisionName ?
        URIUniversalCommunication ?
          URIID @schemeID!
        SpecifiedTaxRegistration ?
          ID @schemeID!
      SellerTaxRepresentativeTradeParty ?
        Name
        PostalTradeAddress
          PostcodeCode ?
          LineOne ?
          LineTwo ?
          LineThree ?
          CityName ?
          CountryID
          CountrySubDivisionName ?
        SpecifiedTaxRegistration
          ID @schemeID!
      BuyerOrderReferencedDocument ?
        IssuerAssignedID
      ContractReferencedDocument ?
        IssuerAssignedID
    ApplicableHeaderTradeDelivery
      ShipToTradeParty ?
        either ?
          ID
          GlobalID @schemeID!
        Name ?
        PostalTradeAddress ?
          PostcodeCode ?
          LineOne ?
          LineTwo ?
          LineThree ?
          CityName ?
          CountryID
          CountrySubDivisionName ?
      ActualDeliverySupplyChainEvent ?
        OccurrenceDateTime
          udt:DateTimeString =day @format!
      DespatchAdviceReferencedDocument ?
        IssuerAssignedID
    ApplicableHeaderTradeSettlement
      CreditorReferenceID ?
      PaymentReference ?
      TaxCurrencyCode ?
      InvoiceCurrencyCode
      PayeeTradeParty ?
        either ?
          ID
          GlobalID @schemeID!
        Name
        SpecifiedLegalOrganization ?
          ID ? @schemeID
      SpecifiedTradeSettlementPaymentMeans few
        TypeCode
        Information ?
        PayerPartyDebtorFinancialAccount ?
          IBANID
        PayeePartyCreditorFinancialAccount ?
          IBANID ?
          AccountName ?
          ProprietaryID ?
        PayeeSpecifiedCreditorFinancialInstitution ?
          BICID
      ApplicableTradeTax few
        CalculatedAmount
        TypeCode =VAT
        ExemptionReason ?
        BasisAmount
        CategoryCode
        ExemptionReasonCode ?
        DueDateTypeCode ?
        RateApplicablePercent ?
      BillingSpecifiedPeriod ?
        StartDateTime
          udt:DateTimeString =day @format!
        EndDateTime ?
          udt:DateTimeString =day @format!
      SpecifiedTradeAllowanceCharge *
        ChargeIndicator
          udt:Indicator
        CalculationPercent ?
        BasisAmount ?
        ActualAmount
        ReasonCode ?
        Reason ?
        CategoryTradeTax
          TypeCode =VAT
          CategoryCode
          RateApplicablePercent ?
      SpecifiedTradePaymentTerms ?
        Description ?
        DueDateDateTime ?
          udt:DateTimeString =day @format!
        DirectDebitMandateID ?
      SpecifiedTradeSettlementHeaderMonetarySummation
        LineTotalAmount
        ChargeTotalAmount ?
        AllowanceTotalAmount ?
        TaxBasisTotalAmount
        TaxTotalAmount ? @currencyID!
        GrandTotalAmount
        TotalPrepaidAmount ?
        DuePayableAmount
      InvoiceReferencedDocument *
        IssuerAssignedID
        FormattedIssueDateTime ?
          qdt:DateTimeString @format!
      ReceivableSpecifiedTradeAccountingAccount ?
        ID
"""

RULESETS = frozenset({"facturx-basicwl", "facturx-basic", "facturx-extended"})

_RAM = f"{{{PREFIXES['ram']}}}"
_RSM = f"{{{PREFIXES['rsm']}}}"
_GUIDELINE = f"{_RSM}ExchangedDocumentContext/{_RAM}GuidelineSpecifiedDocumentContextParameter/{_RAM}ID"
_FALSE, _TRUE = "false", "true"
_VAT_NUMBER, _TAX_NUMBER = "VA", "FC"
_GERMANY = "DE"
_EVERY_PARTY = LISTS["icd"] & LISTS["party-schemes"] & LISTS["icd-and-parties"]

# Holds of an element of that name where its codes are in order.
_Holds = Callable[[Element], bool]


def _text_in(codes: frozenset[str]) -> _Holds:
    return lambda element: element.text in codes


def _attribute_in(name: str, codes: frozenset[str]) -> _Holds:
    return lambda element: element.get(name) in codes


def _unit(element: Element) -> bool:
    unit = element.get("unitCode")
    return unit is None or unit in LISTS["units"]


def _reason(element: Element) -> bool:
    """The list depends on whether it is a charge."""
    parent = element.getparent()
    is_charge = parent is not None and parent[0][0].text == _TRUE
    return element.text in LISTS["charge-reasons" if is_charge else "allowance-reasons"]


def _type(element: Element) -> bool:
    """Of the document or of its payment; those of taxes the schema has seen."""
    parent = element.getparent()
    codes = _TYPES.get(str(parent.tag)) if parent is not None else None
    return codes is None or element.text in codes


_TYPES = {
    f"{_RSM}ExchangedDocument": LISTS["types"],
    f"{_RAM}SpecifiedTradeSettlementPaymentMeans": LISTS["payment-means"],
}


def _identifier(element: Element) -> bool:
    """The scheme of a tax number, or of a legal identifier."""
    scheme, parent = element.get("schemeID"), element.getparent()
    if scheme is None or parent is None:
        return True
    if parent.tag != f"{_RAM}SpecifiedTaxRegistration":
        return scheme in LISTS["icd"]
    if scheme == _VAT_NUMBER:
        return True
    party = parent.getparent()
    return scheme == _TAX_NUMBER and party is not None and party.tag == f"{_RAM}SellerTradeParty"


_DAY = _attribute_in("format", LISTS["day"])
_HOLDS: Mapping[str, _Holds] = {
    f"{_RAM}BasisQuantity": _unit,
    f"{_RAM}BilledQuantity": _unit,
    f"{_RAM}CategoryCode": _text_in(LISTS["vat-categories-but-split"]),
    # Between German parties one more rule is asked.
    f"{_RAM}CountryID": _text_in(LISTS["countries"] - {_GERMANY}),
    f"{_RAM}DueDateTypeCode": _text_in(LISTS["tax-points"]),
    f"{_RAM}ExemptionReasonCode": _text_in(LISTS["vatex"]),
    f"{_RAM}GlobalID": _attribute_in("schemeID", _EVERY_PARTY),
    f"{_RAM}ID": _identifier,
    f"{_RAM}InvoiceCurrencyCode": _text_in(LISTS["currencies"]),
    f"{_RAM}IssuerAssignedID": lambda element: bool(element.text),
    f"{_RAM}ReasonCode": _reason,
    f"{_RAM}SubjectCode": _text_in(LISTS["note-subjects"]),
    f"{_RAM}TaxCurrencyCode": _text_in(LISTS["currencies"]),
    f"{_RAM}TypeCode": _type,
    f"{_RAM}URIID": _attribute_in("schemeID", LISTS["eas"]),
    f"{{{PREFIXES['qdt']}}}DateTimeString": _DAY,
    f"{{{PREFIXES['udt']}}}DateTimeString": _DAY,
    f"{{{PREFIXES['udt']}}}Indicator": _text_in(frozenset({_FALSE, _TRUE})),
}

_MEANS = "ram:SpecifiedTradeSettlementPaymentMeans"
_ACCOUNT = "ram:PayeePartyCreditorFinancialAccount"
_REGISTRATION = "ram:SpecifiedTaxRegistration/ram:ID"

_AT_ODDS = f"""boolean(
    /rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement[
        not(ram:ApplicableTradeTax)
        or .//ram:TaxTotalAmount[not(@currencyID = ../../ram:InvoiceCurrencyCode)]
        or {_MEANS}/ram:TypeCode != {_MEANS}/ram:TypeCode
        or {_MEANS}/ram:Information != {_MEANS}/ram:Information
        or {_MEANS}[normalize-space(ram:TypeCode) = '30' or normalize-space(ram:TypeCode) = '58'][
            boolean({_ACCOUNT}/ram:IBANID) = boolean({_ACCOUNT}/ram:ProprietaryID)]
    ]
    | /rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty[
        count({_REGISTRATION}[@schemeID = '{_VAT_NUMBER}']) > 1
        or count({_REGISTRATION}[@schemeID = '{_TAX_NUMBER}']) > 1
    ])"""


def is_clean(root: Element, ruleset: str) -> bool:
    """True for a document of which no rule of the profile needs to be asked, but whether all elements hold something."""
    return (
        ruleset in RULESETS
        and _schema()(root)
        and _declares(root, ruleset)
        and _is_coded(root)
        and not _at_odds()(root)
    )


def _declares(root: Element, ruleset: str) -> bool:
    """BASIC and EXTENDED must have lines, which the text leaves open."""
    if root.findtext(_GUIDELINE) not in LISTS[ruleset.removeprefix("facturx-")]:
        return False
    return (
        ruleset == "facturx-basicwl"
        or root.find(f"{_RSM}SupplyChainTradeTransaction/{_RAM}IncludedSupplyChainTradeLineItem") is not None
    )


def _is_coded(root: Element) -> bool:
    holds = _HOLDS
    return all(holds[str(element.tag)](element) for element in root.iter(*holds))


@cache
def _schema() -> etree.XMLSchema:
    return clean_schema(_CLEAN, PREFIXES, "ram")


@cache
def _at_odds() -> etree.XPath:
    return etree.XPath(_AT_ODDS, namespaces=dict(PREFIXES), smart_strings=False)
