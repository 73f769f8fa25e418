"""The worked examples of the reform's family, drop to replies, datum by datum (MDT numbers of the CDAR)."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from flux.demo.afnor_samples import AFNOR_SAMPLE, write_afnor_ubl
from flux.demo.facturx_samples import write_facturx
from tests.acceptance.cdar import read_cdar, read_cdars
from tests.acceptance.installation import GATEWAY, Installation

PARTNERS = """
[partners.plateforme]
role = "supplier"
application_code = "PAE123"
interfaces = ["FSO1150A", "FSO1156A", "FSO1157A"]
[partners.dupont]
role = "supplier"
application_code = "DUP001"
naming = "free"
replies = "cdar"
[partners.sei001]
role = "entity"
application_code = "SEI001"
sirets = ["11000201100044"]
"""
FSO1150A = "FSO1150A_PAE123_PAE1231150{:015d}"
INVOICE = replace(AFNOR_SAMPLE, number="F2026-0117")
MOMENT = re.compile(r"\d{14}")


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path, gateway=GATEWAY, partners=PARTNERS)


class TestIrrecevable:
    """A platform sends a UBL file with `2400,00` as VAT total."""

    @pytest.fixture
    def done(self, installation: Installation) -> Installation:
        installation.drop("plateforme", FSO1150A.format(7), write_afnor_ubl(replace(INVOICE, vat_total="2400,00")))
        installation.run_once()
        return installation

    def test_the_flow_is_answered_by_one_501_and_nothing_else(self, done: Installation) -> None:
        [report] = done.put_out("plateforme")
        assert re.fullmatch(r"CSO1150A_PAE123_FLX0011150\d{15}", report.name)
        assert done.put_out("sei001") == []

    def test_each_datum_of_the_501_is_that_of_the_example(self, done: Installation) -> None:
        file = done.only("plateforme", "CSO1150A_*")
        message = read_cdar(file)
        fixed = {
            "2": "REGULATED",
            "3": "urn.cpro.gouv.fr:1p0:CDV:invoice",
            "4": f"{file.name.split('_')[2]}-0001",
            "5": file.name,
            "21": "WK",
            "40": "WK",
            "59": "WK",
            "57": None,
            "73": None,
            "74": "false",
            "77": "305",
            "87": FSO1150A.format(7),
            "88": None,
            "91": None,
            "100": None,
            "129": None,
            "105": "501",
            "113": "IRR_SYNTAX",
            "121": "OTH",
            "124-2": "1",
            "125": "XSD_INVALID",
            "206": "BT-110",
            "207": "DIV",
            "214": "2400,00",
        }
        assert {mdt: message[mdt] for mdt in fixed} == fixed
        assert message.all("106")[0] == "Irrecevable"
        assert message.all("114")[0] == "Contrôle syntaxique des fichiers"
        assert message.all("122")[0] == "Corriger le fichier et le renvoyer dans un nouveau flux"
        assert all(MOMENT.fullmatch(message[mdt] or "") for mdt in ("8", "78", "95"))

    def test_the_501_says_in_both_languages_what_is_wrong_and_where(self, done: Installation) -> None:
        message = read_cdar(done.only("plateforme", "CSO1150A_*"))
        french, english = message.all("126")
        assert "ligne" in french
        assert "2400,00" in french
        assert "2400,00" in english
        assert message["127"] == "cbc:TaxAmount"
        assert (message["213"] or "").endswith("cbc:TaxAmount[1]")

    def test_the_corrected_flow_is_taken_and_its_number_is_free(self, done: Installation) -> None:
        done.drop("plateforme", FSO1150A.format(8), write_afnor_ubl(INVOICE))
        done.run_once()
        report = read_cdar(done.put_out("plateforme", "CSO1150A_*")[1])
        assert (report["105"], report["87"]) == ("500", FSO1150A.format(8))
        [accepted] = read_cdars(done.only("plateforme", "FEN1214A_PAE123_FLX0011214*")).values()
        fixed = {
            "77": "305",
            "87": "F2026-0117",
            "88": "43",
            "91": "380",
            "100": "20261120",
            "105": "202",
            "129": "732829320",
            "59": "SE",
            "73": "732829320",
            "113": None,
        }
        assert {mdt: accepted[mdt] for mdt in fixed} == fixed


class TestFreeName:
    """An issuer drops a Factur-X under a name of his own; the RIB key of the account is wrong."""

    NAME = "Facture n°117 mars.pdf"

    @pytest.fixture
    def done(self, installation: Installation) -> Installation:
        sample = replace(INVOICE, number="F2026/0117", iban="FR8420041010050500013M02607")
        installation.drop("dupont", self.NAME, write_facturx(sample))
        installation.run_once()
        return installation

    def test_the_flow_is_answered_under_names_of_our_own(self, done: Installation) -> None:
        assert [file.name for file in done.put_out("dupont")] == [
            "CDV_000001_F2026_0117_200.xml",
            "CR_000001_Facture_n_117_mars.pdf.xml",
        ]
        assert [file.name for file in done.put_out("dupont", "rapports/*")] == ["CR_000001_Facture_n_117_mars.pdf.html"]

    def test_the_report_names_the_flow_as_it_came(self, done: Installation) -> None:
        report = read_cdar(done.only("dupont", "CR_*"))
        assert (report["105"], report["87"]) == ("500", self.NAME)
        assert report["100"] == (report["95"] or "")[:8]

    def test_the_invoice_is_deposited_with_a_remark_without_motif(self, done: Installation) -> None:
        status = read_cdar(done.only("dupont", "CDV_*"))
        assert (status["105"], status["88"], status["87"]) == ("200", "10", "F2026/0117")
        assert (status["113"], status["125"], status["127"]) == (None, "IBAN_RIB_KEY", "BT-84")
        assert "FR8420041010050500013M02607" not in done.only("dupont", "CDV_*").read_text(encoding="utf-8")

    def test_the_entity_gets_the_bytes_and_the_alert(self, done: Installation) -> None:
        [forward] = done.put_out("sei001")
        assert forward.read_bytes().startswith(b"%PDF-")
        [alerts] = done.put_out("sei001", "rapports/*.alertes.csv")
        assert "IBAN_RIB_KEY" in alerts.read_text(encoding="utf-8-sig")
