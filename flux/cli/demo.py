"""`flux demo`."""

import shutil
from datetime import date
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from flux.app.demonstration import DemoResult, count_flows, run_demonstration
from flux.cli.exits import exit_code
from flux.model.finding import Finding, Severity
from flux.model.partner import Language
from flux.model.settlement import FlowStatus, Outcome
from flux.model.words import describe

FOLDER = Path("var/demo")
VERDICTS = {
    FlowStatus.RECEIVED: ("90 intégré", "green"),
    FlowStatus.PARTIAL: ("96 partiel", "yellow"),
    FlowStatus.REFUSED: ("93 refusé", "red"),
}
REASONS_SHOWN = 2


@click.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=FOLDER,
    show_default=True,
    help="Where to work.",
)
@click.pass_context
def command(context: click.Context, folder: Path) -> None:
    """Show the main job: two suppliers, two public entities, a real SFTP server, a dozen flows.

    Ends like `check`: 1 here, since some of the flows are bad on purpose.

    Example: flux demo
    """
    if (folder / "serveurs").is_dir():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    results = _run(folder.resolve())
    _print_results(results)
    _print_next(folder, results)
    context.exit(exit_code(result.history.line.verdict for result in results if result.history.line.verdict))


def _run(folder: Path) -> tuple[DemoResult, ...]:
    today = date.today()  # noqa: DTZ011 - an invoice bears the day of the place where it is made
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("flows dropped, judged, answered over SFTP", total=count_flows(today))
        return run_demonstration(folder, today, lambda done: bar.update(task, completed=done))


def _print_results(results: tuple[DemoResult, ...]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold", title_justify="left")
    for heading in ("flow", "sender", "verdict", "what was found", "replies, on the partner's server"):
        table.add_column(heading, overflow="fold")
    for result in results:
        table.add_row(*_cells(result), end_section=True)
    Console().print(table)


def _cells(result: DemoResult) -> tuple[Text, ...]:
    line, case = result.history.line, result.history.case
    words, colour = VERDICTS[line.status] if line.status else (line.state.value, "yellow")
    accepted = sum(outcome is Outcome.ACCEPTED for outcome in case.outcomes.values())
    counts = f"\n{accepted}/{len(case.judgments)} accepted" if case.judgments else ""
    files = (f"{each.partner or 'no route'}: {Path(each.folder) / each.name}" for each in result.history.deliveries)
    return (
        Text.assemble((result.dropped.story, "bold"), f"\n{result.dropped.name}"),
        Text(result.dropped.partner),
        Text.assemble((words, colour), counts),
        Text("\n".join(_reasons(result)) or "-"),
        Text("\n".join(files), style="dim"),
    )


def _reasons(result: DemoResult) -> list[str]:
    """The findings that weigh, each once, the worst first."""
    case = result.history.case
    findings = [*case.findings, *(each for judgment in case.judgments for each in judgment.findings)]
    weighty = sorted(
        (each for each in findings if each.severity is not Severity.INFO), key=lambda each: not each.is_fatal
    )
    sentences = list(dict.fromkeys(map(_reason, weighty)))
    more = len(sentences) - REASONS_SHOWN
    return sentences[:REASONS_SHOWN] + ([f"… {more} more"] if more > 0 else [])


def _reason(finding: Finding) -> str:
    mark = "✗" if finding.is_fatal else "!"
    return f"{mark} {finding.code} {describe(finding, Language.FR).title}"


def _print_next(folder: Path, results: tuple[DemoResult, ...]) -> None:
    refused = next(result for result in results if result.history.line.status is FlowStatus.REFUSED)
    report = next((folder / "serveurs").glob("*/retrait/rapports/*.html"))
    number = refused.history.line.flow.number
    Console().print(
        f"""
[bold]What to try next[/]
  open {report} in a browser: what the supplier reads
  ls {folder}/serveurs/*/retrait: everything that was delivered
  flux flows show {number} --config {folder}/config.toml: a flow, from file to replies
  flux check --as FSO1100A FILE: judge a file of yours; it writes nothing
  flux init DIR, then flux run: an installation of your own""",
        markup=True,
        highlight=False,
    )
