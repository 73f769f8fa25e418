"""Files that wait on a partner's server: listed, fetched into a claim, written into the ledger, then removed there or remembered."""

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flux.durable import sync_folder
from flux.errors import DiskFailed, TransportError
from flux.intake.claim import Claim, make_claims_folder, new_claim_id
from flux.intake.folders import partner_folder
from flux.intake.pulled import CLAIMED_AS, PulledFile, discard_pull, make_claim, part_path, write_note
from flux.intake.reception import Reception
from flux.intake.settings import IntakeSettings
from flux.intake.stability import Look, StabilityTracker
from flux.model.ports import IntakeLedger, RemoteFile, Report, Transport
from flux.model.repeats import Repeats
from flux.transport.names import is_plain_name
from flux.transport.settings import AfterFetch

# Fetched before they are written into the ledger together.
GROUP_FILES = 20
# One file that cannot be fetched or removed stops no other; a server that fails this often in a row is left until the next poll.
FAILURES_PER_GROUP = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PullSource:
    """Where a partner's files wait. `folder` is relative to the path of the transport."""

    partner: str
    transport: Transport
    after_fetch: AfterFetch
    poll_seconds: float
    folder: str = ""


class Puller:
    """Pulls from one partner. `reception` is that of the gateway's intake."""

    def __init__(
        self,
        *,
        source: PullSource,
        inbox: Path,
        gateway: str,
        ledger: IntakeLedger,
        reception: Reception,
        settings: IntakeSettings,
        report: Report,
    ) -> None:
        self.partner = source.partner
        self._source = source
        self._inbox = inbox
        self._gateway = gateway
        self._ledger = ledger
        self._reception = reception
        self._report = report
        # Markers belong to the inbox: a server that has none would wait for ever.
        self._tracker = StabilityTracker(replace(settings, marker_suffix=""))
        self._fetched: dict[str, Claim] = {}  # by the key of the file; not claims yet, or not ones that the disk holds
        self._known: set[str] = set()  # what the server shows and the ledger holds: it is not asked at each poll
        self._shown: set[str] | None = None  # by the last listing after which the ledger held no more than that
        self._unremoved: set[str] = set()  # what the server would not remove
        self._removals = Repeats()

    def serve(self, stop: threading.Event) -> None:
        """Pull at each poll until `stop` is set."""
        while not stop.is_set():
            self.pull(stop)
            stop.wait(self._source.poll_seconds)

    def pull(self, stop: threading.Event) -> int:
        """Pull what is whole; how many flows that made. A failure is reported and ends this poll only."""
        received = 0
        try:
            self._reception.receive()  # what a crash left is taken in first, so that it is not fetched again
            self._keep_fetched()
            files = self._list_whole(stop)
            for start in range(0, len(files), GROUP_FILES):
                received += self._pull_group(files[start : start + GROUP_FILES], stop)
        except Exception as error:  # noqa: BLE001 - the thread's edge: one server must not end the gateway of all
            self._report_failure(error)
        return received

    def _list_whole(self, stop: threading.Event) -> list[RemoteFile]:
        """List; where a file is not known to lie still, wait and list again."""
        whole = self._look()
        due = self._tracker.due_in(time.monotonic())
        if due is None or stop.wait(due):
            return whole
        return self._look()

    def _look(self) -> list[RemoteFile]:
        # By name: some servers list one twice in huge folders.
        files = {file.name: file for file in self._list() if is_plain_name(file.name)}
        shown = {self._key(file) for file in files.values()}
        self._known &= shown
        self._unremoved &= shown
        self._forget_unseen(shown)
        if not self._unremoved:
            self._removals.end()
        looks = [_look_of(self._source.partner, file) for file in files.values()]
        return [files[look.name] for look in self._tracker.observe(looks, time.monotonic())]

    def _forget_unseen(self, shown: set[str]) -> None:
        """What a whole listing does not show is gone: what comes under such a key is another file, and the ledger stays small."""
        is_kept = self._source.after_fetch is AfterFetch.KEEP
        if is_kept and not shown:  # a folder that is not mounted is empty too, and what it holds must not come twice
            return
        if not is_kept or self._shown is None or not self._shown <= shown:
            self._ledger.forget_unseen(self._source.partner, shown)
        self._shown = shown

    def _list(self) -> Iterator[RemoteFile]:
        return self._source.transport.list(self._source.folder)

    def _pull_group(self, files: Sequence[RemoteFile], stop: threading.Event) -> int:
        """Fetch, write into the ledger, then remove; no lock is held while the server keeps us waiting."""
        fetched = list(self._fetch_each(files, stop))
        self._reception.receive()
        received = sum(self._is_pulled(file) for file in fetched)
        if self._source.after_fetch is AfterFetch.REMOVE:
            self._forget(self._remove_each([file for file in files if self._is_pulled(file)]))
        return received

    def _remove_each(self, files: Iterable[RemoteFile]) -> list[str]:
        """Remove them there; the keys of those that are gone. What could not be removed before comes last, so as to hold up no other."""
        failures = 0
        gone = []
        for file in sorted(files, key=lambda each: self._key(each) in self._unremoved):
            if failures == FAILURES_PER_GROUP:
                break
            try:
                self._source.transport.remove(self._source.folder, file.name, file)
            except TransportError as error:
                failures += 1
                self._unremoved.add(self._key(file))
                self._tell_unremoved(file, error)
            else:
                gone.append(self._key(file))
        return gone

    def _forget(self, gone: Sequence[str]) -> None:
        """What comes under such a key from now on is another file, never to be taken for the one that we have."""
        self._known.difference_update(gone)
        self._ledger.forget_pulled(self._source.partner, gone)

    def _tell_unremoved(self, file: RemoteFile, error: TransportError) -> None:
        if (times := self._removals.meet(time.monotonic())) is not None:
            facts = {"partner": self._source.partner, "name": file.name, "error": str(error), "times": str(times)}
            self._report("pulled_file_not_removed", **facts)

    def _is_pulled(self, file: RemoteFile) -> bool:
        key = self._key(file)
        if key not in self._known and self._ledger.has_pulled(self._source.partner, key):
            self._known.add(key)
        return key in self._known

    def _fetch_each(self, files: Iterable[RemoteFile], stop: threading.Event) -> Iterator[RemoteFile]:
        failures = 0
        for file in files:
            if stop.is_set() or failures == FAILURES_PER_GROUP:
                return
            if self._is_pulled(file) or self._is_here(file):
                continue
            try:
                is_here = self._fetch(file)
            except (TransportError, OSError) as error:
                self._report_failure(error, file.name)
                failures += 1
                continue
            if is_here:
                yield file

    def _is_here(self, file: RemoteFile) -> bool:
        key = self._key(file)
        return key in self._fetched or self._reception.has_claim_of(self._source.partner, key)

    def _fetch(self, file: RemoteFile) -> bool:
        """Fetch into a claim; false where the file is gone, or has changed since it was listed."""
        claim = self._begin(file)
        part = part_path(claim.place)
        try:
            self._source.transport.fetch(self._source.folder, file.name, part)
        except TransportError as error:
            if not _has_size(part, file.size_bytes):
                discard_pull(claim.place)
                if isinstance(error, DiskFailed) or self._is_listed(file.name):
                    raise
                return False
            # Its server may not give it twice.
            self._report_failure(error, file.name)
        self._fetched[self._key(file)] = claim
        if part.stat().st_size != file.size_bytes and self._can_fetch_again(file.name):
            del self._fetched[self._key(file)]
            discard_pull(claim.place)
            return False
        self._keep_fetched()
        return True

    def _keep_fetched(self) -> None:
        """Make claims of what has come, and hand them over. Raises OSError; then they are tried again, not fetched again."""
        for key, claim in tuple(self._fetched.items()):
            if part_path(claim.place).is_file():
                make_claim(claim.place)
            if claim.path.is_file():
                sync_folder(claim.place.parent)
                self._reception.adopt(claim)
            del self._fetched[key]  # also where somebody took it from us: then it is fetched again

    def _begin(self, file: RemoteFile) -> Claim:
        partner = self._source.partner
        folder = partner_folder(self._inbox, partner)
        pulled = PulledFile(
            key=self._key(file),
            name=file.name,
            size_bytes=file.size_bytes,
            kept_modified=file.modified if self._source.after_fetch is AfterFetch.KEEP else None,
        )
        claim = Claim(
            id=new_claim_id(),
            gateway=self._gateway,
            partner=partner,
            name=file.name,
            folder=folder,
            pulled=pulled,
            claimed_as=CLAIMED_AS,
        )
        folder.mkdir(exist_ok=True)
        make_claims_folder(folder, self._gateway)
        write_note(claim.note, pulled)
        return claim

    def _is_listed(self, name: str) -> bool:
        return any(file.name == name for file in self._list())

    def _can_fetch_again(self, name: str) -> bool:
        """True only where the server shows the file still: else what came is the only copy, and is kept as it is."""
        try:
            return self._is_listed(name)
        except TransportError as error:
            self._report_failure(error, name)
            return False

    def _key(self, file: RemoteFile) -> str:
        return f"{self._source.folder}/{file.name}/{file.size_bytes}/{file.modified}"

    def _report_failure(self, error: Exception, name: str = "") -> None:
        partner = self._source.partner
        self._report("pull_failed", partner=partner, name=name, error=str(error), kind=type(error).__name__)


def _has_size(path: Path, size_bytes: int) -> bool:
    try:
        return path.stat().st_size == size_bytes
    except FileNotFoundError:
        return False


def _look_of(partner: str, file: RemoteFile) -> Look:
    return Look(partner=partner, name=file.name, size_bytes=file.size_bytes, mtime_ns=round(file.modified * 1e9))
