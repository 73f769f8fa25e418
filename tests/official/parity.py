"""Documents put before the official rules and ours, and what the two disagree on, rule by rule."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from flux.engine.official import Judged, NotJudged, count_fired
from flux.formats.facturx import extract_invoice, is_pdf
from flux.formats.reader import TreeReader
from flux.formats.syntax import syntax_of
from flux.model.interface import Syntax
from flux.model.limits import Limits
from tests.official.artefacts import stylesheet
from tests.official.bases import SCHEMAS, bases, grammar_of, strangers
from tests.official.draft import Draft, Step
from tests.official.mutants import Breeder, Mutant
from tests.official.oracle import Oracle
from tests.official.unused import unused_paths
from tests.schemas import our_schemas

# A document and a rule set to what our rules of it fire.
Ours = Callable[[bytes, str], "Counter[str]"]

_BATCH = 200
RAISED = "RAISED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One document to put before both; a mutant has the steps to it from its base."""

    name: str
    document: bytes
    steps: tuple[Step, ...] = ()
    base: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A rule that did not fire as often here as there."""

    subject: Subject
    official: int
    ours: int


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of a rule over all documents."""

    official: int = 0
    ours: int = 0
    documents: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def missing(self) -> int:
        """On how many documents we fired it less often than the official rules."""
        return sum(each.official > each.ours for each in self.differences)

    @property
    def extra(self) -> int:
        """On how many documents we fired it more often."""
        return sum(each.official < each.ours for each in self.differences)


@dataclass(slots=True, kw_only=True)
class Parity:
    """The whole comparison: by rule, and the documents that the engine gave up on or that we failed on."""

    documents: int = 0
    disagreeing: int = 0
    rules: dict[str, Tally] = field(default_factory=dict)
    given_up: list[tuple[Subject, str]] = field(default_factory=list)

    def add(self, subject: Subject, theirs: "Counter[str]", ours: "Counter[str]") -> None:
        """Count one document that both have judged."""
        self.documents += 1
        self.disagreeing += theirs != ours
        for rule in theirs.keys() | ours.keys():
            tally = self.rules.setdefault(rule, Tally())
            tally.official += theirs[rule]
            tally.ours += ours[rule]
            tally.documents += theirs[rule] > 0
            if theirs[rule] != ours[rule]:
                tally.differences.append(Difference(subject=subject, official=theirs[rule], ours=ours[rule]))


def compare_all(
    subjects: Iterable[Subject], oracle: Oracle, ours: Ours, ruleset: str, only: "re.Pattern[str] | None" = None
) -> Parity:
    """Put every document before both, restricted to the rules whose id `only` finds."""
    parity = Parity()
    for batch in _batches(subjects):
        for subject, verdict in zip(batch, oracle.judge_all(each.document for each in batch), strict=True):
            match verdict:
                case NotJudged(reason=reason, said=said):
                    parity.given_up.append((subject, f"{reason.value}: {said}"))
                case Judged(fired=fired):
                    theirs = _kept(count_fired(fired), only)
                    parity.add(subject, theirs, _kept(asked(ours, subject.document, ruleset), only))
    return parity


def asked(ours: Ours, document: bytes, ruleset: str) -> "Counter[str]":
    """What our rules fire; where they fall over, that is a difference like any other."""
    try:
        return ours(document, ruleset)
    except Exception as failure:  # noqa: BLE001 - the comparison goes on and shows it
        return Counter({f"{RAISED} {type(failure).__name__}": 1})


def _kept(counts: "Counter[str]", only: "re.Pattern[str] | None") -> "Counter[str]":
    return Counter(
        {rule: count for rule, count in counts.items() if only is None or only.search(rule) or rule.startswith(RAISED)}
    )


def _batches(subjects: Iterable[Subject]) -> Iterator[list[Subject]]:
    batch: list[Subject] = []
    for subject in subjects:
        batch.append(subject)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class Schema:
    """The schema that decides on documents of a syntax."""

    def __init__(self, syntax: Syntax) -> None:
        self._catalogue = our_schemas()
        self._id = SCHEMAS[syntax]

    def accepts(self, root: etree._Element) -> bool:
        """Whether the schema accepts a tree."""
        return bool(self._catalogue.compiled(self._id, str(root.tag)).validator.validate(root))

    def accepts_bytes(self, document: bytes) -> bool:
        """Whether it accepts a document."""
        return self.accepts(etree.fromstring(document))


def breeder(ruleset: str, syntax: Syntax, more: Sequence[Subject] = ()) -> Breeder:
    """What makes mutants for a rule set and syntax, of our bases and of other documents."""
    schema = Schema(syntax)
    documents = {**bases(ruleset, syntax), **strangers(syntax), **{each.name: each.document for each in more}}
    return Breeder(
        bases={name: Draft(document) for name, document in documents.items()},
        grammar=grammar_of(SCHEMAS[syntax]),
        unused=unused_paths(stylesheet(ruleset, syntax)),
        is_valid=schema.accepts,
        is_by_situation=ruleset == "br-fr",
    )


def breed(breeder: Breeder, count: int, seed: int, *, valid_only: bool = True) -> Iterator[Subject]:
    """Mutants as documents to compare."""
    return _named(breeder, breeder.breed(count, seed, valid_only=valid_only), str(seed))


def sweep(breeder: Breeder) -> Iterator[Subject]:
    """Each thing changed once, as documents to compare."""
    return _named(breeder, breeder.sweep(), "sweep")


def _named(breeder: Breeder, mutants: Iterable[Mutant], origin: str) -> Iterator[Subject]:
    written = {name: base.written() for name, base in breeder.bases.items()}
    for number, mutant in enumerate(mutants):
        name = f"{mutant.base}-{origin}-{number}"
        yield Subject(name=name, document=mutant.document, steps=mutant.steps, base=written[mutant.base])


def read_corpus(folder: Path, syntax: Syntax) -> Iterator[Subject]:
    """The documents of a syntax below a folder, those inside a PDF too, in the order of their names."""
    reader, limits = TreeReader(Limits()), Limits()
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in {".xml", ".pdf"} and path.is_file():
            document = _invoice_of(path.read_bytes(), limits)
            root = reader.read(document).root if document else None
            if document and root is not None and _syntax_of(root) is syntax:
                yield Subject(name=path.relative_to(folder).as_posix(), document=document)


def _invoice_of(data: bytes, limits: Limits) -> bytes | None:
    return extract_invoice(data, limits).data if is_pdf(data) else data


def _syntax_of(root: etree._Element) -> Syntax | None:
    found = syntax_of(root)
    return None if found is None else found.syntax


def table(parity: Parity) -> Iterator[str]:
    """The comparison as lines of text, the rules that differ first."""
    yield f"{'rule':<28}{'fired officially':>18}{'by us':>10}{'missing':>10}{'extra':>8}"
    for rule, tally in sorted(parity.rules.items(), key=lambda item: (not item[1].differences, item[0])):
        yield f"{rule:<28}{tally.official:>18}{tally.ours:>10}{tally.missing:>10}{tally.extra:>8}"
    yield f"{parity.documents} documents judged by both, {parity.disagreeing} disagreed on, {len(parity.given_up)} given up on"


def written_steps(subject: Subject) -> str:
    """The steps of a mutant as one line that can be read again."""
    return json.dumps(subject.steps, ensure_ascii=False)
