"""What judging one invoice costs in each syntax, without the gateway around it, beside bare lxml on the same XML.

Ten-line invoices of our own, each with a number of its own, judged one after the other in this process: open, read, schema,
rules, identities. `ubl10` and `cii10` are legacy flows under the rules of Chorus Pro, `reform_*` invoices of the reform under
EXTENDED-CTC-FR or EN 16931, BR-FR and BR-FR-CPRO. The kinds take turns in every round, so that all meet the same machine.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from lxml import etree

from benchmarks.figures import figure, show
from flux.app.workshop import build_judge
from flux.demo.afnor_samples import AFNOR_SAMPLE, write_afnor_ubl
from flux.demo.facturx_samples import write_facturx, write_facturx_xml
from flux.demo.pivot_samples import PivotSample, write_pivot
from flux.demo.samples import Sample, write_cii, write_ubl
from flux.engine.collector import spare_collector
from flux.formats.facturx import extract_invoice
from flux.model.interface import Deposit
from flux.model.limits import Limits
from flux.model.verdict import Verdict
from flux.pipeline import Judge, JudgeSettings, Member
from flux.schemas import SchemaCatalogue

LINES = 10
INVOICES = 200
TODAY = date(2026, 11, 23)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A syntax: how its documents are written, and the schemas that judge their XML. `is_pdf` where that lies in a PDF."""

    write: Callable[[Sample], bytes]
    schemas: tuple[str, ...]
    blank: Sample = field(default_factory=lambda: Sample(line_count=LINES))
    is_pdf: bool = False

    def documents(self) -> list[bytes]:
        """Invoices that differ in their number."""
        return [self.write(replace(self.blank, number=f"J{index:05d}")) for index in range(INVOICES)]


KINDS = {
    "ubl10": Kind(write=write_ubl, schemas=("ubl-2.1",)),
    "cii10": Kind(write=write_cii, schemas=("cii-d22b", "facturx-en16931")),
    "reform_ubl10": Kind(write=write_afnor_ubl, schemas=("ubl-2.1",), blank=replace(AFNOR_SAMPLE, line_count=LINES)),
    "reform_cii10": Kind(
        write=write_facturx_xml,
        schemas=("cii-d22b", "facturx-en16931"),
        blank=replace(AFNOR_SAMPLE, line_count=LINES),
    ),
    "facturx10": Kind(
        write=write_facturx,
        schemas=("cii-d22b", "facturx-en16931"),
        blank=replace(AFNOR_SAMPLE, line_count=LINES),
        is_pdf=True,
    ),
    "pivot10": Kind(write=lambda sample: write_pivot([PivotSample(sample=sample)]), schemas=("cpp-pivot-2.02",)),
}


def measure(*, rounds: int) -> dict[str, dict[str, object]]:
    """CPU milliseconds of an invoice, by name: judged, parsed and validated by lxml alone, and the opening of a PDF."""
    spare_collector()  # as every worker of the gateway does
    judge, catalogue = build_judge(JudgeSettings()), SchemaCatalogue()
    documents = {name: kind.documents() for name, kind in KINDS.items()}
    costs: dict[str, list[float]] = {}
    for number in range(rounds + 1):
        for name, kind in KINDS.items():
            data = documents[name]
            spent = {f"check.{name}.cpu_ms": _judge(judge, data), f"check.{name}.bare_ms": _bare(catalogue, kind, data)}
            if kind.is_pdf:
                spent[f"check.{name}.open_ms"] = _time(lambda one: extract_invoice(one, Limits()), data)
            if number:  # the first compiles the schemas
                for measured, seconds in spent.items():
                    costs.setdefault(measured, []).append(seconds * 1e3)
    return {name: figure(values, "ms/invoice") for name, values in costs.items()}


def _judge(judge: Judge, documents: list[bytes]) -> float:
    def accept(data: bytes) -> None:
        (judgment,) = judge.judge(Member(ordinal=0, name=None, data=data, deposit=Deposit(), alone=True), TODAY)
        if judgment.verdict is not Verdict.ACCEPTED:
            raise ValueError(str(judgment.findings))

    return _time(accept, documents)


def _bare(catalogue: SchemaCatalogue, kind: Kind, documents: list[bytes]) -> float:
    """What lxml takes to parse and validate; the XML of a PDF is at hand."""
    texts = [extract_invoice(data, Limits()).data or b"" for data in documents] if kind.is_pdf else documents
    root = str(etree.fromstring(texts[0]).tag)
    validators = [catalogue.compiled(schema, root).validator for schema in kind.schemas]
    parser = etree.XMLParser(resolve_entities=False, no_network=True)

    def validate(data: bytes) -> None:
        document = etree.fromstring(data, parser)
        for validator in validators:
            validator.validate(document)

    return _time(validate, texts)


def _time(work: Callable[[bytes], object], documents: list[bytes]) -> float:
    """CPU seconds for one document."""
    started = time.process_time()
    for data in documents:
        work(data)
    return (time.process_time() - started) / len(documents)


if __name__ == "__main__":
    show(measure(rounds=5))
