"""`flux retention`."""

import re
from dataclasses import asdict
from pathlib import Path

import click

from flux.app.installation import load_settings
from flux.app.retention import (
    Erased,
    Hold,
    HoldKind,
    RetiredFlow,
    erase,
    hold,
    holds,
    lift,
    show_retention,
)
from flux.cli.counted import counted
from flux.cli.options import NUMBER, by_option, config_option, json_option, reason_option
from flux.cli.tables import print_table, tell
from flux.errors import VaultError
from flux.model.printable import to_json_line


@click.group()
def command() -> None:
    """What has been kept for its years goes, unless a hold keeps it; [retention] says for how many."""


@command.command(name="show")
@config_option
@json_option
def show(config_path: Path, *, as_json: bool) -> None:
    """Say what would go now, by partner and year; changes nothing.

    Example: flux retention show
    """
    shares = show_retention(load_settings(config_path))
    if as_json:
        for share in shares:
            click.echo(to_json_line(asdict(share)))
    elif not shares:
        click.echo("nothing has been kept for its years")
    else:
        rows = [(each.partner, each.year, each.flows, each.bytes, each.held) for each in shares]
        print_table(("partner", "year", "flows", "bytes received", "kept by a hold"), rows)
        click.echo("`flux retention erase --yes` has them go, for good")


@command.command(name="erase")
@click.option("--yes", is_flag=True, help="Yes, for good.")
@by_option
@config_option
@json_option
def erase_command(config_path: Path, *, yes: bool, by: str, as_json: bool) -> None:
    """Erase what has been kept for its years: invoices, findings, details of events, archived bytes.

    That a flow was received, treated and answered stays proven: its row, and moments and hashes of its events. One line for
    each flow that went: keep it. Backups hold the data until their generations go.

    Example: flux retention erase --yes --json >> /srv/flux/erased.jsonl
    """
    if not yes:
        raise click.UsageError("what goes does not come back: look at `flux retention show`, then say --yes")
    done = Erased()
    try:
        for flow in erase(load_settings(config_path), by, done):
            if as_json:
                click.echo(to_json_line({**asdict(flow), "received_at": flow.received_at.isoformat()}))
            else:
                tell(_line(flow))
    except VaultError as error:
        raise VaultError(
            f"{error}; {counted(done.flows, 'flow')} went from the ledger, their bytes go when this is run again"
        ) from error
    if not as_json:
        click.echo(
            f"gone: {counted(done.flows, 'flow')}, and {counted(done.files, 'file')} of {done.bytes} bytes from the archive"
        )


@command.command(name="hold")
@click.option("--flow", type=NUMBER, help="One flow.")
@click.option("--partner", help="All that a partner sent or received.")
@click.option("--siren", help="All invoices from or to an enterprise, nine digits.")
@reason_option
@by_option
@config_option
def hold_command(
    config_path: Path, *, flow: int | None, partner: str | None, siren: str | None, reason: str, by: str
) -> None:
    """Keep data whatever its age: a litigation, an inspection.

    Example: flux retention hold --siren 732829320 --reason "tax inspection 2033-117"
    """
    given = [
        (kind, str(value))
        for kind, value in ((HoldKind.FLOW, flow), (HoldKind.PARTNER, partner), (HoldKind.SIREN, siren))
        if value is not None
    ]
    if len(given) != 1:
        raise click.UsageError("one of --flow, --partner, --siren expected")
    ((kind, value),) = given
    if kind is HoldKind.SIREN and not re.fullmatch("[0-9]{9}", value):
        raise click.BadParameter(f"nine digits expected, found {value!r}", param_hint="--siren")
    settings = load_settings(config_path)
    if kind is HoldKind.PARTNER and value not in settings.partners:
        raise click.BadParameter(f"the configuration has no partner {value!r}", param_hint="--partner")
    number = hold(settings, kind, value, by, reason)
    tell(f"hold {number}: {kind.value} {value} stays until `flux retention lift {number}`")


@command.command(name="lift")
@click.argument("number", type=NUMBER)
@reason_option
@by_option
@config_option
def lift_command(config_path: Path, *, number: int, reason: str, by: str) -> None:
    """End a hold; what is over its years goes with the next erasure.

    Example: flux retention lift 3 --reason "judgment of 2034-02-01"
    """
    lift(load_settings(config_path), number, by, reason)
    click.echo(f"hold {number} is lifted")


@command.command(name="holds")
@config_option
@json_option
def holds_command(config_path: Path, *, as_json: bool) -> None:
    """List the holds, also those that were lifted.

    Example: flux retention holds
    """
    listed = holds(load_settings(config_path))
    if as_json:
        for each in listed:
            click.echo(to_json_line(_hold_json(each)))
        return
    if not listed:
        click.echo("nothing was ever held")
        return
    rows = [
        (each.number, each.kind.value, each.value, f"{each.at:%Y-%m-%d}", each.by, each.reason, _lifted(each))
        for each in listed
    ]
    print_table(("hold", "keeps", "", "since", "by", "reason", "lifted"), rows)


def _line(flow: RetiredFlow) -> str:
    return (
        f"flow {flow.number}: {flow.partner}, {flow.name}, received {flow.received_at:%Y-%m-%d}, SHA-256 {flow.sha256}"
    )


def _lifted(each: Hold) -> str:
    return f"{each.lifted_at:%Y-%m-%d} by {each.lifted_by}: {each.lifted_reason}" if each.lifted_at else ""


def _hold_json(each: Hold) -> dict[str, object]:
    return {
        **asdict(each),
        "kind": each.kind.value,
        "at": each.at.isoformat(),
        "lifted_at": each.lifted_at.isoformat() if each.lifted_at else None,
    }
