"""Invoices inside PDFs: found by their official names, and every way in which a PDF can hold none."""

import io
import zlib
from collections.abc import Callable
from typing import cast

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

from flux.demo.afnor_samples import AFNOR_SAMPLE
from flux.demo.facturx_samples import embed, write_facturx, write_facturx_xml
from flux.formats.facturx import EmbeddedInvoice, extract_invoice, is_pdf
from flux.model.limits import Limits

XML = write_facturx_xml()
OTHER = XML.replace(b"F2026-0117", b"F2026-0118")


def extract(data: bytes, **bounds: int) -> EmbeddedInvoice:
    return extract_invoice(data, Limits(**bounds))


def refusal(data: bytes, **bounds: int) -> tuple[str, str | None]:
    """The code of the one observation that says why there is no invoice, and what it found."""
    opened = extract(data, **bounds)
    (seen,) = opened.observations
    assert opened.data is None
    return seen.code, seen.found


def rewritten(data: bytes, change: Callable[[PdfWriter], None]) -> bytes:
    """The same PDF after something was changed in it."""
    writer = PdfWriter(clone_from=io.BytesIO(data))
    change(writer)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


# The names under which invoices travel, whatever their case.
NAMES = ["factur-x.xml", "Factur-X.xml", "zugferd-invoice.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml", "facture.xml"]


@pytest.mark.parametrize("name", NAMES)
def test_the_invoice_is_found_under_each_official_name(name: str) -> None:
    assert extract(write_facturx(name=name)).data == XML


def test_other_attachments_are_left_alone() -> None:
    assert (
        extract(embed(AFNOR_SAMPLE, {"bon de commande.xml": b"<a/>", "factur-x.xml": XML, "rib.pdf": b"x"})).data == XML
    )


def test_the_same_invoice_under_two_names_is_one() -> None:
    assert extract(embed(AFNOR_SAMPLE, {"ZUGFeRD-invoice.xml": XML, "factur-x.xml": XML})).data == XML


def test_two_invoices_that_differ_are_refused_by_their_names() -> None:
    data = embed(AFNOR_SAMPLE, {"xrechnung.xml": OTHER, "factur-x.xml": XML})
    assert refusal(data) == ("PDF_TWO_INVOICES", "factur-x.xml, xrechnung.xml")


def test_a_pdf_without_an_invoice_names_what_it_carries() -> None:
    assert refusal(embed(AFNOR_SAMPLE, {"devis.xml": XML})) == ("PDF_NO_INVOICE", "devis.xml")


def test_a_pdf_that_carries_nothing_holds_no_invoice() -> None:
    assert refusal(embed(AFNOR_SAMPLE, {})) == ("PDF_NO_INVOICE", None)


def test_an_order_is_opened_only_where_no_invoice_is_there() -> None:
    assert extract(embed(AFNOR_SAMPLE, {"order-x.xml": OTHER})).data == OTHER
    assert extract(embed(AFNOR_SAMPLE, {"order-x.xml": OTHER, "factur-x.xml": XML})).data == XML


def embedded_files(writer: PdfWriter) -> DictionaryObject:
    """The root of the name tree."""
    found = cast("DictionaryObject", writer.root_object["/Names"])["/EmbeddedFiles"].get_object()
    return cast("DictionaryObject", found)


def to_associated_files(writer: PdfWriter) -> None:
    """Leave the invoice in /AF only."""
    names = cast("ArrayObject", embedded_files(writer)["/Names"])
    del writer.root_object[NameObject("/Names")]
    writer.root_object[NameObject("/AF")] = ArrayObject([names[1]])


def to_kids(writer: PdfWriter) -> None:
    """Put the names one level deeper, and make the tree bite its tail."""
    tree = embedded_files(writer)
    leaf = DictionaryObject({NameObject("/Names"): tree.pop(NameObject("/Names"))})
    kid = writer._add_object(leaf)
    tree[NameObject("/Kids")] = ArrayObject([kid])
    leaf[NameObject("/Kids")] = ArrayObject([kid])


@pytest.mark.parametrize("change", [to_associated_files, to_kids])
def test_the_invoice_is_found_wherever_the_format_lets_it_stand(change: Callable[[PdfWriter], None]) -> None:
    assert extract(rewritten(write_facturx(), change)).data == XML


def test_a_broken_cross_reference_table_is_mended() -> None:
    data = write_facturx()
    start = data.rindex(b"startxref")
    assert extract(data[:start] + b"startxref\n7\n%%EOF\n").data == XML


def test_bytes_before_the_header_do_no_harm() -> None:
    data = b"\r\n" + write_facturx()
    assert is_pdf(data)
    assert extract(data).data == XML


@pytest.mark.parametrize("data", [XML, b"", b"<a>%PDF-1.7</a>", b"x" * 2000 + b"%PDF-1.7"])
def test_what_is_no_pdf_is_not_taken_for_one(data: bytes) -> None:
    assert not is_pdf(data)


def test_a_pdf_with_a_password_cannot_be_read() -> None:
    assert refusal(rewritten(write_facturx(), lambda writer: writer.encrypt("secret")))[0] == "PDF_UNREADABLE"


@pytest.mark.parametrize("size", [9, 200, 900])
def test_a_pdf_cut_short_is_answered(size: int) -> None:
    assert refusal(write_facturx()[:size])[0] in {"PDF_UNREADABLE", "PDF_NO_INVOICE"}


def test_an_invoice_beyond_the_bound_is_refused_by_its_size() -> None:
    code, found = refusal(write_facturx(), member_bytes=1000)
    assert (code, found) == ("FILE_SIZE", str(len(XML)))


def test_a_stream_that_swells_beyond_every_bound_is_stopped() -> None:
    packed = zlib.compress(b" " * 80_000_000)
    swollen = rewritten(write_facturx(), lambda writer: replace_invoice(writer, packed))
    assert len(swollen) < 1_000_000
    assert refusal(swollen)[0] == "FILE_SIZE"


def replace_invoice(writer: PdfWriter, packed: bytes) -> None:
    """Give the invoice these deflated bytes."""
    specification = cast("ArrayObject", embedded_files(writer)["/Names"])[1].get_object()
    embedded = cast("DictionaryObject", cast("DictionaryObject", specification)["/EF"])
    stream = cast("StreamObject", embedded["/F"].get_object())
    stream._data = packed
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")


def test_each_sample_is_a_pdf_of_one_page_that_people_can_read() -> None:
    (page,) = PdfReader(io.BytesIO(write_facturx())).pages
    assert "Facture F2026-0117" in page.extract_text()
