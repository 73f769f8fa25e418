"""Fan-in by counting: the chunks of a flow, each counted down once."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, bindparam, delete, select, tuple_, update

from flux.errors import LedgerError
from flux.ledger.bounds import batches
from flux.ledger.tables import chunks, flows
from flux.model.flow import Flow
from flux.model.ports import ChunkResult
from flux.sql.bulk import BulkInsert

# Flow, attempt, chunk.
_ChunkId = tuple[int, int, int]


def write_chunks(connection: Connection, flow: Flow, count: int) -> None:
    """Write the chunks of a flow as still to be judged."""
    rows = [{"flow": flow.number, "attempt": flow.attempt, "chunk": chunk, "is_done": False} for chunk in range(count)]
    _INSERT_CHUNKS.write(connection, rows)


def take_fresh(connection: Connection, results: Sequence[ChunkResult]) -> list[ChunkResult]:
    """Mark the chunks of these results as done; the results of those that were not done before, each once.

    Raises LedgerError for a chunk that was never begun.
    """
    told = {_identify(result): result for result in results}
    known = {
        (flow, attempt, chunk): is_done
        for batch in batches(list(told))
        for flow, attempt, chunk, is_done in connection.execute(_READ, {"told": batch})
    }
    never_begun = told.keys() - known.keys()
    if never_begun:
        raise LedgerError(f"never begun: flow, attempt, chunk {sorted(never_begun)}")
    fresh = [result for chunk, result in told.items() if not known[chunk]]
    if fresh:
        connection.execute(_MARK_DONE, [_place(result) for result in fresh])
    return fresh


def forget_chunks(connection: Connection, number: int) -> None:
    """Nothing is to be judged of a flow any more: its chunks go, those of former attempts too."""
    connection.execute(_FORGET, {"of": number})


def read_done(connection: Connection, flows_of: Collection[Flow]) -> dict[int, frozenset[int]]:
    """The chunks of these flows that need no judging any more, by flow number."""
    done: dict[int, set[int]] = {flow.number: set() for flow in flows_of}
    wanted = select(chunks.c.flow, chunks.c.chunk).join(
        flows, (flows.c.number == chunks.c.flow) & (flows.c.attempt == chunks.c.attempt)
    )
    for batch in batches(list(done)):
        for flow, chunk in connection.execute(wanted.where(chunks.c.is_done, chunks.c.flow.in_(batch))):
            done[flow].add(chunk)
    return {number: frozenset(numbers) for number, numbers in done.items()}


_READ = select(chunks).where(
    tuple_(chunks.c.flow, chunks.c.attempt, chunks.c.chunk).in_(bindparam("told", expanding=True))
)
_INSERT_CHUNKS = BulkInsert(chunks, [column.name for column in chunks.c])
_FORGET = delete(chunks).where(chunks.c.flow == bindparam("of"))
_MARK_DONE = (
    update(chunks)
    .where(
        chunks.c.flow == bindparam("of"),
        chunks.c.attempt == bindparam("the_attempt"),
        chunks.c.chunk == bindparam("the_chunk"),
    )
    .values(is_done=True)
)


def _identify(result: ChunkResult) -> _ChunkId:
    return result.flow.number, result.flow.attempt, result.chunk


def _place(result: ChunkResult) -> dict[str, int]:
    return {"of": result.flow.number, "the_attempt": result.flow.attempt, "the_chunk": result.chunk}
