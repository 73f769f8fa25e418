"""The file that an attachment carries, out of its base64 and out of the zip in which Chorus formats wrap it.

Sources: Chorus Pro specification for the zip, even where the MIME code says PDF; EN 16931-1 BT-125 for the file itself.
"""

import binascii
from typing import NamedTuple

from flux.model.attachment_fault import AttachmentFault
from flux.model.interface import Family, Syntax
from flux.model.invoice import Attachment
from flux.model.term import text_of
from flux.model.zip_wrapper import MAGIC, Wrapped, unwrap

# Formats that are zips of several files themselves, by extension and by what their MIME codes hold.
_ZIP_EXTENSIONS = (".zip", ".docx", ".xlsx", ".pptx", ".docm", ".xlsm", ".pptm", ".odt", ".ods", ".odp")
_ZIP_MIME_CODES = ("openxmlformats", "opendocument")
_XML_SPACE = b" \t\r\n"
_CPP = (Syntax.PIVOT, Syntax.MIXTE)


class AttachmentFile(NamedTuple):
    """The bytes of an attachment. `member` is its name in the zip that wrapped it, None where none did.

    `beside` are the names of what else lies in that zip: folders, side files.
    """

    data: bytes
    member: str | None = None
    beside: tuple[str, ...] = ()


def is_wrapped(family: Family, syntax: Syntax | None) -> bool:
    """True where the content of an attachment is the base64 of a zip of one file, whatever its MIME code says."""
    return family is Family.LEGACY or syntax in _CPP


def decode_attachment(
    attachment: Attachment, *, wrapped: bool, limit_bytes: int, occurrence: int = 0
) -> AttachmentFile | AttachmentFault:
    """The file of an attachment, or why there is none.

    `wrapped` as `is_wrapped` says; content that is no zip, or a zip that the name announces, is then the file itself.
    `limit_bytes` bounds the file; `occurrence` tells which, where the document repeats the content.
    """
    data = decode_content(attachment, limit_bytes=limit_bytes, occurrence=occurrence)
    return (
        data
        if isinstance(data, AttachmentFault)
        else open_content(data, attachment, wrapped=wrapped, limit_bytes=limit_bytes)
    )


def decode_content(attachment: Attachment, *, limit_bytes: int, occurrence: int = 0) -> bytes | AttachmentFault:
    """The bytes out of the base64, still in their zip where there is one."""
    if occurrence >= len(attachment.content):
        return AttachmentFault.MISSING
    data = _decode_base64(attachment.content[occurrence].text)
    if data is None:
        return AttachmentFault.BASE64
    return AttachmentFault.TOO_LARGE if len(data) > limit_bytes else data


def open_content(
    data: bytes, attachment: Attachment, *, wrapped: bool, limit_bytes: int
) -> AttachmentFile | AttachmentFault:
    """The file that these bytes hold, as `decode_attachment` says."""
    file = _unwrap(data, attachment, limit_bytes) if wrapped and data.startswith(MAGIC) else AttachmentFile(data)
    return AttachmentFault.EMPTY if isinstance(file, AttachmentFile) and not file.data else file


def _unwrap(data: bytes, attachment: Attachment, limit_bytes: int) -> AttachmentFile | AttachmentFault:
    unwrapped = unwrap(data, limit_bytes)
    if unwrapped is AttachmentFault.ZIP_SEVERAL and _is_zip_format(attachment):
        return AttachmentFile(data)
    if isinstance(unwrapped, Wrapped):
        return AttachmentFile(unwrapped.data, unwrapped.name, unwrapped.beside)
    return unwrapped


def _is_zip_format(attachment: Attachment) -> bool:
    name = text_of(attachment.filename or attachment.reference).lower()
    mime_codes = [term.text for term in (*attachment.mime_code, *attachment.type_code)]
    return name.endswith(_ZIP_EXTENSIONS) or any(mark in code for code in mime_codes for mark in _ZIP_MIME_CODES)


def _decode_base64(text: str) -> bytes | None:
    """The bytes, None where the text is no base64.

    The lenient decoder is twice as fast as the strict one and passes over foreign characters: each makes the result
    shorter than the text announces.
    """
    try:
        data = _decode_whole(text)
        return data if data is not None else _decode_whole(_without_space(text))
    except ValueError:
        return None


def _decode_whole(text: str) -> bytes | None:
    data = binascii.a2b_base64(text)
    padding = len(text[-2:]) - len(text[-2:].rstrip("="))
    return data if len(text) % 4 == 0 and len(data) == len(text) // 4 * 3 - padding else None


def _without_space(text: str) -> str:
    """The text less its white space, without a list of its lines: they would weigh more than the file."""
    return text.encode("ascii").translate(None, _XML_SPACE).decode("ascii")
