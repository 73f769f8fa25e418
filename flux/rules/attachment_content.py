"""What the bytes of an attachment are, against what its name and its MIME code say; and what in it would act by itself.

Byte searches, and no more: what a file hides from them is not seen. So these checks warn the recipient, who opens the file,
and refuse nothing.
"""

import re
from collections.abc import Iterator, Mapping

from flux.model.attachment_file import AttachmentFile
from flux.model.finding import Observation
from flux.model.invoice import Attachment
from flux.model.limits import MEBIBYTE
from flux.rules.attachment_name import FileName
from flux.rules.attachment_type import EXTENSIONS, MIME_EXTENSIONS, mime_codes_of, real_extension
from flux.rules.pdf_actions import find_action, why

# Readers of PDF take a header anywhere in the first kilobyte.
_HEAD_BYTES = 1024
# Markup of an invoice is far below; searched without regard to case, which copies it.
_MARKUP_BYTES = 8 * MEBIBYTE

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"PK\x03\x04", "ZIP"),
    (b"\x1f\x8b", "GZIP"),
    (b"BZh", "BZIP2"),
    (b"\xd0\xcf\x11\xe0", "OLE"),
    (b"{\\rtf", "RTF"),
    (b"\x7fELF", "ELF"),
)
_TEXT_START = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[ \t\r\n\0]*<")
_UNKNOWN = ""

_PDF, _ZIP, _XML = frozenset({"PDF"}), frozenset({"ZIP"}), frozenset({"XML"})
_JPEG, _TIFF, _GZIP = frozenset({"JPEG"}), frozenset({"TIFF"}), frozenset({"GZIP"})
_TEXT = frozenset({_UNKNOWN})
# Old spreadsheets have no signature, and web pages are saved as documents of Office.
_OFFICE = frozenset({"OLE", "RTF", "XML", _UNKNOWN})
# The kinds that a file of each extension may be of; an extension that is not here may be anything.
_KINDS: Mapping[str, frozenset[str]] = {
    "pdf": _PDF,
    "png": frozenset({"PNG"}),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "gif": frozenset({"GIF"}),
    "bmp": frozenset({"BMP"}),
    "tif": _TIFF,
    "tiff": _TIFF,
    "zip": _ZIP,
    "docx": _ZIP,
    "xlsx": _ZIP,
    "pptx": _ZIP,
    "odt": _ZIP,
    "ods": _ZIP,
    "odp": _ZIP,
    "gz": _GZIP,
    "gzip": _GZIP,
    "tgz": _GZIP,
    "bz2": frozenset({"BZIP2"}),
    "rtf": frozenset({"RTF"}),
    "doc": _OFFICE,
    "xls": _OFFICE,
    "xlc": _OFFICE,
    "xlm": _OFFICE,
    "ppt": _OFFICE,
    "pps": _OFFICE,
    "xml": _XML,
    "svg": _XML,
    "xhtml": _XML,
    "htm": _XML | _TEXT,
    "html": _XML | _TEXT,
    "csv": _TEXT,
    "txt": _TEXT | _XML,
    "json": _TEXT,
}

_SCRIPTS = (b"<SCRIPT", b"JAVASCRIPT:")
_MACRO_EXTENSIONS = frozenset({"xlm", "xlsb", "docm", "dotm", "xlsm", "xltm", "xlam", "pptm", "ppsm", "potm", "ppam"})
_MACROS = {"ZIP": b"vbaProject.bin", "OLE": "_VBA_PROJECT".encode("utf-16-le")}


def kind_of(data: bytes) -> str:
    """The kind of a file, by its first bytes; empty where they tell nothing."""
    head = data[:_HEAD_BYTES]
    started = next((kind for start, kind in _STARTS if head.startswith(start)), None)
    if started is not None:
        return started
    if b"%PDF-" in head:
        return "PDF"
    if head.startswith(b"BM") and head[6:10] == bytes(4):
        return "BMP"
    if head.startswith(b"MZ") and b"\0" in head:
        return "EXE"
    return "XML" if _TEXT_START.match(head) else _UNKNOWN


def find_contradiction(
    attachment: Attachment, file: AttachmentFile, name: FileName, *, is_wrapped: bool
) -> Iterator[Observation]:
    """ATTACHMENT_CONTENT where the bytes, the extension and the MIME code do not agree."""
    kind = kind_of(file.data)
    extension = real_extension(name.extension, file.member or "")
    codes = mime_codes_of(attachment, is_wrapped=is_wrapped)
    claims = [MIME_EXTENSIONS[code][0] for code in codes if code in MIME_EXTENSIONS]
    denied = next((claim for claim in (extension, *claims) if claim in _KINDS and kind not in _KINDS[claim]), None)
    if denied is not None:
        yield _observe("ATTACHMENT_CONTENT", name, found=kind or None, expected=denied.upper())
    elif not is_wrapped and claims and extension and extension not in EXTENSIONS | _KINDS.keys():
        yield _observe("ATTACHMENT_CONTENT", name, found=f".{extension}", expected=claims[0].upper())


def find_active(file: AttachmentFile, name: FileName) -> Iterator[Observation]:
    """ATTACHMENT_ACTIVE where the file holds what may run once it is opened."""
    mark = _active_mark(file.data, real_extension(name.extension, file.member or ""))
    if mark is not None:
        yield _observe("ATTACHMENT_ACTIVE", name, found=mark, facts=why(mark))


def _active_mark(data: bytes, extension: str) -> str | None:
    kind = kind_of(data)
    if kind == "PDF":
        return find_action(data)
    if kind == "XML":
        markup = data[:_MARKUP_BYTES].upper()
        return next((script.decode("ascii").lower() for script in _SCRIPTS if script in markup), None)
    if extension in _MACRO_EXTENSIONS or (kind in _MACROS and _MACROS[kind] in data):
        return "macros"
    return "EXE" if kind in ("EXE", "ELF") else None


def _observe(
    code: str,
    name: FileName,
    *,
    found: str | None,
    expected: str | None = None,
    facts: tuple[tuple[str, str], ...] = (),
) -> Observation:
    return Observation(
        code=code,
        term="BT-125",
        place=(*name.group, "content", 0),
        found=found,
        expected=expected,
        facts=(*name.facts, *facts),
    )
