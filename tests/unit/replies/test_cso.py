from collections.abc import Mapping
from dataclasses import replace

import pytest
from lxml import etree

from flux.model.finding import LayerName, Severity
from flux.model.settlement import FlowCase, InvoiceId, Outcome
from flux.replies.cso import build_flow_report, summarise_outcomes
from tests.unit.replies.cases import FLOW, SECRET, SIRET_FAULT, answering, fatal, judged, settled


def report(case: FlowCase) -> etree._Element:
    return etree.fromstring(build_flow_report(answering(case)))


def text(root: etree._Element, path: str) -> str:
    found = root.findtext(path)
    assert found is not None, path
    return found


def texts(root: etree._Element, path: str) -> list[str]:
    return [each.text or "" for each in root.iterfind(path)]


WORKED = etree.fromstring(build_flow_report(answering()))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".//ParametreIndiv[@NumOrdre='0001']/Code", "DtPrd"),
        (".//ParametreIndiv[@NumOrdre='0001']/Valeurparametre", "2026-11-23"),
        (".//ParametreIndiv[@NumOrdre='0002']/Code", "IdFlx"),
        (".//ParametreIndiv[@NumOrdre='0002']/Valeurparametre", "FLX0011100000000000000017"),
        (".//Recepteur/Id", "FRN001"),
        (".//Emetteur/Id", "FLX001"),
        (".//IdStatut", "96"),
        (".//ComplementStatut", "2 intégrées, 1 rejetée"),
        (".//Horodatage", "2026-11-23T08:15:02+01:00"),
        (".//IdFlux", "FRN0011100000000000000042"),
        (".//NatureErreur", "REJET"),
        (".//CodeErreur", "SIRET_CHECKSUM"),
    ],
)
def test_the_worked_example_is_written_field_by_field(path: str, expected: str) -> None:
    assert text(WORKED, path) == expected


@pytest.mark.parametrize(
    ("path", "attribute", "expected"),
    [
        ("CPPFluxStatuts", "compteur", "1"),
        (".//CPPFluxStatutUnitaire", "NumOrdre", "1"),
        (".//Details", "NbLignesErreur", "1"),
        (".//LigneErreurDetail", "IdLigne", "1"),
    ],
)
def test_the_worked_example_counts_and_numbers(path: str, attribute: str, expected: str) -> None:
    found = WORKED.find(path)
    assert found is not None
    assert found.get(attribute) == expected


def test_a_label_opens_with_the_number_of_the_invoice_and_names_the_party() -> None:
    assert text(WORKED, ".//LibelleErreur") == "F2026-0118 : SIRET du fournisseur, clé de contrôle fausse"


def test_a_description_is_a_list_of_named_facts() -> None:
    assert text(WORKED, ".//DescriptionErreur") == (
        "facture=F2026-0118; fichier=0118.xml; ligne=31; champ=BT-29; trouvé=73282932000075; "
        "attendu=14 chiffres, clé juste, connu du référentiel; action=corriger le SIRET; qui=fournisseur"
    )


def test_a_value_that_the_check_expected_is_told_in_its_place() -> None:
    spaced = fatal("SIRET_FORM", term="BT-46", found="110 002 011 00044", expected="11000201100044")

    root = report(settled(judged(0, spaced)))

    assert text(root, ".//LibelleErreur") == "F2026-0117 : SIRET du destinataire mal formé"
    assert "attendu=11000201100044; " in text(root, ".//DescriptionErreur")


def test_who_acts_on_the_technical_side_is_named_as_such() -> None:
    broken = fatal("XML_SYNTAX", layer=LayerName.INTAKE)

    assert "; qui=équipe technique de l'émetteur" in text(report(settled(judged(0, broken))), ".//DescriptionErreur")


def test_a_semicolon_in_a_value_does_not_open_another_fact() -> None:
    fault = fatal(term="BT-29", found="1; qui=personne")

    facts = text(report(settled(judged(0, fault))), ".//DescriptionErreur").split("; ")

    assert "trouvé=1, qui=personne" in facts


def test_what_no_fact_can_hold_is_said_in_a_sentence() -> None:
    duplicate = fatal("DUPLICATE_SAME", found="F2026-0117", facts=(("first_flow", "FSO1100A_FRN001_X"),))

    assert "FSO1100A_FRN001_X" in text(report(settled(judged(0, duplicate))), ".//DescriptionErreur")


@pytest.mark.parametrize(
    ("case", "status"),
    [
        (settled(judged(0), judged(1)), "90"),  # all taken
        (settled(judged(0), judged(1, SIRET_FAULT)), "96"),  # some
        (settled(judged(0, SIRET_FAULT)), "93"),  # none
        (settled(findings=(fatal("FLOW_EMPTY", layer=LayerName.INTAKE),)), "93"),  # not even one to judge
    ],
)
def test_the_status_says_all_some_or_none(case: FlowCase, status: str) -> None:
    assert text(report(case), ".//IdStatut") == status


def test_details_stand_only_where_there_is_an_error() -> None:
    warned = judged(0, fatal("IBAN_RIB_KEY", severity=Severity.WARNING))

    assert report(settled(warned)).find(".//Details") is None


@pytest.mark.parametrize(
    ("accepted", "rejected", "not_taken", "expected"),
    [
        (1, 0, 0, "1 intégrée"),
        (2, 0, 0, "2 intégrées"),
        (2, 1, 0, "2 intégrées, 1 rejetée"),
        (1, 2, 0, "1 intégrée, 2 rejetées"),
        (0, 1, 0, "0 intégrée, 1 rejetée"),  # French counts zero as one
        (0, 1, 2, "0 intégrée, 1 rejetée, 2 à renvoyer"),
        (0, 0, 0, "Flux irrecevable"),  # nothing in it could be counted
    ],
)
def test_the_complement_counts_in_good_french(accepted: int, rejected: int, not_taken: int, expected: str) -> None:
    outcomes = [Outcome.ACCEPTED] * accepted + [Outcome.REJECTED] * rejected + [Outcome.NOT_TAKEN] * not_taken
    decided: Mapping[InvoiceId, Outcome] = {(order, 0): each for order, each in enumerate(outcomes)}
    judgments = [judged(order) for order in range(len(outcomes))]

    assert summarise_outcomes(answering(settled(*judgments, outcomes=decided))) == expected


def test_the_complement_never_exceeds_its_40_characters() -> None:
    kinds = [Outcome.ACCEPTED, Outcome.REJECTED, Outcome.NOT_TAKEN, Outcome.NOT_JUDGED] * 1_000
    decided: Mapping[InvoiceId, Outcome] = {(order, 0): each for order, each in enumerate(kinds)}
    case = settled(*(judged(order) for order in range(len(kinds))), outcomes=decided)

    assert summarise_outcomes(answering(case)) == "1000 intégrées, 1000 rejetées"


@pytest.mark.parametrize(
    ("fault", "nature"),
    [
        (fatal("XSD_INVALID", layer=LayerName.SCHEMA), "IRRECEVABILITE"),  # of the schema
        (fatal("XML_SYNTAX", layer=LayerName.INTAKE), "IRRECEVABILITE"),  # of the bytes
        (fatal("SIRET_CHECKSUM", layer=LayerName.IDENTITY), "REJET"),
        (fatal("DUPLICATE_SAME", layer=LayerName.REGISTER), "REJET"),
    ],
)
def test_the_nature_of_an_error_is_its_level(fault: object, nature: str) -> None:
    assert texts(report(settled(judged(0, fault))), ".//NatureErreur") == [nature]  # type: ignore[arg-type]


def test_a_fault_of_the_flow_comes_first_and_is_an_irrecevabilite() -> None:
    reused = fatal("FLOW_NAME_REUSED", layer=LayerName.REGISTER)

    root = report(settled(judged(0, SIRET_FAULT), findings=(reused,)))

    assert texts(root, ".//CodeErreur") == ["FLOW_NAME_REUSED", "SIRET_CHECKSUM"]
    assert texts(root, ".//NatureErreur") == ["IRRECEVABILITE", "REJET"]


def test_a_good_invoice_that_fell_with_its_flow_has_its_own_line() -> None:
    root = report(settled(judged(0), judged(1, SIRET_FAULT), outcomes={(0, 0): Outcome.NOT_TAKEN}))

    assert texts(root, ".//CodeErreur") == ["INVOICE_NOT_TAKEN", "SIRET_CHECKSUM"]
    assert texts(root, ".//NatureErreur") == ["INCIDENT", "REJET"]
    assert texts(root, ".//LibelleErreur")[0] == "F2026-0117 : bonne, non prise en compte, à renvoyer"


def test_a_cause_that_occurs_several_times_in_an_invoice_is_one_line_with_its_count() -> None:
    wrong = [fatal("BR-CL-23", layer=LayerName.RULES, term="BT-130", line=100 + order) for order in range(400)]

    root = report(settled(judged(0, *wrong), judged(1, wrong[0])))

    assert root.find(".//{*}Details").get("NbLignesErreur") == "2"  # type: ignore[union-attr]
    assert "ligne=100, 101, 102, 103, 104; fois=400; champ=BT-130" in texts(root, ".//DescriptionErreur")[0]
    assert "fois=" not in texts(root, ".//DescriptionErreur")[1]


def test_a_member_without_an_invoice_is_named_by_its_file() -> None:
    unread = replace(judged(0, fatal("XML_SYNTAX", layer=LayerName.INTAKE)), summary=None, member="broken.xml")

    assert text(report(settled(unread)), ".//LibelleErreur").startswith("broken.xml : ")


def test_a_flow_with_a_free_name_is_named_as_received() -> None:
    case = settled(judged(0), flow=replace(FLOW, name="Facture n°117 mars.pdf"))

    assert text(report(case), ".//IdFlux") == "Facture n°117 mars.pdf"


def test_the_extension_of_a_strict_name_is_no_part_of_the_id() -> None:
    case = settled(judged(0), flow=replace(FLOW, name=FLOW.name + ".tar.gz"))

    assert text(report(case), ".//IdFlux") == "FRN0011100000000000000042"


def test_what_xml_cannot_hold_is_replaced() -> None:
    case = settled(judged(0), flow=replace(FLOW, name="a\x00b\ud800.xml"))

    assert text(report(case), ".//IdFlux") == "a\ufffdb\ufffd.xml"


def test_an_account_is_masked() -> None:
    wrong = fatal("IBAN_CHECKSUM", term="BT-84", found="FR1420041010050500013M02607")

    message = build_flow_report(answering(settled(judged(0, wrong)))).decode()

    assert "20041010050500013" not in message
    assert "trouvé=FR…2607" in message


def test_a_reason_that_the_sender_must_not_learn_is_not_told() -> None:
    hidden = replace(SECRET, severity=Severity.FATAL)

    root = report(settled(judged(0, hidden)))

    assert texts(root, ".//CodeErreur") == ["INVOICE_REFUSED"]
    assert "IBAN_NOT_DECLARED" not in etree.tostring(root, encoding="unicode")


def test_nothing_is_said_of_a_flow_that_is_not_settled() -> None:
    with pytest.raises(ValueError, match="not settled"):
        build_flow_report(answering(replace(settled(judged(0)), status=None)))
