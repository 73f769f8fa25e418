"""From a flow's bytes to its members, each a range that a worker reads alone.

The type is found from the bytes, never from the name. A compressed tar is decompressed once, to disk; a member of a zip
is inflated by the worker that reads it. Nothing is held in memory but the list of members.
"""

import os
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import FileIO
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path

from flux.errors import VaultError
from flux.intake.gzip_stream import inflate_gzip, unpacked_bound
from flux.intake.magic import HEAD_BYTES, ContainerKind, is_nested, kind_of
from flux.intake.member import (
    Compression,
    MemberRef,
    Refusal,
    nested_archive,
    observe,
    show_name,
    size_fault,
)
from flux.intake.tar_archive import list_tar
from flux.intake.zip_archive import list_zip
from flux.model.finding import Observation
from flux.model.limits import Limits

__all__ = ["Container", "ContainerKind", "MemberRef", "chunk_members", "open_container", "read_member", "read_members"]

# Below, the cost of a task shows; far above, the workers end one after the other.
CHUNK_MEMBERS = 50

_PDF = "pdf"
# Longer endings first.
_EXTENSIONS = {
    ".tar.gz": (ContainerKind.TAR_GZ.value,),
    ".tgz": (ContainerKind.TAR_GZ.value,),
    ".xml.gz": (ContainerKind.GZIP.value,),
    ".gz": (ContainerKind.GZIP.value, ContainerKind.TAR_GZ.value),
    ".tar": (ContainerKind.TAR.value,),
    ".zip": (ContainerKind.ZIP.value,),
    ".xml": (ContainerKind.XML.value,),
    ".pdf": (_PDF,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """What a flow holds. `spooled` is the file that was made to hold it, for the caller to remove when all is judged.

    `observations` are warnings on the flow as a whole.
    """

    kind: ContainerKind
    members: tuple[MemberRef, ...]
    observations: tuple[Observation, ...] = ()
    spooled: Path | None = None


def open_container(path: Path, name: str, limits: Limits, spool: Path) -> Container | tuple[Observation, ...]:
    """The members of the flow at `path` that came under `name`, or why the flow as a whole is refused.

    What must be decompressed is written into the folder `spool`, which is made where it is missing. Raises VaultError
    where our disk fails.
    """
    made: list[Path] = []
    try:
        return _open(path, name, limits, spool, made)
    except Refusal as refusal:
        _remove(made)
        return refusal.observations
    except OSError as error:
        _remove(made)
        raise VaultError(f"{path} cannot be unpacked: {error}") from error


def _open(path: Path, name: str, limits: Limits, spool: Path, made: list[Path]) -> Container:
    head, size_bytes = _look_at(path)
    _check_size(size_bytes, limits)
    kind = kind_of(head)
    source = path
    if kind is ContainerKind.GZIP:
        source = _make_spool(path, spool)
        made.append(source)
        _decompress(path, source, unpacked_bound(size_bytes, limits), limits)
        kind = _kind_of_spooled(source)
    members = _list_members(kind, source, name, limits)
    if not members:
        raise Refusal(observe("FLOW_EMPTY", "l'archive ne contient aucun fichier", "the archive holds no file"))
    notes = _check_extension(name, kind, head)
    return Container(kind=kind, members=members, observations=notes, spooled=source if made else None)


def _remove(made: Sequence[Path]) -> None:
    for path in made:
        path.unlink(missing_ok=True)


def _look_at(path: Path) -> tuple[bytes, int]:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES), os.fstat(file.fileno()).st_size


def _check_size(size_bytes: int, limits: Limits) -> None:
    if size_bytes == 0:
        raise Refusal(observe("FLOW_EMPTY", "le fichier est vide", "the file is empty"))
    if size_bytes > limits.flow_bytes:
        reasons = "le flux dépasse la taille permise", "the flow exceeds the size allowed"
        raise Refusal(observe("FLOW_SIZE", *reasons, found=str(size_bytes), expected=str(limits.flow_bytes)))


def _list_members(kind: ContainerKind, source: Path, name: str, limits: Limits) -> tuple[MemberRef, ...]:
    if kind is ContainerKind.ZIP:
        return list_zip(source, limits)
    if kind is ContainerKind.TAR_GZ:
        return list_tar(source, limits, is_proven_whole=True)
    if kind is ContainerKind.TAR:
        return list_tar(source, limits, is_proven_whole=False)
    return (_only_member(kind, source, name, limits),)


def _only_member(kind: ContainerKind, source: Path, name: str, limits: Limits) -> MemberRef:
    size_bytes = source.stat().st_size
    fault = size_fault(name, size_bytes, limits)
    if fault is not None:
        # Decompression stopped at the bound: how much there is nobody knows.
        raise Refusal(replace(fault, found=None) if kind is ContainerKind.GZIP else fault)
    shown = name[: -len(".gz")] if kind is ContainerKind.GZIP and name.lower().endswith(".gz") else name
    return MemberRef(name=shown, path=source, offset=0, size_bytes=size_bytes, packed_bytes=size_bytes, archived=False)


def _make_spool(path: Path, spool: Path) -> Path:
    spool.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f"{path.name[:64]}.", suffix=".unpacked", dir=spool)
    os.close(descriptor)
    return Path(name)


def _decompress(path: Path, target: Path, bound: int, limits: Limits) -> None:
    """Decompress to disk: all of an archive, or as much of a single file as one may hold, and a piece more. Raises Refusal."""
    with path.open("rb") as packed, target.open("wb", buffering=0) as unpacked:
        pieces = inflate_gzip(packed, bound)
        first = next((piece for piece in pieces if piece), b"")
        enough = limits.flow_bytes if _is_tar(first) else limits.member_bytes
        for piece in chain((first,), pieces):
            unpacked.write(piece)
            if unpacked.tell() > enough:
                return


def _kind_of_spooled(spooled: Path) -> ContainerKind:
    head, size_bytes = _look_at(spooled)
    if size_bytes == 0:
        raise Refusal(observe("FLOW_EMPTY", "le fichier compressé est vide", "the compressed file is empty"))
    if _is_tar(head):
        return ContainerKind.TAR_GZ
    if is_nested(head):
        raise nested_archive("")
    return ContainerKind.GZIP


def _is_tar(head: bytes) -> bool:
    """True for a tar, one without any member included: nothing else that is compressed begins with a block of zeros."""
    is_empty_tar = len(head) >= HEAD_BYTES and not head[:HEAD_BYTES].strip(b"\0")
    return is_empty_tar or kind_of(head[:HEAD_BYTES]) is ContainerKind.TAR


def _check_extension(name: str, kind: ContainerKind, head: bytes) -> tuple[Observation, ...]:
    """A warning where the name promises another kind than the bytes are; of bytes of no kind, recognition tells."""
    found = _PDF if head.startswith(b"%PDF-") else kind.value
    lowered = name.lower()
    promised = next((kinds for ending, kinds in _EXTENSIONS.items() if lowered.endswith(ending)), None)
    if promised is None or found in promised or found == ContainerKind.BYTES.value:
        return ()
    reasons = f"le contenu est de type {found}", f"the content is of type {found}"
    return (observe("CONTENT_EXTENSION", *reasons, found=found, expected=promised[0]),)


def read_members(members: Iterable[MemberRef], limits: Limits) -> Iterator[tuple[MemberRef, bytes | Observation]]:
    """Each member with its bytes, or with what is wrong with it alone. Raises VaultError where our disk fails."""
    for path, neighbours in groupby(members, key=attrgetter("path")):
        try:
            with path.open("rb", buffering=0) as file:
                for member in neighbours:
                    yield member, _read(file, member, limits)
        except OSError as error:
            raise VaultError(f"{path} cannot be read: {error}") from error


def read_member(member: MemberRef, limits: Limits) -> bytes | Observation:
    """The bytes of one member, or what is wrong with it. Raises VaultError where our disk fails."""
    return next(content for _, content in read_members((member,), limits))


def _read(file: FileIO, member: MemberRef, limits: Limits) -> bytes | Observation:
    fault = size_fault(member.name, member.size_bytes, limits)
    if fault is not None:
        return fault
    packed = os.pread(file.fileno(), member.packed_bytes, member.offset)
    content = _inflate(packed, member.size_bytes) if member.compression is Compression.DEFLATED else packed
    if content is None or len(content) != member.size_bytes:
        return _damaged_member(member, "la taille n'est pas celle annoncée", "the size is not the one announced")
    if member.crc32 is not None and zlib.crc32(content) != member.crc32:
        return _damaged_member(member, "la somme de contrôle est fausse", "the checksum is wrong")
    return content


def _inflate(packed: bytes, size_bytes: int) -> bytes | None:
    """Never more than one byte over the size announced; None where the stream is broken or does not end there."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = inflater.decompress(packed, size_bytes + 1)
    except zlib.error:
        return None
    return content if inflater.eof and not inflater.unused_data else None


def _damaged_member(member: MemberRef, reason_fr: str, reason_en: str) -> Observation:
    return observe("ARCHIVE_DAMAGED", reason_fr, reason_en, found=show_name(member.name))


def chunk_members(members: Sequence[MemberRef], size: int = CHUNK_MEMBERS) -> tuple[tuple[MemberRef, ...], ...]:
    """The members in order, so many at a time: one task for a worker."""
    return tuple(tuple(members[start : start + size]) for start in range(0, len(members), size))
