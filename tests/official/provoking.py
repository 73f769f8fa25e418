"""Documents that break every rule which a stylesheet binds to elements, made from its own contexts and tests.

A provocation takes an element to the place that a context names, then puts there what a test wants absent, doubles what it
wants once, takes away what it wants, or gives a value that no list has. Many go into one document; `Batch.halves` parts
those that the engine cannot come to the end of.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from lxml import etree

from flux.formats.cii import PREFIXES

_XSL = "{http://www.w3.org/1999/XSL/Transform}"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_SAID = (f"{_SVRL}failed-assert", f"{_SVRL}successful-report")
_SLASH = re.compile(r"/(?![^\[]*\])")
_STEP = re.compile(r"([\w:*]+)((?:\[.*\])?)", re.DOTALL)
_EQUALS = re.compile(r"([\w:/]*?)/?(?:@(\w+))?\s*=\s*(?:[\"'](.*?)[\"']|([\w:/.]+))")
_NAMES = re.compile(r"(?<![\w:/@.$'\"])(?:ram|udt|rsm|qdt):\w+(?:/(?:ram|udt|qdt):\w+)*")
_ATTRIBUTES = re.compile(r"@(\w+)")
_ENDINGS = {"DocumentContextParameter", "ID", "ReferencedDocument", "Amount", "Quantity", "TradeTax"}
_SETTLEMENT = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
_WRONG = "no such code"

Root = etree._Element
Edit = Callable[[Root], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Edits of one kind, which do not undo one another."""

    base: bytes
    edits: tuple[Edit, ...]

    def document(self) -> bytes:
        """The base with all edits."""
        root = etree.fromstring(self.base)
        for edit in self.edits:
            edit(root)
        return etree.tostring(root)

    def halves(self) -> "tuple[Batch, ...]":
        """The same edits in two documents; none where one edit is left."""
        middle = len(self.edits) // 2
        parts = (self.edits[:middle], self.edits[middle:]) if middle else ()
        return tuple(Batch(base=self.base, edits=part) for part in parts)


def batches(stylesheet: Path, base: bytes) -> Iterator[Batch]:
    """All provocations of a stylesheet."""
    found = list(_contexts(stylesheet))
    names = dict.fromkeys((place, path) for place, tests in found for test in tests for path in _NAMES.findall(test))
    yield _batch(base, [_put(place, path) for place, path in names])
    yield _batch(base, [_put(place, path, times=2) for place, path in names])
    marks = dict.fromkeys(
        (place, name) for place, tests in found for test in tests for name in _ATTRIBUTES.findall(test)
    )
    yield _batch(base, [_mark(place, name, "1") for place, name in marks])
    yield _batch(base, [_mark(place, name, _WRONG) for place, name in marks])
    yield _batch(base, [_mark(place, name, None) for place, name in marks])
    places = dict.fromkeys(place for place, _ in found)
    yield _batch(base, [_say(place, _WRONG) for place in places])
    yield _batch(base, [_say(place, "") for place in places])
    for depth in range(1, 9):
        yield _batch(base, [_take(place, path) for place, path in names if len(_SLASH.split(place)) == depth + 1])


def _batch(base: bytes, edits: list[Edit]) -> Batch:
    return Batch(base=base, edits=tuple(edits))


def _contexts(stylesheet: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The places that the contexts of rules name, each with the tests made there; business rules are left out."""
    for template in etree.parse(stylesheet).getroot().iterchildren(_XSL + "template"):
        tests = tuple(_test_of(said) for said in template.iter(*_SAID) if not _is_of_business(said))
        if tests:
            selected = tuple(str(each.get("select")) for each in template.iter(_XSL + "variable"))
            for place in _places(" ".join(str(template.get("match")).split())):
                yield place, (*tests, *selected)


def _is_of_business(said: Root) -> bool:
    text = "".join(map(str, said.itertext())).strip()
    named = next((str(each.text) for each in said.iter(_XSL + "attribute") if each.get("name") == "id"), "")
    return named.startswith("BR-") or (not named.startswith("CII-") and text.startswith("[BR-"))


def _test_of(said: Root) -> str:
    chosen = next(said.iterancestors(_XSL + "choose", _XSL + "if"))
    when = chosen if chosen.tag == _XSL + "if" else chosen.find(_XSL + "when")
    return "" if when is None else str(when.get("test"))


def _places(match: str) -> Iterator[str]:
    """Absolute paths to elements that a context matches."""
    for path in match.split(" | "):
        if not path.startswith("//"):
            yield path
        elif path.startswith("//*[") and "ends-with" not in path:
            continue  # any element: others break it by the way
        elif "ends-with" not in path:
            yield f"{_SETTLEMENT}/{path[2:]}"
        else:
            prefix = "ram:Some" if "ram:*" in path or "//*" in path else ""
            yield from (f"{_SETTLEMENT}/{prefix}{ending}" for ending in _ENDINGS if f"'{ending}'" in path)


def _reach(root: Root, place: str) -> Root | None:
    """The element at an absolute path, made where it is missing; None where it cannot be made to fit a predicate."""
    element = root
    for step in _SLASH.split(place.removeprefix("/"))[1:]:
        child = _child(element, step)
        if child is None:
            return None
        element = child
    return element


def _child(element: Root, step: str) -> Root | None:
    matched = _STEP.fullmatch(step)
    if matched is None:
        return None
    name, predicate = matched.groups()
    try:
        held = cast("list[Root]", element.xpath(step, namespaces=PREFIXES))
    except etree.XPathError:  # a predicate of XPath 2
        return None
    if held:
        return held[0]
    child = etree.SubElement(element, _tag(name))
    if not predicate:
        child.text = "1"
    for path, attribute, value, other in (
        () if "not" in predicate and "=" not in predicate else _EQUALS.findall(predicate)
    ):
        if "not(" not in predicate.replace(" ", ""):
            _satisfy(child, path, attribute, value or str(child.xpath(f"string({other})", namespaces=PREFIXES)))
    return child


def _satisfy(element: Root, path: str, attribute: str, value: str) -> None:
    for name in filter(None, path.split("/")):
        below = element.find(_tag(name))
        element = etree.SubElement(element, _tag(name)) if below is None else below
    if attribute:
        element.set(attribute, value)
    else:
        element.text = value


def _put(place: str, path: str, *, times: int = 1) -> Edit:
    def edit(root: Root) -> None:
        element = _reach(root, place)
        above, _, last = path.rpartition("/")
        for name in filter(None, above.split("/")):
            element = None if element is None else _child(element, name)
        if element is not None:
            for _ in range(times - len(element.findall(_tag(last)))):
                etree.SubElement(element, _tag(last)).text = "1"

    return edit


def _take(place: str, path: str) -> Edit:
    def edit(root: Root) -> None:
        element = _reach(root, place)
        for held in () if element is None else element.findall("/".join(map(_tag, path.split("/")))):
            cast("Root", held.getparent()).remove(held)

    return edit


def _mark(place: str, name: str, value: str | None) -> Edit:
    def edit(root: Root) -> None:
        element = _reach(root, place)
        if element is not None and value is not None:
            element.set(name, value)
        elif element is not None:
            element.attrib.pop(name, "")

    return edit


def _say(place: str, text: str) -> Edit:
    def edit(root: Root) -> None:
        element = _reach(root, place)
        if element is not None and not len(element):
            element.text = text

    return edit


def _tag(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{PREFIXES[prefix]}}}{local}"
