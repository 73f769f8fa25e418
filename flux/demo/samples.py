"""Invoices that the project writes itself, in UBL and CII, as a supplier of Chorus Pro would.

They are legacy Chorus invoices (cadre A1, party identifiers of type 1) with sums that agree, valid against the schemas.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from xml.sax.saxutils import escape

CENT = Decimal("0.01")
VAT_RATE = Decimal("20.00")

SUPPLIER_SIRET = "73282932000074"
SUPPLIER_IBAN = "FR1420041010050500013M02606"
ENTITY_SIRET = "11000201100044"
OTHER_ENTITY_SIRET = "21930053000017"

_ITEMS = (
    ("Ramette de papier A4 recyclé, 80 g", Decimal("4.15"), Decimal(120)),
    ("Cartouche d'encre noire, grande capacité", Decimal("38.90"), Decimal(6)),
    ("Chaise de bureau ergonomique", Decimal("189.00"), Decimal(4)),
    ("Câble réseau catégorie 6, 3 m", Decimal("5.25"), Decimal(40)),
    ("Écran 27 pouces", Decimal("214.50"), Decimal(3)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleLine:
    """One line: the net amount follows from price and quantity."""

    identifier: int
    name: str
    price: Decimal
    quantity: Decimal

    @property
    def net(self) -> Decimal:
        """Price times quantity, to the cent."""
        return (self.price * self.quantity).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """An invoice to write; every field may be replaced to make it wrong in one way."""

    number: str = "F2026-0117"
    type_code: str = "380"
    issue_date: date = date(2026, 11, 20)
    due_date: date = date(2026, 12, 20)
    supplier_siret: str = SUPPLIER_SIRET
    supplier_name: str = "Papeterie du Centre SAS"
    supplier_vat: str = "FR44732829320"
    buyer_siret: str = ENTITY_SIRET
    buyer_name: str = "Direction des services de l'État"
    code_service: str = "D2250"
    numero_engagement: str = "1400012345"
    means: str = "30"
    iban: str = SUPPLIER_IBAN
    bic: str = "PSSTFRPPPAR"
    line_count: int = 10
    vat_total: str = ""

    @property
    def lines(self) -> tuple[SampleLine, ...]:
        """As many lines as asked for, taken from a small catalogue in turn."""
        return tuple(
            SampleLine(identifier=index + 1, name=name, price=price, quantity=quantity)
            for index, (name, price, quantity) in ((i, _ITEMS[i % len(_ITEMS)]) for i in range(self.line_count))
        )

    @property
    def net(self) -> Decimal:
        """BT-109, total without VAT."""
        return sum((line.net for line in self.lines), Decimal("0.00"))

    @property
    def vat(self) -> Decimal:
        """BT-110, total VAT."""
        return (self.net * VAT_RATE / 100).quantize(CENT, ROUND_HALF_UP)

    @property
    def vat_text(self) -> str:
        """What the document writes as total VAT: the true sum unless `vat_total` says otherwise."""
        return self.vat_total or str(self.vat)

    @property
    def total(self) -> Decimal:
        """BT-112, total with VAT."""
        return self.net + self.vat


def write_ubl(sample: Sample) -> bytes:
    """The sample as a UBL 2.1 Invoice, or CreditNote for type 381."""
    credit = sample.type_code == "381"
    root, line_tag, quantity_tag = (
        ("CreditNote", "CreditNoteLine", "CreditedQuantity")
        if credit
        else ("Invoice", "InvoiceLine", "InvoicedQuantity")
    )
    lines = "".join(_ubl_line(line, line_tag, quantity_tag) for line in sample.lines)
    due_date = "" if credit else f"\n  <cbc:DueDate>{sample.due_date}</cbc:DueDate>"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="FSO1100A.xsl"?>
<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2"
    xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
    xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
    xmlns:ext="urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2">
  <ext:UBLExtensions>
    <ext:UBLExtension>
      <ext:ExtensionContent>
        <CategoryCode>A1</CategoryCode>
      </ext:ExtensionContent>
    </ext:UBLExtension>
  </ext:UBLExtensions>
  <cbc:UBLVersionID>2.1</cbc:UBLVersionID>
  <cbc:ID>{escape(sample.number)}</cbc:ID>
  <cbc:IssueDate>{sample.issue_date}</cbc:IssueDate>{due_date}
  <cbc:{root}TypeCode>{sample.type_code}</cbc:{root}TypeCode>
  <cbc:Note>#PMT#Indemnité forfaitaire pour frais de recouvrement en cas de retard de paiement : 40 €.</cbc:Note>
  <cbc:Note>#PMD#Pénalités de retard au taux légal majoré de huit points.</cbc:Note>
  <cbc:Note>#AAB#Pas d'escompte pour paiement anticipé.</cbc:Note>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cac:OrderReference>
    <cbc:ID>{escape(sample.numero_engagement)}</cbc:ID>
  </cac:OrderReference>
  <cac:AccountingSupplierParty>
    <cac:Party>
      <cac:PartyIdentification>
        <cbc:ID schemeName="1">{escape(sample.supplier_siret)}</cbc:ID>
      </cac:PartyIdentification>
      <cac:PartyName>
        <cbc:Name>{escape(sample.supplier_name)}</cbc:Name>
      </cac:PartyName>
      <cac:PostalAddress>
        <cbc:StreetName>12 rue de la République</cbc:StreetName>
        <cbc:CityName>Lyon</cbc:CityName>
        <cbc:PostalZone>69002</cbc:PostalZone>
        <cac:Country>
          <cbc:IdentificationCode>FR</cbc:IdentificationCode>
        </cac:Country>
      </cac:PostalAddress>
      <cac:PartyTaxScheme>
        <cbc:CompanyID>{escape(sample.supplier_vat)}</cbc:CompanyID>
        <cac:TaxScheme>
          <cbc:ID>VAT</cbc:ID>
        </cac:TaxScheme>
      </cac:PartyTaxScheme>
      <cac:PartyLegalEntity>
        <cbc:RegistrationName>{escape(sample.supplier_name)}</cbc:RegistrationName>
        <cbc:CompanyID schemeID="0002">{escape(sample.supplier_siret[:9])}</cbc:CompanyID>
      </cac:PartyLegalEntity>
    </cac:Party>
  </cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty>
    <cac:Party>
      <cac:PartyIdentification>
        <cbc:ID schemeName="1">{escape(sample.buyer_siret)}</cbc:ID>
      </cac:PartyIdentification>
      <cac:PartyName>
        <cbc:Name>{escape(sample.buyer_name)}</cbc:Name>
      </cac:PartyName>
      <cac:PostalAddress>
        <cbc:StreetName>20 avenue de Ségur</cbc:StreetName>
        <cbc:CityName>Paris</cbc:CityName>
        <cbc:PostalZone>75007</cbc:PostalZone>
        <cac:Country>
          <cbc:IdentificationCode>FR</cbc:IdentificationCode>
        </cac:Country>
      </cac:PostalAddress>
      <cac:PartyLegalEntity>
        <cbc:RegistrationName>{escape(sample.buyer_name)}</cbc:RegistrationName>
      </cac:PartyLegalEntity>
      <cac:Contact>
        <cbc:ID>{escape(sample.code_service)}</cbc:ID>
      </cac:Contact>
    </cac:Party>
  </cac:AccountingCustomerParty>
  <cac:PaymentMeans>
    <cbc:PaymentMeansCode>{sample.means}</cbc:PaymentMeansCode>
    <cac:PayeeFinancialAccount>
      <cbc:ID>{escape(sample.iban)}</cbc:ID>
      <cac:FinancialInstitutionBranch>
        <cbc:ID>{escape(sample.bic)}</cbc:ID>
      </cac:FinancialInstitutionBranch>
    </cac:PayeeFinancialAccount>
  </cac:PaymentMeans>
  <cac:TaxTotal>
    <cbc:TaxAmount currencyID="EUR">{sample.vat_text}</cbc:TaxAmount>
    <cac:TaxSubtotal>
      <cbc:TaxableAmount currencyID="EUR">{sample.net}</cbc:TaxableAmount>
      <cbc:TaxAmount currencyID="EUR">{sample.vat}</cbc:TaxAmount>
      <cac:TaxCategory>
        <cbc:ID>S</cbc:ID>
        <cbc:Percent>{VAT_RATE}</cbc:Percent>
        <cac:TaxScheme>
          <cbc:ID>VAT</cbc:ID>
        </cac:TaxScheme>
      </cac:TaxCategory>
    </cac:TaxSubtotal>
  </cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:LineExtensionAmount currencyID="EUR">{sample.net}</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount currencyID="EUR">{sample.net}</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="EUR">{sample.total}</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="EUR">{sample.total}</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>{lines}
</{root}>
""".encode()


def _ubl_line(line: SampleLine, line_tag: str, quantity_tag: str) -> str:
    return f"""
  <cac:{line_tag}>
    <cbc:ID>{line.identifier}</cbc:ID>
    <cbc:{quantity_tag} unitCode="C62">{line.quantity}</cbc:{quantity_tag}>
    <cbc:LineExtensionAmount currencyID="EUR">{line.net}</cbc:LineExtensionAmount>
    <cac:Item>
      <cbc:Description>{escape(line.name)}, selon bordereau de prix du marché</cbc:Description>
      <cbc:Name>{escape(line.name)}</cbc:Name>
      <cac:SellersItemIdentification>
        <cbc:ID>ART-{line.identifier:05d}</cbc:ID>
      </cac:SellersItemIdentification>
      <cac:ClassifiedTaxCategory>
        <cbc:ID>S</cbc:ID>
        <cbc:Percent>{VAT_RATE}</cbc:Percent>
        <cac:TaxScheme>
          <cbc:ID>VAT</cbc:ID>
        </cac:TaxScheme>
      </cac:ClassifiedTaxCategory>
    </cac:Item>
    <cac:Price>
      <cbc:PriceAmount currencyID="EUR">{line.price}</cbc:PriceAmount>
    </cac:Price>
  </cac:{line_tag}>"""


def write_cii(sample: Sample) -> bytes:
    """The sample as a CII invoice in the shape of Chorus Pro's CII 16B, valid against the whole D22B schema."""
    lines = "".join(_cii_line(line) for line in sample.lines)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
    xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
    xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
  <rsm:ExchangedDocumentContext>
    <ram:BusinessProcessSpecifiedDocumentContextParameter>
      <ram:ID>A1</ram:ID>
    </ram:BusinessProcessSpecifiedDocumentContextParameter>
    <ram:GuidelineSpecifiedDocumentContextParameter>
      <ram:ID>urn:cen.eu:en16931:2017</ram:ID>
    </ram:GuidelineSpecifiedDocumentContextParameter>
  </rsm:ExchangedDocumentContext>
  <rsm:ExchangedDocument>
    <ram:ID>{escape(sample.number)}</ram:ID>
    <ram:TypeCode>{sample.type_code}</ram:TypeCode>
    <ram:IssueDateTime>
      <udt:DateTimeString format="102">{sample.issue_date:%Y%m%d}</udt:DateTimeString>
    </ram:IssueDateTime>
    <ram:IncludedNote>
      <ram:Content>Indemnité forfaitaire pour frais de recouvrement en cas de retard de paiement : 40 €.</ram:Content>
      <ram:SubjectCode>PMT</ram:SubjectCode>
    </ram:IncludedNote>
  </rsm:ExchangedDocument>
  <rsm:SupplyChainTradeTransaction>{lines}
    <ram:ApplicableHeaderTradeAgreement>
      <ram:BuyerReference>{escape(sample.code_service)}</ram:BuyerReference>
      <ram:SellerTradeParty>
        <ram:Name>{escape(sample.supplier_name)}</ram:Name>
        <ram:SpecifiedLegalOrganization>
          <ram:ID schemeID="1">{escape(sample.supplier_siret)}</ram:ID>
        </ram:SpecifiedLegalOrganization>
        <ram:PostalTradeAddress>
          <ram:PostcodeCode>69002</ram:PostcodeCode>
          <ram:LineOne>12 rue de la République</ram:LineOne>
          <ram:CityName>Lyon</ram:CityName>
          <ram:CountryID>FR</ram:CountryID>
        </ram:PostalTradeAddress>
        <ram:SpecifiedTaxRegistration>
          <ram:ID schemeID="VA">{escape(sample.supplier_vat)}</ram:ID>
        </ram:SpecifiedTaxRegistration>
      </ram:SellerTradeParty>
      <ram:BuyerTradeParty>
        <ram:Name>{escape(sample.buyer_name)}</ram:Name>
        <ram:SpecifiedLegalOrganization>
          <ram:ID schemeID="1">{escape(sample.buyer_siret)}</ram:ID>
        </ram:SpecifiedLegalOrganization>
        <ram:PostalTradeAddress>
          <ram:PostcodeCode>75007</ram:PostcodeCode>
          <ram:LineOne>20 avenue de Ségur</ram:LineOne>
          <ram:CityName>Paris</ram:CityName>
          <ram:CountryID>FR</ram:CountryID>
        </ram:PostalTradeAddress>
      </ram:BuyerTradeParty>
      <ram:BuyerOrderReferencedDocument>
        <ram:IssuerAssignedID>{escape(sample.numero_engagement)}</ram:IssuerAssignedID>
      </ram:BuyerOrderReferencedDocument>
    </ram:ApplicableHeaderTradeAgreement>
    <ram:ApplicableHeaderTradeDelivery/>
    <ram:ApplicableHeaderTradeSettlement>
      <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
      <ram:SpecifiedTradeSettlementPaymentMeans>
        <ram:TypeCode>{sample.means}</ram:TypeCode>
        <ram:PayeePartyCreditorFinancialAccount>
          <ram:IBANID>{escape(sample.iban)}</ram:IBANID>
        </ram:PayeePartyCreditorFinancialAccount>
        <ram:PayeeSpecifiedCreditorFinancialInstitution>
          <ram:BICID>{escape(sample.bic)}</ram:BICID>
        </ram:PayeeSpecifiedCreditorFinancialInstitution>
      </ram:SpecifiedTradeSettlementPaymentMeans>
      <ram:ApplicableTradeTax>
        <ram:CalculatedAmount>{sample.vat}</ram:CalculatedAmount>
        <ram:TypeCode>VAT</ram:TypeCode>
        <ram:BasisAmount>{sample.net}</ram:BasisAmount>
        <ram:CategoryCode>S</ram:CategoryCode>
        <ram:RateApplicablePercent>{VAT_RATE}</ram:RateApplicablePercent>
      </ram:ApplicableTradeTax>
      <ram:SpecifiedTradePaymentTerms>
        <ram:DueDateDateTime>
          <udt:DateTimeString format="102">{sample.due_date:%Y%m%d}</udt:DateTimeString>
        </ram:DueDateDateTime>
      </ram:SpecifiedTradePaymentTerms>
      <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
        <ram:LineTotalAmount>{sample.net}</ram:LineTotalAmount>
        <ram:TaxBasisTotalAmount>{sample.net}</ram:TaxBasisTotalAmount>
        <ram:TaxTotalAmount currencyID="EUR">{sample.vat_text}</ram:TaxTotalAmount>
        <ram:GrandTotalAmount>{sample.total}</ram:GrandTotalAmount>
        <ram:DuePayableAmount>{sample.total}</ram:DuePayableAmount>
      </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
    </ram:ApplicableHeaderTradeSettlement>
  </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>
""".encode()


def _cii_line(line: SampleLine) -> str:
    return f"""
    <ram:IncludedSupplyChainTradeLineItem>
      <ram:AssociatedDocumentLineDocument>
        <ram:LineID>{line.identifier}</ram:LineID>
      </ram:AssociatedDocumentLineDocument>
      <ram:SpecifiedTradeProduct>
        <ram:SellerAssignedID>ART-{line.identifier:05d}</ram:SellerAssignedID>
        <ram:Name>{escape(line.name)}</ram:Name>
        <ram:Description>{escape(line.name)}, selon bordereau de prix du marché</ram:Description>
      </ram:SpecifiedTradeProduct>
      <ram:SpecifiedLineTradeAgreement>
        <ram:NetPriceProductTradePrice>
          <ram:ChargeAmount>{line.price}</ram:ChargeAmount>
        </ram:NetPriceProductTradePrice>
      </ram:SpecifiedLineTradeAgreement>
      <ram:SpecifiedLineTradeDelivery>
        <ram:BilledQuantity unitCode="C62">{line.quantity}</ram:BilledQuantity>
      </ram:SpecifiedLineTradeDelivery>
      <ram:SpecifiedLineTradeSettlement>
        <ram:ApplicableTradeTax>
          <ram:TypeCode>VAT</ram:TypeCode>
          <ram:CategoryCode>S</ram:CategoryCode>
          <ram:RateApplicablePercent>{VAT_RATE}</ram:RateApplicablePercent>
        </ram:ApplicableTradeTax>
        <ram:SpecifiedTradeSettlementLineMonetarySummation>
          <ram:LineTotalAmount>{line.net}</ram:LineTotalAmount>
        </ram:SpecifiedTradeSettlementLineMonetarySummation>
      </ram:SpecifiedLineTradeSettlement>
    </ram:IncludedSupplyChainTradeLineItem>"""
