"""Gzip, decompressed once, piece by piece, within bounds (RFC 1952)."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO

from flux.intake.member import Refusal, damaged, observe
from flux.model.limits import Limits

_READ_BYTES = 2**16
_PIECE_BYTES = 2**20
_GZIP = 16 + zlib.MAX_WBITS
# Transfers by fixed records pad with these; anything else behind the end was not put there by gzip.
PADDING = b"\0 \r\n"

# Below this size a bomb does no harm, and a small file of one repeated line may reach any ratio.
HARMLESS_BYTES = 2**20


def unpacked_bound(packed_bytes: int, limits: Limits) -> int:
    """How many bytes may come out of so many."""
    return min(limits.flow_bytes, max(HARMLESS_BYTES, packed_bytes * limits.archive_ratio))


def over_bound(bound: int) -> Refusal:
    """The refusal of bytes that unpack to more than the bound."""
    return Refusal(
        observe(
            "ARCHIVE_LIMIT",
            "le contenu décompressé dépasse la taille ou le taux permis",
            "what is compressed exceeds the size or the ratio allowed",
            expected=str(bound),
        )
    )


def inflate_gzip(source: BinaryIO, bound: int) -> Iterator[bytes]:
    """The bytes of all gzip members of `source`, in pieces of 1 MiB at most. Raises Refusal."""
    produced = 0
    for piece in _inflate_members(source):
        produced += len(piece)
        if produced > bound:
            raise over_bound(bound)
        yield piece


def _inflate_members(source: BinaryIO) -> Iterator[bytes]:
    packed = source.read(_READ_BYTES)
    while packed:
        inflater = zlib.decompressobj(_GZIP)
        while not inflater.eof:
            if not packed:
                raise damaged("le fichier compressé est tronqué", "the compressed file is cut short")
            try:
                piece = inflater.decompress(packed, _PIECE_BYTES)
            except zlib.error as error:
                raise damaged("la compression est abîmée", "the compressed bytes are damaged") from error
            packed = inflater.unconsumed_tail or source.read(_READ_BYTES)
            yield piece
        packed = _skip_padding(inflater.unused_data, packed, source)


def _skip_padding(unused: bytes, read_ahead: bytes, source: BinaryIO) -> bytes:
    """What follows a gzip member, less padding: nothing, or the next member."""
    packed = unused + read_ahead
    if packed.startswith(b"\x1f\x8b"):
        return packed
    while packed:
        if packed.strip(PADDING):
            raise damaged(
                "des données suivent la fin du fichier compressé", "data follow the end of the compressed file"
            )
        packed = source.read(_READ_BYTES)
    return packed
