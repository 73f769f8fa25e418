"""Elements, attributes and codes of Factur-X 1.09 MINIMUM, in the notation of `flux.formats.bound_text`."""

MINIMUM = """
/rsm:CrossIndustryInvoice
  rsm:ExchangedDocument - 19 1 ID - 20 1 TypeCode
    ID - . 0 @schemeID
    IssueDateTime/udt:DateTimeString - 21 + @format - 22 in day @format
    TypeCode - 23 in types .
  rsm:ExchangedDocumentContext - 24 ? BusinessProcessSpecifiedDocumentContextParameter
    - 25 1 GuidelineSpecifiedDocumentContextParameter
    BusinessProcessSpecifiedDocumentContextParameter - 19 1 ID
      ID - . 0 @schemeID
    GuidelineSpecifiedDocumentContextParameter - 19 1 ID
      ID - 26 in minimum . - . 0 @schemeID
  rsm:SupplyChainTradeTransaction
    ApplicableHeaderTradeAgreement
      BuyerOrderReferencedDocument - 29 1 IssuerAssignedID
        IssuerAssignedID - . 0 @schemeID
      BuyerTradeParty - 30 1 Name
        PostalTradeAddress - . x
        SpecifiedLegalOrganization - 19 1 ID
          ID - 31 in icd @schemeID
        SpecifiedTaxRegistration - . x
      SellerTradeParty - 30 1 Name - 32 1 PostalTradeAddress
        - 33 test count(ram:SpecifiedTaxRegistration[ram:ID/@schemeID='VA'])<=1
        - 34 test count(ram:SpecifiedTaxRegistration[ram:ID/@schemeID='FC'])<=1
        PostalTradeAddress - 35 1 CountryID
          CountryID - 36 in countries .
        SpecifiedLegalOrganization/ID - 31 in icd @schemeID
        SpecifiedTaxRegistration[not(ram:ID/@schemeID='VA') and not(ram:ID/@schemeID='FC')] - . x
        SpecifiedTaxRegistration[ram:ID/@schemeID='FC'] - 19 1 ID
          ID - 37 + @schemeID
        SpecifiedTaxRegistration[ram:ID/@schemeID='VA'] - 19 1 ID
          ID - 37 + @schemeID
    ApplicableHeaderTradeSettlement - 38 1 InvoiceCurrencyCode
      - 39 1 SpecifiedTradeSettlementHeaderMonetarySummation
      InvoiceCurrencyCode - 40 in currencies .
      SpecifiedTradeSettlementHeaderMonetarySummation - 41 1 TaxBasisTotalAmount
        - 42 test count(ram:TaxTotalAmount[@currencyID=../../ram:InvoiceCurrencyCode])<=1
        - 192 test count(ram:TaxTotalAmount[@currencyID=../../ram:TaxCurrencyCode])<=1
        - 43 1 GrandTotalAmount
        - 44 1 DuePayableAmount
        DuePayableAmount - . 0 @currencyID
        GrandTotalAmount - . 0 @currencyID
        TaxBasisTotalAmount - . 0 @currencyID
        TaxTotalAmount[not(@currencyID=../../ram:InvoiceCurrencyCode) and not(@currencyID=../../ram:TaxCurrencyCode)]
          - . x
        TaxTotalAmount[@currencyID=../../ram:InvoiceCurrencyCode] - 45 in currencies @currencyID
        TaxTotalAmount[@currencyID=../../ram:TaxCurrencyCode] - 45 in currencies @currencyID
"""
