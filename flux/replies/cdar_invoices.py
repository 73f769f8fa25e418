"""FEN1214A, CSO311xA: one life-cycle message for each invoice: 200 or 202 taken in, 213 rejected.

What cannot be read from the invoice has the values of general rule G1.114, and is quoted as it was written.
"""

from collections.abc import Iterator
from dataclasses import replace

from flux.model.cdar import (
    UNKNOWN_DAY,
    UNKNOWN_NUMBER,
    UNKNOWN_SIREN,
    CdvNote,
    CdvParty,
    ReferencedDocument,
    SchemedId,
    StatusDetail,
)
from flux.model.cdv_codes import CdvRole, CdvScheme, CdvStatus
from flux.model.cdv_statuses import STATUSES
from flux.model.paris import in_paris
from flux.model.settlement import Outcome
from flux.model.verdict import InvoiceSummary, Judgment, PartySummary
from flux.replies.admission import stated_invoices
from flux.replies.cdar_bounds import IDENTIFIER_CHARACTERS
from flux.replies.cdar_details import detail_faults, detail_remarks, local_texts
from flux.replies.cdar_frame import PLATFORM, frame_message, identify_message
from flux.replies.cdar_message import write_cdar
from flux.replies.context import ReplyContext
from flux.replies.family import state_outcome
from flux.replies.faults import faults_of_invoice, number_of, remarks_of_invoice
from flux.replies.names import packed_name

# BT-3 in France (BR-FR-04): any other code breaks a rule of the message.
DOCUMENT_TYPES = frozenset(
    {"380", "389", "393", "501", "386", "500", "384", "471", "472", "473", "261", "262", "381", "396", "502", "503"}
)
# Suppliers without a SIREN: European Union, elsewhere, RIDET, Tahiti.
FOREIGN_SCHEMES = frozenset({"0223", "0227", "0228", "0229"})


def build_invoice_message(context: ReplyContext) -> bytes:
    """The message on the one invoice that the context names. Raises ValueError for an invoice that the flow does not hold."""
    for ordinal, judgment in enumerate(context.case.judgments, start=1):
        if (judgment.ordinal, judgment.unit) in context.invoices:
            return _write(context, ordinal, context.name, judgment, context.outcome_of(judgment))
    raise ValueError(f"{context.name}: the flow holds no invoice {context.invoices}")


def build_invoice_messages(context: ReplyContext) -> Iterator[tuple[str, bytes]]:
    """The messages of a flow in the order of the archive, each with its name."""
    stated = stated_invoices(context.case, context.case.outcomes, context.partner)
    for ordinal, (judgment, outcome) in enumerate(stated, start=1):
        name = packed_name(
            identify_message(context, ordinal),
            number_of(judgment),
            state_outcome(outcome, context.case.flow.name, context.partner),
        )
        yield name, _write(context, ordinal, name, judgment, outcome)


def _write(context: ReplyContext, ordinal: int, name: str, judgment: Judgment, outcome: Outcome) -> bytes:
    document = _document(context, judgment, state_outcome(outcome, context.case.flow.name, context.partner))
    recipient = _seller_of(judgment) or PLATFORM
    return write_cdar(
        frame_message(context, ordinal=ordinal, name=name, documents=(document,), recipients=(recipient,))
    )


def _document(context: ReplyContext, judgment: Judgment, status: CdvStatus) -> ReferencedDocument:
    row, summary = STATUSES[status], judgment.summary
    return ReferencedDocument(
        identifier=_number(summary) or UNKNOWN_NUMBER,
        document_status=row.document_status,
        type_code=_type_code(judgment),
        received_at=in_paris(context.case.flow.received_at),
        issue_date=summary.issue_date or UNKNOWN_DAY if summary is not None else UNKNOWN_DAY,
        status=status,
        status_labels=local_texts(row.fr, row.en),
        seller=CdvParty(
            global_identifiers=(_seller_id(summary) or SchemedId(text=UNKNOWN_SIREN, scheme=CdvScheme.SIREN),)
        ),
        details=_quote_unread(_details(context, judgment, status), judgment),
    )


def _details(context: ReplyContext, judgment: Judgment, status: CdvStatus) -> tuple[StatusDetail, ...]:
    if status is CdvStatus.REJETEE:
        return detail_faults(faults_of_invoice(context, judgment), status)
    return detail_remarks(remarks_of_invoice(judgment))


def _number(summary: InvoiceSummary | None) -> str | None:
    """BT-1, None where there is none or the message could only hold a part of it, which is another number."""
    fits = summary is not None and 0 < len(summary.number) <= IDENTIFIER_CHARACTERS["87"]
    return summary.number if summary is not None and fits else None


def _type_code(judgment: Judgment) -> str | None:
    """BT-3, None where it is no French type or is itself the fault."""
    code = judgment.summary.type_code if judgment.summary is not None else ""
    return code if code in DOCUMENT_TYPES and not _is_at_fault(judgment, "BT-3") else None


def _seller_id(summary: InvoiceSummary | None) -> SchemedId | None:
    """The SIREN, or the identifier of a supplier that can have none."""
    if summary is None:
        return None
    supplier = summary.supplier
    if supplier.siren:
        return SchemedId(text=supplier.siren, scheme=CdvScheme.SIREN)
    is_foreign = supplier.scheme in FOREIGN_SCHEMES and supplier.identifier
    return SchemedId(text=supplier.identifier, scheme=supplier.scheme) if is_foreign else None


def _seller_of(judgment: Judgment) -> CdvParty | None:
    """The seller as a recipient, None where no electronic address would find it (BR-FR-CDV-08)."""
    summary = judgment.summary
    if summary is None or not summary.supplier.address or _is_at_fault(judgment, "BT-34"):
        return None
    identifier = _seller_id(summary)
    return CdvParty(
        global_identifiers=(identifier,) if identifier is not None else (),
        name=summary.supplier.name or None,
        role=CdvRole.SELLER,
        address=_address_of(summary.supplier),
    )


def _address_of(supplier: PartySummary) -> SchemedId:
    return SchemedId(text=supplier.address, scheme=supplier.address_scheme or None)


def _is_at_fault(judgment: Judgment, term: str) -> bool:
    return any(finding.is_fatal and finding.term == term for finding in judgment.findings)


def _quote_unread(details: tuple[StatusDetail, ...], judgment: Judgment) -> tuple[StatusDetail, ...]:
    """The details, the first with what stands in the invoice where the message has a value of G1.114."""
    unread = dict(_unread(judgment.summary))
    if not unread:
        return details
    note = CdvNote(
        content=local_texts(
            "Valeurs non exploitables, telles que reçues : " + _quote(unread, "« {} »", "absent"),
            "Unusable values, as received: " + _quote(unread, "“{}”", "absent"),
        ),
        subject=", ".join(unread),
    )
    first, *others = details or (StatusDetail(sequence=1),)
    return replace(first, notes=(*first.notes, note)), *others


def _unread(summary: InvoiceSummary | None) -> Iterator[tuple[str, str]]:
    """The terms that cannot be used, each with its text."""
    if _number(summary) is None:
        yield "BT-1", summary.number if summary is not None else ""
    if summary is None or summary.issue_date is None:
        yield "BT-2", summary.issue_date_text if summary is not None else ""
    if _seller_id(summary) is None:
        yield "BT-30", summary.supplier.identifier if summary is not None else ""


def _quote(unread: dict[str, str], quotes: str, absent: str) -> str:
    return ", ".join(f"{term} {quotes.format(text) if text else absent}" for term, text in unread.items())
