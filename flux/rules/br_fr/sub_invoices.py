"""BR-FR-MV, BR-FR-BD: invoices of several sellers (frames 8) and invoices in which both parties sell (frames 9).

Their lines are the sub-invoices: a top GROUP line is the head of one, its number (AFL), seller and totals are its own, and
the lines below it repeat them. No other invoice is asked anything here.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import reduce
from operator import add
from typing import NamedTuple

from flux.model.finding import Place
from flux.model.invoice import Invoice, Line, Party
from flux.model.term import Terms
from flux.rules.br_fr.frames import SEVERAL_SELLERS, goes_both_ways, has_several_sellers
from flux.rules.br_fr.sub_lines import (
    DETAIL,
    GROUP,
    OWN_FRAME,
    SUB_INVOICE,
    count_top_groups,
    is_part_of,
    objects,
    own_statuses,
    parents,
)
from flux.rules.br_fr.texts import NOTHING, plain, texts
from flux.rules.br_fr.types import SELF_BILLED_TYPES
from flux.rules.numbers import ZERO, number, parse, write
from flux.rules.rule import AnyRule, Hit, Matter, Rule

_CORRECTIONS_BY_SELLER = frozenset({"384", "472", "381", "396", "503"})
_CORRECTIONS_BY_BUYER = frozenset({"261", "471", "473", "502"})
_TOLERANCE = 0.01
_CENT = Decimal("0.01")
_LINES_OF_GROUP = "EXT-FR-FE-BG-12"


class Head(NamedTuple):
    """A top GROUP line: its place among the lines, and the number of its sub-invoice."""

    at: int
    line: Line
    number: str


class View(NamedTuple):
    """What the rules ask of the lines, found once: the heads, each as often as it says that it is one, and the lines by identifier."""

    heads: tuple[Head, ...]
    lines: dict[str, list[Line]]


def _view(matter: Matter) -> View:
    lines: dict[str, list[Line]] = {}
    heads: list[Head] = []
    for index, line in enumerate(matter.invoice.lines):
        for identifier in texts(line.identifier):
            lines.setdefault(identifier, []).append(line)
        count = count_top_groups(line, matter)
        if count:
            heads += [Head(index, line, _number(line))] * count
    return View(tuple(heads), lines)


def _number(line: Line) -> str:
    """The number of the sub-invoice of a line, empty where it has none."""
    return plain(next(iter(objects(line, SUB_INVOICE)), ""))


def _legal_ids(parties: tuple[Party, ...]) -> frozenset[str]:
    return texts(tuple(term for party in parties for term in party.legal_identifiers)) if parties else NOTHING


def _legal_id(line: Line) -> str:
    return plain(next((term.text for party in line.sellers for term in party.legal_identifiers), ""))


def _amount(terms: Terms, currencies: frozenset[str]) -> str | None:
    return next((term.text for term in terms if term.qualifier in currencies), None)


def _vat(line: Line, currency: Terms) -> str | None:
    """The VAT of a line in a currency."""
    return _amount(tuple(term for total in line.tax_totals for term in total.amount), texts(currency))


def _at(index: int, *place: str | int) -> Place:
    return ("lines", index, *place)


def _subtypes(matter: Matter, _: View) -> Iterator[Hit]:
    for index, line in enumerate(matter.invoice.lines):
        statuses = own_statuses(line, matter)
        if (matter.is_ubl and statuses is None) or (statuses is not None and not any(map(plain, statuses or {""}))):
            yield Hit(code="BR-FR-MV-01", detail="EXT-FR-FE-163", place=_at(index), term="EXT-FR-FE-163")


def _enough_heads(matter: Matter, view: View) -> Iterator[Hit]:
    if not (matter.is_ubl or matter.invoice.transactions):
        return
    if has_several_sellers(matter.invoice):
        if not view.heads:
            yield Hit(code="BR-FR-MV-02", detail="EXT-FR-FE-163", found="0", expected=">= 1")
        return
    invoice = matter.invoice
    sellers, buyers = _legal_ids(invoice.sellers), _legal_ids(invoice.buyers)
    for detail, count, wanted in (
        ("EXT-FR-FE-163", len(view.heads), 2),
        ("BT-30", _count_of(view, sellers), 1),
        ("BT-47", _count_of(view, buyers), 1),
    ):
        if count != wanted:
            yield Hit(code="BR-FR-BD-02", detail=detail, found=str(count), expected=str(wanted))


def _count_of(view: View, legal_ids: frozenset[str]) -> int:
    return sum(not _legal_ids(head.line.sellers).isdisjoint(legal_ids) for head in view.heads)


def _head_terms(matter: Matter, view: View) -> Iterator[Hit]:
    """BR-FR-MV-03: what the head of a sub-invoice bears."""
    invoice = matter.invoice
    for head in view.heads:
        seller = head.line.sellers
        countries = [term for party in seller for address in party.addresses for term in address.country]
        missing = {
            "EXT-FR-FE-164": not any(plain(term.text) for party in seller for term in party.name),
            "EXT-FR-FE-167": not _legal_id(head.line),
            "EXT-FR-FE-177": not any(plain(term.text) for term in countries),
            "EXT-FR-FE-181": not plain(_vat(head.line, invoice.currency) or ""),
            "EXT-FR-FE-182": bool(invoice.vat_currency) and not plain(_vat(head.line, invoice.vat_currency) or ""),
        }
        hit = Hit(code="BR-FR-MV-03", place=_at(head.at))
        yield from (hit._replace(detail=term, term=term) for term, is_missing in missing.items() if is_missing)
        for scheme, count in _count_wrong_objects(head, matter):
            wrong = hit._replace(detail=f"BT-128_{scheme}", term="BT-128")
            yield from [wrong] * count


def _count_wrong_objects(head: Head, matter: Matter) -> Iterator[tuple[str, int]]:
    """UBL asks for both identifiers, CII that those that are there are whole."""
    for scheme, fits in ((SUB_INVOICE, plain), (OWN_FRAME, _is_own_frame)):
        if matter.is_ubl:
            yield scheme, int(not any(map(fits, objects(head.line, scheme))))
        else:
            held = [reference for reference in head.line.objects if scheme in texts(reference.scheme)]
            yield (
                scheme,
                sum(
                    "130" not in texts(reference.type_code) or not any(fits(term.text) for term in reference.identifier)
                    for reference in held
                ),
            )


def _is_own_frame(text: str) -> bool:
    return bool(plain(text)) and text not in SEVERAL_SELLERS


def _net_of_groups(matter: Matter, view: View) -> Iterator[Hit]:
    """BR-FR-MV-05: the net amount of a group is that of its lines, a cent for each tolerated."""
    for head in view.heads:
        net = number(head.line.net_amount)
        group = plain(head.line.identifier[0].text) if head.line.identifier else ""
        parts = [
            value
            for line in matter.invoice.lines
            if is_part_of(line, group, matter)
            for term in line.net_amount
            if (value := parse(term.text)) is not None
        ]
        if net is None or not _is_near(net, parts, _TOLERANCE * len(parts)):
            place = _at(head.at, "net_amount", 0)
            yield Hit(
                code="BR-FR-MV-05",
                found=write(net),
                expected=write(sum(parts, ZERO)),
                place=place,
                detail=_LINES_OF_GROUP,
            )


def _is_near(amount: Decimal, parts: list[Decimal], tolerance: float) -> bool:
    """The official rules sum untyped texts, as floating point."""
    return abs(float(amount) - reduce(add, map(float, parts), 0.0)) <= tolerance


def _as_the_parent(code: str, detail: str, read: Callable[[Line], str]) -> Callable[[Matter, View], Iterator[Hit]]:
    """BR-FR-MV-06, BR-FR-MV-07: every line bears it, and the same as the line that it details."""

    def check(matter: Matter, view: View) -> Iterator[Hit]:
        for index, line in enumerate(matter.invoice.lines):
            held, above = read(line), parents(line, matter)
            expected = next((read(each) for parent in above for each in view.lines.get(parent, ())), "")
            if not held or (above and held != expected):
                yield Hit(code=code, found=held or None, expected=expected or None, place=_at(index), detail=detail)

    return check


def _exemption_reasons(matter: Matter, _: View) -> Iterator[Hit]:
    """BR-FR-MV-08: the exemption reason of a detail begins with the number of its sub-invoice."""
    for index, line in enumerate(matter.invoice.lines):
        if DETAIL not in (own_statuses(line, matter) or ()):
            continue
        held = _number(line)
        reason = next((term.text for tax in line.tax_categories for term in tax.exemption_reason), "")
        if not held or not plain(reason) or not reason.startswith(f"#{held}#"):
            yield Hit(
                code="BR-FR-MV-08", found=reason or None, expected=f"#{held}#...", place=_at(index), detail="BT-128"
            )


def _vat_of_groups(matter: Matter, view: View) -> Iterator[Hit]:
    """BR-FR-MV-09: the VAT of a group is that of the breakdowns whose reason begins with its number."""
    invoice = matter.invoice
    for head in view.heads:
        start = f"#{head.number}#"
        parts = [
            value
            for group in invoice.vat_breakdown
            if "VAT" in texts(group.scheme) and any(term.text.startswith(start) for term in group.exemption_reason)
            for term in group.tax
            if (value := parse(term.text)) is not None
        ]
        vat = parse(_vat(head.line, invoice.currency) or "")
        if vat is None or not _is_near(vat, parts, _TOLERANCE):
            place = _at(head.at, "tax_totals", 0, "amount", 0)
            expected = write(sum(parts, ZERO))
            yield Hit(code="BR-FR-MV-09", found=write(vat), expected=expected, place=place, detail="EXT-FR-FE-181")


def _gross_of_groups(matter: Matter, view: View) -> Iterator[Hit]:
    """BR-FR-MV-10: the amount with VAT of a group, where it is given, is net and VAT, a cent for each line tolerated."""
    for head in view.heads:
        line = head.line
        if not line.total_with_vat:
            continue
        gross, net = number(line.total_with_vat), number(line.net_amount)
        vat = parse(_vat(line, matter.invoice.currency) or "")
        if gross is None or net is None or vat is None or abs(gross - net - vat) > _CENT * _count_below(line, matter):
            expected = write(net + vat) if net is not None and vat is not None else None
            place = _at(head.at, "total_with_vat", 0)
            yield Hit(code="BR-FR-MV-10", found=write(gross), expected=expected, place=place, detail="EXT-FR-FE-184")


def _count_below(group: Line, matter: Matter) -> int:
    identifiers = texts(group.identifier)
    return sum(
        not (
            parents(line, matter).isdisjoint(identifiers)
            or (own_statuses(line, matter) or NOTHING).isdisjoint({DETAIL, GROUP})
        )
        for line in matter.invoice.lines
    )


def _main_seller(matter: Matter, view: View) -> Iterator[Hit]:
    """BR-FR-MV-11: one group of the main seller bears the number of the invoice."""
    invoice = matter.invoice
    sellers, own = _legal_ids(invoice.sellers), texts(invoice.number)
    heads = [head for head in view.heads if _legal_id(head.line) in sellers]
    lines = {head.at: head.line for head in heads}
    count = sum(not own.isdisjoint(objects(line, SUB_INVOICE)) for line in lines.values())
    if count == 1:
        return
    for head in heads:
        if (head.number in own) is (count > 1):
            expected = invoice.number[0].text if invoice.number else None
            found = head.number or None
            yield Hit(code="BR-FR-MV-11", found=found, expected=expected, place=_at(head.at), detail="BT-128")


def _distinct_numbers(matter: Matter, view: View) -> Iterator[Hit]:
    """BR-FR-MV-12: no group bears a number that stands before it."""
    before: set[str] = set()
    heads = {head.at for head in view.heads}
    for index, line in enumerate(matter.invoice.lines):
        if not matter.is_ubl:
            before.update(term.text for reference in line.references for term in reference.number)
        for held in objects(line, SUB_INVOICE):
            if index in heads and held in before:
                yield Hit(code="BR-FR-MV-12", found=held, place=_at(index), detail="BT-128")
                return
            before.add(held)


def _self_billing(matter: Matter, _: View) -> Iterator[Hit]:
    """BR-FR-MV-13, BR-FR-BD-13: several sellers never bill themselves, both parties always do."""
    invoice = matter.invoice
    for index, term in enumerate(invoice.type_code):
        code = plain(term.text)
        wanted = goes_both_ways(invoice)
        if not code or (code in SELF_BILLED_TYPES) is not wanted:
            yield Hit(
                code="BR-FR-BD-13" if wanted else "BR-FR-MV-13", found=code, place=("type_code", index), detail="BT-3"
            )


def _corrected_invoices(matter: Matter, view: View) -> Iterator[Hit]:
    """BR-FR-MV-14, BR-FR-BD-14: each head of a corrective invoice or of a credit note names what it corrects."""
    invoice = matter.invoice
    code, types = (
        ("BR-FR-BD-14", _CORRECTIONS_BY_BUYER) if goes_both_ways(invoice) else ("BR-FR-MV-14", _CORRECTIONS_BY_SELLER)
    )
    if texts(invoice.type_code).isdisjoint(types):
        return
    own = texts(invoice.number) if matter.is_ubl else NOTHING
    for head in view.heads:
        others = [each for each in head.line.references if not matter.is_ubl or texts(each.number) - own]
        hit = Hit(code=code, place=_at(head.at))
        if not any(each.number for each in others):
            yield hit._replace(detail="EXT-FR-FE-136", term="EXT-FR-FE-136")
        if not any(each.issue_date for each in others):
            yield hit._replace(detail="EXT-FR-FE-138", term="EXT-FR-FE-138")


_CHECKS: tuple[Callable[[Matter, View], Iterator[Hit]], ...] = (
    _subtypes,
    _enough_heads,
    _head_terms,
    _net_of_groups,
    _as_the_parent("BR-FR-MV-06", "EXT-FR-FE-167", _legal_id),
    _as_the_parent("BR-FR-MV-07", "BT-128", _number),
    _exemption_reasons,
    _vat_of_groups,
    _gross_of_groups,
    _main_seller,
    _distinct_numbers,
    _self_billing,
    _corrected_invoices,
)


def _judge(invoice: Invoice, matter: Matter) -> list[Hit] | None:
    if not (has_several_sellers(invoice) or goes_both_ways(invoice)):
        return None
    view = matter.once(_view)
    return [hit for check in _CHECKS for hit in check(matter, view)] or None


_CODES = (
    *(f"BR-FR-MV-{number:02}" for number in (1, 2, 3, *range(5, 15))),
    "BR-FR-BD-02",
    "BR-FR-BD-13",
    "BR-FR-BD-14",
)

RULES: tuple[AnyRule, ...] = (Rule(code="BR-FR-MV-01", check=_judge, codes=_CODES),)
