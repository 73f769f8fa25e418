"""From a flow's bytes to its members, each a range that a worker reads alone.

The type is found from the bytes, never from the name. A compressed tar is decompressed once, to disk; a member of a zip
is inflated by the worker that reads it. Nothing is held in memory but the list of members.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from flux.errors import VaultError
from flux.intake.cpp_envelope import check_envelope
from flux.intake.cpp_index import SNIFFED_BYTES, index_units, may_hold_units
from flux.intake.gzip_stream import inflate_gzip, unpacked_bound
from flux.intake.magic import HEAD_BYTES, ContainerKind, foreign_name, is_nested, kind_of
from flux.intake.member import Compression, MemberRef, Refusal, Units, nested_archive, observe, size_fault
from flux.intake.reading import frame_of, read_heads, read_member, stream_member
from flux.intake.tar_archive import list_tar
from flux.intake.zip_archive import list_zip
from flux.model.finding import Observation
from flux.model.flow import FlowName
from flux.model.limits import Limits

__all__ = ["Container", "ContainerKind", "MemberRef", "chunk_members", "open_container", "read_member"]

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
    _check_taken(head)
    kind = kind_of(head)
    source = path
    if kind is ContainerKind.GZIP:
        source = _make_spool(path, spool)
        made.append(source)
        _decompress(path, source, unpacked_bound(size_bytes, limits), limits)
        kind = _kind_of_spooled(source)
    listed = _list_members(kind, source, name, limits)
    if not listed:
        raise Refusal(observe("FLOW_EMPTY", "l'archive ne contient aucun fichier", "the archive holds no file"))
    # Each document of an archive has an identifier of its own.
    parsed = None if kind.is_archive else FlowName.parse(name)
    members = tuple(_find_units(listed, limits, spool, parsed.flow_id if parsed is not None else None))
    _check_alone(members[0], kind, name, limits)
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


def _check_taken(head: bytes) -> None:
    """Raises Refusal for what is an archive, and none of those that are taken."""
    if (name := foreign_name(head)) is not None:
        fr = f"le format {name} n'est pas admis ; le sont tar.gz, tar, zip et gz"
        en = f"the format {name} is not taken; tar.gz, tar, zip and gz are"
        raise Refusal(observe("ARCHIVE_DAMAGED", fr, en))


def _list_members(kind: ContainerKind, source: Path, name: str, limits: Limits) -> tuple[MemberRef, ...]:
    if kind is ContainerKind.ZIP:
        return list_zip(source, limits)
    if kind is ContainerKind.TAR_GZ:
        return list_tar(source, limits, is_proven_whole=True)
    if kind is ContainerKind.TAR:
        return list_tar(source, limits, is_proven_whole=False)
    return (_only_member(kind, source, name),)


def _only_member(kind: ContainerKind, source: Path, name: str) -> MemberRef:
    size_bytes = source.stat().st_size
    shown = name[: -len(".gz")] if kind is ContainerKind.GZIP and name.lower().endswith(".gz") else name
    return MemberRef(name=shown, path=source, offset=0, size_bytes=size_bytes, packed_bytes=size_bytes, archived=False)


def _check_alone(member: MemberRef, kind: ContainerKind, name: str, limits: Limits) -> None:
    """A flow of one document is refused for its size at once. Raises Refusal."""
    if member.archived or member.units is not None or member.observations:
        return
    fault = size_fault(name, member.size_bytes, limits)
    if fault is not None:
        # Decompression stopped at the bound: how much there is nobody knows.
        raise Refusal(replace(fault, found=None) if kind is ContainerKind.GZIP else fault)


def _find_units(members: Iterable[MemberRef], limits: Limits, spool: Path, flow_id: str | None) -> Iterator[MemberRef]:
    """The members, those that are documents of many invoices with their units."""
    for member, head in read_heads(members, SNIFFED_BYTES):
        try:
            yield _index(member, limits, spool, flow_id) if may_hold_units(head) else member
        except Refusal as damage:
            yield replace(member, observations=damage.observations)


def _index(member: MemberRef, limits: Limits, spool: Path, flow_id: str | None) -> MemberRef:
    """The member as `index_units` found it; a compressed one is unpacked to disk. Raises Refusal where it is damaged."""
    if member.compression is Compression.STORED:
        return _with_units(member, index_units(stream_member(member), limits), limits, flow_id)
    spooled = _make_spool(member.path, spool)
    found = None
    try:
        with spooled.open("wb") as copy:
            found = index_units(_copied(stream_member(member), copy), limits)
    finally:
        if not isinstance(found, Units):
            spooled.unlink()
    if not isinstance(found, Units):
        return _with_units(member, found, limits, flow_id)
    plain = replace(
        member,
        path=spooled,
        offset=0,
        packed_bytes=member.size_bytes,
        compression=Compression.STORED,
        crc32=None,
    )
    return _with_units(plain, found, limits, flow_id)


def _copied(pieces: Iterable[bytes], copy: BinaryIO) -> Iterator[bytes]:
    for piece in pieces:
        copy.write(piece)
        yield piece


def _with_units(member: MemberRef, found: Units | Observation | None, limits: Limits, flow_id: str | None) -> MemberRef:
    if isinstance(found, Units):
        indexed = replace(member, units=found)
        envelope = check_envelope(frame_of(indexed, found), len(found.places), flow_id)
        return replace(indexed, observations=envelope)
    # Of a document that can be read as a whole, the reader tells more.
    if found is not None and (found.code == "XML_LIMIT" or member.size_bytes > limits.member_bytes):
        return replace(member, observations=(found,))
    return member


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
        holds_many = _is_tar(first) or may_hold_units(first[:SNIFFED_BYTES])
        enough = limits.flow_bytes if holds_many else limits.member_bytes
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


def chunk_members(
    members: Sequence[MemberRef], size: int = CHUNK_MEMBERS
) -> Iterator[tuple[int, tuple[MemberRef, ...]]]:
    """The members in order, so many invoices at a time: one task for a worker, with the ordinal of its first member.

    A document of many invoices is shared between tasks: each has it with some of its units.
    """
    chunk: list[MemberRef] = []
    first = room = 0
    for ordinal, member in enumerate(members):
        for part in _parts_of(member, room or size, size):
            if not room:
                first, room = ordinal, size
            chunk.append(part)
            room -= part.invoice_count
            if not room:
                yield first, tuple(chunk)
                chunk.clear()
    if chunk:
        yield first, tuple(chunk)


def _parts_of(member: MemberRef, first_size: int, size: int) -> Iterator[MemberRef]:
    """The member with its first units, then with the others, so many at a time."""
    if member.units is None:
        yield member
        return
    start, wanted = 0, first_size
    while start < member.invoice_count:
        yield replace(member, units=member.units.some(start, wanted))
        start, wanted = start + wanted, size
