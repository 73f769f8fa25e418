"""`flux restore`."""

from collections.abc import Sequence
from pathlib import Path

import click

from flux.app.restoring import Generation, Lack, RestoreDone, check_generation, read_generation, restore
from flux.cli.counted import counted
from flux.cli.exits import REJECTED, WELL
from flux.cli.options import config_option, json_option
from flux.cli.progress import stage_bar
from flux.cli.tables import tell
from flux.model.printable import to_json_line


@click.command()
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR")
@click.option("--check", "is_check", is_flag=True, help="Read every byte of the backup again, and write nothing.")
@click.option("--moved", is_flag=True, help="Nobody worked since this backup was made: hold nothing back.")
@config_option
@json_option
@click.pass_context
def command(
    context: click.Context, path: Path, *, is_check: bool, moved: bool, config_path: Path, as_json: bool
) -> None:
    """Put a backup back into an installation that holds nothing yet. DIR is a generation, or the folder of all: its latest.

    What may have been done after the backup was made is held back, for a person to look at: flows that were open are
    held, deliveries that were due are uncertain, and the numbers of flows and files go on a million further.

    Example: flux restore /backup/flux --config /srv/flux/config.toml
    """
    generation = read_generation(path)
    with stage_bar() as progress:
        if is_check:
            lacks = check_generation(generation, progress)
        else:
            done = restore(generation, config_path, moved=moved, progress=progress)
            lacks = done.lacks
    if as_json:
        click.echo(to_json_line(_check_json(generation, lacks) if is_check else _to_json(done)))
    elif is_check:
        _print_check(generation, lacks)
    else:
        _print(done, config_path)
    context.exit(REJECTED if lacks else WELL)


def _print_check(generation: Generation, lacks: Sequence[Lack]) -> None:
    click.echo(
        f"{generation.folder}: {'sound' if not lacks else 'not whole'}, of {generation.manifest.at:%Y-%m-%d %H:%M:%S} UTC"
    )
    _tell_lacks(lacks)


def _print(done: RestoreDone, config_path: Path) -> None:
    generation, at = done.generation, done.generation.manifest.at
    click.echo(
        f"{generation.folder} is put back: {counted(generation.manifest.flows, 'flow')}, {counted(generation.manifest.archive.files, 'file')}"
    )
    if done.wrote_config:
        click.echo(f"{config_path} came from the backup; passwords and keys did not")
    click.echo(f"what happened after {at:%Y-%m-%d %H:%M:%S} UTC is not in it: flows received since must be sent again,")
    click.echo(
        "their senders may have been answered, and the statuses and forwards of that time stay true at the partners'"
    )
    for younger in generation.younger:
        tell(f"a younger backup is there: {younger}")
    if done.lacks_account_key:
        tell("put the account key back from where you keep it before you start, or a new one knows no account again")
    _tell_lacks(done.lacks)
    if done.keeping:
        tell(
            f"kept on their servers: files of {', '.join(done.keeping)}; those from before now are fetched again and held:"
        )
        tell(
            "  not answered yet: flux flows release NUMBER --reason TEXT; answered: flux flows close NUMBER --reason TEXT"
        )
    if done.unsettled is None:
        return
    unsettled = done.unsettled
    if unsettled.held:
        tell(f"held: flows {_numbers(unsettled.held)}; look into the folders of their senders:")
        tell(
            "  without an answer there: flux flows release NUMBER --reason TEXT; with one: flux flows close NUMBER --reason TEXT"
        )
    if unsettled.uncertain:
        tell(f"uncertain: deliveries {_numbers(unsettled.uncertain)}; look into the folders of their partners:")
        tell("  what is not there: flux deliveries retry ID; what is: flux deliveries close ID --reason TEXT")


def _tell_lacks(lacks: Sequence[Lack]) -> None:
    for lack in lacks:
        tell(f"not in the backup: {lack.why}")


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _check_json(generation: Generation, lacks: Sequence[Lack]) -> dict[str, object]:
    return {
        "generation": str(generation.folder),
        "at": generation.manifest.at.isoformat(),
        "sound": not lacks,
        "missing": [{"sha256": lack.sha256, "why": lack.why} for lack in lacks],
    }


def _to_json(done: RestoreDone) -> dict[str, object]:
    unsettled = done.unsettled
    return {
        **_check_json(done.generation, done.lacks),
        "wrote_config": done.wrote_config,
        "younger": [str(each) for each in done.generation.younger],
        "held": unsettled.held if unsettled else (),
        "uncertain": unsettled.uncertain if unsettled else (),
        "lacks_account_key": done.lacks_account_key,
        "keeping": done.keeping,
    }
