"""From the judgments of a flow to its outcome: what one bad invoice does to the others, and what the ledger knows of each.

That is who sent an invoice before, and how the account to be paid on was used. Sources: Chorus Pro specification §3.2.1.4 (the
level of the fault decides), BR-FR-CO-02 (uniqueness); partial integration is status 96.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from flux.model.codes import CODES, severity_of
from flux.model.finding import Finding, Observation, Severity
from flux.model.interface import Family
from flux.model.paris import in_paris
from flux.model.partner import Environment, IrrecevableMember, Partner, RejectedInvoice
from flux.model.settlement import (
    AccountUse,
    FirstUse,
    FirstUses,
    FlowCase,
    FlowStatus,
    InvoiceId,
    InvoiceKey,
    InvoiceOutcome,
    Outcome,
    PastUses,
    Settlement,
)
from flux.model.verdict import Judgment, PartySummary, Verdict
from flux.rules import account_history, resubmission
from flux.rules.account_history import AccountHistory
from flux.rules.summary import invoice_key, supplier_key

RULESET = "duplicates"

# The weight of a code in a family, as the configuration leaves it.
Weigh = Callable[[str, Family], Severity]


def _weigh_by_table(code: str, family: Family) -> Severity:
    """The weight of the table of codes itself."""
    return severity_of(code, family, Environment.PRODUCTION, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of a flow: `occupied` are the invoices that keep their key."""

    verdict: Verdict
    status: FlowStatus | None
    outcomes: tuple[InvoiceOutcome, ...]
    occupied: frozenset[InvoiceId]


def keys_of(case: FlowCase) -> dict[InvoiceId, InvoiceKey]:
    """The keys that the accepted invoices of a flow claim, in the order of the archive."""
    claimed = ((judgment, _key_of(judgment)) for judgment in case.judgments)
    return {identify(judgment): key for judgment, key in claimed if key is not None}


def accounts_of(case: FlowCase) -> dict[InvoiceId, tuple[AccountUse, ...]]:
    """The accounts that the accepted invoices of a flow ask to be paid on, where their hashes are kept."""
    uses_of = cache(_uses_of)  # the invoices of a flow have few suppliers
    asked: dict[InvoiceId, tuple[AccountUse, ...]] = {}
    for judgment in case.judgments:
        summary = judgment.summary
        if judgment.verdict is Verdict.ACCEPTED and summary is not None and summary.accounts:
            uses = uses_of(summary.supplier, summary.accounts)
            if uses:
                asked[identify(judgment)] = uses
    return asked


def _uses_of(supplier: PartySummary, accounts: tuple[str, ...]) -> tuple[AccountUse, ...]:
    key = supplier_key(supplier)
    return tuple(AccountUse(key, account) for account in accounts) if key else ()


def identify(judgment: Judgment) -> InvoiceId:
    """The place of an invoice in its flow."""
    return judgment.ordinal, judgment.unit


def _key_of(judgment: Judgment) -> InvoiceKey | None:
    if judgment.verdict is not Verdict.ACCEPTED or judgment.summary is None:
        return None
    if any(finding.code == resubmission.CODE for finding in judgment.findings):
        return None
    return invoice_key(judgment.summary)


def decide(
    case: FlowCase,
    first_uses: FirstUses,
    partner: Partner,
    past_uses: PastUses = (),
    weigh: Weigh = _weigh_by_table,
) -> Decision:
    """The outcome of a flow, once the ledger has said which of its invoices were sent before, and what was paid where."""
    accounts = _judge_accounts(case, past_uses, weigh)
    outcomes = tuple(
        _outcome_of(judgment, first_uses, case, accounts.get(identify(judgment), ())) for judgment in case.judgments
    )
    found = {outcome.outcome for outcome in outcomes}
    if Outcome.NOT_JUDGED in found:
        return Decision(verdict=Verdict.NOT_JUDGED, status=None, outcomes=outcomes, occupied=frozenset())
    if _falls_whole(case, outcomes, partner) or Outcome.ACCEPTED not in found:
        return _refuse(outcomes)
    accepted = frozenset(outcome.invoice for outcome in outcomes if outcome.outcome is Outcome.ACCEPTED)
    status = FlowStatus.PARTIAL if Outcome.REJECTED in found else FlowStatus.RECEIVED
    return Decision(verdict=Verdict.ACCEPTED, status=status, outcomes=outcomes, occupied=accepted)


def apply_settlement(case: FlowCase, settlement: Settlement) -> FlowCase:
    """The case as it stands after its settlement: outcomes, and judgments with the findings that it added."""
    changes = {each.invoice: each for each in settlement.outcomes}
    judgments = tuple(_amend(judgment, changes[identify(judgment)]) for judgment in case.judgments)
    outcomes = {each.invoice: each.outcome for each in settlement.outcomes}
    return replace(case, judgments=judgments, status=settlement.status, outcomes=outcomes)


def _amend(judgment: Judgment, change: InvoiceOutcome) -> Judgment:
    """The judgment with what the settlement found; only what is fatal turns its verdict."""
    if not change.findings:
        return judgment
    is_refused = any(finding.is_fatal for finding in change.findings)
    verdict = Verdict.REJECTED if is_refused else judgment.verdict
    return replace(judgment, verdict=verdict, findings=(*judgment.findings, *change.findings))


def _judge_accounts(case: FlowCase, past_uses: PastUses, weigh: Weigh) -> dict[InvoiceId, tuple[Finding, ...]]:
    """What the history of accounts says of each accepted invoice; what is switched off is dropped."""
    asked = accounts_of(case)
    if not asked:
        return {}
    together = set(asked.values())
    history = AccountHistory(past_uses, (use for uses in together for use in uses))
    seen = {uses: tuple(history.judge(uses)) for uses in together}
    return {
        identify(judgment): tuple(_weigh_account(observations, judgment.family, weigh))
        for judgment in case.judgments
        if (observations := seen.get(asked.get(identify(judgment), ())))
    }


def _weigh_account(observations: Iterable[Observation], family: Family, weigh: Weigh) -> Iterator[Finding]:
    for seen in observations:
        severity = weigh(seen.code, family)
        if severity is not Severity.OFF:
            row = CODES[seen.code]
            yield Finding(
                code=seen.code,
                severity=severity,
                layer=row.layer,
                ruleset=account_history.RULESET,
                audience=row.audience,
                term=seen.term,
                facts=seen.facts,
            )


def _outcome_of(
    judgment: Judgment, first_uses: FirstUses, case: FlowCase, accounts: tuple[Finding, ...]
) -> InvoiceOutcome:
    invoice = identify(judgment)
    if judgment.verdict is not Verdict.ACCEPTED:
        return InvoiceOutcome(invoice=invoice, outcome=Outcome(judgment.verdict.value))
    first = first_uses.get(invoice)
    if first is None:
        is_refused = any(finding.is_fatal for finding in accounts)
        outcome = Outcome.REJECTED if is_refused else Outcome.ACCEPTED
        return InvoiceOutcome(invoice=invoice, outcome=outcome, findings=accounts)
    return InvoiceOutcome(
        invoice=invoice, outcome=Outcome.REJECTED, findings=(_duplicate(judgment, first, case.flow.partner),)
    )


def _falls_whole(case: FlowCase, outcomes: tuple[InvoiceOutcome, ...], partner: Partner) -> bool:
    """True where a fault takes the whole flow with it, by its level or by the partner's settings."""
    if any(finding.is_fatal for finding in case.findings):
        return True
    if partner.irrecevable_member is IrrecevableMember.REFUSE_FLOW and any(
        judgment.is_irrecevable for judgment in case.judgments
    ):
        return True
    return partner.rejected_invoice is RejectedInvoice.REFUSE_FLOW and any(
        outcome.outcome is Outcome.REJECTED for outcome in outcomes
    )


def _refuse(outcomes: tuple[InvoiceOutcome, ...]) -> Decision:
    fallen = tuple(
        InvoiceOutcome(invoice=each.invoice, outcome=Outcome.NOT_TAKEN) if each.outcome is Outcome.ACCEPTED else each
        for each in outcomes
    )
    return Decision(verdict=Verdict.REJECTED, status=FlowStatus.REFUSED, outcomes=fallen, occupied=frozenset())


def _duplicate(judgment: Judgment, first: FirstUse, partner: str) -> Finding:
    """Names the first flow to its own sender only: to anybody else the answer stays neutral."""
    own = first.partner == partner
    code = "DUPLICATE_PARTNER"
    if own:
        code = "DUPLICATE_SAME" if first.sha256 == judgment.sha256 else "DUPLICATE_NUMBER"
    row = CODES[code]
    return Finding(
        code=code,
        severity=Severity.FATAL,
        layer=row.layer,
        ruleset=RULESET,
        audience=row.audience,
        term=row.term,
        found=judgment.summary.number if judgment.summary is not None else None,
        detail=first.flow_name if own else None,
        facts=tuple(_facts_of(first)) if own else (),
    )


def _facts_of(first: FirstUse) -> Iterator[tuple[str, str]]:
    yield "first_flow", first.flow_name
    yield "first_received", f"{in_paris(first.received_at):%Y-%m-%d %H:%M}"
    yield "first_state", first.state
