"""Files and folders of this machine, written so that they survive a power cut."""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def write_synced(pieces: Iterable[bytes], path: Path) -> int:
    """Write a file and wait until the disk holds it; the number of bytes. A link of that name is not followed."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor has no Path
        size = sum(map(file.write, pieces))
        file.flush()
        os.fsync(descriptor)
    return size


def rename_synced(old: Path, new: Path) -> None:
    """Rename inside a folder and wait until the disk holds the new name."""
    old.replace(new)
    sync_folder(new.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the disk holds the names of a folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folders(folder: Path) -> None:
    """Make a folder and those that lead to it, each on disk before the next."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        give_to_owner(path)
        sync_folder(path.parent)


def give_to_owner(path: Path) -> None:
    """What root made goes to the owner and group of the folder in which it lies, whose user could not open it otherwise.

    Does nothing for any other user, for what is not root's, and for a link or a file of a second name, which may lead elsewhere.
    """
    if os.geteuid() != 0:
        return
    with suppress(OSError):  # a file system that knows no owners, or not this one: the file stays root's
        owner, made = path.parent.stat(), path.lstat()
        is_single = stat.S_ISDIR(made.st_mode) or (stat.S_ISREG(made.st_mode) and made.st_nlink == 1)
        if owner.st_uid != 0 and made.st_uid == 0 and is_single:
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def keep_whole(pieces: Iterable[bytes], target: Path, temporary: Path) -> int:
    """Write a file under a temporary name beside its target and rename it there; the number of bytes.

    Whatever fails on the way, also in `pieces`, leaves neither of the two names behind; where only the sync of the new name
    fails, the target stays, for it is whole and may be the only copy.
    """
    try:
        size = write_synced(pieces, temporary)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)
    return size
