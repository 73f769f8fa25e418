"""Options that several commands share."""

from pathlib import Path

import click

config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("config.toml"),
    show_default=True,
    help="The configuration to use.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
