"""Motifs: each code of the table under the status that its layer leads to, and no other."""

import pytest

from flux.model.cdv_codes import CdvStatus
from flux.model.cdv_statuses import STATUSES
from flux.model.codes import CODES
from flux.model.codes.code import Code
from flux.model.finding import Finding, LayerName
from flux.replies.cdar_bounds import IDENTIFIER_CHARACTERS
from flux.replies.cdar_details import detail_faults
from flux.replies.faults import Fault, Nature
from tests.unit.replies.cases import fatal

TECHNICAL = (LayerName.INTAKE, LayerName.SCHEMA)
REFUSING = [row for row in CODES.values() if row.motif is not None]


def status_of(row: Code) -> CdvStatus:
    return CdvStatus.IRRECEVABLE if row.layer in TECHNICAL else CdvStatus.REJETEE


@pytest.mark.parametrize("row", REFUSING, ids=lambda row: row.code)
def test_the_motif_of_a_code_is_one_that_its_status_allows(row: Code) -> None:
    assert row.motif in STATUSES[status_of(row)].motifs


@pytest.mark.parametrize("code", CODES)
def test_a_code_fits_its_field(code: str) -> None:
    assert len(code) <= IDENTIFIER_CHARACTERS["125"]


@pytest.mark.parametrize("status", [CdvStatus.IRRECEVABLE, CdvStatus.REJETEE])
@pytest.mark.parametrize("code", [*CODES, "BR-CO-15"])
def test_whatever_refuses_has_a_motif_that_its_status_allows(code: str, status: CdvStatus) -> None:
    (detail,) = detail_faults([Fault(nature=Nature.IRRECEVABILITE, finding=fatal(code))], status)

    assert detail.motif in STATUSES[status].motifs


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
