"""Official Schematron rules, compiled to XSLT 2 by their publishers, run by Saxon.

Saxon is slow to start and must not live in a process that forks: each stylesheet has one process, kept for a module of tests.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from lxml import etree

_WORKER = Path(__file__).with_name("saxon_worker.py")
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"


class Fired(NamedTuple):
    """One rule that a document breaks; `flag` is empty where the publisher states none, to be read as fatal."""

    id: str
    flag: str
    location: str
    text: str


class EngineGaveUp(Exception):
    """The engine could not come to the end of the document: some values abort it instead of failing a rule."""


class OfficialRules:
    """The rules of one stylesheet."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source = source
        self._sink = sink

    def fired(self, document: bytes) -> tuple[Fired, ...]:
        """Every rule that the document breaks, warnings too. Raises EngineGaveUp: no rule was judged."""
        self._sink.write(len(document).to_bytes(8, "big") + document)
        self._sink.flush()
        done, size = self._source.read(1), int.from_bytes(self._source.read(8), "big")
        answer = self._source.read(size)
        if done != b"\x01":
            raise EngineGaveUp(answer.decode() or "the process ended")
        report = etree.fromstring(answer)
        return tuple(map(_fired, report.iter(_SVRL + "failed-assert", _SVRL + "successful-report")))

    def fatal(self, document: bytes) -> frozenset[str]:
        """The ids of the rules that refuse the document."""
        return frozenset(each.id for each in self.fired(document) if each.flag != "warning")


@contextmanager
def official_rules(stylesheet: Path) -> Iterator[OfficialRules]:
    """The rules of a stylesheet, in a process that lives as long as the context."""
    command = [sys.executable, str(_WORKER), str(stylesheet)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield OfficialRules(cast("BinaryIO", process.stdout), cast("BinaryIO", process.stdin))


def in_package(package: str, path: str) -> Path:
    """A file that an installed package ships, which is located without being imported."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise LookupError(f"{package} is not installed")
    return Path(spec.origin).parent / path


def _fired(element: etree._Element) -> Fired:
    text = element.find(_SVRL + "text")
    return Fired(
        id=element.get("id", ""),
        flag=element.get("flag", ""),
        location=element.get("location", ""),
        text="" if text is None else " ".join("".join(map(str, text.itertext())).split()),
    )
