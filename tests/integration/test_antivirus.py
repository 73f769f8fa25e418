"""A virus scanner beside the gateway: what it refuses is refused, what it cannot say leaves the invoice unjudged."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zipfile import ZIP_STORED

import pytest

from flux.app.workshop import build_judge
from flux.config import read
from flux.demo.samples import Sample, write_ubl
from flux.errors import ConfigError
from flux.model.interface import Deposit
from flux.model.scan import CLEAN, Scan
from flux.model.verdict import Judgment, Verdict
from flux.pipeline import JudgeSettings, Member
from flux.transport.clamd import Clamd
from tests.acceptance.installation import FRN001, ONE_WORKER, Installation
from tests.faults.hostile.documents import APPLE_DOUBLE, PDF, attached, good, zipped
from tests.servers.clamd import EICAR, TOO_LONG, stub_clamd

SECONDS = 5.0


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[str]:
    with stub_clamd(tmp_path / "clamd.ctl") as address:
        yield address


def judge(data: bytes, address: str) -> Judgment:
    judged = build_judge(JudgeSettings(), scanner=Clamd(address, SECONDS))
    [judgment] = judged.judge(
        Member(ordinal=0, name=None, data=data, deposit=Deposit(), alone=True), date(2026, 11, 23)
    )
    return judgment


def codes_of(judgment: Judgment) -> list[str]:
    return [finding.code for finding in judgment.findings]


def test_the_scanner_is_asked_over_its_socket(clamd: str) -> None:
    scanner = Clamd(clamd, SECONDS)
    assert scanner.ping() == ""
    assert scanner.scan(b"x" * 100_000) == CLEAN
    assert scanner.scan(EICAR) == Scan(virus="Eicar-Test-Signature")


@pytest.mark.parametrize("always", ["nothing", TOO_LONG, "stream: Can't allocate memory ERROR", "gibberish"])
def test_whatever_is_no_word_is_a_failure(tmp_path: Path, always: str) -> None:
    with stub_clamd(tmp_path / "c.ctl", always=always) as address:
        scan = Clamd(address, SECONDS).scan(bytes(2**22))
    assert not scan.virus
    assert scan.failure.startswith("clamd:")


@pytest.mark.parametrize("address", ["/nowhere/clamd.ctl", "127.0.0.1:9"])
def test_a_scanner_that_is_not_there_is_a_failure(address: str) -> None:
    assert Clamd(address, SECONDS).scan(b"x").failure
    assert Clamd(address, SECONDS).ping()


def test_a_virus_in_an_attachment_refuses_the_flow(clamd: str) -> None:
    judgment = judge(attached(EICAR), clamd)
    assert (judgment.verdict, judgment.is_irrecevable) == (Verdict.REJECTED, True)
    assert "ANTIVIRUS" in codes_of(judgment)


@pytest.mark.parametrize(
    "container",
    [
        zipped(("devis.pdf", PDF), ("facture.pdf", EICAR), method=ZIP_STORED),
        zipped(("devis.pdf", PDF)) + EICAR,
        zipped(("devis.pdf", PDF), ("__MACOSX/._devis.pdf", APPLE_DOUBLE + EICAR), method=ZIP_STORED),
        zipped(("devis.pdf", PDF), ("d/", EICAR), method=ZIP_STORED),
    ],
)
def test_a_virus_in_a_zip_around_an_attachment_is_seen_wherever_it_lies(clamd: str, container: bytes) -> None:
    assert "ANTIVIRUS" in codes_of(judge(attached(raw=b64encode(container).decode()), clamd))


@pytest.mark.parametrize("data", [good(), attached()])
def test_clean_files_are_accepted_as_before(clamd: str, data: bytes) -> None:
    assert (judge(data, clamd).verdict, codes_of(judge(data, clamd))) == (Verdict.ACCEPTED, [])


@pytest.mark.parametrize("data", [good(), attached()])
def test_a_silent_scanner_leaves_the_invoice_unjudged(data: bytes) -> None:
    judgment = judge(data, "/nowhere/clamd.ctl")
    assert (judgment.verdict, codes_of(judgment)) == (Verdict.NOT_JUDGED, ["ANTIVIRUS_FAILED"])


def test_a_silent_scanner_saves_no_bad_invoice() -> None:
    assert judge(write_ubl(Sample(supplier_siret="1")), "/nowhere/clamd.ctl").verdict is Verdict.REJECTED


@pytest.mark.parametrize(("address", "is_good"), [("/run/clamd", True), ("h:3310", True), ("h", False), ("h:x", False)])
def test_an_address_is_checked_at_the_start(tmp_path: Path, address: str, *, is_good: bool) -> None:
    tables = {"gateway": {"application_code": "FLX001"}, "attachments": {"clamd": address}}
    if is_good:
        assert read(tables, root=tmp_path, environ={}).attachments.clamd == address
    else:
        with pytest.raises(ConfigError, match=r"attachments\.clamd"):
            read(tables, root=tmp_path, environ={})


def test_in_a_gateway_a_virus_is_refused_and_a_flow_without_a_word_is_held(tmp_path: Path) -> None:
    address = str(tmp_path / "clamd.ctl")
    installation = Installation(tmp_path, gateway=f'{ONE_WORKER}[attachments]\nclamd = "{address}"\n')
    with stub_clamd(Path(address)):
        installation.drop("frn001", FRN001.format(1), attached(EICAR))
        installation.run_once()
    assert b"ANTIVIRUS" in installation.only("frn001", "CSO*").read_bytes()
    Path(address).unlink()
    installation.drop("frn001", FRN001.format(2), good())
    installation.run_once()
    assert [flow["state"] for flow in installation.json("flows", "list")] == ["held", "closed"]
    assert installation.put_out("sei001") == []
    with stub_clamd(Path(address)):
        installation.flux("flows", "release", "2", "--reason", "clamd is back", "--config", str(installation.config))
        installation.run_once()
    assert len(installation.put_out("sei001", "FSO1100A_*")) == 1
