"""The trie that sorts a tree into the fields of an Invoice: the engine under `flux.formats.mapping`.

A node holds all that can be made of one element; compiled, its children are steps, found by tag. A group being filled
is a flat list (a frame), turned into the frozen value of flux.model.invoice at the end. On the way the strangers are gathered:
elements at a place that the table does not know or knows as unusual, and terms that a group holds already.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple, get_args, get_type_hints

from flux.formats.tree import Element
from flux.model.term import OtherQualifier, Term

# A group while it is filled: for each field of its class the tuple of its terms or the list of its frames, then the
# element that opened it (None while only fields such as "totals.vat" have fed it).
Frame = list[Any]

# What to do with a child: (slot, qualifier, second qualifier) takes a plain term, the attributes None where there is none;
# (WAY, steps, None) goes deeper; (GROUP, steps, opening) goes deeper in a new frame; (HEAD, steps, leaf) takes a term and goes
# deeper; (NODE, node, None) does all the rest.
# A plain tuple, because nothing unpacks faster.
Step = tuple[int, Any, Any]
WAY, GROUP, HEAD, NODE = -1, -2, -3, -4

# The places where a document may hold an element, as a tree of tags.
Usual = Mapping[str, "Usual"]

# How a qualifier begins that is no attribute of the element.
_BESIDE, _COUNT = "../", "count "

# Terms made by tuple.__new__ cost half of those made by their class.
_new_term = tuple.__new__


class Shape:
    """A class of flux.model.invoice as the engine fills it."""

    __slots__ = ("_build_groups", "_draft", "_model", "blank", "groups", "names", "slots")

    def __init__(self, model: type) -> None:
        self._model = model
        self.names = tuple(field.name for field in dataclasses.fields(model))
        self.slots = {name: slot for slot, name in enumerate(self.names)}
        self.groups = {
            self.slots[name]: shape_of(get_args(held)[0])
            for name, held in get_type_hints(model).items()
            if dataclasses.is_dataclass(get_args(held)[0])
        }
        self.blank: Frame = [*((),) * len(self.names), None]
        self._build_groups = tuple((slot, shape.build) for slot, shape in self.groups.items())
        self._draft = dataclasses.make_dataclass(model.__name__, self.names, slots=True)

    def build(self, frame: Frame) -> Any:  # noqa: ANN401 - an instance of the model, another class in every shape
        """The value that a filled frame describes; the frame is used up."""
        for slot, build in self._build_groups:
            if frame[slot]:
                frame[slot] = tuple([build(inner) for inner in frame[slot]])
        frame.pop()
        # A frozen class sets every slot through object.__setattr__, at five times the price of a plain store: a twin
        # with the same slots is filled, then told its class.
        draft = self._draft(*frame)
        draft.__class__ = self._model
        return draft


@cache
def shape_of(model: type) -> Shape:
    """The shape of a class of flux.model.invoice."""
    return Shape(model)


class Aside(list[Element]):
    """The strangers, in their order; and, in `repeated`, where a frame holds several terms of one field, in a list for now.

    A tuple that grows by one is written anew each time: a hundred thousand terms would be a minute's work.
    """

    __slots__ = ("repeated",)

    def __init__(self) -> None:
        super().__init__()
        self.repeated: list[tuple[Frame, int]] = []

    def add(self, frame: Frame, slot: int, term: Term) -> None:
        """Put a term beside those that a field holds already."""
        held = frame[slot]
        if type(held) is list:
            held.append(term)
        else:
            frame[slot] = [*held, term]
            self.repeated.append((frame, slot))

    def close(self) -> None:
        """Turn the lists into tuples: nothing more is added."""
        for frame, slot in self.repeated:
            frame[slot] = tuple(frame[slot])


class Leaf(NamedTuple):
    """A term to take from the element at hand: its text, or an attribute."""

    slot: int
    attribute: str
    qualifiers: tuple[str, ...]
    is_many: bool

    def is_plain(self) -> bool:
        """True for a text that stands alone, qualified by attributes, two at most."""
        return not (self.attribute or self.is_many or self.qualifiers[2:] or any(map(start_of, self.qualifiers)))

    def take(self, element: Element, frame: Frame, aside: Aside, *, reading: bool) -> None:
        """Add the term where the document has it."""
        text = element.get(self.attribute) if self.attribute else element.text or ""
        if text is not None:
            term = _new_term(Term, (text if reading else element, self._qualify(element)))
            if not frame[self.slot]:
                frame[self.slot] = (term,)
                return
            if not self.is_many:
                aside.append(element)
            aside.add(frame, self.slot, term)

    def _qualify(self, element: Element) -> str | None:
        for choice, name in enumerate(self.qualifiers):
            held = _beside(element, name)
            if held is not None:
                return OtherQualifier(held) if choice else held
        return None


class Pieces(NamedTuple):
    """Terms to take from the pieces of one text; the frame is theirs alone."""

    slots: Mapping[str, int]
    split: Callable[[str], Mapping[str, str]]

    def take(self, element: Element, frame: Frame, *, reading: bool) -> None:
        """Add the term of each piece."""
        for field, text in self.split(element.text or "").items():
            frame[self.slots[field]] = (_new_term(Term, (text if reading else element, None)),)


class Opening(NamedTuple):
    """A group to open or, where `shared`, the first one to go on with, opened by the element that comes later."""

    slot: int
    blank: Frame
    shared: bool

    def open(self, frame: Frame, element: Element) -> Frame:
        """The frame of the group, in its place."""
        held: list[Frame] = frame[self.slot]
        if held and self.shared:
            return held[0]
        if held and held[0][-1] is None:
            held[0][-1] = element
            return held[0]
        opened = self.blank.copy()
        if not self.shared:
            opened[-1] = element
        if held:
            held.append(opened)
        else:
            frame[self.slot] = [opened]
        return opened


class Alternatives(NamedTuple):
    """What a code inside the document can make of an element."""

    by: tuple[str, ...]
    cases: "Mapping[str, Node]"
    otherwise: "Node"

    def pick(self, element: Element) -> "Node":
        """The node of the code that the element bears."""
        return self.cases.get(_code_at(element, self.by), self.otherwise)


class Node:
    """All that can be made of one element in one frame."""

    __slots__ = ("alternatives", "children", "groups", "is_stranger", "leaves", "pieces", "steps")

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self.pieces: list[Pieces] = []
        self.groups: list[tuple[Opening, Node]] = []
        self.alternatives: list[Alternatives] = []
        self.children: dict[str, Node] = {}
        self.is_stranger = False
        self.steps: Mapping[str, Step] = {}

    def beside(self) -> "Iterator[Node]":
        """The nodes that say more of the same element: in frames of their own, or by its code."""
        yield from (inner for _, inner in self.groups)
        for choice in self.alternatives:
            yield from (*choice.cases.values(), choice.otherwise)

    def expect(self, usual: "Usual") -> None:
        """Tell the usual places below this one from the others; those that hold no field are known from now on."""
        beside = tuple(self.beside())
        for node in beside:
            node.expect(usual)
        if self.children or not beside:
            for tag in usual:
                self.children.setdefault(tag, Node())
        for tag, child in self.children.items():
            child.is_stranger = tag not in usual
            child.expect(usual.get(tag, {}))

    def freeze(self) -> None:
        """Turn the children, and theirs, into steps."""
        for node in (*self.beside(), *self.children.values()):
            node.freeze()
        steps = {tag: node.step() for tag, node in self.children.items()}
        self.steps = _AnyNamespace(steps) if any(tag.startswith("*:") for tag in steps) else steps

    def is_way(self) -> bool:
        """True where only the children hold anything."""
        return not (self.leaves or self.pieces or self.groups or self.alternatives)

    def step(self) -> Step:
        """The cheapest step that does all that this node asks for."""
        if self.is_way() and not self.is_stranger:
            return WAY, self.steps, None
        if not (self.is_stranger or self.pieces or self.alternatives):
            match self.leaves, self.groups:
                case [leaf], [] if self.children:
                    return HEAD, self.steps, leaf
                case [leaf], [] if leaf.is_plain():
                    first, second = (*leaf.qualifiers, None, None)[:2]
                    return leaf.slot, first, second
                case [], [(opening, inner)] if inner.is_way() and not self.children:
                    return GROUP, inner.steps, opening
        return NODE, self, None

    def enter(self, element: Element, frame: Frame, aside: Aside, *, reading: bool) -> None:
        """Take all that the element holds."""
        if self.is_stranger:
            aside.append(element)
        for leaf in self.leaves:
            leaf.take(element, frame, aside, reading=reading)
        for pieces in self.pieces:
            pieces.take(element, frame, reading=reading)
        for opening, inner in self.groups:
            inner.enter(element, opening.open(frame, element), aside, reading=reading)
        for choice in self.alternatives:
            choice.pick(element).enter(element, frame, aside, reading=reading)
        if self.steps:
            sort(element, self.steps, frame, aside, reading=reading)


class _AnyNamespace(dict[str, Step]):
    """Steps of which some go by local name alone, under the key "*:Name"."""

    def __missing__(self, tag: str) -> Step:
        return self["*:" + tag.rpartition("}")[2]]

    def __contains__(self, tag: object) -> bool:
        return super().__contains__(tag) or (
            isinstance(tag, str) and super().__contains__("*:" + tag.rpartition("}")[2])
        )


def sort(element: Element, steps: Mapping[str, Step], frame: Frame, aside: Aside, *, reading: bool) -> None:
    """Put what the children hold into the frame: the loop in which extraction spends its time.

    A slice is the cheapest way to the children of an lxml element, two to three times faster than an iterator.
    """
    for child in element[:]:  # type: ignore[index]  # the stubs forget slices
        tag = child.tag
        if tag not in steps:
            aside.append(child)
            continue
        slot, first, second = steps[tag]
        if slot >= 0:
            qualifier = None
            if first is not None:
                qualifier = child.get(first)
                if qualifier is None and second is not None and (other := child.get(second)) is not None:
                    qualifier = OtherQualifier(other)
            term = _new_term(Term, ((child.text or "") if reading else child, qualifier))
            if frame[slot]:
                aside.add(frame, slot, term)
                aside.append(child)
            else:
                frame[slot] = (term,)
        elif slot == WAY:
            sort(child, first, frame, aside, reading=reading)
        elif slot == GROUP:
            sort(child, first, second.open(frame, child), aside, reading=reading)
        elif slot == HEAD:
            second.take(child, frame, aside, reading=reading)
            sort(child, first, frame, aside, reading=reading)
        else:
            first.enter(child, frame, aside, reading=reading)


def start_of(qualifier: str) -> str:
    """What stands before the name in a qualifier that is no attribute of the element, empty for one that is."""
    return next((start for start in (_BESIDE, _COUNT) if qualifier.startswith(start)), "")


def _beside(element: Element, name: str) -> str | None:
    """An attribute of the element; for "../Name" the text of a sibling, for "../@name" an attribute of the parent.

    For "count Name" the number of its children of that name.
    """
    if name.startswith(_COUNT):
        return str(len(list(element.iterchildren(name[len(_COUNT) :]))))
    if not name.startswith(_BESIDE):
        return element.get(name)
    parent = element.getparent()
    if parent is None or name.startswith("../@"):
        return None if parent is None else parent.get(name[4:])
    sibling = next(parent.iterchildren(name[3:]), None)
    return None if sibling is None else (sibling.text or "").strip()


def _code_at(element: Element, path: tuple[str, ...]) -> str:
    """The code at a path, in capitals and without outer white space, empty where it is absent."""
    for step in path:
        if step.startswith("@"):
            return (element.get(step[1:]) or "").strip().upper()
        below = next((child for child in element if child.tag == step), None)
        if below is None:
            return ""
        element = below
    return (element.text or "").strip().upper()
