"""`flux backup`: the ledger, the register, the configuration and every archived byte, while the gateway is at work."""

import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from flux import __version__
from flux.app.operations import open_ledger, vault_owner
from flux.app.sealing import tell_seals
from flux.app.verifying import Progress
from flux.backup.archive import LIST, STORE, Copying, copy_archive, write_list
from flux.backup.generations import begin, finish, keep_file, open_backups, prune
from flux.backup.manifest import ArchiveNote, KeptFile, Manifest, SealNote
from flux.backup.snapshot import SUFFIXES, kind_of, take_snapshot
from flux.config import Settings
from flux.errors import BackupError
from flux.ledger.backups import BackupNote, last_flow, note_backup
from flux.ledger.database import Database
from flux.ledger.references import References, open_references
from flux.ledger.seals import last_seal, seal_heads
from flux.ledger.tables import flows
from flux.ledger.vault import FolderVault
from flux.model.ports import Report
from flux.register.database import file_of
from flux.register.database import open_database as open_register_database

PLAIN = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupRequest:
    """Where to, with the key of the account hashes or without, and how many generations stay, all where None."""

    folder: Path
    config_path: Path
    with_account_key: bool = False
    keep: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupDone:
    """The generation that was made, what was copied for it, what went, and whether it lies on the vault's own disk."""

    generation: Path
    manifest: Manifest
    copied: Copying
    pruned: Sequence[Path]
    pruned_files: int
    on_same_disk: bool


def back_up(settings: Settings, request: BackupRequest, report: Report, progress: Progress) -> BackupDone:
    """Make a generation. Raises BackupError, LedgerError; what was there stays as it was."""
    _refuse_own_folders(settings, request.folder)
    try:
        with ExitStack() as held:
            database = held.enter_context(open_ledger(settings))
            held.enter_context(open_backups(request.folder))
            held.enter_context(FolderVault(settings.vault.path).reading())
            return _make(_Making(settings, request, database, progress), report)
    except OSError as error:
        raise BackupError(f"the backup could not be written: {error}") from error


@dataclass(frozen=True, slots=True)
class _Making:
    """What every step of a backup needs."""

    settings: Settings
    request: BackupRequest
    database: Database
    progress: Progress

    def telling(self, stage: str) -> Callable[[float], None]:
        """Tells the share of one stage."""
        return lambda share: self.progress(stage, share)


def _make(making: _Making, report: Report) -> BackupDone:
    at = datetime.now(UTC)
    tell_seals(seal_heads(making.database, at), report)
    with making.database.read() as connection:
        seal = last_seal(connection)
        count = connection.scalar(select(func.count()).select_from(flows)) or 0
        latest = last_flow(connection)
    part = begin(making.request.folder, at)
    with open_references() as references:
        # Before the snapshot and after it: what is retired meanwhile, and what is received, are both in one of them.
        _gather(making, references)
        ledger = _snapshot(making.database, part, "ledger", making.telling("ledger"))
        register = _snapshot_register(making, part)
        _gather(making, references)
        archive, copied = _copy(making, part, references)
    manifest = Manifest(
        at=at,
        flux=__version__,
        gateway=making.settings.gateway.name,
        flows=count,
        seal=SealNote(number=seal.number, hash=seal.hash) if seal else None,
        ledger=ledger,
        register=register,
        account_key=_keep_key(making, part),
        config=_keep_plain(making.request.config_path, part),
        archive=archive,
    )
    generation = finish(part, manifest)
    note_backup(making.database, BackupNote(gateway=manifest.gateway, at=at, folder=str(generation), last_flow=latest))
    keep = making.request.keep
    pruned, pruned_files = prune(making.request.folder, keep) if keep else ((), 0)
    return BackupDone(
        generation=generation,
        manifest=manifest,
        copied=copied,
        pruned=pruned,
        pruned_files=pruned_files,
        on_same_disk=generation.stat().st_dev == making.settings.vault.path.stat().st_dev,
    )


def _snapshot(database: Database, part: Path, stem: str, tell: Callable[[float], None]) -> KeptFile:
    kind = kind_of(database)
    target = part / (stem + SUFFIXES[kind])
    take_snapshot(database, target, tell)
    return keep_file(target, kind)


def _snapshot_register(making: _Making, part: Path) -> KeptFile | None:
    url = making.settings.register.url
    file = file_of(url)
    if not url or (file is not None and not file.exists()):
        return None
    database = open_register_database(url)
    try:
        return _snapshot(database, part, "register", making.telling("register"))
    finally:
        database.close()


def _gather(making: _Making, references: References) -> None:
    references.gather(making.database.read, gateway=vault_owner(making.settings, making.database))


def _copy(making: _Making, part: Path, references: References) -> tuple[ArchiveNote, Copying]:
    """After the snapshot: every byte that it names is in the vault by now, and stays while the vault is held."""
    files, size = references.totals()

    def tell(done: Copying) -> None:
        making.progress("archive", (done.files + done.held + len(done.lacks)) / max(files, 1))

    hashes = write_list((reference.sha256 for reference in references.kept()), part / LIST)
    copied = copy_archive(hashes, making.settings.vault.path, making.request.folder / STORE, tell)
    missing = tuple(lack.sha256 for lack in copied.lacks)
    return ArchiveNote(list=keep_file(part / LIST, PLAIN), files=files, bytes=size, missing=missing), copied


def _keep_key(making: _Making, part: Path) -> KeptFile | None:
    key = making.settings.register.account_key
    return _keep_plain(key, part) if making.request.with_account_key and key.exists() else None


def _keep_plain(path: Path, part: Path) -> KeptFile:
    copy = part / path.name
    copy.touch(mode=0o600)
    shutil.copyfile(path, copy)
    return keep_file(copy, PLAIN)


def _refuse_own_folders(settings: Settings, folder: Path) -> None:
    """A backup inside of what the gateway works in would be taken for a partner's, or emptied; its store is pruned."""
    own = (settings.gateway.inbox, settings.gateway.outbox, settings.vault.path, settings.vault.spool)
    place, store = folder.resolve(), (folder / STORE).resolve()
    for each in own:
        ours = each.resolve()
        if place.is_relative_to(ours) or store.is_relative_to(ours) or ours.is_relative_to(store):
            raise BackupError(
                f"{folder} or its {STORE} lies in or around {each}, where the gateway works; "
                "choose another folder, on another disk"
            )
