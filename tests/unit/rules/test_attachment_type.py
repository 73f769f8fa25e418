import pytest

from flux.model.interface import Family, Syntax
from tests.unit.rules.attachments import (
    AFNOR,
    DOCX,
    LEGACY,
    PDF,
    PNG,
    XLSX,
    attach,
    attach_zipped,
    codes_of,
    context,
    see,
    zip_of,
)

XML = b"<annexe/>"


@pytest.mark.parametrize("name", ["devis.pdf", "devis.PDF", "plan.fax", "signature.p7s", "macro.XLM"])
def test_chorus_goes_by_the_extension(name: str) -> None:
    assert "ATTACHMENT_TYPE" not in codes_of(LEGACY, attach_zipped(name=name))


@pytest.mark.parametrize("name", ["devis.exe", "devis.pdf.js", "devis.docm", "devis.eml"])
def test_an_extension_that_chorus_does_not_list_refuses_the_flow(name: str) -> None:
    seen = see(LEGACY, attach_zipped(name=name))
    refused = next(each for each in seen if each.code == "ATTACHMENT_TYPE")
    assert refused.found == "." + name.rpartition(".")[2]
    assert "pdf" in (refused.expected or "")


@pytest.mark.parametrize(
    ("name", "member", "mime", "codes"),
    [
        ("devis", "devis.pdf", None, []),  # the zip knows
        ("devis", "devis", "application/pdf", []),  # the MIME code knows
        ("devis", "devis", None, ["ATTACHMENT_TYPE"]),  # nobody knows
        ("devis.zip", "devis.pdf", None, []),
        ("devis.zip", "devis.exe", None, ["ATTACHMENT_TYPE"]),  # what a zip hides
        ("devis.pdf", "0001.tmp", None, []),  # the name in the zip may differ
    ],
)
def test_the_zip_may_tell_the_extension(name: str, member: str, mime: str | None, codes: list[str]) -> None:
    assert codes_of(LEGACY, attach_zipped(name=name, member=member, mime=mime)) == codes


def test_the_mime_code_of_legacy_ubl_is_among_its_type_codes() -> None:
    named = attach(zip_of(("x", PDF)), name="devis", mime="application/zip", kind="application/pdf")
    assert codes_of(LEGACY, named) == []


@pytest.mark.parametrize(
    ("mime", "name", "data"),
    [
        ("application/pdf", "a.pdf", PDF),
        ("Application/PDF; charset=binary", "a.pdf", PDF),
        ("image/png", "a.png", PNG),
        ("image/jpeg", "a.jpg", b"\xff\xd8\xff\xe0"),
        ("text/csv", "a.csv", b"a;b"),
        (XLSX, "a.xlsx", zip_of(("a", b"b"))),
        ("application/vnd.oasis.opendocument.spreadsheet", "a.ods", zip_of(("a", b"b"))),
    ],
)
def test_the_reform_goes_by_the_mime_code(mime: str, name: str, data: bytes) -> None:
    assert codes_of(AFNOR, attach(data, mime=mime, name=name)) == []


@pytest.mark.parametrize("mime", [DOCX, "text/plain", "image/gif", "application/zip", "application/octet-stream"])
def test_a_mime_code_outside_en_16931_refuses_the_flow(mime: str) -> None:
    (seen,) = see(AFNOR, attach(mime=mime))
    assert (seen.code, seen.found, seen.term) == ("ATTACHMENT_TYPE", mime, "BT-125-1")


@pytest.mark.parametrize(("name", "codes"), [("a.pdf", []), ("a.exe", ["ATTACHMENT_TYPE"]), ("a", []), (None, [])])
def test_without_a_mime_code_the_extension_decides(name: str | None, codes: list[str]) -> None:
    assert codes_of(AFNOR, attach(mime=None, name=name)) == codes


@pytest.mark.parametrize(
    ("profile", "mime", "codes"),
    [
        ("en16931", "application/xml", ["ATTACHMENT_TYPE"]),
        ("facturx-basic", "text/xml", ["ATTACHMENT_TYPE"]),
        ("extended-ctc-fr", "application/xml", []),
        ("extended-ctc-fr", "text/xml", []),
        ("extended-ctc-fr", "application/json", ["ATTACHMENT_TYPE"]),
        ("facturx-extended", "text/xml", []),
        ("xrechnung", "application/xml", []),  # its own rules decide
        (None, "text/xml", []),
    ],
)
def test_xml_is_attached_where_the_profile_admits_it(profile: str | None, mime: str, codes: list[str]) -> None:
    subject = context(profile=profile)
    found = codes_of(subject, attach(XML, mime=mime, name="a.xml"))
    assert [code for code in found if code != "ATTACHMENT_CONTENT"] == codes


def test_json_is_attached_in_factur_x_extended() -> None:
    subject = context(syntax=Syntax.CII, profile="facturx-extended")
    assert codes_of(subject, attach(b"{}", mime="application/json", name="a.json")) == []


def test_a_type_code_of_the_reform_is_no_mime_code() -> None:
    assert codes_of(context(Family.AFNOR), attach(kind="Plan/Coupe")) == []


@pytest.mark.parametrize(
    ("reference", "mime", "codes"),
    [
        ("PJ1.zip", "application/zip", []),  # Chorus admits it, and publishes such samples
        ("a", "application/pdf", []),
        ("a.json", "application/zip", ["ATTACHMENT_TYPE"]),  # neither does
    ],
)
def test_a_document_that_may_be_of_either_family_is_refused_what_neither_admits(
    reference: str, mime: str, codes: list[str]
) -> None:
    data = zip_of(("a.pdf", PDF)) if "zip" in mime else PDF
    attachment = attach(data, name=None, reference=reference, mime=mime)
    assert codes_of(context(is_stated=False), attachment) == codes
    assert ("ATTACHMENT_TYPE" in codes_of(AFNOR, attachment)) is (mime == "application/zip")
