"""`flux check`."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from flux.app.checking import CheckedFile, CheckOptions, check_file, expand_paths
from flux.cli.check_text import print_checked
from flux.cli.exits import NOT_JUDGED, exit_code
from flux.cli.judgment_json import to_json
from flux.cli.options import json_option
from flux.cli.tables import console
from flux.model.finding import LayerName
from flux.model.partner import Language
from flux.model.printable import printable, to_json_line
from flux.model.verdict import Verdict

ALL = "all"
# Below this a bar would be gone before anyone saw it.
FILES_WORTH_A_BAR = 20


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@json_option
@click.option(
    "--layer",
    "layers",
    multiple=True,
    type=click.Choice([LayerName.SCHEMA.value, "rules", LayerName.IDENTITY.value, "register", ALL]),
    help="A layer to require, as often as you like.  [default: what the configuration requires]",
)
@click.option(
    "--as", "deposit", metavar="INTERFACE|SYNTAX/PROFILE", help="Judge as this deposit: FSO1100A, ubl/en16931."
)
@click.option(
    "--show-xml/--no-show-xml", "shows_xml", default=None, help="Show the lines at fault.  [default: on a terminal]"
)
@click.option(
    "--config", "config_path", type=click.Path(dir_okay=False, exists=True, path_type=Path), help="Its settings."
)
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[str, ...],
    *,
    as_json: bool,
    layers: tuple[str, ...],
    deposit: str | None,
    config_path: Path | None,
    shows_xml: bool | None,
) -> None:
    """Judge files, archives, folders or - (standard input), and write nothing.

    Ends with 1 where something is rejected, else with 3 where something is not judged or there is no file, else with 0.

    Example: flux check --json --as FSO1100A invoices/
    """
    wanted = frozenset(LayerName) if ALL in layers else frozenset(map(LayerName, layers))
    options = CheckOptions.build(layers=wanted, deposit=deposit, config_path=config_path)
    files = expand_paths(paths)
    if not files:
        click.echo(printable(f"flux: {', '.join(paths)}: no file in it, so nothing was judged"), err=True)
        context.exit(NOT_JUDGED)
    show = _print_json if as_json else print_checked
    with_excerpts = not as_json and (sys.stdout.isatty() if shows_xml is None else shows_xml)
    verdicts: Counter[Verdict] = Counter()
    for checked in _check_all(files, options, with_excerpts=with_excerpts):
        show(checked, options.language)
        verdicts.update(judgment.verdict for judgment in checked.judgments)
    if not as_json and verdicts.total() > 1:
        console().print(", ".join(f"{count} {verdict.value}" for verdict, count in verdicts.items()), style="bold")
    context.exit(exit_code(verdicts))


def _check_all(files: list[str], options: CheckOptions, *, with_excerpts: bool) -> Iterator[CheckedFile]:
    watched = sys.stderr.isatty() and not sys.stdout.isatty() and len(files) >= FILES_WORTH_A_BAR
    bar: Iterable[str] = track(files, "checking", console=Console(stderr=True)) if watched else files
    for file in bar:
        yield check_file(file, options, with_excerpts=with_excerpts)


def _print_json(checked: CheckedFile, _: Language) -> None:
    for judgment in checked.judgments:
        click.echo(to_json_line(to_json(checked.file, judgment)))
