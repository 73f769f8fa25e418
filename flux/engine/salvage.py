"""What is left of a chunk when its worker died: its invoices one by one, then one result again."""

from collections.abc import Iterator
from dataclasses import replace

from flux.engine.tasks import ChunkTask
from flux.engine.worker import deposit_of
from flux.intake.unpack import MemberRef
from flux.model.ports import ChunkResult
from flux.model.verdict import Judgment
from flux.pipeline import leave_unjudged

# Flow number, attempt, chunk.
_ChunkKey = tuple[int, int, int]


class Salvage:
    """Keeps the results of invoices that are judged apart until their chunk is whole."""

    def __init__(self) -> None:
        self._awaited: dict[_ChunkKey, int] = {}
        self._judged: dict[_ChunkKey, list[Judgment]] = {}

    def split(self, task: ChunkTask) -> tuple[ChunkTask, ...]:
        """One task for each invoice; a task of one comes back as it is, for one more try."""
        self._awaited.setdefault(_key(task), task.invoice_count)
        return tuple(
            replace(task, first=task.first + offset, members=(single,), tries=task.tries + 1)
            for offset, member in enumerate(task.members)
            for single in _singles(member)
        )

    def condemn(self, task: ChunkTask, cause: str) -> ChunkResult:
        """The result of an invoice that no worker survives: not judged."""
        [member] = task.members
        unit = member.units.first if member.units is not None else 0
        judgment = leave_unjudged(task.first, member.name, deposit_of(task.flow.name), cause=cause, unit=unit)
        return ChunkResult(flow=task.flow, chunk=task.chunk, judgments=(judgment,))

    def merge(self, result: ChunkResult) -> list[ChunkResult]:
        """The result itself, unless its chunk was split: then nothing until the last member, and then the whole."""
        key = _key(result)
        if key not in self._awaited:
            return [result]
        judged = self._judged.setdefault(key, [])
        judged.extend(result.judgments)
        self._awaited[key] -= 1
        if self._awaited[key]:
            return []
        del self._awaited[key], self._judged[key]
        return [replace(result, judgments=tuple(sorted(judged, key=lambda each: (each.ordinal, each.unit))))]


def _singles(member: MemberRef) -> Iterator[MemberRef]:
    """The member with one of its units at a time."""
    if member.units is None:
        yield member
        return
    for start in range(member.invoice_count):
        yield replace(member, units=member.units.some(start, 1))


def _key(of: ChunkTask | ChunkResult) -> _ChunkKey:
    return of.flow.number, of.flow.attempt, of.chunk
