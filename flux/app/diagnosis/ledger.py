"""What the ledger tells of an installation: what waits for a person, what cannot be read, when it was backed up last."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from flux.app.diagnosis.line import Diagnosis
from flux.app.operations import open_ledger
from flux.config import BackupSettings, Settings
from flux.engine.official import is_engine_installed
from flux.errors import VaultError
from flux.ledger.backups import last_backup, waits_since
from flux.ledger.database import Database
from flux.ledger.queries import LedgerQueries, Needed
from flux.ledger.vault import FolderVault
from flux.model.lifecycle import DeliveryState, FlowState
from flux.model.paris import PARIS
from flux.model.second_opinion import DISAGREES, FAILED, OFF

# How far back disagreements with the official engine are news.
OFFICIAL_SPAN = timedelta(days=7)
# Enough to know that the archive fails, and to name where.
_NEEDED_LOOKED_AT = 1_000
_NEEDED_NAMED = 5

_FLOWS_THAT_WAIT = (FlowState.HELD, FlowState.QUARANTINED)
_DELIVERIES_THAT_WAIT = (DeliveryState.HELD, DeliveryState.DEAD, DeliveryState.UNCERTAIN)


def diagnose_ledger(settings: Settings, now: datetime) -> Iterator[Diagnosis]:
    """What a ledger that can be reached says. Raises LedgerError."""
    with open_ledger(settings) as database:
        queries = LedgerQueries(database)
        yield _diagnose_waiting(queries, now)
        yield _diagnose_archive(settings, queries)
        if settings.backup.notice_days:
            yield _diagnose_backup(settings.backup, settings.gateway.name, database, now)
        if settings.rules.official != OFF:
            yield _diagnose_official(queries, now)


def _diagnose_waiting(queries: LedgerQueries, now: datetime) -> Diagnosis:
    """What no retry of ours will mend; of flows also since when."""
    counts, oldest = queries.count_states(), queries.oldest_received()
    flows = {state: counts.flows.get(state, 0) for state in _FLOWS_THAT_WAIT}
    deliveries = {state: counts.deliveries.get(state, 0) for state in _DELIVERIES_THAT_WAIT}
    waiting = [
        f"flows {state.value}: {count}, the oldest for {_tell_age(now - oldest[state])}"
        for state, count in flows.items()
        if count
    ]
    waiting += [f"deliveries {state.value}: {count}" for state, count in deliveries.items() if count]
    looks = [f"`flux flows list --state {state.value}`" for state, count in flows.items() if count]
    looks += [f"`flux deliveries list --state {state.value}`" for state, count in deliveries.items() if count]
    return Diagnosis(
        subject="waiting for a person",
        well=not waiting,
        state=", ".join(waiting) or "nothing",
        advice=", ".join(looks),
    )


def _tell_age(age: timedelta) -> str:
    """In days, or what is left below one."""
    hours, seconds = divmod(max(age, timedelta()).total_seconds(), 3600)
    if hours < 1:
        return f"{seconds // 60:.0f} min"
    return f"{hours:.0f} h" if hours < 48 else f"{hours // 24:.0f} days"


def _diagnose_archive(settings: Settings, queries: LedgerQueries) -> Diagnosis:
    """Bytes that something is waiting for: without them it waits for ever."""
    if not settings.vault.path.is_dir():  # opening it would make an empty one
        return Diagnosis(
            subject="archive",
            well=False,
            state=f"{settings.vault.path}: is not there",
            advice="see the line of the vault",
        )
    needed = queries.list_needed(settings.gateway.name, limit=_NEEDED_LOOKED_AT)
    try:
        vault = FolderVault(settings.vault.path)
    except VaultError as error:
        return Diagnosis(subject="archive", well=False, state=str(error), advice="let the user that runs flux read it")
    lost = [each for each in needed if not _can_be_read(vault, each.sha256)]
    if not lost:
        return Diagnosis(subject="archive", well=True, state=f"{len(needed)} files wanted for open flows, all there")
    return Diagnosis(
        subject="archive",
        well=False,
        state=f"{len(lost)} files that open flows need cannot be read: {_name(lost)}",
        advice="put them back from a backup (`flux verify` names them all); they are tried every second",
    )


def _can_be_read(vault: FolderVault, sha256: str) -> bool:
    try:
        with vault.path(sha256).open("rb") as file:
            file.read(1)
    except (OSError, VaultError):
        return False
    return True


def _name(lost: Sequence[Needed]) -> str:
    named = [f"flow {each.flow_number} ({each.sha256[:12]}...)" for each in lost[:_NEEDED_NAMED]]
    return ", ".join(named) + (", ..." if len(lost) > _NEEDED_NAMED else "")


def _diagnose_backup(backup: BackupSettings, gateway: str, database: Database, now: datetime) -> Diagnosis:
    """Well as long as no flow has waited for a backup longer than it may."""
    with database.read() as connection:
        last = last_backup(connection, gateway)
        since = waits_since(connection, gateway, last.last_flow if last else 0)
    well = since is None or since >= now - timedelta(days=backup.notice_days)
    made = f"{last.at.astimezone(PARIS):%Y-%m-%d %H:%M}, {last.folder}" if last else "none was made"
    waits = f"; flows since {since.astimezone(PARIS):%Y-%m-%d %H:%M} are in none" if last and since else ""
    return Diagnosis(
        subject="backup",
        well=well,
        state=made + waits,
        advice="" if well else "flux backup DIR, daily; where something else makes copies: [backup] notice_days = 0",
    )


def _diagnose_official(queries: LedgerQueries, now: datetime) -> Diagnosis:
    """What the official engine beside ours said lately."""
    if not is_engine_installed():
        return Diagnosis(
            subject="official engine", well=False, state="not installed", advice="pip install 'flux[official]'"
        )
    counts = queries.count_findings((DISAGREES, FAILED), since=now - OFFICIAL_SPAN)
    told = [f"{code}: {count}" for code, count in sorted(counts.items())]
    return Diagnosis(
        subject="official engine",
        well=not told,
        state=f"{', '.join(told) or 'no disagreement'} in {OFFICIAL_SPAN.days} days",
        advice=f"flux flows list --code {min(counts)}" if told else "",
    )
