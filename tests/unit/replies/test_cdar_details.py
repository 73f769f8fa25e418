"""Motifs: each code of the table under the status that its layer leads to, and no other."""

import pytest

from flux.model.cdv_codes import CdvStatus
from flux.model.cdv_statuses import STATUSES
from flux.model.codes import CODES
from flux.model.codes.code import Code
from flux.model.finding import Finding, LayerName
from flux.replies.cdar_bounds import IDENTIFIER_CHARACTERS
from flux.replies.cdar_details import detail_faults
from flux.replies.faults import Fault, Nature, faults_of_invoice
from tests.unit.replies.cases import answering, fatal, judged, settled

TECHNICAL = (LayerName.INTAKE, LayerName.SCHEMA)
REFUSING = [row for row in CODES.values() if row.motif is not None]


def status_of(row: Code) -> CdvStatus:
    return CdvStatus.IRRECEVABLE if row.layer in TECHNICAL else CdvStatus.REJETEE


def test_the_motif_of_a_code_is_one_that_its_status_allows() -> None:
    for row in REFUSING:
        assert row.motif in STATUSES[status_of(row)].motifs, row.code


def test_a_code_fits_its_field() -> None:
    assert [code for code in CODES if len(code) > IDENTIFIER_CHARACTERS["125"]] == []


@pytest.mark.parametrize("status", [CdvStatus.IRRECEVABLE, CdvStatus.REJETEE])
def test_whatever_refuses_has_a_motif_that_its_status_allows(status: CdvStatus) -> None:
    for code in (*CODES, "BR-CO-15"):
        (detail,) = detail_faults([Fault(nature=Nature.IRRECEVABILITE, finding=fatal(code))], status)
        assert detail.motif in STATUSES[status].motifs, code


@pytest.mark.parametrize(
    ("code", "motif"),
    [
        ("BR-01", "REJ_SEMAN"),
        ("BR-CO-10", "CALCUL_ERR"),
        ("BR-CO-14", "CALCUL_ERR"),
        ("BR-CO-17", "CALCUL_ERR"),
        ("BR-S-08", "CALCUL_ERR"),
        ("BR-Z-09", "CALCUL_ERR"),
        ("BR-CO-13", "MONTANTTOTAL_ERR"),
        ("BR-CO-16", "MONTANTTOTAL_ERR"),
        ("BR-FR-12", "ADR_ERR"),
        ("BR-FR-CPRO-10", "REJ_CONT_B2G"),
        ("UBL-SR-12", "REJ_SEMAN"),
    ],
)
def test_an_official_rule_has_the_motif_of_its_kind(code: str, motif: str) -> None:
    finding = fatal(code, layer=LayerName.RULES)
    (detail,) = detail_faults([Fault(nature=Nature.REJET, finding=finding)], CdvStatus.REJETEE)

    assert detail.motif == motif


UNIT_CODES = tuple(
    fatal("BR-CL-23", layer=LayerName.RULES, term="BT-130", found="BOITE", line=100 + 18 * order)
    for order in range(400)
)


@pytest.mark.parametrize(
    ("count", "notes"),
    [
        (1, []),
        (2, ["2 fois : lignes 100, 118"]),
        (400, ["400 fois : lignes 100, 118, 136, 154, 172, …"]),
    ],
)
def test_a_cause_that_occurs_several_times_is_one_detail_with_its_count(count: int, notes: list[str]) -> None:
    case = settled(judged(0, *UNIT_CODES[:count]))
    faults = faults_of_invoice(answering(case), case.judgments[0])

    (detail,) = detail_faults(faults, CdvStatus.REJETEE)

    assert (detail.notes[0].code, detail.notes[0].subject, detail.motif) == ("BR-CL-23", "BT-130", "REJ_SEMAN")
    assert [note.content[0].text for note in detail.notes[1:]] == notes


@pytest.mark.parametrize(
    ("nature", "status", "has_motif"),
    [
        (Nature.IRRECEVABILITE, CdvStatus.IRRECEVABLE, True),
        (Nature.REJET, CdvStatus.IRRECEVABLE, False),  # of an invoice, in a flow that fell for something else
        (Nature.INCIDENT, CdvStatus.IRRECEVABLE, False),
        (Nature.REJET, CdvStatus.REJETEE, True),
        (Nature.INCIDENT, CdvStatus.RECEVABLE, False),
    ],
)
def test_a_fault_has_a_motif_where_the_status_is_given_for_it(
    nature: Nature, status: CdvStatus, *, has_motif: bool
) -> None:
    (detail,) = detail_faults([Fault(nature=nature, finding=fatal())], status)

    assert (detail.motif is not None) is has_motif


@pytest.mark.parametrize(
    ("code", "status", "action"),
    [
        ("XSD_INVALID", CdvStatus.IRRECEVABLE, "OTH"),
        ("SIRET_CHECKSUM", CdvStatus.REJETEE, "NIN"),  # the seller cancels it and issues another
        ("SIRET_CHECKSUM", CdvStatus.IRRECEVABLE, "OTH"),  # it never entered: the same invoice, corrected
        ("DUPLICATE_SAME", CdvStatus.REJETEE, "NOA"),
        ("INVOICE_REFUSED", CdvStatus.REJETEE, "OTH"),
    ],
)
def test_what_is_asked_of_the_sender_follows_who_must_act(code: str, status: CdvStatus, action: str) -> None:
    (detail,) = detail_faults([Fault(nature=Nature.REJET, finding=fatal(code))], status)

    assert detail.action == action


@pytest.mark.parametrize(
    ("finding", "subject"),
    [
        (
            fatal("XSD_INVALID", layer=LayerName.SCHEMA, term="BT-110", xpath="/Invoice/cbc:TaxAmount[2]"),
            "cbc:TaxAmount",
        ),
        (fatal("XSD_INVALID", layer=LayerName.SCHEMA), None),
        (fatal("SIRET_CHECKSUM", term="BT-29", xpath="/Invoice/cbc:ID"), "BT-29"),
        (fatal("DUPLICATE_SAME"), "BT-1"),  # the term of the code
        (fatal("XML_SYNTAX", layer=LayerName.INTAKE, xpath="/Invoice/cbc:ID"), "cbc:ID"),
    ],
)
def test_the_field_is_named_as_its_layer_knows_it(finding: object, subject: str | None) -> None:
    (detail,) = detail_faults([Fault(nature=Nature.REJET, finding=finding)], CdvStatus.REJETEE)  # type: ignore[arg-type]

    assert detail.notes[0].subject == subject


@pytest.mark.parametrize(
    ("finding", "kinds"),
    [
        (fatal("SIRET_FORM", term="BT-29", found="732 829 320 00074", expected="73282932000074"), ["DIV", "DVA"]),
        (fatal("BR-CO-15", layer=LayerName.RULES, term="BT-112", found="120", expected="121"), ["DIV", "DVA"]),
        (fatal("SIRET_FORM", term="BT-29", expected="73282932000074"), ["DVA"]),  # nothing stands there
        (fatal("SIRET_FORM", term="BT-29", found=""), ["DIV"]),
        # A part of the value, which its sentence frames.
        (fatal("SIRET_SIREN", term="BT-29", found="73282932000074", expected="110002011"), ["DIV"]),
        (fatal("IBAN_RIB_KEY", term="BT-84", found="FR…2607", expected="06"), ["DIV"]),
        (fatal("IBAN_CHECK_DIGITS", term="BT-84", found="FR…2606", expected="02-98"), ["DIV"]),
        # A kind of value.
        (fatal("XSD_INVALID", layer=LayerName.SCHEMA, term="BT-110", found="x", expected="1234.56"), ["DIV"]),
        (fatal("SIRET_CHECKSUM"), []),
    ],
)
def test_what_was_expected_is_told_where_it_can_take_the_place_of_what_was_found(
    finding: Finding, kinds: list[str]
) -> None:
    (detail,) = detail_faults([Fault(nature=Nature.REJET, finding=finding)], CdvStatus.REJETEE)

    assert [each.type_code for each in detail.characteristics] == kinds


def test_an_official_rule_with_an_id_beyond_the_field_is_told_without_it() -> None:
    finding = fatal("BR-" + "X" * 40)
    (detail,) = detail_faults([Fault(nature=Nature.REJET, finding=finding)], CdvStatus.REJETEE)

    assert (detail.notes[0].code, detail.motif) == (None, "REJ_SEMAN")
