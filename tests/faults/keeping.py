"""What an operator does with the past: back it up, put it back after a loss, let go of what has been kept for its years."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from flux.app.backing_up import BackupRequest, back_up
from flux.app.restoring import check_generation, read_generation, restore
from flux.app.retention import Erased, erase
from flux.backup.generations import list_generations
from tests.faults.checker import Dropped
from tests.faults.sandbox import Ended, Sandbox, ignore

Hit = Callable[[str], None]


def backups_of(sandbox: Sandbox) -> Path:
    """The folder of the backups, on what stands for another machine."""
    return sandbox.disk / "backups"


def copy_all(sandbox: Sandbox, hit: Hit) -> Ended:
    """`flux backup`, in a process that may be killed."""
    return sandbox.fork(hit, lambda: _back_up(sandbox))


def put_back(sandbox: Sandbox, hit: Hit) -> Ended:
    """`flux restore --moved`, in a process that may be killed; nothing is to be done where it was finished before."""
    return sandbox.fork(hit, lambda: None if _has_ledger(sandbox) else _restore(sandbox))


def copy_again_and_lose(sandbox: Sandbox) -> Ended:
    """Whatever bears the name of a generation is whole; another is made, the disk is lost, and the latest is put back."""

    def act() -> None:
        for folder in list_generations(backups_of(sandbox)):
            lacks = check_generation(read_generation(folder), _unwatched)
            if lacks:
                raise RuntimeError(f"{folder.name} is not whole: {lacks[0].why}")
        _back_up(sandbox)
        lose(sandbox)
        _restore(sandbox)

    return sandbox.fork(ignore, act)


def lose(sandbox: Sandbox) -> None:
    """The disk with ledger, vault and register is gone."""
    shutil.rmtree(sandbox.var)


def begin_backups(sandbox: Sandbox) -> None:
    """No backup yet."""
    shutil.rmtree(backups_of(sandbox), ignore_errors=True)


def age(sandbox: Sandbox, dropped: Sequence[Dropped], names: Sequence[str]) -> tuple[Dropped, ...]:
    """As if these flows had been received in 2001, and all bytes with them."""
    with closing(sqlite3.connect(sandbox.var / "ledger.db")) as ledger, ledger:
        for name in names:
            ledger.execute("UPDATE flows SET received_at = '2001' || substr(received_at, 5) WHERE name = ?", (name,))
    for file in sandbox.settings.vault.path.glob("??/*"):
        os.utime(file, (0, 0))
    return tuple(replace(flow, is_erased=flow.name in names) for flow in dropped)


def let_go_of_the_past(sandbox: Sandbox, hit: Hit) -> Ended:
    """`flux retention erase`, in a process that may be killed."""
    return sandbox.fork(hit, lambda: list(erase(sandbox.settings, "operator", Erased())))


def _back_up(sandbox: Sandbox) -> None:
    request = BackupRequest(
        folder=backups_of(sandbox), config_path=sandbox.settings.root / "config.toml", with_account_key=True
    )
    lacks = back_up(sandbox.settings, request, _unheard, _unwatched).copied.lacks
    if lacks:
        raise RuntimeError(lacks[0].why)


def _restore(sandbox: Sandbox) -> None:
    generation = read_generation(backups_of(sandbox))
    done = restore(generation, sandbox.settings.root / "config.toml", moved=True, progress=_unwatched)
    if done.lacks:
        raise RuntimeError(done.lacks[0].why)


def _has_ledger(sandbox: Sandbox) -> bool:
    return (sandbox.var / "ledger.db").exists()


def _unwatched(_: str, __: float) -> None:
    """Nobody looks at the bar."""


def _unheard(event: str, **facts: str) -> None:
    """Nobody reads the log."""
