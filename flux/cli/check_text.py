"""What `flux check` says to a person: each cause once, with its count, the first places and the lines at fault."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from flux.app.checking import CheckedFile
from flux.cli.tables import console
from flux.model.causes import group_by_cause
from flux.model.excerpt import Excerpt, Excerpts, spot_of
from flux.model.finding import Finding, LayerName, Severity
from flux.model.partner import Language
from flux.model.printable import printable
from flux.model.verdict import Judgment, LayerStatus, Verdict
from flux.model.words import describe

STYLES = {Verdict.ACCEPTED: "green", Verdict.REJECTED: "red", Verdict.NOT_JUDGED: "yellow"}
MARKS = {Severity.FATAL: "✗", Severity.WARNING: "!", Severity.INFO: "·"}
# Lines named beside a cause that has more.
LISTED_LINES = 5
# Remarks of rules that are told in full where nothing refuses; beside a refusal, and beyond, their codes are enough.
TOLD_REMARKS = 5

_INDENT = " " * 9
_TEXT_INDENT = " " * 11
_LINE = {Language.FR: ("ligne", "lignes"), Language.EN: ("line", "lines")}
_FOLDED = {
    Language.FR: "remarques de règles, sans effet (--json les dit en entier) :",
    Language.EN: "remarks of rules, without effect (--json tells them in full):",
}

Group = tuple[Finding, ...]


def print_checked(checked: CheckedFile, language: Language) -> None:
    """Print what was said of each invoice of a file."""
    out = console()
    for judgment in checked.judgments:
        name = checked.file if judgment.member is None else f"{checked.file} › {judgment.member}"
        number = f"  {judgment.summary.number}" if judgment.summary else ""
        out.print(f"[{STYLES[judgment.verdict]}]{judgment.verdict.value:10}[/]", end=" ")
        out.print(f"{name}{number}", style="bold", markup=False)
        _print_findings(out, judgment, checked.excerpts, language)
        out.print(f"{_TEXT_INDENT}{_layers_in_words(judgment)}", style="dim", markup=False)


def _print_findings(out: Console, judgment: Judgment, excerpts: Excerpts, language: Language) -> None:
    """What refuses first; the remarks of rules last, folded where they would drown it."""
    groups = sorted(group_by_cause(judgment.findings), key=_weight)
    told, folded = _fold(groups)
    for group in told:
        _print_group(out, group, language)
        spot = spot_of(group[0])
        excerpt = excerpts.get((judgment.ordinal, spot)) if spot is not None else None
        if excerpt is not None:
            _print_excerpt(out, excerpt)
    if folded:
        codes = ", ".join(f"{group[0].code}{_times(group)}" for group in folded)
        out.print(f"{_INDENT}! {_FOLDED[language]} {codes}", markup=False)


def _weight(group: Group) -> tuple[int, bool]:
    return list(MARKS).index(group[0].severity), group[0].layer is LayerName.RULES


def _fold(groups: Sequence[Group]) -> tuple[list[Group], list[Group]]:
    """The causes to tell, and those to name only."""
    remarks = [group for group in groups if not group[0].is_fatal and group[0].layer is LayerName.RULES]
    refuses = any(group[0].is_fatal for group in groups)
    if not remarks or (not refuses and len(remarks) <= TOLD_REMARKS):
        return list(groups), []
    return [group for group in groups if group not in remarks], remarks


def _print_group(out: Console, group: Group, language: Language) -> None:
    finding = group[0]
    words = describe(finding, language)
    place = ", ".join(filter(None, (finding.term, _lines(group, language))))
    shown = f" ({place})" if place else ""
    out.print(f"{_INDENT}{MARKS[finding.severity]} {finding.code}{_times(group)}{shown}", markup=False)
    out.print(f"{_TEXT_INDENT}{words.message}", markup=False)
    if finding.severity is not Severity.INFO:
        out.print(f"{_TEXT_INDENT}→ {words.fix}", markup=False)


def _times(group: Group) -> str:
    return f" ×{len(group)}" if len(group) > 1 else ""


def _lines(group: Group, language: Language) -> str:
    """The first lines of a cause, with the word for them."""
    lines = list(dict.fromkeys(finding.line for finding in group if finding.line is not None))
    if not lines:
        return ""
    one, many = _LINE[language]
    listed = ", ".join(map(str, lines[:LISTED_LINES])) + (", …" if len(lines) > LISTED_LINES else "")
    return f"{one if len(lines) == 1 else many} {listed}"


def _print_excerpt(out: Console, excerpt: Excerpt) -> None:
    for text in _excerpt_lines(excerpt):
        out.print(text, overflow="ellipsis", no_wrap=True)


def _excerpt_lines(excerpt: Excerpt) -> Iterator[Text]:
    """The rows under their numbers; the one at fault bears a sign, for who sees no colour."""
    for row in excerpt.rows:
        sign = "▸" if row.marked else " "
        number = "" if row.line is None else str(row.line)
        yield Text.assemble(
            (f"{_TEXT_INDENT}{sign}{number:>6} │ ", "dim"),
            (printable(row.before), "dim" if not row.marked else ""),
            (printable(row.marked), "bold red"),
            printable(row.after),
        )


def _layers_in_words(judgment: Judgment) -> str:
    return " · ".join(
        f"{layer.ruleset or layer.name.value} "
        + (
            f"not run ({layer.reason.value})"
            if layer.status is LayerStatus.NOT_RUN and layer.reason
            else layer.status.value
        )
        for layer in judgment.layers
    )
