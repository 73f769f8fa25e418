"""BR-FR-DEC-01..03: how amounts, quantities and prices are written."""

import re
from collections.abc import Callable
from functools import lru_cache
from operator import attrgetter

from flux.model.invoice import Line
from flux.model.term import Terms
from flux.rules.br_fr.frames import goes_both_ways
from flux.rules.br_fr.texts import plain
from flux.rules.rule import UBL, AnyRule, Hit, Matter, Rule

AMOUNT, QUANTITY, PRICE = "BR-FR-DEC-01", "BR-FR-DEC-02", "BR-FR-DEC-03"
_AMOUNT = re.compile(r"-?[0-9]{1,19}(\.[0-9]{1,2})?")
_QUANTITY = re.compile(r"-?[0-9]{1,19}(\.[0-9]{1,4})?")
_SIGNED_PRICE = re.compile(r"-?[0-9]{1,19}(\.[0-9]{1,6})?")
_PRICE = re.compile(r"[0-9]{1,19}(\.[0-9]{1,6})?")
_MOST_CHARACTERS = 19


def _fits(pattern: "re.Pattern[str]", text: str) -> bool:
    written = plain(text)
    return pattern.fullmatch(written) is not None and len(written.replace(".", "")) <= _MOST_CHARACTERS


@lru_cache(maxsize=4096)
def is_amount(text: str) -> bool:
    """True for a number of two decimals at most and nineteen characters at most without the point, the sign counted."""
    return _fits(_AMOUNT, text)


@lru_cache(maxsize=2048)
def is_quantity(text: str) -> bool:
    """The same with four decimals."""
    return _fits(_QUANTITY, text)


@lru_cache(maxsize=2048)
def is_price(text: str) -> bool:
    """The same with six decimals, without a sign."""
    return _fits(_PRICE, text)


@lru_cache(maxsize=256)
def is_signed_price(text: str) -> bool:
    """A price where both parties sell to each other: it may bear a sign."""
    return _fits(_SIGNED_PRICE, text)


def _wrong(terms: Terms, fits: Callable[[str], bool], field: str, detail: str, code: str = AMOUNT) -> list[Hit]:
    return [
        Hit(code=code, found=held.text, place=(field, index), detail=detail)
        for index, held in enumerate(terms)
        if not fits(held.text)
    ]


def _amounts(*fields: tuple[str, str]) -> Callable[[object, Matter], list[Hit] | None]:
    """The amounts of a group, by field and business term."""
    readers = tuple((field, term, attrgetter(field)) for field, term in fields)

    def check(group: object, _: Matter) -> list[Hit] | None:
        hits: list[Hit] | None = None
        for field, term, read in readers:
            terms: Terms = read(group)
            if terms and not (len(terms) == 1 and is_amount(terms[0].text)):
                hits = (hits or []) + _wrong(terms, is_amount, field, term)
        return hits or None

    return check


def _line(line: Line, matter: Matter) -> list[Hit] | None:
    """The loops by hand: they are most of what a line costs."""
    for held in line.net_amount:
        if not is_amount(held.text):
            return _line_faults(line, matter)
    for terms in (line.quantity, line.base_quantity):
        for held in terms:
            if not is_quantity(held.text):
                return _line_faults(line, matter)
    for terms in (line.net_price, line.price_discount, line.gross_price):
        for held in terms:
            if not is_price(held.text):
                return _line_faults(line, matter)
    return None


def _line_faults(line: Line, matter: Matter) -> list[Hit] | None:
    hits = _wrong(line.net_amount, is_amount, "net_amount", "BT-131")
    hits += _wrong(line.quantity, is_quantity, "quantity", "BT-129", QUANTITY)
    hits += _wrong(_asked(line.base_quantity, matter), is_quantity, "base_quantity", "BT-149", QUANTITY)
    fits = is_signed_price if goes_both_ways(matter.invoice) else is_price
    for field, detail, terms in (
        ("net_price", "BT-146", line.net_price),
        ("price_discount", "BT-147", line.price_discount),
        ("gross_price", "BT-148", line.gross_price),
    ):
        hits += _wrong(_asked(terms, matter), fits, field, detail, PRICE)
    return hits or None


def _asked(terms: Terms, matter: Matter) -> Terms:
    """UBL asks nothing of an empty element."""
    return tuple(term for term in terms if plain(term.text)) if matter.is_ubl else terms


_TOTALS = (
    ("lines", "BT-106"),
    ("allowances", "BT-107"),
    ("charges", "BT-108"),
    ("without_vat", "BT-109"),
    ("with_vat", "BT-112"),
    ("paid", "BT-113"),
    ("rounding", "BT-114"),
    ("due", "BT-115"),
)
_ALLOWANCE = _amounts(("amount", "BT-92_BT-99"), ("base_amount", "BT-93_BT-100"))
_LINE_ALLOWANCE = _amounts(("amount", "BT-136_BT-141"), ("base_amount", "BT-137_BT-142"))
_VAT_TOTAL = _amounts(("amount", "BT-110"))
_VAT_GROUP = _amounts(("base", "BT-116"), ("tax", "BT-117"))

RULES: tuple[AnyRule, ...] = (
    Rule(code=AMOUNT, on="allowance_charges", check=_ALLOWANCE),
    Rule(code=AMOUNT, on="totals", check=_amounts(*_TOTALS)),
    Rule(code=AMOUNT, on="tax_totals", check=_VAT_TOTAL),
    Rule(code=AMOUNT, on="tax_totals.breakdown", check=_VAT_GROUP),
    Rule(code=AMOUNT, on="lines", check=_line, codes=(AMOUNT, QUANTITY, PRICE)),
    Rule(code=AMOUNT, on="lines.allowance_charges", check=_LINE_ALLOWANCE),
    Rule(code=AMOUNT, on="lines.tax_totals", check=_VAT_TOTAL, syntaxes=UBL),
    Rule(code=AMOUNT, on="lines.tax_totals.breakdown", check=_VAT_GROUP, syntaxes=UBL),
)
