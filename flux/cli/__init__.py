"""The command line: one file per command, imported when it is asked for."""

import importlib
import sys
from collections.abc import Mapping
from types import MappingProxyType

import click

from flux import __version__
from flux.cli.exits import INTERRUPTED, WRONG_USE
from flux.errors import FluxError
from flux.model.printable import printable

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "init": "make an installation in a folder",
        "demo": "show the main job, end to end, on this machine",
        "run": "take in, judge, answer and forward, until stopped",
        "check": "judge files; writes nothing",
        "flows": "what came in and what became of it",
        "deliveries": "what is owed to whom",
        "partners": "whom we exchange with",
        "sftp": "the accounts of partners who drop their flows on this machine",
        "register": "who is who: suppliers, public entities, accounts, SIRENE",
        "codes": "every finding code: meaning, outcome, who acts",
        "rules": "the rules that judge, in plain words",
        "schemas": "the schemas that judge",
        "config": "the configuration",
        "service": "the unit under which systemd runs this installation",
        "verify": "is every event and every archived byte what it was",
        "backup": "a copy of ledger, register and archive, while the gateway works",
        "restore": "put a backup back where nothing is",
        "retention": "what has been kept for its years goes; holds",
        "doctor": "is this installation fit to run",
    }
)


class _Commands(click.Group):
    """Commands by name, each in the module of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature of click
        return list(COMMANDS)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. Ctrl-C ends it quietly, as shells expect."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("flux: interrupted; what was printed is done", err=True)
            ctx.exit(INTERRUPTED)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - same
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"flux.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - same
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="flux")
def flux() -> None:
    """Takes in flows of invoices, judges every one, answers, and hands on what is good.

    Start with `flux demo`, or `flux init DIR` and `flux run`.
    """


def main() -> None:
    """Run the command line. A failure of ours is one sentence and exit code 2, never a traceback."""
    try:
        flux()
    except (FluxError, OSError) as error:
        click.echo(printable(f"flux: {_in_words(error)}"), err=True)
        sys.exit(WRONG_USE)


def _in_words(error: FluxError | OSError) -> str:
    """What went wrong, where, and for rights what to do; a number of the system tells nobody anything."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    place = f"{error.filename}: " if error.filename is not None else ""
    advice = "; run this as the user whom it belongs to" if isinstance(error, PermissionError) else ""
    return f"{place}{error.strerror}{advice}"
