"""EXTENDED-CTC-FR: the French extension of EN 16931 by FNFE-MPE, what it keeps of the norm and what it puts in its place."""

from collections.abc import Iterable
from dataclasses import replace

from flux.model.code_lists.mime import EXTENDED_MIME_CODES
from flux.model.code_lists.schemes import ICD_AND_PARTIES
from flux.model.code_lists.untdid import (
    ALLOWANCE_REASONS,
    CHARACTERISTICS,
    CHARGE_REASONS,
    DELIVERY_TERMS,
    TAX_TYPES,
)
from flux.model.finding import Severity
from flux.model.invoice import AllowanceCharge, ItemAttribute, Line, Totals, VatBreakdown
from flux.model.term import Term
from flux.rules import en16931
from flux.rules.en16931.code_lists import identifier_schemes, in_list
from flux.rules.en16931.presence import given
from flux.rules.en16931.vat import BY_CODE
from flux.rules.en16931.vat_view import code_of, is_vat
from flux.rules.extended import sublines, sums
from flux.rules.numbers import number, trim
from flux.rules.rule import BOTH, BROKEN, CII, UBL, Answer, AnyCheck, AnyRule, Hit, Matter, Rule

VERSION = "1.4.0"
SOURCE = "FNFE-MPE, EXTENDED-CTC-FR 1.4.0, after EN 16931 1.3.16"

# What the extension takes back of the norm, to allow it or to ask for it in another way.
_DROPPED = frozenset(
    [
        "BR-22",
        "BR-23",
        "BR-24",
        "BR-26",
        "BR-27",
        "BR-28",
        "BR-54",
        "BR-CL-10",
        "BR-CL-20",
        "BR-CL-24",
        "BR-CO-04",
        "BR-CO-10",
        "BR-CO-11",
        "BR-CO-12",
        "BR-CO-13",
        "BR-CO-15",
        "BR-CO-17",
        "BR-AE-08",
        "BR-AF-01",
        "BR-AF-08",
        "BR-AG-08",
        "BR-E-01",
        "BR-E-08",
        "BR-G-01",
        "BR-G-08",
        "BR-IC-01",
        "BR-IC-08",
        "BR-O-01",
        "BR-O-02",
        "BR-O-03",
        "BR-O-04",
        "BR-O-08",
        "BR-O-11",
        "BR-O-12",
        "BR-O-13",
        "BR-O-14",
        "BR-S-01",
        "BR-S-08",
        "BR-S-09",
        "BR-S-10",
        "BR-Z-01",
        "BR-Z-08",
        "BR-Z-10",
    ]
)
_DROPPED_IN_CII = frozenset(
    [
        "BR-38",
        "BR-44",
        "BR-CL-07",
        "BR-CO-22",
        "BR-CO-24",
        "BR-AE-01",
        "BR-AG-01",
        "BR-AF-10",
        "BR-AG-10",
        "BR-O-09",
        "BR-O-10",
    ]
)
# For CII the rules of a category take the place of those for every group: one pattern, one rule for a node.
_OF_OTHER_GROUPS = frozenset({"BR-45", "BR-46", "BR-47", "BR-48", "BR-DEC-19", "BR-DEC-20"})


def _kept() -> Iterable[AnyRule]:
    """The rules of the norm that hold in the extension, each as its syntaxes bind it."""
    for rule in en16931.RULES:
        for syntaxes, dropped in ((UBL, _DROPPED), (CII, _DROPPED | _DROPPED_IN_CII)):
            left = tuple(code for code in rule.speaks_for if code not in dropped)
            bound = rule.syntaxes & syntaxes
            if not left or not bound or (rule.code == "BR-55" and rule.on.startswith("lines")):
                continue
            check = rule.check if left == rule.speaks_for else _except(rule.check, dropped)
            if syntaxes is CII and rule.code in _OF_OTHER_GROUPS:
                check = _of_other_groups(check)
            yield replace(rule, check=check, syntaxes=bound, codes=left if rule.codes else ())


def _except(check: AnyCheck, dropped: frozenset[str]) -> AnyCheck:
    def kept(group: object, matter: Matter) -> Answer:
        hit = check(group, matter)
        if isinstance(hit, list):
            return [each for each in hit if each.code not in dropped] or None
        return None if hit is not None and hit.code in dropped else hit

    return kept


def _of_other_groups(check: AnyCheck) -> AnyCheck:
    def kept(group: VatBreakdown, matter: Matter) -> Answer:
        if code_of(group.category, matter) in BY_CODE and is_vat(group.scheme, matter):
            return None
        return check(group, matter)

    return kept


def _counting(check: AnyCheck) -> AnyCheck:
    """Of lines that count in the sums; in CII a line that says nothing of itself is asked nothing."""

    def check_counting(line: Line, matter: Matter) -> Answer:
        hit = check(line, matter)
        if hit is None or (not matter.is_ubl and not line.head):
            return None
        return hit if matter.once(sublines.sublines).place_of(line).counts else None

    return check_counting


def _unit(line: Line, _: Matter) -> Hit | None:
    return None if any(term.qualifier is not None for term in line.quantity) else BROKEN


def _taxed(line: Line, matter: Matter) -> Hit | None:
    held = any(category.code and is_vat(category.scheme, matter) for category in line.tax_categories)
    return None if held else BROKEN


def _named(attribute: ItemAttribute, _: Matter) -> Hit | None:
    return None if attribute.name or attribute.name_code else BROKEN


def _valued(attribute: ItemAttribute, _: Matter) -> Hit | None:
    """A value, or a quantity with its unit; not both."""
    if attribute.value:
        return BROKEN if attribute.value_quantity else None
    return None if any(term.qualifier for term in attribute.value_quantity) else BROKEN


def _due_when(totals: Totals, matter: Matter) -> Hit | None:
    """BR-CO-25, of invoices: who is to pay is told when."""
    due, invoice = number(totals.due), matter.invoice
    if due is None or due <= 0 or matter.is_credit_note or invoice.due_date or invoice.payment_terms:
        return None
    return Hit(found=totals.due[0].text, place=("due", 0))


_TAX_LIST, _CHARGE_LIST = "5153", "7161"


def _charge_reason(term: Term, _: Matter) -> Hit | None:
    """BR-FREXT-CL-20, of codes that name no list or that of charges."""
    if term.qualifier not in (None, _CHARGE_LIST) or trim(term.text) in CHARGE_REASONS:
        return None
    return Hit(found=term.text)


def _tax_reason(term: Term, _: Matter) -> Hit | None:
    """BR-FREXT-CL-20-TAX: a charge may be another tax."""
    return Hit(found=term.text) if term.qualifier == _TAX_LIST and trim(term.text) not in TAX_TYPES else None


def _reason_list(term: Term, _: Matter) -> Hit | None:
    """BR-FREXT-CL-20-LISTID: no third list."""
    if not term.qualifier or trim(term.qualifier) in (_TAX_LIST, _CHARGE_LIST):
        return None
    return Hit(found=term.qualifier, expected=f"{_CHARGE_LIST}, {_TAX_LIST}")


def _reasons() -> Iterable[AnyRule]:
    for on, term, bound in (
        ("charges", "BT-105", BOTH),
        ("lines.charges", "BT-145", BOTH),
        ("lines.price_charges", None, UBL),
    ):
        for code, check in (
            ("BR-FREXT-CL-20", _charge_reason),
            ("BR-FREXT-CL-20-TAX", _tax_reason),
            ("BR-FREXT-CL-20-LISTID", _reason_list),
        ):
            yield Rule(code=code, on=f"{on}.reason_code", term=term, check=check, syntaxes=bound)


def _of_detail_lines() -> Iterable[AnyRule]:
    """BR-22 to 26 and BR-CO-04 of the norm, asked of lines that count only; CII spells some of them otherwise."""
    for code, term, check in (
        ("22", "BT-129", given("quantity")),
        ("23", "BT-130", _unit),
        ("24", "BT-131", given("net_amount")),
        ("26", "BT-146", given("net_price")),
    ):
        yield Rule(code=f"BR-FREXT-{code}", on="lines", term=term, check=_counting(check), syntaxes=UBL)
        yield Rule(code=f"BR-FREXT-BR-{code}", on="lines", term=term, check=_counting(check), syntaxes=CII)
    yield Rule(code="BR-FREXT-CO-04", on="lines", term="BT-151", check=_counting(_taxed))


def _reasoned(group: AllowanceCharge, _: Matter) -> Hit | None:
    return None if group.reason or group.reason_code else BROKEN


_CHARACTERISTICS = in_list(CHARACTERISTICS)

_OWN: tuple[AnyRule, ...] = (
    *_of_detail_lines(),
    *identifier_schemes("BR-FREXT-CL-10", ICD_AND_PARTIES),
    *_reasons(),
    Rule(code="BR-FREXT-S-01", codes=sums.GROUPS, term="BT-118", check=sums.groups),
    Rule(code="BR-CO-25", on="totals", term="BT-9", check=_due_when),
    Rule(
        code="BR-FREXT-04", on="lines.attributes.name_code", term="EXT-FR-FE-159", check=_CHARACTERISTICS, syntaxes=UBL
    ),
    Rule(
        code="BR-FXEXT-04",
        on="lines.attributes.name_code",
        term="EXT-FR-FE-159",
        check=_CHARACTERISTICS,
        severity=Severity.WARNING,
        syntaxes=CII,
    ),
    Rule(code="BR-FREXT-05", codes=sublines.CODES, on="lines", check=sublines.judge),
    Rule(code="BR-FREXT-54-1", on="lines.attributes", term="BT-160", check=_named),
    Rule(code="BR-FREXT-54-2", on="lines.attributes", term="BT-161", check=_valued),
    Rule(code="BR-FREXT-BR-38", on="charges", term="BT-104", check=_reasoned, syntaxes=CII),
    Rule(code="BR-FREXT-BR-44", on="lines.charges", term="BT-144", check=_reasoned, syntaxes=CII),
    Rule(code="BR-FREXT-CO-10", on="totals", term="BT-106", check=sums.line_sum),
    Rule(code="BR-FREXT-CO-11", on="totals", term="BT-107", check=sums.allowances),
    Rule(code="BR-FREXT-CO-12", on="totals", term="BT-108", check=sums.charges),
    Rule(code="BR-FREXT-CO-13", on="totals", term="BT-109", check=sums.without_vat),
    Rule(code="BR-FREXT-CO-15", on="totals", term="BT-112", check=sums.with_vat),
    Rule(code="BR-FREXT-S-08", codes=sums.BASES, on="tax_totals.breakdown", term="BT-116", check=sums.group_base),
    Rule(code="BR-FREXT-S-09", codes=sums.TAXES, on="tax_totals.breakdown", term="BT-117", check=sums.group_tax),
    Rule(
        code="BR-FREXT-CL-19-GP",
        on="lines.price_discounts.reason_code",
        check=in_list(ALLOWANCE_REASONS),
        syntaxes=CII,
    ),
    Rule(
        code="BR-FREXT-CL-24",
        on="attachments.mime_code",
        term="BT-125-1",
        check=in_list(EXTENDED_MIME_CODES),
    ),
    *(
        # The list of the artefact has two blanks in a row, between which it finds an empty code.
        Rule(code="BR-FREXT-CL-27", on=on, check=in_list(DELIVERY_TERMS | {""}))
        for on in ("delivery_terms", "lines.delivery_terms")
    ),
)

RULES: tuple[AnyRule, ...] = (*_kept(), *_OWN)
