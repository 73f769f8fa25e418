"""What a settled flow owes: its outputs with the sequence numbers and names that only the ledger can give."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Executable, bindparam
from sqlalchemy.dialects import postgresql, sqlite

from flux.ledger.book import FlowBook
from flux.ledger.tables import outputs, sequences
from flux.model.flow import Flow, FlowName
from flux.model.lifecycle import DeliveryState
from flux.model.settlement import PlannedOutput
from flux.sql.bulk import BulkInsert, Record


def write_plan(book: FlowBook, flow: Flow, planned: Sequence[PlannedOutput], application_code: str) -> None:
    """Number, name and write the outputs of a flow, those that nothing can be done with yet as held."""
    names = name_outputs(book.connection, planned, application_code)
    rows = [_record(flow, position, *each) for position, each in enumerate(zip(planned, names, strict=True))]
    _INSERT_OUTPUTS.write(book.connection, rows)
    for output, name in zip(planned, names, strict=True):
        if is_held(output):
            book.note(flow.number, "delivery_held", name=name, reason=output.held_reason)


def is_held(planned: PlannedOutput) -> bool:
    """True where a person must release it first."""
    return planned.partner is None or planned.held_reason is not None


def name_outputs(connection: Connection, planned: Sequence[PlannedOutput], application_code: str) -> list[str]:
    """The final names in the order of the plan; takes sequence numbers."""
    own = list(_own_names(connection, planned, application_code))
    return [
        name if output.beside is None else own[output.beside] + name for output, name in zip(planned, own, strict=True)
    ]


def _own_names(connection: Connection, planned: Sequence[PlannedOutput], application_code: str) -> Iterator[str]:
    numbers = _take_numbers(connection, planned, application_code)
    for output in planned:
        if output.code is None:
            yield output.name
        else:
            number = next(numbers[_digits(output.code)])
            yield str(FlowName.build(output.code, output.receiver, application_code, number))


def _digits(code: str) -> str:
    """The four digits of an interface code, which scope its sequence."""
    return code[3:7]


def _take_numbers(
    connection: Connection, planned: Sequence[PlannedOutput], application_code: str
) -> dict[str, Iterator[int]]:
    """Fresh sequence numbers for the coded outputs, by digits; scopes in one order, so that gateways take turns."""
    wanted = Counter(_digits(output.code) for output in planned if output.code is not None)
    return {digits: _advance(connection, application_code + digits, wanted[digits]) for digits in sorted(wanted)}


def _advance(connection: Connection, scope: str, count: int) -> Iterator[int]:
    statement = _ADVANCE[connection.dialect.name]
    last: int = connection.execute(statement, {"the_scope": scope, "count": count}).scalar_one()
    return iter(range(last - count + 1, last + 1))


def _advancing(insert: postgresql.Insert | sqlite.Insert) -> Executable:
    fresh = insert.values(scope=bindparam("the_scope"), last=bindparam("count"))
    return fresh.on_conflict_do_update(
        index_elements=[sequences.c.scope], set_={"last": sequences.c.last + fresh.excluded.last}
    ).returning(sequences.c.last)


_ADVANCE = {"sqlite": _advancing(sqlite.insert(sequences)), "postgresql": _advancing(postgresql.insert(sequences))}
_INSERT_OUTPUTS = BulkInsert(
    outputs,
    (
        "flow",
        "attempt",
        "position",
        "kind",
        "partner",
        "folder",
        "name",
        "invoices",
        "state",
        "tries",
        "held_reason",
    ),
)


def _record(flow: Flow, position: int, output: PlannedOutput, name: str) -> Record:
    return {
        "flow": flow.number,
        "attempt": flow.attempt,
        "position": position,
        "kind": output.kind.value,
        "partner": output.partner,
        "folder": output.folder,
        "name": name,
        "invoices": json.dumps(output.invoices, separators=(",", ":")),
        "state": (DeliveryState.HELD if is_held(output) else DeliveryState.PLANNED).value,
        "tries": 0,
        "held_reason": output.held_reason,
    }
