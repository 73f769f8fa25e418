"""Flows as a supplier would drop them, and what is to become of them."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from flux.demo.samples import ENTITY_SIRET, OTHER_ENTITY_SIRET, Sample, write_ubl
from flux.demo.scenario import write_archive
from tests.faults.checker import Dropped

_WRONG_SIRET = "73282932000075"
_FLOW = "FSO1100A_{partner}_{partner}{number:019d}"


def make_flow(
    partner: str, number: int, *, good: Mapping[str, str], bad: tuple[str, ...] = ()
) -> tuple[Dropped, bytes]:
    """A flow of invoices: `good` maps a number to its recipient, `bad` bear a wrong SIRET."""
    documents = [write_ubl(_sample(invoice, recipient)) for invoice, recipient in good.items()]
    documents += [write_ubl(Sample(number=invoice, line_count=1, supplier_siret=_WRONG_SIRET)) for invoice in bad]
    data = write_archive(documents) if len(documents) > 1 else documents[0]
    name = _FLOW.format(partner=partner.upper(), number=number)
    dropped = Dropped(
        partner=partner,
        name=name,
        identifier=name.split("_")[2],
        sha256=hashlib.sha256(data).hexdigest(),
        forwarded=good,
        refused=bad,
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


def _sample(number: str, recipient: str) -> Sample:
    siret = ENTITY_SIRET if recipient == "sei001" else OTHER_ENTITY_SIRET
    return Sample(number=number, line_count=1, buyer_siret=siret)
