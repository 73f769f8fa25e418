"""The remarks of the readable report: what the sender should look at though nothing was refused for it.

Official rules that only warn come in numbers: they follow what concerns parties and accounts, and are folded where they
would drown what refuses.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from flux.model.causes import Cause, cause_of
from flux.model.finding import Audience, Finding, LayerName, Severity
from flux.model.partner import Language
from flux.replies.context import ReplyContext
from flux.replies.faults import TOLD_PLACES, number_of, who_acts
from flux.replies.phrases import name_severity
from flux.replies.report_faults import FaultView, PlaceView, view_finding, view_place
from flux.replies.texts import presentable

LISTED_REMARKS = 50
# Numbers of invoices quoted beside a remark that many share.
LISTED_NUMBERS = 12
# So many can be read beside a page on which nothing is refused.
OPEN_REMARKS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkView:
    """A warning or an information that several invoices may share; `more` invoices are not quoted."""

    severity: str
    fault: FaultView
    numbers: tuple[str, ...]
    more: int


# Whose remark it is: the number of an invoice or the name of its file, empty for the flow's own.
_Remark = tuple[str, Finding]


def view_remarks(context: ReplyContext) -> tuple[RemarkView, ...]:
    """The remarks on the flow and on its invoices by cause; those of rules last."""
    groups: dict[Cause, list[_Remark]] = {}
    for remark in _remarks(context):
        groups.setdefault(cause_of(remark[1]), []).append(remark)
    ordered = sorted(groups.values(), key=lambda group: group[0][1].layer is LayerName.RULES)
    return tuple(_view_remark(group, context.partner.language) for group in ordered)


def _view_remark(group: Sequence[_Remark], language: Language) -> RemarkView:
    """The remark as it came up first; of several without the place, which is another in each."""
    finding = presentable(group[0][1])
    shown = finding if len(group) == 1 else replace(finding, line=None, xpath=None)
    subjects = tuple(dict.fromkeys(subject for subject, _ in group if subject))
    return RemarkView(
        severity=name_severity(finding.severity, language),
        fault=replace(
            view_finding(shown, who_acts(finding), language), count=len(group), places=_places(group, language)
        ),
        numbers=subjects[:LISTED_NUMBERS],
        more=max(0, len(subjects) - LISTED_NUMBERS),
    )


def _places(group: Sequence[_Remark], language: Language) -> tuple[PlaceView, ...]:
    """Some of the values, where it is not the same that is remarked everywhere."""
    values = {finding.found: finding for _, finding in group}
    if len(values) == 1:
        return ()
    some = (replace(presentable(each), line=None, xpath=None) for each in islice(values.values(), TOLD_PLACES))
    return tuple(view_place(finding, language) for finding in some)


def is_open(remarks: Sequence[RemarkView], *, is_refused: bool) -> bool:
    """True where the remarks are few and nothing above them is refused; else they are there for who unfolds them."""
    return not is_refused and len(remarks) <= OPEN_REMARKS


def _remarks(context: ReplyContext) -> Iterator[_Remark]:
    for finding in context.case.findings:
        if _is_remark(finding):
            yield "", finding
    for judgment in context.case.judgments:
        for finding in judgment.findings:
            if _is_remark(finding):
                yield number_of(judgment) or judgment.member or "", finding


def _is_remark(finding: Finding) -> bool:
    return finding.severity in (Severity.WARNING, Severity.INFO) and finding.is_for(Audience.SENDER)
