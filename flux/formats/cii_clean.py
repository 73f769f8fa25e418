"""Whether a CII plainly breaks none of the rules that EN 16931 and EXTENDED-CTC-FR bind to its elements.

Two questions, both answered by libxml2 without touching an element from Python: does the document hold only what the
text below shows, and do the few values agree that rules compare. A no means only that the rules must be asked.
"""

from functools import cache

from lxml import etree

from flux.formats.cii import PREFIXES
from flux.formats.clean_schema import clean_schema
from flux.formats.tree import Element

_CLEAN = """
rsm:CrossIndustryInvoice
  rsm:ExchangedDocumentContext
    BusinessProcessSpecifiedDocumentContextParameter ?
      ID ?
    GuidelineSpecifiedDocumentContextParameter
      ID
  rsm:ExchangedDocument
    ID ?
    TypeCode
    IssueDateTime ?
      udt:DateTimeString =day @format
    IncludedNote *
      Content ?
      SubjectCode ?
  rsm:SupplyChainTradeTransaction
    IncludedSupplyChainTradeLineItem *
      AssociatedDocumentLineDocument
        LineID ?
        IncludedNote ?
          Content ?
      SpecifiedTradeProduct ?
        GlobalID ? @schemeID!
        SellerAssignedID ?
        BuyerAssignedID ?
        Name ?
        Description ?
        ApplicableProductCharacteristic *
          Description
          Value
        DesignatedProductClassification *
          ClassCode ? @listID! @listVersionID
        OriginTradeCountry ?
          ID
      SpecifiedLineTradeAgreement
        BuyerOrderReferencedDocument ?
          LineID ?
        GrossPriceProductTradePrice ?
          ChargeAmount ?
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
          TypeCode ? =VAT
          ExemptionReason ?
          CategoryCode ?
          ExemptionReasonCode ?
          RateApplicablePercent ?
        BillingSpecifiedPeriod ?
          StartDateTime
            udt:DateTimeString =day @format
          EndDateTime ?
            udt:DateTimeString =day @format
        SpecifiedTradeAllowanceCharge *
          ChargeIndicator
            udt:Indicator
          CalculationPercent ?
          BasisAmount ?
          ActualAmount ?
          ReasonCode ?
          Reason ?
        SpecifiedTradeSettlementLineMonetarySummation ?
          LineTotalAmount ?
        AdditionalReferencedDocument ?
          IssuerAssignedID =text
          TypeCode =130
          ReferenceTypeCode ?
        ReceivableSpecifiedTradeAccountingAccount ?
          ID ?
    ApplicableHeaderTradeAgreement
      BuyerReference ?
      SellerTradeParty ?
        ID * @schemeID
        GlobalID * @schemeID
        Name ?
        Description ?
        SpecifiedLegalOrganization ?
          ID ? @schemeID
          TradingBusinessName ?
        DefinedTradeContact ?
          either ?
            PersonName
            DepartmentName
          TelephoneUniversalCommunication ?
            CompleteNumber ?
          EmailURIUniversalCommunication ?
            URIID ? @schemeID
        PostalTradeAddress ?
          PostcodeCode ?
          LineOne ?
          LineTwo ?
          LineThree ?
          CityName ?
          CountryID ?
          CountrySubDivisionName ?
        URIUniversalCommunication ?
          URIID @schemeID!
        SpecifiedTaxRegistration *
          ID ? @schemeID
      BuyerTradeParty ?
        either ?
          ID + @schemeID
          GlobalID + @schemeID
        Name ?
        SpecifiedLegalOrganization ?
          ID ? @schemeID
          TradingBusinessName ?
        DefinedTradeContact ?
          either ?
            PersonName
            DepartmentName
          TelephoneUniversalCommunication ?
            CompleteNumber ?
          EmailURIUniversalCommunication ?
            URIID ? @schemeID
        PostalTradeAddress ?
          PostcodeCode ?
          LineOne ?
          LineTwo ?
          LineThree ?
          CityName ?
          CountryID ?
          CountrySubDivisionName ?
        URIUniversalCommunication ?
          URIID @schemeID!
        SpecifiedTaxRegistration *
          ID ? @schemeID
      SellerTaxRepresentativeTradeParty ?
        Name ?
        PostalTradeAddress ?
          PostcodeCode ?
          LineOne ?
          LineTwo ?
          LineThree ?
          CityName ?
          CountryID ?
          CountrySubDivisionName ?
        SpecifiedTaxRegistration *
          ID ? @schemeID
      SellerOrderReferencedDocument ?
        IssuerAssignedID ?
      BuyerOrderReferencedDocument ?
        IssuerAssignedID ?
      ContractReferencedDocument ?
        IssuerAssignedID ?
      AdditionalReferencedDocument *
        IssuerAssignedID =text @schemeID
        URIID ?
        TypeCode ?
        Name ?
        AttachmentBinaryObject ? @mimeCode @filename
        ReferenceTypeCode ?
      SpecifiedProcuringProject ?
        ID ?
        Name ?
    ApplicableHeaderTradeDelivery
      ShipToTradeParty ?
        either ?
          ID + @schemeID
          GlobalID + @schemeID
        Name ?
        PostalTradeAddress ?
          PostcodeCode ?
          LineOne ?
          LineTwo ?
          LineThree ?
          CityName ?
          CountryID ?
          CountrySubDivisionName ?
      ActualDeliverySupplyChainEvent ?
        OccurrenceDateTime ?
          udt:DateTimeString =day @format
      DespatchAdviceReferencedDocument ?
        IssuerAssignedID ?
      ReceivingAdviceReferencedDocument ?
        IssuerAssignedID ?
    ApplicableHeaderTradeSettlement
      CreditorReferenceID ? @schemeID
      PaymentReference ?
      TaxCurrencyCode ?
      InvoiceCurrencyCode ?
      PayeeTradeParty ?
        either ?
          ID + @schemeID
          GlobalID + @schemeID
        Name ?
        SpecifiedLegalOrganization ?
          ID ? @schemeID
      SpecifiedTradeSettlementPaymentMeans few
        TypeCode
        Information ?
        ApplicableTradeSettlementFinancialCard ?
          ID ?
          CardholderName ?
        PayerPartyDebtorFinancialAccount ?
          IBANID ?
        PayeePartyCreditorFinancialAccount ?
          IBANID ?
          AccountName ?
          ProprietaryID ?
        PayeeSpecifiedCreditorFinancialInstitution ?
          BICID ?
      ApplicableTradeTax few
        CalculatedAmount ?
        TypeCode ? =VAT
        ExemptionReason ?
        BasisAmount ?
        CategoryCode ?
        ExemptionReasonCode ?
        TaxPointDate ?
          udt:DateString @format
        DueDateTypeCode ?
        RateApplicablePercent ?
      BillingSpecifiedPeriod ?
        StartDateTime
          udt:DateTimeString =day @format
        EndDateTime ?
          udt:DateTimeString =day @format
      SpecifiedTradeAllowanceCharge *
        ChargeIndicator
          udt:Indicator
        CalculationPercent ?
        BasisAmount ?
        ActualAmount ?
        ReasonCode ?
        Reason ?
        CategoryTradeTax ?
          TypeCode ? =VAT
          CategoryCode ?
          RateApplicablePercent ?
      SpecifiedTradePaymentTerms ?
        Description ?
        DueDateDateTime ?
          udt:DateTimeString =day @format
        DirectDebitMandateID ?
      SpecifiedTradeSettlementHeaderMonetarySummation
        LineTotalAmount ?
        ChargeTotalAmount ?
        AllowanceTotalAmount ?
        TaxBasisTotalAmount ?
        TaxTotalAmount * @currencyID
        RoundingAmount ?
        GrandTotalAmount ?
        TotalPrepaidAmount ?
        DuePayableAmount ?
      InvoiceReferencedDocument *
        IssuerAssignedID ?
        FormattedIssueDateTime ?
          qdt:DateTimeString @format
      ReceivableSpecifiedTradeAccountingAccount ?
        ID ?
"""

_TRANSACTION = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction"
_LINE = f"{_TRANSACTION}/ram:IncludedSupplyChainTradeLineItem"
_DOCUMENT = "ram:AdditionalReferencedDocument"
_MEANS = "ram:SpecifiedTradeSettlementPaymentMeans"

# What the rules compare: the roles of documents with what they hold (CII-DT-015 to -024, CII-SR-457, -458, -475, -476);
# one date of VAT or one code of it, one means with one text, an account for a transfer (CII-SR-461, -462, -467,
# -468, -470, BR-CO-03). The schema has let pass only a few of what is compared pair by pair. The unit of a gross price
# (BR-CL-23) is that of the quantity, which the rules on the model look at.
_AT_ODDS = f"""boolean(
    {_TRANSACTION}/ram:ApplicableHeaderTradeAgreement[{_DOCUMENT}][
        {_DOCUMENT}[not(ram:TypeCode = '916')][ram:URIID or ram:Name or ram:AttachmentBinaryObject
            or ram:TypeCode[not(. = '50' or . = '130')]]
        or {_DOCUMENT}[ram:ReferenceTypeCode][not(ram:TypeCode = '130')]
        or count({_DOCUMENT}[ram:TypeCode = '50']) > 1
        or count({_DOCUMENT}[ram:TypeCode = '130']) > 1
        or count({_DOCUMENT}/ram:Name) > 1
        or count({_DOCUMENT}/ram:AttachmentBinaryObject) > 1
    ]
    | {_TRANSACTION}/ram:ApplicableHeaderTradeSettlement[
        ram:ApplicableTradeTax/ram:DueDateTypeCode != ram:ApplicableTradeTax/ram:DueDateTypeCode
        or ram:ApplicableTradeTax/ram:DueDateTypeCode and ram:ApplicableTradeTax/ram:TaxPointDate
        or count(ram:ApplicableTradeTax/ram:TaxPointDate) > 1
        or {_MEANS}/ram:TypeCode != {_MEANS}/ram:TypeCode
        or {_MEANS}/ram:Information != {_MEANS}/ram:Information
        or {_MEANS}[not(ram:PayeePartyCreditorFinancialAccount/ram:IBANID
                    or ram:PayeePartyCreditorFinancialAccount/ram:ProprietaryID)]
                [normalize-space(ram:TypeCode) = '30' or normalize-space(ram:TypeCode) = '58']
    ]
    | {_LINE}/ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice/ram:BasisQuantity[
        @unitCode != ../../../ram:SpecifiedLineTradeDelivery/ram:BilledQuantity/@unitCode
    ])"""


def is_clean(root: Element) -> bool:
    """True for a document of which no rule of the two sets needs to be asked."""
    return _schema()(root) and not _at_odds()(root)


@cache
def _schema() -> etree.XMLSchema:
    return clean_schema(_CLEAN, PREFIXES, "ram")


@cache
def _at_odds() -> etree.XPath:
    return etree.XPath(_AT_ODDS, namespaces=dict(PREFIXES), smart_strings=False)
