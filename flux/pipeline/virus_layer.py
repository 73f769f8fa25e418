"""The virus scanner's word on a document and on the files that it carries.

A scanner that does not answer leaves the invoice unjudged: nothing is accepted that nobody looked at.
"""

from collections.abc import Iterator

from flux.model.attachment_file import AttachmentFile, decode_content, is_wrapped, open_content
from flux.model.finding import LayerName, Observation
from flux.model.limits import Limits
from flux.model.ports import Scanner
from flux.model.verdict import NotRunReason
from flux.pipeline.scales import Scales
from flux.pipeline.step import NOTHING, Step, not_run
from flux.pipeline.subject import Held, Member

RULESET = "antivirus"
VERSION = "2"


class VirusLayer:
    """Has a scanner look at everything that somebody may open. `scanner` is None where the installation has none."""

    def __init__(self, scanner: Scanner | None, scales: Scales, limits: Limits) -> None:
        self._scanner = scanner
        self._scales = scales
        self._limits = limits

    def run(self, held: Held) -> Step:
        """The step of the scanner: ANTIVIRUS for the first file that it refuses."""
        if self._scanner is None:
            return NOTHING
        for data in (*_document(held.document.member, held.unit), *self._attachments(held)):
            scan = self._scanner.scan(data)
            if scan.failure:
                failed = Observation(code="ANTIVIRUS_FAILED", detail=scan.failure)
                told = self._scales.step(LayerName.INTAKE, RULESET, VERSION, (failed,), held.family)
                return Step(
                    not_run(LayerName.INTAKE, NotRunReason.ENGINE_FAILED, RULESET, VERSION).layers, told.findings
                )
            if scan.virus:
                found = Observation(code="ANTIVIRUS", found=scan.virus)
                return self._scales.step(LayerName.INTAKE, RULESET, VERSION, (found,), held.family)
        return self._scales.step(LayerName.INTAKE, RULESET, VERSION, (), held.family)

    def _attachments(self, held: Held) -> Iterator[bytes]:
        """What each attachment came as, out of its base64, and the file out of its zip, one at a time.

        The zip too: what flux passes over in it, or cannot read, somebody's program may open.
        """
        wrapped = is_wrapped(held.family, held.document.format.syntax)
        limit = self._limits.attachment_bytes
        for attachment in held.invoice.attachments:
            for occurrence in range(len(attachment.content)):
                data = decode_content(attachment, limit_bytes=limit, occurrence=occurrence)
                if isinstance(data, bytes):
                    yield data
                    file = open_content(data, attachment, wrapped=wrapped, limit_bytes=limit)
                    if isinstance(file, AttachmentFile) and file.data is not data:
                        yield file.data


def _document(member: Member, unit: int) -> Iterator[bytes]:
    """The bytes that came: once for a document of many invoices."""
    if unit == member.unit:
        yield member.data
