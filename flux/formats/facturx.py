"""Factur-X: the XML invoice inside a PDF/A-3, found by its official name, and nothing else of the PDF opened.

Attachments stand in the name tree of embedded files and in the catalogue's associated files; only the objects on the way
to them are read, never a page. Sources: Factur-X 1.09 §6; ISO 32000-2 §7.11.4 and §7.9.6.
"""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from flux.model.finding import Observation
from flux.model.limits import Limits

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdf.generic import PdfObject

# Names under which invoices travel, the one of today first; Order-X is here to be refused by its name.
INVOICE_NAMES = (
    "factur-x.xml",
    "zugferd-invoice.xml",
    "xrechnung.xml",
    "facture.xml",
    "order-x.xml",
)
_ORDER_NAME = "order-x.xml"
# A PDF may begin with a few bytes of its carrier (ISO 32000-2, annex I).
_HEADER_BYTES = 1024
_HEADER = b"%PDF-"
# A name tree of that many nodes holds more attachments than any invoice.
_MOST_NODES = 1000
_NAMES_SHOWN = 10

# What a broken or hostile file makes pypdf raise, beside its own errors.
_BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


class EmbeddedInvoice(NamedTuple):
    """The XML of a PDF, or None and why there is none."""

    data: bytes | None
    observations: tuple[Observation, ...] = ()


def is_pdf(data: bytes) -> bool:
    """True for bytes that a reader of PDF would open."""
    return data.startswith(_HEADER) or (not data[:64].lstrip().startswith(b"<") and _HEADER in data[:_HEADER_BYTES])


def extract_invoice(data: bytes, limits: Limits) -> EmbeddedInvoice:
    """The invoice that a PDF carries. Two that differ, none, and a file that cannot be read are told."""
    from pypdf import PdfReader  # noqa: PLC0415 - 0.15 s that only a PDF pays
    from pypdf.errors import LimitReachedError, PyPdfError  # noqa: PLC0415 - same

    try:
        files = tuple(_xml_files(PdfReader(BytesIO(data))))
        return _choose(files, limits)
    except LimitReachedError:
        return _refuse("FILE_SIZE", found=None, expected=str(limits.member_bytes))
    except (PyPdfError, *_BROKEN) as error:
        return _refuse("PDF_UNREADABLE", found=type(error).__name__)


class _File(NamedTuple):
    """An attachment by its name, and the object that holds its bytes."""

    name: str
    stream: "PdfObject"


def _choose(files: tuple[_File, ...], limits: Limits) -> EmbeddedInvoice:
    named = [file for file in files if file.name.lower() in INVOICE_NAMES]
    invoices = [file for file in named if file.name.lower() != _ORDER_NAME] or named
    if not invoices:
        return _refuse("PDF_NO_INVOICE", found=_show(files))
    contents = {_bytes_of(file): file.name for file in sorted(invoices, key=_preference, reverse=True)}
    if len(contents) > 1:
        return _refuse("PDF_TWO_INVOICES", found=_show(tuple(invoices)))
    ((content, _),) = contents.items()
    if len(content) > limits.member_bytes:
        return _refuse("FILE_SIZE", found=str(len(content)), expected=str(limits.member_bytes))
    return EmbeddedInvoice(content)


def _preference(file: _File) -> int:
    return INVOICE_NAMES.index(file.name.lower())


def _show(files: tuple[_File, ...]) -> str | None:
    names = sorted({file.name for file in files})
    return ", ".join(names[:_NAMES_SHOWN]) or None


def _refuse(code: str, *, found: str | None, expected: str | None = None) -> EmbeddedInvoice:
    facts = (("unit", "bytes"),) if code == "FILE_SIZE" else ()
    return EmbeddedInvoice(None, (Observation(code=code, found=found, expected=expected, facts=facts),))


def _bytes_of(file: _File) -> bytes:
    from pypdf.generic import StreamObject  # noqa: PLC0415 - only where a PDF came

    stream = file.stream.get_object()
    if not isinstance(stream, StreamObject):
        raise TypeError(f"{file.name} is no stream")
    return stream.get_data()


def _xml_files(reader: "PdfReader") -> Iterator[_File]:
    """The attachments of a PDF, each once."""
    seen: set[int] = set()
    catalogue = reader.root_object
    for specification in (*_named_files(catalogue), *_associated_files(catalogue)):
        file = _read_specification(specification)
        if file is not None and id(file.stream.get_object()) not in seen:
            seen.add(id(file.stream.get_object()))
            yield file


def _named_files(catalogue: "PdfObject") -> Iterator["PdfObject"]:
    """The file specifications of the name tree /Names /EmbeddedFiles; a tree that bites its tail is read once."""
    waiting = [_entry(_entry(catalogue, "/Names"), "/EmbeddedFiles")]
    visited: set[int] = set()
    while waiting and len(visited) < _MOST_NODES:
        node = waiting.pop()
        if node is None or id(node) in visited:
            continue
        visited.add(id(node))
        yield from _items(_entry(node, "/Names"))[1::2]
        waiting.extend(_items(_entry(node, "/Kids")))


def _associated_files(catalogue: "PdfObject") -> list["PdfObject"]:
    return _items(_entry(catalogue, "/AF"))


def _read_specification(specification: "PdfObject") -> _File | None:
    name = _entry(specification, "/UF") or _entry(specification, "/F")
    embedded = _entry(specification, "/EF")
    stream = _entry(embedded, "/UF") or _entry(embedded, "/F")
    return _File(str(name), stream) if name is not None and stream is not None else None


def _entry(holder: "PdfObject | None", key: str) -> "PdfObject | None":
    """What a dictionary holds under a key, references followed; None where it is no dictionary or has no such key."""
    from pypdf.generic import DictionaryObject  # noqa: PLC0415 - only where a PDF came

    if not isinstance(holder, DictionaryObject) or key not in holder:
        return None
    return holder[key].get_object()


def _items(array: "PdfObject | None") -> list["PdfObject"]:
    from pypdf.generic import ArrayObject  # noqa: PLC0415 - only where a PDF came

    if not isinstance(array, ArrayObject):
        return []
    found = (item.get_object() for item in array[: 2 * _MOST_NODES])
    return [item for item in found if item is not None]
