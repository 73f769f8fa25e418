"""`flux backup`."""

from pathlib import Path

import click

from flux.app.backing_up import BackupDone, BackupRequest, back_up
from flux.app.installation import load_settings
from flux.app.logs import open_log
from flux.cli.counted import counted
from flux.cli.exits import REJECTED, WELL
from flux.cli.options import NUMBER, config_option, json_option
from flux.cli.progress import stage_bar
from flux.cli.tables import tell
from flux.model.printable import to_json_line


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@click.option("--keep", type=NUMBER, help="Remove all but so many generations afterwards.  [default: keep all]")
@click.option("--with-account-key", is_flag=True, help="Also the key of the account hashes; better kept apart.")
@config_option
@json_option
@click.pass_context
def command(
    context: click.Context, folder: Path, *, keep: int | None, with_account_key: bool, config_path: Path, as_json: bool
) -> None:
    """Write a generation of backups into DIR: ledger, register, configuration, and the archived bytes that DIR lacks.

    The gateway may be at work. Ends with 1 where archived bytes are gone or altered: the rest is backed up, and they are
    named. Passwords and private keys are never in it.

    Example: flux backup /backup/flux --keep 30
    """
    request = BackupRequest(folder=folder, config_path=config_path, with_account_key=with_account_key, keep=keep)
    with stage_bar() as progress:
        done = back_up(load_settings(config_path), request, open_log(), progress)
    if as_json:
        click.echo(to_json_line(_to_json(done)))
    else:
        _print(done)
    context.exit(REJECTED if done.copied.lacks else WELL)


def _print(done: BackupDone) -> None:
    archive, seal = done.manifest.archive, done.manifest.seal
    click.echo(
        f"{done.generation}: {counted(done.manifest.flows, 'flow')}, {counted(archive.files, 'file')} of {archive.bytes} bytes in the archive"
    )
    click.echo(
        f"copied {counted(done.copied.files, 'file')} of {done.copied.bytes} bytes; there before: {done.copied.held}"
    )
    if seal is not None:
        click.echo(f"sealed by {seal.number}:{seal.hash}; keep it where nobody who writes here can")
    if done.pruned:
        click.echo(
            f"removed {counted(len(done.pruned), 'generation')}, and {counted(done.pruned_files, 'file')} that nothing else named"
        )
    if done.on_same_disk:
        tell("this is the disk of the vault itself: its loss would take both")
    for lack in done.copied.lacks:
        tell(f"not in the backup: {lack.why}")
    if done.copied.lacks:
        tell("`flux verify` says whose bytes these are; an older generation or another copy of the vault may hold them")


def _to_json(done: BackupDone) -> dict[str, object]:
    manifest = done.manifest
    return {
        "generation": str(done.generation),
        "at": manifest.at.isoformat(),
        "flows": manifest.flows,
        "files": manifest.archive.files,
        "bytes": manifest.archive.bytes,
        "copied_files": done.copied.files,
        "copied_bytes": done.copied.bytes,
        "seal": f"{manifest.seal.number}:{manifest.seal.hash}" if manifest.seal else None,
        "missing": [{"sha256": lack.sha256, "why": lack.why} for lack in done.copied.lacks],
        "pruned": [str(each) for each in done.pruned],
        "on_same_disk": done.on_same_disk,
    }
