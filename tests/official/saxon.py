"""Official Schematron rules, compiled to XSLT 2 by their publishers, asked as tests ask: of one stylesheet, in one context."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from flux.engine.official import Fired, Judged, OfficialEngine


class EngineGaveUp(Exception):
    """The engine could not come to the end of the document: some values abort it instead of failing a rule."""


class OfficialRules:
    """The rules of one stylesheet."""

    def __init__(self, engine: OfficialEngine, stylesheet: Path) -> None:
        self._engine = engine
        self._stylesheet = stylesheet

    def fired(self, document: bytes) -> tuple[Fired, ...]:
        """Every rule that the document breaks, warnings too. Raises EngineGaveUp: no rule was judged."""
        verdict = self._engine.judge(document, self._stylesheet)
        if isinstance(verdict, Judged):
            return verdict.fired
        raise EngineGaveUp(verdict.said or verdict.reason.value)

    def fatal(self, document: bytes) -> frozenset[str]:
        """The ids of the rules that refuse the document."""
        return frozenset(each.id for each in self.fired(document) if each.is_fatal)


@contextmanager
def official_rules(stylesheet: Path) -> Iterator[OfficialRules]:
    """The rules of a stylesheet, in a process that lives as long as the context."""
    with OfficialEngine() as engine:
        yield OfficialRules(engine, stylesheet)


def in_package(package: str, path: str) -> Path:
    """A file that an installed package ships, which is located without being imported."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise LookupError(f"{package} is not installed")
    return Path(spec.origin).parent / path
