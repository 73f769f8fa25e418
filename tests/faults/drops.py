"""Flows as suppliers and platforms would drop them, and what is to become of them."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flux.demo.afnor_samples import write_afnor_ubl
from flux.demo.facturx_samples import write_facturx
from flux.demo.samples import ENTITY_SIRET, OTHER_ENTITY_SIRET, Sample, write_cii, write_ubl
from flux.demo.scenario import write_archive
from tests.faults.checker import Dropped

_WRONG_SIRET = "73282932000075"
_FLOW = "{code}_{partner}_{partner}{number:019d}"
_ONE_LINE = Sample(line_count=1)
_REFORM = replace(_ONE_LINE, means="58")
# The frame of a co-contractor's invoice: it waits for the validator.
_FREE, _VALIDATED = b">A1<", b">A9<"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a flow is made of: its interface, how an invoice is written, how several become one file."""

    code: str
    write: Callable[[Sample], bytes]
    pack: Callable[[Sequence[bytes]], bytes] = write_archive
    sample: Sample = _ONE_LINE


def write_zip(documents: Sequence[bytes]) -> bytes:
    """The documents as one zip, each with the ending that its bytes ask for."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for index, data in enumerate(documents, start=1):
            ending = "pdf" if data.startswith(b"%PDF") else "xml"
            archive.writestr(zipfile.ZipInfo(f"facture-{index:04d}.{ending}"), data)
    return buffer.getvalue()


UBL, ZIP = "UBL", "UBL in a zip"
# Those with a frame that can wait for a validator come first.
SUPPLIER_FORMS: Mapping[str, Form] = {
    UBL: Form(code="FSO1100A", write=write_ubl),
    ZIP: Form(code="FSO1100A", write=write_ubl, pack=write_zip),
    "CII": Form(code="FSO1106A", write=write_cii),
}
PLATFORM_FORMS: Mapping[str, Form] = {
    "reform": Form(code="FSO1150A", write=write_afnor_ubl, sample=_REFORM),
    "Factur-X": Form(code="FSO1157A", write=write_facturx, pack=write_zip, sample=_REFORM),
}
FORMS = {**SUPPLIER_FORMS, **PLATFORM_FORMS}
CAN_WAIT = frozenset({UBL, ZIP})
_NO_INVOICES: Mapping[str, str] = {}


def make_flow(
    partner: str,
    number: int,
    *,
    good: Mapping[str, str] = _NO_INVOICES,
    bad: tuple[str, ...] = (),
    held: Mapping[str, str] = _NO_INVOICES,
    form: str = UBL,
) -> tuple[Dropped, bytes]:
    """A flow of invoices: `good` maps a number to its recipient, `bad` bear a wrong SIRET, `held` wait for a validator."""
    its = FORMS[form]
    documents = list(_write_all(its, good, bad, held))
    data = its.pack(documents) if len(documents) > 1 else documents[0]
    name = _FLOW.format(code=its.code, partner=partner.upper(), number=number)
    dropped = Dropped(
        partner=partner,
        name=name,
        identifier=name.split("_")[2],
        sha256=hashlib.sha256(data).hexdigest(),
        forwarded=good,
        refused=bad,
        held=held,
    )
    return dropped, data


def put(folder: Path, name: str, data: bytes) -> None:
    """Have a file appear whole."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f".{name}").write_bytes(data)
    (folder / f".{name}").rename(folder / name)


def drop_into(folder: Path, number: int) -> Dropped:
    """Drop a flow of three good invoices and a bad one of frn001."""
    good = {f"G{number}-{index}": "sei001" for index in range(3)}
    dropped, data = make_flow("frn001", number, good=good, bad=(f"B{number}",))
    put(folder, dropped.name, data)
    return dropped


def _write_all(form: Form, good: Mapping[str, str], bad: tuple[str, ...], held: Mapping[str, str]) -> Iterator[bytes]:
    for number, recipient in good.items():
        yield form.write(_address(form, number, recipient))
    for number in bad:
        yield form.write(replace(form.sample, number=number, supplier_siret=_WRONG_SIRET))
    for number, recipient in held.items():
        yield form.write(_address(form, number, recipient)).replace(_FREE, _VALIDATED)


def _address(form: Form, number: str, recipient: str) -> Sample:
    siret = ENTITY_SIRET if recipient == "sei001" else OTHER_ENTITY_SIRET
    return replace(form.sample, number=number, buyer_siret=siret)
