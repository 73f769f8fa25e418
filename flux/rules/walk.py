"""Walks an invoice once and puts each group before the rules that look at it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from flux.model.finding import Observation, Place
from flux.model.interface import Syntax
from flux.model.invoice import AllowanceCharge
from flux.rules.numbers import trim
from flux.rules.rule import AnyRule, Hit, Matter

# The true and false of XML Schema; anything else is neither an allowance nor a charge.
_TRUE, _FALSE = frozenset({"true", "1"}), frozenset({"false", "0"})


def is_charge(group: AllowanceCharge) -> bool:
    """True for a charge (BG-21, BG-28)."""
    return any(trim(term.text) in _TRUE for term in group.is_charge)


def is_allowance(group: AllowanceCharge) -> bool:
    """True for an allowance (BG-20, BG-27)."""
    return any(trim(term.text) in _FALSE for term in group.is_charge)


def says(word: str) -> Callable[[AllowanceCharge], bool]:
    """What picks the groups whose indicator is written so."""

    def picks(group: AllowanceCharge) -> bool:
        return any(term.text == word for term in group.is_charge)

    return picks


class Selector(NamedTuple):
    """A name for some of the groups of a field."""

    field: str
    picks: Callable[[Any], bool]


SELECTORS: Mapping[str, Selector] = {
    "allowances": Selector("allowance_charges", is_allowance),
    "charges": Selector("allowance_charges", is_charge),
    # Factur-X asks for the word.
    "worded_allowances": Selector("allowance_charges", says("false")),
    "worded_charges": Selector("allowance_charges", says("true")),
    "price_discounts": Selector("price_allowances", is_allowance),
    "price_charges": Selector("price_allowances", is_charge),
}


# The way to a group, from the inside out: the way to the group that holds it, the field, the index; () is the invoice.
Trail = tuple["Trail", str, int] | tuple[()]
# Reads several fields of a group: one call costs less than one for each.
Reader = Callable[[Any], tuple[Any, ...]]


def reader(*fields: str) -> Reader:
    """What reads these fields of a group, one at least, all in one call."""
    get = attrgetter(*fields)
    if len(fields) > 1:
        return get

    def read(group: object) -> tuple[Any, ...]:
        return (get(group),)

    return read


class Stop:
    """One kind of group: the rules that look at it, and the groups inside that other rules look at."""

    __slots__ = ("_checks", "_inner", "_picks", "_read", "field")

    def __init__(self, name: str, rules: Sequence[AnyRule], inner: Mapping[str, "Stop"]) -> None:
        selector = SELECTORS.get(name)
        self.field = selector.field if selector else name
        self._picks = selector.picks if selector else None
        # The function beside its rule: the loops below call it a thousand times for each time that it answers.
        self._checks = tuple((rule.check, rule) for rule in rules)
        by_field: dict[str, list[Stop]] = {}
        for stop in inner.values():
            by_field.setdefault(stop.field, []).append(stop)
        self._inner = tuple(map(tuple, by_field.values()))
        self._read = reader(*by_field) if by_field else None

    def visit(self, group: Any, matter: Matter, trail: Trail, seen: list[Observation]) -> None:  # noqa: ANN401 - any class of the model
        """Add what the rules see in a group, then in those inside it."""
        for check, rule in self._checks:
            hit = check(group, matter)
            if hit is not None:
                _note(rule, hit, trail, seen)
        if self._read is not None:
            for held, stops in zip(self._read(group), self._inner, strict=True):
                if held:
                    for stop in stops:
                        stop.visit_each(held, matter, trail, seen)

    def visit_each(self, groups: Sequence[Any], matter: Matter, trail: Trail, seen: list[Observation]) -> None:
        """Visit those of the groups of a field that the name of the stop picks."""
        picks, field = self._picks, self.field
        if self._inner:
            for index, group in enumerate(groups):
                if picks is None or picks(group):
                    self.visit(group, matter, (trail, field, index), seen)
            return
        # Terms, most of them, hold nothing else: a call for each would cost more than their rules.
        for index, group in enumerate(groups):
            if picks is None or picks(group):
                for check, rule in self._checks:
                    hit = check(group, matter)
                    if hit is not None:
                        _note(rule, hit, (trail, field, index), seen)


def plan(rules: Iterable[AnyRule], syntax: Syntax) -> Stop:
    """The walk that puts each group of an invoice in a syntax before its rules."""
    return _plan(
        "", [(tuple(rule.on.split(".")) if rule.on else (), rule) for rule in rules if syntax in rule.syntaxes]
    )


def _plan(name: str, rules: Sequence[tuple[tuple[str, ...], AnyRule]]) -> Stop:
    deeper = dict.fromkeys(way[0] for way, _ in rules if way)
    inner = {step: _plan(step, [(way[1:], rule) for way, rule in rules if way and way[0] == step]) for step in deeper}
    return Stop(name, [rule for way, rule in rules if not way], inner)


def _note(rule: AnyRule, hit: Hit | list[Hit], trail: Trail, seen: list[Observation]) -> None:
    place = _place(trail)
    seen.extend(_observe(rule, each, place) for each in (hit if isinstance(hit, list) else (hit,)))


def _place(trail: Trail) -> Place:
    steps: list[str | int] = []
    while trail:
        trail, field, index = trail
        steps += (index, field)
    return tuple(reversed(steps))


def _observe(rule: AnyRule, hit: Hit, place: Place) -> Observation:
    return Observation(
        code=hit.code or rule.code,
        term=hit.term or rule.term,
        place=(*place, *hit.place),
        found=hit.found,
        expected=hit.expected,
        detail=hit.detail or rule.detail,
        severity=hit.severity or rule.severity,
        facts=hit.facts,
    )
