"""A life-cycle message (`flux.model.cdar`) as the bytes of a CDAR D22B.

The schema bounds nothing; `flux.replies.cdar_bounds` does. A location that is too long is left out: half a path points
elsewhere.
"""

from base64 import b64encode
from collections.abc import Iterable
from datetime import date, datetime
from typing import TypeVar

from lxml import etree
from lxml.etree import SubElement

from flux.model.cdar import (
    CDAR_NAMESPACES,
    Acknowledgement,
    Cdar,
    CdvAttachment,
    CdvNote,
    CdvParty,
    Characteristic,
    LocalText,
    ReferencedDocument,
    SchemedId,
    StatusDetail,
)
from flux.model.paris import in_paris
from flux.replies.cdar_bounds import (
    LOCATION_CHARACTERS,
    bounded_identifier,
    bounded_number,
    bounded_sequence,
    bounded_text,
)
from flux.replies.envelope import finish_message, write_text
from flux.replies.texts import clean

_RSM, _RAM, _QDT, _UDT = (f"{{{CDAR_NAMESPACES[prefix]}}}" for prefix in ("rsm", "ram", "qdt", "udt"))

_Value = TypeVar("_Value")

_MOMENT, _DAY = "204", "102"


def write_cdar(message: Cdar) -> bytes:
    """The message. Raises ValueError for one that is not whole, or that holds an identifier or a number out of bounds."""
    root = etree.Element(_RSM + "CrossDomainAcknowledgementAndResponse", nsmap=CDAR_NAMESPACES)
    context = SubElement(root, _RSM + "ExchangedDocumentContext")
    _append_parameter(context, "BusinessProcessSpecifiedDocumentContextParameter", message.process)
    _append_parameter(context, "GuidelineSpecifiedDocumentContextParameter", message.guideline)
    _append_head(SubElement(root, _RSM + "ExchangedDocument"), message)
    for each in _not_empty(message.acknowledgements, "acknowledgement"):
        _append_acknowledgement(SubElement(root, _RSM + "AcknowledgementDocument"), each)
    return finish_message(root)


def _append_parameter(context: etree._Element, tag: str, value: str | None) -> None:
    if value is not None:
        _append(SubElement(context, _RAM + tag), "ID", value)


def _append_head(head: etree._Element, message: Cdar) -> None:
    _append_identifier(head, "ID", message.identifier, "4")
    _append_cut(head, "Name", message.name, "5")
    _append_time(head, "IssueDateTime", message.issued_at)
    _append_party(head, "SenderTradeParty", message.sender)
    _append_party(head, "IssuerTradeParty", message.issuer)
    for recipient in _not_empty(message.recipients, "recipient"):
        _append_party(head, "RecipientTradeParty", recipient)


def _append_party(parent: etree._Element, tag: str, party: CdvParty | None) -> None:
    if party is None:
        return
    element = SubElement(parent, _RAM + tag)
    for child, identifiers in (("ID", party.identifiers), ("GlobalID", party.global_identifiers)):
        for identifier in identifiers:
            _append_schemed(element, child, identifier)
    _append(element, "Name", party.name)
    _append(element, "RoleCode", party.role)
    if party.address is not None:
        _append_schemed(SubElement(element, _RAM + "URIUniversalCommunication"), "URIID", party.address)


def _append_acknowledgement(element: etree._Element, acknowledgement: Acknowledgement) -> None:
    if acknowledgement.is_multiple is not None:
        indicator = SubElement(element, _RAM + "MultipleReferencesIndicator")
        SubElement(indicator, _UDT + "Indicator").text = _word(is_true=acknowledgement.is_multiple)
    _append(element, "TypeCode", acknowledgement.phase)
    _append_time(element, "IssueDateTime", acknowledgement.issued_at)
    for document in _not_empty(acknowledgement.documents, "document"):
        _append_document(SubElement(element, _RAM + "ReferenceReferencedDocument"), document)


def _append_document(element: etree._Element, document: ReferencedDocument) -> None:
    _append_identifier(element, "IssuerAssignedID", document.identifier, "87")
    _append(element, "StatusCode", document.document_status)
    _append(element, "TypeCode", document.type_code)
    _append_time(element, "ReceiptDateTime", document.received_at)
    for attachment in document.attachments:
        _append_attachment(element, attachment)
    _append(element, "ReferenceTypeCode", document.reference_type)
    _append_time(element, "FormattedIssueDateTime", document.issue_date, _QDT)
    _append(element, "ProcessConditionCode", document.status)
    _append_texts(element, "ProcessCondition", document.status_labels, "106")
    _append_party(element, "IssuerTradeParty", document.seller)
    for recipient in document.recipients:
        _append_party(element, "RecipientTradeParty", recipient)
    for detail in document.details:
        _append_detail(SubElement(element, _RAM + "SpecifiedDocumentStatus"), detail)


def _append_attachment(element: etree._Element, attachment: CdvAttachment) -> None:
    binary = _append(element, "AttachmentBinaryObject", b64encode(attachment.content).decode("ascii"))
    _set(binary, "mimeCode", attachment.mime_code)
    _set(binary, "filename", attachment.filename)


def _append_detail(element: etree._Element, detail: StatusDetail) -> None:
    _append_identifier(element, "ReasonCode", detail.motif, "113")
    _append_texts(element, "Reason", detail.motif_labels, "114")
    _append(element, "ProcessConditionCode", detail.status)
    _append_identifier(element, "RequestedActionCode", detail.action, "121")
    _append_texts(element, "RequestedAction", detail.action_labels, "122")
    if detail.sequence is not None:
        _append(element, "SequenceNumeric", bounded_sequence(detail.sequence))
    for note in detail.notes:
        _append_note(SubElement(element, _RAM + "IncludedNote"), note)
    for characteristic in detail.characteristics:
        _append_characteristic(SubElement(element, _RAM + "SpecifiedDocumentCharacteristic"), characteristic)


def _append_note(element: etree._Element, note: CdvNote) -> None:
    _append_identifier(element, "ContentCode", note.code, "125")
    _append_texts(element, "Content", note.content, "126")
    _append_cut(element, "SubjectCode", note.subject, "127")


def _append_characteristic(element: etree._Element, characteristic: Characteristic) -> None:
    _append_identifier(element, "ID", characteristic.term, "206")
    _append_identifier(element, "TypeCode", characteristic.type_code, "207")
    if characteristic.is_changed is not None:
        indicator = SubElement(element, _RAM + "ValueChangedIndicator")
        SubElement(indicator, _UDT + "IndicatorString").text = _word(is_true=characteristic.is_changed)
    _append_texts(element, "Name", characteristic.names, "211")
    if characteristic.location is not None and len(characteristic.location) <= LOCATION_CHARACTERS:
        _append(element, "Location", characteristic.location)
    _append_texts(element, "Value", characteristic.values, "214")
    if (amount := characteristic.amount) is not None:
        _set(_append(element, "ValueAmount", bounded_number(amount.value, "215")), "currencyID", amount.currency)
    _append_time(element, "ValueDateTime", characteristic.day)
    if characteristic.percent is not None:
        _append(element, "ValuePercent", bounded_number(characteristic.percent, "224"))


def _append(parent: etree._Element, tag: str, text: str | None) -> etree._Element | None:
    if text is None:
        return None
    child = SubElement(parent, _RAM + tag)
    write_text(child, text)
    return child


def _append_identifier(parent: etree._Element, tag: str, text: str | None, mdt: str) -> None:
    _append(parent, tag, text if text is None else bounded_identifier(text, mdt))


def _append_schemed(parent: etree._Element, tag: str, identifier: SchemedId) -> None:
    _set(_append(parent, tag, identifier.text), "schemeID", identifier.scheme)


def _append_cut(parent: etree._Element, tag: str, text: str | None, mdt: str) -> None:
    _append(parent, tag, text if text is None else bounded_text(text, mdt))


def _append_texts(parent: etree._Element, tag: str, texts: Iterable[LocalText], mdt: str) -> None:
    for each in texts:
        _set(_append(parent, tag, bounded_text(each.text, mdt)), "languageID", each.language)


def _append_time(parent: etree._Element, tag: str, time: date | datetime | None, types: str = _UDT) -> None:
    if time is None:
        return
    kind, text = (_MOMENT, _moment(time)) if isinstance(time, datetime) else (_DAY, _day(time))
    SubElement(SubElement(parent, _RAM + tag), types + "DateTimeString", format=kind).text = text


def _moment(moment: datetime) -> str:
    local = in_paris(moment)
    return f"{_day(local)}{local.hour:02}{local.minute:02}{local.second:02}"


def _day(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def _set(element: etree._Element | None, attribute: str, value: str | None) -> None:
    if element is not None and value is not None:
        element.set(attribute, clean(value))


def _word(*, is_true: bool) -> str:
    return "true" if is_true else "false"


def _not_empty(values: tuple[_Value, ...], what: str) -> tuple[_Value, ...]:
    if not values:
        raise ValueError(f"a CDAR needs at least one {what}")
    return values
