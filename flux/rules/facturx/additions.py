"""The rules that Factur-X adds (BR-FXEXT): those of EXTENDED-CTC-FR under other names, and those that differ from them."""

import math
from collections.abc import Callable, Iterable
from dataclasses import replace

from flux.model.code_lists.untdid import CHARACTERISTICS
from flux.model.finding import Severity
from flux.model.invoice import Invoice, Line, TaxCategory, Totals, VatBreakdown
from flux.rules import extended
from flux.rules.en16931.code_lists import in_list
from flux.rules.en16931.vat import BY_CODE, EXPORT, FAMILIES, OUT_OF_SCOPE, Family
from flux.rules.en16931.vat_view import code_of, is_vat
from flux.rules.extended import sublines, sums
from flux.rules.numbers import CENT, ZERO, number, parse, round_cents, total, trim, write
from flux.rules.rule import BROKEN, CII, Answer, AnyCheck, AnyRule, Hit, Matter, Rule, as_any_tax
from flux.rules.walk import is_allowance, is_charge

_FRENCH, _OWN = "BR-FREXT-", "BR-FXEXT-"
# Of the French extension as they are, and those that Factur-X names by the rule of EN 16931 (BR-54).
_ALIKE = frozenset(f"{_FRENCH}{name}" for name in ("BR-38", "BR-44", "CO-10", "CO-11", "CO-12", "CO-13", "CO-15"))
_OF_DETAIL_LINES = frozenset(f"{_FRENCH}BR-{name}" for name in ("22", "23", "24", "26"))
_RENAMED = {"BR-FREXT-54-1": "BR-FXEXT-BR-54-1", "BR-FREXT-54-2": "BR-FXEXT-BR-54-2"}


def _shared() -> Iterable[AnyRule]:
    for rule in extended.RULES:
        if not rule.syntaxes & CII:
            continue
        if rule.code in _ALIKE:
            yield replace(rule, code=rule.code.replace(_FRENCH, _OWN))
        elif rule.code in _OF_DETAIL_LINES:
            yield replace(rule, code=rule.code.replace(_FRENCH, _OWN), check=_of_documents(rule.check))
        elif rule.code in _RENAMED:
            yield replace(rule, code=_RENAMED[rule.code])
        elif rule.code == "BR-CO-25":
            yield rule


def _of_documents(check: AnyCheck) -> AnyCheck:
    """Of lines that tell of themselves, be it nothing: the rule hangs on the element that does."""

    def check_telling(line: Line, matter: Matter) -> Answer:
        return check(line, matter) if line.head else None

    return check_telling


def _priced_children(line: Line, matter: Matter) -> Hit | None:
    """BR-FXEXT-12; a group without identifier breaks it."""
    if not line.status:
        return None
    if line.identifier or not line.net_amount or not _is(line, "GROUP"):
        return sublines.priced_children(line, matter)
    return BROKEN


def _parent_has_subtype(line: Line, matter: Matter) -> Hit | None:
    return sublines.parent_has_subtype(line, matter) if line.parent_line else None


def _parent_exists(line: Line, matter: Matter) -> Hit | None:
    """A line may name itself."""
    parents = [parent for term in line.parent_line if (parent := _normal(term.text))]
    if not parents or any(parent in matter.once(_identifiers) for parent in parents):
        return None
    return Hit(found=parents[0], place=("parent_line", 0))


def _identifiers(matter: Matter) -> frozenset[str]:
    return frozenset(_normal(term.text) for line in matter.invoice.lines for term in line.identifier)


def _normal(text: str) -> str:
    return " ".join(trim(text).split())


def _groups_add_up(_: Line, matter: Matter) -> Hit | None:
    """BR-FXEXT-08, which each line repeats of all of them."""
    return matter.once(_wrong_group)


def _wrong_group(matter: Matter) -> Hit | None:
    lines = matter.invoice.lines
    groups = [
        line for line in lines if line.status and _is(line, "GROUP") and any(trim(t.text) for t in line.net_amount)
    ]
    for group in groups:
        name = _normal(group.identifier[0].text) if group.identifier else ""
        held = [line for line in lines if _parent(line) == name and (_is(line, "DETAIL") or _is(line, "GROUP"))]
        added = sum(map(_float, held))
        wanted = math.nan if math.isnan(added) else math.floor(added * 100 + 0.5) / 100
        if _float(group) != wanted:
            return Hit(found=group.net_amount[0].text, expected=f"{wanted:.2f}")
    return None


def _is(line: Line, subtype: str) -> bool:
    return any(term.text == subtype for term in line.status)


def _parent(line: Line) -> str:
    return _normal(line.parent_line[0].text) if line.parent_line else ""


def _float(line: Line) -> float:
    value = number(line.net_amount)
    return math.nan if value is None else float(value)


def _taxed(line: Line, matter: Matter) -> Hit | None:
    """BR-FXEXT-CO-04: the scheme is VAT in capitals, once at least."""
    if not matter.once(sublines.sublines).place_of(line).counts:
        return None
    said = any(category.scheme and category.scheme[0].text == "VAT" for category in line.tax_categories)
    held = any(category.code and is_vat(category.scheme, matter) for category in line.tax_categories)
    return None if said and held else BROKEN


def _due(totals: Totals, matter: Matter) -> Hit | None:
    """BR-FXEXT-CO-16: with what was paid to third parties."""
    adjusted = sum((parse(term.text) or ZERO for term in matter.invoice.adjustments), ZERO)
    with_vat, paid, rounding = (number(terms) or ZERO for terms in (totals.with_vat, totals.paid, totals.rounding))
    wanted, due = with_vat - paid + rounding + adjusted, number(totals.due)
    if due == wanted:
        return None
    found = totals.due[0].text if totals.due else None
    return Hit(found=found, expected=write(wanted), place=("due", 0) if totals.due else ())


def _groups_of(family: Family) -> Callable[[Invoice, Matter], Hit | None]:
    """-01, of charges for logistics too."""
    code = family.code

    def check(invoice: Invoice, matter: Matter) -> Hit | None:
        groups = sum(code_of(group.category, matter) == code for group in invoice.vat_breakdown)
        is_used = code in matter.once(sums.sums).used or code in matter.once(_of_services)
        if is_used == (groups > 0):
            return None
        return Hit(found=str(groups), expected="≥ 1" if is_used else "0", place=("tax_totals", 0))

    return check


def _of_services(matter: Matter) -> frozenset[str]:
    return frozenset(
        code_of(category.code, matter)
        for service in matter.invoice.service_charges
        for category in service.tax_categories
    )


_BASE_NAMES = {
    f"{_OWN}{family.name}-08": f"{_OWN}{family.name}-08b" if family.name != "S" else f"{_OWN}S08b"
    for family in FAMILIES
}


def _all_bases(family: Family) -> Iterable[tuple[str, Severity]]:
    base = f"{_OWN}{family.name}-08"
    yield _BASE_NAMES[base], Severity.FATAL
    yield f"{base}ini", Severity.WARNING
    yield f"{base}rev", Severity.WARNING


def _base(group: VatBreakdown, matter: Matter) -> Answer:
    """-08b, with -08ini and -08rev; a group without the rate that its category asks for breaks them all."""
    family = BY_CODE.get(code_of(group.category, matter))
    if family is None or not is_vat(group.scheme, matter):
        return None
    if family is not OUT_OF_SCOPE and number(group.rate) is None:
        return [Hit(code=code, severity=severity) for code, severity in _all_bases(family)]
    hits = sums.group_base(group, matter)
    return hits and [hit._replace(code=_BASE_NAMES.get(hit.code or "", hit.code)) for hit in hits]


def _export_base(group: VatBreakdown, matter: Matter) -> Hit | None:
    """BR-FXEXT-G-08: whatever the rate, within a cent for each amount."""
    if code_of(group.category, matter) != EXPORT.code:
        return None
    invoice, places = matter.invoice, matter.once(sublines.sublines)
    lines = [each for each in invoice.lines if places.place_of(each).counts and _is_export(each.tax_categories, matter)]
    given = [each for each in invoice.allowance_charges if _is_export(each.tax_categories, matter)]
    services = [each for each in invoice.service_charges if _is_export(each.tax_categories, matter)]
    wanted = (
        round_cents(total(line.net_amount for line in lines))
        + round_cents(total(each.amount for each in given if is_charge(each)))
        + round_cents(total(each.amount for each in services))
        - round_cents(total(each.amount for each in given if is_allowance(each)))
    )
    base = number(group.base)
    if base is not None and abs(base - wanted) <= CENT * (len(lines) + len(given) + len(services)):
        return None
    found = group.base[0].text if group.base else None
    return Hit(found=found, expected=write(wanted), place=("base", 0) if group.base else ())


def _is_export(categories: tuple[TaxCategory, ...], matter: Matter) -> bool:
    return any(code_of(category.code, matter) == EXPORT.code for category in categories)


def _tax(group: VatBreakdown, matter: Matter) -> Hit | None:
    """BR-FXEXT-S-09b, of any tax."""
    hit = sums.group_tax(group, matter if is_vat(group.scheme, matter) else matter.once(as_any_tax))
    return None if hit is None else hit._replace(code=f"{_OWN}S-09b")


_BASES = tuple(name for family in FAMILIES for name in (_BASE_NAMES[f"{_OWN}{family.name}-08"],))
_WARNED = tuple(f"{_OWN}{family.name}-08{kind}" for family in FAMILIES for kind in ("ini", "rev"))

RULES: tuple[AnyRule, ...] = (
    *_shared(),
    Rule(
        code="BR-FXEXT-04",
        on="lines.attributes.name_code",
        term="EXT-FR-FE-159",
        check=in_list(CHARACTERISTICS),
        severity=Severity.WARNING,
    ),
    Rule(code="BR-FXEXT-06", on="lines", term="EXT-FR-FE-163", check=_parent_has_subtype),
    Rule(code="BR-FXEXT-08", on="lines", term="BT-131", check=_groups_add_up),
    Rule(code="BR-FXEXT-11", on="lines", term="EXT-FR-FE-162", check=_parent_exists),
    Rule(code="BR-FXEXT-12", on="lines", term="BT-131", check=_priced_children),
    Rule(code="BR-FXEXT-CO-04", on="lines", term="BT-151", check=_of_documents(_taxed)),
    Rule(code="BR-FXEXT-CO-16", on="totals", term="BT-115", check=_due),
    *(Rule(code=f"BR-FXEXT-{family.name}-01", term="BT-118", check=_groups_of(family)) for family in FAMILIES),
    Rule(code="BR-FXEXT-S08b", codes=(*_BASES, *_WARNED), on="tax_totals.breakdown", term="BT-116", check=_base),
    Rule(code="BR-FXEXT-G-08", on="tax_totals.breakdown", term="BT-116", check=_export_base),
    Rule(code="BR-FXEXT-S-09b", on="tax_totals.breakdown", term="BT-117", check=_tax),
)
