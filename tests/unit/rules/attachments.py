"""Attachments of our own, in the three ways in which they come."""

import base64
import io
import zipfile

from flux.model.finding import Observation
from flux.model.interface import INTERFACES, Family, Syntax
from flux.model.invoice import Attachment, Invoice
from flux.model.limits import Limits
from flux.model.term import Term, Terms
from flux.rules.attachment import AttachmentContext, check_attachments

PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def zip_of(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return target.getvalue()


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def terms(text: str | None) -> Terms:
    return () if text is None else (Term(text),)


def attach(
    data: bytes | None = PDF,
    *,
    name: str | None = "devis.pdf",
    mime: str | None = "application/pdf",
    reference: str | None = "PJ-1",
    kind: str | None = None,
    text: str | None = None,
) -> Attachment:
    """An attachment of EN 16931: `text` instead of the base64 of `data`."""
    content = text if text is not None or data is None else base64_of(data)
    return Attachment(
        reference=terms(reference),
        filename=terms(name),
        mime_code=terms(mime),
        type_code=terms(kind),
        content=terms(content),
    )


def attach_zipped(
    data: bytes = PDF,
    *,
    name: str | None = "devis.pdf",
    mime: str | None = "application/pdf",
    kind: str = "02",
    member: str = "devis.pdf",
) -> Attachment:
    """An attachment of a CPP format, in its zip."""
    return attach(zip_of((member, data)), name=name, mime=mime, kind=kind, reference=None)


def context(
    family: Family = Family.AFNOR,
    syntax: Syntax = Syntax.UBL,
    *,
    profile: str | None = "en16931",
    interface: str | None = None,
    limits: Limits | None = None,
    is_stated: bool = True,
) -> AttachmentContext:
    return AttachmentContext(
        family=family,
        is_stated=is_stated,
        syntax=syntax,
        profile=profile,
        interface=INTERFACES[interface] if interface else None,
        limits=limits or Limits(),
    )


def see(subject: AttachmentContext, *attachments: Attachment) -> tuple[Observation, ...]:
    return check_attachments(Invoice(attachments=attachments), subject)


def codes_of(subject: AttachmentContext, *attachments: Attachment) -> list[str]:
    return [seen.code for seen in see(subject, *attachments)]


AFNOR = context()
LEGACY = context(Family.LEGACY, profile="chorus")
