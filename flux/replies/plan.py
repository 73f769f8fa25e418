"""Which files a settled flow owes, to whom, under which name.

Sources: the table of replies by incoming interface and the outbound names of the Chorus Pro and AFNOR specifications;
own names for flows with a free name.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flux.model.finding import Audience, Severity
from flux.model.flow import FlowName
from flux.model.interface import FORWARD_CODES, INTERFACES, VALIDATED_CADRES, Family
from flux.model.partner import Gateway, Naming, Partner, PartnerRole
from flux.model.settlement import FlowCase, InvoiceId, Outcome, OutputKind, PlannedOutput
from flux.model.verdict import Judgment
from flux.replies.cdar_plan import plan_messages
from flux.replies.family import interface_of, reply_family
from flux.replies.names import readable_name, report_name, statuses_name

READABLE_FOLDER = "rapports"
STATUSES_CODE = "FEN1200A"
# Why a forward is held.
NO_ROUTE = "no_route"
VALIDATOR = "validator"


@dataclass(frozen=True, slots=True)
class Routes:
    """Which partner receives for a SIRET."""

    partner_of: Mapping[str, Partner]

    @classmethod
    def of(cls, partners: Mapping[str, Partner]) -> "Routes":
        """The routes that the entities among the partners declare."""
        return cls(
            {siret: each for each in partners.values() if each.role is PartnerRole.ENTITY for siret in each.sirets}
        )

    def receiver(self, judgment: Judgment) -> Partner | None:
        """The partner who receives this invoice, None where we know none."""
        return self.partner_of.get(judgment.summary.buyer.identifier) if judgment.summary is not None else None


def plan_outputs(
    case: FlowCase, outcomes: Mapping[InvoiceId, Outcome], partner: Partner, routes: Routes, gateway: Gateway
) -> tuple[PlannedOutput, ...]:
    """Every file that the flow owes, the report first."""
    accepted = [each for each in case.judgments if outcomes[each.ordinal, each.unit] is Outcome.ACCEPTED]
    outputs = list(_replies(case, outcomes, partner, has_accepted=bool(accepted)))
    if partner.reports:
        outputs.extend(_readable(case, partner, has_rejects=len(accepted) < len(case.judgments)))
    outputs.extend(_forwards(accepted, case, routes, gateway, first_index=len(outputs)))
    return tuple(outputs)


def _replies(
    case: FlowCase, outcomes: Mapping[InvoiceId, Outcome], partner: Partner, *, has_accepted: bool
) -> Iterator[PlannedOutput]:
    """What the sender's software reads, in the messages of its family."""
    if reply_family(case, partner) is Family.AFNOR:
        yield from plan_messages(case, outcomes, partner)
        return
    yield _report(case, partner)
    if has_accepted:
        yield _statuses(case, partner)


def _report(case: FlowCase, partner: Partner) -> PlannedOutput:
    interface = interface_of(case.flow.name, partner)
    if partner.naming is Naming.FREE or interface is None:
        return PlannedOutput(
            kind=OutputKind.REPORT, partner=partner.name, name=report_name(case.flow.number, case.flow.name)
        )
    return PlannedOutput(
        kind=OutputKind.REPORT,
        partner=partner.name,
        code=interface.report_code,
        receiver=partner.application_code,
    )


def _statuses(case: FlowCase, partner: Partner) -> PlannedOutput:
    if partner.naming is Naming.FREE:
        return PlannedOutput(
            kind=OutputKind.STATUSES, partner=partner.name, name=statuses_name(case.flow.number, case.flow.name)
        )
    return PlannedOutput(
        kind=OutputKind.STATUSES, partner=partner.name, code=STATUSES_CODE, receiver=partner.application_code
    )


def _readable(case: FlowCase, partner: Partner, *, has_rejects: bool) -> Iterator[PlannedOutput]:
    kinds = {OutputKind.READABLE_HTML: ".html"} | ({OutputKind.READABLE_CSV: ".csv"} if has_rejects else {})
    for kind, extension in kinds.items():
        name = readable_name(case.flow, partner.naming, extension)
        yield PlannedOutput(kind=kind, partner=partner.name, folder=READABLE_FOLDER, name=name)


class _Group(NamedTuple):
    """What makes two invoices go in one file. `apart` keeps held ones from holding each other."""

    receiver: Partner | None
    code: str
    held_reason: str | None
    apart: InvoiceId | str | None


def plan_release(
    case: FlowCase, invoices: Collection[InvoiceId], routes: Routes, gateway: Gateway
) -> tuple[PlannedOutput, ...]:
    """The forward of invoices that were held together, once a person lets them go: with the route that there is now."""
    carried = [each for each in case.judgments if (each.ordinal, each.unit) in invoices]
    receiver = _common_receiver(carried, routes)
    code = _forward_code(carried[0], _announced_code(case))
    group = _Group(receiver, code, None if receiver else NO_ROUTE, None)
    return tuple(_forward(group, carried, gateway, index=0))


def _common_receiver(carried: Sequence[Judgment], routes: Routes) -> Partner | None:
    """The partner who receives all of them, None where no single one does."""
    receivers = {*map(routes.receiver, carried)}
    return receivers.pop() if len(receivers) == 1 else None


def _forwards(
    accepted: list[Judgment], case: FlowCase, routes: Routes, gateway: Gateway, *, first_index: int
) -> Iterator[PlannedOutput]:
    """One flow per recipient and syntax, with its companion list where it carries warnings."""
    groups: dict[_Group, list[Judgment]] = defaultdict(list)
    announced = _announced_code(case)
    for judgment in accepted:
        groups[_group_of(judgment, announced, routes)].append(judgment)
    index = first_index
    for group, judgments in groups.items():
        outputs = tuple(_forward(group, judgments, gateway, index=index))
        yield from outputs
        index += len(outputs)


def _group_of(judgment: Judgment, announced: str | None, routes: Routes) -> _Group:
    """With whom an invoice goes; each waits alone for its validator, and with those of its own recipient for a route."""
    receiver = routes.receiver(judgment)
    code = _forward_code(judgment, announced)
    if judgment.summary is not None and judgment.summary.cadre in VALIDATED_CADRES:
        return _Group(receiver, code, VALIDATOR, (judgment.ordinal, judgment.unit))
    if receiver is None:
        return _Group(None, code, NO_ROUTE, judgment.summary.buyer.identifier if judgment.summary else None)
    return _Group(receiver, code, None, None)


def _forward(group: _Group, judgments: Sequence[Judgment], gateway: Gateway, *, index: int) -> Iterator[PlannedOutput]:
    """The forward, then its companion list, which waits where it waits."""
    invoices = tuple((each.ordinal, each.unit) for each in judgments)
    partner = group.receiver.name if group.receiver else None
    yield PlannedOutput(
        kind=OutputKind.FORWARD,
        partner=partner,
        code=group.code,
        receiver=_named_code(group.code, group.receiver, gateway),
        invoices=invoices,
        held_reason=group.held_reason,
    )
    if any(map(_alerts_recipient, judgments)):
        yield PlannedOutput(
            kind=OutputKind.ALERTS,
            partner=partner,
            folder=READABLE_FOLDER,
            name=".alertes.csv",
            beside=index,
            invoices=invoices,
            held_reason=group.held_reason,
        )


def _named_code(code: str, receiver: Partner | None, gateway: Gateway) -> str:
    """The code in the name of a forward: ours for a deposit that we make, the recipient's for what a hub sends to him."""
    return receiver.application_code if receiver and INTERFACES[code].is_diffusion else gateway.application_code


def _announced_code(case: FlowCase) -> str | None:
    """The code of the interface that the flow's name announces, None for a free name."""
    parsed = FlowName.parse(case.flow.name)
    return parsed.interface_code if parsed is not None and parsed.interface is not None else None


def _forward_code(judgment: Judgment, announced: str | None) -> str:
    """The deposit's own code; for a free name, the one of the invoice's family and syntax."""
    if announced is not None:
        return announced
    if judgment.syntax is None:
        raise ValueError("an accepted invoice has a syntax")
    return FORWARD_CODES[judgment.family, judgment.syntax]


def _alerts_recipient(judgment: Judgment) -> bool:
    return any(
        finding.severity is Severity.WARNING and finding.is_for(Audience.RECIPIENT) for finding in judgment.findings
    )
