"""What lies in the inbox now: the source of truth, with or without events."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from flux.intake.folders import list_partners, partner_folder
from flux.intake.settings import IntakeSettings
from flux.intake.stability import Look, is_takeable

# Every ext file system has one at its root, and a partner's folder may be a mount.
_OF_THE_FILE_SYSTEM = "lost+found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A folder that could not be listed; the others were."""

    folder: Path
    error: str


class EntryKind(Enum):
    """What lies in a partner's folder and is never taken."""

    FOLDER = "folder"
    LINK = "link"
    SPECIAL = "special"  # a pipe, a socket, a device


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """What lies where files are taken and is none; `partner` is empty for what lies in the inbox itself."""

    partner: str
    name: str
    kind: EntryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """The looks of one sweep, folder by folder, what could not be looked at, and what is no file."""

    looks: tuple[Look, ...]
    unreadable: tuple[Unreadable, ...] = ()
    ignored: tuple[Ignored, ...] = ()


def sweep_inbox(inbox: Path, settings: IntakeSettings, expected: Iterable[str] = ()) -> Sweep:
    """Look at every file of every partner's folder, known or not, and at those in the inbox itself.

    The folders of `expected` partners were made at the start: one that is not there now was moved, removed or unmounted.
    """
    looks: list[Look] = []
    ignored: list[Ignored] = []
    try:
        partners = list_partners(inbox)
    except OSError as error:
        return Sweep(looks=(), unreadable=(Unreadable(folder=inbox, error=str(error)),))
    unreadable = [
        Unreadable(folder=partner_folder(inbox, missing), error="the folder is not there")
        for missing in sorted(set(expected).difference(partners))
    ]
    for partner in partners:
        folder = partner_folder(inbox, partner)
        try:
            entries = _entries_of(folder)
            looks.extend(_look_at_files(entries, partner, settings))
            ignored.extend(_find_ignored(entries, partner, settings))
        except OSError as error:
            # A folder removed meanwhile is told too: one that is unmounted looks the same.
            unreadable.append(Unreadable(folder=folder, error=str(error)))
    return Sweep(looks=tuple(looks), unreadable=tuple(unreadable), ignored=tuple(ignored))


def _entries_of(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)


def _find_ignored(entries: Iterable[os.DirEntry[str]], partner: str, settings: IntakeSettings) -> Iterator[Ignored]:
    for entry in entries:
        if entry.is_file(follow_symlinks=False) or not is_takeable(entry.name, settings):
            continue
        kind = _kind_of(entry)
        if kind is EntryKind.FOLDER and entry.name == _OF_THE_FILE_SYSTEM:
            continue
        if partner or kind is not EntryKind.FOLDER:  # the folders of the inbox are the partners'
            yield Ignored(partner=partner, name=entry.name, kind=kind)


def _kind_of(entry: os.DirEntry[str]) -> EntryKind:
    if entry.is_symlink():
        return EntryKind.LINK
    return EntryKind.FOLDER if entry.is_dir(follow_symlinks=False) else EntryKind.SPECIAL


def _look_at_files(entries: Iterable[os.DirEntry[str]], partner: str, settings: IntakeSettings) -> list[Look]:
    files = [entry for entry in entries if entry.is_file(follow_symlinks=False)]
    markers = _markers(files, settings.marker_suffix)
    looks = (_look_at(entry, partner, markers) for entry in files)
    return [look for look in looks if look is not None]


def _markers(files: list[os.DirEntry[str]], suffix: str) -> frozenset[str]:
    """The names that a marker vouches for."""
    if not suffix:
        return frozenset()
    return frozenset(entry.name[: -len(suffix)] for entry in files if entry.name.endswith(suffix))


def _look_at(entry: os.DirEntry[str], partner: str, markers: frozenset[str]) -> Look | None:
    try:
        stat = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None  # taken by another gateway, or back by its sender
    return Look(
        partner=partner,
        name=entry.name,
        size_bytes=stat.st_size,
        mtime_ns=stat.st_mtime_ns,
        inode=stat.st_ino,
        is_marked=entry.name in markers,
    )
