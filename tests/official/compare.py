"""Compare our rules with the official ones: `python -m tests.official.compare --rules en16931 --syntax ubl --mutants 1000`.

Without --files and --corpus the documents are our bases and, with --mutants, mutants of them. Exit code 1 where the two
disagree. `--fake` puts the official rules in our place: it tries out the tools.
"""

import re
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from flux.engine.official import Judged, count_fired
from flux.engine.official_catalogue import OFFICIAL
from flux.model.interface import Syntax
from flux.model.second_opinion import compare
from tests.official.bases import bases
from tests.official.oracle import Oracle, oracle
from tests.official.parity import (
    Ours,
    Parity,
    Schema,
    Subject,
    asked,
    breed,
    breeder,
    compare_all,
    read_corpus,
    sweep,
    table,
    written_steps,
)
from tests.official.shrink import shrink


def main(arguments: list[str]) -> int:
    """Print the comparison that the arguments ask for."""
    wanted = _parser().parse_args(arguments)
    syntax = Syntax(wanted.syntax)
    only = re.compile(wanted.only) if wanted.only else None
    with oracle(wanted.rules, syntax) as official:
        ours = _fake(official) if wanted.fake else _ours()
        parity = compare_all(_subjects(wanted, syntax), official, ours, wanted.rules, only)
        shown = _shown(parity, wanted, lambda document: _differing(document, official, ours, wanted.rules))
        for line in (*table(parity), *shown):
            print(line)
    return int(parity.disagreeing > 0)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m tests.official.compare", description=__doc__)
    parser.add_argument("--rules", required=True, choices=sorted({ruleset for ruleset, _ in OFFICIAL}))
    parser.add_argument("--syntax", required=True, choices=["ubl", "cii"])
    parser.add_argument("--only", help="compare only the rules whose id this regular expression finds")
    parser.add_argument("--files", nargs="+", type=Path, default=[])
    parser.add_argument(
        "--corpus", type=Path, help="every document of the syntax below this folder; with --mutants, more bases"
    )
    parser.add_argument("--mutants", type=int, default=0)
    parser.add_argument(
        "--sweep", action="store_true", help="each thing of our bases changed once, whatever the schema says"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--any", action="store_true", help="also mutants that the schema refuses")
    parser.add_argument("--valid-only", action="store_true", help="no document that the schema refuses")
    parser.add_argument("--show", type=int, default=5, help="how many disagreements of each rule are shown")
    parser.add_argument("--keep", type=Path, help="the folder that the documents shown are written to")
    parser.add_argument("--fake", action="store_true", help="the official rules in our place")
    return parser


def _subjects(wanted: Namespace, syntax: Syntax) -> Iterator[Subject]:
    schema = Schema(syntax)
    corpus = list(read_corpus(wanted.corpus, syntax)) if wanted.corpus else []
    own = [Subject(name=name, document=document) for name, document in bases(wanted.rules, syntax).items()]
    files = [Subject(name=str(path), document=path.read_bytes()) for path in wanted.files]
    for subject in files or [*own, *corpus]:
        if not wanted.valid_only or schema.accepts_bytes(subject.document):
            yield subject
    if wanted.sweep:
        yield from sweep(breeder(wanted.rules, syntax))
    if wanted.mutants:
        seeds = [each for each in (*files, *corpus) if schema.accepts_bytes(each.document)]
        yield from breed(breeder(wanted.rules, syntax, seeds), wanted.mutants, wanted.seed, valid_only=not wanted.any)


def _ours() -> Ours:
    from tests.official.ours import fired  # noqa: PLC0415 - trying out the tools needs no rules

    return fired


def _fake(official: Oracle) -> Ours:
    def fired(document: bytes, _ruleset: str) -> "Counter[str]":
        verdict = official.judge(document)
        return count_fired(verdict.fired) if isinstance(verdict, Judged) else Counter()

    return fired


def _differing(document: bytes, official: Oracle, ours: Ours, ruleset: str) -> frozenset[str]:
    """The rules that the two disagree on."""
    verdict = official.judge(document)
    if not isinstance(verdict, Judged):
        return frozenset()
    differing = compare(asked(ours, document, ruleset), count_fired(verdict.fired))
    return frozenset(rule for rule, _ in (*differing.ours_only, *differing.theirs_only))


def _shown(parity: Parity, wanted: Namespace, differing: Callable[[bytes], frozenset[str]]) -> Iterator[str]:
    for rule, tally in sorted(parity.rules.items()):
        # The documents of the fewest steps say the most.
        for each in islice(sorted(tally.differences, key=lambda found: len(found.subject.steps)), wanted.show):
            subject = shrink(each.subject, lambda document, rule=rule: rule in differing(document))  # type: ignore[misc]
            yield f"{rule}: officially {each.official}, by us {each.ours}: {_kept(subject, wanted.keep)}"
            yield f"    {written_steps(subject)}"
    for subject, said in parity.given_up[: wanted.show]:
        yield f"the engine gave up on {_kept(subject, wanted.keep)}: {said}"
        yield f"    {written_steps(subject)}"


def _kept(subject: Subject, keep: Path | None) -> str:
    if keep is None:
        return subject.name
    keep.mkdir(parents=True, exist_ok=True)
    path = keep / (subject.name.replace("/", "_").removesuffix(".xml") + ".xml")
    path.write_bytes(subject.document)
    return str(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
