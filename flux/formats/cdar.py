"""A life-cycle message read from its tree: UN/CEFACT CDAR D22B to `flux.model.cdar`.

Partners write codes outside the lists, other formats of dates, details without a number: all that is kept. Only what leaves
the message without a meaning refuses it: a value that cannot be read, or no guideline, identifier, moment, recipient, phase,
referenced document or status.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from flux.formats.message import (
    Faults,
    code_in,
    code_of,
    parse_base64,
    parse_decimal,
    parse_indicator,
    parse_moment,
    parse_time,
    parse_whole,
    text_in,
)
from flux.formats.tree import Element
from flux.model.cdar import (
    CDAR_NAMESPACES,
    UNKNOWN_DAY,
    Acknowledgement,
    Cdar,
    CdvAmount,
    CdvAttachment,
    CdvNote,
    CdvParty,
    Characteristic,
    LocalText,
    ReferencedDocument,
    SchemedId,
    StatusDetail,
)
from flux.model.cdv_codes import (
    CdvAction,
    CdvGuideline,
    CdvPhase,
    CdvProcess,
    CdvRole,
    CdvStatus,
    CharacteristicType,
    DocumentStatus,
    known,
)
from flux.model.finding import Observation
from flux.model.paris import PARIS

_RSM, _RAM, _QDT, _UDT = (f"{{{CDAR_NAMESPACES[prefix]}}}" for prefix in ("rsm", "ram", "qdt", "udt"))
CDAR_ROOT = _RSM + "CrossDomainAcknowledgementAndResponse"

_NO_MOMENT = datetime(UNKNOWN_DAY.year, UNKNOWN_DAY.month, UNKNOWN_DAY.day, tzinfo=PARIS)


class CdarReading(NamedTuple):
    """The message, or None and the observations that say why."""

    message: Cdar | None
    observations: tuple[Observation, ...] = ()


def read_cdar(root: Element) -> CdarReading:
    """The message that a tree with the root element `CDAR_ROOT` holds."""
    faults = Faults()
    context, head = root.find(_RSM + "ExchangedDocumentContext"), root.find(_RSM + "ExchangedDocument")
    if head is None:
        faults.missing(root, "ExchangedDocument")
        return CdarReading(None, faults.observations)
    message = _read_message(root, context, head, faults)
    return CdarReading(None, faults.observations) if faults.observations else CdarReading(message)


def _read_message(root: Element, context: Element | None, head: Element, faults: Faults) -> Cdar:
    process = _parameter(context, "BusinessProcessSpecifiedDocumentContextParameter")
    guideline = _parameter(context, "GuidelineSpecifiedDocumentContextParameter")
    return Cdar(
        process=None if process is None else known(CdvProcess, process),
        guideline=known(CdvGuideline, faults.required(guideline, root, "MDT-3", "")),
        identifier=faults.required(code_in(head, _RAM + "ID"), head, "MDT-4", ""),
        name=text_in(head, _RAM + "Name"),
        issued_at=_required_moment(head, "IssueDateTime", "MDT-8", faults),
        sender=_party(head.find(_RAM + "SenderTradeParty")),
        issuer=_party(head.find(_RAM + "IssuerTradeParty")),
        recipients=faults.several(tuple(_parties(head)), head, "RecipientTradeParty"),
        acknowledgements=faults.several(
            tuple(_acknowledgement(each, faults) for each in root.iterchildren(_RSM + "AcknowledgementDocument")),
            root,
            "AcknowledgementDocument",
        ),
    )


def _parameter(context: Element | None, tag: str) -> str | None:
    return None if context is None else code_in(context.find(_RAM + tag), _RAM + "ID")


def _acknowledgement(element: Element, faults: Faults) -> Acknowledgement:
    documents = element.iterchildren(_RAM + "ReferenceReferencedDocument")
    return Acknowledgement(
        is_multiple=_indicator(element, "MultipleReferencesIndicator", faults),
        phase=known(CdvPhase, faults.required(code_in(element, _RAM + "TypeCode"), element, "MDT-77", "")),
        issued_at=_moment(element, "IssueDateTime", faults),
        documents=faults.several(
            tuple(_document(each, faults) for each in documents), element, "ReferenceReferencedDocument"
        ),
    )


def _document(element: Element, faults: Faults) -> ReferencedDocument:
    document_status = code_in(element, _RAM + "StatusCode")
    reference_type = code_in(element, _RAM + "ReferenceTypeCode")
    status = faults.required(code_in(element, _RAM + "ProcessConditionCode"), element, "MDT-105", "")
    return ReferencedDocument(
        identifier=faults.required(code_in(element, _RAM + "IssuerAssignedID"), element, "MDT-87", ""),
        document_status=None if document_status is None else known(DocumentStatus, document_status),
        type_code=code_in(element, _RAM + "TypeCode"),
        received_at=_moment(element, "ReceiptDateTime", faults),
        attachments=tuple(_attachments(element, faults)),
        reference_type=None if reference_type is None else known(CdvGuideline, reference_type),
        issue_date=_time(element, "FormattedIssueDateTime", faults),
        status=known(CdvStatus, status),
        status_labels=_texts(element, "ProcessCondition"),
        seller=_party(element.find(_RAM + "IssuerTradeParty")),
        recipients=tuple(_parties(element)),
        details=tuple(_detail(each, faults) for each in element.iterchildren(_RAM + "SpecifiedDocumentStatus")),
    )


def _attachments(element: Element, faults: Faults) -> Iterator[CdvAttachment]:
    for binary in element.iterchildren(_RAM + "AttachmentBinaryObject"):
        content = faults.read(binary, parse_base64, "base64")
        if content is not None:
            yield CdvAttachment(content=content, mime_code=binary.get("mimeCode"), filename=binary.get("filename"))


def _detail(element: Element, faults: Faults) -> StatusDetail:
    status = code_in(element, _RAM + "ProcessConditionCode")
    action = code_in(element, _RAM + "RequestedActionCode")
    return StatusDetail(
        motif=code_in(element, _RAM + "ReasonCode"),
        motif_labels=_texts(element, "Reason"),
        status=None if status is None else known(CdvStatus, status),
        action=None if action is None else known(CdvAction, action),
        action_labels=_texts(element, "RequestedAction"),
        sequence=faults.read(element.find(_RAM + "SequenceNumeric"), parse_whole, "1"),
        notes=tuple(_note(each) for each in element.iterchildren(_RAM + "IncludedNote")),
        characteristics=tuple(
            _characteristic(each, faults) for each in element.iterchildren(_RAM + "SpecifiedDocumentCharacteristic")
        ),
    )


def _note(element: Element) -> CdvNote:
    return CdvNote(
        code=code_in(element, _RAM + "ContentCode"),
        content=_texts(element, "Content"),
        subject=code_in(element, _RAM + "SubjectCode"),
    )


def _characteristic(element: Element, faults: Faults) -> Characteristic:
    type_code = code_in(element, _RAM + "TypeCode")
    return Characteristic(
        term=code_in(element, _RAM + "ID"),
        type_code=None if type_code is None else known(CharacteristicType, type_code),
        is_changed=_indicator(element, "ValueChangedIndicator", faults),
        names=_texts(element, "Name"),
        location=text_in(element, _RAM + "Location"),
        values=_texts(element, "Value"),
        amount=_amount(element.find(_RAM + "ValueAmount"), faults),
        day=_time(element, "ValueDateTime", faults),
        percent=faults.read(element.find(_RAM + "ValuePercent"), parse_decimal, "1234.56"),
    )


def _amount(element: Element | None, faults: Faults) -> CdvAmount | None:
    value = faults.read(element, parse_decimal, "1234.56")
    return None if element is None or value is None else CdvAmount(value=value, currency=element.get("currencyID"))


def _parties(element: Element) -> Iterator[CdvParty]:
    for recipient in element.iterchildren(_RAM + "RecipientTradeParty"):
        yield _read_party(recipient)


def _party(element: Element | None) -> CdvParty | None:
    return None if element is None else _read_party(element)


def _read_party(element: Element) -> CdvParty:
    role = code_in(element, _RAM + "RoleCode")
    uri = element.find(f"{_RAM}URIUniversalCommunication/{_RAM}URIID")
    return CdvParty(
        identifiers=tuple(map(_schemed, element.iterchildren(_RAM + "ID"))),
        global_identifiers=tuple(map(_schemed, element.iterchildren(_RAM + "GlobalID"))),
        name=text_in(element, _RAM + "Name"),
        role=None if role is None else known(CdvRole, role),
        address=None if uri is None else _schemed(uri),
    )


def _schemed(element: Element) -> SchemedId:
    return SchemedId(text=code_of(element), scheme=element.get("schemeID"))


def _texts(parent: Element, tag: str) -> tuple[LocalText, ...]:
    return tuple(
        LocalText(text=each.text or "", language=each.get("languageID")) for each in parent.iterchildren(_RAM + tag)
    )


def _moment(parent: Element, tag: str, faults: Faults) -> datetime | None:
    return faults.read(_value_of(parent, tag), parse_moment, "YYYYMMDDhhmmss")


def _required_moment(parent: Element, tag: str, mdt: str, faults: Faults) -> datetime:
    if _value_of(parent, tag) is None:
        faults.missing(parent, mdt)
    return _moment(parent, tag, faults) or _NO_MOMENT


def _time(parent: Element, tag: str, faults: Faults) -> date | datetime | None:
    def parse(text: str) -> date | datetime | None:
        return parse_time(text) or parse_moment(text)

    return faults.read(_value_of(parent, tag), parse, "YYYYMMDD")


def _indicator(parent: Element, tag: str, faults: Faults) -> bool | None:
    return faults.read(_value_of(parent, tag), parse_indicator, "true, false")


def _value_of(parent: Element, tag: str) -> Element | None:
    """The one child that holds the value of a date or of an indicator: the types allow two names, and two namespaces."""
    held = parent.find(_RAM + tag)
    return None if held is None else next(held.iterchildren(_UDT + "*", _QDT + "*"), None)
