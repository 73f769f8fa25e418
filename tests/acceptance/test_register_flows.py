"""Flows judged against a register, from import to replies: who is told what."""

from dataclasses import replace
from pathlib import Path

import pytest

from flux.demo.samples import ENTITY_SIRET, SUPPLIER_IBAN, SUPPLIER_SIRET, Sample, write_ubl
from flux.demo.scenario import write_archive
from tests.acceptance.installation import FRN001, GATEWAY, Installation

REQUIRING = GATEWAY.replace("workers = 2", 'workers = 2\nlayers = ["schema", "identity", "register"]')
OTHER_IBAN = "FR7630006000011234567890189"
CLOSED_SIRET = "81034732800017"
SUPPLIERS = f"""identifier;name;country;state;active_until;iban;account_from;approved_by;approved_on
{SUPPLIER_SIRET};Papeterie du Centre;FR;;;{SUPPLIER_IBAN};2019-03-01;comptable;2019-03-01
{CLOSED_SIRET};Fermée;FR;;2026-06-30;{SUPPLIER_IBAN};2019-03-01;comptable;2019-03-01
"""
ENTITIES = f"identifier,name,requires_service,requires_engagement\n{ENTITY_SIRET},Direction des services,oui,non\n"
SERVICES = f"identifier,service_code,service_label,requires_engagement\n{ENTITY_SIRET},D2250,Achats,0\n"
GOOD = Sample(line_count=1)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    for name, content in (("suppliers.csv", SUPPLIERS), ("entities.csv", ENTITIES), ("services.csv", SERVICES)):
        (tmp_path / name).write_text(content, encoding="utf-8")
    return Installation(tmp_path, gateway=REQUIRING)


def load(installation: Installation) -> None:
    installation.json("register", "import", "suppliers.csv", "--source", "suppliers")
    installation.json("register", "import", "entities.csv", "--services", "services.csv", "--source", "directory")


def treat(installation: Installation, *samples: Sample, sequence: int = 1) -> None:
    installation.drop("frn001", FRN001.format(sequence), write_archive([write_ubl(each) for each in samples]))
    installation.run_once()


def told_to(installation: Installation, partner: str) -> str:
    """Every text that a partner got, less the invoices themselves."""
    files = [file for file in installation.put_out(partner) if not file.name.startswith("FSO")]
    return "".join(
        file.read_text(encoding="utf-8-sig") for file in [*files, *installation.put_out(partner, "rapports/*")]
    )


def test_a_good_invoice_goes_on_and_an_undeclared_account_is_the_entity_s_to_know(installation: Installation) -> None:
    load(installation)
    treat(installation, GOOD, replace(GOOD, number="F2", iban=OTHER_IBAN))
    assert len(installation.put_out("sei001", "FSO*")) == 1
    assert "IBAN_NOT_DECLARED" in told_to(installation, "sei001")
    assert "IBAN_NOT_DECLARED" not in told_to(installation, "frn001")


def test_each_refusal_is_told_with_what_to_do(installation: Installation) -> None:
    load(installation)
    treat(
        installation,
        GOOD,
        replace(GOOD, number="F2", code_service=""),
        replace(GOOD, number="F3", supplier_siret=CLOSED_SIRET, supplier_vat="FR60810347328"),
        replace(GOOD, number="F4", supplier_siret="35600000000048", supplier_vat="FR39356000000"),
        replace(GOOD, number="F5", buyer_siret="24590041000292"),
    )
    told = told_to(installation, "frn001")
    refused = ("SERVICE_MISSING", "SIRET_CLOSED", "SIRET_UNKNOWN", "RECIPIENT_UNKNOWN")
    assert [code for code in refused if code not in told] == []
    [report] = installation.put_out("frn001", "CSO*")
    assert "1 intégrée, 4 rejetées" in report.read_text(encoding="utf-8")


def test_a_change_of_account_is_remembered_from_flow_to_flow(installation: Installation) -> None:
    load(installation)
    treat(installation, GOOD)
    assert "ACCOUNT_CHANGED" not in told_to(installation, "sei001")
    treat(installation, replace(GOOD, number="F2", iban=OTHER_IBAN), sequence=2)
    assert "ACCOUNT_CHANGED" in told_to(installation, "sei001")
    assert "ACCOUNT_CHANGED" not in told_to(installation, "frn001")


def test_what_came_before_the_register_is_judged_once_there_is_one(installation: Installation) -> None:
    treat(installation, GOOD)
    [flow] = installation.json("flows", "list")
    assert (flow["state"], installation.put_out("frn001")) == ("held", [])
    load(installation)
    installation.json("flows", "release", "1", "--reason", "register imported")
    installation.run_once()
    [flow] = installation.json("flows", "list")
    assert (flow["state"], flow["verdict"], flow["attempt"]) == ("closed", "accepted", 2)


def test_check_asks_the_register_of_the_configuration(installation: Installation) -> None:
    load(installation)
    (installation.root / "f.xml").write_bytes(write_ubl(replace(GOOD, code_service="")))
    done = installation.flux("check", "--json", "--as", "FSO1100A", "--config", str(installation.config), "f.xml")
    assert (done.returncode, "SERVICE_MISSING" in done.stdout) == (1, True)
