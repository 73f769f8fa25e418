"""Official rules that are bound to elements, not to business terms: which may occur, how often, with which attributes.

A set is written as text, one pattern of the publisher in each. A line is a step to an element, indented under its parent,
or a row, which begins with "- " and says what is demanded of that element; rows may also follow the step on its line, and
"| " goes on with the line above:

    /rsm:CrossIndustryInvoice
      rsm:ExchangedDocument - CII-SR-014 1 TypeCode
        - CII-SR-013 w 0 Name
        IncludedNote - CII-SR-030 w ? Content
    //*Amount - CII-DT-031 0 @currencyID

A name without prefix is in the namespace that the table calls default. A step may be a path, bear a predicate, or name
several elements (A | B); "//" begins a step anywhere, and "//*Amount" is all elements of a namespace that end so. A row is
a code, "w" where the publisher only warns, and a demand:

    0 PATH   must not occur (an element or an attribute)       ? PATH   at most once
    1 PATH   exactly once                                      + PATH   at least once
    x        the element itself must not occur                 in LIST . (or @name)   its value is empty or in that list
    test XPATH          holds; located at the element          when PATH test XPATH   holds where PATH occurs
    each XPATH          each node that it finds breaks the rule
    check NAME          a function says which elements break it

As in Schematron, in one pattern only the first context that matches an element looks at it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, cast

from lxml import etree

from flux.formats.position import Position, Positions
from flux.formats.tree import Element
from flux.model.finding import Observation, Severity

# A function of a table: the elements that break its rule, below or at the context.
Check = Callable[[Element], Iterable[Element]]
Found = dict[str, list[Element]]

_WARNING = "w "
_COUNTS: Mapping[str, tuple[int, float]] = {
    "0": (0, 0),
    "?": (0, 1),
    "1": (1, 1),
    "+": (1, float("inf")),
}
_INDENT = 2
_TAGS_KEPT = 2048
_STEP = re.compile(r"(?P<name>[^\[]+)(?P<predicate>\[.*\])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What the text of a table means.

    `prefixes` are those of its names, `default` the one that a name without any has; `words` are put in place of "$word" in
    an XPath. `family` begins a code that is written as a number of `digits` digits, or "." where it has none.
    """

    prefixes: Mapping[str, str]
    default: str
    lists: Mapping[str, frozenset[str]] = field(default_factory=dict)
    checks: Mapping[str, Check] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    family: str = ""
    digits: int = 0

    def code(self, text: str) -> str:
        """The code that a row writes."""
        if text == ".":
            return self.family
        return f"{self.family}-{text.zfill(self.digits)}" if text.isdigit() else text

    def spell(self, text: str) -> str:
        """A text with the meaning of its words."""
        for word, meaning in self.words.items():
            text = text.replace(f"${word}", meaning)
        return text

    def tag(self, name: str) -> str:
        """The tag of a name, prefixed or not."""
        prefix, colon, local = name.rpartition(":")
        return f"{{{self.prefixes[prefix if colon else self.default]}}}{local}"

    def written(self, path: str) -> str:
        """A path of names with all their prefixes."""
        return "/".join(
            step if ":" in step or step.startswith("@") else f"{self.default}:{step}" for step in path.split("/")
        )

    def xpath(self, text: str) -> etree.XPath:
        """An XPath of the table, compiled."""
        return etree.XPath(text, namespaces=dict(self.prefixes), smart_strings=False)


class Ask(NamedTuple):
    """One row: who asks, and what breaks it. `guard` is the path that must occur, empty where it is always asked."""

    code: str
    severity: Severity
    detail: str
    guard: str
    breaks: Callable[[Element, Found], Iterable[Element]]


@dataclass(slots=True)
class Watch:
    """What to gather below an element: the paths that rows count, as a trie."""

    path: str = ""
    attributes: list[tuple[str, str]] = field(default_factory=list)
    children: "dict[str, Watch]" = field(default_factory=dict)

    def add(self, path: str, dialect: Dialect) -> None:
        """Gather what stands at a path of names."""
        watch = self
        *steps, last = path.split("/")
        for step in steps if last.startswith("@") else (*steps, last):
            watch = watch.children.setdefault(dialect.tag(step), Watch())
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
                inner.gather(child, child[:], found)  # type: ignore[index]  # the stubs forget slices


@dataclass(slots=True)
class Context:
    """The rows of one step of the text. `order` is its place in it: the first of a pattern wins."""

    pattern: int
    order: int
    holds: etree.XPath | None = None
    watch: Watch = field(default_factory=Watch)
    always: list[Ask] = field(default_factory=list)
    guarded: dict[str, list[Ask]] = field(default_factory=dict)

    def add(self, ask: Ask, paths: Iterable[str], dialect: Dialect) -> None:
        """One more row, which reads these paths."""
        for path in paths:
            self.watch.add(path, dialect)
        if ask.guard:
            self.guarded.setdefault(ask.guard, []).append(ask)
        else:
            self.always.append(ask)

    def judge(self, element: Element, children: list[Element], broken: "list[Broken]") -> None:
        """Add the rows that an element breaks, each with what breaks it, once for each time that it does."""
        found: Found = {}
        if self.watch.children or self.watch.attributes:
            self.watch.gather(element, children, found)
        for path in found:
            for ask in self.guarded.get(path, ()):
                broken += [(ask, each) for each in ask.breaks(element, found)]
        for ask in self.always:
            broken += [(ask, each) for each in ask.breaks(element, found)]


# A row, and the element that breaks it.
Broken = tuple[Ask, Element]


@dataclass(slots=True)
class Stop:
    """A position of the document: the contexts that may look at it, and the positions below."""

    contexts: list[Context] = field(default_factory=list)
    children: "dict[str, list[tuple[etree.XPath | None, Stop]]]" = field(default_factory=dict)
    variants: "dict[tuple[str, str], Stop]" = field(default_factory=dict)
    plain: "dict[str, list[Stop]]" = field(default_factory=dict)

    def below(self, tag: str, predicate: str, dialect: Dialect) -> "Stop":
        """The position of children of that tag for which the predicate holds, made where it is new."""
        key = tag, predicate
        if key not in self.variants:
            holds = dialect.xpath(f"boolean(self::*{predicate})") if predicate else None
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


class RuleTable:
    """The patterns of a set, compiled. Immutable once made."""

    __slots__ = ("_anywhere", "_endings", "_of_tag", "_root")

    def __init__(self, dialect: Dialect, patterns: Iterable[str]) -> None:
        self._root = Stop()
        self._anywhere: dict[str, list[Context]] = {}
        self._endings: list[tuple[str, str, Context]] = []
        for number, text in enumerate(patterns):
            _Reader(dialect, number, self._root, self._anywhere, self._endings).read(text)
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
            for contexts in self._anywhere.values():
                yield from contexts
            yield from (context for _, _, context in self._endings)
        for below in stop.children.values():
            for _, inner in below:
                yield from self._all_contexts(inner)

    def _walk(self, element: Element, stops: list[Stop], contexts: Sequence[Context], broken: list[Broken]) -> None:
        children = cast("list[Element]", element[:])  # type: ignore[index]  # the stubs forget slices
        done = -1  # contexts come pattern by pattern
        for context in contexts:
            if context.pattern != done and (context.holds is None or context.holds(element)):
                done = context.pattern
                context.judge(element, children, broken)
        for child in children:
            inner = stops[0].step(child) if len(stops) == 1 else [at for stop in stops for at in stop.step(child)]
            looking = inner[0].contexts if len(inner) == 1 else self._contexts(child, inner)
            if looking or len(child):
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
            context for namespace, name, context in self._endings if tag.startswith(namespace) and tag.endswith(name)
        )
        return tuple(sorted((*self._anywhere.get(tag, ()), *ending), key=_by_order))

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


class _Reader:
    """Reads the text of one pattern into the positions and contexts of a table."""

    def __init__(
        self,
        dialect: Dialect,
        pattern: int,
        root: Stop,
        anywhere: dict[str, list[Context]],
        endings: list[tuple[str, str, Context]],
    ) -> None:
        self._dialect = dialect
        self._pattern = pattern
        self._root = root
        self._anywhere = anywhere
        self._endings = endings
        self._order = 0

    def read(self, text: str) -> None:
        """Add all contexts of the text."""
        above: list[list[Stop]] = [[self._root]]
        contexts: list[Context] = []
        name = ""
        for depth, content in _logical_lines(text):
            if content.startswith("- "):
                contexts = contexts or self._open(above[-1])
                self._add_row(content[2:], contexts, name)
                continue
            contexts = []
            del above[depth + 1 :]
            name = self._name(content)
            if content.startswith("//"):
                contexts = self._open_anywhere(content)
            else:
                above.append([stop for base in above[-1] for stop in self._steps(base, content)])

    def _steps(self, base: Stop, content: str) -> Iterator[Stop]:
        for path in map(self._dialect.spell, content.split(" | ")):
            stop = self._root if path.startswith("/") else base
            for step in _split_path(path.removeprefix("/")):
                name, predicate = _parts(step)
                stop = stop.below(self._dialect.tag(name), predicate, self._dialect)
            yield stop

    def _open(self, stops: list[Stop]) -> list[Context]:
        context = self._context()
        for stop in stops:
            stop.contexts.append(context)
        return [context]

    def _open_anywhere(self, content: str) -> list[Context]:
        *above, last = _split_path(content[2:])
        name, predicate = _parts(last)
        context = self._context()
        conditions = "".join((predicate, *(f"[parent::{self._dialect.written(step)}]" for step in above[-1:])))
        if conditions:
            context.holds = self._dialect.xpath(f"boolean(self::*{conditions})")
        prefix, _, local = name.rpartition(":")
        if local.startswith("*"):
            namespace = "" if prefix == "*" else self._dialect.tag(name)[: -len(local)]
            self._endings.append((namespace, local[1:], context))
        else:
            self._anywhere.setdefault(self._dialect.tag(name), []).append(context)
        return [context]

    def _context(self) -> Context:
        self._order += 1
        return Context(self._pattern, self._order)

    def _name(self, content: str) -> str:
        """What a detail calls the element of a step."""
        return self._dialect.written(_parts(_split_path(content.split(" | ")[0].removeprefix("//"))[-1])[0])

    def _add_row(self, row: str, contexts: list[Context], name: str) -> None:
        code, rest = row.split(maxsplit=1)
        is_warning = rest.startswith(_WARNING)
        demand, _, what = self._dialect.spell(rest.removeprefix(_WARNING)).partition(" ")
        guard, paths, breaks = self._demand(demand, what)
        path = paths[0] if paths else what.partition(" ")[2] if demand == "in" else ""
        detail = name if path in ("", ".") else f"{name}/{self._dialect.written(path)}"
        severity = Severity.WARNING if is_warning else Severity.FATAL
        ask = Ask(self._dialect.code(code), severity, detail, guard, breaks)
        for context in contexts:
            context.add(ask, paths, self._dialect)

    def _demand(
        self, demand: str, what: str
    ) -> tuple[str, tuple[str, ...], Callable[[Element, Found], Iterable[Element]]]:
        """The guard of a row, the paths that it reads, and what breaks it."""
        if demand in _COUNTS:
            low, high = _COUNTS[demand]
            return "" if low else what, (what,), _count(what, low, high)
        match demand:
            case "x":
                return "", (), _itself
            case "in":
                name, source = what.split()
                return "", (), _listed(self._dialect.lists[name], source)
            case "test":
                return "", (), _test(self._dialect.xpath(f"boolean({what})"))
            case "when":
                path, _, test = what.split(maxsplit=2)
                return path, (path,), _test_at(path, self._dialect.xpath(f"boolean({test})"))
            case "each":
                return "", (), _each(self._dialect.xpath(what))
            case "check":
                return "", (), _check(self._dialect.checks[what])
            case _:
                raise ValueError(f"no demand of a rule table: {demand}")


def _count(path: str, low: int, high: float) -> Callable[[Element, Found], Iterable[Element]]:
    """Broken by the element that lacks something, or by the first that is too many."""

    def breaks(element: Element, found: Found) -> Iterable[Element]:
        held = found.get(path, ())
        if len(held) < low:
            return (element,)
        return (held[int(high)],) if len(held) > high else ()

    return breaks


def _itself(element: Element, _found: Found) -> Iterable[Element]:
    return (element,)


def _listed(codes: frozenset[str], source: str) -> Callable[[Element, Found], Iterable[Element]]:
    def breaks(element: Element, _found: Found) -> Iterable[Element]:
        value = _text(element) if source == "." else element.get(source[1:])
        return (element,) if value and value not in codes else ()

    return breaks


def _test(holds: etree.XPath) -> Callable[[Element, Found], Iterable[Element]]:
    def breaks(element: Element, _found: Found) -> Iterable[Element]:
        return () if holds(element) else (element,)

    return breaks


def _test_at(path: str, holds: etree.XPath) -> Callable[[Element, Found], Iterable[Element]]:
    def breaks(element: Element, found: Found) -> Iterable[Element]:
        return () if holds(element) else found[path][:1]

    return breaks


def _each(find: etree.XPath) -> Callable[[Element, Found], Iterable[Element]]:
    def breaks(element: Element, _found: Found) -> Iterable[Element]:
        return cast("list[Element]", find(element))

    return breaks


def _check(check: Check) -> Callable[[Element, Found], Iterable[Element]]:
    def breaks(element: Element, _found: Found) -> Iterable[Element]:
        return check(element)

    return breaks


def _text(element: Element) -> str:
    """The text of an element as XPath takes it."""
    return "".join(map(str, element.itertext())) if len(element) else element.text or ""


def _logical_lines(text: str) -> list[tuple[int, str]]:
    """The steps and rows of a text, each with its depth."""
    lines: list[str] = []
    for line in text.splitlines():
        content = line.strip()
        if content.startswith("| "):
            lines[-1] += content[1:] if "- " in lines[-1] else f" {content}"
        elif content:
            lines.append(line)
    return [
        (((len(line) - len(line.lstrip())) // _INDENT), part)
        for line in lines
        for part in re.split(r" (?=- )", line.strip())
    ]


def _split_path(path: str) -> list[str]:
    """The steps of a path; a slash inside a predicate parts nothing."""
    return re.split(r"/(?![^\[]*\])", path)


def _parts(step: str) -> tuple[str, str]:
    matched = cast("re.Match[str]", _STEP.fullmatch(step))
    return matched["name"], matched["predicate"] or ""


def relax(text: str, instead: Mapping[str, str]) -> str:
    """The text of a table in which other rows, or none where empty, stand instead of those with these codes."""
    lines: list[str] = []
    for depth, content in _logical_lines(text):
        if content.startswith("- "):
            code = content.split()[1]
            content = f"- {' '.join(instead[code].split())}" if instead.get(code) else "" if code in instead else content
        lines.append(" " * (_INDENT * depth) + content)
    return "\n".join(lines)
