"""The syntaxes that flux reads, in one list. A new one is one file with its tables, and one line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from flux.formats import cii, ubl
from flux.formats.mapping import Table
from flux.formats.position import Position, position_of
from flux.formats.profile import EN16931, EXTENDED_CTC_FR
from flux.formats.terms import field_term
from flux.formats.tree import Element
from flux.model.finding import Place
from flux.model.interface import Syntax
from flux.model.invoice import Invoice

# An element, and the tag of a child that it lacks or None, to a business term.
TermFinder = Callable[[Element, str | None], str | None]


def find_no_term(_element: Element, _missing: str | None) -> str | None:
    """The finder for a document whose elements are no business terms."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntaxFormat:
    """One syntax: its root elements with their tables, and the schemas that judge it.

    `schema` decides. `subsets` gives the schema that a profile adds beside it; `default_subset` is added for any
    profile that is not a key there.
    """

    syntax: Syntax
    name: str
    tables: Mapping[str, Table]
    schema: str
    subsets: Mapping[str, str | None]
    default_subset: str | None

    def schemas(self, profile: str | None) -> tuple[str, ...]:
        """The catalogue ids of the schemas for a document of this profile (`flux.formats.profile`), the decisive one first."""
        subset = self.subsets.get(profile or EN16931, self.default_subset)
        return (self.schema,) if subset is None else (self.schema, subset)

    def read(self, root: Element) -> tuple[Invoice, ...]:
        """The invoices that the document holds, in its order."""
        return (self.tables[root.tag].read(root),)

    def locate(self, root: Element, place: Place) -> Position:
        """Where the term at a place stands; where the document has no such term, the nearest group that it has."""
        return position_of(self.tables[root.tag].element_at(root, place))

    def term_finder(self, root: Element) -> TermFinder:
        """What tells the business term, or the group, of an element of this document, or of a child that it lacks."""
        table = self.tables[root.tag]
        invoice = table.read(root)
        places: dict[Element, Place] = {}
        for place, element in table.places(root):
            # A term says more than the group that the same element opens.
            if element not in places or len(place) > len(places[element]):
                places[element] = place

        def find_term(element: Element, missing: str | None) -> str | None:
            if missing is None:
                return field_term(places[element], invoice) if element in places else None
            way = [str(held.tag) for held in (element, *element.iterancestors())]
            field = table.field_at([*reversed(way[:-1]), missing])
            return None if field is None else field_term(field)

        return find_term


UBL = SyntaxFormat(
    syntax=Syntax.UBL,
    name="UBL 2.1",
    tables={ubl.INVOICE_ROOT: ubl.INVOICE, ubl.CREDIT_NOTE_ROOT: ubl.CREDIT_NOTE},
    schema="ubl-2.1",
    subsets={},
    default_subset=None,
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
)

# The CII of a PDF, told apart by its carrier: a root element alone is plain CII.
FACTURX = replace(CII, syntax=Syntax.FACTURX, name="Factur-X")

SYNTAXES = (UBL, CII)


def syntax_of(root: Element) -> SyntaxFormat | None:
    """The syntax whose root element this is, by namespace and local name."""
    return next((syntax for syntax in SYNTAXES if root.tag in syntax.tables), None)


def read_syntaxes() -> tuple[str, ...]:
    """What people call the syntaxes that flux reads."""
    return tuple(syntax.name for syntax in (*SYNTAXES, FACTURX))
