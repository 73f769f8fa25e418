"""Elements, attributes and codes of Factur-X 1.09 EXTENDED, in the notation of `flux.formats.bound_text`.

The artefact does not look below the tax registrations of seller, item seller and manufacturer: FX-SCH-A-000413, -001053,
-001055, -001167 and -001169, which demand a scheme there, never fire and are left out.
"""

EXTENDED = """
/rsm:CrossIndustryInvoice
  rsm:ExchangedDocument - 19 1 ID - 630 ? Name - 20 1 TypeCode - 315 ? LanguageID
    EffectiveSpecifiedPeriod - 316 1 CompleteDateTime
      CompleteDateTime/udt:DateTimeString - 631 + @format - 632 in day @format
      Description - . x
      EndDateTime - . x
      StartDateTime - . x
    ID - . 0 @schemeID
    IncludedNote - 317 ? Content - 161 ? SubjectCode
      ContentCode - . 0 @listID - . 0 @listVersionID
      SubjectCode - 633 in note-subjects . - . 0 @listID - . 0 @listVersionID
    IssueDateTime/udt:DateTimeString - 21 + @format - 634 in day @format
    LanguageID - 389 in languages . - . 0 @schemeID
    TypeCode - 635 in types .
  rsm:ExchangedDocumentContext - 24 ? BusinessProcessSpecifiedDocumentContextParameter
    - 25 1 GuidelineSpecifiedDocumentContextParameter
    BusinessProcessSpecifiedDocumentContextParameter - 406 1 ID
      ID - . 0 @schemeID
    GuidelineSpecifiedDocumentContextParameter - 407 1 ID
      ID - 636 in extended . - . 0 @schemeID
  rsm:SupplyChainTradeTransaction - 265 + IncludedSupplyChainTradeLineItem
    ApplicableHeaderTradeAgreement
      AdditionalReferencedDocument[not(ram:TypeCode='916') and not(ram:TypeCode='50') and not(ram:TypeCode='130')]
        - . x
      AdditionalReferencedDocument[ram:TypeCode='130'] - 557 1 IssuerAssignedID - 558 1 TypeCode
        AttachmentBinaryObject - . x
        FormattedIssueDateTime/qdt:DateTimeString - 637 + @format - 638 in day-or-minute @format
        IssuerAssignedID - . 0 @schemeID
        LineID - . x
        Name - . x
        ReferenceTypeCode - 639 in reference-qualifiers .
        TypeCode - 640 in 130 .
        URIID - . x
      AdditionalReferencedDocument[ram:TypeCode='50'] - 560 1 IssuerAssignedID - 561 1 TypeCode
        AttachmentBinaryObject - . x
        FormattedIssueDateTime/qdt:DateTimeString - 641 + @format - 642 in day-or-minute @format
        IssuerAssignedID - . 0 @schemeID
        LineID - . x
        Name - . x
        ReferenceTypeCode - . x
        TypeCode - 643 in 50 .
        URIID - . x
      AdditionalReferencedDocument[ram:TypeCode='916'] - 563 1 IssuerAssignedID - 564 1 TypeCode - 283 ? Name
        - 284 ? AttachmentBinaryObject
        AttachmentBinaryObject - 285 + @mimeCode - 644 in mime-codes @mimeCode - 286 + @filename
        FormattedIssueDateTime/qdt:DateTimeString - 645 + @format - 646 in day-or-minute @format
        IssuerAssignedID - . 0 @schemeID
        LineID - . x
        ReferenceTypeCode - . x
        TypeCode - 647 in 916 .
        URIID - . 0 @schemeID
      ApplicableTradeDeliveryTerms - 319 1 DeliveryTypeCode
        DeliveryTypeCode - 320 in delivery-terms .
        RelevantTradeLocation/CountryID - 648 in countries .
      BuyerAgentTradeParty - 649 ? ID - 650 1 Name - 321 ? RoleCode - 651 ? URIUniversalCommunication
        - 652 ? SpecifiedTaxRegistration
        DefinedTradeContact
          EmailURIUniversalCommunication - 653 1 URIID
            CompleteNumber - . x
            URIID - . 0 @schemeID
          FaxUniversalCommunication - 654 1 CompleteNumber
            URIID - . x
          TelephoneUniversalCommunication - 655 1 CompleteNumber
            URIID - . x
        Description - . x
        GlobalID - 656 + @schemeID - 657 in icd-and-parties @schemeID
        ID - . 0 @schemeID
        PostalTradeAddress - 658 1 CountryID - 659 ? CountrySubDivisionName
          CountryID - 660 in countries .
          PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedLegalOrganization
          ID - 661 in icd @schemeID
          PostalTradeAddress - 662 1 CountryID - 663 ? CountrySubDivisionName
            CountryID - 664 in countries .
            PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedTaxRegistration - 665 1 ID
          ID - 666 + @schemeID
        URIUniversalCommunication - 667 1 URIID
          CompleteNumber - . x
          URIID - 668 + @schemeID - 669 in eas @schemeID
      BuyerOrderReferencedDocument - 29 1 IssuerAssignedID
        AttachmentBinaryObject - . x
        FormattedIssueDateTime/qdt:DateTimeString - 670 + @format - 671 in day-or-minute @format
        IssuerAssignedID - . 0 @schemeID
        LineID - . x
        Name - . x
        ReferenceTypeCode - . x
        TypeCode - . x
        URIID - . x
      BuyerTaxRepresentativeTradeParty - 672 ? ID - 673 1 Name - 674 ? RoleCode - 675 ? URIUniversalCommunication
        - 676 1 SpecifiedTaxRegistration
        DefinedTradeContact
          EmailURIUniversalCommunication - 677 1 URIID
            CompleteNumber - . x
            URIID - . 0 @schemeID
          FaxUniversalCommunication - 678 1 CompleteNumber
            URIID - . x
          TelephoneUniversalCommunication - 679 1 CompleteNumber
            URIID - . x
        Description - . x
        GlobalID - 680 + @schemeID - 681 in icd-and-parties @schemeID
        ID - . 0 @schemeID
        PostalTradeAddress - 682 1 CountryID - 683 ? CountrySubDivisionName
          CountryID - 684 in countries .
          PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedLegalOrganization
          ID - 685 in icd @schemeID
          PostalTradeAddress - 686 1 CountryID - 687 ? CountrySubDivisionName
            CountryID - 688 in countries .
            PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedTaxRegistration - 689 1 ID
          ID - 690 + @schemeID
        URIUniversalCommunication - 691 1 URIID
          CompleteNumber - . x
          URIID - 692 + @schemeID - 693 in eas @schemeID
      BuyerTradeParty - 163 ? ID - 30 1 Name - 694 ? RoleCode - 695 ? Description - 419 1 PostalTradeAddress
        - 165 ? URIUniversalCommunication
        - 166 ? SpecifiedTaxRegistration
        DefinedTradeContact
          EmailURIUniversalCommunication - 566 1 URIID
            CompleteNumber - . x
            URIID - . 0 @schemeID
          FaxUniversalCommunication - 696 1 CompleteNumber
            URIID - . x
          TelephoneUniversalCommunication - 289 1 CompleteNumber
            URIID - . x
        GlobalID - 420 + @schemeID - 697 in icd-and-parties @schemeID
        ID - . 0 @schemeID
        PostalTradeAddress - 422 1 CountryID - 167 ? CountrySubDivisionName
          CountryID - 698 in countries .
          PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedLegalOrganization
          ID - 699 in icd @schemeID
          PostalTradeAddress - 700 1 CountryID - 701 ? CountrySubDivisionName
            CountryID - 702 in countries .
            PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedTaxRegistration - 425 1 ID
          ID - 426 + @schemeID - 703 in vat-number @schemeID
        URIUniversalCommunication - 168 1 URIID
          CompleteNumber - . x
          URIID - 428 + @schemeID - 704 in eas @schemeID
      ContractReferencedDocument - 430 1 IssuerAssignedID
        AttachmentBinaryObject - . x
        FormattedIssueDateTime/qdt:DateTimeString - 705 + @format - 706 in day-or-minute @format
        IssuerAssignedID - . 0 @schemeID
        LineID - . x
        Name - . x
        ReferenceTypeCode - 707 in contract-types .
        TypeCode - . x
        URIID - . x
      ProductEndUserTradeParty - 708 ? ID - 709 1 Name - 710 ? RoleCode - 711 ? URIUniversalCommunication
        - 712 ? SpecifiedTaxRegistration
        DefinedTradeContact
          EmailURIUniversalCommunication - 713 1 URIID
            CompleteNumber - . x
            URIID - . 0 @schemeID
          FaxUniversalCommunication - 714 1 CompleteNumber
            URIID - . x
          TelephoneUniversalCommunication - 715 1 CompleteNumber
            URIID - . x
        Description - . x
        GlobalID - 716 + @schemeID - 717 in icd-and-parties @schemeID
        ID - . 0 @schemeID
        PostalTradeAddress - 718 1 CountryID - 719 ? CountrySubDivisionName
          CountryID - 720 in countries .
          PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedLegalOrganization
          ID - 721 in icd @schemeID
          PostalTradeAddress - 722 1 CountryID - 723 ? CountrySubDivisionName
            CountryID - 724 in countries .
            PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedTaxRegistration - 725 1 ID
          ID - 726 + @schemeID
        URIUniversalCommunication - 727 1 URIID
          CompleteNumber - . x
          URIID - 728 + @schemeID - 729 in eas @schemeID
      QuotationReferencedDocument - 730 1 IssuerAssignedID
        AttachmentBinaryObject - . x
        FormattedIssueDateTime/qdt:DateTimeString - 731 + @format - 732 in day-or-minute @format
        IssuerAssignedID - . 0 @schemeID
        LineID - . x
        Name - . x
        ReferenceTypeCode - . x
        TypeCode - . x
        URIID - . x
      SalesAgentTradeParty - 733 ? ID - 734 1 Name - 735 ? RoleCode - 736 ? URIUniversalCommunication
        - 737 ? SpecifiedTaxRegistration
        DefinedTradeContact
          EmailURIUniversalCommunication - 738 1 URIID
            CompleteNumber - . x
            URIID - . 0 @schemeID
          FaxUniversalCommunication - 739 1 CompleteNumber
            URIID - . x
          TelephoneUniversalCommunication - 740 1 CompleteNumber
            URIID - . x
        Description - . x
        GlobalID - 741 + @schemeID - 742 in icd-and-parties @schemeID
        ID - . 0 @schemeID
        PostalTradeAddress - 743 1 CountryID - 744 ? CountrySubDivisionName
          CountryID - 745 in countries .
          PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedLegalOrganization
          ID - 746 in icd @schemeID
          PostalTradeAddress - 747 1 CountryID - 748 ? CountrySubDivisionName
            CountryID - 749 in countries .
            PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedTaxRegistration - 750 1 ID
          ID - 751 + @schemeID
        URIUniversalCommunication - 752 1 URIID
          CompleteNumber - . x
          URIID - 753 + @schemeID - 754 in eas @schemeID
      SellerOrderReferencedDocument - 572 1 IssuerAssignedID
        AttachmentBinaryObject - . x
        FormattedIssueDateTime/qdt:DateTimeString - 755 + @format - 756 in day-or-minute @format
        IssuerAssignedID - . 0 @schemeID
        LineID - . x
        Name - . x
        ReferenceTypeCode - . x
        TypeCode - . x
        URIID - . x
      SellerTaxRepresentativeTradeParty - 757 ? ID - 431 1 Name - 758 ? RoleCode - 432 1 PostalTradeAddress
        - 759 ? URIUniversalCommunication
        - 169 1 SpecifiedTaxRegistration
        DefinedTradeContact
          EmailURIUniversalCommunication - 760 1 URIID
            CompleteNumber - . x
            URIID - . 0 @schemeID
          FaxUniversalCommunication - 761 1 CompleteNumber
            URIID - . x
          TelephoneUniversalCommunication - 762 1 CompleteNumber
            URIID - . x
        Description - . x
        GlobalID - 763 + @schemeID - 764 in icd-and-parties @schemeID
        ID - . 0 @schemeID
        PostalTradeAddress - 433 1 CountryID - 434 ? CountrySubDivisionName
          CountryID - 765 in countries .
          PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedLegalOrganization
          ID - 766 in icd @schemeID
          PostalTradeAddress - 767 1 CountryID - 768 ? CountrySubDivisionName
            CountryID - 769 in countries .
            PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedTaxRegistration - 436 1 ID
          ID - 437 + @schemeID - 770 in vat-number @schemeID
        URIUniversalCommunication - 771 1 URIID
          CompleteNumber - . x
          URIID - 772 + @schemeID - 773 in eas @schemeID
      SellerTradeParty - 409 1 Name - 774 ? RoleCode - 575 ? Description - 32 1 PostalTradeAddress
        - 439 ? URIUniversalCommunication
        - 33 test count(ram:SpecifiedTaxRegistration[ram:ID/@schemeID='VA'])<=1
        - 34 test count(ram:SpecifiedTaxRegistration[ram:ID/@schemeID='FC'])<=1
        DefinedTradeContact
          EmailURIUniversalCommunication - 577 1 URIID
            CompleteNumber - . x
            URIID - . 0 @schemeID
          FaxUniversalCommunication - 775 1 CompleteNumber
            URIID - . x
          TelephoneUniversalCommunication - 578 1 CompleteNumber
            URIID - . x
        GlobalID - 440 + @schemeID - 776 in icd-and-parties @schemeID
        ID - . 0 @schemeID
        PostalTradeAddress - 35 1 CountryID - 442 ? CountrySubDivisionName
          CountryID - 777 in countries .
          PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedLegalOrganization
          ID - 778 in icd @schemeID
          PostalTradeAddress - 779 1 CountryID - 780 ? CountrySubDivisionName
            CountryID - 781 in countries .
            PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedTaxRegistration[not(ram:ID/@schemeID='VA') and not(ram:ID/@schemeID='FC')] - . x
        SpecifiedTaxRegistration[ram:ID/@schemeID='FC'] - 411 1 ID
        SpecifiedTaxRegistration[ram:ID/@schemeID='VA'] - 412 1 ID
        URIUniversalCommunication - 445 1 URIID
          CompleteNumber - . x
          URIID - 446 + @schemeID - 782 in eas @schemeID
      SpecifiedProcuringProject/ID - . 0 @schemeID
      UltimateCustomerOrderReferencedDocument - 783 1 IssuerAssignedID
        AttachmentBinaryObject - . x
        FormattedIssueDateTime/qdt:DateTimeString - 784 + @format - 785 in day-or-minute @format
        IssuerAssignedID - . 0 @schemeID
        LineID - . x
        Name - . x
        ReferenceTypeCode - . x
        TypeCode - . x
        URIID - . x
    ApplicableHeaderTradeDelivery
      ActualDeliverySupplyChainEvent - 171 1 OccurrenceDateTime
        OccurrenceDateTime/udt:DateTimeString - 448 + @format - 786 in day @format
      DeliveryNoteReferencedDocument - 787 1 IssuerAssignedID
        AttachmentBinaryObject - . x
        FormattedIssueDateTime/qdt:DateTimeString - 788 + @format - 789 in day-or-minute @format
        IssuerAssignedID - . 0 @schemeID
        LineID - . x
        Name - . x
        ReferenceTypeCode - . x
        TypeCode - . x
        URIID - . x
      DespatchAdviceReferencedDocument - 450 1 IssuerAssignedID
        AttachmentBinaryObject - . x
        FormattedIssueDateTime/qdt:DateTimeString - 790 + @format - 791 in day-or-minute @format
        IssuerAssignedID - . 0 @schemeID
        LineID - . x
        Name - . x
        ReferenceTypeCode - . x
        TypeCode - . x
        URIID - . x
      ReceivingAdviceReferencedDocument - 584 1 IssuerAssignedID
        AttachmentBinaryObject - . x
        FormattedIssueDateTime/qdt:DateTimeString - 792 + @format - 793 in day-or-minute @format
        IssuerAssignedID - . 0 @schemeID
        LineID - . x
        Name - . x
        ReferenceTypeCode - . x
        TypeCode - . x
        URIID - . x
      RelatedSupplyChainConsignment/SpecifiedLogisticsTransportMovement - 322 1 ModeCode
        ModeCode - 346 in transport-modes .
      ShipFromTradeParty - 794 ? ID - 795 ? RoleCode - 796 ? URIUniversalCommunication
        - 797 ? SpecifiedTaxRegistration
        DefinedTradeContact
          EmailURIUniversalCommunication - 798 1 URIID
            CompleteNumber - . x
            URIID - . 0 @schemeID
          FaxUniversalCommunication - 799 1 CompleteNumber
            URIID - . x
          TelephoneUniversalCommunication - 800 1 CompleteNumber
            URIID - . x
        Description - . x
        GlobalID - 801 + @schemeID - 802 in icd-and-parties @schemeID
        ID - . 0 @schemeID
        PostalTradeAddress - 803 1 CountryID - 804 ? CountrySubDivisionName
          CountryID - 805 in countries .
          PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedLegalOrganization
          ID - 806 in icd @schemeID
          PostalTradeAddress - 807 1 CountryID - 808 ? CountrySubDivisionName
            CountryID - 809 in countries .
            PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedTaxRegistration - 810 1 ID
          ID - 811 + @schemeID
        URIUniversalCommunication - 812 1 URIID
          CompleteNumber - . x
          URIID - 813 + @schemeID - 814 in eas @schemeID
      ShipToTradeParty - 451 ? ID - 815 ? RoleCode - 816 ? URIUniversalCommunication
        - 817 ? SpecifiedTaxRegistration
        DefinedTradeContact
          EmailURIUniversalCommunication - 818 1 URIID
            CompleteNumber - . x
            URIID - . 0 @schemeID
          FaxUniversalCommunication - 819 1 CompleteNumber
            URIID - . x
          TelephoneUniversalCommunication - 820 1 CompleteNumber
            URIID - . x
        Description - . x
        GlobalID - 453 + @schemeID - 821 in icd-and-parties @schemeID
        ID - . 0 @schemeID
        PostalTradeAddress - 455 1 CountryID - 456 ? CountrySubDivisionName
          CountryID - 822 in countries .
          PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedLegalOrganization
          ID - 823 in icd @schemeID
          PostalTradeAddress - 824 1 CountryID - 825 ? CountrySubDivisionName
            CountryID - 826 in countries .
            PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedTaxRegistration - 827 1 ID
          ID - 828 + @schemeID
        URIUniversalCommunication - 829 1 URIID
          CompleteNumber - . x
          URIID - 830 + @schemeID - 831 in eas @schemeID
      UltimateShipToTradeParty - 832 ? ID - 833 ? RoleCode - 834 ? URIUniversalCommunication
        - 835 ? SpecifiedTaxRegistration
        DefinedTradeContact
          EmailURIUniversalCommunication - 836 1 URIID
            CompleteNumber - . x
            URIID - . 0 @schemeID
          FaxUniversalCommunication - 837 1 CompleteNumber
            URIID - . x
          TelephoneUniversalCommunication - 838 1 CompleteNumber
            URIID - . x
        Description - . x
        GlobalID - 839 + @schemeID - 840 in icd-and-parties @schemeID
        ID - . 0 @schemeID
        PostalTradeAddress - 841 1 CountryID - 842 ? CountrySubDivisionName
          CountryID - 843 in countries .
          PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedLegalOrganization
          ID - 844 in icd @schemeID
          PostalTradeAddress - 845 1 CountryID - 846 ? CountrySubDivisionName
            CountryID - 847 in countries .
            PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedTaxRegistration - 848 1 ID
          ID - 849 + @schemeID
        URIUniversalCommunication - 850 1 URIID
          CompleteNumber - . x
          URIID - 851 + @schemeID - 852 in eas @schemeID
    ApplicableHeaderTradeSettlement - 172 ? PaymentReference - 38 1 InvoiceCurrencyCode - 173 + ApplicableTradeTax
      - 39 1 SpecifiedTradeSettlementHeaderMonetarySummation
      ApplicableTradeTax - 176 1 CalculatedAmount - 458 1 TypeCode - 177 1 BasisAmount - 323 ? LineTotalBasisAmount
        - 324 ? AllowanceChargeBasisAmount
        - 178 1 CategoryCode
        AllowanceChargeBasisAmount - . 0 @currencyID
        BasisAmount - . 0 @currencyID
        CalculatedAmount - . 0 @currencyID
        CategoryCode - 853 in vat-categories .
        DueDateTypeCode - 854 in tax-points .
        ExemptionReasonCode - 855 in vatex . - . 0 @listID - . 0 @listVersionID
        LineTotalBasisAmount - . 0 @currencyID
        TaxPointDate/udt:DateString - 590 + @format - 856 in day @format
        TypeCode - 857 in tax-types-and-vat .
      BillingSpecifiedPeriod - 858 ? Description
        CompleteDateTime - . x
        EndDateTime/udt:DateTimeString - 460 + @format - 859 in day @format
        StartDateTime/udt:DateTimeString - 462 + @format - 860 in day @format
      CreditorReferenceID - . 0 @schemeID
      InvoiceCurrencyCode - 861 in currencies .
      InvoiceReferencedDocument
        AttachmentBinaryObject - . x
        FormattedIssueDateTime/qdt:DateTimeString - 465 + @format - 862 in day-or-minute @format
        IssuerAssignedID - . 0 @schemeID
        LineID - . x
        Name - . x
        ReferenceTypeCode - . x
        TypeCode - 863 in former-types .
        URIID - . x
      InvoiceeTradeParty - 864 ? ID - 865 1 Name - 866 ? RoleCode - 867 ? URIUniversalCommunication
        - 868 ? SpecifiedTaxRegistration
        DefinedTradeContact
          EmailURIUniversalCommunication - 869 1 URIID
            CompleteNumber - . x
            URIID - . 0 @schemeID
          FaxUniversalCommunication - 870 1 CompleteNumber
            URIID - . x
          TelephoneUniversalCommunication - 871 1 CompleteNumber
            URIID - . x
        Description - . x
        GlobalID - 872 + @schemeID - 873 in icd-and-parties @schemeID
        ID - . 0 @schemeID
        PostalTradeAddress - 874 1 CountryID - 875 ? CountrySubDivisionName
          CountryID - 876 in countries .
          PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedLegalOrganization
          ID - 877 in icd @schemeID
          PostalTradeAddress - 878 1 CountryID - 879 ? CountrySubDivisionName
            CountryID - 880 in countries .
            PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedTaxRegistration - 881 1 ID
          ID - 882 + @schemeID
        URIUniversalCommunication - 883 1 URIID
          CompleteNumber - . x
          URIID - 884 + @schemeID - 885 in eas @schemeID
      InvoicerTradeParty - 886 ? ID - 887 1 Name - 888 ? RoleCode - 889 ? URIUniversalCommunication
        - 890 ? SpecifiedTaxRegistration
        DefinedTradeContact
          EmailURIUniversalCommunication - 891 1 URIID
            CompleteNumber - . x
            URIID - . 0 @schemeID
          FaxUniversalCommunication - 892 1 CompleteNumber
            URIID - . x
          TelephoneUniversalCommunication - 893 1 CompleteNumber
            URIID - . x
        Description - . x
        GlobalID - 894 + @schemeID - 895 in icd-and-parties @schemeID
        ID - . 0 @schemeID
        PostalTradeAddress - 896 1 CountryID - 897 ? CountrySubDivisionName
          CountryID - 898 in countries .
          PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedLegalOrganization
          ID - 899 in icd @schemeID
          PostalTradeAddress - 900 1 CountryID - 901 ? CountrySubDivisionName
            CountryID - 902 in countries .
            PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedTaxRegistration - 903 1 ID
          ID - 904 + @schemeID
        URIUniversalCommunication - 905 1 URIID
          CompleteNumber - . x
          URIID - 906 + @schemeID - 907 in eas @schemeID
      PayeeTradeParty - 467 ? ID - 469 1 Name - 908 ? RoleCode - 909 ? URIUniversalCommunication
        - 910 ? SpecifiedTaxRegistration
        DefinedTradeContact
          EmailURIUniversalCommunication - 911 1 URIID
            CompleteNumber - . x
            URIID - . 0 @schemeID
          FaxUniversalCommunication - 912 1 CompleteNumber
            URIID - . x
          TelephoneUniversalCommunication - 913 1 CompleteNumber
            URIID - . x
        Description - . x
        GlobalID - 470 + @schemeID - 914 in icd-and-parties @schemeID
        ID - . 0 @schemeID
        PostalTradeAddress - 915 1 CountryID - 916 ? CountrySubDivisionName
          CountryID - 917 in countries .
          PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedLegalOrganization
          ID - 918 in icd @schemeID
          PostalTradeAddress - 919 1 CountryID - 920 ? CountrySubDivisionName
            CountryID - 921 in countries .
            PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedTaxRegistration - 922 1 ID
          ID - 923 + @schemeID
        URIUniversalCommunication - 924 1 URIID
          CompleteNumber - . x
          URIID - 925 + @schemeID - 926 in eas @schemeID
      PayerTradeParty - 927 ? ID - 928 1 Name - 929 ? RoleCode - 930 ? URIUniversalCommunication
        - 931 ? SpecifiedTaxRegistration
        DefinedTradeContact
          EmailURIUniversalCommunication - 932 1 URIID
            CompleteNumber - . x
            URIID - . 0 @schemeID
          FaxUniversalCommunication - 933 1 CompleteNumber
            URIID - . x
          TelephoneUniversalCommunication - 934 1 CompleteNumber
            URIID - . x
        Description - . x
        GlobalID - 935 + @schemeID - 936 in icd-and-parties @schemeID
        ID - . 0 @schemeID
        PostalTradeAddress - 937 1 CountryID - 938 ? CountrySubDivisionName
          CountryID - 939 in countries .
          PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedLegalOrganization
          ID - 940 in icd @schemeID
          PostalTradeAddress - 941 1 CountryID - 942 ? CountrySubDivisionName
            CountryID - 943 in countries .
            PostcodeCode - . 0 @listID - . 0 @listVersionID
        SpecifiedTaxRegistration - 944 1 ID
          ID - 945 + @schemeID
        URIUniversalCommunication - 946 1 URIID
          CompleteNumber - . x
          URIID - 947 + @schemeID - 948 in eas @schemeID
      ReceivableSpecifiedTradeAccountingAccount
        ID - . 0 @schemeID
        TypeCode - 949 in price-kinds .
      SpecifiedAdvancePayment - 325 + IncludedTradeTax - 326 ? InvoiceSpecifiedReferencedDocument
        FormattedReceivedDateTime/qdt:DateTimeString - 950 + @format - 951 in day-or-minute @format
        IncludedTradeTax - 952 1 CalculatedAmount - 953 1 TypeCode - 954 1 CategoryCode
          AllowanceChargeBasisAmount - . x
          BasisAmount - . x
          CalculatedAmount - . 0 @currencyID
          CategoryCode - 955 in vat-categories .
          DueDateTypeCode - . x
          ExemptionReasonCode - 956 in vatex . - . 0 @listID - . 0 @listVersionID
          LineTotalBasisAmount - . x
          TaxPointDate - . x
          TypeCode - 957 in tax-types-and-vat .
        InvoiceSpecifiedReferencedDocument - 958 1 IssuerAssignedID
          AttachmentBinaryObject - . x
          FormattedIssueDateTime/qdt:DateTimeString - 959 + @format - 960 in day-or-minute @format
          IssuerAssignedID - . 0 @schemeID
          LineID - . x
          Name - . x
          ReferenceTypeCode - . x
          TypeCode - 961 in former-types .
          URIID - . x
        PaidAmount - . 0 @currencyID
      SpecifiedFinancialAdjustment - 383 1 Reason - 962 1 ActualAmount
        ActualAmount - . 0 @currencyID
      SpecifiedLogisticsServiceCharge - 963 1 Description - 327 1 AppliedAmount - 328 + AppliedTradeTax
        AppliedAmount - . 0 @currencyID
        AppliedTradeTax - 964 1 TypeCode - 965 1 CategoryCode - 329 1 RateApplicablePercent
          AllowanceChargeBasisAmount - . x
          BasisAmount - . x
          CalculatedAmount - . x
          CategoryCode - 966 in vat-categories .
          DueDateTypeCode - . x
          ExemptionReasonCode - 967 in vatex . - . 0 @listID - . 0 @listVersionID
          LineTotalBasisAmount - . x
          TaxPointDate - . x
          TypeCode - 968 in tax-types-and-vat .
      SpecifiedTradeAllowanceCharge[not($indicator='false') and not($indicator='true')] - . x
      SpecifiedTradeAllowanceCharge[$indicator='false'] - 183 1 ChargeIndicator - 184 1 ActualAmount
        - 185 1 CategoryTradeTax
        ActualAmount - . 0 @currencyID
        BasisAmount - . 0 @currencyID
        BasisQuantity - 969 in units @unitCode
        CategoryTradeTax - 473 1 TypeCode - 474 1 CategoryCode
          AllowanceChargeBasisAmount - . x
          BasisAmount - . x
          CalculatedAmount - . x
          CategoryCode - 970 in vat-categories .
          DueDateTypeCode - . x
          ExemptionReasonCode - 971 in vatex . - . 0 @listID - . 0 @listVersionID
          LineTotalBasisAmount - . x
          TaxPointDate - . x
          TypeCode - 972 in tax-types-and-vat .
        ReasonCode - 973 in allowance-reasons . - . 0 @listID
      SpecifiedTradeAllowanceCharge[$indicator='true'] - 477 1 ChargeIndicator - 478 1 ActualAmount
        - 479 1 CategoryTradeTax
        ActualAmount - . 0 @currencyID
        BasisAmount - . 0 @currencyID
        BasisQuantity - 974 in units @unitCode
        CategoryTradeTax - 480 1 TypeCode - 481 1 CategoryCode
          AllowanceChargeBasisAmount - . x
          BasisAmount - . x
          CalculatedAmount - . x
          CategoryCode - 975 in vat-categories .
          DueDateTypeCode - . x
          ExemptionReasonCode - 976 in vatex . - . 0 @listID - . 0 @listVersionID
          LineTotalBasisAmount - . x
          TaxPointDate - . x
          TypeCode - 977 in tax-types-and-vat .
        ReasonCode[not(not (@listID)) and not(@listID='5153')] - . x
        ReasonCode[@listID='5153'] - 390 in tax-types .
        ReasonCode[not(@listID)] - 978 in charge-reasons . - . 0 @listID
      SpecifiedTradePaymentTerms - 187 ? Description - 188 ? DirectDebitMandateID - 330 ? PartialPaymentAmount
        - 331 ? PayeeTradeParty
        ApplicableTradePaymentDiscountTerms
          ActualDiscountAmount - . 0 @currencyID
          BasisAmount - . 0 @currencyID
          BasisDateTime/udt:DateTimeString - 979 + @format - 980 in day @format
        ApplicableTradePaymentPenaltyTerms
          ActualPenaltyAmount - . 0 @currencyID
          BasisAmount - . 0 @currencyID
          BasisDateTime/udt:DateTimeString - 981 + @format - 982 in day @format
          BasisPeriodMeasure - 277 + @unitCode
        DirectDebitMandateID - . 0 @schemeID
        DueDateDateTime/udt:DateTimeString - 484 + @format - 983 in day @format
        PartialPaymentAmount - . 0 @currencyID
        PayeeTradeParty - 984 ? ID - 985 1 Name - 986 ? RoleCode - 987 ? URIUniversalCommunication
          - 988 ? SpecifiedTaxRegistration
          DefinedTradeContact
            EmailURIUniversalCommunication - 989 1 URIID
              CompleteNumber - . x
              URIID - . 0 @schemeID
            FaxUniversalCommunication - 990 1 CompleteNumber
              URIID - . x
            TelephoneUniversalCommunication - 991 1 CompleteNumber
              URIID - . x
          Description - . x
          GlobalID - 992 + @schemeID - 993 in icd-and-parties @schemeID
          ID - . 0 @schemeID
          PostalTradeAddress - 994 1 CountryID - 995 ? CountrySubDivisionName
            CountryID - 996 in countries .
            PostcodeCode - . 0 @listID - . 0 @listVersionID
          SpecifiedLegalOrganization
            ID - 997 in icd @schemeID
            PostalTradeAddress - 998 1 CountryID - 999 ? CountrySubDivisionName
              CountryID - 1000 in countries .
              PostcodeCode - . 0 @listID - . 0 @listVersionID
          SpecifiedTaxRegistration - 1001 1 ID
            ID - 1002 + @schemeID
          URIUniversalCommunication - 1003 1 URIID
            CompleteNumber - . x
            URIID - 1004 + @schemeID - 1005 in eas @schemeID
      SpecifiedTradeSettlementHeaderMonetarySummation - 189 1 LineTotalAmount - 190 ? ChargeTotalAmount
        - 191 ? AllowanceTotalAmount
        - 41 1 TaxBasisTotalAmount
        - 42 test count(ram:TaxTotalAmount[@currencyID=../../ram:InvoiceCurrencyCode])<=1
        - 192 test count(ram:TaxTotalAmount[@currencyID=../../ram:TaxCurrencyCode])<=1
        - 290 ? RoundingAmount
        - 43 1 GrandTotalAmount
        - 193 ? TotalPrepaidAmount
        - 44 1 DuePayableAmount
        AllowanceTotalAmount - . 0 @currencyID
        ChargeTotalAmount - . 0 @currencyID
        DuePayableAmount - . 0 @currencyID
        GrandTotalAmount - . 0 @currencyID
        LineTotalAmount - . 0 @currencyID
        RoundingAmount - . 0 @currencyID
        TaxBasisTotalAmount - . 0 @currencyID
        TaxTotalAmount[not(@currencyID=../../ram:InvoiceCurrencyCode) and not(@currencyID=../../ram:TaxCurrencyCode)]
          - . x
        TaxTotalAmount[@currencyID=../../ram:InvoiceCurrencyCode] - 1006 in currencies @currencyID
        TaxTotalAmount[@currencyID=../../ram:TaxCurrencyCode] - 1007 in currencies @currencyID
        TotalPrepaidAmount - . 0 @currencyID
      SpecifiedTradeSettlementPaymentMeans - 488 1 TypeCode - 291 ? Information
        - 194 ? PayeePartyCreditorFinancialAccount
        ApplicableTradeSettlementFinancialCard - 608 1 ID
          ID - . 0 @schemeID
        PayeePartyCreditorFinancialAccount
          IBANID - . 0 @schemeID
          ProprietaryID - . 0 @schemeID
        PayeeSpecifiedCreditorFinancialInstitution - 292 1 BICID
          BICID - . 0 @schemeID
        PayerPartyDebtorFinancialAccount - 195 1 IBANID
          IBANID - . 0 @schemeID
        PayerSpecifiedDebtorFinancialInstitution/BICID - . 0 @schemeID
        TypeCode - 1008 in payment-means .
      TaxApplicableTradeCurrencyExchange
        ConversionRateDateTime/udt:DateTimeString - 1009 + @format - 1010 in day @format
        SourceCurrencyCode - 332 in currencies .
        TargetCurrencyCode - 333 in currencies .
      TaxCurrencyCode - 1011 in currencies .
    IncludedSupplyChainTradeLineItem - 266 1 AssociatedDocumentLineDocument - 267 1 SpecifiedTradeProduct
      AssociatedDocumentLineDocument - 270 1 LineID
        IncludedNote - 1012 ? Content - 1013 ? SubjectCode
          ContentCode - . 0 @listID - . 0 @listVersionID
          SubjectCode - 1014 in note-subjects . - . 0 @listID - . 0 @listVersionID
        LineID - . 0 @schemeID
        LineStatusCode - 334 in line-statuses .
        LineStatusReasonCode - 335 in line-kinds . - . 0 @listID - . 0 @listVersionID
        ParentLineID - . 0 @schemeID
      SpecifiedLineTradeAgreement
        AdditionalReferencedDocument - 1015 1 IssuerAssignedID - 1016 1 TypeCode - 1017 ? Name
          - 1018 ? AttachmentBinaryObject
          AttachmentBinaryObject - 1019 + @mimeCode - 1020 in mime-codes @mimeCode - 1021 + @filename
          FormattedIssueDateTime/qdt:DateTimeString - 1022 + @format - 1023 in day-or-minute @format
          IssuerAssignedID - . 0 @schemeID
          LineID - . 0 @schemeID
          ReferenceTypeCode - 1024 in reference-qualifiers .
          TypeCode - 1025 in document-roles .
          URIID - . 0 @schemeID
        ApplicableTradeDeliveryTerms - 1026 1 DeliveryTypeCode
          DeliveryTypeCode - 1027 in delivery-terms .
          RelevantTradeLocation/CountryID - 1028 in countries .
        BuyerOrderReferencedDocument
          AttachmentBinaryObject - . x
          FormattedIssueDateTime/qdt:DateTimeString - 1029 + @format - 1030 in day-or-minute @format
          IssuerAssignedID - . 0 @schemeID
          LineID - . 0 @schemeID
          Name - . x
          ReferenceTypeCode - . x
          TypeCode - . x
          URIID - . x
        ContractReferencedDocument
          AttachmentBinaryObject - . x
          FormattedIssueDateTime/qdt:DateTimeString - 1031 + @format - 1032 in day-or-minute @format
          IssuerAssignedID - . 0 @schemeID
          LineID - . 0 @schemeID
          Name - . x
          ReferenceTypeCode - . x
          TypeCode - . x
          URIID - . x
        GrossPriceProductTradePrice - 273 1 ChargeAmount
          AppliedTradeAllowanceCharge[not($indicator='false') and not($indicator='true')] - . x
          AppliedTradeAllowanceCharge[$indicator='false'] - 530 1 ChargeIndicator - 531 1 ActualAmount
            ActualAmount - . 0 @currencyID
            BasisAmount - . 0 @currencyID
            BasisQuantity - . x
            CategoryTradeTax - . x
            ReasonCode - 1033 in allowance-reasons . - . 0 @listID
            SequenceNumeric - . x
          AppliedTradeAllowanceCharge[$indicator='true'] - 1034 1 ChargeIndicator - 1035 1 ActualAmount
            ActualAmount - . 0 @currencyID
            BasisAmount - . 0 @currencyID
            BasisQuantity - . x
            CategoryTradeTax - . x
            ReasonCode[not(@listID='5153') and not(not (@listID))] - . x
            ReasonCode[@listID='5153'] - 1036 in tax-types-and-vat .
            ReasonCode[not(@listID)] - . 0 @listID
            SequenceNumeric - . x
          BasisQuantity - 1037 in units @unitCode
          ChargeAmount - . 0 @currencyID
          IncludedTradeTax - . x
        ItemSellerTradeParty - 1038 ? RoleCode - 1039 ? Description - 1040 ? URIUniversalCommunication
          - 1041 test count(ram:SpecifiedTaxRegistration[ram:ID/@schemeID='VA'])<=1
          - 1042 test count(ram:SpecifiedTaxRegistration[ram:ID/@schemeID='FC'])<=1
          DefinedTradeContact
            EmailURIUniversalCommunication - 1043 1 URIID
              CompleteNumber - . x
              URIID - . 0 @schemeID
            FaxUniversalCommunication - 1044 1 CompleteNumber
              URIID - . x
            TelephoneUniversalCommunication - 1045 1 CompleteNumber
              URIID - . x
          GlobalID - 1046 + @schemeID - 1047 in icd-and-parties @schemeID
          ID - . 0 @schemeID
          PostalTradeAddress - 1048 1 CountryID - 1049 ? CountrySubDivisionName
            CountryID - 1050 in countries .
            PostcodeCode - . 0 @listID - . 0 @listVersionID
          SpecifiedLegalOrganization
            ID - 1051 in icd @schemeID
            PostalTradeAddress - . x
          SpecifiedTaxRegistration[not(ram:ID/@schemeID='VA') and not(ram:ID/@schemeID='FC')] - . x
          SpecifiedTaxRegistration[ram:ID/@schemeID='FC'] - 1052 1 ID
          SpecifiedTaxRegistration[ram:ID/@schemeID='VA'] - 1054 1 ID
          URIUniversalCommunication - 1056 1 URIID
            CompleteNumber - . x
            URIID - 1057 + @schemeID - 1058 in eas @schemeID
        NetPriceProductTradePrice - 532 1 ChargeAmount - 336 ? IncludedTradeTax
          AppliedTradeAllowanceCharge - . x
          BasisQuantity - 1059 in units @unitCode
          ChargeAmount - . 0 @currencyID
          IncludedTradeTax - 1060 1 CalculatedAmount - 1061 1 TypeCode - 1062 1 CategoryCode
            - 1063 1 RateApplicablePercent
            AllowanceChargeBasisAmount - . x
            BasisAmount - . x
            CalculatedAmount - . 0 @currencyID
            CategoryCode - 1064 in vat-categories .
            DueDateTypeCode - . x
            ExemptionReasonCode - 1065 in vatex . - . 0 @listID - . 0 @listVersionID
            LineTotalBasisAmount - . x
            TaxPointDate - . x
            TypeCode - 1066 in vat .
        QuotationReferencedDocument
          AttachmentBinaryObject - . x
          FormattedIssueDateTime/qdt:DateTimeString - 1067 + @format - 1068 in day-or-minute @format
          IssuerAssignedID - . 0 @schemeID
          LineID - . 0 @schemeID
          Name - . x
          ReferenceTypeCode - . x
          TypeCode - . x
          URIID - . x
        SellerOrderReferencedDocument
          AttachmentBinaryObject - . x
          FormattedIssueDateTime/qdt:DateTimeString - 1069 + @format - 1070 in day-or-minute @format
          IssuerAssignedID - . 0 @schemeID
          LineID - . 0 @schemeID
          Name - . x
          ReferenceTypeCode - . x
          TypeCode - . x
          URIID - . x
        UltimateCustomerOrderReferencedDocument
          AttachmentBinaryObject - . x
          FormattedIssueDateTime/qdt:DateTimeString - 1071 + @format - 1072 in day-or-minute @format
          IssuerAssignedID - . 0 @schemeID
          LineID - . 0 @schemeID
          Name - . x
          ReferenceTypeCode - . x
          TypeCode - . x
          URIID - . x
      SpecifiedLineTradeDelivery
        ActualDeliverySupplyChainEvent - 1073 1 OccurrenceDateTime
          OccurrenceDateTime/udt:DateTimeString - 1074 + @format - 1075 in day @format
        BilledQuantity - 1076 in units @unitCode
        ChargeFreeQuantity - 1077 + @unitCode - 1078 in units @unitCode
        DeliveryNoteReferencedDocument
          AttachmentBinaryObject - . x
          FormattedIssueDateTime/qdt:DateTimeString - 1079 + @format - 1080 in day-or-minute @format
          IssuerAssignedID - . 0 @schemeID
          LineID - . 0 @schemeID
          Name - . x
          ReferenceTypeCode - . x
          TypeCode - . x
          URIID - . x
        DespatchAdviceReferencedDocument
          AttachmentBinaryObject - . x
          FormattedIssueDateTime/qdt:DateTimeString - 1081 + @format - 1082 in day-or-minute @format
          IssuerAssignedID - . 0 @schemeID
          LineID - . 0 @schemeID
          Name - . x
          ReferenceTypeCode - . x
          TypeCode - . x
          URIID - . x
        PackageQuantity - 1083 + @unitCode - 1084 in units @unitCode
        PerPackageUnitQuantity - 1085 + @unitCode - 1086 in units @unitCode
        ReceivingAdviceReferencedDocument
          AttachmentBinaryObject - . x
          FormattedIssueDateTime/qdt:DateTimeString - 1087 + @format - 1088 in day-or-minute @format
          IssuerAssignedID - . 0 @schemeID
          LineID - . 0 @schemeID
          Name - . x
          ReferenceTypeCode - . x
          TypeCode - . x
          URIID - . x
        ShipToTradeParty - 1089 ? ID - 1090 ? RoleCode - 1091 ? URIUniversalCommunication
          - 1092 ? SpecifiedTaxRegistration
          DefinedTradeContact
            EmailURIUniversalCommunication - 1093 1 URIID
              CompleteNumber - . x
              URIID - . 0 @schemeID
            FaxUniversalCommunication - 1094 1 CompleteNumber
              URIID - . x
            TelephoneUniversalCommunication - 1095 1 CompleteNumber
              URIID - . x
          Description - . x
          GlobalID - 1096 + @schemeID - 1097 in icd-and-parties @schemeID
          ID - . 0 @schemeID
          PostalTradeAddress - 1098 1 CountryID - 1099 ? CountrySubDivisionName
            CountryID - 1100 in countries .
            PostcodeCode - . 0 @listID - . 0 @listVersionID
          SpecifiedLegalOrganization
            ID - 1101 + @schemeID - 1102 in icd @schemeID
            PostalTradeAddress - . x
          SpecifiedTaxRegistration - 1103 1 ID
            ID - 1104 + @schemeID
          URIUniversalCommunication - 1105 1 URIID
            CompleteNumber - . x
            URIID - 1106 + @schemeID - 1107 in eas @schemeID
        UltimateShipToTradeParty - 1108 ? ID - 1109 ? RoleCode - 1110 ? URIUniversalCommunication
          - 1111 ? SpecifiedTaxRegistration
          DefinedTradeContact
            EmailURIUniversalCommunication - 1112 1 URIID
              CompleteNumber - . x
              URIID - . 0 @schemeID
            FaxUniversalCommunication - 1113 1 CompleteNumber
              URIID - . x
            TelephoneUniversalCommunication - 1114 1 CompleteNumber
              URIID - . x
          Description - . x
          GlobalID - 1115 + @schemeID - 1116 in icd-and-parties @schemeID
          ID - . 0 @schemeID
          PostalTradeAddress - 1117 1 CountryID - 1118 ? CountrySubDivisionName
            CountryID - 1119 in countries .
            PostcodeCode - . 0 @listID - . 0 @listVersionID
          SpecifiedLegalOrganization
            ID - 1120 in icd @schemeID
            PostalTradeAddress - . x
          SpecifiedTaxRegistration - 1121 1 ID
            ID - 1122 + @schemeID
          URIUniversalCommunication - 1123 1 URIID
            CompleteNumber - . x
            URIID - 1124 + @schemeID - 1125 in eas @schemeID
      SpecifiedLineTradeSettlement - 337 ? InvoiceReferencedDocument
        AdditionalReferencedDocument - 615 1 IssuerAssignedID - 616 1 TypeCode
          AttachmentBinaryObject - . x
          FormattedIssueDateTime - . x
          IssuerAssignedID - . 0 @schemeID
          LineID - . x
          Name - . x
          ReferenceTypeCode - 1126 in reference-qualifiers .
          TypeCode - 1127 in document-roles .
          URIID - . x
        ApplicableTradeTax - 338 ? CalculatedAmount
          AllowanceChargeBasisAmount - . x
          BasisAmount - . x
          CalculatedAmount - . 0 @currencyID
          CategoryCode - 1128 in vat-categories .
          DueDateTypeCode - 1129 in tax-points .
          ExemptionReasonCode - 1130 in vatex . - . 0 @listID - . 0 @listVersionID
          LineTotalBasisAmount - . x
          TaxPointDate - . x
          TypeCode - 1131 in tax-types-and-vat .
        BillingSpecifiedPeriod
          CompleteDateTime - . x
          Description - . x
          EndDateTime/udt:DateTimeString - 539 + @format - 1132 in day @format
          StartDateTime/udt:DateTimeString - 541 + @format - 1133 in day @format
        InvoiceReferencedDocument
          AttachmentBinaryObject - . x
          FormattedIssueDateTime/qdt:DateTimeString - 1134 + @format - 1135 in day-or-minute @format
          IssuerAssignedID - . 0 @schemeID
          LineID - . 0 @schemeID
          Name - . x
          ReferenceTypeCode - . x
          TypeCode - 1136 in former-types .
          URIID - . x
        ReceivableSpecifiedTradeAccountingAccount/ID - . 0 @schemeID
        SpecifiedTradeAllowanceCharge[not($indicator='false') and not($indicator='true')] - . x
        SpecifiedTradeAllowanceCharge[$indicator='false'] - 543 1 ChargeIndicator - 544 1 ActualAmount
          ActualAmount - . 0 @currencyID
          BasisAmount - . 0 @currencyID
          BasisQuantity - . x
          CategoryTradeTax - . x
          ReasonCode - 1137 in allowance-reasons . - . 0 @listID
          SequenceNumeric - . x
        SpecifiedTradeAllowanceCharge[$indicator='true'] - 546 1 ChargeIndicator - 547 1 ActualAmount
          ActualAmount - . 0 @currencyID
          BasisAmount - . 0 @currencyID
          BasisQuantity - . x
          CategoryTradeTax - . x
          ReasonCode[not(not (@listID)) and not(@listID='5153')] - . x
          ReasonCode[@listID='5153'] - 1138 in tax-types-and-vat .
          ReasonCode[not(@listID)] - 1139 in charge-reasons . - . 0 @listID
          SequenceNumeric - . x
        SpecifiedTradeSettlementLineMonetarySummation - 382 ? LineTotalAmount - 1140 ? ChargeTotalAmount
          - 1141 ? AllowanceTotalAmount
          - 387 test count(ram:TaxTotalAmount[@currencyID=$currency])<=1
          - 388 test count(ram:TaxTotalAmount[@currencyID=$vat_currency])<=1
          - 340 ? GrandTotalAmount
          - 341 ? TotalAllowanceChargeAmount
          AllowanceTotalAmount - . 0 @currencyID
          ChargeTotalAmount - . 0 @currencyID
          GrandTotalAmount - . 0 @currencyID
          LineTotalAmount - . 0 @currencyID
          TaxTotalAmount[not(@currencyID=$currency) and not(@currencyID=$vat_currency)]
            - . x
          TaxTotalAmount[@currencyID=$currency] - 1142 in currencies @currencyID
          TaxTotalAmount[@currencyID=$vat_currency] - 1143 in currencies @currencyID
          TotalAllowanceChargeAmount - . 0 @currencyID
      SpecifiedTradeProduct - 550 1 Name - 625 ? Description
        ApplicableProductCharacteristic - 1144 ? Description - 384 ? Value
          TypeCode - . 0 @listID - . 0 @listVersionID
        BatchID - . 0 @schemeID
        BuyerAssignedID - . 0 @schemeID
        DesignatedProductClassification - 342 ? ClassName
          ClassCode - 296 + @listID - 1145 in item-classifications @listID
        GlobalID - 551 + @schemeID - 1146 in icd @schemeID
        ID - . 0 @schemeID
        IncludedReferencedProduct - 1147 ? ID - 343 ? IndustryAssignedID - 1148 1 Name - 1149 ? Description
          - 344 ? UnitQuantity
          BuyerAssignedID - . 0 @schemeID
          GlobalID - 1150 + @schemeID - 1151 in icd @schemeID
          ID - . 0 @schemeID
          IndustryAssignedID - . 0 @schemeID
          SellerAssignedID - . 0 @schemeID
          UnitQuantity - 1152 + @unitCode - 1153 in units @unitCode
        IndividualTradeProductInstance
          BatchID - . 0 @schemeID
          SupplierAssignedSerialID - . 0 @schemeID
        IndustryAssignedID - . 0 @schemeID
        ManufacturerTradeParty - 1154 ? RoleCode - 1155 ? Description - 1156 ? URIUniversalCommunication
          - 386 test count(ram:SpecifiedTaxRegistration[ram:ID/@schemeID='VA'])<=2
          - 385 test count(ram:SpecifiedTaxRegistration[ram:ID/@schemeID='FC'])<=2
          DefinedTradeContact
            EmailURIUniversalCommunication - 1157 1 URIID
              CompleteNumber - . x
              URIID - . 0 @schemeID
            FaxUniversalCommunication - 1158 1 CompleteNumber
              URIID - . x
            TelephoneUniversalCommunication - 1159 1 CompleteNumber
              URIID - . x
          GlobalID - 1160 + @schemeID - 1161 in icd-and-parties @schemeID
          ID - . 0 @schemeID
          PostalTradeAddress - 1162 1 CountryID - 1163 ? CountrySubDivisionName
            CountryID - 1164 in countries .
            PostcodeCode - . 0 @listID - . 0 @listVersionID
          SpecifiedLegalOrganization
            ID - 1165 in icd @schemeID
            PostalTradeAddress - . x
          SpecifiedTaxRegistration[not(ram:ID/@schemeID='VA') and not(ram:ID/@schemeID='FC')] - . x
          SpecifiedTaxRegistration[ram:ID/@schemeID='FC'] - 1166 1 ID
          SpecifiedTaxRegistration[ram:ID/@schemeID='VA'] - 1168 1 ID
          URIUniversalCommunication - 1170 1 URIID
            CompleteNumber - . x
            URIID - 1171 + @schemeID - 1172 in eas @schemeID
        ModelID - . 0 @schemeID
        OriginTradeCountry - 627 1 ID
          ID - 1173 in countries .
        SellerAssignedID - . 0 @schemeID
"""
