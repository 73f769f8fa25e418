"""From claims to flows: keep the bytes, write the ledger, and only then let the file go.

Whatever fails, the file is in the inbox, in its claim or in the ledger. A claim whose commit is unsure stays a claim:
the ledger knows it by its id, so that telling it twice makes one flow.

    step                           where one waits         what a failure does
    recover what a crash left      _to_recover, a partner  that partner waits for the next pass, others do not
    read into the vault            _to_read, a claim       file unreadable, or changed: back into the inbox; pulled, gone, or
                                                           its name is taken: read again; vault refuses: back, the pass ends
    sync, so that it never         _owed, a claim that     disk refuses: all of that partner's batch are owed, others are not
    is in the inbox again          is kept in the vault
    write into the ledger          _owed                   ledger away: all are owed, the pass ends; one that it cannot hold
                                                           is owed alone
    drop the claim                 nowhere: it is a flow   told; the next start finds it, and the ledger knows it

Each pass takes the steps from the top for what waits, before anything new: recover, owed, to read, then the fresh claims.
"""

import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from flux.errors import ContentRefused, FluxError, IntakeError, LedgerError, VaultError
from flux.intake.claim import Claim, drop, look_at_claim, open_claim, put_back, sync_claims
from flux.intake.folders import list_partners
from flux.intake.recovery import recover
from flux.intake.settings import IntakeSettings
from flux.model.flow import Flow, FlowName
from flux.model.partner import Naming, Partner
from flux.model.ports import Arrival, Blob, IntakeLedger, Report, Vault
from flux.model.repeats import Repeats

PIECE_BYTES = 2**20
# A commit costs the same for one flow as for a hundred; nobody waits for more than a moment.
BATCH_ARRIVALS = 100
BATCH_SECONDS = 0.05
_ADVICE_ON_STRANGERS = (
    "the folder is no partner's: name it under [partners] and have the file sent again, then flux flows close"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A claim whose bytes are in the vault."""

    claim: Claim
    arrival: Arrival


class _Batch:
    """Kept claims that are written together; due when there are many, or when the first has waited for a moment."""

    def __init__(self) -> None:
        self._kept: list[_Kept] = []
        self._due_at = 0.0

    def add(self, kept: _Kept) -> None:
        """One more; the first sets the moment."""
        if not self._kept:
            self._due_at = time.monotonic() + BATCH_SECONDS
        self._kept.append(kept)

    @property
    def is_due(self) -> bool:
        """True where it is to be written now."""
        return bool(self._kept) and (len(self._kept) >= BATCH_ARRIVALS or time.monotonic() >= self._due_at)

    def take(self) -> list[_Kept]:
        """All of them; then it is empty."""
        taken, self._kept = self._kept, []
        return taken


@dataclass(slots=True, kw_only=True)
class Receipt:
    """What became of claims: those that are flows now, and those that went back because they were not whole after all."""

    received: list[Claim] = field(default_factory=list)
    unfinished: list[Claim] = field(default_factory=list)


class Reception:
    """Takes claims in. Safe between threads: one batch at a time."""

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
        self._partners = partners
        self._ledger = ledger
        self._vault = vault
        self._marker_suffix = settings.marker_suffix
        self._clock = clock
        self._on_received = on_received
        self._report = report
        self._lock = threading.RLock()
        self._to_recover: list[str] | None = None  # partners; None before the first pass
        self._to_read: list[Claim] = []  # claims of before a crash, and those that could not go back
        self._owed: list[_Kept] = []  # kept, but the ledger refused
        self._unsynced: set[str] = set()  # partners some of whose claims are owed: their disk does not sync
        self._troubles: defaultdict[tuple[str, str], Repeats] = defaultdict(Repeats)  # by event and partner
        self._gone: set[str] = set()  # ids of claims that are not where they were, and were told
        self._refused, self._unfit, self._paused = Repeats(), Repeats(), Repeats()

    def adopt(self, claim: Claim) -> None:
        """Answer for a claim that somebody else made: it is taken in by the next `receive`, whoever calls it."""
        with self._lock:
            self._to_read.append(claim)

    def receive(self, claims: Iterable[Claim] = ()) -> Receipt:
        """Take in what is still to do, then these.

        `claims` is drawn from only while the vault and the ledger take what they are given, so it should make them as
        it goes; those that are made already are for `adopt`.
        """
        receipt = Receipt()
        with self._lock:
            try:
                self._recover()
                self._receive_owed(receipt)
                self._receive_all(self._draw_unread(), receipt)
                self._receive_all(claims, receipt)
            except LedgerError as error:
                self._tell(self._refused, "ledger_refused_arrivals", error, owed=str(len(self._owed)))
            except (IntakeError, VaultError) as error:
                self._tell(self._paused, "intake_paused", error)
            else:
                self._tell_end(receipt)
        return receipt

    def _tell(self, trouble: Repeats, event: str, error: FluxError | OSError, **facts: str) -> None:
        if (times := trouble.meet(time.monotonic())) is not None:
            self._report(event, error=str(error), times=str(times), **facts)

    def _tell_of(self, claim: Claim, event: str, error: IntakeError) -> None:
        """Once a minute for each folder: a file that goes back may be taken again at every sweep."""
        self._tell(self._troubles[event, claim.partner], event, error, partner=claim.partner, name=claim.name)

    def _tell_end(self, receipt: Receipt) -> None:
        """Only what was received proves that trouble is over: a sweep may find nothing to try it with."""
        if receipt.received and any([self._refused.end(), self._paused.end()]):
            self._report("intake_resumed")

    def is_stuck(self, partner: str) -> bool:
        """True where the partner's disk does not let us answer for what is claimed already: more would only wait."""
        with self._lock:
            return partner in self._unsynced

    def has_claim_of(self, partner: str, pulled_key: str) -> bool:
        """True where that remote file is here, though not in the ledger yet; one whose claim is gone is to be fetched again."""
        with self._lock:
            there = (claim for claim in self._to_read if claim.id not in self._gone)
            claims = [*there, *(kept.claim for kept in self._owed)]
        return any(claim.partner == partner and claim.pulled and claim.pulled.key == pulled_key for claim in claims)

    def _recover(self) -> None:
        """Find what a crash left, once for each folder that was there at the start; one that cannot be read blocks no other."""
        if self._to_recover is None:
            self._to_recover = _present_partners(self._inbox)
        for partner in self._to_recover:
            try:
                recovered = recover(self._inbox, self._gateway, partner, self._marker_suffix)
            except IntakeError as error:
                self._tell_unrecovered(partner, error)
                continue
            self._to_recover = [other for other in self._to_recover if other != partner]
            self._to_read += recovered.claims
            for failure in recovered.failures:
                self._tell_unrecovered(partner, failure)

    def _tell_unrecovered(self, partner: str, error: FluxError | OSError) -> None:
        self._tell(self._troubles["claims_not_recovered", partner], "claims_not_recovered", error, partner=partner)

    def _receive_owed(self, receipt: Receipt) -> None:
        owed, self._owed = self._owed, []
        self._commit(owed, receipt)

    def _draw_unread(self) -> Iterator[Claim]:
        for _ in range(len(self._to_read)):
            yield self._to_read.pop(0)

    def _receive_all(self, claims: Iterable[Claim], receipt: Receipt) -> None:
        batch = _Batch()
        try:
            for claim in claims:
                if (kept := self._keep(claim, receipt)) is not None:
                    batch.add(kept)
                if batch.is_due:
                    self._commit(batch.take(), receipt)
        finally:  # whatever ended it, what is kept so far is answered for
            self._commit(batch.take(), receipt)

    def _keep(self, claim: Claim, receipt: Receipt) -> _Kept | None:
        """Put the bytes into the vault; None where the file went back. Raises VaultError, the file being back."""
        try:
            blob = _keep_bytes(claim, self._vault)
        except VaultError:
            self._put_back(claim)
            raise
        except IntakeError as error:
            if look_at_claim(claim) is None:
                self._wait_for(claim)
                return None
            self._tell_of(claim, "file_unreadable", error)
            self._put_back(claim)
            return None
        if blob is None:
            self._put_back(claim)
            receipt.unfinished.append(claim)
            return None
        self._gone.discard(claim.id)
        return _Kept(claim=claim, arrival=self._arrival(claim, blob))

    def _arrival(self, claim: Claim, blob: Blob) -> Arrival:
        partner = self._partners.get(claim.partner)
        name = readable_name(claim.name)
        return Arrival(
            gateway=self._gateway,
            claim=claim.id,
            partner=readable_name(claim.partner),
            known_partner=partner is not None,
            name=name,
            strict_name=partner is not None and partner.naming is Naming.STRICT and FlowName.parse(name) is not None,
            sha256=blob.sha256,
            size_bytes=blob.size_bytes,
            received_at=self._clock(),
            pulled_key=claim.pulled.key if claim.pulled else None,
            kept_modified=claim.pulled.kept_modified if claim.pulled else None,
        )

    def _commit(self, batch: Sequence[_Kept], receipt: Receipt) -> None:
        """Write a batch into the ledger, then let its files go. Raises LedgerError: then all is still owed."""
        if synced := self._sync(batch):
            self._write(synced, receipt)

    def _sync(self, batch: Sequence[_Kept]) -> list[_Kept]:
        """Those that have left the inbox for good; what the disk of one partner refuses is still owed."""
        for partner in {kept.claim.partner for kept in batch}:
            try:
                sync_claims([kept.claim for kept in batch if kept.claim.partner == partner])
            except IntakeError as error:
                self._unsynced.add(partner)
                self._tell(self._troubles["claims_not_synced", partner], "claims_not_synced", error, partner=partner)
            else:
                self._unsynced.discard(partner)
        self._owed += [kept for kept in batch if kept.claim.partner in self._unsynced]
        return [kept for kept in batch if kept.claim.partner not in self._unsynced]

    def _write(self, batch: Sequence[_Kept], receipt: Receipt) -> None:
        """Raises LedgerError: then all is still owed."""
        claims = [kept.claim for kept in batch]
        try:
            flows = self._ledger.receive([kept.arrival for kept in batch])
        except ContentRefused as error:
            self._write_apart(batch, receipt, error)
            return
        except LedgerError:
            self._owed += batch
            raise
        for claim in claims:
            self._drop(claim)
        receipt.received += claims
        self._on_received(flows)
        self._tell_strangers(flows)

    def _tell_strangers(self, flows: Iterable[Flow]) -> None:
        """What lies in a folder that is no partner's is kept and answered to nobody: only a person can mend that."""
        for flow in flows:
            if not flow.known_partner:
                times = self._troubles["flow_quarantined", flow.partner].meet(time.monotonic())
                if times is not None:
                    facts = {"partner": flow.partner, "name": flow.name, "flow": str(flow.number), "times": str(times)}
                    self._report("flow_quarantined", **facts, advice=_ADVICE_ON_STRANGERS)

    def _write_apart(self, batch: Sequence[_Kept], receipt: Receipt, error: ContentRefused) -> None:
        """One arrival that the ledger cannot hold holds up no other: it alone is still owed. Raises LedgerError."""
        if len(batch) == 1:
            self._owed += batch
            (kept,) = batch
            self._tell(self._unfit, "arrival_refused", error, partner=kept.arrival.partner, name=kept.arrival.name)
            return
        for number, kept in enumerate(batch):
            try:
                self._write([kept], receipt)
            except LedgerError:
                self._owed += batch[number + 1 :]
                raise

    def _drop(self, claim: Claim) -> None:
        try:
            drop(claim)
        except IntakeError as error:  # recovered at the next start, and known to the ledger by its id
            self._report("claim_not_dropped", partner=claim.partner, name=claim.name, error=str(error))

    def _wait_for(self, claim: Claim) -> None:
        """Somebody moved, removed or unmounted the claim: that is told once, and the file is taken when it is back."""
        if claim.id not in self._gone:
            self._report("claim_gone", partner=claim.partner, name=claim.name, place=str(claim.place))
            self._gone.add(claim.id)
        self._to_read.append(replace(claim, look=None))

    def _put_back(self, claim: Claim) -> None:
        """Back into the inbox; a pulled file, or one that cannot go back, is looked at again where it is."""
        try:
            if claim.pulled is None and put_back(claim, self._marker_suffix):
                self._drop(claim)
                return
        except IntakeError as error:
            self._tell_of(claim, "file_not_put_back", error)
        self._to_read.append(replace(claim, look=look_at_claim(claim)))


def _present_partners(inbox: Path) -> list[str]:
    try:
        return list_partners(inbox)
    except OSError as error:
        raise IntakeError(f"{inbox} cannot be read: {error}") from error


def readable_name(name: str) -> str:
    """The name as text: bytes that are no UTF-8 are shown by their codes, because every room writes names somewhere."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _keep_bytes(claim: Claim, vault: Vault) -> Blob | None:
    """Read the file once, into the vault; None where it changed since it was looked at, or while it was read."""
    with open_claim(claim) as descriptor:
        before = os.fstat(descriptor)
        look = claim.look
        if look is not None and (look.size_bytes, look.mtime_ns, look.inode) != (*_state(before), before.st_ino):
            return None
        blob = vault.put(_read_pieces(descriptor, claim))
        after = os.fstat(descriptor)
    return blob if _state(before) == _state(after) and blob.size_bytes == after.st_size else None


def _state(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns


def _read_pieces(descriptor: int, claim: Claim) -> Iterator[bytes]:
    try:
        while piece := os.read(descriptor, PIECE_BYTES):
            yield piece
    except OSError as error:
        # Not the vault's failure: another file may well be readable.
        raise IntakeError(f"{claim.name} cannot be read: {error}") from error
