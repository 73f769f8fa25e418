"""`flux run`: intake, engine and delivery on one ledger, until stopped or, once, until nothing is left to do."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event, Lock

from flux.app.closing import describe_flow
from flux.app.installation import make_folders
from flux.app.lock_keeping import keep_lock
from flux.app.register import account_key, prepare_register
from flux.app.sealing import DailySealer
from flux.app.threads import Crew
from flux.app.workshop import WorkshopFactory
from flux.config import Settings
from flux.delivery.dispatch import Dispatcher
from flux.delivery.event import DeliveryEvent, DeliveryEventKind
from flux.engine.collector import spare_collector
from flux.engine.gateway import Engine, Workers
from flux.engine.pool import ProcessWorkers, WorkerBounds
from flux.intake.pull import Puller, PullSource
from flux.intake.service import Intake
from flux.intake.watch import Wake, watch_inbox
from flux.ledger.database import Database, open_database
from flux.ledger.delivery import SqlDeliveryLedger
from flux.ledger.intake import SqlIntakeLedger
from flux.ledger.lock import GatewayLock
from flux.ledger.migrate import upgrade
from flux.ledger.queries import LedgerQueries
from flux.ledger.vault import FolderVault
from flux.ledger.work import SqlWorkLedger
from flux.model.ports import Report, Transport
from flux.transport.connect import open_transport
from flux.transport.settings import TransportSettings


def tell_time() -> datetime:
    """The present moment; the only clock of the gateway."""
    return datetime.now(UTC)


class Transports:
    """One kept connection for each end of each partner, opened when first asked for."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._open: dict[TransportSettings, Transport] = {}

    def to(self, partner: str) -> Transport:
        """The way to a partner's delivery end."""
        return self.over(self._settings.delivery_end(partner))

    def over(self, end: TransportSettings) -> Transport:
        """The way to an end; one connection serves both ends of a partner where they are the same."""
        with self._lock:
            if end not in self._open:
                self._open[end] = open_transport(end)
            return self._open[end]

    def close(self) -> None:
        """Let every connection go."""
        for transport in self._open.values():
            transport.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayRun:
    """A gateway that holds its ledger and has its workers: the parts that `serve` and `run_once` set to work."""

    settings: Settings
    intake: Intake
    pullers: tuple[Puller, ...]
    engine: Engine
    dispatcher: Dispatcher
    sealer: DailySealer
    lock: GatewayLock
    wake_intake: Wake
    wake_dispatcher: Event
    report: Report

    def serve(self, stop: Event) -> None:
        """Work until `stop` is set. What a crash left is taken up first."""
        self._take_up()
        with watch_inbox(self.settings.gateway.inbox, self.wake_intake, self.report), Crew(stop) as crew:
            crew.start("intake", partial(self.intake.serve, stop, self.wake_intake), self.wake_intake.set)
            for puller in self.pullers:
                crew.start(f"pull {puller.partner}", partial(puller.serve, stop))
            crew.start("delivery", partial(self.dispatcher.serve, stop, self.wake_dispatcher), self.wake_dispatcher.set)
            crew.start("seals", partial(self.sealer.serve, stop))
            crew.start("lock", partial(keep_lock, self.lock, stop, self.report))
            self.report("gateway_started", gateway=self.settings.gateway.name)
            self.engine.serve(stop, self.settings.gateway.stop_seconds)
        self.report("gateway_stopped", gateway=self.settings.gateway.name)

    def run_once(self) -> None:
        """Take in all that is there, treat it, and try every delivery that is due once."""
        self._take_up()
        never = Event()
        for puller in self.pullers:
            puller.pull(never)
        self.intake.run_once()
        self.engine.run_until_idle()
        while self.dispatcher.run_once():
            continue
        self.sealer.seal_if_due()

    def _take_up(self) -> None:
        """Claims of before a crash become flows first, so that the engine finds every one of them in the ledger."""
        self.intake.reception.receive(())
        self.engine.resume()


def start_workers(settings: Settings, report: Report) -> ProcessWorkers:
    """The worker processes of a gateway, to be entered."""
    gateway = settings.gateway
    bounds = WorkerBounds(task_seconds=gateway.task_seconds, memory_bytes=gateway.worker_memory_mb * 2**20)
    return ProcessWorkers(
        gateway.workers or os.cpu_count() or 1, WorkshopFactory(settings.without_secrets()), report, bounds
    )


@contextmanager
def open_gateway(
    settings: Settings,
    report: Report,
    make_workers: Callable[[Settings], AbstractContextManager[Workers]] | None = None,
) -> Iterator[GatewayRun]:
    """A gateway on its ledger. Raises LedgerLocked where another one holds it."""
    make_folders(settings)
    with ExitStack() as stack:
        database = open_database(settings.ledger.url)
        stack.callback(database.close)
        lock = stack.enter_context(GatewayLock(database, settings.gateway.name))
        upgrade(database)
        prepare_register(settings)
        account_key(settings)  # made, or refused, before there are workers
        _empty(settings.vault.spool)
        workers = stack.enter_context((make_workers or partial(start_workers, report=report))(settings))
        transports = Transports(settings)
        stack.callback(transports.close)
        assembly = _Assembly(
            settings=settings,
            database=database,
            vault=FolderVault(settings.vault.path),
            workers=workers,
            transports=transports,
            report=report,
            wake_dispatcher=Event(),
        )
        gateway = _assemble(assembly, lock)
        spare_collector()
        yield gateway


def _empty(spool: Path) -> None:
    """Remove what a former run unpacked: it is made again from the vault where it is needed."""
    for left in spool.iterdir():
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        else:
            left.unlink()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Assembly:
    """What the parts of a gateway are made of, and share."""

    settings: Settings
    database: Database
    vault: FolderVault
    workers: Workers
    transports: Transports
    report: Report
    wake_dispatcher: Event

    def make_engine(self) -> Engine:
        """Judges, settles and answers; the dispatcher is woken when something is due."""
        gateway = self.settings.gateway
        return Engine(
            name=gateway.name,
            gateway=gateway.identity,
            partners=self.settings.known_partners,
            ledger=SqlWorkLedger(self.database, application_code=gateway.application_code),
            vault=self.vault,
            workers=self.workers,
            clock=tell_time,
            report=self.report,
            on_due=self.wake_dispatcher.set,
            severities=dict(self.settings.severity),
        )

    def make_intake(self, ledger: SqlIntakeLedger, engine: Engine) -> Intake:
        """Takes in what is dropped, for the engine."""
        return Intake(
            inbox=self.settings.gateway.inbox,
            gateway=self.settings.gateway.name,
            partners=self.settings.known_partners,
            ledger=ledger,
            vault=self.vault,
            settings=self.settings.intake,
            clock=tell_time,
            on_received=engine.accept,
            report=self.report,
        )

    def make_dispatcher(self) -> Dispatcher:
        """Hands over what is due."""
        return Dispatcher(
            ledger=SqlDeliveryLedger(self.database),
            vault=self.vault,
            transports=self.transports.to,
            settings=self.settings.delivery,
            clock=tell_time,
            gateway=self.settings.gateway.name,
            report=partial(_tell_delivery, self.report, LedgerQueries(self.database)),
        )


def _assemble(assembly: _Assembly, lock: GatewayLock) -> GatewayRun:
    settings, report = assembly.settings, assembly.report
    intake_ledger = SqlIntakeLedger(assembly.database)
    engine = assembly.make_engine()
    intake = assembly.make_intake(intake_ledger, engine)
    return GatewayRun(
        settings=settings,
        intake=intake,
        pullers=tuple(_pullers(settings, assembly.transports, intake, intake_ledger, report)),
        engine=engine,
        dispatcher=assembly.make_dispatcher(),
        sealer=DailySealer(assembly.database, tell_time, report),
        lock=lock,
        wake_intake=Wake(),
        wake_dispatcher=assembly.wake_dispatcher,
        report=report,
    )


def _pullers(
    settings: Settings, transports: Transports, intake: Intake, ledger: SqlIntakeLedger, report: Report
) -> Iterator[Puller]:
    for name, table in settings.partners.items():
        if table.pickup is None:
            continue
        source = PullSource(
            partner=name,
            transport=transports.over(table.pickup),
            after_fetch=table.pickup.after_fetch,
            poll_seconds=table.pickup.poll_seconds,
        )
        yield Puller(
            source=source,
            inbox=settings.gateway.inbox,
            gateway=settings.gateway.name,
            ledger=ledger,
            reception=intake.reception,
            settings=settings.intake,
            report=report,
        )


def _tell_delivery(report: Report, queries: LedgerQueries, event: DeliveryEvent) -> None:
    """One canonical line for each flow that is closed, and one for each thing that went wrong on the way."""
    if event.kind is DeliveryEventKind.FLOW_CLOSED and event.flow_number is not None:
        report("flow_closed", **describe_flow(queries.total_flow(event.flow_number)))
        return
    if event.kind is DeliveryEventKind.DELIVERED:
        return
    facts = {
        "partner": event.partner,
        "name": event.delivery.name if event.delivery else None,
        "error": event.error,
        "next_at": event.next_at.isoformat() if event.next_at else None,
    }
    report(f"delivery_{event.kind.value}", **{key: value for key, value in facts.items() if value is not None})
