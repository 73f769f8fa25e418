"""The flows of the demonstration: a dozen that suppliers really send, good and bad."""

import gzip
import io
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flux.demo.samples import ENTITY_SIRET, OTHER_ENTITY_SIRET, Sample, write_cii, write_ubl

ARCHIVE_INVOICES = 100
PAPETERIE, IMPRIMERIE = "papeterie", "imprimerie"
APPLICATION_CODES = {PAPETERIE: "FRN001", IMPRIMERIE: "FRN002"}
# The second supplier: another SIRET, VAT number and account, all of them right.
PRINTER = Sample(
    supplier_siret="81034732800017",
    supplier_name="Imprimerie des Deux Rives SARL",
    supplier_vat="FR60810347328",
    iban="FR7630006000011234567890189",
    bic="AGRIFRPP",
    buyer_siret=OTHER_ENTITY_SIRET,
    buyer_name="Département des Bouches-du-Rhône",
)


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
    yield _flow(PAPETERIE, "FSO1100A", 3, write_ubl(paper)[:4000], "XML coupé en route")
    yield _flow(
        PAPETERIE,
        "FSO1100A",
        4,
        write_ubl(replace(paper, number="F2026-0120", vat_total="2400,00")),
        "virgule décimale",
    )
    yield _flow(
        PAPETERIE,
        "FSO1100A",
        5,
        write_ubl(replace(paper, number="F2026-0118", supplier_siret="73282932000075")),
        "clé de SIRET fausse",
    )
    yield _flow(
        PAPETERIE,
        "FSO1100A",
        6,
        write_ubl(replace(paper, number="F2026-0121", iban="FR1420041010050500013M02605")),
        "IBAN dont la clé échoue",
    )
    yield _flow(
        PAPETERIE,
        "FSO1100A",
        7,
        write_ubl(replace(paper, number="F2026-0122", iban="FR8420041010050500013M02607")),
        "clé RIB fausse : acceptée, signalée",
    )
    yield DemoFlow(
        partner=IMPRIMERIE,
        name="factures_novembre.xml",
        data=write_ubl(replace(printer, number="2026/119")),
        story="nom de flux hors norme",
    )
    yield _flow(
        IMPRIMERIE, "FSO1100A", 3, write_archive([write_ubl(printer)] * 2)[:-400], "archive abîmée pendant le transfert"
    )
    yield _flow(IMPRIMERIE, "FSO1100A", 4, _with_doctype(write_ubl(printer)), "DOCTYPE dans le XML")


def second_wave(today: date) -> Iterator[DemoFlow]:
    """What goes wrong only because something was sent before."""
    paper = replace(Sample(), issue_date=today, due_date=today)
    yield _flow(PAPETERIE, "FSO1100A", 8, write_ubl(paper), "facture déjà envoyée")
    yield _flow(PAPETERIE, "FSO1100A", 1, write_ubl(replace(paper, number="F2026-0123")), "nom de flux déjà utilisé")


def _flow(partner: str, code: str, sequence: int, data: bytes, story: str) -> DemoFlow:
    application = APPLICATION_CODES[partner]
    name = f"{code}_{application}_{application}{code[3:7]}{sequence:015d}"
    return DemoFlow(partner=partner, name=name, data=data, story=story)


def _hundred(printer: Sample) -> list[bytes]:
    """A hundred invoices for two entities, one of which bears an account that fails."""
    receivers = (ENTITY_SIRET, OTHER_ENTITY_SIRET)
    samples = [
        replace(printer, number=f"2026/{200 + index}", buyer_siret=receivers[index % 2])
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
