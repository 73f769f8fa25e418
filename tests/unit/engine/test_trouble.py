"""Trouble of ours under the engine: a full disk, a ledger that is away, bytes that are gone. Nothing is held for it."""

import errno
from collections.abc import Callable
from threading import Event, Thread

import pytest

from flux.engine.gateway import Task
from flux.engine.tasks import BuildTask, ChunkTask, OpenTask
from flux.errors import LedgerError, VaultError
from flux.model.disk import is_disk_trouble
from flux.model.lifecycle import FlowState
from tests.acceptance.installation import wait_until
from tests.unit.engine.test_gateway import Desk, archive, desk

__all__ = ["desk"]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flux.engine.gateway.PAUSE_SECONDS", 0.0)


def at_first(tasks: type[Task], times: int = 5) -> Callable[[Task], bool]:
    """True for the first tasks of a kind."""
    left = list(range(times))

    def is_early(task: Task) -> bool:
        return isinstance(task, tasks) and bool(left) and left.pop() >= 0

    return is_early


def serve_until_answered(desk: Desk, number: int) -> None:
    stop = Event()
    serving = Thread(target=desk.engine.serve, args=(stop,))
    serving.start()
    try:
        wait_until(lambda: desk.queries.show_flow(number).line.state is FlowState.ANSWERED, "the flow is answered")
    finally:
        stop.set()
        serving.join()


def count_pauses(stop: Event, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each wait for a stop was to last."""
    pauses: list[float] = []
    wait = stop.wait

    def count(seconds: float) -> bool:
        pauses.append(seconds)
        return wait(seconds)

    monkeypatch.setattr(stop, "wait", count)
    return pauses


@pytest.mark.parametrize("tasks", [OpenTask, ChunkTask, BuildTask])
def test_a_task_whose_disk_is_full_is_tried_until_there_is_room_and_told_once(desk: Desk, tasks: type[Task]) -> None:
    desk.workers.finds_trouble_over = at_first(tasks)
    flow = desk.receive(archive(10))
    desk.engine.accept([flow])
    serve_until_answered(desk, flow.number)
    assert desk.reported == ["flow_postponed"]
    assert {judgment.verdict.value for judgment in desk.queries.show_flow(flow.number).case.judgments} == {"accepted"}


@pytest.mark.parametrize("call", ["begin", "record", "case", "settle", "outputs", "answer", "released"])
def test_a_ledger_that_is_away_is_waited_for_and_told_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    original, failures = getattr(desk.engine._ledger, call), [LedgerError("disk I/O error")]
    more = [LedgerError("disk I/O error") for _ in range(3)]

    def fail_once(*arguments: object) -> object:
        if failures:
            raise failures.pop()
        return original(*arguments)

    resume = desk.engine._ledger.unjudged

    def fail_to_resume(gateway: str) -> object:
        if more:
            raise more.pop()
        return resume(gateway)

    monkeypatch.setattr("flux.engine.gateway.SWEEP_SECONDS", 0.0)
    monkeypatch.setattr(desk.engine._ledger, call, fail_once)
    monkeypatch.setattr(desk.engine._ledger, "unjudged", fail_to_resume)
    flow = desk.receive(archive(10))
    desk.engine.accept([flow])
    serve_until_answered(desk, flow.number)
    assert [event for event in desk.reported if event != "flow_postponed"] == ["ledger_failed", "ledger_back"]
    assert len(desk.queries.show_flow(flow.number).case.judgments) == 10


def test_a_ledger_that_is_read_and_not_written_is_asked_with_pauses_and_told_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, asked = Event(), []

    def refuse(*_: object) -> object:
        asked.append(len(pauses))
        if len(asked) == 5:
            stop.set()
        raise LedgerError("database or disk is full")

    pauses = count_pauses(stop, monkeypatch)
    monkeypatch.setattr(desk.engine._ledger, "begin", refuse)
    desk.engine.accept([desk.receive(archive(2))])
    desk.engine.serve(stop)
    assert asked == [0, 1, 2, 3, 4]
    assert desk.reported == ["ledger_failed"]


def test_results_that_came_together_with_the_one_that_the_ledger_refused_are_waited_for_no_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, failures = desk.engine._ledger.begin, [LedgerError("disk I/O error")]

    def fail_once(*arguments: object) -> object:
        if failures:
            raise failures.pop()
        return original(*arguments)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(desk.engine._ledger, "begin", fail_once)
    flows = [desk.receive(archive(2), number) for number in (1, 2, 3)]
    desk.engine.accept(flows)
    for flow in flows:
        serve_until_answered(desk, flow.number)
    assert desk.reported == ["ledger_failed", "ledger_back"]


def test_a_flow_whose_bytes_are_away_waits_for_them_and_holds_up_no_other(desk: Desk) -> None:
    lost, other = desk.receive(archive(2)), desk.receive(archive(3), sequence=2)
    path = desk.vault.path(lost.sha256)
    path.rename(path.with_name("away"))
    desk.engine.accept([lost, other])
    serve_until_answered(desk, other.number)
    assert desk.queries.show_flow(lost.number).line.state is FlowState.RECEIVED
    path.with_name("away").rename(path)
    serve_until_answered(desk, lost.number)
    assert desk.reported == ["flow_postponed"]


def test_a_flow_whose_outputs_no_worker_could_build_is_tried_again_without_a_restart(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flux.engine.gateway.UNANSWERED_SECONDS", 0.0)
    is_early = at_first(BuildTask, times=3)
    desk.workers.dies_over = is_early
    flow = desk.receive(archive(2))
    desk.engine.accept([flow])
    serve_until_answered(desk, flow.number)
    assert desk.reported == [*["task_failed"] * 3, "flow_unanswered"]


def test_a_failing_disk_is_known_behind_what_it_caused() -> None:
    failure = VaultError("the vault cannot take these bytes")
    failure.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    assert is_disk_trouble(failure)


@pytest.mark.parametrize(
    "failure", [ValueError("no number"), FileNotFoundError(errno.ENOENT, "gone"), VaultError("other bytes")]
)
def test_other_failures_are_no_trouble_of_a_disk(failure: Exception) -> None:
    assert not is_disk_trouble(failure)
