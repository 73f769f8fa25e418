"""The faults of the readable report: why each invoice was rejected, and the same faults counted by cause."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from flux.model.business_terms import name_term
from flux.model.causes import Cause, cause_of
from flux.model.codes import Who
from flux.model.excerpt import Excerpt, Spot, spot_of
from flux.model.finding import Finding
from flux.model.partner import Language
from flux.model.settlement import Outcome
from flux.model.verdict import Judgment
from flux.model.words import describe
from flux.replies.context import ReplyContext
from flux.replies.faults import Fault, faults_of_flow, faults_of_invoice, number_of
from flux.replies.phrases import name_who, typeset
from flux.replies.report_tables import InvoiceRow, view_row

# A page beyond this serves nobody: the list to send again has every line.
LISTED_REJECTED = 1_000
LISTED_FAULTS = 50
# Numbers of invoices quoted beside a cause that many share.
LISTED_NUMBERS = 5
# The first rejected invoices show their lines, for so many causes each: those that follow are rarely of another kind.
EXCERPTED_INVOICES = 50
EXCERPTED_CAUSES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceView:
    """Where a cause occurs, what was found there and what was expected. What is not known is empty."""

    line: str
    xpath: str
    found: str | None
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultView:
    """One fault as shown; what is not known is empty. `found` None where nothing was quoted.

    A fault of several places has them in `places`, and `more` others that are not shown. `like` names an invoice above that
    has the same one: there the words are.
    """

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
    count: int = 1
    places: tuple[PlaceView, ...] = ()
    more: int = 0
    excerpt: Excerpt | None = None
    like: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedView:
    """A rejected invoice and why; `more` faults are in the list to send again only."""

    invoice: InvoiceRow
    faults: tuple[FaultView, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseView:
    """One cause over the whole flow, with the numbers of the first invoices that have it; `more` are not quoted."""

    title: str
    field: str
    code: str
    who: str
    fix: str
    invoices: int
    occurrences: int
    numbers: tuple[str, ...]
    more: int


def view_flow_faults(context: ReplyContext) -> tuple[FaultView, ...]:
    """The faults of the flow itself."""
    return tuple(_view_fault(fault, context.partner.language) for fault in faults_of_flow(context))


def view_rejected(context: ReplyContext, rejected: Sequence[Judgment]) -> tuple[RejectedView, ...]:
    """The first rejected invoices, each with its faults; what an invoice above has too is told in short."""
    told: dict[Cause, str] = {}
    return tuple(_view_rejected(context, judgment, told) for judgment in rejected[:LISTED_REJECTED])


def _view_rejected(context: ReplyContext, judgment: Judgment, told: dict[Cause, str]) -> RejectedView:
    language = context.partner.language
    faults = tuple(faults_of_invoice(context, judgment))
    name = number_of(judgment) or judgment.member or ""
    shown = [
        replace(
            _view_fault(fault, language),
            excerpt=_excerpt_of(context, judgment, fault),
            like=told.setdefault(cause_of(fault.finding), name),
        )
        for fault in faults[:LISTED_FAULTS]
    ]
    return RejectedView(
        invoice=view_row(judgment, language),
        faults=tuple(replace(view, like="") if view.like == name else view for view in shown),
        more=max(0, len(faults) - LISTED_FAULTS),
    )


def _excerpt_of(context: ReplyContext, judgment: Judgment, fault: Fault) -> Excerpt | None:
    spot = spot_of(fault.finding)
    return context.excerpts.get((judgment.ordinal, spot)) if spot is not None else None


def spots_to_show(context: ReplyContext) -> Iterator[tuple[int, Spot]]:
    """The spots of which the page shows the lines, by ordinal of the member: of what it tells in full, the first place."""
    told: set[Cause] = set()
    for judgment in context.judgments_with(Outcome.REJECTED)[:EXCERPTED_INVOICES]:
        for fault in islice(faults_of_invoice(context, judgment), EXCERPTED_CAUSES):
            cause, spot = cause_of(fault.finding), spot_of(fault.finding)
            if spot is not None and cause not in told:
                yield judgment.ordinal, spot
            told.add(cause)


def _view_fault(fault: Fault, language: Language) -> FaultView:
    view = view_finding(fault.finding, fault.who, language)
    if fault.count == 1:
        return view
    places = tuple(view_place(finding, language) for finding in fault.places)
    return replace(view, count=fault.count, places=places, more=fault.count - len(places))


def view_place(finding: Finding, language: Language) -> PlaceView:
    """Where a presentable finding stands."""
    return PlaceView(
        line=str(finding.line) if finding.line is not None else "",
        xpath=finding.xpath or "",
        found=finding.found,
        expected=typeset(describe(finding, language).expected, language),
    )


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
    invoices: Counter[Cause] = Counter()
    occurrences: Counter[Cause] = Counter()
    samples: dict[Cause, Fault] = {}
    numbers: dict[Cause, list[str]] = {}
    for judgment in rejected:
        for fault in faults_of_invoice(context, judgment):
            cause = cause_of(fault.finding)
            invoices[cause] += 1
            occurrences[cause] += fault.count
            samples.setdefault(cause, fault)
            quoted = numbers.setdefault(cause, [])
            if len(quoted) < LISTED_NUMBERS:
                quoted.append(number_of(judgment) or judgment.member or "")
    return tuple(
        replace(
            _view_cause(samples[cause], context.partner.language),
            invoices=count,
            occurrences=occurrences[cause],
            numbers=tuple(filter(None, numbers[cause])),
            more=count - len(numbers[cause]),
        )
        for cause, count in invoices.most_common()
    )


def _view_cause(fault: Fault, language: Language) -> CauseView:
    view = _view_fault(fault, language)
    return CauseView(
        title=view.title,
        field=view.field,
        code=view.code,
        who=view.who,
        fix=view.fix,
        invoices=1,
        occurrences=1,
        numbers=(),
        more=0,
    )
