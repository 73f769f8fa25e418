"""`flux flows release`: what was held goes on, by a person's word and with a reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flux.app.authority import authorise
from flux.app.operations import open_ledger
from flux.config import Settings
from flux.errors import LedgerError
from flux.ledger.queries import DeliveryLine, FlowHistory, LedgerQueries
from flux.ledger.release import release_outputs, reopen_flow
from flux.model.delivery import Release
from flux.model.lifecycle import DeliveryState, FlowState
from flux.model.settlement import InvoiceId, OutputKind
from flux.replies.plan import Routes, plan_release


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldForward:
    """A forward as it stands after a release: its delivery, the invoices that it carries, why it is still held."""

    id: int
    name: str
    partner: str | None
    invoices: tuple[str, ...]
    held_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedFlow:
    """What a release did. `attempt` is the new one of a flow that is judged again, None where forwards were let go."""

    number: int
    attempt: int | None
    released: tuple[HeldForward, ...] = ()
    still_held: tuple[HeldForward, ...] = ()


def release_flow(
    settings: Settings, number: int, *, reason: str, by: str, invoices: Sequence[str] = ()
) -> ReleasedFlow:
    """Let go what a flow holds back: its held forwards, those of some invoices, or its judgment to be tried again.

    A forward without route gets the one that the configuration has now. Raises LedgerError where there is nothing to
    let go, an invoice is not held, or it is held together with others.
    """
    authority = authorise(by, reason)
    with open_ledger(settings) as database:
        history = LedgerQueries(database).show_flow(number)
        if history.line.state is FlowState.HELD:
            if invoices:
                raise LedgerError(f"flow {number} is not judged: it is judged again as a whole, without --invoice")
            return ReleasedFlow(number=number, attempt=reopen_flow(database, number, authority))
        wanted = list(_choose(history, invoices))
        plans = [_plan(settings, history, line) for line in wanted]
        release_outputs(database, number, plans, authority, settings.gateway.application_code)
        return _tell(LedgerQueries(database).show_flow(number), {line.id for line in wanted})


def _choose(history: FlowHistory, numbers: Sequence[str]) -> Iterator[DeliveryLine]:
    """The held forwards that are meant: all of them, or those that carry no invoice but these."""
    held = [line for line in history.deliveries if _is_held_forward(line)]
    if not held:
        raise LedgerError(f"flow {history.line.flow.number} holds nothing back")
    if not numbers:
        yield from held
        return
    carried = {number for line in held for number in _numbers(history, line)}
    strangers = sorted(set(numbers) - carried)
    if strangers:
        raise LedgerError(f"not held in flow {history.line.flow.number}: {', '.join(strangers)}")
    for line in held:
        together = set(_numbers(history, line))
        if together & set(numbers) and not together <= set(numbers):
            raise LedgerError(f"held together, in one file for one recipient: {', '.join(sorted(together))}")
        if together <= set(numbers):
            yield line


def _is_held_forward(line: DeliveryLine) -> bool:
    return line.state is DeliveryState.HELD and line.kind is not OutputKind.ALERTS


def _numbers(history: FlowHistory, line: DeliveryLine) -> tuple[str, ...]:
    """The numbers of the invoices that a forward carries."""
    numbers: dict[InvoiceId, str] = {
        (judgment.ordinal, judgment.unit): judgment.summary.number if judgment.summary else judgment.member or ""
        for judgment in history.case.judgments
    }
    return tuple(numbers[invoice] for invoice in line.invoices)


def _plan(settings: Settings, history: FlowHistory, forward: DeliveryLine) -> Release:
    """A held forward and its companion list, as they are planned now."""
    routes = Routes.of(settings.known_partners)
    planned = plan_release(history.case, forward.invoices, routes, settings.gateway.identity)
    beside = [
        line.id
        for line in history.deliveries
        if line.state is DeliveryState.HELD and line.kind is OutputKind.ALERTS and line.invoices == forward.invoices
    ]
    return Release(ids=(forward.id, *beside), planned=planned)


def _tell(history: FlowHistory, asked: set[int]) -> ReleasedFlow:
    forwards = [_view(history, line) for line in history.deliveries if line.id in asked]
    return ReleasedFlow(
        number=history.line.flow.number,
        attempt=None,
        released=tuple(each for each in forwards if each.held_reason is None),
        still_held=tuple(each for each in forwards if each.held_reason is not None),
    )


def _view(history: FlowHistory, line: DeliveryLine) -> HeldForward:
    return HeldForward(
        id=line.id,
        name=line.name,
        partner=line.partner,
        invoices=_numbers(history, line),
        held_reason=line.held_reason,
    )
