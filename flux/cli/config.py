"""`flux config check`."""

from pathlib import Path

import click

from flux.app.installation import load_settings
from flux.cli.options import config_option


@click.group()
def command() -> None:
    """The configuration."""


@command.command()
@config_option
def check(config_path: Path) -> None:
    """Say whether the configuration can be used, and everything that is wrong with it.

    Example: flux config check --config /etc/flux/config.toml
    """
    settings = load_settings(config_path)
    click.echo(f"{config_path}: good; {len(settings.partners)} partners, ledger {settings.ledger.url.split('@')[-1]}")
