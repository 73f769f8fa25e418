"""The loop that carries every flow from received to answered.

The ledger says what is to be done, the worker processes do it, this loop writes down what they did. It holds nothing
that a restart could not find in the ledger again. Only this thread writes work rows, so results that arrive together
share a transaction.
"""

import queue
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Event
from time import monotonic
from types import MappingProxyType
from typing import Protocol

from flux.engine.disk_trouble import DiskTrouble
from flux.engine.fairness import FairQueue
from flux.engine.later import Later
from flux.engine.salvage import Salvage
from flux.engine.tasks import BuildResult, BuildTask, ChunkTask, OpenResult, OpenTask
from flux.errors import AttemptReplaced, LedgerError, VaultError
from flux.model.codes import severity_of
from flux.model.finding import Severity
from flux.model.flow import Flow
from flux.model.interface import Family
from flux.model.partner import Gateway, Partner
from flux.model.ports import ChunkResult, Report, Vault, WorkLedger
from flux.model.repeats import Repeats
from flux.model.settlement import FirstUses, FlowCase, PastUses, Settlement
from flux.replies.plan import Routes, plan_outputs
from flux.rules.settlement import accounts_of, apply_settlement, decide, keys_of

Task = OpenTask | ChunkTask | BuildTask
Result = OpenResult | ChunkResult | BuildResult

# A task over which a worker died or failed is tried again, apart from others, before a person must look.
TRIES = 3
# What waits in front of each worker: enough that none is idle while results are gathered and written down.
TASKS_PER_WORKER = 4
# How long the loop sleeps at most when nothing happens.
IDLE_SECONDS = 0.5
# Results written in one transaction.
BATCH = 64
# How long results wait for others while each worker has another task in front of it: a transaction costs as much as the
# rows of fifty invoices.
GATHER_SECONDS = 0.05
# How often the ledger is asked what operators let go in other processes.
SWEEP_SECONDS = 1.0
# How long we wait before we try again what a disk or the ledger refused.
PAUSE_SECONDS = 1.0
# When a flow whose outputs no worker could build is tried again: a flow is answered, whatever a worker dies of.
UNANSWERED_SECONDS = 60.0
# How long what runs is waited for after a stop. Container engines kill 10 s after SIGTERM: a second is left for the rest.
STOP_SECONDS = 8.0


class Workers(Protocol):
    """Runs tasks in other processes. A task whose process died or took too long ends with an exception."""

    size: int

    def submit(self, task: Task) -> "Future[Result]":
        """Start a task as soon as a worker is free."""
        ...

    def require(self) -> None:
        """Wait until there is a worker. Raises WorkersUnavailable where there can be none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """A task that ended: with a result, or with the failure of its worker."""

    task: Task
    result: Result | None
    failure: BaseException | None


class Engine:
    """Treats the flows of one gateway."""

    def __init__(
        self,
        *,
        name: str,
        gateway: Gateway,
        partners: Mapping[str, Partner],
        ledger: WorkLedger,
        vault: Vault,
        workers: Workers,
        clock: Callable[[], datetime],
        report: Report,
        on_due: Callable[[], None],
        severities: Mapping[str, Severity] = MappingProxyType({}),
    ) -> None:
        self._name = name
        self._gateway = gateway
        self._partners = partners
        self._routes = Routes.of(partners)
        self._ledger = ledger
        self._vault = vault
        self._workers = workers
        self._clock = clock
        self._report = report
        self._on_due = on_due
        self._severities = severities
        self._events: queue.SimpleQueue[_Done | Flow] = queue.SimpleQueue()
        self._running = 0
        self._tasks_of: Counter[int] = Counter()  # how many of the running tasks each flow has
        self._ledger_trouble = Repeats()
        self._forget()

    def _forget(self) -> None:
        """Hold nothing, as after a start: `resume` finds it in the ledger."""
        self._to_open: FairQueue[OpenTask] = FairQueue()
        self._to_judge: FairQueue[ChunkTask] = FairQueue()
        # The case itself where it is at hand, the flow where a restart found it.
        self._to_build: deque[FlowCase | Flow] = deque()
        self._later = Later()
        self._postponed: set[int] = set()  # flows whose trouble was told
        self._chunks_done: dict[int, frozenset[int]] = {}
        self._salvage = Salvage()
        # What must not be taken again, told of twice or found by a sweep: attempts under way, flows whose outputs are
        # being built.
        self._under_way: set[tuple[int, int]] = set()
        self._building: set[int] = set()

    def accept(self, flows: Iterable[Flow]) -> None:
        """Take flows that the ledger has just received. Safe to call from any thread."""
        for flow in flows:
            self._events.put(flow)

    def resume(self) -> None:
        """Take up everything that the ledger says is unfinished, as after a crash."""
        for open_flow in self._ledger.unjudged(self._name):
            self._chunks_done[open_flow.flow.number] = open_flow.chunks_done
            self._enqueue(open_flow.flow)
        for flow in filter(self._is_of_partner, self._ledger.unsettled(self._name)):
            self._settle(flow)
        for flow in filter(self._is_of_partner, self._ledger.unanswered(self._name)):
            self._build(flow)

    def take_released(self) -> None:
        """Take what operators let go since: flows to judge again, held outputs to build. Each is taken once."""
        released = self._ledger.released(self._name)
        for flow in released.to_judge:
            if flow.partner in self._partners and not self._is_under_way(flow):
                self._chunks_done.pop(flow.number, None)  # of a former attempt
                self._enqueue(flow)
        for flow in released.to_build:
            if flow.partner in self._partners and flow.number not in self._building:
                self._build(flow)

    def serve(self, stop: Event, stop_seconds: float = STOP_SECONDS) -> None:
        """Work until told to stop; what then ends within `stop_seconds` is written down, the rest stays in the ledger."""
        swept_at = monotonic()
        while not stop.is_set():
            try:
                has_written = self._advance(IDLE_SECONDS)
                if monotonic() - swept_at >= SWEEP_SECONDS:
                    self.take_released()
                    swept_at = monotonic()
            except LedgerError as error:
                self._start_over(error, stop)
            else:
                # A ledger that can be read may still refuse every write.
                if (has_written or self._is_idle()) and self._ledger_trouble.end():
                    self._report("ledger_back")
        self._finish(monotonic() + stop_seconds)

    def _start_over(self, error: LedgerError, stop: Event) -> None:
        """Wait for the ledger, and take up what it says then: what we hold may be written down in part."""
        self._tell_ledger_trouble(error)
        while self._running and not stop.is_set():
            for event in self._arrived(IDLE_SECONDS):
                if isinstance(event, _Done):
                    self._count_out(event)
        while not stop.wait(PAUSE_SECONDS):
            self._forget()
            try:
                self.resume()
            except LedgerError as still:
                self._tell_ledger_trouble(still)
            else:
                return

    def _tell_ledger_trouble(self, error: LedgerError) -> None:
        if (times := self._ledger_trouble.meet(monotonic())) is not None:
            self._report("ledger_failed", error=str(error), times=str(times))

    def _finish(self, until: float) -> None:
        """Write down what ends in time and begin nothing; the ledger knows of the rest what it knew before."""
        try:
            while self._running and (left := until - monotonic()) > 0:
                self._write_down(self._arrived(min(left, IDLE_SECONDS)))
        except LedgerError as error:  # away: there is nobody to tell any more
            self._report("ledger_failed", error=str(error))
        if self._running:
            flows = ", ".join(map(str, sorted(self._tasks_of)))
            self._report("given_back", tasks=str(self._running), flows=flows)

    def run_until_idle(self) -> None:
        """Work until nothing is left to do. Raises WorkersUnavailable where there is nobody to do it."""
        self._advance(0)
        if self._running:
            self._workers.require()
        while not self._is_idle():
            self._advance(IDLE_SECONDS)

    def _is_idle(self) -> bool:
        has_tasks = bool(self._running or self._to_open or self._to_judge or self._to_build)
        return not has_tasks and self._events.empty()

    def _advance(self, seconds: float) -> bool:
        """Feed the workers, and write down what arrived; true where a task that was done is among it."""
        self._later.take_due()
        self._feed_workers()
        events = self._arrived(seconds)
        self._write_down(events)
        return any(isinstance(event, _Done) and event.failure is None for event in events)

    def _arrived(self, seconds: float) -> list[_Done | Flow]:
        """What happened: waits for a first event, then takes all that is there, or comes while nobody waits for us."""
        events: list[_Done | Flow] = []
        try:
            events.append(self._events.get(timeout=seconds) if seconds else self._events.get_nowait())
            until = monotonic() + GATHER_SECONDS
            while len(events) < BATCH:
                left = until - monotonic() if self._running - len(events) > 2 * self._workers.size else 0
                events.append(self._events.get(timeout=left) if left > 0 else self._events.get_nowait())
        except queue.Empty:
            pass
        return events

    def _write_down(self, events: Sequence[_Done | Flow]) -> None:
        judged: list[ChunkResult] = []
        # All of them first: once the ledger refuses one, the others are not looked at any more, and would be waited for.
        for event in events:
            if isinstance(event, _Done):
                self._count_out(event)
        for event in events:
            if isinstance(event, Flow):
                self._enqueue(event)
                continue
            try:
                judged.extend(self._ended(event))
            except AttemptReplaced:  # told of late: the later attempt has its own results
                self._leave(flow_of(event.task))
        for flow in self._ledger.record(judged) if judged else ():
            self._settle(flow)

    def _count_out(self, event: _Done) -> None:
        number = flow_of(event.task).number
        self._running -= 1
        self._tasks_of[number] -= 1
        if not self._tasks_of[number]:
            del self._tasks_of[number]

    def _ended(self, event: _Done) -> list[ChunkResult]:
        """Act upon a task that ended; the judgments that are to be written down."""
        if event.failure is not None:
            return self._failed(event.task, event.failure)
        match event.result:
            case OpenResult() as opened:
                return self._opened(opened)
            case ChunkResult() as judged:
                return self._salvage.merge(judged)
            case BuildResult() as built:
                self._answered(built)
        return []

    def _enqueue(self, flow: Flow) -> None:
        if not self._is_of_partner(flow) or self._is_under_way(flow):
            return
        try:
            blob = self._vault.path(flow.sha256)
        except VaultError as error:
            self._postpone(flow, str(error), lambda: self._enqueue(flow))
            return
        self._under_way.add((flow.number, flow.attempt))
        task = OpenTask(flow=flow, partner=self._partners[flow.partner], blob=blob, moment=self._clock())
        self._to_open.push(flow.partner, task)

    def _postpone(self, flow: Flow, cause: str, again: Callable[[], None]) -> None:
        """Try again in a while, and again: the trouble is ours, and is told once."""
        if flow.number not in self._postponed:
            self._postponed.add(flow.number)
            self._report("flow_postponed", flow=str(flow.number), partner=flow.partner, cause=cause)
        self._later.put(PAUSE_SECONDS, again)

    def _is_under_way(self, flow: Flow) -> bool:
        """True from the moment a flow is taken until it is answered or held: two tasks over one chunk would mix their results."""
        return (flow.number, flow.attempt) in self._under_way

    def _leave(self, flow: Flow) -> None:
        self._under_way.discard((flow.number, flow.attempt))
        self._postponed.discard(flow.number)

    def _is_of_partner(self, flow: Flow) -> bool:
        """False for a flow of nobody, and for one whose partner the configuration names no more: it waits in the ledger."""
        if flow.known_partner and flow.partner not in self._partners:
            self._report("partner_gone", flow=str(flow.number), partner=flow.partner, name=flow.name)
        return flow.partner in self._partners

    def _opened(self, result: OpenResult) -> list[ChunkResult]:
        if not self._ledger.begin(result.flow, len(result.chunks), result.findings):
            self._leave(result.flow)
            return []
        if not result.chunks:
            self._settle(result.flow)
            return []
        if result.judged is not None:
            return [result.judged]
        done = self._chunks_done.pop(result.flow.number, frozenset())
        for chunk in result.chunks:
            if chunk.chunk not in done:
                self._to_judge.push(result.flow.partner, chunk)
        return []

    def _settle(self, flow: Flow) -> None:
        case = self._ledger.case(flow)
        partner = self._partners[flow.partner]
        try:
            settlement = self._ledger.settle(
                flow,
                keys_of(case),
                accounts_of(case),
                lambda first_uses, past_uses: self._decision(case, first_uses, past_uses, partner),
            )
        except LedgerError:
            raise
        except Exception as failure:  # noqa: BLE001 - a flow that we cannot decide must not stop the others
            self._hold(flow, f"cannot be settled: {failure!r}")
            self._report("flow_held", flow=str(flow.number), partner=flow.partner, cause=repr(failure))
            return
        if settlement.status is None:
            self._leave(flow)
            self._report("flow_held", flow=str(flow.number), partner=flow.partner, name=flow.name)
            return
        self._build(apply_settlement(case, settlement))

    def _hold(self, flow: Flow, reason: str) -> None:
        self._ledger.hold(flow, reason)
        self._leave(flow)

    def _build(self, settled: FlowCase | Flow) -> None:
        """Have the outputs of a flow built; what no worker can build stays marked, so that no sweep takes it once more."""
        self._building.add(settled.flow.number if isinstance(settled, FlowCase) else settled.number)
        self._to_build.append(settled)

    def _decision(self, case: FlowCase, uses: FirstUses, past_uses: PastUses, partner: Partner) -> Settlement:
        decision = decide(case, uses, partner, past_uses, self._weigh)
        outcomes = {each.invoice: each.outcome for each in decision.outcomes}
        held = decision.status is None
        outputs = () if held else plan_outputs(case, outcomes, partner, self._routes, self._gateway)
        return Settlement(
            verdict=decision.verdict,
            status=decision.status,
            outcomes=decision.outcomes,
            occupied=decision.occupied,
            outputs=outputs,
        )

    def _weigh(self, code: str, family: Family) -> Severity:
        return severity_of(code, family, self._gateway.environment, self._severities)

    def _answered(self, result: BuildResult) -> None:
        self._ledger.answer(result.flow, result.built, self._clock())
        self._building.discard(result.flow.number)
        self._leave(result.flow)
        self._on_due()

    def _feed_workers(self) -> None:
        """Finish flows first, then judge what is open, then open more: what is unpacked at once stays bounded."""
        while self._running < self._workers.size * TASKS_PER_WORKER and (task := self._next_task()) is not None:
            self._start(task)

    def _next_task(self) -> Task | None:
        while self._to_build:
            if (task := self._build_task(self._to_build.popleft())) is not None:
                return task
        if self._to_judge:
            return self._to_judge.pop()
        return self._to_open.pop() if self._to_open else None

    def _build_task(self, settled: FlowCase | Flow) -> BuildTask | None:
        case = settled if isinstance(settled, FlowCase) else self._ledger.case(settled)
        flow = case.flow
        try:
            blob = self._vault.path(flow.sha256)
        except VaultError as error:
            self._postpone(flow, str(error), lambda: self._to_build.append(settled))
            return None
        return BuildTask(
            case=case,
            partner=self._partners[flow.partner],
            outputs=self._ledger.outputs(flow),
            blob=blob,
            moment=self._clock(),
        )

    def _start(self, task: Task) -> None:
        self._running += 1
        self._tasks_of[flow_of(task).number] += 1
        future = self._workers.submit(task)
        future.add_done_callback(lambda done: self._events.put(_done(task, done)))

    def _failed(self, task: Task, failure: BaseException) -> list[ChunkResult]:
        """A worker died over a task, or could not do it: never a verdict on the invoice."""
        flow = flow_of(task)
        if isinstance(failure, DiskTrouble):
            self._postpone(flow, str(failure), lambda: self._start(task))
            return []
        self._report(
            "task_failed", flow=str(flow.number), partner=flow.partner, task=type(task).__name__, cause=repr(failure)
        )
        match task:
            case ChunkTask():
                return self._salvage_chunk(task, failure)
            case OpenTask() if task.tries + 1 < TRIES:
                self._to_open.push(flow.partner, replace(task, tries=task.tries + 1, judge_at_once=False))
            case OpenTask():
                self._hold(flow, f"cannot be opened: {failure!r}")
            case BuildTask() if task.tries + 1 < TRIES:
                self._start(replace(task, tries=task.tries + 1))
            case BuildTask():
                self._report("flow_unanswered", flow=str(flow.number), partner=flow.partner, cause=repr(failure))
                self._later.put(UNANSWERED_SECONDS, lambda: self._start(replace(task, tries=0)))
        return []

    def _salvage_chunk(self, task: ChunkTask, failure: BaseException) -> list[ChunkResult]:
        """Judge the invoices of a fatal chunk one by one; the one that kills its worker again is not judged."""
        if task.invoice_count == 1 and task.tries + 1 >= TRIES:
            return self._salvage.merge(self._salvage.condemn(task, repr(failure)))
        for single in self._salvage.split(task):
            self._to_judge.push(task.flow.partner, single)
        return []


def flow_of(task: Task) -> Flow:
    """The flow that a task is about."""
    return task.case.flow if isinstance(task, BuildTask) else task.flow


def _done(task: Task, done: "Future[Result]") -> _Done:
    failure = done.exception()
    return _Done(task=task, result=None if failure else done.result(), failure=failure)
