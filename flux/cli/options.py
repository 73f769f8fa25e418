"""Options that several commands share."""

import difflib
from collections.abc import Collection, Sized
from datetime import datetime
from pathlib import Path

import click

from flux.app.authority import login

# What a column of the ledger can hold, less one: a list asks for one line more than it shows.
LARGEST_NUMBER = 2**63 - 2
_EARLIEST_YEAR, _LATEST_YEAR = 1900, 2999


class _Moment(click.DateTime):
    """A date that this trade can mean: beyond these years it was mistyped, and no time zone can hold the first and last."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment. Fails as wrong use for a year out of reach."""
        moment: datetime = super().convert(value, param, ctx)
        if not _EARLIEST_YEAR <= moment.year <= _LATEST_YEAR:
            self.fail(f"a year from {_EARLIEST_YEAR} to {_LATEST_YEAR} expected, found {value!r}", param, ctx)
        return moment


NUMBER = click.IntRange(1, LARGEST_NUMBER)
MOMENT = _Moment()
DAY = _Moment(["%Y-%m-%d"])

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


def refuse_unknown_partner(partner: str | None, known: Collection[str], found: Sized) -> None:
    """Tell a mistyped partner from one with nothing to show. One that left the configuration may still have rows."""
    if partner is not None and partner not in known and not found:
        near = difflib.get_close_matches(partner, known, n=1)
        meant = f"; did you mean {near[0]!r}?" if near else ""
        raise click.BadParameter(f"the configuration has no partner {partner!r}{meant}", param_hint="--partner")
