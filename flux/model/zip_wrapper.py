"""The zip in which Chorus formats wrap the one file of an attachment (PKWARE APPNOTE 6.3), read in memory.

Read by hand: `zipfile` loads a directory of any size, and a hostile one has millions of entries.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from flux.model.attachment_fault import AttachmentFault

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")  # the first entry, or the end of an archive that holds none

# Signature, disk, directory's disk, entries here, entries, directory's size and offset, comment's length.
_END = struct.Struct("<4s4H2LH")
_END_MAGIC = b"PK\x05\x06"
_LONGEST_COMMENT = 0xFFFF
# Signature, disk, offset of the record below, disks.
_LOCATOR64 = struct.Struct("<4sLQL")
# Signature, size of the rest, versions, disk, directory's disk, entries here, entries, directory's size and offset.
_END64 = struct.Struct("<4sQ2H2L4Q")
# Signature, versions, flags, method, time, date, crc, packed, size, lengths of name, extra and comment, disk,
# attributes, offset.
_ENTRY = struct.Struct("<4s6H3L5H2L")
_ENTRY_MAGIC = b"PK\x01\x02"
# Signature, version, flags, method, time, date, crc, packed, size, lengths of name and extra.
_LOCAL = struct.Struct("<4s5H3L2H")
_LOCAL_MAGIC = b"PK\x03\x04"

_IN_ZIP64 = 0xFFFFFFFF
_COUNT_IN_ZIP64 = 0xFFFF
_ZIP64_FIELD = 1
_ENCRYPTED = 0x1
_UTF8 = 0x800
_STORED, _DEFLATED = 0, 8
# A wrapper holds one file, and perhaps its folders: whoever needs more entries has packed something else.
_ENTRIES_READ = 100
# What macOS adds by itself.
_SIDE_FOLDER, _SIDE_FILE = "__MACOSX/", ".DS_Store"


class Wrapped(NamedTuple):
    """The file of a wrapper, and the name that it bears there."""

    name: str
    data: bytes


class _Entry(NamedTuple):
    name: str
    flags: int
    method: int
    crc32: int
    packed_bytes: int
    size_bytes: int
    offset: int

    @property
    def is_file(self) -> bool:
        return not self.name.endswith(("/", _SIDE_FILE)) and not self.name.startswith(_SIDE_FOLDER)


class _Unreadable(Exception):
    """Carries a fault out of the reading, and never leaves `unwrap`."""

    def __init__(self, fault: AttachmentFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def unwrap(data: bytes, limit_bytes: int) -> Wrapped | AttachmentFault:
    """The one file of a zip; no more than `limit_bytes` and one are ever inflated."""
    try:
        entry = _only_file(data)
        return Wrapped(entry.name, _read(data, entry, limit_bytes))
    except _Unreadable as unreadable:
        return unreadable.fault
    except (struct.error, zlib.error):
        return AttachmentFault.ZIP_DAMAGED


def _only_file(data: bytes) -> _Entry:
    found = None
    for entry in _entries(data):
        if not entry.is_file:
            continue
        if found is not None:
            raise _Unreadable(AttachmentFault.ZIP_SEVERAL)
        found = entry
    if found is None:
        raise _Unreadable(AttachmentFault.ZIP_EMPTY)
    return found


def _entries(data: bytes) -> Iterator[_Entry]:
    count, position = _find_directory(data)
    if count > _ENTRIES_READ:
        raise _Unreadable(AttachmentFault.ZIP_SEVERAL)
    for _ in range(count):
        fields: tuple[int, ...] = _ENTRY.unpack_from(data, position)[1:]
        if not data.startswith(_ENTRY_MAGIC, position):
            raise _Unreadable(AttachmentFault.ZIP_DAMAGED)
        flags, method = fields[2], fields[3]
        name_at = position + _ENTRY.size
        extra_at = name_at + fields[9]
        position = extra_at + fields[10] + fields[11]
        packed, size, offset = fields[7], fields[8], fields[15]
        if _IN_ZIP64 in (packed, size, offset):
            size, packed, offset = _widen(data[extra_at : extra_at + fields[10]], (size, packed, offset))
        yield _Entry(_decode_name(data[name_at:extra_at], flags), flags, method, fields[6], packed, size, offset)


def _find_directory(data: bytes) -> tuple[int, int]:
    """How many entries the directory holds, and where it begins."""
    at = data.rfind(_END_MAGIC, max(0, len(data) - _END.size - _LONGEST_COMMENT))
    if at < 0:
        raise _Unreadable(AttachmentFault.ZIP_DAMAGED)
    fields: tuple[int, ...] = _END.unpack_from(data, at)[1:]
    count, offset = fields[3], fields[5]
    if offset != _IN_ZIP64 and count != _COUNT_IN_ZIP64:
        return count, offset
    if at < _LOCATOR64.size:
        raise _Unreadable(AttachmentFault.ZIP_DAMAGED)
    record: int = _LOCATOR64.unpack_from(data, at - _LOCATOR64.size)[2]
    wide: tuple[int, ...] = _END64.unpack_from(data, min(record, len(data)))[1:]
    return wide[6], min(wide[8], len(data))


def _widen(extra: bytes, fields: tuple[int, int, int]) -> tuple[int, int, int]:
    """Size, packed size and offset, with those that only the zip64 field can hold."""
    values = list(_zip64_values(extra))
    if len(values) < fields.count(_IN_ZIP64):
        raise _Unreadable(AttachmentFault.ZIP_DAMAGED)
    size, packed, offset = (values.pop(0) if field == _IN_ZIP64 else field for field in fields)
    return size, packed, offset


def _zip64_values(extra: bytes) -> Iterator[int]:
    position = 0
    while position + 4 <= len(extra):
        field = int.from_bytes(extra[position : position + 2], "little")
        length = int.from_bytes(extra[position + 2 : position + 4], "little")
        if field == _ZIP64_FIELD:
            values = extra[position + 4 : position + 4 + length]
            yield from (int.from_bytes(values[at : at + 8], "little") for at in range(0, len(values) - 7, 8))
            return
        position += 4 + length


def _decode_name(raw: bytes, flags: int) -> str:
    """UTF-8 where it is marked or where it is, else the code page of the format."""
    if flags & _UTF8:
        return raw.decode("utf-8", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp437")


def _read(data: bytes, entry: _Entry, limit_bytes: int) -> bytes:
    """The bytes of a file, whole and with their checksum."""
    if entry.flags & _ENCRYPTED:
        raise _Unreadable(AttachmentFault.ZIP_ENCRYPTED)
    if entry.method not in (_STORED, _DEFLATED):
        raise _Unreadable(AttachmentFault.ZIP_METHOD)
    if entry.size_bytes > limit_bytes:
        raise _Unreadable(AttachmentFault.TOO_LARGE)
    content = _unpack(_packed(data, entry), entry.method, limit_bytes)
    if len(content) != entry.size_bytes or zlib.crc32(content) != entry.crc32:
        raise _Unreadable(AttachmentFault.ZIP_DAMAGED)
    return content


def _packed(data: bytes, entry: _Entry) -> memoryview:
    at = min(entry.offset, len(data))
    header: tuple[int, ...] = _LOCAL.unpack_from(data, at)[1:]
    start = at + _LOCAL.size + header[8] + header[9]
    if not data.startswith(_LOCAL_MAGIC, at) or start + entry.packed_bytes > len(data):
        raise _Unreadable(AttachmentFault.ZIP_DAMAGED)
    return memoryview(data)[start : start + entry.packed_bytes]


def _unpack(packed: memoryview, method: int, limit_bytes: int) -> bytes:
    if method == _STORED:
        return bytes(packed)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    content = inflater.decompress(packed, limit_bytes + 1)
    if len(content) > limit_bytes:
        raise _Unreadable(AttachmentFault.TOO_LARGE)
    if not inflater.eof:
        raise _Unreadable(AttachmentFault.ZIP_DAMAGED)
    return content
