"""`flux deliveries`."""

from collections.abc import Collection, Iterator
from pathlib import Path

import click

from flux.app.installation import load_settings
from flux.app.operations import (
    DeliveryLine,
    close_for_partner,
    close_some,
    open_queries,
    retry_all_dead,
    retry_for_partner,
    retry_some,
)
from flux.cli.options import NUMBER, by_option, config_option, json_option, reason_option, refuse_unknown_partner
from flux.cli.tables import print_table, tell, tell_cut
from flux.model.lifecycle import DeliveryState
from flux.model.printable import to_json_line

# Deliveries of which it is said why they do not go; beyond, nobody reads it.
EXPLAINED = 1_000

# Of those that are not given up.
_NOT_AGAIN = {
    DeliveryState.DELIVERED: "was delivered {when}",
    DeliveryState.CLOSED: "was closed by a person's word: nothing more is sent",
    DeliveryState.DUE: "goes by itself: next try {when}",
    DeliveryState.PLANNED: "is being built, and goes by itself",
}


@click.group()
def command() -> None:
    """What is owed to whom."""


@command.command(name="list")
@config_option
@json_option
@click.option("--partner", help="Only those for this partner.")
@click.option("--state", type=click.Choice([each.value for each in DeliveryState]), help="Only those in this state.")
@click.option("--limit", type=NUMBER, default=50, show_default=True, help="At most so many, newest first.")
def list_deliveries(config_path: Path, *, as_json: bool, partner: str | None, state: str | None, limit: int) -> None:
    """List deliveries, newest first.

    Example: flux deliveries list --state dead
    """
    settings = load_settings(config_path)
    with open_queries(settings) as queries:
        found = queries.list_deliveries(state=DeliveryState(state) if state else None, partner=partner, limit=limit + 1)
    lines = found[:limit]
    refuse_unknown_partner(partner, settings.partners, lines)
    tell_cut(limit, cut=len(found) > limit)
    rows = [
        {
            "id": line.id,
            "flow": line.flow_number,
            "kind": line.kind.value,
            "partner": line.partner,
            "file": f"{line.folder}/{line.name}".lstrip("/"),
            "state": line.state.value,
            "tries": line.tries,
            "next_at": line.next_at.isoformat() if line.next_at and line.state is DeliveryState.DUE else None,
            "delivered_at": line.delivered_at.isoformat() if line.delivered_at else None,
            "reason": line.last_error or line.held_reason,
        }
        for line in lines
    ]
    if as_json:
        for row in rows:
            click.echo(to_json_line(row))
        return
    print_table(
        ("id", "flow", "kind", "partner", "file", "state", "tries", "next or done (local)", "why"),
        [
            (line.id, line.flow_number, line.kind.value, line.partner or "no route",
             f"{line.folder}/{line.name}".lstrip("/"), line.state.value, line.tries, _moment(line),
             line.last_error or line.held_reason)
            for line in lines
        ],
        spare=("kind", "tries"),
    )  # fmt: skip


def _moment(line: DeliveryLine) -> str:
    """When it was delivered, or is tried next."""
    moment = line.next_at if line.state is DeliveryState.DUE else line.delivered_at
    return f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else ""


@command.command(name="retry")
@config_option
@click.argument("ids", nargs=-1, type=NUMBER)
@click.option("--partner", help="Everything dead or uncertain for this partner.")
@click.option("--dead", is_flag=True, help="Everything dead.")
def retry(config_path: Path, ids: tuple[int, ...], *, partner: str | None, dead: bool) -> None:
    """Set given-up deliveries going again; what is held goes by `flux flows release`.

    Example: flux deliveries retry 1204 1205
    """
    if sum((bool(ids), partner is not None, dead)) != 1:
        raise click.UsageError("say which: ids, or --partner NAME, or --dead")
    settings = load_settings(config_path)
    if dead:
        going = retry_all_dead(settings)
    elif partner is not None:
        going = retry_for_partner(settings, partner)
        refuse_unknown_partner(partner, settings.partners, going)
    else:
        going = retry_some(settings, ids)
    click.echo(f"{len(going)} going again{': ' if going else ''}{', '.join(map(str, going))}")
    with open_queries(settings) as queries:
        lines = queries.read_deliveries((*ids, *going)[:EXPLAINED])
    for line in lines:
        for why in _why_not(line, settings.partners, is_going=line.id in going):
            tell(f"delivery {line.id} {why}")
    if not going and not ids:
        tell(f"nothing is {'dead' if dead else f'dead or uncertain for {partner}'}")


def _why_not(line: DeliveryLine, partners: Collection[str], *, is_going: bool) -> Iterator[str]:
    """Why a delivery does not go again, or will not arrive."""
    if not is_going:
        yield _NOT_AGAIN.get(line.state, f"is {line.state.value}").format(when=_moment(line))
    elif line.partner not in partners:
        yield f"waits: the configuration has no partner {line.partner!r} any more; add it again, or `flux deliveries close`"


@command.command(name="close")
@config_option
@click.argument("ids", nargs=-1, type=NUMBER)
@click.option("--partner", help="Everything uncertain for this partner.")
@reason_option
@by_option
def close(config_path: Path, ids: tuple[int, ...], *, partner: str | None, reason: str, by: str) -> None:
    """Close what has not been delivered: it arrived, went another way, or is not wanted any more.

    It is not tried again; one that is under way at this moment may still arrive. A flow that owes nothing else is closed
    with it.

    Example: flux deliveries close 1204 --reason "they have it, says their help desk"
    """
    if bool(ids) == (partner is not None):
        raise click.UsageError("say which: ids, or --partner NAME")
    settings = load_settings(config_path)
    if partner is not None:
        closed = close_for_partner(settings, partner, by=by, reason=reason)
    else:
        closed = close_some(settings, ids, by=by, reason=reason)
    click.echo(f"{len(closed)} closed{': ' if closed else ''}{', '.join(map(str, closed))}")
