"""What the VAT rules read of an invoice, gathered in one pass: categories by where they stand, amounts by category and rate.

UBL compares categories and schemes without outer white space, CII as written, except that the scheme is read in capitals.
"""

from collections.abc import Iterable
from decimal import Decimal

from flux.model.invoice import AllowanceCharge, Line, Party, TaxCategory, VatBreakdown
from flux.model.term import Terms
from flux.rules.numbers import ZERO, number, trim
from flux.rules.rule import Matter
from flux.rules.walk import is_allowance, is_charge

# A category, or a category at a rate.
Key = str | tuple[str, Decimal]
Amounts = dict[Key, Decimal]
Counts = dict[str, int]


def code_of(terms: Terms, matter: Matter) -> str:
    """A category as the syntax compares it, empty where absent."""
    if not terms:
        return ""
    return trim(terms[0].text) if matter.is_ubl else terms[0].text


def is_vat(scheme: Terms, matter: Matter) -> bool:
    """True where a tax is VAT."""
    if not scheme or matter.any_tax:
        return matter.any_tax
    text = scheme[0].text
    return text == "VAT" or (trim(text) if matter.is_ubl else text).upper() == "VAT"


def has_vat_number(parties: Iterable[Party]) -> bool:
    """BT-31, BT-48, BT-63."""
    return any(party.vat_identifiers for party in parties)


def has_tax_number(parties: Iterable[Party], matter: Matter) -> bool:
    """BT-31 or BT-32; CII tells the latter by its scheme."""
    return any(
        party.vat_identifiers
        or (
            party.tax_registrations
            if matter.is_ubl
            else any(term.qualifier == "FC" for term in party.tax_registrations)
        )
        for party in parties
    )


class VatView:
    """Counts and sums by category (S, AE, ...) and by category with rate.

    `lines`, `allowances`, `charges`, `groups` count the categories of VAT that stand there, those of lines included;
    `any_*` count without regard to the scheme. `written` holds every code exactly as it stands there. The sums are of the
    net amounts of lines, and of the document's allowances and charges. Ask for it by `matter.once(VatView)`.
    """

    __slots__ = (
        "_matter",
        "allowance_sums",
        "allowances",
        "any_groups",
        "any_lines",
        "any_others",
        "charge_sums",
        "charges",
        "document_allowances",
        "document_charges",
        "groups",
        "line_sums",
        "lines",
        "other_keys",
        "written",
    )

    def __init__(self, matter: Matter) -> None:
        self._matter = matter.apart()
        self.lines: Counts = {}
        self.allowances: Counts = {}
        self.charges: Counts = {}
        self.groups: Counts = {}
        self.any_lines: Counts = {}
        self.any_others: Counts = {}
        self.any_groups: Counts = {}
        self.document_allowances: Counts = {}
        self.document_charges: Counts = {}
        self.written: set[str] = set()
        self.other_keys: set[Key] = set()
        self.line_sums: Amounts = {}
        self.allowance_sums: Amounts = {}
        self.charge_sums: Amounts = {}
        self._add_lines(matter.invoice.lines)
        for group in matter.invoice.allowance_charges:
            self._add_document(group)
        for breakdown in matter.invoice.vat_breakdown:
            self._add_group(breakdown)

    def base(self, key: Key) -> Decimal:
        """What the taxable amount of a group must be."""
        return self.line_sums.get(key, ZERO) + self.charge_sums.get(key, ZERO) - self.allowance_sums.get(key, ZERO)

    def _add_lines(self, lines: Iterable[Line]) -> None:
        """Lines that bear the same category word for word are counted together: a thousand lines bear but a few."""
        alike: dict[tuple[str | None, str | None, str | None], _Alike] = {}
        for line in lines:
            categories = line.tax_categories
            if len(categories) == 1:
                category = categories[0]
                code, rate, scheme = category.code, category.rate, category.scheme
                key = (
                    code[0].text if code else None,
                    rate[0].text if rate else None,
                    scheme[0].text if scheme else None,
                )
                held = alike.get(key)
                if held is None:
                    held = alike[key] = _Alike(categories)
                held.add(number(line.net_amount))
            elif categories:
                self._count(categories, self.any_lines, self.lines)
                self._sum(categories, number(line.net_amount), self.line_sums)
            for group in line.allowance_charges:
                if group.tax_categories:
                    self._add_other(group)
        for held in alike.values():
            self._count(held.categories, self.any_lines, self.lines, held.times)
            self._sum(held.categories, held.amount, self.line_sums)

    def _add_document(self, group: AllowanceCharge) -> None:
        self._add_other(group)
        if is_charge(group):
            self._count(group.tax_categories, {}, self.document_charges)
            self._sum(group.tax_categories, number(group.amount), self.charge_sums)
        elif is_allowance(group):
            self._count(group.tax_categories, {}, self.document_allowances)
            self._sum(group.tax_categories, number(group.amount), self.allowance_sums)

    def _add_other(self, group: AllowanceCharge) -> None:
        kinds = self.charges if is_charge(group) else self.allowances if is_allowance(group) else {}
        self._count(group.tax_categories, self.any_others, kinds)
        self.other_keys |= _keys(group.tax_categories, self._matter)

    def _add_group(self, group: VatBreakdown) -> None:
        code = code_of(group.category, self._matter)
        if not group.category:
            if self._matter.is_ubl and is_vat(group.scheme, self._matter):
                _add(self.groups, "")
        else:
            _add(self.any_groups, code)
            self.written.add(group.category[0].text)
            if is_vat(group.scheme, self._matter):
                _add(self.groups, code)

    def _count(self, categories: tuple[TaxCategory, ...], anything: Counts, vat: Counts, times: int = 1) -> None:
        matter = self._matter
        for category in categories:
            if not category.code:
                # For UBL what is not O is another category, also where nothing says which.
                if matter.is_ubl and is_vat(category.scheme, matter):
                    _add(vat, "", times)
            else:
                code = code_of(category.code, matter)
                self.written.add(category.code[0].text)
                _add(anything, code, times)
                if is_vat(category.scheme, matter):
                    _add(vat, code, times)

    def _sum(self, categories: tuple[TaxCategory, ...], amount: Decimal | None, sums: Amounts) -> None:
        if amount is not None:
            for key in _keys(categories, self._matter):
                sums[key] = sums.get(key, ZERO) + amount


class _Alike:
    """Lines of one category: how many, and the sum of their amounts, None where none is a number."""

    __slots__ = ("amount", "categories", "times")

    def __init__(self, categories: tuple[TaxCategory, ...]) -> None:
        self.categories = categories
        self.times = 0
        self.amount: Decimal | None = None

    def add(self, amount: Decimal | None) -> None:
        """One line more."""
        self.times += 1
        if amount is not None:
            self.amount = amount if self.amount is None else self.amount + amount


def _add(counts: Counts, code: str, times: int = 1) -> None:
    counts[code] = counts.get(code, 0) + times


def _keys(categories: tuple[TaxCategory, ...], matter: Matter) -> set[Key]:
    """The categories of a line or charge, each alone and with each rate that stands there."""
    if len(categories) == 1:
        (category,) = categories
        code, rate = code_of(category.code, matter), number(category.rate)
        return {code} if rate is None else {code, (code, rate)}
    codes = {code_of(category.code, matter) for category in categories}
    rates = {rate for category in categories if (rate := number(category.rate)) is not None}
    return {*codes, *((code, rate) for code in codes for rate in rates)}


def countries(matter: Matter) -> Iterable[str]:
    """Every country that the document names; where an item comes from is another element in CII."""
    invoice = matter.invoice
    for parties in (invoice.sellers, invoice.buyers, invoice.payees, invoice.tax_representatives, invoice.deliveries):
        for party in parties:
            for address in party.addresses:
                yield from (term.text for term in address.country)
    for line in invoice.lines if matter.is_ubl else ():
        yield from (term.text for term in line.origin_country)
