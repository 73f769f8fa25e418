"""Which files a settled flow owes, to whom, under which name.

Sources: the table of replies by incoming interface and the outbound names of the Chorus Pro and AFNOR specifications;
own names for flows with a free name.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flux.model.finding import Audience, Severity
from flux.model.flow import FlowName
from flux.model.interface import FORWARD_CODES, INTERFACES, Interface
from flux.model.partner import Gateway, Naming, Partner, PartnerRole
from flux.model.settlement import FlowCase, InvoiceId, Outcome, OutputKind, PlannedOutput
from flux.model.verdict import Judgment
from flux.replies.names import readable_name, report_name, statuses_name

READABLE_FOLDER = "rapports"
STATUSES_CODE = "FEN1200A"
NO_ROUTE = "no_route"


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
    outputs = [_report(case, partner)]
    if accepted:
        outputs.append(_statuses(case, partner))
    if partner.reports:
        outputs.extend(_readable(case, partner, has_rejects=len(accepted) < len(case.judgments)))
    outputs.extend(_forwards(accepted, case, routes, gateway, first_index=len(outputs)))
    return tuple(outputs)


def _report(case: FlowCase, partner: Partner) -> PlannedOutput:
    interface = _interface_of(case.flow.name, partner)
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


def _interface_of(name: str, partner: Partner) -> Interface | None:
    """The flow's interface; the partner's main one where the name tells none; None for a partner that has none."""
    parsed = FlowName.parse(name)
    if parsed is not None and parsed.interface is not None:
        return parsed.interface
    return INTERFACES[partner.interfaces[0]] if partner.interfaces else None


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


def _forwards(
    accepted: list[Judgment], case: FlowCase, routes: Routes, gateway: Gateway, *, first_index: int
) -> Iterator[PlannedOutput]:
    """One flow per recipient and syntax, with its companion list where it carries warnings."""
    groups: dict[tuple[str | None, str], list[Judgment]] = defaultdict(list)
    for judgment in accepted:
        receiver = routes.receiver(judgment)
        groups[receiver.name if receiver else None, _forward_code(judgment, case)].append(judgment)
    index = first_index
    for (receiver_name, code), judgments in groups.items():
        yield PlannedOutput(
            kind=OutputKind.FORWARD,
            partner=receiver_name,
            code=code,
            receiver=_named_code(code, routes.receiver(judgments[0]), gateway),
            invoices=tuple((each.ordinal, each.unit) for each in judgments),
            held_reason=None if receiver_name else NO_ROUTE,
        )
        if receiver_name and any(map(_alerts_recipient, judgments)):
            yield PlannedOutput(
                kind=OutputKind.ALERTS,
                partner=receiver_name,
                folder=READABLE_FOLDER,
                name=".alertes.csv",
                beside=index,
                invoices=tuple((each.ordinal, each.unit) for each in judgments),
            )
            index += 1
        index += 1


def _named_code(code: str, receiver: Partner | None, gateway: Gateway) -> str:
    """The code in the name of a forward: ours for a deposit that we make, the recipient's for what a hub sends to him."""
    return receiver.application_code if receiver and INTERFACES[code].is_diffusion else gateway.application_code


def _forward_code(judgment: Judgment, case: FlowCase) -> str:
    """The deposit's own code; for a free name, the one of the invoice's family and syntax."""
    parsed = FlowName.parse(case.flow.name)
    if parsed is not None and parsed.interface is not None:
        return parsed.interface_code
    if judgment.syntax is None:
        raise ValueError("an accepted invoice has a syntax")
    return FORWARD_CODES[judgment.family, judgment.syntax]


def _alerts_recipient(judgment: Judgment) -> bool:
    return any(
        finding.severity is Severity.WARNING and finding.is_for(Audience.RECIPIENT) for finding in judgment.findings
    )
