"""`flux retention`: what has been kept for its years goes, unless a hold keeps it, and what went is told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flux.app.authority import authorise
from flux.app.operations import open_ledger
from flux.config import RetentionSettings, Settings
from flux.ledger.holds import Hold, HoldKind, lift_hold, list_holds, place_hold
from flux.ledger.references import open_references
from flux.ledger.retirement import Cutoffs, RetiredFlow, Share, erase_traces, foresee, retire_flows
from flux.ledger.vault import FolderVault
from flux.model.paris import PARIS

__all__ = ["Hold", "HoldKind", "RetiredFlow", "Share"]

# What was put into the vault within a day may be named by a flow that is not in the ledger yet.
_YOUNG_SECONDS = 86_400.0


@dataclass(slots=True, kw_only=True)
class Erased:
    """What went so far: flows from the ledger, files and their bytes from the vault."""

    flows: int = 0
    files: int = 0
    bytes: int = 0


def cutoffs_of(settings: RetentionSettings, now: datetime) -> Cutoffs:
    """What was received in a year that ended as many years ago as the settings say is over. Years are those of Paris."""
    this_year = now.astimezone(PARIS).year
    return Cutoffs(
        accepted=_new_year(this_year - settings.accepted_years), refused=_new_year(this_year - settings.refused_years)
    )


def show_retention(settings: Settings) -> Sequence[Share]:
    """What would go now. Changes nothing."""
    with open_ledger(settings) as database:
        return foresee(database, cutoffs_of(settings.retention, datetime.now(UTC)))


def erase(settings: Settings, by: str, done: Erased) -> Iterator[RetiredFlow]:
    """Erase what is over, first from the ledger, then from the vault; what an erasure left that was cut off goes too."""
    at = datetime.now(UTC)
    with open_ledger(settings) as database:
        for flow in retire_flows(database, cutoffs_of(settings.retention, at), by=by, at=at):
            done.flows += 1
            yield flow
        erase_traces(database)
        with open_references() as references:
            references.gather(database.read)
            unneeded = (each.sha256 for each in references.unneeded())
            for blob in FolderVault(settings.vault.path).remove(unneeded, older_than=_YOUNG_SECONDS):
                done.files += 1
                done.bytes += blob.size_bytes


def hold(settings: Settings, kind: HoldKind, value: str, by: str, reason: str) -> int:
    """Keep what a value names, whatever its age; the number of the hold."""
    with open_ledger(settings) as database:
        return place_hold(database, kind, value, authorise(by, reason))


def lift(settings: Settings, number: int, by: str, reason: str) -> None:
    """End a hold. Raises LedgerError for one that does not stand."""
    with open_ledger(settings) as database:
        lift_hold(database, number, authorise(by, reason))


def holds(settings: Settings) -> Sequence[Hold]:
    """Every hold, also those that were lifted."""
    with open_ledger(settings) as database, database.read() as connection:
        return list_holds(connection)


def _new_year(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=PARIS)
