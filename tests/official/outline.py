"""Documents written as outlines: one element a line, indented under its parent, in any order, without prefixes.

A line is a name, then attributes, then ` = ` and a text. The schema tells the namespaces and the order.

    Invoice
      ID = F2026-0117
      LegalMonetaryTotal
        PayableAmount currencyID=EUR = 348.00
"""

from collections.abc import Sequence

from lxml import etree

from tests.official.draft import PREFIXES
from tests.official.grammar import Grammar

_INDENT = 2


def write_outline(text: str, grammar: Grammar, *, is_pruned: bool = False) -> bytes:
    """The document of an outline. Raises LookupError: a name that the schema does not allow there, unless it is to be left out."""
    lines = [line for line in text.splitlines() if line.strip()]
    head, *rest = lines
    tag = next(root for root in grammar.roots if root.endswith("}" + head.strip()))
    namespace = tag[1:].partition("}")[0]
    root = etree.Element(tag, nsmap=_namespaces(namespace))  # type: ignore[arg-type]  # the stubs know no default namespace
    _fill(root, grammar.roots[tag], rest, grammar, is_pruned=is_pruned)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _namespaces(own: str) -> dict[str | None, str]:
    """Those of the syntax under their usual prefixes; the root of UBL is in the default one."""
    family = own.split(":")[1]
    used: dict[str | None, str] = {prefix: uri for prefix, uri in PREFIXES.items() if uri.split(":")[1] == family}
    return used if own in used.values() else {**used, None: own}


def _fill(element: etree._Element, type_name: str, lines: Sequence[str], grammar: Grammar, *, is_pruned: bool) -> None:
    allowed = grammar.children(type_name)
    ranks = {child.name: rank for rank, child in enumerate(allowed)}
    types = {child.name.rpartition("}")[2]: child for child in allowed}
    held = []
    for line, inner in _blocks(lines):
        name, attributes, text = _read(line)
        if name not in types and is_pruned:
            continue
        if name not in types:
            raise LookupError(f"{etree.QName(element).localname} holds no {name}")
        child = etree.Element(types[name].name, attributes, nsmap=None)
        child.text = text or None
        _fill(child, types[name].type, inner, grammar, is_pruned=is_pruned)
        held.append(child)
    element.extend(sorted(held, key=lambda child: ranks[str(child.tag)]))


def _blocks(lines: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Each line of the least depth, with the deeper ones under it."""
    blocks: list[tuple[str, list[str]]] = []
    depth = _depth(lines[0]) if lines else 0
    for line in lines:
        if _depth(line) == depth:
            blocks.append((line, []))
        else:
            blocks[-1][1].append(line)
    return blocks


def _depth(line: str) -> int:
    return (len(line) - len(line.lstrip())) // _INDENT


def _read(line: str) -> tuple[str, dict[str, str], str]:
    head, _, text = line.strip().partition(" = ")
    name, *attributes = head.split(" ")
    return name, dict(attribute.split("=", 1) for attribute in attributes), text
