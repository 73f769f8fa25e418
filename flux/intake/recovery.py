"""Finding the claims that a crash left behind. Only for who holds the gateway's lock: a claim in use looks the same."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flux.errors import IntakeError
from flux.intake.claim import Claim, claims_folder, mark
from flux.intake.folders import partner_folder
from flux.intake.pulled import NOTE_SUFFIX, finish_pulls, read_note


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """The claims that were found, and why single ones could not be: those stay where they are until the next start."""

    claims: Sequence[Claim] = ()
    failures: Sequence[OSError] = ()


def recover(inbox: Path, gateway: str, partner: str, marker_suffix: str = "") -> Recovered:
    """The claims that this gateway left behind in a partner's folder; the ledger may hold some of them already.

    Raises IntakeError where the folder cannot be read.
    """
    folder = partner_folder(inbox, partner)
    place = claims_folder(folder, gateway)
    if place.parent.is_symlink() or place.is_symlink() or not place.is_dir():
        return Recovered()
    try:
        failures = finish_pulls(place)
        with os.scandir(place) as entries:
            ids = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
        found = [_claim_in(place / claim_id, gateway, partner, folder) for claim_id in ids]
        claims = [claim for claim in found if claim is not None and not _was_released(claim, marker_suffix)]
        if marker_suffix:
            _remove_orphan_markers(claims, marker_suffix)
    except OSError as error:
        raise IntakeError(f"claims of {partner or 'nobody'} cannot be recovered: {error}") from error
    return Recovered(claims=claims, failures=failures)


def _claim_in(place: Path, gateway: str, partner: str, folder: Path) -> Claim | None:
    names = [path.name for path in place.iterdir()]
    if not names:
        place.rmdir()  # the crash came before the rename, or after the file was let go
    if len(names) != 1:
        return None  # two files under one claim are not our doing: they stay for an operator to see
    pulled = read_note(place.with_name(place.name + NOTE_SUFFIX))
    name = pulled.name if pulled else names[0]
    return Claim(
        id=place.name, gateway=gateway, partner=partner, name=name, folder=folder, pulled=pulled, claimed_as=names[0]
    )


def _was_released(claim: Claim, marker_suffix: str) -> bool:
    """True where the crash came while the file was put back; then that is finished, or it would be taken twice."""
    back = claim.folder / claim.name
    if claim.pulled or not back.exists() or not back.samefile(claim.path):
        return False
    mark(claim, marker_suffix)
    claim.path.unlink()
    claim.place.rmdir()
    return True


def _remove_orphan_markers(claims: Iterable[Claim], suffix: str) -> None:
    """A marker left by a crash would vouch for the next file of its name, whole or not."""
    for claim in claims:
        if claim.pulled is None and not (claim.folder / claim.name).exists():
            (claim.folder / (claim.name + suffix)).unlink(missing_ok=True)
