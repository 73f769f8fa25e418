import csv
import io
from dataclasses import replace

import pytest

from flux.model.finding import LayerName, Severity
from flux.model.partner import Language
from flux.model.settlement import FlowCase, Outcome
from flux.replies.resend import build_resend_list
from tests.unit.replies.cases import SECRET, SENDER, SIRET_FAULT, answering, fatal, judged, settled, summary


def rows(case: FlowCase) -> list[dict[str, str]]:
    built = build_resend_list(answering(case))
    assert built is not None
    return list(csv.DictReader(io.StringIO(built.decode("utf-8-sig")), delimiter=";"))


def test_a_spreadsheet_reads_it_as_utf8_and_its_lines_end_as_it_expects() -> None:
    built = build_resend_list(answering())

    assert built is not None
    assert built.startswith(b"\xef\xbb\xbfFacture;Fichier;Code;")
    assert built.count(b"\r\n") == 2


def test_a_fault_is_one_line_with_all_that_is_known() -> None:
    (row,) = rows(settled(judged(0), judged(1, SIRET_FAULT)))

    assert row["Facture"] == "F2026-0118"
    assert row["Fichier"] == "0118.xml"
    assert row["Code"] == "SIRET_CHECKSUM"
    assert row["Champ"].startswith("BT-29 (")
    assert row["Ligne"] == "31"
    assert row["Trouvé"] == "73282932000075"
    assert row["Attendu"] == "14 chiffres, clé juste, connu du référentiel"
    assert row["Message"]
    assert row["À faire"]
    assert row["Par qui"] == "facturation du fournisseur"


def test_each_fault_has_its_line() -> None:
    assert len(rows(settled(judged(0, SIRET_FAULT, fatal("IBAN_MISSING")), judged(1, SIRET_FAULT)))) == 3


def test_a_good_invoice_that_fell_with_its_flow_is_in_the_list() -> None:
    case = settled(judged(0), judged(1, SIRET_FAULT), outcomes={(0, 0): Outcome.NOT_TAKEN})

    assert [(row["Facture"], row["Code"]) for row in rows(case)] == [
        ("F2026-0117", "INVOICE_NOT_TAKEN"),
        ("F2026-0118", "SIRET_CHECKSUM"),
    ]


def test_a_fault_of_the_flow_is_named_by_the_name_received() -> None:
    (row,) = rows(settled(findings=(fatal("FLOW_EMPTY", layer=LayerName.INTAKE),)))

    assert row["Facture"] == ""
    assert row["Fichier"] == "FSO1100A_FRN001_FRN0011100000000000000042"


def test_nothing_is_written_when_nothing_is_to_be_sent_again() -> None:
    warned = judged(0, fatal("IBAN_RIB_KEY", severity=Severity.WARNING))

    assert build_resend_list(answering(settled(warned))) is None


def test_what_the_sender_must_not_learn_is_not_in_it() -> None:
    case = settled(judged(0, SIRET_FAULT, SECRET))

    assert [row["Code"] for row in rows(case)] == ["SIRET_CHECKSUM"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "\t=", "\r=", " ="])
def test_no_cell_is_a_formula(start: str) -> None:
    case = settled(judged(0, fatal(found=f"{start}1+1"), invoice=summary(f"{start}HYPERLINK(1)")))

    (row,) = rows(case)

    assert row["Facture"].startswith("'")
    assert row["Trouvé"].startswith("'")


def test_a_value_cannot_open_another_line_or_cell() -> None:
    (row,) = rows(settled(judged(0, fatal(found='a";b\r\nc'))))

    assert row["Trouvé"] == 'a";b c'


def test_a_character_that_no_encoding_takes_is_replaced() -> None:
    (row,) = rows(settled(replace(judged(0, SIRET_FAULT), member="a\x00\ud800.xml")))

    assert row["Fichier"] == "a\ufffd\ufffd.xml"


def test_it_speaks_the_language_of_the_partner() -> None:
    built = build_resend_list(answering(partner=replace(SENDER, language=Language.EN)))

    assert built is not None
    (row,) = csv.DictReader(io.StringIO(built.decode("utf-8-sig")), delimiter=";")
    assert list(row) == [
        "Invoice", "File", "Code", "Message", "Field", "Line", "Found", "Expected", "What to do", "By whom",
    ]  # fmt: skip
    assert row["Expected"] == "14 digits, right check digit, known to the register"
    assert row["What to do"] == "Correct the SIRET."
