"""The members of a zip, as ranges of it (PKWARE APPNOTE 6.3). Everything that two readers could read in two ways is refused."""

import os
import stat
import zlib
from collections.abc import Sequence
from pathlib import Path
from struct import Struct
from typing import BinaryIO

from flux.intake.gzip_stream import over_bound, unpacked_bound
from flux.intake.magic import HEAD_BYTES, is_nested, is_side_file
from flux.intake.member import (
    Compression,
    MemberNames,
    MemberRef,
    Refusal,
    damaged,
    nested_archive,
    observe,
    show_name,
    too_many_members,
)
from flux.intake.zip_directory import ZipDirectory, ZipEntry, find_directory, read_entries
from flux.model.limits import Limits

# Signature, version, flags, method, time, date, crc, packed, size, lengths of name and extra.
_LOCAL = Struct("<4s5H3L2H")
_LOCAL_MAGIC = b"PK\x03\x04"

_ENCRYPTED = 0x1 | 0x40 | 0x2000
_METHODS = {0: Compression.STORED, 8: Compression.DEFLATED}


def list_zip(path: Path, limits: Limits) -> tuple[MemberRef, ...]:
    """The members of the zip at `path`. Raises Refusal."""
    with path.open("rb") as file:
        size_bytes = os.fstat(file.fileno()).st_size
        directory = find_directory(file, size_bytes)
        if directory.count > limits.archive_members:
            raise too_many_members(limits)
        entries = [entry for entry in read_entries(file, directory) if not _is_folder(entry)]
        bound = unpacked_bound(size_bytes, limits)
        if sum(entry.size_bytes for entry in entries) > bound:
            raise over_bound(bound)
        return _members(file, path, entries, directory)


def _members(file: BinaryIO, path: Path, entries: Sequence[ZipEntry], directory: ZipDirectory) -> tuple[MemberRef, ...]:
    names = MemberNames()
    members = []
    ranges = []
    for entry in entries:
        _check_entry(entry, names)
        if entry.offset >= directory.offset:
            raise damaged("un fichier n'est pas où il est annoncé", "a file is not where it is announced", entry.name)
        offset = _data_offset(file, entry)
        ranges.append((entry.offset, offset + entry.packed_bytes))
        head = _read_head(file, entry, offset)
        if is_side_file(entry.name, head):
            continue
        members.append(_member(path, entry, offset, names.admit(entry.name)))
        if is_nested(head):
            raise nested_archive(entry.name)
    _check_ranges(ranges, directory)
    if names.faults:
        raise Refusal(*names.faults)
    return tuple(members)


def _member(path: Path, entry: ZipEntry, offset: int, name: str) -> MemberRef:
    return MemberRef(
        name=name,
        path=path,
        offset=offset,
        size_bytes=entry.size_bytes,
        packed_bytes=entry.packed_bytes,
        compression=_METHODS[entry.method],
        crc32=entry.crc32,
    )


def _is_folder(entry: ZipEntry) -> bool:
    return entry.name.endswith("/") and entry.size_bytes == 0


def _check_entry(entry: ZipEntry, names: MemberNames) -> None:
    if entry.flags & _ENCRYPTED:
        raise Refusal(
            observe(
                "ARCHIVE_ENCRYPTED", "l'archive est chiffrée", "the archive is encrypted", found=show_name(entry.name)
            )
        )
    if entry.method not in _METHODS:
        raise damaged(
            f"la compression {entry.method} n'est pas lue ici",
            f"compression {entry.method} is not read here",
            entry.name,
        )
    kind = stat.S_IFMT(entry.mode)
    if kind not in (0, stat.S_IFREG) or entry.name.endswith("/"):
        names.refuse(entry.name, ("special", "ce n'est pas un fichier ordinaire", "it is no ordinary file"))


def _data_offset(file: BinaryIO, entry: ZipEntry) -> int:
    """Where the packed bytes begin; the header that stands before them must say what the directory says."""
    file.seek(entry.offset)
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size or not header.startswith(_LOCAL_MAGIC):
        raise damaged("un fichier n'est pas où il est annoncé", "a file is not where it is announced", entry.name)
    fields: tuple[int, ...] = _LOCAL.unpack(header)[1:]
    flags, method, name_bytes, extra_bytes = fields[1], fields[2], *fields[-2:]
    if file.read(name_bytes) != entry.raw_name or method != entry.method or (flags ^ entry.flags) & _ENCRYPTED:
        raise damaged("un fichier est annoncé autrement qu'il n'est", "a file is not what is announced", entry.name)
    return entry.offset + _LOCAL.size + name_bytes + extra_bytes


def _read_head(file: BinaryIO, entry: ZipEntry, offset: int) -> bytes:
    """The first bytes unpacked; none where they are damaged, which `read_member` tells."""
    file.seek(offset)
    packed = file.read(min(entry.packed_bytes, HEAD_BYTES))
    if _METHODS[entry.method] is Compression.STORED:
        return packed
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, HEAD_BYTES)
    except zlib.error:
        return b""


def _check_ranges(ranges: list[tuple[int, int]], directory: ZipDirectory) -> None:
    """Entries that share bytes unpack to far more than the archive holds."""
    ranges.sort()
    starts = [start for start, _ in ranges[1:]] + [directory.offset]
    if any(end > start for (_, end), start in zip(ranges, starts, strict=False)):
        raise damaged("des fichiers se chevauchent", "files overlap")
