"""The loop of the engine, on a real ledger in memory, with workers that work in this process and die when told to."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flux.app.workshop import WorkshopFactory
from flux.config import Settings, read
from flux.demo.samples import ENTITY_SIRET, Sample, write_ubl
from flux.demo.scenario import write_archive
from flux.engine.disk_trouble import DiskTrouble
from flux.engine.gateway import Engine, Result, Task
from flux.engine.tasks import BuildTask, ChunkTask, OpenTask
from flux.engine.worker import Workshop
from flux.ledger.database import Database
from flux.ledger.intake import SqlIntakeLedger
from flux.ledger.memory import open_memory
from flux.ledger.migrate import upgrade
from flux.ledger.queries import FlowHistory, LedgerQueries
from flux.ledger.release import reopen_flow
from flux.ledger.vault import FolderVault
from flux.ledger.work import SqlWorkLedger
from flux.model.authority import Authority
from flux.model.flow import Flow, FlowName
from flux.model.lifecycle import DeliveryState, FlowState
from flux.model.ports import Arrival
from flux.model.settlement import FlowStatus
from flux.model.verdict import Verdict

CONFIG = {
    "gateway": {"application_code": "FLX001", "chunk_invoices": 4},
    "partners": {
        "acme": {"role": "supplier", "application_code": "FRN001", "interfaces": ["FSO1100A"]},
        "etat": {"role": "entity", "application_code": "SEI001", "sirets": [ENTITY_SIRET]},
    },
}


class WorkerDied(Exception):
    """What the pool tells of a process that died."""


@dataclass
class InlineWorkers:
    """Does each task at once; `dies_over` says over which it dies instead, `hangs_over` over which it never ends.

    `finds_trouble_over` says over which its disk fails.
    """

    workshop: Workshop
    dies_over: Callable[[Task], bool] = lambda _: False
    hangs_over: Callable[[Task], bool] = lambda _: False
    finds_trouble_over: Callable[[Task], bool] = lambda _: False
    size: int = 2
    tasks: list[Task] = field(default_factory=list)

    def submit(self, task: Task) -> "Future[Result]":
        self.tasks.append(task)
        promise: Future[Result] = Future()
        if self.hangs_over(task):
            return promise
        if self.finds_trouble_over(task):
            promise.set_exception(DiskTrouble("No space left on device"))
        elif self.dies_over(task):
            promise.set_exception(WorkerDied())
        else:
            promise.set_result(self._do(task))
        return promise

    def require(self) -> None:
        """There is one always."""

    def _do(self, task: Task) -> Result:
        match task:
            case OpenTask():
                return self.workshop.open(task)
            case ChunkTask():
                return self.workshop.judge_chunk(task)
            case BuildTask():
                return self.workshop.build(task)


class Desk:
    """An engine with everything around it."""

    def __init__(
        self, settings: Settings, database: Database, names: str = "FSO1100A_FRN001_FRN0011100{:015d}"
    ) -> None:
        self.names = names
        self.settings = settings
        self.database = database
        self.vault = FolderVault(settings.vault.path)
        self.workers = InlineWorkers(WorkshopFactory(settings)())
        self.reported: list[str] = []
        self.received = 0
        self.queries = LedgerQueries(database)
        self.engine = self.restart()

    def restart(self) -> Engine:
        """Another engine on the same ledger, as after a crash."""
        self.engine = Engine(
            name="main",
            gateway=self.settings.gateway.identity,
            partners=self.settings.known_partners,
            ledger=SqlWorkLedger(self.database, application_code="FLX001"),
            vault=self.vault,
            workers=self.workers,
            clock=lambda: datetime.now(UTC),
            report=lambda event, **_: self.reported.append(event),
            on_due=lambda: None,
        )
        return self.engine

    def receive(self, data: bytes, sequence: int = 1, *, partner: str = "acme", name: str = "") -> Flow:
        blob = self.vault.put([data])
        named = name or self.names.format(sequence)
        [flow] = SqlIntakeLedger(self.database).receive(
            [
                Arrival(
                    gateway="main",
                    claim=f"claim-{sequence}",
                    partner=partner,
                    known_partner=True,
                    name=named,
                    strict_name=FlowName.parse(named) is not None,
                    sha256=blob.sha256,
                    size_bytes=blob.size_bytes,
                    received_at=datetime.now(UTC),
                )
            ]
        )
        return flow

    def treat(self, data: bytes, *, partner: str = "acme", name: str = "") -> FlowHistory:
        self.received += 1
        flow = self.receive(data, self.received, partner=partner, name=name)
        self.engine.accept([flow])
        self.engine.run_until_idle()
        return self.queries.show_flow(flow.number)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    database = open_memory()
    upgrade(database)
    yield Desk(read(CONFIG, root=tmp_path, environ={}), database)
    database.close()


def archive(count: int) -> bytes:
    return write_archive([write_ubl(Sample(number=f"E{index}", line_count=1)) for index in range(count)])


def is_member(task: Task, number: int) -> bool:
    """True for a task that is to judge that member of the flow."""
    return isinstance(task, ChunkTask) and task.first <= number < task.first + len(task.members)


def test_a_flow_that_a_restart_takes_in_and_finds_in_the_ledger_is_opened_once(desk: Desk) -> None:
    flow = desk.receive(write_ubl(Sample()))
    desk.engine.accept([flow])
    desk.engine.resume()
    desk.engine.run_until_idle()
    assert [type(task) for task in desk.workers.tasks] == [OpenTask, BuildTask]


def test_a_flow_of_several_chunks_is_judged_and_its_outputs_are_due(desk: Desk) -> None:
    history = desk.treat(archive(10))
    assert (history.line.state, history.line.status) == (FlowState.ANSWERED, FlowStatus.RECEIVED)
    assert len(history.case.judgments) == 10
    assert {line.state for line in history.deliveries} == {DeliveryState.DUE}


def test_a_flow_of_one_chunk_is_judged_while_it_is_opened(desk: Desk) -> None:
    desk.treat(archive(3))
    assert [type(task) for task in desk.workers.tasks] == [OpenTask, BuildTask]


def test_a_worker_that_dies_once_over_a_chunk_costs_nothing(desk: Desk) -> None:
    desk.workers.dies_over = lambda task: isinstance(task, ChunkTask) and task.tries == 0 and task.chunk == 1
    history = desk.treat(archive(10))
    assert history.line.status is FlowStatus.RECEIVED
    assert [judgment.ordinal for judgment in history.case.judgments] == list(range(10))


def test_an_invoice_that_kills_every_worker_is_alone_not_judged_and_holds_its_flow(desk: Desk) -> None:
    desk.workers.dies_over = lambda task: is_member(task, 5)
    history = desk.treat(archive(10))
    unjudged = [judgment.ordinal for judgment in history.case.judgments if judgment.verdict is Verdict.NOT_JUDGED]
    assert (history.line.state, history.line.status, unjudged) == (FlowState.HELD, None, [5])
    assert history.deliveries == ()


def test_a_flow_that_no_worker_can_open_is_held(desk: Desk) -> None:
    desk.workers.dies_over = lambda task: isinstance(task, OpenTask)
    history = desk.treat(archive(10))
    assert history.line.state is FlowState.HELD
    assert desk.reported.count("task_failed") == 3


def test_a_flow_whose_outputs_cannot_be_built_waits_for_the_next_start(desk: Desk) -> None:
    desk.workers.dies_over = lambda task: isinstance(task, BuildTask)
    history = desk.treat(archive(2))
    assert (history.line.state, desk.reported[-1]) == (FlowState.JUDGED, "flow_unanswered")
    desk.workers.dies_over = lambda _: False
    desk.restart().resume()
    desk.engine.run_until_idle()
    assert desk.queries.show_flow(1).line.state is FlowState.ANSWERED


def test_a_decision_that_fails_holds_its_flow_and_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("flux.engine.gateway.plan_outputs", fail)
        assert desk.treat(archive(2)).line.state is FlowState.HELD
    second = desk.receive(write_ubl(Sample(number="E99")), sequence=2)
    desk.engine.accept([second])
    desk.engine.run_until_idle()
    assert desk.queries.show_flow(second.number).line.state is FlowState.ANSWERED


def test_a_flow_told_of_twice_is_answered_once(desk: Desk) -> None:
    flow = desk.receive(archive(10))
    desk.engine.accept([flow, flow])
    desk.engine.run_until_idle()
    desk.engine.accept([flow])
    desk.engine.run_until_idle()
    history = desk.queries.show_flow(flow.number)
    assert (history.line.state, len(history.case.judgments)) == (FlowState.ANSWERED, 10)
    assert [line.kind.value for line in history.deliveries].count("report") == 1


def test_a_flow_told_of_twice_loses_no_invoice_when_a_worker_dies(desk: Desk) -> None:
    """Two tasks over one chunk would mix what is saved of it with the whole."""
    flow = desk.receive(archive(10))
    desk.workers.dies_over = lambda task: isinstance(task, ChunkTask) and len(task.members) > 1
    desk.engine.accept([flow, flow])
    desk.engine.run_until_idle()
    judged = [judgment.ordinal for judgment in desk.queries.show_flow(flow.number).case.judgments]
    assert judged == list(range(10))
    assert sum(isinstance(task, OpenTask) for task in desk.workers.tasks) == 1


def test_a_flow_told_of_once_more_when_it_is_answered_stays_so_though_it_does_not_open_any_more(desk: Desk) -> None:
    flow = desk.receive(archive(2))
    desk.engine.accept([flow])
    desk.engine.run_until_idle()
    desk.workers.dies_over = lambda task: isinstance(task, OpenTask)
    desk.engine.accept([flow])
    desk.engine.run_until_idle()
    assert desk.queries.show_flow(flow.number).line.state is FlowState.ANSWERED


def test_an_attempt_that_a_person_replaced_is_left_out_in_silence(desk: Desk) -> None:
    flow = desk.receive(archive(2))
    SqlWorkLedger(desk.database, application_code="FLX001").hold(flow, "cannot be opened")
    reopen_flow(desk.database, flow.number, Authority(by="claire", reason="again", at=datetime.now(UTC)))
    desk.engine.accept([flow])
    desk.engine.run_until_idle()
    assert desk.queries.show_flow(flow.number).line.state is FlowState.RECEIVED
    desk.engine.take_released()
    desk.engine.run_until_idle()
    assert desk.queries.show_flow(flow.number).line.state is FlowState.ANSWERED


def test_after_a_restart_only_the_missing_chunks_are_judged(desk: Desk) -> None:
    flow = desk.receive(archive(10))
    desk.workers.hangs_over = lambda task: isinstance(task, ChunkTask) and task.chunk == 2
    desk.engine.accept([flow])
    for _ in range(8):
        desk.engine._advance(0)
    desk.workers.tasks.clear()
    desk.workers.hangs_over = lambda _: False
    desk.restart().resume()
    desk.engine.run_until_idle()
    judged = {task.chunk for task in desk.workers.tasks if isinstance(task, ChunkTask)}
    assert judged == {2}
    assert desk.queries.show_flow(flow.number).line.status is FlowStatus.RECEIVED


def test_a_flow_of_a_partner_that_the_configuration_no_longer_names_is_left_in_the_ledger(desk: Desk) -> None:
    flow = desk.receive(archive(1))
    desk.workers.hangs_over = lambda task: isinstance(task, BuildTask)
    desk.engine.accept([flow])
    for _ in range(4):
        desk.engine._advance(0)
    desk.settings = replace(desk.settings, partners={"etat": desk.settings.partners["etat"]})
    desk.restart().resume()
    desk.engine.run_until_idle()
    assert desk.queries.show_flow(flow.number).line.state is FlowState.JUDGED
    assert desk.reported == ["partner_gone"]
