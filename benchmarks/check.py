"""What judging one invoice of ten lines costs in each format, beside what bare lxml costs on the same XML.

The judge of the gateway, in this process, without ledger, register or replies. Formats take turns in each round, so that all meet
the same machine.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from lxml import etree

from benchmarks.figures import figure
from flux.app.workshop import build_judge
from flux.demo.afnor_samples import AFNOR_SAMPLE, write_afnor_ubl
from flux.demo.facturx_samples import write_facturx, write_facturx_xml
from flux.demo.pivot_samples import PivotSample, write_pivot
from flux.demo.samples import Sample, write_ubl
from flux.model.interface import INTERFACES, Deposit
from flux.model.verdict import Verdict
from flux.pipeline import Judge, JudgeSettings, Member
from flux.schemas import SchemaCatalogue

TODAY = date(2026, 11, 28)
INVOICES = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format: under which interface it comes, its bytes, the XML in them, and the schema that decides."""

    interface: str
    data: bytes
    xml: bytes
    schema: str


def formats() -> Mapping[str, Format]:
    """The same invoice in every format that flux reads."""
    facturx_xml = write_facturx_xml(AFNOR_SAMPLE)
    pivot = write_pivot([PivotSample(sample=Sample())])
    afnor, legacy = write_afnor_ubl(AFNOR_SAMPLE), write_ubl(Sample())
    return {
        "ubl10": Format(interface="FSO1100A", data=legacy, xml=legacy, schema="ubl-2.1"),
        "ubl10_afnor": Format(interface="FSO1150A", data=afnor, xml=afnor, schema="ubl-2.1"),
        "cii10": Format(interface="FSO1156A", data=facturx_xml, xml=facturx_xml, schema="cii-d22b"),
        "facturx10": Format(interface="FSO1157A", data=write_facturx(AFNOR_SAMPLE), xml=facturx_xml, schema="cii-d22b"),
        "pivot10": Format(interface="FEN0036A", data=pivot, xml=pivot, schema="cpp-pivot-2.02"),
    }


def measure(*, rounds: int) -> dict[str, dict[str, object]]:
    """The figures of judging, by name."""
    judge = build_judge(JudgeSettings())
    works = {name: (partial(_judge, judge, form), _bare(form)) for name, form in formats().items()}
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for _ in range(rounds + 1):  # the first round warms up
        for name, (ours, bare) in works.items():
            spent[name].append((_seconds(ours), _seconds(bare)))
    figures: dict[str, dict[str, object]] = {}
    for name, pairs in spent.items():
        figures[f"check.{name}.cpu_ms"] = figure([ours * 1e3 for ours, _ in pairs[1:]], "ms")
        figures[f"check.{name}.cpu_over_bare"] = figure([ours / bare for ours, bare in pairs[1:]], "times")
    return figures


def _seconds(work: Callable[[], object]) -> float:
    """CPU of one invoice."""
    started = time.process_time()
    for _ in range(INVOICES):
        work()
    return (time.process_time() - started) / INVOICES


def _judge(judge: Judge, form: Format) -> None:
    deposit = Deposit(interface=INTERFACES[form.interface])
    (judgment,) = judge.judge(Member(ordinal=0, name=None, data=form.data, deposit=deposit, alone=True), TODAY)
    if judgment.verdict is not Verdict.ACCEPTED:
        raise ValueError(f"{form.interface}: {judgment.findings}")


def _bare(form: Format) -> Callable[[], object]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    schema = SchemaCatalogue().compiled(form.schema, str(etree.fromstring(form.xml, parser).tag)).validator
    return lambda: schema.assertValid(etree.fromstring(form.xml, parser))
