"""One judged invoice as one JSON object: the contract of `flux check --json`."""

from flux.model.codes import CODES
from flux.model.finding import Finding
from flux.model.masking import mask_accounts
from flux.model.override import mark_of
from flux.model.partner import Language
from flux.model.verdict import InvoiceSummary, Judgment, Layer
from flux.model.words import describe

Json = dict[str, object]


def to_json(file: str, judgment: Judgment) -> Json:
    """The object that stands for an invoice of a file, its accounts masked."""
    return {
        "file": file,
        "member": judgment.member,
        "unit": judgment.unit,
        "syntax": judgment.syntax.value if judgment.syntax else None,
        "profile": judgment.profile,
        "interface": judgment.interface,
        "document": _document(judgment.summary) if judgment.summary else None,
        "verdict": judgment.verdict.value,
        "layers": [_layer(layer) for layer in judgment.layers],
        "findings": [_finding(finding) for finding in judgment.findings],
    }


def _document(summary: InvoiceSummary) -> Json:
    return {
        "number": summary.number,
        "type": summary.type_code,
        "issue_date": summary.issue_date.isoformat() if summary.issue_date else summary.issue_date_text,
        "supplier": summary.supplier.identifier,
        "buyer": summary.buyer.identifier,
    }


def _layer(layer: Layer) -> Json:
    return {
        "name": layer.name.value,
        "ruleset": layer.ruleset,
        "version": layer.version,
        "status": layer.status.value,
        "reason": layer.reason.value if layer.reason else None,
    }


def _finding(finding: Finding) -> Json:
    french = describe(finding, Language.FR)
    return {
        "code": finding.code,
        "detail": finding.detail,
        "severity": finding.severity.value,
        "audience": [audience.value for audience in finding.audience],
        "layer": finding.layer.value,
        "ruleset": finding.ruleset,
        "term": finding.term,
        "line": finding.line,
        "xpath": finding.xpath,
        "found": _masked(finding.found),
        "expected": french.expected or None,
        "message": french.message,
        "message_en": describe(finding, Language.EN).message,
        "fix": french.fix,
        "who": CODES[finding.code].who.value,
        **_overridden(finding),
    }


def _overridden(finding: Finding) -> Json:
    """One more key, of a finding that the installation weighs otherwise than its publisher."""
    mark = mark_of(finding)
    return {"overridden": {"reason": mark.reason, "until": mark.until}} if mark is not None else {}


def _masked(text: str | None) -> str | None:
    return mask_accounts(text) if text is not None else None
