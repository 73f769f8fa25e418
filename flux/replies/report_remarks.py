"""The remarks of the readable report: what the sender should look at though nothing was refused for it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flux.model.finding import Audience, Finding, Severity
from flux.model.partner import Language
from flux.replies.context import ReplyContext
from flux.replies.faults import number_of, who_acts
from flux.replies.phrases import name_severity
from flux.replies.report_faults import FaultView, view_finding
from flux.replies.texts import presentable

LISTED_REMARKS = 50
# Numbers of invoices quoted beside a remark that many share.
LISTED_NUMBERS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkView:
    """A warning or an information that several invoices may share; `more` invoices are not quoted."""

    severity: str
    fault: FaultView
    numbers: tuple[str, ...]
    more: int


def view_remarks(context: ReplyContext) -> tuple[RemarkView, ...]:
    """The remarks on the flow and on its invoices; invoices with the same one share it."""
    groups: defaultdict[tuple[str, str | None, str | None], list[tuple[str, Finding]]] = defaultdict(list)
    for subject, finding in _remarks(context):
        groups[finding.code, finding.term, finding.found].append((subject, finding))
    return tuple(_view_remark(group, context.partner.language) for group in groups.values())


def _view_remark(group: Sequence[tuple[str, Finding]], language: Language) -> RemarkView:
    """The remark of one invoice, or of several: then without the place, which is another in each."""
    finding = presentable(group[0][1])
    shown = finding if len(group) == 1 else replace(finding, line=None, xpath=None)
    return RemarkView(
        severity=name_severity(finding.severity, language),
        fault=view_finding(shown, who_acts(finding), language),
        numbers=tuple(subject for subject, _ in group[:LISTED_NUMBERS] if subject),
        more=max(0, len(group) - LISTED_NUMBERS),
    )


def _remarks(context: ReplyContext) -> Iterator[tuple[str, Finding]]:
    for finding in context.case.findings:
        if _is_remark(finding):
            yield "", finding
    for judgment in context.case.judgments:
        for finding in judgment.findings:
            if _is_remark(finding):
                yield number_of(judgment) or judgment.member or "", finding


def _is_remark(finding: Finding) -> bool:
    return finding.severity in (Severity.WARNING, Severity.INFO) and finding.is_for(Audience.SENDER)
