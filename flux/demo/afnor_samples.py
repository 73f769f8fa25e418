"""Invoices of the reform as their senders write them: EN 16931 in UBL, with the identifiers, addresses and notes that BR-FR demands."""

from dataclasses import replace
from xml.sax.saxutils import escape

from flux.demo.samples import VAT_RATE, Sample, SampleLine

EN16931 = "urn:cen.eu:en16931:2017"
EXTENDED_CTC_FR = "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"
# A reform invoice is paid by SEPA transfer, and its frame says what was supplied.
AFNOR_SAMPLE = replace(Sample(), means="58")
CADRE = "B1"


def write_afnor_ubl(sample: Sample = AFNOR_SAMPLE, *, profile: str = EXTENDED_CTC_FR) -> bytes:
    """The sample as a UBL 2.1 invoice to a public entity: SIRET and service code of the buyer, which only the French extension allows together."""
    lines = "".join(map(_line, sample.lines))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
    xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
    xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:CustomizationID>{profile}</cbc:CustomizationID>
  <cbc:ProfileID>{CADRE}</cbc:ProfileID>
  <cbc:ID>{escape(sample.number)}</cbc:ID>
  <cbc:IssueDate>{sample.issue_date}</cbc:IssueDate>
  <cbc:DueDate>{sample.due_date}</cbc:DueDate>
  <cbc:InvoiceTypeCode>{sample.type_code}</cbc:InvoiceTypeCode>
  <cbc:Note>#PMT#Indemnité forfaitaire pour frais de recouvrement en cas de retard de paiement : 40 €.</cbc:Note>
  <cbc:Note>#PMD#Pénalités de retard au taux légal majoré de huit points.</cbc:Note>
  <cbc:Note>#AAB#Pas d'escompte pour paiement anticipé.</cbc:Note>
  <cbc:Note>#ADN#B2G</cbc:Note>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cac:OrderReference>
    <cbc:ID>{escape(sample.numero_engagement)}</cbc:ID>
  </cac:OrderReference>
  <cac:AccountingSupplierParty>{_supplier(sample)}
  </cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty>{_buyer(sample)}
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
      <cbc:TaxAmount currencyID="EUR">{sample.vat}</cbc:TaxAmount>{_vat_category("TaxCategory", 6)}
    </cac:TaxSubtotal>
  </cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:LineExtensionAmount currencyID="EUR">{sample.net}</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount currencyID="EUR">{sample.net}</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="EUR">{sample.total}</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="EUR">{sample.total}</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>{lines}
</Invoice>
""".encode()


def _supplier(sample: Sample) -> str:
    return _party(
        siret=sample.supplier_siret,
        name=sample.supplier_name,
        address=("12 rue de la République", "Lyon", "69002"),
        vat=sample.supplier_vat,
    )


def _buyer(sample: Sample) -> str:
    return _party(
        siret=sample.buyer_siret,
        name=sample.buyer_name,
        address=("20 avenue de Ségur", "Paris", "75007"),
        code_service=sample.code_service,
    )


def _party(*, siret: str, name: str, address: tuple[str, str, str], vat: str = "", code_service: str = "") -> str:
    street, city, post_code = address
    siren = siret[:9]
    return f"""
    <cac:Party>
      <cbc:EndpointID schemeID="0225">{escape(siren)}</cbc:EndpointID>{_identifier("0009", siret)}{_identifier("0224", code_service)}
      <cac:PartyName>
        <cbc:Name>{escape(name)}</cbc:Name>
      </cac:PartyName>
      <cac:PostalAddress>
        <cbc:StreetName>{street}</cbc:StreetName>
        <cbc:CityName>{city}</cbc:CityName>
        <cbc:PostalZone>{post_code}</cbc:PostalZone>
        <cac:Country>
          <cbc:IdentificationCode>FR</cbc:IdentificationCode>
        </cac:Country>
      </cac:PostalAddress>{_vat_identifier(vat)}
      <cac:PartyLegalEntity>
        <cbc:RegistrationName>{escape(name)}</cbc:RegistrationName>
        <cbc:CompanyID schemeID="0002">{escape(siren)}</cbc:CompanyID>
      </cac:PartyLegalEntity>
    </cac:Party>"""


def _identifier(scheme: str, text: str) -> str:
    if not text:
        return ""
    return f"""
      <cac:PartyIdentification>
        <cbc:ID schemeID="{scheme}">{escape(text)}</cbc:ID>
      </cac:PartyIdentification>"""


def _vat_identifier(vat: str) -> str:
    if not vat:
        return ""
    return f"""
      <cac:PartyTaxScheme>
        <cbc:CompanyID>{escape(vat)}</cbc:CompanyID>
        <cac:TaxScheme>
          <cbc:ID>VAT</cbc:ID>
        </cac:TaxScheme>
      </cac:PartyTaxScheme>"""


def _vat_category(tag: str, indent: int) -> str:
    space = "\n" + " " * indent
    return (
        f"{space}<cac:{tag}>{space}  <cbc:ID>S</cbc:ID>{space}  <cbc:Percent>{VAT_RATE}</cbc:Percent>"
        f"{space}  <cac:TaxScheme>{space}    <cbc:ID>VAT</cbc:ID>{space}  </cac:TaxScheme>{space}</cac:{tag}>"
    )


def _line(line: SampleLine) -> str:
    return f"""
  <cac:InvoiceLine>
    <cbc:ID>{line.identifier}</cbc:ID>
    <cbc:InvoicedQuantity unitCode="C62">{line.quantity}</cbc:InvoicedQuantity>
    <cbc:LineExtensionAmount currencyID="EUR">{line.net}</cbc:LineExtensionAmount>
    <cac:Item>
      <cbc:Name>{escape(line.name)}</cbc:Name>{_vat_category("ClassifiedTaxCategory", 6)}
    </cac:Item>
    <cac:Price>
      <cbc:PriceAmount currencyID="EUR">{line.price}</cbc:PriceAmount>
    </cac:Price>
  </cac:InvoiceLine>"""
