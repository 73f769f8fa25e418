"""Options that several commands share."""

from pathlib import Path

import click

from flux.app.authority import login

config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("config.toml"),
    show_default=True,
    help="The configuration to use.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
by_option = click.option("--by", default=login, show_default="your login", help="Who says so.")
reason_option = click.option("--reason", required=True, help="Why, for the journal.")
