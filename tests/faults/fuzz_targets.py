"""Every reader of what others write, as something to run on bytes: what it may answer, and nothing else.

A target's run returns what was said, in a few words: an input that makes a reader say something else is worth changing further.
What it raises is a finding, as nothing here stands behind the worker's broad catch.
"""

import gzip
import itertools
import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from flux.app.checking import CheckOptions, check_file
from flux.config import load
from flux.demo.afnor_samples import write_afnor_ubl
from flux.demo.facturx_samples import write_facturx, write_facturx_xml
from flux.demo.pivot_samples import PivotSample, write_mixte, write_pivot
from flux.demo.register_samples import write_entities, write_services, write_suppliers
from flux.demo.samples import Sample, write_cii, write_ubl
from flux.demo.scenario import write_archive
from flux.errors import ConfigError, RegisterError
from flux.formats.cdar import read_cdar
from flux.formats.cpp_statut import read_cpp_statut
from flux.formats.reader import TreeReader
from flux.intake.cpp_envelope import check_envelope
from flux.intake.cpp_index import index_units
from flux.intake.member import Refusal, Units
from flux.intake.naming import check_name
from flux.intake.reading import read_pieces, stream_member
from flux.intake.unpack import Container, open_container
from flux.model.cdar import Cdar
from flux.model.cdv_codes import CdvStatus
from flux.model.finding import Observation
from flux.model.flow import Flow, FlowName, without_extension
from flux.model.interface import Deposit
from flux.model.limits import Limits
from flux.model.partner import Naming, Partner, PartnerRole
from flux.model.verdict import NotRunReason
from flux.model.zip_wrapper import Wrapped, unwrap
from flux.overrides import read_overrides
from flux.register.directory_file import read_directory
from flux.register.sirene_file import SireneFile
from flux.register.suppliers_file import read_suppliers
from flux.register.table_file import read_table
from flux.replies.cdar_message import write_cdar
from flux.replies.cso import build_flow_report
from flux.replies.names import NAME_CHARACTERS, readable_name, report_name
from flux.transport.names import is_plain_name
from tests.faults import mutators as m
from tests.unit.intake.cpp import pivot, unit
from tests.unit.register.sirene_stocks import (
    CLOSED,
    LINKS_HEAD,
    OPEN,
    ROWS,
    Writer,
    make,
    write_links,
    write_parquet,
    write_quoted_csv,
    write_timed_parquet,
    write_typed_parquet,
    write_zip,
)
from tests.unit.register.sirene_stocks import write_csv as write_stock
from tests.unit.register.tables import xlsx
from tests.unit.replies.cases import FLOW, answering, fatal, judged, settled
from tests.unit.replies.cdar_cases import message

Run = Callable[[bytes], Hashable]

TODAY = date(2026, 11, 28)
LIMITS = Limits()
XML = m.repeat(m.any_of(m.change_xml_text, m.change_xml_text, m.change_xml_tree, m.change_bytes), 3)
BYTES = m.repeat(m.change_bytes, 4)
TAR = m.repeat(m.any_of(m.change_tar_header, m.change_tar_header, m.change_bytes), 3)
ZIP = m.repeat(m.any_of(m.change_zip_members, m.change_zip_field, m.change_bytes), 3)
PDF = m.repeat(m.any_of(m.change_numbers, m.change_words, m.change_bytes), 4)
TOML = m.repeat(m.any_of(m.change_toml, m.change_toml, m.change_toml, m.change_bytes), 3)
LIST = m.repeat(m.any_of(m.change_list, m.change_list, m.change_bytes), 3)
CSV = m.repeat(m.any_of(m.change_csv, m.change_csv, m.change_bytes), 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A reader: valid inputs, how to spoil them, and what runs one. `prepare` is given a folder of its own."""

    seeds: Callable[[], Sequence[bytes]]
    mutate: m.Mutator
    prepare: Callable[[Path], Run]


class Broken(Exception):
    """A reader answered, and what it said cannot be."""


def require(holds: object, what: str) -> None:
    """Raise Broken where a property does not hold."""
    if not holds:
        raise Broken(what)


def _judge(folder: Path, name: str, deposit: Deposit = Deposit()) -> Run:  # noqa: B008 - a frozen value
    options = replace(CheckOptions.build(layers=frozenset(), deposit=None, config_path=None), deposit=deposit)
    path = folder / name

    def run(data: bytes) -> Hashable:
        path.write_bytes(data)
        checked = check_file(str(path), options, with_excerpts=True)
        failed = [
            layer for each in checked.judgments for layer in each.layers if layer.reason is NotRunReason.ENGINE_FAILED
        ]
        require(not failed, "a layer failed")
        return tuple(
            (each.verdict.value, *sorted({finding.code for finding in each.findings})) for each in checked.judgments[:5]
        )

    return run


def _open(folder: Path) -> Run:
    """Opens, reads in both ways, and looks that nothing was written but in its own folder."""
    path, spool = folder / "blob", folder / "spool"

    def run(data: bytes) -> Hashable:
        path.write_bytes(data)
        opened = open_container(path, "flow.zip", LIMITS, spool)
        said = tuple(_read_all(opened)) if isinstance(opened, Container) else tuple(each.code for each in opened)
        require({each.name for each in folder.iterdir()} <= {"blob", "spool"}, "written outside of its folder")
        for left in spool.iterdir() if spool.exists() else ():
            require(
                left.is_file() and not left.is_symlink() and left.suffix in {".unpacked", ".units"}, f"left {left.name}"
            )
            left.unlink()
        return said

    return run


def _read_all(opened: Container) -> Iterator[Hashable]:
    for member in opened.members[:50]:
        with suppress(Refusal):
            for _ in stream_member(member):
                pass
    for piece in itertools.islice(read_pieces(opened.members, 0, LIMITS), 50):
        yield "read" if isinstance(piece.content, bytes) else tuple(each.code for each in piece.content)


def _name(_: Path) -> Run:
    partners = [
        Partner(name="a", role=PartnerRole.SUPPLIER, application_code="FRN001", interfaces=interfaces, naming=naming)
        for naming in Naming
        for interfaces in (("FSO1100A",), ("FSO1150A", "FSO1100A"))
    ]

    def run(data: bytes) -> Hashable:
        name = data.decode("utf-8", "replace")
        flow = replace(FLOW, name=name)
        return tuple(_check_name(flow, partner) for partner in partners)

    return run


def _check_name(flow: Flow, partner: Partner) -> Hashable:
    said = tuple((each.code, each.detail) for each in check_name(flow, partner))
    parsed = FlowName.parse(flow.name)
    require(parsed is None or str(parsed) == without_extension(flow.name), "a name that is not what was parsed")
    require(said or partner.naming is Naming.FREE or parsed is not None, "a strict name taken that has not its shape")
    ours = (report_name(flow.number, flow.name), readable_name(flow, partner.naming, ".html"))
    require(
        all(is_plain_name(each) and each.isascii() and len(each) <= NAME_CHARACTERS for each in ours), "no plain name"
    )
    return said


def _read_message(_: Path) -> Run:
    """Reads a life-cycle message and a CPPStatut, whichever it is; what is whole is written and read again as it was."""
    reader = TreeReader(LIMITS)

    def run(data: bytes) -> Hashable:
        root = reader.read(data).root
        if root is None:
            return "no tree"
        statut, cdar = read_cpp_statut(root), read_cdar(root)
        if cdar.message is not None:
            _write_again(cdar.message, reader)
        return len(statut.observations), tuple(each.code for each in cdar.observations)

    return run


def _write_again(read: Cdar, reader: TreeReader) -> None:
    """What is written keeps to the bounds of the schema: written a second time, it is what it was the first time."""
    with suppress(ValueError):  # what is read need not be whole
        first = _read_back(write_cdar(read), reader)
        require(_read_back(write_cdar(first), reader) == first, "written and read, it is another")


def _read_back(written: bytes, reader: TreeReader) -> Cdar:
    root = reader.read(written).root
    message = read_cdar(root).message if root is not None else None
    if message is None:
        raise Broken("a message of ours that cannot be read")
    return message


def _is_one_answer(found: Units | Observation | None, whole: Units | Observation | None) -> bool:
    """Of two faults a piece may end before one of them: refused either way, in other words, or by the reader after this one."""
    if isinstance(found, Units) or isinstance(whole, Units):
        return found == whole
    return found is None or whole is None or found.code == whole.code


def _index(_: Path) -> Run:
    def run(data: bytes) -> Hashable:
        found = index_units((data[at : at + 977] for at in range(0, len(data), 977)), LIMITS)
        whole = index_units((data,), LIMITS)
        require(_is_one_answer(found, whole), "the pieces in which it comes change what is read")
        if not isinstance(found, Units):
            return found.code if found is not None else None
        ends = [place.offset + place.size_bytes for place in found.places]
        require(ends == sorted(ends) and (not ends or ends[-1] <= found.tail_offset), "units that overlap")
        frame = data[: found.head_bytes] + data[found.tail_offset :]
        return tuple(each.code for each in check_envelope(frame, len(found.places), "CPP0020036000000000000004"))

    return run


def _file(folder: Path, name: str, read: Callable[[Path], object], allowed: type[Exception]) -> Run:
    """A file that an operator writes: it is read, or refused in words."""
    path = folder / name

    def run(data: bytes) -> Hashable:
        path.write_bytes(data)
        try:
            read(path)
        except allowed as refusal:
            require(str(refusal).strip(), "refused without a word")
            return str(refusal)[-60:] if len(str(refusal)) < 400 else "refused"
        return "read"

    return run


def _tables(path: Path) -> None:
    """Read as each of the tables that it may be."""
    table = read_table(path)
    reads: Sequence[Callable[[], object]] = (
        partial(read_suppliers, (table,), importer="marie", four_eyes=True, is_full=True),
        partial(read_directory, (table,), table, is_full=False, renamed={}, services_renamed={}),
    )
    for read in reads:
        with suppress(RegisterError):
            read()


def _stock(folder: Path) -> Run:
    """SIRENE's stock: what is taken answers for every row; what is refused leaves the file that was there as it was."""
    path, target = folder / "stock", folder / "sirene.bin"
    make(write_stock(path, ROWS), target)
    former = target.read_bytes()

    def run(data: bytes) -> Hashable:
        path.write_bytes(data)
        try:
            rows = make(path, target).rows
        except RegisterError as refusal:
            require(str(refusal).strip(), "refused without a word")
            require(target.read_bytes() == former, "refused, and the file is another")
            return re.sub(r"\d+", "0", str(refusal)[-80:])
        finally:
            require(
                {each.name for each in folder.iterdir()} <= {"stock", "sirene.bin", "list"}, "left something behind"
            )
        file = SireneFile(target)
        file.verify()
        state = file.state()
        require(state is not None and state.open_count + state.closed_count == rows, "rows that are not counted")
        target.write_bytes(former)
        return min(rows, 20)

    return run


def _successions(folder: Path) -> Run:
    """SIRENE's list of who follows whom, beside a stock that is sound."""
    stock, path = write_stock(folder / "stock", ROWS), folder / "list"

    def run(data: bytes) -> Hashable:
        path.write_bytes(data)
        try:
            make(stock, folder / "sirene.bin", path)
        except RegisterError as refusal:
            require(str(refusal).strip(), "refused without a word")
            return re.sub(r"\d+", "0", str(refusal)[-80:])
        file = SireneFile(folder / "sirene.bin")
        file.verify()
        return tuple(found.successor for siret, *_ in ROWS if (found := file.establishment(siret)) is not None)

    return run


def _establishments(folder: Path) -> Run:
    """The file that an import made, altered on the disk: it answers, or says that it is not whole."""
    path = folder / "sirene.bin"

    def run(data: bytes) -> Hashable:
        path.write_bytes(data)
        file = SireneFile(path)
        questions: list[Callable[[], object]] = [file.state, file.verify]
        questions += [partial(file.establishment, siret) for siret, *_ in ROWS]
        return tuple(map(_ask, questions))

    return run


def _ask(question: Callable[[], object]) -> str:
    try:
        return "nothing" if question() is None else "something"
    except RegisterError as refusal:
        require(str(refusal).strip(), "refused without a word")
        return "refused"


def _made_file() -> bytes:
    with TemporaryDirectory() as name:
        folder = Path(name)
        links = write_links(folder / "list", [(CLOSED, OPEN, "2025-07-01")])
        make(write_stock(folder / "stock", ROWS), folder / "sirene.bin", links)
        return (folder / "sirene.bin").read_bytes()


def _written(*writers: Writer) -> Sequence[bytes]:
    """A stock as each of them writes it."""
    with TemporaryDirectory() as name:
        return [writer(Path(name) / "stock", ROWS).read_bytes() for writer in writers]


def _unwrap(_: Path) -> Run:
    def run(data: bytes) -> Hashable:
        found = unwrap(data, 1 << 20)
        if isinstance(found, Wrapped):
            require(len(found.data) <= 1 << 20, "more than the bound")
            return found.name
        return found

    return run


def _zip(*contents: bytes) -> bytes:
    return m.write_zip(Random(0), [(f"facture-{at}.xml", each) for at, each in enumerate(contents)])


def _invoice(number: str = "A1") -> Sample:
    return Sample(number=number, line_count=2)


def _pivots() -> Sequence[bytes]:
    held = [PivotSample(sample=_invoice(number)) for number in ("A1", "A2", "A3")]
    return write_pivot(held[:1]), write_pivot(held), write_mixte(held[:2])


def _messages() -> Sequence[bytes]:
    cso = build_flow_report(answering(settled(judged(0), judged(1, fatal()))))
    return (*(write_cdar(message(status)) for status in list(CdvStatus)[::4]), cso)


def _configuration() -> bytes:
    """The configuration that is delivered, with what it only shows brought to life."""
    text = (Path(__file__).parents[2] / "config.toml").read_text(encoding="utf-8")
    return text.replace("\n# ", "\n").encode()


_OVERRIDES = b"""[BR-FR-16]
severity = "warning"
reason = "until January"
until = 2027-01-31
partner = "acme"

[[BR-CO-15]]
severity = "off"
reason = "a reason"
until = 2027-01-31
"""
_NAMES = (
    "FSO1100A_FRN001_FRN0011100000000000000042.xml",
    "FSO1150A_FRN001_FRN0011150000000000000042.tar.gz",
    "Facture n°12 é.pdf",
)


def _tar() -> bytes:
    return gzip.decompress(write_archive([write_ubl(_invoice()), write_cii(_invoice("A2"))]))


def _sheet() -> bytes:
    heads = ("identifier", "name", "iban", "state")
    cells = ("73282932000074", "ACME", "FR1420041010050500013M02606", "ACTIF")
    rows = (heads, cells)
    held = "".join(
        f'<row r="{at}">' + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>"
        for at, row in enumerate(rows, start=1)
    )
    return xlsx(held, ("a", "b"))


TARGETS: Mapping[str, Target] = {
    "names": Target(
        seeds=lambda: [name.encode() for name in _NAMES],
        mutate=m.repeat(m.any_of(m.change_name, m.change_bytes), 3),
        prepare=_name,
    ),
    "ubl": Target(
        seeds=lambda: (write_ubl(_invoice()), write_ubl(replace(_invoice(), type_code="381"))),
        mutate=XML,
        prepare=partial(_judge, name="facture.xml"),
    ),
    "cii": Target(
        seeds=lambda: (write_cii(_invoice()), write_facturx_xml()),
        mutate=XML,
        prepare=partial(_judge, name="facture.xml"),
    ),
    "afnor": Target(seeds=lambda: (write_afnor_ubl(),), mutate=XML, prepare=partial(_judge, name="facture.xml")),
    "pivot": Target(seeds=_pivots, mutate=XML, prepare=partial(_judge, name="pivot.xml")),
    "pdf": Target(seeds=lambda: (write_facturx(),), mutate=PDF, prepare=partial(_judge, name="facture.pdf")),
    "zip": Target(
        seeds=lambda: (_zip(write_ubl(_invoice()), write_cii(_invoice("A2"))), _zip(*_pivots())),
        mutate=ZIP,
        prepare=_open,
    ),
    "tar": Target(seeds=lambda: (_tar(),), mutate=TAR, prepare=_open),
    "gzip": Target(
        seeds=lambda: (write_archive([write_ubl(_invoice())] * 3), gzip.compress(write_ubl(_invoice()), mtime=0)),
        mutate=m.inside_gzip(m.any_of(TAR, XML)),
        prepare=_open,
    ),
    "messages": Target(seeds=_messages, mutate=XML, prepare=_read_message),
    "index": Target(
        seeds=lambda: (pivot(unit(1), unit(2)).encode(), pivot(unit(1), encoding="UTF-16").encode("utf-16")),
        mutate=XML,
        prepare=_index,
    ),
    "wrapper": Target(seeds=lambda: (_zip(b"%PDF-1.4 facture"),), mutate=ZIP, prepare=_unwrap),
    "config": Target(
        seeds=lambda: (_configuration(),),
        mutate=TOML,
        prepare=partial(_file, name="config.toml", read=load, allowed=ConfigError),
    ),
    "overrides": Target(
        seeds=lambda: (_OVERRIDES,),
        mutate=TOML,
        prepare=partial(_file, name="overrides.toml", read=read_overrides, allowed=ConfigError),
    ),
    "tables": Target(
        seeds=lambda: [text.encode() for text in (write_suppliers(TODAY), write_entities(), write_services())],
        mutate=CSV,
        prepare=partial(_file, name="table.csv", read=_tables, allowed=RegisterError),
    ),
    "stock": Target(seeds=lambda: _written(write_stock, write_quoted_csv), mutate=LIST, prepare=_stock),
    "stock-zip": Target(seeds=lambda: _written(write_zip), mutate=ZIP, prepare=_stock),
    "stock-parquet": Target(
        seeds=lambda: _written(write_parquet, write_typed_parquet, write_timed_parquet), mutate=BYTES, prepare=_stock
    ),
    "successions": Target(
        seeds=lambda: (",".join(LINKS_HEAD).encode() + f"\n{CLOSED},{OPEN},2025-07-01\n".encode(),),
        mutate=LIST,
        prepare=_successions,
    ),
    "establishments": Target(seeds=lambda: (_made_file(),), mutate=m.change_ends, prepare=_establishments),
    "sheets": Target(
        seeds=lambda: (_sheet(),),
        mutate=ZIP,
        prepare=partial(_file, name="table.xlsx", read=_tables, allowed=RegisterError),
    ),
}
