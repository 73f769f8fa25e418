"""The official rules, Schematron compiled to XSLT by their publishers, run by Saxon beside ours.

Saxon must not live in a process that forks, some values abort it, and its memory grows: it runs in processes of its own, each
renewed after so many documents or so many bytes, and ended where one document takes too long. Whatever happens to it is
*not judged* with its reason, never a verdict.
"""

import os
import select
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from importlib.util import find_spec
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Self, cast

from lxml import etree

from flux.engine.official_ids import rule_name

_WORKER = Path(__file__).with_name("official_worker.py")
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_PIECE = 1 << 16


class Unjudged(Enum):
    """Why the engine judged nothing."""

    NOT_AVAILABLE = "not_available"
    GAVE_UP = "gave_up"
    TIMED_OUT = "timed_out"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotJudged:
    """The engine did not come to the end of the document; `said` is what it said, for operators."""

    reason: Unjudged
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """One rule that a document breaks.

    `id` is as the artefact writes it, `code` and `detail` as `official_ids` reads it. `flag` is "fatal" or "warning"; empty
    where the publisher states none, to be read as fatal. `location` is an XPath.
    """

    id: str
    code: str
    detail: str
    flag: str
    location: str
    text: str

    @property
    def is_fatal(self) -> bool:
        """True unless the publisher says that it is a warning."""
        return self.flag != "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The engine came to the end: every rule that the document breaks, in the order of the artefact, warnings too."""

    fired: tuple[Fired, ...]


OfficialVerdict = Judged | NotJudged


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineBounds:
    """What one process may use.

    `document_seconds` bounds one document, `compile_seconds` comes on top where the process has not yet read the
    stylesheet. After `documents`, or once it ever held more than `memory_bytes`, a process gives way to another.
    """

    document_seconds: float = 20.0
    compile_seconds: float = 60.0
    documents: int = 2000
    memory_bytes: int = 1 << 30


class OfficialEngine:
    """`size` engine processes, each started when it is first needed. Any number of threads may ask at once."""

    def __init__(self, size: int = 1, bounds: EngineBounds | None = None) -> None:
        self._processes = [_Process(bounds or EngineBounds()) for _ in range(size)]
        self._idle: SimpleQueue[_Process] = SimpleQueue()
        for process in self._processes:
            self._idle.put(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.end()

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that run now."""
        return tuple(process.pid for process in self._processes if process.pid is not None)

    def judge(self, document: bytes, stylesheet: Path) -> OfficialVerdict:
        """What the rules of a stylesheet say of a document that intake has let in; waits until a process is free."""
        if not is_engine_installed():
            return NotJudged(reason=Unjudged.NOT_AVAILABLE, said="saxonche is not installed")
        if not stylesheet.is_file():
            return NotJudged(reason=Unjudged.NOT_AVAILABLE, said=f"{stylesheet.name} is not there")
        with self._borrowed() as process:
            answer = process.ask(document, stylesheet)
        return answer if isinstance(answer, NotJudged) else Judged(fired=tuple(_fired_rules(answer)))

    @contextmanager
    def _borrowed(self) -> "Iterator[_Process]":
        process = self._idle.get()
        try:
            yield process
        finally:
            self._idle.put(process)


def is_engine_installed() -> bool:
    """Whether saxonche is there; it is never imported by this process."""
    return find_spec("saxonche") is not None


class _EngineEnded(Exception):
    """The process is gone."""


class _EngineLate(Exception):
    """The process did not answer in time."""


class _Process:
    """One engine process at a time."""

    def __init__(self, bounds: EngineBounds) -> None:
        self._bounds = bounds
        self._child: subprocess.Popen[bytes] | None = None
        self._compiled: set[Path] = set()
        self._documents = 0

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child is not None else None

    def ask(self, document: bytes, stylesheet: Path) -> bytes | NotJudged:
        """What the stylesheet makes of a document."""
        child = self._child if self._child is not None and self._child.poll() is None else self._start()
        try:
            return self._exchange(child, document, stylesheet)
        except _EngineLate:
            self.end()
            return NotJudged(reason=Unjudged.TIMED_OUT)
        except (_EngineEnded, OSError):
            self.end()
            return NotJudged(reason=Unjudged.ENDED, said=f"exit code {child.returncode}")

    def _exchange(self, child: "subprocess.Popen[bytes]", document: bytes, stylesheet: Path) -> bytes | NotJudged:
        is_known = stylesheet in self._compiled
        seconds = self._bounds.document_seconds + (0 if is_known else self._bounds.compile_seconds)
        pipes = _Pipes(child, time.monotonic() + seconds)
        for part in (str(stylesheet).encode(), str(seconds).encode(), document):
            pipes.write(len(part).to_bytes(8, "big") + part)
        is_done, result, peak = pipes.read(1) == b"\x01", pipes.read_part(), int(pipes.read_part())
        self._compiled.add(stylesheet)
        self._documents += 1
        if self._documents >= self._bounds.documents or peak > self._bounds.memory_bytes:
            self.end()
        return result if is_done else NotJudged(reason=Unjudged.GAVE_UP, said=result.decode())

    def _start(self) -> "subprocess.Popen[bytes]":
        self.end()
        # Isolated: what lies beside the worker, or where the gateway was started, is no module of its.
        command = [sys.executable, "-I", str(_WORKER)]
        child = subprocess.Popen(  # noqa: S603 - our own file
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        for pipe in _pipes_of(child):
            os.set_blocking(pipe.fileno(), False)
        self._child = child
        return child

    def end(self) -> None:
        """End the process, whatever it does."""
        child, self._child = self._child, None
        self._compiled.clear()
        self._documents = 0
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in _pipes_of(child):
            with suppress(OSError):
                pipe.close()


def _pipes_of(child: "subprocess.Popen[bytes]") -> "tuple[IO[bytes], IO[bytes]]":
    """Where it is written to, and where it is read from."""
    return cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)


class _Pipes:
    """The two pipes of a process until a moment of the monotonic clock; a process that stops reading or writing is late."""

    def __init__(self, child: "subprocess.Popen[bytes]", until: float) -> None:
        self._sink, self._source = (pipe.fileno() for pipe in _pipes_of(child))
        self._until = until

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._await(self._sink, select.POLLOUT)
            rest = rest[os.write(self._sink, rest[:_PIECE]) :]

    def read(self, size: int) -> bytes:
        pieces: list[bytes] = []
        while size:
            self._await(self._source, select.POLLIN)
            piece = os.read(self._source, size)
            if not piece:
                raise _EngineEnded
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def read_part(self) -> bytes:
        return self.read(int.from_bytes(self.read(8), "big"))

    def _await(self, descriptor: int, event: int) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        if not poll.poll(max(0.0, self._until - time.monotonic()) * 1000):
            raise _EngineLate


def _fired_rules(report: bytes) -> Iterator[Fired]:
    parser = etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True)
    for element in etree.fromstring(report, parser).iter(_SVRL + "failed-assert", _SVRL + "successful-report"):
        text = element.find(_SVRL + "text")
        said = "" if text is None else " ".join("".join(map(str, text.itertext())).split())
        written = element.get("id", "")
        name = rule_name(written, said)
        yield Fired(
            id=written,
            code=name.code,
            detail=name.detail,
            flag=element.get("flag", ""),
            location=element.get("location", ""),
            text=said,
        )


def count_fired(fired: Iterable[Fired]) -> "Counter[str]":
    """How often each rule fired."""
    return Counter(each.code for each in fired)
