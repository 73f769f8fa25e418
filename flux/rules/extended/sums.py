"""Sums of the extension: as in EN 16931, within a cent for each amount that is added, and of the lines that count only."""

import math
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from flux.model.finding import Severity
from flux.model.invoice import Invoice, Line, TaxCategory, Totals, VatBreakdown
from flux.model.term import Terms
from flux.rules.en16931.vat import BY_CODE, FAMILIES, OUT_OF_SCOPE, STANDARD, Family
from flux.rules.en16931.vat_view import code_of, is_vat
from flux.rules.extended.sublines import sublines
from flux.rules.numbers import CENT, ZERO, collapse, number, parse, round_cents, trim, write
from flux.rules.rule import Hit, Matter
from flux.rules.walk import is_allowance, is_charge

# Category, rate (None where it does not matter), code and text of the exemption (None where they do not matter).
Key = tuple[str, Decimal | None, str | None, str | None]
_HUNDRED = Decimal(100)


class Sum(NamedTuple):
    """An amount and how many amounts it adds."""

    amount: Decimal
    added: int


_NOTHING = Sum(ZERO, 0)


class Sums(NamedTuple):
    """What the rules of the extension add up: in all, and by category, rate and reason of exemption."""

    lines: Sum
    every_line: int
    allowances: Sum
    charges: Sum
    lines_of: dict[Key, Sum]
    allowances_of: dict[Key, Sum]
    charges_of: dict[Key, Sum]
    used: frozenset[str]

    @property
    def items(self) -> int:
        """How many amounts make the total without VAT."""
        return self.lines.added + self.allowances.added + self.charges.added


def sums(matter: Matter) -> Sums:
    """The sums of an invoice; ask for it by `matter.once(sums)`."""
    places, invoice = matter.once(sublines), matter.invoice
    counted = [line for line in invoice.lines if places.place_of(line).counts]
    of_lines, of_allowances, of_charges = _Adding(matter), _Adding(matter), _Adding(matter)
    for line in counted:
        of_lines.add(line.tax_categories, line.net_amount)
    allowances = [group for group in invoice.allowance_charges if _is_allowance(group.is_charge, matter)]
    charges = [group for group in invoice.allowance_charges if _is_charge(group.is_charge, matter)]
    for group in invoice.allowance_charges:
        if is_allowance(group):
            of_allowances.add(group.tax_categories, group.amount)
        elif is_charge(group):
            of_charges.add(group.tax_categories, group.amount)
    for service in invoice.service_charges:
        of_charges.add(service.tax_categories, service.amount)
    charged = _total((group.amount for group in charges), matter)
    served = _total((service.amount for service in invoice.service_charges), matter)
    amounts = [line.net_amount for line in counted]
    return Sums(
        lines=Sum(_total(amounts, matter), sum(map(bool, amounts)) if matter.is_ubl else len(counted)),
        every_line=len(invoice.lines),
        allowances=Sum(_total((group.amount for group in allowances), matter), len(allowances)),
        charges=Sum(charged + served, len(charges) + len(invoice.service_charges)),
        lines_of=of_lines.sums(),
        allowances_of=of_allowances.sums(),
        charges_of=of_charges.sums(),
        used=frozenset(_used(matter, counted)),
    )


def _is_allowance(indicator: Terms, matter: Matter) -> bool:
    """For the totals CII reads the word, not the truth value."""
    return any((trim(term.text) if matter.is_ubl else term.text) in _FALSE[matter.is_ubl] for term in indicator)


def _is_charge(indicator: Terms, matter: Matter) -> bool:
    return any((trim(term.text) if matter.is_ubl else term.text) in _TRUE[matter.is_ubl] for term in indicator)


_FALSE = {True: ("false", "0"), False: ("false",)}
_TRUE = {True: ("true", "1"), False: ("true",)}


def _used(matter: Matter, counted: Iterable[Line]) -> Iterable[str]:
    """The categories of counted lines, and of allowances and charges: in CII those of lines too."""
    invoice = matter.invoice
    held: list[TaxCategory] = [category for line in counted for category in line.tax_categories]
    held += [category for group in invoice.allowance_charges for category in group.tax_categories]
    if not matter.is_ubl:
        held += [
            category for line in invoice.lines for group in line.allowance_charges for category in group.tax_categories
        ]
    return (code_of(category.code, matter) for category in held)


class _Adding:
    """Sums by key while they grow; UBL adds in floating point, and rounds each sum."""

    def __init__(self, matter: Matter) -> None:
        self._matter = matter
        self._amounts: defaultdict[Key, list[Terms]] = defaultdict(list)
        self._alike: dict[tuple[str | None, ...], frozenset[Key]] = {}

    def add(self, categories: tuple[TaxCategory, ...], amount: Terms) -> None:
        """An amount under every key that its categories make."""
        for key in self._keys(categories):
            self._amounts[key].append(amount)

    def sums(self) -> dict[Key, Sum]:
        """What was added, rounded to the cent."""
        is_ubl = self._matter.is_ubl
        return {
            key: Sum(_total(held, self._matter), sum(map(bool, held)) if is_ubl else len(held))
            for key, held in self._amounts.items()
        }

    def _keys(self, categories: tuple[TaxCategory, ...]) -> frozenset[Key]:
        """Categories that are alike word for word have the same keys: a thousand lines bear but a few."""
        if len(categories) != 1:
            return frozenset(key for category in categories for key in _keys(category, self._matter))
        category = categories[0]
        held = category.code, category.rate, category.exemption_code, category.exemption_reason
        written = tuple([terms[0].text if terms else None for terms in held])
        known = self._alike.get(written)
        if known is None:
            known = self._alike[written] = frozenset(_keys(category, self._matter))
        return known


def _keys(category: TaxCategory, matter: Matter) -> tuple[Key, ...]:
    code, rate = code_of(category.code, matter), number(category.rate)
    coded, told = _normal(category.exemption_code), _normal(category.exemption_reason)
    if code == OUT_OF_SCOPE.code:
        return (code, None, coded, told), (code, None, None, None)
    if rate is None:
        return ()
    return (code, rate, coded, told), (code, rate, None, None)


def _normal(terms: Terms) -> str:
    return collapse(terms[0].text) if terms else ""


def _total(amounts: Iterable[Terms], matter: Matter) -> Decimal:
    """The sum, rounded to the cent; that of UBL is one of floating point, with all the digits of its nearest fraction."""
    values = [value for terms in amounts if (value := number(terms)) is not None]
    if not matter.is_ubl:
        return round_cents(sum(values, ZERO))
    return Decimal(math.floor(sum(map(float, values)) * 100 + 0.5) / 100)


def _within(difference: Decimal, count: int) -> bool:
    """A cent for each of `count` amounts."""
    return abs(difference) <= CENT * count


def _compare(terms: Terms, wanted: Decimal, count: int, field: str, *, exactly: bool) -> Hit | None:
    """`exactly` where the artefact does not round the difference."""
    value = number(terms)
    if value is not None and _within(value - wanted if exactly else round_cents(abs(value - wanted)), count):
        return None
    found = terms[0].text if terms else None
    return Hit(found=found, expected=write(wanted), place=(field, 0) if terms else ())


def line_sum(totals: Totals, matter: Matter) -> Hit | None:
    """BR-FREXT-CO-10."""
    held = matter.once(sums)
    count = held.lines.added if matter.is_ubl else held.every_line
    return _compare(totals.lines, held.lines.amount, count, "lines", exactly=not matter.is_ubl)


def allowances(totals: Totals, matter: Matter) -> Hit | None:
    """BR-FREXT-CO-11."""
    held = matter.once(sums).allowances
    if not totals.allowances and not held.added:
        return None
    return _compare(totals.allowances, held.amount, held.added, "allowances", exactly=True)


def charges(totals: Totals, matter: Matter) -> Hit | None:
    """BR-FREXT-CO-12; the charges for logistics services do not make the total mandatory."""
    held = matter.once(sums).charges
    own = held.added if matter.is_ubl else held.added - len(matter.invoice.service_charges)
    if not totals.charges and not own:
        return None
    return _compare(totals.charges, held.amount, held.added, "charges", exactly=True)


def without_vat(totals: Totals, matter: Matter) -> Hit | None:
    """BR-FREXT-CO-13: of what the lines, allowances and charges add up to, not of their totals."""
    held = matter.once(sums)
    wanted = held.lines.amount - held.allowances.amount + held.charges.amount
    return _compare(totals.without_vat, wanted, held.items, "without_vat", exactly=not matter.is_ubl)


def with_vat(totals: Totals, matter: Matter) -> Hit | None:
    """BR-FREXT-CO-15, where there is a total of VAT in the currency of the invoice."""
    currencies = {term.text for term in matter.invoice.currency}
    taxes = [term for tax in matter.invoice.tax_totals for term in tax.amount if term.qualifier in currencies]
    if not taxes:
        return None if matter.is_ubl else _unsummed(totals)
    without, tax, total = number(totals.without_vat), parse(taxes[0].text), number(totals.with_vat)
    held = matter.once(sums)
    if without is not None and tax is not None and total is not None:
        single = matter.is_ubl or len(taxes) == 1
        if _within(total - tax - without, held.items) if single else total == without:
            return None
        return Hit(found=totals.with_vat[0].text, expected=write(without + tax), place=("with_vat", 0))
    return _unsummed(totals)


def _unsummed(totals: Totals) -> Hit:
    return Hit(found=totals.with_vat[0].text if totals.with_vat else None)


def groups(invoice: Invoice, matter: Matter) -> list[Hit] | None:
    """BR-FREXT-x-01: a category that counted lines, allowances or charges bear has its groups, and only such a one."""
    used = matter.once(sums).used
    held = [code_of(group.category, matter) for group in invoice.vat_breakdown]
    hits = [
        Hit(
            code=f"BR-FREXT-{family.name}-01",
            found=str(held.count(code)),
            expected="≥ 1" if code in used else "0",
            place=("tax_totals", 0),
        )
        for code in used.symmetric_difference(held)
        if (family := BY_CODE.get(code)) is not None
    ]
    return hits or None


class _Base(NamedTuple):
    """What the base of a group is made of."""

    lines: Sum
    given: Sum
    asked: Sum

    @property
    def amount(self) -> Decimal:
        """The base that was expected, to the cent."""
        return round_cents(self.lines.amount - self.given.amount + self.asked.amount)

    @property
    def added(self) -> int:
        """How many amounts make it."""
        return self.lines.added + self.given.added + self.asked.added

    def holds(self, base: Decimal, matter: Matter) -> bool:
        """Whether a base is near enough; UBL reckons in floating point, which shows at the limit."""
        if not matter.is_ubl:
            return _within(base - self.lines.amount + self.given.amount - self.asked.amount, self.added)
        difference = float(base) - float(self.lines.amount) + float(self.given.amount) - float(self.asked.amount)
        return abs(difference) <= float(CENT * self.added)


_NO_BASE = _Base(_NOTHING, _NOTHING, _NOTHING)
_PREFIX = {True: "BR-FREXT", False: "BR-FXEXT"}


def group_base(group: VatBreakdown, matter: Matter) -> list[Hit] | None:
    """-08: the base, by category and rate, with the reason of exemption (rev) or without (ini): one of the two will do."""
    family = BY_CODE.get(code_of(group.category, matter))
    if family is None or not is_vat(group.scheme, matter):
        return None
    plain, reasoned = _wanted(family, group, matter)
    base = number(group.base)
    holds = [base is not None and wanted.holds(base, matter) for wanted in (plain, reasoned)]
    if all(holds):
        return None
    code = f"{_PREFIX[matter.is_ubl]}-{family.name}-08"
    found, place = (group.base[0].text, ("base", 0)) if group.base else (None, ())
    warned = [
        Hit(code=f"{code}{kind}", severity=Severity.WARNING, found=found, expected=write(wanted.amount), place=place)
        for kind, held, wanted in (("ini", holds[0], plain), ("rev", holds[1], reasoned))
        if not held
    ]
    if any(holds):
        return warned
    return [Hit(code=code, found=found, expected=write(plain.amount), place=place), *warned]


def _wanted(family: Family, group: VatBreakdown, matter: Matter) -> tuple[_Base, _Base]:
    """The base that was expected: without regard to the reason, and with it."""
    rate = None if family is OUT_OF_SCOPE else number(group.rate)
    if rate is None and family is not OUT_OF_SCOPE:
        return _NO_BASE, _NO_BASE
    held = matter.once(sums)
    plain = (family.code, rate, None, None)
    reasoned = (family.code, rate, _normal(group.exemption_code), _normal(group.exemption_reason))
    return _base(held, plain), _base(held, reasoned)


def _base(held: Sums, key: Key) -> _Base:
    return _Base(*(kind.get(key, _NOTHING) for kind in (held.lines_of, held.allowances_of, held.charges_of)))


def group_tax(group: VatBreakdown, matter: Matter) -> Hit | None:
    """BR-FREXT-S-09, BR-FXEXT-S-09: the tax of category S, within a cent for each amount of its base."""
    if code_of(group.category, matter) != STANDARD.code or not is_vat(group.scheme, matter):
        return None
    base, rate, tax = number(group.base), number(group.rate), number(group.tax)
    wanted = round_cents((base or ZERO) * (rate or ZERO) / _HUNDRED)
    plain, reasoned = _wanted(STANDARD, group, matter)
    counts = (reasoned.added,) if matter.is_ubl else (reasoned.added, plain.added)
    if (
        base is not None
        and rate is not None
        and tax is not None
        and any(_within(tax - wanted, count) for count in counts)
    ):
        return None
    return Hit(
        code=f"{_PREFIX[matter.is_ubl]}-S-09",
        found=group.tax[0].text if group.tax else None,
        expected=write(wanted),
        place=("tax", 0) if group.tax else (),
    )


GROUPS = tuple(f"BR-FREXT-{family.name}-01" for family in FAMILIES)
BASES = tuple(
    f"{prefix}-{family.name}-08{kind}"
    for prefix in _PREFIX.values()
    for family in FAMILIES
    for kind in ("", "ini", "rev")
)
TAXES = tuple(f"{prefix}-S-09" for prefix in _PREFIX.values())
