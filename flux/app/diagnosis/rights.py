"""May the gateway's user do what it must: where root asks, the system would say yes to everything."""

import os
import pwd
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from flux.app.authority import login
from flux.app.diagnosis.folders import own_folders, partner_folders
from flux.app.diagnosis.line import Diagnosis
from flux.app.disks import nearest
from flux.config import Settings
from flux.register.database import file_of

_NAMED = 5
_FOLDER_RIGHTS = os.R_OK | os.W_OK | os.X_OK
_FILE_RIGHTS = os.R_OK | os.W_OK


@dataclass(frozen=True, slots=True, kw_only=True)
class _User:
    """Whom the folders of the installation belong to; `groups` are the numbers of its groups."""

    number: int
    name: str
    groups: frozenset[int]

    def may(self, path: Path, rights: int) -> bool:
        """By owner, group and mode where root asks, else as the system tells for who asks. Raises OSError."""
        if os.geteuid() != 0:
            return os.access(path, rights, effective_ids=True)
        status = path.stat()
        shift = 6 if status.st_uid == self.number else 3 if status.st_gid in self.groups else 0
        return self.number == 0 or (status.st_mode >> shift) & rights == rights


def diagnose_rights(settings: Settings) -> Iterator[Diagnosis]:
    """Who asks, where that is root and the folders are another's; then each thing that this user may not open or write."""
    user = _owner_of(nearest(settings.vault.path))
    if os.geteuid() == 0 and user.number != 0:
        yield Diagnosis(
            subject="user",
            well=False,
            state=f"asked by root; the folders belong to {user.name}: what was written above was written by root",
            advice=f"ask as that user: sudo -u {user.name} flux doctor",
        )
    refused = [path for path, rights in _wanted(settings) if not _may(user, path, rights)]
    yield Diagnosis(
        subject="rights",
        well=not refused,
        state=_tell(refused, user) if refused else f"{user.name} may open and write what flux keeps",
        advice=f"give them to that user: chown {user.name} FILE, chmod u+rw FILE (u+rwx for folders)"
        if refused
        else "",
    )


def _owner_of(folder: Path) -> _User:
    status = folder.stat()
    try:
        entry = pwd.getpwuid(status.st_uid)
    except KeyError:  # a user of another machine, as on a shared disk
        return _User(number=status.st_uid, name=f"user {status.st_uid}", groups=frozenset({status.st_gid}))
    groups = frozenset(os.getgrouplist(entry.pw_name, entry.pw_gid))
    return _User(number=status.st_uid, name=entry.pw_name, groups=groups)


def _may(user: _User, path: Path, rights: int) -> bool:
    try:
        return user.may(path, rights)
    except FileNotFoundError:
        return True  # a working gateway removed it meanwhile
    except OSError:
        return False


def _wanted(settings: Settings) -> Iterator[tuple[Path, int]]:
    """What must be opened, with the rights on it. Archived files are left out: there may be millions (`flux verify`)."""
    folders = {folder for _, folder in own_folders(settings)} | {each for _, each, _ in partner_folders(settings)}
    yield from ((folder, _FOLDER_RIGHTS) for folder in sorted(folders) if _is(stat.S_ISDIR, folder))
    yield from ((folder, _FOLDER_RIGHTS) for folder in _folders_in(settings.vault.path))
    yield from _all_in(settings.vault.spool)
    for file in (settings.ledger.file, file_of(settings.register.url)):
        if file is not None:
            # With its journal, its shared memory and its locks.
            yield from (
                (each, _FILE_RIGHTS) for each in sorted(file.parent.glob(f"{file.name}*")) if _is(stat.S_ISREG, each)
            )


def _folders_in(vault: Path) -> Iterator[Path]:
    if _is(stat.S_ISDIR, vault) and os.access(vault, _FOLDER_RIGHTS):
        yield from (each for each in sorted(vault.iterdir()) if _is(stat.S_ISDIR, each))


def _all_in(spool: Path) -> Iterator[tuple[Path, int]]:
    for root, folders, files in os.walk(spool):  # links are not followed
        yield from ((Path(root, each), _FOLDER_RIGHTS) for each in folders)
        yield from ((Path(root, each), os.R_OK) for each in files if _is(stat.S_ISREG, Path(root, each)))


def _is(kind: Callable[[int], bool], path: Path) -> bool:
    try:
        return kind(path.stat().st_mode)
    except OSError:
        return False


def _tell(refused: list[Path], user: _User) -> str:
    named = ", ".join(map(str, refused[:_NAMED])) + (", ..." if len(refused) > _NAMED else "")
    asker = user.name if os.geteuid() == 0 else login()
    return f"{asker} may not open or write {len(refused)}: {named}"
