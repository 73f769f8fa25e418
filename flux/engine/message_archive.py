"""Messages in one tar.gz whose bytes depend on nothing but them: built again after a crash, they are the same file."""

import tarfile
import zlib
from collections.abc import Iterable, Iterator

COMPRESSION_LEVEL = 6
PIECE_BYTES = 1 << 20
_GZIP = 16 + zlib.MAX_WBITS


def pack_messages(messages: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The archive of messages and their names, in pieces, so that no more than one lies in memory."""
    deflater = zlib.compressobj(COMPRESSION_LEVEL, zlib.DEFLATED, _GZIP)
    held = bytearray()
    for block in _blocks(messages):
        held += deflater.compress(block)
        if len(held) >= PIECE_BYTES:
            yield bytes(held)
            held.clear()
    yield bytes(held) + deflater.flush()


def _blocks(messages: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The tar, each message padded to whole blocks; two empty blocks end it."""
    for name, message in messages:
        header = tarfile.TarInfo(name)
        header.size = len(message)
        yield header.tobuf() + message + bytes(-len(message) % tarfile.BLOCKSIZE)
    yield bytes(2 * tarfile.BLOCKSIZE)
