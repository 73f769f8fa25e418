"""Our rules beside the official ones: what judging an invoice by the same rule sets costs, in the same run, on the same invoices.

Ours is the time of reading a parsed tree into the model and asking every rule, those of the model and those bound to elements.
Theirs is the time of the official stylesheets in SaxonC, compiled before, on the same bytes; its own parsing included, since it
reads no tree of ours. The sets are those of an invoice of the reform: EXTENDED-CTC-FR and BR-FR.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import cast

from benchmarks.figures import figure, show
from flux.demo.afnor_samples import AFNOR_SAMPLE, write_afnor_ubl
from flux.demo.facturx_samples import write_facturx
from flux.demo.samples import Sample
from flux.engine.collector import spare_collector
from flux.engine.official import Judged, OfficialEngine
from flux.engine.official_catalogue import find_stylesheet
from flux.formats.facturx import extract_invoice
from flux.formats.reader import TreeReader
from flux.formats.syntax import CII, UBL, SyntaxFormat
from flux.formats.tree import Element
from flux.model.interface import Family
from flux.model.limits import Limits
from flux.model.partner import Environment
from flux.rules.context import RuleContext
from flux.rules.rule import Matter
from flux.rules.sets import rule_set

LINES = (1, 10, 100, 1000)
CONTEXT = RuleContext(family=Family.AFNOR, environment=Environment.PRODUCTION, today=date(2026, 11, 23))
# How many documents of so many lines are judged in a round: about the same work at each size.
_OURS, _THEIRS = 1000, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A syntax: how its invoices are written, and the rule sets that judge them."""

    name: str
    format: SyntaxFormat
    write: Callable[[Sample], bytes]
    sets: tuple[str, ...]


def _write_cii(sample: Sample) -> bytes:
    return extract_invoice(write_facturx(sample), Limits()).data or b""


KINDS = (
    Kind(name="ubl", format=UBL, write=write_afnor_ubl, sets=("extended-ctc-fr", "br-fr")),
    Kind(name="cii", format=CII, write=_write_cii, sets=("extended-ctc-fr", "br-fr")),
)


def measure(*, rounds: int) -> dict[str, dict[str, object]]:
    """Milliseconds an invoice, by ours and by theirs, and how many times faster ours is."""
    spare_collector()  # as every worker of the gateway does
    costs: dict[str, list[float]] = {}
    with OfficialEngine() as engine:
        for kind in KINDS:
            for lines in LINES:
                document = kind.write(replace(AFNOR_SAMPLE, line_count=lines))
                for number in range(rounds + 1):
                    ours, theirs = _ours(kind, document, lines), _theirs(engine, kind, document, lines)
                    if number:  # the first compiles rules and stylesheets
                        for name, value in _named(f"rules.{kind.name}{lines}", ours, theirs):
                            costs.setdefault(name, []).append(value)
    return {name: figure(values, "times" if name.endswith("saxon") else "ms/invoice") for name, values in costs.items()}


def _named(name: str, ours: float, theirs: float) -> Iterator[tuple[str, float]]:
    yield f"{name}.ours_ms", ours * 1e3
    yield f"{name}.saxon_ms", theirs * 1e3
    yield f"{name}.times_saxon", theirs / ours


def _ours(kind: Kind, document: bytes, lines: int) -> float:
    root = cast("Element", TreeReader(Limits()).read(document).root)
    return _time(lambda: _judge(kind, root), max(10, _OURS // lines))


def _judge(kind: Kind, root: Element) -> None:
    invoice = kind.format.read_one(root, root)
    matter = Matter(invoice, kind.format.syntax, CONTEXT)
    for name in kind.sets:
        rule_set(name, kind.format.syntax).check(matter)
        kind.format.bound_rules(root, name, invoice)


def _theirs(engine: OfficialEngine, kind: Kind, document: bytes, lines: int) -> float:
    stylesheets = [_stylesheet(kind, name) for name in kind.sets]
    return _time(lambda: _run(engine, document, stylesheets), max(2, _THEIRS // lines))


def _stylesheet(kind: Kind, name: str) -> Path:
    found = find_stylesheet(name, kind.format.syntax)
    if found is None:
        raise SystemExit(f"no official rules {name} for {kind.name}")
    return found


def _run(engine: OfficialEngine, document: bytes, stylesheets: list[Path]) -> None:
    for stylesheet in stylesheets:
        verdict = engine.judge(document, stylesheet)
        if not isinstance(verdict, Judged):
            raise SystemExit(f"the official engine did not judge: {verdict}")


def _time(work: Callable[[], None], times: int) -> float:
    """Seconds for one; wall time, since the official engine works in a process of its own."""
    started = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - started) / times


if __name__ == "__main__":
    show(measure(rounds=3))
