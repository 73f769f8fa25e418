"""How Chorus writes numbers: a point, at most 19 digits, 6 decimals in amounts and 4 in quantities; any sign.

Zeros at the end say nothing and are not counted. What is already paid leaves nothing to pay (cadre A2).
"""

from collections.abc import Callable

from flux.model.invoice import Invoice, Totals
from flux.model.term import Term, Terms, text_of
from flux.rules.chorus.syntaxes import ALL
from flux.rules.numbers import number, parse
from flux.rules.quote import quote
from flux.rules.rule import Answer, AnyRule, Hit, Matter, Rule

MOST_DIGITS = 19
AMOUNT_DECIMALS = 6
QUANTITY_DECIMALS = 4
_PAID = "A2"

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
_AMOUNTS = (
    ("tax_totals.amount", "BT-110"),
    ("tax_totals.breakdown.base", "BT-116"),
    ("tax_totals.breakdown.tax", "BT-117"),
    ("allowance_charges.amount", None),
    ("allowance_charges.base_amount", None),
    ("lines.net_amount", "BT-131"),
    ("lines.net_price", "BT-146"),
    ("lines.price_discount", "BT-147"),
    ("lines.gross_price", "BT-148"),
    ("lines.allowance_charges.amount", None),
    ("lines.allowance_charges.base_amount", None),
)


def _written(most_decimals: int) -> Callable[[Term, Matter], Hit | None]:
    def check(term: Term, matter: Matter) -> Hit | None:  # noqa: ARG001 - the shape of every check
        text = term.text.strip()
        if parse(text) is not None and _fits(text, most_decimals):
            return None
        return Hit(found=quote(text) or None)

    return check


_amount = _written(AMOUNT_DECIMALS)


def _totals(totals: Totals, matter: Matter) -> list[Hit]:
    """One answer for each total that is not written so."""
    written = (
        (field, place, term, each) for field, term in _TOTALS for place, each in enumerate(getattr(totals, field))
    )
    return [
        hit._replace(term=term, place=(field, place))
        for field, place, term, each in written
        if (hit := _amount(each, matter)) is not None
    ]


def _fits(text: str, most_decimals: int) -> bool:
    whole, _, decimals = text.lstrip("+-").partition(".")
    decimals = decimals.rstrip("0")
    return len(decimals) <= most_decimals and len(whole.lstrip("0")) + len(decimals) <= MOST_DIGITS


def _nothing_due(invoice: Invoice, matter: Matter) -> Answer:  # noqa: ARG001 - the shape of every check
    due: Terms = invoice.total.due
    if text_of(invoice.cadre) != _PAID or number(due) in (None, 0):
        return None
    return Hit(found=quote(text_of(due)), expected="0", place=("totals", 0, "due", 0))


RULES: tuple[AnyRule, ...] = (
    Rule(code="CHORUS_AMOUNT", check=_totals, on="totals", syntaxes=ALL),
    *(Rule(code="CHORUS_AMOUNT", check=_amount, on=on, term=term, syntaxes=ALL) for on, term in _AMOUNTS),
    Rule(code="CHORUS_QUANTITY", check=_written(QUANTITY_DECIMALS), on="lines.quantity", term="BT-129", syntaxes=ALL),
    Rule(code="CHORUS_PAID", check=_nothing_due, term="BT-115", syntaxes=ALL),
)
