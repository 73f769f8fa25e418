"""Settled flows of the reform to answer, and the fields of a life-cycle message by their MDT numbers."""

from dataclasses import replace

from lxml import etree

from flux.model.cdar import CDAR_NAMESPACES
from flux.model.finding import Finding, LayerName, Severity
from flux.model.interface import Family
from flux.model.partner import Naming, Partner, PartnerRole, ReplyFamily
from flux.model.verdict import InvoiceSummary, Judgment
from tests.unit.replies.cases import FLOW, SUPPLIER, fatal, judged, summary

PLATFORM = Partner(name="pae123", role=PartnerRole.SUPPLIER, application_code="PAE123", interfaces=("FSO1150A",))
TOWN = Partner(name="ville", role=PartnerRole.ENTITY, application_code="VIL001", interfaces=("FSO3110A",))
DUPONT = Partner(
    name="dupont",
    role=PartnerRole.SUPPLIER,
    application_code="DUP001",
    naming=Naming.FREE,
    replies=ReplyFamily.CDAR,
)

AFNOR_FLOW = replace(FLOW, partner="pae123", name="FSO1150A_PAE123_PAE1231150000000000000007")
G2B_FLOW = replace(FLOW, partner="ville", name="FSO3110A_VIL001_VIL0013110000000000000001")
FREE_FLOW = replace(FLOW, partner="dupont", name="Facture n°117 mars.pdf")

CSO = "CSO1150A_PAE123_FLX0011150000000000000003"
FEN = "FEN1214A_PAE123_FLX0011214000000000000006"

SELLER = replace(SUPPLIER, scheme="0009", siren="732829320", address="732829320_STATUTS", address_scheme="0225")

VAT_TOTAL = fatal(
    "XSD_INVALID",
    layer=LayerName.SCHEMA,
    ruleset="ubl-2.1",
    term="BT-110",
    found="2400,00",
    expected="1234.56",
    line=42,
    xpath="/Invoice/cac:TaxTotal/cbc:TaxAmount",
    facts=(
        ("reason_fr", "« 2400,00 » n'est pas un nombre ; point attendu"),
        ("reason_en", "“2400,00” is not a number; a decimal point is expected"),
    ),
)
RIB_KEY = fatal("IBAN_RIB_KEY", severity=Severity.WARNING, term="BT-84", found="FR1420041010050500013M02606")
REUSED = fatal("FLOW_NAME_REUSED", layer=LayerName.INTAKE, found=AFNOR_FLOW.name)


def invoice(number: str = "F2026-0117", **changes: object) -> InvoiceSummary:
    """What is left of a good invoice of the reform."""
    return replace(summary(number, supplier=SELLER, cadre="M1"), **changes)  # type: ignore[arg-type]  # fields by name


def read(ordinal: int, *findings: Finding, of: InvoiceSummary | None = None, member: str | None = "") -> Judgment:
    """The judgment of the invoice F2026-0117 and following, unless another is given; `member` "" names it by its number."""
    shown = invoice(f"F2026-{117 + ordinal:04d}") if of is None else of
    judgment = replace(judged(ordinal, *findings, invoice=shown), family=Family.AFNOR, interface="FSO1150A")
    return judgment if member == "" else replace(judgment, member=member)


_HEAD, _PHASE = "rsm:ExchangedDocument/", "rsm:AcknowledgementDocument/"
_OBJECT = "rsm:AcknowledgementDocument/ram:ReferenceReferencedDocument/"
_DETAIL = _OBJECT + "ram:SpecifiedDocumentStatus/"
_VALUE = _DETAIL + "ram:SpecifiedDocumentCharacteristic/"
_CONTEXT = "rsm:ExchangedDocumentContext/ram:{}SpecifiedDocumentContextParameter/ram:ID"

MDT = {
    "2": _CONTEXT.format("BusinessProcess"),
    "3": _CONTEXT.format("Guideline"),
    "4": _HEAD + "ram:ID",
    "5": _HEAD + "ram:Name",
    "8": _HEAD + "ram:IssueDateTime/udt:DateTimeString",
    "21": _HEAD + "ram:SenderTradeParty/*",
    "40": _HEAD + "ram:IssuerTradeParty/*",
    "57": _HEAD + "ram:RecipientTradeParty/ram:GlobalID",
    "58": _HEAD + "ram:RecipientTradeParty/ram:Name",
    "59": _HEAD + "ram:RecipientTradeParty/ram:RoleCode",
    "73": _HEAD + "ram:RecipientTradeParty/ram:URIUniversalCommunication/ram:URIID",
    "74": _PHASE + "ram:MultipleReferencesIndicator/udt:Indicator",
    "77": _PHASE + "ram:TypeCode",
    "78": _PHASE + "ram:IssueDateTime/udt:DateTimeString",
    "87": _OBJECT + "ram:IssuerAssignedID",
    "88": _OBJECT + "ram:StatusCode",
    "91": _OBJECT + "ram:TypeCode",
    "95": _OBJECT + "ram:ReceiptDateTime/udt:DateTimeString",
    "100": _OBJECT + "ram:FormattedIssueDateTime/qdt:DateTimeString",
    "105": _OBJECT + "ram:ProcessConditionCode",
    "106": _OBJECT + "ram:ProcessCondition",
    "129": _OBJECT + "ram:IssuerTradeParty/ram:GlobalID",
    "113": _DETAIL + "ram:ReasonCode",
    "114": _DETAIL + "ram:Reason",
    "121": _DETAIL + "ram:RequestedActionCode",
    "122": _DETAIL + "ram:RequestedAction",
    "124-2": _DETAIL + "ram:SequenceNumeric",
    "125": _DETAIL + "ram:IncludedNote/ram:ContentCode",
    "126": _DETAIL + "ram:IncludedNote/ram:Content",
    "127": _DETAIL + "ram:IncludedNote/ram:SubjectCode",
    "206": _VALUE + "ram:ID",
    "207": _VALUE + "ram:TypeCode",
    "211": _VALUE + "ram:Name",
    "213": _VALUE + "ram:Location",
    "214": _VALUE + "ram:Value",
}


def fields(message: bytes | None, mdt: str) -> list[str]:
    """Every text of a field, in the order of the message."""
    assert message is not None
    return [element.text or "" for element in etree.fromstring(message).iterfind(MDT[mdt], CDAR_NAMESPACES)]
