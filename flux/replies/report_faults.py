"""The faults of the readable report: why each invoice was rejected, and the same faults counted by cause."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flux.model.business_terms import name_term
from flux.model.codes import Who
from flux.model.finding import Finding
from flux.model.parties import name_party
from flux.model.partner import Language
from flux.model.verdict import Judgment
from flux.model.words import describe
from flux.replies.context import ReplyContext
from flux.replies.faults import Fault, faults_of_flow, faults_of_invoice
from flux.replies.phrases import name_who, typeset
from flux.replies.report_tables import InvoiceRow, view_row

# A page beyond this serves nobody: the list to send again has every line.
LISTED_REJECTED = 1_000
LISTED_FAULTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultView:
    """One fault as shown; what is not known is empty. `found` None where nothing was quoted."""

    title: str
    code: str
    message: str
    field: str
    line: str
    xpath: str
    found: str | None
    expected: str
    fix: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedView:
    """A rejected invoice and why; `more` faults are in the list to send again only."""

    invoice: InvoiceRow
    faults: tuple[FaultView, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseView:
    """One cause over the whole flow."""

    title: str
    code: str
    who: str
    invoices: int
    occurrences: int


class Cause(NamedTuple):
    """What makes two faults one cause: the code, and the party that its title names."""

    code: str
    party: str


def view_flow_faults(context: ReplyContext) -> tuple[FaultView, ...]:
    """The faults of the flow itself."""
    return tuple(_view_fault(fault, context.partner.language) for fault in faults_of_flow(context))


def view_rejected(context: ReplyContext, rejected: Sequence[Judgment]) -> tuple[RejectedView, ...]:
    """The first rejected invoices, each with its faults."""
    return tuple(_view_rejected(context, judgment) for judgment in rejected[:LISTED_REJECTED])


def _view_rejected(context: ReplyContext, judgment: Judgment) -> RejectedView:
    language = context.partner.language
    faults = tuple(faults_of_invoice(context, judgment))
    return RejectedView(
        invoice=view_row(judgment, language),
        faults=tuple(_view_fault(fault, language) for fault in faults[:LISTED_FAULTS]),
        more=max(0, len(faults) - LISTED_FAULTS),
    )


def _view_fault(fault: Fault, language: Language) -> FaultView:
    return view_finding(fault.finding, fault.who, language)


def view_finding(finding: Finding, who: Who, language: Language) -> FaultView:
    """A presentable finding in words."""
    words = describe(finding, language)
    return FaultView(
        title=typeset(words.title, language),
        code=finding.code,
        message=typeset(words.message, language),
        field=typeset(name_term(finding.term, language), language) if finding.term else "",
        line=str(finding.line) if finding.line is not None else "",
        xpath=finding.xpath or "",
        found=finding.found,
        expected=typeset(words.expected, language),
        fix=typeset(words.fix, language),
        who=typeset(name_who(who, language), language) if who is not Who.NOBODY else "",
    )


def view_causes(context: ReplyContext, rejected: Iterable[Judgment]) -> tuple[CauseView, ...]:
    """The faults of every rejected invoice counted by cause, the most frequent first."""
    language = context.partner.language
    invoices: Counter[Cause] = Counter()
    occurrences: Counter[Cause] = Counter()
    samples: dict[Cause, Fault] = {}
    for judgment in rejected:
        faults = list(faults_of_invoice(context, judgment))
        causes = [_cause_of(fault) for fault in faults]
        occurrences.update(causes)
        invoices.update(set(causes))
        samples.update(zip(causes, faults, strict=True))
    return tuple(
        CauseView(
            title=typeset(samples[cause].describe(language).title, language),
            code=cause.code,
            who=typeset(name_who(samples[cause].who, language), language),
            invoices=count,
            occurrences=occurrences[cause],
        )
        for cause, count in invoices.most_common()
    )


def _cause_of(fault: Fault) -> Cause:
    finding = fault.finding
    return Cause(finding.code, name_party(finding.term, Language.FR) if finding.term else "")
