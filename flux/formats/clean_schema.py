"""A schema made from a text, which says in one go that a document breaks none of many rules that are bound to elements.

The text shows what a document may hold without breaking any, each element indented under its parent in the order of the
syntax. After the name come how often (nothing: once, "?", "*", "+", or "few": up to
50), its attributes ("@schemeID", "@unitCode!" where
demanded) and its value ("=916", "=day" for eight digits of a date, "=text" for any that begins with a character). The children of a line "either" exclude one another.
A document that the schema refuses may still be in order: then the rules are asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from flux.formats.tree import Element

_XS = "{http://www.w3.org/2001/XMLSchema}"
_MARKS = {"?": ("0", "1"), "*": ("0", "unbounded"), "+": ("1", "unbounded"), "few": ("0", "50")}
_DAY = "[0-9]{4}(1[0-2]|0[1-9])(3[01]|[12][0-9]|0[1-9])"
_TEXT = r"\S(.|\n|\r)*"
_INDENT = 2
_EITHER = "either"
_LOCATION = "clean:"


@dataclass(slots=True)
class _Item:
    """One line of the text."""

    name: str
    mark: str = ""
    attributes: list[str] = field(default_factory=list)
    value: str = ""
    children: "list[_Item]" = field(default_factory=list)


def clean_schema(text: str, prefixes: Mapping[str, str], default: str) -> etree.XMLSchema:
    """The schema of a text whose names without prefix are in the namespace `default` of `prefixes`."""
    return _Writer(prefixes, default).write(_read(text))


def _read(text: str) -> _Item:
    above = [_Item("")]
    for line in filter(str.strip, text.splitlines()):
        depth = (len(line) - len(line.lstrip())) // _INDENT
        name, *said = line.split()
        item = _Item(name)
        for word in said:
            if word in _MARKS:
                item.mark = word
            elif word.startswith("@"):
                item.attributes.append(word[1:])
            else:
                item.value = word[1:]
        del above[depth + 1 :]
        above[-1].children.append(item)
        above.append(item)
    return above[0].children[0]


class _Sources(etree.Resolver):
    """Gives the schema of each namespace to the one that imports it."""

    def __init__(self, schemas: Mapping[str, Element]) -> None:
        super().__init__()
        self._schemas = schemas

    def resolve(self, url: str, _public_id: str, context: object) -> object:  # type: ignore[override]  # the stubs forget the context
        schema = self._schemas[url.removeprefix(_LOCATION)]
        return self.resolve_string(etree.tostring(schema), context)  # type: ignore[call-arg]  # base_url is optional


class _Writer:
    """Writes a schema for each namespace: a type lives in the namespace of the elements that it names."""

    def __init__(self, prefixes: Mapping[str, str], default: str) -> None:
        self._default = default
        self._prefixes = prefixes
        self._schemas = {prefix: self._schema(prefix) for prefix in prefixes}
        self._count = 0

    def write(self, root: _Item) -> etree.XMLSchema:
        """The compiled schema of a document with that root."""
        prefix, name = self._name(root)
        top = self._schemas[prefix]
        etree.SubElement(top, _XS + "element", name=name, type=self._type_of(root))
        parser = etree.XMLParser()
        parser.resolvers.add(_Sources(self._schemas))
        return etree.XMLSchema(etree.fromstring(etree.tostring(top), parser))

    def _schema(self, own: str) -> Element:
        schema = etree.Element(
            _XS + "schema",
            {"targetNamespace": self._prefixes[own], "elementFormDefault": "qualified"},
            nsmap={"xs": _XS[1:-1], **self._prefixes},
        )
        for prefix, namespace in self._prefixes.items():
            if prefix != own:
                etree.SubElement(schema, _XS + "import", namespace=namespace, schemaLocation=_LOCATION + prefix)
        return schema

    def _name(self, item: _Item) -> tuple[str, str]:
        prefix, _, name = item.name.rpartition(":")
        return prefix or self._default, name

    def _type_of(self, item: _Item) -> str:
        """The type of an element, written where it is more than a text."""
        if item.children:
            return self._write_children(item)
        if item.attributes:
            return self._write_attributes(item)
        return self._write_value(item) if item.value else "xs:string"

    def _new(self, kind: str, prefix: str) -> tuple[Element, str]:
        self._count += 1
        name = f"T{self._count}"
        return etree.SubElement(self._schemas[prefix], _XS + kind, name=name), f"{prefix}:{name}"

    def _write_children(self, item: _Item) -> str:
        first = item.children[0]
        prefix, _ = self._name(first.children[0] if first.name == _EITHER else first)
        written, name = self._new("complexType", prefix)
        self._write_group(etree.SubElement(written, _XS + "sequence"), item.children)
        return name

    def _write_group(self, group: Element, items: list[_Item]) -> None:
        for item in items:
            if item.name == _EITHER:
                self._write_group(etree.SubElement(group, _XS + "choice", _occurs(item)), item.children)
            else:
                _, name = self._name(item)
                etree.SubElement(group, _XS + "element", _occurs(item), name=name, type=self._type_of(item))

    def _write_attributes(self, item: _Item) -> str:
        base = self._write_value(item) if item.value else "xs:string"
        written, type_name = self._new("complexType", self._name(item)[0])
        content = etree.SubElement(written, _XS + "simpleContent")
        extension = etree.SubElement(content, _XS + "extension", base=base)
        for attribute in item.attributes:
            # A demanded one holds something: a token without white space.
            use, kind = ("required", "xs:NMTOKEN") if attribute.endswith("!") else ("optional", "xs:string")
            etree.SubElement(extension, _XS + "attribute", name=attribute.rstrip("!"), type=kind, use=use)
        return type_name

    def _write_value(self, item: _Item) -> str:
        written, name = self._new("simpleType", self._name(item)[0])
        restriction = etree.SubElement(written, _XS + "restriction", base="xs:string")
        if item.value == "day":
            etree.SubElement(restriction, _XS + "pattern", value=_DAY)
        elif item.value == "text":
            etree.SubElement(restriction, _XS + "pattern", value=_TEXT)
        else:
            etree.SubElement(restriction, _XS + "enumeration", value=item.value)
        return name


def _occurs(item: _Item) -> dict[str, str]:
    least, most = _MARKS.get(item.mark, ("1", "1"))
    return {"minOccurs": least, "maxOccurs": most}
