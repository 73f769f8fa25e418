"""A gateway that can be killed and started again in milliseconds: forked from a process that has loaded everything.

The gateway is the real one, with its real ledger, vault and folders and a real OpenSSH server; only its workers are made
without a fresh interpreter: forked for each task, or in the gateway's own process.
"""

import os
import pickle
import select
import shutil
import signal
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from flux.app.gateway import GatewayRun, open_gateway
from flux.app.installation import load_settings
from flux.app.workshop import WorkshopFactory
from flux.demo.samples import ENTITY_SIRET, OTHER_ENTITY_SIRET
from flux.demo.sshd import LoopbackSshd
from flux.engine.gateway import Result, Task, Workers
from flux.engine.pool import WorkerDied
from flux.engine.tasks import BuildTask, ChunkTask
from flux.engine.worker import Workshop
from tests.faults.checker import Dropped, Scene
from tests.faults.drops import UBL, make_flow, put
from tests.faults.points import install

# A run that takes longer hangs.
RUN_SECONDS = 60.0
# Below the disk of a sandbox: what stands for other machines.
SERVERS = "servers"
_HOMES = ("frn002-out", "frn002-in", "pla001-out", "pla001-in", "sei002-in")
_NO_INVOICES: Mapping[str, str] = {}

_CONFIG = """
[gateway]
application_code = "FLX001"
chunk_invoices = 2
[intake]
stable_seconds = 0.0
sweep_seconds = 0.02
[delivery]
first_retry_seconds = 0.0
longest_retry_seconds = 0.001
[partners.frn001]
role = "supplier"
application_code = "FRN001"
interfaces = ["FSO1100A", "FSO1106A"]
[partners.frn002]
role = "supplier"
application_code = "FRN002"
interfaces = ["FSO1100A", "FSO1106A"]
[partners.frn002.pickup]
{pickup}
poll_seconds = 0.05
[partners.frn002.delivery]
{reports}
[partners.pla001]
role = "supplier"
application_code = "PLA001"
interfaces = ["FSO1150A", "FSO1157A"]
[partners.pla001.pickup]
{platform_pickup}
poll_seconds = 0.05
[partners.pla001.delivery]
{platform_reports}
[partners.sei001]
role = "entity"
application_code = "SEI001"
sirets = ["{entity}"]
[partners.sei002]
role = "entity"
application_code = "SEI002"
sirets = ["{other}"]
[partners.sei002.delivery]
{entity_end}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run of the gateway ended: by itself, by SIGKILL, or by a failure of its own, which `failure` tells."""

    was_killed: bool
    failure: str = ""


class Sandbox:
    """An installation at a fixed place, put back to its beginning before each trial.

    With a server, what frn002 and pla001 hand over and get and what sei002 gets goes by SFTP; without, by folders.
    """

    def __init__(self, root: Path, sshd: LoopbackSshd | None) -> None:
        self.root = root
        self._template = root / "template"
        self.disk = root / "disk"
        self._place = self.disk / "place"
        self._sshd = sshd
        self._homes = {name: self.disk / SERVERS / name for name in _HOMES}
        self._template.mkdir(parents=True)
        (self._template / "config.toml").write_text(self._config(), encoding="utf-8")
        (self._template / "pickup").mkdir()
        self.reset()
        self.settings = load_settings(self._place / "config.toml")
        self._workshop: Workshop = WorkshopFactory(self.settings)()
        self._migrate()

    @property
    def var(self) -> Path:
        """The folder of ledger, vault and register."""
        return self._place / "var"

    @property
    def scene(self) -> Scene:
        """Where the checker looks."""
        outbox = self.settings.gateway.outbox
        servers = {name: outbox / name for name in ("frn001", "sei001")}
        servers |= {name: self._homes[f"{name}-in"] for name in ("frn002", "pla001", "sei002")}
        for folder in servers.values():
            folder.mkdir(parents=True, exist_ok=True)
        return Scene(
            ledger=self.var / "ledger.db",
            vault=self.settings.vault.path,
            inbox=self.settings.gateway.inbox,
            servers=servers,
        )

    def reset(self) -> None:
        """Begin anew: nothing dropped, nothing answered."""
        for folder in (self._place, *self._homes.values()):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self._template, self._place)
        for folder in self._homes.values():
            folder.mkdir(parents=True)

    def drop(
        self,
        partner: str,
        number: int,
        *,
        good: Mapping[str, str] = _NO_INVOICES,
        bad: tuple[str, ...] = (),
        held: Mapping[str, str] = _NO_INVOICES,
        form: str = UBL,
    ) -> Dropped:
        """Have a supplier or a platform hand over a flow of invoices, as `make_flow` makes it."""
        dropped, data = make_flow(partner, number, good=good, bad=bad, held=held, form=form)
        put(
            self._place / "inbox" / partner if partner == "frn001" else self._homes[f"{partner}-out"],
            dropped.name,
            data,
        )
        return dropped

    def run(self, hit: Callable[[str], None], *, workers: "MakeWorkers", work: "Work") -> Ended:
        """Run the gateway in a forked process; `hit` is called at each crash point."""

        def be_gateway() -> None:
            with open_gateway(self.settings, _say_nothing, lambda _: workers(self._workshop)) as gateway:
                work(gateway)

        return self.fork(hit, be_gateway)

    def fork(self, hit: Callable[[str], None], act: Callable[[], object]) -> Ended:
        """Do something in a forked process; `hit` is called at each crash point."""
        failure = self.root / "failure"
        failure.unlink(missing_ok=True)
        child = os.fork()
        if not child:
            os.setsid()
            _be_child(hit, act, failure)
        status = _wait(child)
        if status is None:
            return Ended(was_killed=False, failure=f"still running after {RUN_SECONDS:.0f} s")
        told = failure.read_text(encoding="utf-8") if failure.exists() else ""
        return Ended(was_killed=os.WIFSIGNALED(status), failure=told)

    def _migrate(self) -> None:
        """Keep a ledger with its tables in the template: each trial would make them again."""
        ended = self.run(ignore, workers=in_gateway, work=lambda _: None)
        if ended.failure:
            raise RuntimeError(ended.failure)
        shutil.copytree(self.var, self._template / "var", dirs_exist_ok=True)

    def _config(self) -> str:
        return _CONFIG.format(
            pickup=self._end("frn002-out"),
            reports=self._end("frn002-in"),
            platform_pickup=self._end("pla001-out"),
            platform_reports=self._end("pla001-in"),
            entity_end=self._end("sei002-in"),
            entity=ENTITY_SIRET,
            other=OTHER_ENTITY_SIRET,
        )

    def _end(self, home: str) -> str:
        path = f'path = "{self._homes[home]}"'
        if self._sshd is None:
            return f'kind = "folder"\n{path}'
        return f"""kind = "sftp"
host = "{self._sshd.host}"
port = {self._sshd.port}
user = "{self._sshd.user}"
key_file = "{self._sshd.key_file}"
host_keys = ["{self._sshd.known_hosts}"]
{path}"""


MakeWorkers = Callable[[Workshop], AbstractContextManager[Workers]]
Work = Callable[[GatewayRun], None]


@contextmanager
def open_sandbox(root: Path) -> Iterator[Sandbox]:
    """A sandbox with its own OpenSSH server."""
    with LoopbackSshd() as sshd:
        yield Sandbox(root, sshd)


def work_once(gateway: GatewayRun) -> None:
    """Treat what is there; deliver until nothing is due."""
    gateway.run_once()


def serve_until(is_done: Callable[[], bool]) -> Work:
    """Serve, with every thread at work, until something is seen."""

    def work(gateway: GatewayRun) -> None:
        stop = _StopWhen(is_done)
        gateway.serve(stop)

    return work


def _be_child(hit: Callable[[str], None], act: Callable[[], object], failure: Path) -> None:
    code = 1
    try:
        install(hit)
        act()
        code = 0
    except BaseException:  # noqa: BLE001 - a forked process must not go on as its parent
        failure.write_text(traceback.format_exc(), encoding="utf-8")
    finally:
        os._exit(code)


class _StopWhen(Event):
    """Set as soon as something is seen by whoever asks."""

    def __init__(self, is_done: Callable[[], bool]) -> None:
        super().__init__()
        self._is_done = is_done

    def is_set(self) -> bool:
        if not super().is_set() and self._is_done():
            self.set()
        return super().is_set()


class _InGateway:
    """Tasks done by the gateway's own process, as soon as they are handed over."""

    size = 1

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop

    def submit(self, task: Task) -> "Future[Result]":
        promise: Future[Result] = Future()
        try:
            promise.set_result(do(self._workshop, task))
        except Exception as failure:  # noqa: BLE001 - as the pool tells it
            promise.set_exception(failure)
        return promise

    def require(self) -> None:
        """There is one always."""


class _Broken:
    """No task is ever done."""

    size = 1

    def submit(self, task: Task) -> "Future[Result]":
        promise: Future[Result] = Future()
        promise.set_exception(WorkerDied(f"nobody does a {type(task).__name__}"))
        return promise

    def require(self) -> None:
        """There is one always."""


class _Forked:
    """Each task in a process of its own, which may die over it."""

    size = 1

    def __init__(self, workshop: Workshop, hit: Callable[[str], None]) -> None:
        self._workshop = workshop
        self._hit = hit

    def submit(self, task: Task) -> "Future[Result]":
        promise: Future[Result] = Future()
        ours, theirs = os.pipe()
        child = os.fork()
        if not child:
            self._be_worker(task, ours, theirs)
        os.close(theirs)
        with open(ours, "rb") as pipe:  # noqa: PTH123 - a descriptor has no Path
            answer = pipe.read()
        os.waitpid(child, 0)
        if answer:
            promise.set_result(pickle.loads(answer))  # noqa: S301 - from our own process
        else:
            promise.set_exception(WorkerDied("killed at a crash point"))
        return promise

    def require(self) -> None:
        """There is one always."""

    def _be_worker(self, task: Task, ours: int, theirs: int) -> None:
        try:
            os.close(ours)
            install(self._hit)
            kind = type(task).__name__
            self._hit(f"before {kind}")
            answer = pickle.dumps(do(self._workshop, task))
            self._hit(f"after {kind}")
            with open(theirs, "wb") as pipe:
                pipe.write(answer)
        finally:
            os._exit(0)


def in_gateway(workshop: Workshop) -> AbstractContextManager[Workers]:
    """Workers that are no processes: their points are the gateway's."""
    return nullcontext(_InGateway(workshop))


def out_of_order(_: Workshop) -> AbstractContextManager[Workers]:
    """Workers that die over every task: each flow is held."""
    return nullcontext(_Broken())


def forked(hit: Callable[[str], None]) -> MakeWorkers:
    """Workers that are forked for each task; `hit` is called at each of their crash points."""
    return lambda workshop: nullcontext(_Forked(workshop, hit))


def do(workshop: Workshop, task: Task) -> Result:
    """Do a task as a worker process does."""
    match task:
        case BuildTask():
            return workshop.build(task)
        case ChunkTask():
            return workshop.judge_chunk(task)
        case _:
            return workshop.open(task)


def _wait(child: int) -> int | None:
    """The status of a process that ended; None where it took too long and was killed."""
    descriptor = os.pidfd_open(child)
    try:
        ready, _, _ = select.select([descriptor], [], [], RUN_SECONDS)
    finally:
        os.close(descriptor)
    if not ready:
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return None
    return os.waitpid(child, 0)[1]


def _say_nothing(event: str, **facts: str) -> None:
    """The log of a trial: nobody reads it."""


def ignore(_: str) -> None:
    """No crash point of this run matters."""
