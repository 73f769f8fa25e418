"""What life-cycle messages and account checks need of an invoice: SIREN and electronic address of its parties, hashes of its accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for party in ("supplier", "buyer"):
        for name in ("siren", "address", "address_scheme"):
            op.add_column("invoices", sa.Column(f"{party}_{name}", sa.Text(), nullable=True))
    op.add_column("invoices", sa.Column("accounts", sa.Text(), nullable=True))
