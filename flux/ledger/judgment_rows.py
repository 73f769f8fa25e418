"""Judgments as rows, and rows as judgments again, without loss."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select

from flux.ledger.bounds import to_storable
from flux.ledger.finding_rows import Added, read_findings
from flux.ledger.tables import invoices
from flux.model.finding import Finding, LayerName
from flux.model.flow import Flow
from flux.model.interface import Family, Syntax
from flux.model.settlement import InvoiceId, Outcome
from flux.model.verdict import (
    InvoiceSummary,
    Judgment,
    Layer,
    LayerStatus,
    NotRunReason,
    PartySummary,
    Verdict,
)
from flux.sql.bulk import BulkInsert, Record

_PARTY = ("identifier", "scheme", "name", "country", "siren", "address", "address_scheme")
_SUMMARY = (
    "number",
    "type_code",
    "issue_date_text",
    "cadre",
    "currency",
    "total_due",
    "code_service",
    "numero_engagement",
    "issue_date",
    "accounts",
    *(f"supplier_{name}" for name in _PARTY),
    *(f"buyer_{name}" for name in _PARTY),
)
_JUDGMENT = (
    "ordinal",
    "unit",
    "member",
    "sha256",
    "size_bytes",
    "profile",
    "interface",
    "syntax",
    "family",
    "verdict",
    "layers",
)
_NO_SUMMARY: Record = dict.fromkeys(_SUMMARY)

INSERT_INVOICES = BulkInsert(invoices, ("flow", "attempt", *_JUDGMENT, *_SUMMARY))

# A look-up costs a tenth of calling the enumeration.
_SYNTAXES: Mapping[str | None, Syntax | None] = {None: None, **{each.value: each for each in Syntax}}
_FAMILIES = {each.value: each for each in Family}
_VERDICTS = {each.value: each for each in Verdict}
_OUTCOMES = {each.value: each for each in Outcome}


def to_invoice_records(flow: Flow, judgments: Sequence[Judgment]) -> Iterator[Record]:
    """The rows of judgments. Their layers are nearly always the same: the text of equal ones is written once."""
    texts: dict[int, str] = {}
    for judgment in judgments:
        # Judgments of one chunk come with one tuple of layers: its identity finds it faster than its value.
        text = texts.get(id(judgment.layers))
        if text is None:
            text = texts[id(judgment.layers)] = _layers_text(judgment.layers)
        yield _invoice_record(flow, judgment, text)


def _invoice_record(flow: Flow, judgment: Judgment, layers: str) -> Record:
    return {
        "flow": flow.number,
        "attempt": flow.attempt,
        "ordinal": judgment.ordinal,
        "unit": judgment.unit,
        "member": to_storable(judgment.member) if judgment.member is not None else None,
        "sha256": judgment.sha256,
        "size_bytes": judgment.size_bytes,
        "syntax": judgment.syntax.value if judgment.syntax else None,
        "profile": judgment.profile,
        "interface": judgment.interface,
        "family": judgment.family.value,
        "verdict": judgment.verdict.value,
        "layers": layers,
        **(_summary_record(judgment.summary) if judgment.summary is not None else _NO_SUMMARY),
    }


def _summary_record(summary: InvoiceSummary) -> Record:
    supplier, buyer = summary.supplier, summary.buyer
    return {
        "number": summary.number,
        "type_code": summary.type_code,
        "issue_date_text": summary.issue_date_text,
        "cadre": summary.cadre,
        "currency": summary.currency,
        "total_due": summary.total_due,
        "code_service": summary.code_service,
        "numero_engagement": summary.numero_engagement,
        "issue_date": summary.issue_date.isoformat() if summary.issue_date else None,
        "accounts": " ".join(summary.accounts) or None,
        "supplier_identifier": supplier.identifier,
        "supplier_scheme": supplier.scheme,
        "supplier_name": supplier.name,
        "supplier_country": supplier.country,
        "supplier_siren": supplier.siren,
        "supplier_address": supplier.address,
        "supplier_address_scheme": supplier.address_scheme,
        "buyer_identifier": buyer.identifier,
        "buyer_scheme": buyer.scheme,
        "buyer_name": buyer.name,
        "buyer_country": buyer.country,
        "buyer_siren": buyer.siren,
        "buyer_address": buyer.address,
        "buyer_address_scheme": buyer.address_scheme,
    }


def _layers_text(layers: Sequence[Layer]) -> str:
    return json.dumps([_layer_values(layer) for layer in layers], separators=(",", ":"), ensure_ascii=False)


def _layer_values(layer: Layer) -> tuple[str | None, ...]:
    reason = layer.reason.value if layer.reason else None
    return layer.name.value, layer.ruleset, layer.version, layer.status.value, reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the ledger holds of one attempt of a flow; `added` are the findings that its settlement gave."""

    flow_findings: tuple[Finding, ...]
    judgments: tuple[Judgment, ...]
    outcomes: dict[InvoiceId, Outcome]
    added: Added


def read_judged(connection: Connection, flow: Flow) -> Judged:
    """Judgments in the order of the archive, with their findings in the order in which they were made."""
    found, added = read_findings(connection, flow)
    rows = connection.execute(_READ, {"flow": flow.number, "attempt": flow.attempt}).all()
    reader = _RowReader(found)
    return Judged(
        flow_findings=tuple(found.get(None, ())),
        judgments=tuple([reader.to_judgment(*row[1:]) for row in rows]),
        outcomes={(row[1], row[2]): _OUTCOMES[row[0]] for row in rows if row[0] is not None},
        added=added,
    )


_READ = (
    select(*(invoices.c[name] for name in ("outcome", *_JUDGMENT, *_SUMMARY)))
    .where(invoices.c.flow == bindparam("flow"), invoices.c.attempt == bindparam("attempt"))
    .order_by(invoices.c.ordinal, invoices.c.unit)
)


class _RowReader:
    """Rows of one flow, whose layers, parties and dates repeat: each is made once."""

    def __init__(self, found: Mapping[InvoiceId | None, Sequence[Finding]]) -> None:
        self._found = found
        self._layers: dict[str, tuple[Layer, ...]] = {}
        self._parties: dict[tuple[str, ...], PartySummary] = {}
        self._dates: dict[str | None, date | None] = {None: None}

    def to_judgment(self, *row: Any) -> Judgment:  # noqa: ANN401 -- the columns of a row
        ordinal, unit, member, sha256, size_bytes, profile, interface, syntax, family, verdict, layers = row[:11]
        return Judgment(
            ordinal=ordinal,
            unit=unit,
            member=member,
            sha256=sha256,
            size_bytes=size_bytes,
            profile=profile,
            interface=interface,
            syntax=_SYNTAXES[syntax],
            family=_FAMILIES[family],
            verdict=_VERDICTS[verdict],
            layers=self._to_layers(layers),
            findings=tuple(self._found.get((ordinal, unit), ())),
            summary=self._to_summary(*row[11:]) if row[11] is not None else None,
        )

    def _to_summary(self, *row: Any) -> InvoiceSummary:  # noqa: ANN401 -- same
        number, type_code, issue_date_text, cadre, currency, total_due, code_service, numero_engagement = row[:8]
        return InvoiceSummary(
            number=number,
            type_code=type_code,
            issue_date_text=issue_date_text,
            cadre=cadre,
            currency=currency,
            total_due=total_due,
            code_service=code_service,
            numero_engagement=numero_engagement,
            issue_date=self._to_date(row[8]),
            accounts=tuple(row[9].split()) if row[9] else (),
            supplier=self._to_party(row[10 : 10 + len(_PARTY)]),
            buyer=self._to_party(row[10 + len(_PARTY) :]),
        )

    def _to_layers(self, text: str) -> tuple[Layer, ...]:
        layers = self._layers.get(text)
        if layers is None:
            layers = self._layers[text] = tuple(_to_layer(*values) for values in json.loads(text))
        return layers

    def _to_party(self, values: tuple[str, ...]) -> PartySummary:
        party = self._parties.get(values)
        if party is None:
            # A row of before a column was added holds nothing in it.
            held = {name: value or "" for name, value in zip(_PARTY, values, strict=True)}
            party = self._parties[values] = PartySummary(**held)
        return party

    def _to_date(self, text: str | None) -> date | None:
        if text not in self._dates:
            self._dates[text] = date.fromisoformat(text) if text else None
        return self._dates[text]


def _to_layer(name: str, ruleset: str, version: str, status: str, reason: str | None) -> Layer:
    return Layer(
        name=LayerName(name),
        ruleset=ruleset,
        version=version,
        status=LayerStatus(status),
        reason=NotRunReason(reason) if reason else None,
    )
