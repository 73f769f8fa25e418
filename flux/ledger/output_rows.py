"""Outputs read back from their rows."""

import json
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, select

from flux.ledger.tables import outputs
from flux.model.delivery import Delivery, Output
from flux.model.flow import Flow
from flux.model.lifecycle import DeliveryState
from flux.model.settlement import InvoiceId, OutputKind, PlannedOutput

DELIVERY_COLUMNS = (
    outputs.c.id,
    outputs.c.flow.label("flow_number"),
    *(
        outputs.c[name]
        for name in (
            "kind",
            "partner",
            "folder",
            "name",
            "sha256",
            "size_bytes",
            "state",
            "tries",
            "next_at",
            "last_error",
        )
    ),
)

_MINE = (outputs.c.flow == bindparam("of"), outputs.c.attempt == bindparam("the_attempt"))
_PLAN = (outputs.c.kind, outputs.c.partner, outputs.c.folder, outputs.c.name, outputs.c.invoices)
_TO_BUILD = (
    select(outputs.c.id, *_PLAN)
    .where(*_MINE, outputs.c.state == DeliveryState.PLANNED.value)
    .order_by(outputs.c.position)
)
_WHOLE_PLAN = select(*_PLAN, outputs.c.held_reason).where(*_MINE).order_by(outputs.c.position)


def to_delivery(row: RowMapping) -> Delivery:
    """A delivery from its DELIVERY_COLUMNS."""
    return Delivery(**{**row, "kind": OutputKind(row["kind"]), "state": DeliveryState(row["state"])})


def read_planned(connection: Connection, flow: Flow) -> tuple[Output, ...]:
    """The outputs of a flow that are to be built, in the order of the plan."""
    return tuple(Output(**_plan(row)) for row in connection.execute(_TO_BUILD, _of(flow)).mappings())


def read_plan(connection: Connection, flow: Flow) -> tuple[PlannedOutput, ...]:
    """Everything that a flow was to put out, each under its final name."""
    return tuple(PlannedOutput(**_plan(row)) for row in connection.execute(_WHOLE_PLAN, _of(flow)).mappings())


def _of(flow: Flow) -> dict[str, int]:
    return {"of": flow.number, "the_attempt": flow.attempt}


def _plan(row: RowMapping) -> dict[str, Any]:
    return {**row, "kind": OutputKind(row["kind"]), "invoices": to_invoices(row["invoices"])}


def to_invoices(text: str) -> tuple[InvoiceId, ...]:
    """The invoices that an output carries."""
    return tuple((ordinal, unit) for ordinal, unit in json.loads(text))
