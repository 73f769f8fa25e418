"""What a partner may do: deposit for its own suppliers, under its own names, and learn nothing of the others."""

from pathlib import Path

import pytest
from lxml import etree

from flux.app.installation import load_settings
from flux.app.operations import FlowFilter, open_queries
from flux.demo.samples import SUPPLIER_SIRET, Sample, write_ubl
from flux.model.settlement import OutputKind
from tests.acceptance.installation import FRN001, ONE_WORKER, PARTNERS, Installation

OTHER_SIRET = "55208144300091"
LIMITED = """
[partners.limite]
role = "supplier"
application_code = "FRN002"
interfaces = ["FSO1100A"]
sirets = ["{siret}"]
"""
FRN002 = "FSO1100A_FRN002_FRN0021100{:015d}"
FIRST = write_ubl(Sample(number="SECRET-1"))
OTHER = write_ubl(Sample(number="SECRET-2", supplier_name="Un autre"))


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """One day of a gateway: frn001 first, then partners that try what is not theirs."""
    root = tmp_path_factory.mktemp("rights")
    made = Installation(root, gateway=ONE_WORKER, partners=PARTNERS + LIMITED.format(siret=OTHER_SIRET))
    made.drop("frn001", FRN001.format(1), FIRST)
    made.run_once()
    (root / "inbox" / "limite").mkdir(exist_ok=True)
    (root / "secret.xml").write_bytes(write_ubl(Sample(number="LINKED")))
    (root / "inbox" / "limite" / FRN002.format(9)).symlink_to(root / "secret.xml")
    made.drop("frn001", FRN001.format(1) + ".xml", OTHER)
    made.drop("limite", FRN002.format(1), write_ubl(Sample(number="SECRET-1")))
    made.drop("limite", FRN001.format(7), write_ubl(Sample(number="MINE-1", supplier_siret=OTHER_SIRET)))
    made.drop("limite", FRN001.format(1), FIRST)
    made.drop("libre", "doublon.xml", FIRST)
    made.drop("libre", "autre.xml", FIRST.replace(b"Ramette", b"Rame"))
    made.run_once()
    return made


def codes_for(installation: Installation, partner: str, reported: str) -> list[str]:
    """The faults that the report on a flow tells."""
    with open_queries(load_settings(installation.config)) as queries:
        lines = queries.list_flows(FlowFilter(partner=partner), limit=50)
        number = next(line.flow.number for line in lines if line.flow.name == reported)
        report = next(each for each in queries.show_flow(number).deliveries if each.kind is OutputKind.REPORT)
    root = etree.parse(str(installation.root / "outbox" / partner / report.name)).getroot()
    return [each.text or "" for each in root.iter("CodeErreur")]


def told_to(installation: Installation, partner: str) -> str:
    """Every text that a partner got."""
    files = [*installation.put_out(partner), *installation.put_out(partner, "rapports/*")]
    return "".join(file.read_text(encoding="utf-8-sig") for file in files)


def test_a_supplier_that_is_limited_deposits_for_its_own_siret_only(installation: Installation) -> None:
    assert codes_for(installation, "limite", FRN002.format(1)) == ["SENDER_NOT_ENTITLED"]
    assert codes_for(installation, "frn001", FRN001.format(1)) == []


def test_a_name_with_the_code_of_another_is_refused(installation: Installation) -> None:
    assert set(codes_for(installation, "limite", FRN001.format(7))) == {"FLOW_APPLICATION"}


def test_the_name_of_another_s_flow_disturbs_nothing(installation: Installation) -> None:
    assert set(codes_for(installation, "limite", FRN001.format(1))) == {"FLOW_APPLICATION"}


def test_a_sequence_is_not_used_twice_whatever_the_extension(installation: Installation) -> None:
    assert codes_for(installation, "frn001", FRN001.format(1) + ".xml") == ["FLOW_NAME_REUSED"]


def test_only_the_first_of_them_all_is_handed_on(installation: Installation) -> None:
    assert [file.read_bytes() for file in installation.put_out("sei001", "FSO*")] == [FIRST]


@pytest.mark.parametrize("name", ["doublon.xml", "autre.xml"])
def test_the_number_of_another_s_invoice_is_refused(installation: Installation, name: str) -> None:
    assert codes_for(installation, "libre", name) == ["DUPLICATE_PARTNER"]


def test_a_duplicate_says_nothing_of_the_first_that_another_brought(installation: Installation) -> None:
    told = told_to(installation, "libre")
    assert "SECRET-1" in told  # its own words
    assert not [secret for secret in ("frn001", "FRN001", FRN001.format(1), "forwarded") if secret in told]


def test_replies_go_to_the_folder_that_brought_the_file(installation: Installation) -> None:
    told = told_to(installation, "limite")
    assert FRN001.format(7) in told
    assert FRN001.format(7) not in told_to(installation, "frn001")


def test_one_who_may_not_speak_for_a_supplier_learns_nothing_of_it(installation: Installation) -> None:
    told = told_to(installation, "limite")
    assert not [secret for secret in ("DUPLICATE", OTHER_SIRET) if secret in told]
    assert SUPPLIER_SIRET in told  # as it wrote itself


def test_a_link_in_the_inbox_is_never_followed(installation: Installation) -> None:
    link = installation.root / "inbox" / "limite" / FRN002.format(9)
    assert link.is_symlink()
    assert "LINKED" not in told_to(installation, "limite")
    assert Path(installation.root / "secret.xml").exists()
