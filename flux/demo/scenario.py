"""The flows of the demonstration: what suppliers, platforms and a hub really send, good and bad."""

import gzip
import io
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flux.demo.afnor_samples import AFNOR_SAMPLE, write_afnor_ubl
from flux.demo.facturx_samples import write_facturx
from flux.demo.pivot_samples import PivotSample, write_pivot
from flux.demo.register_samples import CLOSED_SIRET, CODE_SERVICE, PRINTER_IBAN, PRINTER_SIRET
from flux.demo.samples import ENTITY_SIRET, OTHER_ENTITY_SIRET, Sample, write_cii, write_ubl

ARCHIVE_INVOICES = 100
PAPETERIE, IMPRIMERIE, PLATEFORME, DUPONT = "papeterie", "imprimerie", "plateforme", "dupont"
DEPARTMENT = "Département des Bouches-du-Rhône"
# The second supplier: another SIRET, VAT number and account, all of them right.
PRINTER = Sample(
    supplier_siret=PRINTER_SIRET,
    supplier_name="Imprimerie des Deux Rives SARL",
    supplier_vat="FR60810347328",
    iban=PRINTER_IBAN,
    bic="AGRIFRPP",
    buyer_siret=OTHER_ENTITY_SIRET,
    buyer_name=DEPARTMENT,
    code_service="",
)


# A good account, which is on nobody's sheet.
UNDECLARED_IBAN = "FR7610057191370188512730284"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """A partner that deposits: its code, and what its table of the configuration says beside it."""

    application_code: str
    settings: str


SENDERS = {
    PAPETERIE: Sender(application_code="FRN001", settings='interfaces = ["FSO1100A", "FSO1106A", "FEN0036A"]'),
    IMPRIMERIE: Sender(application_code="FRN002", settings='interfaces = ["FSO1100A", "FSO1106A"]'),
    PLATEFORME: Sender(application_code="PAE123", settings='interfaces = ["FSO1150A", "FSO1157A"]'),
    DUPONT: Sender(application_code="DUP001", settings='naming = "free"\nreplies = "cdar"'),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFlow:
    """One drop: who, under which name, which bytes, and what a reader should look for."""

    partner: str
    name: str
    data: bytes
    story: str


def first_wave(today: date) -> Iterator[DemoFlow]:
    """Everything that can be dropped at once."""
    paper = replace(Sample(), issue_date=today, due_date=today)
    printer = replace(PRINTER, issue_date=today, due_date=today)
    yield _flow(PAPETERIE, "FSO1100A", 1, write_ubl(paper), "une facture UBL")
    yield _flow(
        PAPETERIE, "FSO1100A", 2, write_ubl(replace(paper, number="A2026-0004", type_code="381")), "un avoir UBL"
    )
    yield _flow(IMPRIMERIE, "FSO1106A", 1, write_cii(replace(printer, number="2026/118")), "une facture CII")
    yield _flow(IMPRIMERIE, "FSO1100A", 2, write_archive(_hundred(printer)), "une archive de 100 factures")
    yield from _faults_of_bytes(paper, printer)
    yield from _faults_of_identity(paper)
    yield from _of_the_register(paper)
    yield from _of_other_formats(paper, printer, today)


def _faults_of_bytes(paper: Sample, printer: Sample) -> Iterator[DemoFlow]:
    """What goes wrong before anybody reads the invoice."""
    comma = replace(paper, number="F2026-0120", vat_total="2400,00")
    damaged = write_archive([write_ubl(printer)] * 2)[:-400]
    yield _flow(PAPETERIE, "FSO1100A", 3, write_ubl(paper)[:4000], "XML coupé en route")
    yield _flow(PAPETERIE, "FSO1100A", 4, write_ubl(comma), "virgule décimale")
    yield DemoFlow(
        partner=IMPRIMERIE,
        name="factures_novembre.xml",
        data=write_ubl(replace(printer, number="2026/119")),
        story="nom de flux hors norme",
    )
    yield _flow(IMPRIMERIE, "FSO1100A", 3, damaged, "archive abîmée pendant le transfert")
    yield _flow(IMPRIMERIE, "FSO1100A", 4, _with_doctype(write_ubl(printer)), "DOCTYPE dans le XML")


def _faults_of_identity(paper: Sample) -> Iterator[DemoFlow]:
    """Identifiers and accounts that cannot be, or are odd."""
    siret = replace(paper, number="F2026-0118", supplier_siret="73282932000075")
    iban = replace(paper, number="F2026-0121", iban="FR1420041010050500013M02605")
    rib = replace(paper, number="F2026-0122", iban="FR8420041010050500013M02607")
    yield _flow(PAPETERIE, "FSO1100A", 5, write_ubl(siret), "clé de SIRET fausse")
    yield _flow(PAPETERIE, "FSO1100A", 6, write_ubl(iban), "IBAN dont la clé échoue")
    yield _flow(PAPETERIE, "FSO1100A", 7, write_ubl(rib), "clé RIB fausse : acceptée, signalée")


def _of_the_register(paper: Sample) -> Iterator[DemoFlow]:
    """What only the register can tell."""
    closed = replace(
        paper,
        number="2026-77",
        supplier_siret=CLOSED_SIRET,
        supplier_name="Mobilier Durand SA",
        supplier_vat="",
    )
    yield _flow(PAPETERIE, "FSO1100A", 9, write_ubl(closed), "fournisseur fermé depuis quatre mois")
    yield _flow(
        PAPETERIE,
        "FSO1100A",
        10,
        write_ubl(replace(paper, number="F2026-0124", code_service="")),
        "code service absent, que l'État exige",
    )
    yield _flow(
        PAPETERIE,
        "FSO1100A",
        11,
        write_ubl(replace(paper, number="F2026-0125", iban=UNDECLARED_IBAN)),
        "compte non déclaré : l'entité le voit, le fournisseur non",
    )


def _of_other_formats(paper: Sample, printer: Sample, today: date) -> Iterator[DemoFlow]:
    """A PDF that carries its invoice, a pivot for two entities, and a platform of the reform."""
    reform = replace(AFNOR_SAMPLE, issue_date=today, due_date=today)
    yield DemoFlow(
        partner=DUPONT,
        name="Facture n°126 novembre.pdf",
        data=write_facturx(replace(reform, number="F2026/0126", buyer_siret=OTHER_ENTITY_SIRET, buyer_name=DEPARTMENT)),
        story="Factur-X sous un nom libre, répondu en CDAR",
    )
    yield _flow(
        PLATEFORME,
        "FSO1150A",
        1,
        write_afnor_ubl(replace(reform, number="F2026-0127")),
        "facture de la réforme par une plateforme",
    )
    yield _flow(
        PLATEFORME,
        "FSO1150A",
        2,
        write_afnor_ubl(replace(reform, number="F2026-0128", vat_total="2400,00")),
        "réforme : virgule décimale, irrecevable",
    )
    yield _flow(
        PLATEFORME,
        "FSO1150A",
        3,
        write_afnor_ubl(replace(reform, number="F2026-0129", code_service="")),
        "réforme : code service absent",
    )
    yield _flow(
        PLATEFORME,
        "FSO1150A",
        4,
        write_afnor_ubl(replace(reform, number="F2026-0131", vat_total="150.00")),
        "réforme : total de TVA faux",
    )
    units = (
        replace(paper, number="F2026-0130"),
        replace(printer, number="2026/320"),
        replace(_to_the_state(printer), number="2026/321"),
    )
    identifier = _flow_id(PAPETERIE, "FEN0036A", 1)
    yield _flow(
        PAPETERIE,
        "FEN0036A",
        1,
        write_pivot([PivotSample(sample=unit, received=today) for unit in units], flow_id=identifier),
        "pivot de trois factures pour deux entités",
    )


def second_wave(today: date) -> Iterator[DemoFlow]:
    """What goes wrong only because something was sent before."""
    paper = replace(Sample(), issue_date=today, due_date=today)
    yield _flow(PAPETERIE, "FSO1100A", 8, write_ubl(paper), "facture déjà envoyée")
    yield _flow(PAPETERIE, "FSO1100A", 1, write_ubl(replace(paper, number="F2026-0123")), "nom de flux déjà utilisé")


def _flow(partner: str, code: str, sequence: int, data: bytes, story: str) -> DemoFlow:
    name = f"{code}_{SENDERS[partner].application_code}_{_flow_id(partner, code, sequence)}"
    return DemoFlow(partner=partner, name=name, data=data, story=story)


def _flow_id(partner: str, code: str, sequence: int) -> str:
    return f"{SENDERS[partner].application_code}{code[3:7]}{sequence:015d}"


def _to_the_state(sample: Sample) -> Sample:
    return replace(
        sample, buyer_siret=ENTITY_SIRET, buyer_name="Direction des services de l'État", code_service=CODE_SERVICE
    )


def _hundred(printer: Sample) -> list[bytes]:
    """A hundred invoices for two entities, one of which bears an account that fails."""
    to_the_state = _to_the_state(printer)
    samples = [
        replace(to_the_state if index % 2 == 0 else printer, number=f"2026/{200 + index}")
        for index in range(ARCHIVE_INVOICES)
    ]
    samples[41] = replace(samples[41], iban="FR7630006000011234567890188")
    return [write_ubl(sample) for sample in samples]


def write_archive(documents: Sequence[bytes]) -> bytes:
    """The documents as a tar.gz."""
    buffer = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as compressed,
        tarfile.open(fileobj=compressed, mode="w|") as archive,
    ):
        for index, data in enumerate(documents, start=1):
            header = tarfile.TarInfo(f"facture-{index:04d}.xml")
            header.size = len(data)
            archive.addfile(header, io.BytesIO(data))
    return buffer.getvalue()


def _with_doctype(document: bytes) -> bytes:
    declaration, _, rest = document.partition(b"\n")
    return declaration + b'\n<!DOCTYPE Invoice [<!ENTITY total "0.00">]>\n' + rest
