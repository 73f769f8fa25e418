"""A file of a backup put back under its name, whole or not at all, and what SQLite may have beside it."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from flux.durable import give_to_owner, make_folders, rename_synced

_RESTORING = ".restoring"


def put_back_file(source: Path, target: Path) -> None:
    """On disk under its name only when it is whole."""
    rename_synced(copy_aside(source, target), target)


def copy_aside(source: Path, target: Path) -> Path:
    """A copy beside its target, for its owner alone; nothing of an earlier one stays, nor of its journal."""
    make_folders(target.parent)
    aside = target.with_name(target.name + _RESTORING)
    for left in with_journals(aside):
        left.unlink(missing_ok=True)
    aside.touch(mode=0o600)
    give_to_owner(aside)
    shutil.copyfile(source, aside)
    sync_file(aside)
    return aside


def sync_file(path: Path) -> None:
    """Return once the bytes of a file are on disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def with_journals(file: Path) -> Sequence[Path]:
    """A database of SQLite, and the files that it may have beside it."""
    return [file.with_name(file.name + suffix) for suffix in ("", "-wal", "-shm", "-journal")]
