"""BR-FR-15, BR-FR-16, BR-FR-DEC-04: VAT categories and rates, and how a rate is written."""

import re
from functools import lru_cache
from typing import NamedTuple

from flux.model.invoice import Line, TaxCategory, VatBreakdown
from flux.model.term import Terms
from flux.rules.br_fr.sub_lines import is_only_a_heading
from flux.rules.br_fr.texts import plain
from flux.rules.rule import UBL, AnyRule, Hit, Matter, Rule

CATEGORIES = frozenset({"S", "E", "AE", "K", "G", "O", "Z"})
ABROAD = frozenset({"L", "M"})
RATES = frozenset(
    [
        "0",
        "0.0",
        "0.00",
        "10",
        "10.0",
        "10.00",
        "13",
        "13.0",
        "13.00",
        "20",
        "20.0",
        "20.00",
        "8.5",
        "8.50",
        "19.6",
        "19.60",
        "2.1",
        "2.10",
        "5.5",
        "5.50",
        "7",
        "7.0",
        "7.00",
        "20.6",
        "20.60",
        "1.05",
        "0.9",
        "0.90",
        "1.75",
        "9.2",
        "9.20",
        "9.6",
        "9.60",
    ]
)
CATEGORY, RATE, WRITTEN_RATE = "BR-FR-15", "BR-FR-16", "BR-FR-DEC-04"
_CODES = (CATEGORY, RATE, WRITTEN_RATE)
_PERCENT = re.compile(r"[0-9]{1,4}(\.[0-9]{1,2})?")
_MOST_DIGITS = 4


@lru_cache(maxsize=512)
def is_percent(text: str) -> bool:
    """True for a rate of four digits at most, two of them decimals, without a sign."""
    return _PERCENT.fullmatch(text) is not None and len(text.replace(".", "")) <= _MOST_DIGITS


class Where(NamedTuple):
    """What the rules call a slot for VAT: by its category, by its rate, and by the way the rate is written."""

    category: str
    rate: str
    written: str


_ALLOWANCE = Where("BT-95_BT-102", "BT-96_BT-103", "BT-96_BT-103")
_BREAKDOWN = Where("BT-118", "BT-119", "BT-119")
_LINE = Where("BT-151", "BT-152", "BT-152")


def _category_hits(terms: Terms, field: str, where: Where, *, is_demanded: bool) -> list[Hit]:
    code = terms[0].text if terms else None
    if code in CATEGORIES or (code is None and not is_demanded):
        return []
    hit = Hit(found=code, place=(field, 0), detail=f"{where.category}-1")
    return [hit, hit._replace(detail=f"{where.category}-2")] if code in ABROAD else [hit]


def _rate_hits(terms: Terms, where: Where, matter: Matter, *, is_listed: bool) -> list[Hit]:
    if not terms:
        return []
    text = terms[0].text
    hits = []
    if is_listed and text not in RATES and (matter.is_ubl or text):
        hits.append(Hit(code=RATE, found=text, place=("rate", 0), detail=where.rate))
    if not is_percent(plain(text)):
        hits.append(Hit(code=WRITTEN_RATE, found=text, place=("rate", 0), detail=where.written))
    return hits


def _allowance(category: TaxCategory, matter: Matter) -> list[Hit] | None:
    hits = _category_hits(category.code, "code", _ALLOWANCE, is_demanded=not matter.is_ubl)
    return hits + _rate_hits(category.rate, _ALLOWANCE, matter, is_listed=True) or None


def _breakdown(group: VatBreakdown, matter: Matter) -> list[Hit] | None:
    category, rate = group.category, group.rate
    if category and category[0].text in CATEGORIES and rate and rate[0].text in RATES and is_percent(rate[0].text):
        return None
    hits = _category_hits(category, "category", _BREAKDOWN, is_demanded=not matter.is_ubl)
    return hits + _rate_hits(rate, _BREAKDOWN, matter, is_listed=True) or None


def _line(line: Line, matter: Matter) -> list[Hit] | None:
    """Credit notes in UBL are not asked for the rates of the list; in CII a line that is no detail may have no category."""
    hits: list[Hit] | None = None
    for index, held in enumerate(line.tax_categories):
        code, rate = held.code, held.rate
        if code and code[0].text in CATEGORIES and rate and rate[0].text in RATES and is_percent(rate[0].text):
            continue
        hits = hits or []
        seen = _category_hits(code, "code", _LINE, is_demanded=not (matter.is_ubl or is_only_a_heading(line)))
        seen += _rate_hits(rate, _LINE, matter, is_listed=not (matter.is_ubl and matter.is_credit_note))
        hits.extend(hit._replace(place=("tax_categories", index, *hit.place)) for hit in seen)
    return hits or None


RULES: tuple[AnyRule, ...] = (
    Rule(code=CATEGORY, on="allowance_charges.tax_categories", check=_allowance, codes=_CODES),
    Rule(code=CATEGORY, on="lines.allowance_charges.tax_categories", check=_allowance, codes=_CODES, syntaxes=UBL),
    Rule(code=CATEGORY, on="tax_totals.breakdown", check=_breakdown, codes=_CODES),
    Rule(code=CATEGORY, on="lines.tax_totals.breakdown", check=_breakdown, codes=_CODES, syntaxes=UBL),
    Rule(code=CATEGORY, on="lines", check=_line, codes=_CODES),
)
