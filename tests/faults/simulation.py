"""The ledger's state machine under a scheduler that chooses everything from a seed, and is not kind.

    python -m tests.faults.simulation --runs 10000 --seed 1
    python -m tests.faults.simulation --seed 4711 --verbose     one run, step by step

The engine, its ledgers, the lanes and the book of deliveries are the real ones, on SQLite in memory. Made up are the
workers (which end in any order, die, or answer nothing), the clock (which also goes back), the partners' servers (which
fail, or lose the answer to a rename) and the operator. A crash throws away everything but the tables, in the middle of a
transaction too. After each step `tests.faults.promises` reads the tables; in the end, faults over, everything must end.
"""

import argparse
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import Connection

from flux.delivery.book import DeliveryBook
from flux.delivery.breaker import Breaker, BreakerState
from flux.delivery.lane import Attempt, Lane
from flux.delivery.settings import DeliverySettings
from flux.engine.gateway import Engine, Result, Task
from flux.engine.tasks import BuildResult, BuildTask, ChunkTask, OpenResult, OpenTask
from flux.errors import DiskFailed, FluxError, TransportError, TransportRefused, TransportUncertain
from flux.intake.member import MemberRef
from flux.ledger.database import Database
from flux.ledger.delivery import SqlDeliveryLedger
from flux.ledger.given_up import close_deliveries, retry_dead, retry_partner
from flux.ledger.intake import SqlIntakeLedger
from flux.ledger.memory import open_memory
from flux.ledger.queries import DeliveryLine, LedgerQueries
from flux.ledger.release import release_outputs, reopen_flow
from flux.ledger.work import SqlWorkLedger
from flux.model.authority import Authority
from flux.model.delivery import BuiltOutput, Release
from flux.model.hand_over import HandOver
from flux.model.lifecycle import DeliveryState, FlowState
from flux.model.partner import Gateway, Partner, PartnerRole
from flux.model.ports import Arrival, Blob, ChunkResult, RemoteFile
from flux.model.settlement import OutputKind
from flux.model.verdict import Judgment, Verdict
from flux.replies.plan import Routes, plan_release
from tests.faults.promises import Placed, Promises, Violation
from tests.unit.replies.cases import judged, summary

START = datetime(2026, 11, 28, 8, tzinfo=UTC)
GATEWAY = Gateway(application_code="FLX001")
ROUTED, UNROUTED = "11000201100044", "22130001300012"
PARTNERS = {
    "acme": Partner(
        name="acme", role=PartnerRole.SUPPLIER, application_code="FRN001", interfaces=("FSO1100A",), reports=False
    ),
    "brun": Partner(
        name="brun", role=PartnerRole.SUPPLIER, application_code="FRN002", interfaces=("FSO1100A",), reports=False
    ),
    "etat": Partner(name="etat", role=PartnerRole.ENTITY, application_code="SEI001", sirets=frozenset({ROUTED})),
}
SENDERS = ("acme", "brun")
SETTINGS = DeliverySettings(tries=3, files_at_once=1, breaker_failures=2)
LONGEST_WAIT = timedelta(seconds=SETTINGS.longest_retry_seconds)
# Enough workers that the engine never waits for results to come together.
WORKERS = 40
FAULTY_STEPS = 45
CALM_STEPS = 400
# How long the servers go on failing when all else is well.
FAULTY_TURNS = 6
INVOICES = 6
REASON = "said the operator"


class Crash(BaseException):
    """The process is gone; nothing of ours catches it."""


class WorkerDied(Exception):
    """What the pool tells of a process that died."""


class FaultyDatabase(Database):
    """The tables, in which a process may be killed: before a transaction, inside one, or once it is written."""

    crash_at: Callable[[], int] = staticmethod(lambda: 0)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, or a crash."""
        point = self.crash_at()
        if point == 1:
            raise Crash
        with super().write() as connection:
            yield connection
            if point == 2:
                raise Crash
        if point == 3:
            raise Crash


class Tables:
    """One database for all runs, each begun from the same empty tables: to migrate and to compile statements takes longer."""

    def __init__(self) -> None:
        memory = open_memory()
        self.database = FaultyDatabase(memory.engine, memory.owner)
        self.raw = _raw(memory)
        self._empty = sqlite3.connect(":memory:")
        self.raw.backup(self._empty)

    def clear(self) -> FaultyDatabase:
        """The database, empty."""
        self._empty.backup(self.raw)
        return self.database

    def close(self) -> None:
        """Let both go."""
        self._empty.close()
        self.database.close()


def _raw(database: Database) -> sqlite3.Connection:
    raw = database.engine.raw_connection().driver_connection
    if not isinstance(raw, sqlite3.Connection):
        raise TypeError("a database in memory expected")
    return raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A flow that is to come: its invoices, and how long its members resist (by attempt) before they can be judged."""

    sender: str
    chunks: tuple[tuple[Judgment, ...], ...]
    unjudged_attempts: int
    name_is_wrong: bool


def write_script(random: Random, sender: str) -> Script:
    """Up to three chunks of invoices, whose numbers are few, so that they meet."""
    ordinal, chunks = 0, []
    for _ in range(random.choice((0, 1, 1, 2, 3))):
        chunk = []
        for _ in range(random.randint(1, 2)):
            chunk.append(_write_judgment(random, ordinal, sender))
            ordinal += 1
        chunks.append(tuple(chunk))
    return Script(
        sender=sender,
        chunks=tuple(chunks),
        unjudged_attempts=random.choice((0, 0, 0, 1, 2)),
        name_is_wrong=random.random() < 0.1,
    )


def _write_judgment(random: Random, ordinal: int, sender: str) -> Judgment:
    supplier = summary().supplier
    held = summary(
        f"F{random.randrange(INVOICES)}",
        supplier=supplier
        if random.random() < 0.7
        else replace(supplier, identifier=f"{SENDERS.index(sender)}2345678900012"),
        buyer=replace(summary().buyer, identifier=random.choice((ROUTED, ROUTED, UNROUTED))),
        cadre=random.choice(("A1", "A1", "A9")),
    )
    each = judged(ordinal, invoice=held)
    return replace(each, verdict=Verdict.REJECTED) if random.random() < 0.2 else each


@dataclass(slots=True)
class Workers:
    """Tasks that wait until the scheduler lets one end."""

    size: int = WORKERS
    waiting: list[tuple[Task, "Future[Result]"]] = field(default_factory=list)

    def submit(self, task: Task) -> "Future[Result]":
        """Keep it waiting."""
        promise: Future[Result] = Future()
        self.waiting.append((task, promise))
        return promise

    def require(self) -> None:
        """There are always some."""


class Vault:
    """Bytes that nobody looks at."""

    def put(self, pieces: object) -> Blob:
        """Nothing is put here."""
        raise AssertionError("nobody asks for this")

    def path(self, sha256: str) -> Path:
        """A path that says which bytes are meant."""
        return Path(sha256)


class Server:
    """A partner's server: what was placed under a final name, each time. A blind one lets nobody look."""

    def __init__(self, random: Random, *, is_blind: bool) -> None:
        self.placed: list[Placed] = []
        self.is_blind = is_blind
        self.is_faulty = True
        self._random = random

    def put(self, source: Path, folder: str, name: str, hand_over: HandOver | None = None) -> None:
        """Take a file, or fail in one of the ways of servers."""
        fate = self._random.choice(("well",) * 4 + ("away", "refused", "lost", "full")) if self.is_faulty else "well"
        if fate == "away":
            raise TransportError("no route to the host")
        if fate == "refused":
            raise TransportRefused("permission denied")
        if fate == "full":
            raise DiskFailed("disk full")
        if hand_over is not None:
            hand_over.announce(f".{name}.part")
        path = f"{folder}/{name}"
        if self.is_blind or all(each.path != path for each in self.placed):
            self.placed.append(Placed(path=path, sha256=source.name))
        if fate == "lost":
            raise (TransportUncertain if self.is_blind else TransportError)("the answer was lost")

    def list(self, folder: str) -> Iterator[RemoteFile]:
        """Nothing is ever listed."""
        return iter(())

    def fetch(self, folder: str, name: str, target: Path) -> None:
        """Nothing is ever fetched."""
        raise TransportError(name)

    def remove(self, folder: str, name: str, taken: RemoteFile | None = None) -> None:
        """Nothing is ever removed."""

    def close(self) -> None:
        """Nothing is open."""


@dataclass(slots=True, kw_only=True)
class Sending:
    """A lane under way: what it was given, its attempts that are not written down yet."""

    partner: str
    lane: Lane
    attempts: list[Attempt]


class Simulation:
    """One run."""

    def __init__(self, seed: int, tables: Tables, log: Callable[[str], object] = lambda _: None) -> None:
        self._random = Random(seed)
        self._log = log
        self._database = tables.clear()
        self._database.crash_at = self._crash_point
        self._now = START
        self._is_faulty = True
        self._scripts: dict[str, Script] = {}
        self._claims: dict[str, Arrival] = {}
        self._servers = {
            name: Server(self._random, is_blind=name == "etat" and self._random.random() < 0.3) for name in PARTNERS
        }
        self._promises = Promises(tables.raw)
        self._due_again: set[str] = set()
        self._wants_restart = False
        self._start()

    def run(self) -> None:
        """Steps with faults, then steps without until nothing is left. Raises Violation."""
        for _ in range(FAULTY_STEPS):
            self._step(self._random.choice(self._faulty))
        self._log("faults are over")
        self._is_faulty = False
        if self._wants_restart:  # as an operator does who reads that a flow could not be answered
            self._restart()
        for turn in range(CALM_STEPS):
            if turn == FAULTY_TURNS:
                for server in self._servers.values():
                    server.is_faulty = False
            if self._is_over():
                break
            for act in self._calm:
                self._step(act)
        blind = {name for name, server in self._servers.items() if server.is_blind}
        self._promises.check_end({name: server.placed for name, server in self._servers.items()}, blind)

    @property
    def _faulty(self) -> Sequence[Callable[[], None]]:
        work = (self._advance, self._end_task)
        send = (self._read_due, self._send, self._write_sent)
        rare = (
            self._kill,
            self._move_clock,
            self._sweep,
            self._retry,
            self._release,
            self._close,
            self._lose_worker,
            self._tell_twice,
        )
        return (self._receive, self._receive, *work * 5, *send * 2, *rare)

    @property
    def _calm(self) -> Sequence[Callable[[], None]]:
        return (self._sweep, self._advance, self._end_all, self._advance, self._retry, self._release, self._pass_hour,
                self._read_due, self._send, self._write_sent)  # fmt: skip

    def _step(self, act: Callable[[], None]) -> None:
        self._log(act.__name__.lstrip("_"))
        try:
            act()
        except Crash:
            self._restart()
        except FluxError as error:
            raise Violation(f"{act.__name__.lstrip('_')} raised {type(error).__name__}: {error}") from error
        self._promises.check()

    # The process.

    def _crash_point(self) -> int:
        return self._random.choice((1, 2, 3)) if self._is_faulty and self._random.random() < 0.02 else 0

    def _clock(self) -> datetime:
        return self._now

    def _start(self) -> None:
        self._workers = Workers()
        self._queries = LedgerQueries(self._database)
        self._intake = SqlIntakeLedger(self._database, clock=self._clock)
        self._deliveries = SqlDeliveryLedger(self._database, clock=self._clock)
        self._book = DeliveryBook(self._deliveries, SETTINGS, self._clock, lambda _: None)
        self._book._random = self._random
        self._breakers: dict[str, Breaker] = {}
        self._sendings: dict[str, Sending] = {}
        self._engine = Engine(
            name="main",
            gateway=GATEWAY,
            partners=PARTNERS,
            ledger=SqlWorkLedger(self._database, application_code="FLX001", clock=self._clock),
            vault=Vault(),
            workers=self._workers,
            clock=self._clock,
            report=self._report,
            on_due=lambda: None,
        )

    def _report(self, event: str, **facts: str) -> None:
        self._log(f"  {event} {facts}")
        self._wants_restart |= event == "flow_unanswered"

    def _restart(self) -> None:
        """As `flux run` begins: claims that were left become flows, then the engine takes up what is unfinished."""
        while True:
            self._log("  crash, restart")
            self._wants_restart = False
            try:
                self._start()
                self._recover()
                self._engine.resume()
            except Crash:
                continue
            return

    def _recover(self) -> None:
        if self._claims:
            self._engine.accept(self._intake.receive(tuple(self._claims.values())))
            self._claims.clear()

    def _kill(self) -> None:
        raise Crash

    # What comes in.

    def _receive(self) -> None:
        if len(self._scripts) >= 4:
            return
        sender = self._random.choice(SENDERS)
        script, number = write_script(self._random, sender), len(self._scripts) + 1
        application = PARTNERS[sender].application_code
        sha256 = f"{number:064x}"
        self._scripts[sha256] = script
        self._promises.expect(sha256, script.chunks)
        arrival = Arrival(
            gateway="main", claim=f"claim-{number}", partner=sender, known_partner=True,
            name=f"FSO1100A_{application}_{application}1100{number:015d}", strict_name=True, sha256=sha256, size_bytes=1,
            received_at=self._now,
        )  # fmt: skip
        self._claims[sha256] = arrival
        flows = self._intake.receive((arrival,))
        self._log(f"  flow {flows[0].number}: {[len(chunk) for chunk in script.chunks]} invoices from {sender}")
        self._engine.accept(flows)
        del self._claims[sha256]

    def _tell_twice(self) -> None:
        """What was told of may be told again, as after a recovery that overlaps."""
        rows = self._promises.flows()
        if rows:
            number = self._random.choice(rows)
            self._engine.accept((self._queries.show_flow(number).line.flow,))

    # The engine and its workers.

    def _advance(self) -> None:
        self._engine._advance(0)

    def _sweep(self) -> None:
        self._engine.take_released()

    def _end_task(self) -> None:
        if self._workers.waiting:
            task, promise = self._workers.waiting.pop(self._random.randrange(len(self._workers.waiting)))
            self._log(f"  {type(task).__name__}")
            promise.set_result(self._do(task))

    def _end_all(self) -> None:
        while self._workers.waiting:
            self._end_task()

    def _lose_worker(self) -> None:
        if self._workers.waiting:
            task, promise = self._workers.waiting.pop(self._random.randrange(len(self._workers.waiting)))
            self._log(f"  over a {type(task).__name__}")
            promise.set_exception(WorkerDied())

    def _do(self, task: Task) -> Result:
        match task:
            case OpenTask():
                return self._open(task)
            case ChunkTask():
                return self._judge(task)
            case BuildTask():
                built = tuple(BuiltOutput(id=each.id, sha256=f"{each.id:064x}", size_bytes=1) for each in task.outputs)
                return BuildResult(flow=task.case.flow, built=built)

    def _open(self, task: OpenTask) -> OpenResult:
        script, first, chunks = self._scripts[task.flow.sha256], 0, []
        for number, held in enumerate(() if script.name_is_wrong else script.chunks):
            members = tuple(
                MemberRef(name=f"{each.ordinal}.xml", path=Path(), offset=0, size_bytes=1, packed_bytes=1)
                for each in held
            )
            chunks.append(
                ChunkTask(flow=task.flow, chunk=number, first=first, members=members, alone=False, moment=task.moment)
            )
            first += len(held)
        judged_at_once = self._judge(chunks[0]) if len(chunks) == 1 and task.judge_at_once else None
        return OpenResult(flow=task.flow, chunks=tuple(chunks), findings=(), judged=judged_at_once)

    def _judge(self, task: ChunkTask) -> ChunkResult:
        script = self._scripts[task.flow.sha256]
        found = script.chunks[task.chunk]
        wanted = {task.first + at for at in range(len(task.members))}
        is_beyond_us = task.chunk == 0 and task.flow.attempt <= script.unjudged_attempts
        judgments = tuple(
            replace(each, verdict=Verdict.NOT_JUDGED) if is_beyond_us else each
            for each in found
            if each.ordinal in wanted
        )
        return ChunkResult(flow=task.flow, chunk=task.chunk, judgments=judgments)

    # Deliveries: a partner's lane is read, runs, and is written down; anything may happen between.

    def _read_due(self) -> None:
        resting = {name for name, breaker in self._breakers.items() if breaker.state(self._now) is BreakerState.OPEN}
        excluding = frozenset(resting | self._sendings.keys())
        due = self._deliveries.due("main", self._now, 100, excluding, horizon=self._now + LONGEST_WAIT)
        for partner in sorted({each.partner for each in due}):
            attempts: list[Attempt] = []
            lane = Lane(
                deliveries=[each for each in due if each.partner == partner],
                breaker=self._breakers.get(partner, Breaker()),
                transport=lambda partner=partner: self._servers[partner],  # type: ignore[misc]  # bound in the loop
                vault=Vault(),
                settings=SETTINGS,
                clock=self._clock,
                tell=attempts.append,
                is_stopped=lambda: False,
                cleared={each.folder for each in due},
                parts={},
                announce=lambda delivery, part: self._deliveries.announce({delivery: part}),
            )
            self._sendings[partner] = Sending(partner=partner, lane=lane, attempts=attempts)

    def _send(self) -> None:
        for sending in self._sendings.values():
            if not sending.attempts:
                sending.lane.run()
                self._log(f"  {sending.partner}: {[(each.delivery.name, each.failure) for each in sending.attempts]}")

    def _write_sent(self) -> None:
        for partner, sending in tuple(self._sendings.items()):
            if sending.attempts:
                self._breakers[partner] = sending.lane.breaker
                self._book.write(sending.attempts)
                del self._sendings[partner]

    # The clock and the operator.

    def _move_clock(self) -> None:
        self._now += timedelta(seconds=self._random.choice((1, 10, 600, 86_400, -5, -3_600)))

    def _pass_hour(self) -> None:
        self._now += timedelta(hours=1)

    def _retry(self) -> None:
        """A person asks before an uncertain file is sent again; the simulation's is told that it never arrived."""
        if self._random.random() < 0.5:
            retry_dead(self._database, now=self._now)
        else:
            uncertain = [each.id for each in self._queries.list_deliveries(state=DeliveryState.UNCERTAIN, limit=100)]
            self._promises.allow_twice(uncertain)
            retry_partner(self._database, "etat", now=self._now)

    def _close(self) -> None:
        """A person says of something that it is dealt with, wherever it stands."""
        lines = [each for each in self._queries.list_deliveries(limit=100) if each.state is not DeliveryState.DELIVERED]
        if lines and self._random.random() < 0.3:
            authority = Authority(by="claire", reason=REASON, at=self._now)
            ids = [self._random.choice(lines).id]
            self._promises.allow_absent(each.id for each in lines if each.id in ids or each.state is DeliveryState.HELD)
            close_deliveries(self._database, ids, authority)

    def _release(self) -> None:
        authority = Authority(by="claire", reason=REASON, at=self._now)
        for number in self._promises.held_flows(unrouted=self._is_faulty):
            history = self._queries.show_flow(number)
            if history.line.state is FlowState.HELD:
                reopen_flow(self._database, number, authority)
            elif plans := [self._plan(number, line) for line in history.deliveries if _is_held_forward(line)]:
                release_outputs(self._database, number, plans, authority, "FLX001")

    def _plan(self, number: int, line: DeliveryLine) -> Release:
        planned = plan_release(self._queries.show_flow(number).case, line.invoices, Routes.of(PARTNERS), GATEWAY)
        return Release(ids=(line.id,), planned=planned)

    def _is_over(self) -> bool:
        engine = self._engine
        is_idle = not (
            engine._running or engine._to_open or engine._to_judge or engine._to_build or not engine._events.empty()
        )
        return is_idle and not self._sendings and not self._claims and self._promises.is_over()


def _is_held_forward(line: DeliveryLine) -> bool:
    return line.state is DeliveryState.HELD and line.kind is not OutputKind.ALERTS


def simulate(seed: int, tables: Tables, log: Callable[[str], object] = lambda _: None) -> str | None:
    """One run; the promise that it broke, None where it kept all."""
    try:
        Simulation(seed, tables, log).run()
    except Violation as violation:
        return str(violation)
    return None


def main() -> int:
    """Run as many as are asked for; 1 where one broke a promise."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.simulation", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1, help="of the first run; the others follow it")
    parser.add_argument("--verbose", action="store_true", help="one run, told step by step")
    arguments = parser.parse_args()
    tables, started, broken = Tables(), time.process_time(), 0
    runs = 1 if arguments.verbose else arguments.runs
    for seed in range(arguments.seed, arguments.seed + runs):
        fault = simulate(seed, tables, print if arguments.verbose else lambda _: None)
        if fault is not None:
            broken += 1
            print(f"seed {seed}: {fault}")
    print("| runs | first seed | promises broken | CPU, s |\n|---:|---:|---:|---:|")
    print(f"| {runs} | {arguments.seed} | {broken} | {time.process_time() - started:.1f} |")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
