"""Where an element stands: its line, and an XPath that a person can paste.

Each step below the root bears its number, so that the path says one element and stays the same however often it is
asked for. Prefixes are the document's own as its root declares them; the default namespace, to which XPath 1.0 gives no
prefix, goes by the customary one (ubl, cn, rsm, cac, ...), else by ns1. Evaluate with `prefixes_of(root)`. An element in
a namespace that the root does not declare is written by local name and namespace.
"""

from collections import Counter
from typing import NamedTuple

from lxml import etree

from flux.formats.tree import Element, line_of

# The prefixes that the publishers of the formats use.
CUSTOMARY_PREFIXES = {
    "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2": "ubl",
    "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2": "cn",
    "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2": "cac",
    "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2": "cbc",
    "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2": "ext",
    "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100": "rsm",
    "urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100": "rsm",
    "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100": "ram",
    "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100": "udt",
    "urn:un:unece:uncefact:data:standard:QualifiedDataType:100": "qdt",
}


class Position(NamedTuple):
    """Line, counted from 1, None where the parser lost it; and XPath."""

    line: int | None
    xpath: str


def prefixes_of(root: Element) -> dict[str, str]:
    """The prefixes with which the XPaths of this document are written."""
    prefixes = {prefix: uri for prefix, uri in root.nsmap.items() if prefix is not None}
    default = root.nsmap.get(None)
    if default is not None and default not in prefixes.values():
        wanted = CUSTOMARY_PREFIXES.get(default, "ns1")
        prefixes[_free_prefix(wanted, prefixes)] = default
    return prefixes


def position_of(element: Element) -> Position:
    """The position of an element of a tree."""
    chain = [element, *element.iterancestors()]
    names = {uri: prefix for prefix, uri in reversed(prefixes_of(chain[-1]).items())}
    steps = [_name(chain[-1], names), *(f"{_name(step, names)}[{_number(step)}]" for step in reversed(chain[:-1]))]
    return Position(line_of(element), "/" + "/".join(steps))


class Positions:
    """The positions of many elements of one tree: siblings are counted once, however many are asked for."""

    __slots__ = ("_names", "_numbers")

    def __init__(self, root: Element) -> None:
        self._names = {uri: prefix for prefix, uri in reversed(prefixes_of(root).items())}
        self._numbers: dict[Element, dict[Element, int]] = {}

    def of(self, element: Element) -> Position:
        """The position of an element of the tree."""
        steps: list[str] = []
        step, parent = element, element.getparent()
        while parent is not None:
            steps.append(f"{_name(step, self._names)}[{self._number(step, parent)}]")
            step, parent = parent, parent.getparent()
        steps.append(_name(step, self._names))
        return Position(line_of(element), "/" + "/".join(reversed(steps)))

    def _number(self, element: Element, parent: Element) -> int:
        if parent not in self._numbers:
            self._numbers[parent] = _number_children(parent)
        return self._numbers[parent][element]


def name_of(element: Element) -> str:
    """The name of an element as the document writes it, `cbc:ID`."""
    local = etree.QName(element).localname
    return f"{element.prefix}:{local}" if element.prefix else local


def _name(element: Element, names: dict[str, str]) -> str:
    name = etree.QName(element)
    if not name.namespace:
        return name.localname
    if name.namespace in names:
        return f"{names[name.namespace]}:{name.localname}"
    return f"*[local-name()='{name.localname}' and namespace-uri()='{name.namespace}']"


def _number_children(parent: Element) -> dict[Element, int]:
    counts: Counter[object] = Counter()
    numbers: dict[Element, int] = {}
    for child in parent:
        counts[child.tag] += 1
        numbers[child] = counts[child.tag]
    return numbers


def _number(element: Element) -> int:
    return 1 + sum(1 for _ in element.itersiblings(element.tag, preceding=True))


def _free_prefix(wanted: str, taken: dict[str, str]) -> str:
    prefix, number = wanted, 1
    while prefix in taken:
        number += 1
        prefix = f"{wanted}{number}"
    return prefix
