"""What every life-cycle message of ours has around its statuses.

Source: XP Z12-012 and BR-FR-CDV for the phase of transmission: sender and issuer are platforms that are not named.
"""

from collections.abc import Sequence

from flux.model.cdar import Acknowledgement, Cdar, CdvParty, ReferencedDocument
from flux.model.cdv_codes import CdvGuideline, CdvPhase, CdvProcess, CdvRole
from flux.model.flow import FlowName
from flux.model.paris import in_paris
from flux.replies.context import ReplyContext

PLATFORM = CdvParty(role=CdvRole.PLATFORM)


def frame_message(
    context: ReplyContext,
    *,
    ordinal: int,
    name: str,
    documents: Sequence[ReferencedDocument],
    recipients: tuple[CdvParty, ...] = (PLATFORM,),
) -> Cdar:
    """The message that gives these statuses. `ordinal` counts the messages of one file, `name` is that of this one."""
    moment = in_paris(context.moment)
    acknowledgement = Acknowledgement(
        is_multiple=len(documents) > 1, phase=CdvPhase.TRANSMISSION, issued_at=moment, documents=tuple(documents)
    )
    return Cdar(
        process=CdvProcess.REGULATED,
        guideline=CdvGuideline.INVOICE,
        identifier=identify_message(context, ordinal),
        name=name,
        issued_at=moment,
        sender=PLATFORM,
        issuer=PLATFORM,
        recipients=recipients,
        acknowledgements=(acknowledgement,),
    )


def identify_message(context: ReplyContext, ordinal: int) -> str:
    """MDT-4, 50 characters at most: the id of the flow put out and the ordinal; under a free name our number makes one.

    FLX0011150000000000000003-0001, or FLX001_CDV_000231.1-0001 with the attempt after the number.
    """
    parsed = FlowName.parse(context.name)
    if parsed is not None:
        return f"{parsed.flow_id}-{ordinal:04d}"
    flow, kind = context.case.flow, context.name.partition("_")[0]
    return f"{context.gateway.application_code}_{kind}_{flow.number:06d}.{flow.attempt}-{ordinal:04d}"
