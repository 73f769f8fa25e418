"""Which files a settled flow owes, to whom."""

from dataclasses import replace

from flux.model.finding import Severity
from flux.model.flow import Flow
from flux.model.partner import Naming, Partner
from flux.model.settlement import OutputKind, PlannedOutput
from flux.model.verdict import Judgment
from flux.replies.plan import Routes, plan_outputs
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
