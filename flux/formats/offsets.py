"""Where elements stand in the bytes of a document: lxml knows lines, and a document may be one line of 100 MB."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat

# An element that holds an account number: by its name, or by that of its parent (`cac:PayeeFinancialAccount/cbc:ID`).
_ACCOUNT_NAMES = frozenset(
    {"IBANID", "ProprietaryID", "AccountID", "PrimaryAccountNumberID", "IBAN", "Compte", "NumeroCompte"}
)
_ACCOUNT_PARENT = "FinancialAccount"
_ACCOUNT_CHILD = "ID"

# A token longer than a piece is read again with each piece that follows.
_PIECE_BYTES = 4 << 20

_STEP = re.compile(
    r"/(?:(?:[\w.-]+:)?(?P<name>[\w.-]+)|\*\[local-name\(\)='(?P<local>[^']+)' and namespace-uri\(\)='[^']*'\])"
    r"(?:\[(?P<number>\d+)\])?"
)

# The local name of a step and its number among siblings of that name.
Step = tuple[str, int]


class Span(NamedTuple):
    """Offsets of a stretch of bytes; `end` is the first byte behind it."""

    start: int
    end: int


class Offsets(NamedTuple):
    """The elements asked for that were found, by XPath, and the contents of all elements that hold an account number.

    An element that holds others is given by its start tag, one that holds text as a whole.
    """

    elements: dict[str, Span]
    accounts: tuple[Span, ...]


@dataclass(slots=True)
class _Node:
    """A step on the way to elements that are wanted; `path` is the XPath where it leads to one. `numbers` counts its children."""

    path: str | None = None
    children: "dict[Step, _Node]" = field(default_factory=dict)
    numbers: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Open:
    """An element that is open: on the way to a wanted one where it has a node."""

    name: str
    node: _Node | None
    start: int
    is_account: bool
    is_leaf: bool = True


def find_offsets(data: bytes, xpaths: Iterable[str]) -> Offsets:
    """Read a document in UTF-8 as far as it is well-formed. XPaths are those of `flux.formats.position`."""
    return _Finder(data, _tree_of(xpaths)).find()


def _tree_of(xpaths: Iterable[str]) -> _Node:
    top = _Node()
    for xpath in xpaths:
        node = top
        for step in steps_of(xpath):
            node = node.children.setdefault(step, _Node())
        node.path = xpath
    return top


def steps_of(xpath: str) -> tuple[Step, ...]:
    """The steps of an XPath, none where it is not written as ours are."""
    steps, end = [], 0
    while end < len(xpath):
        step = _STEP.match(xpath, end)
        if step is None:
            return ()
        steps.append((step["name"] or step["local"], int(step["number"] or 1)))
        end = step.end()
    return tuple(steps)


def _refuse_doctype(*_: object) -> None:
    """Such a document is refused unread; nothing of it is expanded here."""
    raise expat.ExpatError("DOCTYPE")


class _Finder:
    """One pass over a document."""

    def __init__(self, data: bytes, top: _Node) -> None:
        self._data = data
        self._open = [_Open("", top, 0, is_account=False)]
        self._elements: dict[str, Span] = {}
        self._accounts: list[Span] = []
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = _refuse_doctype

    def find(self) -> Offsets:
        """What was found before the end, or before the first byte that is no XML."""
        view = memoryview(self._data)
        try:
            for start in range(0, len(view), _PIECE_BYTES):
                self._parser.Parse(bytes(view[start : start + _PIECE_BYTES]), False)  # noqa: FBT003 - takes no names
            self._parser.Parse(b"", True)  # noqa: FBT003
        except expat.ExpatError:
            self._accounts += [Span(each.start, len(self._data)) for each in self._open if each.is_account]
        return Offsets(self._elements, tuple(self._accounts))

    def _begin(self, tag: str, _attributes: dict[str, str]) -> None:
        parent, name = self._open[-1], tag.rpartition(":")[2]
        parent.is_leaf = False
        node = None
        if parent.node is not None:
            parent.node.numbers[tag] += 1
            node = parent.node.children.get((name, parent.node.numbers[tag]))
        is_account = name in _ACCOUNT_NAMES or (name == _ACCOUNT_CHILD and parent.name.endswith(_ACCOUNT_PARENT))
        self._open.append(_Open(name, node, self._parser.CurrentByteIndex, is_account))

    def _end(self, _tag: str) -> None:
        closed, end = self._open.pop(), self._parser.CurrentByteIndex
        if closed.is_account:
            self._accounts.append(Span(self._data.find(b">", closed.start) + 1, end))
        if closed.node is not None and closed.node.path is not None:
            last = end if closed.is_leaf else closed.start
            self._elements[closed.node.path] = Span(closed.start, self._data.find(b">", last) + 1)
