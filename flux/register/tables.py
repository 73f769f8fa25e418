"""The tables of the register, the same on SQLite and on PostgreSQL.

Two clocks. `starts_on` and `ends_on` are days of the world: from when to when an account may be paid. `opened` and `closed`
number the acts that wrote a row and that no longer hold it true: what was known on a day can always be told. A row is
written once; closing it is the only change it ever sees, and what comes next is another row.
"""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Table, Text, UniqueConstraint
from sqlalchemy.sql.schema import SchemaItem

from flux.sql.types import NUMBER, UtcDateTime, make_metadata

metadata = make_metadata()

# Whatever changed the register: imports, and what people did to accounts.
acts = Table(
    "acts",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("files", Text, nullable=False),  # JSON: name and SHA-256 of each
    Column("counts", Text, nullable=False),  # JSON
    Column("at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
    Index("ix_acts_source", "source"),
    sqlite_autoincrement=True,
)

structures = Table(
    "structures",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=False),
    Column("type", Text, nullable=False),
    Column("value", Text, nullable=False),
    UniqueConstraint("type", "value"),
)


def _versioned(name: str, *columns: SchemaItem) -> Table:
    return Table(
        name,
        metadata,
        Column("id", NUMBER, primary_key=True, autoincrement=True),
        Column(
            "structure", NUMBER, ForeignKey("structures.id", name=f"fk_{name}_structure_structures"), nullable=False
        ),
        *columns,
        Column("opened", NUMBER, ForeignKey("acts.number", name=f"fk_{name}_opened_acts"), nullable=False),
        Column("closed", NUMBER, ForeignKey("acts.number", name=f"fk_{name}_closed_acts")),
        Index(f"ix_{name}_structure", "structure"),
        sqlite_autoincrement=True,
    )


# What one source says of a structure; `gone_on` is the day on which it was no longer in the source's file.
sheets = _versioned(
    "sheets",
    Column("source", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("vat_number", Text, nullable=False),
    Column("requires_service", Boolean, nullable=False),
    Column("requires_engagement", Boolean, nullable=False),
    Column("requires_either", Boolean, nullable=False),
    Column("gone_on", Date),
)

# When a structure was active, as one source says.
stretches = _versioned(
    "stretches",
    Column("source", Text, nullable=False),
    Column("starts_on", Date),
    Column("ends_on", Date),
)

services = _versioned(
    "services",
    Column("code", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("requires_engagement", Boolean, nullable=False),
    Column("starts_on", Date),
    Column("ends_on", Date),
)

accounts = _versioned(
    "accounts",
    Column("kind", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("bic", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("factor", Text, nullable=False),
    Column("source_document", Text, nullable=False),
    Column("starts_on", Date),
    Column("ends_on", Date),
    Column("declared_by", Text, nullable=False),
    Column("declared_at", UtcDateTime),
    Column("approved_by", Text, nullable=False),
    Column("approved_at", UtcDateTime),
    Column("is_imported", Boolean, nullable=False),  # a full file that no longer names it closes it
)
