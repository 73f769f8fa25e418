"""`flux config check`."""

from datetime import datetime
from pathlib import Path

import click

from flux.app.installation import load_settings
from flux.cli.counted import counted
from flux.cli.options import config_option
from flux.config import advise
from flux.model.paris import PARIS


@click.group()
def command() -> None:
    """The configuration."""


@command.command()
@config_option
def check(config_path: Path) -> None:
    """Say whether the configuration can be used, everything that is wrong with it, and what will refuse flows.

    Example: flux config check --config /etc/flux/config.toml
    """
    settings = load_settings(config_path)
    for advice in advise(settings, datetime.now(PARIS).date()):
        click.echo(f"{config_path}: warning: {advice}", err=True)
    click.echo(
        f"{config_path}: good; {counted(len(settings.partners), 'partner')}, ledger {settings.ledger.url.split('@')[-1]}"
    )
