"""BR-DEC: amounts of two decimals at most."""

from collections.abc import Callable
from operator import attrgetter

from flux.model.invoice import TaxTotal, VatBreakdown
from flux.model.term import Terms
from flux.rules.en16931.presence import is_special
from flux.rules.numbers import decimals, parse, round_cents
from flux.rules.rule import BOTH, CII, UBL, AnyRule, Hit, Matter, Rule
from flux.rules.walk import reader

_MAXIMUM = 2


def _all_cents(on: str, *amounts: tuple[str, str, str]) -> AnyRule:
    """Amounts of one group, each by its rule, its term and its field."""
    read = reader(*(field for _, _, field in amounts))

    def check(group: object, _: Matter) -> list[Hit] | None:
        held = read(group)
        for terms in held:
            if terms and decimals(terms[0].text) > _MAXIMUM:
                break
        else:
            return None
        return [
            Hit(code=code, term=term, found=terms[0].text, place=(field, 0))
            for (code, term, field), terms in zip(amounts, held, strict=True)
            if terms and decimals(terms[0].text) > _MAXIMUM
        ]

    return Rule(code=amounts[0][0], codes=tuple(code for code, _, _ in amounts), on=on, check=check)


def cents(field: str) -> Callable[[object, Matter], Hit | None]:
    """No more than two decimals."""
    read = attrgetter(field)

    def check(group: object, _: Matter) -> Hit | None:
        terms: Terms = read(group)
        if not terms or decimals(terms[0].text) <= _MAXIMUM:
            return None
        return Hit(found=terms[0].text, place=(field, 0))

    return check


def _group_cents(field: str) -> Callable[[VatBreakdown, Matter], Hit | None]:
    """In CII the rules of some categories take the place of this one."""
    check = cents(field)

    def check_group(group: VatBreakdown, matter: Matter) -> Hit | None:
        return None if is_special(group, matter) else check(group, matter)

    return check_group


def _vat_total(total: TaxTotal, matter: Matter) -> Hit | None:
    """BR-DEC-13 by value, as CII asks: one total that fits, or in another currency, is enough."""
    own = {term.text for term in matter.invoice.currency}
    return _one_fits(total, lambda currency: currency in own)


def _accounting_vat_total(total: TaxTotal, matter: Matter) -> Hit | None:
    """BR-DEC-15, where there is an accounting currency."""
    own = {term.text for term in matter.invoice.vat_currency}
    if not own:
        return None
    fits = any(
        term.qualifier in own and (value := parse(term.text)) is not None and value == round_cents(value)
        for term in total.amount
    )
    return None if fits or not total.amount else Hit(found=total.amount[0].text, place=("amount", 0))


def _one_fits(total: TaxTotal, concerns: Callable[[str | None], bool]) -> Hit | None:
    for term in total.amount:
        value = parse(term.text)
        if not concerns(term.qualifier) or (value is not None and value == round_cents(value)):
            return None
    return Hit(found=total.amount[0].text, place=("amount", 0)) if total.amount else None


_TOTALS = _all_cents(
    "totals",
    ("BR-DEC-09", "BT-106", "lines"),
    ("BR-DEC-10", "BT-107", "allowances"),
    ("BR-DEC-11", "BT-108", "charges"),
    ("BR-DEC-12", "BT-109", "without_vat"),
    ("BR-DEC-14", "BT-112", "with_vat"),
    ("BR-DEC-16", "BT-113", "paid"),
    ("BR-DEC-17", "BT-114", "rounding"),
    ("BR-DEC-18", "BT-115", "due"),
)

_CHARGES = (
    _all_cents("allowances", ("BR-DEC-01", "BT-92", "amount"), ("BR-DEC-02", "BT-93", "base_amount")),
    _all_cents("charges", ("BR-DEC-05", "BT-99", "amount"), ("BR-DEC-06", "BT-100", "base_amount")),
    _all_cents("lines.allowances", ("BR-DEC-24", "BT-136", "amount"), ("BR-DEC-25", "BT-137", "base_amount")),
    _all_cents("lines.charges", ("BR-DEC-27", "BT-141", "amount"), ("BR-DEC-28", "BT-142", "base_amount")),
)

RULES: tuple[AnyRule, ...] = (
    _TOTALS,
    *_CHARGES,
    # Of these two UBL looks for the currency in the wrong place, and never fires.
    Rule(code="BR-DEC-13", on="tax_totals", term="BT-110", check=_vat_total, syntaxes=CII),
    Rule(code="BR-DEC-15", on="tax_totals", term="BT-111", check=_accounting_vat_total, syntaxes=CII),
    *(
        Rule(code=code, on=on, term=term, check=_group_cents(field), syntaxes=syntaxes)
        for on, syntaxes in (("tax_totals.breakdown", BOTH), ("lines.tax_totals.breakdown", UBL))
        for code, term, field in (("BR-DEC-19", "BT-116", "base"), ("BR-DEC-20", "BT-117", "tax"))
    ),
    Rule(code="BR-DEC-23", on="lines", term="BT-131", check=cents("net_amount")),
)
