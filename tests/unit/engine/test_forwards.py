"""What a recipient is handed on: a document alone as it came; of any archive a new one, which holds what was judged and no more."""

import gzip
import io
import subprocess
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from flux.config import read
from flux.demo.facturx_samples import write_facturx
from flux.demo.samples import ENTITY_SIRET, Sample, write_cii, write_ubl
from flux.engine.tasks import BuildTask
from flux.intake.unpack import Container, open_container
from flux.ledger.memory import open_memory
from flux.ledger.migrate import upgrade
from flux.ledger.queries import FlowHistory
from flux.model.limits import Limits
from flux.model.settlement import OutputKind
from tests.unit.engine.test_gateway import CONFIG, Desk

SENDER = {"role": "supplier", "application_code": "FRN001", "naming": "free"}
ENTITY = {"role": "entity", "application_code": "SEI001", "sirets": [ENTITY_SIRET]}
SIDE_FILE = b"\x00\x05\x16\x07<Invoice/>"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    database = open_memory()
    upgrade(database)
    settings = read({**CONFIG, "partners": {"acme": SENDER, "etat": ENTITY}}, root=tmp_path, environ={})
    yield Desk(settings, database, "flux-{}")
    database.close()


def invoices(*names: str) -> dict[str, bytes]:
    return {name: write_ubl(Sample(number=f"N{number}")) for number, name in enumerate(names)}


def tarred(members: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.uname, info.mtime = len(content), "whoever packed it", 1_780_000_000
            archive.addfile(info, io.BytesIO(content))
    return target.getvalue()


def zipped(members: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = b"what nobody judged"
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return target.getvalue()


def forward_of(desk: Desk, history: FlowHistory) -> Path:
    """Where what the only recipient gets lies."""
    [line] = [line for line in history.deliveries if line.kind is OutputKind.FORWARD]
    return desk.vault.path(str(line.sha256))


def forwarded(desk: Desk, data: bytes) -> bytes:
    return forward_of(desk, desk.treat(data)).read_bytes()


def members_of(data: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]


@pytest.mark.parametrize("write", [write_ubl, write_cii, write_facturx])
def test_a_document_alone_is_handed_on_as_it_came(desk: Desk, write: Callable[[Sample], bytes]) -> None:
    document = write(Sample())
    assert forwarded(desk, document) == document


def tar_gz(members: Mapping[str, bytes]) -> bytes:
    return gzip.compress(tarred(members))


@pytest.mark.parametrize("pack", [zipped, tarred, tar_gz])
def test_of_an_archive_goes_on_what_was_judged_and_no_more(desk: Desk, pack: Callable[..., bytes]) -> None:
    judged = invoices("a.xml", "dossier/é.xml")
    sent = forwarded(desk, pack({**judged, "._a.xml": SIDE_FILE}))
    assert members_of(sent) == judged
    assert b"whoever" not in gzip.decompress(sent)


@pytest.mark.parametrize("pack", [zipped, tarred, tar_gz])
def test_the_only_document_of_an_archive_is_handed_on_by_itself(desk: Desk, pack: Callable[..., bytes]) -> None:
    document = write_ubl(Sample())
    assert forwarded(desk, pack({"a.xml": document})) == document


def test_a_document_that_came_compressed_is_handed_on_plain(desk: Desk) -> None:
    document = write_ubl(Sample())
    assert forwarded(desk, gzip.compress(document)) == document


def test_what_is_handed_on_is_read_by_others_as_by_flux(desk: Desk, tmp_path: Path) -> None:
    names = ["a.xml", "dossier/é.xml", "d" * 90 + "/" + "n" * 150 + ".xml", "Facture n°1, mars.XML"]
    file = forward_of(desk, desk.treat(zipped(invoices(*names))))
    opened = open_container(file, "flow", Limits(), tmp_path / "spool")
    assert isinstance(opened, Container)
    command = ["tar", "--quoting-style=literal", "-tzf", str(file)]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert [member.name for member in opened.members] == names
    assert listed.splitlines() == list(members_of(file.read_bytes())) == names


@pytest.mark.parametrize("pack", [zipped, tar_gz])
def test_what_is_built_again_after_a_crash_is_the_same_to_the_byte(
    desk: Desk, pack: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    history = desk.treat(pack(invoices("a.xml", "dossier/é.xml")))
    [task] = [task for task in desk.workers.tasks if isinstance(task, BuildTask)]
    monkeypatch.setattr(time, "time", lambda: 4e9)  # another day
    again = {output.id: output.sha256 for output in desk.workers.workshop.build(task).built}
    [forward] = [line for line in history.deliveries if line.kind is OutputKind.FORWARD]
    assert again[forward.id] == forward.sha256
