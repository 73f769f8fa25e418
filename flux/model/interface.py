"""Interface codes of Chorus Pro deposits: what a strict flow name announces (Chorus Pro specification of October 2025, section 5.4.2)."""

from dataclasses import dataclass
from enum import Enum


class Family(Enum):
    """Which of the exchanges that live side by side judges and answers an invoice."""

    LEGACY = "legacy"  # Chorus formats, answered by CPPStatut
    AFNOR = "afnor"  # the reform's formats, answered by CDAR


class Syntax(Enum):
    """A syntax of invoices that flux recognises."""

    UBL = "ubl"
    CII = "cii"
    FACTURX = "facturx"  # CII inside a PDF
    PIVOT = "cpp-pivot"
    MIXTE = "cpp-mixte"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """One deposit interface.

    `syntax` is None where this version of flux reads no invoice of it: such a flow is refused and told so. `is_g2b` is
    true where a public body deposits the invoices that it issues: it is told of a flow only what is wrong with it.
    """

    code: str
    family: Family
    purpose: str
    syntax: Syntax | None
    is_g2b: bool = False

    @property
    def is_treated(self) -> bool:
        """True where flux reads what is deposited under it."""
        return self.syntax is not None

    @property
    def digits(self) -> str:
        """The four digits that stand in flow identifiers and scope their sequence."""
        return self.code[3:7]

    @property
    def report_code(self) -> str:
        """The code of the report on a flow of this interface: FSO1100A gives CSO1100A, FSO3110A CSI3110A, FEN0036A FSO1300A."""
        return _OTHER_REPORTS.get(self.code, ("CSI" if self.is_g2b else "CSO") + self.code[3:])

    @property
    def status_code(self) -> str:
        """The code under which the statuses of its invoices are put out when they are life-cycle messages."""
        return "CSO" + self.code[3:] if self.is_g2b else "FEN1214A"

    @property
    def is_diffusion(self) -> bool:
        """True for what a hub sends to a recipient: its names bear the recipient's application code, then the hub's."""
        return self.code.startswith("FEN")


# A pivot flow is answered by a CPPStatut of its own interface; CEN0036A is about objects, in another format.
_OTHER_REPORTS = {"FEN0036A": "FSO1300A"}


def _deposit(
    code: str, family: Family, purpose: str, syntax: Syntax | None = None, *, is_g2b: bool = False
) -> tuple[str, Interface]:
    return code, Interface(code=code, family=family, purpose=purpose, syntax=syntax, is_g2b=is_g2b)


INTERFACES = dict(
    (
        _deposit("FSO1100A", Family.LEGACY, "E1, UBL", Syntax.UBL),
        _deposit("FSO1106A", Family.LEGACY, "E1, CII 16B", Syntax.CII),
        _deposit("FSO1110A", Family.LEGACY, "E2, UBL minimal", Syntax.UBL),
        _deposit("FSO1113A", Family.LEGACY, "E2, CPPFactureMixte", Syntax.MIXTE),
        _deposit("FSO1116A", Family.LEGACY, "E2, CII 16B minimal", Syntax.CII),
        _deposit("FSO1117A", Family.LEGACY, "E2, Factur-X of Chorus Pro", Syntax.FACTURX),
        _deposit("FSO1120A", Family.LEGACY, "E3, UBL, court-cost memos"),
        _deposit("FSO1130A", Family.LEGACY, "works, UBL structured"),
        _deposit("FSO1131A", Family.LEGACY, "works, UBL mixed"),
        _deposit("FSO1137A", Family.LEGACY, "works, Factur-X"),
        _deposit("FSO1150A", Family.AFNOR, "UBL 2.1 through a platform", Syntax.UBL),
        _deposit("FSO1156A", Family.AFNOR, "CII D22B through a platform", Syntax.CII),
        _deposit("FSO1157A", Family.AFNOR, "Factur-X through a platform", Syntax.FACTURX),
        _deposit("FSO3110A", Family.AFNOR, "UBL 2.1 that a public body issues", Syntax.UBL, is_g2b=True),
        _deposit("FSO3117A", Family.AFNOR, "Factur-X that a public body issues", Syntax.FACTURX, is_g2b=True),
        _deposit("FEN0036A", Family.LEGACY, "CPPFacturePivot, from a hub to a public entity", Syntax.PIVOT),
        # Not treated: old formats, and what recipients and platforms say of invoices.
        _deposit("FSO1101A", Family.LEGACY, "E1, CII before 16B, withdrawn"),
        _deposit("FSO1102A", Family.LEGACY, "E1, PES_Facture, withdrawn"),
        _deposit("FSO1111A", Family.LEGACY, "E2, CII before 16B, withdrawn"),
        _deposit("FSO1112A", Family.LEGACY, "E2, PES_Facture, withdrawn"),
        _deposit("FSO1300A", Family.LEGACY, "receipt of a pivot flow, CPPStatut"),
        _deposit("FSO1301A", Family.LEGACY, "statuses of a recipient, CPPStatut"),
        _deposit("FSO1304A", Family.AFNOR, "statuses of a platform, CDAR"),
        _deposit("FSO1305A", Family.AFNOR, "refused statuses of a platform, CDAR"),
        _deposit("FSO3300A", Family.AFNOR, "statuses of a public body that issues, CDAR", is_g2b=True),
        _deposit("FSO3301A", Family.AFNOR, "statuses of a platform on a public body's invoices, CDAR", is_g2b=True),
        _deposit("FSO3302A", Family.AFNOR, "further statuses of a public body that issues, CDAR", is_g2b=True),
        _deposit("FSO3303A", Family.AFNOR, "refused statuses on a public body's invoices, CDAR", is_g2b=True),
        _deposit("FSO6000A", Family.AFNOR, "e-reporting of a public body", is_g2b=True),
    )
)

# Mixed deposits whose attachment of type 01 is the invoice; in a Factur-X the PDF itself is.
READABLE_ATTACHED = frozenset({"FSO1110A", "FSO1113A", "FSO1116A"})

# The deposit code under which accepted invoices of a flow with a free name are forwarded.
FORWARD_CODES = {
    (Family.LEGACY, Syntax.UBL): "FSO1100A",
    (Family.LEGACY, Syntax.CII): "FSO1106A",
    (Family.LEGACY, Syntax.PIVOT): "FEN0036A",
    (Family.LEGACY, Syntax.MIXTE): "FSO1113A",
    (Family.AFNOR, Syntax.UBL): "FSO1150A",
    (Family.AFNOR, Syntax.CII): "FSO1156A",
    (Family.LEGACY, Syntax.FACTURX): "FSO1117A",
    (Family.AFNOR, Syntax.FACTURX): "FSO1157A",
}

LEGACY_CADRES = frozenset(f"A{number}" for number in range(1, 26))
# Frames of which a validator must speak before the entity sees the invoice: project manager, holder, agent.
VALIDATED_CADRES = frozenset({"A4", "A7", "A9", "A10", "A12", "A13", "A14", "A22", "S3", "S6"})


def family_of(interface: Interface | None, cadre: str) -> Family:
    """The family that judges an invoice: its interface's, else legacy for a cadre A1..A25, else AFNOR."""
    if interface is not None:
        return interface.family
    return Family.LEGACY if cadre in LEGACY_CADRES else Family.AFNOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """As what a document was handed over: its interface, or a syntax and a profile that somebody states for it."""

    interface: Interface | None = None
    syntax: Syntax | None = None
    profile: str | None = None

    @property
    def expected_syntax(self) -> Syntax | None:
        """The only syntax that this deposit allows, None where it allows any."""
        return self.interface.syntax if self.interface is not None else self.syntax
