"""Taking a file for ourselves: a rename inside its own file system, which one gateway alone can win.

    inbox/<partner>/.claims/<gateway>/<claim id>/<name>   the file
    inbox/<partner>/.claims/<gateway>/<claim id>.pulled   what it was on the partner's server, and its name, where it was pulled

A claim lasts until the ledger holds its flow.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from flux.durable import give_to_owner, sync_folder
from flux.errors import IntakeError
from flux.intake.folders import partner_folder
from flux.intake.pulled import NOTE_SUFFIX, PulledFile
from flux.intake.stability import Look

CLAIMS = ".claims"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A file that is ours. `folder` is the partner's, `look` what made us take it; a recovered claim has none.

    `claimed_as` is what it is called in its claim, where that is not its name.
    """

    id: str
    gateway: str
    partner: str
    name: str
    folder: Path
    look: Look | None = None
    pulled: PulledFile | None = None
    claimed_as: str = ""

    @property
    def place(self) -> Path:
        """The claim's own folder."""
        return claims_folder(self.folder, self.gateway) / self.id

    @property
    def note(self) -> Path:
        """Where it is written what a pulled file was on its server."""
        return self.place.with_name(self.id + NOTE_SUFFIX)

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self.place / (self.claimed_as or self.name)


def claims_folder(folder: Path, gateway: str) -> Path:
    """Where one gateway keeps its claims of a partner's folder."""
    return folder / CLAIMS / gateway


def new_claim_id() -> str:
    """A name that no claim of any gateway bears."""
    return uuid4().hex


def claim_file(inbox: Path, gateway: str, look: Look, marker_suffix: str = "") -> Claim | None:
    """Take the file; None where it is gone: taken by another gateway, or back by its sender. Raises IntakeError."""
    folder = partner_folder(inbox, look.partner)
    claim = Claim(id=new_claim_id(), gateway=gateway, partner=look.partner, name=look.name, folder=folder, look=look)
    try:
        _make_place(claim)
        if not _move_in(claim):
            return None
    except OSError as error:
        raise IntakeError(f"{look.name} cannot be claimed: {error}") from error
    if marker_suffix:
        with suppress(OSError):  # the file is ours already, whatever becomes of its marker
            (folder / (look.name + marker_suffix)).unlink()
    return claim


def make_claims_folder(folder: Path, gateway: str) -> None:
    """Make the folder of claims where it is missing.

    A link in its place was put there by somebody who wants our files elsewhere: NotADirectoryError. Raises OSError.
    """
    for part in (folder / CLAIMS, claims_folder(folder, gateway)):
        with suppress(FileExistsError):
            part.mkdir(mode=0o700)
        _refuse_link(part)
        give_to_owner(part)


def _make_place(claim: Claim) -> None:
    try:
        _refuse_link(claim.folder / CLAIMS)
        _refuse_link(claim.place.parent)
    except FileNotFoundError:
        make_claims_folder(claim.folder, claim.gateway)
    claim.place.mkdir(mode=0o700)


def _refuse_link(folder: Path) -> None:
    if not stat.S_ISDIR(folder.lstat().st_mode):
        raise NotADirectoryError(f"{folder} is no folder")


def _move_in(claim: Claim) -> bool:
    try:
        (claim.folder / claim.name).rename(claim.path)
    except FileNotFoundError:
        claim.place.rmdir()
        return False
    except OSError:
        claim.place.rmdir()
        raise
    return True


@contextmanager
def open_claim(claim: Claim) -> Iterator[int]:
    """A descriptor to read the file by. Raises IntakeError where it is no regular file or cannot be read.

    Never follows a link, never waits for a pipe: what lies there is the sender's choice.
    """
    try:
        descriptor = os.open(claim.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise IntakeError(f"{claim.name} cannot be opened: {error}") from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise IntakeError(f"{claim.name} is no regular file")
        yield descriptor
    finally:
        os.close(descriptor)


def put_back(claim: Claim, marker_suffix: str = "") -> bool:
    """Give the file its place in the inbox again; false where another has its name by now. The claim is to be dropped then.

    Raises IntakeError.
    """
    try:
        if _holds_folder(claim):
            # A folder has no second link; renamed, it replaces no file either.
            claim.path.rename(claim.folder / claim.name)
        else:
            # A link, unlike a rename, never replaces the file that its sender dropped meanwhile.
            os.link(claim.path, claim.folder / claim.name, follow_symlinks=False)
            mark(claim, marker_suffix)
    except (FileExistsError, NotADirectoryError):
        return False
    except OSError as error:
        raise IntakeError(f"{claim.name} cannot be put back: {error}") from error
    return True


def _holds_folder(claim: Claim) -> bool:
    """True where a folder was swapped in for the file before we took it."""
    return stat.S_ISDIR(claim.path.lstat().st_mode)


def mark(claim: Claim, marker_suffix: str) -> None:
    """Make the marker of a file that is back in the inbox, where files have markers. Raises OSError."""
    if marker_suffix:
        (claim.folder / (claim.name + marker_suffix)).touch()


def look_at_claim(claim: Claim) -> Look | None:
    """The file as it is now; None where it cannot be seen."""
    try:
        seen = claim.path.lstat()
    except OSError:
        return None
    return Look(
        partner=claim.partner,
        name=claim.name,
        size_bytes=seen.st_size,
        mtime_ns=seen.st_mtime_ns,
        inode=seen.st_ino,
    )


def sync_claims(claims: Sequence[Claim]) -> None:
    """Make it durable that the files have left the inbox, so that no power cut puts one back that the ledger holds.

    A folder that is gone was moved, removed or unmounted by whoever has it: nothing comes back from there. Raises IntakeError.
    """
    try:
        # A rename between two folders is two changes for a disk: the file is to be in its claim before it may leave the inbox.
        for claim in claims:
            _sync_where_there(claim.place)
        for place in {claim.place.parent for claim in claims}:
            for folder in (place, place.parent, place.parent.parent):
                _sync_where_there(folder)
    except OSError as error:
        raise IntakeError(f"claims cannot be synced: {error}") from error


def _sync_where_there(folder: Path) -> None:
    with suppress(FileNotFoundError, NotADirectoryError):
        sync_folder(folder)


def drop(claim: Claim) -> None:
    """Let go of a file that the ledger or the inbox holds. Raises IntakeError."""
    try:
        claim.path.unlink(missing_ok=True)
        claim.place.rmdir()
        if claim.pulled is not None:
            claim.note.unlink(missing_ok=True)
    except OSError as error:
        raise IntakeError(f"{claim.name} cannot be removed from the claims: {error}") from error
