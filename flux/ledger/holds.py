"""Legal holds: what must stay whatever its age, until somebody lifts the hold; each with who said so and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select, true, update

from flux.errors import LedgerError
from flux.ledger.bounds import to_storable
from flux.ledger.database import Database
from flux.ledger.tables import flows, holds, invoices, outputs
from flux.model.authority import Authority


class HoldKind(Enum):
    """What a hold names: one flow, all that a partner sent or received, all invoices from or to an enterprise."""

    FLOW = "flow"
    PARTNER = "partner"
    SIREN = "siren"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A hold as the ledger keeps it, also once it is lifted."""

    number: int
    kind: HoldKind
    value: str
    reason: str
    by: str
    at: datetime
    lifted_reason: str | None
    lifted_by: str | None
    lifted_at: datetime | None


def place_hold(database: Database, kind: HoldKind, value: str, authority: Authority) -> int:
    """Keep what a value names from now on; the number of the hold."""
    row = {
        "kind": kind.value,
        "value": to_storable(value),
        "reason": to_storable(authority.reason),
        "by": authority.by,
        "at": authority.at,
    }
    with database.write() as connection:
        number: int = connection.execute(holds.insert().returning(holds.c.number), row).scalar_one()
        return number


def lift_hold(database: Database, number: int, authority: Authority) -> None:
    """End a hold. Raises LedgerError for one that is not there or is lifted already."""
    lifted = {
        "lifted_reason": to_storable(authority.reason),
        "lifted_by": authority.by,
        "lifted_at": authority.at,
    }
    standing = and_(holds.c.number == number, holds.c.lifted_at.is_(None))
    with database.write() as connection:
        if connection.execute(update(holds).where(standing).values(lifted)).rowcount != 1:
            raise LedgerError(f"no hold {number} stands; `flux retention holds` lists them")


def list_holds(connection: Connection, *, standing_only: bool = False) -> Sequence[Hold]:
    """The holds, oldest first."""
    wanted = select(holds).where(holds.c.lifted_at.is_(None) if standing_only else true()).order_by(holds.c.number)
    return [Hold(**{**row, "kind": HoldKind(row["kind"])}) for row in connection.execute(wanted).mappings()]


def is_under(hold: Hold) -> ColumnElement[bool]:
    """The condition on `flows` that a hold keeps a flow."""
    if hold.kind is HoldKind.FLOW:
        return flows.c.number == int(hold.value)
    if hold.kind is HoldKind.PARTNER:
        sent_to = exists().where(outputs.c.flow == flows.c.number, outputs.c.partner == hold.value)
        return or_(flows.c.partner == hold.value, sent_to)
    named = or_(
        invoices.c.supplier_siren == hold.value,
        invoices.c.buyer_siren == hold.value,
        # A SIRET begins with the SIREN.
        invoices.c.supplier_identifier.startswith(hold.value),
        invoices.c.buyer_identifier.startswith(hold.value),
    )
    return exists().where(invoices.c.flow == flows.c.number, named)
