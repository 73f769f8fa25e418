"""Rich CII invoices of our own, as outlines: the same invoices as `tests.official.ubl_bases`, and those of Factur-X."""

from collections.abc import Iterator

from tests.official.ubl_bases import EN16931, EXTENDED, VATS, Vat

_SETTLED = "    ApplicableHeaderTradeSettlement"
_B = Vat(category="B", rate="22.00", tax="63.80", total="353.80", due="305.80")
_GUIDELINES = {
    "facturx-minimum": "urn:factur-x.eu:1p0:minimum",
    "facturx-basicwl": "urn:factur-x.eu:1p0:basicwl",
    "facturx-basic": "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic",
    "facturx-extended": "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended",
}


def cii_outlines() -> Iterator[tuple[str, str]]:
    """By name, the outlines that EN 16931 accepts."""
    for vat in VATS:
        yield f"cii-{vat.category}", invoice(vat)
    yield "cii-B", invoice(_B).replace("CountryID = FR", "CountryID = IT")
    yield "cii-credit", credit_note(invoice(VATS[0]))
    yield "cii-card", invoice(VATS[0], payment=_CARD)
    yield "cii-debit", invoice(VATS[0], payment=_DEBIT)
    yield "cii-two-rates", two_rates()
    yield "cii-foreign", foreign()
    yield "cii-corrective", invoice(VATS[0]).replace("    TypeCode = 380", "    TypeCode = 384", 1)
    yield "cii-paid", paid()
    yield "cii-period", invoice(VATS[4]).replace(_POINT, "        DueDateTypeCode = 5")


def extended_cii_outlines() -> Iterator[tuple[str, str]]:
    """Those that only the French extension accepts."""
    for vat in VATS:
        yield f"cii-extended-{vat.category}", extended(invoice(vat))
    yield "cii-extended-credit", credit_note(extended(invoice(VATS[0])))
    yield "cii-sub-lines", extended(sub_lines())
    yield "cii-member", member()
    yield "cii-discount", extended(invoice(VATS[0])).replace("    TypeCode = 380", "    TypeCode = 262", 1)
    yield "cii-sellers", several_sellers("S8", "380")
    yield "cii-sellers-credit", several_sellers("S8", "381")
    yield "cii-both-ways", several_sellers("B9", "389")
    yield "cii-both-ways-credit", several_sellers("B9", "261")


def facturx_outlines(profile: str) -> Iterator[tuple[str, str]]:
    """Those of a Factur-X profile, `facturx-basic` and the like, once what it does not know is left out."""
    written = extended_cii_outlines() if profile == "facturx-extended" else cii_outlines()
    for name, outline in written:
        declared = outline.replace(f"ID = {EXTENDED}\n", f"ID = {_GUIDELINES[profile]}\n")
        yield f"{profile}-{name}", declared.replace(f"ID = {EN16931}\n", f"ID = {_GUIDELINES[profile]}\n")


def invoice(vat: Vat, payment: str = "") -> str:
    """An invoice whose lines, allowances and charges are of one category."""
    return _without_vat(_whole(vat, payment)) if vat.category == "O" else _whole(vat, payment)


def _whole(vat: Vat, payment: str = "") -> str:
    settled = (_SETTLEMENT, payment or _TRANSFER, _group("290.00", vat.tax, vat), _levels(vat), _totals(vat))
    return "\n".join((_HEAD, _lines(vat), _AGREEMENT, _DELIVERY, *settled))


def credit_note(outline: str) -> str:
    """The invoice as a credit note."""
    return outline.replace("    TypeCode = 380", "    TypeCode = 381", 1)


def paid() -> str:
    """Paid before it is sent, as frame B2 says."""
    outline = invoice(VATS[0]).replace("      ID = B1\n", "      ID = B2\n")
    return outline.replace("TotalPrepaidAmount = 48.00", "TotalPrepaidAmount = 348.00").replace(
        "DuePayableAmount = 300.00", "DuePayableAmount = 0.00"
    )


def foreign() -> str:
    """In dollars, with the VAT in euros beside it."""
    outline = invoice(VATS[0]).replace(
        "InvoiceCurrencyCode = EUR", "InvoiceCurrencyCode = USD\n      TaxCurrencyCode = EUR"
    )
    return outline.replace("currencyID=EUR = 58.00", "currencyID=USD = 58.00") + (
        "\n        TaxTotalAmount currencyID=EUR = 52.20"
    )


def two_rates() -> str:
    """A line at the normal rate with an allowance, and one that is exempt with a charge."""
    normal, exempt = VATS[0], VATS[2]
    mark = "    IncludedSupplyChainTradeLineItem\n      AssociatedDocumentLineDocument\n        LineID = 2"
    lines = _lines(normal).partition(mark)[0] + mark + _lines(exempt).partition(mark)[2]
    cut = "      SpecifiedTradeAllowanceCharge\n        ChargeIndicator\n          Indicator = true"
    levels = _levels(normal).partition(cut)[0] + cut + _levels(exempt).partition(cut)[2]
    groups = _group("80.00", "16.00", normal), _group("210.00", "0.00", exempt, point="")
    totals = _totals(Vat(category="S", tax="16.00", total="306.00", due="258.00"))
    return "\n".join((_HEAD, lines, _AGREEMENT, _DELIVERY, _SETTLEMENT, _TRANSFER, *groups, levels, totals))


def extended(outline: str) -> str:
    """The same under the French extension, with parties that only it has."""
    return (
        outline.replace(f"ID = {EN16931}\n", f"ID = {EXTENDED}\n")
        .replace("    ApplicableHeaderTradeAgreement\n", "    ApplicableHeaderTradeAgreement\n" + _AGENTS)
        .replace("        ReasonCode = FC\n", "        ReasonCode listID=7161 = FC\n", 1)
        .replace(
            "          Description = Couleur\n", "          Description = Couleur\n          TypeCode = COLOR_TEXT\n"
        )
        .replace(f"{_SETTLED}\n", f"{_SETTLED}\n" + _SETTLING_PARTIES)
        .replace(
            "        IssuerAssignedID = F2026-0090\n", "        IssuerAssignedID = F2026-0090\n        TypeCode = 380\n"
        )
    )


def member() -> str:
    """Of a member of a single taxable person, to a service of the buyer, about an invoice of its own number."""
    seller, buyer = (
        "        GlobalID schemeID=0009 = 73282932000074\n",
        "        GlobalID schemeID=0009 = 11000201100044\n",
    )
    note = "    IncludedNote\n      Content = B2B\n"
    ids = "        GlobalID schemeID=0231 = 732829320\n        GlobalID schemeID=0224 = VENTES\n"
    return (
        extended(invoice(VATS[0]))
        .replace(seller, seller + ids)
        .replace(buyer, buyer + "        GlobalID schemeID=0224 = D2250\n", 1)
        .replace(note, "    IncludedNote\n      Content = MEMBRE_ASSUJETTI_UNIQUE\n      SubjectCode = TXD\n" + note)
        .replace("ReferenceTypeCode = AVE", "ReferenceTypeCode = AFL")
    )


def sub_lines() -> str:
    """A group of two lines, with a remark under it."""
    vat = VATS[0]
    lines = (
        _sub_line("1", "GROUP", "", "200.00", vat),
        _sub_line("1.1", "DETAIL", "1", "150.00", vat),
        _sub_line("1.2", "GROUP", "1", "50.00", vat),
        _sub_line("1.2.1", "DETAIL", "1.2", "50.00", vat),
        _sub_line("1.3", "INFORMATION", "1", "0.00", vat),
        _sub_line("2", "DETAIL", "", "100.00", vat),
    )
    settled = (_SETTLEMENT, _TRANSFER, _group("290.00", vat.tax, vat), _levels(vat), _totals(vat))
    return "\n".join((_HEAD, *lines, _AGREEMENT, _DELIVERY, *settled))


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
        objects, seller = _objects(number), _maker(*maker)
        total = f"          TaxTotalAmount currencyID=EUR = {tax}\n          GrandTotalAmount = {float(net) + float(tax):.2f}"
        lines.append(
            _sub_line(identifier, "GROUP", "", net, vat, seller=seller, objects=objects + _PRECEDING, total=total)
        )
        lines.append(
            _sub_line(
                f"{identifier}.1", "DETAIL", identifier, net, vat, seller=seller, objects=objects, reason=f"#{number}#"
            )
        )
    head = _HEAD.replace("      ID = B1\n", f"      ID = {frame}\n").replace(
        "    TypeCode = 380", f"    TypeCode = {type_code}", 1
    )
    taxes = _group("200.00", "40.00", vat, "#F2026-0117#"), _group("100.00", "20.00", vat, "#SUB-2#", point="")
    outline = "\n".join((head, *lines, _AGREEMENT, _DELIVERY, _SETTLEMENT, _TRANSFER, *taxes, _SELLERS_TOTALS))
    return outline.replace(f"ID = {EN16931}\n", f"ID = {EXTENDED}\n")


def _objects(number: str) -> str:
    return f"""        AdditionalReferencedDocument
          IssuerAssignedID = {number}
          TypeCode = 130
          ReferenceTypeCode = AFL
        AdditionalReferencedDocument
          IssuerAssignedID = S1
          TypeCode = 130
          ReferenceTypeCode = AVV
"""


_PRECEDING = """        InvoiceReferencedDocument
          IssuerAssignedID = F2026-0090
          TypeCode = 380
          FormattedIssueDateTime
            DateTimeString format=102 = 20261020
"""


def _maker(name: str, siren: str) -> str:
    return f"""        ItemSellerTradeParty
          Name = {name}
          SpecifiedLegalOrganization
            ID schemeID=0002 = {siren}
          PostalTradeAddress
            CountryID = FR
"""


def _sub_line(
    identifier: str,
    subtype: str,
    parent: str,
    net: str,
    vat: Vat,
    *,
    seller: str = "",
    objects: str = "",
    total: str = "",
    reason: str = "",
) -> str:
    above = f"        ParentLineID = {parent}\n" if parent else ""
    said = f"          ExemptionReason = {reason}\n" if reason else ""
    return f"""    IncludedSupplyChainTradeLineItem
      AssociatedDocumentLineDocument
        LineID = {identifier}
{above}        LineStatusReasonCode = {subtype}
      SpecifiedTradeProduct
        Name = Fourniture {identifier}
      SpecifiedLineTradeAgreement
        NetPriceProductTradePrice
          ChargeAmount = {net}
{seller}      SpecifiedLineTradeDelivery
        BilledQuantity unitCode=C62 = 1
      SpecifiedLineTradeSettlement
        ApplicableTradeTax
          TypeCode = VAT
{said}          CategoryCode = {vat.category}
          RateApplicablePercent = {vat.rate}
{objects}        SpecifiedTradeSettlementLineMonetarySummation
          LineTotalAmount = {net}
{total}"""


def _levels(vat: Vat) -> str:
    return "\n".join((_level(vat, "false", "95", ("10", "20.00")), _level(vat, "true", "FC", ("5", "10.00"))))


def _level(vat: Vat, indicator: str, code: str, sizes: tuple[str, str]) -> str:
    percent, amount = sizes
    rate = "" if vat.category == "O" else f"\n          RateApplicablePercent = {vat.rate}"
    return f"""      SpecifiedTradeAllowanceCharge
        ChargeIndicator
          Indicator = {indicator}
        CalculationPercent = {percent}
        BasisAmount = 200.00
        ActualAmount = {amount}
        ReasonCode = {code}
        Reason = Selon contrat
        CategoryTradeTax
          TypeCode = VAT
          CategoryCode = {vat.category}{rate}"""


_POINT = """        TaxPointDate
          DateString format=102 = 20261120"""


def _group(base: str, tax: str, vat: Vat, reason: str = "", point: str = _POINT) -> str:
    said = f"        ExemptionReason = {reason or vat.reason}\n" if reason or vat.reason else ""
    code = f"        ExemptionReasonCode = {vat.code}\n" if vat.code else ""
    rate = "" if vat.category == "O" else f"        RateApplicablePercent = {vat.rate}\n"
    return f"""      ApplicableTradeTax
        CalculatedAmount = {tax}
        TypeCode = VAT
{said}{code}{rate}        BasisAmount = {base}
        CategoryCode = {vat.category}
{point}"""


def _totals(vat: Vat) -> str:
    return f"""      SpecifiedTradeSettlementHeaderMonetarySummation
        LineTotalAmount = 300.00
        ChargeTotalAmount = 10.00
        AllowanceTotalAmount = 20.00
        TaxBasisTotalAmount = 290.00
        RoundingAmount = 0.00
        GrandTotalAmount = {vat.total}
        TotalPrepaidAmount = 48.00
        DuePayableAmount = {vat.due}
        TaxTotalAmount currencyID=EUR = {vat.tax}"""


_SELLERS_TOTALS = """      SpecifiedTradeSettlementHeaderMonetarySummation
        LineTotalAmount = 300.00
        TaxBasisTotalAmount = 300.00
        TaxTotalAmount currencyID=EUR = 60.00
        GrandTotalAmount = 360.00
        DuePayableAmount = 360.00"""


def _lines(vat: Vat) -> str:
    rate = "" if vat.category == "O" else f"\n          RateApplicablePercent = {vat.rate}"
    return f"""    IncludedSupplyChainTradeLineItem
      AssociatedDocumentLineDocument
        LineID = 1
        IncludedNote
          Content = Livré en deux fois
      SpecifiedTradeProduct
        GlobalID schemeID=0160 = 03760000000018
        SellerAssignedID = V-1
        BuyerAssignedID = A-1
        Name = Papier
        Description = Ramette de papier A4
        ApplicableProductCharacteristic
          Description = Couleur
          Value = Blanc
        DesignatedProductClassification
          ClassCode listID=STI listVersionID=1 = 44121618
        OriginTradeCountry
          ID = FR
      SpecifiedLineTradeAgreement
        BuyerOrderReferencedDocument
          LineID = 1
        GrossPriceProductTradePrice
          ChargeAmount = 12.00
          BasisQuantity unitCode=C62 = 1
          AppliedTradeAllowanceCharge
            ChargeIndicator
              Indicator = false
            ActualAmount = 2.00
        NetPriceProductTradePrice
          ChargeAmount = 10.00
          BasisQuantity unitCode=C62 = 1
      SpecifiedLineTradeDelivery
        BilledQuantity unitCode=C62 = 10
      SpecifiedLineTradeSettlement
        ApplicableTradeTax
          TypeCode = VAT
          CategoryCode = {vat.category}{rate}
        BillingSpecifiedPeriod
          StartDateTime
            DateTimeString format=102 = 20261101
          EndDateTime
            DateTimeString format=102 = 20261130
        SpecifiedTradeSettlementLineMonetarySummation
          LineTotalAmount = 100.00
        AdditionalReferencedDocument
          IssuerAssignedID = OBJET-1
          TypeCode = 130
          ReferenceTypeCode = AVE
        ReceivableSpecifiedTradeAccountingAccount
          ID = 6064
    IncludedSupplyChainTradeLineItem
      AssociatedDocumentLineDocument
        LineID = 2
      SpecifiedTradeProduct
        Name = Encre
      SpecifiedLineTradeAgreement
        NetPriceProductTradePrice
          ChargeAmount = 41.00
      SpecifiedLineTradeDelivery
        BilledQuantity unitCode=C62 = 5
      SpecifiedLineTradeSettlement
        ApplicableTradeTax
          TypeCode = VAT
          CategoryCode = {vat.category}{rate}
        SpecifiedTradeAllowanceCharge
          ChargeIndicator
            Indicator = false
          CalculationPercent = 5
          BasisAmount = 200.00
          ActualAmount = 10.00
          ReasonCode = 95
          Reason = Remise
        SpecifiedTradeAllowanceCharge
          ChargeIndicator
            Indicator = true
          BasisAmount = 100.00
          ActualAmount = 5.00
          ReasonCode = FC
          Reason = Port
        SpecifiedTradeSettlementLineMonetarySummation
          LineTotalAmount = 200.00"""


def _without_vat(outline: str) -> str:
    """Without the VAT numbers, which an invoice out of scope may not bear."""
    start, end = (
        outline.index("      SellerTaxRepresentativeTradeParty"),
        outline.index("      BuyerOrderReferencedDocument\n        Issuer"),
    )
    lines = (outline[:start] + outline[end:]).splitlines()
    numbers = {place for place, line in enumerate(lines) if "schemeID=VA" in line}
    return "\n".join(line for place, line in enumerate(lines) if place not in numbers and place + 1 not in numbers)


_HEAD = f"""CrossIndustryInvoice
  ExchangedDocumentContext
    BusinessProcessSpecifiedDocumentContextParameter
      ID = B1
    GuidelineSpecifiedDocumentContextParameter
      ID = {EN16931}
  ExchangedDocument
    ID = F2026-0117
    TypeCode = 380
    IssueDateTime
      DateTimeString format=102 = 20261120
    IncludedNote
      Content = Indemnité forfaitaire de 40 €
      SubjectCode = PMT
    IncludedNote
      Content = Trois fois le taux légal
      SubjectCode = PMD
    IncludedNote
      Content = Pas d'escompte
      SubjectCode = AAB
    IncludedNote
      Content = B2B
      SubjectCode = BAR
  SupplyChainTradeTransaction"""

_AGREEMENT = """    ApplicableHeaderTradeAgreement
      BuyerReference = D2250
      SellerTradeParty
        GlobalID schemeID=0009 = 73282932000074
        Name = Papeterie du Centre SAS
        Description = SAS au capital de 10 000 €
        SpecifiedLegalOrganization
          ID schemeID=0002 = 732829320
          TradingBusinessName = Papeterie du Centre
        DefinedTradeContact
          PersonName = Service facturation
          TelephoneUniversalCommunication
            CompleteNumber = +33 4 72 00 00 00
          EmailURIUniversalCommunication
            URIID = facturation@example.org
        PostalTradeAddress
          PostcodeCode = 69002
          LineOne = 12 rue de la République
          LineTwo = Bâtiment B
          LineThree = Porte 3
          CityName = Lyon
          CountryID = FR
          CountrySubDivisionName = Rhône
        URIUniversalCommunication
          URIID schemeID=0225 = 732829320
        SpecifiedTaxRegistration
          ID schemeID=VA = FR44732829320
        SpecifiedTaxRegistration
          ID schemeID=FC = 732829320
      BuyerTradeParty
        GlobalID schemeID=0009 = 11000201100044
        Name = Direction des services de l'État
        SpecifiedLegalOrganization
          ID schemeID=0002 = 110002011
          TradingBusinessName = Services de l'État
        DefinedTradeContact
          PersonName = Service achats
          TelephoneUniversalCommunication
            CompleteNumber = +33 1 40 00 00 00
          EmailURIUniversalCommunication
            URIID = achats@example.org
        PostalTradeAddress
          PostcodeCode = 75007
          LineOne = 20 avenue de Ségur
          LineTwo = Aile nord
          LineThree = Étage 2
          CityName = Paris
          CountryID = FR
          CountrySubDivisionName = Île-de-France
        URIUniversalCommunication
          URIID schemeID=0225 = 110002011
        SpecifiedTaxRegistration
          ID schemeID=VA = FR11110002011
      SellerTaxRepresentativeTradeParty
        Name = Représentant SARL
        PostalTradeAddress
          PostcodeCode = 69002
          LineOne = 1 place Bellecour
          LineTwo = Cour
          LineThree = Porte 1
          CityName = Lyon
          CountryID = FR
          CountrySubDivisionName = Rhône
        SpecifiedTaxRegistration
          ID schemeID=VA = FR83552100554
      BuyerOrderReferencedDocument
        IssuerAssignedID = 1400012345
      SellerOrderReferencedDocument
        IssuerAssignedID = V-77
      ContractReferencedDocument
        IssuerAssignedID = MARCHE-1
      AdditionalReferencedDocument
        IssuerAssignedID = PJ-1
        TypeCode = 916
        Name = LISIBLE
        AttachmentBinaryObject mimeCode=application/pdf filename=facture.pdf = Zmx1eA==
      AdditionalReferencedDocument
        IssuerAssignedID = AO-1
        TypeCode = 50
      AdditionalReferencedDocument
        IssuerAssignedID = OBJET-1
        TypeCode = 130
        ReferenceTypeCode = AVE
      SpecifiedProcuringProject
        ID = PROJET-1
        Name = Project reference"""

_DELIVERY = """    ApplicableHeaderTradeDelivery
      ShipToTradeParty
        GlobalID schemeID=0009 = 11000201100044
        Name = Magasin central
        PostalTradeAddress
          PostcodeCode = 94200
          LineOne = 3 quai des Livraisons
          LineTwo = Quai 2
          LineThree = Porte 9
          CityName = Ivry
          CountryID = FR
          CountrySubDivisionName = Val-de-Marne
      ActualDeliverySupplyChainEvent
        OccurrenceDateTime
          DateTimeString format=102 = 20261118
      DespatchAdviceReferencedDocument
        IssuerAssignedID = BL-1
      ReceivingAdviceReferencedDocument
        IssuerAssignedID = BR-1"""

_SETTLEMENT = """    ApplicableHeaderTradeSettlement
      PaymentReference = F2026-0117
      InvoiceCurrencyCode = EUR
      PayeeTradeParty
        GlobalID schemeID=0009 = 55210055400013
        Name = Affacturage du Centre
        SpecifiedLegalOrganization
          ID schemeID=0002 = 552100554
      BillingSpecifiedPeriod
        StartDateTime
          DateTimeString format=102 = 20261101
        EndDateTime
          DateTimeString format=102 = 20261130
      InvoiceReferencedDocument
        IssuerAssignedID = F2026-0090
        FormattedIssueDateTime
          DateTimeString format=102 = 20261020
      ReceivableSpecifiedTradeAccountingAccount
        ID = 6064
      SpecifiedTradePaymentTerms
        Description = À trente jours
        DueDateDateTime
          DateTimeString format=102 = 20261220"""

_TRANSFER = """      SpecifiedTradeSettlementPaymentMeans
        TypeCode = 58
        Information = Virement
        PayeePartyCreditorFinancialAccount
          IBANID = FR1420041010050500013M02606
          AccountName = Papeterie du Centre
        PayeeSpecifiedCreditorFinancialInstitution
          BICID = PSSTFRPPPAR"""

_CARD = """      SpecifiedTradeSettlementPaymentMeans
        TypeCode = 48
        ApplicableTradeSettlementFinancialCard
          ID = 497012
          CardholderName = Jeanne Dupont"""

_DEBIT = """      CreditorReferenceID = FR72ZZZ123456
      SpecifiedTradeSettlementPaymentMeans
        TypeCode = 59
        PayerPartyDebtorFinancialAccount
          IBANID = FR7630006000011234567890189"""


def _party(name: str, siret: str) -> str:
    return f"""      {name}
        GlobalID schemeID=0009 = {siret}
        Name = {name}
        SpecifiedLegalOrganization
          ID schemeID=0002 = {siret[:9]}
        PostalTradeAddress
          CountryID = FR
        URIUniversalCommunication
          URIID schemeID=0225 = {siret[:9]}
"""


_TERMS = """      ApplicableTradeDeliveryTerms
        DeliveryTypeCode = DAP
"""
_AGENTS = _TERMS + _party("SalesAgentTradeParty", "35600000000048") + _party("BuyerAgentTradeParty", "35600000000048")
_SETTLING_PARTIES = "".join(
    _party(name, "35600000000048") for name in ("InvoicerTradeParty", "InvoiceeTradeParty", "PayerTradeParty")
)
