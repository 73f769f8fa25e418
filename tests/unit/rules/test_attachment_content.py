import pytest

from flux.rules.attachment_content import kind_of
from tests.unit.rules.attachments import AFNOR, LEGACY, PDF, PNG, attach, attach_zipped, codes_of, see, zip_of

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
EXE = b"MZ\x90\x00" + bytes(64)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PDF, "PDF"),
        (b"junk of a mail gateway\n" + PDF, "PDF"),
        (PNG, "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"GIF89a", "GIF"),
        (b"BM\x46\x00\x00\x00\x00\x00\x00\x00", "BMP"),
        (b"II*\x00", "TIFF"),
        (zip_of(("a", b"b")), "ZIP"),
        (b"\x1f\x8b\x08", "GZIP"),
        (OLE, "OLE"),
        (b"{\\rtf1", "RTF"),
        (EXE, "EXE"),
        (b"\x7fELF\x02", "ELF"),
        (b"\xef\xbb\xbf <?xml?>", "XML"),
        ("<a/>".encode("utf-16"), "XML"),
        (b"BMW;1;2", ""),  # text that begins like a picture
        (b"MZ;Montant\n", ""),
        (b"", ""),
    ],
)
def test_a_file_is_known_by_its_first_bytes(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", PDF),
        ("a.xls", b"<html/>"),  # a page saved as a sheet
        ("a.doc", b"{\\rtf1"),
        ("a.docx", zip_of(("a", b"b"))),
        ("a.csv", b"a;b"),
        ("a.fax", b"\x00\x01"),
        ("a.txt", b"<not a page>"),
    ],
)
def test_content_that_agrees_with_its_extension_is_let_through(name: str, data: bytes) -> None:
    assert codes_of(LEGACY, attach_zipped(data, name=name, member=name, mime=None)) == []


@pytest.mark.parametrize(
    ("name", "data", "found", "expected"),
    [
        ("a.pdf", PNG, "PNG", "PDF"),
        ("a.csv", PDF, "PDF", "CSV"),
        ("a.png", b"text", None, "PNG"),
        ("a.docx", OLE, "OLE", "DOCX"),  # encrypted by Office
    ],
)
def test_content_that_contradicts_its_extension_is_told(
    name: str, data: bytes, found: str | None, expected: str
) -> None:
    (seen,) = see(LEGACY, attach_zipped(data, name=name, member=name, mime=None))
    assert (seen.code, seen.found, seen.expected) == ("ATTACHMENT_CONTENT", found, expected)


def test_content_that_contradicts_its_mime_code_is_told() -> None:
    (seen,) = see(AFNOR, attach(PNG, name=None))
    assert (seen.code, seen.found, seen.expected) == ("ATTACHMENT_CONTENT", "PNG", "PDF")


def test_an_extension_that_nobody_knows_is_told_beside_a_mime_code() -> None:
    (seen,) = see(AFNOR, attach(b"a;b", name="liste.abc", mime="text/csv"))
    assert (seen.code, seen.found, seen.expected) == ("ATTACHMENT_CONTENT", ".abc", "CSV")


@pytest.mark.parametrize(
    ("name", "data", "mark"),
    [
        ("a.pdf", PDF + b"<< /S /JavaScript /JS (app.alert) >>", "/JavaScript"),
        ("a.pdf", PDF + b"<</S/Launch/F(cmd.exe)>>", "/Launch"),
        ("a.pdf", PDF + b"/OpenAction 7 0 R", "/OpenAction"),
        ("a.html", b"<html><Script>x()</Script>", "<script"),
        ("a.svg", b"<svg><a href='JavaScript:x()'/></svg>", "javascript:"),
        ("a.docx", zip_of(("word/vbaProject.bin", b"x")), "macros"),
        ("a.xls", OLE + "_VBA_PROJECT".encode("utf-16-le"), "macros"),
        ("a.xlm", b"\x09\x04\x06\x00", "macros"),
    ],
)
def test_what_may_act_once_opened_is_told(name: str, data: bytes, mark: str) -> None:
    (seen,) = see(LEGACY, attach_zipped(data, name=name, member=name, mime=None))
    assert (seen.code, seen.found) == ("ATTACHMENT_ACTIVE", mark)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", PDF + b"/OpenAction [3 0 R /Fit]"),  # the page to open at
        ("a.pdf", PDF + b"/JavaScripts"),
        ("a.html", b"<html><p>script</p></html>"),
        ("a.docx", zip_of(("word/document.xml", b"x"))),
        ("a.xls", OLE),
    ],
)
def test_what_lies_still_is_let_through(name: str, data: bytes) -> None:
    assert codes_of(LEGACY, attach_zipped(data, name=name, member=name, mime=None)) == []


def test_a_program_under_another_name_is_told_twice() -> None:
    assert codes_of(AFNOR, attach(EXE)) == ["ATTACHMENT_CONTENT", "ATTACHMENT_ACTIVE"]
