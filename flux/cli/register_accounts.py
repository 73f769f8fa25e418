"""`flux register accounts`."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import click

from flux.app.installation import load_settings
from flux.app.register import find_identifier
from flux.app.register_accounts import AccountLine, approve, close, declare, list_of_accounts
from flux.cli.options import DAY, NUMBER, config_option, json_option
from flux.cli.tables import print_table
from flux.model.masking import mask_account, mask_identifier
from flux.model.paris import in_paris
from flux.model.printable import to_json_line
from flux.model.register import DeclaredAccount, IdentifierType, Validity

_by_option = click.option("--by", default="", help="Who does it.  [default: the system's user]")
_type_option = click.option("--type", "kind", default="", help="The kind of identifier.  [default: found out]")


@click.group(name="accounts")
def accounts() -> None:
    """The accounts on the sheets of suppliers."""


@accounts.command(name="list")
@click.argument("supplier", required=False)
@_type_option
@click.option("--pending", is_flag=True, help="Only those that wait for an approval.")
@config_option
@json_option
def list_command(supplier: str | None, *, kind: str, pending: bool, config_path: Path, as_json: bool) -> None:
    """List accounts, masked, with the number by which they are approved and closed.

    Example: flux register accounts list --pending
    """
    settings = load_settings(config_path)
    wanted = find_identifier(settings, supplier, kind) if supplier else None
    _print_lines(list_of_accounts(settings, wanted, pending_only=pending), as_json=as_json)


@accounts.command(name="declare")
@click.argument("supplier")
@click.argument("account", metavar="IBAN|RIB")
@_type_option
@click.option("--from", "start", type=DAY, help="First day on which it may be paid.  [default: today]")
@click.option("--until", "end", type=DAY, help="Last day.")
@click.option("--bic", default="", help="Its BIC.")
@click.option("--holder", default="", help="In whose name it is.")
@click.option("--factor", default="", metavar="SIRET", help="The factor who collects on it.")
@click.option("--document", default="", help="What it was read from: a RIB, a letter.")
@_by_option
@config_option
@json_option
def declare_command(
    supplier: str,
    account: str,
    *,
    kind: str,
    start: datetime | None,
    end: datetime | None,
    bic: str,
    holder: str,
    factor: str,
    document: str,
    by: str,
    config_path: Path,
    as_json: bool,
) -> None:
    """Put an account on a supplier's sheet. With four eyes it counts once somebody else approved it.

    Example: flux register accounts declare 73282932000074 "FR14 2004 1010 0505 0001 3M02 606" --from 2026-12-01 --by Marie
    """
    first, last = start.date() if start else _today(), end.date() if end else None
    if last is not None and last < first:
        raise click.BadParameter(f"{last} lies before the first day, {first}", param_hint="--until")
    settings = load_settings(config_path)
    line = declare(
        settings,
        find_identifier(settings, supplier, kind),
        account,
        validity=Validity(start=first, end=last),
        bic=bic,
        holder=holder,
        factor=factor,
        document=document,
        by=by,
    )
    _print_lines((line,), as_json=as_json)


@accounts.command(name="approve")
@click.argument("numbers", nargs=-1, type=NUMBER, metavar="NUMBER...")
@click.option("--import", "act", type=NUMBER, help="All that wait of this import.")
@_by_option
@config_option
@json_option
def approve_command(numbers: tuple[int, ...], *, act: int | None, by: str, config_path: Path, as_json: bool) -> None:
    """Make declared accounts count: all those named, or none.

    Example: flux register accounts approve 17 --by Paul
    """
    if not numbers and act is None:
        raise click.UsageError("name accounts by their numbers, or --import")
    _print_lines(approve(load_settings(config_path), numbers, act=act, by=by), as_json=as_json)


@accounts.command(name="close")
@click.argument("number", type=NUMBER)
@click.option("--on", "last_day", type=DAY, required=True, help="Its last day.")
@_by_option
@config_option
@json_option
def close_command(number: int, *, last_day: datetime, by: str, config_path: Path, as_json: bool) -> None:
    """Give an account its last day; it stays on the sheet for the days before.

    Example: flux register accounts close 17 --on 2026-12-31
    """
    _print_lines((close(load_settings(config_path), number, last_day.date(), by=by),), as_json=as_json)


def account_json(line: AccountLine, day: date) -> dict[str, object]:
    """An account with whether it counts on a day."""
    account, validity = line.account, line.account.validity
    return {
        "number": line.number,
        "supplier": mask_identifier(line.supplier),
        "kind": account.kind.value,
        "account": mask_account(account.number),
        "bic": account.bic,
        "holder": _holder_of(line),
        "factor": account.factor,
        "document": account.source_document,
        "from": validity.start.isoformat() if validity.start else None,
        "until": validity.end.isoformat() if validity.end else None,
        "state": state_of(account, day),
        "declared_by": account.declared_by,
        "declared_at": account.declared_at.isoformat() if account.declared_at else None,
        "approved_by": account.approved_by or None,
        "approved_at": account.approved_at.isoformat() if account.approved_at else None,
    }


def account_columns() -> Sequence[str]:
    """The headings of `account_row`."""
    return ("number", "account", "state", "from", "until", "bic", "holder", "factor", "declared by", "approved by")


def account_row(line: AccountLine, day: date) -> tuple[object, ...]:
    """An account as a line of a table."""
    account, validity = line.account, line.account.validity
    return (
        line.number,
        mask_account(account.number),
        state_of(account, day),
        validity.start,
        validity.end,
        account.bic,
        _holder_of(line),
        account.factor,
        account.declared_by,
        account.approved_by,
    )


def state_of(account: DeclaredAccount, day: date) -> str:
    """Whether an account counts on a day, and why not."""
    if not account.is_approved:
        return "waits for approval"
    if account.validity.end is not None and account.validity.end < day:
        return "ended"
    return "counts" if account.validity.holds_on(day) else "not yet"


def _holder_of(line: AccountLine) -> str:
    """In whose name an account is; the name of a person is nobody's business."""
    is_person = line.supplier.type is IdentifierType.INDIVIDUAL
    return "…" if is_person and line.account.holder else line.account.holder


def _print_lines(lines: Sequence[AccountLine], *, as_json: bool) -> None:
    day = _today()
    if as_json:
        for line in lines:
            click.echo(to_json_line(account_json(line, day)))
        return
    print_table(
        ("supplier", *account_columns()),
        [(mask_identifier(line.supplier), *account_row(line, day)) for line in lines],
    )


def _today() -> date:
    return in_paris(datetime.now(UTC)).date()
