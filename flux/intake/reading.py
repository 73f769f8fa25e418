"""The bytes of a flow's members: whole, as a stream, or cut into documents of one invoice."""

import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from io import FileIO
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from flux.errors import VaultError
from flux.intake.member import Compression, MemberRef, Refusal, Unit, Units, observe, show_name, size_fault
from flux.model.finding import Observation
from flux.model.limits import Limits
from flux.model.unit import UnitPlace

PIECE_BYTES = 2**18


class Piece(NamedTuple):
    """What is judged by itself: a member, or a document of one invoice cut from it at `place`.

    `content` is its bytes, or what is wrong with it.
    """

    ordinal: int
    member: MemberRef
    content: bytes | tuple[Observation, ...]
    place: UnitPlace | None = None


def read_pieces(members: Sequence[MemberRef], first: int, limits: Limits) -> Iterator[Piece]:
    """Everything that is to be judged of the members, `first` being the ordinal of the first. Raises VaultError."""
    by_path = groupby(enumerate(members, start=first), key=lambda numbered: numbered[1].path)
    for path, neighbours in by_path:
        try:
            with path.open("rb", buffering=0) as file:
                for ordinal, member in neighbours:
                    yield from _pieces_of(file, ordinal, member, limits)
        except OSError as error:
            raise VaultError(f"{path} cannot be read: {error}") from error


def read_member(member: MemberRef, limits: Limits) -> bytes | Observation:
    """The bytes of one member as a whole, or what is wrong with it. Raises VaultError where our disk fails."""
    try:
        with member.path.open("rb", buffering=0) as file:
            return _read(file, member, limits)
    except OSError as error:
        raise VaultError(f"{member.path} cannot be read: {error}") from error


def read_heads(members: Iterable[MemberRef], size_bytes: int) -> Iterator[tuple[MemberRef, bytes]]:
    """Each member with its first bytes; fewer, or none, where they are damaged."""
    for path, neighbours in groupby(members, key=attrgetter("path")):
        with path.open("rb", buffering=0) as file:
            for member in neighbours:
                yield member, _head_of(file, member, size_bytes)


def _head_of(file: FileIO, member: MemberRef, size_bytes: int) -> bytes:
    packed = os.pread(file.fileno(), min(member.packed_bytes, size_bytes), member.offset)
    if member.compression is Compression.STORED:
        return packed
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, size_bytes)
    except zlib.error:
        return b""


def stream_member(member: MemberRef) -> Iterator[bytes]:
    """The bytes of a member in pieces. Raises Refusal where they are damaged, OSError where our disk fails."""
    produced, crc32 = 0, 0
    for piece in _unpacked(member):
        produced += len(piece)
        if produced > member.size_bytes:
            break
        crc32 = zlib.crc32(piece, crc32) if member.crc32 is not None else 0
        yield piece
    if produced != member.size_bytes:
        raise Refusal(_wrong_size(member))
    if member.crc32 not in (None, crc32):
        raise Refusal(_wrong_checksum(member))


def frame_of(member: MemberRef, units: Units) -> bytes:
    """A document without its units: head and tail."""
    with member.path.open("rb", buffering=0) as file:
        return b"".join(_frame(file, member, units))


def stream_units(member: MemberRef, places: Iterable[Unit]) -> Iterator[bytes]:
    """The bytes of some units of a document, one after the other, in pieces. Raises OSError where our disk fails."""
    with member.path.open("rb", buffering=0) as file:
        for place in places:
            yield from _range(file, member.offset + place.offset, place.size_bytes)


def head_and_tail(member: MemberRef, units: Units) -> tuple[bytes, bytes]:
    """What stands before the first unit of a document, and what stands behind the last."""
    with member.path.open("rb", buffering=0) as file:
        return _frame(file, member, units)


def _frame(file: FileIO, member: MemberRef, units: Units) -> tuple[bytes, bytes]:
    head = os.pread(file.fileno(), units.head_bytes, member.offset)
    tail = os.pread(file.fileno(), member.size_bytes - units.tail_offset, member.offset + units.tail_offset)
    return head, tail


def _range(file: FileIO, offset: int, size_bytes: int) -> Iterator[bytes]:
    end = offset + size_bytes
    while offset < end and (piece := os.pread(file.fileno(), min(PIECE_BYTES, end - offset), offset)):
        offset += len(piece)
        yield piece


def _unpacked(member: MemberRef) -> Iterator[bytes]:
    with member.path.open("rb", buffering=0) as file:
        packed = _range(file, member.offset, member.packed_bytes)
        yield from packed if member.compression is Compression.STORED else _inflated(packed, member)


def _inflated(packed: Iterable[bytes], member: MemberRef) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in packed:
            waiting = piece
            while waiting and not inflater.eof:
                yield inflater.decompress(waiting, PIECE_BYTES)
                waiting = inflater.unconsumed_tail
    except zlib.error as error:
        raise Refusal(_wrong_size(member)) from error


def _pieces_of(file: FileIO, ordinal: int, member: MemberRef, limits: Limits) -> Iterator[Piece]:
    if member.observations:
        yield Piece(ordinal, member, member.observations)
    elif member.units is None:
        content = _read(file, member, limits)
        yield Piece(ordinal, member, content if isinstance(content, bytes) else (content,))
    else:
        head, tail = _frame(file, member, member.units)
        for number, unit in enumerate(member.units.places, start=member.units.first):
            place = _place(member.units, unit, number)
            yield Piece(ordinal, member, _cut(file, member, (head, unit, tail), limits), place)


def _place(units: Units, unit: Unit, number: int) -> UnitPlace:
    return UnitPlace(
        unit=number,
        line=unit.line,
        cut_line=units.head_line,
        tail_line=units.tail_line,
        cut_tail_line=units.head_line + unit.end_line - unit.line,
        content=(units.head_bytes + unit.content, units.head_bytes + unit.size_bytes),
    )


def _cut(
    file: FileIO, member: MemberRef, parts: tuple[bytes, Unit, bytes], limits: Limits
) -> bytes | tuple[Observation, ...]:
    head, unit, tail = parts
    fault = size_fault(member.name, len(head) + unit.size_bytes + len(tail), limits)
    if fault is not None:
        return (fault,)
    return b"".join((head, os.pread(file.fileno(), unit.size_bytes, member.offset + unit.offset), tail))


def _read(file: FileIO, member: MemberRef, limits: Limits) -> bytes | Observation:
    fault = size_fault(member.name, member.size_bytes, limits)
    if fault is not None:
        return fault
    packed = os.pread(file.fileno(), member.packed_bytes, member.offset)
    content = _inflate(packed, member.size_bytes) if member.compression is Compression.DEFLATED else packed
    if content is None or len(content) != member.size_bytes:
        return _wrong_size(member)
    if member.crc32 is not None and zlib.crc32(content) != member.crc32:
        return _wrong_checksum(member)
    return content


def _inflate(packed: bytes, size_bytes: int) -> bytes | None:
    """Never more than one byte over the size announced; None where the stream is broken or does not end there."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = inflater.decompress(packed, size_bytes + 1)
    except zlib.error:
        return None
    return content if inflater.eof and not inflater.unused_data else None


def _wrong_size(member: MemberRef) -> Observation:
    return _damaged_member(member, "la taille n'est pas celle annoncée", "the size is not the one announced")


def _wrong_checksum(member: MemberRef) -> Observation:
    return _damaged_member(member, "la somme de contrôle est fausse", "the checksum is wrong")


def _damaged_member(member: MemberRef, reason_fr: str, reason_en: str) -> Observation:
    return observe("ARCHIVE_DAMAGED", reason_fr, reason_en, found=show_name(member.name))
