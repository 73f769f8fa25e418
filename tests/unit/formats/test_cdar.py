"""Life-cycle messages as partners write them."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from lxml import etree

from flux.formats.cdar import read_cdar
from flux.formats.reader import TreeReader
from flux.model.cdar import CDAR_NAMESPACES, Cdar, LocalText, SchemedId
from flux.model.cdv_codes import CdvPhase, CdvRole, CdvStatus, CharacteristicType
from flux.model.limits import Limits
from flux.model.paris import PARIS

READER = TreeReader(Limits())

DISPUTED = """\ufeff<?xml version="1.0" encoding="UTF-8"?>
<!-- as published, with the numbers beside the fields -->
<cdv:CrossDomainAcknowledgementAndResponse
  xmlns:cdv="urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100"
  xmlns="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
  xmlns:q="urn:un:unece:uncefact:data:standard:QualifiedDataType:100"
  xmlns:u="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
  <cdv:ExchangedDocumentContext>
    <GuidelineSpecifiedDocumentContextParameter>
      <ID>
        urn.cpro.gouv.fr:1p0:CDV:invoice  <!-- MDT-3 -->
      </ID>
    </GuidelineSpecifiedDocumentContextParameter>
  </cdv:ExchangedDocumentContext>
  <cdv:ExchangedDocument>
    <ID>F1_207</ID>
    <IssueDateTime><u:DateTimeString format="204">20261123181500</u:DateTimeString></IssueDateTime>
    <SenderTradeParty><RoleCode>WK</RoleCode></SenderTradeParty>
    <IssuerTradeParty><GlobalID schemeID="0002">110002011</GlobalID><Name>L'acheteur</Name><RoleCode>BY</RoleCode></IssuerTradeParty>
    <RecipientTradeParty>
      <GlobalID schemeID="0002">732829320</GlobalID><RoleCode>SE</RoleCode>
      <URIUniversalCommunication><URIID schemeID="0225">732829320_STATUTS</URIID></URIUniversalCommunication>
    </RecipientTradeParty>
    <RecipientTradeParty><RoleCode>ZZ</RoleCode></RecipientTradeParty>
  </cdv:ExchangedDocument>
  <cdv:AcknowledgementDocument>
    <MultipleReferencesIndicator><u:IndicatorString>FALSE</u:IndicatorString></MultipleReferencesIndicator>
    <TypeCode>23</TypeCode>
    <IssueDateTime><u:DateTime>2026-11-23T17:00:00Z</u:DateTime></IssueDateTime>
    <ReferenceReferencedDocument>
      <IssuerAssignedID>F1</IssuerAssignedID>
      <ReceiptDateTime><u:DateTimeString format="204">20261120080000</u:DateTimeString></ReceiptDateTime>
      <FormattedIssueDateTime><q:DateTimeString format="102">20261119</q:DateTimeString></FormattedIssueDateTime>
      <ProcessConditionCode>207</ProcessConditionCode>
      <ProcessCondition>En_litige</ProcessCondition>
      <SpecifiedDocumentStatus>
        <ReasonCode>NOT_IN_THE_LIST</ReasonCode>
        <Reason languageID="fr"> Taux de TVA erroné</Reason>
        <SpecifiedDocumentCharacteristic>
          <ID>BT-152</ID><TypeCode>DIV</TypeCode>
          <ValueAmount currencyID="EUR">-11000.00</ValueAmount>
          <ValueDateTime><u:DateTimeString format="102">20261118</u:DateTimeString></ValueDateTime>
          <ValuePercent>10.00</ValuePercent>
        </SpecifiedDocumentCharacteristic>
      </SpecifiedDocumentStatus>
      <SpecifiedDocumentStatus><SequenceNumeric>002</SequenceNumeric></SpecifiedDocumentStatus>
    </ReferenceReferencedDocument>
  </cdv:AcknowledgementDocument>
</cdv:CrossDomainAcknowledgementAndResponse>
"""


def tree() -> etree._Element:
    root = READER.read(DISPUTED.encode()).root
    assert root is not None
    return root


def read() -> Cdar:
    message, observations = read_cdar(tree())
    assert observations == ()
    assert message is not None
    return message


MESSAGE = read()
(DOCUMENT,) = MESSAGE.documents
DETAIL, SECOND = DOCUMENT.details
(CHARACTERISTIC,) = DETAIL.characteristics
BUYER = MESSAGE.issuer


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        (MESSAGE.process, None),
        (MESSAGE.guideline, "urn.cpro.gouv.fr:1p0:CDV:invoice"),  # without the white space around it
        (MESSAGE.issued_at, datetime(2026, 11, 23, 18, 15, tzinfo=PARIS)),
        (BUYER and BUYER.global_identifiers, (SchemedId(text="110002011", scheme="0002"),)),
        (BUYER and BUYER.name, "L'acheteur"),
        (BUYER and BUYER.role, CdvRole.BUYER),
        (MESSAGE.recipients[0].address, SchemedId(text="732829320_STATUTS", scheme="0225")),
        (MESSAGE.recipients[1].role, "ZZ"),  # a code outside the list is kept
        (MESSAGE.acknowledgements[0].is_multiple, False),
        (MESSAGE.acknowledgements[0].phase, CdvPhase.TREATMENT),
        (MESSAGE.acknowledgements[0].issued_at, datetime(2026, 11, 23, 18, tzinfo=PARIS)),  # an xsd:dateTime
        (DOCUMENT.identifier, "F1"),
        (DOCUMENT.document_status, None),
        (DOCUMENT.issue_date, date(2026, 11, 19)),
        (DOCUMENT.status, CdvStatus.EN_LITIGE),
        (DOCUMENT.status_labels, (LocalText(text="En_litige"),)),
        (DOCUMENT.seller, None),
        (DETAIL.motif, "NOT_IN_THE_LIST"),
        (DETAIL.motif_labels, (LocalText(text=" Taux de TVA erroné", language="fr"),)),  # a text is kept as it is
        (DETAIL.sequence, None),  # earlier versions of the rules ask for none
        (SECOND.sequence, 2),
        (CHARACTERISTIC.type_code, CharacteristicType.INVALID_AS_FOUND),
        (CHARACTERISTIC.amount and CHARACTERISTIC.amount.value, Decimal(-11000)),
        (CHARACTERISTIC.day, date(2026, 11, 18)),
        (CHARACTERISTIC.percent, Decimal(10)),
    ],
)
def test_a_message_of_the_field_is_read(found: object, meant: object) -> None:
    assert found == meant


def test_a_known_code_is_a_member_of_its_list() -> None:
    assert DOCUMENT.status is CdvStatus.EN_LITIGE
    assert not isinstance(MESSAGE.recipients[1].role, CdvRole)


def element(root: etree._Element, path: str) -> etree._Element:
    found = root.find(path, namespaces=CDAR_NAMESPACES)
    assert found is not None
    return found


def remove(path: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        for found in root.findall(path, namespaces=CDAR_NAMESPACES):
            parent = found.getparent()
            assert parent is not None
            parent.remove(found)

    return change


def write(path: str, text: str) -> Callable[[etree._Element], None]:
    return lambda root: setattr(element(root, path), "text", text)


REFERENCED = ".//ram:ReferenceReferencedDocument"


@pytest.mark.parametrize(
    ("break_it", "missing"),
    [
        (remove("rsm:ExchangedDocument"), "ExchangedDocument"),
        (remove("rsm:ExchangedDocumentContext"), "MDT-3"),
        (remove("rsm:ExchangedDocument/ram:ID"), "MDT-4"),
        (remove("rsm:ExchangedDocument/ram:IssueDateTime"), "MDT-8"),
        (remove("rsm:ExchangedDocument/ram:RecipientTradeParty"), "RecipientTradeParty"),
        (remove("rsm:AcknowledgementDocument"), "AcknowledgementDocument"),
        (remove("rsm:AcknowledgementDocument/ram:TypeCode"), "MDT-77"),
        (remove(REFERENCED), "ReferenceReferencedDocument"),
        (remove(REFERENCED + "/ram:IssuerAssignedID"), "MDT-87"),
        (remove(REFERENCED + "/ram:ProcessConditionCode"), "MDT-105"),
    ],
)
def test_a_message_without_what_gives_it_a_meaning_is_refused(
    break_it: Callable[[etree._Element], None], missing: str
) -> None:
    root = tree()
    break_it(root)

    message, (observation,) = read_cdar(root)

    assert message is None
    assert (observation.code, observation.expected) == ("MESSAGE_MISSING", missing)


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString",
            "20261123",
            "YYYYMMDDhhmmss",
        ),  # a day, no moment
        ("rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString", "20261323181500", "YYYYMMDDhhmmss"),
        (REFERENCED + "/ram:FormattedIssueDateTime/qdt:DateTimeString", "20260230", "YYYYMMDD"),
        (REFERENCED + "/ram:FormattedIssueDateTime/qdt:DateTimeString", "19/11/2026", "YYYYMMDD"),
        (".//ram:MultipleReferencesIndicator/udt:IndicatorString", "non", "true, false"),
        (".//ram:SequenceNumeric", "1.5", "1"),
        (".//ram:ValueAmount", "11 000,00", "1234.56"),
        (".//ram:ValuePercent", "1E+9", "1234.56"),
    ],
)
def test_a_value_that_cannot_be_read_is_shown(path: str, text: str, expected: str) -> None:
    root = tree()
    write(path, text)(root)

    message, (observation,) = read_cdar(root)

    assert message is None
    assert (observation.code, observation.found, observation.expected) == ("MESSAGE_VALUE", text, expected)
    assert observation.line is not None


def test_every_fault_is_told_at_once() -> None:
    root = tree()
    write(".//ram:ValueAmount", "beaucoup")(root)
    remove(REFERENCED + "/ram:IssuerAssignedID")(root)

    assert [each.code for each in read_cdar(root).observations] == ["MESSAGE_MISSING", "MESSAGE_VALUE"]


def test_another_document_is_no_message() -> None:
    (observation,) = read_cdar(etree.fromstring("<Invoice/>")).observations

    assert (observation.code, observation.xpath) == ("MESSAGE_MISSING", "/Invoice")
