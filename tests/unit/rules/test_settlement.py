"""What one bad invoice does to its flow, and who sent this one before."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flux.model.finding import Audience, LayerName, Severity
from flux.model.partner import IrrecevableMember, Partner, RejectedInvoice
from flux.model.settlement import (
    AccountUse,
    FirstUse,
    FlowCase,
    FlowStatus,
    InvoiceKey,
    Outcome,
    PastUse,
    Settlement,
)
from flux.model.verdict import Judgment, Verdict
from flux.rules.settlement import accounts_of, apply_settlement, decide, keys_of
from tests.unit.replies.cases import FLOW, SENDER, fatal, judged, summary

GOOD = judged(0)
ALSO_GOOD = judged(1)
BAD = judged(2, fatal("SIRET_CHECKSUM"))
IRRECEVABLE = judged(3, fatal("XSD_INVALID", layer=LayerName.SCHEMA))
UNJUDGED = replace(judged(4), verdict=Verdict.NOT_JUDGED)
STRICT_ON_REJECTS = replace(SENDER, rejected_invoice=RejectedInvoice.REFUSE_FLOW)
ISOLATING = replace(SENDER, irrecevable_member=IrrecevableMember.ISOLATE)


def case(*judgments: Judgment) -> FlowCase:
    return FlowCase(flow=FLOW, findings=(), judgments=judgments)


def first_use(**changes: object) -> FirstUse:
    first = FirstUse(
        flow_number=12,
        flow_name="FSO1100A_FRN001_FRN0011100000000000000007",
        partner="frn001",
        received_at=datetime(2026, 11, 20, 8, 0, tzinfo=UTC),
        member="facture.xml",
        sha256=GOOD.sha256,
        state="accepted",
    )
    return replace(first, **changes)  # type: ignore[arg-type]  # the fields of a FirstUse, by name


@pytest.mark.parametrize(
    ("judgments", "partner", "status", "outcomes"),
    [
        # all good
        ((GOOD, ALSO_GOOD), SENDER, FlowStatus.RECEIVED, "accepted accepted"),
        # partial integration is the default
        ((GOOD, BAD), SENDER, FlowStatus.PARTIAL, "accepted rejected"),
        # unless the partner wants all or nothing: the good one is told to be sent again
        ((GOOD, BAD), STRICT_ON_REJECTS, FlowStatus.REFUSED, "not_taken rejected"),
        # none left
        ((BAD,), SENDER, FlowStatus.REFUSED, "rejected"),
        # a technical fault takes the lot with it
        ((GOOD, IRRECEVABLE), SENDER, FlowStatus.REFUSED, "not_taken rejected"),
        # unless members are isolated
        ((GOOD, IRRECEVABLE), ISOLATING, FlowStatus.PARTIAL, "accepted rejected"),
        # a flow of no invoice
        ((), SENDER, FlowStatus.REFUSED, ""),
        # a failure of ours refuses nothing and accepts nothing
        ((GOOD, UNJUDGED), SENDER, None, "accepted not_judged"),
        ((BAD, UNJUDGED), STRICT_ON_REJECTS, None, "rejected not_judged"),
    ],
)
def test_the_outcome_of_a_flow(
    judgments: tuple[Judgment, ...], partner: Partner, status: FlowStatus | None, outcomes: str
) -> None:
    decision = decide(case(*judgments), {}, partner)
    assert decision.status is status
    assert [each.outcome.value for each in decision.outcomes] == outcomes.split()


def test_a_fault_of_the_flow_itself_refuses_it() -> None:
    flow_fault = replace(case(), findings=(fatal("ARCHIVE_DAMAGED"),))
    assert decide(flow_fault, {}, SENDER).status is FlowStatus.REFUSED


def test_accepted_invoices_claim_supplier_number_and_year() -> None:
    assert keys_of(case(GOOD, BAD)) == {(0, 0): InvoiceKey("732829320", "F2026-0117", 2026)}


def test_only_accepted_invoices_of_a_flow_that_stands_keep_their_key() -> None:
    assert decide(case(GOOD, BAD), {}, SENDER).occupied == {(0, 0)}
    assert decide(case(GOOD, BAD), {}, STRICT_ON_REJECTS).occupied == frozenset()


def test_the_same_content_again_names_the_first_flow() -> None:
    outcome = decide(case(GOOD), {(0, 0): first_use()}, SENDER).outcomes[0]
    assert (outcome.outcome, outcome.findings[0].code) == (Outcome.REJECTED, "DUPLICATE_SAME")
    assert dict(outcome.findings[0].facts)["first_flow"] == "FSO1100A_FRN001_FRN0011100000000000000007"


def test_the_same_number_with_other_content_asks_for_a_new_number() -> None:
    outcome = decide(case(GOOD), {(0, 0): first_use(sha256="0" * 64)}, SENDER).outcomes[0]
    assert outcome.findings[0].code == "DUPLICATE_NUMBER"


def test_what_another_partner_sent_is_not_told() -> None:
    outcome = decide(case(GOOD), {(0, 0): first_use(partner="other")}, SENDER).outcomes[0]
    assert (outcome.findings[0].code, outcome.findings[0].facts) == ("DUPLICATE_PARTNER", ())
    assert outcome.findings[0].detail is None


PAID = replace(judged(0), summary=summary(accounts=("new",)))
KNOWN_USE = PastUse(
    use=AccountUse("732829320", "main"),
    first_used_at=datetime(2020, 1, 1, tzinfo=UTC),
    last_used_at=datetime(2026, 10, 1, tzinfo=UTC),
    uses=40,
)


def test_accepted_invoices_tell_the_accounts_that_they_ask_to_be_paid_on() -> None:
    bad = replace(BAD, summary=summary(accounts=("other",)))
    assert accounts_of(case(PAID, ALSO_GOOD, bad)) == {(0, 0): (AccountUse("732829320", "new"),)}


def test_a_changed_account_warns_recipient_and_operators_and_accepts() -> None:
    (outcome,) = decide(case(PAID), {}, SENDER, (KNOWN_USE,)).outcomes
    (finding,) = outcome.findings
    assert (outcome.outcome, finding.code, finding.severity) == (Outcome.ACCEPTED, "ACCOUNT_CHANGED", Severity.WARNING)
    assert finding.audience == (Audience.RECIPIENT, Audience.OPERATORS)


def test_a_warning_of_the_settlement_leaves_the_verdict() -> None:
    subject = case(PAID)
    decision = decide(subject, {}, SENDER, (KNOWN_USE,))
    settlement = Settlement(
        verdict=decision.verdict,
        status=decision.status,
        outcomes=decision.outcomes,
        occupied=decision.occupied,
        outputs=(),
    )
    (judgment,) = apply_settlement(subject, settlement).judgments
    assert (judgment.verdict, [each.code for each in judgment.findings]) == (Verdict.ACCEPTED, ["ACCOUNT_CHANGED"])


@pytest.mark.parametrize(
    ("severity", "outcome", "codes"),
    [
        (Severity.FATAL, Outcome.REJECTED, ["ACCOUNT_CHANGED"]),
        (Severity.INFO, Outcome.ACCEPTED, ["ACCOUNT_CHANGED"]),
        (Severity.OFF, Outcome.ACCEPTED, []),
    ],
)
def test_the_configuration_weighs_a_change(severity: Severity, outcome: Outcome, codes: list[str]) -> None:
    (found,) = decide(case(PAID), {}, SENDER, (KNOWN_USE,), lambda *_: severity).outcomes
    assert (found.outcome, [each.code for each in found.findings]) == (outcome, codes)


def test_of_a_duplicate_no_account_is_told() -> None:
    (outcome,) = decide(case(PAID), {(0, 0): first_use()}, SENDER, (KNOWN_USE,)).outcomes
    assert [each.code for each in outcome.findings] == ["DUPLICATE_SAME"]
