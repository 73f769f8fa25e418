"""Every file of the corpus gets an answer, as `flux check` gives it, and no publisher's accepted invoice is refused for its identity."""

import hashlib
import json
from functools import cache
from pathlib import Path

import pytest

from flux.app.checking import CheckOptions, check_file, read_deposit
from flux.app.workshop import build_judge
from flux.formats.facturx import extract_invoice
from flux.model.finding import LayerName
from flux.model.limits import Limits
from flux.model.partner import Environment, Language
from flux.model.verdict import Judgment, LayerStatus
from flux.pipeline import JudgeSettings

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the corpus lies beside the checkouts of its developers only"
)


def manifest() -> list[dict[str, object]]:
    if not CORPUS.is_dir():
        return []
    return [json.loads(line) for line in (CORPUS / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]


@cache
def options(deposit: str | None = None, environment: Environment = Environment.PRODUCTION) -> CheckOptions:
    settings = JudgeSettings(environment=environment)
    return CheckOptions(
        judge=build_judge(settings), deposit=read_deposit(deposit), language=Language.FR, settings=settings
    )


def check(row: dict[str, object], *, environment: Environment = Environment.PRODUCTION) -> tuple[Judgment, ...]:
    """As Chorus Pro took its own samples, and as nobody in particular deposits the others."""
    deposit = "FSO1117A" if row["source"] == "chorus-facturix" else None
    return check_file(str(CORPUS / str(row["file"])), options(deposit, environment)).judgments


def treated(row: dict[str, object]) -> bool:
    is_cpp_invoice = row["document_type"] in {"CPPFacturePivot", "CPPFactureMixte"}
    return row["syntax"] in {"UBL 2.x", "UN/CEFACT CII"} or is_cpp_invoice


@pytest.mark.parametrize("row", manifest(), ids=lambda row: str(row["file"]))
def test_every_file_is_answered(row: dict[str, object]) -> None:
    judgments = check(row)
    assert judgments
    if treated(row):
        assert all(judgment.summary is not None for judgment in judgments)
    else:
        assert all(finding.code for judgment in judgments for finding in judgment.findings if finding.is_fatal)
        assert judgments[0].findings


@pytest.mark.parametrize("row", [row for row in manifest() if treated(row)], ids=lambda row: str(row["file"]))
def test_the_schema_verdicts_are_those_of_the_manifest(row: dict[str, object]) -> None:
    [judgment] = check(row)
    schemas = [layer for layer in judgment.layers if layer.name is LayerName.SCHEMA]
    layers = {layer.ruleset: layer.status is LayerStatus.PASSED for layer in schemas}
    if layers.keys() & {"cpp-pivot-2.02", "cpp-mixte"}:
        assert row["expected"]["verdict"] == "accepted"  # type: ignore[index]
        assert all(layers[ruleset] for ruleset in layers if ruleset.startswith("cpp-"))
        return
    for ruleset, key in (("ubl-2.1", "xsd"), ("cii-d22b", "xsd_full")):
        if ruleset in layers:
            assert layers[ruleset] == row[key]["ok"], row[key]  # type: ignore[index]
    subsets = [passed for ruleset, passed in layers.items() if ruleset.startswith("facturx-")]
    if subsets and row["xsd"]["schema"] != "CII D22B":  # type: ignore[index]
        assert subsets == [row["xsd"]["ok"]]  # type: ignore[index]


PDFS = [row for row in manifest() if row["container"] == "pdf"]


@pytest.mark.parametrize("row", PDFS, ids=lambda row: str(row["file"]))
def test_the_invoice_of_a_pdf_is_the_one_that_the_manifest_names(row: dict[str, object]) -> None:
    opened = extract_invoice((CORPUS / str(row["file"])).read_bytes(), Limits())
    found = None if opened.data is None else hashlib.sha256(opened.data).hexdigest()
    assert (found, [seen.code for seen in opened.observations]) == (
        row.get("embedded_sha256"),
        [] if row.get("embedded") else ["PDF_NO_INVOICE"],
    )


def is_accepted_in_production(row: dict[str, object]) -> bool:
    """The mixed invoice of the corpus bears the SIRETs of a qualification portal, whose key is wrong."""
    accepted = (row.get("expected") or {}).get("verdict") == "accepted"  # type: ignore[attr-defined]
    return treated(row) and accepted and row["document_type"] != "CPPFactureMixte"


def fired_rules(row: dict[str, object]) -> set[str]:
    """The French rules that the official artefact says the document breaks, whatever its publisher says."""
    fired = (row.get("rules_fr") or {}).get("fired", ())  # type: ignore[attr-defined]
    return {"-".join(str(each["id"]).partition("_")[0].split("-")[:3]) for each in fired}


@pytest.mark.parametrize("row", [*filter(is_accepted_in_production, manifest())], ids=lambda row: str(row["file"]))
def test_no_accepted_invoice_is_refused_for_its_identity(row: dict[str, object]) -> None:
    """Example parties of FNFE have made-up keys, as those of a qualification have; a rule that is official today stands."""
    environment = Environment.QUALIFICATION if row["source"] == "facturx108" else Environment.PRODUCTION
    refused = [
        (finding.code, finding.found)
        for judgment in check(row, environment=environment)
        for finding in judgment.findings
        if finding.is_fatal and finding.layer is LayerName.IDENTITY and finding.detail not in fired_rules(row)
    ]
    assert refused == []
