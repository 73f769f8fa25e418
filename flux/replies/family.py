"""In which family a flow is answered, and which status says that one of its invoices was taken in."""

from collections.abc import Iterable

from flux.model.cdv_codes import CdvStatus
from flux.model.flow import FlowName
from flux.model.interface import INTERFACES, Family, Interface
from flux.model.partner import Naming, Partner, PartnerRole, ReplyFamily
from flux.model.settlement import FlowCase, Outcome
from flux.model.verdict import Judgment

_STATED = {ReplyFamily.CPP: Family.LEGACY, ReplyFamily.CDAR: Family.AFNOR}


def interface_of(name: str, partner: Partner) -> Interface | None:
    """The flow's interface; the partner's main one where the name tells none; None for a partner that has none."""
    parsed = FlowName.parse(name)
    if parsed is not None and parsed.interface is not None:
        return parsed.interface
    return INTERFACES[partner.interfaces[0]] if partner.interfaces else None


def reply_family(case: FlowCase, partner: Partner) -> Family:
    """The family that the partner's table states, else that of the interface, else that of the invoices themselves."""
    if partner.replies is not ReplyFamily.AUTO:
        return _STATED[partner.replies]
    interface = interface_of(case.flow.name, partner)
    return interface.family if interface is not None else _family_of_invoices(case.judgments)


def _family_of_invoices(judgments: Iterable[Judgment]) -> Family:
    """AFNOR where one of the invoices is, for its messages refuse any invoice one by one; else legacy.

    A file that holds no readable invoice says nothing of its sender's family.
    """
    read = {judgment.family for judgment in judgments if judgment.summary is not None}
    return Family.AFNOR if Family.AFNOR in read else Family.LEGACY


def state_outcome(outcome: Outcome, name: str, partner: Partner) -> CdvStatus:
    """213 for a rejected invoice; for an accepted one 200 towards its issuer, 202 towards the platform that sends it for him.

    The issuer is a public body under its own interfaces, or a supplier with free names: a platform has strict ones.
    """
    if outcome is Outcome.REJECTED:
        return CdvStatus.REJETEE
    interface = interface_of(name, partner)
    is_supplier = partner.naming is Naming.FREE and partner.role is PartnerRole.SUPPLIER
    is_issuer = is_supplier or (interface is not None and interface.is_g2b)
    return CdvStatus.DEPOSEE if is_issuer else CdvStatus.RECUE
