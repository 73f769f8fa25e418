"""Which life-cycle messages a settled flow owes."""

from dataclasses import replace

import pytest

from flux.model.flow import Flow
from flux.model.partner import IrrecevableMember, Partner, RejectedInvoice
from flux.model.settlement import FlowCase, Outcome, OutputKind, PlannedOutput
from flux.model.verdict import Judgment
from flux.replies.plan import Routes, plan_outputs
from tests.unit.replies.cases import ENTITY, GATEWAY, SIRET_FAULT, settled
from tests.unit.replies.cdar_flows import (
    AFNOR_FLOW,
    DUPONT,
    FREE_FLOW,
    G2B_FLOW,
    PLATFORM,
    REUSED,
    TOWN,
    VAT_TOTAL,
    invoice,
    read,
)

ROUTES = Routes.of({"sei001": ENTITY})
MESSAGES = (OutputKind.FLOW_MESSAGE, OutputKind.INVOICE_MESSAGES, OutputKind.INVOICE_MESSAGE)


def plan(case: FlowCase, partner: Partner) -> tuple[PlannedOutput, ...]:
    """The messages for the sender's software."""
    unsettled = replace(case, status=None, outcomes={})
    outputs = plan_outputs(unsettled, case.outcomes, partner, ROUTES, GATEWAY)
    return tuple(each for each in outputs if each.kind in MESSAGES)


def names(*judgments: Judgment, partner: Partner = PLATFORM, flow: Flow = AFNOR_FLOW) -> list[str]:
    return [each.code or each.name for each in plan(settled(*judgments, flow=flow), partner)]


@pytest.mark.parametrize(
    ("judgments", "expected"),
    [
        ((read(0),), ["CSO1150A", "FEN1214A"]),
        ((read(0), read(1, SIRET_FAULT)), ["CSO1150A", "FEN1214A"]),
        ((read(0, SIRET_FAULT),), ["CSO1150A", "FEN1214A"]),  # a rejection is a status, too
        ((read(0, VAT_TOTAL),), ["CSO1150A"]),
        ((), ["CSO1150A"]),
    ],
)
def test_a_platform_is_told_of_every_flow_and_of_the_invoices_that_entered(
    judgments: tuple[Judgment, ...], expected: list[str]
) -> None:
    assert names(*judgments) == expected


@pytest.mark.parametrize(
    ("judgments", "expected"),
    [
        ((read(0),), ["CSO3110A"]),  # silence on a good flow
        ((read(0, SIRET_FAULT),), ["CSO3110A"]),
        ((read(0, VAT_TOTAL),), ["CSI3110A"]),
    ],
)
def test_a_public_body_is_told_of_its_invoices_or_that_its_flow_fell(
    judgments: tuple[Judgment, ...], expected: list[str]
) -> None:
    assert names(*judgments, partner=TOWN, flow=G2B_FLOW) == expected


def test_a_public_body_is_told_of_the_member_that_fell_alone() -> None:
    isolating = replace(TOWN, irrecevable_member=IrrecevableMember.ISOLATE)

    assert names(read(0), read(1, VAT_TOTAL), partner=isolating, flow=G2B_FLOW) == ["CSI3110A", "CSO3110A"]


def test_the_archive_of_messages_carries_every_invoice_that_has_a_status() -> None:
    isolating = replace(PLATFORM, irrecevable_member=IrrecevableMember.ISOLATE)
    case = settled(read(0), read(1, SIRET_FAULT), read(2, VAT_TOTAL), flow=AFNOR_FLOW)

    assert [each.invoices for each in plan(case, isolating)] == [(), ((0, 0), (1, 0))]


def test_a_good_invoice_that_fell_with_its_flow_has_no_status() -> None:
    refusing = replace(PLATFORM, rejected_invoice=RejectedInvoice.REFUSE_FLOW)
    case = settled(read(0), read(1, SIRET_FAULT), flow=AFNOR_FLOW, outcomes={(0, 0): Outcome.NOT_TAKEN})

    assert [each.invoices for each in plan(case, refusing)] == [(), ((1, 0),)]


def test_a_flow_that_falls_for_its_name_has_one_message() -> None:
    case = settled(findings=(REUSED,), flow=AFNOR_FLOW)

    assert [each.kind for each in plan(case, PLATFORM)] == [OutputKind.FLOW_MESSAGE]


def test_messages_go_to_the_partner_that_brought_the_flow() -> None:
    outputs = plan(settled(read(0), flow=AFNOR_FLOW), PLATFORM)

    assert {(each.partner, each.receiver, each.folder) for each in outputs} == {("pae123", "PAE123", "")}


def test_a_name_that_tells_no_interface_is_answered_under_the_main_one() -> None:
    assert names(read(0), flow=replace(AFNOR_FLOW, name="factures.xml")) == ["CSO1150A", "FEN1214A"]


def test_a_free_name_is_answered_by_one_file_for_each_invoice() -> None:
    slash, good, wrong = read(0, of=invoice("F2026/0117")), read(1), read(2, SIRET_FAULT)

    assert names(slash, good, wrong, partner=DUPONT, flow=FREE_FLOW) == [
        "CR_000231_Facture_n_117_mars.pdf.xml",
        "CDV_000231_F2026_0117_200.xml",
        "CDV_000231_F2026-0118_200.xml",
        "CDV_000231_F2026-0119_213.xml",
    ]


def test_each_file_of_a_free_name_carries_its_invoice() -> None:
    outputs = plan(settled(read(0), read(1), flow=FREE_FLOW), DUPONT)

    assert [each.invoices for each in outputs] == [(), ((0, 0),), ((1, 0),)]
