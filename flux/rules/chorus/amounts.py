"""How Chorus writes numbers: a point, at most 19 digits, 6 decimals in amounts and 4 in quantities; any sign.

Zeros at the end say nothing and are not counted. What is already paid leaves nothing to pay (cadre A2).
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from flux.model.invoice import Invoice
from flux.model.term import Terms, text_of
from flux.rules.chorus.syntaxes import ALL
from flux.rules.numbers import number, parse
from flux.rules.quote import quote
from flux.rules.rule import Answer, AnyRule, Hit, Matter, Rule

MOST_DIGITS = 19
AMOUNT_DECIMALS = 6
QUANTITY_DECIMALS = 4
_PAID = "A2"
AMOUNT, QUANTITY = "CHORUS_AMOUNT", "CHORUS_QUANTITY"


class _Number(NamedTuple):
    """A number of a group: its field, its term where it has but one, and the rule that says how it is written."""

    field: str
    term: str | None
    code: str = AMOUNT

    @property
    def most_decimals(self) -> int:
        """How many decimals it may have."""
        return QUANTITY_DECIMALS if self.code == QUANTITY else AMOUNT_DECIMALS


_ALLOWANCE = (_Number("amount", None), _Number("base_amount", None))
# Group by group, so that a line is looked at once.
_GROUPS = {
    "totals": (
        _Number("lines", "BT-106"),
        _Number("allowances", "BT-107"),
        _Number("charges", "BT-108"),
        _Number("without_vat", "BT-109"),
        _Number("with_vat", "BT-112"),
        _Number("paid", "BT-113"),
        _Number("rounding", "BT-114"),
        _Number("due", "BT-115"),
    ),
    "tax_totals": (_Number("amount", "BT-110"),),
    "tax_totals.breakdown": (_Number("base", "BT-116"), _Number("tax", "BT-117")),
    "allowance_charges": _ALLOWANCE,
    "lines": (
        _Number("quantity", "BT-129", QUANTITY),
        _Number("net_amount", "BT-131"),
        _Number("net_price", "BT-146"),
        _Number("price_discount", "BT-147"),
        _Number("gross_price", "BT-148"),
    ),
    "lines.allowance_charges": _ALLOWANCE,
}


@lru_cache(maxsize=8192)
def is_written(text: str, most_decimals: int) -> bool:
    """True for a number with a point, no more digits than Chorus takes, and no more decimals than these."""
    stripped = text.strip()
    if parse(stripped) is None:
        return False
    whole, _, decimals = stripped.lstrip("+-").partition(".")
    decimals = decimals.rstrip("0")
    return len(decimals) <= most_decimals and len(whole.lstrip("0")) + len(decimals) <= MOST_DIGITS


def _written(numbers: tuple[_Number, ...]) -> Callable[[Any, Matter], Answer]:
    # A second name makes attrgetter answer with a tuple whatever the count.
    get = attrgetter(*(each.field for each in numbers), numbers[0].field)
    bounds = tuple(each.most_decimals for each in numbers)

    def check(group: object, matter: Matter) -> Answer:  # noqa: ARG001 - the shape of every check
        for terms, most_decimals in zip(get(group), bounds, strict=False):
            for term in terms:
                if not is_written(term.text, most_decimals):
                    return list(_faults(group, numbers))
        return None

    return check


def _faults(group: object, numbers: tuple[_Number, ...]) -> Iterator[Hit]:
    for each in numbers:
        terms: Terms = getattr(group, each.field)
        for place, term in enumerate(terms):
            if not is_written(term.text, each.most_decimals):
                found = quote(term.text.strip()) or None
                yield Hit(code=each.code, term=each.term, place=(each.field, place), found=found)


def _nothing_due(invoice: Invoice, matter: Matter) -> Answer:  # noqa: ARG001 - the shape of every check
    due: Terms = invoice.total.due
    if text_of(invoice.cadre) != _PAID or number(due) in (None, 0):
        return None
    return Hit(found=quote(text_of(due)), expected="0", place=("totals", 0, "due", 0))


def _rule(on: str, numbers: tuple[_Number, ...]) -> AnyRule:
    codes = tuple(dict.fromkeys(each.code for each in numbers))
    return Rule(code=AMOUNT, check=_written(numbers), on=on, syntaxes=ALL, codes=codes)


RULES: tuple[AnyRule, ...] = (
    *(_rule(on, numbers) for on, numbers in _GROUPS.items()),
    Rule(code="CHORUS_PAID", check=_nothing_due, term="BT-115", syntaxes=ALL),
)
