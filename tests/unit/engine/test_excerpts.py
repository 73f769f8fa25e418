"""The documents of a flow are read again for the lines around their faults, each from where its bytes are."""

import zipfile
from pathlib import Path

import pytest

from flux.demo.facturx_samples import write_facturx
from flux.demo.samples import Sample, write_ubl
from flux.engine import excerpts
from flux.engine.excerpts import collect_excerpts
from flux.intake.unpack import Container, MemberRef, open_container
from flux.model.excerpt import Excerpt, Spot
from flux.model.limits import Limits

NUMBER = Spot(None, "/Invoice/cbc:ID[1]")
NUMBER_OF_CII = Spot(None, "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument[1]/ram:ID[1]")


def members_of(path: Path) -> tuple[MemberRef, ...]:
    opened = open_container(path, path.name, Limits(), path.parent / "spool")
    assert isinstance(opened, Container)
    return opened.members


def marked(excerpt: Excerpt) -> str:
    return "".join(row.marked for row in excerpt.rows)


def archive(folder: Path) -> Path:
    path = folder / "flow.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for number in ("F2026-0001", "F2026-0002", "F2026-0003"):
            opened.writestr(f"{number}.xml", write_ubl(Sample(number=number)))
    return path


def test_each_member_of_an_archive_shows_its_own_lines(tmp_path: Path) -> None:
    found = collect_excerpts([(0, NUMBER), (2, NUMBER)], members_of(archive(tmp_path)), Limits())

    assert {ordinal: marked(excerpt) for (ordinal, _), excerpt in found.items()} == {
        0: "<cbc:ID>F2026-0001</cbc:ID>",
        2: "<cbc:ID>F2026-0003</cbc:ID>",
    }


def test_of_a_pdf_the_invoice_inside_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "invoice.pdf"
    path.write_bytes(write_facturx(Sample()))

    found = collect_excerpts([(0, NUMBER_OF_CII)], members_of(path), Limits())

    assert marked(found[0, NUMBER_OF_CII]) == "<ram:ID>F2026-0117</ram:ID>"


def test_a_member_that_cannot_be_read_has_no_lines(tmp_path: Path) -> None:
    assert collect_excerpts([(0, NUMBER)], members_of(archive(tmp_path)), Limits(member_bytes=100)) == {}


def test_a_member_that_the_flow_has_not_has_no_lines(tmp_path: Path) -> None:
    assert collect_excerpts([(7, NUMBER)], members_of(archive(tmp_path)), Limits()) == {}


def test_no_more_is_read_for_one_report_than_its_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    members = members_of(archive(tmp_path))
    monkeypatch.setattr(excerpts, "READ_BYTES", members[0].size_bytes + members[1].size_bytes)

    found = collect_excerpts([(ordinal, NUMBER) for ordinal in range(3)], members, Limits())

    assert [ordinal for ordinal, _ in found] == [0, 1]
