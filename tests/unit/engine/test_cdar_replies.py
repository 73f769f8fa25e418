"""Flows of the reform through the engine: what lies ready for the sender, byte for byte what the schema allows."""

import io
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

import flux.engine.outputs
from flux.config import read
from flux.demo.afnor_samples import AFNOR_SAMPLE, write_afnor_ubl
from flux.demo.facturx_samples import write_facturx
from flux.demo.samples import ENTITY_SIRET
from flux.demo.scenario import write_archive
from flux.engine.outputs import MessageSchemas, OutputBuilder
from flux.engine.tasks import BuildTask
from flux.errors import FluxError
from flux.formats.schema import CompiledSchema
from flux.ledger.memory import open_memory
from flux.ledger.migrate import upgrade
from flux.ledger.queries import FlowHistory
from flux.model.settlement import OutputKind
from tests.unit.engine.test_gateway import Desk
from tests.unit.replies.cdar_flows import fields

STRICT = {"role": "supplier", "application_code": "PAE123", "interfaces": ["FSO1150A"]}
CONFIG = {
    "gateway": {"application_code": "FLX001", "layers": ["schema", "identity"]},
    "partners": {
        "pae123": STRICT,
        "isolating": STRICT | {"irrecevable_member": "isolate"},
        "ville": {"role": "entity", "application_code": "VIL001", "interfaces": ["FSO3110A"]},
        "dupont": {"role": "supplier", "application_code": "DUP001", "naming": "free", "replies": "cdar"},
        "etat": {"role": "entity", "application_code": "SEI001", "sirets": [ENTITY_SIRET]},
    },
}
NAME = "FSO1150A_PAE123_PAE1231150000000000000007"
G2B_NAME = "FSO3110A_VIL001_VIL0013110000000000000001"
GOOD = write_afnor_ubl()
WRONG_SIRET = write_afnor_ubl(replace(AFNOR_SAMPLE, number="F2026-0118", supplier_siret="73282932000075"))
BROKEN = write_afnor_ubl(replace(AFNOR_SAMPLE, number="F2026-0119", vat_total="2400,00"))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    database = open_memory()
    upgrade(database)
    yield Desk(read(CONFIG, root=tmp_path, environ={}), database)
    database.close()


class Outbox:
    """What a flow made due for its sender, by name."""

    def __init__(self, desk: Desk, history: FlowHistory, partner: str) -> None:
        self.files = {
            line.name: desk.vault.path(line.sha256).read_bytes()
            for line in history.deliveries
            if line.partner == partner and line.sha256 is not None and line.folder != "rapports"
        }

    def message(self, start: str) -> bytes:
        """The one file whose name begins so."""
        (name,) = (each for each in self.files if each.startswith(start))
        return self.files[name]

    def packed(self, start: str) -> dict[str, bytes]:
        """The files of the one archive whose name begins so."""
        with tarfile.open(fileobj=io.BytesIO(self.message(start)), mode="r:gz") as archive:
            return {member.name: content.read() for member in archive if (content := archive.extractfile(member))}


def drop(desk: Desk, data: bytes, partner: str = "pae123", name: str = NAME) -> Outbox:
    return Outbox(desk, desk.treat(data, partner=partner, name=name), partner)


def test_a_good_flow_of_a_platform_is_admitted_and_its_invoice_received(desk: Desk) -> None:
    outbox = drop(desk, GOOD)

    (message,) = outbox.packed("FEN1214A_PAE123_FLX0011214").values()
    assert fields(outbox.message("CSO1150A_PAE123_FLX0011150"), "105") == ["500"]
    assert [fields(message, mdt) for mdt in ("87", "105", "59", "73", "129")] == [
        ["F2026-0117"],
        ["202"],
        ["SE"],
        ["732829320"],
        ["732829320"],
    ]


def test_an_invoice_that_is_rejected_leaves_the_others_received(desk: Desk) -> None:
    outbox = drop(desk, write_archive([GOOD, WRONG_SIRET]))

    assert fields(outbox.message("CSO1150A"), "105") == ["500"]
    assert [fields(message, "105") for message in outbox.packed("FEN1214A").values()] == [["202"], ["213"]]


def test_a_document_that_breaks_the_schema_refuses_the_flow(desk: Desk) -> None:
    outbox = drop(desk, BROKEN)

    (name,) = outbox.files
    assert name.startswith("CSO1150A_PAE123_FLX0011150")
    assert [fields(outbox.files[name], mdt) for mdt in ("87", "105", "113", "125", "127", "206", "207", "214")] == [
        [NAME],
        ["501"],
        ["IRR_SYNTAX"],
        ["XSD_INVALID"],
        ["cbc:TaxAmount"],
        ["BT-110"],
        ["DIV"],
        ["2400,00"],
    ]
    assert "« 2400,00 » n'est pas un nombre ; point attendu" in fields(outbox.files[name], "126")[0]


def test_a_member_that_falls_alone_is_told_of_with_the_flow(desk: Desk) -> None:
    outbox = drop(desk, write_archive([GOOD, BROKEN]), partner="isolating")

    assert fields(outbox.message("CSO1150A"), "105") == ["500", "501"]
    assert len(outbox.packed("FEN1214A")) == 1


def test_the_same_invoice_sent_again_under_another_name_is_rejected_as_a_duplicate(desk: Desk) -> None:
    drop(desk, GOOD)
    again = drop(desk, GOOD, name="FSO1150A_PAE123_PAE1231150000000000000008")

    (message,) = again.packed("FEN1214A").values()
    assert fields(again.message("CSO1150A"), "105") == ["500"]
    assert (fields(message, "105"), fields(message, "113")) == (["213"], ["DOUBLON"])


def test_a_name_that_came_before_refuses_the_flow(desk: Desk) -> None:
    drop(desk, GOOD)
    again = drop(desk, GOOD)

    assert (fields(again.message("CSO1150A"), "105"), fields(again.message("CSO1150A"), "113")) == (
        ["501"],
        ["IRR_NOM_F"],
    )


def test_a_public_body_that_issues_invoices_is_told_of_the_deposit_only(desk: Desk) -> None:
    outbox = drop(desk, GOOD, partner="ville", name=G2B_NAME)

    (name,) = outbox.files
    (message,) = outbox.packed("CSO3110A_VIL001_FLX0013110").values()
    assert (name[:8], fields(message, "105")) == ("CSO3110A", ["200"])


def test_a_free_name_is_answered_by_a_file_for_each_message(desk: Desk) -> None:
    outbox = drop(desk, write_archive([GOOD, WRONG_SIRET]), partner="dupont", name="Factures de mars.tar.gz")

    assert list(outbox.files) == [
        "CR_000001_Factures_de_mars.tar.gz.xml",
        "CDV_000001_F2026-0117_200.xml",
        "CDV_000001_F2026-0118_213.xml",
    ]
    assert fields(outbox.message("CR_"), "87") == ["Factures de mars.tar.gz"]


def test_the_worked_example_of_a_free_name_is_deposited_with_its_warning(desk: Desk) -> None:
    sample = replace(AFNOR_SAMPLE, number="F2026/0117", iban="FR8420041010050500013M02607")
    outbox = drop(desk, write_facturx(sample), partner="dupont", name="Facture n°117 mars.pdf")

    assert list(outbox.files) == ["CR_000001_Facture_n_117_mars.pdf.xml", "CDV_000001_F2026_0117_200.xml"]
    assert [fields(outbox.message("CR_"), mdt) for mdt in ("87", "105")] == [["Facture n°117 mars.pdf"], ["500"]]
    assert [fields(outbox.message("CDV_"), mdt) for mdt in ("87", "88", "105", "113", "125", "127", "214")] == [
        ["F2026/0117"],
        ["10"],
        ["200"],
        [],
        ["IBAN_RIB_KEY"],
        ["BT-84"],
        ["FR…2607"],
    ]


def test_a_flow_of_a_platform_is_forwarded_to_its_recipient(desk: Desk) -> None:
    history = desk.treat(GOOD, partner="pae123", name=NAME)

    assert [line.partner for line in history.deliveries if line.kind is OutputKind.FORWARD] == ["etat"]


@pytest.mark.parametrize("whole_tree_bytes", [4 << 20, 0])
def test_a_message_that_is_not_valid_does_not_leave(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, whole_tree_bytes: int
) -> None:
    monkeypatch.setattr(flux.engine.outputs, "WHOLE_TREE_BYTES", whole_tree_bytes)
    desk.treat(GOOD, partner="pae123", name=NAME)
    (task,) = (task for task in desk.workers.tasks if isinstance(task, BuildTask))
    outputs = desk.workers.workshop.outputs
    strict = OutputBuilder(
        gateway=outputs.gateway, vault=outputs.vault, limits=outputs.limits, schemas=_refusing(outputs.schemas)
    )

    with pytest.raises(FluxError, match="our own message is not valid"):
        list(strict.build(task, Path()))


def _refusing(schemas: MessageSchemas) -> MessageSchemas:
    """Schemas of which that of the CDAR knows no such document."""
    schema = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="other"/></xs:schema>'
    other = CompiledSchema(
        id="other",
        version="",
        validator=etree.XMLSchema(etree.fromstring(schema)),
        explainer=schemas.cdar.explainer,
    )
    return MessageSchemas(cpp_statut=schemas.cpp_statut, cdar=other)
