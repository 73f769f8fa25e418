"""The tables of the ledger, the same on SQLite and on PostgreSQL.

Enumerations stand as their official values, lists as compact JSON text, moments as UtcDateTime. What belongs to one
judgment of a flow bears the flow's number and attempt.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from flux.sql.types import NUMBER, UtcDateTime, make_metadata

metadata = make_metadata()

flows = Table(
    "flows",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    Column("attempt", Integer, nullable=False),
    Column("gateway", Text, nullable=False),
    Column("claim", Text, nullable=False),
    Column("partner", Text, nullable=False),
    Column("known_partner", Boolean, nullable=False),
    Column("name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("reuse_of", NUMBER, ForeignKey("flows.number")),
    Column("state", Text, nullable=False),
    Column("pending", Integer, nullable=False),  # chunks that still need judging
    Column("verdict", Text),
    Column("status", Text),
    Column("held_reason", Text),
    Column("event_count", Integer, nullable=False),
    Column("event_head", Text, nullable=False),  # hash of the last event
    Column("retired_at", UtcDateTime),  # its bytes and its personal data went
    UniqueConstraint("gateway", "claim"),
    Index("ix_flows_gateway_state", "gateway", "state"),
    Index("ix_flows_partner", "partner"),
    sqlite_autoincrement=True,  # a number is never used twice
)

flow_names = Table(
    "flow_names",
    metadata,
    Column("partner", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("flow", NUMBER, ForeignKey("flows.number"), nullable=False),
)

pulled = Table(
    "pulled",
    metadata,
    Column("partner", Text, primary_key=True),
    Column("pulled_key", Text, primary_key=True),
    Column("flow", NUMBER, ForeignKey("flows.number"), nullable=False),
)

chunks = Table(
    "chunks",
    metadata,
    Column("flow", NUMBER, ForeignKey("flows.number"), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("chunk", Integer, primary_key=True),
    Column("is_done", Boolean, nullable=False),
)

invoices = Table(
    "invoices",
    metadata,
    Column("flow", NUMBER, ForeignKey("flows.number"), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("unit", Integer, primary_key=True),
    Column("member", Text),
    Column("sha256", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("syntax", Text),
    Column("profile", Text),
    Column("interface", Text),
    Column("family", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("layers", Text, nullable=False),
    Column("outcome", Text),
    # The summary: all absent where no invoice could be read, else only the date may be.
    Column("number", Text),
    Column("type_code", Text),
    Column("issue_date", Text),  # ISO
    Column("issue_date_text", Text),
    Column("cadre", Text),
    Column("currency", Text),
    Column("total_due", Text),
    Column("supplier_identifier", Text),
    Column("supplier_scheme", Text),
    Column("supplier_name", Text),
    Column("supplier_country", Text),
    Column("buyer_identifier", Text),
    Column("buyer_scheme", Text),
    Column("buyer_name", Text),
    Column("buyer_country", Text),
    Column("code_service", Text),
    Column("numero_engagement", Text),
    Column("supplier_siren", Text),
    Column("supplier_address", Text),
    Column("supplier_address_scheme", Text),
    Column("buyer_siren", Text),
    Column("buyer_address", Text),
    Column("buyer_address_scheme", Text),
    Column("accounts", Text),  # keyed hashes, a space between two
)

findings = Table(
    "findings",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("flow", NUMBER, ForeignKey("flows.number"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("ordinal", Integer),  # absent: a finding of the flow itself
    Column("unit", Integer),
    Column("is_added", Boolean, nullable=False),  # by the settlement
    Column("code", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("layer", Text, nullable=False),
    Column("ruleset", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("term", Text),
    Column("found", Text),
    Column("expected", Text),
    Column("detail", Text),
    Column("line", Integer),
    Column("xpath", Text),
    Column("facts", Text),
    Index("ix_findings_flow_attempt", "flow", "attempt"),
)

invoice_keys = Table(
    "invoice_keys",
    metadata,
    Column("key", Text, primary_key=True),
    Column("flow", NUMBER, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("unit", Integer, nullable=False),
    ForeignKeyConstraint(
        ["flow", "attempt", "ordinal", "unit"],
        ["invoices.flow", "invoices.attempt", "invoices.ordinal", "invoices.unit"],
    ),
    Index("ix_invoice_keys_flow", "flow"),
)

account_uses = Table(
    "account_uses",
    metadata,
    Column("supplier", Text, primary_key=True),  # as invoice_keys knows it: SIREN, else scheme and identifier
    Column("account", Text, primary_key=True),  # keyed hash
    Column("first_used_at", UtcDateTime, nullable=False),
    Column("last_used_at", UtcDateTime, nullable=False),
    Column("uses", Integer, nullable=False),  # accepted invoices
    Index("ix_account_uses_account", "account"),
)

sequences = Table(
    "sequences",
    metadata,
    Column("scope", Text, primary_key=True),  # application code of the emitter, then the four digits of the interface
    Column("last", BigInteger, nullable=False),
)

outputs = Table(
    "outputs",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("flow", NUMBER, ForeignKey("flows.number"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("partner", Text),
    Column("folder", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("invoices", Text, nullable=False),
    Column("sha256", Text),
    Column("size_bytes", BigInteger),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", UtcDateTime),
    Column("last_error", Text),
    Column("delivered_at", UtcDateTime),
    Column("held_reason", Text),
    UniqueConstraint("flow", "attempt", "position"),
    # What was delivered stays for years: the questions of every second must not read it.
    Index("ix_outputs_state_next_at_id", "state", "next_at", "id"),
)

events = Table(
    "events",
    metadata,
    Column("flow", NUMBER, ForeignKey("flows.number"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("name", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

seals = Table(
    "seals",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),  # from 1, without gaps
    Column("at", UtcDateTime, nullable=False),
    Column("flows", Integer, nullable=False),
    Column("content", Text, nullable=False),  # hash of the heads under this seal
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

sealed_heads = Table(
    "sealed_heads",
    metadata,
    # No foreign key: a flow that was cut out of the ledger must leave its seal behind.
    Column("flow", NUMBER, primary_key=True, autoincrement=False),
    Column("event_count", Integer, primary_key=True),
    Column("event_head", Text, nullable=False),
    Column("seal", NUMBER, ForeignKey("seals.number"), nullable=False),
    Index("ix_sealed_heads_seal_flow", "seal", "flow"),
)

holds = Table(
    "holds",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("lifted_reason", Text),
    Column("lifted_by", Text),
    Column("lifted_at", UtcDateTime),
    sqlite_autoincrement=True,
)

backups = Table(
    "backups",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    Column("gateway", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("folder", Text, nullable=False),
    Column("last_flow", NUMBER, nullable=False),  # 0: there was none yet
)

left_out = Table(
    "left_out",
    metadata,
    Column("first", NUMBER, primary_key=True, autoincrement=False),  # the numbers of flows that a restore passed over
    Column("last", NUMBER, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
