"""The good invoice that every hostile one is made from, and the changes that make it so."""

import gzip
import io
import tarfile
import zipfile
from base64 import b64encode
from collections.abc import Callable

from flux.demo.samples import Sample, write_cii, write_ubl

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"


def good(number: str = "F2026-0117") -> bytes:
    """A good invoice in UBL."""
    return write_ubl(Sample(number=number))


def changed(*changes: tuple[str, str]) -> bytes:
    """The good invoice in UBL with texts replaced, each where it first stands. Raises ValueError for one that is not there."""
    return _change(write_ubl(Sample()).decode(), changes).encode()


def changed_cii(*changes: tuple[str, str]) -> bytes:
    """The good invoice in CII with texts replaced."""
    return _change(write_cii(Sample()).decode(), changes).encode()


def _change(text: str, changes: tuple[tuple[str, str], ...]) -> str:
    for old, new in changes:
        if old not in text:
            raise ValueError(old)
        text = text.replace(old, new, 1)
    return text


def later(make: Callable[..., bytes], *arguments: object) -> Callable[[], bytes]:
    """The same call, made when its bytes are needed."""
    return lambda: make(*arguments)


def with_prolog(prolog: str, *changes: tuple[str, str]) -> bytes:
    """The good invoice with markup between its declaration and its root."""
    return changed(("<Invoice ", f"{prolog}\n<Invoice "), *changes)


def with_root(attributes: str) -> bytes:
    """The good invoice with more attributes on its root."""
    return changed(("<Invoice ", f"<Invoice {attributes} "))


def in_extension(markup: str) -> bytes:
    """The good invoice with markup of the sender's own in its extensions, where the schema takes anything."""
    return changed(("<CategoryCode>A1</CategoryCode>", f"<CategoryCode>A1</CategoryCode>{markup}"))


def in_note(text: str) -> bytes:
    """The good invoice with a text, as XML writes it, in one of its notes."""
    return changed(("Pénalités de retard", text))


def number_of(text: str) -> bytes:
    """The good invoice with its number written so."""
    return changed(("<cbc:ID>F2026-0117</cbc:ID>", f"<cbc:ID>{text}</cbc:ID>"))


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return target.getvalue()


def tarred(*members: tuple[str, bytes]) -> bytes:
    """A tar.gz."""
    return tarred_as(*((tarfile.TarInfo(name), content) for name, content in members))


def tarred_as(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    """A tar.gz of members of any kind."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return gzip.compress(target.getvalue(), 1, mtime=0)


def attached(
    data: bytes | None = None, *, name: str = "devis.pdf", member: str | None = None, raw: str | None = None
) -> bytes:
    """The good invoice with a file attached, in its zip as Chorus Pro demands; `raw` instead is what stands as its base64."""
    content = raw if raw is not None else b64encode(zipped((member or name, data or PDF))).decode()
    return changed(
        (
            "  <cac:AccountingSupplierParty>",
            (
                f"  <cac:AdditionalDocumentReference><cbc:ID>{name}</cbc:ID>"
                "<cbc:DocumentTypeCode>application/pdf</cbc:DocumentTypeCode><cbc:DocumentType>02</cbc:DocumentType>"
                '<cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode="application/zip">'
                f"{content}</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>"
                "</cac:AdditionalDocumentReference>\n  <cac:AccountingSupplierParty>"
            ),
        )
    )


PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"

# How the twins begin that macOS adds to archives.
APPLE_DOUBLE = b"\0\x05\x16\x07\0\x02\0\0Mac OS X        "
