"""A forwarded flow made of some members of the one that came: one XML as it is, several as a tar.gz."""

import gzip
import io
import tarfile
from collections.abc import Iterator, Sequence

from flux.errors import FluxError
from flux.intake.unpack import MemberRef, read_member
from flux.model.finding import Observation
from flux.model.limits import Limits

# The recipient reads it once, on a link faster than level 9 could ever repay.
COMPRESSION_LEVEL = 1
PIECE_BYTES = 1 << 20


class _Drain(io.RawIOBase):
    """A file to write to that hands over what it holds, so that no more than a piece stays in memory."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # the base class takes any buffer
        self._held += data
        return len(data)

    def take(self, at_least: int) -> bytes:
        if len(self._held) < at_least:
            return b""
        taken = bytes(self._held)
        self._held.clear()
        return taken


def pack_members(members: Sequence[MemberRef], limits: Limits) -> Iterator[bytes]:
    """The bytes of the new file, in pieces. The same members give the same bytes, whenever they are packed."""
    if len(members) == 1:
        yield _bytes_of(members[0], limits)
        return
    drain = _Drain()
    with (
        gzip.GzipFile(fileobj=drain, mode="wb", compresslevel=COMPRESSION_LEVEL, mtime=0) as compressed,
        tarfile.open(fileobj=compressed, mode="w|") as archive,
    ):
        for member in members:
            data = _bytes_of(member, limits)
            header = tarfile.TarInfo(member.name)
            header.size = len(data)
            archive.addfile(header, io.BytesIO(data))
            if piece := drain.take(PIECE_BYTES):
                yield piece
    yield drain.take(0)


def _bytes_of(member: MemberRef, limits: Limits) -> bytes:
    data = read_member(member, limits)
    if isinstance(data, Observation):
        raise FluxError(f"{member.name}: read when it was judged and unreadable now")
    return data
