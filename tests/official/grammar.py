"""What a schema allows: the children of a type in their order, its attributes, and a text that it would accept."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lxml import etree

_XS = "{http://www.w3.org/2001/XMLSchema}"
_TEXTS = {
    "date": "2026-11-20",
    "time": "12:00:00",
    "dateTime": "2026-11-20T12:00:00",
    "decimal": "1",
    "boolean": "true",
    "base64Binary": "Zmx1eA==",
    "integer": "1",
    "duration": "P1D",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """One element that a type may hold; `type` is its name in Clark notation, as `name` is."""

    name: str
    type: str
    is_required: bool


class Grammar:
    """The types of a schema and of all that it includes, read from its files."""

    def __init__(self, *entries: Path) -> None:
        self.roots: dict[str, str] = {}
        self._types: dict[str, etree._Element] = {}
        pending, seen = [entry.resolve() for entry in entries], set[Path]()
        while pending:
            path = pending.pop()
            if path in seen:
                continue
            seen.add(path)
            schema = etree.parse(path).getroot()
            pending += [
                (path.parent / location).resolve()
                for included in schema.iterchildren(_XS + "include", _XS + "import")
                if (location := included.get("schemaLocation"))
            ]
            self._read(schema)

    def _read(self, schema: etree._Element) -> None:
        namespace = schema.get("targetNamespace")
        for element in schema.iterchildren(_XS + "element"):
            self.roots[f"{{{namespace}}}{element.get('name')}"] = _resolved(element, "type")
        for held in schema.iterchildren(_XS + "complexType", _XS + "simpleType"):
            self._types[f"{{{namespace}}}{held.get('name')}"] = held

    def children(self, type_name: str) -> tuple[Child, ...]:
        """The elements that a type may hold, in the order that it demands."""
        if type_name not in self._children:
            self._children[type_name] = tuple(self._child(each) for each in self._elements(type_name))
        return self._children[type_name]

    @cached_property
    def _children(self) -> dict[str, tuple[Child, ...]]:
        return {}

    def _elements(self, type_name: str) -> list[etree._Element]:
        held = self._types.get(type_name)
        if held is None or held.tag != _XS + "complexType":
            return []
        # A type without a name, inside an element, has elements of its own.
        return [each for each in held.iter(_XS + "element") if next(each.iterancestors(_XS + "complexType")) is held]

    def _child(self, element: etree._Element) -> Child:
        required = element.get("minOccurs", "1") != "0" and element.getparent().tag != _XS + "choice"  # type: ignore[union-attr]
        if element.get("ref"):
            name = _resolved(element, "ref")
            return Child(name=name, type=self.roots.get(name, ""), is_required=required)
        namespace = element.getroottree().getroot().get("targetNamespace")
        name = f"{{{namespace}}}{element.get('name')}"
        return Child(name=name, type=self._type_within(element, name), is_required=required)

    def _type_within(self, element: etree._Element, name: str) -> str:
        inline = element.find(_XS + "complexType")
        if inline is None:
            return _resolved(element, "type")
        # Its place in the file, in the room of a name.
        own = f"{name}@{element.getroottree().getpath(element)}"
        self._types[own] = inline
        return own

    def attributes(self, type_name: str) -> tuple[str, ...]:
        """The names of the attributes that a type may bear, its bases' included."""
        names: dict[str, None] = {}
        for held in self._lineage(type_name):
            names.update((name, None) for each in held.iter(_XS + "attribute") if (name := each.get("name")))
        return tuple(names)

    def text(self, type_name: str) -> str:
        """A text that an element of a simple type accepts, as far as its base tells."""
        lineage = self._lineage(type_name)
        listed = [each.get("value", "") for held in lineage for each in held.iter(_XS + "enumeration")]
        return listed[0] if listed else _TEXTS.get(self._base(type_name), "flux")

    def _base(self, type_name: str) -> str:
        lineage = self._lineage(type_name)
        base = _base_of(lineage[-1]) if lineage else type_name
        return base.removeprefix(_XS) if base else ""

    def _lineage(self, type_name: str) -> list[etree._Element]:
        lineage = []
        while (held := self._types.get(type_name)) is not None and held not in lineage:
            lineage.append(held)
            type_name = _base_of(held)
        return lineage

    def type_of(self, element: etree._Element) -> str:
        """The type of an element of a document; empty where the schema does not allow it there."""
        parent = element.getparent()
        if parent is None:
            return self.roots.get(str(element.tag), "")
        return next((each.type for each in self.children(self.type_of(parent)) if each.name == element.tag), "")


def _base_of(held: etree._Element) -> str:
    for way in (f"{_XS}simpleContent/{_XS}extension", f"{_XS}simpleContent/{_XS}restriction", f"{_XS}restriction"):
        derived = held.find(way)
        if derived is not None:
            return _resolved(derived, "base")
    return ""


def _resolved(element: etree._Element, attribute: str) -> str:
    prefix, _, local = element.get(attribute, "").rpartition(":")
    return f"{{{element.nsmap.get(prefix or None)}}}{local}"
