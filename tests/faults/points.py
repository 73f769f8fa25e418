"""Crash points: every call of flux that changes something outside its memory, named by the function that makes it.

They are found, not declared: the calls of the system, of the database and of SFTP are wrapped, so that a step added to
the way of a flow is a crash point the day it is written.
"""

import functools
import mmap
import os
import signal
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import paramiko
from paramiko.sftp import CMD_NAMES
from sqlalchemy.engine.default import DefaultDialect

import flux

SYSTEM_CALLS = ("rename", "replace", "link", "unlink", "remove", "mkdir", "rmdir", "fsync", "fdatasync", "ftruncate")
# A helper is called from everywhere: who called it tells what is being done.
_FUNCTIONS = 3
_PACKAGE = str(Path(flux.__file__).parent) + os.sep
_PLUMBING = (_PACKAGE + "sql" + os.sep, _PACKAGE + "demo" + os.sep)


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A moment right before or right after a call; `occurrence` counts from 1."""

    name: str
    occurrence: int

    def __str__(self) -> str:
        return f"{self.name} [{self.occurrence}]"


class Counter:
    """A number that forked processes share."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 8)

    @property
    def value(self) -> int:
        """The number now."""
        return int(struct.unpack("q", self._memory[:8])[0])

    def increase(self) -> int:
        """Add one; the number then. Two processes at once may count one for two: then a point is met later."""
        value = self.value + 1
        self._memory[:8] = struct.pack("q", value)
        return value


class Recorder:
    """Writes down every point that is met."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def __call__(self, name: str) -> None:
        os.write(self._descriptor, f"{name}\n".encode())


class Killer:
    """Kills the process that meets a point, once."""

    def __init__(self, is_met: Callable[[str], bool]) -> None:
        self._is_met = is_met
        self.kills = Counter()

    def __call__(self, name: str) -> None:
        if not self.kills.value and self._is_met(name):
            self.kills.increase()
            os.kill(os.getpid(), signal.SIGKILL)


def at(point: Point) -> Callable[[str], bool]:
    """True at the given occurrence of the given point."""
    seen = Counter()
    return lambda name: name == point.name and seen.increase() == point.occurrence


def at_step(step: int) -> Callable[[str], bool]:
    """True at the given step, whatever it is."""
    seen = Counter()
    return lambda _: seen.increase() == step


def install(hit: Callable[[str], None]) -> None:
    """Have `hit` called at every point of this process, and of those that it forks."""
    for call in SYSTEM_CALLS:
        _wrap(os, call, lambda *_, call=call: call, hit)
    _wrap(DefaultDialect, "do_commit", lambda *_: "commit", hit)
    _wrap(paramiko.SFTPClient, "_request", lambda _, kind, *__: f"sftp {CMD_NAMES.get(kind, kind)}", hit)


def _wrap(owner: type | ModuleType, name: str, describe: Callable[..., str], hit: Callable[[str], None]) -> None:
    original: Callable[..., Any] = getattr(owner, name)

    @functools.wraps(original)
    def wrapped(*arguments: object, **options: object) -> object:
        place = _place()
        if place is None:
            return original(*arguments, **options)
        what = f"{describe(*arguments)} in {place}"
        hit(f"before {what}")
        result = original(*arguments, **options)
        hit(f"after {what}")
        return result

    setattr(owner, name, wrapped)


def _place() -> str | None:
    """The functions of flux that are at work, innermost first; None for calls that are none of its doing."""
    found: list[str] = []
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and len(found) < _FUNCTIONS:
        file = frame.f_code.co_filename
        if file.startswith(_PACKAGE) and not file.startswith(_PLUMBING):
            found.append(f"{file.removeprefix(_PACKAGE).removesuffix('.py').replace('/', '.')}.{frame.f_code.co_name}")
        frame = frame.f_back
    return " < ".join(found) or None
