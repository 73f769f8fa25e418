"""What a rule of an official set is: on which groups of the invoice it looks, and what it says of one that breaks it.

A rule looks at one group at a time ("lines", "tax_totals.breakdown", "" for the invoice itself) and answers with a Hit, or with
None where it holds. Its words, its business term and its motif stand in the table of codes under the same id.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar, cast

from flux.model.finding import Place, Severity
from flux.model.interface import Syntax
from flux.model.invoice import Invoice
from flux.rules.context import RuleContext

Group_contra = TypeVar("Group_contra", contravariant=True)
Made = TypeVar("Made")

# Factur-X is CII in a PDF: the same rules are bound to it.
UBL = frozenset({Syntax.UBL})
CII = frozenset({Syntax.CII, Syntax.FACTURX})
BOTH = UBL | CII


class Matter:
    """What a rule may look at beside its group: the whole invoice, its syntax, and what the gateway knows."""

    __slots__ = ("_made", "any_tax", "context", "invoice", "is_credit_note", "is_ubl", "syntax")

    def __init__(self, invoice: Invoice, syntax: Syntax, context: RuleContext, *, is_credit_note: bool = False) -> None:
        """`is_credit_note` is what the root element of UBL says, whatever BT-3 does."""
        self.invoice = invoice
        self.syntax = syntax
        self.is_ubl = syntax is Syntax.UBL
        self.is_credit_note = is_credit_note
        self.context = context
        # Some publishers take every tax for VAT, whatever its scheme says.
        self.any_tax = False
        self._made: dict[Hashable, object] = {}

    def once(self, make: "Callable[[Matter], Made]") -> Made:
        """What `make` makes of this matter, made when first asked for: sums that several rules read."""
        if make in self._made:
            return cast("Made", self._made[make])
        made = self._made[make] = make(self)
        return made

    def apart(self) -> "Matter":
        """The same matter, remembering nothing: for what is remembered itself, since a circle outlives its invoice."""
        same = Matter(self.invoice, self.syntax, self.context, is_credit_note=self.is_credit_note)
        same.any_tax = self.any_tax
        return same


def as_any_tax(matter: Matter) -> Matter:
    """The same matter with every tax taken for VAT; ask for it by `matter.once(as_any_tax)`."""
    same = matter.apart()
    same.any_tax = True
    return same


class Hit(NamedTuple):
    """How a group breaks a rule.

    `place` is that of the term inside the group. `code`, `term`, `detail` and `severity` say more than the rule does, where
    one check speaks for a family of rules.
    """

    found: str | None = None
    expected: str | None = None
    place: Place = ()
    code: str | None = None
    term: str | None = None
    detail: str | None = None
    severity: Severity | None = None
    facts: tuple[tuple[str, str], ...] = ()


# For a rule that has nothing to add.
BROKEN = Hit()
# What a check says: None where the rule holds, a list where one group breaks it several times.
Answer = Hit | list[Hit] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[Group_contra]):
    """One rule of an official set, as one syntax binds it or both.

    `on` is the path of groups that it looks at, a selector of `flux.rules.walk` allowed ("lines.charges"). `codes` names the
    rules that one check speaks for. `severity` is the weight that the publisher gives it.
    """

    code: str
    check: Callable[[Group_contra, Matter], "Answer"]
    on: str = ""
    term: str | None = None
    detail: str | None = None
    severity: Severity = Severity.FATAL
    syntaxes: frozenset[Syntax] = BOTH
    codes: tuple[str, ...] = ()

    @property
    def speaks_for(self) -> tuple[str, ...]:
        """The ids under which it may answer."""
        return self.codes or (self.code,)


# A check of some group: which one, the rule says.
AnyCheck = Callable[[Any, Matter], Answer]

# A rule on any group: sets of rules hold rules on all of them.
AnyRule = Rule[Any]
