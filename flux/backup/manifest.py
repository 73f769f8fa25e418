"""The manifest of a generation: what it holds, with hashes, and up to where the journal had come."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flux.errors import BackupError

FORMAT = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file of a generation. `kind` says how it is put back: "sqlite", "postgresql" or "file"."""

    file: str
    kind: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SealNote:
    """The last seal of the journal before the backup: `flux verify --against` compares a ledger with it."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveNote:
    """The archived bytes: the file that lists them, how many there are, and the hashes of those that were not there."""

    list: KeptFile
    files: int
    bytes: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a generation holds. `flows` counts those received when the backup began."""

    at: datetime
    flux: str
    gateway: str
    flows: int
    seal: SealNote | None
    ledger: KeptFile
    register: KeptFile | None
    account_key: KeptFile | None
    config: KeptFile
    archive: ArchiveNote

    @property
    def files(self) -> tuple[KeptFile, ...]:
        """Every file beside the manifest."""
        held = (self.ledger, self.register, self.account_key, self.config, self.archive.list)
        return tuple(file for file in held if file is not None)


def write_manifest(manifest: Manifest) -> bytes:
    """The manifest as JSON, for a person as well."""
    table = {"format": FORMAT, **asdict(manifest), "at": manifest.at.isoformat()}
    return json.dumps(table, indent=2, ensure_ascii=False).encode() + b"\n"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation. Raises BackupError where it is none, or of another version."""
    path = folder / MANIFEST
    try:
        table = json.loads(path.read_bytes())
    except OSError as error:
        raise BackupError(f"{path}: {error.strerror}; the folder of a generation expected") from error
    except ValueError as error:
        raise BackupError(f"{path}: no manifest of a backup: {error}") from error
    try:
        if table["format"] != FORMAT:
            raise BackupError(f"{path}: format {table['format']}, this version of flux reads {FORMAT}")
        return _manifest(table)
    except (KeyError, TypeError, ValueError) as error:
        raise BackupError(f"{path}: no manifest of a backup: {error!r}") from error


def _manifest(table: Mapping[str, Any]) -> Manifest:
    archive = table["archive"]
    return Manifest(
        at=datetime.fromisoformat(table["at"]),
        flux=table["flux"],
        gateway=table["gateway"],
        flows=table["flows"],
        seal=SealNote(**table["seal"]) if table["seal"] else None,
        ledger=KeptFile(**table["ledger"]),
        register=_file(table["register"]),
        account_key=_file(table["account_key"]),
        config=KeptFile(**table["config"]),
        archive=ArchiveNote(
            list=KeptFile(**archive["list"]),
            files=archive["files"],
            bytes=archive["bytes"],
            missing=tuple(archive["missing"]),
        ),
    )


def _file(table: Mapping[str, Any] | None) -> KeptFile | None:
    return KeptFile(**table) if table else None
