"""A pivot through the engine: judged in shares, answered invoice by invoice, divided between its recipients."""

import io
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from flux.config import read
from flux.demo.pivot_samples import FLOW_ID, PivotSample, write_pivot
from flux.demo.samples import ENTITY_SIRET, OTHER_ENTITY_SIRET, Sample, write_ubl
from flux.demo.scenario import write_archive
from flux.engine.gateway import Task
from flux.engine.tasks import ChunkTask
from flux.ledger.memory import open_memory
from flux.ledger.migrate import upgrade
from flux.ledger.queries import FlowHistory
from flux.model.settlement import FlowStatus, Outcome, OutputKind
from flux.model.verdict import Verdict
from tests.schemas import our_schemas
from tests.unit.engine.test_gateway import CONFIG, Desk

HUB = {"role": "supplier", "application_code": "FRN001", "naming": "free"}
OTHER_ENTITY = {"role": "entity", "application_code": "SEI002", "sirets": [OTHER_ENTITY_SIRET]}
ENTITY = {"role": "entity", "application_code": "SEI001", "sirets": [ENTITY_SIRET]}
PARTNERS = {"acme": HUB, "etat": ENTITY, "departement": OTHER_ENTITY}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    database = open_memory()
    upgrade(database)
    yield Desk(read({**CONFIG, "partners": PARTNERS}, root=tmp_path, environ={}), database, "pivot-{}.xml")
    database.close()


def sample(number: int, buyer: str = ENTITY_SIRET) -> PivotSample:
    return PivotSample(sample=Sample(number=f"P{number}", line_count=1, buyer_siret=buyer))


def wrong(each: PivotSample) -> PivotSample:
    return replace(each, sample=replace(each.sample, supplier_siret="73282932000075"))


def forwarded(desk: Desk, history: FlowHistory) -> dict[str, bytes]:
    """What each partner is sent."""
    return {
        str(line.partner): desk.vault.path(str(line.sha256)).read_bytes()
        for line in history.deliveries
        if line.kind is OutputKind.FORWARD
    }


def report(desk: Desk, history: FlowHistory) -> etree._Element:
    [line] = [line for line in history.deliveries if line.kind is OutputKind.REPORT]
    return etree.fromstring(desk.vault.path(str(line.sha256)).read_bytes())


def numbers(document: bytes) -> list[str | None]:
    return [found.text for found in etree.fromstring(document).iterfind(".//DonneesFacture/Id")]


def is_valid(document: bytes) -> bool:
    schema = our_schemas().compiled("cpp-pivot-2.02", "CPPFacturePivot").validator
    return schema.validate(etree.fromstring(document))


def test_a_pivot_for_one_recipient_keeps_its_bytes(desk: Desk) -> None:
    data = write_pivot([sample(number) for number in range(3)])
    assert forwarded(desk, desk.treat(data)) == {"etat": data}


def test_a_pivot_for_two_recipients_gives_each_a_document_of_its_own(desk: Desk) -> None:
    buyers = (ENTITY_SIRET, OTHER_ENTITY_SIRET, ENTITY_SIRET)
    data = write_pivot([sample(number, buyer) for number, buyer in enumerate(buyers)])
    sent = forwarded(desk, desk.treat(data))
    assert {partner: numbers(document) for partner, document in sent.items()} == {
        "etat": ["P0", "P2"],
        "departement": ["P1"],
    }
    assert all(map(is_valid, sent.values()))
    assert [etree.fromstring(sent[name]).find("CPPFactures").get("Compteur") for name in ("etat", "departement")] == [  # type: ignore[union-attr]
        "2",
        "1",
    ]
    assert FLOW_ID.encode() in sent["departement"]


def test_the_invoices_of_a_part_are_those_that_came_byte_for_byte(desk: Desk) -> None:
    data = write_pivot([sample(0), sample(1, OTHER_ENTITY_SIRET)])
    start, end = data.index(b"<CPPFacturePivotUnitaire"), data.index(b"</CPPFacturePivotUnitaire>")
    assert data[start:end] in forwarded(desk, desk.treat(data))["etat"]


def test_a_rejected_invoice_leaves_the_others(desk: Desk) -> None:
    data = write_pivot([sample(0), wrong(sample(1)), sample(2)])
    history = desk.treat(data)
    outcomes = [history.case.outcomes[0, unit] for unit in range(3)]
    assert (history.line.status, outcomes) == (
        FlowStatus.PARTIAL,
        [Outcome.ACCEPTED, Outcome.REJECTED, Outcome.ACCEPTED],
    )
    assert numbers(forwarded(desk, history)["etat"]) == ["P0", "P2"]


def test_the_report_names_the_line_and_the_number_of_the_invoice(desk: Desk) -> None:
    data = write_pivot([sample(0), wrong(sample(1)), sample(2)])
    line = 1 + data[: data.index(b"73282932000075")].count(b"\n")
    message = report(desk, desk.treat(data))
    assert (message.findtext(".//IdStatut"), message.findtext(".//CodeErreur")) == ("96", "SIRET_CHECKSUM")
    assert (message.findtext(".//LibelleErreur") or "").startswith("P1")
    assert f"ligne={line};" in (message.findtext(".//DescriptionErreur") or "")


def test_an_envelope_that_is_wrong_refuses_the_flow_once_and_tells_every_other_fault(desk: Desk) -> None:
    history = desk.treat(write_pivot([sample(0), wrong(sample(1))], counter=7))
    codes = [found.text for found in report(desk, history).iterfind(".//CodeErreur")]
    assert (history.line.status, codes) == (
        FlowStatus.REFUSED,
        ["CPP_ENVELOPE", "INVOICE_NOT_TAKEN", "SIRET_CHECKSUM"],
    )
    assert forwarded(desk, history) == {}


def test_an_envelope_that_is_wrong_in_an_archive_refuses_its_document_once(desk: Desk) -> None:
    history = desk.treat(write_archive([write_pivot([sample(0)], counter=7), write_ubl(Sample(number="U1"))]))
    codes = [found.text for found in report(desk, history).iterfind(".//CodeErreur")]
    assert (history.line.status, codes) == (FlowStatus.REFUSED, ["CPP_ENVELOPE", "INVOICE_NOT_TAKEN"])


def test_an_archive_is_divided_down_to_the_invoices_of_its_pivots(desk: Desk) -> None:
    first = write_pivot([sample(0), sample(1)])
    second = write_pivot([sample(2), sample(3, OTHER_ENTITY_SIRET)])
    sent = forwarded(desk, desk.treat(write_archive([first, second])))
    with tarfile.open(fileobj=io.BytesIO(sent["etat"])) as archive:
        members = {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]
    assert members["facture-0001.xml"] == first
    assert numbers(members["facture-0002.xml"]) == ["P2"]
    assert numbers(sent["departement"]) == ["P3"]


def test_the_invoices_of_one_pivot_are_shared_between_tasks(desk: Desk) -> None:
    history = desk.treat(write_pivot([sample(number) for number in range(10)]))
    chunks = [task for task in desk.workers.tasks if isinstance(task, ChunkTask)]
    assert [task.invoice_count for task in chunks] == [4, 4, 2]
    assert [(judgment.ordinal, judgment.unit) for judgment in history.case.judgments] == [(0, n) for n in range(10)]


def holds(task: Task, unit: int) -> bool:
    """True for a task that is to judge that invoice of the pivot."""
    return isinstance(task, ChunkTask) and any(
        member.units is not None and unit in range(member.units.first, member.units.first + member.invoice_count)
        for member in task.members
    )


def test_an_invoice_that_kills_every_worker_is_alone_not_judged(desk: Desk) -> None:
    desk.workers.dies_over = lambda task: holds(task, 5)
    history = desk.treat(write_pivot([sample(number) for number in range(10)]))
    unjudged = [judgment.unit for judgment in history.case.judgments if judgment.verdict is Verdict.NOT_JUDGED]
    assert (len(history.case.judgments), unjudged) == (10, [5])


def test_the_same_invoice_under_another_number_in_the_document_is_the_same_content(desk: Desk) -> None:
    desk.treat(write_pivot([sample(0), sample(1)]))
    again = desk.receive(write_pivot([sample(9), sample(1)]), sequence=2)
    desk.engine.accept([again])
    desk.engine.run_until_idle()
    judged = desk.queries.show_flow(again.number).case.judgments
    assert [[finding.code for finding in judgment.findings] for judgment in judged] == [[], ["DUPLICATE_SAME"]]


@pytest.mark.parametrize(("renvoi", "codes"), [("Recyclée", []), ("Non", ["DUPLICATE_SAME"])])
def test_an_invoice_that_is_recycled_is_no_duplicate(desk: Desk, renvoi: str, codes: list[str]) -> None:
    again = write_pivot([replace(sample(0), renvoi=renvoi)])
    desk.treat(write_pivot([replace(sample(0), renvoi="Non")]))
    flow = desk.receive(again, sequence=2)
    desk.engine.accept([flow])
    desk.engine.run_until_idle()
    (judgment,) = desk.queries.show_flow(flow.number).case.judgments
    assert [finding.code for finding in judgment.findings if finding.is_fatal] == codes


def test_a_pivot_that_only_libxml2_can_read_is_divided_too(desk: Desk) -> None:
    text = write_pivot([sample(0), sample(1, OTHER_ENTITY_SIRET)]).decode()
    data = text.replace('encoding="UTF-8"', 'encoding="UTF-32"').encode("utf-32")
    sent = forwarded(desk, desk.treat(data))
    assert {partner: numbers(document) for partner, document in sent.items()} == {
        "etat": ["P0"],
        "departement": ["P1"],
    }
