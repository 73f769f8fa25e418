"""What archived flows or files hold, one by one: the XML of UBL, of CII, and what a Factur-X embeds; None for all else."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from flux.app.checking import expand_paths
from flux.app.logs import hush_pypdf
from flux.app.operations import FlowFilter, open_queries
from flux.app.rule_comparison import Archived
from flux.config import Settings
from flux.engine.worker import deposit_of
from flux.formats.facturx import extract_invoice, is_pdf
from flux.formats.reader import TreeReader
from flux.formats.syntax import CII, UBL, syntax_of
from flux.intake.reading import Piece, read_pieces
from flux.intake.unpack import Container, open_container
from flux.ledger.vault import FolderVault
from flux.model.limits import Limits


def invoices_of_flows(settings: Settings, last: int) -> Iterator[Archived]:
    """Those of the latest flows of an installation, newest flow first. Raises LedgerError, VaultError."""
    vault = FolderVault(settings.vault.path)
    with open_queries(settings) as queries:
        lines = queries.list_flows(FlowFilter(), limit=last)
    for line in lines:
        yield from _invoices_of(vault.path(line.flow.sha256), line.flow.name, settings.limits)


def invoices_of_files(paths: Sequence[str], limits: Limits) -> Iterator[Archived]:
    """Those of files, archives and folders. Raises ConfigError for a path that is not there."""
    for file in expand_paths(paths):
        yield from _invoices_of(Path(file), file, limits)


def _invoices_of(path: Path, file: str, limits: Limits) -> Iterator[Archived]:
    hush_pypdf()
    name = Path(file).name
    with tempfile.TemporaryDirectory(prefix="flux-compare-") as folder:
        opened = open_container(path, name, limits, Path(folder) / "spool")
        if not isinstance(opened, Container):
            yield Archived(file=file, xml=None)
            return
        for piece in read_pieces(opened.members, 0, limits):
            xml = _xml_of(piece, limits)
            yield Archived(file=file, member=piece.member.name, xml=xml, deposit=deposit_of(name))


def _xml_of(piece: Piece, limits: Limits) -> bytes | None:
    if not isinstance(piece.content, bytes):
        return None
    xml = extract_invoice(piece.content, limits).data if is_pdf(piece.content) else piece.content
    root = TreeReader(limits).read(xml).root if xml else None
    return xml if root is not None and syntax_of(root) in (UBL, CII) else None
