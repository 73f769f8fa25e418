"""What the journal knows of the rows of a verdict: a hash of each kind, in the event that wrote them last.

A column that comes later stays out of the hash: the events of before must still prove their rows.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import itemgetter

from sqlalchemy import BindParameter, Connection, Integer, Select, Table, bindparam, cast, select

from flux.ledger.tables import findings, invoices, outputs

Attempt = tuple[int, int]

# Under these names the hashes stand in events.
INVOICE_ROWS, FINDING_ROWS, OUTPUT_ROWS = "invoice_rows", "finding_rows", "output_rows"
GUARDED: Mapping[str, str] = {INVOICE_ROWS: "invoices", FINDING_ROWS: "findings", OUTPUT_ROWS: "outputs"}
NO_ROWS = hashlib.sha256().hexdigest()
# Part of what is hashed: written row by row it costs half as much again.
_ROWS_AT_ONCE = 500


def hash_rows(connection: Connection, attempt: Attempt, kinds: Iterable[str] = GUARDED) -> dict[str, str]:
    """The hash of each kind of rows of a flow's attempt, as they stand now."""
    number, _ = attempt
    return {kind: read_hashes(connection, kind, number, number).get(attempt, NO_ROWS) for kind in kinds}


def read_hashes(connection: Connection, kind: str, start: int, end: int) -> dict[Attempt, str]:
    """The same of one kind for all attempts of a stretch of flows; one that has no such rows is left out."""
    rows = connection.execute(_ROWS[kind], {"start": start, "end": end}, execution_options={"yield_per": _ROWS_AT_ONCE})
    return {attempt: _hash(lines) for attempt, lines in groupby(map(tuple, rows), itemgetter(0, 1))}


def read_all_hashes(connection: Connection, start: int, end: int) -> Mapping[int, Mapping[tuple[str, int], str]]:
    """The hashes of every kind by flow, then by kind and attempt."""
    found: dict[int, dict[tuple[str, int], str]] = defaultdict(dict)
    for kind in GUARDED:
        for (number, attempt), value in read_hashes(connection, kind, start, end).items():
            found[number][kind, attempt] = value
    return found


def _hash(rows: Iterator[Sequence[object]]) -> str:
    """SHA-256 over the rows as JSON, an array of up to 500 of them on a line."""
    counted = hashlib.sha256()
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        counted.update(f"{_ENCODER.encode(some)}\n".encode())
    return counted.hexdigest()


# Whoever tampers may leave a value of any type.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False, default=repr)
_BETWEEN: tuple[BindParameter[int], BindParameter[int]] = (bindparam("start"), bindparam("end"))


def _rows_of(table: Table, names: str, *order: str) -> Select[tuple[object, ...]]:
    columns = [
        # True and 1 are one value on SQLite, and two elsewhere.
        cast(table.c[name], Integer) if name == "is_added" else table.c[name]
        for name in ("flow", "attempt", *names.split())
    ]
    ordered = (table.c[name] for name in ("flow", "attempt", *order))
    return select(*columns).where(table.c.flow.between(*_BETWEEN)).order_by(*ordered)


_ROWS: Mapping[str, Select[tuple[object, ...]]] = {
    INVOICE_ROWS: _rows_of(
        invoices,
        "ordinal unit member sha256 size_bytes syntax profile interface family verdict layers outcome number type_code"
        " issue_date issue_date_text cadre currency total_due supplier_identifier supplier_scheme supplier_name"
        " supplier_country buyer_identifier buyer_scheme buyer_name buyer_country code_service numero_engagement"
        " supplier_siren supplier_address supplier_address_scheme buyer_siren buyer_address buyer_address_scheme"
        " accounts",
        "ordinal",
        "unit",
    ),
    FINDING_ROWS: _rows_of(
        findings,
        "ordinal unit is_added code severity layer ruleset audience term found expected detail line xpath facts",
        "id",
    ),
    OUTPUT_ROWS: _rows_of(outputs, "position kind partner folder name invoices held_reason", "position"),
}
