"""The syntaxes that flux reads, in one list. A new one is one file with its tables, and one line here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flux.formats import cii, cii_rules, facturx_rules, mixte, pivot, ubl
from flux.formats.french_identifiers import RULESET as BR_FR
from flux.formats.french_identifiers import judge_identifiers
from flux.formats.french_references import judge_references
from flux.formats.mapping import Table
from flux.formats.position import Position, Positions
from flux.formats.profile import EN16931, EXTENDED_CTC_FR
from flux.formats.terms import field_term
from flux.formats.tree import Element
from flux.formats.ubl_rules import judge_bound_rules as judge_ubl
from flux.model.finding import Observation, Place
from flux.model.interface import Family, Syntax
from flux.model.invoice import Invoice

# The rules of an official set that are bound to a syntax, by the element that holds an invoice, the name of the set, and the
# invoice that was read from the element.
BoundRules = Callable[[Element, str, Invoice], tuple[Observation, ...]]

# An element, and the tag of a child that it lacks or None, to a business term.
TermFinder = Callable[[Element, str | None], str | None]


def bind_no_rule(_holder: Element, _ruleset: str, _invoice: Invoice) -> tuple[Observation, ...]:
    """The rules of a syntax that no official set binds itself to."""
    return ()


def _judge_french(holder: Element) -> tuple[Observation, ...]:
    return judge_identifiers(holder) + judge_references(holder)


def bind_ubl_rules(holder: Element, ruleset: str, invoice: Invoice) -> tuple[Observation, ...]:
    """What a UBL document breaks of the rules that a set binds to its elements."""
    return _judge_french(holder) if ruleset == BR_FR else judge_ubl(holder, ruleset, invoice)


def bind_cii_rules(holder: Element, ruleset: str, _invoice: Invoice) -> tuple[Observation, ...]:
    """What a CII breaks of the rules that a set binds to its elements."""
    if ruleset == BR_FR:
        return _judge_french(holder)
    if ruleset in cii_rules.RULESETS:
        return cii_rules.judge(holder, ruleset)
    return facturx_rules.judge(holder, ruleset) if ruleset in facturx_rules.RULESETS else ()


def find_no_term(_element: Element, _missing: str | None) -> str | None:
    """The finder for a document whose elements are no business terms."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntaxFormat:
    """One syntax: its root elements with their tables, and the schemas that judge it.

    `schema` decides, unless `schema_of` picks another by the version that the root declares. `subsets` gives the schema
    that a profile adds beside it; `default_subset` is added for any profile that is not a key there. `units` is the path
    from the root to the elements that hold an invoice each, empty where the root holds the only one. `family` judges
    every invoice of the syntax where it is given. `bound_rules` are those that judge elements, not business terms.
    """

    syntax: Syntax
    name: str
    tables: Mapping[str, Table]
    schema: str
    subsets: Mapping[str, str | None]
    default_subset: str | None
    schema_of: Callable[[Element], str] | None = None
    units: str = ""
    family: Family | None = None
    bound_rules: BoundRules = bind_no_rule

    def schemas(self, profile: str | None, root: Element | None = None) -> tuple[str, ...]:
        """The catalogue ids of the schemas for a document of this profile (`flux.formats.profile`), the decisive one first."""
        decisive = self.schema if self.schema_of is None or root is None else self.schema_of(root)
        subset = self.subsets.get(profile or EN16931, self.default_subset)
        return (decisive,) if subset is None else (decisive, subset)

    def holders(self, root: Element) -> tuple[Element, ...]:
        """The elements that hold an invoice each: the root, or the units of a document that holds many or none."""
        return tuple(root.iterfind(self.units)) if self.units else (root,)

    def read(self, root: Element) -> tuple[Invoice, ...]:
        """The invoices that the document holds, in its order."""
        return tuple(self.read_one(holder, root) for holder in self.holders(root))

    def read_one(self, holder: Element, root: Element) -> Invoice:
        """The invoice that an element of `holders` holds."""
        return self.tables[root.tag].read(holder)

    def locate(self, holder: Element, place: Place) -> Position:
        """Where a term of an invoice stands; where the document has no such term, the nearest group that it has."""
        return next(self.locate_all(holder, (place,)))

    def locate_all(self, holder: Element, places: Sequence[Place]) -> Iterator[Position]:
        """Where some terms of an invoice stand, each as `locate` says; thousands cost little more than one."""
        root = holder.getroottree().getroot()
        return map(Positions(root).of, self.tables[root.tag].elements_at(holder, places))

    def term_finder(self, root: Element) -> TermFinder:
        """What tells the business term, or the group, of an element of this document, or of a child that it lacks."""
        table = self.tables[root.tag]
        above = self.units.split("/") if self.units else []
        places: dict[Element, tuple[Place, Invoice]] = {}
        for holder in self.holders(root):
            invoice = table.read(holder)
            for place, element in table.places(holder):
                # A term says more than the group that the same element opens.
                if element not in places or len(place) > len(places[element][0]):
                    places[element] = place, invoice

        def find_term(element: Element, missing: str | None) -> str | None:
            if missing is None:
                return field_term(*places[element]) if element in places else None
            way = [str(held.tag) for held in (element, *element.iterancestors())][-2::-1]
            if way[: len(above)] != above:
                return None
            field = table.field_at([*way[len(above) :], missing])
            return None if field is None else field_term(field)

        return find_term


UBL = SyntaxFormat(
    syntax=Syntax.UBL,
    name="UBL 2.1",
    tables={ubl.INVOICE_ROOT: ubl.INVOICE, ubl.CREDIT_NOTE_ROOT: ubl.CREDIT_NOTE},
    schema="ubl-2.1",
    subsets={},
    default_subset=None,
    bound_rules=bind_ubl_rules,
)

# A CII that declares no profile of Factur-X is measured against the EN 16931 subset; the French extension goes beyond
# every subset, and only the standard's whole schema applies.
CII = SyntaxFormat(
    syntax=Syntax.CII,
    name="CII D22B",
    tables={cii.INVOICE_ROOT: cii.INVOICE},
    schema="cii-d22b",
    subsets={
        EXTENDED_CTC_FR: None,
        **{name: name for name in ("facturx-minimum", "facturx-basicwl", "facturx-basic", "facturx-extended")},
    },
    default_subset="facturx-en16931",
    bound_rules=bind_cii_rules,
)

# The CII of a PDF, told apart by its carrier: a root element alone is plain CII.
FACTURX = replace(CII, syntax=Syntax.FACTURX, name="Factur-X")

PIVOT = SyntaxFormat(
    syntax=Syntax.PIVOT,
    name="CPPFacturePivot",
    tables={pivot.ROOT: pivot.UNIT},
    schema=pivot.SCHEMA,
    subsets={},
    default_subset=None,
    schema_of=pivot.schema_of,
    units=pivot.UNITS,
    family=Family.LEGACY,
)

MIXTE = SyntaxFormat(
    syntax=Syntax.MIXTE,
    name="CPPFactureMixte",
    tables={mixte.ROOT: mixte.UNIT},
    schema=mixte.SCHEMA,
    subsets={},
    default_subset=None,
    units=mixte.UNITS,
    family=Family.LEGACY,
)

SYNTAXES = (UBL, CII, PIVOT, MIXTE)


def syntax_of(root: Element) -> SyntaxFormat | None:
    """The syntax whose root element this is, by namespace and local name."""
    return next((syntax for syntax in SYNTAXES if root.tag in syntax.tables), None)


def read_syntaxes() -> tuple[str, ...]:
    """What people call the syntaxes that flux reads."""
    return tuple(syntax.name for syntax in (*SYNTAXES, FACTURX))
