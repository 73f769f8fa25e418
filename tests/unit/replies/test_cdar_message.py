"""The bytes of a life-cycle message: order, words, bounds."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from lxml import etree

from flux.model.cdar import (
    CDAR_NAMESPACES,
    Cdar,
    CdvAmount,
    CdvAttachment,
    CdvNote,
    Characteristic,
    LocalText,
    StatusDetail,
)
from flux.model.cdv_codes import CdvStatus
from flux.replies.cdar_message import write_cdar
from tests.unit.replies.cdar_cases import message, why

REJECTED = message(CdvStatus.REJETEE, why("REJ_COH"))


def text_at(written: bytes, path: str) -> list[str]:
    found = etree.fromstring(written).xpath(path, namespaces=CDAR_NAMESPACES)
    assert isinstance(found, list)
    return [str(each.text) for each in found if isinstance(each, etree._Element)]


def detailed(**fields: object) -> Cdar:
    return message(CdvStatus.REJETEE, replace(why("REJ_COH"), **fields))  # type: ignore[arg-type]  # fields by name


def described(**fields: object) -> Cdar:
    return detailed(characteristics=(Characteristic(**fields),))  # type: ignore[arg-type]  # fields by name


def test_a_message_opens_with_its_declaration() -> None:
    assert write_cdar(REJECTED).startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<rsm:CrossDomainAcknowledgement")


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("//ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID", ["REGULATED"]),
        ("//ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", ["urn.cpro.gouv.fr:1p0:CDV:invoice"]),
        ("//rsm:ExchangedDocument/ram:ID", ["FLX0011150000000000000003-0001"]),
        ("//rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString[@format='204']", ["20261123081502"]),
        ("//ram:SenderTradeParty/ram:RoleCode", ["WK"]),
        ("//ram:MultipleReferencesIndicator/udt:Indicator", ["false"]),
        ("//rsm:AcknowledgementDocument/ram:TypeCode", ["305"]),
        ("//ram:ReferenceReferencedDocument/ram:IssuerAssignedID", ["F2026-0118"]),
        ("//ram:ReferenceReferencedDocument/ram:StatusCode", ["8"]),
        ("//ram:ReferenceReferencedDocument/ram:TypeCode", ["380"]),
        ("//ram:ReceiptDateTime/udt:DateTimeString[@format='204']", ["20261123081455"]),
        ("//ram:FormattedIssueDateTime/qdt:DateTimeString[@format='102']", ["20261120"]),
        ("//ram:ReferenceReferencedDocument/ram:ProcessConditionCode", ["213"]),
        ("//ram:ProcessCondition[@languageID='fr']", ["Rejetée"]),
        ("//ram:ProcessCondition[@languageID='en']", ["Rejected"]),
        ("//ram:ReferenceReferencedDocument/ram:IssuerTradeParty/ram:GlobalID[@schemeID='0002']", ["732829320"]),
        ("//ram:SpecifiedDocumentStatus/ram:ReasonCode", ["REJ_COH"]),
        ("//ram:SpecifiedDocumentStatus/ram:SequenceNumeric", ["1"]),
        ("//ram:IncludedNote/ram:ContentCode", ["SIRET_CHECKSUM"]),
        ("//ram:IncludedNote/ram:Content[@languageID='en']", ["wrong key"]),
        ("//ram:IncludedNote/ram:SubjectCode", ["BT-29"]),
    ],
)
def test_every_field_stands_in_its_slot(path: str, texts: list[str]) -> None:
    assert text_at(write_cdar(REJECTED), path) == texts


def test_a_moment_is_of_the_clocks_of_paris() -> None:
    written = write_cdar(replace(REJECTED, issued_at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC)))

    assert text_at(written, "//rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString") == ["20260702003000"]


def test_a_moment_as_date_of_the_invoice_is_written_as_one() -> None:
    (acknowledgement,) = REJECTED.acknowledgements
    document = replace(acknowledgement.documents[0], issue_date=datetime(2026, 11, 20, tzinfo=UTC))
    written = write_cdar(replace(REJECTED, acknowledgements=(replace(acknowledgement, documents=(document,)),)))

    assert text_at(written, "//ram:FormattedIssueDateTime/qdt:DateTimeString[@format='204']") == ["20261120010000"]


def test_what_xml_forbids_is_replaced() -> None:
    note = CdvNote(content=(LocalText(text="a\x00b", language="f\x01r"),), subject="\ud800")
    written = write_cdar(detailed(notes=(note,)))

    assert text_at(written, "//ram:IncludedNote/*") == ["a\ufffdb", "\ufffd"]


def test_an_attachment_is_in_base64() -> None:
    (acknowledgement,) = REJECTED.acknowledgements
    attachment = CdvAttachment(content=b"%PDF", mime_code="application/pdf", filename="avis.pdf")
    document = replace(acknowledgement.documents[0], attachments=(attachment,))
    written = write_cdar(replace(REJECTED, acknowledgements=(replace(acknowledgement, documents=(document,)),)))

    assert text_at(written, "//ram:AttachmentBinaryObject[@filename='avis.pdf']") == ["JVBERg=="]


LONG = (LocalText(text="é" * 3000),)


@pytest.mark.parametrize(
    ("written", "path", "longest"),
    [
        (replace(REJECTED, name="é" * 151), "//rsm:ExchangedDocument/ram:Name", 150),
        (detailed(motif_labels=LONG), "//ram:Reason", 250),
        (detailed(action_labels=LONG), "//ram:RequestedAction", 250),
        (detailed(notes=(CdvNote(content=LONG),)), "//ram:Content", 2000),
        (detailed(notes=(CdvNote(subject="é" * 201),)), "//ram:SubjectCode", 200),
        (described(names=LONG), "//ram:SpecifiedDocumentCharacteristic/ram:Name", 150),
        (described(values=LONG), "//ram:Value", 150),
    ],
)
def test_a_text_beyond_its_length_is_cut(written: Cdar, path: str, longest: int) -> None:
    assert text_at(write_cdar(written), path) == ["é" * (longest - 1) + "…"]


def test_a_location_that_does_not_fit_is_left_out() -> None:
    assert text_at(write_cdar(described(location="/" * 2000)), "//ram:Location") == ["/" * 2000]
    assert text_at(write_cdar(described(location="/" * 2001)), "//ram:Location") == []


def numbered(number: str) -> Cdar:
    (acknowledgement,) = REJECTED.acknowledgements
    document = replace(acknowledgement.documents[0], identifier=number)
    return replace(REJECTED, acknowledgements=(replace(acknowledgement, documents=(document,)),))


def amounting(value: str) -> Cdar:
    return described(amount=CdvAmount(value=Decimal(value), currency="EUR"))


@pytest.mark.parametrize(
    ("fits", "too_much", "mdt"),
    [
        (replace(REJECTED, identifier="x" * 50), replace(REJECTED, identifier="x" * 51), "MDT-4"),
        (numbered("x" * 100), numbered("x" * 101), "MDT-87"),
        (detailed(motif="x" * 50), detailed(motif="x" * 51), "MDT-113"),
        (detailed(action="x" * 9), detailed(action="x" * 10), "MDT-121"),
        (detailed(notes=(CdvNote(code="x" * 30),)), detailed(notes=(CdvNote(code="x" * 31),)), "MDT-125"),
        (described(term="x" * 20), described(term="x" * 21), "MDT-206"),
        (described(type_code="MNATTC"), described(type_code="MNATTCX"), "MDT-207"),
        (detailed(sequence=999), detailed(sequence=1000), "MDT-124-2"),
        (detailed(sequence=1), detailed(sequence=0), "MDT-124-2"),
        (amounting("1234567890123.123456"), amounting("12345678901234.123456"), "MDT-215"),
        (amounting("-0.123456"), amounting("0.1234567"), "MDT-215"),
        (amounting("1E+3"), amounting("NaN"), "MDT-215"),
        (described(percent=Decimal("100.00")), described(percent=Decimal("1000.00")), "MDT-224"),
    ],
)
def test_an_identifier_or_a_number_is_never_cut(fits: Cdar, too_much: Cdar, mdt: str) -> None:
    write_cdar(fits)
    with pytest.raises(ValueError, match=rf"^{mdt}: "):
        write_cdar(too_much)


@pytest.mark.parametrize(
    "hollow",
    [
        replace(REJECTED, recipients=()),
        replace(REJECTED, acknowledgements=()),
        replace(REJECTED, acknowledgements=(replace(REJECTED.acknowledgements[0], documents=()),)),
    ],
)
def test_a_message_that_is_not_whole_is_not_written(hollow: Cdar) -> None:
    with pytest.raises(ValueError, match="at least one"):
        write_cdar(hollow)


def test_an_absent_field_makes_no_element() -> None:
    written = write_cdar(message(CdvStatus.REJETEE, StatusDetail(motif="REJ_COH", sequence=1)))

    assert text_at(written, "//ram:SpecifiedDocumentStatus/*") == ["REJ_COH", "1"]
