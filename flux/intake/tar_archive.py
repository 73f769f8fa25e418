"""The members of a tar that lies unpacked on disk, as ranges of it (POSIX ustar and pax, GNU long names).

Read by hand: `tarfile` needs about 50 µs a member and follows what we refuse (links, sparse files).
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from struct import Struct

from flux.intake.magic import HEAD_BYTES, has_tar_checksum, is_nested, is_side_file
from flux.intake.member import Fault, MemberNames, MemberRef, Refusal, damaged, nested_archive, too_many_members
from flux.model.limits import Limits

BLOCK_BYTES = HEAD_BYTES
_ZEROS = bytes(BLOCK_BYTES)
_PIECE_BYTES = 2**20

# name, size, type, magic, prefix
_HEADER = Struct("100s24x12s20x1s100x6s82x155s12x")

_FILES = b"0\x007"  # regular, regular of before POSIX, contiguous
_FOLDER = b"5"
_REFUSED = {
    b"1": ("link", "lien"),
    b"2": ("symbolic link", "lien symbolique"),
    b"3": ("device", "périphérique"),
    b"4": ("device", "périphérique"),
    b"6": ("named pipe", "tube nommé"),
    b"S": ("sparse file", "fichier creux"),
}
_LONG_NAME, _LONG_LINK, _PAX, _PAX_GLOBAL = b"L", b"K", b"x", b"g"
# Names and a few attributes; one that is longer wants to fill our memory.
_EXTENSION_BYTES = 64 * 1024
_EXTENSIONS_IN_A_ROW = 4
_TOLD_ONCE = {"path", "size"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    name: str
    kind: bytes
    offset: int
    size_bytes: int
    header_bytes: int  # the size as the header alone gives it
    head: bytes  # the block that follows the header


def list_tar(path: Path, limits: Limits, *, is_proven_whole: bool) -> tuple[MemberRef, ...]:
    """The members of the tar at `path`. Raises Refusal.

    `is_proven_whole` is true where a checksum covered all of it; else the end marker must be there, or members may be lacking.
    """
    names = MemberNames()
    members: list[MemberRef] = []
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        for count, entry in enumerate(_entries(descriptor, is_proven_whole=is_proven_whole), start=1):
            if count > limits.archive_members:
                raise too_many_members(limits)
            member = _member(entry, path, names)
            members += [member] if member else []
    finally:
        os.close(descriptor)
    if names.faults:
        raise Refusal(*names.faults)
    return tuple(members)


def _member(entry: _Entry, path: Path, names: MemberNames) -> MemberRef | None:
    if entry.kind == _FOLDER or (entry.kind in _FILES and entry.name.endswith("/")):
        # Some programs pass over what is announced behind a folder, others read on in it.
        if entry.size_bytes or entry.header_bytes:
            raise damaged("un dossier a un contenu", "a folder has contents", entry.name)
        names.admit_folder(entry.name)
        return None
    if entry.kind not in _FILES:
        names.refuse(entry.name, _refused_kind(entry.kind))
        return None
    head = entry.head[: entry.size_bytes]
    if is_side_file(entry.name, head):
        return None
    name = names.admit(entry.name)
    if is_nested(head):
        raise nested_archive(name)
    return MemberRef(
        name=name,
        path=path,
        offset=entry.offset,
        size_bytes=entry.size_bytes,
        packed_bytes=entry.size_bytes,
    )


def _refused_kind(kind: bytes) -> Fault:
    word, french = _REFUSED.get(kind, (kind.decode("ascii", "replace"), "type inconnu"))
    return word, f"ce n'est pas un fichier ordinaire ({french})", f"it is no ordinary file ({word})"


def _entries(descriptor: int, *, is_proven_whole: bool) -> Iterator[_Entry]:
    """Each entry, with the name and size that the headers before it gave."""
    end = os.fstat(descriptor).st_size
    position = 0
    given: dict[str, str] = {}
    extensions = 0
    while position < end:
        blocks = os.pread(descriptor, 2 * BLOCK_BYTES, position)
        header = blocks[:BLOCK_BYTES]
        if header == _ZEROS:
            _check_tail(descriptor, position, end)
            return
        entry = _read_header(header, blocks[BLOCK_BYTES:], position + BLOCK_BYTES)
        if entry.kind in (_LONG_NAME, _LONG_LINK, _PAX, _PAX_GLOBAL):
            extensions += 1
            more = _read_extension(descriptor, entry, extensions)
            if given.keys() & more.keys() & _TOLD_ONCE:
                raise damaged("un nom ou une taille est donné deux fois", "a name or a size is given twice", entry.name)
            given |= more
        else:
            entry = _apply(entry, given)
            given, extensions = {}, 0
            yield entry
        position = entry.offset + -(-entry.size_bytes // BLOCK_BYTES) * BLOCK_BYTES
        if entry.offset + entry.size_bytes > end:
            raise damaged("l'archive est tronquée", "the archive is cut short", entry.name)
    if not is_proven_whole or given:
        raise damaged("la fin de l'archive manque", "the end of the archive is missing")


def _check_tail(descriptor: int, position: int, end: int) -> None:
    """Nothing but padding may follow the end marker: members behind it would be passed over in silence."""
    while position < end:
        piece = os.pread(descriptor, _PIECE_BYTES, position)
        if piece.strip(b"\0"):
            raise damaged("des données suivent la fin de l'archive", "data follow the end of the archive")
        position += len(piece)


def _read_header(header: bytes, following: bytes, offset: int) -> _Entry:
    if not has_tar_checksum(header):
        raise damaged("un en-tête est faux ou tronqué", "a header is wrong or cut short")
    name, size, kind, magic, prefix = _HEADER.unpack(header)
    raw_name = name.partition(b"\0")[0]
    if prefix[0]:
        if magic != b"ustar\0":
            raise damaged("un nom peut se lire de deux façons", "a name can be read in two ways", decode_name(raw_name))
        raw_name = prefix.partition(b"\0")[0] + b"/" + raw_name
    size_bytes = _read_number(size)
    return _Entry(
        name=decode_name(raw_name),
        kind=kind,
        offset=offset,
        size_bytes=size_bytes,
        header_bytes=size_bytes,
        head=following,
    )


def _read_number(field: bytes) -> int:
    """Octal digits, or base 256 where GNU marks it so."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b" \0")
    if digits and not (digits.isdigit() and max(digits) < ord("8")):
        raise damaged("une taille est illisible", "a size cannot be read")
    return int(digits or b"0", 8)


def decode_name(raw: bytes) -> str:
    """A name as text: UTF-8, else what Western Windows wrote."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _read_extension(descriptor: int, entry: _Entry, in_a_row: int) -> dict[str, str]:
    if entry.size_bytes > _EXTENSION_BYTES or in_a_row > _EXTENSIONS_IN_A_ROW:
        raise damaged("un en-tête étendu est démesuré", "an extended header is out of measure")
    data = os.pread(descriptor, entry.size_bytes, entry.offset)
    if entry.kind == _LONG_NAME:
        return {"path": decode_name(data.partition(b"\0")[0])}
    if entry.kind == _LONG_LINK:
        return {}
    records = _read_pax(data)
    if entry.kind == _PAX_GLOBAL and records.keys() & _TOLD_ONCE:
        raise damaged("un nom ou une taille vaut pour tous", "one name or size is given for all")
    return {} if entry.kind == _PAX_GLOBAL else records


def _read_pax(data: bytes) -> dict[str, str]:
    """The records `length key=value` of a pax header."""
    records: dict[str, str] = {}
    while data.strip(b"\0"):
        length, _, rest = data.partition(b" ")
        size = int(length) if length.isdigit() and len(length) < 8 else 0
        key, equals, value = rest[: max(0, size - len(length) - 1)].partition(b"=")
        if not equals or not value.endswith(b"\n") or size > len(data):
            raise damaged("un en-tête étendu est illisible", "an extended header cannot be read")
        name, text = key.decode("utf-8", "replace"), decode_name(value[:-1])
        if name in _TOLD_ONCE and records.get(name, text) != text:
            raise damaged("un nom ou une taille est donné deux fois", "a name or a size is given twice", text)
        records[name] = text
        data = data[size:]
    return records


def _apply(entry: _Entry, given: dict[str, str]) -> _Entry:
    """The entry with what its extended headers say; a sparse file is marked as one, whatever its type."""
    if not given:
        return entry
    size = given.get("size", str(entry.size_bytes))
    if not (size.isascii() and size.isdigit() and len(size) < 20):
        raise damaged("une taille est illisible", "a size cannot be read", entry.name)
    is_sparse = any(key.startswith("GNU.sparse") for key in given)
    if entry.header_bytes not in (0, int(size)) and not is_sparse:
        raise damaged("deux en-têtes donnent deux tailles", "two headers give two sizes", entry.name)
    return _Entry(
        name=given.get("path", entry.name),
        kind=b"S" if is_sparse else entry.kind,
        offset=entry.offset,
        size_bytes=int(size),
        header_bytes=entry.header_bytes,
        head=entry.head,
    )
