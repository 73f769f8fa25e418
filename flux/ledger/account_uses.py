"""The history of accounts: asked before a flow is decided, written with what was accepted, in its transaction."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection, Executable, bindparam, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from flux.ledger.bounds import batches
from flux.ledger.tables import account_uses
from flux.model.settlement import AccountUse, PastUse


def read_past(connection: Connection, uses: Iterable[AccountUse]) -> tuple[PastUse, ...]:
    """All accounts of these suppliers, and all suppliers of these accounts; nothing is asked where there are none."""
    asked = sorted(set(uses))
    found = {
        row.use: row
        for batch in batches(asked)
        for row in _read(connection, {use.supplier for use in batch}, {use.account for use in batch})
    }
    return tuple(found.values())


def write_uses(connection: Connection, uses: Iterable[AccountUse], at: datetime) -> None:
    """Count one more use of each. In one order, so that two flows of the same suppliers take turns."""
    counted = sorted(Counter(uses).items())
    if counted:
        rows = [
            {"the_supplier": use.supplier, "the_account": use.account, "moment": at, "count": count}
            for use, count in counted
        ]
        connection.execute(_ADD[connection.dialect.name], rows)


_READ = (
    select(account_uses)
    .where(
        or_(
            account_uses.c.supplier.in_(bindparam("suppliers", expanding=True)),
            account_uses.c.account.in_(bindparam("accounts", expanding=True)),
        )
    )
    .order_by(account_uses.c.first_used_at, account_uses.c.supplier, account_uses.c.account)
)


def _read(connection: Connection, suppliers: Iterable[str], accounts: Iterable[str]) -> Iterator[PastUse]:
    rows = connection.execute(_READ, {"suppliers": sorted(suppliers), "accounts": sorted(accounts)})
    for supplier, account, first_used_at, last_used_at, uses in rows:
        yield PastUse(
            use=AccountUse(supplier, account), first_used_at=first_used_at, last_used_at=last_used_at, uses=uses
        )


def _adding(insert: postgresql.Insert | sqlite.Insert) -> Executable:
    fresh = insert.values(
        supplier=bindparam("the_supplier"),
        account=bindparam("the_account"),
        first_used_at=bindparam("moment"),
        last_used_at=bindparam("moment"),
        uses=bindparam("count"),
    )
    return fresh.on_conflict_do_update(
        index_elements=[account_uses.c.supplier, account_uses.c.account],
        set_={"last_used_at": fresh.excluded.last_used_at, "uses": account_uses.c.uses + fresh.excluded.uses},
    )


_ADD = {"sqlite": _adding(sqlite.insert(account_uses)), "postgresql": _adding(postgresql.insert(account_uses))}
