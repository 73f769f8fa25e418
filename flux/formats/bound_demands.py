"""What a row of a table of bound rules may demand (`flux.formats.bound_text`), as functions."""

from collections.abc import Callable, Iterable
from typing import cast

from lxml import etree

from flux.formats.bound_rules import Breaks, Found
from flux.formats.tree import Element

# What XML takes for white space; Python takes more.
XML_SPACE = " \t\r\n"

# A function of a table: the elements that break its rule, at the context or below.
Check = Callable[[Element], Iterable[Element]]


def count(path: str, low: int, high: float) -> Breaks:
    """Broken by the element that lacks something, or by the first that is too many."""

    def breaks(element: Element, found: Found) -> Iterable[Element]:
        held = found.get(path, ())
        if len(held) < low:
            return (element,)
        return (held[int(high)],) if len(held) > high else ()

    return breaks


def unused(element: Element, _found: Found) -> Iterable[Element]:
    """The element itself must not occur."""
    return (element,)


def listed(codes: frozenset[str], source: str) -> Breaks:
    """A value is empty or in a list: the text ("."), or an attribute ("@name")."""

    def breaks(element: Element, _found: Found) -> Iterable[Element]:
        value = _text(element) if source == "." else element.get(source[1:])
        return (element,) if value and value not in codes else ()

    return breaks


def coded(codes: frozenset[str], source: str) -> Breaks:
    """A value is in a list, white space around it left out: the text ("."), or an attribute ("@name")."""

    def breaks(element: Element, _found: Found) -> Iterable[Element]:
        value = _text(element) if source == "." else element.get(source[1:]) or ""
        return () if value.strip(XML_SPACE) in codes else (element,)

    return breaks


def holds_always(holds: etree.XPath) -> Breaks:
    """A test holds of the element."""

    def breaks(element: Element, _found: Found) -> Iterable[Element]:
        return () if holds(element) else (element,)

    return breaks


def holds_where(path: str, holds: etree.XPath) -> Breaks:
    """A test holds where something stands at the path, which is to blame."""

    def breaks(element: Element, found: Found) -> Iterable[Element]:
        return () if holds(element) else found[path][:1]

    return breaks


def each_found(find: etree.XPath) -> Breaks:
    """Nothing is found; each that is breaks the rule once."""

    def breaks(element: Element, _found: Found) -> Iterable[Element]:
        return cast("list[Element]", find(element))

    return breaks


def checked(check: Check) -> Breaks:
    """A function finds nothing."""

    def breaks(element: Element, _found: Found) -> Iterable[Element]:
        return check(element)

    return breaks


def _text(element: Element) -> str:
    """The text of an element as XPath takes it."""
    return "".join(map(str, element.itertext())) if len(element) else element.text or ""
