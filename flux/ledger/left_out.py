"""The numbers of flows that a restore leaves out, since they may have been given after the backup.

Partners have files that bear them (`CR_000231_...`): a second file of such a name would be taken for the first. The
stretch is noted, so that it is not taken for flows that were cut out of the ledger.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, func, select, text

from flux.ledger.tables import flows, left_out


def leave_out(connection: Connection, count: int, at: datetime) -> None:
    """Let the flows go on that many numbers further, and note which are not given."""
    last = max(connection.scalar(select(func.max(flows.c.number))) or 0, _given(connection))
    _go_on_after(connection, last + count)
    connection.execute(left_out.insert(), {"first": last + 1, "last": last + count, "at": at})


def read_left_out(connection: Connection) -> Sequence[range]:
    """The numbers that restores of this ledger left out, in their order."""
    rows = connection.execute(select(left_out.c.first, left_out.c.last).order_by(left_out.c.first))
    return [range(first, last + 1) for first, last in rows]


def restored_at(connection: Connection) -> datetime | None:
    """When this ledger last came out of a backup after which somebody may have worked."""
    return cast("datetime | None", connection.scalar(select(func.max(left_out.c.at))))


_SQLITE_GIVEN = text("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'flows'")
_SQLITE_FORGET = text("DELETE FROM sqlite_sequence WHERE name = 'flows'")  # there is no row before the first flow
_SQLITE_GO_ON = text("INSERT INTO sqlite_sequence (name, seq) VALUES ('flows', :last)")
_POSTGRESQL_SEQUENCE = text("SELECT pg_get_serial_sequence('flows', 'number')")
_POSTGRESQL_GO_ON = text("SELECT setval(pg_get_serial_sequence('flows', 'number'), :last)")


def _given(connection: Connection) -> int:
    """The last number that was given, also to a flow that did not come to be."""
    if connection.dialect.name == "sqlite":
        return int(connection.execute(_SQLITE_GIVEN).scalar_one())
    sequence = connection.execute(_POSTGRESQL_SEQUENCE).scalar_one()  # comes quoted where it must be
    return int(connection.execute(text(f"SELECT last_value FROM {sequence}")).scalar_one())  # noqa: S608


def _go_on_after(connection: Connection, last: int) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(_SQLITE_FORGET)
        connection.execute(_SQLITE_GO_ON, {"last": last})
    else:
        connection.execute(_POSTGRESQL_GO_ON, {"last": last})
