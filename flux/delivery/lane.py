"""One partner's files on their way: several at once, until all were tried or the breaker opens."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from flux.delivery.announcer import AnnouncedHandOver
from flux.delivery.breaker import Breaker, BreakerState
from flux.delivery.leftovers import clear_leftovers
from flux.delivery.retry import ErrorKind
from flux.delivery.settings import DeliverySettings
from flux.errors import (
    DiskFailed,
    LedgerError,
    SourceUnreadable,
    TransportError,
    TransportRefused,
    TransportUncertain,
    VaultError,
)
from flux.model.delivery import Delivery
from flux.model.disk import is_disk_trouble
from flux.model.ports import Transport, Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One delivery that was tried; `failure` is None where it arrived.

    `part` where nobody knows whether it got its final name, `is_withdrawn` where it is known that it did not.
    """

    delivery: Delivery
    failure: ErrorKind | None = None
    error: str | None = None
    part: str | None = None
    is_withdrawn: bool = False

    @property
    def words(self) -> str:
        """What is told of the failure."""
        return self.error or (self.failure.value if self.failure else "")


class Lane:
    """The files due to one partner. `tell` hears of each attempt, from several threads; `is_stopped` ends it early.

    `cleared` are the folders from which this process has removed what another left half uploaded; it grows here.
    `parts` are those of which nobody knows whether they got their final name, by delivery; `announce` is told before
    one does, and raises LedgerError.
    """

    def __init__(
        self,
        *,
        deliveries: Sequence[Delivery],
        breaker: Breaker,
        transport: Callable[[], Transport],
        vault: Vault,
        settings: DeliverySettings,
        clock: Callable[[], datetime],
        tell: Callable[[Attempt], None],
        is_stopped: Callable[[], bool],
        cleared: set[str],
        parts: Mapping[int, str],
        announce: Callable[[Delivery, str], None],
    ) -> None:
        self.breaker = breaker
        self._cleared = cleared
        self._parts = parts
        self._announce = announce
        self._waiting = deque(deliveries)
        self._transport = transport
        self._vault = vault
        self._settings = settings
        self._clock = clock
        self._tell = tell
        self._is_stopped = is_stopped
        self._lock = Lock()

    def run(self) -> None:
        """Try each file once, oldest first; what is left when the breaker opens stays due."""
        self._clear()
        if self.breaker.state(self._clock()) is BreakerState.HALF_OPEN:
            self._deliver(self._waiting.popleft())
        threads = min(self._settings.files_at_once, len(self._waiting))
        if threads > 1:
            with ThreadPoolExecutor(threads, thread_name_prefix="delivery") as pool:
                for work in [pool.submit(self._work) for _ in range(threads)]:
                    work.result()
        else:
            self._work()

    def _clear(self) -> None:
        if {delivery.folder for delivery in self._waiting} - self._cleared:
            with suppress(TransportError):  # the first file meets the same trouble, and tells of it
                clear_leftovers(self._transport(), self._waiting, self._cleared, self._parts.values())

    def _work(self) -> None:
        while (delivery := self._next()) is not None:
            self._deliver(delivery)

    def _next(self) -> Delivery | None:
        with self._lock:
            is_open = self.breaker.open_until is not None
            return None if is_open or self._is_stopped() or not self._waiting else self._waiting.popleft()

    def _deliver(self, delivery: Delivery) -> None:
        attempt = self._attempt(delivery)
        self._judge_partner(attempt)
        self._tell(attempt)

    def _attempt(self, delivery: Delivery) -> Attempt:
        hand_over = AnnouncedHandOver(delivery, self._parts.get(delivery.id), self._announce)
        try:
            self._transport().put(self._vault.path(delivery.sha256), delivery.folder, delivery.name, hand_over)
        except Exception as error:  # noqa: BLE001 - the worker's edge: told as a crash, other files go on
            failure = _kind_of(error)
            words = f"{type(error).__name__}: {error}" if failure is ErrorKind.CRASH else str(error)
            part = None if failure is ErrorKind.UNCERTAIN else hand_over.part
            is_withdrawn = hand_over.is_withdrawn
            return Attempt(delivery=delivery, failure=failure, error=words, part=part, is_withdrawn=is_withdrawn)
        return Attempt(delivery=delivery)

    def _judge_partner(self, attempt: Attempt) -> None:
        """Neither a failure of ours nor a doubt about one file says anything of the partner."""
        with self._lock:
            if attempt.failure is None:
                self.breaker = self.breaker.after_success()
            elif attempt.failure in (ErrorKind.PASSING, ErrorKind.REFUSED):
                self.breaker = self.breaker.after_failure(self._clock(), self._settings)
            elif attempt.failure is ErrorKind.DISK:
                self.breaker = self.breaker.after_disk_trouble(self._clock(), attempt.words)


def _kind_of(error: Exception) -> ErrorKind:
    for known, kind in _KINDS:
        if isinstance(error, known):
            return kind
    # What the transport does not know of is about the archive.
    return ErrorKind.SOURCE if isinstance(error, OSError) and is_disk_trouble(error) else ErrorKind.CRASH


# The first that fits.
_KINDS: tuple[tuple[type[Exception], ErrorKind], ...] = (
    (TransportUncertain, ErrorKind.UNCERTAIN),
    (TransportRefused, ErrorKind.REFUSED),
    (DiskFailed, ErrorKind.DISK),
    (SourceUnreadable, ErrorKind.SOURCE),
    (VaultError, ErrorKind.SOURCE),
    (LedgerError, ErrorKind.LEDGER),
    (TransportError, ErrorKind.PASSING),
)
