"""Folders that would feed themselves: what flux writes must never be what it reads, nor lie where it empties or cleans."""

import os
import posixpath
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from flux.config.settings import Settings
from flux.register.database import file_of
from flux.transport.settings import TransportKind, TransportSettings

_APART = "choose folders of which none holds the other"


def find_folder_faults(settings: Settings) -> Iterator[str]:
    """What is wrong with where the folders lie. Links are followed, so that two names of one folder are one."""
    ours = _ours(settings)
    for (key, folder), (other, found) in combinations(ours.items(), 2):
        if _touch(folder, found):
            yield f"{key}: {folder} {_relation(folder, found)} {other} {found}: {_APART}"
    for key, file in _files(settings).items():
        for other, found in ours.items():
            if file.is_relative_to(found):
                yield f"{key}: {file} lies in {other} {found}, whose files come and go: keep it elsewhere"
    for name, partner in settings.partners.items():
        if partner.pickup is not None:
            yield from _pickup_faults(f"partners.{name}.pickup.path", partner.pickup, settings)
        if partner.delivery is not None:
            yield from _delivery_faults(f"partners.{name}.delivery.path", partner.delivery, settings)
    yield from _shared_pickups(settings)


def find_shared_deliveries(settings: Settings) -> Iterator[str]:
    """Partners whose files go into one folder: the names of reports may be the same there."""
    seen: dict[tuple[str, ...], str] = {}
    for name in settings.partners:
        place = _place(settings.delivery_end(name))
        if place in seen:
            yield (
                f"partners.{name}.delivery.path: the files of {seen[place]} go there too: each reads what is the other's, "
                "and one name may be given twice; give each partner a folder of its own"
            )
        seen.setdefault(place, name)


def _ours(settings: Settings) -> dict[str, Path]:
    """Our own folders by their key. The spool is that of this gateway alone, which empties it at each start."""
    folders = {
        "gateway.inbox": settings.gateway.inbox,
        "gateway.outbox": settings.gateway.outbox,
        "vault.path": settings.vault.path,
        "vault.spool": settings.vault.spool,
    }
    return {key: _real(folder) for key, folder in folders.items()}


def _files(settings: Settings) -> dict[str, Path]:
    register = settings.register
    files = {
        "ledger.url": settings.ledger.file,
        "register.url": file_of(register.url),
        "register.sirene": register.sirene,
        "register.account_key": register.account_key,
    }
    return {key: _real(file) for key, file in files.items() if file is not None}


def _pickup_faults(key: str, end: TransportSettings, settings: Settings) -> Iterator[str]:
    for name in settings.partners:
        if _place(settings.delivery_end(name)) == _place(end):
            yield f"{key}: {end.path!r} is where the files of {name} are delivered: they would come back as new flows"
    if end.kind is not TransportKind.FOLDER or not end.path:
        return
    folder = _real(Path(end.path))
    for other, found in _ours(settings).items():
        if folder.is_relative_to(found):
            yield f"{key}: {folder} {_relation(folder, found)} {other} {found}: flux would take in its own files; name another folder"
    for other, file in {**_files(settings), "config.toml": _real(settings.root / "config.toml")}.items():
        if file.parent == folder:
            yield f"{key}: {other} {file} lies in it and would be taken for a flow; name another folder"


def _delivery_faults(key: str, end: TransportSettings, settings: Settings) -> Iterator[str]:
    if end.kind is not TransportKind.FOLDER or not end.path:
        return
    folder = _real(Path(end.path))
    for other, found in _ours(settings).items():
        if other != "gateway.outbox" and _touch(folder, found):
            yield f"{key}: {folder} {_relation(folder, found)} {other} {found}: deliver elsewhere, into {_outbox(settings)} for example"
    for other, file in _files(settings).items():
        if file.is_relative_to(folder):
            yield f"{key}: {other} {file} lies in it, where a partner reads and removes; name another folder"


def _shared_pickups(settings: Settings) -> Iterator[str]:
    seen: dict[tuple[str, ...], str] = {}
    for name, partner in settings.partners.items():
        if partner.pickup is None:
            continue
        place = _place(partner.pickup)
        if place in seen:
            yield f"partners.{name}.pickup: the folder of partners.{seen[place]}.pickup: nobody could tell whose a file is"
        seen.setdefault(place, name)


def _place(end: TransportSettings) -> tuple[str, ...]:
    """What tells one folder from another, on this machine or on a server."""
    if end.kind is TransportKind.FOLDER:
        return (str(_real(Path(end.path))),)
    return (end.host.lower(), str(end.port), end.user, posixpath.normpath(end.path or "."))


def _outbox(settings: Settings) -> str:
    return f"{settings.gateway.outbox}/NAME"


def _touch(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)


def _relation(one: Path, other: Path) -> str:
    if one == other:
        return "is the same as"
    return "lies in" if one.is_relative_to(other) else "holds"


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))
