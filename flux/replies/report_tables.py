"""The tables of the readable report: invoices on one line each, and what was checked."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flux.model.finding import Audience
from flux.model.interface import VALIDATED_CADRES
from flux.model.partner import Language
from flux.model.term import Term
from flux.model.verdict import InvoiceSummary, Judgment, Layer, LayerStatus
from flux.replies.context import ReplyContext
from flux.replies.phrases import name_layer, name_reason, name_wait, typeset, write_date, write_number

# A page beyond this serves nobody: the file of statuses has every accepted invoice.
LISTED_ROWS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRow:
    """One invoice in a compact list; `note` says what an accepted one waits for, empty where it goes on."""

    number: str
    date: str
    supplier: str
    recipient: str
    amount: str
    member: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """One schema or rule set over the whole flow: how many documents passed, failed, or were not put to it, and why."""

    layer: str
    ruleset: str
    passed: int
    failed: int
    not_run: int
    reasons: str


def view_rows(judgments: Sequence[Judgment], language: Language) -> tuple[InvoiceRow, ...]:
    """The first good invoices, one line each."""
    return tuple(view_row(judgment, language) for judgment in judgments[:LISTED_ROWS])


def view_accepted(judgments: Sequence[Judgment], language: Language) -> tuple[InvoiceRow, ...]:
    """The same for accepted ones: those of a frame that is validated first wait for the validator."""
    rows = view_rows(judgments, language)
    waits = typeset(name_wait(language), language)
    return tuple(
        replace(row, note=waits) if judgment.summary is not None and judgment.summary.cadre in VALIDATED_CADRES else row
        for row, judgment in zip(rows, judgments, strict=False)
    )


def view_row(judgment: Judgment, language: Language) -> InvoiceRow:
    """One invoice; only its file where none could be read."""
    member = judgment.member or ""
    summary = judgment.summary
    if summary is None:
        return InvoiceRow(number="", date="", supplier="", recipient="", amount="", member=member)
    return InvoiceRow(
        number=summary.number,
        date=write_date(summary.issue_date, language) if summary.issue_date else summary.issue_date_text,
        supplier=summary.supplier.name or summary.supplier.identifier,
        recipient=summary.buyer.name or summary.buyer.identifier,
        amount=_write_amount(summary, language),
        member=member,
    )


def _write_amount(summary: InvoiceSummary, language: Language) -> str:
    amount = Term(summary.total_due).decimal
    shown = summary.total_due if amount is None else write_number(amount, language)
    return f"{shown}\u00a0{summary.currency}" if shown else ""


def view_checks(context: ReplyContext) -> tuple[CheckView, ...]:
    """Every schema and rule set that was to be applied, in the order of the layers.

    One that refused an invoice for what the sender must not learn is left out for that invoice.
    """
    language = context.partner.language
    groups: defaultdict[tuple[str, str, str], Counter[Layer]] = defaultdict(Counter)
    for layers, secret, count in _alike(context.case.judgments):
        for layer in layers:
            if layer.ruleset not in secret:
                groups[layer.name.value, layer.ruleset, layer.version][layer] += count
    return tuple(_view_check(layers, language) for layers in groups.values())


def _alike(judgments: Sequence[Judgment]) -> Iterator[tuple[tuple[Layer, ...], frozenset[str], int]]:
    """Layers, the rule sets that are secret among them, and of how many invoices: most come with one tuple of layers."""
    layers_of = {id(judgment.layers): judgment.layers for judgment in judgments}
    counts = Counter((id(judgment.layers), _secret_rulesets(judgment)) for judgment in judgments)
    return ((layers_of[key], secret, count) for (key, secret), count in counts.items())


def _secret_rulesets(judgment: Judgment) -> frozenset[str]:
    """Those that refused this invoice, and not one of their reasons may be told."""
    if not judgment.findings:
        return frozenset()
    refusing = [finding for finding in judgment.findings if finding.is_fatal]
    told = frozenset(finding.ruleset for finding in refusing if finding.is_for(Audience.SENDER))
    return frozenset(finding.ruleset for finding in refusing) - told


def _view_check(layers: Counter[Layer], language: Language) -> CheckView:
    first = next(iter(layers))
    statuses: Counter[LayerStatus] = Counter()
    for layer, count in layers.items():
        statuses[layer.status] += count
    reasons = {layer.reason: None for layer in layers if layer.reason is not None}
    return CheckView(
        layer=name_layer(first.name, language),
        ruleset=f"{first.ruleset} {first.version}".strip(),
        passed=statuses[LayerStatus.PASSED],
        failed=statuses[LayerStatus.FAILED],
        not_run=statuses[LayerStatus.NOT_RUN],
        reasons=typeset(" ; ".join(name_reason(reason, language) for reason in reasons), language),
    )
