"""`flux init`."""

from pathlib import Path

import click

from flux.app.installation import make_installation


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
def command(folder: Path) -> None:
    """Make an installation: a commented config.toml and its folders.

    Example: flux init /srv/flux
    """
    for made in make_installation(folder):
        click.echo(f"made {made}")
    click.echo("Next: edit config.toml, then `flux config check` and `flux run`.")
