"""The intake of the inbox: sweep, claim what is whole, take it in."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from flux.errors import IntakeError
from flux.intake.claim import Claim, claim_file
from flux.intake.folders import partner_folder
from flux.intake.lease import is_being_written
from flux.intake.reception import Reception
from flux.intake.settings import IntakeSettings
from flux.intake.stability import FileKey, Look, StabilityTracker
from flux.intake.sweep import EntryKind, Ignored, Unreadable, sweep_inbox
from flux.intake.watch import Wake
from flux.model.flow import Flow
from flux.model.partner import Partner
from flux.model.ports import IntakeLedger, Report, Vault
from flux.model.repeats import Repeats

# Events come in bursts: one sweep answers all that come within this time.
SETTLE_SECONDS = 0.05
# `run --once` ends all the same while somebody goes on writing; the next run takes that file.
PATIENCE_SECONDS = 30.0
_ADVICE_ON_IGNORED: Mapping[EntryKind, str] = {
    EntryKind.FOLDER: "only files are taken: move what it holds up into the partner's folder",
    EntryKind.LINK: "links are not followed: put the file itself there; for a partner's folder, mount what the link leads to",
    EntryKind.SPECIAL: "only files are taken: remove it",
}
_ADVICE_ON_OPENNESS = "have the sender write under a name in .part and rename, or set marker_suffix"


class Intake:
    """Turns the files of the inbox into flows. One instance per gateway; `partners` by name of their folder.

    `on_received` gets flows once the ledger holds them; after a crash it may get one a second time. `clock` gives the
    moment of reception, aware of its zone.
    """

    def __init__(
        self,
        *,
        inbox: Path,
        gateway: str,
        partners: Mapping[str, Partner],
        ledger: IntakeLedger,
        vault: Vault,
        settings: IntakeSettings,
        clock: Callable[[], datetime],
        on_received: Callable[[Sequence[Flow]], None],
        report: Report,
    ) -> None:
        self._inbox = inbox
        self._gateway = gateway
        self._settings = settings
        self._report = report
        self._tracker = StabilityTracker(settings)
        self._held_open: frozenset[FileKey] = frozenset()
        self._expected = frozenset(partners)
        self._refusals: dict[str, Repeats] = {}  # partners whose folders do not let us claim
        self._unreadable: frozenset[Path] = frozenset()
        self._ignored: frozenset[Ignored] = frozenset()  # those that were told
        self._ignorings: defaultdict[str, Repeats] = defaultdict(Repeats)  # by partner
        self._untellable: set[str] = set()  # partners where nobody can tell who has a file open
        self.reception = Reception(
            inbox=inbox,
            gateway=gateway,
            partners=partners,
            ledger=ledger,
            vault=vault,
            settings=settings,
            clock=clock,
            on_received=on_received,
            report=report,
        )

    def run_once(self) -> int:
        """Take in all that is whole or becomes so while it is waited for; how many flows that made."""
        pause = threading.Event()
        taken = 0
        last_success = time.monotonic()
        while True:
            count = self._take_whole(frozenset(), pause)
            taken += count
            last_success = time.monotonic() if count else last_success
            due = self._tracker.due_in(time.monotonic())
            if due is None or time.monotonic() - last_success > PATIENCE_SECONDS:
                return taken
            pause.wait(due)

    def serve(self, stop: threading.Event, wake: Wake) -> None:
        """Take in what comes until `stop` is set; wake it then, so that it sees."""
        while not stop.is_set():
            self._take_whole(wake.take_renamed(), stop)
            due = self._tracker.due_in(time.monotonic())
            longest = self._settings.sweep_seconds
            if wake.wait(longest if due is None else min(longest, due)):
                stop.wait(SETTLE_SECONDS)

    def _take_whole(self, renamed: frozenset[FileKey], stop: threading.Event) -> int:
        sweep = sweep_inbox(self._inbox, self._settings, self._expected)
        self._tell_unreadable(sweep.unreadable)
        self._tell_ignored(sweep.ignored)
        whole = self._leave_open(self._tracker.observe(sweep.looks, time.monotonic(), renamed), renamed)
        receipt = self.reception.receive(self._claim_each(whole, stop))
        for claim in receipt.unfinished:
            self._tracker.look_again((claim.partner, claim.name), time.monotonic())
        return len(receipt.received)

    def _tell_unreadable(self, unreadable: Iterable[Unreadable]) -> None:
        """Tell of each trouble when it begins and when it is over: a sweep comes every second."""
        folders = {each.folder: each.error for each in unreadable}
        for folder in folders.keys() - self._unreadable:
            self._report("inbox_unreadable", folder=str(folder), error=folders[folder])
        for folder in self._unreadable - folders.keys():
            self._report("inbox_readable", folder=str(folder))
        self._unreadable = frozenset(folders)

    def _tell_ignored(self, ignored: Iterable[Ignored]) -> None:
        """Tell of each once while it lies there; of many in one folder together, once a minute."""
        there = frozenset(ignored)
        self._ignored &= there
        untold: defaultdict[str, list[Ignored]] = defaultdict(list)
        for each in there - self._ignored:
            untold[each.partner].append(each)
        for partner, several in untold.items():
            if self._ignorings[partner].meet(time.monotonic()) is not None:
                first = min(several, key=lambda each: each.name)
                facts = {"kind": first.kind.value, "others": str(len(several) - 1)}
                advice = _ADVICE_ON_IGNORED[first.kind]
                self._report("inbox_entry_ignored", partner=partner, name=first.name, **facts, advice=advice)
                self._ignored |= frozenset(several)

    def _leave_open(self, whole: Sequence[Look], renamed: frozenset[FileKey]) -> list[Look]:
        """Those whose writer is gone, as far as anybody can tell. A file that is waited for is told of once."""
        if self._settings.marker_suffix:  # the sender has said so itself
            return list(whole)
        held_open = [look for look in whole if self._is_waited_for(look, is_renamed=look.key in renamed)]
        for look in held_open:
            if look.key not in self._held_open:
                self._report("file_held_open", partner=look.partner, name=look.name)
        self._held_open = frozenset(look.key for look in held_open)
        if held_open:
            self._tracker.look_later(time.monotonic())
        return [look for look in whole if look.key not in self._held_open]

    def _is_waited_for(self, look: Look, *, is_renamed: bool) -> bool:
        is_open = is_being_written(partner_folder(self._inbox, look.partner) / look.name, look.inode)
        if is_open is None and not is_renamed:
            self._tell_openness_unknown(look)
        if not is_open:
            return False
        return self._tracker.still_seconds(look.key, time.monotonic()) < self._settings.open_seconds

    def _tell_openness_unknown(self, look: Look) -> None:
        """Once for each folder: its files are taken for whole when they lie still, though a writer may only pause."""
        if look.partner not in self._untellable:
            self._untellable.add(look.partner)
            self._report("file_openness_unknown", partner=look.partner, name=look.name, advice=_ADVICE_ON_OPENNESS)

    def _tell_refusal(self, look: Look, error: IntakeError) -> None:
        times = self._refusals.setdefault(look.partner, Repeats()).meet(time.monotonic())
        if times is not None:
            self._report("file_not_claimed", partner=look.partner, name=look.name, error=str(error), times=str(times))

    def _claim_each(self, whole: Sequence[Look], stop: threading.Event) -> Iterator[Claim]:
        """Claim as they are asked for, until `stop`. A folder that refuses us, or is stuck, is left alone until the next sweep."""
        refusing: set[str] = set()
        for look in whole:
            if stop.is_set():
                return
            if look.partner in refusing or self.reception.is_stuck(look.partner):
                continue
            try:
                claim = claim_file(self._inbox, self._gateway, look, self._settings.marker_suffix)
            except IntakeError as error:
                self._tell_refusal(look, error)
                refusing.add(look.partner)
                continue
            self._refusals.pop(look.partner, None)
            if claim is not None:
                yield claim
