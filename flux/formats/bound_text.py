"""How a table of rules that are bound to elements is written, and its reader.

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
    coded LIST . (or @name)   its value is in that list, white space around it left out
    test XPATH          holds; located at the element          when PATH test XPATH   holds where PATH occurs
    each XPATH          each node that it finds breaks the rule
    check NAME          a function says which elements break it

The row "- read" demands nothing: rules on the model look at what stands there, and no later context of the pattern does.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from lxml import etree

from flux.formats.bound_demands import (
    Check,
    checked,
    coded,
    count,
    each_found,
    holds_always,
    holds_where,
    listed,
    unused,
)
from flux.formats.bound_rules import Ask, Breaks, Context, Draft, Holds, RuleTable, Stop
from flux.formats.tree import Element
from flux.model.finding import Severity

_WARNING = "w "
_READ = "read"
_COUNTS: Mapping[str, tuple[int, float]] = {"0": (0, 0), "?": (0, 1), "1": (1, 1), "+": (1, float("inf"))}
# What cannot be broken where the path does not occur.
_GUARDED = frozenset({"0", "?", "when"})
_OF_LISTS: Mapping[str, Callable[[frozenset[str], str], Breaks]] = {"in": listed, "coded": coded}
_INDENT = 2
_PREDICATES = re.compile(r"(?:\[@(?P<attribute>\w+)\])?(?:\[parent::(?P<parent>\w+:\w+)\])?(?P<rest>.*)", re.DOTALL)
_STEP = re.compile(r"(?P<name>[^\[]+)(?P<predicate>\[.*\])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What the text of a table means.

    `prefixes` are those of its names, `default` the one that a name without any has; `words` are put in place of "$word" in
    an XPath. `family` begins a code that is written as a number of `digits` digits; "." is the code of `unnamed`, for rows
    that the publisher left without any.
    """

    prefixes: Mapping[str, str]
    default: str
    lists: Mapping[str, frozenset[str]] = field(default_factory=dict)
    checks: Mapping[str, Check] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    family: str = ""
    digits: int = 0
    unnamed: str = ""

    def code(self, text: str) -> str:
        """The code that a row writes."""
        if text == ".":
            return self.unnamed
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

    def tags(self, path: str) -> list[str]:
        """The tags of the elements of a path, which may end in an attribute."""
        return [self.tag(step) for step in path.split("/") if not step.startswith("@")]

    def written(self, path: str) -> str:
        """A path of names with all their prefixes."""
        return "/".join(
            step if ":" in step or step.startswith("@") else f"{self.default}:{step}" for step in path.split("/")
        )

    def xpath(self, text: str) -> etree.XPath:
        """An XPath of the table, compiled."""
        return etree.XPath(text, namespaces=dict(self.prefixes), smart_strings=False)


def read_table(dialect: Dialect, patterns: Iterable[str]) -> RuleTable:
    """The table of some patterns."""
    draft = Draft()
    for number, text in enumerate(patterns):
        _Reader(dialect, number, draft).read(text)
    return RuleTable(draft)


def relax(text: str, instead: Mapping[str, str]) -> str:
    """The text of a table in which other rows, or none where empty, stand instead of those with these codes."""
    lines = (
        " " * (_INDENT * depth) + (_relaxed(content, instead) if content.startswith("- ") else content)
        for depth, content in _logical_lines(text)
    )
    return "\n".join(lines)


def _relaxed(row: str, instead: Mapping[str, str]) -> str:
    code = row.split()[1]
    if code not in instead:
        return row
    return f"- {' '.join(instead[code].split())}" if instead[code] else ""


class _Reader:
    """Reads the text of one pattern into the positions and contexts of a table."""

    def __init__(self, dialect: Dialect, pattern: int, draft: Draft) -> None:
        self._dialect = dialect
        self._pattern = pattern
        self._draft = draft
        self._order = 0

    def read(self, text: str) -> None:
        """Add all contexts of the text."""
        above: list[list[Stop]] = [[self._draft.root]]
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
            stop = self._draft.root if path.startswith("/") else base
            for step in _split_path(path.removeprefix("/")):
                name, predicate = _parts(step)
                stop = stop.below(self._dialect.tag(name), predicate, self._holds(predicate))
            yield stop

    def _holds(self, predicates: str) -> Holds | None:
        """What tells whether predicates hold; most begin with an attribute, or ask for a parent, and need no XPath."""
        matched = cast("re.Match[str]", _PREDICATES.fullmatch(predicates))
        attribute, parent, rest = matched["attribute"], matched["parent"], matched["rest"]
        further = cast("Holds", self._dialect.xpath(f"boolean(self::*{rest})")) if rest else None
        if parent:
            further = _below(self._dialect.tag(parent), further)
        return _bears(attribute, further) if attribute else further

    def _open(self, stops: list[Stop]) -> list[Context]:
        context = self._context()
        for stop in stops:
            stop.contexts.append(context)
        return [context]

    def _open_anywhere(self, content: str) -> list[Context]:
        *above, last = _split_path(content[2:])
        name, predicate = _parts(last)
        context = self._context()
        parents = (f"[parent::{self._dialect.written(step)}]" for step in above[-1:])
        context.holds = self._holds("".join((predicate, *parents)))
        prefix, _, local = name.rpartition(":")
        if local.startswith("*"):
            namespace = "" if prefix == "*" else self._dialect.tag(name)[: -len(local)]
            self._draft.endings.append((namespace, local[1:], context))
        else:
            self._draft.anywhere.setdefault(self._dialect.tag(name), []).append(context)
        return [context]

    def _context(self) -> Context:
        self._order += 1
        return Context(self._pattern, self._order)

    def _name(self, content: str) -> str:
        """What a detail calls the element of a step."""
        first = content.partition(" | ")[0].removeprefix("//")
        return self._dialect.written(_parts(_split_path(first)[-1])[0])

    def _add_row(self, row: str, contexts: list[Context], name: str) -> None:
        if row == _READ:
            return
        code, rest = row.split(maxsplit=1)
        severity = Severity.WARNING if rest.startswith(_WARNING) else Severity.FATAL
        demand, _, what = self._dialect.spell(rest.removeprefix(_WARNING)).partition(" ")
        path, breaks = self._demand(demand, what)
        guard = path if demand in _GUARDED else ""
        shown = what.partition(" ")[2].lstrip(".") if demand in _OF_LISTS else path
        detail = f"{name}/{self._dialect.written(shown)}" if shown else name
        for context in contexts:
            context.add(Ask(self._dialect.code(code), severity, detail, guard, breaks))
            if path:
                context.watch.add(path, self._dialect.tags(path))

    def _demand(self, demand: str, what: str) -> tuple[str, Breaks]:
        """The path that a demand reads, empty where it reads none, and what breaks it."""
        if demand in _COUNTS:
            return what, count(what, *_COUNTS[demand])
        if demand == "when":
            path, _, test = what.split(maxsplit=2)
            return path, holds_where(path, self._dialect.xpath(f"boolean({test})"))
        return "", self._demand_of_element(demand, what)

    def _demand_of_element(self, demand: str, what: str) -> Breaks:
        match demand:
            case "x":
                return unused
            case "in" | "coded":
                name, source = what.split()
                return _OF_LISTS[demand](self._dialect.lists[name], source)
            case "test":
                return holds_always(self._dialect.xpath(f"boolean({what})"))
            case "each":
                return each_found(self._dialect.xpath(what))
            case "check":
                return checked(self._dialect.checks[what])
            case _:
                raise ValueError(f"no demand of a rule table: {demand}")


def _bears(attribute: str, further: Holds | None) -> Holds:
    def holds(element: Element) -> bool:
        return element.get(attribute) is not None and (further is None or further(element))

    return holds


def _below(parent_tag: str, further: Holds | None) -> Holds:
    def holds(element: Element) -> bool:
        parent = element.getparent()
        return parent is not None and parent.tag == parent_tag and (further is None or further(element))

    return holds


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
