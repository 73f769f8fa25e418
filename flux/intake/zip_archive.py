"""The members of a zip, as ranges of it (PKWARE APPNOTE 6.3). Everything that two readers could read in two ways is refused."""

import os
import stat
import zlib
from collections.abc import Sequence
from pathlib import Path
from struct import Struct
from typing import BinaryIO, NamedTuple

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
from flux.intake.zip_directory import ZipDirectory, ZipEntry, find_directory, read_entries, widen_entry
from flux.model.limits import Limits
from flux.model.zip_entries import DESCRIBED_BEHIND, DESCRIPTION_BYTES, description_length
from flux.model.zip_wrapper import bears_other_name

# Signature, version, flags, method, time, date, crc, packed, size, lengths of name and extra.
_LOCAL = Struct("<4s5H3L2H")
_LOCAL_MAGIC = b"PK\x03\x04"

# Where an archive of several disks fits on one, a writer leaves the mark of the first.
_DISKS_MARK = b"PK\x07\x08"
# What deflate makes of nothing is shorter.
_PACKED_FOLDER_BYTES = 64
# What zip reads from a pipe bears the mode of a pipe; 0 where no Unix wrote the archive.
_FILES = (0, stat.S_IFREG, stat.S_IFIFO)
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_METHODS = {0: Compression.STORED, 8: Compression.DEFLATED}


class _Place(NamedTuple):
    """Where the packed bytes of an entry begin, and where all that belongs to it ends."""

    data: int
    end: int


def list_zip(path: Path, limits: Limits) -> tuple[MemberRef, ...]:
    """The members of the zip at `path`. Raises Refusal."""
    with path.open("rb") as file:
        size_bytes = os.fstat(file.fileno()).st_size
        directory = find_directory(file, size_bytes)
        if directory.count > limits.archive_members:
            raise too_many_members(limits)
        entries = read_entries(file, directory)
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
        place = _locate(file, entry)
        offset = place.data
        ranges.append((entry.offset, place.end))
        if _is_folder(entry):
            _check_folder(file, entry, offset)
            names.admit_folder(entry.name)
            continue
        head = _read_head(file, entry, offset)
        if is_side_file(entry.name, head):
            continue
        members.append(_member(path, entry, offset, names.admit(entry.name)))
        if is_nested(head):
            raise nested_archive(entry.name)
    file.seek(0)
    _check_ranges(ranges, directory, len(_DISKS_MARK) if file.read(4) == _DISKS_MARK else 0)
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
    if entry.method not in _METHODS and (entry.packed_bytes or not _is_folder(entry)):
        raise damaged(
            f"la compression {entry.method} n'est pas lue ici",
            f"compression {entry.method} is not read here",
            entry.name,
        )
    kind = stat.S_IFMT(entry.mode)
    if _is_folder(entry):
        is_odd = kind not in (0, stat.S_IFREG, stat.S_IFDIR)
    else:
        is_odd = kind not in _FILES or entry.name.endswith("/")
    if is_odd:
        names.refuse(entry.name, ("special", "ce n'est pas un fichier ordinaire", "it is no ordinary file"))


def _check_folder(file: BinaryIO, entry: ZipEntry, offset: int) -> None:
    """Raises Refusal where a folder holds anything; some writers compress the nothing that it holds."""
    file.seek(offset)
    packed = file.read(min(entry.packed_bytes, _PACKED_FOLDER_BYTES))
    if not packed:
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = inflater.decompress(packed, 1)
    except zlib.error:
        content = packed
    if content or not inflater.eof or inflater.unused_data or len(packed) < entry.packed_bytes:
        raise damaged("un dossier a un contenu", "a folder has contents", entry.name)


def _locate(file: BinaryIO, entry: ZipEntry) -> _Place:
    """Where an entry lies; the header that stands before its bytes must say what the directory says."""
    file.seek(entry.offset)
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size or not header.startswith(_LOCAL_MAGIC):
        raise damaged("un fichier n'est pas où il est annoncé", "a file is not where it is announced", entry.name)
    fields: tuple[int, ...] = _LOCAL.unpack(header)[1:]
    flags, method, crc32, packed, size, name_bytes, extra_bytes = fields[1], fields[2], *fields[5:]
    is_same = file.read(name_bytes) == entry.raw_name and method == entry.method
    if not is_same or (flags ^ entry.flags) & _ENCRYPTED:
        raise damaged("un fichier est annoncé autrement qu'il n'est", "a file is not what is announced", entry.name)
    extra = file.read(extra_bytes)
    told = (crc32, *widen_entry(extra, (size, packed, 0))[:2])
    _check_told(entry, told, extra, is_unsaid=bool(flags & DESCRIBED_BEHIND))
    data = entry.offset + _LOCAL.size + name_bytes + extra_bytes
    end = data + entry.packed_bytes
    return _Place(data, end + (_description_bytes(file, entry, end) if flags & DESCRIBED_BEHIND else 0))


def _check_told(entry: ZipEntry, told: tuple[int, ...], extra: bytes, *, is_unsaid: bool) -> None:
    """Raises Refusal where checksum, sizes or another name differ; a writer of streams leaves zeros there."""
    real = (entry.crc32, entry.size_bytes, entry.packed_bytes)
    differs = any(said != value and not (is_unsaid and said == 0) for said, value in zip(told, real, strict=True))
    if differs or any(bears_other_name(each, entry.raw_name) for each in (entry.extra, extra)):
        raise damaged("un fichier est annoncé autrement qu'il n'est", "a file is not what is announced", entry.name)


def _description_bytes(file: BinaryIO, entry: ZipEntry, end: int) -> int:
    file.seek(end)
    behind = file.read(DESCRIPTION_BYTES)
    length = description_length(behind, entry.crc32, entry.packed_bytes, entry.size_bytes)
    if length is None:
        raise damaged("un fichier est annoncé autrement qu'il n'est", "a file is not what is announced", entry.name)
    return length


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


def _check_ranges(ranges: list[tuple[int, int]], directory: ZipDirectory, begin: int) -> None:
    """Entries that share bytes unpack to far more than the archive holds; what lies between them others would read."""
    ranges.sort()
    ends = [begin, *(end for _, end in ranges)]
    starts = [*(start for start, _ in ranges), directory.offset]
    if any(end > start for end, start in zip(ends, starts, strict=True)):
        raise damaged("des fichiers se chevauchent", "files overlap")
    if ends != starts:
        raise damaged("des données ne sont à aucun fichier", "data belong to no file")
