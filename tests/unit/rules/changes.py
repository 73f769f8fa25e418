"""Changes to a document, written on one line, and rows of rules that they break or keep.

Changes are separated by semicolons. A path ends the way to an element; `[2]` counts namesakes, `*` before a path means every
element that it ends. Elements that are put in stand where the schema wants them.

    -Path                  the element goes
    -Path@name             its attribute goes
    +Path                  it stands twice
    Path = text            it holds this text
    Path@name = text       its attribute holds this text
    Parent > Name = text   it holds one element more, at the end of its namesakes
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

import pytest
from lxml import etree

from flux.model.interface import Syntax
from tests.official.bases import SCHEMAS, bases, grammar_of
from tests.official.draft import Draft, local, path_of, prefixed
from tests.official.grammar import Grammar

# Longer names, where both syntaxes have one for the same thing or where the name alone would not do.
_SHORT: Mapping[Syntax, Mapping[str, str]] = {
    Syntax.UBL: {
        "Line": "InvoiceLine",
        "Seller": "AccountingSupplierParty/Party",
        "Buyer": "AccountingCustomerParty/Party",
        "Totals": "LegalMonetaryTotal",
        "Representative": "TaxRepresentativeParty",
        "Payee": "PayeeParty",
        "Document": "Invoice/AllowanceCharge",
    },
    Syntax.CII: {
        "Line": "IncludedSupplyChainTradeLineItem",
        "Seller": "SellerTradeParty",
        "Buyer": "BuyerTradeParty",
        "Totals": "SpecifiedTradeSettlementHeaderMonetarySummation",
        "Representative": "SellerTaxRepresentativeTradeParty",
        "Payee": "PayeeTradeParty",
        "Document": "ApplicableHeaderTradeSettlement/SpecifiedTradeAllowanceCharge",
        "Charge": "SpecifiedTradeAllowanceCharge",
        "Group": "ApplicableHeaderTradeSettlement/ApplicableTradeTax",
        "Settlement": "ApplicableHeaderTradeSettlement",
        "Agreement": "ApplicableHeaderTradeAgreement",
    },
}
_SEGMENT = re.compile(r"(\w+)(\[\d+\])?")


class Row(NamedTuple):
    """A rule, the changes of a clean document that break it (so many times), and those that keep it: its twin.

    `base` ends the name of one of `tests.official.bases`.
    """

    rule: str
    refused: str
    accepted: str = ""
    base: str = "S"
    times: int = 1


class Case(NamedTuple):
    """A row in a syntax, under a rule set."""

    syntax: Syntax
    ruleset: str
    row: Row

    @property
    def refused(self) -> bytes:
        """The document that breaks the rule."""
        return self._changed(self.row.refused)

    @property
    def accepted(self) -> bytes:
        """The document that keeps it."""
        return self._changed(self.row.accepted)

    def _changed(self, changes: str) -> bytes:
        return changed(self.ruleset, self.syntax, self.row.base, changes)


def cases(syntax: Syntax, rows: Iterable[Row], ruleset: str = "en16931") -> list[Case]:
    """The rows of a syntax."""
    return [Case(syntax, ruleset, row) for row in rows]


def every(held: Iterable[Case]) -> pytest.MarkDecorator:
    """A test for each case."""
    return pytest.mark.parametrize(
        "case", held, ids=lambda case: f"{case.row.rule} {case.syntax.value} {case.row.refused}"
    )


@cache
def base(ruleset: str, syntax: Syntax, name: str) -> bytes:
    """The base of a rule set whose name ends so."""
    prefix = f"{syntax.value}-extended-" if ruleset == "extended-ctc-fr" else f"{syntax.value}-"
    held = _bases(ruleset, syntax)
    return held[f"{prefix}{name}"] if f"{prefix}{name}" in held else held[f"{syntax.value}-{name}"]


@cache
def _bases(ruleset: str, syntax: Syntax) -> Mapping[str, bytes]:
    return bases(ruleset, syntax)


@cache
def _grammar(syntax: Syntax) -> Grammar:
    return grammar_of(SCHEMAS[syntax])


def changed(ruleset: str, syntax: Syntax, name: str, changes: str) -> bytes:
    """A base with these changes. Raises LookupError where a path leads nowhere."""
    draft = Draft(base(ruleset, syntax, name))
    for change in filter(None, map(str.strip, changes.split("; "))):
        _change(draft, change, syntax)
    etree.indent(draft.root)
    return draft.written()


def _change(draft: Draft, change: str, syntax: Syntax) -> None:
    operation, rest = (
        ("drop", change[1:]) if change[0] == "-" else ("copy", change[1:]) if change[0] == "+" else ("", change)
    )
    target, _, text = rest.partition(" =")
    target, _, grown = target.partition(" > ")
    target, _, attribute = target.partition("@")
    for element in _found(draft, target, syntax):
        if grown:
            _grow(draft, element, grown, text.removeprefix(" "), _grammar(syntax))
        elif attribute:
            draft.do("attribute", path_of(element), attribute, None if operation else text.removeprefix(" "))
        elif operation:
            draft.do(operation, path_of(element))
        else:
            draft.do("text", path_of(element), text.removeprefix(" "))


def _found(draft: Draft, target: str, syntax: Syntax) -> list[etree._Element]:
    every_one = target.startswith("*")
    wanted = f"/{'/'.join(_spelled(target.removeprefix('*'), syntax))}"
    name = wanted.rpartition("/")[2].partition("[")[0]
    held = [each for each in draft.root.iter(etree.Element) if local(each) == name]
    if every_one:
        found = [each for each in held if re.sub(r"\[\d+\]", "", f"/{path_of(each)}").endswith(wanted)]
    else:
        found = [each for each in held if f"/{path_of(each)}".endswith(wanted)][:1]
    if not found:
        raise LookupError(target)
    return found


def _spelled(target: str, syntax: Syntax) -> Iterator[str]:
    for segment in target.split("/"):
        name, place = _SEGMENT.fullmatch(segment).groups()  # type: ignore[union-attr]
        yield f"{_SHORT[syntax].get(name, name)}{place or ''}"


def _grow(draft: Draft, parent: etree._Element, grown: str, text: str, grammar: Grammar) -> None:
    """Attributes follow the name: `ID@schemeID=0002`."""
    name, *attributes = grown.split("@")
    order = [each.name for each in grammar.children(grammar.type_of(parent))]
    (full,) = (each for each in order if each.endswith("}" + name))
    place = sum(order.index(str(each.tag)) <= order.index(full) for each in parent)
    draft.do("insert", path_of(parent), place, prefixed(full), text)
    for attribute in attributes:
        draft.do("attribute", path_of(parent[place]), *attribute.split("=", 1))
