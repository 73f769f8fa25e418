"""What lies in the inbox now: the source of truth, with or without events."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from flux.intake.folders import list_partners, partner_folder
from flux.intake.settings import IntakeSettings
from flux.intake.stability import Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A folder that could not be listed; the others were."""

    folder: Path
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """The looks of one sweep, folder by folder, and what could not be looked at."""

    looks: tuple[Look, ...]
    unreadable: tuple[Unreadable, ...] = ()


def sweep_inbox(inbox: Path, settings: IntakeSettings, expected: Iterable[str] = ()) -> Sweep:
    """Look at every file of every partner's folder, known or not, and at those in the inbox itself.

    The folders of `expected` partners were made at the start: one that is not there now was moved, removed or unmounted.
    """
    looks: list[Look] = []
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
            looks.extend(_look_into(folder, partner, settings))
        except OSError as error:
            # A folder removed meanwhile is told too: one that is unmounted looks the same.
            unreadable.append(Unreadable(folder=folder, error=str(error)))
    return Sweep(looks=tuple(looks), unreadable=tuple(unreadable))


def _look_into(folder: Path, partner: str, settings: IntakeSettings) -> list[Look]:
    with os.scandir(folder) as entries:
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
