"""`flux service`."""

from pathlib import Path

import click

from flux.app.installation import load_settings
from flux.app.service_unit import write_unit
from flux.cli.options import config_option


@click.command()
@config_option
@click.option("--user", default="flux", show_default=True, help="The system's user that it runs as; never root.")
def command(config_path: Path, user: str) -> None:
    """Print the unit under which systemd runs this installation, with its own folders and no other right.

    Example: flux service --config /srv/flux/config.toml > /etc/systemd/system/flux.service
    """
    if user in {"root", "0"}:
        raise click.BadParameter("flux needs nothing of root's", param_hint="--user")
    click.echo(write_unit(load_settings(config_path), config_path, user), nl=False)
