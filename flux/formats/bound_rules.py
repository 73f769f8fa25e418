"""Official rules that are bound to elements, not to business terms: the engine that asks them.

A table (`flux.formats.bound_text`) is a trie of positions in the document. As in Schematron, in one pattern of the publisher
only the first context that matches an element looks at it; what its rows count is gathered in one pass below it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, cast

from flux.formats.position import Position, Positions
from flux.formats.tree import Element
from flux.model.finding import Observation, Severity

# What stands at the paths that the rows of a context read, an attribute as the element that bears it.
Found = dict[str, list[Element]]

# The elements that break a row, given the context and what was found below it.
Breaks = Callable[[Element, Found], Iterable[Element]]

# What a predicate says of an element.
Holds = Callable[[Element], bool]

_TAGS_KEPT = 2048


class Ask(NamedTuple):
    """One row: who asks, and what breaks it. `guard` is the path that must occur, empty where it is always asked."""

    code: str
    severity: Severity
    detail: str
    guard: str
    breaks: Breaks


# A row, and the element that breaks it.
Broken = tuple[Ask, Element]


@dataclass(slots=True)
class Watch:
    """What to gather below an element: the paths that rows count, as a trie."""

    path: str = ""
    attributes: list[tuple[str, str]] = field(default_factory=list)
    children: "dict[str, Watch]" = field(default_factory=dict)

    def add(self, path: str, tags: Sequence[str]) -> None:
        """Gather what stands at a path of names, whose elements have these tags."""
        watch = self
        last = path.rpartition("/")[2]
        for tag in tags:
            watch = watch.children.setdefault(tag, Watch())
        if not last.startswith("@"):
            watch.path = path
        elif (last[1:], path) not in watch.attributes:
            watch.attributes.append((last[1:], path))

    def gather(self, element: Element, children: list[Element], found: Found) -> None:
        """Put what occurs into `found`, an attribute as the element that bears it."""
        for name, path in self.attributes:
            if element.get(name) is not None:
                found.setdefault(path, []).append(element)
        if not self.children:
            return
        for child in children:
            inner = self.children.get(child.tag)
            if inner is None:
                continue
            if inner.path:
                found.setdefault(inner.path, []).append(child)
            if inner.children or inner.attributes:
                inner.gather(child, children_of(child), found)


@dataclass(slots=True)
class Context:
    """The rows of one step of the text. `order` is its place in it: the first of a pattern wins."""

    pattern: int
    order: int
    holds: Holds | None = None
    watch: Watch = field(default_factory=Watch)
    always: list[Ask] = field(default_factory=list)
    guarded: dict[str, list[Ask]] = field(default_factory=dict)

    def add(self, ask: Ask) -> None:
        """One more row."""
        if ask.guard:
            self.guarded.setdefault(ask.guard, []).append(ask)
        else:
            self.always.append(ask)

    def judge(self, element: Element, children: list[Element], broken: list[Broken]) -> None:
        """Add the rows that an element breaks, each with what breaks it, once for each time that it does."""
        found: Found = {}
        if self.watch.children or self.watch.attributes:
            self.watch.gather(element, children, found)
        for path in found:
            for ask in self.guarded.get(path, ()):
                broken += [(ask, each) for each in ask.breaks(element, found)]
        for ask in self.always:
            broken += [(ask, each) for each in ask.breaks(element, found)]


@dataclass(slots=True)
class Stop:
    """A position of the document: the contexts that may look at it, and the positions below."""

    contexts: list[Context] = field(default_factory=list)
    children: "dict[str, list[tuple[Holds | None, Stop]]]" = field(default_factory=dict)
    variants: "dict[tuple[str, str], Stop]" = field(default_factory=dict)
    plain: "dict[str, list[Stop]]" = field(default_factory=dict)

    def below(self, tag: str, predicate: str, holds: Holds | None) -> "Stop":
        """The position of children of that tag for which a predicate holds, made where it is new."""
        key = tag, predicate
        if key not in self.variants:
            self.variants[key] = Stop()
            self.children.setdefault(tag, []).append((holds, self.variants[key]))
        return self.variants[key]

    def freeze(self) -> None:
        """Note the steps that need no predicate, here and below: nearly all of them."""
        for tag, below in self.children.items():
            if [holds for holds, _ in below] == [None]:
                self.plain[tag] = [below[0][1]]
            for _, stop in below:
                stop.freeze()

    def step(self, child: Element) -> "list[Stop]":
        """The positions that a child is at."""
        tag = child.tag
        if tag in self.plain:
            return self.plain[tag]
        if tag not in self.children:
            return []
        return [stop for holds, stop in self.children[tag] if holds is None or holds(child)]


@dataclass(slots=True)
class Draft:
    """What a text says before it is compiled: the root of the positions, contexts by tag, and by namespace and ending of a tag."""

    root: Stop = field(default_factory=Stop)
    anywhere: dict[str, list[Context]] = field(default_factory=dict)
    endings: list[tuple[str, str, Context]] = field(default_factory=list)


class RuleTable:
    """The patterns of a set, compiled. Immutable once made."""

    __slots__ = ("_draft", "_looks_anywhere", "_of_tag", "_root")

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._root = draft.root
        self._looks_anywhere = bool(draft.anywhere or draft.endings)
        # The tags of documents are few; a bound keeps out those that somebody makes up.
        self._of_tag = lru_cache(_TAGS_KEPT)(self._find_of_tag)
        self._spread(self._root)
        self._root.freeze()

    def judge(self, root: Element) -> tuple[Observation, ...]:
        """What a document breaks, in its order."""
        broken: list[Broken] = []
        stops = self._root.step(root)
        self._walk(root, stops, self._contexts(root, stops), broken)
        if not broken:
            return ()
        positions = Positions(root)
        return tuple(_observe(ask, positions.of(element)) for ask, element in broken)

    def codes(self) -> tuple[str, ...]:
        """Every code that may be given, once for each row."""
        contexts = {id(context): context for context in self._all_contexts(self._root)}
        return tuple(
            ask.code
            for context in contexts.values()
            for asks in (context.always, *context.guarded.values())
            for ask in asks
        )

    def _all_contexts(self, stop: Stop) -> Iterator[Context]:
        yield from stop.contexts
        if stop is self._root:
            for contexts in self._draft.anywhere.values():
                yield from contexts
            yield from (context for _, _, context in self._draft.endings)
        for below in stop.children.values():
            for _, inner in below:
                yield from self._all_contexts(inner)

    def _walk(self, element: Element, stops: list[Stop], contexts: Sequence[Context], broken: list[Broken]) -> None:
        children = children_of(element)
        done = -1  # contexts come pattern by pattern
        for context in contexts:
            if context.pattern != done and (context.holds is None or context.holds(element)):
                done = context.pattern
                context.judge(element, children, broken)
        for child in children:
            inner = stops[0].step(child) if len(stops) == 1 else [at for stop in stops for at in stop.step(child)]
            looking = inner[0].contexts if len(inner) == 1 else self._contexts(child, inner)
            if looking or ((inner or self._looks_anywhere) and len(child)):
                self._walk(child, inner, looking, broken)

    def _contexts(self, element: Element, stops: list[Stop]) -> Sequence[Context]:
        """The contexts that look at an element that is at several positions of the text, or at none."""
        if not stops:
            return self._of_tag(element.tag) if isinstance(element.tag, str) else ()
        unique = {id(context): context for stop in stops for context in stop.contexts}
        return sorted(unique.values(), key=_by_order)

    def _find_of_tag(self, tag: str) -> tuple[Context, ...]:
        """The contexts that look at a tag wherever it stands."""
        ending = (
            context
            for namespace, name, context in self._draft.endings
            if tag.startswith(namespace) and tag.endswith(name)
        )
        return tuple(sorted((*self._draft.anywhere.get(tag, ()), *ending), key=_by_order))

    def _spread(self, stop: Stop) -> None:
        """Give each position the contexts that look at its tag anywhere."""
        for tag, below in stop.children.items():
            for _, inner in below:
                inner.contexts = sorted((*inner.contexts, *self._of_tag(tag)), key=_by_order)
                self._spread(inner)


def _observe(ask: Ask, position: Position) -> Observation:
    return Observation(
        code=ask.code, detail=ask.detail, severity=ask.severity, line=position.line, xpath=position.xpath
    )


def _by_order(context: Context) -> tuple[int, int]:
    return context.pattern, context.order


def children_of(element: Element) -> list[Element]:
    """The children of an element; a slice is the cheapest way to them."""
    return cast("list[Element]", element[:])  # type: ignore[index]  # the stubs forget slices
