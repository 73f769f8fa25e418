"""BR-01 to BR-65: what an invoice, and each of its groups, must hold."""

from collections.abc import Callable
from operator import attrgetter
from typing import NamedTuple

from flux.model.finding import Severity
from flux.model.invoice import (
    Address,
    AllowanceCharge,
    Delivery,
    Invoice,
    ItemAttribute,
    Line,
    Party,
    PaymentMeans,
    Period,
    Totals,
    VatBreakdown,
)
from flux.model.term import Term, Terms
from flux.rules.en16931.vat_view import code_of, is_vat
from flux.rules.numbers import parse, trim
from flux.rules.rule import BOTH, BROKEN, CII, UBL, AnyRule, Hit, Matter, Rule
from flux.rules.walk import reader

Check = Callable[[object, Matter], Hit | None]

# A transfer to an account (UNTDID 4461: 30 credit transfer, 58 SEPA credit transfer).
_TRANSFERS = frozenset({"30", "58"})
_LONGEST_CARD_NUMBER = 10


def is_blank(terms: Terms) -> bool:
    """True where no occurrence holds anything but white space."""
    return not terms or not any(trim(term.text) for term in terms)


def filled(field: str) -> Check:
    """The term is there and holds something."""
    read = attrgetter(field)

    def check(group: object, _: Matter) -> Hit | None:
        return BROKEN if is_blank(read(group)) else None

    return check


def given(field: str) -> Check:
    """The term or group is there, be it empty."""
    read = attrgetter(field)

    def check(group: object, _: Matter) -> Hit | None:
        return None if read(group) else BROKEN

    return check


class Needed(NamedTuple):
    """A field that a group must hold: the rule that says so, the term that it is."""

    code: str
    term: str
    field: str


def _given_all(on: str, *wanted: Needed) -> AnyRule:
    """The terms or groups are there, be they empty."""
    read = reader(*(each.field for each in wanted))

    def check(group: object, _: Matter) -> list[Hit] | None:
        held = read(group)
        if all(held):
            return None
        return [Hit(code=each.code, term=each.term) for each, terms in zip(wanted, held, strict=True) if not terms]

    return Rule(code=wanted[0].code, codes=tuple(each.code for each in wanted), on=on, check=check)


def _filled_all(on: str, *wanted: Needed) -> AnyRule:
    """The terms are there and hold something."""
    read = reader(*(each.field for each in wanted))

    def check(group: object, _: Matter) -> list[Hit] | None:
        held = read(group)
        for terms in held:
            if not terms or not trim(terms[0].text):
                break
        else:
            return None
        pairs = zip(wanted, held, strict=True)
        return [Hit(code=each.code, term=each.term) for each, terms in pairs if is_blank(terms)] or None

    return Rule(code=wanted[0].code, codes=tuple(each.code for each in wanted), on=on, check=check)


def _either(field: str, other_field: str) -> Check:
    """One of two terms is there."""
    read, other = attrgetter(field), attrgetter(other_field)

    def check(group: object, _: Matter) -> Hit | None:
        return None if read(group) or other(group) else BROKEN

    return check


def _issue_date_102(invoice: Invoice, _: Matter) -> Hit | None:
    """BR-03 in CII: a date in another format is none."""
    return BROKEN if is_blank(tuple(term for term in invoice.issue_date if term.qualifier == "102")) else None


def _unit(line: Line, _: Matter) -> Hit | None:
    for term in line.quantity:
        if term.qualifier is not None:
            return None
    return BROKEN


def _seller_country(invoice: Invoice, _: Matter) -> Hit | None:
    return _country(invoice.sellers, "sellers")


def _buyer_country(invoice: Invoice, _: Matter) -> Hit | None:
    return _country(invoice.buyers, "buyers")


def _country(parties: tuple[Party, ...], field: str) -> Hit | None:
    """Once for the document, as CII asks: also where there is no address."""
    if any(not is_blank(address.country) for party in parties for address in party.addresses):
        return None
    return Hit(place=(field, 0))


def _representative_country(party: Party, _: Matter) -> Hit | None:
    return None if any(not is_blank(address.country) for address in party.addresses) else BROKEN


def _delivery_country(delivery: Delivery, _: Matter) -> Hit | None:
    if not delivery.addresses or any(not is_blank(address.country) for address in delivery.addresses):
        return None
    return Hit(place=("addresses", 0))


def _not_negative(terms: Terms, field: str) -> Hit | None:
    value = parse(terms[0].text)
    return None if value is not None and value >= 0 else Hit(found=terms[0].text, expected="≥ 0", place=(field, 0))


def _net_price(line: Line, _: Matter) -> Hit | None:
    return _not_negative(line.net_price, "net_price") if line.net_price else BROKEN


def _gross_price(line: Line, _: Matter) -> Hit | None:
    return _not_negative(line.gross_price, "gross_price") if line.gross_price else None


def _in_order(period: Period, _: Matter) -> Hit | None:
    if not period.start or not period.end:
        return None
    start, end = period.start[0], period.end[0]
    if start.date is not None and end.date is not None:
        holds = end.date >= start.date
    else:
        holds = trim(end.text) >= trim(start.text)
    return None if holds else Hit(found=end.text, expected=f"≥ {start.text}", place=("end", 0))


def _formatted_in_order(period: Period, _: Matter) -> Hit | None:
    """CII compares texts, and only those whose format is 102."""
    if not period.start or not period.end:
        return None
    start, end = period.start[0], period.end[0]
    if start.qualifier == end.qualifier == "102" and end.text >= start.text:
        return None
    return Hit(found=end.text, expected=f"≥ {start.text}", place=("end", 0))


def _payee_name(payee: Party, matter: Matter) -> Hit | None:
    """BR-17: a payee that is the seller is none."""
    if not payee.name:
        return BROKEN
    for seller in matter.invoice.sellers:
        # UBL keeps the seller's own name elsewhere: PartyName is its trading name.
        names = seller.trading_name if matter.is_ubl else seller.name
        pairs = [(payee.name, names), (payee.identifiers, _identifiers(seller, matter))]
        if not matter.is_ubl:
            pairs.append((payee.legal_identifiers, seller.legal_identifiers))
        for own, others in pairs:
            shared = {term.text for term in own} & {term.text for term in others}
            if shared:
                return Hit(found=min(shared), place=("name", 0))
    return None


def _identifiers(party: Party, matter: Matter) -> Terms:
    """In CII ram:ID alone, which bears no scheme."""
    return party.identifiers if matter.is_ubl else tuple(term for term in party.identifiers if term.qualifier is None)


def _category(group: VatBreakdown, matter: Matter) -> Hit | None:
    if is_special(group, matter):
        return None
    return None if group.category and is_vat(group.scheme, matter) else BROKEN


def _category_rate(group: VatBreakdown, matter: Matter) -> Hit | None:
    if is_special(group, matter):
        return None
    if is_vat(group.scheme, matter) and (group.rate or code_of(group.category, matter) == "O"):
        return None
    return BROKEN


def _special_base(group: VatBreakdown, matter: Matter) -> Hit | None:
    return None if group.base or is_special(group, matter) else BROKEN


def _special_tax(group: VatBreakdown, matter: Matter) -> Hit | None:
    return None if group.tax or is_special(group, matter) else BROKEN


def is_special(group: VatBreakdown, matter: Matter) -> bool:
    """In CII the rules of L, M and O take the place of those for every group: one pattern, one rule for a node."""
    return not matter.is_ubl and code_of(group.category, matter) in _SPECIAL_CATEGORIES and is_vat(group.scheme, matter)


_SPECIAL_CATEGORIES = frozenset({"L", "M", "O"})


def _transfer_account(means: PaymentMeans, _: Matter) -> Hit | None:
    """BR-61: UBL asks the means, CII each account that stands there."""
    if not any(trim(term.text) in _TRANSFERS for term in means.code):
        return None
    if any(account.identifier for account in means.accounts):
        return None
    return Hit(place=("accounts", 0)) if means.accounts else BROKEN


def _account_filled(means: PaymentMeans, matter: Matter) -> Hit | None:
    """BR-50, for the first account that is empty."""
    codes = {term.text for term in means.code}
    if not codes & _TRANSFERS:
        return None
    for index, account in enumerate(means.accounts):
        if is_blank(account.identifier) and (matter.is_ubl or is_blank(account.proprietary)):
            return Hit(place=("accounts", index))
    return None


def _any_account(means: PaymentMeans, _: Matter) -> Hit | None:
    if not any(term.text in _TRANSFERS for term in means.code):
        return None
    for index, account in enumerate(means.accounts):
        if not account.identifier and not account.proprietary:
            return Hit(place=("accounts", index))
    return None


def _card(means: PaymentMeans, _: Matter) -> Hit | None:
    for index, term in enumerate(means.card_number):
        shown = " ".join(term.text.split())
        if len(shown) > _LONGEST_CARD_NUMBER:
            return Hit(found=f"{shown[:6]}…", place=("card_number", index))
    return None


def _vat_currency_total(invoice: Invoice, matter: Matter) -> Hit | None:
    """BR-53: in CII the accounting currency must also differ from that of the invoice."""
    if not invoice.vat_currency:
        return None
    currencies = {term.qualifier for total in invoice.tax_totals for term in total.amount}
    wanted = [term.text for term in invoice.vat_currency]
    if matter.is_ubl:
        holds = all(currency in currencies for currency in wanted)
    else:
        own = {term.text for term in invoice.currency}
        holds = any(currency in currencies for currency in wanted) and not own.intersection(wanted)
    return None if holds else Hit(found=wanted[0], place=("vat_currency", 0))


def _vat_currency_total_of(_: Totals, matter: Matter) -> Hit | None:
    """BR-53 in CII hangs on each group of totals."""
    return _vat_currency_total(matter.invoice, matter)


def _named_and_valued(attribute: ItemAttribute, _: Matter) -> Hit | None:
    return None if attribute.name and attribute.value else BROKEN


def _qualified(term: Term, _: Matter) -> Hit | None:
    """BR-62 to BR-65: an identifier says its scheme."""
    return Hit(found=term.text) if term.qualifier is None else None


def _item_qualified(line: Line, _: Matter) -> Hit | None:
    """BR-64 in CII: an empty scheme is none, and one of several identifiers that says its own will do."""
    if not line.standard_item or any(term.qualifier and trim(term.qualifier) for term in line.standard_item):
        return None
    return Hit(found=line.standard_item[0].text, place=("standard_item", 0))


_DOCUMENT: tuple[AnyRule, ...] = (
    _filled_all(
        "",
        Needed("BR-01", "BT-24", "profile"),
        Needed("BR-02", "BT-1", "number"),
        Needed("BR-04", "BT-3", "type_code"),
        Needed("BR-05", "BT-5", "currency"),
        Needed("BR-06", "BT-27", "seller.name"),
        Needed("BR-07", "BT-44", "buyer.name"),
    ),
    _given_all(
        "",
        Needed("BR-08", "BG-5", "seller.addresses"),
        Needed("BR-10", "BG-8", "buyer.addresses"),
        Needed("BR-16", "BG-25", "lines"),
    ),
    Rule(code="BR-03", term="BT-2", check=filled("issue_date"), syntaxes=UBL),
    Rule(
        code="BR-03",
        term="BT-2",
        check=_issue_date_102,
        syntaxes=CII,
    ),
    Rule(code="BR-09", term="BT-40", check=_seller_country, syntaxes=CII),
    Rule(code="BR-11", term="BT-55", check=_buyer_country, syntaxes=CII),
    Rule(code="BR-53", term="BT-111", check=_vat_currency_total, syntaxes=UBL),
)

_TOTALS: tuple[AnyRule, ...] = (
    _given_all(
        "totals",
        Needed("BR-12", "BT-106", "lines"),
        Needed("BR-13", "BT-109", "without_vat"),
        Needed("BR-14", "BT-112", "with_vat"),
        Needed("BR-15", "BT-115", "due"),
    ),
    Rule(
        code="BR-53",
        on="totals",
        term="BT-111",
        check=_vat_currency_total_of,
        syntaxes=CII,
    ),
)

_ADDRESSES: tuple[Rule[Address], ...] = (
    Rule(
        code="BR-09",
        on="sellers.addresses",
        term="BT-40",
        check=filled("country"),
        syntaxes=UBL,
    ),
    Rule(code="BR-11", on="buyers.addresses", term="BT-55", check=filled("country"), syntaxes=UBL),
    Rule(
        code="BR-20",
        on="tax_representatives.addresses",
        term="BT-69",
        check=filled("country"),
        syntaxes=UBL,
    ),
    *(
        Rule(code="BR-57", on=on, term="BT-80", check=given("country"), syntaxes=UBL)
        for on in ("deliveries.addresses", "lines.deliveries.addresses")
    ),
)

_PARTIES: tuple[Rule[Party], ...] = (
    Rule(code="BR-17", on="payees", term="BT-59", check=_payee_name),
    Rule(code="BR-18", on="tax_representatives", term="BT-62", check=filled("name")),
    Rule(code="BR-19", on="tax_representatives", term="BG-12", check=given("addresses")),
    Rule(code="BR-20", on="tax_representatives", term="BT-69", check=_representative_country, syntaxes=CII),
    Rule(
        code="BR-56",
        on="tax_representatives",
        term="BT-63",
        check=given("vat_identifiers"),
        syntaxes=UBL,
    ),
    Rule(
        code="BR-56",
        on="tax_representatives",
        term="BT-63",
        check=filled("vat_identifiers"),
        syntaxes=CII,
    ),
)

_LINES: tuple[AnyRule, ...] = (
    _filled_all("lines", Needed("BR-21", "BT-126", "identifier"), Needed("BR-25", "BT-153", "item_name")),
    _given_all(
        "lines",
        Needed("BR-22", "BT-129", "quantity"),
        Needed("BR-24", "BT-131", "net_amount"),
        Needed("BR-26", "BT-146", "net_price"),
    ),
    Rule(code="BR-23", on="lines", term="BT-130", check=_unit),
    Rule(code="BR-27", on="lines", term="BT-146", check=_net_price),
    Rule(code="BR-28", on="lines", term="BT-148", check=_gross_price),
)


def _of_charges(
    on: str, amount: tuple[str, str], reason: tuple[str, str], *also: str
) -> tuple[Rule[AllowanceCharge], ...]:
    reasons = _either("reason", "reason_code")
    return (
        Rule(code=amount[0], on=on, term=amount[1], check=given("amount")),
        *(Rule(code=code, on=on, term=reason[1], check=reasons) for code in (reason[0], *also)),
    )


def _taxed(group: AllowanceCharge, matter: Matter) -> Hit | None:
    if any(category.code and is_vat(category.scheme, matter) for category in group.tax_categories):
        return None
    return BROKEN


_CHARGES: tuple[Rule[AllowanceCharge], ...] = (
    *_of_charges("allowances", ("BR-31", "BT-92"), ("BR-33", "BT-97"), "BR-CO-21"),
    Rule(code="BR-32", on="allowances", term="BT-95", check=_taxed),
    *_of_charges("charges", ("BR-36", "BT-99"), ("BR-38", "BT-104"), "BR-CO-22"),
    Rule(code="BR-37", on="charges", term="BT-102", check=_taxed),
    *_of_charges("lines.allowances", ("BR-41", "BT-136"), ("BR-42", "BT-139"), "BR-CO-23"),
    *_of_charges("lines.charges", ("BR-43", "BT-141"), ("BR-44", "BT-144"), "BR-CO-24"),
)

_PERIODS: tuple[Rule[Period], ...] = tuple(
    Rule(code=code, on=on, term=term, check=check, syntaxes=syntaxes)
    for code, on, term in (("BR-29", "periods", "BT-74"), ("BR-30", "lines.periods", "BT-135"))
    for check, syntaxes in ((_in_order, UBL), (_formatted_in_order, CII))
)

_GROUPS: tuple[Rule[VatBreakdown], ...] = tuple(
    Rule(code=code, on=on, term=term, check=check, syntaxes=syntaxes)
    # UBL judges the breakdown of a line too, for which EN 16931 has no place.
    for on, syntaxes in (("tax_totals.breakdown", BOTH), ("lines.tax_totals.breakdown", UBL))
    for code, term, check in (
        ("BR-45", "BT-116", _special_base),
        ("BR-46", "BT-117", _special_tax),
        ("BR-47", "BT-118", _category),
        ("BR-48", "BT-119", _category_rate),
    )
)

_PAYMENT: tuple[Rule[PaymentMeans], ...] = (
    Rule(code="BR-49", on="payment_means", term="BT-81", check=given("code"), syntaxes=UBL),
    Rule(code="BR-50", on="payment_means", term="BT-84", check=_account_filled),
    Rule(code="BR-51", on="payment_means", term="BT-87", check=_card, severity=Severity.WARNING, syntaxes=UBL),
    Rule(code="BR-51", on="payment_means", term="BT-87", check=_card, syntaxes=CII),
    Rule(code="BR-61", on="payment_means", term="BT-84", check=_transfer_account, syntaxes=UBL),
    Rule(code="BR-61", on="payment_means", term="BT-84", check=_any_account, syntaxes=CII),
)

_SCHEMES: tuple[Rule[Term], ...] = (
    Rule(code="BR-62", on="sellers.electronic_addresses", term="BT-34-1", check=_qualified, syntaxes=UBL),
    Rule(code="BR-63", on="buyers.electronic_addresses", term="BT-49-1", check=_qualified, syntaxes=UBL),
    Rule(code="BR-64", on="lines.standard_item", term="BT-157-1", check=_qualified, syntaxes=UBL),
    Rule(code="BR-65", on="lines.item_classifications", term="BT-158-1", check=_qualified, syntaxes=UBL),
)

RULES: tuple[AnyRule, ...] = (
    *_DOCUMENT,
    *_TOTALS,
    *_ADDRESSES,
    *_PARTIES,
    *_LINES,
    *_CHARGES,
    *_PERIODS,
    *_GROUPS,
    *_PAYMENT,
    *_SCHEMES,
    Rule(code="BR-64", on="lines", term="BT-157-1", check=_item_qualified, syntaxes=CII),
    Rule(code="BR-54", on="lines.attributes", term="BG-32", check=_named_and_valued),
    Rule(code="BR-55", on="preceding_invoices", term="BT-25", check=given("number"), syntaxes=UBL),
    Rule(code="BR-55", on="lines.references", term="BT-25", check=given("number"), syntaxes=UBL),
    Rule(code="BR-55", on="preceding_invoices", term="BT-25", check=filled("number"), syntaxes=CII),
    Rule(code="BR-57", on="deliveries", term="BT-80", check=_delivery_country, syntaxes=CII),
)
