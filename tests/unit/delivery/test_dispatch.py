"""Who is called when, and what is written of it."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import pytest

from flux.delivery.dispatch import Dispatcher
from flux.delivery.event import DeliveryEvent, DeliveryEventKind
from flux.delivery.settings import DeliverySettings
from flux.errors import (
    DeliveryUnknown,
    DiskFailed,
    FluxError,
    IllegalTransition,
    LedgerError,
    SourceUnreadable,
    TransportError,
    TransportRefused,
    TransportUncertain,
    VaultError,
)
from flux.model.delivery import Delivery
from flux.model.hand_over import HandOver
from flux.model.lifecycle import DeliveryState
from flux.model.ports import Blob, RemoteFile, Transport
from flux.model.settlement import OutputKind
from flux.transport.names import temporary_path

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PATIENCE_SECONDS = 10


@dataclass
class FakeLedger:
    """Deliveries in memory; told apart by the thread that writes them."""

    rows: dict[int, Delivery] = field(default_factory=dict)
    batches: list[int] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)
    readings: int = 0
    parts: dict[int, str] = field(default_factory=dict)
    announced: list[int] = field(default_factory=list)
    fail_announcements: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)
    fail_writes: int = 0
    never: set[int] = field(default_factory=set)  # of which no write is ever taken
    during_write: Callable[[], None] = lambda: None
    failure: FluxError = field(default_factory=lambda: LedgerError("the disk is full"))

    def add(self, partner: str, count: int = 1, *, tries: int = 0) -> None:
        for _ in range(count):
            number = len(self.rows) + 1
            self.rows[number] = Delivery(
                id=number,
                flow_number=number,
                kind=OutputKind.REPORT,
                partner=partner,
                folder="",
                name=f"{partner}-{number}",
                sha256=f"{number}",
                size_bytes=1,
                state=DeliveryState.DUE,
                tries=tries,
                next_at=NOW,
            )

    def due(
        self, gateway: str, now: datetime, limit: int, excluding: frozenset[str], *, horizon: datetime
    ) -> tuple[Delivery, ...]:
        self.threads.add(threading.get_ident())
        self.readings += 1
        rows = [row for row in self.rows.values() if row.state is DeliveryState.DUE]
        due = [row for row in rows if not now < row.next_at <= horizon]
        found = sorted(due, key=lambda row: (row.next_at, row.id))
        return tuple(row for row in found if row.partner not in excluding)[:limit]

    def delivered(self, deliveries: Sequence[Delivery], at: datetime) -> tuple[int, ...]:
        self._begin()
        self._refuse(deliveries)
        self.batches.append(len(deliveries))
        for delivery in deliveries:
            self._change(delivery, state=DeliveryState.DELIVERED)
        return tuple(delivery.flow_number for delivery in deliveries)

    def announce(self, parts: Mapping[Delivery, str]) -> None:
        if self.fail_announcements:
            raise self.failure
        with self.lock:
            self.announced.append(len(parts))
            self.parts |= {delivery.id: part for delivery, part in parts.items()}

    def unheard(self, gateway: str) -> Mapping[int, str]:
        return self.parts

    def postpone(self, delivery: Delivery, next_at: datetime, error: str, part: str | None = None) -> None:
        self._begin()
        self._refuse([delivery])
        self._change(delivery, next_at=next_at, last_error=error)

    def set_back(
        self, troubled: Mapping[Delivery, str], next_at: datetime, withdrawn: frozenset[int] = frozenset()
    ) -> None:
        self._begin()
        self._refuse(troubled)
        for delivery, error in troubled.items():
            self.rows[delivery.id] = replace(delivery, next_at=next_at, last_error=error)

    def abandon(self, delivery: Delivery, error: str, *, uncertain: bool, part: str | None = None) -> None:
        self._begin()
        self._change(delivery, state=DeliveryState.UNCERTAIN if uncertain else DeliveryState.DEAD, last_error=error)

    def states(self) -> list[DeliveryState]:
        return [row.state for row in self.rows.values()]

    def _begin(self) -> None:
        self.threads.add(threading.get_ident())
        self.during_write()
        if self.fail_writes:
            self.fail_writes -= 1
            raise self.failure

    def _refuse(self, deliveries: Iterable[Delivery]) -> None:
        if self.never & {delivery.id for delivery in deliveries}:
            raise self.failure

    def _change(self, delivery: Delivery, **changes: object) -> None:
        self.rows[delivery.id] = replace(delivery, tries=delivery.tries + 1, **changes)  # type: ignore[arg-type]


class FakeVault:
    """Bytes that are never read."""

    def put(self, pieces: object) -> Blob:
        raise AssertionError("nobody asks for this")

    def path(self, sha256: str) -> Path:
        return Path(sha256)


@dataclass
class FakeTransport:
    """A partner that answers as it is told."""

    answer: Callable[[str], None] = lambda _: None
    names: list[str] = field(default_factory=list)
    parts: list[str | None] = field(default_factory=list)  # of earlier attempts, as they were told
    announces: bool = False
    shown: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, source: Path, folder: str, name: str, hand_over: HandOver | None = None) -> None:
        with self.lock:
            self.names.append(name)
            self.parts.append(hand_over.part if hand_over else None)
        if hand_over and self.announces:
            hand_over.announce(f".{name}.part")
        self.answer(name)

    def list(self, folder: str) -> Iterator[RemoteFile]:
        if folder in self.missing:
            raise TransportError(f"there is no {folder}")
        return iter([RemoteFile(name=name, size_bytes=1, modified=0.0) for name in self.shown])

    def fetch(self, folder: str, name: str, target: Path) -> None:
        raise AssertionError("nobody asks for this")

    def remove(self, folder: str, name: str, taken: RemoteFile | None = None) -> None:
        self.shown.remove(name)

    def close(self) -> None:
        raise AssertionError("nobody asks for this")


@dataclass
class Scene:
    """A dispatcher among fakes, whose clock stands still until it is moved."""

    ledger: FakeLedger = field(default_factory=FakeLedger)
    partners: dict[str, FakeTransport] = field(default_factory=dict)
    events: list[DeliveryEvent] = field(default_factory=list)
    now: datetime = NOW
    pass_seconds: float = 0.0  # each time somebody asks
    settings: DeliverySettings = field(
        default_factory=lambda: DeliverySettings(breaker_failures=3, breaker_seconds=60, tries=3)
    )
    vault: FakeVault = field(default_factory=FakeVault)

    def partner(self, name: str, answer: Callable[[str], None] = lambda _: None) -> FakeTransport:
        return self.partners.setdefault(name, FakeTransport(answer))

    def dispatcher(self) -> Dispatcher:
        return Dispatcher(
            ledger=self.ledger,
            vault=self.vault,
            transports=self._transport,
            settings=self.settings,
            clock=self._tell_time,
            gateway="g1",
            report=self.events.append,
        )

    def _tell_time(self) -> datetime:
        self.now += timedelta(seconds=self.pass_seconds)
        return self.now

    def kinds(self) -> list[DeliveryEventKind]:
        return [event.kind for event in self.events]

    def _transport(self, name: str) -> Transport:
        return self.partners[name]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def failing(error: Exception) -> Callable[[str], None]:
    def answer(_: str) -> None:
        raise error

    return answer


def one_at_a_time(scene: Scene) -> None:
    scene.settings = replace(scene.settings, files_at_once=1)


def test_everything_due_is_delivered(scene: Scene) -> None:
    scene.partner("a")
    scene.partner("b")
    scene.ledger.add("a", 20)
    scene.ledger.add("b", 20)
    assert scene.dispatcher().run_once() == 40
    assert set(scene.ledger.states()) == {DeliveryState.DELIVERED}


def test_nothing_due_is_nothing_done(scene: Scene) -> None:
    assert scene.dispatcher().run_once() == 0


def test_a_partner_gets_its_files_oldest_first(scene: Scene) -> None:
    one_at_a_time(scene)
    partner = scene.partner("a")
    scene.ledger.add("a", 5)
    scene.dispatcher().run_once()
    assert partner.names == [f"a-{number}" for number in range(1, 6)]


def test_what_a_process_before_was_about_to_name_is_told_to_the_transport_and_left_alone(scene: Scene) -> None:
    part = temporary_path("a-1")
    partner = scene.partner("a")
    partner.shown = {part, temporary_path("a-1")}
    scene.ledger.add("a", 2)
    scene.ledger.parts[1] = part
    scene.dispatcher().run_once()
    assert sorted(zip(partner.names, partner.parts, strict=True)) == [("a-1", part), ("a-2", None)]
    assert partner.shown == {part}


def test_the_ledger_knows_of_each_file_before_it_gets_its_name_and_of_several_at_once(scene: Scene) -> None:
    partner = scene.partner("a", lambda name: None if scene.ledger.parts[int(name[2:])] else failing(ValueError())(""))
    partner.announces = True
    scene.ledger.add("a", 50)
    assert scene.dispatcher().run_once() == 50
    assert sum(scene.ledger.announced) == 50


def test_a_file_whose_fate_nobody_knows_is_looked_for_at_the_next_try(scene: Scene) -> None:
    partner = scene.partner("a", failing(TransportError("cut")))
    partner.announces = True
    scene.ledger.add("a")
    dispatcher = scene.dispatcher()
    dispatcher.run_once()
    partner.answer = lambda _: None
    scene.now = scene.ledger.rows[1].next_at
    assert dispatcher.run_once() == 1
    assert partner.parts == [None, ".a-1.part"]


def test_a_ledger_that_cannot_be_told_of_a_file_costs_it_no_try(scene: Scene) -> None:
    scene.partner("a").announces = True
    scene.ledger.add("a", tries=2)
    scene.ledger.fail_announcements = True
    dispatcher = scene.dispatcher()
    dispatcher.run_once()
    assert (scene.ledger.rows[1].state, scene.ledger.rows[1].tries) == (DeliveryState.DUE, 2)
    scene.ledger.fail_announcements = False
    scene.now += timedelta(seconds=1)
    assert dispatcher.run_once() == 1


def test_what_a_dead_process_left_half_uploaded_is_removed_and_nothing_else(scene: Scene) -> None:
    left, of_others = temporary_path("a-1"), temporary_path("b-1")
    partner = scene.partner("a")
    partner.shown = {left, of_others, "a-1", ".a-1.part"}
    scene.ledger.add("a", 1)
    scene.dispatcher().run_once()
    assert partner.shown == {of_others, "a-1", ".a-1.part"}


def test_a_folder_that_is_not_there_yet_hides_what_was_left_in_another(scene: Scene) -> None:
    partner = scene.partner("a")
    partner.shown, partner.missing = {temporary_path("a-2")}, {"reports"}
    scene.ledger.add("a", 2)
    scene.ledger.rows[1] = replace(scene.ledger.rows[1], folder="reports")
    scene.dispatcher().run_once()
    assert partner.shown == set()


def test_a_partner_whose_folder_was_cleared_is_not_listed_again(scene: Scene) -> None:
    partner, dispatcher = scene.partner("a"), scene.dispatcher()
    for _ in range(2):
        partner.shown = {temporary_path("a-1")}
        scene.ledger.add("a", 1)
        dispatcher.run_once()
    assert len(partner.shown) == 1


def test_a_partner_gets_several_files_at_the_same_time(scene: Scene) -> None:
    together = threading.Barrier(4, timeout=PATIENCE_SECONDS)
    scene.settings = replace(scene.settings, files_at_once=4)

    def meet(_: str) -> None:
        together.wait()

    scene.partner("a", meet)
    scene.ledger.add("a", 4)
    assert scene.dispatcher().run_once() == 4


def test_deliveries_are_written_together_by_one_thread(scene: Scene) -> None:
    scene.partner("a")
    scene.ledger.add("a", 500)
    scene.dispatcher().run_once()
    assert sum(scene.ledger.batches) == 500
    assert len(scene.ledger.batches) < 500
    assert scene.ledger.threads == {threading.get_ident()}


def test_a_flow_of_which_all_is_delivered_is_told(scene: Scene) -> None:
    scene.partner("a")
    scene.ledger.add("a")
    scene.dispatcher().run_once()
    assert scene.kinds() == [DeliveryEventKind.DELIVERED, DeliveryEventKind.FLOW_CLOSED]


@pytest.mark.parametrize(
    ("error", "tries", "state", "event"),
    [
        (TransportError("away"), 0, DeliveryState.DUE, DeliveryEventKind.POSTPONED),
        (TransportError("away"), 2, DeliveryState.DEAD, DeliveryEventKind.DEAD),  # the third of three tries
        (TransportRefused("wrong key"), 0, DeliveryState.DEAD, DeliveryEventKind.DEAD),
        (TransportUncertain("cut"), 0, DeliveryState.UNCERTAIN, DeliveryEventKind.UNCERTAIN),
    ],
)
def test_a_failure_is_written_and_told_with_its_reason(
    scene: Scene, error: Exception, tries: int, state: DeliveryState, event: DeliveryEventKind
) -> None:
    scene.partner("a", failing(error))
    scene.ledger.add("a", tries=tries)
    assert scene.dispatcher().run_once() == 0
    assert (scene.ledger.rows[1].state, scene.ledger.rows[1].last_error) == (state, str(error))
    assert [(told.kind, told.error) for told in scene.events] == [(event, str(error))]


def test_a_file_that_failed_is_tried_again_when_its_time_comes_and_not_before(scene: Scene) -> None:
    partner = scene.partner("a", failing(TransportError("away")))
    scene.ledger.add("a")
    dispatcher = scene.dispatcher()
    dispatcher.run_once()
    dispatcher.run_once()
    assert len(partner.names) == 1
    partner.answer = lambda _: None
    scene.now = scene.ledger.rows[1].next_at
    assert dispatcher.run_once() == 1


def test_a_file_put_off_while_the_clock_ran_ahead_is_tried_once_the_clock_is_back(scene: Scene) -> None:
    partner = scene.partner("a", failing(TransportError("away")))
    scene.ledger.add("a")
    dispatcher = scene.dispatcher()
    scene.now += timedelta(days=3650)
    dispatcher.run_once()
    partner.answer = lambda _: None
    scene.now = NOW
    assert dispatcher.run_once() == 1


OUR_TROUBLE = [DiskFailed("disk full"), SourceUnreadable("input/output error"), VaultError("bytes away")]


@pytest.mark.parametrize("error", OUR_TROUBLE)
def test_trouble_of_a_disk_of_ours_costs_no_try_and_is_tried_again_in_a_second(scene: Scene, error: Exception) -> None:
    partner = scene.partner("a", failing(error))
    scene.ledger.add("a", tries=2)  # of three
    dispatcher = scene.dispatcher()
    dispatcher.run_once()
    assert (scene.ledger.rows[1].tries, scene.ledger.rows[1].last_error) == (2, str(error))
    partner.answer = lambda _: None
    scene.now += timedelta(seconds=1)
    assert dispatcher.run_once() == 1


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OUR_TROUBLE[0], [DeliveryEventKind.DISK_FAILED]),
        (OUR_TROUBLE[1], [DeliveryEventKind.SOURCE_UNREADABLE]),
        (OUR_TROUBLE[2], [DeliveryEventKind.SOURCE_UNREADABLE]),
    ],
)
def test_trouble_of_a_disk_of_ours_is_told_once_however_long_it_lasts(
    scene: Scene, error: Exception, told: list[DeliveryEventKind]
) -> None:
    scene.partner("a", failing(error))
    scene.ledger.add("a")
    dispatcher = scene.dispatcher()
    for _ in range(5):
        dispatcher.run_once()
        scene.now += timedelta(seconds=1)
    assert scene.kinds() == told


def test_a_disk_of_ours_under_a_partners_folder_is_tried_with_one_file_until_it_is_well(scene: Scene) -> None:
    one_at_a_time(scene)
    partner = scene.partner("a", failing(DiskFailed("disk full")))
    scene.ledger.add("a", 10)
    dispatcher = scene.dispatcher()
    for _ in range(3):
        dispatcher.run_once()
        scene.now += timedelta(seconds=1)
    assert len(partner.names) == 3
    partner.answer = lambda _: None
    assert dispatcher.run_once() == 10
    assert DeliveryEventKind.DISK_WELL in scene.kinds()
    assert DeliveryEventKind.BREAKER_OPENED not in scene.kinds()


@pytest.mark.parametrize("error", [DiskFailed("no room for so large a file"), SourceUnreadable("bad sector")])
def test_one_file_that_a_disk_of_ours_will_not_have_holds_up_no_other(scene: Scene, error: Exception) -> None:
    one_at_a_time(scene)

    def refuse_first(name: str) -> None:
        if name == "a-1":
            raise error

    scene.partner("a", refuse_first)
    scene.ledger.add("a", 10)
    dispatcher = scene.dispatcher()
    dispatcher.run_once()
    scene.now += timedelta(seconds=1)
    dispatcher.run_once()
    scene.now += timedelta(seconds=1)
    dispatcher.run_once()
    assert scene.ledger.states().count(DeliveryState.DELIVERED) == 9


@pytest.mark.parametrize("error", [ValueError("a bug"), FileNotFoundError("a bug too")])
def test_a_crash_of_ours_is_told_and_costs_that_file_only(scene: Scene, error: Exception) -> None:
    def crash_on_second(name: str) -> None:
        if name == "a-2":
            raise error

    scene.partner("a", crash_on_second)
    scene.ledger.add("a", 4)
    assert scene.dispatcher().run_once() == 3
    assert scene.ledger.rows[2].next_at > NOW
    told = [event for event in scene.events if event.kind is DeliveryEventKind.CRASHED]
    assert [event.error for event in told] == [f"{type(error).__name__}: {error}"]


def test_a_partner_that_cannot_even_be_opened_costs_no_other(scene: Scene) -> None:
    scene.partner("a")
    scene.ledger.add("unknown", 2)
    scene.ledger.add("a")
    assert scene.dispatcher().run_once() == 1
    assert scene.kinds().count(DeliveryEventKind.CRASHED) == 2


def test_a_lane_that_dies_is_told_for_each_of_its_files(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flux.delivery.lane.Lane.run", lambda _: failing(ValueError("a bug"))(""))
    scene.ledger.add("a", 2)
    assert scene.dispatcher().run_once() == 0
    assert scene.kinds() == [DeliveryEventKind.CRASHED, DeliveryEventKind.POSTPONED] * 2


def test_a_partner_that_hangs_holds_up_nobody(scene: Scene) -> None:
    others_are_done = threading.Event()

    def hang(_: str) -> None:
        assert others_are_done.wait(PATIENCE_SECONDS)

    def count(_: str) -> None:
        # More than one reading of the ledger: the hanging lane must not hold up the next either.
        if len(scene.partners["b"].names) == 2_500:
            others_are_done.set()

    scene.partner("a", hang)
    scene.partner("b", count)
    scene.ledger.add("a")
    scene.ledger.add("b", 2_500)
    assert scene.dispatcher().run_once() == 2_501


def test_a_partner_that_fails_again_and_again_is_left_alone(scene: Scene) -> None:
    one_at_a_time(scene)
    partner = scene.partner("a", failing(TransportError("away")))
    scene.ledger.add("a", 10)
    scene.dispatcher().run_once()
    assert len(partner.names) == 3
    assert scene.kinds().count(DeliveryEventKind.BREAKER_OPENED) == 1


def test_files_that_were_not_tried_lose_no_try(scene: Scene) -> None:
    one_at_a_time(scene)
    scene.partner("a", failing(TransportError("away")))
    scene.ledger.add("a", 10)
    scene.dispatcher().run_once()
    assert [row.tries for row in scene.ledger.rows.values()] == [1] * 3 + [0] * 7


def test_a_partner_left_alone_costs_nothing_while_it_rests(scene: Scene) -> None:
    one_at_a_time(scene)
    partner = scene.partner("a", failing(TransportError("away")))
    scene.ledger.add("a", 10)
    dispatcher = scene.dispatcher()
    scene.pass_seconds = 0.1
    dispatcher.run_once()
    assert (len(partner.names), scene.ledger.readings) == (3, 2)


def test_a_partner_left_alone_is_not_called_before_its_time(scene: Scene) -> None:
    one_at_a_time(scene)
    partner = scene.partner("a", failing(TransportError("away")))
    scene.ledger.add("a", 10)
    dispatcher = scene.dispatcher()
    dispatcher.run_once()
    scene.now += timedelta(seconds=59)
    dispatcher.run_once()
    assert len(partner.names) == 3


def test_after_the_rest_one_file_is_tried_and_a_failure_ends_it(scene: Scene) -> None:
    partner = scene.partner("a", failing(TransportError("away")))
    one_at_a_time(scene)
    scene.ledger.add("a", 10)
    dispatcher = scene.dispatcher()
    dispatcher.run_once()
    scene.now += timedelta(seconds=60)
    dispatcher.run_once()
    assert len(partner.names) == 4


def test_after_the_rest_one_success_lets_all_the_others_go(scene: Scene) -> None:
    partner = scene.partner("a", failing(TransportError("away")))
    one_at_a_time(scene)
    scene.ledger.add("a", 10)
    dispatcher = scene.dispatcher()
    dispatcher.run_once()
    partner.answer = lambda _: None
    scene.now += timedelta(seconds=60)
    assert dispatcher.run_once() == 10
    assert scene.kinds().count(DeliveryEventKind.BREAKER_CLOSED) == 1


def test_a_doubt_about_a_file_says_nothing_of_the_partner(scene: Scene) -> None:
    one_at_a_time(scene)
    partner = scene.partner("a", failing(TransportUncertain("cut")))
    scene.ledger.add("a", 10)
    scene.dispatcher().run_once()
    assert len(partner.names) == 10


def wait_until_all_delivered(scene: Scene) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    pause = threading.Event()
    while set(scene.ledger.states()) != {DeliveryState.DELIVERED}:
        assert time.monotonic() < until, "not everything was delivered"
        pause.wait(0.01)


class Service:
    """A dispatcher that serves in a thread until the test is over."""

    def __init__(self, scene: Scene) -> None:
        self.stop = threading.Event()
        self.wake = threading.Event()
        self.thread = threading.Thread(target=scene.dispatcher().serve, args=(self.stop, self.wake))

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.wake.set()
        self.thread.join(PATIENCE_SECONDS)
        assert not self.thread.is_alive()


def test_a_service_delivers_what_becomes_due_when_it_is_woken(scene: Scene) -> None:
    arrived = threading.Event()
    scene.partner("a", lambda _: arrived.set())
    with Service(scene) as service:
        scene.ledger.add("a")
        service.wake.set()
        assert arrived.wait(PATIENCE_SECONDS)
    assert scene.ledger.states() == [DeliveryState.DELIVERED]


def test_a_service_finds_by_itself_what_nobody_told_it_of(scene: Scene) -> None:
    arrived = threading.Event()
    scene.partner("a", lambda _: arrived.set())
    with Service(scene):
        scene.ledger.add("a")
        assert arrived.wait(PATIENCE_SECONDS)


def test_a_service_that_stops_writes_what_was_under_way_and_begins_nothing_more(scene: Scene) -> None:
    one_at_a_time(scene)
    begun, finish = threading.Event(), threading.Event()

    def slow(_: str) -> None:
        begun.set()
        assert finish.wait(PATIENCE_SECONDS)

    partner = scene.partner("a", slow)
    scene.ledger.add("a", 5)
    with Service(scene) as service:
        assert begun.wait(PATIENCE_SECONDS)
        service.stop.set()
        finish.set()
    assert partner.names == ["a-1"]
    assert scene.ledger.states() == [DeliveryState.DELIVERED] + [DeliveryState.DUE] * 4


def test_a_ledger_that_fails_for_a_moment_loses_nothing(scene: Scene) -> None:
    closed = threading.Event()
    scene.ledger.fail_writes = 1
    scene.partner("a")
    scene.ledger.add("a")
    scene.events = _Watched({DeliveryEventKind.FLOW_CLOSED: closed})
    with Service(scene):
        assert closed.wait(PATIENCE_SECONDS)
    assert DeliveryEventKind.LEDGER_FAILED in scene.kinds()
    assert scene.ledger.states() == [DeliveryState.DELIVERED]


@pytest.mark.parametrize(
    ("answer", "state", "tries"),
    [
        (lambda _: None, DeliveryState.DELIVERED, 1),
        (failing(TransportUncertain("cut")), DeliveryState.UNCERTAIN, 1),
        (failing(TransportRefused("wrong key")), DeliveryState.DEAD, 1),
        (failing(TransportError("away")), DeliveryState.DUE, 1),
        (failing(DiskFailed("full")), DeliveryState.DUE, 0),
    ],
)
def test_what_the_ledger_refused_to_hear_is_told_again_and_nothing_is_sent_again(
    scene: Scene, answer: Callable[[str], None], state: DeliveryState, tries: int
) -> None:
    partner = scene.partner("a", answer)
    scene.ledger.add("a")
    scene.ledger.fail_writes = 3
    dispatcher = scene.dispatcher()
    with pytest.raises(LedgerError):
        dispatcher.run_once()
    with pytest.raises(LedgerError):
        dispatcher.run_once()
    dispatcher.run_once()
    assert (partner.names, scene.ledger.rows[1].state, scene.ledger.rows[1].tries) == (["a-1"], state, tries)


def test_while_the_ledger_refuses_to_hear_nothing_more_is_sent(scene: Scene) -> None:
    one_at_a_time(scene)
    refused, back = threading.Event(), threading.Event()

    def wait_after_first(name: str) -> None:
        if name == "a-2":
            assert refused.wait(PATIENCE_SECONDS)

    partner = scene.partner("a", wait_after_first)
    scene.partner("b")
    scene.ledger.add("a", 5)
    scene.ledger.fail_writes = 2
    scene.events = _Watched({DeliveryEventKind.LEDGER_FAILED: refused, DeliveryEventKind.LEDGER_BACK: back})
    with Service(scene) as service:
        assert refused.wait(PATIENCE_SECONDS)
        scene.ledger.add("b")
        service.wake.set()
        assert back.wait(PATIENCE_SECONDS)
        wait_until_all_delivered(scene)
    assert partner.names == [f"a-{number}" for number in range(1, 6)]
    assert [kind for kind in scene.kinds() if "ledger" in kind.value] == [
        DeliveryEventKind.LEDGER_FAILED,
        DeliveryEventKind.LEDGER_BACK,
    ]


def test_a_ledger_that_is_slow_to_hear_stops_no_lane(scene: Scene) -> None:
    one_at_a_time(scene)
    writing, more_is_sent = threading.Event(), threading.Event()

    def send(name: str) -> None:
        if name == "a-2":
            assert writing.wait(PATIENCE_SECONDS)
        if name == "a-3":
            more_is_sent.set()

    def hear() -> None:
        writing.set()
        assert more_is_sent.wait(PATIENCE_SECONDS)

    scene.partner("a", send)
    scene.ledger.add("a", 5)
    scene.ledger.during_write = hear
    assert scene.dispatcher().run_once() == 5


@pytest.mark.parametrize("error", [IllegalTransition("dead"), DeliveryUnknown("there are no deliveries [1]")])
def test_what_the_ledger_can_never_hear_holds_up_nothing(scene: Scene, error: FluxError) -> None:
    scene.partner("a")
    scene.ledger.add("a")
    scene.ledger.fail_writes, scene.ledger.failure = 1, error
    dispatcher = scene.dispatcher()
    with pytest.raises(type(error)):
        dispatcher.run_once()
    assert dispatcher.run_once() == 1


@pytest.mark.parametrize("answer", [None, TransportError("away"), SourceUnreadable("EIO")])
@pytest.mark.parametrize("error", [IllegalTransition("dead"), DeliveryUnknown("there are no deliveries [2]")])
def test_one_file_of_which_the_ledger_can_never_hear_costs_no_other_its_outcome(
    scene: Scene, error: FluxError, answer: Exception | None
) -> None:
    scene.partner("a", failing(answer) if answer else lambda _: None)
    scene.ledger.add("a", 3)
    scene.ledger.never, scene.ledger.failure = {2}, error
    with pytest.raises(type(error)):
        scene.dispatcher().run_once()
    untouched = [row.id for row in scene.ledger.rows.values() if (row.state, row.next_at) == (DeliveryState.DUE, NOW)]
    assert untouched == [2]


class _Watched(list[DeliveryEvent]):
    """A list that tells when events of some kinds came."""

    def __init__(self, came: Mapping[DeliveryEventKind, threading.Event]) -> None:
        super().__init__()
        self._came = came

    def append(self, event: DeliveryEvent) -> None:
        super().append(event)
        if event.kind in self._came:
            self._came[event.kind].set()
