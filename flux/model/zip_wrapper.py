"""The zip in which Chorus formats wrap the one file of an attachment (PKWARE APPNOTE 6.3), read in memory.

Whatever two programs could read in two ways is refused, so that the file that was judged is the one that is opened.
"""

import stat
import struct
import zlib
from typing import NamedTuple

from flux.model.attachment_fault import AttachmentFault
from flux.model.zip_entries import (
    Entry,
    Packed,
    UnreadableZipError,
    check_gapless,
    extra_fields,
    find_directory,
    locate,
    read_entries,
)

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")  # the first entry, or the end of an archive that holds none

_STORED, _DEFLATED = 0, 8
# A file that zip or 7-Zip reads from a pipe bears the mode of a pipe; 0 where no Unix wrote the zip.
_KINDS = (0, stat.S_IFDIR, stat.S_IFREG, stat.S_IFIFO)
# What macOS adds by itself, by name; the bytes must say so too.
_TWIN, _VIEW = "._", ".DS_Store"
_TWIN_MAGIC, _VIEW_MAGIC = b"\x00\x05\x16\x07", b"\x00\x00\x00\x01Bud1"
# A name in UTF-8 beside one in a code page: version and checksum of the other stand before it.
_UNICODE_PATH = 0x7075
_UNICODE_PATH_HEAD = 5
# Longer ones must be the same to the byte.
_LONGEST_NAME = 1024
_DOS_FOLDER = 0x10


class Wrapped(NamedTuple):
    """The file of a wrapper, the name that it bears there, and the names of the folders and side files beside it."""

    name: str
    data: bytes
    beside: tuple[str, ...] = ()


def unwrap(data: bytes, limit_bytes: int) -> Wrapped | AttachmentFault:
    """The one file of a zip; no more than `limit_bytes` and one are ever inflated of all that is in it."""
    try:
        return _unwrap(data, limit_bytes)
    except UnreadableZipError as unreadable:
        return unreadable.fault
    except (struct.error, zlib.error):
        return AttachmentFault.ZIP_DAMAGED


def _unwrap(data: bytes, limit_bytes: int) -> Wrapped:
    directory = find_directory(data)
    entries = read_entries(data, directory)
    # Formats that are zips themselves are told by this, before anything else is asked of them.
    if sum(not entry.is_folder and not _has_side_name(entry.name) for entry in entries) > 1:
        raise UnreadableZipError(AttachmentFault.ZIP_SEVERAL)
    for entry in entries:
        _check(entry)
    placed = [(entry, locate(data, entry)) for entry in entries]
    check_gapless(data, placed, directory)
    for entry, packed in placed:
        _check_other_names(entry, packed)
    return _only_file(data, placed, limit_bytes)


def _only_file(data: bytes, placed: list[tuple[Entry, Packed]], limit_bytes: int) -> Wrapped:
    files = []
    left = limit_bytes
    for entry, packed in placed:
        content = _read(data, entry, packed, left)
        left -= len(content)
        if not entry.is_folder and not _is_side_file(entry.name, content):
            files.append((entry.name, content))
    if len(files) != 1:
        raise UnreadableZipError(AttachmentFault.ZIP_SEVERAL if files else AttachmentFault.ZIP_EMPTY)
    [(name, content)] = files
    return Wrapped(name, content, tuple(entry.name for entry, _ in placed if entry.name != name))


def _has_side_name(name: str) -> bool:
    base = name.rpartition("/")[2]
    return base.startswith(_TWIN) or base == _VIEW


def _is_side_file(name: str, content: bytes) -> bool:
    """True where name and bytes both say so: a file that only bears such a name is a file like others."""
    base = name.rpartition("/")[2]
    if base.startswith(_TWIN):
        return content.startswith(_TWIN_MAGIC)
    return base == _VIEW and content.startswith(_VIEW_MAGIC)


def _check(entry: Entry) -> None:
    """Raises UnreadableZipError for what cannot be read, or is neither a file nor an empty folder."""
    if entry.is_encrypted:
        raise UnreadableZipError(AttachmentFault.ZIP_ENCRYPTED)
    if entry.method not in (_STORED, _DEFLATED):
        raise UnreadableZipError(AttachmentFault.ZIP_METHOD)
    kind = stat.S_IFMT(entry.attributes >> 16)
    is_folder = kind == stat.S_IFDIR or bool(entry.attributes & _DOS_FOLDER)
    if kind not in _KINDS or (is_folder and not entry.is_folder):
        raise UnreadableZipError(AttachmentFault.ZIP_SPECIAL)
    if entry.is_folder and entry.size_bytes:
        raise UnreadableZipError(AttachmentFault.ZIP_SPECIAL)


def _check_other_names(entry: Entry, packed: Packed) -> None:
    """Raises UnreadableZipError where a name in UTF-8 is not the same as the one in a code page."""
    for extra in (entry.extra, packed.extra):
        if bears_other_name(extra, entry.raw_name):
            raise UnreadableZipError(AttachmentFault.ZIP_AMBIGUOUS)


def bears_other_name(extra: bytes, raw_name: bytes) -> bool:
    """True where a field holds a name in UTF-8 that is not the same."""
    return any(
        field == _UNICODE_PATH and not _is_same_name(value[_UNICODE_PATH_HEAD:], raw_name)
        for field, value in extra_fields(extra)
    )


def _is_same_name(unicode_path: bytes, raw_name: bytes) -> bool:
    """True where the names differ at most in characters beyond ASCII: a code page has a byte, a mark or a number for each."""
    if unicode_path == raw_name or len(raw_name) > _LONGEST_NAME:
        return unicode_path == raw_name
    at = 0
    for sign in unicode_path.decode("utf-8", "replace"):
        spelled = raw_name[at : at + 1]
        if raw_name[at : at + 6].upper() == f"#U{ord(sign):04X}".encode():
            at += 6
        elif spelled == sign.encode() or (not sign.isascii() and (spelled >= b"\x80" or spelled in (b"?", b"_"))):
            at += 1
        else:
            return False
    return at == len(raw_name)


def _read(data: bytes, entry: Entry, packed: Packed, limit_bytes: int) -> bytes:
    """The bytes of a file, whole and with their checksum."""
    if entry.size_bytes > limit_bytes:
        raise UnreadableZipError(AttachmentFault.TOO_LARGE)
    content = _unpack(memoryview(data)[packed.begin : packed.end], entry.method, limit_bytes)
    if len(content) != entry.size_bytes or zlib.crc32(content) != entry.crc32:
        raise UnreadableZipError(AttachmentFault.ZIP_DAMAGED)
    return content


def _unpack(packed: memoryview, method: int, limit_bytes: int) -> bytes:
    if method == _STORED:
        return bytes(packed)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    content = inflater.decompress(packed, limit_bytes + 1)
    if len(content) > limit_bytes:
        raise UnreadableZipError(AttachmentFault.TOO_LARGE)
    if not inflater.eof:
        raise UnreadableZipError(AttachmentFault.ZIP_DAMAGED)
    if inflater.unused_data:
        raise UnreadableZipError(AttachmentFault.ZIP_AMBIGUOUS)
    return content
