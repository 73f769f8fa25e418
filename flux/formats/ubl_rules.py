"""The official rules that are bound to UBL: elements and attributes without use, what occurs too often, decimals of amounts.

The tables are in `flux.formats.ubl_unused` and `flux.formats.ubl_rows`. An invoice that `flux.formats.ubl_plain` vouches for
costs no more than that; any other is walked once, element by element. A finding says the first element that breaks the rule, as
a path from the root in `detail`. Ids and counts are those of the artefacts: a rule that looks at the root fires once.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, cast

from lxml import etree

from flux.formats.position import position_of
from flux.formats.tree import Element
from flux.formats.ubl_codes import judge_anywhere
from flux.formats.ubl_names import NAMESPACES, PREFIXES, expand
from flux.formats.ubl_plain import is_plain
from flux.formats.ubl_rows import ATTRIBUTES, ROWS, Row
from flux.formats.ubl_unused import UNUSED, USED_BY_EXTENDED
from flux.model.finding import Observation, Severity
from flux.model.invoice import Invoice

_AMOUNT_RULE = "UBL-DT-01"
_FILE_RULES = (("mimeCode", "UBL-DT-06"), ("filename", "UBL-DT-07"))
_MAX_DECIMALS = 2
# Those that some elements may bear and others not.
_NAMING_ATTRIBUTES = frozenset({"schemeID", "listID"})
_HARMLESS_ATTRIBUTES = frozenset({"currencyID", "unitCode"})
_LINES = ("cac:InvoiceLine", "cac:CreditNoteLine")
_PAYMENT_MEANS_CODE = f"{{{PREFIXES['cbc']}}}PaymentMeansCode"
_PRICE = f"{{{PREFIXES['cac']}}}Price"
_ALLOWANCE = f"{{{PREFIXES['cac']}}}AllowanceCharge"
_NAMES = {uri: prefix for prefix, uri in PREFIXES.items()}


def judge_bound_rules(root: Element, ruleset: str, invoice: Invoice) -> tuple[Observation, ...]:
    """What the rules of a set that are bound to UBL see in a document; nothing for a set that has none."""
    if ruleset not in ROWS or is_plain(root, invoice, ruleset):
        return ()
    return judge_elements(root, ruleset)


def judge_elements(root: Element, ruleset: str) -> tuple[Observation, ...]:
    """The same by a look at every element."""
    seen = _Seen()
    book = _book(ruleset)
    book.root.look(root, seen)
    _look_at_attributes(root, book, seen)
    _look_below(root, book.unused, book, seen)
    return (*seen.observations, *judge_anywhere(root, ruleset))


class _Seen:
    """What has been seen, and which of the rules that fire once have fired."""

    __slots__ = ("_fired", "observations")

    def __init__(self) -> None:
        self.observations: list[Observation] = []
        self._fired: set[str] = set()

    def warn_once(self, code: str, element: Element, attribute: str = "") -> None:
        """Add a rule that fires once for the document and refuses nothing."""
        if code not in self._fired:
            self._fired.add(code)
            self.add(code, element, attribute, is_fatal=False)

    def add_row(self, row: Row, broken: Sequence[Any]) -> None:
        """Add a rule that found more nodes than it lets pass."""
        if row.once and row.code in self._fired:
            return
        self._fired.add(row.code)
        first = broken[row.most]
        is_attribute = isinstance(first, str)
        self.add(
            row.code,
            first.getparent() if is_attribute else first,
            first.attrname if is_attribute else "",
            is_fatal=row.is_fatal,
            found=str(len(broken)) if row.most else None,
            expected=f"≤ {row.most}" if row.most else None,
        )

    def add(
        self,
        code: str,
        element: Element,
        attribute: str = "",
        *,
        is_fatal: bool = True,
        found: str | None = None,
        expected: str | None = None,
    ) -> None:
        """Add a rule that an element breaks."""
        position = position_of(element)
        self.observations.append(
            Observation(
                code=code,
                severity=Severity.FATAL if is_fatal else Severity.WARNING,
                detail="/".join((*_path(element), *([f"@{attribute}"] if attribute else []))) or None,
                line=position.line,
                xpath=position.xpath,
                found=found,
                expected=expected,
            )
        )


class _Checks:
    """The rows that look at elements of one name: whether any is broken, then which."""

    __slots__ = ("_is_broken", "_rows")

    def __init__(self, rows: Sequence[Row]) -> None:
        broken = " or ".join(f"count({row.path}) > {row.most}" for row in rows)
        self._is_broken = etree.XPath(broken, namespaces=NAMESPACES)
        self._rows = tuple((row, etree.XPath(row.path, namespaces=NAMESPACES)) for row in rows)

    def look(self, element: Element, seen: _Seen) -> None:
        """Add the rows that the element breaks."""
        if self._is_broken(element):
            for row, path in self._rows:
                nodes = cast("list[Any]", path(element))
                if row.distinct:
                    nodes = _distinct(nodes)
                if len(nodes) > row.most:
                    seen.add_row(row, nodes)


def _distinct(elements: Sequence[Element]) -> list[Element]:
    """The first element of each text."""
    first: dict[str, Element] = {}
    for element in elements:
        first.setdefault(_text_of(element), element)
    return list(first.values())


def _text_of(element: Element) -> str:
    return "".join(map(str, element.itertext())) if len(element) else element.text or ""


class _Unused(NamedTuple):
    """A place in a document: the rule against an element there, if any, and the places below."""

    code: str
    below: "dict[str, _Unused]"


class _Book(NamedTuple):
    """The rules of one set, ready to be asked."""

    unused: Mapping[str, _Unused]
    root: _Checks
    checks: Mapping[str, _Checks]
    of_attributes: Mapping[str, _Checks]


_NOWHERE: Mapping[str, _Unused] = {}


@cache
def _book(ruleset: str) -> _Book:
    used = USED_BY_EXTENDED if ruleset == "extended-ctc-fr" else frozenset()
    on_root = [row for row in ROWS[ruleset] if not row.on]
    of_elements = [row for row in ROWS[ruleset] if row.on and not row.is_of_attribute]
    of_attributes = [row for row in ROWS[ruleset] if row.on and row.is_of_attribute]
    return _Book(_unused(used), _Checks(on_root), _by_tag(of_elements), _by_tag(of_attributes))


def _by_tag(rows: Sequence[Row]) -> Mapping[str, _Checks]:
    held: dict[str, list[Row]] = {}
    for row in rows:
        for name in _LINES if row.on == "line" else (row.on,):
            held.setdefault(expand(name)[0], []).append(row)
    return {tag: _Checks(of_tag) for tag, of_tag in held.items()}


def _unused(used: frozenset[int]) -> Mapping[str, _Unused]:
    top = _Unused("", {})
    for path, number in UNUSED.items():
        for line in _LINES if path.startswith(_LINES[0] + "/") else _LINES[:1]:
            *way, last = expand(path.replace(_LINES[0], line))
            node = top
            for tag in way:
                node = node.below.setdefault(tag, _Unused("", {}))
            held = node.below.get(last, _Unused("", {}))
            node.below[last] = held if number in used else held._replace(code=f"UBL-CR-{number:03}")
    return top.below


def _look_below(element: Element, places: Mapping[str, _Unused], book: _Book, seen: _Seen) -> None:
    for child in element[:]:  # type: ignore[index]  # the stubs forget slices
        tag = str(child.tag)  # that of a comment is a function
        place = places.get(tag)
        if place is not None and place.code:
            seen.warn_once(place.code, child)
        checks = book.checks.get(tag)
        if checks is not None:
            checks.look(child, seen)
        if not _HARMLESS_ATTRIBUTES.issuperset(child.keys()):
            _look_at_attributes(child, book, seen)
        if tag.endswith(("Amount", "BinaryObject")):
            _look_at_value(child, tag, seen)
        if len(child):
            _look_below(child, _NOWHERE if place is None else place.below, book, seen)


def _look_at_attributes(element: Element, book: _Book, seen: _Seen) -> None:
    for name in map(str, element.keys()):
        code = ATTRIBUTES.get(name)
        if code is not None and not (name == "name" and element.tag == _PAYMENT_MEANS_CODE):
            seen.warn_once(code, element, name)
        if name in _NAMING_ATTRIBUTES:
            for each in (element, element.getparent()):
                checks = None if each is None else book.of_attributes.get(str(each.tag))
                if each is not None and checks is not None:
                    checks.look(each, seen)


def _look_at_value(element: Element, tag: str, seen: _Seen) -> None:
    if tag.endswith("BinaryObject"):
        for attribute, code in _FILE_RULES:
            if element.get(attribute) is None:
                seen.add(code, element, attribute)
    elif not tag.endswith("PriceAmount"):
        text = _text_of(element)
        if "." in text[: -1 - _MAX_DECIMALS] and not _is_of_discounted_price(element):
            seen.add(_AMOUNT_RULE, element, found=text)


def _is_of_discounted_price(element: Element) -> bool:
    return any(price.find(_ALLOWANCE) is not None for price in element.iterancestors(_PRICE))


def _path(element: Element) -> Iterator[str]:
    """The names on the way from the root to an element, without the root's."""
    for step in [element, *element.iterancestors()][-2::-1]:
        name = etree.QName(step)
        prefix = _NAMES.get(name.namespace or "") or step.prefix
        yield f"{prefix}:{name.localname}" if prefix else name.localname
