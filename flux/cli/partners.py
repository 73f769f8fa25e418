"""`flux partners`."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import click

from flux.app.installation import load_settings
from flux.app.partners import ProbeResult, ProbeStatus, ProbeStep, list_ends, probe_partner
from flux.cli.exits import REJECTED
from flux.cli.options import config_option, json_option
from flux.cli.tables import print_table
from flux.model.printable import to_json_line


@click.group()
def command() -> None:
    """Whom we exchange with."""


@command.command(name="list")
@config_option
@json_option
def list_partners(config_path: Path, *, as_json: bool) -> None:
    """List partners and where their files come from and go.

    Example: flux partners list
    """
    settings = load_settings(config_path)
    rows = [
        {
            "partner": name,
            "role": table.role.value,
            "application_code": table.application_code,
            "interfaces": list(table.interfaces),
            "sirets": list(table.sirets),
            **list_ends(settings, name),
        }
        for name, table in settings.partners.items()
    ]
    if as_json:
        for row in rows:
            click.echo(to_json_line(row))
    else:
        columns = ("partner", "role", "application_code", "interfaces", "sirets", "pickup", "delivery")
        print_table(columns, [tuple(_cell(row[column]) for column in columns) for row in rows])


def _cell(value: object) -> object:
    return " ".join(value) if isinstance(value, list) else value


@command.command(name="probe")
@click.argument("partner")
@config_option
@json_option
@click.pass_context
def probe(context: click.Context, partner: str, config_path: Path, *, as_json: bool) -> None:
    """Try a partner's server: the host key to pin, sign-in, list, write, rename, replace, remove.

    Example: flux partners probe acme
    """
    well, last = True, None
    for side, place, report in probe_partner(load_settings(config_path, must_pin=False), partner):
        well = well and report.is_ok
        if as_json:
            steps = {each.step.value: {"status": each.status.value, "reason": each.reason} for each in report.results}
            found = {"host_key": report.host_key, "fingerprint": report.fingerprint, "steps": steps}
            click.echo(to_json_line({"partner": partner, "end": side, "place": place, **found}))
            continue
        click.echo(f"{partner}, {side}: {place}")
        if report is last:
            click.echo("  the same server, which did not let us in")
            continue
        last = report
        if report.host_key:
            click.echo(f"  host key to pin: {report.host_key}\n  fingerprint:     {report.fingerprint}")
        print_table(("", "step", ""), _fold(report.results))
    context.exit(0 if well else REJECTED)


def _fold(results: Sequence[ProbeResult]) -> Iterator[tuple[str, str, str]]:
    """A line for each step; those that one reason kept from being tried share theirs."""
    for (status, reason, _), group in groupby(results, key=_told_together):
        yield status.value, ", ".join(each.step.value for each in group), reason


def _told_together(result: ProbeResult) -> tuple[ProbeStatus, str, ProbeStep | None]:
    return result.status, result.reason, None if result.status is ProbeStatus.NOT_TRIED else result.step
