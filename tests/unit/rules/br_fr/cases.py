"""What each rule of BR-FR refuses, beside what it accepts."""

from typing import NamedTuple

from tests.unit.rules.br_fr.documents import (
    CII_REFERENCE,
    MAIN,
    OTHER,
    UBL_REFERENCE,
    Edit,
    after,
    before,
    cii,
    cii_groups,
    ubl,
    ubl_credit_note,
    ubl_groups,
)


class Case(NamedTuple):
    """A rule, a document that breaks it so many times, and its twin that does not."""

    rule: str
    refused: bytes
    accepted: bytes
    times: int = 1


def bar(treatment: str) -> tuple[Edit, Edit]:
    """The note BAR, for UBL and for CII."""
    note = f"<ram:IncludedNote><ram:Content>{treatment}</ram:Content><ram:SubjectCode>BAR</ram:SubjectCode></ram:IncludedNote>"
    return before("<cbc:DocumentCurrencyCode>", f"<cbc:Note>#BAR#{treatment}</cbc:Note>"), after(
        "</ram:IssueDateTime>", note
    )


UBL_B2B, CII_B2B = bar("B2B")
UBL_NUMBER, CII_NUMBER = "<cbc:ID>F2026-0117<", "<ram:ID>F2026-0117<"
LONG = "F" * 36
UBL_TYPE, CII_TYPE = "InvoiceTypeCode>380<", "<ram:TypeCode>380<"
UBL_FRAME, CII_FRAME = "<cbc:ProfileID>B1<", "<ram:ID>B1<"
UBL_ISSUE, CII_ISSUE = "<cbc:IssueDate>2026-11-20<", ">20261120<"
UBL_DUE, CII_DUE = "<cbc:DueDate>2026-12-20<", ">20261220<"
UBL_HEADER, CII_HEADER = "<cac:OrderReference>", "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>"


def ubl_type(code: str) -> Edit:
    return Edit(UBL_TYPE, f"InvoiceTypeCode>{code}<")


def cii_type(code: str) -> Edit:
    return Edit(CII_TYPE, f"<ram:TypeCode>{code}<")


def ubl_frame(code: str) -> Edit:
    return Edit(UBL_FRAME, f"<cbc:ProfileID>{code}<")


def cii_frame(code: str) -> Edit:
    return Edit(CII_FRAME, f"<ram:ID>{code}<")


def credit_type(code: str) -> Edit:
    return Edit("CreditNoteTypeCode>381<", f"CreditNoteTypeCode>{code}<")


def number(old: str, new: str) -> Edit:
    return Edit(old, old.replace("F2026-0117", new))


DOCUMENT = (
    Case("BR-FR-01", ubl(number(UBL_NUMBER, LONG)), ubl(number(UBL_NUMBER, LONG[1:]))),
    Case("BR-FR-01", ubl(number(UBL_NUMBER, "F 1")), ubl(number(UBL_NUMBER, "F+1_2/3"))),
    Case("BR-FR-01", cii(number(CII_NUMBER, LONG)), cii(number(CII_NUMBER, LONG[1:]))),
    Case("BR-FR-02", ubl(number(UBL_NUMBER, "F.1")), ubl(number(UBL_NUMBER, "F-1"))),
    Case("BR-FR-02", cii(number(CII_NUMBER, "F é")), cii(number(CII_NUMBER, "F_1"))),
    Case(
        "BR-FR-02",
        ubl(
            after(
                f"{UBL_HEADER}\n    <cbc:ID>1400012345</cbc:ID>\n  </cac:OrderReference>",
                UBL_REFERENCE.replace("F1", "F#"),
            )
        ),
        ubl(after(f"{UBL_HEADER}\n    <cbc:ID>1400012345</cbc:ID>\n  </cac:OrderReference>", UBL_REFERENCE)),
    ),
    Case(
        "BR-FR-03",
        ubl(Edit(UBL_ISSUE, "<cbc:IssueDate>1999-11-20<")),
        ubl(Edit(UBL_ISSUE, "<cbc:IssueDate>2024-02-29<")),
    ),
    Case("BR-FR-03", ubl(Edit(UBL_DUE, "<cbc:DueDate>2026-12-20Z<")), ubl()),
    Case("BR-FR-03", cii(Edit(CII_ISSUE, ">20260230<")), cii(Edit(CII_ISSUE, ">20240229<"))),
    Case(
        "BR-FR-03",
        cii(before(CII_HEADER, CII_REFERENCE.replace("20261001", "20261301"))),
        cii(before(CII_HEADER, CII_REFERENCE)),
    ),
    Case("BR-FR-04", ubl(ubl_type("325")), ubl(ubl_type("386"))),
    Case("BR-FR-04", cii(cii_type("325")), cii(cii_type("386"))),
    Case("BR-FR-08", ubl(ubl_frame("A1")), ubl(ubl_frame("M4"))),
    Case("BR-FR-08", cii(cii_frame("S9 ")), cii(cii_frame("S7"))),
)

NOTES = (
    Case("BR-FR-05", ubl(Edit("#PMD#", "#XXX#")), ubl()),
    Case("BR-FR-05", ubl(Edit("#PMT#", ""), Edit("#AAB#", "AAB#")), ubl(Edit("<cbc:Note>#PMD#", "<cbc:Note>PMD#"))),
    Case("BR-FR-05", cii(Edit(">PMD<", ">XXX<"), Edit(">AAB<", ">XXX<")), cii(), times=2),
    Case("BR-FR-06", ubl(Edit("#ADN#", "#PMT#")), ubl(Edit("#ADN#", "#TXD#"))),
    Case("BR-FR-06", cii(Edit(">ADN<", ">AAB<")), cii(Edit(">ADN<", ">TXD<"))),
    Case("BR-FR-20", ubl(bar("B2X")[0]), ubl(UBL_B2B)),
    Case("BR-FR-20", cii(bar("B2X")[1]), cii(CII_B2B)),
    Case("BR-FR-31", ubl(UBL_B2B, bar("B2C")[0]), ubl(UBL_B2B, bar("XXX")[0])),
    Case("BR-FR-31", cii(CII_B2B, bar("B2C")[1]), cii(CII_B2B, bar("XXX")[1])),
)

UBL_SELLER_SIRET, CII_SELLER_SIRET = '"0009">73282932000074<', '"0009">73282932000074<'
UBL_SELLER_SIREN = '<cbc:CompanyID schemeID="0002">732829320<'
CII_SELLER_SIREN = '<ram:ID schemeID="0002">732829320<'
CII_BUYER_ID = '<ram:GlobalID schemeID="0009">11000201100044</ram:GlobalID>'
UBL_BUYER_ID = (
    '<cac:PartyIdentification>\n        <cbc:ID schemeID="0224">D2250</cbc:ID>\n      </cac:PartyIdentification>'
)
UBL_AGENT = (
    '<cac:AgentParty><cbc:EndpointID schemeID="0225">732829320</cbc:EndpointID><cac:PartyIdentification>'
    '<cbc:ID schemeID="0009">73282932000074</cbc:ID></cac:PartyIdentification></cac:AgentParty>'
)
CII_AGENT = (
    '<ram:SalesAgentTradeParty><ram:GlobalID schemeID="0009">73282932000074</ram:GlobalID></ram:SalesAgentTradeParty>'
)
UBL_SELLER_END = "</cac:PartyLegalEntity>\n    </cac:Party>\n  </cac:AccountingSupplierParty>"
CII_AGREEMENT = "<ram:BuyerOrderReferencedDocument>"
UBL_PLACE = '<cac:Delivery><cac:DeliveryLocation><cbc:ID schemeID="0009">73282932000074</cbc:ID></cac:DeliveryLocation></cac:Delivery>'
UBL_MEANS = "<cac:PaymentMeans>"
CII_PLACE = (
    '<ram:ApplicableHeaderTradeDelivery><ram:ShipToTradeParty><ram:GlobalID schemeID="0009">73282932000074</ram:GlobalID>'
    "</ram:ShipToTradeParty></ram:ApplicableHeaderTradeDelivery>"
)
CII_NO_PLACE = "<ram:ApplicableHeaderTradeDelivery/>"


def ubl_agent(old: str = "", new: str = "") -> Edit:
    return Edit(
        UBL_SELLER_END,
        UBL_SELLER_END.replace("</cac:PartyLegalEntity>", "</cac:PartyLegalEntity>" + UBL_AGENT.replace(old, new)),
    )


def cii_agent(old: str = "", new: str = "") -> Edit:
    return before(CII_AGREEMENT, CII_AGENT.replace(old, new))


def ubl_member(note: str, representative: str) -> bytes:
    """A seller that is a member of a single taxable person."""
    held = "<cac:TaxRepresentativeParty><cac:PartyTaxScheme><cbc:CompanyID>{}</cbc:CompanyID></cac:PartyTaxScheme></cac:TaxRepresentativeParty>"
    return ubl(
        Edit('"0009">73282932000074<', '"0231">732829320<'),
        Edit("#ADN#B2G", f"#TXD#{note}"),
        before(UBL_MEANS, held.format(representative)),
    )


def cii_member(note: str, scheme: str) -> bytes:
    """The same in CII."""
    held = (
        '<ram:SellerTaxRepresentativeTradeParty><ram:SpecifiedTaxRegistration><ram:ID schemeID="{}">FR1</ram:ID>'
        "</ram:SpecifiedTaxRegistration></ram:SellerTaxRepresentativeTradeParty>"
    )
    return cii(
        Edit('"0009">73282932000074<', '"0231">732829320<'),
        Edit(">B2G<", f">{note}<"),
        Edit(">ADN<", ">TXD<"),
        before(CII_AGREEMENT, held.format(scheme)),
    )


PARTIES = (
    Case(
        "BR-FR-09",
        ubl(Edit(UBL_SELLER_SIRET, '"0009">55210055400013<')),
        ubl(Edit(UBL_SELLER_SIRET, '"0009">73282932099999<')),
    ),
    Case("BR-FR-09", cii(Edit(CII_SELLER_SIRET, '"0009">7328293200007<')), cii()),
    Case("BR-FR-09", ubl(ubl_agent("73282932000074", "7328293200007A")), ubl(ubl_agent())),
    Case("BR-FR-09", cii(cii_agent("73282932000074", "7328293200007A")), cii(cii_agent())),
    Case("BR-FR-09", ubl(before(UBL_MEANS, UBL_PLACE.replace("74<", "<"))), ubl(before(UBL_MEANS, UBL_PLACE))),
    Case("BR-FR-09", cii(Edit(CII_NO_PLACE, CII_PLACE.replace("74<", "<"))), cii(Edit(CII_NO_PLACE, CII_PLACE))),
    Case("BR-FR-10", ubl(Edit(UBL_SELLER_SIREN, '<cbc:CompanyID schemeID="0088">732829320<')), ubl()),
    Case("BR-FR-10", cii(Edit(CII_SELLER_SIREN, '<ram:ID schemeID="0002">73282932<')), cii()),
    Case("BR-FR-11", ubl(UBL_B2B, Edit('"0002">110002011<', '"0088">110002011<')), ubl(UBL_B2B)),
    Case(
        "BR-FR-11",
        cii(CII_B2B, Edit('"0002">110002011<', '"0088">110002011<')),
        cii(Edit('"0002">110002011<', '"0088">110002011<')),
    ),
    Case("BR-FR-24", ubl(Edit(">D2250<", ">D/2250<")), ubl(Edit(">D2250<", ">D.2+2_5-0<"))),
    Case(
        "BR-FR-24",
        cii(after(CII_BUYER_ID, '<ram:GlobalID schemeID="0224">D 1</ram:GlobalID>')),
        cii(after(CII_BUYER_ID, '<ram:GlobalID schemeID="0224">D1</ram:GlobalID>')),
    ),
    Case("BR-FR-26", ubl(Edit(">D2250<", f">{'D' * 101}<")), ubl(Edit(">D2250<", f">{'D' * 100}<"))),
    Case(
        "BR-FR-26",
        cii(after(CII_BUYER_ID, f'<ram:GlobalID schemeID="0224">{"D" * 101}</ram:GlobalID>')),
        cii(after(CII_BUYER_ID, f'<ram:GlobalID schemeID="0224">{"D" * 100}</ram:GlobalID>')),
    ),
    Case(
        "BR-FR-32",
        ubl(Edit('"0002">110002011<', '"0002">11000201<')),
        ubl(Edit('"0002">110002011<', '"0002"> 110002011 <')),
    ),
    Case("BR-FR-32", cii(Edit(CII_SELLER_SIREN, '<ram:ID schemeID="0002">A<')), cii()),
    Case(
        "BR-FR-32",
        cii(before("<ram:Name>Ramette", '<ram:GlobalID schemeID="0002">1</ram:GlobalID>')),
        cii(before("<ram:Name>Ramette", '<ram:GlobalID schemeID="0160">1</ram:GlobalID>')),
    ),
    Case("BR-FR-CO-10", ubl(Edit('<cbc:ID schemeID="0224">', "<cbc:ID>")), ubl()),
    Case(
        "BR-FR-CO-10", ubl(Edit('schemeID="0224"', 'schemeID="0009"')), ubl(Edit('schemeID="0224"', 'schemeID="0088"'))
    ),
    Case("BR-FR-CO-10", ubl(ubl_agent(' schemeID="0009"', "")), ubl(ubl_agent())),
    Case(
        "BR-FR-CO-10",
        ubl(before(UBL_MEANS, UBL_PLACE.replace(' schemeID="0009"', ""))),
        ubl(before(UBL_MEANS, UBL_PLACE)),
    ),
    Case(
        "BR-FR-CO-10",
        ubl(
            before(
                UBL_MEANS, UBL_PLACE.replace("</cbc:ID>", '</cbc:ID><cbc:ID schemeID="0009">73282932000074</cbc:ID>')
            )
        ),
        ubl(
            before(
                UBL_MEANS, UBL_PLACE.replace("</cbc:ID>", '</cbc:ID><cbc:ID schemeID="0088">73282932000074</cbc:ID>')
            )
        ),
    ),
    Case(
        "BR-FR-CO-10",
        cii(after(CII_BUYER_ID, "<ram:GlobalID>1</ram:GlobalID>")),
        cii(before(CII_BUYER_ID, "<ram:ID>1</ram:ID>")),
    ),
    Case(
        "BR-FR-CO-10",
        cii(after(CII_BUYER_ID, CII_BUYER_ID)),
        cii(after(CII_BUYER_ID, '<ram:GlobalID schemeID="0088">1</ram:GlobalID>')),
    ),
    Case("BR-FR-CO-10", cii(cii_agent(' schemeID="0009"', "")), cii(cii_agent())),
    Case("BR-FR-CO-14", ubl_member("MEMBRE", "FR1"), ubl_member("MEMBRE_ASSUJETTI_UNIQUE", "FR1")),
    Case("BR-FR-CO-14", cii_member("MEMBRE", "VA"), cii_member("MEMBRE_ASSUJETTI_UNIQUE", "VA")),
    Case("BR-FR-CO-15", ubl_member("", ""), ubl_member("", "FR1")),
    Case("BR-FR-CO-15", cii_member("", "FC"), cii_member("", "VA")),
)

UBL_SELLER_ADDRESS = '<cbc:EndpointID schemeID="0225">732829320</cbc:EndpointID>'
UBL_BUYER_ADDRESS = '<cbc:EndpointID schemeID="0225">110002011</cbc:EndpointID>'
CII_SELLER_ADDRESS = '<ram:URIID schemeID="0225">732829320</ram:URIID>'
CII_BUYER_ADDRESS = '<ram:URIID schemeID="0225">110002011</ram:URIID>'


def address(old: str, text: str, scheme: str = "0225") -> Edit:
    head, _, rest = old.partition("0225")
    return Edit(old, f'{head}{scheme}">{text}<{rest.rpartition("<")[2]}')


ADDRESSES = (
    Case("BR-FR-12", ubl(Edit(UBL_BUYER_ADDRESS, "")), ubl(address(UBL_BUYER_ADDRESS, "a@b.fr", "EM"))),
    Case("BR-FR-12", cii(address(CII_BUYER_ADDRESS, "")), cii(address(CII_BUYER_ADDRESS, "a@b.fr", "EM"))),
    Case("BR-FR-13", ubl(address(UBL_SELLER_ADDRESS, " ", "EM")), ubl(address(UBL_SELLER_ADDRESS, "a@b.fr", "EM"))),
    Case("BR-FR-12", ubl(address(UBL_BUYER_ADDRESS, " ", "EM")), ubl(address(UBL_BUYER_ADDRESS, "\u00a0", "EM"))),
    Case("BR-FR-13", cii(Edit(CII_SELLER_ADDRESS, "")), cii(address(CII_SELLER_ADDRESS, "a@b.fr", "EM"))),
    Case(
        "BR-FR-21",
        ubl(UBL_B2B, address(UBL_BUYER_ADDRESS, "552100554")),
        ubl(UBL_B2B, address(UBL_BUYER_ADDRESS, "110002011_X")),
    ),
    Case("BR-FR-21", cii(CII_B2B, address(CII_BUYER_ADDRESS, "110002011", "EM")), cii(CII_B2B)),
    Case(
        "BR-FR-22",
        ubl(UBL_B2B, ubl_type("389"), address(UBL_SELLER_ADDRESS, "552100554")),
        ubl(UBL_B2B, address(UBL_SELLER_ADDRESS, "552100554")),
    ),
    Case("BR-FR-22", cii(CII_B2B, cii_type("389"), address(CII_SELLER_ADDRESS, "1")), cii(CII_B2B, cii_type("389"))),
    Case(
        "BR-FR-23",
        ubl(address(UBL_SELLER_ADDRESS, "732829320/1")),
        ubl(address(UBL_SELLER_ADDRESS, "732829320/1", "EM")),
    ),
    Case(
        "BR-FR-23", cii(address(CII_SELLER_ADDRESS, "732829320 1")), cii(address(CII_SELLER_ADDRESS, "732829320.1+2"))
    ),
    Case("BR-FR-23", ubl(ubl_agent('"0225">732829320', '"0225">7@')), ubl(ubl_agent())),
    Case("BR-FR-25", ubl(address(UBL_SELLER_ADDRESS, "7" * 126)), ubl(address(UBL_SELLER_ADDRESS, "7" * 125))),
    Case(
        "BR-FR-25", cii(address(CII_BUYER_ADDRESS, "a" * 126, "EM")), cii(address(CII_BUYER_ADDRESS, "a" * 125, "EM"))
    ),
)

CREDIT_REFERENCE = Edit(UBL_REFERENCE, "")
PERIOD = "<cac:InvoicePeriod><cbc:StartDate>2026-01-01</cbc:StartDate>{}</cac:InvoicePeriod>"
UBL_REBATE = "<cac:ContractDocumentReference><cbc:ID>M1</cbc:ID></cac:ContractDocumentReference>"
CII_REBATE = (
    "<ram:ContractReferencedDocument><ram:IssuerAssignedID>M1</ram:IssuerAssignedID></ram:ContractReferencedDocument>"
)
CII_PERIOD = (
    '<ram:BillingSpecifiedPeriod><ram:StartDateTime><udt:DateTimeString format="102">20260101</udt:DateTimeString></ram:StartDateTime>'
    '<ram:EndDateTime><udt:DateTimeString format="102">20261231</udt:DateTimeString></ram:EndDateTime></ram:BillingSpecifiedPeriod>'
)
END = "<cbc:EndDate>2026-12-31</cbc:EndDate>"
UBL_LINE_ITEM = "<cac:Item>\n"
LINE_REFERENCE = before(UBL_LINE_ITEM, UBL_REFERENCE)
UBL_PAID = Edit(
    '<cbc:PayableAmount currencyID="EUR">597.60',
    '<cbc:PrepaidAmount currencyID="EUR">597.60</cbc:PrepaidAmount><cbc:PayableAmount currencyID="EUR">0',
)
CII_PAID = Edit(
    "<ram:DuePayableAmount>597.60", "<ram:TotalPrepaidAmount>597.60</ram:TotalPrepaidAmount><ram:DuePayableAmount>0.00"
)
UBL_DOLLARS, CII_DOLLARS = (
    Edit("DocumentCurrencyCode>EUR<", "DocumentCurrencyCode>USD<"),
    Edit("InvoiceCurrencyCode>EUR<", "InvoiceCurrencyCode>USD<"),
)
UBL_EUROS = before("<cac:OrderReference>", "<cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>")
CII_EUROS = before("<ram:InvoiceCurrencyCode>", "<ram:TaxCurrencyCode>EUR</ram:TaxCurrencyCode>")

CONSISTENCY = (
    Case(
        "BR-FR-CO-01",
        ubl(Edit(UBL_ISSUE, "<cbc:IssueDate>2026-11-29<")),
        ubl(Edit(UBL_ISSUE, "<cbc:IssueDate>2026-11-28<")),
    ),
    Case("BR-FR-CO-01", cii(Edit(CII_ISSUE, ">20261129<")), cii(Edit(CII_ISSUE, ">20261128<"))),
    Case(
        "BR-FR-CO-03",
        ubl_credit_note(
            credit_type("262"),
            before("<cac:OrderReference>", PERIOD.format("")),
            before("<cac:AccountingSupplierParty>", UBL_REBATE),
        ),
        ubl_credit_note(
            credit_type("262"),
            before("<cac:OrderReference>", PERIOD.format(END)),
            before("<cac:AccountingSupplierParty>", UBL_REBATE),
        ),
    ),
    Case(
        "BR-FR-CO-03",
        cii(cii_type("262"), before("<ram:SpecifiedTradePaymentTerms>", CII_PERIOD)),
        cii(
            cii_type("262"),
            before("<ram:SpecifiedTradePaymentTerms>", CII_PERIOD),
            after("</ram:BuyerOrderReferencedDocument>", CII_REBATE),
        ),
    ),
    Case(
        "BR-FR-CO-04",
        ubl(ubl_type("384")),
        ubl(ubl_type("384"), before("<cac:AccountingSupplierParty>", UBL_REFERENCE)),
    ),
    Case(
        "BR-FR-CO-04",
        cii(cii_type("384"), after("</ram:SpecifiedTradeSettlementHeaderMonetarySummation>", CII_REFERENCE * 2)),
        cii(cii_type("384"), after("</ram:SpecifiedTradeSettlementHeaderMonetarySummation>", CII_REFERENCE)),
    ),
    Case("BR-FR-CO-05", ubl_credit_note(CREDIT_REFERENCE), ubl_credit_note()),
    Case("BR-FR-CO-05", ubl_credit_note(CREDIT_REFERENCE), ubl_credit_note(CREDIT_REFERENCE, LINE_REFERENCE)),
    Case(
        "BR-FR-CO-05",
        cii(cii_type("381")),
        cii(cii_type("381"), after("</ram:SpecifiedTradeSettlementLineMonetarySummation>", CII_REFERENCE)),
    ),
    Case(
        "BR-FR-CO-07",
        ubl(Edit(UBL_DUE, "<cbc:DueDate>2026-11-19<")),
        ubl(Edit(UBL_DUE, "<cbc:DueDate>2026-11-19<"), ubl_frame("S2")),
    ),
    Case(
        "BR-FR-CO-07",
        ubl(after("<cac:PaymentMeans>", "<cbc:PaymentDueDate>2026-11-19</cbc:PaymentDueDate>")),
        ubl(after("<cac:PaymentMeans>", "<cbc:PaymentDueDate>2026-11-20</cbc:PaymentDueDate>")),
    ),
    Case("BR-FR-CO-07", cii(Edit(CII_DUE, ">20261119<")), cii(Edit(CII_DUE, ">20261119<"), cii_type("386"))),
    Case("BR-FR-CO-08", ubl(ubl_frame("B4"), ubl_type("386")), ubl(ubl_frame("B4"))),
    Case("BR-FR-CO-08", cii(cii_frame("M4"), cii_type("503")), cii(cii_frame("M1"), cii_type("503"))),
    Case(
        "BR-FR-CO-09",
        ubl(ubl_frame("B2"), Edit(f"{UBL_DUE}/cbc:DueDate>", "")),
        ubl(ubl_frame("B2"), UBL_PAID),
        times=3,
    ),
    Case("BR-FR-CO-09", cii(cii_frame("S2")), cii(cii_frame("S2"), CII_PAID), times=2),
    Case("BR-FR-CO-12", ubl(UBL_DOLLARS), ubl(UBL_DOLLARS, UBL_EUROS)),
    Case(
        "BR-FR-CO-12",
        cii(CII_DOLLARS, CII_EUROS, Edit('TaxTotalAmount currencyID="EUR"', 'TaxTotalAmount currencyID="USD"')),
        cii(CII_DOLLARS, CII_EUROS),
    ),
)

UBL_FILE = "<cac:AdditionalDocumentReference><cbc:ID{}>P1</cbc:ID>{}</cac:AdditionalDocumentReference>"
CII_FILE = (
    "<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>{}</ram:IssuerAssignedID><ram:TypeCode>{}</ram:TypeCode>"
    "<ram:Name>{}</ram:Name>{}</ram:AdditionalReferencedDocument>"
)
CII_AGREEMENT_END = "</ram:ApplicableHeaderTradeAgreement>"


def ubl_file(description: str, attributes: str = "", text: str = "P1") -> Edit:
    held = f"<cbc:DocumentDescription>{description}</cbc:DocumentDescription>" if description else ""
    return before("<cac:AccountingSupplierParty>", UBL_FILE.format(attributes, held).replace("P1", text))


def cii_file(name: str, *, code: str = "916", number: str = "P1", scheme: str = "") -> Edit:
    reference = f"<ram:ReferenceTypeCode>{scheme}</ram:ReferenceTypeCode>" if scheme else ""
    return before(CII_AGREEMENT_END, CII_FILE.format(number, code, name, reference))


def ubl_attribute(inner: str) -> Edit:
    return before(
        "</cac:Item>", f"<cac:AdditionalItemProperty><cbc:Name>Couleur</cbc:Name>{inner}</cac:AdditionalItemProperty>"
    )


def cii_attribute(inner: str) -> Edit:
    return before(
        "</ram:SpecifiedTradeProduct>",
        f"<ram:ApplicableProductCharacteristic>{inner}</ram:ApplicableProductCharacteristic>",
    )


def ubl_object(text: str, scheme: str = "AFL") -> Edit:
    return before(
        UBL_LINE_ITEM, f'<cac:DocumentReference><cbc:ID schemeID="{scheme}">{text}</cbc:ID></cac:DocumentReference>'
    )


CONTENT = (
    Case("BR-FR-17", ubl(ubl_file("PHOTO")), ubl(ubl_file("RIB"))),
    Case("BR-FR-17", cii(cii_file("PHOTO")), cii(cii_file("PHOTO", code="50"))),
    Case("BR-FR-18", ubl(ubl_file("LISIBLE"), ubl_file("LISIBLE")), ubl(ubl_file("LISIBLE"))),
    Case("BR-FR-18", cii(cii_file("LISIBLE"), cii_file("LISIBLE", code="130")), cii(cii_file("LISIBLE"))),
    Case("BR-FR-29", ubl(ubl_file("", ' schemeID="AFL"', " ")), ubl(ubl_file("", ' schemeID="AFL"'))),
    Case(
        "BR-FR-29",
        cii(cii_file("x", code="130", number=" ", scheme="AVV")),
        cii(cii_file("x", code="130", scheme="AVV")),
    ),
    Case(
        "BR-FR-29",
        cii(cii_file("", code="130", scheme="AFL"), cii_file("", scheme="AFL")),
        cii(cii_file("", code="130", scheme="AFL"), cii_file("", scheme="AVV")),
    ),
    Case(
        "BR-FR-29",
        ubl(ubl_file("", ' schemeID="AFL"', 'P1</cbc:ID><cbc:ID schemeID="AFL">P2')),
        ubl(ubl_file("", ' schemeID="AFL"'), ubl_file("", ' schemeID="AFL"', "P2")),
    ),
    Case(
        "BR-FR-27",
        cii(cii_attribute("<ram:Value>x</ram:Value>")),
        cii(cii_attribute("<ram:TypeCode>c</ram:TypeCode><ram:Value>x</ram:Value>")),
    ),
    Case(
        "BR-FR-27",
        cii(cii_attribute("<ram:Description> </ram:Description><ram:Value>x</ram:Value>")),
        cii(cii_attribute("<ram:Description>n</ram:Description><ram:Value>x</ram:Value>")),
    ),
    Case("BR-FR-28", ubl(ubl_attribute("")), ubl(ubl_attribute("<cbc:Value>Bleu</cbc:Value>"))),
    Case(
        "BR-FR-28",
        ubl(ubl_attribute('<cbc:Value>3</cbc:Value><cbc:ValueQuantity unitCode="KGM">3</cbc:ValueQuantity>')),
        ubl(ubl_attribute('<cbc:ValueQuantity unitCode="KGM">3</cbc:ValueQuantity>')),
    ),
    Case(
        "BR-FR-28",
        cii(cii_attribute("<ram:Description>n</ram:Description><ram:ValueMeasure>3</ram:ValueMeasure>")),
        cii(cii_attribute('<ram:Description>n</ram:Description><ram:ValueMeasure unitCode="KGM">3</ram:ValueMeasure>')),
    ),
    Case("BR-FR-30", ubl(ubl_object(" ")), ubl(ubl_object("1"))),
    Case(
        "BR-FR-30",
        ubl(ubl_object('1</cbc:ID><cbc:ID schemeID="AFL">2')),
        ubl(ubl_object('1</cbc:ID><cbc:ID schemeID="AVV">S1')),
    ),
)


def ubl_allowance(category: str, rate: str, amount: str = "1.00") -> Edit:
    held = (
        f'<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">{amount}</cbc:Amount><cac:TaxCategory>'
        f"<cbc:ID>{category}</cbc:ID><cbc:Percent>{rate}</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:AllowanceCharge>"
    )
    return before("<cac:TaxTotal>", held)


def cii_allowance(inner: str, amount: str = "1.00") -> Edit:
    held = (
        "<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator>"
        f"<ram:ActualAmount>{amount}</ram:ActualAmount><ram:CategoryTradeTax><ram:TypeCode>VAT</ram:TypeCode>{inner}</ram:CategoryTradeTax></ram:SpecifiedTradeAllowanceCharge>"
    )
    return before("<ram:SpecifiedTradePaymentTerms>", held)


CII_STANDARD = "<ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>20</ram:RateApplicablePercent>"
CII_LINE_CATEGORY = (
    "<ram:CategoryCode>S</ram:CategoryCode>\n          <ram:RateApplicablePercent>20.00</ram:RateApplicablePercent>"
)
UBL_QUANTITY, CII_QUANTITY = 'unitCode="C62">120<', 'unitCode="C62">120<'
UBL_PRICE, CII_PRICE = 'PriceAmount currencyID="EUR">4.15<', "<ram:ChargeAmount>4.15<"
UBL_NET, CII_NET = 'LineExtensionAmount currencyID="EUR">498.00<', "LineTotalAmount>498.00<"
UBL_VAT_TOTAL = '<cac:TaxTotal>\n    <cbc:TaxAmount currencyID="EUR">99.60<'

VAT = (
    Case("BR-FR-15", ubl(Edit("<cbc:ID>S<", "<cbc:ID>B<")), ubl(Edit("<cbc:ID>S<", "<cbc:ID>AE<"))),
    Case("BR-FR-15", ubl(Edit("<cbc:ID>S<", "<cbc:ID>L<")), ubl(), times=2),
    Case("BR-FR-15", ubl(ubl_allowance("M", "20")), ubl(ubl_allowance("Z", "20")), times=2),
    Case("BR-FR-15", cii(Edit(CII_LINE_CATEGORY, "")), cii()),
    Case("BR-FR-15", cii(cii_allowance("")), cii(cii_allowance(CII_STANDARD))),
    Case("BR-FR-16", ubl(Edit("Percent>20.00<", "Percent>19.00<")), ubl(Edit("Percent>20.00<", "Percent>5.5<"))),
    Case("BR-FR-16", ubl(ubl_allowance("S", "20.000")), ubl(ubl_allowance("S", "20.0"))),
    Case("BR-FR-16", cii(Edit("Percent>20.00<", "Percent>21<")), cii(Edit("Percent>20.00<", "Percent>1.05<"))),
    Case("BR-FR-DEC-04", ubl(ubl_allowance("S", "20.000")), ubl(ubl_allowance("S", "2000"))),
    Case("BR-FR-DEC-04", cii(Edit("Percent>20.00<", "Percent>100.00<")), cii(Edit("Percent>20.00<", "Percent>100<"))),
)

AMOUNTS = (
    Case(
        "BR-FR-DEC-01",
        ubl(Edit(UBL_NET, UBL_NET.replace("498.00", "498.000"))),
        ubl(Edit(UBL_NET, UBL_NET.replace("498.00", "-498.0"))),
    ),
    Case(
        "BR-FR-DEC-01",
        cii(Edit(CII_NET, CII_NET.replace("498.00", "+498"))),
        cii(Edit(CII_NET, CII_NET.replace("498.00", "498"))),
    ),
    Case(
        "BR-FR-DEC-01",
        ubl(ubl_allowance("S", "20", "-12345678901234567.89")),
        ubl(ubl_allowance("S", "20", "-1234567890123456.78")),
    ),
    Case("BR-FR-DEC-01", cii(cii_allowance(CII_STANDARD, "1.005")), cii(cii_allowance(CII_STANDARD, "1.05"))),
    Case(
        "BR-FR-DEC-01",
        ubl(Edit(UBL_VAT_TOTAL, UBL_VAT_TOTAL.replace("99.60", ".6"))),
        ubl(Edit(UBL_VAT_TOTAL, UBL_VAT_TOTAL.replace("99.60", "0.6"))),
    ),
    Case(
        "BR-FR-DEC-02",
        ubl(Edit(UBL_QUANTITY, 'unitCode="C62">1.00001<')),
        ubl(Edit(UBL_QUANTITY, 'unitCode="C62">-1.0001<')),
    ),
    Case(
        "BR-FR-DEC-02",
        cii(Edit(CII_QUANTITY, 'unitCode="C62">1.00001<')),
        cii(Edit(CII_QUANTITY, 'unitCode="C62">1.0001<')),
    ),
    Case(
        "BR-FR-DEC-03",
        ubl(Edit(UBL_PRICE, UBL_PRICE.replace("4.15", "-4.15"))),
        ubl(Edit(UBL_PRICE, UBL_PRICE.replace("4.15", "-4.15")), ubl_frame("S9")),
    ),
    Case(
        "BR-FR-DEC-03",
        cii(Edit(CII_PRICE, CII_PRICE.replace("4.15", "4.1500001"))),
        cii(Edit(CII_PRICE, CII_PRICE.replace("4.15", "4.150001"))),
    ),
)

BUYER = OTHER._replace(seller="110002011")
UBL_HEAD_NAME, CII_HEAD_NAME = ">seller<", ">seller<"
SAME_NUMBER = OTHER._replace(number="F2026-0117")
CII_GROSS = "<ram:GrandTotalAmount>{}</ram:GrandTotalAmount>"
CII_HEAD_VAT = '<ram:TaxTotalAmount currencyID="EUR">30.00</ram:TaxTotalAmount>'
UBL_STATUS, CII_STATUS = "<cbc:DocumentStatusCode>DETAIL<", "<ram:LineStatusReasonCode>DETAIL<"
CII_OWN_DOCUMENT = "<ram:AdditionalReferencedDocument>"
UBL_OWN_DOCUMENT = "<cac:DocumentReference>"

SUB_INVOICES = (
    Case("BR-FR-MV-01", ubl_groups(MAIN, edits=(Edit(UBL_STATUS, "<cbc:DocumentStatusCode><"),)), ubl_groups(MAIN)),
    Case("BR-FR-MV-01", cii_groups(MAIN, edits=(Edit(CII_STATUS, "<ram:LineStatusReasonCode><"),)), cii_groups(MAIN)),
    Case("BR-FR-MV-02", ubl(ubl_frame("S8")), ubl_groups(MAIN)),
    Case("BR-FR-MV-02", cii(cii_frame("S8")), cii(cii_frame("S1"))),
    Case("BR-FR-MV-03", ubl_groups(MAIN, edits=(Edit(UBL_HEAD_NAME, "> <"),)), ubl_groups(MAIN, OTHER)),
    Case("BR-FR-MV-03", cii_groups(MAIN, edits=(Edit(CII_HEAD_NAME, "> <"),)), cii_groups(MAIN, OTHER)),
    Case(
        "BR-FR-MV-03", ubl_groups(MAIN, edits=(Edit(">S1<", ">S8<"),)), ubl_groups(MAIN, edits=(Edit(">S1<", ">M4<"),))
    ),
    Case(
        "BR-FR-MV-03", cii_groups(MAIN, edits=(Edit(">S1<", ">M8<"),)), cii_groups(MAIN, edits=(Edit(">S1<", ">B1<"),))
    ),
    Case("BR-FR-MV-05", ubl_groups(MAIN._replace(net="150.03")), ubl_groups(MAIN._replace(net="150.01"))),
    Case("BR-FR-MV-05", cii_groups(MAIN._replace(net="149.97")), cii_groups(MAIN._replace(net="149.99"))),
    Case(
        "BR-FR-MV-06",
        ubl_groups(
            MAIN,
            edits=(
                Edit(
                    '<cbc:CompanyID schemeID="0002">732829320</cbc:CompanyID></cac:PartyLegalEntity></cac:ManufacturerParty>',
                    "</cac:PartyLegalEntity></cac:ManufacturerParty>",
                ),
            ),
        ),
        ubl_groups(MAIN),
        times=3,
    ),
    Case(
        "BR-FR-MV-06",
        cii_groups(MAIN, edits=(Edit('"0002">732829320<', '"0002">552100554<'),)),
        cii_groups(MAIN),
        times=2,
    ),
    Case("BR-FR-MV-07", ubl_groups(MAIN, edits=(Edit('"AFL">F2026-0117<', '"AFL">X<'),)), ubl_groups(MAIN), times=2),
    Case(
        "BR-FR-MV-07",
        cii_groups(MAIN, edits=(Edit("<ram:IssuerAssignedID>F2026-0117<", "<ram:IssuerAssignedID>X<"),)),
        cii_groups(MAIN),
        times=2,
    ),
    Case(
        "BR-FR-MV-08",
        ubl_groups(MAIN._replace(number="A"), edits=(Edit('"AFL">A<', '"AFL">B<'), Edit('"AFL">A<', '"AFL">B<'))),
        ubl_groups(MAIN),
    ),
    Case(
        "BR-FR-MV-08",
        cii_groups(MAIN._replace(nets=("150.00",)), edits=(Edit("#F2026-0117#<", "<"), Edit("#F2026-0117#<", "#X#<"))),
        cii_groups(MAIN._replace(nets=("150.00",)), edits=(Edit("#F2026-0117#<", "<"),)),
    ),
    Case(
        "BR-FR-MV-09",
        ubl_groups(MAIN, edits=(Edit('currencyID="EUR">30.00<', 'currencyID="EUR">30.02<'),)),
        ubl_groups(MAIN, edits=(Edit('currencyID="EUR">30.00<', 'currencyID="EUR">30.00<'),)),
    ),
    Case(
        "BR-FR-MV-09",
        cii_groups(MAIN, edits=(Edit(CII_HEAD_VAT, CII_HEAD_VAT.replace("30.00", "29")),)),
        cii_groups(MAIN),
    ),
    Case(
        "BR-FR-MV-10",
        cii_groups(MAIN, edits=(after(CII_HEAD_VAT, CII_GROSS.format("180.03")),)),
        cii_groups(MAIN, edits=(after(CII_HEAD_VAT, CII_GROSS.format("180.02")),)),
    ),
    Case("BR-FR-MV-11", ubl_groups(MAIN._replace(number="A")), ubl_groups(MAIN)),
    Case("BR-FR-MV-11", cii_groups(MAIN._replace(number="A")), cii_groups(MAIN, OTHER)),
    Case("BR-FR-MV-12", ubl_groups(MAIN, SAME_NUMBER), ubl_groups(MAIN, OTHER)),
    Case("BR-FR-MV-12", cii_groups(MAIN, SAME_NUMBER), cii_groups(MAIN, OTHER)),
    Case("BR-FR-MV-13", ubl_groups(MAIN, edits=(ubl_type("389"),)), ubl_groups(MAIN, edits=(ubl_type("384"),))),
    Case("BR-FR-MV-13", cii_groups(MAIN, edits=(cii_type("389"),)), cii_groups(MAIN)),
    Case(
        "BR-FR-MV-14",
        ubl_groups(MAIN, edits=(ubl_type("384"),)),
        ubl_groups(MAIN, edits=(ubl_type("384"), before(UBL_OWN_DOCUMENT, UBL_REFERENCE))),
        times=2,
    ),
    Case(
        "BR-FR-MV-14",
        cii_groups(MAIN, edits=(cii_type("384"),)),
        cii_groups(MAIN, edits=(cii_type("384"), before(CII_OWN_DOCUMENT, CII_REFERENCE))),
        times=2,
    ),
    Case(
        "BR-FR-BD-02",
        ubl_groups(MAIN, frame="B9", edits=(ubl_type("389"),)),
        ubl_groups(MAIN, BUYER, frame="B9", edits=(ubl_type("389"),)),
        times=2,
    ),
    Case("BR-FR-BD-02", cii_groups(MAIN, OTHER, frame="B9"), cii_groups(MAIN, BUYER, frame="B9")),
    Case(
        "BR-FR-BD-13",
        ubl_groups(MAIN, BUYER, frame="B9"),
        ubl_groups(MAIN, BUYER, frame="B9", edits=(ubl_type("389"),)),
    ),
    Case(
        "BR-FR-BD-13",
        cii_groups(MAIN, BUYER, frame="B9"),
        cii_groups(MAIN, BUYER, frame="B9", edits=(cii_type("389"),)),
    ),
    Case(
        "BR-FR-BD-14",
        ubl_groups(MAIN, BUYER, frame="B9", edits=(ubl_type("471"), before(UBL_OWN_DOCUMENT, UBL_REFERENCE))),
        ubl_groups(MAIN, BUYER, frame="B9", edits=(ubl_type("389"),)),
        times=2,
    ),
    Case(
        "BR-FR-BD-14",
        cii_groups(MAIN, BUYER, frame="B9", edits=(cii_type("502"),)),
        cii_groups(MAIN, BUYER, frame="B9"),
        times=4,
    ),
)

CASES = (*DOCUMENT, *NOTES, *PARTIES, *ADDRESSES, *CONSISTENCY, *CONTENT, *VAT, *AMOUNTS, *SUB_INVOICES)
