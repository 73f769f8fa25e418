"""Invoices inside PDFs: found by their official names, and every way in which a PDF can hold none."""

import io
import subprocess
import sys
import zlib
from collections.abc import Callable
from typing import cast

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

from flux.demo.afnor_samples import AFNOR_SAMPLE
from flux.demo.facturx_samples import embed, write_facturx, write_facturx_xml
from flux.formats import pdf_attachments
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


def reason(data: bytes) -> str:
    """Why a PDF cannot be read."""
    (seen,) = extract(data).observations
    assert seen.code == "PDF_UNREADABLE"
    return dict(seen.facts)["reason_en"]


def test_a_pdf_with_a_password_is_told_so() -> None:
    assert (
        reason(rewritten(write_facturx(), lambda writer: writer.encrypt("secret"))) == "it is protected by a password"
    )


def test_a_pdf_that_only_its_owner_may_change_is_read() -> None:
    data = rewritten(write_facturx(), lambda writer: writer.encrypt("", "secret"))
    assert extract(data).data == XML


@pytest.mark.parametrize("size", [9, 200, 900])
def test_a_pdf_cut_short_is_answered(size: int) -> None:
    assert refusal(write_facturx()[:size])[0] in {"PDF_UNREADABLE", "PDF_NO_INVOICE"}


@pytest.mark.parametrize(("bound", "is_taken"), [(len(XML), True), (len(XML) - 1, False)])
@pytest.mark.parametrize("is_packed", [True, False])
def test_the_bound_is_that_of_the_invoice_as_it_is_read(bound: int, *, is_taken: bool, is_packed: bool) -> None:
    packed = zlib.compress(XML) if is_packed else XML
    data = rewritten(write_facturx(), lambda writer: replace_invoice(writer, packed, is_packed=is_packed))
    opened = extract(data, member_bytes=bound)
    assert (opened.data == XML, [seen.code for seen in opened.observations]) == (
        is_taken,
        [] if is_taken else ["FILE_SIZE"],
    )


def test_a_stream_that_swells_beyond_every_bound_is_stopped() -> None:
    packed = zlib.compress(b" " * 110_000_000)
    swollen = rewritten(write_facturx(), lambda writer: replace_invoice(writer, packed))
    assert len(swollen) < 1_000_000
    assert refusal(swollen) == ("FILE_SIZE", None)


def replace_invoice(writer: PdfWriter, packed: bytes, *, is_packed: bool = True) -> None:
    """Give the invoice these bytes, deflated or not."""
    specification = cast("ArrayObject", embedded_files(writer)["/Names"])[1].get_object()
    embedded = cast("DictionaryObject", cast("DictionaryObject", specification)["/EF"])
    stream = cast("StreamObject", embedded["/F"].get_object())
    stream._data = packed
    stream.pop("/Filter", None)
    if is_packed:
        stream[NameObject("/Filter")] = NameObject("/FlateDecode")


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of these objects; the first is its catalogue."""
    data, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, rows)
    trailer = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(data))
    return data + table + trailer


def pdf_with(entries: bytes, content: bytes) -> bytes:
    """A PDF whose invoice is a stream with these entries."""
    files = b"<</Type/Catalog/Names<</EmbeddedFiles<</Names[(a)<</UF(factur-x.xml)/EF<</F 2 0 R>>>>]>>>>>>"
    return pdf_of(files, b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content))


def test_the_smallest_pdf_that_carries_an_invoice_is_read() -> None:
    assert extract(pdf_with(b"", XML)).data == XML


# Objects made to keep a reader busy, or to lead it astray.
TRAPS = {
    "a catalogue that is its own name tree": b"<</Type/Catalog/Names 1 0 R/EmbeddedFiles 1 0 R/Kids[1 0 R]/AF[1 0 R]>>",
    "a file that is its own specification": b"<</Type/Catalog/AF[1 0 R]/UF 1 0 R/EF 1 0 R>>",
    "a name tree as wide as can be": b"<</Type/Catalog/Names<</EmbeddedFiles<</Kids[%s]>>>>>>" % (b"1 0 R " * 50_000),
    "a name tree of files that are none": b"<</Type/Catalog/Names<</EmbeddedFiles<</Names[1 2 null(a)<<>>]>>>>/AF(a)>>",
}


@pytest.mark.parametrize("catalogue", TRAPS.values(), ids=TRAPS)
def test_a_trap_is_a_pdf_without_an_invoice(catalogue: bytes) -> None:
    assert refusal(pdf_of(catalogue))[0] == "PDF_NO_INVOICE"


DAMAGED = {
    "objects that name each other": pdf_of(b"<</Type/Catalog/Names 2 0 R>>", b"3 0 R", b"2 0 R"),
    "arrays without an end": pdf_of(b"<</Type/Catalog/Names %s>>" % (b"[" * 50_000)),
    "a filter that nobody has": pdf_with(b"/Filter/BrotliDecode", XML),
    "a filter for pictures": pdf_with(b"/Filter/JBIG2Decode", XML),
    "a filter by a name of old": pdf_with(b"/Filter/Fl", zlib.compress(XML)),
    "filters upon filters": pdf_with(b"/Filter[%s]" % (b"/FlateDecode" * 9), XML),
    "rows of one byte each": pdf_with(
        b"/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 1>>", zlib.compress(b"\2 " * 1_000_000)
    ),
    "an invoice that is no stream": pdf_of(
        b"<</Type/Catalog/Names<</EmbeddedFiles<</Names[(a)<</F(factur-x.xml)/EF<</F 2 0 R>>>>]>>>>>>", b"<<>>"
    ),
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_what_nobody_can_read_is_damaged(data: bytes) -> None:
    assert reason(data) == "it is cut short or damaged"


def test_objects_are_searched_for_so_often_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    references = b"".join(b"%d 0 R " % number for number in range(100, 200))
    data = pdf_of(b"<</Type/Catalog/AF[%s]>>" % references, b" " * 50_000)
    assert refusal(data)[0] == "PDF_NO_INVOICE"
    monkeypatch.setattr(pdf_attachments, "_SEARCHED_BYTES", 50 * len(data))
    assert reason(data) == "it is cut short or damaged"


def test_the_library_that_reads_pdf_is_loaded_for_a_pdf_only() -> None:
    program = "import sys, flux.app.checking; sys.exit('pypdf' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
