"""The seals: each after the one before, over the heads that it was made of."""

from collections.abc import Iterator

from sqlalchemy import bindparam, select

from flux.ledger.database import Database
from flux.ledger.faults import Fault, FaultKind, SealMark, Tally
from flux.ledger.seals import NO_SEAL, Seal, hash_heads, hash_seal, read_seals
from flux.ledger.tables import sealed_heads

_SEALS_AT_ONCE = 100


def check_seals(database: Database, mark: SealMark | None, tally: Tally) -> Iterator[Fault]:
    """The chain of seals, the heads under each, and whether the chain goes on from a seal that was noted elsewhere."""
    number, previous, seen = 0, NO_SEAL, None
    while True:
        with database.read() as connection:
            batch = read_seals(connection, after=number, limit=_SEALS_AT_ONCE)
            contents = [hash_heads(connection.execute(_UNDER, {"of": seal.number})) for seal in batch]
        if not batch:
            break
        for seal, content in zip(batch, contents, strict=True):
            if seal.number != number + 1:
                yield Fault(kind=FaultKind.SEAL_MISSING, seal=number + 1, found=f"seal {seal.number} follows")
            elif not _is_sound(seal, content, previous):
                yield Fault(kind=FaultKind.SEAL_ALTERED, seal=seal.number, expected=seal.hash, found=content)
            if mark is not None and seal.number == mark.number:
                seen = seal.hash
            number, previous = seal.number, seal.hash
            tally.seals += 1
    if mark is not None and seen != mark.hash:
        found = seen or f"the last seal is {number}"
        yield Fault(kind=FaultKind.NOT_A_CONTINUATION, seal=mark.number, expected=mark.hash, found=found)


def _is_sound(seal: Seal, content: str, previous: str) -> bool:
    counted = hash_seal(number=seal.number, at=seal.at, flows=seal.flows, content=seal.content, previous=seal.previous)
    return (seal.content, seal.previous, seal.hash) == (content, previous, counted)


_UNDER = (
    select(sealed_heads.c.flow, sealed_heads.c.event_count, sealed_heads.c.event_head)
    .where(sealed_heads.c.seal == bindparam("of"))
    .order_by(sealed_heads.c.flow, sealed_heads.c.event_count)
)
