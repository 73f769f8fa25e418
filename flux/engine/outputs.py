"""From a settled flow to the bytes of everything it owes, kept in the vault."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from io import BytesIO
from pathlib import Path

from lxml import etree

from flux.engine.excerpts import collect_excerpts
from flux.engine.message_archive import pack_messages
from flux.engine.packing import Share, pack_shares
from flux.engine.tasks import BuildTask
from flux.errors import FluxError
from flux.formats.schema import CompiledSchema
from flux.intake.magic import HEAD_BYTES, ContainerKind, kind_of
from flux.intake.unpack import Container, MemberRef, open_container
from flux.model.delivery import BuiltOutput, Output
from flux.model.limits import Limits
from flux.model.partner import Gateway
from flux.model.ports import Blob, Vault
from flux.model.settlement import InvoiceId, OutputKind
from flux.replies.alerts import build_alerts
from flux.replies.cdar_flow import build_flow_message
from flux.replies.cdar_invoices import build_invoice_message, build_invoice_messages
from flux.replies.context import ReplyContext
from flux.replies.cso import build_flow_report
from flux.replies.fen1200a import build_invoice_statuses
from flux.replies.readable import build_readable_report
from flux.replies.report_faults import spots_to_show
from flux.replies.resend import build_resend_list

# A message of more bytes is judged while it is read; below, one tree is faster.
WHOLE_TREE_BYTES = 4 << 20

Builder = Callable[[ReplyContext], bytes | None]

BUILDERS: Mapping[OutputKind, Builder] = {
    OutputKind.REPORT: build_flow_report,
    OutputKind.STATUSES: build_invoice_statuses,
    OutputKind.FLOW_MESSAGE: build_flow_message,
    OutputKind.INVOICE_MESSAGE: build_invoice_message,
    OutputKind.READABLE_HTML: build_readable_report,
    OutputKind.READABLE_CSV: build_resend_list,
    OutputKind.ALERTS: build_alerts,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSchemas:
    """What judges our own messages before they leave: the schema of CPPStatut and that of the CDAR."""

    cpp_statut: CompiledSchema
    cdar: CompiledSchema

    def of(self, kind: OutputKind) -> CompiledSchema | None:
        """The schema of a kind of output, None where it is not for machines."""
        match kind:
            case OutputKind.REPORT | OutputKind.STATUSES:
                return self.cpp_statut
            case OutputKind.FLOW_MESSAGE | OutputKind.INVOICE_MESSAGES | OutputKind.INVOICE_MESSAGE:
                return self.cdar
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputBuilder:
    """Builds outputs."""

    gateway: Gateway
    vault: Vault
    limits: Limits
    schemas: MessageSchemas

    def build(self, task: BuildTask, spool: Path) -> Iterator[BuiltOutput]:
        """Every output of the task, in its order. Raises FluxError where one of our messages would not be valid."""
        members = cache(partial(self._members, task, spool))
        for output in task.outputs:
            forward = output.kind is OutputKind.FORWARD
            blob = self._forward(task, output, members) if forward else self._document(task, output, members)
            yield BuiltOutput(id=output.id, sha256=blob.sha256, size_bytes=blob.size_bytes)

    def _document(self, task: BuildTask, output: Output, members_of_flow: Callable[[], Sequence[MemberRef]]) -> Blob:
        context = ReplyContext(
            gateway=self.gateway,
            partner=task.partner,
            case=task.case,
            moment=task.moment,
            name=output.name,
            invoices=output.invoices,
        )
        if output.kind is OutputKind.INVOICE_MESSAGES:
            return self.vault.put(pack_messages(self._messages(context)))
        if output.kind is OutputKind.READABLE_HTML:
            context = self._with_excerpts(context, members_of_flow)
        document = BUILDERS[output.kind](context)
        if document is None:
            raise FluxError(f"{output.name}: a {output.kind.value} was planned and has nothing to say")
        schema = self.schemas.of(output.kind)
        if schema is not None:
            _refuse_invalid(document, schema, output.name)
        return self.vault.put((document,))

    def _with_excerpts(self, context: ReplyContext, members_of_flow: Callable[[], Sequence[MemberRef]]) -> ReplyContext:
        """The context with the lines around its faults; a flow without any is not read again."""
        spots = tuple(spots_to_show(context))
        return replace(context, excerpts=collect_excerpts(spots, members_of_flow(), self.limits)) if spots else context

    def _messages(self, context: ReplyContext) -> Iterator[tuple[str, bytes]]:
        for name, message in build_invoice_messages(context):
            _refuse_invalid(message, self.schemas.cdar, f"{context.name}, {name}")
            yield name, message

    def _forward(self, task: BuildTask, output: Output, members_of_flow: Callable[[], Sequence[MemberRef]]) -> Blob:
        """A document alone that the recipient gets whole, as it came; else a new file of the invoices that are its own.

        An archive never goes on as it came: another reader may find in it what nobody judged.
        """
        flow = task.case.flow
        wanted = _by_member(output.invoices)
        held = _by_member((judgment.ordinal, judgment.unit) for judgment in task.case.judgments)
        if wanted == held and _is_document(task.blob):
            return Blob(sha256=flow.sha256, size_bytes=flow.size_bytes)
        members = members_of_flow()
        shares = [
            Share(member=members[ordinal], units=None if units == held[ordinal] else tuple(sorted(units)))
            for ordinal, units in sorted(wanted.items())
        ]
        return self.vault.put(pack_shares(shares, self.limits))

    def _members(self, task: BuildTask, spool: Path) -> tuple[MemberRef, ...]:
        """The members of the flow, which is opened again for it."""
        opened = open_container(task.blob, task.case.flow.name, self.limits, spool)
        if not isinstance(opened, Container):
            raise FluxError(f"{task.case.flow.name}: opened when it was judged and does not open any more")
        return opened.members


def _is_document(blob: Path) -> bool:
    """True where the bytes are a document themselves: XML or PDF, neither compressed nor in an archive."""
    with blob.open("rb") as file:
        return kind_of(file.read(HEAD_BYTES)) in (ContainerKind.XML, ContainerKind.BYTES)


def _by_member(invoices: Iterable[InvoiceId]) -> dict[int, set[int]]:
    """The units of each member."""
    units: dict[int, set[int]] = defaultdict(set)
    for ordinal, unit in invoices:
        units[ordinal].add(unit)
    return units


def _refuse_invalid(document: bytes, schema: CompiledSchema, name: str) -> None:
    if len(document) > WHOLE_TREE_BYTES:
        _refuse_invalid_stream(document, schema, name)
    elif not schema.validator.validate(etree.fromstring(document)):
        raise FluxError(f"{name}: our own message is not valid: {schema.validator.error_log}")


def _refuse_invalid_stream(document: bytes, schema: CompiledSchema, name: str) -> None:
    """The same without the tree of the whole: what was read is let go."""
    try:
        for _, element in etree.iterparse(BytesIO(document), schema=schema.validator):
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise FluxError(f"{name}: our own message is not valid: {error}") from error
