"""What the journal knows of the rows of a verdict: a hash of each kind, in the event that wrote them last.

SHA-256 over the rows in their order, each a line: a JSON array without spaces, the numbers first. The database writes it,
which costs a third of reading the columns. A column that comes later stays out of the hash: the events of before must
still prove their rows.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    Select,
    Table,
    Text,
    bindparam,
    case,
    cast,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.exc import OperationalError

from flux.ledger.tables import findings, invoices, outputs

Attempt = tuple[int, int]

# Under these names the hashes stand in events.
INVOICE_ROWS, FINDING_ROWS, OUTPUT_ROWS = "invoice_rows", "finding_rows", "output_rows"
GUARDED: Mapping[str, str] = {INVOICE_ROWS: "invoices", FINDING_ROWS: "findings", OUTPUT_ROWS: "outputs"}
NO_ROWS = hashlib.sha256().hexdigest()
_LINES_AT_ONCE = 500

_Columns = Sequence[ColumnElement[Any]]


def hash_rows(connection: Connection, attempt: Attempt, kinds: Iterable[str] = GUARDED) -> dict[str, str]:
    """The hash of each kind of rows of a flow's attempt, as they stand now."""
    number, _ = attempt
    return {kind: read_hashes(connection, kind, number, number).get(attempt, NO_ROWS) for kind in kinds}


def read_hashes(connection: Connection, kind: str, start: int, end: int) -> dict[Attempt, str]:
    """The same of one kind for all attempts of a stretch of flows; one that has no such rows is left out."""
    if connection.dialect.name != "sqlite":
        return _read(connection, _LINES_OF_POSTGRESQL[kind], start, end)
    try:
        return _read(connection, _LINES_OF_SQLITE[kind], start, end)
    except (
        OperationalError
    ):  # JSON refuses the bytes that somebody put in the place of a text; another failure comes again
        return _read(connection, _LINES_WITH_BYTES[kind], start, end)


def _read(connection: Connection, lines: Select[Any], start: int, end: int) -> dict[Attempt, str]:
    """No more than some hundred lines lie in memory, whatever the size of a flow."""
    rows = connection.execute(lines, {"start": start, "end": end}, execution_options={"yield_per": _LINES_AT_ONCE})
    return {(flow, attempt): _hash(held) for (flow, attempt), held in groupby(map(tuple, rows), itemgetter(0, 1))}


def read_all_hashes(connection: Connection, start: int, end: int) -> Mapping[int, Mapping[tuple[str, int], str]]:
    """The hashes of every kind by flow, then by kind and attempt."""
    found: dict[int, dict[tuple[str, int], str]] = defaultdict(dict)
    for kind in GUARDED:
        for (number, attempt), value in read_hashes(connection, kind, start, end).items():
            found[number][kind, attempt] = value
    return found


def _hash(rows: Iterator[Sequence[Any]]) -> str:
    counted = hashlib.sha256()
    while some := list(islice(map(itemgetter(2), rows), _LINES_AT_ONCE)):
        counted.update(b"\n".join(some) + b"\n")
    return counted.hexdigest()


_BETWEEN: tuple[BindParameter[int], BindParameter[int]] = (bindparam("start"), bindparam("end"))


class _Guarded(NamedTuple):
    """The columns of a table that are hashed: first the numbers, then the texts; and what orders the rows of an attempt."""

    table: Table
    numbers: str
    texts: str
    order: str

    def lines(self, write: Callable[[_Columns, _Columns], ColumnElement[bytes]]) -> Select[Any]:
        """Flow, attempt and line of each row."""
        held = self.table.c
        # True and 1 are one value on SQLite, and two elsewhere.
        numbers = [
            cast(held[name], Integer) if name == "is_added" else held[name] for name in _ATTEMPT + self.numbers.split()
        ]
        return (
            select(held.flow, held.attempt, write(numbers, [held[name] for name in self.texts.split()]))
            .where(held.flow.between(*_BETWEEN))
            .order_by(*(held[name] for name in _ATTEMPT + self.order.split()))
        )


def _on_sqlite(numbers: _Columns, texts: _Columns) -> ColumnElement[bytes]:
    return cast(func.json_array(*numbers, *texts), LargeBinary)


def _on_sqlite_with_bytes(numbers: _Columns, texts: _Columns) -> ColumnElement[bytes]:
    """The same, where somebody put bytes: JSON has none, and none of the columns either."""
    return _on_sqlite(
        *(
            [case((func.typeof(each) == "blob", func.quote(each)), else_=each) for each in some]
            for some in (numbers, texts)
        )
    )


def _on_postgresql(numbers: _Columns, texts: _Columns) -> ColumnElement[bytes]:
    """What SQLite writes: PostgreSQL puts no space between the items of an array of one type only."""
    first = func.concat_ws(",", *(func.coalesce(cast(each, Text), "null") for each in numbers))
    rest = func.substr(cast(func.array_to_json(array(texts)), Text), 2)
    return func.convert_to(func.concat("[", first, ",", rest), "UTF8")


_ATTEMPT = ["flow", "attempt"]
_GUARDED: Mapping[str, _Guarded] = {
    INVOICE_ROWS: _Guarded(
        invoices,
        "ordinal unit size_bytes",
        "member sha256 syntax profile interface family verdict layers outcome number type_code issue_date"
        " issue_date_text cadre currency total_due supplier_identifier supplier_scheme supplier_name supplier_country"
        " buyer_identifier buyer_scheme buyer_name buyer_country code_service numero_engagement supplier_siren"
        " supplier_address supplier_address_scheme buyer_siren buyer_address buyer_address_scheme accounts",
        "ordinal unit",
    ),
    FINDING_ROWS: _Guarded(
        findings,
        "ordinal unit is_added line",
        "code severity layer ruleset audience term found expected detail xpath facts",
        "id",
    ),
    OUTPUT_ROWS: _Guarded(outputs, "position", "kind partner folder name invoices held_reason", "position"),
}
_LINES_OF_SQLITE = {kind: guarded.lines(_on_sqlite) for kind, guarded in _GUARDED.items()}
_LINES_WITH_BYTES = {kind: guarded.lines(_on_sqlite_with_bytes) for kind, guarded in _GUARDED.items()}
_LINES_OF_POSTGRESQL = {kind: guarded.lines(_on_postgresql) for kind, guarded in _GUARDED.items()}
