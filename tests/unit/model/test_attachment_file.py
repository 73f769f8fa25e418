import base64

import pytest

from flux.model.attachment_fault import AttachmentFault
from flux.model.attachment_file import AttachmentFile, decode_attachment, is_wrapped
from flux.model.interface import Family, Syntax
from flux.model.invoice import Attachment
from flux.model.term import Term
from tests.unit.rules.attachments import DOCX, PDF, attach, attach_zipped, zip_of

LIMIT = 10_000


def decode(attachment: Attachment, *, wrapped: bool = False) -> AttachmentFile | AttachmentFault:
    return decode_attachment(attachment, wrapped=wrapped, limit_bytes=LIMIT)


@pytest.mark.parametrize(
    ("family", "syntax", "wrapped"),
    [
        (Family.LEGACY, Syntax.UBL, True),
        (Family.LEGACY, Syntax.CII, True),
        (Family.LEGACY, Syntax.FACTURX, True),
        (Family.AFNOR, Syntax.UBL, False),
        (Family.AFNOR, Syntax.FACTURX, False),
        (Family.AFNOR, Syntax.PIVOT, True),  # a CPP format whatever its cadre
        (Family.AFNOR, Syntax.MIXTE, True),
    ],
)
def test_the_formats_of_chorus_wrap_each_file_in_a_zip(family: Family, syntax: Syntax, wrapped: bool) -> None:  # noqa: FBT001
    assert is_wrapped(family, syntax) is wrapped


@pytest.mark.parametrize(
    "text",
    [
        base64.b64encode(PDF).decode(),
        base64.encodebytes(PDF).decode(),  # lines of 76
        f"\n    {base64.b64encode(PDF).decode()}\n  ",
        " ".join(base64.b64encode(PDF).decode()),
    ],
)
def test_base64_is_read_whatever_its_white_space(text: str) -> None:
    assert decode(attach(text=text)) == AttachmentFile(PDF)


@pytest.mark.parametrize(
    "text", ["é", "QUJDRA", "QUJ$", "QUI=QUJD", "====", "data:application/pdf;base64,QUJD", "QUJ-"]
)
def test_what_is_no_base64_is_told(text: str) -> None:
    assert decode(attach(text=text)) is AttachmentFault.BASE64


def test_the_reform_carries_the_file_itself_even_where_it_is_a_zip() -> None:
    data = zip_of(("a.pdf", PDF))
    assert decode(attach(data, name="a.zip")) == AttachmentFile(data)


def test_chorus_carries_it_in_a_zip_whatever_the_names_say() -> None:
    assert decode(attach_zipped(name="autre.pdf", member="notice.pdf"), wrapped=True) == AttachmentFile(
        PDF, "notice.pdf"
    )


def test_a_file_without_its_zip_is_read_as_it_is() -> None:
    assert decode(attach(PDF), wrapped=True) == AttachmentFile(PDF)


def test_a_file_whose_format_is_a_zip_of_several_is_the_file() -> None:
    data = zip_of(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>"))
    assert decode(attach(data, name="notice.docx", mime=None), wrapped=True) == AttachmentFile(data)
    assert decode(attach(data, name="notice", mime="application/zip", kind=DOCX), wrapped=True) == AttachmentFile(data)
    assert decode(attach(data, name="notice.pdf"), wrapped=True) is AttachmentFault.ZIP_SEVERAL


@pytest.mark.parametrize(
    ("attachment", "fault"),
    [
        (attach(None), AttachmentFault.MISSING),
        (attach(b""), AttachmentFault.EMPTY),
        (attach(text=" \n"), AttachmentFault.EMPTY),
        (attach_zipped(b""), AttachmentFault.EMPTY),
        (attach(bytes(LIMIT + 1)), AttachmentFault.TOO_LARGE),
        (attach_zipped(bytes(LIMIT + 1)), AttachmentFault.TOO_LARGE),
        (attach(zip_of()), AttachmentFault.ZIP_EMPTY),
    ],
)
def test_an_attachment_without_a_file_is_told_why(attachment: Attachment, fault: AttachmentFault) -> None:
    assert decode(attachment, wrapped=True) is fault


def test_each_of_several_contents_is_a_file() -> None:
    both = Attachment(content=(Term("QQ=="), Term("Qg==")))
    files = [decode_attachment(both, wrapped=False, limit_bytes=LIMIT, occurrence=each) for each in (0, 1, 2)]
    assert files == [AttachmentFile(b"A"), AttachmentFile(b"B"), AttachmentFault.MISSING]
