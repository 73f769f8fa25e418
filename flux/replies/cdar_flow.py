"""CSO115xA, CSI311xA: the life-cycle message on a flow: 500 recevable, 501 irrecevable.

Members that fell alone have their 501 in the same message, under their own name. Warnings stay out: importers read a detail
as a refusal.
"""

from collections.abc import Iterator, Sequence

from flux.model.cdar import ReferencedDocument, StatusDetail
from flux.model.cdv_codes import CdvStatus
from flux.model.cdv_statuses import STATUSES
from flux.model.paris import in_paris
from flux.model.settlement import Outcome
from flux.model.verdict import Judgment
from flux.replies.admission import is_irrecevable, isolated_members
from flux.replies.cdar_bounds import IDENTIFIER_CHARACTERS
from flux.replies.cdar_details import detail_faults, local_texts
from flux.replies.cdar_frame import frame_message
from flux.replies.cdar_message import write_cdar
from flux.replies.context import ReplyContext
from flux.replies.family import interface_of
from flux.replies.faults import Fault, fault_of_nothing, faults_of, faults_of_invoice
from flux.replies.texts import on_one_line, shorten


def build_flow_message(context: ReplyContext) -> bytes | None:
    """The message, None where silence says that the flow is good: towards a public body that issues invoices.

    Raises ValueError for a flow that is not settled: nothing may be said of it.
    """
    if context.case.status is None:
        raise ValueError(f"flow {context.case.flow.number} is not settled")
    documents = tuple(_documents(context))
    if not documents:
        return None
    return write_cdar(frame_message(context, ordinal=1, name=context.name, documents=documents))


def _documents(context: ReplyContext) -> Iterator[ReferencedDocument]:
    case, partner = context.case, context.partner
    if is_irrecevable(case, partner):
        faults = list(faults_of(context)) or [fault_of_nothing()]
        details = detail_faults(faults, CdvStatus.IRRECEVABLE, lambda fault: _subject_of(fault, context))
        yield _document(context, case.flow.name, CdvStatus.IRRECEVABLE, details)
        return
    interface = interface_of(case.flow.name, partner)
    if interface is None or not interface.is_g2b:
        yield _document(context, case.flow.name, CdvStatus.RECEVABLE, _details_of_fallen(context))
    for judgments in isolated_members(case, partner):
        yield _document_of_member(context, judgments)


def _document(
    context: ReplyContext, name: str, status: CdvStatus, details: tuple[StatusDetail, ...]
) -> ReferencedDocument:
    """A file and its status. 500 has a date, which the rules demand though there is no invoice: that of reception."""
    received, row = in_paris(context.case.flow.received_at), STATUSES[status]
    return ReferencedDocument(
        identifier=shorten(name, IDENTIFIER_CHARACTERS["87"]),
        received_at=received,
        issue_date=received.date() if status is CdvStatus.RECEVABLE else None,
        status=status,
        status_labels=local_texts(row.fr, row.en),
        details=details,
    )


def _details_of_fallen(context: ReplyContext) -> tuple[StatusDetail, ...]:
    """The good invoices that a rejected one took with it: they have no status of their own, and are to be sent again."""
    fallen = context.judgments_with(Outcome.NOT_TAKEN)
    faults = [fault for judgment in fallen for fault in faults_of_invoice(context, judgment)]
    return detail_faults(faults, CdvStatus.RECEVABLE, lambda fault: _subject_of(fault, context))


def _document_of_member(context: ReplyContext, judgments: Sequence[Judgment]) -> ReferencedDocument:
    faults = [fault for judgment in judgments for fault in faults_of_invoice(context, judgment)]
    is_several = len(judgments) > 1
    details = detail_faults(faults, CdvStatus.IRRECEVABLE, lambda fault: fault.number if is_several else "")
    return _document(context, judgments[0].member or context.case.flow.name, CdvStatus.IRRECEVABLE, details)


def _subject_of(fault: Fault, context: ReplyContext) -> str:
    """The file in the archive, and the invoice where the flow has several."""
    member = fault.judgment.member if fault.judgment is not None else None
    number = fault.number if len(context.case.judgments) > 1 else ""
    return on_one_line(", ".join(part for part in (member, number) if part))
