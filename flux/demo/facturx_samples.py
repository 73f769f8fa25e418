"""Factur-X as a supplier makes it: a page that people read, and the same invoice as XML inside it."""

from collections.abc import Mapping
from datetime import date
from xml.sax.saxutils import escape

from flux.demo.afnor_samples import AFNOR_SAMPLE, CADRE
from flux.demo.samples import VAT_RATE, Sample, SampleLine

MINIMUM, BASIC_WL, BASIC, EN16931, EXTENDED = PROFILES = ("minimum", "basicwl", "basic", "en16931", "extended")
_GUIDELINES = {
    MINIMUM: "urn:factur-x.eu:1p0:minimum",
    BASIC_WL: "urn:factur-x.eu:1p0:basicwl",
    BASIC: "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic",
    EN16931: "urn:cen.eu:en16931:2017",
    EXTENDED: "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended",
}
# As the metadata of the PDF name them.
_LEVELS = dict(zip(PROFILES, ("MINIMUM", "BASIC WL", "BASIC", "EN 16931", "EXTENDED"), strict=True))
_WITHOUT_LINES = (MINIMUM, BASIC_WL)
_NOTES = (
    ("PMT", "Indemnité forfaitaire pour frais de recouvrement en cas de retard de paiement : 40 €."),
    ("PMD", "Pénalités de retard au taux légal majoré de huit points."),
    ("AAB", "Pas d'escompte pour paiement anticipé."),
    ("ADN", "B2G"),
)


def write_facturx(sample: Sample = AFNOR_SAMPLE, *, profile: str = EN16931, name: str = "factur-x.xml") -> bytes:
    """The sample as a PDF with its XML attached; `profile` is one of PROFILES."""
    return embed(sample, {name: write_facturx_xml(sample, profile=profile)}, profile=profile)


def embed(sample: Sample, attachments: Mapping[str, bytes], *, profile: str = EN16931) -> bytes:
    """A page that shows the sample, carrying the files, whatever they are."""
    from flux.demo.facturx_page import write_page  # noqa: PLC0415 - 0.15 s that only who makes a PDF pays

    return write_page(sample, attachments, _LEVELS[profile])


def write_facturx_xml(sample: Sample = AFNOR_SAMPLE, *, profile: str = EN16931) -> bytes:
    """The sample as CII D22B, valid against the subset of the profile."""
    lines = "" if profile in _WITHOUT_LINES else "".join(map(_line, sample.lines))
    notes = "" if profile == MINIMUM else "".join(_note(code, text) for code, text in _NOTES)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
    xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
    xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
  <rsm:ExchangedDocumentContext>
    <ram:BusinessProcessSpecifiedDocumentContextParameter>
      <ram:ID>{CADRE}</ram:ID>
    </ram:BusinessProcessSpecifiedDocumentContextParameter>
    <ram:GuidelineSpecifiedDocumentContextParameter>
      <ram:ID>{_GUIDELINES[profile]}</ram:ID>
    </ram:GuidelineSpecifiedDocumentContextParameter>
  </rsm:ExchangedDocumentContext>
  <rsm:ExchangedDocument>
    <ram:ID>{escape(sample.number)}</ram:ID>
    <ram:TypeCode>{sample.type_code}</ram:TypeCode>
    <ram:IssueDateTime>{_day(sample.issue_date)}</ram:IssueDateTime>{notes}
  </rsm:ExchangedDocument>
  <rsm:SupplyChainTradeTransaction>{lines}
    <ram:ApplicableHeaderTradeAgreement>
      <ram:SellerTradeParty>{_seller(sample, profile)}
      </ram:SellerTradeParty>
      <ram:BuyerTradeParty>{_buyer(sample, profile)}
      </ram:BuyerTradeParty>
      <ram:BuyerOrderReferencedDocument>
        <ram:IssuerAssignedID>{escape(sample.numero_engagement)}</ram:IssuerAssignedID>
      </ram:BuyerOrderReferencedDocument>
    </ram:ApplicableHeaderTradeAgreement>
    <ram:ApplicableHeaderTradeDelivery/>
    <ram:ApplicableHeaderTradeSettlement>
      <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>{_settlement(sample, profile)}
    </ram:ApplicableHeaderTradeSettlement>
  </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>
""".encode()


def _day(day: date) -> str:
    return f'<udt:DateTimeString format="102">{day:%Y%m%d}</udt:DateTimeString>'


def _note(code: str, text: str) -> str:
    return f"""
    <ram:IncludedNote>
      <ram:Content>{escape(text)}</ram:Content>
      <ram:SubjectCode>{code}</ram:SubjectCode>
    </ram:IncludedNote>"""


def _seller(sample: Sample, profile: str) -> str:
    if profile == MINIMUM:
        return f"""
        <ram:Name>{escape(sample.supplier_name)}</ram:Name>{_siren(sample.supplier_siret)}
        <ram:PostalTradeAddress>
          <ram:CountryID>FR</ram:CountryID>
        </ram:PostalTradeAddress>{_vat(sample.supplier_vat)}"""
    address = _address("69002", "12 rue de la République", "Lyon")
    return _party(sample.supplier_siret, sample.supplier_name, address) + _vat(sample.supplier_vat)


def _buyer(sample: Sample, profile: str) -> str:
    if profile == MINIMUM:
        return f"""
        <ram:Name>{escape(sample.buyer_name)}</ram:Name>{_siren(sample.buyer_siret)}"""
    return _party(sample.buyer_siret, sample.buyer_name, _address("75007", "20 avenue de Ségur", "Paris"))


def _party(siret: str, name: str, address: str) -> str:
    return f"""
        <ram:GlobalID schemeID="0009">{escape(siret)}</ram:GlobalID>
        <ram:Name>{escape(name)}</ram:Name>{_siren(siret)}{address}
        <ram:URIUniversalCommunication>
          <ram:URIID schemeID="0225">{escape(siret[:9])}</ram:URIID>
        </ram:URIUniversalCommunication>"""


def _siren(siret: str) -> str:
    return f"""
        <ram:SpecifiedLegalOrganization>
          <ram:ID schemeID="0002">{escape(siret[:9])}</ram:ID>
        </ram:SpecifiedLegalOrganization>"""


def _address(post_code: str, street: str, city: str) -> str:
    return f"""
        <ram:PostalTradeAddress>
          <ram:PostcodeCode>{post_code}</ram:PostcodeCode>
          <ram:LineOne>{street}</ram:LineOne>
          <ram:CityName>{city}</ram:CityName>
          <ram:CountryID>FR</ram:CountryID>
        </ram:PostalTradeAddress>"""


def _vat(vat: str) -> str:
    return f"""
        <ram:SpecifiedTaxRegistration>
          <ram:ID schemeID="VA">{escape(vat)}</ram:ID>
        </ram:SpecifiedTaxRegistration>"""


def _settlement(sample: Sample, profile: str) -> str:
    totals = f"""
        <ram:TaxBasisTotalAmount>{sample.net}</ram:TaxBasisTotalAmount>
        <ram:TaxTotalAmount currencyID="EUR">{sample.vat_text}</ram:TaxTotalAmount>
        <ram:GrandTotalAmount>{sample.total}</ram:GrandTotalAmount>
        <ram:DuePayableAmount>{sample.total}</ram:DuePayableAmount>"""
    payment, line_total = "", ""
    if profile != MINIMUM:
        payment = _payment(sample, has_bic=profile in (EN16931, EXTENDED))
        line_total = f"\n        <ram:LineTotalAmount>{sample.net}</ram:LineTotalAmount>"
    return f"""{payment}
      <ram:SpecifiedTradeSettlementHeaderMonetarySummation>{line_total}{totals}
      </ram:SpecifiedTradeSettlementHeaderMonetarySummation>"""


def _payment(sample: Sample, *, has_bic: bool) -> str:
    bic = f"""
        <ram:PayeeSpecifiedCreditorFinancialInstitution>
          <ram:BICID>{escape(sample.bic)}</ram:BICID>
        </ram:PayeeSpecifiedCreditorFinancialInstitution>"""
    return f"""
      <ram:SpecifiedTradeSettlementPaymentMeans>
        <ram:TypeCode>{sample.means}</ram:TypeCode>
        <ram:PayeePartyCreditorFinancialAccount>
          <ram:IBANID>{escape(sample.iban)}</ram:IBANID>
        </ram:PayeePartyCreditorFinancialAccount>{bic if has_bic else ""}
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
          {_day(sample.due_date)}
        </ram:DueDateDateTime>
      </ram:SpecifiedTradePaymentTerms>"""


def _line(line: SampleLine) -> str:
    return f"""
    <ram:IncludedSupplyChainTradeLineItem>
      <ram:AssociatedDocumentLineDocument>
        <ram:LineID>{line.identifier}</ram:LineID>
      </ram:AssociatedDocumentLineDocument>
      <ram:SpecifiedTradeProduct>
        <ram:Name>{escape(line.name)}</ram:Name>
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
