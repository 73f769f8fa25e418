"""Elements, attributes and codes of Factur-X 1.09 BASIC WL, in the notation of `flux.formats.bound_text`."""

BASICWL = """
/rsm:CrossIndustryInvoice
  rsm:ExchangedDocument - 19 1 ID - 20 1 TypeCode
    ID - . 0 @schemeID
    IncludedNote - 160 1 Content - 161 ? SubjectCode
      SubjectCode - 162 in note-subjects .
    IssueDateTime/udt:DateTimeString - 21 + @format - 416 in day @format
    TypeCode - 417 in types .
  rsm:ExchangedDocumentContext - 24 ? BusinessProcessSpecifiedDocumentContextParameter
    - 25 1 GuidelineSpecifiedDocumentContextParameter
    BusinessProcessSpecifiedDocumentContextParameter - 406 1 ID
      ID - . 0 @schemeID
    GuidelineSpecifiedDocumentContextParameter - 407 1 ID
      ID - 418 in basicwl . - . 0 @schemeID
  rsm:SupplyChainTradeTransaction
    ApplicableHeaderTradeAgreement
      BuyerOrderReferencedDocument - 29 1 IssuerAssignedID
        FormattedIssueDateTime - . x
        IssuerAssignedID - . 0 @schemeID
      BuyerTradeParty - 163 ? ID - 164 ? GlobalID - 30 1 Name - 419 1 PostalTradeAddress
        - 165 ? URIUniversalCommunication
        - 166 ? SpecifiedTaxRegistration
        GlobalID - 420 + @schemeID - 421 in party-schemes @schemeID
        ID - . 0 @schemeID
        PostalTradeAddress - 422 1 CountryID - 167 ? CountrySubDivisionName
          CountryID - 423 in countries .
        SpecifiedLegalOrganization
          ID - 424 in icd @schemeID
          TradingBusinessName - . x
        SpecifiedTaxRegistration - 425 1 ID
          ID - 426 + @schemeID - 427 in vat-number @schemeID
        URIUniversalCommunication - 168 1 URIID
          URIID - 428 + @schemeID - 429 in eas @schemeID
      ContractReferencedDocument - 430 1 IssuerAssignedID
        FormattedIssueDateTime - . x
        IssuerAssignedID - . 0 @schemeID
      SellerTaxRepresentativeTradeParty - 431 1 Name - 432 1 PostalTradeAddress - 169 1 SpecifiedTaxRegistration
        GlobalID - . x
        ID - . x
        PostalTradeAddress - 433 1 CountryID - 434 ? CountrySubDivisionName
          CountryID - 435 in countries .
        SpecifiedLegalOrganization - . x
        SpecifiedTaxRegistration - 436 1 ID
          ID - 437 + @schemeID - 438 in vat-number @schemeID
        URIUniversalCommunication - . x
      SellerTradeParty - 409 1 Name - 32 1 PostalTradeAddress - 439 ? URIUniversalCommunication
        - 33 test count(ram:SpecifiedTaxRegistration[ram:ID/@schemeID='VA'])<=1
        - 34 test count(ram:SpecifiedTaxRegistration[ram:ID/@schemeID='FC'])<=1
        GlobalID - 440 + @schemeID - 441 in party-schemes @schemeID
        ID - . 0 @schemeID
        PostalTradeAddress - 35 1 CountryID - 442 ? CountrySubDivisionName
          CountryID - 443 in countries .
        SpecifiedLegalOrganization/ID - 444 in icd @schemeID
        SpecifiedTaxRegistration[not(ram:ID/@schemeID='VA') and not(ram:ID/@schemeID='FC')] - . x
        SpecifiedTaxRegistration[ram:ID/@schemeID='FC'] - 411 1 ID
          ID - 37 + @schemeID
        SpecifiedTaxRegistration[ram:ID/@schemeID='VA'] - 412 1 ID
          ID - 413 + @schemeID
        URIUniversalCommunication - 445 1 URIID
          URIID - 446 + @schemeID - 447 in eas @schemeID
    ApplicableHeaderTradeDelivery
      ActualDeliverySupplyChainEvent - 171 1 OccurrenceDateTime
        OccurrenceDateTime/udt:DateTimeString - 448 + @format - 449 in day @format
      DespatchAdviceReferencedDocument - 450 1 IssuerAssignedID
        FormattedIssueDateTime - . x
        IssuerAssignedID - . 0 @schemeID
      ShipToTradeParty - 451 ? ID - 452 ? GlobalID
        GlobalID - 453 + @schemeID - 454 in party-schemes @schemeID
        ID - . 0 @schemeID
        PostalTradeAddress - 455 1 CountryID - 456 ? CountrySubDivisionName
          CountryID - 457 in countries .
        SpecifiedLegalOrganization - . x
        SpecifiedTaxRegistration - . x
        URIUniversalCommunication - . x
    ApplicableHeaderTradeSettlement - 172 ? PaymentReference - 38 1 InvoiceCurrencyCode - 173 + ApplicableTradeTax
      - 174 ? SpecifiedTradePaymentTerms
      - 39 1 SpecifiedTradeSettlementHeaderMonetarySummation
      - 175 ? ReceivableSpecifiedTradeAccountingAccount
      ApplicableTradeTax - 176 1 CalculatedAmount - 458 1 TypeCode - 177 1 BasisAmount - 178 1 CategoryCode
        BasisAmount - . 0 @currencyID
        CalculatedAmount - . 0 @currencyID
        CategoryCode - 179 in vat-categories-but-split .
        DueDateTypeCode - 180 in tax-points .
        ExemptionReasonCode - 181 in vatex .
        TypeCode - 459 in vat .
      BillingSpecifiedPeriod
        EndDateTime/udt:DateTimeString - 460 + @format - 461 in day @format
        StartDateTime/udt:DateTimeString - 462 + @format - 463 in day @format
      CreditorReferenceID - . 0 @schemeID
      InvoiceCurrencyCode - 464 in currencies .
      InvoiceReferencedDocument
        FormattedIssueDateTime/qdt:DateTimeString - 465 + @format - 466 in day @format
        IssuerAssignedID - . 0 @schemeID
      PayeeTradeParty - 467 ? ID - 468 ? GlobalID - 469 1 Name
        GlobalID - 470 + @schemeID - 471 in party-schemes @schemeID
        ID - . 0 @schemeID
        PostalTradeAddress - . x
        SpecifiedLegalOrganization
          ID - 472 in icd @schemeID
          TradingBusinessName - . x
        SpecifiedTaxRegistration - . x
        URIUniversalCommunication - . x
      ReceivableSpecifiedTradeAccountingAccount/ID - . 0 @schemeID
      SpecifiedTradeAllowanceCharge[not($indicator='false') and not($indicator='true')] - . x
      SpecifiedTradeAllowanceCharge[$indicator='false'] - 183 1 ChargeIndicator - 184 1 ActualAmount
        - 185 1 CategoryTradeTax
        ActualAmount - . 0 @currencyID
        BasisAmount - . 0 @currencyID
        CategoryTradeTax - 473 1 TypeCode - 474 1 CategoryCode
          BasisAmount - . x
          CalculatedAmount - . x
          CategoryCode - 475 in vat-categories-but-split .
          DueDateTypeCode - . x
          ExemptionReason - . x
          ExemptionReasonCode - . x
          TypeCode - 476 in vat .
        ReasonCode - 186 in allowance-reasons .
      SpecifiedTradeAllowanceCharge[$indicator='true'] - 477 1 ChargeIndicator - 478 1 ActualAmount
        - 479 1 CategoryTradeTax
        ActualAmount - . 0 @currencyID
        BasisAmount - . 0 @currencyID
        CategoryTradeTax - 480 1 TypeCode - 481 1 CategoryCode
          BasisAmount - . x
          CalculatedAmount - . x
          CategoryCode - 482 in vat-categories-but-split .
          DueDateTypeCode - . x
          ExemptionReason - . x
          ExemptionReasonCode - . x
          TypeCode - 483 in vat .
        ReasonCode[not(not (@listID)) and not(@listID='5153')] - . x
        ReasonCode[not(@listID)] - 391 in charge-reasons .
      SpecifiedTradePaymentTerms - 187 ? Description - 188 ? DirectDebitMandateID
        DirectDebitMandateID - . 0 @schemeID
        DueDateDateTime/udt:DateTimeString - 484 + @format - 485 in day @format
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
        TaxTotalAmount[@currencyID=../../ram:InvoiceCurrencyCode] - 486 in currencies @currencyID
        TaxTotalAmount[@currencyID=../../ram:TaxCurrencyCode] - 487 in currencies @currencyID
        TotalPrepaidAmount - . 0 @currencyID
      SpecifiedTradeSettlementPaymentMeans - 488 1 TypeCode - 194 ? PayeePartyCreditorFinancialAccount
        PayeePartyCreditorFinancialAccount
          IBANID - . 0 @schemeID
          ProprietaryID - . 0 @schemeID
        PayerPartyDebtorFinancialAccount - 195 1 IBANID
          IBANID - . 0 @schemeID
        TypeCode - 489 in payment-means .
      TaxCurrencyCode - 196 in currencies .
"""
