"""`flux verify`: the ledger, its journal, its seals and every archived byte, while the gateway may be at work."""

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from flux.app.operations import open_ledger, vault_owner
from flux.backup.manifest import MANIFEST
from flux.config import Settings
from flux.errors import ConfigError
from flux.ledger.database import Database
from flux.ledger.faults import Fault, Scope, SealMark, Tally
from flux.ledger.file_check import check_pages, check_rows
from flux.ledger.journal_check import check_journal, numbers_in
from flux.ledger.references import open_references
from flux.ledger.seal_check import check_seals
from flux.ledger.seals import last_seal
from flux.ledger.vault_check import check_vault, count_unreferenced

__all__ = ["Fault", "Scope", "Verification", "read_mark", "verify"]

_MARK = re.compile(r"(\d+):([0-9a-f]{64})")
# Between two tellings of how far the journal is read.
_FLOWS_AT_ONCE = 5_000

# What is being looked at, and the share of it that is done.
Progress = Callable[[str, float], None]


@dataclass(slots=True, kw_only=True)
class Verification:
    """What was looked at, what is wrong, and how long each part took, in seconds."""

    tally: Tally = field(default_factory=Tally)
    faults: int = 0
    last_seal: SealMark | None = None
    journal_seconds: float = 0.0
    vault_seconds: float = 0.0


def read_mark(text: str) -> SealMark:
    """A seal that was noted elsewhere: NUMBER:HASH, a manifest, or the folder of a backup. Raises ConfigError."""
    match = _MARK.fullmatch(text)
    if match:
        return SealMark(int(match[1]), match[2])
    path = Path(text) / MANIFEST if Path(text).is_dir() else Path(text)
    try:
        seal = json.loads(path.read_text(encoding="utf-8"))["seal"]
        return SealMark(int(seal["number"]), str(seal["hash"]))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; NUMBER:HASH or the manifest of a backup expected") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path}: no manifest of a backup with a seal in it") from error


def verify(
    settings: Settings, scope: Scope, mark: SealMark | None, progress: Progress, done: Verification
) -> Iterator[Fault]:
    """What is not as it was written, one by one; `done` is filled meanwhile. Raises LedgerError."""
    with open_ledger(settings) as database:
        yield from verify_ledger(
            Inspection(database, settings.vault.path, scope, mark, vault_owner(settings, database)), progress, done
        )


class Inspection(NamedTuple):
    """What is looked at: a ledger and a vault, how much, the seal to go on from, whose flows lie in the vault (None: all)."""

    database: Database
    vault: Path
    scope: Scope
    mark: SealMark | None
    gateway: str | None


def verify_ledger(asked: Inspection, progress: Progress, done: Verification) -> Iterator[Fault]:
    """The same on an open ledger."""
    for fault in _look(asked, progress, done):
        done.faults += 1
        yield fault


def _look(asked: Inspection, progress: Progress, done: Verification) -> Iterator[Fault]:
    database, scope, mark = asked.database, asked.scope, asked.mark
    if scope.is_whole:
        progress("database", 0.0)
        damaged = check_pages(database)
        yield from damaged
        if damaged:
            return  # what a damaged file says of the rest proves nothing
        yield from check_rows(database)
    first, last = numbers_in(database, scope)
    yield from _look_at_journal(database, first, last, progress, done)
    if scope.is_whole or mark is not None:
        progress("seals", 0.0)
        yield from check_seals(database, mark, done.tally)
    if first <= last:
        yield from _look_at_vault(asked, first, progress, done)
    with database.read() as connection:
        seal = last_seal(connection)
    done.last_seal = SealMark(seal.number, seal.hash) if seal is not None else None


def _look_at_journal(
    database: Database, first: int, last: int, progress: Progress, done: Verification
) -> Iterator[Fault]:
    began = time.monotonic()
    for start in range(first, last + 1, _FLOWS_AT_ONCE):
        progress("journal", (start - first) / max(last - first, 1))
        yield from check_journal(database, start, min(start + _FLOWS_AT_ONCE - 1, last), done.tally)
    done.journal_seconds = time.monotonic() - began


def _look_at_vault(asked: Inspection, first: int, progress: Progress, done: Verification) -> Iterator[Fault]:
    began = time.monotonic()
    with open_references() as references:
        references.gather(asked.database.read, only=asked.scope.flow, since=first, gateway=asked.gateway)
        _, total = references.totals()
        read = 0

        def tell(size: int) -> None:
            nonlocal read
            read += size
            progress("vault", read / max(total, 1))

        yield from check_vault(asked.vault, references, done.tally, tell)
        done.vault_seconds = time.monotonic() - began
        if asked.scope.is_whole:
            done.tally.unreferenced = count_unreferenced(asked.vault, references)
