"""The pool of worker processes: what becomes of a task whose process dies, hangs or fails, and of the tasks behind it."""

import multiprocessing
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from flux.engine.pool import ProcessWorkers, TaskFailed, WorkerBounds, WorkerDied
from flux.engine.tasks import ChunkTask
from flux.engine.worker import Workshop
from flux.model.flow import Flow
from flux.model.ports import ChunkResult
from tests.fakes.intake import Reports

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SECONDS = 30


class Trickster(Workshop):
    """Does what the name of the flow says."""

    def judge_chunk(self, task: ChunkTask) -> ChunkResult:
        match task.flow.name:
            case "dies":
                os._exit(1)
            case "hangs":
                threading.Event().wait()
            case "fails":
                raise ValueError("told as it was")
        return ChunkResult(flow=task.flow, chunk=task.chunk, judgments=())


def make_trickster() -> Workshop:
    return object.__new__(Trickster)


def chunk(name: str, number: int = 0) -> ChunkTask:
    flow = Flow(
        number=1, attempt=1, partner="acme", known_partner=True, name=name, sha256="", size_bytes=0, received_at=NOW
    )
    return ChunkTask(flow=flow, chunk=number, first=0, members=(), alone=False, moment=NOW)


@pytest.fixture(scope="module")
def workers() -> Iterator[ProcessWorkers]:
    with ProcessWorkers(1, make_trickster, Reports(), WorkerBounds(task_seconds=3)) as pool:
        yield pool


def test_each_task_gets_its_own_result(workers: ProcessWorkers) -> None:
    results = [workers.submit(chunk("good", number)).result(SECONDS) for number in range(5)]
    assert [result.chunk for result in results if isinstance(result, ChunkResult)] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("fate", ["dies", "hangs"])
def test_a_process_that_is_lost_costs_its_task_alone(workers: ProcessWorkers, fate: str) -> None:
    lost, *others = [workers.submit(chunk(name)) for name in (fate, "good", "good", "good")]
    assert isinstance(lost.exception(SECONDS), WorkerDied)
    assert all(other.exception(SECONDS) is None for other in others)


def test_a_task_that_fails_is_told_as_it_failed_and_its_process_goes_on(workers: ProcessWorkers) -> None:
    failure = workers.submit(chunk("fails")).exception(SECONDS)
    assert isinstance(failure, TaskFailed)
    assert repr(failure) == "ValueError('told as it was')"


def test_a_closed_pool_leaves_no_process() -> None:
    before = set(multiprocessing.active_children())
    with ProcessWorkers(2, make_trickster, Reports()) as pool:
        pool.submit(chunk("good")).result(SECONDS)
        assert len(set(multiprocessing.active_children()) - before) == 2
    assert set(multiprocessing.active_children()) <= before
