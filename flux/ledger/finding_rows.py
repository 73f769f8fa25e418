"""Findings as rows, and rows as findings again, without loss."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from flux.ledger.bounds import to_storable
from flux.ledger.tables import findings
from flux.model.finding import Audience, Finding, LayerName, Severity
from flux.model.flow import Flow
from flux.model.settlement import InvoiceId
from flux.sql.bulk import BulkInsert, Record

INSERT_FINDINGS = BulkInsert(findings, [column.name for column in findings.c if column.name != "id"])

Added = dict[InvoiceId, tuple[Finding, ...]]


def to_finding_records(
    flow: Flow, invoice: InvoiceId | None, found: Iterable[Finding], *, is_added: bool = False
) -> Iterator[Record]:
    """The rows of findings; `invoice` is None for those of the flow itself, `is_added` true for the settlement's."""
    ordinal, unit = invoice if invoice is not None else (None, None)
    for finding in found:
        yield {
            "flow": flow.number,
            "attempt": flow.attempt,
            "ordinal": ordinal,
            "unit": unit,
            "is_added": is_added,
            "code": finding.code,
            "severity": finding.severity.value,
            "layer": finding.layer.value,
            "ruleset": finding.ruleset,
            "audience": ",".join([audience.value for audience in finding.audience]),
            "term": finding.term,
            "found": _storable(finding.found),
            "expected": _storable(finding.expected),
            "detail": _storable(finding.detail),
            "line": finding.line,
            "xpath": _storable(finding.xpath),
            "facts": _facts_text(finding.facts),
        }


def read_findings(connection: Connection, flow: Flow) -> tuple[dict[InvoiceId | None, list[Finding]], Added]:
    """All findings of an attempt by invoice, None for the flow itself, as they were made; then those of the settlement."""
    found: dict[InvoiceId | None, list[Finding]] = defaultdict(list)
    added: Added = {}
    for row in connection.execute(_READ, {"flow": flow.number, "attempt": flow.attempt}):
        invoice = (row.ordinal, row.unit) if row.ordinal is not None else None
        finding = _to_finding(row)
        found[invoice].append(finding)
        if row.is_added and invoice is not None:
            added[invoice] = (*added.get(invoice, ()), finding)
    return found, added


def _storable(text: str | None) -> str | None:
    return to_storable(text) if text is not None else None


def _facts_text(facts: tuple[tuple[str, str], ...]) -> str | None:
    """The facts in ASCII, which every database holds whatever their text."""
    return json.dumps(facts, separators=(",", ":")) if facts else None


_READ = (
    select(findings)
    .where(findings.c.flow == bindparam("flow"), findings.c.attempt == bindparam("attempt"))
    .order_by(findings.c.id)
)


def _to_finding(row: Row[Any]) -> Finding:
    return Finding(
        code=row.code,
        severity=Severity(row.severity),
        layer=LayerName(row.layer),
        ruleset=row.ruleset,
        audience=tuple([Audience(each) for each in row.audience.split(",") if each]),
        term=row.term,
        found=row.found,
        expected=row.expected,
        detail=row.detail,
        line=row.line,
        xpath=row.xpath,
        facts=tuple([(name, value) for name, value in json.loads(row.facts)]) if row.facts else (),
    )
