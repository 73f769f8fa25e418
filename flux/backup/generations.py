"""The folder of the backups: one generation for each, made aside and named when it is whole, and the store they share."""

import fcntl
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flux.backup.archive import LIST, STORE, UNFINISHED, read_list
from flux.backup.manifest import MANIFEST, KeptFile, Manifest, read_manifest, write_manifest
from flux.durable import make_folders, sync_folder, write_synced
from flux.errors import BackupError

_NAME = "%Y%m%dT%H%M%SZ"
_PART = ".part"
_LOCK = ".lock"


@contextmanager
def open_backups(folder: Path) -> Iterator[None]:
    """Hold the folder, made where it is missing; leftovers of a backup that was cut off are removed. Raises BackupError."""
    try:
        make_folders(folder)
        folder.chmod(0o700)
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise BackupError(f"{folder}: no backup can be written here: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _remove_leftovers(folder)
        yield
    except BlockingIOError as error:
        raise BackupError(f"{folder}: another backup is being written here") from error
    finally:
        os.close(descriptor)


def begin(folder: Path, at: datetime) -> Path:
    """A folder for the files of a generation, for its owner alone; its name is the second, or the next after all others.

    So the last by name is the last that was made, also where a clock was once ahead.
    """
    for latest in list_generations(folder)[-1:]:
        at = max(at, _moment(latest.name) + timedelta(seconds=1))
    while (folder / (name := at.astimezone(UTC).strftime(_NAME))).exists():
        at += timedelta(seconds=1)
    part = folder / f".{name}{_PART}"
    part.mkdir(mode=0o700)
    return part


def keep_file(path: Path, kind: str) -> KeptFile:
    """The file as the manifest knows it, on disk when this returns."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
        return KeptFile(file=path.name, kind=kind, sha256=sha256, size_bytes=file.tell())


def finish(part: Path, manifest: Manifest) -> Path:
    """Write the manifest and give the generation its name: from then on it counts, also after a power cut."""
    write_synced([write_manifest(manifest)], part / MANIFEST)
    sync_folder(part)
    generation = part.with_name(part.name.removeprefix(".").removesuffix(_PART))
    part.rename(generation)
    sync_folder(generation.parent)
    return generation


def list_generations(folder: Path) -> Sequence[Path]:
    """The whole generations, oldest first."""
    return sorted(each for each in folder.glob("*Z") if _is_moment(each.name))


def find_generation(path: Path) -> Path:
    """A generation, or the latest one of a folder of backups. Raises BackupError."""
    if (path / MANIFEST).is_file():
        return path
    generations = list_generations(path)
    if not generations:
        raise BackupError(f"{path}: neither a generation nor a folder of backups")
    return generations[-1]


def check_files(generation: Path, manifest: Manifest) -> None:
    """Read every file beside the manifest again. Raises BackupError naming those that are not what they were."""
    faults = [fault for kept in manifest.files if (fault := _fault_of(generation / kept.file, kept))]
    if faults:
        raise BackupError("\n".join(faults))


def prune(folder: Path, keep: int) -> tuple[Sequence[Path], int]:
    """Remove all but the latest generations, and the bytes that none of those names; what went, and how many files."""
    gone = list_generations(folder)[:-keep]
    for generation in gone:
        aside = generation.with_name(f".{generation.name}{_PART}")
        generation.rename(aside)
        shutil.rmtree(aside)
    return gone, _remove_unnamed(folder) if gone else 0


def _remove_unnamed(folder: Path) -> int:
    """Remove the bytes that no generation names. A damaged list raises BackupError before anything goes."""
    removed = 0
    with closing(sqlite3.connect("")) as named:
        named.execute("CREATE TABLE named (sha256 TEXT PRIMARY KEY) WITHOUT ROWID")
        for generation in list_generations(folder):
            read_manifest(generation)
            hashes = ((sha256,) for sha256 in read_list(generation / LIST))
            named.executemany("INSERT OR IGNORE INTO named VALUES (?)", hashes)
        for file in (folder / STORE).glob("[0-9a-f][0-9a-f]/*"):
            if named.execute("SELECT 1 FROM named WHERE sha256 = ?", (file.name,)).fetchone() is None:
                file.unlink()
                removed += 1
    return removed


def _fault_of(path: Path, kept: KeptFile) -> str | None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return f"{path}: {error.strerror}"
    return None if found == kept.sha256 else f"{path}: SHA-256 {found}, the manifest says {kept.sha256}"


def _remove_leftovers(folder: Path) -> None:
    for part in folder.glob(f".*{_PART}"):
        shutil.rmtree(part)
    for leftover in (folder / STORE / UNFINISHED).glob("*"):
        leftover.unlink()


def _is_moment(name: str) -> bool:
    with suppress(ValueError):
        return _moment(name).strftime(_NAME) == name
    return False


def _moment(name: str) -> datetime:
    return datetime.strptime(name, _NAME).replace(tzinfo=UTC)
