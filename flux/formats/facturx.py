"""Factur-X: the XML invoice inside a PDF/A-3, found by its official name, and nothing else of the PDF opened (Factur-X 1.09 §6)."""

from collections.abc import Sequence
from typing import NamedTuple

from flux.model.finding import Observation
from flux.model.limits import Limits

# Names under which invoices travel, the one of today first.
INVOICE_NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "facture.xml")
# An order is opened only where no invoice is there, to be refused by what it is.
_ORDER_NAME = "order-x.xml"
# A PDF may begin with a few bytes of its carrier, from which its offsets do not count (ISO 32000-1, annex H.3.4.1).
_HEADER_BYTES = 1024
_HEADER = b"%PDF-"
_BEFORE_XML = b"\xef\xbb\xbf \t\r\n"
_NAMES_SHOWN = 10


class EmbeddedInvoice(NamedTuple):
    """The XML of a PDF, or None and why there is none."""

    data: bytes | None
    observations: tuple[Observation, ...] = ()


def is_pdf(data: bytes) -> bool:
    """True for bytes that a reader of PDF would open; XML that speaks of PDF is XML."""
    if data.startswith(b"<"):  # what nearly every document begins with
        return False
    head = data[:_HEADER_BYTES]
    return head.startswith(_HEADER) or (_HEADER in head and not head.lstrip(_BEFORE_XML).startswith(b"<"))


def extract_invoice(data: bytes, limits: Limits) -> EmbeddedInvoice:
    """The invoice that a PDF carries. Two that differ, none, and a file that cannot be read are told."""
    from flux.formats.pdf_attachments import PdfFault, read_attachments  # noqa: PLC0415 - 0.15 s that only a PDF pays

    begin = max(0, data.find(_HEADER, 0, _HEADER_BYTES))
    read = read_attachments(data[begin:] if begin else data, _select, limits)
    if read is PdfFault.TOO_LARGE:
        return _refuse("FILE_SIZE", expected=str(limits.member_bytes), facts=(("unit", "bytes"),))
    if read is PdfFault.ENCRYPTED:
        return _unreadable("il est protégé par un mot de passe", "it is protected by a password")
    if isinstance(read, PdfFault):
        return _unreadable("il est tronqué ou abîmé", "it is cut short or damaged")
    opened = [(file.name, file.content) for file in read if file.content is not None]
    if not opened:
        return _refuse("PDF_NO_INVOICE", found=_show([file.name for file in read]))
    if len({content for _, content in opened}) > 1:
        return _refuse("PDF_TWO_INVOICES", found=_show([name for name, _ in opened]))
    return EmbeddedInvoice(opened[0][1])


def _select(names: Sequence[str]) -> frozenset[str]:
    """The files that are to be opened."""
    invoices = frozenset(name for name in names if name.lower() in INVOICE_NAMES)
    return invoices or frozenset(name for name in names if name.lower() == _ORDER_NAME)


def _show(names: Sequence[str]) -> str | None:
    return ", ".join(sorted(set(names))[:_NAMES_SHOWN]) or None


def _unreadable(french: str, english: str) -> EmbeddedInvoice:
    return _refuse("PDF_UNREADABLE", facts=(("reason_fr", french), ("reason_en", english)))


def _refuse(
    code: str, *, found: str | None = None, expected: str | None = None, facts: tuple[tuple[str, str], ...] = ()
) -> EmbeddedInvoice:
    return EmbeddedInvoice(None, (Observation(code=code, found=found, expected=expected, facts=facts),))
