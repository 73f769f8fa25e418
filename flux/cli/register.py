"""`flux register`."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from flux.app.installation import load_settings
from flux.app.register import find_identifier, show, source_states
from flux.app.register_import import ImportRequest, ImportResult, import_files
from flux.cli.counted import counted
from flux.cli.exits import REJECTED, WRONG_USE
from flux.cli.options import DAY, config_option, json_option
from flux.cli.register_accounts import accounts
from flux.cli.register_show import print_structure, structure_json
from flux.cli.tables import console, print_table
from flux.model.paris import in_paris
from flux.model.printable import to_json_line
from flux.model.register import RegisterSource, SourceState


@click.group()
def command() -> None:
    """Who is who: suppliers with their accounts, public entities with their services, and SIRENE."""


command.add_command(accounts)


@command.command(name="import")
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE...")
@click.option(
    "--source", required=True, type=click.Choice([each.value for each in RegisterSource]), help="What the file holds."
)
@click.option("--services", type=click.Path(dir_okay=False, path_type=Path), help="Services of the public entities.")
@click.option("--successions", type=click.Path(dir_okay=False, path_type=Path), help="Successors of closed SIRETs.")
@click.option("--version", "version", default="", help="How to call what is imported.  [default: from the file]")
@click.option("--by", default="", help="Who imports.  [default: the system's user]")
@click.option("--full/--partial", "is_full", default=True, help="Whether what the file does not name is gone.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--yes", is_flag=True, help="Even where much would be closed.")
@config_option
@json_option
@click.pass_context
def import_command(
    context: click.Context,
    files: tuple[Path, ...],
    *,
    source: str,
    services: Path | None,
    successions: Path | None,
    version: str,
    by: str,
    is_full: bool,
    dry_run: bool,
    yes: bool,
    config_path: Path,
    as_json: bool,
) -> None:
    """Bring the register to what a file says. A file with a bad line is refused whole, every bad line named.

    Example: flux register import entities.csv --services services.csv --source directory
    """
    request = ImportRequest(
        source=RegisterSource(source),
        files=files,
        services=services,
        successions=successions,
        version=version,
        by=by,
        is_full=is_full,
        is_dry=dry_run,
        may_close_many=yes,
    )
    settings = load_settings(config_path)
    with _progress(f"importing {source}") as progress:
        result = import_files(settings, request, progress)
    (_print_import_json if as_json else _print_import)(result)
    context.exit(WRONG_USE if result.faults else 0)


@contextmanager
def _progress(what: str) -> Iterator[Callable[[float], None]]:
    """A bar on standard error where a person watches."""
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task(what, total=1.0)
        yield lambda share: bar.update(task, completed=share)


def _print_import_json(result: ImportResult) -> None:
    for fault in result.faults:
        click.echo(
            to_json_line(
                {
                    "file": fault.file,
                    "line": fault.line,
                    "column": fault.column,
                    "found": fault.found,
                    "expected": fault.expected,
                }
            )
        )
    if not result.faults:
        summary = {
            "source": result.source.value,
            "version": result.version,
            "act": result.act or None,
            "counts": dict(result.counts),
            "remarks": list(result.remarks),
        }
        click.echo(to_json_line(summary))


def _print_import(result: ImportResult) -> None:
    for fault in result.faults:
        click.echo(str(fault), err=True)
    for remark in result.remarks:
        click.echo(remark, err=True)
    if result.faults:
        click.echo(f"refused: {counted(len(result.faults), 'fault')}; nothing was imported", err=True)
        return
    out = console()
    done = f"import {result.act}" if result.act else "dry run: nothing was changed"
    out.print(f"{result.source.value}: {result.version}, {done}", style="bold", markup=False)
    changes = {what: count for what, count in sorted(result.counts.items()) if count}
    for what, count in changes.items():
        out.print(f"  {what.replace('_', ' ')}: {count}", markup=False)


@command.command(name="show")
@click.argument("identifier")
@click.option(
    "--type", "kind", default="", help="The kind of identifier: SIRET, EU_VAT, RIDET...  [default: found out]"
)
@click.option("--at", type=DAY, help="What held on this day.  [default: today]")
@click.option("--known-on", type=DAY, help="As the register knew it at the end of this day.")
@config_option
@json_option
@click.pass_context
def show_command(
    context: click.Context,
    identifier: str,
    *,
    kind: str,
    at: datetime | None,
    known_on: datetime | None,
    config_path: Path,
    as_json: bool,
) -> None:
    """Show a supplier or a public entity: states, services, demands, accounts, SIRENE's word, and since when.

    Ends with 1 where neither the register nor SIRENE knows it.

    Example: flux register show 73282932000074 --at 2026-09-01
    """
    settings = load_settings(config_path)
    wanted = find_identifier(settings, identifier, kind)
    shown = show(settings, wanted, known_on=known_on.date() if known_on else None)
    day = at.date() if at else _today()
    if as_json:
        click.echo(to_json_line(structure_json(shown, day)))
    else:
        print_structure(shown, day)
    context.exit(0 if shown.record is not None or shown.establishment is not None else REJECTED)


@command.command(name="status")
@config_option
@json_option
@click.pass_context
def status_command(context: click.Context, *, config_path: Path, as_json: bool) -> None:
    """Say what each source holds, how old it is, and whether it is too old to be believed.

    Ends with 1 where a source is stale.

    Example: flux register status
    """
    states = source_states(load_settings(config_path))
    found = {state.source: state for state in states}
    if as_json:
        for state in states:
            click.echo(to_json_line(_state_json(state)))
    else:
        print_table(
            ("source", "version", "imported", "age in days", "state"),
            [_state_row(source, found.get(source)) for source in RegisterSource],
        )
    context.exit(REJECTED if any(state.is_stale for state in states) else 0)


def _state_json(state: SourceState) -> dict[str, object]:
    return {
        "source": state.source.value,
        "version": state.version,
        "imported_at": state.imported_at.isoformat(),
        "age_days": _age_days(state),
        "stale": state.is_stale,
    }


def _state_row(source: RegisterSource, state: SourceState | None) -> tuple[object, ...]:
    if state is None:
        return (source.value, "", "", "", "never imported")
    imported = f"{state.imported_at.astimezone():%Y-%m-%d %H:%M}"
    return (source.value, state.version, imported, _age_days(state), "stale" if state.is_stale else "ok")


def _age_days(state: SourceState) -> int:
    return (_today() - in_paris(state.imported_at).date()).days


def _today() -> date:
    return in_paris(datetime.now(UTC)).date()
