"""The settlement of a flow: one transaction takes its keys, asks what that makes of it, and writes the decision."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import bindparam, func, select, update

from flux.errors import LedgerError
from flux.ledger.account_uses import read_past, write_uses
from flux.ledger.book import FlowBook, Standing
from flux.ledger.chunks import forget_chunks
from flux.ledger.finding_rows import INSERT_FINDINGS, to_finding_records
from flux.ledger.judgment_rows import read_judged
from flux.ledger.keys import release_keys, take_keys
from flux.ledger.output_rows import read_plan
from flux.ledger.plan import write_plan
from flux.ledger.row_hashes import hash_rows
from flux.ledger.tables import invoice_keys, invoices
from flux.model.flow import Flow
from flux.model.lifecycle import FlowState
from flux.model.settlement import (
    AccountUse,
    AccountUses,
    FirstUses,
    InvoiceId,
    InvoiceKey,
    InvoiceOutcome,
    Outcome,
    PastUses,
    Settlement,
)
from flux.model.verdict import Verdict


class Asked(NamedTuple):
    """What the invoices of a flow want: the key that each takes, the accounts on which it is to be paid."""

    keys: Mapping[InvoiceId, InvoiceKey]
    accounts: AccountUses


def settle_flow(
    book: FlowBook,
    flow: Flow,
    asked: Asked,
    decide: Callable[[FirstUses, PastUses], Settlement],
    application_code: str,
) -> Settlement:
    """Settle a flow; one that is settled already gives its settlement again. Raises LedgerError while chunks are pending."""
    standing = book.fence(flow)
    if standing.verdict is not None:
        return _settled(book, flow, standing, standing.verdict)
    if standing.pending:
        raise LedgerError(f"flow {flow.number} has {standing.pending} chunks to judge")
    keys, accounts = asked
    past_uses = read_past(book.connection, (use for uses in accounts.values() for use in uses))
    settlement = decide(take_keys(book.connection, flow, keys), past_uses)
    release_keys(book.connection, flow, {each: key for each, key in keys.items() if each not in settlement.occupied})
    write_uses(book.connection, _accepted_uses(settlement, accounts), book.at)
    _write_outcomes(book, flow, settlement.outcomes)
    write_plan(book, flow, settlement.outputs, application_code)
    forget_chunks(book.connection, flow.number)
    _step(book, flow, settlement)
    return settlement


def _settled(book: FlowBook, flow: Flow, standing: Standing, verdict: Verdict) -> Settlement:
    """The settlement as it stands: outcomes in the order of the archive, outputs under their final names."""
    judged = read_judged(book.connection, flow)
    held = select(invoice_keys.c.ordinal, invoice_keys.c.unit).where(invoice_keys.c.flow == flow.number)
    return Settlement(
        verdict=verdict,
        status=standing.status,
        outcomes=tuple(
            InvoiceOutcome(invoice=invoice, outcome=outcome, findings=judged.added.get(invoice, ()))
            for invoice, outcome in judged.outcomes.items()
        ),
        occupied=frozenset((ordinal, unit) for ordinal, unit in book.connection.execute(held)),
        outputs=read_plan(book.connection, flow),
    )


def _accepted_uses(settlement: Settlement, accounts: AccountUses) -> Iterator[AccountUse]:
    """The accounts of what is accepted, once something is said of the flow at all."""
    if settlement.status is None or not accounts:
        return
    for each in settlement.outcomes:
        if each.outcome is Outcome.ACCEPTED:
            yield from accounts.get(each.invoice, ())


def _step(book: FlowBook, flow: Flow, settlement: Settlement) -> None:
    counts = Counter(each.outcome.value for each in settlement.outcomes)
    standing = book.standing(flow.number)
    standing.verdict, standing.status = settlement.verdict, settlement.status
    book.step(
        flow.number,
        FlowState.HELD if settlement.status is None else FlowState.JUDGED,
        verdict=settlement.verdict.value,
        status=settlement.status.value if settlement.status else None,
        **counts,
        **hash_rows(book.connection, (flow.number, flow.attempt)),
    )


_OF_FLOW = (invoices.c.flow == bindparam("of"), invoices.c.attempt == bindparam("the_attempt"))
_OF_INVOICE = (
    *_OF_FLOW,
    invoices.c.ordinal == bindparam("the_ordinal"),
    invoices.c.unit == bindparam("the_unit"),
)
_COUNT = select(func.count()).select_from(invoices).where(*_OF_FLOW)
_WRITE_ALL = update(invoices).where(*_OF_FLOW).values(outcome=bindparam("new"))
_WRITE_OUTCOME = update(invoices).where(*_OF_INVOICE).values(outcome=bindparam("new"))
_WRITE_VERDICT = update(invoices).where(*_OF_INVOICE).values(verdict=bindparam("new"))


def _write_outcomes(book: FlowBook, flow: Flow, outcomes: Iterable[InvoiceOutcome]) -> None:
    """Outcomes and added findings; a fatal one turns the invoice's verdict, for a verdict never lies."""
    decided = {each.invoice: each for each in outcomes}
    rest = _write_most_frequent(book, flow, decided)
    if rest:
        book.connection.execute(_WRITE_OUTCOME, [_change(flow, each.invoice, each.outcome.value) for each in rest])
    turned = [each.invoice for each in decided.values() if any(finding.is_fatal for finding in each.findings)]
    if turned:
        rows = [_change(flow, invoice, Verdict.REJECTED.value) for invoice in turned]
        book.connection.execute(_WRITE_VERDICT, rows)
    added = [
        record
        for each in decided.values()
        for record in to_finding_records(flow, each.invoice, each.findings, is_added=True)
    ]
    INSERT_FINDINGS.write(book.connection, added)


def _write_most_frequent(
    book: FlowBook, flow: Flow, decided: Mapping[InvoiceId, InvoiceOutcome]
) -> list[InvoiceOutcome]:
    """Give all invoices the outcome that most of them have, in one statement; those that are still to be written.

    Nothing is written so where the decision leaves an invoice out.
    """
    if book.connection.execute(_COUNT, _of(flow)).scalar_one() != len(decided):
        return list(decided.values())
    if not decided:
        return []
    ((common, _),) = Counter(each.outcome for each in decided.values()).most_common(1)
    book.connection.execute(_WRITE_ALL, {**_of(flow), "new": common.value})
    return [each for each in decided.values() if each.outcome is not common]


def _change(flow: Flow, invoice: InvoiceId, new: str) -> dict[str, object]:
    ordinal, unit = invoice
    return {**_of(flow), "the_ordinal": ordinal, "the_unit": unit, "new": new}


def _of(flow: Flow) -> dict[str, int]:
    return {"of": flow.number, "the_attempt": flow.attempt}
