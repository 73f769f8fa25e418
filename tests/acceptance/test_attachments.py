"""Drop to report: what is wrong with attachments, and deposits that are known and not treated."""

from pathlib import Path

import pytest
from lxml import etree

from flux.demo.samples import Sample, write_ubl
from tests.acceptance.installation import FRN001, PARTNERS, Installation
from tests.unit.rules.attachments import PDF, zip_of
from tests.unit.test_judged_attachments import ubl_with

NAME = FRN001.format(7)
MEMO = "FSO1120A_FRN001_FRN0011120000000000000001"


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    partners = PARTNERS.replace('"FSO1106A"]', '"FSO1106A", "FSO1120A"]')
    return Installation(tmp_path, partners=partners)


def report_on(installation: Installation, name: str, data: bytes) -> dict[str, list[str]]:
    """The texts of the report on a flow, by element, and under `name` that of its file."""
    installation.drop("frn001", name, data)
    installation.run_once()
    file = installation.only("frn001", "CSO*")
    root = etree.fromstring(file.read_bytes())
    told = ("IdStatut", "NatureErreur", "CodeErreur", "DescriptionErreur")
    return {"name": [file.name], **{tag: [each.text or "" for each in root.iter(tag)] for tag in told}}


def test_a_good_attachment_goes_on_with_its_invoice(installation: Installation) -> None:
    assert report_on(installation, NAME, ubl_with())["IdStatut"] == ["90"]
    assert installation.only("sei001", "FSO1100A_*")


def test_an_empty_attachment_refuses_the_flow(installation: Installation) -> None:
    report = report_on(installation, NAME, ubl_with(zip_of(("a.pdf", b""))))
    assert (report["IdStatut"], report["NatureErreur"]) == (["93"], ["IRRECEVABILITE"])
    assert report["CodeErreur"] == ["ATTACHMENT_EMPTY"]


def test_a_zip_of_several_files_rejects_the_invoice(installation: Installation) -> None:
    report = report_on(installation, NAME, ubl_with(zip_of(("a.pdf", PDF), ("b.pdf", PDF))))
    assert (report["NatureErreur"], report["CodeErreur"]) == (["REJET"], ["ATTACHMENT_ZIP"])


def test_a_deposit_that_is_not_treated_is_answered_once_under_its_own_code(installation: Installation) -> None:
    report = report_on(installation, MEMO, write_ubl(Sample()))
    assert report["name"][0].startswith("CSO1120A_FRN001_FLX001")
    assert (report["IdStatut"], report["CodeErreur"]) == (["93"], ["INTERFACE_NOT_TREATED"])
    assert installation.put_out("sei001") == []


def test_a_subscription_to_it_is_told_and_the_configuration_stays_good(installation: Installation) -> None:
    done = installation.flux("config", "check", "--config", str(installation.config))
    assert done.returncode == 0
    assert "warning: partners.frn001.interfaces: FSO1120A (E3, UBL, court-cost memos) is not treated" in done.stderr
