"""The files that an invoice carries: each can be read, has an admitted kind, name and size, and the readable one is there.

Sources: Chorus Pro specification of October 2025 (sizes, names, one zip per file, the invoice itself as type 01 of a
mixed flow); EN 16931-1 BG-24, where a reference without a file is legitimate.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flux.model.attachment_fault import AttachmentFault
from flux.model.attachment_file import AttachmentFile, decode_attachment, is_wrapped
from flux.model.finding import Observation
from flux.model.interface import READABLE_ATTACHED, Family, Interface, Syntax
from flux.model.invoice import Attachment, Invoice
from flux.model.limits import Limits
from flux.rules.attachment_content import find_active, find_contradiction
from flux.rules.attachment_name import FileName, check_names, judge_members, judge_name, name_of
from flux.rules.attachment_reading import describe_fault, describe_size
from flux.rules.attachment_type import judge_extension, judge_mime_code
from flux.rules.identity import bound

RULESET = "attachments"
VERSION = "3"  # goes up whenever a check would answer otherwise on the same invoice

_CPP = (Syntax.PIVOT, Syntax.MIXTE)
# What an attachment of Chorus formats says of itself where it is not the invoice.
_COMPLEMENTARY = "02"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentContext:
    """As what the invoice came: its family, syntax and profile, and the interface of its deposit where there is one.

    `is_stated` is false where neither interface nor cadre tells the family, so that it may be the other.
    """

    family: Family
    is_stated: bool = True
    syntax: Syntax
    profile: str | None
    interface: Interface | None
    limits: Limits

    @property
    def is_wrapped(self) -> bool:
        """True where each file comes in a zip."""
        return is_wrapped(self.family, self.syntax)

    @property
    def needs_readable(self) -> bool:
        """True where an attachment must be the invoice as people read it."""
        return self.syntax in _CPP or (self.interface is not None and self.interface.code in READABLE_ATTACHED)


def applies(invoice: Invoice, context: AttachmentContext) -> bool:
    """True where there is anything to check."""
    return bool(invoice.attachments) or context.needs_readable


def check_attachments(invoice: Invoice, context: AttachmentContext) -> tuple[Observation, ...]:
    """What is seen of the attachments of an invoice, in the order of the document."""
    return bound([*_check_readable(invoice, context), *_check_files(invoice, context)])


def _check_readable(invoice: Invoice, context: AttachmentContext) -> Iterator[Observation]:
    if context.needs_readable and all(map(_is_complementary, invoice.attachments)):
        yield Observation(code="ATTACHMENT_NO_INVOICE", term="BG-24", expected="01")


def _is_complementary(attachment: Attachment) -> bool:
    """Chorus samples in CII leave the type out, or write ZZZ: only who says 02 is no invoice."""
    return any(term.text.strip() == _COMPLEMENTARY for term in (*attachment.type_code, *attachment.description))


def _check_files(invoice: Invoice, context: AttachmentContext) -> Iterator[Observation]:
    names = [
        name_of(attachment, index, is_wrapped=context.is_wrapped)
        for index, attachment in enumerate(invoice.attachments)
    ]
    yield from check_names(names)
    left = context.limits.attachments_bytes
    for attachment, name in zip(invoice.attachments, names, strict=True):
        if not attachment.content and context.is_wrapped:
            yield describe_fault(AttachmentFault.MISSING, name)
        for occurrence in range(len(attachment.content)):
            seen, size_bytes = _check_file(attachment, occurrence, name, left, context)
            left = max(0, left - size_bytes)
            yield from seen


def _check_file(
    attachment: Attachment, occurrence: int, name: FileName, left: int, context: AttachmentContext
) -> tuple[tuple[Observation, ...], int]:
    """What is seen of one file, and the bytes that it took; the file itself is gone on return."""
    limit = min(left, context.limits.attachment_bytes)
    read = decode_attachment(attachment, wrapped=context.is_wrapped, limit_bytes=limit, occurrence=occurrence)
    member = (read.member or "") if isinstance(read, AttachmentFile) else ""
    names = (member, *read.beside) if isinstance(read, AttachmentFile) else ()
    seen = (*judge_name(name), *judge_members(name, names), *_judge_type(attachment, name, member, context))
    if read is AttachmentFault.TOO_LARGE:
        return (*seen, describe_size(name, occurrence, left, context.limits)), limit
    if isinstance(read, AttachmentFault):
        return (*seen, describe_fault(read, name, occurrence)), 0
    return (*seen, *_remark(attachment, read, name, context)), len(read.data)


def _judge_type(
    attachment: Attachment, name: FileName, member: str, context: AttachmentContext
) -> Iterator[Observation]:
    if context.is_wrapped:
        yield from judge_extension(attachment, name, member)
    elif context.is_stated or any(judge_extension(attachment, name, member)):
        yield from judge_mime_code(attachment, name, context.profile)


def _remark(
    attachment: Attachment, file: AttachmentFile, name: FileName, context: AttachmentContext
) -> Iterator[Observation]:
    """What refuses nothing: who sends or who opens the file should know."""
    if context.is_wrapped and file.member is None and context.syntax is not Syntax.FACTURX:
        yield Observation(code="ATTACHMENT_NOT_ZIPPED", term="BT-125", place=name.group, facts=name.facts)
    yield from find_contradiction(attachment, file, name, is_wrapped=context.is_wrapped)
    yield from find_active(file, name)
