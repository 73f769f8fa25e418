"""CSO115xA and CSI311xA: 500 or 501 on a flow."""

from dataclasses import replace

import pytest

from flux.model.finding import LayerName, Severity
from flux.model.partner import IrrecevableMember, Partner
from flux.model.settlement import FlowCase, Outcome
from flux.replies.cdar_flow import build_flow_message
from tests.unit.replies.cases import SECRET, SIRET_FAULT, answering, fatal, settled
from tests.unit.replies.cdar_flows import (
    AFNOR_FLOW,
    CSO,
    DUPONT,
    FREE_FLOW,
    G2B_FLOW,
    PLATFORM,
    REUSED,
    TOWN,
    VAT_TOTAL,
    fields,
    read,
)

ISOLATING = replace(PLATFORM, irrecevable_member=IrrecevableMember.ISOLATE)


def message(case: FlowCase, partner: Partner = PLATFORM, name: str = CSO) -> bytes | None:
    return build_flow_message(answering(case, partner=partner, name=name))


REFUSED = message(settled(read(0, VAT_TOTAL, member=None), flow=AFNOR_FLOW))
ADMITTED = message(
    settled(read(0), flow=replace(AFNOR_FLOW, name="FSO1150A_PAE123_PAE1231150000000000000008")),
    name="CSO1150A_PAE123_FLX0011150000000000000004",
)


@pytest.mark.parametrize(
    ("mdt", "expected"),
    [
        ("2", ["REGULATED"]),
        ("3", ["urn.cpro.gouv.fr:1p0:CDV:invoice"]),
        ("4", ["FLX0011150000000000000003-0001"]),
        ("5", ["CSO1150A_PAE123_FLX0011150000000000000003"]),
        ("8", ["20261123081502"]),
        ("21", ["WK"]),  # the role and nothing else
        ("40", ["WK"]),
        ("57", []),
        ("59", ["WK"]),
        ("73", []),
        ("74", ["false"]),
        ("77", ["305"]),
        ("78", ["20261123081502"]),
        ("95", ["20261123081455"]),
        ("87", ["FSO1150A_PAE123_PAE1231150000000000000007"]),
        ("88", []),
        ("91", []),
        ("100", []),
        ("129", []),
        ("105", ["501"]),
        ("106", ["Irrecevable", "Inadmissible"]),
        ("113", ["IRR_SYNTAX"]),
        ("114", ["Contrôle syntaxique des fichiers", "Syntax check of the files"]),
        ("121", ["OTH"]),
        (
            "122",
            [
                "Corriger le fichier et le renvoyer dans un nouveau flux",
                "Correct the file and send it in a new flow",
            ],
        ),
        ("124-2", ["1"]),
        ("125", ["XSD_INVALID"]),
        (
            "126",
            [
                "ligne 42 : « 2400,00 » n'est pas un nombre ; point attendu",
                "line 42: “2400,00” is not a number; a decimal point is expected",
            ],
        ),
        ("127", ["cbc:TaxAmount"]),
        ("206", ["BT-110"]),
        ("207", ["DIV"]),
        ("213", ["/Invoice/cac:TaxTotal/cbc:TaxAmount"]),
        ("214", ["2400,00"]),
    ],
)
def test_the_worked_example_of_a_refused_flow_is_written_field_by_field(mdt: str, expected: list[str]) -> None:
    assert fields(REFUSED, mdt) == expected


@pytest.mark.parametrize(
    ("mdt", "expected"),
    [
        ("4", ["FLX0011150000000000000004-0001"]),
        ("59", ["WK"]),
        ("87", ["FSO1150A_PAE123_PAE1231150000000000000008"]),
        ("88", []),
        ("91", []),
        ("100", ["20261123"]),  # the day of reception: the rules demand a date where there is no invoice
        ("105", ["500"]),
        ("106", ["Recevable", "Admissible"]),
        ("113", []),
        ("124-2", []),
        ("129", []),
    ],
)
def test_the_worked_example_of_an_admitted_flow_is_written_field_by_field(mdt: str, expected: list[str]) -> None:
    assert fields(ADMITTED, mdt) == expected


def test_a_flow_under_a_free_name_is_named_as_received() -> None:
    admitted = message(settled(read(0), flow=FREE_FLOW), DUPONT, "CR_000231_Facture_n_117_mars.pdf.xml")

    assert fields(admitted, "87") == ["Facture n°117 mars.pdf"]
    assert fields(admitted, "4") == ["FLX001_CR_000231.1-0001"]


def test_a_name_that_the_field_cannot_hold_is_cut() -> None:
    admitted = message(settled(read(0), flow=replace(FREE_FLOW, name="x" * 300)), DUPONT)

    assert fields(admitted, "87") == ["x" * 99 + "…"]


def test_several_faults_are_several_details_with_those_of_the_flow_first() -> None:
    refused = message(settled(read(0, VAT_TOTAL), read(1, VAT_TOTAL), findings=(REUSED,), flow=AFNOR_FLOW))

    assert fields(refused, "124-2") == ["1", "2", "3"]
    assert fields(refused, "113") == ["IRR_NOM_F", "IRR_SYNTAX", "IRR_SYNTAX"]


def test_a_fault_inside_an_archive_names_its_file_and_its_invoice() -> None:
    refused = message(settled(read(0, VAT_TOTAL), read(1), flow=AFNOR_FLOW, outcomes={(1, 0): Outcome.NOT_TAKEN}))

    assert (
        fields(refused, "126")[0] == "0117.xml, F2026-0117 : ligne 42 : « 2400,00 » n'est pas un nombre ; point attendu"
    )
    assert fields(refused, "126")[1].startswith("0117.xml, F2026-0117: line 42: ")


def test_what_a_refused_flow_has_besides_bears_no_motif() -> None:
    case = settled(
        read(0, SIRET_FAULT), read(1, VAT_TOTAL), read(2), flow=AFNOR_FLOW, outcomes={(2, 0): Outcome.NOT_TAKEN}
    )

    assert fields(message(case), "125") == ["XSD_INVALID", "SIRET_CHECKSUM", "INVOICE_NOT_TAKEN"]
    assert fields(message(case), "113") == ["IRR_SYNTAX"]


def test_a_good_invoice_that_a_rejected_one_took_with_it_is_said_in_the_message_on_the_flow() -> None:
    case = settled(read(0), read(1, SIRET_FAULT), flow=AFNOR_FLOW, outcomes={(0, 0): Outcome.NOT_TAKEN})

    assert (fields(message(case), "105"), fields(message(case), "113")) == (["500"], [])
    assert fields(message(case), "125") == ["INVOICE_NOT_TAKEN"]
    assert fields(message(case), "126")[0].startswith("0117.xml, F2026-0117 : Rien n'est à reprocher")


def test_a_member_that_falls_alone_is_refused_under_its_own_name_in_the_same_message() -> None:
    case = settled(read(0), read(1, VAT_TOTAL), read(2), flow=AFNOR_FLOW)

    alone = message(case, ISOLATING)

    assert fields(alone, "74") == ["true"]
    assert fields(alone, "105") == ["500", "501"]
    assert fields(alone, "87") == [AFNOR_FLOW.name, "0118.xml"]
    assert fields(alone, "124-2") == ["1"]


def test_the_invoices_of_a_member_that_falls_alone_share_its_refusal() -> None:
    second = replace(read(1, VAT_TOTAL), unit=1)
    alone = message(settled(read(0), read(1, VAT_TOTAL), second, flow=AFNOR_FLOW), ISOLATING)

    assert fields(alone, "105") == ["500", "501"]
    assert fields(alone, "124-2") == ["1", "2"]
    assert fields(alone, "126")[0].startswith("F2026-0118 : ")


def test_a_flow_of_which_no_member_is_left_is_irrecevable_itself() -> None:
    alone = message(settled(read(0, VAT_TOTAL), read(1, VAT_TOTAL), flow=AFNOR_FLOW), ISOLATING)

    assert (fields(alone, "105"), fields(alone, "87")) == (["501"], [AFNOR_FLOW.name])


@pytest.mark.parametrize("fault", [SIRET_FAULT, fatal("DUPLICATE_SAME", layer=LayerName.REGISTER)])
def test_a_flow_whose_invoices_are_all_rejected_is_admitted(fault: object) -> None:
    case = settled(read(0, fault), flow=AFNOR_FLOW)  # type: ignore[arg-type]  # a finding

    assert fields(message(case), "105") == ["500"]


def test_a_public_body_that_issues_invoices_is_told_nothing_of_a_good_flow() -> None:
    assert message(settled(read(0), flow=G2B_FLOW), TOWN, "CSI3110A_VIL001_FLX0013110000000000000001") is None


def test_a_public_body_that_issues_invoices_is_told_of_a_refused_flow() -> None:
    refused = message(settled(read(0, VAT_TOTAL), flow=G2B_FLOW), TOWN, "CSI3110A_VIL001_FLX0013110000000000000001")

    assert fields(refused, "105") == ["501"]


def test_a_flow_in_which_no_invoice_is_found_has_a_motif() -> None:
    refused = message(settled(flow=AFNOR_FLOW))

    assert (fields(refused, "113"), fields(refused, "125")) == (["IRR_VIDE_F"], ["FLOW_EMPTY"])


def test_a_reason_that_the_sender_must_not_learn_is_not_told() -> None:
    hidden = replace(SECRET, severity=Severity.FATAL, layer=LayerName.INTAKE)
    refused = message(settled(findings=(hidden,), flow=AFNOR_FLOW))

    assert (fields(refused, "113"), fields(refused, "125")) == (["IRR_SYNTAX"], ["FLOW_REFUSED"])
    assert b"IBAN" not in (refused or b"")


def test_the_first_of_too_many_faults_says_how_many_are_left_out() -> None:
    many = (replace(VAT_TOTAL, xpath=f"/Invoice/cbc:Note{number:04}") for number in range(1_004))
    refused = message(settled(read(0, *many, member=None), flow=AFNOR_FLOW))

    assert fields(refused, "124-2") == [str(order) for order in range(1, 1_000)]
    assert fields(refused, "126")[2].startswith("Et 5 constats de plus")


def test_a_warning_on_the_flow_is_for_people_only() -> None:
    digits = fatal("FLOW_NAME_DIGITS", severity=Severity.WARNING, layer=LayerName.INTAKE)

    assert fields(message(settled(read(0), findings=(digits,), flow=AFNOR_FLOW)), "125") == []


def test_nothing_is_said_of_a_flow_that_is_not_settled() -> None:
    with pytest.raises(ValueError, match="not settled"):
        message(replace(settled(read(0), flow=AFNOR_FLOW), status=None))
