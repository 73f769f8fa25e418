"""`flux schemas`."""

import click

from flux.app.installation import list_schemas
from flux.cli.options import json_option
from flux.cli.tables import print_table
from flux.model.printable import to_json_line


@click.group()
def command() -> None:
    """The schemas that judge."""


@command.command(name="list")
@json_option
def list_all(*, as_json: bool) -> None:
    """List the schemas, where each comes from, and whether it is the one that was pinned.

    Example: flux schemas list
    """
    rows = [
        {"schema": each.id, "version": each.version, "from": each.origin, "state": each.state.value}
        for each in list_schemas()
    ]
    if as_json:
        for row in rows:
            click.echo(to_json_line(row))
    else:
        columns = ("schema", "version", "from", "state")
        print_table(columns, [tuple(row[column] for column in columns) for row in rows])
