"""No publisher's accepted document is refused for what it carries, and every file of the corpus gets an answer in words."""

import json
from functools import cache
from pathlib import Path

import pytest

from flux.app.checking import CheckOptions, check_file
from flux.model.codes import CODES
from flux.model.interface import INTERFACES, Family, Syntax
from flux.model.partner import Language
from flux.model.verdict import Judgment
from flux.model.words import describe
from flux.rules.attachment import RULESET

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the corpus lies beside the checkouts of its developers only"
)


def manifest() -> list[dict[str, object]]:
    if not CORPUS.is_dir():
        return []
    return [json.loads(line) for line in (CORPUS / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]


def accepted() -> list[dict[str, object]]:
    return [row for row in manifest() if (row.get("expected") or {}).get("verdict") == "accepted"]  # type: ignore[attr-defined]


@cache
def options(interface: str | None) -> CheckOptions:
    return CheckOptions.build(layers=frozenset(), deposit=interface, config_path=None)


@cache
def check(file: str, interface: str | None = None) -> tuple[Judgment, ...]:
    return check_file(str(CORPUS / file), options(interface)).judgments


def own_interface(row: dict[str, object]) -> str | None:
    """Samples of Chorus Pro bear the code of their deposit in their name."""
    code = Path(str(row["file"])).name[:8]
    return code if code in INTERFACES else None


@pytest.mark.parametrize("stated", [False, True], ids=["by its cadre", "by its interface"])
@pytest.mark.parametrize("row", accepted(), ids=lambda row: str(row["file"]))
def test_no_accepted_document_is_refused_for_its_attachments(row: dict[str, object], *, stated: bool) -> None:
    refused = [
        (finding.code, finding.found)
        for judgment in check(str(row["file"]), own_interface(row) if stated else None)
        for finding in judgment.findings
        if finding.is_fatal and finding.ruleset == RULESET
    ]
    assert refused == []


@pytest.mark.parametrize("row", manifest(), ids=lambda row: str(row["file"]))
def test_a_document_that_is_no_invoice_of_ours_gets_one_answer_in_words(row: dict[str, object]) -> None:
    for judgment in check(str(row["file"])):
        if judgment.summary is not None:
            continue
        refusals = [finding for finding in judgment.findings if finding.is_fatal]
        assert len({finding.code for finding in refusals}) == 1
        for language in Language:
            assert all("absent" not in describe(finding, language).message for finding in refusals)


def test_the_corpus_holds_attachments_to_measure_by() -> None:
    carrying = [
        judgment
        for row in manifest()
        for judgment in check(str(row["file"]))
        if any(layer.ruleset == RULESET for layer in judgment.layers)
    ]
    assert len(carrying) > 50
    assert {judgment.syntax for judgment in carrying} >= {Syntax.UBL, Syntax.CII}
    assert Family.AFNOR in {judgment.family for judgment in carrying}
    assert all(finding.code in CODES for judgment in carrying for finding in judgment.findings)
