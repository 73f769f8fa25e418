"""Which files a settled flow owes, to whom."""

from dataclasses import replace

import pytest

from flux.model.finding import Severity
from flux.model.flow import Flow
from flux.model.partner import Naming, Partner
from flux.model.settlement import InvoiceId, OutputKind, PlannedOutput
from flux.model.verdict import InvoiceSummary, Judgment
from flux.replies.plan import Routes, plan_outputs, plan_release
from tests.unit.replies.cases import (
    BUYER,
    ENTITY,
    FLOW,
    GATEWAY,
    SENDER,
    SIRET_FAULT,
    TO_RECIPIENT,
    fatal,
    judged,
    settled,
    summary,
)

OTHER = replace(ENTITY, name="sei002", application_code="SEI002", sirets=frozenset({"21930053000017"}))
ROUTES = Routes.of({each.name: each for each in (SENDER, ENTITY, OTHER)})
TO_OTHER = summary("F2026-0201", buyer=replace(BUYER, identifier="21930053000017"))
TO_NOBODY = summary("F2026-0202", buyer=replace(BUYER, identifier="24590041000292"))
RIB_KEY = fatal("IBAN_RIB_KEY", severity=Severity.WARNING, audience=TO_RECIPIENT)


def plan(*judgments: Judgment, partner: Partner = SENDER, flow: Flow = FLOW) -> tuple[PlannedOutput, ...]:
    case = settled(*judgments, flow=flow)
    return plan_outputs(case, case.outcomes, partner, ROUTES, GATEWAY)


def kinds(outputs: tuple[PlannedOutput, ...]) -> list[OutputKind]:
    return [each.kind for each in outputs]


def test_a_good_flow_owes_a_report_statuses_a_page_and_its_forward() -> None:
    assert kinds(plan(judged(0))) == [
        OutputKind.REPORT,
        OutputKind.STATUSES,
        OutputKind.READABLE_HTML,
        OutputKind.FORWARD,
    ]


def test_a_refused_flow_owes_a_report_and_what_to_send_again_and_no_status() -> None:
    assert kinds(plan(judged(0, SIRET_FAULT))) == [
        OutputKind.REPORT,
        OutputKind.READABLE_HTML,
        OutputKind.READABLE_CSV,
    ]


def test_the_report_bears_the_code_of_the_flow_s_interface() -> None:
    assert (plan(judged(0))[0].code, plan(judged(0))[1].code) == ("CSO1100A", "FEN1200A")


def test_a_name_that_tells_no_interface_is_answered_under_the_partner_s_main_one() -> None:
    assert plan(flow=replace(FLOW, name="factures.xml"))[0].code == "CSO1100A"


def test_a_free_name_is_answered_under_our_own_names() -> None:
    outputs = plan(judged(0), partner=replace(SENDER, naming=Naming.FREE), flow=replace(FLOW, name="mars.xml"))
    assert [each.name for each in outputs[:2]] == ["CR_000231_mars.xml.xml", "CDV_000231_mars.xml.xml"]


def test_a_partner_that_wants_no_readable_report_gets_none() -> None:
    assert OutputKind.READABLE_HTML not in kinds(plan(judged(0), partner=replace(SENDER, reports=False)))


def test_each_recipient_gets_its_own_forward_under_our_application_code() -> None:
    forwards = [each for each in plan(judged(0), judged(1, invoice=TO_OTHER)) if each.kind is OutputKind.FORWARD]
    assert [(each.partner, each.code, each.receiver, each.invoices) for each in forwards] == [
        ("sei001", "FSO1100A", "FLX001", ((0, 0),)),
        ("sei002", "FSO1100A", "FLX001", ((1, 0),)),
    ]


PIVOT_FLOW = replace(FLOW, name="FEN0036A_SEI001_CPP0020036000000000000004")


def test_a_pivot_is_forwarded_under_the_application_code_of_its_recipient() -> None:
    outputs = plan(judged(0), judged(1, invoice=TO_OTHER), flow=PIVOT_FLOW)
    forwards = [each for each in outputs if each.kind is OutputKind.FORWARD]
    assert [(each.partner, each.code, each.receiver) for each in forwards] == [
        ("sei001", "FEN0036A", "SEI001"),
        ("sei002", "FEN0036A", "SEI002"),
    ]


def test_a_pivot_is_answered_under_the_code_of_its_own_report() -> None:
    assert plan(judged(0), flow=PIVOT_FLOW)[0].code == "FSO1300A"


def test_an_invoice_without_route_is_held_and_says_why() -> None:
    forward = plan(judged(0, invoice=TO_NOBODY))[-1]
    assert (forward.partner, forward.held_reason) == (None, "no_route")


def forwards(*judgments: Judgment) -> list[tuple[str | None, str | None, tuple[InvoiceId, ...]]]:
    """Of each forward its partner, why it is held, and what it carries."""
    return [
        (each.partner, each.held_reason, each.invoices) for each in plan(*judgments) if each.kind is OutputKind.FORWARD
    ]


@pytest.mark.parametrize("cadre", ["A4", "A7", "A9", "A10", "A12", "A13", "A14", "A22", "S3", "S6"])
def test_a_frame_with_a_validator_is_held_for_him_though_its_recipient_is_known(cadre: str) -> None:
    assert forwards(judged(0, invoice=summary(cadre=cadre))) == [("sei001", "validator", ((0, 0),))]


@pytest.mark.parametrize("cadre", ["A1", "A2", "A5", "A8", "A21", "B1", "S1", "S2", "S5", "M1", ""])
def test_a_frame_without_a_validator_goes(cadre: str) -> None:
    assert forwards(judged(0, invoice=summary(cadre=cadre))) == [("sei001", None, ((0, 0),))]


def test_a_held_invoice_holds_no_other() -> None:
    validated = summary(cadre="A9")
    assert forwards(judged(0), judged(1, invoice=validated), judged(2), judged(3, invoice=validated)) == [
        ("sei001", None, ((0, 0), (2, 0))),
        ("sei001", "validator", ((1, 0),)),
        ("sei001", "validator", ((3, 0),)),
    ]


def test_invoices_without_route_wait_with_those_of_their_own_recipient() -> None:
    to_another = summary("F2026-0203", buyer=replace(BUYER, identifier="24130001500019"))
    held = forwards(judged(0, invoice=TO_NOBODY), judged(1, invoice=to_another), judged(2, invoice=TO_NOBODY))
    assert held == [(None, "no_route", ((0, 0), (2, 0))), (None, "no_route", ((1, 0),))]


def test_a_validator_comes_before_the_route() -> None:
    assert forwards(judged(0, invoice=replace(TO_NOBODY, cadre="A9"))) == [(None, "validator", ((0, 0),))]


def test_the_alerts_of_a_held_forward_wait_with_it() -> None:
    outputs = plan(judged(0, RIB_KEY, invoice=summary(cadre="A9")))
    assert [(each.kind, each.held_reason, each.beside) for each in outputs[-2:]] == [
        (OutputKind.FORWARD, "validator", None),
        (OutputKind.ALERTS, "validator", 3),
    ]


@pytest.mark.parametrize(
    ("invoice", "partner", "held_reason"),
    [
        (summary(cadre="A9"), "sei001", None),  # the validator has spoken
        (TO_OTHER, "sei002", None),  # there is a route now
        (TO_NOBODY, None, "no_route"),
        (replace(TO_NOBODY, cadre="A9"), None, "no_route"),
    ],
)
def test_what_is_let_go_is_planned_with_the_route_that_there_is_now(
    invoice: InvoiceSummary, partner: str | None, held_reason: str | None
) -> None:
    case = settled(judged(0), judged(1, RIB_KEY, invoice=invoice))
    forward, alerts = plan_release(case, [(1, 0)], ROUTES, GATEWAY)
    assert (forward.partner, forward.held_reason, forward.code) == (partner, held_reason, "FSO1100A")
    assert (alerts.partner, alerts.held_reason, alerts.beside) == (partner, held_reason, 0)


def test_invoices_of_two_recipients_that_were_held_together_go_nowhere_together() -> None:
    case = settled(judged(0), judged(1, invoice=TO_OTHER))
    (forward,) = plan_release(case, [(0, 0), (1, 0)], ROUTES, GATEWAY)
    assert (forward.partner, forward.held_reason) == (None, "no_route")


def test_a_warning_for_the_recipient_goes_beside_its_forward() -> None:
    outputs = plan(judged(0, invoice=TO_OTHER), judged(1, RIB_KEY))
    alerts = outputs[-1]
    assert (alerts.kind, alerts.partner, alerts.folder) == (OutputKind.ALERTS, "sei001", "rapports")
    assert alerts.beside is not None
    assert outputs[alerts.beside].partner == "sei001"


def test_a_free_named_invoice_is_forwarded_under_the_code_of_its_syntax() -> None:
    outputs = plan(judged(0), partner=replace(SENDER, naming=Naming.FREE), flow=replace(FLOW, name="mars.xml"))
    assert outputs[-1].code == "FSO1100A"


def test_a_partner_without_interface_is_answered_under_our_own_names() -> None:
    case = settled(flow=replace(FLOW, name="statuts.xml"))
    report = plan_outputs(case, case.outcomes, ENTITY, ROUTES, GATEWAY)[0]
    assert (report.partner, report.name) == ("sei001", "CR_000231_statuts.xml.xml")
