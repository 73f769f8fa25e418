"""What Chorus Pro accepted is not refused by its rules, nor a publisher's accepted invoice by BR-FR-CPRO or for its profile."""

import json
from functools import cache
from pathlib import Path

import pytest

from flux.app.checking import CheckOptions, check_file
from flux.model.finding import LayerName
from flux.model.interface import INTERFACES
from flux.model.verdict import Judgment

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the corpus lies beside the checkouts of its developers only"
)
_CHORUS_SOURCES = ("chorus-facturix", "pastell-chorus")


def rows(*, of_chorus: bool) -> list[dict[str, object]]:
    if not CORPUS.is_dir():
        return []
    manifest = (json.loads(line) for line in (CORPUS / "manifest.jsonl").read_text(encoding="utf-8").splitlines())
    accepted = (row for row in manifest if (row.get("expected") or {}).get("verdict") == "accepted")
    return [row for row in accepted if (row["source"] in _CHORUS_SOURCES) is of_chorus]


@cache
def options(interface: str | None) -> CheckOptions:
    return CheckOptions.build(layers=frozenset({LayerName.RULES}), deposit=interface, config_path=None)


def judge(row: dict[str, object], interface: str | None) -> tuple[Judgment, ...]:
    return check_file(str(CORPUS / str(row["file"])), options(interface)).judgments


@pytest.mark.parametrize("row", rows(of_chorus=True), ids=lambda row: str(row["file"]))
def test_the_rules_of_chorus_remark_nothing_on_what_chorus_accepted(row: dict[str, object]) -> None:
    interface = Path(str(row["file"])).name[:8]
    judgments = judge(row, interface if interface in INTERFACES else None)
    told = [each.code for judgment in judgments for each in judgment.findings if each.ruleset == "chorus"]
    ran = {layer.ruleset for judgment in judgments for layer in judgment.layers if layer.name is LayerName.RULES}
    assert told == []
    assert "chorus" in ran or not any(judgment.summary for judgment in judgments)


@pytest.mark.parametrize("row", rows(of_chorus=False), ids=lambda row: str(row["file"]))
def test_no_accepted_document_is_refused_as_an_invoice_to_the_public_sector(row: dict[str, object]) -> None:
    told = [
        each.code
        for judgment in judge(row, None)
        for each in judgment.findings
        if each.ruleset == "br-fr-cpro" and each.is_fatal
    ]
    assert told == []
