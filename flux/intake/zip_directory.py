"""The central directory of a zip (PKWARE APPNOTE 6.3, sections 4.3.12 to 4.3.16).

Read by hand: `zipfile` loads a directory of any size, and looks for the start of an archive behind foreign data.
"""

from dataclasses import dataclass
from struct import Struct
from typing import BinaryIO

from flux.intake.gzip_stream import PADDING
from flux.intake.member import damaged
from flux.model.zip_entries import extra_fields

# Signature, disk, directory's disk, entries here, entries, directory's size and offset, comment's length.
_END = Struct("<4s4H2LH")
_END_MAGIC = b"PK\x05\x06"
_LONGEST_COMMENT = 0xFFFF
# Signature, size of the rest, versions, disk, directory's disk, entries here, entries, directory's size and offset.
_END64 = Struct("<4sQ2H2L4Q")
# What its size leaves out: signature and size.
_END64_START = 12
# Signature, disk, offset of the record above, disks.
_LOCATOR64 = Struct("<4sLQL")
# Signature, system and version, version needed, flags, method, time, date, crc, packed, size, lengths of name, extra
# and comment, disk, internal and external attributes, offset.
_ENTRY = Struct("<4s2B5H3L5H2L")
_ENTRY_MAGIC = b"PK\x01\x02"

_UTF8 = 0x800
_UNIX = 3
_ZIP64_FIELD = 1
_IN_ZIP64 = 0xFFFFFFFF
_COUNT_IN_ZIP64 = 0xFFFF
# The directory is held in memory; a real one of 100,000 members is a tenth of this.
_DIRECTORY_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipDirectory:
    """Where the central directory is, and how many entries it announces."""

    offset: int
    size_bytes: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipEntry:
    """What the directory says of one file. `mode` holds its Unix type, 0 where the archive was made on no Unix."""

    raw_name: bytes
    name: str
    flags: int
    method: int
    crc32: int
    packed_bytes: int
    size_bytes: int
    offset: int
    mode: int
    extra: bytes  # its fields of other meanings, as they stand there


def find_directory(file: BinaryIO, size_bytes: int) -> ZipDirectory:
    """The central directory of a file of that size. Raises Refusal where it is not exactly where it must be."""
    start = max(0, size_bytes - _END.size - _LONGEST_COMMENT)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(_END_MAGIC)
    if at < 0 or len(tail) - at < _END.size:
        raise damaged("la fin de l'archive manque", "the end of the archive is missing")
    _, disk, directory_disk, here, count, size, offset, comment = _END.unpack_from(tail, at)
    if tail[at + _END.size + comment :].strip(PADDING):
        raise damaged("des données suivent la fin de l'archive", "data follow the end of the archive")
    directory, end = _widen(file, ZipDirectory(offset=offset, size_bytes=size, count=count), start + at)
    if disk or directory_disk or (here != count):
        raise damaged("l'archive est en plusieurs volumes", "the archive has several volumes")
    if directory.offset + directory.size_bytes != end:
        raise damaged("le répertoire n'est pas où il est annoncé", "the directory is not where it is announced")
    return directory


def _widen(file: BinaryIO, directory: ZipDirectory, end: int) -> tuple[ZipDirectory, int]:
    """The directory as a zip64 record gives it, where there is one; and where the directory must end."""
    file.seek(max(0, end - _LOCATOR64.size))
    locator = file.read(min(end, _LOCATOR64.size))
    if not locator.startswith(b"PK\x06\x07"):
        return directory, end
    _, _, at, _ = _LOCATOR64.unpack(locator)
    if at + _END64.size > end:
        raise damaged("la fin de l'archive est fausse", "the end of the archive is wrong")
    file.seek(at)
    magic, rest, _, _, disk, directory_disk, here, count, size, offset = _END64.unpack(file.read(_END64.size))
    is_whole = at + _END64_START + rest == end - _LOCATOR64.size
    if magic != b"PK\x06\x06" or not is_whole or disk or directory_disk or here != count:
        raise damaged("la fin de l'archive est fausse", "the end of the archive is wrong")
    wide = ZipDirectory(offset=offset, size_bytes=size, count=count)
    if not _agree(directory, wide):
        raise damaged("la fin de l'archive se contredit", "the end of the archive contradicts itself")
    return wide, at


def _agree(narrow: ZipDirectory, wide: ZipDirectory) -> bool:
    """True where the narrow record leaves each value to the wide one, or says the same."""
    return (
        narrow.offset in (_IN_ZIP64, wide.offset)
        and narrow.size_bytes in (_IN_ZIP64, wide.size_bytes)
        and narrow.count in (_COUNT_IN_ZIP64, wide.count)
    )


def read_entries(file: BinaryIO, directory: ZipDirectory) -> list[ZipEntry]:
    """The entries, in their order. Raises Refusal."""
    if directory.size_bytes > _DIRECTORY_BYTES:
        raise damaged("le répertoire de l'archive est démesuré", "the archive's directory is out of measure")
    file.seek(directory.offset)
    data = file.read(directory.size_bytes)
    entries = []
    position = 0
    for _ in range(directory.count):
        if len(data) - position < _ENTRY.size or not data.startswith(_ENTRY_MAGIC, position):
            raise damaged("le répertoire de l'archive est faux", "the archive's directory is wrong")
        entry, position = _read_entry(data, position)
        entries.append(entry)
    if position != len(data):
        raise damaged("le répertoire de l'archive est faux", "the archive's directory is wrong")
    return entries


def _read_entry(data: bytes, position: int) -> tuple[ZipEntry, int]:
    fields = _ENTRY.unpack_from(data, position)
    system, flags, method, crc, packed, size = fields[2], fields[4], fields[5], *fields[8:11]
    name_bytes, extra_bytes, comment_bytes, _, _, attributes, offset = fields[11:]
    name_at = position + _ENTRY.size
    extra_at = name_at + name_bytes
    end = extra_at + extra_bytes + comment_bytes
    raw_name = data[name_at:extra_at]
    extra = data[extra_at : extra_at + extra_bytes]
    size, packed, offset = widen_entry(extra, (size, packed, offset))
    entry = ZipEntry(
        raw_name=raw_name,
        name=_decode_name(raw_name, flags),
        flags=flags,
        method=method,
        crc32=crc,
        packed_bytes=packed,
        size_bytes=size,
        offset=offset,
        mode=attributes >> 16 if system == _UNIX else 0,
        extra=extra,
    )
    return entry, end


def widen_entry(extra: bytes, fields: tuple[int, int, int]) -> tuple[int, int, int]:
    """Size, packed size and offset, with those that only the zip64 field can hold."""
    if _IN_ZIP64 not in fields:
        return fields
    wide = next((value for field, value in extra_fields(extra) if field == _ZIP64_FIELD), b"")
    values = [int.from_bytes(wide[at : at + 8], "little") for at in range(0, len(wide) - 7, 8)]
    if len(values) < fields.count(_IN_ZIP64):
        raise damaged("une taille est illisible", "a size cannot be read")
    size, packed, offset = (values.pop(0) if field == _IN_ZIP64 else field for field in fields)
    return size, packed, offset


def _decode_name(raw: bytes, flags: int) -> str:
    """UTF-8 where it is marked or where it is, else the code page of the format."""
    if flags & _UTF8:
        return raw.decode("utf-8", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp437")
