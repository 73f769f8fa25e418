"""The keys under which an invoice may exist once, taken by a unique index in the transaction that settles its flow."""

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, and_, bindparam, delete, select

from flux.errors import LedgerError
from flux.ledger.bounds import batches, bound_key
from flux.ledger.tables import flows, invoice_keys, invoices
from flux.model.flow import Flow
from flux.model.settlement import FirstUse, FirstUses, InvoiceId, InvoiceKey
from flux.sql.bulk import BulkInsert, Record


def take_keys(connection: Connection, flow: Flow, keys: Mapping[InvoiceId, InvoiceKey]) -> FirstUses:
    """Take every key that is free, in the order given; the invoices that came too late, each with who was first.

    Of two invoices of this flow under one key the first takes it. Raises LedgerError where a key was released between
    our being refused and our asking who had it: the settlement is then to be tried again.
    """
    texts = {invoice: key_text(key) for invoice, key in keys.items()}
    if not texts:
        return {}
    if _insert_keys(connection, flow, texts) == len(texts):
        return {}
    owners = dict(_read_owners(connection, sorted(set(texts.values()))))
    if len(owners) != len(set(texts.values())):
        raise LedgerError(f"a key that flow {flow.number} was refused has been released meanwhile")
    return {
        invoice: first
        for invoice, text in texts.items()
        for owner, first in (owners[text],)
        if (first.flow_number, owner) != (flow.number, invoice)
    }


def release_keys(connection: Connection, flow: Flow, keys: Mapping[InvoiceId, InvoiceKey]) -> None:
    """Let go of the keys that these invoices hold; those that another holds stay."""
    rows = [
        {"the_key": key_text(key), "of": flow.number, "the_ordinal": ordinal, "the_unit": unit}
        for (ordinal, unit), key in keys.items()
    ]
    if rows:
        connection.execute(_RELEASE, rows)


def key_text(key: InvoiceKey) -> str:
    """The key as one text; the length of the supplier's identifier keeps a `|` inside a number from moving the border."""
    return bound_key(f"{key.year}|{len(key.supplier)}|{key.supplier}|{key.number}")


_INSERT_KEYS = BulkInsert(invoice_keys, [column.name for column in invoice_keys.c], ignore_conflicts=True)
_RELEASE = delete(invoice_keys).where(
    invoice_keys.c.key == bindparam("the_key"),
    invoice_keys.c.flow == bindparam("of"),
    invoice_keys.c.ordinal == bindparam("the_ordinal"),
    invoice_keys.c.unit == bindparam("the_unit"),
)


def _insert_keys(connection: Connection, flow: Flow, texts: Mapping[InvoiceId, str]) -> int:
    """How many were free. Sorted by key, so that two flows with the same invoices never wait for each other."""
    rows: list[Record] = [
        {"key": text, "flow": flow.number, "attempt": flow.attempt, "ordinal": ordinal, "unit": unit}
        for (ordinal, unit), text in texts.items()
    ]
    rows.sort(key=lambda row: str(row["key"]))
    return _INSERT_KEYS.write(connection, rows)


def _read_owners(connection: Connection, texts: list[str]) -> Iterator[tuple[str, tuple[InvoiceId, FirstUse]]]:
    invoice = and_(*(invoices.c[name] == invoice_keys.c[name] for name in ("flow", "attempt", "ordinal", "unit")))
    wanted = (
        select(
            invoice_keys.c.key,
            invoice_keys.c.ordinal,
            invoice_keys.c.unit,
            flows.c.number.label("flow_number"),
            flows.c.name.label("flow_name"),
            flows.c.partner,
            flows.c.received_at,
            invoices.c.member,
            invoices.c.sha256,
            flows.c.state,
        )
        .join(flows, flows.c.number == invoice_keys.c.flow)
        .join(invoices, invoice)
    )
    for batch in batches(texts):
        for row in connection.execute(wanted.where(invoice_keys.c.key.in_(batch))).mappings():
            first = dict(row)
            text, place = first.pop("key"), (first.pop("ordinal"), first.pop("unit"))
            yield text, (place, FirstUse(**first))
