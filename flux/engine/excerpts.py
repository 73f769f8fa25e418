"""The lines of a flow's documents around their faults, read again once its report is made: what is accepted is not read."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from flux.formats.excerpt import cut_excerpts
from flux.formats.facturx import extract_invoice, is_pdf
from flux.intake.reading import read_member
from flux.intake.unpack import MemberRef
from flux.model.excerpt import Excerpt, Spot
from flux.model.limits import Limits

# Documents of one report that are read again, all in all: some seconds of work at worst.
READ_BYTES = 64 << 20


def collect_excerpts(
    wanted: Iterable[tuple[int, Spot]], members: Sequence[MemberRef], limits: Limits
) -> dict[tuple[int, Spot], Excerpt]:
    """The excerpts of the spots that are wanted, by ordinal of the member. Raises VaultError where our disk fails."""
    spots: defaultdict[int, list[Spot]] = defaultdict(list)
    for ordinal, spot in wanted:
        spots[ordinal].append(spot)
    found: dict[tuple[int, Spot], Excerpt] = {}
    left = READ_BYTES
    for ordinal, asked in spots.items():
        if ordinal < len(members) and members[ordinal].size_bytes <= left:
            left -= members[ordinal].size_bytes
            cut = cut_excerpts(_document_of(members[ordinal], limits), asked)
            found.update(((ordinal, spot), excerpt) for spot, excerpt in cut.items())
    return found


def _document_of(member: MemberRef, limits: Limits) -> bytes:
    """The XML of a member, empty where it has none that can be read."""
    content = read_member(member, limits)
    if not isinstance(content, bytes):
        return b""
    return extract_invoice(content, limits).data or b"" if is_pdf(content) else content
