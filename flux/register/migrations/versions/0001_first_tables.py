"""The first tables: acts, structures, and what is known of them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text, "sqlite")


def upgrade() -> None:
    op.create_table(
        "acts",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "source", "version", "files", "counts")),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_acts"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_acts_source", "acts", ["source"])
    op.create_table(
        "structures",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_structures"),
        sa.UniqueConstraint("type", "value", name="uq_structures_type_value"),
    )
    _create(
        "sheets",
        *_texts("source", "name", "country", "vat_number"),
        *_flags("requires_service", "requires_engagement", "requires_either"),
        sa.Column("gone_on", sa.Date(), nullable=True),
    )
    _create("stretches", *_texts("source"), *_days())
    _create("services", *_texts("code", "label"), *_flags("requires_engagement"), *_days())
    _create(
        "accounts",
        *_texts("kind", "number", "bic", "holder", "factor", "source_document"),
        *_days(),
        *_texts("declared_by"),
        sa.Column("declared_at", MOMENT, nullable=True),
        *_texts("approved_by"),
        sa.Column("approved_at", MOMENT, nullable=True),
        *_flags("is_imported"),
    )


def _create(name: str, *columns: sa.Column) -> None:
    op.create_table(
        name,
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("structure", NUMBER, nullable=False),
        *columns,
        sa.Column("opened", NUMBER, nullable=False),
        sa.Column("closed", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["structure"], ["structures.id"], name=f"fk_{name}_structure_structures"),
        sa.ForeignKeyConstraint(["opened"], ["acts.number"], name=f"fk_{name}_opened_acts"),
        sa.ForeignKeyConstraint(["closed"], ["acts.number"], name=f"fk_{name}_closed_acts"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{name}_structure", name, ["structure"])


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _flags(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Boolean(), nullable=False) for name in names]


def _days() -> list[sa.Column]:
    return [sa.Column(name, sa.Date(), nullable=True) for name in ("starts_on", "ends_on")]
