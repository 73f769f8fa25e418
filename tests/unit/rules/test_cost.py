"""What judging costs: so much for each line, whatever their number, and nothing is left behind."""

import gc
import sys
from copy import deepcopy
from types import FrameType
from typing import cast

import pytest

from flux.formats.reader import TreeReader
from flux.formats.syntax import SyntaxFormat, syntax_of
from flux.formats.tree import Element
from flux.model.interface import Syntax
from flux.model.limits import Limits
from flux.rules.rule import Matter
from flux.rules.sets import PUBLICATIONS, rule_set
from tests.official.bases import bases
from tests.official.ours import CONTEXT

LINE = {Syntax.UBL: "{*}InvoiceLine", Syntax.CII: "{*}SupplyChainTradeTransaction/{*}IncludedSupplyChainTradeLineItem"}
CASES = [(name, syntax) for name in PUBLICATIONS for syntax in LINE if syntax in PUBLICATIONS[name].syntaxes]


def document(ruleset: str, syntax: Syntax, lines: int) -> Element:
    """A document of the set with so many lines, the first of the base again and again."""
    written = bases("extended-ctc-fr" if ruleset in ("br-fr-cpro", "chorus") else ruleset, syntax)
    root = cast("Element", TreeReader(Limits()).read(next(iter(written.values()))).root)
    found = root.findall(LINE[syntax])
    if not found:  # a profile without lines
        return root
    first = found[0]
    for other in found[1:]:
        cast("Element", other.getparent()).remove(other)
    for _ in range(lines - 1):
        first.addnext(deepcopy(first))
    return root


def judge(root: Element, ruleset: str) -> None:
    syntax = cast("SyntaxFormat", syntax_of(root))
    invoice = syntax.read_one(root, root)
    rule_set(ruleset, syntax.syntax).check(Matter(invoice, syntax.syntax, CONTEXT))
    syntax.bound_rules(root, ruleset, invoice)


def calls(root: Element, ruleset: str) -> int:
    """How many functions are entered, those written in C and steps of generators too: the same on every machine."""
    count = 0

    def tally(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(tally)
    try:
        judge(root, ruleset)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(("ruleset", "syntax"), CASES)
def test_each_further_line_costs_the_same(ruleset: str, syntax: Syntax) -> None:
    judge(document(ruleset, syntax, 1), ruleset)  # what is made once
    few, more, many = (calls(document(ruleset, syntax, lines), ruleset) for lines in (20, 40, 80))
    assert many - more <= 2.02 * (more - few)


@pytest.mark.parametrize(("ruleset", "syntax"), CASES)
def test_a_judged_invoice_leaves_nothing_to_the_garbage_collector(ruleset: str, syntax: Syntax) -> None:
    root = document(ruleset, syntax, 3)
    judge(root, ruleset)
    gc.collect()
    gc.disable()
    try:
        judge(root, ruleset)
        assert gc.collect() == 0
    finally:
        gc.enable()
