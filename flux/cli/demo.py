"""`flux demo`."""

import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import FrameType

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
    FlowStatus.RECEIVED: ("taken in", "green"),
    FlowStatus.PARTIAL: ("in part", "yellow"),
    FlowStatus.REFUSED: ("refused", "red"),
}
REASONS_SHOWN = 2
# Names of flows are 41 characters long: narrower, every one of them would break.
NARROWEST_COLUMNS = 100


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
    """Show the main job: suppliers, a platform, two public entities, a register, a real SFTP server, two dozen flows.

    Ends like `check`: 1 here, since some of the flows are bad on purpose.

    Example: flux demo
    """
    if (folder / "serveurs").is_dir():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with _ended_by_signals():
        results = _run(folder.resolve())
    out = Console(width=None if Console().width >= NARROWEST_COLUMNS else NARROWEST_COLUMNS, highlight=False)
    out.print(_table(results))
    out.print(_next_steps(folder, results), soft_wrap=True)
    context.exit(exit_code(result.history.line.verdict for result in results if result.history.line.verdict))


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """A SIGTERM or SIGHUP leaves the blocks that are open, so that the SSH server ends with us."""

    def leave(number: int, _: FrameType | None) -> None:
        sys.exit(128 + number)

    former = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _run(folder: Path) -> tuple[DemoResult, ...]:
    today = date.today()  # noqa: DTZ011 - an invoice bears the day of the place where it is made
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("flows dropped, judged, answered over SFTP", total=count_flows(today))
        return run_demonstration(folder, today, lambda done: bar.update(task, completed=done))


def _table(results: tuple[DemoResult, ...]) -> Table:
    """Each flow on its line; under it why, then each file and where on which server it landed."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("verdict", no_wrap=True)
    table.add_column("flow, what was found, and what landed on whose server", overflow="fold")
    table.add_column("sender", no_wrap=True)
    table.add_column("good", no_wrap=True, justify="right")
    for result in results:
        table.add_row(*_cells(result))
    return table


def _cells(result: DemoResult) -> tuple[Text, ...]:
    line, case = result.history.line, result.history.case
    words, colour = VERDICTS[line.status] if line.status else (line.state.value, "yellow")
    accepted = sum(outcome is Outcome.ACCEPTED for outcome in case.outcomes.values())
    told = Text.assemble((f"{result.dropped.story}\n", "bold"), f"{result.dropped.name}\n")
    told.append("".join(f"{reason}\n" for reason in _reasons(result)), colour)
    for each in result.history.deliveries:
        told.append(f"→ {each.partner or 'held, no route'}: {Path(each.folder) / each.name}\n", "dim")
    return Text(words, colour), told, Text(result.dropped.partner), Text(f"{accepted}/{len(case.judgments)}")


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
    return f"{mark} {finding.code}: {describe(finding, Language.FR).message}"


def _next_steps(folder: Path, results: tuple[DemoResult, ...]) -> str:
    partial = next(result for result in results if result.history.line.status is FlowStatus.PARTIAL)
    home = folder / "serveurs" / partial.dropped.partner / "retrait"
    report = home / "rapports" / f"{partial.dropped.name}.html"
    program = sys.argv[0] if Path(sys.argv[0]).name == "flux" else "flux"
    return f"""[bold]What to try next[/]
  {report}
      open it in a browser: what the supplier reads
  ls {folder}/serveurs/*/retrait
      everything that was delivered
  {program} flows show {partial.history.line.flow.number} --config {folder}/config.toml
      one flow, from file to delivered replies
  {program} check FILE
      judge a file of yours; it writes nothing
  {program} init DIR
      an installation of your own; then {program} run in it"""
