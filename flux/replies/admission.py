"""What a fault of bytes or schema takes with it: the whole flow, or one member of it.

Sources: Chorus Pro specification §3.2.1.4, XP Z12-014 §4.2: the level of the fault decides, not its gravity.
"""

from collections.abc import Iterator, Mapping

from flux.model.partner import IrrecevableMember, Partner
from flux.model.settlement import FlowCase, InvoiceId, Outcome
from flux.model.verdict import Judgment

_SAID = (Outcome.ACCEPTED, Outcome.REJECTED)


def is_irrecevable(case: FlowCase, partner: Partner) -> bool:
    """True where nothing of the flow was looked at as invoices: 501, not 500."""
    if any(finding.is_fatal for finding in case.findings) or not case.judgments:
        return True
    technical = [judgment.is_irrecevable for judgment in case.judgments]
    return all(technical) if partner.irrecevable_member is IrrecevableMember.ISOLATE else any(technical)


def isolated_members(case: FlowCase, partner: Partner) -> tuple[tuple[Judgment, ...], ...]:
    """The irrecevable members of a flow that goes on without them, each with all its judgments, in the order of the archive."""
    if is_irrecevable(case, partner):
        return ()
    members: dict[int, list[Judgment]] = {}
    for judgment in case.judgments:
        if judgment.is_irrecevable:
            members.setdefault(judgment.ordinal, []).append(judgment)
    return tuple(tuple(judgments) for judgments in members.values())


def stated_invoices(
    case: FlowCase, outcomes: Mapping[InvoiceId, Outcome], partner: Partner
) -> tuple[tuple[Judgment, Outcome], ...]:
    """The invoices that have a status of their own, accepted or rejected, in the order of the archive.

    None of an irrecevable flow, for it never entered; not one that fell with its flow, for nothing is wrong with it.
    """
    return () if is_irrecevable(case, partner) else tuple(_stated(case, outcomes))


def _stated(case: FlowCase, outcomes: Mapping[InvoiceId, Outcome]) -> Iterator[tuple[Judgment, Outcome]]:
    for judgment in case.judgments:
        outcome = outcomes[judgment.ordinal, judgment.unit]
        if outcome in _SAID and not judgment.is_irrecevable:
            yield judgment, outcome
