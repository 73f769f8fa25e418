"""The VAT families: the same ten rules for nine categories, as EN 16931-1 §6.4.3 lists them, and their exceptions.

Ids are BR-<family>-<number>. The tolerances differ by syntax, and some of the CEN rules can never fire: we follow the
artefacts, for a verdict that differs from theirs helps nobody.
"""

import math
from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from flux.model.invoice import Invoice, TaxCategory, VatBreakdown
from flux.model.term import Terms
from flux.rules.en16931.vat_view import VatView, code_of, countries, has_tax_number, has_vat_number, is_vat
from flux.rules.numbers import ZERO, number, round_cents, trim, write
from flux.rules.rule import BROKEN, CII, UBL, AnyRule, Hit, Matter, Rule

ONE = Decimal(1)
HUNDRED = Decimal(100)


class Family(NamedTuple):
    """A category of VAT: the name that its rules bear, and its code (UNTDID 5305)."""

    name: str
    code: str

    def rule(self, nn: int) -> str:
        """The id of a rule of the family."""
        return f"BR-{self.name}-{nn:02}"


STANDARD = Family("S", "S")
ZERO_RATED = Family("Z", "Z")
EXEMPT = Family("E", "E")
REVERSE_CHARGE = Family("AE", "AE")
INTRA_COMMUNITY = Family("IC", "K")
EXPORT = Family("G", "G")
OUT_OF_SCOPE = Family("O", "O")
CANARY_ISLANDS = Family("AF", "L")
CEUTA_MELILLA = Family("AG", "M")

FAMILIES = (
    STANDARD,
    ZERO_RATED,
    EXEMPT,
    REVERSE_CHARGE,
    INTRA_COMMUNITY,
    EXPORT,
    OUT_OF_SCOPE,
    CANARY_ISLANDS,
    CEUTA_MELILLA,
)
BY_CODE = {family.code: family for family in FAMILIES}
# Taxed at a rate, which may have a group for each.
RATED = (STANDARD, CANARY_ISLANDS, CEUTA_MELILLA)
_BREAKDOWN, _SELLER = ("tax_totals", 0), ("sellers", 0)
_IC, _O = INTRA_COMMUNITY.code, OUT_OF_SCOPE.code


# -01: a category that lines, allowances or charges bear has its group


def _groups(_: Invoice, matter: Matter) -> list[Hit] | None:
    seen = matter.once(VatView)
    count = _ubl_groups if matter.is_ubl else _cii_groups
    hits = [
        hit
        for code in {**seen.any_lines, **seen.any_others, **seen.any_groups}
        if (family := BY_CODE.get(code)) is not None and (hit := count(family, seen)) is not None
    ]
    return hits or None


def _ubl_groups(family: Family, seen: VatView) -> Hit | None:
    code = family.code
    if family is STANDARD:
        used, groups = seen.any_lines.get(code, 0) + seen.any_others.get(code, 0), seen.any_groups.get(code, 0)
    else:
        used = seen.lines.get(code, 0) + seen.allowances.get(code, 0) + seen.charges.get(code, 0)
        groups = seen.groups.get(code, 0)
    if family is CANARY_ISLANDS and used:  # here alone the scheme of the group does not matter
        groups = seen.any_groups.get(code, 0)
    if family in RATED:
        return None if (used > 0) == (groups > 0) else _miscounted(family, groups, "0" if not used else "≥ 1")
    return None if groups == 1 or used + groups == 0 else _miscounted(family, groups, "1")


def _cii_groups(family: Family, seen: VatView) -> Hit | None:
    code = family.code
    lines, others, groups = seen.any_lines.get(code, 0), seen.any_others.get(code, 0), seen.any_groups.get(code, 0)
    if family in RATED:
        holds = (not lines or lines + groups >= 2) and (not others or others + groups >= 2)
        return None if holds else _miscounted(family, groups, "≥ 1")
    if groups == 1:
        return None if lines or others else _miscounted(family, groups, "0")
    return None if family is OUT_OF_SCOPE and not groups else _miscounted(family, groups, "1")


def _miscounted(family: Family, groups: int, expected: str) -> Hit:
    return Hit(code=family.rule(1), found=str(groups), expected=expected, place=_BREAKDOWN)


# -02, -03, -04: a line, an allowance or a charge of the category, and who must be registered for tax


def _is_registered(family: Family, matter: Matter) -> bool:
    """Whether seller, representative and buyer bear the numbers that the category asks for."""
    invoice = matter.invoice
    sellers, representatives, buyers = invoice.sellers, invoice.tax_representatives, invoice.buyers
    if family is OUT_OF_SCOPE:
        return not (has_vat_number(sellers) or has_vat_number(representatives) or has_vat_number(buyers))
    if family in (INTRA_COMMUNITY, EXPORT):
        seller = has_vat_number(sellers) or has_vat_number(representatives)
    else:
        seller = has_tax_number(sellers, matter) or has_vat_number(representatives)
    if family is INTRA_COMMUNITY:
        return seller and has_vat_number(buyers)
    if family is REVERSE_CHARGE:
        return seller and (has_vat_number(buyers) or any(buyer.legal_identifiers for buyer in buyers))
    return seller


def _lines(seen: VatView) -> Iterable[str]:
    return seen.lines


def _allowances(seen: VatView) -> Iterable[str]:
    return seen.allowances


def _charges(seen: VatView) -> Iterable[str]:
    return seen.charges


def _document_allowances(seen: VatView) -> Iterable[str]:
    return seen.document_allowances


def _document_charges(seen: VatView) -> Iterable[str]:
    return seen.document_charges


def _lines_unregistered(_: Invoice, matter: Matter) -> list[Hit] | None:
    """-02, once for the document, as UBL asks; a line of category S whose scheme is not VAT breaks BR-S-02 too."""
    seen = matter.once(VatView)
    hits = []
    for code in seen.any_lines:
        family = BY_CODE.get(code)
        if family is None:
            continue
        is_broken = not _is_registered(family, matter) if code in seen.lines else family is STANDARD
        if is_broken:
            hits.append(Hit(code=family.rule(2), place=_SELLER))
    return hits or None


def _others_unregistered(
    nn: int, where: Callable[[VatView], Iterable[str]], out_of_scope: Callable[[VatView], Iterable[str]]
) -> Callable[[Invoice, Matter], list[Hit] | None]:
    """-03 and -04, once for the document, as UBL asks; those of category O look at the document's own alone."""

    def check(_: Invoice, matter: Matter) -> list[Hit] | None:
        seen = matter.once(VatView)
        hits = []
        for code in where(seen):
            family = BY_CODE.get(code)
            if family is None or (family is OUT_OF_SCOPE and code not in out_of_scope(seen)):
                continue
            if not _is_registered(family, matter):
                hits.append(Hit(code=family.rule(nn), place=_SELLER))
        return hits or None

    return check


def _category_unregistered(nn: int) -> Callable[[TaxCategory, Matter], Hit | None]:
    """For each category that stands there, as CII asks."""

    def check(category: TaxCategory, matter: Matter) -> Hit | None:
        family = _family_of(category.code, category.scheme, matter)
        if family is None or _is_registered(family, matter):
            return None
        return Hit(code=family.rule(nn))

    return check


def _family_of(code: Terms, scheme: Terms, matter: Matter) -> Family | None:
    family = BY_CODE.get(code_of(code, matter))
    return family if family is not None and is_vat(scheme, matter) else None


# -05, -06, -07: the rate of a line, an allowance, a charge


def _rate(nn: int) -> Callable[[TaxCategory, Matter], Hit | None]:
    def check(category: TaxCategory, matter: Matter) -> Hit | None:
        family = _family_of(category.code, category.scheme, matter)
        if family is None:
            return None
        expected = _wrong_rate(family, category.rate, matter)
        if expected is None:
            return None
        found = category.rate[0].text if category.rate else None
        return Hit(
            code=family.rule(nn), found=found, expected=expected, place=("rate", 0) if category.rate else ("code", 0)
        )

    return check


def _wrong_rate(family: Family, rate: Terms, matter: Matter) -> str | None:
    """The rate that was expected, None where it stands there."""
    if family is OUT_OF_SCOPE:
        return "–" if rate else None
    value = number(rate)
    if family is STANDARD or (family is CANARY_ISLANDS and not matter.is_ubl):
        return None if value is not None and value > 0 else "> 0"
    if family in RATED:
        return None if value is not None and value >= 0 else "≥ 0"
    return None if value is not None and value == 0 else "0"


# -08, -09, -10: base, tax and exemption reason of a group


def _base(group: VatBreakdown, matter: Matter) -> Hit | None:
    return _base_other_than(_ubl_base if matter.is_ubl else _cii_base, group, matter)


def touching_base(group: VatBreakdown, matter: Matter) -> Hit | None:
    """As CII asks, and a base that is 1 above what was expected is near enough."""
    return _base_other_than(_cii_touching_base, group, matter)


def _base_other_than(
    expect: Callable[[Family, VatBreakdown, Matter], Decimal | None], group: VatBreakdown, matter: Matter
) -> Hit | None:
    family = _family_of_group(group, matter)
    if family is None:
        return None
    wanted = expect(family, group, matter)
    if wanted is None:
        return None
    return Hit(
        code=family.rule(8), found=_text(group.base), expected=write(wanted), place=("base", 0) if group.base else ()
    )


def _family_of_group(group: VatBreakdown, matter: Matter) -> Family | None:
    """CII asks for the scheme in all families but S and Z."""
    family = BY_CODE.get(code_of(group.category, matter))
    if family is None or (not matter.is_ubl and family in (STANDARD, ZERO_RATED)):
        return family
    return family if is_vat(group.scheme, matter) else None


def _ubl_base(family: Family, group: VatBreakdown, matter: Matter) -> Decimal | None:
    """The base that was expected, None where it is near enough: within 1 at a rate, exact elsewhere."""
    seen, base = matter.once(VatView), number(group.base)
    if family not in RATED:
        wanted = seen.base(family.code)
        return None if base is not None and base == wanted and matter.invoice.lines else wanted
    rate = number(group.rate)
    if rate is None:
        return None
    key = (family.code, rate)
    wanted = seen.base(key)
    if family is STANDARD:
        of_others = key in seen.other_keys
        without_lines = seen.charge_sums.get(key, ZERO) - seen.allowance_sums.get(key, ZERO)
        holds = ((key in seen.line_sums or of_others) and _is_near(base, wanted)) or (
            of_others and _is_near(base, without_lines)
        )
    else:
        holds = bool(matter.invoice.lines) and _is_near(base, wanted)
    return None if holds else wanted


def _cii_base(family: Family, group: VatBreakdown, matter: Matter) -> Decimal | None:
    """The base that was expected, None where it is near enough: exact at a rate and out of scope, within 1 elsewhere.

    Of AF and AG the artefact looks for the rate in the wrong place, and never fires.
    """
    if family in (CANARY_ISLANDS, CEUTA_MELILLA):
        return None
    seen, base = matter.once(VatView), number(group.base)
    key: str | tuple[str, Decimal] = family.code
    if family is STANDARD:
        rate = number(group.rate)
        if rate is None:
            return None
        key = (family.code, rate)
    parts = (seen.line_sums.get(key, ZERO), seen.charge_sums.get(key, ZERO), seen.allowance_sums.get(key, ZERO))
    lines, charges, allowances = map(round_cents, parts)
    wanted = lines + charges - allowances
    if base is None:
        return wanted
    if family in (STANDARD, OUT_OF_SCOPE):
        return None if float(base) == float(wanted) else wanted
    return None if float(base) - 1 < float(wanted) < float(base) + 1 else wanted


def _cii_touching_base(family: Family, group: VatBreakdown, matter: Matter) -> Decimal | None:
    wanted, base = _cii_base(family, group, matter), number(group.base)
    if wanted is None or base is None or family in (STANDARD, OUT_OF_SCOPE):
        return wanted
    return None if float(base) - 1 == float(wanted) else wanted


def _is_near(value: Decimal | None, wanted: Decimal) -> bool:
    """Within 1; the artefact adds and takes it off in floating point, which shows at the limit."""
    return value is not None and Decimal(float(value) - 1) < wanted < Decimal(float(value) + 1)


def _tax(group: VatBreakdown, matter: Matter) -> Hit | None:
    family = _family_of_group(group, matter)
    if family is None:
        return None
    tax = number(group.tax)
    if family not in RATED:
        wanted = None if tax is not None and tax == 0 else ZERO
    elif matter.is_ubl:
        wanted = _ubl_tax(group, tax)
    elif family is STANDARD:
        wanted = _cii_tax(group, tax)
    else:
        return None
    if wanted is None:
        return None
    return Hit(
        code=family.rule(9), found=_text(group.tax), expected=write(wanted), place=("tax", 0) if group.tax else ()
    )


def _ubl_tax(group: VatBreakdown, tax: Decimal | None) -> Decimal | None:
    base, rate = number(group.base), number(group.rate)
    wanted = round_cents(abs(base or ZERO) * (rate or ZERO) / HUNDRED)
    holds = tax is not None and base is not None and rate is not None and abs(tax) - ONE < wanted < abs(tax) + ONE
    return None if holds else wanted


def _cii_tax(group: VatBreakdown, tax: Decimal | None) -> Decimal | None:
    """In floating point, rounded to the unit before the division, as the artefact does it."""
    base, rate = number(group.base), number(group.rate)
    wanted = math.floor(float(abs(base or ZERO)) * float(rate or ZERO) + 0.5) / 100
    holds = (
        tax is not None
        and base is not None
        and rate is not None
        and float(abs(tax) - ONE) < wanted < float(abs(tax) + ONE)
    )
    return None if holds else round_cents(Decimal(wanted))


def _reason(group: VatBreakdown, matter: Matter) -> Hit | None:
    family = _family_of_group(group, matter)
    if family is None:
        return None
    is_given = bool(group.exemption_reason or group.exemption_code)
    if family in RATED or family is ZERO_RATED:
        return Hit(code=family.rule(10), found=_text(group.exemption_reason), expected="–") if is_given else None
    return None if is_given else Hit(code=family.rule(10), term="BT-120")


def _text(terms: Terms) -> str | None:
    return trim(terms[0].text) if terms else None


# IC-11, IC-12, O-11 to O-14, B-01, B-02


def _has_delivery(matter: Matter) -> bool:
    invoice = matter.invoice
    if matter.is_ubl:
        dated = any(len(term.text) > 1 for delivery in invoice.deliveries for term in delivery.date)
        return dated or any(period.start or period.end for period in invoice.periods) or bool(invoice.tax_point_code)
    return any(delivery.date for delivery in invoice.deliveries) or any(
        period.start or period.end for period in invoice.periods
    )


def _has_delivery_country(matter: Matter) -> bool:
    found = (
        term for delivery in matter.invoice.deliveries for address in delivery.addresses for term in address.country
    )
    return any(len(term.text) > 1 or not matter.is_ubl for term in found)


def _delivered(_: Invoice, matter: Matter) -> Hit | None:
    return None if _IC not in matter.once(VatView).groups or matter.once(_has_delivery) else BROKEN


def _delivered_where(_: Invoice, matter: Matter) -> Hit | None:
    return None if _IC not in matter.once(VatView).groups or matter.once(_has_delivery_country) else BROKEN


def _group_delivered(group: VatBreakdown, matter: Matter) -> Hit | None:
    return BROKEN if _family_of_group(group, matter) is INTRA_COMMUNITY and not matter.once(_has_delivery) else None


def _group_delivered_where(group: VatBreakdown, matter: Matter) -> Hit | None:
    return (
        BROKEN
        if _family_of_group(group, matter) is INTRA_COMMUNITY and not matter.once(_has_delivery_country)
        else None
    )


def _others_beside(where: Callable[[VatView], Iterable[str]]) -> Callable[[Invoice, Matter], Hit | None]:
    """Once for the document, as UBL asks."""

    def check(_: Invoice, matter: Matter) -> Hit | None:
        seen = matter.once(VatView)
        if _O not in seen.groups:
            return None
        other = next((code for code in where(seen) if code != _O), None)
        return None if other is None else Hit(found=other, expected=_O, place=_BREAKDOWN)

    return check


def _codes_of_groups(seen: VatView) -> Iterable[str]:
    return seen.groups


def _tax_of_lines_and_groups(seen: VatView) -> Iterable[str]:
    return chain(seen.any_lines, seen.any_groups)


def _tax_of_others(seen: VatView) -> Iterable[str]:
    return seen.any_others


def _others_beside_group(
    where: Callable[[VatView], Iterable[str]],
) -> Callable[[VatBreakdown, Matter], Hit | None]:
    """For each group of category O, as CII asks."""

    def check(group: VatBreakdown, matter: Matter) -> Hit | None:
        if _family_of_group(group, matter) is not OUT_OF_SCOPE:
            return None
        other = next((code for code in where(matter.once(VatView)) if code != _O), None)
        return None if other is None else Hit(found=other, expected=_O, place=("category", 0))

    return check


def _split_payment_abroad(_: Invoice, matter: Matter) -> Hit | None:
    if not _bears("B", matter.once(VatView)):
        return None
    abroad = next((country for country in countries(matter) if country != "IT"), None)
    return None if abroad is None else Hit(found=abroad, expected="IT", place=_BREAKDOWN)


def _split_payment_beside_standard(_: Invoice, matter: Matter) -> Hit | None:
    seen = matter.once(VatView)
    return Hit(found="S", place=_BREAKDOWN) if _bears("B", seen) and _bears("S", seen) else None


def _bears(code: str, seen: VatView) -> bool:
    """Whether the code stands anywhere, exactly so."""
    return code in seen.written


def _ids(nn: int) -> tuple[str, ...]:
    return tuple(family.rule(nn) for family in FAMILIES)


DOCUMENT: tuple[Rule[Invoice], ...] = (
    Rule(code="BR-S-01", codes=_ids(1), check=_groups),
    Rule(code="BR-S-02", codes=_ids(2), check=_lines_unregistered, syntaxes=UBL),
    Rule(
        code="BR-S-03",
        codes=_ids(3),
        check=_others_unregistered(3, _allowances, _document_allowances),
        syntaxes=UBL,
    ),
    Rule(code="BR-S-04", codes=_ids(4), check=_others_unregistered(4, _charges, _document_charges), syntaxes=UBL),
)
BASES: tuple[Rule[VatBreakdown], ...] = (
    Rule(code="BR-S-08", codes=_ids(8), on="tax_totals.breakdown", term="BT-116", check=_base),
)
TAXES: tuple[Rule[VatBreakdown], ...] = (
    Rule(code="BR-S-09", codes=_ids(9), on="tax_totals.breakdown", term="BT-117", check=_tax),
)
REASONS: tuple[Rule[VatBreakdown], ...] = (
    Rule(code="BR-S-10", codes=_ids(10), on="tax_totals.breakdown", term="BT-120", check=_reason),
)
# What may be asked of a line, of its allowances and charges too.
_CHARGED = {"allowances": (3, 6), "charges": (4, 7)}
CATEGORIES: tuple[Rule[TaxCategory], ...] = (
    Rule(code="BR-S-02", codes=_ids(2), on="lines.tax_categories", check=_category_unregistered(2), syntaxes=CII),
    Rule(code="BR-S-05", codes=_ids(5), on="lines.tax_categories", term="BT-152", check=_rate(5)),
    *(
        rule
        for kind, (registered, rated) in _CHARGED.items()
        for where in (kind, f"lines.{kind}")
        for rule in (
            Rule(
                code=f"BR-S-{registered:02}",
                codes=_ids(registered),
                on=f"{where}.tax_categories",
                check=_category_unregistered(registered),
                syntaxes=CII,
            ),
            Rule(code=f"BR-S-{rated:02}", codes=_ids(rated), on=f"{where}.tax_categories", check=_rate(rated)),
        )
    ),
)
SPECIAL: tuple[AnyRule, ...] = (
    Rule(code="BR-IC-11", term="BT-72", check=_delivered, syntaxes=UBL),
    Rule(code="BR-IC-12", term="BT-80", check=_delivered_where, syntaxes=UBL),
    Rule(code="BR-IC-11", term="BT-72", on="tax_totals.breakdown", check=_group_delivered, syntaxes=CII),
    Rule(code="BR-IC-12", term="BT-80", on="tax_totals.breakdown", check=_group_delivered_where, syntaxes=CII),
    Rule(code="BR-O-11", term="BT-118", check=_others_beside(_codes_of_groups), syntaxes=UBL),
    Rule(code="BR-O-12", term="BT-151", check=_others_beside(_lines), syntaxes=UBL),
    Rule(code="BR-O-13", term="BT-95", check=_others_beside(_allowances), syntaxes=UBL),
    Rule(code="BR-O-14", term="BT-102", check=_others_beside(_charges), syntaxes=UBL),
    *(
        Rule(code=code, term=term, on="tax_totals.breakdown", check=_others_beside_group(where), syntaxes=CII)
        for code, term, where in (
            ("BR-O-11", "BT-118", _tax_of_lines_and_groups),
            ("BR-O-12", "BT-151", _tax_of_lines_and_groups),
            ("BR-O-13", "BT-95", _tax_of_others),
            ("BR-O-14", "BT-102", _tax_of_others),
        )
    ),
    Rule(code="BR-B-01", check=_split_payment_abroad),
    Rule(code="BR-B-02", check=_split_payment_beside_standard),
)

RULES: tuple[AnyRule, ...] = (*DOCUMENT, *CATEGORIES, *BASES, *TAXES, *REASONS, *SPECIAL)
