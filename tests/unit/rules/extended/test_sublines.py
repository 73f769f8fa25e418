"""Sub-lines cost what their number says, however they name each other."""

import pytest

from flux.model.interface import Syntax
from flux.model.invoice import Invoice, Line
from flux.model.term import Term, Terms
from flux.rules.extended import sublines
from flux.rules.numbers import number
from flux.rules.rule import Matter
from flux.rules.sets import rule_set
from tests.official.ours import CONTEXT


def amounts_read(lines: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many amounts are read of so many lines, each a GROUP that is every other's child."""
    one, group = (Term("1"),), (Term("GROUP"),)
    line = Line(identifier=one, status=group, parent_line=one, net_amount=(Term("1.00"),))
    invoice = Invoice(lines=(line,) * lines)
    read: list[Terms] = []

    def counting(terms: Terms) -> object:
        read.append(terms)
        return number(terms)

    monkeypatch.setattr(sublines, "number", counting)
    rule_set("extended-ctc-fr", Syntax.CII).check(Matter(invoice, Syntax.CII, CONTEXT))
    return len(read)


def test_lines_that_all_name_one_parent_are_added_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert amounts_read(40, monkeypatch) == 2 * amounts_read(20, monkeypatch)
