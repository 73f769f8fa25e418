"""What the directory of a small zip says, and whether the rest of it agrees (PKWARE APPNOTE 6.3), read in memory.

Read by hand: `zipfile` loads a directory of any size, and a hostile one has millions of entries.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from flux.model.attachment_fault import AttachmentFault

# Signature, disk, directory's disk, entries here, entries, directory's size and offset, comment's length.
_END = struct.Struct("<4s4H2LH")
_END_MAGIC = b"PK\x05\x06"
_LONGEST_COMMENT = 0xFFFF
# Signature, disk, offset of the record below, disks.
_LOCATOR64 = struct.Struct("<4sLQL")
_LOCATOR64_MAGIC = b"PK\x06\x07"
# Signature, size of the rest, versions, disk, directory's disk, entries here, entries, directory's size and offset.
_END64 = struct.Struct("<4sQ2H2L4Q")
_END64_MAGIC = b"PK\x06\x06"
# What its size leaves out: signature and size.
_END64_START = 12
# Signature, versions, flags, method, time, date, crc, packed, size, lengths of name, extra and comment, disk,
# attributes within and without, offset.
_ENTRY = struct.Struct("<4s6H3L5H2L")
_ENTRY_MAGIC = b"PK\x01\x02"
# Signature, version, flags, method, time, date, crc, packed, size, lengths of name and extra.
_LOCAL = struct.Struct("<4s5H3L2H")
_LOCAL_MAGIC = b"PK\x03\x04"
_DESCRIPTOR_MAGIC = b"PK\x07\x08"
# The longest description behind an entry.
DESCRIPTION_BYTES = 24

_IN_ZIP64 = 0xFFFFFFFF
_COUNT_IN_ZIP64 = 0xFFFF
_ZIP64_FIELD = 1
_ENCRYPTED = 0x1 | 0x40 | 0x2000
DESCRIBED_BEHIND = 0x8
_UTF8 = 0x800
# A wrapper holds one file, and perhaps its folders: whoever needs more entries has packed something else.
_ENTRIES_READ = 100


class UnreadableZipError(Exception):
    """Carries a fault out of the reading, and never leaves `unwrap`."""

    def __init__(self, fault: AttachmentFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class Entry(NamedTuple):
    """What the directory says of a file or a folder. `extra` are its fields of other meanings, as they stand there."""

    raw_name: bytes
    name: str
    flags: int
    method: int
    crc32: int
    packed_bytes: int
    size_bytes: int
    offset: int
    attributes: int
    extra: bytes

    @property
    def is_folder(self) -> bool:
        """True where the name says so."""
        return self.name.endswith("/")

    @property
    def is_encrypted(self) -> bool:
        """True where a password is needed."""
        return bool(self.flags & _ENCRYPTED)


class Directory(NamedTuple):
    """How many entries the directory holds, where it begins, and where it must end."""

    entries: int
    offset: int
    end: int


class Packed(NamedTuple):
    """Where the packed bytes of an entry lie, the fields that its own header adds, and whether sizes stand behind."""

    begin: int
    end: int
    extra: bytes
    is_described_behind: bool


def find_directory(data: bytes) -> Directory:
    """The directory that the end of a zip announces. Raises UnreadableZipError."""
    at = data.rfind(_END_MAGIC, max(0, len(data) - _END.size - _LONGEST_COMMENT))
    if at < 0:
        raise UnreadableZipError(AttachmentFault.ZIP_DAMAGED)
    fields: tuple[int, ...] = _END.unpack_from(data, at)[1:]
    told = (fields[3], fields[4], fields[5])
    if data.startswith(_LOCATOR64_MAGIC, max(0, at - _LOCATOR64.size)):
        return _widen_directory(data, at - _LOCATOR64.size, told)
    if _IN_ZIP64 in told or told[0] == _COUNT_IN_ZIP64:
        raise UnreadableZipError(AttachmentFault.ZIP_DAMAGED)
    return _directory(told, at)


def _widen_directory(data: bytes, locator: int, told: tuple[int, int, int]) -> Directory:
    """The directory by its wide record, which may contradict none of what the narrow one says."""
    at: int = _LOCATOR64.unpack_from(data, locator)[2]
    wide: tuple[int, ...] = _END64.unpack_from(data, min(at, len(data)))[1:]
    if not data.startswith(_END64_MAGIC, at) or at + _END64_START + wide[0] != locator:
        raise UnreadableZipError(AttachmentFault.ZIP_DAMAGED)
    unsaid = (_COUNT_IN_ZIP64, _IN_ZIP64, _IN_ZIP64)
    if any(narrow not in (value, mark) for narrow, value, mark in zip(told, wide[6:9], unsaid, strict=True)):
        raise UnreadableZipError(AttachmentFault.ZIP_AMBIGUOUS)
    return _directory((wide[6], wide[7], wide[8]), at)


def _directory(told: tuple[int, int, int], end: int) -> Directory:
    """The directory of that count, size and offset. Some programs count its size back from the end."""
    count, size, offset = told
    if offset + size != end:
        raise UnreadableZipError(AttachmentFault.ZIP_AMBIGUOUS)
    return Directory(count, offset, end)


def read_entries(data: bytes, directory: Directory) -> list[Entry]:
    """The entries, in their order. Raises UnreadableZipError, for more than a wrapper needs too."""
    if directory.entries > _ENTRIES_READ:
        raise UnreadableZipError(AttachmentFault.ZIP_SEVERAL)
    entries = []
    position = min(directory.offset, len(data))
    for _ in range(directory.entries):
        entry, position = _read_entry(data, position)
        entries.append(entry)
    if position != directory.end:
        raise UnreadableZipError(AttachmentFault.ZIP_AMBIGUOUS)
    return entries


def _read_entry(data: bytes, position: int) -> tuple[Entry, int]:
    fields: tuple[int, ...] = _ENTRY.unpack_from(data, position)[1:]
    if not data.startswith(_ENTRY_MAGIC, position):
        raise UnreadableZipError(AttachmentFault.ZIP_DAMAGED)
    name_at = position + _ENTRY.size
    extra_at = name_at + fields[9]
    extra = data[extra_at : extra_at + fields[10]]
    size, packed, offset = _widen(extra, (fields[8], fields[7], fields[15]))
    raw_name = data[name_at:extra_at]
    entry = Entry(
        raw_name=raw_name,
        name=_decode_name(raw_name, fields[2]),
        flags=fields[2],
        method=fields[3],
        crc32=fields[6],
        packed_bytes=packed,
        size_bytes=size,
        offset=offset,
        attributes=fields[14],
        extra=extra,
    )
    return entry, extra_at + fields[10] + fields[11]


def _widen(extra: bytes, fields: tuple[int, ...]) -> tuple[int, ...]:
    """Size, packed size and perhaps offset, with those that only the zip64 field can hold."""
    if _IN_ZIP64 not in fields:
        return fields
    wide = next((value for field, value in extra_fields(extra) if field == _ZIP64_FIELD), b"")
    values = [int.from_bytes(wide[at : at + 8], "little") for at in range(0, len(wide) - 7, 8)]
    if len(values) < fields.count(_IN_ZIP64):
        raise UnreadableZipError(AttachmentFault.ZIP_DAMAGED)
    return tuple(values.pop(0) if field == _IN_ZIP64 else field for field in fields)


def extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """The fields behind a name, each with its number."""
    position = 0
    while position + 4 <= len(extra):
        field, length = struct.unpack_from("<2H", extra, position)
        yield field, extra[position + 4 : position + 4 + length]
        position += 4 + length


def _decode_name(raw: bytes, flags: int) -> str:
    """UTF-8 where it is marked or where it is, else the code page of the format."""
    if flags & _UTF8:
        return raw.decode("utf-8", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp437")


def locate(data: bytes, entry: Entry) -> Packed:
    """Where an entry lies. Raises UnreadableZipError where its own header says anything else than the directory."""
    at = min(entry.offset, len(data))
    fields: tuple[int, ...] = _LOCAL.unpack_from(data, at)[1:]
    name_at = at + _LOCAL.size
    begin = name_at + fields[8] + fields[9]
    if not data.startswith(_LOCAL_MAGIC, at) or begin + entry.packed_bytes > len(data):
        raise UnreadableZipError(AttachmentFault.ZIP_DAMAGED)
    extra = data[name_at + fields[8] : begin]
    flags, method = fields[1:3]
    is_other = data[name_at : name_at + fields[8]] != entry.raw_name or method != entry.method
    if is_other or (flags ^ entry.flags) & _ENCRYPTED:
        raise UnreadableZipError(AttachmentFault.ZIP_AMBIGUOUS)
    sizes = (fields[5], *_widen(extra, (fields[7], fields[6])))
    real = (entry.crc32, entry.size_bytes, entry.packed_bytes)
    is_unsaid = bool(flags & DESCRIBED_BEHIND)
    if any(told != value and not (is_unsaid and told == 0) for told, value in zip(sizes, real, strict=True)):
        raise UnreadableZipError(AttachmentFault.ZIP_AMBIGUOUS)
    return Packed(begin, begin + entry.packed_bytes, extra, is_unsaid)


def check_gapless(data: bytes, placed: list[tuple[Entry, Packed]], directory: Directory) -> None:
    """Raises UnreadableZipError where anything lies outside the entries: a program that reads on would find it."""
    placed = sorted(placed, key=lambda each: each[0].offset)
    ends = [0, *(_end_of(data, entry, packed) for entry, packed in placed)]
    starts = [*(entry.offset for entry, _ in placed), directory.offset]
    if ends != starts or not _ends_with_archive(data, directory):
        raise UnreadableZipError(AttachmentFault.ZIP_AMBIGUOUS)


def _end_of(data: bytes, entry: Entry, packed: Packed) -> int:
    """Where an entry ends, with the description that writers of streams put behind it."""
    if not packed.is_described_behind:
        return packed.end
    behind = data[packed.end : packed.end + DESCRIPTION_BYTES]
    length = description_length(behind, entry.crc32, entry.packed_bytes, entry.size_bytes)
    if length is None:
        raise UnreadableZipError(AttachmentFault.ZIP_AMBIGUOUS)
    return packed.end + length


def description_length(behind: bytes, crc32: int, packed_bytes: int, size_bytes: int) -> int | None:
    """How long the description of an entry is that begins there; None where there is none, or another's."""
    for magic in (_DESCRIPTOR_MAGIC, b""):
        for shape in ("<L2Q", "<L2L"):
            try:
                described = magic + struct.pack(shape, crc32, packed_bytes, size_bytes)
            except struct.error:
                continue
            if behind.startswith(described):
                return len(described)
    return None


def _ends_with_archive(data: bytes, directory: Directory) -> bool:
    """True where only the end of the archive, its comment, and the zeros of a buffer follow the directory."""
    at = data.rfind(_END_MAGIC, directory.end)
    end = at + _END.size + int.from_bytes(data[at + _END.size - 2 : at + _END.size], "little")
    return end <= len(data) and not data[end:].strip(b"\0")
