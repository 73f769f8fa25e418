"""From the ledger's rows to the partners' folders: who is called when.

One thread reads and writes the ledger; each partner has a lane of its own in a pool of threads, so that one that hangs
holds up nobody. Attempts come back through a queue and are written together; until they are, nothing more is sent.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from queue import SimpleQueue
from threading import Event

from flux.delivery.announcer import Announcer
from flux.delivery.book import DeliveryBook
from flux.delivery.breaker import Breaker, BreakerState
from flux.delivery.event import DeliveryEvent, DeliveryEventKind
from flux.delivery.lane import Attempt, Lane
from flux.delivery.retry import ErrorKind
from flux.delivery.settings import DeliverySettings
from flux.errors import FluxError
from flux.model.delivery import Delivery
from flux.model.ports import DeliveryLedger, Transport, Vault
from flux.model.repeats import Repeats

# Rows read at a time: enough to keep every lane busy, little to hold in memory.
_ROWS_AT_ONCE = 1_000
# Other processes make files due without waking us: one indexed query this often finds them.
_SWEEP_SECONDS = 1.0
# The files of a flow arrive one after the other: those of this time are written down in one transaction.
_SETTLE_SECONDS = 0.05


@dataclass(slots=True, kw_only=True)
class _Running:
    """A lane under way, what it began with, and the deliveries of which it has told nothing yet."""

    partner: str
    lane: Lane
    breaker: Breaker
    work: Future[None]
    awaited: dict[int, Delivery]


class Dispatcher:
    """Delivers what is due. For one thread; `transports` and `vault` are called from several."""

    def __init__(
        self,
        *,
        ledger: DeliveryLedger,
        vault: Vault,
        transports: Callable[[str], Transport],
        settings: DeliverySettings,
        clock: Callable[[], datetime],
        gateway: str,
        report: Callable[[DeliveryEvent], None],
    ) -> None:
        self._ledger = ledger
        self._vault = vault
        self._transports = transports
        self._settings = settings
        self._clock = clock
        self._gateway = gateway
        self._report = report
        self._book = DeliveryBook(ledger, settings, clock, report)
        self._ledger_trouble = Repeats()
        self._parts: dict[int, str] = {}  # parts of which nobody knows whether they got their final name
        self._is_informed = False
        self._announcer = Announcer(ledger, self._parts)
        self._breakers: dict[str, Breaker] = {}
        self._running: dict[str, _Running] = {}
        self._cleared: dict[str, set[str]] = {}  # folders of partners, see `Lane`
        self._attempts: SimpleQueue[Attempt] = SimpleQueue()

    def run_once(self) -> int:
        """Try everything that is due now; the number of files delivered. Raises LedgerError."""
        until, wake = self._clock(), Event()
        try:
            with self._pool() as pool:
                delivered = self._collect()
                self._start_lanes(pool, until, Event(), wake)
                while self._running:
                    wake.wait()
                    wake.clear()
                    delivered += self._collect()
                    self._start_lanes(pool, until, Event(), wake)
        except FluxError:
            self._collect()  # lanes that were under way have ended since: who was handed a file must not get it twice
            raise
        finally:
            self._running.clear()
        return delivered

    def serve(self, stop: Event, wake: Event) -> None:
        """Deliver until `stop` is set; `wake` tells that something may be due. Files under way are finished first."""
        with self._pool() as pool:
            while not stop.is_set():
                is_well = self._tolerate(partial(self._start_lanes, pool, self._clock(), stop, wake), stop)
                if wake.wait(_SWEEP_SECONDS):
                    stop.wait(_SETTLE_SECONDS)
                wake.clear()
                is_well &= self._tolerate(self._collect, stop)
                if is_well and self._ledger_trouble.end():
                    self._report(DeliveryEvent(kind=DeliveryEventKind.LEDGER_BACK))
        self._tolerate(self._collect, stop)

    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._settings.partners_at_once, thread_name_prefix="lane")

    def _tolerate(self, call: Callable[[], object], stop: Event) -> bool:
        """A ledger that is away for a moment costs a turn, not the service; false where it was."""
        try:
            call()
        except FluxError as error:
            self._tell_ledger_trouble(str(error))
            stop.wait(_SWEEP_SECONDS)
            return False
        return True

    def _tell_ledger_trouble(self, error: str) -> None:
        times = self._ledger_trouble.meet(time.monotonic())
        if times is not None:
            words = error if times == 1 else f"{error} ({times} times)"
            self._report(DeliveryEvent(kind=DeliveryEventKind.LEDGER_FAILED, error=words))

    def _start_lanes(self, pool: ThreadPoolExecutor, until: datetime, stop: Event, wake: Event) -> None:
        """Give each partner to whom something is due a lane, less those that have one or are left alone."""
        if self._book.is_behind:
            return
        if not self._is_informed:  # of what a process before this one was about to do
            self._parts.update(self._ledger.unheard(self._gateway))
            self._is_informed = True
        now = self._clock()
        resting = {name for name, breaker in self._breakers.items() if breaker.state(now) is BreakerState.OPEN}
        excluding = frozenset(resting | self._running.keys())
        horizon = now + timedelta(seconds=self._settings.longest_retry_seconds)
        due = self._ledger.due(self._gateway, until, _ROWS_AT_ONCE, excluding, horizon=horizon)
        for partner, deliveries in _by_partner(due).items():
            self._running[partner] = self._start_lane(pool, partner, deliveries, stop, wake)

    def _start_lane(
        self, pool: ThreadPoolExecutor, partner: str, deliveries: Sequence[Delivery], stop: Event, wake: Event
    ) -> _Running:
        def tell(attempt: Attempt) -> None:
            self._attempts.put(attempt)
            wake.set()

        breaker = self._breakers.get(partner, Breaker())
        lane = Lane(
            deliveries=deliveries,
            breaker=breaker,
            transport=partial(self._transports, partner),
            vault=self._vault,
            settings=self._settings,
            clock=self._clock,
            tell=tell,
            is_stopped=lambda: stop.is_set() or self._book.is_behind,
            cleared=self._cleared.setdefault(partner, set()),
            parts=self._parts,
            announce=self._announcer.announce,
        )
        work = pool.submit(lane.run)
        work.add_done_callback(lambda _: wake.set())
        awaited = {delivery.id: delivery for delivery in deliveries}
        return _Running(partner=partner, lane=lane, breaker=breaker, work=work, awaited=awaited)

    def _collect(self) -> int:
        """Write what was heard of the lanes, and let those go that have ended; the number of files delivered."""
        # Asked before the queue is emptied: all that an ended lane told is in it.
        ended = [running for running in self._running.values() if running.work.done()]
        attempts = self._heard()
        for running in ended:
            del self._running[running.partner]
            attempts += self._close_lane(running)
        return self._book.write(attempts)

    def _heard(self) -> list[Attempt]:
        attempts = [self._attempts.get() for _ in range(self._attempts.qsize())]
        for attempt in attempts:
            self._running[attempt.delivery.partner].awaited.pop(attempt.delivery.id)
            if attempt.part is None:
                self._parts.pop(attempt.delivery.id, None)
        return attempts

    def _close_lane(self, running: _Running) -> list[Attempt]:
        """Keep the breaker for the next lane; what a lane that crashed left untold counts as crashed with it."""
        self._breakers[running.partner] = running.lane.breaker
        self._tell_breaker(running)
        crash = running.work.exception()
        if crash is None:
            return []
        error = f"{type(crash).__name__}: {crash}"
        return [
            Attempt(delivery=one, failure=ErrorKind.CRASH, error=error, part=self._parts.get(one.id))
            for one in running.awaited.values()
        ]

    def _tell_breaker(self, running: _Running) -> None:
        was, now = running.breaker, running.lane.breaker
        if was.is_blaming is not now.is_blaming:
            kind = DeliveryEventKind.BREAKER_OPENED if now.is_blaming else DeliveryEventKind.BREAKER_CLOSED
            self._report(DeliveryEvent(kind=kind, partner=running.partner, next_at=now.open_until))
        if bool(was.disk_trouble) is not bool(now.disk_trouble):
            kind = DeliveryEventKind.DISK_FAILED if now.disk_trouble else DeliveryEventKind.DISK_WELL
            self._report(DeliveryEvent(kind=kind, partner=running.partner, error=now.disk_trouble or None))


def _by_partner(deliveries: Iterable[Delivery]) -> dict[str, list[Delivery]]:
    """The deliveries of each partner, in their order."""
    lanes: dict[str, list[Delivery]] = {}
    for delivery in deliveries:
        lanes.setdefault(delivery.partner, []).append(delivery)
    return lanes
