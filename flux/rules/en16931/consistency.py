"""BR-CO: terms that must agree with each other.

BR-CO-05 to 08 (code and text of a reason mean the same) cannot be tested by a machine: the artefacts hold them for true.
"""

import math
from collections.abc import Iterable
from decimal import Decimal

from flux.model.code_lists.iso import COUNTRIES
from flux.model.invoice import AllowanceCharge, Invoice, Line, Party, Period, TaxTotal, Totals, VatBreakdown
from flux.model.term import Term, Terms, text_of
from flux.rules.en16931.presence import is_special
from flux.rules.en16931.vat_view import is_vat
from flux.rules.numbers import ZERO, number, parse, round_cents, total, write
from flux.rules.rule import BROKEN, CII, UBL, AnyRule, Hit, Matter, Rule
from flux.rules.walk import is_allowance, is_charge

_ONE = Decimal(1)
_HALF = Decimal("0.5")
_HUNDRED = Decimal(100)
_COUNTRY_LETTERS = 2
# Greece may sign as EL. The artefacts differ by one country, see code_lists.
_COUNTRIES = {True: COUNTRIES | {"EL", "SS"}, False: COUNTRIES | {"EL", "AN"}}
_UBL_LIST = f" {' '.join(sorted(_COUNTRIES[True]))} "


def _differs(terms: Terms, wanted: Decimal, field: str) -> Hit | None:
    value = number(terms)
    if value is not None and value == wanted:
        return None
    return Hit(found=terms[0].text if terms else None, expected=write(wanted), place=(field, 0) if terms else ())


def _tax_point(invoice: Invoice, _: Matter) -> Hit | None:
    if invoice.tax_point_date and invoice.tax_point_code:
        return Hit(found=invoice.tax_point_code[0].text, place=("tax_point_code", 0))
    return None


def _line_category(line: Line, matter: Matter) -> Hit | None:
    for category in line.tax_categories:
        if category.code and is_vat(category.scheme, matter):
            return None
    return BROKEN


def _vat_number(term: Term, matter: Matter) -> Hit | None:
    """BR-CO-09; UBL looks for the two characters anywhere in its list, white space between the codes included."""
    country = term.text[:_COUNTRY_LETTERS]
    if country in _COUNTRIES[matter.is_ubl] or (matter.is_ubl and country in _UBL_LIST):
        return None
    return Hit(found=term.text)


def _line_sum(totals: Totals, matter: Matter) -> Hit | None:
    amounts = [line.net_amount for line in matter.invoice.lines]
    wanted = round_cents(total(amounts) if matter.is_ubl else Decimal(_float_sum(amounts)))
    return _differs(totals.lines, wanted, "lines")


def _allowances(totals: Totals, matter: Matter) -> Hit | None:
    held = [group for group in matter.invoice.allowance_charges if is_allowance(group)]
    return _sum(totals.allowances, held, "allowances", matter)


def _charges(totals: Totals, matter: Matter) -> Hit | None:
    held = [group for group in matter.invoice.allowance_charges if is_charge(group)]
    return _sum(totals.charges, held, "charges", matter)


def _sum(terms: Terms, held: list[AllowanceCharge], field: str, matter: Matter) -> Hit | None:
    if not terms and not held:
        return None
    amounts = [group.amount for group in held]
    if matter.is_ubl:
        return _differs(terms, round_cents(total(amounts)), field)
    value, wanted = number(terms), _float_cents(_float_sum(amounts))
    if value is not None and float(value) == wanted:
        return None
    found = terms[0].text if terms else None
    return Hit(found=found, expected=f"{wanted:.2f}", place=(field, 0) if terms else ())


def _float_sum(amounts: Iterable[Terms]) -> float:
    """CII amounts have no type for the artefact, which adds them in floating point."""
    return sum(float(value) for terms in amounts if (value := number(terms)) is not None)


def _float_cents(value: float) -> float:
    return math.floor(value * 10 * 10 + 0.5) / 100


def _without_vat(totals: Totals, matter: Matter) -> Hit | None:
    lines = number(totals.lines)
    if lines is None:
        return Hit(found=totals.without_vat[0].text) if totals.without_vat else BROKEN
    allowances, charges = number(totals.allowances) or ZERO, number(totals.charges) or ZERO
    wanted = lines + charges - allowances
    # UBL does not round where there is nothing to add.
    if totals.allowances or totals.charges or not matter.is_ubl:
        wanted = round_cents(wanted)
    return _differs(totals.without_vat, wanted, "without_vat")


def _vat_sum(tax: TaxTotal, _: Matter) -> Hit | None:
    """BR-CO-14 in UBL: each total with the groups inside."""
    if not tax.breakdown:
        return None
    return _differs(tax.amount, round_cents(total(group.tax for group in tax.breakdown)), "amount")


def _vat_sum_in_currency(tax: TaxTotal, matter: Matter) -> list[Hit] | None:
    """BR-CO-14 in CII: each total in the currency of the invoice with every group."""
    own = {term.text for term in matter.invoice.currency}
    wanted = _float_cents(_float_sum(group.tax for group in tax.breakdown))
    hits = [
        Hit(found=term.text, expected=f"{wanted:.2f}", place=("amount", index))
        for index, term in enumerate(tax.amount)
        if term.qualifier in own and ((value := parse(term.text)) is None or float(value) != wanted)
    ]
    return hits or None


def with_vat(invoice: Invoice, matter: Matter) -> Hit | None:
    """BR-CO-15: one total of VAT in the currency of the invoice, and the sum with it."""
    for currency in invoice.currency:
        hit = (_ubl_with_vat if matter.is_ubl else _cii_with_vat)(invoice, currency.text)
        if hit is not None:
            return hit
    return None


def _ubl_with_vat(invoice: Invoice, currency: str) -> Hit | None:
    taxes = _taxes_in(invoice, currency)
    totals = invoice.total
    without, tax = number(totals.without_vat), parse(taxes[0].text) if len(taxes) == 1 else None
    if without is None or tax is None:
        return _unsummed(totals)
    return _at_totals(_differs(totals.with_vat, round_cents(without + tax), "with_vat"))


def _cii_with_vat(invoice: Invoice, currency: str) -> Hit | None:
    """A total without VAT that equals the total with VAT will do."""
    taxes = _taxes_in(invoice, currency)
    totals = invoice.total
    without, with_vat = number(totals.without_vat), number(totals.with_vat)
    if without is not None and without == with_vat:
        return None
    tax = parse(taxes[0].text) if len(taxes) == 1 else None
    if without is None or tax is None:
        return _unsummed(totals)
    return _at_totals(_differs(totals.with_vat, round_cents(without + tax), "with_vat"))


def _taxes_in(invoice: Invoice, currency: str) -> Terms:
    return tuple(term for tax in invoice.tax_totals for term in tax.amount if term.qualifier == currency)


def _unsummed(totals: Totals) -> Hit:
    return Hit(found=totals.with_vat[0].text if totals.with_vat else None, place=("totals", 0))


def _at_totals(hit: Hit | None) -> Hit | None:
    return None if hit is None else hit._replace(place=("totals", 0, *hit.place))


def _due(totals: Totals, matter: Matter) -> Hit | None:
    """BR-CO-16: UBL rounds what it compares, CII does not."""
    with_vat, due = number(totals.with_vat), number(totals.due)
    if with_vat is None or due is None:
        return Hit(found=totals.due[0].text if totals.due else None)
    paid, rounding = number(totals.paid) or ZERO, number(totals.rounding) or ZERO
    wanted = with_vat - paid + rounding
    if not matter.is_ubl or (not totals.paid and not totals.rounding):
        holds = due == wanted
    elif not totals.rounding:
        holds = due == round_cents(with_vat - paid)
    elif not totals.paid:
        holds = round_cents(due - rounding) == with_vat
    else:
        holds = round_cents(due - rounding) == round_cents(with_vat - paid)
    return None if holds else Hit(found=totals.due[0].text, expected=write(wanted), place=("due", 0))


def _group_tax(group: VatBreakdown, matter: Matter) -> Hit | None:
    return None if is_special(group, matter) else group_tax(group, matter)


def group_tax(group: VatBreakdown, matter: Matter) -> Hit | None:
    """BR-CO-17: within 1 of base × rate; a rate that rounds to 0 wants a tax that rounds to 0."""
    tax, base = number(group.tax), number(group.base)
    # This rule alone takes the white space off the scheme in CII.
    rate = number(group.rate) if text_of(group.scheme).upper() == "VAT" else None
    if rate is None or _rounds_to_zero(rate):
        wanted = ZERO
        holds = tax is not None and _rounds_to_zero(tax)
    else:
        wanted = round_cents(abs(base or ZERO) * rate / _HUNDRED)
        holds = tax is not None and base is not None and _is_near(abs(tax), wanted, touching=not matter.is_ubl)
    if holds:
        return None
    found = group.tax[0].text if group.tax else None
    return Hit(found=found, expected=write(wanted), place=("tax", 0) if group.tax else ())


def _rounds_to_zero(value: Decimal) -> bool:
    return -_HALF <= value < _HALF


def _is_near(value: Decimal, wanted: Decimal, *, touching: bool) -> bool:
    if touching:
        return value - _ONE <= wanted <= value + _ONE
    return value - _ONE < wanted < value + _ONE


def _breakdown(invoice: Invoice, _: Matter) -> Hit | None:
    return None if invoice.vat_breakdown else BROKEN


def _line_breakdown(_: Line, matter: Matter) -> Hit | None:
    """BR-CO-18 in CII hangs on each line."""
    return None if matter.invoice.vat_breakdown else BROKEN


def _bounded(period: Period, _: Matter) -> Hit | None:
    return None if period.start or period.end else BROKEN


def _bounded_or_coded(period: Period, matter: Matter) -> Hit | None:
    """BR-CO-19 in UBL: a period of a code alone (BT-8) is one."""
    return None if period.start or period.end or matter.invoice.tax_point_code else BROKEN


def _seller(party: Party, matter: Matter) -> Hit | None:
    """BR-CO-26: some identifier of the seller; that of its bank (SEPA) is none in UBL."""
    if party.vat_identifiers or party.legal_identifiers:
        return None
    if any(not matter.is_ubl or term.qualifier != "SEPA" for term in party.identifiers):
        return None
    return BROKEN


_EVERY_PARTY = ("sellers", "buyers", "payees", "tax_representatives")

RULES: tuple[AnyRule, ...] = (
    Rule(code="BR-CO-03", term="BT-8", check=_tax_point, syntaxes=UBL),
    Rule(code="BR-CO-04", on="lines", term="BT-151", check=_line_category),
    *(Rule(code="BR-CO-09", on=f"{on}.vat_identifiers", check=_vat_number) for on in _EVERY_PARTY),
    Rule(code="BR-CO-10", on="totals", term="BT-106", check=_line_sum),
    Rule(code="BR-CO-11", on="totals", term="BT-107", check=_allowances),
    Rule(code="BR-CO-12", on="totals", term="BT-108", check=_charges),
    Rule(code="BR-CO-13", on="totals", term="BT-109", check=_without_vat),
    Rule(code="BR-CO-14", on="tax_totals", term="BT-110", check=_vat_sum, syntaxes=UBL),
    Rule(code="BR-CO-14", on="tax_totals", term="BT-110", check=_vat_sum_in_currency, syntaxes=CII),
    Rule(code="BR-CO-15", term="BT-112", check=with_vat),
    Rule(code="BR-CO-16", on="totals", term="BT-115", check=_due),
    Rule(code="BR-CO-17", on="tax_totals.breakdown", term="BT-117", check=_group_tax),
    Rule(code="BR-CO-17", on="lines.tax_totals.breakdown", term="BT-117", check=_group_tax, syntaxes=UBL),
    Rule(code="BR-CO-18", term="BG-23", check=_breakdown, syntaxes=UBL),
    Rule(code="BR-CO-18", on="lines", term="BG-23", check=_line_breakdown, syntaxes=CII),
    Rule(code="BR-CO-19", on="periods", term="BG-14", check=_bounded_or_coded, syntaxes=UBL),
    Rule(code="BR-CO-20", on="lines.periods", term="BG-26", check=_bounded, syntaxes=UBL),
    Rule(code="BR-CO-26", on="sellers", term="BT-29", check=_seller),
)
