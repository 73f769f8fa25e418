"""The backups that were made."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "backups",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("last_flow", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_backups"),
    )
