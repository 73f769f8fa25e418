"""Rich UBL invoices of our own, as outlines: every group of EN 16931, every VAT category, sub-lines and several sellers."""

from collections.abc import Iterator
from dataclasses import dataclass

EN16931 = "urn:cen.eu:en16931:2017"
EXTENDED = "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vat:
    """One category, as an invoice of 290.00 without VAT bears it all through."""

    category: str
    rate: str = "0.00"
    tax: str = "0.00"
    total: str = "290.00"
    due: str = "242.00"
    code: str = ""
    reason: str = ""


VATS = (
    Vat(category="S", rate="20.00", tax="58.00", total="348.00", due="300.00"),
    Vat(category="Z"),
    Vat(category="E", code="VATEX-EU-132", reason="Exonération, article 132"),
    Vat(category="AE", code="VATEX-EU-AE", reason="Autoliquidation"),
    Vat(category="K", code="VATEX-EU-IC", reason="Livraison intracommunautaire"),
    Vat(category="G", code="VATEX-EU-G", reason="Exportation"),
    Vat(category="O", code="VATEX-EU-O", reason="Hors champ"),
    Vat(category="L", rate="7.00", tax="20.30", total="310.30", due="262.30"),
    Vat(category="M", rate="4.00", tax="11.60", total="301.60", due="253.60"),
)
_B = Vat(category="B", rate="22.00", tax="63.80", total="353.80", due="305.80")


def ubl_outlines() -> Iterator[tuple[str, str]]:
    """By name, the outlines that EN 16931 accepts."""
    for vat in VATS:
        yield f"ubl-{vat.category}", invoice(vat)
        yield f"ubl-credit-{vat.category}", credit_note(invoice(vat))
    yield "ubl-B", invoice(_B).replace("IdentificationCode = FR", "IdentificationCode = IT")
    yield "ubl-card", invoice(VATS[0], payment=_CARD)
    yield "ubl-debit", invoice(VATS[0], payment=_DEBIT)
    yield "ubl-two-rates", two_rates()
    yield "ubl-foreign", foreign()
    yield "ubl-corrective", invoice(VATS[0]).replace("InvoiceTypeCode = 380", "InvoiceTypeCode = 384")
    yield "ubl-paid", paid()


def extended_ubl_outlines() -> Iterator[tuple[str, str]]:
    """Those that only the French extension accepts."""
    for vat in VATS:
        yield f"ubl-extended-{vat.category}", extended(invoice(vat))
    yield "ubl-extended-credit", credit_note(extended(invoice(VATS[0])))
    yield "ubl-sub-lines", extended(sub_lines())
    yield "ubl-member", member()
    yield "ubl-discount", credit_note(extended(invoice(VATS[0]))).replace("TypeCode = 381", "TypeCode = 262")
    yield "ubl-sellers", several_sellers("S8", "380")
    yield "ubl-sellers-credit", credit_note(several_sellers("S8", "380"))
    yield "ubl-both-ways", several_sellers("B9", "389")
    yield "ubl-both-ways-credit", credit_note(several_sellers("B9", "380")).replace("TypeCode = 381", "TypeCode = 261")


def invoice(vat: Vat, payment: str = "") -> str:
    """An invoice whose lines, allowances and charges are of one category."""
    return "\n".join(
        (
            _HEAD,
            _PARTIES if vat.category != "O" else _without_vat(_PARTIES),
            payment or _TRANSFER,
            _levels(vat),
            _vat_total(vat),
            _totals(vat),
            _lines(vat),
        )
    )


def credit_note(outline: str) -> str:
    """The invoice as a CreditNote, which has neither a due date nor a project of its own."""
    renamed = (
        outline.replace("Invoice\n", "CreditNote\n", 1)
        .replace("InvoiceTypeCode = 380", "CreditNoteTypeCode = 381")
        .replace("  InvoiceLine", "  CreditNoteLine")
        .replace("InvoicedQuantity", "CreditedQuantity")
        .replace("  DueDate = 2026-12-20\n", "")
        .replace("  ProjectReference\n    ID = PROJET-1\n", "")
    )
    return renamed.replace("  PaymentMeans\n", "  PaymentMeans\n    PaymentDueDate = 2026-12-20\n", 1)


def paid() -> str:
    """Paid before it is sent, as frame B2 says."""
    return (
        invoice(VATS[0])
        .replace("ProfileID = B1", "ProfileID = B2")
        .replace("PrepaidAmount currencyID=EUR = 48.00", "PrepaidAmount currencyID=EUR = 348.00")
        .replace("PayableAmount currencyID=EUR = 300.00", "PayableAmount currencyID=EUR = 0.00")
    )


def foreign() -> str:
    """In dollars, with the VAT in euros beside it."""
    dollars = invoice(VATS[0]).replace("currencyID=EUR", "currencyID=USD")
    return (
        dollars.replace("DocumentCurrencyCode = EUR", "DocumentCurrencyCode = USD\n  TaxCurrencyCode = EUR")
        + "\n  TaxTotal\n    TaxAmount currencyID=EUR = 52.20"
    )


def two_rates() -> str:
    """A line at the normal rate with an allowance, and one that is exempt with a charge."""
    normal, exempt = VATS[0], VATS[2]
    levels = _levels(normal).split("  AllowanceCharge\n    ChargeIndicator = true")[0]
    charge = "  AllowanceCharge\n    ChargeIndicator = true" + _levels(exempt).split("ChargeIndicator = true")[1]
    first = _lines(normal).split("  InvoiceLine\n    ID = 2\n")[0]
    second = "  InvoiceLine\n    ID = 2\n" + _lines(exempt).split("  InvoiceLine\n    ID = 2\n")[1]
    total = _total("16.00", _group("80.00", "16.00", normal), _group("210.00", "0.00", exempt))
    totals = _totals(Vat(category="S", total="306.00", due="258.00"))
    return "\n".join((_HEAD, _PARTIES, _TRANSFER, levels + charge, total, totals, first + second))


def extended(outline: str) -> str:
    """The same under the French extension, with the parties, terms and references that only it has."""
    colour = "      AdditionalItemProperty\n        Name = Couleur\n"
    preceding = "      InvoiceDocumentReference\n        ID = F2026-0090\n"
    buyer = "  AccountingCustomerParty\n    Party\n"
    return (
        outline.replace(f"CustomizationID = {EN16931}\n", f"CustomizationID = {EXTENDED}\n")
        .replace(buyer, buyer + _BUYER_EXTENSION, 1)
        .replace(preceding, preceding + "        DocumentTypeCode = 380\n")
        .replace(colour, colour + "        NameCode = COLOR_TEXT\n")
        .replace("    AllowanceChargeReasonCode = FC\n", "    AllowanceChargeReasonCode listID=7161 = FC\n", 1)
        .replace("  PaymentTerms\n", "  DeliveryTerms\n    ID = DAP\n  PaymentTerms\n", 1)
    )


def member() -> str:
    """Of a member of a single taxable person, to a service of the buyer, about an invoice of its own number and frame."""
    seller = "        ID schemeID=0009 = 73282932000074\n"
    buyer = "        ID schemeID=0009 = 11000201100044\n      PartyName\n        Name = Services"
    outline = extended(invoice(VATS[0])).replace(
        seller,
        f"{seller}      PartyIdentification\n        ID schemeID=0231 = 732829320\n"
        "      PartyIdentification\n        ID schemeID=0224 = VENTES\n",
    )
    outline = outline.replace(
        buyer,
        buyer.replace(
            "\n      PartyName", "\n      PartyIdentification\n        ID schemeID=0224 = D2250\n      PartyName"
        ),
    )
    return outline.replace("  Note = #BAR#B2B\n", "  Note = #BAR#B2B\n  Note = #TXD#MEMBRE_ASSUJETTI_UNIQUE\n").replace(
        "    ID schemeID=AVE = OBJET-1", "    ID schemeID=AFL = OBJET-1"
    )


def sub_lines() -> str:
    """A group of two lines, with a remark between them."""
    lines = "\n".join(
        (
            _sub_line("1", "GROUP", "", "200.00"),
            _sub_line("1.1", "DETAIL", "1", "150.00"),
            _sub_line("1.2", "GROUP", "1", "50.00"),
            _sub_line("1.2.1", "DETAIL", "1.2", "50.00"),
            _sub_line("1.3", "INFORMATION", "1", "0.00"),
            _sub_line("2", "DETAIL", "", "100.00"),
        )
    )
    return "\n".join((_HEAD, _PARTIES, _TRANSFER, _levels(VATS[0]), _vat_total(VATS[0]), _totals(VATS[0]), lines))


def _sub_line(
    identifier: str, subtype: str, parent: str, net: str, *, extra: str = "", item: str = "", reason: str = ""
) -> str:
    above = f"\n      BillingReferenceLine\n        ID = {parent}" if parent else ""
    said = f"\n        TaxExemptionReason = {reason}" if reason else ""
    return f"""  InvoiceLine
    ID = {identifier}
    InvoicedQuantity unitCode=C62 = 1
    LineExtensionAmount currencyID=EUR = {net}
    BillingReference
      InvoiceDocumentReference
        ID = F2026-0117
        DocumentStatusCode = {subtype}{above}{extra}
    Item
      Name = Fourniture {identifier}{item}
      ClassifiedTaxCategory
        ID = S
        Percent = 20.00{said}
        TaxScheme
          ID = VAT
    Price
      PriceAmount currencyID=EUR = {net}"""


def several_sellers(frame: str, type_code: str) -> str:
    """Two sellers in one invoice, a group of lines each; under frame B9 the second is the buyer."""
    vat = VATS[0]
    second = "552100554" if frame.endswith("8") else "110002011"
    groups = (
        ("1", "F2026-0117", ("Papeterie du Centre SAS", "732829320"), "200.00", "40.00"),
        ("2", "SUB-2", ("Imprimerie du Nord", second), "100.00", "20.00"),
    )
    lines = []
    for identifier, number, maker, net, tax in groups:
        objects, item = _objects(number), _maker(*maker)
        total = f"\n    TaxTotal\n      TaxAmount currencyID=EUR = {tax}"
        lines.append(_sub_line(identifier, "GROUP", "", net, extra=objects + total + _PRECEDING, item=item))
        lines.append(
            _sub_line(f"{identifier}.1", "DETAIL", identifier, net, extra=objects, item=item, reason=f"#{number}#")
        )
    total = _total("60.00", _group("200.00", "40.00", vat, "#F2026-0117#"), _group("100.00", "20.00", vat, "#SUB-2#"))
    head = (
        _HEAD.replace("ProfileID = B1", f"ProfileID = {frame}")
        .replace("= 380", f"= {type_code}")
        .replace(EN16931, EXTENDED)
    )
    return "\n".join((head, _PARTIES, _TRANSFER, total, _SELLERS_TOTALS, *lines))


def _objects(number: str) -> str:
    return f"""
    DocumentReference
      ID schemeID=AFL = {number}
      DocumentTypeCode = 130
    DocumentReference
      ID schemeID=AVV = S1
      DocumentTypeCode = 130"""


_PRECEDING = """
    BillingReference
      InvoiceDocumentReference
        ID = F2026-0090
        IssueDate = 2026-10-20
        DocumentTypeCode = 380"""


def _maker(name: str, siren: str) -> str:
    return f"""
      ManufacturerParty
        PostalAddress
          Country
            IdentificationCode = FR
        PartyLegalEntity
          RegistrationName = {name}
          CompanyID schemeID=0002 = {siren}"""


def _levels(vat: Vat) -> str:
    percent = "" if vat.category == "O" else f"\n      Percent = {vat.rate}"
    return f"""  AllowanceCharge
    ChargeIndicator = false
    AllowanceChargeReasonCode = 95
    AllowanceChargeReason = Remise
    MultiplierFactorNumeric = 10
    Amount currencyID=EUR = 20.00
    BaseAmount currencyID=EUR = 200.00
    TaxCategory
      ID = {vat.category}{percent}
      TaxScheme
        ID = VAT
  AllowanceCharge
    ChargeIndicator = true
    AllowanceChargeReasonCode = FC
    AllowanceChargeReason = Port
    MultiplierFactorNumeric = 5
    Amount currencyID=EUR = 10.00
    BaseAmount currencyID=EUR = 200.00
    TaxCategory
      ID = {vat.category}{percent}
      TaxScheme
        ID = VAT"""


def _vat_total(vat: Vat) -> str:
    return _total(vat.tax, _group("290.00", vat.tax, vat))


def _total(tax: str, *groups: str) -> str:
    return "\n".join((f"  TaxTotal\n    TaxAmount currencyID=EUR = {tax}", *groups))


def _group(base: str, tax: str, vat: Vat, reason: str = "") -> str:
    code = f"\n        TaxExemptionReasonCode = {vat.code}" if vat.code else ""
    said = f"\n        TaxExemptionReason = {reason or vat.reason}" if reason or vat.reason else ""
    percent = "" if vat.category == "O" else f"\n        Percent = {vat.rate}"
    return f"""    TaxSubtotal
      TaxableAmount currencyID=EUR = {base}
      TaxAmount currencyID=EUR = {tax}
      TaxCategory
        ID = {vat.category}{percent}{code}{said}
        TaxScheme
          ID = VAT"""


def _totals(vat: Vat) -> str:
    return f"""  LegalMonetaryTotal
    LineExtensionAmount currencyID=EUR = 300.00
    AllowanceTotalAmount currencyID=EUR = 20.00
    ChargeTotalAmount currencyID=EUR = 10.00
    TaxExclusiveAmount currencyID=EUR = 290.00
    TaxInclusiveAmount currencyID=EUR = {vat.total}
    PrepaidAmount currencyID=EUR = 48.00
    PayableRoundingAmount currencyID=EUR = 0.00
    PayableAmount currencyID=EUR = {vat.due}"""


_SELLERS_TOTALS = """  LegalMonetaryTotal
    LineExtensionAmount currencyID=EUR = 300.00
    TaxExclusiveAmount currencyID=EUR = 300.00
    TaxInclusiveAmount currencyID=EUR = 360.00
    PayableAmount currencyID=EUR = 360.00"""


def _lines(vat: Vat) -> str:
    percent = "" if vat.category == "O" else f"\n        Percent = {vat.rate}"
    return f"""  InvoiceLine
    ID = 1
    Note = Livré en deux fois
    InvoicedQuantity unitCode=C62 = 10
    LineExtensionAmount currencyID=EUR = 100.00
    AccountingCost = 6064
    InvoicePeriod
      StartDate = 2026-11-01
      EndDate = 2026-11-30
    OrderLineReference
      LineID = 1
    DocumentReference
      ID schemeID=AVE = OBJET-1
      DocumentTypeCode = 130
    Item
      Description = Ramette de papier A4
      Name = Papier
      BuyersItemIdentification
        ID = A-1
      SellersItemIdentification
        ID = V-1
      StandardItemIdentification
        ID schemeID=0160 = 03760000000018
      OriginCountry
        IdentificationCode = FR
      CommodityClassification
        ItemClassificationCode listID=STI listVersionID=1 = 44121618
      ClassifiedTaxCategory
        ID = {vat.category}{percent}
        TaxScheme
          ID = VAT
      AdditionalItemProperty
        Name = Couleur
        Value = Blanc
    Price
      PriceAmount currencyID=EUR = 10.00
      BaseQuantity unitCode=C62 = 1
      AllowanceCharge
        ChargeIndicator = false
        Amount currencyID=EUR = 2.00
        BaseAmount currencyID=EUR = 12.00
  InvoiceLine
    ID = 2
    InvoicedQuantity unitCode=C62 = 5
    LineExtensionAmount currencyID=EUR = 200.00
    AllowanceCharge
      ChargeIndicator = false
      AllowanceChargeReasonCode = 95
      AllowanceChargeReason = Remise
      MultiplierFactorNumeric = 5
      Amount currencyID=EUR = 10.00
      BaseAmount currencyID=EUR = 200.00
    AllowanceCharge
      ChargeIndicator = true
      AllowanceChargeReasonCode = FC
      AllowanceChargeReason = Port
      Amount currencyID=EUR = 5.00
      BaseAmount currencyID=EUR = 100.00
    Item
      Name = Encre
      ClassifiedTaxCategory
        ID = {vat.category}{percent}
        TaxScheme
          ID = VAT
    Price
      PriceAmount currencyID=EUR = 41.00"""


def _without_vat(outline: str) -> str:
    """Without the VAT numbers, which an invoice out of scope may not bear."""
    kept, skipping = [], False
    for line in outline.splitlines():
        depth = len(line) - len(line.lstrip())
        if skipping and depth > 6:
            continue
        skipping = line == "      PartyTaxScheme"
        if not skipping:
            kept.append(line)
    text = "\n".join(kept)
    start, end = text.index("  TaxRepresentativeParty"), text.index("  Delivery")
    return text[:start] + text[end:]


_HEAD = f"""Invoice
  CustomizationID = {EN16931}
  ProfileID = B1
  ID = F2026-0117
  IssueDate = 2026-11-20
  DueDate = 2026-12-20
  InvoiceTypeCode = 380
  Note = #PMT#Indemnité forfaitaire de 40 €
  Note = #PMD#Trois fois le taux légal
  Note = #AAB#Pas d'escompte
  Note = #BAR#B2B
  TaxPointDate = 2026-11-20
  DocumentCurrencyCode = EUR
  AccountingCost = 6064
  BuyerReference = D2250
  InvoicePeriod
    StartDate = 2026-11-01
    EndDate = 2026-11-30
  OrderReference
    ID = 1400012345
    SalesOrderID = V-77
  BillingReference
    InvoiceDocumentReference
      ID = F2026-0090
      IssueDate = 2026-10-20
  DespatchDocumentReference
    ID = BL-1
  ReceiptDocumentReference
    ID = BR-1
  OriginatorDocumentReference
    ID = AO-1
  ContractDocumentReference
    ID = MARCHE-1
  AdditionalDocumentReference
    ID schemeID=AVE = OBJET-1
    DocumentTypeCode = 130
  AdditionalDocumentReference
    ID = PJ-1
    DocumentDescription = LISIBLE
    Attachment
      EmbeddedDocumentBinaryObject mimeCode=application/pdf filename=facture.pdf = Zmx1eA==
  AdditionalDocumentReference
    ID = PJ-2
    DocumentDescription = BON_LIVRAISON
    Attachment
      ExternalReference
        URI = https://example.org/bl.pdf
  ProjectReference
    ID = PROJET-1"""

_PARTIES = """  AccountingSupplierParty
    Party
      EndpointID schemeID=0225 = 732829320
      PartyIdentification
        ID schemeID=0009 = 73282932000074
      PartyName
        Name = Papeterie du Centre
      PostalAddress
        StreetName = 12 rue de la République
        AdditionalStreetName = Bâtiment B
        CityName = Lyon
        PostalZone = 69002
        CountrySubentity = Rhône
        AddressLine
          Line = Porte 3
        Country
          IdentificationCode = FR
      PartyTaxScheme
        CompanyID = FR44732829320
        TaxScheme
          ID = VAT
      PartyTaxScheme
        CompanyID = 732829320
        TaxScheme
          ID = LOC
      PartyLegalEntity
        RegistrationName = Papeterie du Centre SAS
        CompanyID schemeID=0002 = 732829320
        CompanyLegalForm = SAS au capital de 10 000 €
      Contact
        Name = Service facturation
        Telephone = +33 4 72 00 00 00
        ElectronicMail = facturation@example.org
  AccountingCustomerParty
    Party
      EndpointID schemeID=0225 = 110002011
      PartyIdentification
        ID schemeID=0009 = 11000201100044
      PartyName
        Name = Services de l'État
      PostalAddress
        StreetName = 20 avenue de Ségur
        AdditionalStreetName = Aile nord
        CityName = Paris
        PostalZone = 75007
        CountrySubentity = Île-de-France
        AddressLine
          Line = Étage 2
        Country
          IdentificationCode = FR
      PartyTaxScheme
        CompanyID = FR11110002011
        TaxScheme
          ID = VAT
      PartyLegalEntity
        RegistrationName = Direction des services de l'État
        CompanyID schemeID=0002 = 110002011
      Contact
        Name = Service achats
        Telephone = +33 1 40 00 00 00
        ElectronicMail = achats@example.org
  PayeeParty
    PartyIdentification
      ID schemeID=0009 = 55210055400013
    PartyName
      Name = Affacturage du Centre
    PartyLegalEntity
      CompanyID schemeID=0002 = 552100554
  TaxRepresentativeParty
    PartyName
      Name = Représentant SARL
    PostalAddress
      StreetName = 1 place Bellecour
      AdditionalStreetName = Cour
      CityName = Lyon
      PostalZone = 69002
      CountrySubentity = Rhône
      AddressLine
        Line = Porte 1
      Country
        IdentificationCode = FR
    PartyTaxScheme
      CompanyID = FR83552100554
      TaxScheme
        ID = VAT
  Delivery
    ActualDeliveryDate = 2026-11-18
    DeliveryLocation
      ID schemeID=0009 = 11000201100044
      Address
        StreetName = 3 quai des Livraisons
        AdditionalStreetName = Quai 2
        CityName = Ivry
        PostalZone = 94200
        CountrySubentity = Val-de-Marne
        AddressLine
          Line = Porte 9
        Country
          IdentificationCode = FR
    DeliveryParty
      PartyName
        Name = Magasin central
  PaymentTerms
    Note = À trente jours"""

_TRANSFER = """  PaymentMeans
    PaymentMeansCode name=Virement = 58
    PaymentID = F2026-0117
    PayeeFinancialAccount
      ID = FR1420041010050500013M02606
      Name = Papeterie du Centre
      FinancialInstitutionBranch
        ID = PSSTFRPPPAR"""

_CARD = """  PaymentMeans
    PaymentMeansCode = 48
    CardAccount
      PrimaryAccountNumberID = 497012
      NetworkID = CB
      HolderName = Jeanne Dupont"""

_DEBIT = """  PaymentMeans
    PaymentMeansCode = 59
    PaymentMandate
      ID = RUM-1
      PayerFinancialAccount
        ID = FR7630006000011234567890189"""

_BUYER_EXTENSION = """      AgentParty
        PartyIdentification
          ID schemeID=0009 = 35600000000048
        PartyName
          Name = Agent de l'acheteur
        PartyLegalEntity
          CompanyID schemeID=0002 = 356000000
"""
