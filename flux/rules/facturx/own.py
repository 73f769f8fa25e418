"""What the artefacts of Factur-X ask in a way of their own: rules of EN 16931 that answer otherwise there, and a few more.

Where EN 16931 asks for a text, an element that holds white space alone will do; where it picks allowances by truth, Factur-X
picks them by the word; and each category of VAT is judged beside the general rules, not in their place.
"""

import math
from collections.abc import Iterable
from decimal import Decimal
from operator import attrgetter

from flux.model.invoice import AllowanceCharge, Delivery, Invoice, Line, PaymentMeans, Totals, VatBreakdown
from flux.model.term import Terms
from flux.rules.en16931.consistency import group_tax, with_vat
from flux.rules.en16931.decimals import cents
from flux.rules.en16931.presence import given
from flux.rules.en16931.vat import FAMILIES, touching_base
from flux.rules.en16931.vat_view import code_of
from flux.rules.numbers import number, parse, trim
from flux.rules.rule import BROKEN, AnyCheck, AnyRule, Hit, Matter, Rule
from flux.rules.walk import says

_TRANSFERS = frozenset({"30", "58"})


def is_written(terms: Terms) -> bool:
    """True where an occurrence holds anything, be it white space."""
    # Nearly always the first occurrence is the only one.
    return bool(terms) and (terms[0].text != "" or any(term.text for term in terms))


def written(field: str) -> AnyCheck:
    """The term is there and not empty."""
    read = attrgetter(field)

    def check(group: object, _: Matter) -> Hit | None:
        return None if is_written(read(group)) else BROKEN

    return check


def _named(field: str) -> AnyCheck:
    """Some party of that role has a name."""
    read = attrgetter(field)

    def check(invoice: Invoice, _: Matter) -> Hit | None:
        return None if any(is_written(party.name) for party in read(invoice)) else BROKEN

    return check


def _issue_date(invoice: Invoice, _: Matter) -> Hit | None:
    """BR-03: a date in another format than 102 is none."""
    return None if any(term.text and term.qualifier == "102" for term in invoice.issue_date) else BROKEN


def _located(field: str) -> AnyCheck:
    """Some party of that role has an address."""
    read = attrgetter(field)

    def check(invoice: Invoice, _: Matter) -> Hit | None:
        return None if any(party.addresses for party in read(invoice)) else BROKEN

    return check


def _in_a_country(field: str) -> AnyCheck:
    """Some party of that role has an address that names its country."""
    read, place = attrgetter(field), (field, 0)

    def check(invoice: Invoice, _: Matter) -> Hit | None:
        for party in read(invoice):
            if any(is_written(address.country) for address in party.addresses):
                return None
        return Hit(place=place)

    return check


def _delivery_country(delivery: Delivery, _: Matter) -> Hit | None:
    if not delivery.addresses or any(is_written(address.country) for address in delivery.addresses):
        return None
    return Hit(place=("addresses", 0))


def _item_scheme(line: Line, _: Matter) -> Hit | None:
    """BR-64."""
    if not line.standard_item or any(term.qualifier for term in line.standard_item):
        return None
    return Hit(found=line.standard_item[0].text, place=("standard_item", 0))


def _rate(group: VatBreakdown, matter: Matter) -> Hit | None:
    """BR-48."""
    return None if group.rate or code_of(group.category, matter) == "O" else BROKEN


def _with_vat(invoice: Invoice, matter: Matter) -> Hit | None:
    """BR-CO-15, of totals that are there."""
    return with_vat(invoice, matter) if invoice.totals else None


def _allowances(totals: Totals, matter: Matter) -> Hit | None:
    """BR-CO-11."""
    held = _worded(matter, "false")
    if not totals.allowances and not held:
        return None
    return _equals(totals.allowances, number(totals.allowances), _sum(group.amount for group in held), "allowances")


def _charges(totals: Totals, matter: Matter) -> Hit | None:
    """BR-CO-12: of charges for logistics too, which do not make the total mandatory."""
    held = _worded(matter, "true")
    if not totals.charges and not held:
        return None
    wanted = _sum(group.amount for group in held) + _sum(
        term for service in matter.invoice.service_charges for term in (service.amount,)
    )
    # Of the document: where totals stand twice, those of one group are enough for both.
    value = number(tuple(term for group in matter.invoice.totals for term in group.charges))
    return _equals(totals.charges, None if value is None else _cents(float(value)), _cents(wanted), "charges")


def _worded(matter: Matter, word: str) -> list[AllowanceCharge]:
    return [group for group in matter.invoice.allowance_charges if says(word)(group)]


def _sum(amounts: Iterable[Terms]) -> float:
    """In floating point, each term by all that stands there."""
    return _cents(sum(float(value) for terms in amounts for term in terms if (value := parse(term.text)) is not None))


def _cents(value: float) -> float:
    return math.floor(value * 10 * 10 + 0.5) / 100


def _equals(terms: Terms, value: Decimal | float | None, wanted: float, field: str) -> Hit | None:
    if value is not None and float(value) == wanted:
        return None
    return Hit(found=terms[0].text if terms else None, expected=f"{wanted:.2f}", place=(field, 0) if terms else ())


def _one_account(means: PaymentMeans, _: Matter) -> Hit | None:
    """BR-CO-27: a transfer goes to an IBAN or to another account, not to both."""
    if not any(" ".join(trim(term.text).split()) in _TRANSFERS for term in means.code):
        return None
    iban = any(account.identifier for account in means.accounts)
    other = any(account.proprietary for account in means.accounts)
    if iban != other:
        return None
    return Hit(place=("accounts", 0) if means.accounts else ())


_GROUP = "tax_totals.breakdown"

# The code says which rule of EN 16931 they take the place of.
RULES: tuple[AnyRule, ...] = (
    Rule(code="BR-01", term="BT-24", check=written("profile")),
    Rule(code="BR-02", term="BT-1", check=written("number")),
    Rule(code="BR-03", term="BT-2", check=_issue_date),
    Rule(code="BR-04", term="BT-3", check=written("type_code")),
    Rule(code="BR-05", term="BT-5", check=written("currency")),
    Rule(code="BR-06", term="BT-27", check=_named("sellers")),
    Rule(code="BR-07", term="BT-44", check=_named("buyers")),
    Rule(code="BR-08", term="BG-5", check=_located("sellers")),
    Rule(code="BR-09", term="BT-40", check=_in_a_country("sellers")),
    Rule(code="BR-10", term="BG-8", check=_located("buyers")),
    Rule(code="BR-11", term="BT-55", check=_in_a_country("buyers")),
    Rule(code="BR-21", on="lines", term="BT-126", check=written("identifier")),
    Rule(code="BR-25", on="lines", term="BT-153", check=written("item_name")),
    Rule(code="BR-45", on=_GROUP, term="BT-116", check=given("base")),
    Rule(code="BR-46", on=_GROUP, term="BT-117", check=given("tax")),
    Rule(code="BR-47", on=_GROUP, term="BT-118", check=given("category")),
    Rule(code="BR-48", on=_GROUP, term="BT-119", check=_rate),
    Rule(code="BR-55", on="preceding_invoices", term="BT-25", check=written("number")),
    Rule(code="BR-56", on="tax_representatives", term="BT-63", check=written("vat_identifiers")),
    Rule(code="BR-57", on="deliveries", term="BT-80", check=_delivery_country),
    Rule(code="BR-64", on="lines", term="BT-157-1", check=_item_scheme),
    Rule(code="BR-CO-11", on="totals", term="BT-107", check=_allowances),
    Rule(code="BR-CO-12", on="totals", term="BT-108", check=_charges),
    Rule(code="BR-CO-15", term="BT-112", check=_with_vat),
    Rule(code="BR-CO-17", on=_GROUP, term="BT-117", check=group_tax),
    Rule(code="BR-CO-27", on="payment_means", term="BT-84", check=_one_account),
    Rule(code="BR-DEC-19", on=_GROUP, term="BT-116", check=cents("base")),
    Rule(code="BR-DEC-20", on=_GROUP, term="BT-117", check=cents("tax")),
    Rule(
        code="BR-S-08",
        codes=tuple(family.rule(8) for family in FAMILIES),
        on=_GROUP,
        term="BT-116",
        check=touching_base,
    ),
)
