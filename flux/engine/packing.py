"""A forwarded flow made of some invoices of the one that came: one XML as it is, several as a tar.gz."""

import tarfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from flux.errors import FluxError
from flux.formats.cpp_units import keep_units, write_counter
from flux.formats.reader import TreeReader
from flux.intake.member import Refusal, Units
from flux.intake.reading import head_and_tail, read_member, stream_member, stream_units
from flux.intake.unpack import MemberRef
from flux.model.limits import Limits

# The recipient reads it once, on a link faster than level 9 could ever repay.
COMPRESSION_LEVEL = 1
PIECE_BYTES = 1 << 20
_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a recipient gets of a member: all of it, or its invoices of these numbers."""

    member: MemberRef
    units: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    """Bytes to write, in pieces, and how many there are."""

    name: str
    size_bytes: int
    pieces: Iterable[bytes]


def pack_shares(shares: Sequence[Share], limits: Limits) -> Iterator[bytes]:
    """The bytes of the new file, in pieces. The same shares give the same bytes, whenever they are packed.

    Raises FluxError where a member does not read as it did when it was judged, OSError where our disk fails.
    """
    try:
        if len(shares) == 1:
            yield from _document(shares[0], limits).pieces
        else:
            yield from _compress(_archive(_document(share, limits) for share in shares))
    except Refusal as refusal:
        raise FluxError(f"read when it was judged and unreadable now: {refusal}") from refusal


def _document(share: Share, limits: Limits) -> _Document:
    member = share.member
    if share.units is None:
        return _Document(name=member.name, size_bytes=member.size_bytes, pieces=stream_member(member))
    if member.units is None:
        data = _rewrite(member, share.units, limits)
        return _Document(name=member.name, size_bytes=len(data), pieces=(data,))
    return _cut(member, member.units, share.units)


def _cut(member: MemberRef, units: Units, wanted: Sequence[int]) -> _Document:
    """Head with its counter, the exact bytes of the invoices, tail."""
    places = [units.places[number - units.first] for number in wanted]
    head, tail = head_and_tail(member, units)
    head = write_counter(head, units.factures_offset, len(places))
    size_bytes = len(head) + sum(place.size_bytes for place in places) + len(tail)
    pieces = chain((head,), stream_units(member, places), (tail,))
    return _Document(name=member.name, size_bytes=size_bytes, pieces=pieces)


def _rewrite(member: MemberRef, wanted: Sequence[int], limits: Limits) -> bytes:
    """The same of a document whose bytes could not be indexed, as in an encoding that only libxml2 reads."""
    data = read_member(member, limits)
    root = TreeReader(limits).read(data).root if isinstance(data, bytes) else None
    if root is None:
        raise FluxError(f"{member.name}: read when it was judged and unreadable now")
    return keep_units(root, frozenset(wanted))


def _archive(documents: Iterable[_Document]) -> Iterator[bytes]:
    """A tar of the documents."""
    written = 0
    for document in documents:
        header = tarfile.TarInfo(document.name)
        header.size = document.size_bytes
        padding = bytes(-document.size_bytes % tarfile.BLOCKSIZE)
        for piece in chain((header.tobuf(),), document.pieces, (padding,)):
            written += len(piece)
            yield piece
    end = 2 * tarfile.BLOCKSIZE
    yield bytes(end + -(written + end) % tarfile.RECORDSIZE)


def _compress(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces through gzip, without a date, in pieces of some size."""
    deflater = zlib.compressobj(COMPRESSION_LEVEL, zlib.DEFLATED, _GZIP)
    held = bytearray()
    for piece in pieces:
        held += deflater.compress(piece)
        if len(held) >= PIECE_BYTES:
            yield bytes(held)
            held.clear()
    yield bytes(held) + deflater.flush()
