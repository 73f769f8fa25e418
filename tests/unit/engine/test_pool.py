"""The pool of worker processes: what becomes of a task whose process dies, hangs or fails, and of the tasks behind it."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import Mock

import pytest

from flux.engine.pool import ProcessWorkers, TaskFailed, WorkerBounds, WorkerDied
from flux.engine.tasks import ChunkTask
from flux.engine.worker import Workshop
from flux.errors import WorkersUnavailable
from flux.model.flow import Flow
from flux.model.ports import ChunkResult
from tests.fakes.intake import Reports

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SECONDS = 30


class Unpackable(str):
    """A name that does not travel: too large for the memory that is left."""

    __slots__ = ()

    def __reduce__(self) -> tuple[object, ...]:
        raise MemoryError


class Unreadable(str):
    """A name that travels and cannot be read where it arrives."""

    __slots__ = ()

    def __reduce__(self) -> tuple[object, ...]:
        return int, ("no number",)


class Trickster(Workshop):
    """Does what the name of the flow says."""

    def judge_chunk(self, task: ChunkTask) -> ChunkResult:
        match task.flow.name:
            case "dies":
                os._exit(1)
            case "crashes":
                os.kill(os.getpid(), signal.SIGSEGV)
            case "starves":
                raise MemoryError
            case "hangs":
                threading.Event().wait()
            case "fails":
                raise ValueError("told as it was")
            case "mumbles":
                return ChunkResult(flow=replace(task.flow, name=Unreadable()), chunk=task.chunk, judgments=())
        return ChunkResult(flow=task.flow, chunk=task.chunk, judgments=())


def make_trickster() -> Workshop:
    return object.__new__(Trickster)


def chunk(name: str, number: int = 0) -> ChunkTask:
    flow = Flow(
        number=1, attempt=1, partner="acme", known_partner=True, name=name, sha256="", size_bytes=0, received_at=NOW
    )
    return ChunkTask(flow=flow, chunk=number, first=0, members=(), alone=False, moment=NOW)


def wait_until(is_true: Callable[[], bool]) -> None:
    deadline, pause = time.monotonic() + SECONDS, threading.Event()
    while not is_true():
        assert time.monotonic() < deadline, "it did not happen in time"
        pause.wait(0.01)


@pytest.fixture(scope="module")
def workers() -> Iterator[ProcessWorkers]:
    with ProcessWorkers(1, make_trickster, Reports(), WorkerBounds(task_seconds=3)) as pool:
        yield pool


def test_each_task_gets_its_own_result(workers: ProcessWorkers) -> None:
    results = [workers.submit(chunk("good", number)).result(SECONDS) for number in range(5)]
    assert [result.chunk for result in results if isinstance(result, ChunkResult)] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("fate", "cause"),
    [("dies", "ended with code 1"), ("crashes", "ended by SIGSEGV"), ("hangs", "no answer in 3 s")],
)
def test_a_process_that_is_lost_costs_its_task_alone(workers: ProcessWorkers, fate: str, cause: str) -> None:
    lost, *others = [workers.submit(chunk(name)) for name in (fate, "good", "good", "good")]
    failure = lost.exception(SECONDS)
    assert isinstance(failure, WorkerDied)
    assert str(failure) == cause
    assert all(other.exception(SECONDS) is None for other in others)


@pytest.mark.parametrize(("fate", "told"), [("fails", "ValueError('told as it was')"), ("starves", "MemoryError()")])
def test_a_task_that_fails_is_told_as_it_failed_and_its_process_goes_on(
    workers: ProcessWorkers, fate: str, told: str
) -> None:
    failure = workers.submit(chunk(fate)).exception(SECONDS)
    assert isinstance(failure, TaskFailed)
    assert repr(failure) == told


@pytest.mark.parametrize("name", [Unpackable("huge"), "mumbles"])
def test_a_task_or_an_answer_that_does_not_travel_fails_alone(workers: ProcessWorkers, name: str) -> None:
    for _ in range(2):
        lost, other = workers.submit(chunk(name)), workers.submit(chunk("good"))
        assert lost.exception(SECONDS) is not None
        assert other.exception(SECONDS) is None


def test_a_thread_that_meets_what_nobody_foresaw_tells_it_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    reports = Reports()
    with ProcessWorkers(1, make_trickster, reports) as pool, monkeypatch.context() as patched:
        pool.require()
        patched.setattr(
            "flux.engine.pool._Worker.reason_to_renew", Mock(side_effect=[RuntimeError("unforeseen"), None])
        )
        assert pool.submit(chunk("good")).exception(SECONDS) is None
        wait_until(lambda: ("worker_failed", {"cause": "RuntimeError('unforeseen')"}) in reports.events)


def test_a_process_that_dies_while_it_is_idle_is_replaced_before_there_is_a_task() -> None:
    before, reports = set(multiprocessing.active_children()), Reports()
    with ProcessWorkers(1, make_trickster, reports) as pool:
        pool.submit(chunk("good")).result(SECONDS)
        (first,) = set(multiprocessing.active_children()) - before
        first.kill()
        wait_until(lambda: len(set(multiprocessing.active_children()) - before - {first}) == 1)
        assert pool.submit(chunk("good")).exception(SECONDS) is None
    assert ("worker_died", {"cause": "ended by SIGKILL", "task": "none"}) in reports.events


@pytest.mark.parametrize(
    ("bounds", "reason"),
    [
        (WorkerBounds(tasks=1), "1 tasks"),
        (WorkerBounds(memory_bytes=1), " MiB held"),
        (WorkerBounds(), None),
    ],
)
def test_a_process_is_renewed_after_so_many_tasks_or_so_much_memory(bounds: WorkerBounds, reason: str | None) -> None:
    reports = Reports()
    with ProcessWorkers(1, make_trickster, reports, bounds) as pool:
        assert [pool.submit(chunk("good", number)).exception(SECONDS) for number in range(2)] == [None, None]
    reasons = [facts["reason"] for name, facts in reports.events if name == "worker_renewed"]
    assert [told.endswith(reason or "") for told in reasons] == ([] if reason is None else [True] * len(reasons))
    assert bool(reasons) is (reason is not None)


class Opening:
    """A factory that can make nothing until a file is there."""

    def __init__(self, key: Path) -> None:
        self.key = key

    def __call__(self) -> Workshop:
        if not self.key.exists():
            raise FileNotFoundError("the schema package")
        return make_trickster()


def test_workers_that_cannot_be_made_are_told_of_and_tried_again_with_pauses_and_no_task_fails(tmp_path: Path) -> None:
    reports, key = Reports(), tmp_path / "key"
    bounds = WorkerBounds(first_pause_seconds=0.1, longest_pause_seconds=0.2)
    with ProcessWorkers(1, Opening(key), reports, bounds) as pool:
        waiting = pool.submit(chunk("good"))
        with pytest.raises(WorkersUnavailable, match="the schema package"):
            pool.require()
        wait_until(lambda: len(reports.events) >= 3)
        assert not waiting.done()
        key.touch()
        assert waiting.exception(SECONDS) is None
        pool.require()
    told = [(name, facts["next_try_in_seconds"]) for name, facts in reports.events]
    assert told[:3] == [("worker_not_started", "0.1"), ("worker_not_started", "0.2"), ("worker_not_started", "0.2")]


def test_the_pauses_between_failed_starts_double_up_to_their_bound() -> None:
    assert [WorkerBounds().pause_seconds(failures) for failures in (1, 2, 3, 6, 7, 1000)] == [0.5, 1, 2, 16, 30, 30]


def test_a_pool_that_is_closed_cuts_off_what_hangs() -> None:
    before = set(multiprocessing.active_children())
    with ProcessWorkers(1, make_trickster, Reports()) as pool:
        pool.submit(chunk("good")).result(SECONDS)
        hanging = pool.submit(chunk("hangs"))
        wait_until(lambda: not pool._desk._waiting)
    assert isinstance(hanging.exception(SECONDS), WorkerDied)
    assert set(multiprocessing.active_children()) <= before


def test_a_closed_pool_leaves_no_process() -> None:
    before = set(multiprocessing.active_children())
    with ProcessWorkers(2, make_trickster, Reports()) as pool:
        pool.submit(chunk("good")).result(SECONDS)
        assert len(set(multiprocessing.active_children()) - before) == 2
    assert set(multiprocessing.active_children()) <= before
