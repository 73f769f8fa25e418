"""`flux restore`: a generation put back where the configuration says, and what may have been done since held back."""

import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from flux.app.files_restoring import put_back_file, with_journals
from flux.app.installation import load_settings, make_folders
from flux.app.ledger_restoring import put_back_ledger
from flux.app.verifying import Progress
from flux.backup.archive import STORE, Lack, check_archive, copy_archive, read_list
from flux.backup.generations import check_files, find_generation, list_generations
from flux.backup.manifest import KeptFile, Manifest, read_manifest
from flux.backup.snapshot import POSTGRESQL, SQLITE, put_back_postgresql
from flux.config import Settings
from flux.durable import make_folders as make_synced_folders
from flux.errors import BackupError
from flux.ledger.lock import hold_file
from flux.ledger.restored import Unsettled
from flux.register.database import file_of
from flux.register.database import open_database as open_register_database
from flux.transport.settings import AfterFetch

__all__ = ["Generation", "Lack", "RestoreDone", "check_generation", "read_generation", "restore"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """A generation that was found whole, and those that are younger beside it."""

    folder: Path
    manifest: Manifest
    younger: Sequence[Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreDone:
    """What was put back: bytes that the generation lacks, what a person must look at, what is not in the backup.

    `keeping` names the partners whose files stay on their servers, and will be fetched again.
    """

    generation: Generation
    wrote_config: bool
    lacks: Sequence[Lack]
    unsettled: Unsettled | None
    lacks_account_key: bool
    keeping: Sequence[str]


def read_generation(path: Path) -> Generation:
    """A generation, or the latest of a folder of backups; its files are read again. Raises BackupError."""
    folder = find_generation(path)
    manifest = read_manifest(folder)
    check_files(folder, manifest)
    younger = [each for each in list_generations(folder.parent) if each.name > folder.name]
    return Generation(folder=folder, manifest=manifest, younger=younger)


def check_generation(generation: Generation, progress: Progress) -> Sequence[Lack]:
    """Read every archived byte of a generation again; what is missing or altered. Writes nothing."""
    manifest = generation.manifest
    listed = read_list(generation.folder / manifest.archive.list.file)
    tell = _telling("archive", manifest, progress)
    return tuple(check_archive(listed, generation.folder.parent / STORE, tell))


def restore(generation: Generation, config_path: Path, *, moved: bool, progress: Progress) -> RestoreDone:
    """Put a generation back into an installation that holds nothing yet; the ledger last, so that a cut is seen.

    With `moved` nobody worked since the backup: nothing is held back. Raises BackupError, LedgerError.
    """
    try:
        wrote_config = _write_config(generation, config_path)
        settings = load_settings(config_path, must_pin=False)
        _expect_nothing(settings, generation)
        make_folders(settings)
        with _without_gateway(settings):
            _expect_nothing(settings, generation)
            lacks = _put_back_archive(generation, settings, progress)
            _put_back_register(generation, settings)
            unsettled = put_back_ledger(_ledger_of(generation), settings, moved=moved)
    except OSError as error:
        raise BackupError(f"the backup could not be put back: {error}") from error
    key = settings.register.account_key
    return RestoreDone(
        generation=generation,
        wrote_config=wrote_config,
        lacks=lacks,
        unsettled=unsettled,
        lacks_account_key=generation.manifest.register is not None and not key.exists(),
        keeping=() if moved else _keeping(settings),
    )


def _keeping(settings: Settings) -> Sequence[str]:
    return [
        name
        for name, partner in settings.partners.items()
        if partner.pickup is not None and partner.pickup.after_fetch is AfterFetch.KEEP
    ]


def _without_gateway(settings: Settings) -> AbstractContextManager[None]:
    """On PostgreSQL, where the lock is the database's, it is taken once that is to be filled."""
    file = settings.ledger.file
    if file is None:
        return nullcontext()
    make_synced_folders(file.parent)
    return hold_file(file)


def _write_config(generation: Generation, config_path: Path) -> bool:
    """The configuration of the backup, where there is none."""
    if config_path.exists():
        return False
    config_path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(generation.folder / generation.manifest.config.file, config_path)
    return True


def _expect_nothing(settings: Settings, generation: Generation) -> None:
    """Refuse to mix two pasts. Bytes that the generation names may be there: a restore may have been cut off."""
    for name, file in (("ledger", settings.ledger.file), ("register", file_of(settings.register.url))):
        if file is None:
            continue
        # SQLite would play the journal of a ledger that is gone into the one put back.
        for left in filter(Path.exists, with_journals(file)):
            raise BackupError(f"{left}: a {name} is there already; restore into an installation that holds nothing")
    _expect_kind("ledger", generation.manifest.ledger, settings.ledger.file)
    if generation.manifest.register is not None:
        _expect_kind("register", generation.manifest.register, file_of(settings.register.url))
    listed = set(read_list(generation.folder / generation.manifest.archive.list.file))
    for file in settings.vault.path.glob("[0-9a-f][0-9a-f]/*"):
        if file.name not in listed:
            raise BackupError(f"{file} is not of this backup; restore into an installation that holds nothing")


def _expect_kind(name: str, kept: KeptFile, file: Path | None) -> None:
    wanted = SQLITE if file is not None else POSTGRESQL
    if kept.kind != wanted:
        raise BackupError(f"the {name} of the backup is of {kept.kind}, [{name}] url names {wanted}")


def _put_back_archive(generation: Generation, settings: Settings, progress: Progress) -> Sequence[Lack]:
    manifest = generation.manifest
    tell = _telling("archive", manifest, progress)
    copied = copy_archive(
        read_list(generation.folder / manifest.archive.list.file),
        generation.folder.parent / STORE,
        settings.vault.path,
        lambda done: tell(done.files + done.held + len(done.lacks)),
    )
    return copied.lacks


def _put_back_register(generation: Generation, settings: Settings) -> None:
    manifest = generation.manifest
    key = settings.register.account_key
    if manifest.account_key is not None and not key.exists():
        put_back_file(generation.folder / manifest.account_key.file, key)
    kept, file = manifest.register, file_of(settings.register.url)
    if kept is None:
        return
    if file is not None:
        put_back_file(generation.folder / kept.file, file)
        return
    database = open_register_database(settings.register.url)
    try:
        put_back_postgresql(generation.folder / kept.file, database)
    finally:
        database.close()


def _ledger_of(generation: Generation) -> Path:
    return generation.folder / generation.manifest.ledger.file


def _telling(stage: str, manifest: Manifest, progress: Progress) -> Callable[[int], None]:
    return lambda files: progress(stage, files / max(manifest.archive.files, 1))
