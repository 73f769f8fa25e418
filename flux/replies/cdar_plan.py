"""Which life-cycle messages a settled flow owes to its sender, under which name.

Sources: the specifications of B2G-AFNOR and G2B exchanges: a platform is told of every flow, a public body that issues
invoices only of what is wrong with one.
"""

from collections.abc import Iterator, Mapping

from flux.model.interface import Interface
from flux.model.partner import Naming, Partner
from flux.model.settlement import FlowCase, InvoiceId, Outcome, OutputKind, PlannedOutput
from flux.model.verdict import Judgment
from flux.replies.admission import is_irrecevable, isolated_members, stated_invoices
from flux.replies.family import interface_of, state_outcome
from flux.replies.faults import number_of
from flux.replies.names import message_names, report_name

_Stated = tuple[tuple[Judgment, Outcome], ...]


def plan_messages(case: FlowCase, outcomes: Mapping[InvoiceId, Outcome], partner: Partner) -> Iterator[PlannedOutput]:
    """The message on the flow, then those on its invoices: one archive, or a file each under names of our own."""
    interface = interface_of(case.flow.name, partner)
    strict = interface if partner.naming is Naming.STRICT else None
    if interface is None or not interface.is_g2b or _is_at_fault(case, partner):
        yield _flow_message(case, partner, strict)
    stated = stated_invoices(case, outcomes, partner)
    if strict is not None and stated:
        yield PlannedOutput(
            kind=OutputKind.INVOICE_MESSAGES,
            partner=partner.name,
            code=strict.status_code,
            receiver=partner.application_code,
            invoices=tuple((judgment.ordinal, judgment.unit) for judgment, _ in stated),
        )
    elif stated:
        yield from _own_messages(case, stated, partner)


def _is_at_fault(case: FlowCase, partner: Partner) -> bool:
    return is_irrecevable(case, partner) or bool(isolated_members(case, partner))


def _flow_message(case: FlowCase, partner: Partner, strict: Interface | None) -> PlannedOutput:
    if strict is None:
        return PlannedOutput(
            kind=OutputKind.FLOW_MESSAGE, partner=partner.name, name=report_name(case.flow.number, case.flow.name)
        )
    return PlannedOutput(
        kind=OutputKind.FLOW_MESSAGE,
        partner=partner.name,
        code=strict.report_code,
        receiver=partner.application_code,
    )


def _own_messages(case: FlowCase, stated: _Stated, partner: Partner) -> Iterator[PlannedOutput]:
    told = [
        (number_of(judgment), state_outcome(outcome, case.flow.name, partner).value) for judgment, outcome in stated
    ]
    names = message_names(case.flow.number, told)
    for (judgment, _), name in zip(stated, names, strict=True):
        yield PlannedOutput(
            kind=OutputKind.INVOICE_MESSAGE,
            partner=partner.name,
            name=name,
            invoices=((judgment.ordinal, judgment.unit),),
        )
