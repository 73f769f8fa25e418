"""The one engine of the syntaxes: a table of paths, compiled to a trie, sorts a tree into the fields of an Invoice.

A syntax is a tuple of rows: `Field` for a term, `Group` for a group of terms, `Choice` where a code inside the document
tells what an element is, `Parts` where one text holds several terms. A path is written with the prefixes of the
table ("cac:OrderReference/cbc:ID"); its last step may be an attribute ("@mimeCode"), "." is the element at hand, and
"*:Name" is that name in any namespace. A field "totals.vat" goes into the first group `totals`, whichever element of
the document opens that group, and whether it stands before or after.

The tree is walked once, children dispatched by tag. `Table.read` puts texts into the terms; `Table.trace` walks the same
way and puts the elements there, so that where a term was read cannot differ from where it is said to be.

A table that is told the `usual` paths gathers in `Invoice.strangers` what stands elsewhere or once too often.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, assert_never, cast

from flux.formats.tree import Element
from flux.formats.trie import (
    Alternatives,
    Aside,
    Frame,
    Leaf,
    Node,
    Opening,
    Pieces,
    Shape,
    Usual,
    shape_of,
    sort,
    start_of,
)
from flux.model.finding import Place
from flux.model.invoice import Invoice
from flux.model.term import Term

# What no attribute is called: it holds the place of a first choice that there is not.
_NO_ATTRIBUTE = "-"


class Field(NamedTuple):
    """A term: where it stands, its field, and what qualifies it.

    `qualifier` names attributes in order of preference ("schemeID|schemeName", and "|schemeID" for one that is never the
    first choice), a sibling ("../ram:ReferenceTypeCode"), an attribute of the parent ("../@Type"), or children to count
    ("count ram:IncludedNote"). `is_many` is true for a term that EN 16931 lets occur more than once.
    """

    path: str
    field: str
    qualifier: str = ""
    is_many: bool = False


class Group(NamedTuple):
    """A group of terms: each element at `path` opens one more, whose rows are relative to it."""

    path: str
    field: str
    rows: "tuple[Row, ...]"


class Choice(NamedTuple):
    """What the element at `path` means depends on `by`, a child or an attribute of it, read without regard to case."""

    path: str
    by: str
    cases: "Mapping[str, tuple[Row, ...]]"
    otherwise: "tuple[Row, ...]"


class Parts(NamedTuple):
    """A text that holds several terms of a group: `split` gives the text of each field."""

    path: str
    field: str
    split: Callable[[str], Mapping[str, str]]


Row = Field | Group | Choice | Parts


def under(path: str, rows: "tuple[Row, ...]") -> "tuple[Row, ...]":
    """The same rows, each a path deeper."""
    return tuple(row._replace(path=f"{path}/{row.path}") for row in rows)


class Table:
    """The rows of one root element, compiled. Immutable once made."""

    __slots__ = ("_gathers", "_node", "_prefixes", "_shape")

    def __init__(self, prefixes: Mapping[str, str], rows: Sequence[Row], usual: Iterable[str] = ()) -> None:
        self._prefixes = prefixes
        self._shape = shape_of(Invoice)
        self._node = self._compile(rows, self._shape)
        expected = self._tree(usual)
        self._gathers = bool(expected)
        if self._gathers:
            self._node.expect(expected)
        self._node.freeze()

    def read(self, root: Element) -> Invoice:
        """The invoice that the tree holds."""
        return cast("Invoice", self._shape.build(self._walk(root, reading=True)))

    def places(self, root: Element) -> Iterator[tuple[Place, Element]]:
        """Every term and group of the tree, with the element it was read from."""
        yield from _places(self._shape, self._walk(root, reading=False), ())

    def elements_at(self, root: Element, places: Sequence[Place]) -> Iterator[Element]:
        """The elements that hold the terms at some places or, where the document has none, their nearest groups.

        A place without an occurrence ("sellers", 0, "name") means the first one. The tree is walked once for all.
        """
        frame = self._walk(root, reading=False)
        return (self._element_at(root, frame, place) for place in places)

    def _element_at(self, root: Element, frame: Frame, place: Place) -> Element:
        shape: Shape | None = self._shape
        element = root
        for name, index in _steps(place):
            if shape is None or name not in shape.slots:
                break
            slot = shape.slots[name]
            if index >= len(frame[slot]):
                break
            held = frame[slot][index]
            shape = shape.groups.get(slot)
            found = held.text if shape is None else held[-1]
            element = element if found is None else found
            frame = held
        return element

    def field_at(self, tags: Sequence[str]) -> tuple[str, ...] | None:
        """The field that the text at a path of tags below the root goes into, None where there is none or not just one."""
        fields = set(_fields(self._node, self._shape, tuple(tags), ()))
        return fields.pop() if len(fields) == 1 else None

    def _walk(self, root: Element, *, reading: bool) -> Frame:
        frame = self._shape.blank.copy()
        frame[-1] = root
        aside = Aside()
        sort(root, self._node.steps, frame, aside, reading=reading)
        aside.close()
        if aside and self._gathers and reading:
            frame[self._shape.slots["strangers"]] = tuple(Term(each.tag) for each in aside if isinstance(each.tag, str))
        return frame

    def _tree(self, paths: Iterable[str]) -> Usual:
        tree: dict[str, Any] = {}
        for path in paths:
            node = tree
            for tag in self._expand(path):
                node = node.setdefault(tag, {})
        return tree

    def _compile(self, rows: Sequence[Row], shape: Shape) -> Node:
        node = Node()
        for row in rows:
            self._add(node, shape, row)
        return node

    def _add(self, node: Node, shape: Shape, row: Row) -> None:
        *way, last = self._expand(row.path)
        for tag in way if last.startswith("@") else (*way, last):
            node = node if tag == "." else node.children.setdefault(tag, Node())
        if isinstance(row, Choice):
            cases = {code: self._compile(held, shape) for code, held in row.cases.items()}
            by = tuple(self._expand(row.by))
            node.alternatives.append(Alternatives(by, cases, self._compile(row.otherwise, shape)))
            return
        outer, _, inner = row.field.rpartition(".")
        if outer:
            slot = shape.slots[outer]
            shape = shape.groups[slot]
            shared = Node()
            node.groups.append((Opening(slot, shape.blank, shared=True), shared))
            node = shared
        slot = shape.slots[inner]
        match row:
            case Field():
                node.leaves.append(
                    Leaf(slot, last[1:] if last.startswith("@") else "", self._qualifiers(row.qualifier), row.is_many)
                )
            case Group():
                opened = shape.groups[slot]
                node.groups.append((Opening(slot, opened.blank, shared=False), self._compile(row.rows, opened)))
            case Parts():
                opened = shape.groups[slot]
                pieces = Node()
                pieces.pieces.append(Pieces(opened.slots, row.split))
                node.groups.append((Opening(slot, opened.blank, shared=False), pieces))
            case _:
                assert_never(row)

    def _qualifiers(self, names: str) -> tuple[str, ...]:
        return tuple(
            start + self._expand(name.removeprefix(start))[0] if (start := start_of(name)) else name or _NO_ATTRIBUTE
            for name in (names.split("|") if names else ())
        )

    def _expand(self, path: str) -> list[str]:
        return [self._tag(step) for step in path.split("/")]

    def _tag(self, step: str) -> str:
        prefix, colon, name = step.partition(":")
        return f"{{{self._prefixes[prefix]}}}{name}" if colon and prefix != "*" else step


def _steps(place: Place) -> Iterator[tuple[str, int]]:
    """The names of a place, each with its occurrence."""
    for position, name in enumerate(place):
        if isinstance(name, str):
            following = place[position + 1 : position + 2]
            yield name, following[0] if following and isinstance(following[0], int) else 0


def _places(shape: Shape, frame: Frame, prefix: Place) -> Iterator[tuple[Place, Element]]:
    for slot, name in enumerate(shape.names):
        inner = shape.groups.get(slot)
        for index, held in enumerate(frame[slot]):
            place = (*prefix, name, index)
            if inner is None:
                yield place, held.text
            else:
                if held[-1] is not None:
                    yield place, held[-1]
                yield from _places(inner, held, place)


def _fields(node: Node, shape: Shape, tags: tuple[str, ...], prefix: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if not tags:
        yield from ((*prefix, shape.names[leaf.slot]) for leaf in node.leaves if not leaf.attribute)
    elif tags[0] in node.children:
        yield from _fields(node.children[tags[0]], shape, tags[1:], prefix)
    for opening, inner in node.groups:
        yield from _fields(inner, shape.groups[opening.slot], tags, (*prefix, shape.names[opening.slot]))
    for choice in node.alternatives:
        for alternative in (*choice.cases.values(), choice.otherwise):
            yield from _fields(alternative, shape, tags, prefix)
