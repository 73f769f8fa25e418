"""`flux doctor`."""

from dataclasses import asdict
from pathlib import Path

import click

from flux.app.diagnosis import diagnose
from flux.app.installation import load_settings
from flux.cli.exits import REJECTED
from flux.cli.options import config_option, json_option
from flux.cli.tables import print_table
from flux.model.printable import to_json_line


@click.command()
@config_option
@json_option
@click.option("--servers", is_flag=True, help="Ask the SFTP servers of partners too, as `flux partners probe` does.")
@click.pass_context
def command(context: click.Context, config_path: Path, *, as_json: bool, servers: bool) -> None:
    """Say whether this installation is fit to run, and what to do where it is not.

    Example: flux doctor
    """
    diagnoses = list(diagnose(load_settings(config_path), servers=servers))
    if as_json:
        for each in diagnoses:
            click.echo(to_json_line(asdict(each)))
    else:
        print_table(
            ("", "subject", "state", "what to do"),
            [("ok" if each.well else "failed", each.subject, each.state, each.advice) for each in diagnoses],
        )
    context.exit(0 if all(each.well for each in diagnoses) else REJECTED)
