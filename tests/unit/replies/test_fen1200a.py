from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import etree

from flux.model.settlement import Outcome
from flux.model.verdict import InvoiceSummary
from flux.replies.context import ReplyContext
from flux.replies.envelope import finish_message
from flux.replies.fen1200a import BLOCK, build_invoice_statuses
from flux.replies.texts import clean
from tests.unit.replies.cases import BUYER, FLOW, SIRET_FAULT, SUPPLIER, answering, judged, settled, summary


def message(context: ReplyContext) -> etree._Element:
    built = build_invoice_statuses(context)
    assert built is not None
    return etree.fromstring(built)


def statuses_of(invoice: InvoiceSummary) -> etree._Element:
    return message(answering(settled(judged(0, invoice=invoice))))


WORKED = message(answering(name="FEN1200A_FRN001_FLX0011200000000000000009"))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".//ParametreIndiv[@NumOrdre='0002']/Valeurparametre", "FLX0011200000000000000009"),
        (".//Recepteur/Id", "FRN001"),
        (".//Emetteur/Id", "FLX001"),
        (".//Fournisseur/TypeIdentifiant", "1"),
        (".//Fournisseur/Identifiant", "73282932000074"),
        (".//Fournisseur/RaisonSociale", "Papeterie du Centre SAS"),
        (".//Fournisseur/CodePays", "FR"),
        (".//Debiteur/TypeIdentifiant", "1"),
        (".//Debiteur/Identifiant", "11000201100044"),
        (".//Debiteur/CodeService", "D2250"),
        (".//IdStatut", "01"),
        (".//ComplementStatut", "Déposée"),
        (".//Horodatage", "2026-11-23T08:14:55+01:00"),  # the reception, not the reply
        (".//IdFacture", "F2026-0117"),
        (".//DateFacture", "2026-11-20"),
    ],
)
def test_the_worked_example_is_written_field_by_field(path: str, expected: str) -> None:
    assert WORKED.findtext(path) == expected


def test_the_worked_example_holds_the_two_accepted_invoices_in_order() -> None:
    units = WORKED.findall(".//CPPFactureStatutUnitaire")

    assert WORKED.find("CPPFactureStatuts[@compteur='2']") is not None
    assert [each.get("NumOrdre") for each in units] == ["1", "2"]
    assert [each.findtext(".//IdFacture") for each in units] == ["F2026-0117", "F2026-0119"]


@pytest.mark.parametrize("outcome", [Outcome.REJECTED, Outcome.NOT_TAKEN, Outcome.NOT_JUDGED])
def test_no_message_is_owed_when_no_invoice_is_accepted(outcome: Outcome) -> None:
    case = settled(judged(0), judged(1, SIRET_FAULT), outcomes={(0, 0): outcome})

    assert build_invoice_statuses(answering(case)) is None


@pytest.mark.parametrize(
    ("scheme", "kind"),
    [
        ("0009", "1"),  # SIRET, ISO 6523
        ("1", "1"),  # SIRET, as legacy Chorus writes it
        ("0223", "2"),
        ("2", "2"),
        ("0227", "3"),
        ("3", "3"),
        ("0228", "4"),
        ("4", "4"),
        ("0229", "5"),
        ("5", "5"),
        ("0226", "7"),
        ("7", "7"),
        ("6", "6"),
        ("0002", "6"),  # a SIREN is none of the types
        ("", "6"),
    ],
)
def test_the_type_of_the_supplier_follows_the_scheme(scheme: str, kind: str) -> None:
    root = statuses_of(summary(supplier=replace(SUPPLIER, scheme=scheme)))

    assert root.findtext(".//Fournisseur/TypeIdentifiant") == kind


def test_a_supplier_without_a_name_is_named_by_its_identifier() -> None:
    root = statuses_of(summary(supplier=replace(SUPPLIER, name="")))

    assert root.findtext(".//RaisonSociale") == "73282932000074"


def test_a_debtor_without_a_siret_has_the_fourteen_zeros_of_chorus() -> None:
    root = statuses_of(summary(buyer=replace(BUYER, identifier="110002011")))

    assert root.findtext(".//Debiteur/Identifiant") == "00000000000000"


@pytest.mark.parametrize(
    ("invoice", "slot"),
    [
        (summary(code_service=""), "CodeService"),
        (summary(code_service="x" * 101), "CodeService"),  # cut short it would name another service
        (summary(issue_date=None), "DateFacture"),
        (summary(supplier=replace(SUPPLIER, country="")), "CodePays"),
        (summary(supplier=replace(SUPPLIER, country="FRA")), "CodePays"),
    ],
)
def test_an_optional_slot_without_a_good_value_is_left_out(invoice: InvoiceSummary, slot: str) -> None:
    assert statuses_of(invoice).find(f".//{slot}") is None


def test_a_summer_reception_has_the_offset_of_summer() -> None:
    july = replace(FLOW, received_at=datetime(2026, 7, 14, 22, 30, tzinfo=UTC))

    root = message(answering(settled(judged(0), flow=july)))

    assert root.findtext(".//Horodatage") == "2026-07-15T00:30:00+02:00"


def test_what_is_written_as_text_is_what_a_tree_would_write() -> None:
    hostile = ("F&<1>", "F\"2'", "F\r\n\t3", "F\x014", "F\ud8005", "F\ufffe6", "Fé\N{NO-BREAK SPACE}€7")
    judgments = [judged(ordinal, invoice=summary(number)) for ordinal, number in enumerate(hostile)]
    built = build_invoice_statuses(answering(settled(*judgments)))
    assert built is not None
    root = etree.fromstring(built, etree.XMLParser(remove_blank_text=True))
    (block,) = root.iter(BLOCK)
    assert block.get("compteur") == str(len(judgments))
    assert [unit.get("NumOrdre") for unit in block] == [str(order) for order in range(1, len(judgments) + 1)]
    assert [unit.findtext("DonneesStatut/IdFacture") for unit in block] == [clean(number) for number in hostile]
    assert built == finish_message(root)
