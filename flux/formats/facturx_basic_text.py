"""Elements, attributes and codes of Factur-X 1.09 BASIC, in the notation of `flux.formats.bound_text`."""

BASIC = """
/rsm:CrossIndustryInvoice
  rsm:ExchangedDocument - 19 1 ID - 20 1 TypeCode
    ID - . 0 @schemeID
    IncludedNote - 160 1 Content - 161 ? SubjectCode
      SubjectCode - 162 in note-subjects .
    IssueDateTime/udt:DateTimeString - 21 + @format - 22 in day @format
    TypeCode - 23 in types .
  rsm:ExchangedDocumentContext - 24 ? BusinessProcessSpecifiedDocumentContextParameter
    - 25 1 GuidelineSpecifiedDocumentContextParameter
    BusinessProcessSpecifiedDocumentContextParameter - 19 1 ID
      ID - . 0 @schemeID
    GuidelineSpecifiedDocumentContextParameter - 19 1 ID
      ID - 26 in basic . - . 0 @schemeID
  rsm:SupplyChainTradeTransaction - 265 + IncludedSupplyChainTradeLineItem
    ApplicableHeaderTradeAgreement
      BuyerOrderReferencedDocument - 29 1 IssuerAssignedID
        FormattedIssueDateTime - . x
        IssuerAssignedID - . 0 @schemeID
      BuyerTradeParty - 163 ? ID - 164 ? GlobalID - 30 1 Name - 32 1 PostalTradeAddress
        - 165 ? URIUniversalCommunication
        - 166 ? SpecifiedTaxRegistration
        GlobalID - 37 + @schemeID - 31 in party-schemes @schemeID
        ID - . 0 @schemeID
        PostalTradeAddress - 35 1 CountryID - 167 ? CountrySubDivisionName
          CountryID - 36 in countries .
        SpecifiedLegalOrganization
          ID - 31 in icd @schemeID
          TradingBusinessName - . x
        SpecifiedTaxRegistration - 19 1 ID
          ID - 37 + @schemeID - 31 in vat-number @schemeID
        URIUniversalCommunication - 168 1 URIID
          URIID - 37 + @schemeID - 31 in eas @schemeID
      ContractReferencedDocument - 29 1 IssuerAssignedID
        FormattedIssueDateTime - . x
        IssuerAssignedID - . 0 @schemeID
      SellerTaxRepresentativeTradeParty - 30 1 Name - 32 1 PostalTradeAddress - 169 1 SpecifiedTaxRegistration
        GlobalID - . x
        ID - . x
        PostalTradeAddress - 35 1 CountryID - 167 ? CountrySubDivisionName
          CountryID - 36 in countries .
        SpecifiedLegalOrganization - . x
        SpecifiedTaxRegistration - 19 1 ID
          ID - 37 + @schemeID - 31 in vat-number @schemeID
        URIUniversalCommunication - . x
      SellerTradeParty - 30 1 Name - 32 1 PostalTradeAddress - 165 ? URIUniversalCommunication
        - 33 test count(ram:SpecifiedTaxRegistration[ram:ID/@schemeID='VA'])<=1
        - 34 test count(ram:SpecifiedTaxRegistration[ram:ID/@schemeID='FC'])<=1
        GlobalID - 37 + @schemeID - 31 in party-schemes @schemeID
        ID - . 0 @schemeID
        PostalTradeAddress - 35 1 CountryID - 167 ? CountrySubDivisionName
          CountryID - 36 in countries .
        SpecifiedLegalOrganization/ID - 31 in icd @schemeID
        SpecifiedTaxRegistration[not(ram:ID/@schemeID='VA') and not(ram:ID/@schemeID='FC')] - . x
        SpecifiedTaxRegistration[ram:ID/@schemeID='FC'] - 19 1 ID
          ID - 37 + @schemeID
        SpecifiedTaxRegistration[ram:ID/@schemeID='VA'] - 19 1 ID
          ID - 37 + @schemeID
        URIUniversalCommunication - 168 1 URIID
          URIID - 37 + @schemeID - 31 in eas @schemeID
    ApplicableHeaderTradeDelivery
      ActualDeliverySupplyChainEvent - 171 1 OccurrenceDateTime
        OccurrenceDateTime/udt:DateTimeString - 21 + @format - 22 in day @format
      DespatchAdviceReferencedDocument - 29 1 IssuerAssignedID
        FormattedIssueDateTime - . x
        IssuerAssignedID - . 0 @schemeID
      ShipToTradeParty - 163 ? ID - 164 ? GlobalID
        GlobalID - 37 + @schemeID - 31 in party-schemes @schemeID
        ID - . 0 @schemeID
        PostalTradeAddress - 35 1 CountryID - 167 ? CountrySubDivisionName
          CountryID - 36 in countries .
        SpecifiedLegalOrganization - . x
        SpecifiedTaxRegistration - . x
        URIUniversalCommunication - . x
    ApplicableHeaderTradeSettlement - 172 ? PaymentReference - 38 1 InvoiceCurrencyCode - 173 + ApplicableTradeTax
      - 174 ? SpecifiedTradePaymentTerms
      - 39 1 SpecifiedTradeSettlementHeaderMonetarySummation
      - 175 ? ReceivableSpecifiedTradeAccountingAccount
      ApplicableTradeTax - 176 1 CalculatedAmount - 20 1 TypeCode - 177 1 BasisAmount - 178 1 CategoryCode
        BasisAmount - . 0 @currencyID
        CalculatedAmount - . 0 @currencyID
        CategoryCode - 179 in vat-categories-but-split .
        DueDateTypeCode - 180 in tax-points .
        ExemptionReasonCode - 181 in vatex .
        TypeCode - 23 in vat .
      BillingSpecifiedPeriod
        EndDateTime/udt:DateTimeString - 21 + @format - 22 in day @format
        StartDateTime/udt:DateTimeString - 21 + @format - 22 in day @format
      CreditorReferenceID - . 0 @schemeID
      InvoiceCurrencyCode - 40 in currencies .
      InvoiceReferencedDocument
        FormattedIssueDateTime/qdt:DateTimeString - 21 + @format - 22 in day @format
        IssuerAssignedID - . 0 @schemeID
      PayeeTradeParty - 163 ? ID - 164 ? GlobalID - 30 1 Name
        GlobalID - 37 + @schemeID - 31 in party-schemes @schemeID
        ID - . 0 @schemeID
        PostalTradeAddress - . x
        SpecifiedLegalOrganization
          ID - 31 in icd @schemeID
          TradingBusinessName - . x
        SpecifiedTaxRegistration - . x
        URIUniversalCommunication - . x
      ReceivableSpecifiedTradeAccountingAccount/ID - . 0 @schemeID
      SpecifiedTradeAllowanceCharge[not($indicator='false') and not($indicator='true')] - . x
      SpecifiedTradeAllowanceCharge[$indicator='false'] - 183 1 ChargeIndicator - 184 1 ActualAmount
        - 185 1 CategoryTradeTax
        ActualAmount - . 0 @currencyID
        BasisAmount - . 0 @currencyID
        CategoryTradeTax - 20 1 TypeCode - 178 1 CategoryCode
          BasisAmount - . x
          CalculatedAmount - . x
          CategoryCode - 179 in vat-categories-but-split .
          DueDateTypeCode - . x
          ExemptionReason - . x
          ExemptionReasonCode - . x
          TypeCode - 23 in vat .
        ReasonCode - 186 in allowance-reasons .
      SpecifiedTradeAllowanceCharge[$indicator='true'] - 183 1 ChargeIndicator - 184 1 ActualAmount
        - 185 1 CategoryTradeTax
        ActualAmount - . 0 @currencyID
        BasisAmount - . 0 @currencyID
        CategoryTradeTax - 20 1 TypeCode - 178 1 CategoryCode
          BasisAmount - . x
          CalculatedAmount - . x
          CategoryCode - 179 in vat-categories-but-split .
          DueDateTypeCode - . x
          ExemptionReason - . x
          ExemptionReasonCode - . x
          TypeCode - 23 in vat .
        ReasonCode[not(not (@listID)) and not(@listID='5153')] - . x
        ReasonCode[not(@listID)] - 376 in charge-reasons .
      SpecifiedTradePaymentTerms - 187 ? Description - 188 ? DirectDebitMandateID
        DirectDebitMandateID - . 0 @schemeID
        DueDateDateTime/udt:DateTimeString - 21 + @format - 22 in day @format
      SpecifiedTradeSettlementHeaderMonetarySummation - 189 1 LineTotalAmount - 190 ? ChargeTotalAmount
        - 191 ? AllowanceTotalAmount
        - 41 1 TaxBasisTotalAmount
        - 42 test count(ram:TaxTotalAmount[@currencyID=../../ram:InvoiceCurrencyCode])<=1
        - 192 test count(ram:TaxTotalAmount[@currencyID=../../ram:TaxCurrencyCode])<=1
        - 43 1 GrandTotalAmount
        - 193 ? TotalPrepaidAmount
        - 44 1 DuePayableAmount
        AllowanceTotalAmount - . 0 @currencyID
        ChargeTotalAmount - . 0 @currencyID
        DuePayableAmount - . 0 @currencyID
        GrandTotalAmount - . 0 @currencyID
        LineTotalAmount - . 0 @currencyID
        TaxBasisTotalAmount - . 0 @currencyID
        TaxTotalAmount[not(@currencyID=../../ram:InvoiceCurrencyCode) and not(@currencyID=../../ram:TaxCurrencyCode)]
          - . x
        TaxTotalAmount[@currencyID=../../ram:InvoiceCurrencyCode] - 45 in currencies @currencyID
        TaxTotalAmount[@currencyID=../../ram:TaxCurrencyCode] - 45 in currencies @currencyID
        TotalPrepaidAmount - . 0 @currencyID
      SpecifiedTradeSettlementPaymentMeans - 20 1 TypeCode - 194 ? PayeePartyCreditorFinancialAccount
        PayeePartyCreditorFinancialAccount
          IBANID - . 0 @schemeID
          ProprietaryID - . 0 @schemeID
        PayerPartyDebtorFinancialAccount - 195 1 IBANID
          IBANID - . 0 @schemeID
        TypeCode - 23 in payment-means .
      TaxCurrencyCode - 196 in currencies .
    IncludedSupplyChainTradeLineItem - 266 1 AssociatedDocumentLineDocument - 267 1 SpecifiedTradeProduct
      - 268 1 SpecifiedLineTradeAgreement
      - 269 1 SpecifiedLineTradeDelivery
      AssociatedDocumentLineDocument - 270 1 LineID - 271 ? IncludedNote
        IncludedNote - 160 1 Content
          SubjectCode - . x
        LineID - . 0 @schemeID
      SpecifiedLineTradeAgreement - 272 1 NetPriceProductTradePrice
        GrossPriceProductTradePrice - 273 1 ChargeAmount
          - 274 test count(ram:AppliedTradeAllowanceCharge[$indicator='false'])<=1
          AppliedTradeAllowanceCharge[not($indicator='false') and not($indicator='true')] - . x
          AppliedTradeAllowanceCharge[$indicator='false'] - 183 1 ChargeIndicator - 184 1 ActualAmount
            ActualAmount - . 0 @currencyID
            BasisAmount - . x
            CalculationPercent - . x
            CategoryTradeTax - . x
            Reason - . x
            ReasonCode - . x
          BasisQuantity - 275 in units @unitCode
          ChargeAmount - . 0 @currencyID
        NetPriceProductTradePrice - 273 1 ChargeAmount
          AppliedTradeAllowanceCharge - . x
          BasisQuantity - 275 in units @unitCode
          ChargeAmount - . 0 @currencyID
      SpecifiedLineTradeDelivery - 276 1 BilledQuantity
        BilledQuantity - 275 in units @unitCode
      SpecifiedLineTradeSettlement - 278 1 ApplicableTradeTax - 279 1 SpecifiedTradeSettlementLineMonetarySummation
        ApplicableTradeTax - 20 1 TypeCode - 178 1 CategoryCode
          BasisAmount - . x
          CalculatedAmount - . x
          CategoryCode - 179 in vat-categories-but-split .
          DueDateTypeCode - . x
          ExemptionReason - . x
          ExemptionReasonCode - . x
          TypeCode - 23 in vat .
        BillingSpecifiedPeriod
          EndDateTime/udt:DateTimeString - 21 + @format - 22 in day @format
          StartDateTime/udt:DateTimeString - 21 + @format - 22 in day @format
        SpecifiedTradeAllowanceCharge[not($indicator='false') and not($indicator='true')] - . x
        SpecifiedTradeAllowanceCharge[$indicator='false'] - 183 1 ChargeIndicator - 184 1 ActualAmount
          ActualAmount - . 0 @currencyID
          BasisAmount - . x
          CalculationPercent - . x
          CategoryTradeTax - . x
          ReasonCode - 186 in allowance-reasons .
        SpecifiedTradeAllowanceCharge[$indicator='true'] - 183 1 ChargeIndicator - 184 1 ActualAmount
          ActualAmount - . 0 @currencyID
          BasisAmount - . x
          CalculationPercent - . x
          CategoryTradeTax - . x
          ReasonCode[not(not (@listID)) and not(@listID='5153')] - . x
          ReasonCode[not(@listID)] - 376 in charge-reasons .
        SpecifiedTradeSettlementLineMonetarySummation - 189 1 LineTotalAmount
          LineTotalAmount - . 0 @currencyID
      SpecifiedTradeProduct - 30 1 Name
        GlobalID - 37 + @schemeID - 31 in icd @schemeID
"""
