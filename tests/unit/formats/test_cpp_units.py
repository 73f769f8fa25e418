"""A document with some of its invoices."""

import pytest

from flux.demo.pivot_samples import PivotSample, write_pivot
from flux.demo.samples import Sample
from flux.formats.cpp_units import keep_units, write_counter
from flux.formats.syntax import PIVOT
from tests.unit.formats.documents import parse, ubl

HEADS = [
    ('<CPPFactures Compteur="12">', '<CPPFactures Compteur="3">'),
    ("<CPPFactures  a='x'\n Compteur = '12' >\n  ", "<CPPFactures  a='x'\n Compteur = \"3\" >\n  "),
    ("<CPPFactures>", '<CPPFactures Compteur="3">'),
    ('<CPPFactures a=">">', '<CPPFactures Compteur="3" a=">">'),
    # what looks like the counter stays as it is
    (
        '<CPPFactures a="\' Compteur=\'12\'" Compteur="12"><!-- <CPPFactures Compteur="12"> -->é',
        '<CPPFactures a="\' Compteur=\'12\'" Compteur="3"><!-- <CPPFactures Compteur="12"> -->é',
    ),
]


@pytest.mark.parametrize(("before", "after"), HEADS)
@pytest.mark.parametrize("codec", ["utf-8", "latin-1", "utf-16"])
def test_only_the_counter_changes(before: str, after: str, codec: str) -> None:
    start = '<CPPFacturePivot><Enveloppe Compteur="12">é</Enveloppe>'
    head, offset = (start + before).encode(codec), len(start.encode(codec))
    assert write_counter(head, offset, 3) == (start + after).encode(codec)


def test_a_document_written_anew_has_the_invoices_that_were_asked_for() -> None:
    samples = [PivotSample(sample=Sample(number=f"F{number}")) for number in range(4)]
    root = parse(write_pivot(samples).decode().partition("\n")[2])
    written = parse(keep_units(root, {1, 3}).decode().partition("\n")[2])
    assert [invoice.number[0].text for invoice in PIVOT.read(written)] == ["F1", "F3"]
    assert written.find("CPPFactures").get("Compteur") == "2"  # type: ignore[union-attr]


def test_a_document_of_one_invoice_cannot_be_divided() -> None:
    with pytest.raises(ValueError, match="one after the other"):
        keep_units(ubl(""), {0})
