"""Our rules fire where the official ones do, as often: on the corpora, on mutants of our own invoices, on every case ever found.

A part of `make conformance`, small enough for every run of the tests.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

import pytest

from flux.engine.official import Judged, NotJudged, count_fired
from flux.model.interface import Syntax
from flux.model.second_opinion import compare
from tests.official.cases import Case, cases
from tests.official.conformance import CORPUS, ours
from tests.official.explanations import explain
from tests.official.oracle import Oracle, oracle
from tests.official.ours import fired
from tests.official.parity import Subject, breed, breeder, compare_all, read_corpus, written_steps

MUTANTS = 200
SEED = 20261128

pytestmark = pytest.mark.timeout(300)  # nothing is remembered on a new machine


def disagreements(subjects: Iterable[Subject], official: Oracle, ruleset: str, syntax: Syntax) -> Iterator[str]:
    """What nothing explains, as lines that say how to make the document again."""
    parity = compare_all(subjects, official, fired, ruleset)
    for rule, tally in sorted(parity.rules.items()):
        for each in tally.differences:
            if explain(ruleset, syntax, rule, each.subject.document) is None:
                told = f"{rule}: officially {each.official}, ours {each.ours}"
                yield f"{told}: {each.subject.name} {written_steps(each.subject)}"


@pytest.mark.parametrize(("ruleset", "syntax"), ours())
def test_on_mutants_of_our_invoices_the_same_rules_fire_as_often(ruleset: str, syntax: Syntax) -> None:
    subjects = breed(breeder(ruleset, syntax), MUTANTS, SEED)

    with oracle(ruleset, syntax) as official:
        assert list(disagreements(subjects, official, ruleset, syntax)) == []


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the reference corpus is not on this machine")
@pytest.mark.parametrize(("ruleset", "syntax"), ours())
def test_on_the_reference_corpus_the_same_rules_fire_as_often(ruleset: str, syntax: Syntax) -> None:
    with oracle(ruleset, syntax) as official:
        assert list(disagreements(read_corpus(CORPUS, syntax), official, ruleset, syntax)) == []


def told(case: Case) -> str:
    return f"{case.ruleset}, {case.syntax.value}: {case.name}"


@pytest.mark.parametrize("case", [each for each in cases() if (each.ruleset, each.syntax) in ours()], ids=told)
def test_every_case_ever_found_is_judged_as_the_official_rules_do(case: Case) -> None:
    document = case.document()
    with oracle(case.ruleset, case.syntax) as official:
        verdict = official.judge(document)

    if case.gives_up:
        assert isinstance(verdict, NotJudged)
        assert isinstance(fired(document, case.ruleset), Counter)
    else:
        assert isinstance(verdict, Judged)
        assert not compare(fired(document, case.ruleset), count_fired(verdict.fired))
