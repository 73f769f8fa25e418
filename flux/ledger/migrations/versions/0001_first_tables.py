"""The first tables: flows, their invoices and findings, what is owed for them, and the journal."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "flows",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("known_partner", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("reuse_of", NUMBER, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("held_reason", sa.Text(), nullable=True),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("event_head", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["reuse_of"], ["flows.number"], name="fk_flows_flows"),
        sa.PrimaryKeyConstraint("number", name="pk_flows"),
        sa.UniqueConstraint("gateway", "claim", name="uq_flows_gateway_claim"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_flows_gateway_state", "flows", ["gateway", "state"], unique=False)
    op.create_index("ix_flows_partner", "flows", ["partner"], unique=False)
    op.create_table(
        "sequences",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name="pk_sequences"),
    )
    op.create_table(
        "chunks",
        sa.Column("flow", NUMBER, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("chunk", sa.Integer(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["flow"], ["flows.number"], name="fk_chunks_flows"),
        sa.PrimaryKeyConstraint("flow", "attempt", "chunk", name="pk_chunks"),
    )
    op.create_table(
        "events",
        sa.Column("flow", NUMBER, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["flow"], ["flows.number"], name="fk_events_flows"),
        sa.PrimaryKeyConstraint("flow", "ordinal", name="pk_events"),
    )
    op.create_table(
        "findings",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("flow", NUMBER, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=True),
        sa.Column("unit", sa.Integer(), nullable=True),
        sa.Column("is_added", sa.Boolean(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("ruleset", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(), nullable=True),
        sa.Column("found", sa.Text(), nullable=True),
        sa.Column("expected", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("xpath", sa.Text(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["flow"], ["flows.number"], name="fk_findings_flows"),
        sa.PrimaryKeyConstraint("id", name="pk_findings"),
    )
    op.create_index("ix_findings_flow_attempt", "findings", ["flow", "attempt"], unique=False)
    op.create_table(
        "flow_names",
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("flow", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["flow"], ["flows.number"], name="fk_flow_names_flows"),
        sa.PrimaryKeyConstraint("partner", "name", name="pk_flow_names"),
    )
    op.create_table(
        "invoices",
        sa.Column("flow", NUMBER, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column("member", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("syntax", sa.Text(), nullable=True),
        sa.Column("profile", sa.Text(), nullable=True),
        sa.Column("interface", sa.Text(), nullable=True),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("layers", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("type_code", sa.Text(), nullable=True),
        sa.Column("issue_date", sa.Text(), nullable=True),
        sa.Column("issue_date_text", sa.Text(), nullable=True),
        sa.Column("cadre", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("total_due", sa.Text(), nullable=True),
        sa.Column("supplier_identifier", sa.Text(), nullable=True),
        sa.Column("supplier_scheme", sa.Text(), nullable=True),
        sa.Column("supplier_name", sa.Text(), nullable=True),
        sa.Column("supplier_country", sa.Text(), nullable=True),
        sa.Column("buyer_identifier", sa.Text(), nullable=True),
        sa.Column("buyer_scheme", sa.Text(), nullable=True),
        sa.Column("buyer_name", sa.Text(), nullable=True),
        sa.Column("buyer_country", sa.Text(), nullable=True),
        sa.Column("code_service", sa.Text(), nullable=True),
        sa.Column("numero_engagement", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["flow"], ["flows.number"], name="fk_invoices_flows"),
        sa.PrimaryKeyConstraint("flow", "attempt", "ordinal", "unit", name="pk_invoices"),
    )
    op.create_table(
        "outputs",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("flow", NUMBER, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("partner", sa.Text(), nullable=True),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("invoices", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("delivered_at", MOMENT, nullable=True),
        sa.Column("held_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["flow"], ["flows.number"], name="fk_outputs_flows"),
        sa.PrimaryKeyConstraint("id", name="pk_outputs"),
        sa.UniqueConstraint("flow", "attempt", "position", name="uq_outputs_flow_attempt_position"),
    )
    op.create_index("ix_outputs_state_next_at_id", "outputs", ["state", "next_at", "id"], unique=False)
    op.create_table(
        "pulled",
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("pulled_key", sa.Text(), nullable=False),
        sa.Column("flow", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["flow"], ["flows.number"], name="fk_pulled_flows"),
        sa.PrimaryKeyConstraint("partner", "pulled_key", name="pk_pulled"),
    )
    op.create_table(
        "invoice_keys",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("flow", NUMBER, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["flow", "attempt", "ordinal", "unit"],
            ["invoices.flow", "invoices.attempt", "invoices.ordinal", "invoices.unit"],
            name="fk_invoice_keys_invoices",
        ),
        sa.PrimaryKeyConstraint("key", name="pk_invoice_keys"),
    )
    op.create_index("ix_invoice_keys_flow", "invoice_keys", ["flow"], unique=False)
