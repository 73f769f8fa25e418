"""Reading CDAR messages in tests: the value of each MDT, found without any code of flux."""

import io
import tarfile
from pathlib import Path

from lxml import etree

from tests.schemas import our_schemas

_RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
_RSM = "urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100"
_ROOT = f"{{{_RSM}}}CrossDomainAcknowledgementAndResponse"

_DOCUMENT = "rsm:ExchangedDocument"
_ACKNOWLEDGEMENT = "rsm:AcknowledgementDocument"
_REFERENCE = f"{_ACKNOWLEDGEMENT}/ram:ReferenceReferencedDocument"
_STATUS = f"{_REFERENCE}/ram:SpecifiedDocumentStatus"
_CHARACTERISTIC = f"{_STATUS}/ram:SpecifiedDocumentCharacteristic"

# Where each datum stands (DSE annex 2; CDAR D22B).
PATHS = {
    "2": "rsm:ExchangedDocumentContext/ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID",
    "3": "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID",
    "4": f"{_DOCUMENT}/ram:ID",
    "5": f"{_DOCUMENT}/ram:Name",
    "8": f"{_DOCUMENT}/ram:IssueDateTime/*",
    "21": f"{_DOCUMENT}/ram:SenderTradeParty/ram:RoleCode",
    "40": f"{_DOCUMENT}/ram:IssuerTradeParty/ram:RoleCode",
    "57": f"{_DOCUMENT}/ram:RecipientTradeParty/ram:GlobalID",
    "59": f"{_DOCUMENT}/ram:RecipientTradeParty/ram:RoleCode",
    "73": f"{_DOCUMENT}/ram:RecipientTradeParty/ram:URIUniversalCommunication/ram:URIID",
    "74": f"{_ACKNOWLEDGEMENT}/ram:MultipleReferencesIndicator/*",
    "77": f"{_ACKNOWLEDGEMENT}/ram:TypeCode",
    "78": f"{_ACKNOWLEDGEMENT}/ram:IssueDateTime/*",
    "87": f"{_REFERENCE}/ram:IssuerAssignedID",
    "88": f"{_REFERENCE}/ram:StatusCode",
    "91": f"{_REFERENCE}/ram:TypeCode",
    "95": f"{_REFERENCE}/ram:ReceiptDateTime/*",
    "100": f"{_REFERENCE}/ram:FormattedIssueDateTime/*",
    "105": f"{_REFERENCE}/ram:ProcessConditionCode",
    "106": f"{_REFERENCE}/ram:ProcessCondition",
    "129": f"{_REFERENCE}/ram:IssuerTradeParty/ram:GlobalID",
    "113": f"{_STATUS}/ram:ReasonCode",
    "114": f"{_STATUS}/ram:Reason",
    "121": f"{_STATUS}/ram:RequestedActionCode",
    "122": f"{_STATUS}/ram:RequestedAction",
    "124-2": f"{_STATUS}/ram:SequenceNumeric",
    "125": f"{_STATUS}/ram:IncludedNote/ram:ContentCode",
    "126": f"{_STATUS}/ram:IncludedNote/ram:Content",
    "127": f"{_STATUS}/ram:IncludedNote/ram:SubjectCode",
    "206": f"{_CHARACTERISTIC}/ram:ID",
    "207": f"{_CHARACTERISTIC}/ram:TypeCode",
    "213": f"{_CHARACTERISTIC}/ram:Location",
    "214": f"{_CHARACTERISTIC}/ram:Value",
}


class CdarMessage:
    """A CDAR message that is valid against the official schema."""

    def __init__(self, data: bytes) -> None:
        self._root = etree.fromstring(data)
        schema = our_schemas().compiled("cdar-d22b", _ROOT).validator
        assert schema.validate(self._root), schema.error_log

    def all(self, mdt: str) -> list[str]:
        """Every value of a datum, in the order of the document."""
        found = self._root.findall(PATHS[mdt], {"ram": _RAM, "rsm": _RSM})
        return [element.text or "" for element in found]

    def __getitem__(self, mdt: str) -> str | None:
        """The one value of a datum, None where the message has none."""
        values = self.all(mdt)
        assert len(values) <= 1, (mdt, values)
        return values[0] if values else None


def read_cdar(file: Path) -> CdarMessage:
    """A message that was put out as a file of its own."""
    return CdarMessage(file.read_bytes())


def read_cdars(file: Path) -> dict[str, CdarMessage]:
    """The messages of a tar.gz, by the name of their member."""
    with tarfile.open(fileobj=io.BytesIO(file.read_bytes()), mode="r:gz") as archive:
        members = ((member.name, archive.extractfile(member)) for member in archive)
        return {name: CdarMessage(content.read()) for name, content in members if content is not None}
