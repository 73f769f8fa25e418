"""Invoices made wrong, or differently right, on purpose: the same ones each time for the same seed.

A mutation is a few steps of `tests.official.draft`, chosen by a generator of random numbers; most leave a document that
the schema accepts, because the rules are written for such documents.
"""

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import chain, product

from lxml import etree

from tests.official import values
from tests.official.draft import Draft, Step, children, local, path_of, prefixed
from tests.official.grammar import Child, Grammar

# A mutation that finds nothing to work on, or that the schema refuses, is drawn again so many times.
TRIES = 12
CENTS = ("0.01", "-0.01", "0.02", "0.03", "0.99", "1.00", "1.01", "-1", "0.005", "0.001", "100", "-0.99")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A document, and how it came about: a base and the steps from it."""

    base: str
    steps: tuple[Step, ...]
    document: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Breeder:
    """Makes mutants of some bases. `unused` are paths, from the root, that a rule wants absent; `is_valid` is the schema.

    `is_by_situation` says that frame, type and schemes of a base decide what its single changes break.
    """

    bases: Mapping[str, Draft]
    grammar: Grammar
    unused: Sequence[tuple[str, ...]]
    is_valid: Callable[[etree._Element], bool]
    is_by_situation: bool = False

    def breed(self, count: int, seed: int, *, valid_only: bool = True) -> Iterator[Mutant]:
        """So many mutants of a seed."""
        for number in range(count):
            yield self.one(random.Random(f"{seed}/{number}"), valid_only=valid_only)

    def sweep(self) -> Iterator[Mutant]:
        """Each thing once: every element missing, twice and empty, every attribute missing or added, every unused path there."""
        seen: set[tuple[str, tuple[Step, ...]]] = set()
        for mutant in chain(self._singles(), self._pairs(), *map(self._with_unused, self.unused)):
            if (mutant.base, mutant.steps) not in seen:
                seen.add((mutant.base, mutant.steps))
                yield mutant

    def _singles(self) -> Iterator[Mutant]:
        seen: set[tuple[str, ...]] = set()
        for name, base in self.bases.items():
            situation = situation_of(base.root) if self.is_by_situation else ""
            added = () if self.is_by_situation else self._attributes(base.root)
            for step in (*_single_steps(base.root), *added):
                # One of several namesakes is enough, unless each is of a kind of its own.
                path = str(step[1]) if self.is_by_situation else re.sub(r"\[\d+\]", "", str(step[1]))
                mark = (situation, str(step[0]), path, *map(str, step[2:]))
                if mark not in seen:
                    seen.add(mark)
                    yield self._mutant(name, base.copy().do_all([step]))

    def _pairs(self) -> Iterator[Mutant]:
        """Every frame with every type, where what a rule says depends on them."""
        name, base = next(iter(self.bases.items()))
        if self.is_by_situation:
            frame, type_code = (next(filter(fits, base.root.iter(etree.Element))) for fits in (_is_frame, _is_type))
            for one, other in product(values.CODES["frame"], values.CODES["type"]):
                steps: tuple[Step, ...] = (("text", path_of(frame), one), ("text", path_of(type_code), other))
                yield self._mutant(name, base.copy().do_all(steps))

    def _attributes(self, root: etree._Element) -> Iterator[Step]:
        for element in root.iter(etree.Element):
            for name in self.grammar.attributes(self.grammar.type_of(element)) if not children(element) else ():
                if name not in element.attrib:
                    yield "attribute", path_of(element), name, "flux"

    def _with_unused(self, way: tuple[str, ...]) -> Iterator[Mutant]:
        for name, base in self.bases.items():
            draft = base.copy()
            try:
                put_unused(_Site(draft, random.Random(0), self), way)
            except LookupError:
                continue
            yield self._mutant(name, draft)
            return

    @staticmethod
    def _mutant(name: str, draft: Draft) -> Mutant:
        return Mutant(base=name, steps=tuple(draft.steps), document=draft.written())

    def one(self, rng: random.Random, *, valid_only: bool = True) -> Mutant:
        """One mutant, of one to four mutations."""
        name = rng.choice(list(self.bases))
        draft = self.bases[name].copy()
        for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4))):
            draft = self._mutated(draft, rng, valid_only=valid_only)
        return self._mutant(name, draft)

    def _mutated(self, draft: Draft, rng: random.Random, *, valid_only: bool) -> Draft:
        for _ in range(TRIES):
            attempt = draft.copy()
            (mutation,) = rng.choices(MUTATIONS, WEIGHTS)
            try:
                mutation(_Site(attempt, rng, self))
            except LookupError:
                continue
            if len(attempt.steps) > len(draft.steps) and (not valid_only or self.is_valid(attempt.root)):
                return attempt
        return draft


class _Site:
    """A document under mutation, with what a mutation asks of it; a choice out of nothing is a LookupError."""

    def __init__(self, draft: Draft, rng: random.Random, breeder: Breeder) -> None:
        self.draft, self.rng = draft, rng
        self.grammar, self.unused = breeder.grammar, breeder.unused

    def choice(self, options: Sequence[str]) -> str:
        return self.rng.choice(options)

    def element(self, pattern: str = ".*") -> etree._Element:
        """Any element whose `Parent/Name` fits."""
        return self.of_any_name(self.elements(pattern))

    def of_any_name(self, elements: Sequence[etree._Element]) -> etree._Element:
        """One of them, a rare name as likely as a frequent one."""
        named: dict[str, list[etree._Element]] = {}
        for each in elements:
            named.setdefault(f"{parent_name(each)}/{local(each)}", []).append(each)
        return self.rng.choice(self.rng.choice(list(named.values())))

    def elements(self, pattern: str) -> list[etree._Element]:
        wanted = re.compile(pattern)
        return [each for each in self.all() if wanted.fullmatch(f"{parent_name(each)}/{local(each)}")]

    def all(self) -> list[etree._Element]:
        return [each for each in self.draft.root.iter(etree.Element) if each is not self.draft.root]

    def leaf(self, pattern: str = ".*") -> etree._Element:
        return self.of_any_name([each for each in self.elements(pattern) if not children(each)])

    def write(self, element: etree._Element, text: str) -> None:
        self.draft.do("text", path_of(element), text)

    def grow(self, parent: etree._Element, child: Child) -> etree._Element:
        """A child where the schema wants it, with what it cannot be without."""
        order = [each.name for each in self.grammar.children(self.grammar.type_of(parent))]
        rank = order.index(child.name) if child.name in order else len(order)
        place = 0
        for place, held in enumerate(parent):  # noqa: B007 - the place after the loop is what counts
            if isinstance(held.tag, str) and held.tag in order and order.index(str(held.tag)) > rank:
                break
        else:
            place = len(parent)
        inner = self.grammar.children(child.type)
        name = prefixed(child.name)
        usual = values.values_of(local(parent), name.partition(":")[2], "") if not inner else ()
        base = self.grammar.text(child.type)
        text = "" if inner else base if base != "flux" or not usual else usual[0] or base
        self.draft.do("insert", path_of(parent), place, name, text)
        grown = parent[place]
        for needed in inner:
            if needed.is_required:
                self.grow(grown, needed)
        if "currencyID" in self.grammar.attributes(child.type) and not inner:
            self.draft.do("attribute", path_of(grown), "currencyID", "EUR")
        return grown


def _single_steps(root: etree._Element) -> Iterator[Step]:
    for element in root.iter(etree.Element):
        path = path_of(element)
        if element is not root:
            yield "drop", path
            yield "copy", path
        if not children(element):
            yield "text", path, ""
            yield from (("text", path, other) for other in _others(element))
        for name in element.attrib:
            yield "attribute", path, str(name), None


def _others(element: etree._Element) -> tuple[str, ...]:
    """A number with three decimals, a code of no list, an identifier that is too long or has a space."""
    if local(element).endswith(("Amount", "Percent", "Quantity", "Numeric")):
        return (f"{(element.text or '').partition('.')[0]}.123",)
    return ("x" * 126, "a b") if local(element).endswith("ID") else ("ZZ9",)


def situation_of(root: etree._Element) -> str:
    """Frame, type and identifier schemes of a document."""
    leaves = [each.text or "" for each in root.iter(etree.Element) if _is_frame(each) or _is_type(each)]
    schemes = {str(value) for each in root.iter(etree.Element) for value in each.attrib.values()}
    return " ".join((*leaves, *sorted(schemes & set(values.CODES["scheme"]))))


def _is_frame(element: etree._Element) -> bool:
    return values.kind_of(parent_name(element), local(element)) == "frame"


def _is_type(element: etree._Element) -> bool:
    return values.kind_of(parent_name(element), local(element)) == "type"


def parent_name(element: etree._Element) -> str:
    """The local name of the parent."""
    parent = element.getparent()
    return "" if parent is None else local(parent)


def drop(site: _Site) -> None:
    """Any element goes."""
    site.draft.do("drop", path_of(site.element()))


def drop_leaf(site: _Site) -> None:
    """A single value goes."""
    site.draft.do("drop", path_of(site.leaf()))


def drop_few(site: _Site) -> None:
    """Two or three children of one element go."""
    parent = site.rng.choice([each for each in site.all() if len(children(each)) > 1])
    held = children(parent)
    for element in site.rng.sample(held, min(len(held), site.rng.choice((2, 2, 3)))):
        site.draft.do("drop", path_of(element))


def drop_every(site: _Site) -> None:
    """Every element of a name goes, perhaps of one parent's name only."""
    name = local(site.element())
    parent = site.choice((r"\w+", parent_name(site.element(rf"\w+/{name}"))))
    for element in site.elements(rf"{parent}/{name}"):
        site.draft.do("drop", path_of(element))


def drop_tax_numbers(site: _Site) -> None:
    """A party, or every party, has no tax number; perhaps there is no representative either."""
    numbers = site.elements(r"\w+/PartyTaxScheme|\w+/SpecifiedTaxRegistration")
    party = parent_name(site.rng.choice(numbers)) if site.rng.random() < 0.4 else ""
    for element in numbers:
        if party in {"", parent_name(element)}:
            site.draft.do("drop", path_of(element))
    if site.rng.random() < 0.5:
        for element in site.elements(r"\w+/TaxRepresentativeParty|\w+/SellerTaxRepresentativeTradeParty"):
            site.draft.do("drop", path_of(element))


def drop_reasons(site: _Site) -> None:
    """An allowance or a charge gives no reason, neither as a text nor as a code."""
    element = site.element(r"\w+/(AllowanceCharge|SpecifiedTradeAllowanceCharge)")
    for reason in [each for each in children(element) if "Reason" in local(each)]:
        site.draft.do("drop", path_of(reason))


def duplicate(site: _Site) -> None:
    """Any element stands twice."""
    site.draft.do("copy", path_of(site.element()))


def duplicate_and_change(site: _Site) -> None:
    """A group stands twice, the second differing in one value."""
    element = site.rng.choice([each for each in site.all() if children(each)])
    site.draft.do("copy", path_of(element))
    twin = element.getnext()
    if twin is None:
        raise LookupError
    leaf = site.rng.choice([each for each in twin.iter(etree.Element) if not children(each)])
    _replace(site, leaf)


def empty(site: _Site) -> None:
    """A value is empty or blank."""
    site.write(site.leaf(), site.choice(("", "", " ", "\n  ")))


def retype(site: _Site) -> None:
    """A value is of another kind."""
    site.write(site.leaf(), site.choice(values.WEIRD))


def pad(site: _Site) -> None:
    """White space stands around a value."""
    leaf = site.leaf()
    site.write(leaf, site.choice((" {}", "{} ", "\n{}\n", "\t{}", "  {}  ")).format(leaf.text or ""))


def split(site: _Site) -> None:
    """A comment stands inside a value."""
    site.draft.do("split", path_of(site.leaf()))


def recase(site: _Site) -> None:
    """A value is in the other case."""
    leaf = site.leaf()
    text = leaf.text or ""
    site.write(leaf, text.lower() if text != text.lower() else text.upper())


def replace_value(site: _Site) -> None:
    """A value becomes another of its kind."""
    _replace(site, site.leaf())


def replace_code(site: _Site) -> None:
    """A value that stands in a list becomes another, of the list or not."""
    coded = [each for each in site.all() if not children(each) and values.kind_of(parent_name(each), local(each))]
    _replace(site, site.of_any_name(coded))


def _replace(site: _Site, leaf: etree._Element) -> None:
    site.write(leaf, site.choice(values.values_of(parent_name(leaf), local(leaf), leaf.text or "")))


def change_identifier(site: _Site) -> None:
    """An identifier of a party has another scheme, and perhaps another value."""
    element = site.element(
        r"PartyIdentification/ID|PartyLegalEntity/CompanyID|\w+/EndpointID|\w+/GlobalID|DeliveryLocation/ID"
        r"|SpecifiedLegalOrganization/ID|URIUniversalCommunication/URIID|\w*DocumentReference/ID|\w+/ReferenceTypeCode"
    )
    site.draft.do("attribute", path_of(element), "schemeID", site.choice(values.CODES["scheme"]))
    if site.rng.random() < 0.6:
        site.write(element, site.choice((*values.CODES["siren"], *values.CODES["endpoint"], *values.WEIRD)))


# What decides together whether a French rule applies.
_FRENCH = r"\w+/ProfileID|Business\w+/ID|\w+/(Invoice|CreditNote)TypeCode|ExchangedDocument/TypeCode|(Invoice|CreditNote)/Note|IncludedNote/(Content|SubjectCode)|\w+/LineStatusReasonCode|\w+/DocumentStatusCode|\w*DocumentReference/DocumentDescription|AdditionalReferencedDocument/(Name|ReferenceTypeCode|TypeCode)"


def change_case(site: _Site) -> None:
    """Frame, type, notes and subtypes become others, several at once."""
    for _ in range(site.rng.choice((1, 2, 3))):
        _replace(site, site.leaf(_FRENCH))


def change_amount(site: _Site) -> None:
    """An amount differs a little, has another sign, or more decimals."""
    leaf = site.leaf(r".*(Amount|Percent|Quantity|Numeric)")
    try:
        amount = Decimal((leaf.text or "").strip())
    except InvalidOperation as not_a_number:
        raise LookupError from not_a_number
    changed = site.choice(
        (
            *(str(amount + Decimal(cents)) for cents in CENTS),
            str(-amount),
            f"{amount}0",
            f"{amount}001" if "." in str(amount) else f"{amount}.001",
            str(amount * 1000),
            str(amount / 2),
            f"0{amount}",
        )
    )
    site.write(leaf, changed)


def change_date(site: _Site) -> None:
    """A date becomes another."""
    _replace(site, site.leaf(r".*Date|.*/DateTimeString"))


def change_category(site: _Site) -> None:
    """One VAT category becomes another, in one place."""
    site.write(site.leaf(r"(\w*TaxCategory/ID|\w*Tax/CategoryCode)"), site.choice(values.CATEGORIES))


def change_every_category(site: _Site) -> None:
    """A VAT category becomes another wherever it stands, with the rate that goes with it, perhaps."""
    leaves = site.elements(r"(\w*TaxCategory/ID|\w*Tax/CategoryCode)")
    old = site.rng.choice(leaves).text
    category = site.choice(values.CATEGORIES)
    rate = site.choice(("20", "0", "0.00", "5.5", "keep", "drop"))
    for leaf in leaves:
        if leaf.text == old:
            site.write(leaf, category)
            _set_rate(site, leaf, rate)
    if site.rng.random() < 0.5:
        _zero_tax(site, category)


def _set_rate(site: _Site, leaf: etree._Element, rate: str) -> None:
    parent = leaf.getparent()
    found = [
        each for each in (parent if parent is not None else ()) if local(each) in {"Percent", "RateApplicablePercent"}
    ]
    for percent in found:
        if rate == "drop":
            site.draft.do("drop", path_of(percent))
        elif rate != "keep":
            site.write(percent, rate)


def _zero_tax(site: _Site, category: str) -> None:
    """The breakdown of a category has no tax."""
    for amount in site.elements(r"TaxSubtotal/TaxAmount|ApplicableTradeTax/CalculatedAmount"):
        group = amount.getparent()
        held = [] if group is None else [each.text for each in group.iter(etree.Element)]
        if category in held:
            site.write(amount, "0.00")


def give_reason(site: _Site) -> None:
    """A VAT breakdown gets an exemption reason or code, or another."""
    category = site.element(r".*/TaxCategory|ApplicableHeaderTradeSettlement/ApplicableTradeTax")
    wanted = site.choice(("TaxExemptionReason", "TaxExemptionReasonCode"))
    if local(category) == "ApplicableTradeTax":
        wanted = wanted.removeprefix("Tax")
    held = [each for each in category if local(each) == wanted]
    leaf = held[0] if held else _grown(site, category, wanted)
    site.write(leaf, site.choice(values.CODES["exemption" if wanted.endswith("Code") else "reason"]))


def _grown(site: _Site, parent: etree._Element, name: str) -> etree._Element:
    allowed = site.grammar.children(site.grammar.type_of(parent))
    return site.grow(parent, site.rng.choice([each for each in allowed if each.name.endswith("}" + name)]))


def change_currency(site: _Site) -> None:
    """Every amount, or the document alone, is in another currency."""
    currency = site.choice(values.CODES["currency"])
    if site.rng.random() < 0.5:
        for element in site.all():
            if "currencyID" in element.attrib:
                site.draft.do("attribute", path_of(element), "currencyID", currency)
    site.write(site.leaf(r".*/\w*CurrencyCode"), currency)


def change_attribute(site: _Site) -> None:
    """An attribute has another value."""
    element, name = _attribute(site)
    kind = values.kind_of(local(element), f"@{name}")
    site.draft.do("attribute", path_of(element), name, site.choice(values.CODES[kind] if kind else values.WEIRD))


def drop_attribute(site: _Site) -> None:
    """An attribute goes."""
    element, name = _attribute(site)
    site.draft.do("attribute", path_of(element), name, None)


def _attribute(site: _Site) -> tuple[etree._Element, str]:
    return site.rng.choice([(each, str(name)) for each in site.all() for name in each.attrib])


def add_attribute(site: _Site) -> None:
    """An element bears an attribute that the schema allows."""
    leaf = site.leaf()
    names = [name for name in site.grammar.attributes(site.grammar.type_of(leaf)) if name not in leaf.attrib]
    name = site.choice(names)
    kind = values.kind_of(local(leaf), f"@{name}")
    site.draft.do("attribute", path_of(leaf), name, site.choice(values.CODES[kind]) if kind else "flux")


def swap(site: _Site) -> None:
    """Two neighbours change places."""
    site.draft.do("swap", path_of(site.element()))


def insert(site: _Site) -> None:
    """An element stands where the schema allows one."""
    parent = site.rng.choice([site.draft.root, *(each for each in site.all() if children(each))])
    child = site.rng.choice(site.grammar.children(site.grammar.type_of(parent)))
    grown = site.grow(parent, child)
    for _ in range(site.rng.choice((0, 0, 1, 2))):
        inner = site.grammar.children(site.grammar.type_of(grown))
        if inner:
            grown = site.grow(grown, site.rng.choice(inner))


def insert_unused(site: _Site) -> None:
    """An element or attribute stands that a rule wants absent."""
    put_unused(site, site.rng.choice(site.unused))


def put_unused(site: _Site, path: tuple[str, ...]) -> None:
    """What stands at the end of a path (`tests.official.unused`) and all that leads there."""
    element = site.draft.root
    *way, last = path
    if last.startswith("//@"):
        bearers = [each for each in site.all() if last[3:] in site.grammar.attributes(site.grammar.type_of(each))]
        element, last = site.rng.choice(bearers or site.all()), last[2:]
    if way and way[0].startswith("//"):
        element = site.element(r"\w*/" + way.pop(0)[2:].replace("*", r"\w*"))
    for name in way:
        held = [each for each in children(element) if local(each) == name]
        element = site.rng.choice(held) if held else _grown(site, element, name)
    if last.startswith("@"):
        kind = values.kind_of(local(element), last)
        site.draft.do("attribute", path_of(element), last[1:], values.CODES[kind][0] if kind else "flux")
    else:
        _grown(site, element, last)


def insert_value(site: _Site) -> None:
    """An element of a kind that the rules look at stands where it did not."""
    parent = site.rng.choice([site.draft.root, *(each for each in site.all() if children(each))])
    present = {str(each.tag) for each in parent}
    allowed = [
        each
        for each in site.grammar.children(site.grammar.type_of(parent))
        if each.name not in present and values.kind_of(local(parent), each.name.rpartition("}")[2])
    ]
    _replace(site, site.grow(parent, site.rng.choice(allowed)))


_WEIGHTED: Mapping[Callable[[_Site], None], int] = {
    drop: 8,
    drop_leaf: 12,
    drop_few: 5,
    drop_every: 6,
    drop_tax_numbers: 5,
    drop_reasons: 3,
    change_identifier: 6,
    change_case: 6,
    duplicate: 8,
    duplicate_and_change: 8,
    empty: 6,
    retype: 4,
    pad: 4,
    split: 2,
    recase: 2,
    replace_value: 10,
    replace_code: 18,
    change_amount: 16,
    change_date: 4,
    change_category: 8,
    change_every_category: 10,
    give_reason: 5,
    change_currency: 4,
    change_attribute: 6,
    drop_attribute: 4,
    add_attribute: 4,
    swap: 2,
    insert: 8,
    insert_unused: 10,
    insert_value: 6,
}
MUTATIONS, WEIGHTS = tuple(_WEIGHTED), tuple(_WEIGHTED.values())
