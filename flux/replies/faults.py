"""What the sender is told: each fault of the flow and of its invoices, once, in the order of the archive.

Every document for the sender reads from here, so that what he must not learn is left out in one place: findings whose
audience is not his (the supplier's sheet, other users of an account, other partners) never become a fault.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from flux.model.causes import group_by_cause
from flux.model.codes import CODES, Who
from flux.model.finding import Audience, Finding, LayerName, Severity
from flux.model.partner import Language
from flux.model.settlement import Outcome
from flux.model.verdict import Judgment
from flux.model.words import Description, describe
from flux.replies.context import ReplyContext
from flux.replies.texts import presentable


class Nature(Enum):
    """What kind of refusal a fault is; the value is written as NatureErreur."""

    IRRECEVABILITE = "IRRECEVABILITE"  # of bytes, names, archives or schema: the flow's level
    REJET = "REJET"  # of one invoice, by the rules of the field
    INCIDENT = "INCIDENT"  # nothing wrong with the invoice, yet it was not taken


# A good invoice that fell with its flow.
_FELL = "INVOICE_NOT_TAKEN"
# Of a cause that occurs a hundred times, where it does is told for as many.
TOLD_PLACES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that the sender must act on. `judgment` is None for a fault of the flow itself; accounts are masked.

    A cause that occurs several times in an invoice is one fault: `finding` is its first, `others` some that follow, `count`
    says how many there are in all.
    """

    nature: Nature
    finding: Finding
    judgment: Judgment | None = None
    others: tuple[Finding, ...] = ()
    count: int = 1

    @property
    def number(self) -> str:
        """The number of the invoice, empty where there is none."""
        return number_of(self.judgment) if self.judgment is not None else ""

    @property
    def who(self) -> Who:
        """Who must act."""
        return who_acts(self.finding)

    @property
    def places(self) -> tuple[Finding, ...]:
        """The first findings of the cause, TOLD_PLACES at most."""
        return (self.finding, *self.others)

    @property
    def lines(self) -> tuple[int, ...]:
        """The lines of the first places, each once."""
        return tuple(dict.fromkeys(each.line for each in self.places if each.line is not None))

    def describe(self, language: Language) -> Description:
        """Its words in one language."""
        return describe(self.finding, language)


def who_acts(finding: Finding) -> Who:
    """Who must act on a finding; billing for an official rule that the table of codes does not hold."""
    row = CODES.get(finding.code)
    return row.who if row is not None else Who.BILLING


def number_of(judgment: Judgment) -> str:
    """BT-1 of a judged invoice, empty where no invoice could be read."""
    return judgment.summary.number if judgment.summary is not None else ""


def faults_of(context: ReplyContext) -> Iterator[Fault]:
    """Every fault that the sender may know by cause, those of the flow first; at least one for whatever is refused."""
    yield from faults_of_flow(context)
    for judgment in context.case.judgments:
        yield from faults_of_invoice(context, judgment)


def faults_of_flow(context: ReplyContext) -> Iterator[Fault]:
    """The faults of the flow itself."""
    case = context.case
    told = [finding for finding in case.findings if is_told(finding)]
    if not told and any(finding.is_fatal for finding in case.findings):
        told = [_bare("FLOW_REFUSED")]
    yield from (_fault(Nature.IRRECEVABILITE, finding, None) for finding in told)


def faults_of_invoice(context: ReplyContext, judgment: Judgment) -> Iterator[Fault]:
    """The faults of one invoice by cause: why it was rejected, or that it fell with its flow."""
    for group in group_by_cause(_told_of(context, judgment)):
        fault = _fault(_nature_of(group[0]), group[0], judgment)
        if len(group) == 1:
            yield fault
        else:
            others = tuple(presentable(finding) for finding in group[1:TOLD_PLACES])
            yield replace(fault, others=others, count=len(group))


def single_faults_of(context: ReplyContext) -> Iterator[Fault]:
    """The same as `faults_of`, each occurrence of a cause by itself."""
    yield from faults_of_flow(context)
    for judgment in context.case.judgments:
        for finding in _told_of(context, judgment):
            yield _fault(_nature_of(finding), finding, judgment)


def _told_of(context: ReplyContext, judgment: Judgment) -> list[Finding]:
    """What refuses an invoice and its sender may know, a bare statement of its outcome where that is nothing."""
    match context.outcome_of(judgment):
        case Outcome.NOT_TAKEN:
            return [_bare(_FELL)]
        case Outcome.REJECTED:
            return [finding for finding in judgment.findings if is_told(finding)] or [_bare("INVOICE_REFUSED")]
    return []


def _nature_of(finding: Finding) -> Nature:
    if finding.code == _FELL:
        return Nature.INCIDENT
    return Nature.IRRECEVABILITE if finding.is_technical else Nature.REJET


def remarks_of_invoice(judgment: Judgment) -> Iterator[Finding]:
    """The warnings on an invoice that its sender may read in a message; those of rule sets are for people only.

    Accounts are masked.
    """
    for finding in judgment.findings:
        is_of_rules = finding.layer is LayerName.RULES
        if finding.severity is Severity.WARNING and finding.is_for(Audience.SENDER) and not is_of_rules:
            yield presentable(finding)


def fault_of_nothing() -> Fault:
    """The fault of a flow in which nothing is wrong and no invoice is found."""
    return _fault(Nature.IRRECEVABILITE, _bare("FLOW_EMPTY"), None)


def is_told(finding: Finding) -> bool:
    """True where the finding refuses and the sender may know."""
    return finding.is_fatal and finding.is_for(Audience.SENDER)


def _fault(nature: Nature, finding: Finding, judgment: Judgment | None) -> Fault:
    return Fault(nature=nature, finding=presentable(finding), judgment=judgment)


def _bare(code: str) -> Finding:
    """A finding that states an outcome and no more."""
    return Finding(
        code=code, severity=Severity.FATAL, layer=LayerName.INTAKE, ruleset="flux", audience=(Audience.SENDER,)
    )
