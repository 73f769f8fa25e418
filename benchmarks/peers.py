"""flux beside others that judge by EN 16931: right verdicts on the same documents, and what each takes.

    python -m benchmarks.peers FOLDER

The documents are the UBL and CII files of a folder; right is what the official rules of CEN, run by SaxonC, say of each:
accepted or refused. `verifyhash-einvoice` takes part where it is installed. Each reads and judges bytes in this process, SaxonC in
its own; schemas are nobody's business here.
"""

import importlib
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.rules import CONTEXT
from flux.engine.official import Judged, OfficialEngine
from flux.formats.reader import TreeReader
from flux.formats.syntax import CII, UBL, syntax_of
from flux.formats.ubl import is_credit_note
from flux.model.finding import Severity
from flux.model.limits import Limits
from flux.rules.rule import Matter
from flux.rules.sets import rule_set
from tests.official.artefacts import stylesheet

_SET = "en16931"
_PEER = "einvoice"  # the module of verifyhash-einvoice

# Whether a document is accepted; None where the judge came to no verdict.
Judge = Callable[[bytes], bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How a judge did: right, wrong and no verdicts, and the milliseconds of a document."""

    right: int
    wrong: int
    without: int
    milliseconds: float


def flux_judges(document: bytes) -> bool | None:
    """By our rules of EN 16931, those of the model and those bound to elements."""
    root = TreeReader(Limits()).read(document).root
    syntax = None if root is None else syntax_of(root)
    if root is None or syntax is None:
        return None
    invoice = syntax.read_one(root, root)
    matter = Matter(invoice, syntax.syntax, CONTEXT, is_credit_note=is_credit_note(root))
    seen = (*rule_set(_SET, syntax.syntax).check(matter), *syntax.bound_rules(root, _SET, invoice))
    return not any(each.severity is Severity.FATAL for each in seen)


def peer_judges() -> Judge | None:
    """verifyhash-einvoice, None where it is not installed."""
    try:
        peer = importlib.import_module(_PEER)
    except ModuleNotFoundError:
        return None

    def judge(document: bytes) -> bool | None:
        report = peer.validate_bytes(document, profile=_SET)
        return bool(report["valid"]) if report.get("valid") is not None else None

    return judge


def documents(folder: Path) -> Iterator[bytes]:
    """The UBL invoices and credit notes, and the CII, below a folder."""
    reader = TreeReader(Limits())
    for path in sorted(folder.rglob("*.xml")):
        data = path.read_bytes()
        root = reader.read(data).root
        if root is not None and syntax_of(root) in (UBL, CII):
            yield data


def compare(held: list[bytes], judges: Mapping[str, Judge]) -> dict[str, Score]:
    """The score of each judge, the official one first."""
    right: list[bool | None] = []
    scores: dict[str, Score] = {}
    for name, judge in judges.items():
        verdicts, costs = _run(judge, held)
        right = right or verdicts
        pairs = [(said, truth) for said, truth in zip(verdicts, right, strict=True) if truth is not None]
        scores[name] = Score(
            right=sum(said is truth for said, truth in pairs),
            wrong=sum(said is not None and said is not truth for said, truth in pairs),
            without=sum(said is None for said, _ in pairs),
            milliseconds=median(costs) * 1e3,
        )
    return scores


def _run(judge: Judge, held: list[bytes]) -> tuple[list[bool | None], list[float]]:
    verdicts: list[bool | None] = []
    costs: list[float] = []
    for document in held:
        judge(document)  # the first may compile
        started = time.perf_counter()
        verdicts.append(judge(document))
        costs.append(time.perf_counter() - started)
    return verdicts, costs


def main() -> None:
    """Print the table."""
    held = list(documents(Path(sys.argv[1])))
    with OfficialEngine() as engine:

        def official(document: bytes) -> bool | None:
            root = TreeReader(Limits()).read(document).root
            syntax = None if root is None else syntax_of(root)
            if syntax is None:
                return None
            verdict = engine.judge(document, stylesheet(_SET, syntax.syntax))
            return not any(fired.is_fatal for fired in verdict.fired) if isinstance(verdict, Judged) else None

        judges: dict[str, Judge] = {"official, SaxonC": official, "flux": flux_judges}
        peer = peer_judges()
        if peer is not None:
            judges["verifyhash-einvoice"] = peer
        print(f"{len(held)} documents")
        for name, score in compare(held, judges).items():
            print(
                f"{name:24}{score.right:6} right{score.wrong:5} wrong{score.without:5} without a verdict"
                f"{score.milliseconds:9.2f} ms a document (median)"
            )


if __name__ == "__main__":
    main()
