"""The least that Chorus Pro's own formats ask for, as they write it: no BT-24, identifiers of type 1, days without a format."""

from tests.unit.rules.attachments import PDF, base64_of, zip_of

_ZIPPED = base64_of(zip_of(("facture.pdf", PDF)))
_UBL = "urn:oasis:names:specification:ubl:schema:xsd"
_UN = "urn:un:unece:uncefact:data:standard"

UBL_MINIMAL = f"""<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="FSO1110A.xsl"?>
<Invoice xmlns="{_UBL}:Invoice-2" xmlns:cac="{_UBL}:CommonAggregateComponents-2"
    xmlns:cbc="{_UBL}:CommonBasicComponents-2" xmlns:ext="{_UBL}:CommonExtensionComponents-2">
  <ext:UBLExtensions>
    <ext:UBLExtension>
      <ext:ExtensionContent>
        <CategoryCode>A1</CategoryCode>
      </ext:ExtensionContent>
    </ext:UBLExtension>
  </ext:UBLExtensions>
  <cbc:ID>E2-2026-0001</cbc:ID>
  <cbc:IssueDate>2026-11-20</cbc:IssueDate>
  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cac:OrderReference>
    <cbc:ID>1400012345</cbc:ID>
  </cac:OrderReference>
  <cac:BillingReference>
    <cac:InvoiceDocumentReference>
      <cbc:ID>E2-2026-0000</cbc:ID>
    </cac:InvoiceDocumentReference>
  </cac:BillingReference>
  <cac:ContractDocumentReference>
    <cbc:ID>M2026-07</cbc:ID>
    <cbc:DocumentTypeCode>CT</cbc:DocumentTypeCode>
  </cac:ContractDocumentReference>
  <cac:AdditionalDocumentReference>
    <cbc:ID>facture.pdf</cbc:ID>
    <cbc:DocumentTypeCode>application/pdf</cbc:DocumentTypeCode>
    <cbc:DocumentType>01</cbc:DocumentType>
    <cac:Attachment>
      <cbc:EmbeddedDocumentBinaryObject mimeCode="application/zip">{_ZIPPED}</cbc:EmbeddedDocumentBinaryObject>
    </cac:Attachment>
  </cac:AdditionalDocumentReference>
  <cac:AccountingSupplierParty>
    <cac:Party>
      <cac:PartyIdentification>
        <cbc:ID schemeName="1">73282932000074</cbc:ID>
      </cac:PartyIdentification>
      <cac:PartyLegalEntity>
        <cbc:RegistrationName>Papeterie du Centre SAS</cbc:RegistrationName>
        <cac:RegistrationAddress>
          <cbc:CityName>Lyon</cbc:CityName>
          <cac:Country>
            <cbc:IdentificationCode>FR</cbc:IdentificationCode>
          </cac:Country>
        </cac:RegistrationAddress>
      </cac:PartyLegalEntity>
    </cac:Party>
  </cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty>
    <cac:Party>
      <cac:PartyIdentification>
        <cbc:ID schemeName="1">11000201100044</cbc:ID>
      </cac:PartyIdentification>
      <cac:Contact>
        <cbc:ID>D2250</cbc:ID>
      </cac:Contact>
    </cac:Party>
  </cac:AccountingCustomerParty>
  <cac:PaymentMeans>
    <cbc:PaymentMeansCode>10</cbc:PaymentMeansCode>
  </cac:PaymentMeans>
  <cac:TaxTotal>
    <cbc:TaxAmount currencyID="EUR">20.00</cbc:TaxAmount>
    <cac:TaxSubtotal>
      <cbc:TaxableAmount currencyID="EUR">100.00</cbc:TaxableAmount>
      <cbc:TaxAmount currencyID="EUR">20.00</cbc:TaxAmount>
      <cac:TaxCategory>
        <cbc:Percent>20</cbc:Percent>
        <cac:TaxScheme>
          <cbc:TaxTypeCode>TVA DEBIT</cbc:TaxTypeCode>
        </cac:TaxScheme>
      </cac:TaxCategory>
    </cac:TaxSubtotal>
  </cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:TaxExclusiveAmount currencyID="EUR">100.00</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="EUR">120.00</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="EUR">120.00</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>
  <cac:InvoiceLine>
    <cbc:ID>1</cbc:ID>
    <cbc:InvoicedQuantity>-1.000000</cbc:InvoicedQuantity>
    <cbc:LineExtensionAmount currencyID="EUR">-100.000000</cbc:LineExtensionAmount>
    <cac:Item>
      <cbc:Name>Avoir sur ramettes</cbc:Name>
      <cac:ClassifiedTaxCategory>
        <cbc:Percent>20</cbc:Percent>
        <cac:TaxScheme/>
      </cac:ClassifiedTaxCategory>
    </cac:Item>
  </cac:InvoiceLine>
</Invoice>
""".encode()

CII_MINIMAL = f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="{_UN}:CrossIndustryInvoice:100"
    xmlns:ram="{_UN}:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="{_UN}:UnqualifiedDataType:100"
    xmlns:qdt="{_UN}:QualifiedDataType:100">
  <rsm:ExchangedDocumentContext>
    <ram:BusinessProcessSpecifiedDocumentContextParameter>
      <ram:ID>A22</ram:ID>
    </ram:BusinessProcessSpecifiedDocumentContextParameter>
  </rsm:ExchangedDocumentContext>
  <rsm:ExchangedDocument>
    <ram:ID>E2-2026-0002</ram:ID>
    <ram:TypeCode>380</ram:TypeCode>
    <ram:IssueDateTime>
      <udt:DateTimeString>20261120</udt:DateTimeString>
    </ram:IssueDateTime>
  </rsm:ExchangedDocument>
  <rsm:SupplyChainTradeTransaction>
    <ram:IncludedSupplyChainTradeLineItem>
      <ram:AssociatedDocumentLineDocument>
        <ram:LineID>1</ram:LineID>
      </ram:AssociatedDocumentLineDocument>
      <ram:SpecifiedTradeProduct>
        <ram:Name>Ramettes</ram:Name>
      </ram:SpecifiedTradeProduct>
      <ram:SpecifiedLineTradeAgreement>
        <ram:GrossPriceProductTradePrice>
          <ram:ChargeAmount>100.00</ram:ChargeAmount>
        </ram:GrossPriceProductTradePrice>
        <ram:NetPriceProductTradePrice>
          <ram:ChargeAmount>120.00</ram:ChargeAmount>
        </ram:NetPriceProductTradePrice>
      </ram:SpecifiedLineTradeAgreement>
      <ram:SpecifiedLineTradeSettlement>
        <ram:ApplicableTradeTax>
          <ram:RateApplicablePercent>20.00</ram:RateApplicablePercent>
        </ram:ApplicableTradeTax>
      </ram:SpecifiedLineTradeSettlement>
    </ram:IncludedSupplyChainTradeLineItem>
    <ram:ApplicableHeaderTradeAgreement>
      <ram:BuyerReference>D2250</ram:BuyerReference>
      <ram:SellerTradeParty>
        <ram:Name>Papeterie du Centre SAS</ram:Name>
        <ram:SpecifiedLegalOrganization>
          <ram:ID schemeID="1">73282932000074</ram:ID>
          <ram:PostalTradeAddress>
            <ram:CityName>Villeurbanne</ram:CityName>
            <ram:CountryID>FR</ram:CountryID>
          </ram:PostalTradeAddress>
        </ram:SpecifiedLegalOrganization>
        <ram:PostalTradeAddress>
          <ram:CityName>Lyon</ram:CityName>
          <ram:CountryID>FR</ram:CountryID>
        </ram:PostalTradeAddress>
      </ram:SellerTradeParty>
      <ram:BuyerTradeParty>
        <ram:SpecifiedLegalOrganization>
          <ram:ID schemeID="1">11000201100044</ram:ID>
        </ram:SpecifiedLegalOrganization>
      </ram:BuyerTradeParty>
      <ram:BuyerOrderReferencedDocument>
        <ram:IssuerAssignedID>1400012345</ram:IssuerAssignedID>
      </ram:BuyerOrderReferencedDocument>
      <ram:ContractReferencedDocument>
        <ram:IssuerAssignedID>M2026-07</ram:IssuerAssignedID>
        <ram:ReferenceTypeCode>BC</ram:ReferenceTypeCode>
      </ram:ContractReferencedDocument>
      <ram:AdditionalReferencedDocument>
        <ram:IssuerAssignedID>facture.pdf</ram:IssuerAssignedID>
        <ram:Name>ZZZ</ram:Name>
        <ram:AttachmentBinaryObject mimeCode="application/pdf">{_ZIPPED}</ram:AttachmentBinaryObject>
      </ram:AdditionalReferencedDocument>
    </ram:ApplicableHeaderTradeAgreement>
    <ram:ApplicableHeaderTradeDelivery/>
    <ram:ApplicableHeaderTradeSettlement>
      <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
      <ram:InvoiceIssuerReference>AGENCE-LYON</ram:InvoiceIssuerReference>
      <ram:InvoiceeTradeParty>
        <ram:Name>Maître d'ouvrage</ram:Name>
        <ram:SpecifiedLegalOrganization>
          <ram:ID schemeID="1">21930053000017</ram:ID>
        </ram:SpecifiedLegalOrganization>
      </ram:InvoiceeTradeParty>
      <ram:SpecifiedTradeSettlementPaymentMeans>
        <ram:TypeCode>30</ram:TypeCode>
        <ram:PayeePartyCreditorFinancialAccount>
          <ram:IBANID>FR1420041010050500013M02606</ram:IBANID>
          <ram:AccountName>Affacturage de France SA</ram:AccountName>
        </ram:PayeePartyCreditorFinancialAccount>
        <ram:PayeeSpecifiedCreditorFinancialInstitution>
          <ram:BICID>PSSTFRPPPAR</ram:BICID>
        </ram:PayeeSpecifiedCreditorFinancialInstitution>
      </ram:SpecifiedTradeSettlementPaymentMeans>
      <ram:ApplicableTradeTax>
        <ram:CalculatedAmount>20.00</ram:CalculatedAmount>
        <ram:BasisAmount>100.00</ram:BasisAmount>
        <ram:DueDateTypeCode>5</ram:DueDateTypeCode>
        <ram:RateApplicablePercent>20.00</ram:RateApplicablePercent>
      </ram:ApplicableTradeTax>
      <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
        <ram:TaxBasisTotalAmount>100.00</ram:TaxBasisTotalAmount>
        <ram:TaxTotalAmount currencyID="EUR">20.00</ram:TaxTotalAmount>
        <ram:GrandTotalAmount>120.00</ram:GrandTotalAmount>
        <ram:DuePayableAmount>-120.00</ram:DuePayableAmount>
      </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
      <ram:InvoiceReferencedDocument>
        <ram:IssuerAssignedID>E2-2026-0000</ram:IssuerAssignedID>
      </ram:InvoiceReferencedDocument>
    </ram:ApplicableHeaderTradeSettlement>
  </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>
""".encode()
