"""The rules bound to UBL fire as the official artefacts say: the same ids, as often, on what breaks each of them."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from flux.demo.afnor_samples import AFNOR_SAMPLE, EN16931, write_afnor_ubl
from flux.demo.samples import Sample, write_ubl
from flux.engine.official import Judged, NotJudged
from flux.formats.syntax import UBL
from flux.formats.ubl_rows import ATTRIBUTES, ROWS
from flux.formats.ubl_unused import UNUSED
from flux.model.interface import Syntax
from tests.official.oracle import Oracle, oracle
from tests.official.ubl_breaks import BREAKS, NEAR_BREAKS, edit

CORPUS = Path("/work/shared/corpus")
INVOICE = write_afnor_ubl(replace(AFNOR_SAMPLE, line_count=2, code_service=""), profile=EN16931)
CREDIT_NOTE = write_ubl(replace(Sample(), line_count=2, type_code="381"))
BASES = {"invoice": INVOICE, "credit-note": CREDIT_NOTE}
RULESETS = tuple(ROWS)
# The ids of the rules that are bound to the syntax; those of the model that look at stray elements are compared elsewhere.
BOUND = ("UBL-", "CII-")
OTHER_RULES = {"UBL-DT-01", "UBL-DT-06", "UBL-DT-07"}
BATCHES = 12

# What is repeated there aborts the engine in a rule of the model; what breaks UBL-SR-32 does so in the extension alone.
ABORTING = {"UBL-SR-09", "UBL-SR-15", "UBL-SR-22", "UBL-SR-27"}
# What a credit note may hold and an invoice may not.
SILENT = {"invoice": set[str](), "credit-note": {"UBL-CR-412", "UBL-SR-43"}}


@pytest.fixture(scope="module", params=RULESETS)
def official(request: pytest.FixtureRequest) -> Iterator[tuple[str, Oracle]]:
    with oracle(request.param, Syntax.UBL) as engine:
        yield request.param, engine


def ours(document: bytes, ruleset: str) -> Counter[str]:
    root = etree.fromstring(document, etree.XMLParser(remove_comments=True, remove_pis=True, huge_tree=True))
    seen = UBL.bound_rules(root, ruleset, UBL.read_one(root, root))
    return Counter(each.code for each in seen if each.code.startswith(BOUND))


def theirs(documents: Iterable[bytes], engine: Oracle) -> Iterator[Counter[str]]:
    for verdict in engine.judge_all(documents):
        assert isinstance(verdict, Judged)
        yield Counter(fired.id for fired in verdict.fired if fired.id.startswith(BOUND))


def codes(ruleset: str) -> set[str]:
    """The ids of a set that the table of breaks is about."""
    return {row.code for row in ROWS[ruleset] if row.code.startswith(BOUND)} | OTHER_RULES


def test_every_rule_that_is_more_than_an_unused_element_has_a_break() -> None:
    assert set(BREAKS) == codes("en16931") | codes("extended-ctc-fr") | {"UBL-CR-663"}


@pytest.mark.parametrize("base", BASES)
def test_what_breaks_a_rule_breaks_it_as_the_artefact_says(official: tuple[str, Oracle], base: str) -> None:
    ruleset, engine = official
    aborting = ABORTING if ruleset == "en16931" else {*ABORTING, "UBL-SR-32"}
    wanted = {code: edit(BASES[base], edits) for code, edits in BREAKS.items() if code not in aborting}
    answers = dict(zip(wanted, theirs(wanted.values(), engine), strict=True))
    assert {code: ours(document, ruleset) for code, document in wanted.items()} == answers
    silent = {code for code, answer in answers.items() if code in codes(ruleset) and not answer[code]}
    assert silent == SILENT[base]


@pytest.mark.parametrize("code", sorted(ABORTING))
def test_what_the_artefact_cannot_judge_is_judged_all_the_same(official: tuple[str, Oracle], code: str) -> None:
    ruleset, engine = official
    document = edit(INVOICE, BREAKS[code])
    assert isinstance(engine.judge(document), NotJudged)
    assert ours(document, ruleset)[code] == 1


@pytest.mark.parametrize("base", BASES)
def test_what_comes_near_a_break_is_told_as_the_artefact_tells_it(official: tuple[str, Oracle], base: str) -> None:
    ruleset, engine = official
    documents = [BASES[base], *(edit(BASES[base], edits) for edits in NEAR_BREAKS)]
    assert [ours(document, ruleset) for document in documents] == list(theirs(documents, engine))


@pytest.mark.parametrize("base", BASES)
def test_every_unused_element_is_told_where_it_stands_and_nowhere_else(official: tuple[str, Oracle], base: str) -> None:
    ruleset, engine = official
    batches = [list(UNUSED)[start::BATCHES] for start in range(BATCHES)]
    documents = [edit(BASES[base], (f"{path}+" for path in batch)) for batch in batches]
    answers = list(theirs(documents, engine))
    assert [ours(document, ruleset) for document in documents] == answers
    if ruleset == "en16931":
        for batch, answer in zip(batches, answers, strict=True):
            assert {f"UBL-CR-{UNUSED[path]:03}" for path in batch} <= set(answer)


@pytest.mark.parametrize(
    "path", ["cbc:ID", "cac:InvoiceLine/cac:Item/cbc:Name", "cac:PaymentMeans/cbc:PaymentMeansCode"]
)
def test_every_unused_attribute_is_told(official: tuple[str, Oracle], path: str) -> None:
    ruleset, engine = official
    halves = [list(ATTRIBUTES)[start::2] for start in range(2)]
    documents = [edit(INVOICE, (f"{path}@{name}" for name in half)) for half in halves]
    answers = list(theirs(documents, engine))
    assert [ours(document, ruleset) for document in documents] == answers
    for half, answer in zip(halves, answers, strict=True):
        told = {ATTRIBUTES[name] for name in half if name != "name" or "PaymentMeansCode" not in path}
        assert told <= set(answer)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the reference corpus is not here")
def test_the_corpus_is_judged_as_the_artefacts_judge_it(official: tuple[str, Oracle]) -> None:
    ruleset, engine = official
    rows = [json.loads(line) for line in (CORPUS / "manifest.jsonl").read_text().splitlines()]
    names = [row["file"] for row in rows if row["syntax"] == "UBL 2.x" and row["size"] < 60_000 and row["well_formed"]]
    documents = {name: (CORPUS / name).read_bytes() for name in names}
    ours_and_theirs = {}
    for (name, document), verdict in zip(documents.items(), engine.judge_all(documents.values()), strict=True):
        if isinstance(verdict, Judged) and etree.fromstring(document).tag in UBL.tables:
            fired = Counter(each.id for each in verdict.fired if each.id.startswith(BOUND))
            ours_and_theirs[name] = (ours(document, ruleset), fired)
    assert len(ours_and_theirs) > 100
    assert {name: pair for name, pair in ours_and_theirs.items() if pair[0] != pair[1]} == {}
