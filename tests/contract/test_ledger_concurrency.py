"""Several at once on one ledger: threads of a gateway, and gateways that share PostgreSQL."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest

from flux.ledger.database import open_database
from flux.model.flow import Flow
from flux.model.ports import ChunkResult
from tests.contract.ledger_desk import NOON, REPORT, Desk, make_arrival, make_judgment

CHUNKS = 12

T = TypeVar("T")


def at_once(*calls: Callable[[], T]) -> list[T]:
    """The results of calls that begin together."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        barrier.wait(30)
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def record_each(desk: Desk, flow: Flow, chunks: Sequence[int]) -> list[Flow]:
    results = [ChunkResult(flow=flow, chunk=chunk, judgments=(make_judgment(chunk),)) for chunk in chunks]
    return [complete for result in results for complete in desk.work.record([result])]


def test_two_threads_that_record_the_same_chunks_complete_the_flow_once(desk: Desk) -> None:
    flow = desk.receive()
    desk.work.begin(flow, CHUNKS, ())
    told = at_once(
        lambda: record_each(desk, flow, range(CHUNKS)),
        lambda: record_each(desk, flow, range(CHUNKS - 1, -1, -1)),
    )
    assert told[0] + told[1] == [flow]
    assert len(desk.work.case(flow).judgments) == CHUNKS
    assert desk.altered(flow) == []


def test_of_flows_settled_at_once_one_has_each_number(desk: Desk) -> None:
    flows = [desk.judge(*map(make_judgment, range(20))) for _ in range(4)]
    numbers = {(ordinal, 0): f"F{ordinal}" for ordinal in range(20)}
    backwards = dict(reversed(numbers.items()))
    settled = at_once(
        lambda: desk.settle(flows[0], numbers, REPORT),
        lambda: desk.settle(flows[1], backwards, REPORT),
        lambda: desk.settle(flows[2], numbers, REPORT),
        lambda: desk.settle(flows[3], backwards, REPORT),
    )
    assert sum(len(settlement.occupied) for settlement in settled) == 20
    names = {output.name for flow in flows for output in desk.work.outputs(flow)}
    assert names == {f"CSO1100A_FRN001_FLX001110000000000000000{last}" for last in (1, 2, 3, 4)}


def test_a_strict_name_that_comes_twice_at_once_has_one_first(desk: Desk) -> None:
    name = "FSO1100A_FRN001_FRN0011100000000000000042"
    received = at_once(
        *(
            lambda claim=claim: desk.intake.receive([make_arrival(claim, name=name, strict_name=True)])
            for claim in ("a", "b", "c")
        )
    )
    reuses = [flow.reuse_of for (flow,) in received]
    first = next(flow.number for (flow,) in received if flow.reuse_of is None)
    assert sorted(reuses, key=str) == [first, first, None]


def test_deliveries_told_at_once_close_their_flow_once(desk: Desk) -> None:
    deliveries = desk.owe(*[REPORT] * 4)
    closed = at_once(*(lambda each=each: desk.delivery.delivered([each], NOON) for each in deliveries))
    assert sorted(closed) == [(), (), (), (deliveries[0].flow_number,)]


@pytest.mark.parametrize("ledger_url", ["sqlite", "postgresql"], indirect=True)
def test_two_open_ledgers_at_one_address_take_turns(desk: Desk, ledger_url: str) -> None:
    other = Desk(open_database(ledger_url))
    flows = [desk.receive() for _ in range(2)]
    for flow in flows:
        desk.work.begin(flow, CHUNKS, ())
    told = at_once(
        lambda: record_each(desk, flows[0], range(CHUNKS)), lambda: record_each(other, flows[1], range(CHUNKS))
    )
    assert told == [[flows[0]], [flows[1]]]
    other.database.close()
