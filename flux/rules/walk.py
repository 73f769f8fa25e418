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


class Stop:
    """One kind of group: the rules that look at it, and the groups inside that other rules look at."""

    __slots__ = ("_checks", "_inner", "field", "get", "picks")

    def __init__(self, name: str, rules: Sequence[AnyRule], inner: "Sequence[Stop]") -> None:
        selector = SELECTORS.get(name)
        self.field = selector.field if selector else name
        self.picks = selector.picks if selector else None
        self.get: Callable[[Any], Sequence[Any]] = attrgetter(self.field) if name else tuple
        # The function beside its rule: the loop below calls it a thousand times for each time that it answers.
        self._checks = tuple((rule.check, rule) for rule in rules)
        self._inner = tuple(inner)

    def visit(self, group: Any, matter: Matter, place: Place, seen: list[Observation]) -> None:  # noqa: ANN401 - any class of the model
        """Add what the rules see in a group and in those inside it, in the order of the document."""
        for check, rule in self._checks:
            hit = check(group, matter)
            if hit is None:
                continue
            if isinstance(hit, list):
                seen.extend(_observe(rule, each, place) for each in hit)
            else:
                seen.append(_observe(rule, hit, place))
        for stop in self._inner:
            held = stop.get(group)
            if held:
                picks, field = stop.picks, stop.field
                for index, each in enumerate(held):
                    if picks is None or picks(each):
                        stop.visit(each, matter, (*place, field, index), seen)


def plan(rules: Iterable[AnyRule], syntax: Syntax) -> Stop:
    """The walk that puts each group of an invoice in a syntax before its rules."""
    return _plan(
        "", [(tuple(rule.on.split(".")) if rule.on else (), rule) for rule in rules if syntax in rule.syntaxes]
    )


def _plan(name: str, rules: Sequence[tuple[tuple[str, ...], AnyRule]]) -> Stop:
    deeper = dict.fromkeys(way[0] for way, _ in rules if way)
    inner = [_plan(step, [(way[1:], rule) for way, rule in rules if way and way[0] == step]) for step in deeper]
    return Stop(name, [rule for way, rule in rules if not way], inner)


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
