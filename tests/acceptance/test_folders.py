"""Drop to replies through folders: the worked example, and every way a flow can be bad."""

import csv
import io
import os
import signal
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from flux.demo.samples import OTHER_ENTITY_SIRET, Sample, write_cii, write_ubl
from flux.demo.scenario import write_archive
from tests.acceptance.installation import FRN001, Installation, wait_until
from tests.schemas import our_schemas

NAME = FRN001.format(42)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path)


def read_message(file: Path) -> etree._Element:
    """A message that we put out, valid against its schema."""
    root = etree.fromstring(file.read_bytes())
    schema = our_schemas().compiled("cpp-statut-1.19", "CPPStatut").validator
    assert schema.validate(root), schema.error_log
    return root


def texts(root: etree._Element, name: str) -> list[str]:
    return [element.text or "" for element in root.iter(name)]


def codes(root: etree._Element) -> list[str]:
    return texts(root, "CodeErreur")


def answer(installation: Installation, data: bytes, name: str = NAME) -> etree._Element:
    """The report on one flow of the strict supplier."""
    installation.drop("frn001", name, data)
    installation.run_once()
    return read_message(installation.only("frn001", "CSO*"))


def read_archive(file: Path) -> dict[str, bytes]:
    """The members of a tar.gz, by name."""
    with tarfile.open(file) as archive:
        found = ((member.name, archive.extractfile(member)) for member in archive)
        return {name: content.read() for name, content in found if content is not None}


WORKED_EXAMPLE = write_archive(
    [
        write_ubl(Sample(number="F2026-0117")),
        write_ubl(Sample(number="F2026-0118", supplier_siret="73282932000075")),
        write_ubl(Sample(number="F2026-0119")),
    ]
)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The worked example, treated by the command with its worker processes."""
    installation = Installation(tmp_path_factory.mktemp("example"))
    installation.drop("frn001", NAME, WORKED_EXAMPLE)
    installation.run_once_as_process()
    return installation


class TestWorkedExample:
    """Three invoices in a tar.gz, the second with a wrong SIRET key."""

    def test_the_report_says_96_and_why(self, done: Installation) -> None:
        report = read_message(done.only("frn001", "CSO1100A_FRN001_FLX0011100*"))
        assert texts(report, "IdStatut") == ["96"]
        assert texts(report, "ComplementStatut") == ["2 intégrées, 1 rejetée"]
        assert texts(report, "IdFlux") == [NAME[16:]]
        assert texts(report, "LibelleErreur") == ["F2026-0118 : SIRET du fournisseur, clé de contrôle fausse"]
        description = texts(report, "DescriptionErreur")[0]
        assert description.startswith("facture=F2026-0118; fichier=facture-0002.xml; ligne=29; champ=BT-29; ")
        assert "trouvé=73282932000075; attendu=14 chiffres, clé juste, connu du référentiel" in description

    def test_the_accepted_invoices_are_declared_deposited(self, done: Installation) -> None:
        statuses = read_message(done.only("frn001", "FEN1200A_FRN001_FLX0011200*"))
        assert texts(statuses, "IdFacture") == ["F2026-0117", "F2026-0119"]
        assert set(texts(statuses, "IdStatut")) == {"01"}

    def test_the_recipient_gets_the_good_ones_as_they_came(self, done: Installation) -> None:
        forward = done.only("sei001", "FSO1100A_FLX001_FLX0011100*")
        assert read_archive(forward) == {
            "facture-0001.xml": write_ubl(Sample(number="F2026-0117")),
            "facture-0003.xml": write_ubl(Sample(number="F2026-0119")),
        }

    def test_people_get_a_page_and_the_list_to_send_again(self, done: Installation) -> None:
        assert NAME in done.only("frn001", f"rapports/{NAME}.html").read_text(encoding="utf-8")
        rows = done.only("frn001", f"rapports/{NAME}.csv").read_text(encoding="utf-8-sig")
        assert [row[0] for row in csv.reader(io.StringIO(rows), delimiter=";")][1:] == ["F2026-0118"]

    def test_the_sender_s_file_is_gone_and_nothing_is_left_behind(self, done: Installation) -> None:
        assert [path for path in (done.root / "inbox").rglob("*") if path.is_file()] == []
        assert [path for path in (done.root / "var" / "spool").rglob("*") if path.is_file()] == []


def test_the_corrected_invoice_comes_back_under_its_number(installation: Installation) -> None:
    assert texts(answer(installation, WORKED_EXAMPLE), "IdStatut") == ["96"]
    installation.drop("frn001", FRN001.format(43), write_ubl(Sample(number="F2026-0118")))
    installation.run_once()
    reports = [read_message(file) for file in installation.put_out("frn001", "CSO*")]
    assert [texts(report, "IdStatut") for report in reports] == [["96"], ["90"]]


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), write_ubl(Sample()))
    return buffer.getvalue()


GOOD = write_ubl(Sample())
DOCTYPE = GOOD.replace(b"<Invoice ", b'<!DOCTYPE Invoice [<!ENTITY a "b">]><Invoice ', 1)


BAD_FLOWS = (
        # bytes
        (b"", "FLOW_EMPTY"),
        (b"  \n", "FLOW_EMPTY"),
        (GOOD[:3000], "XML_SYNTAX"),
        (GOOD.replace(b'encoding="UTF-8"', b'encoding="UTF-16"'), "XML_ENCODING"),
        (DOCTYPE, "XML_DOCTYPE"),
        (b"<a>" * 500 + b"</a>" * 500, "XML_LIMIT"),
        # what it is
        (b"<Order xmlns='urn:oasis:names:specification:ubl:schema:xsd:Order-2'/>", "SYNTAX_UNKNOWN"),
        (b"%PDF-1.7\n%", "PDF_UNREADABLE"),
        (write_cii(Sample()), "SYNTAX_INTERFACE"),
        # archives
        (write_archive([GOOD])[:-30], "ARCHIVE_DAMAGED"),
        (zipped("../facture.xml"), "ARCHIVE_MEMBER"),
        (zipped("a.xml", "A.xml"), "ARCHIVE_MEMBER"),
        (write_archive([write_archive([GOOD])]), "ARCHIVE_NESTED"),
        (write_archive([]), "FLOW_EMPTY"),
        # schema
        (write_ubl(Sample(vat_total="2400,00")), "XSD_INVALID"),
        # identity and bank
        (write_ubl(Sample(supplier_siret="732 829 320 00074")), "SIRET_FORM"),
        (write_ubl(Sample(supplier_siret="00000000000000")), "SIRET_ZEROS"),
        (write_ubl(Sample(iban="FR1420041010050500013M02605")), "IBAN_CHECKSUM"),
)  # fmt: skip


@pytest.fixture(scope="module")
def bad_flows(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Every bad flow, treated in one run."""
    installation = Installation(tmp_path_factory.mktemp("bad"))
    for sequence, (data, _) in enumerate(BAD_FLOWS):
        installation.drop("frn001", FRN001.format(sequence), data)
    installation.run_once()
    return installation


@pytest.mark.parametrize("sequence", range(len(BAD_FLOWS)), ids=lambda sequence: BAD_FLOWS[sequence][1])
def test_a_bad_flow_is_answered_93_with_its_reason(bad_flows: Installation, sequence: int) -> None:
    reports = bad_flows.put_out("frn001", "CSO*")
    (file,) = [each for each in reports if etree.parse(each).findtext(".//IdFlux") == FRN001.format(sequence)[16:]]
    report = read_message(file)
    assert texts(report, "IdStatut") == ["93"]
    assert BAD_FLOWS[sequence][1] in codes(report)


def test_of_bad_flows_nothing_is_forwarded_and_no_invoice_has_a_status(bad_flows: Installation) -> None:
    assert bad_flows.put_out("sei001") == []
    assert bad_flows.put_out("frn001", "FEN1200A*") == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        # not the shape at all
        ("factures novembre.xml", "FLOW_NAME"),
        # a code that nobody knows, and one that this partner did not subscribe to
        ("FSO9999A_FRN001_FRN0019999000000000000001", "FLOW_INTERFACE"),
        ("FSO1110A_FRN001_FRN0011110000000000000001", "FLOW_INTERFACE"),
        # somebody else's application code
        ("FSO1100A_FRN002_FRN0021100000000000000001", "FLOW_APPLICATION"),
    ],
)
def test_a_bad_name_refuses_the_flow(installation: Installation, name: str, code: str) -> None:
    assert code in codes(answer(installation, GOOD, name))


def test_a_known_extension_is_no_part_of_the_name(installation: Installation) -> None:
    assert texts(answer(installation, GOOD, NAME + ".xml"), "IdStatut") == ["90"]


def test_one_irrecevable_member_takes_the_flow_with_it_and_the_good_one_is_to_be_sent_again(
    installation: Installation,
) -> None:
    report = answer(installation, write_archive([GOOD, b"<broken"]))
    assert texts(report, "IdStatut") == ["93"]
    assert set(codes(report)) == {"XML_SYNTAX", "INVOICE_NOT_TAKEN"}


def test_a_partner_that_isolates_members_loses_only_the_bad_one(tmp_path: Path) -> None:
    partners = """
[partners.frn001]
role = "supplier"
application_code = "FRN001"
interfaces = ["FSO1100A"]
irrecevable_member = "isolate"
"""
    assert texts(answer(Installation(tmp_path, partners=partners), write_archive([GOOD, b"<broken"])), "IdStatut") == [
        "96"
    ]


def test_the_same_invoice_twice_is_refused_and_the_first_stays(installation: Installation) -> None:
    installation.drop("frn001", NAME, GOOD)
    installation.run_once()
    installation.drop("frn001", FRN001.format(43), GOOD)
    installation.run_once()
    first, second = (read_message(file) for file in installation.put_out("frn001", "CSO*"))
    assert (texts(first, "IdStatut"), texts(second, "IdStatut")) == (["90"], ["93"])
    assert codes(second) == ["DUPLICATE_SAME"]
    assert NAME in texts(second, "DescriptionErreur")[0]
    assert len(installation.put_out("sei001", "FSO*")) == 1


def test_a_flow_name_used_twice_is_refused(installation: Installation) -> None:
    installation.drop("frn001", NAME, GOOD)
    installation.run_once()
    installation.drop("frn001", NAME, write_ubl(Sample(number="F2026-0200")))
    installation.run_once()
    _, second = (read_message(file) for file in installation.put_out("frn001", "CSO*"))
    assert codes(second) == ["FLOW_NAME_REUSED"]


def test_a_flow_for_two_recipients_is_split(installation: Installation) -> None:
    other = write_ubl(Sample(number="F2026-0201", buyer_siret=OTHER_ENTITY_SIRET))
    answer(installation, write_archive([GOOD, other]))
    assert installation.only("sei001", "FSO*").read_bytes() == GOOD
    assert installation.only("sei002", "FSO*").read_bytes() == other


def test_an_invoice_that_nobody_receives_is_held_and_shown(installation: Installation) -> None:
    report = answer(installation, write_ubl(Sample(buyer_siret="24590041000292")))
    assert texts(report, "IdStatut") == ["90"]
    [held] = installation.json("deliveries", "list", "--state", "held")
    assert (held["kind"], held["partner"], held["reason"]) == ("forward", None, "no_route")


def test_a_warning_is_told_to_the_recipient_beside_its_flow(installation: Installation) -> None:
    report = answer(installation, write_ubl(Sample(iban="FR8420041010050500013M02607")))
    assert texts(report, "IdStatut") == ["90"]
    forward = installation.only("sei001", "FSO*")
    alerts = installation.only("sei001", f"rapports/{forward.name}.alertes.csv").read_text(encoding="utf-8-sig")
    assert "IBAN_RIB_KEY" in alerts
    assert "20041010050500013" not in alerts


def test_a_free_name_is_answered_under_our_own_names(installation: Installation) -> None:
    installation.drop("libre", "Facture n°117 mars.xml", GOOD)
    installation.run_once()
    report = read_message(installation.only("libre", "CR_000001_Facture_n_117_mars.xml.xml"))
    assert texts(report, "IdFlux") == ["Facture n°117 mars.xml"]
    assert installation.only("libre", "CDV_000001_*").is_file()
    assert installation.only("libre", "rapports/*.html").is_file()


def test_a_folder_of_nobody_is_quarantined_and_shown(installation: Installation) -> None:
    installation.drop("stranger", "hello.xml", GOOD)
    installation.run_once()
    [flow] = installation.json("flows", "list")
    assert (flow["state"], flow["partner"], flow["verdict"]) == ("quarantined", "stranger", None)
    assert "flows quarantined: 1" in installation.flux("doctor", "--config", str(installation.config)).stdout
    assert installation.put_out("sei001") == []


def test_a_flow_of_nobody_is_closed_by_a_word_and_the_doctor_is_content(installation: Installation) -> None:
    installation.drop("stranger", "hello.xml", GOOD)
    installation.run_once()
    done = installation.flux("flows", "close", "1", "--reason", "sent by mistake", "--config", str(installation.config))
    assert (done.returncode, done.stdout) == (0, "flow 1 is closed\n")
    [waiting] = [each for each in installation.json("doctor") if each["subject"] == "waiting for a person"]
    assert (waiting["well"], waiting["state"]) == (True, "nothing")


def test_files_that_are_being_written_are_left_alone(installation: Installation) -> None:
    folder = installation.root / "inbox" / "frn001"
    folder.mkdir(parents=True)
    for name in (f"{NAME}.part", f"{NAME}.tmp", f".{NAME}", f"{NAME}.filepart"):
        (folder / name).write_bytes(GOOD)
    installation.run_once()
    assert len([file for file in folder.iterdir() if file.is_file()]) == 4


def test_a_flow_is_shown_from_file_to_delivered_replies(installation: Installation) -> None:
    answer(installation, GOOD)
    [history] = installation.json("flows", "show", "1")
    events = [event["event"] for event in history["events"]]  # type: ignore[attr-defined]
    assert (events[0], events[-1], history["state"]) == ("received", "closed", "closed")
    assert {each["state"] for each in history["deliveries"]} == {"delivered"}  # type: ignore[attr-defined]


def test_a_second_gateway_on_the_same_ledger_refuses_to_start(installation: Installation) -> None:
    with installation.running():
        wait_until(lambda: "gateway_started" in (installation.root / "flux.log").read_text(), "the gateway starts")
        second = installation.flux("run", "--once", "--config", str(installation.config))
    assert (second.returncode, "Traceback" in second.stderr) == (2, False)
    assert "ledger" in second.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_stop_told_to_the_gateway_and_its_workers_is_clean(
    installation: Installation, number: signal.Signals
) -> None:
    log = installation.root / "flux.log"
    process = installation.start()
    wait_until(lambda: "gateway_started" in log.read_text(), "the gateway starts")
    installation.drop("frn001", NAME, write_archive([write_ubl(Sample(number=f"S{n}")) for n in range(200)]))
    wait_until(lambda: bool(list(installation.root.glob("var/vault/??/*"))), "the flow is taken in")
    os.killpg(process.pid, number)  # as a terminal does
    assert process.wait(timeout=20) == 0
    assert "Traceback" not in log.read_text()
    installation.run_once()
    assert texts(read_message(installation.only("frn001", "CSO*")), "IdStatut") == ["90"]


def test_two_identical_runs_put_out_the_same_verdicts(tmp_path: Path) -> None:
    outputs = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        report = answer(
            Installation(tmp_path / name), write_archive([GOOD, write_ubl(replace(Sample(), number="X 1"))])
        )
        outputs.append((texts(report, "IdStatut"), codes(report)))
    assert outputs[0] == outputs[1]


def test_what_an_entity_drops_is_answered_too(installation: Installation) -> None:
    installation.drop("sei001", "statuts.xml", GOOD)
    installation.run_once()
    report = read_message(installation.only("sei001", "CR_000001_statuts.xml.xml"))
    assert texts(report, "IdStatut") == ["93"]
