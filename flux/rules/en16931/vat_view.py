"""What the VAT rules read of an invoice, gathered in one pass: categories by where they stand, amounts by category and rate.

UBL compares categories and schemes without outer white space, CII as written, except that the scheme is read in capitals.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from flux.model.invoice import AllowanceCharge, Line, Party, TaxCategory, VatBreakdown
from flux.model.term import Terms
from flux.rules.numbers import ZERO, number, trim
from flux.rules.rule import Matter
from flux.rules.walk import is_allowance, is_charge

# A category, or a category at a rate.
Key = str | tuple[str, Decimal]
Amounts = Mapping[Key, Decimal]


class VatView(NamedTuple):
    """Counts and sums by category (S, AE, ...) and by category with rate.

    `lines`, `allowances`, `charges`, `groups` count the categories of VAT that stand there, those of lines included;
    `any_*` count without regard to the scheme. `written` holds every code exactly as it stands there. The sums are of the net amounts of lines, and of the document's allowances
    and charges.
    """

    lines: Mapping[str, int]
    allowances: Mapping[str, int]
    charges: Mapping[str, int]
    groups: Mapping[str, int]
    any_lines: Mapping[str, int]
    any_others: Mapping[str, int]
    any_groups: Mapping[str, int]
    document_allowances: Mapping[str, int]
    document_charges: Mapping[str, int]
    written: frozenset[str]
    other_keys: frozenset[Key]
    line_sums: Amounts
    allowance_sums: Amounts
    charge_sums: Amounts

    def base(self, key: Key) -> Decimal:
        """What the taxable amount of a group must be."""
        return self.line_sums.get(key, ZERO) + self.charge_sums.get(key, ZERO) - self.allowance_sums.get(key, ZERO)


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


class _Gathering:
    """The view while it is filled."""

    def __init__(self, matter: Matter) -> None:
        self._matter = matter
        self.lines: Counter[str] = Counter()
        self.any_lines: Counter[str] = Counter()
        self.any_others: Counter[str] = Counter()
        self.allowances: Counter[str] = Counter()
        self.charges: Counter[str] = Counter()
        self.document_allowances: Counter[str] = Counter()
        self.document_charges: Counter[str] = Counter()
        self.groups: Counter[str] = Counter()
        self.any_groups: Counter[str] = Counter()
        self.written: set[str] = set()
        self.other_keys: set[Key] = set()
        self.line_sums: defaultdict[Key, Decimal] = defaultdict(Decimal)
        self.allowance_sums: defaultdict[Key, Decimal] = defaultdict(Decimal)
        self.charge_sums: defaultdict[Key, Decimal] = defaultdict(Decimal)

    def add_line(self, line: Line) -> None:
        self._count(line.tax_categories, self.any_lines, self.lines)
        self._sum(line.tax_categories, number(line.net_amount), self.line_sums)
        for group in line.allowance_charges:
            if group.tax_categories:
                self._add_other(group, self.allowances, self.charges)

    def add_document(self, group: AllowanceCharge) -> None:
        self._add_other(group, self.allowances, self.charges)
        if is_charge(group):
            self._count(group.tax_categories, Counter(), self.document_charges)
            self._sum(group.tax_categories, number(group.amount), self.charge_sums)
        elif is_allowance(group):
            self._count(group.tax_categories, Counter(), self.document_allowances)
            self._sum(group.tax_categories, number(group.amount), self.allowance_sums)

    def _add_other(self, group: AllowanceCharge, allowances: Counter[str], charges: Counter[str]) -> None:
        kinds = charges if is_charge(group) else allowances if is_allowance(group) else Counter[str]()
        self._count(group.tax_categories, self.any_others, kinds)
        self.other_keys |= _keys(group.tax_categories, self._matter)

    def add_group(self, group: VatBreakdown) -> None:
        code = code_of(group.category, self._matter)
        if not group.category:
            if self._matter.is_ubl and is_vat(group.scheme, self._matter):
                self.groups[""] += 1
        else:
            self.any_groups[code] += 1
            self.written.add(group.category[0].text)
            if is_vat(group.scheme, self._matter):
                self.groups[code] += 1

    def _count(self, categories: tuple[TaxCategory, ...], anything: Counter[str], vat: Counter[str]) -> None:
        matter = self._matter
        for category in categories:
            if not category.code:
                # For UBL what is not O is another category, also where nothing says which.
                if matter.is_ubl and is_vat(category.scheme, matter):
                    vat[""] += 1
            else:
                code = code_of(category.code, matter)
                self.written.add(category.code[0].text)
                anything[code] += 1
                if is_vat(category.scheme, matter):
                    vat[code] += 1

    def _sum(
        self, categories: tuple[TaxCategory, ...], amount: Decimal | None, sums: defaultdict[Key, Decimal]
    ) -> None:
        if amount is not None:
            for key in _keys(categories, self._matter):
                sums[key] += amount


def _keys(categories: tuple[TaxCategory, ...], matter: Matter) -> set[Key]:
    """The categories of a line or charge, each alone and with each rate that stands there."""
    if len(categories) == 1:
        (category,) = categories
        code, rate = code_of(category.code, matter), number(category.rate)
        return {code} if rate is None else {code, (code, rate)}
    codes = {code_of(category.code, matter) for category in categories}
    rates = {rate for category in categories if (rate := number(category.rate)) is not None}
    return {*codes, *((code, rate) for code in codes for rate in rates)}


def view(matter: Matter) -> VatView:
    """The view of an invoice; ask for it by `matter.once(view)`."""
    gathered = _Gathering(matter)
    invoice = matter.invoice
    _each(invoice.lines, gathered.add_line)
    _each(invoice.allowance_charges, gathered.add_document)
    _each(invoice.vat_breakdown, gathered.add_group)
    return VatView(
        lines=gathered.lines,
        allowances=gathered.allowances,
        charges=gathered.charges,
        groups=gathered.groups,
        any_lines=gathered.any_lines,
        any_others=gathered.any_others,
        any_groups=gathered.any_groups,
        document_allowances=gathered.document_allowances,
        document_charges=gathered.document_charges,
        written=frozenset(gathered.written),
        other_keys=frozenset(gathered.other_keys),
        line_sums=gathered.line_sums,
        allowance_sums=gathered.allowance_sums,
        charge_sums=gathered.charge_sums,
    )


def _each(groups: Iterable[object], add: Callable[..., None]) -> None:
    for group in groups:
        add(group)


def countries(matter: Matter) -> Iterable[str]:
    """Every country that the document names; where an item comes from is another element in CII."""
    invoice = matter.invoice
    for parties in (invoice.sellers, invoice.buyers, invoice.payees, invoice.tax_representatives, invoice.deliveries):
        for party in parties:
            for address in party.addresses:
                yield from (term.text for term in address.country)
    for line in invoice.lines if matter.is_ubl else ():
        yield from (term.text for term in line.origin_country)
