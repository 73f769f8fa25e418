"""A document that is being mutated, by steps that can be written down and done again.

A step is an operation and its arguments, all texts but for positions. A path names an element by local names from the root,
each with its place among its namesakes: `Invoice/InvoiceLine[2]/Item`.

    ["drop", path]                       the element goes
    ["copy", path]                       it stands twice
    ["swap", path]                       it changes places with the one after it
    ["text", path, text]                 it holds this text
    ["split", path]                      a comment stands inside its text
    ["attribute", path, name, text]      it bears this attribute; none where the text is null
    ["insert", path, n, name, text]      an element of this prefixed name stands in it, before its n-th child
"""

import re
from collections.abc import Iterable
from copy import deepcopy

from lxml import etree

from flux.formats import cii, ubl_names

Step = tuple[str | int | None, ...]
PREFIXES = {**ubl_names.PREFIXES, **cii.PREFIXES}
_NAMES = {namespace: prefix for prefix, namespace in PREFIXES.items()}
_SEGMENT = re.compile(r"([^\[]+)(?:\[(\d+)\])?")


class Draft:
    """The tree, and the steps that led to it."""

    def __init__(self, document: bytes) -> None:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
        self.root = etree.fromstring(document, parser)
        self.steps: list[Step] = []

    def copy(self) -> "Draft":
        """The same tree, with a history of its own."""
        twin = Draft.__new__(Draft)
        twin.root, twin.steps = deepcopy(self.root), list(self.steps)
        return twin

    def do(self, *step: str | int | None) -> None:
        """Take one step. Raises LookupError where its path leads nowhere."""
        operation, path, *rest = step
        getattr(self, f"_{operation}")(self.at(str(path)), *rest)
        self.steps.append(step)

    def do_all(self, steps: Iterable[Step]) -> "Draft":
        """Take steps that were written down."""
        for step in steps:
            self.do(*step)
        return self

    def written(self) -> bytes:
        """The document, in UTF-8."""
        return etree.tostring(self.root, xml_declaration=True, encoding="UTF-8")

    def at(self, path: str) -> etree._Element:
        """The element of a path."""
        first, *segments = path.split("/")
        if first != local(self.root):
            raise LookupError(path)
        element = self.root
        for segment in segments:
            name, place = _SEGMENT.fullmatch(segment).groups()  # type: ignore[union-attr]
            element = [each for each in children(element) if local(each) == name][int(place or 1) - 1]
        return element

    def _drop(self, element: etree._Element) -> None:
        _parent(element).remove(element)

    def _copy(self, element: etree._Element) -> None:
        element.addnext(deepcopy(element))

    def _swap(self, element: etree._Element) -> None:
        following = element.getnext()
        if following is None:
            raise LookupError("nothing stands after it")
        following.addnext(element)

    def _text(self, element: etree._Element, text: str) -> None:
        for held in list(element):
            element.remove(held)
        element.text = text

    def _split(self, element: etree._Element) -> None:
        text = element.text or ""
        comment = etree.Comment(" flux ")
        element.text, comment.tail = text[: len(text) // 2], text[len(text) // 2 :]
        element.insert(0, comment)

    def _attribute(self, element: etree._Element, name: str, text: str | None) -> None:
        if text is not None:
            element.set(name, text)
        elif name in element.attrib:
            del element.attrib[name]

    def _insert(self, element: etree._Element, place: int, name: str, text: str) -> None:
        prefix, _, plain = name.partition(":")
        inserted = element.makeelement(f"{{{PREFIXES[prefix]}}}{plain}", nsmap={prefix: PREFIXES[prefix]})
        inserted.text = text or None
        element.insert(place, inserted)


def path_of(element: etree._Element) -> str:
    """The path that leads to an element."""
    parent = element.getparent()
    if parent is None:
        return local(element)
    namesakes = [each for each in children(parent) if local(each) == local(element)]
    place = namesakes.index(element) + 1
    return f"{path_of(parent)}/{local(element)}" + (f"[{place}]" if place > 1 else "")


def children(element: etree._Element) -> list[etree._Element]:
    """The elements that an element holds, without comments."""
    return [each for each in element if isinstance(each.tag, str)]


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def prefixed(clark: str) -> str:
    """A name in Clark notation, with the usual prefix of its namespace. Raises KeyError."""
    name = etree.QName(clark)
    return f"{_NAMES[str(name.namespace)]}:{name.localname}"


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    if parent is None:
        raise LookupError("the root stays")
    return parent
