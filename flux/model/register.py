"""What the register knows: structures (suppliers and public entities), their services and accounts, and establishments.

Nothing here is ever overwritten: what changes is closed by a date and followed by what comes next, so that each question
is asked for a day. Sources: Chorus Pro structure sheet and public directory (flags of codes.md §14); SIRENE of INSEE.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from flux.model.packed import Packed


class IdentifierType(Enum):
    """How a structure is identified; the value is Chorus Pro's TypeIdentifiant."""

    SIRET = "1"
    EU_VAT = "2"
    OUTSIDE_EU = "3"
    RIDET = "4"
    TAHITI = "5"
    OTHER = "6"
    INDIVIDUAL = "7"


# ISO 6523 and French schemes of the reform, by type (codes.md §11).
SCHEMES = {
    IdentifierType.SIRET: "0009",
    IdentifierType.EU_VAT: "0223",
    IdentifierType.OUTSIDE_EU: "0227",
    IdentifierType.RIDET: "0228",
    IdentifierType.TAHITI: "0229",
    IdentifierType.INDIVIDUAL: "0226",
}


@dataclass(frozen=True, slots=True, order=True)
class StructureId(Packed):
    """What identifies a structure: the kind of identifier and its characters without spaces."""

    type: IdentifierType
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity(Packed):
    """A stretch of days, both ends included; None leaves an end open."""

    start: date | None = None
    end: date | None = None

    def holds_on(self, day: date) -> bool:
        """True where the day lies inside."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


class AccountKind(Enum):
    """How an account is written; the value is the pivot's ReferenceBancaire/@Type."""

    IBAN = "IBAN"
    RIB = "RIB"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredAccount(Packed):
    """An account on a supplier's sheet. `number` in capitals without spaces; a RIB has 23 characters.

    It counts from the moment it is approved. `factor` is the SIRET of the factor who collects, empty for the supplier itself.
    """

    kind: AccountKind
    number: str
    validity: Validity
    bic: str = ""
    holder: str = ""
    factor: str = ""
    source_document: str = ""
    declared_by: str = ""
    declared_at: datetime | None = None
    approved_by: str = ""
    approved_at: datetime | None = None

    @property
    def is_approved(self) -> bool:
        """True where somebody approved it."""
        return self.approved_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Packed):
    """A service of a public entity. `requires_engagement` is its own demand, beside the entity's."""

    code: str
    label: str = ""
    validity: Validity = Validity()
    requires_engagement: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientFlags(Packed):
    """What a public entity demands of every invoice: directory fields DT-4-13-2, DT-4-13-1 and DT-4-13-3."""

    service: bool = False
    engagement: bool = False
    service_or_engagement: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure(Packed):
    """A supplier or a public entity as the register has it.

    `active` lists the stretches in which it is active; one that has none never was. `flags` and `services` are those of a
    public entity, `accounts` the whole sheet of a supplier, approved or not, past ones included.
    """

    id: StructureId
    name: str = ""
    country: str = ""
    vat_number: str = ""
    is_supplier: bool = False
    is_public: bool = False
    active: tuple[Validity, ...] = ()
    flags: RecipientFlags = RecipientFlags()
    services: tuple[Service, ...] = ()
    accounts: tuple[DeclaredAccount, ...] = ()

    def is_active_on(self, day: date) -> bool:
        """True where a stretch of activity holds the day."""
        return any(stretch.holds_on(day) for stretch in self.active)

    def service(self, code: str) -> Service | None:
        """The service of that code, closed or not; case matters."""
        return next((each for each in self.services if each.code == code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Establishment(Packed):
    """What SIRENE says of a SIRET. `closed_on` is its first day closed, None for an open one; `successor` may be empty."""

    siret: str
    closed_on: date | None = None
    successor: str = ""


class RegisterSource(Enum):
    """What the register is made of; each is imported, and grows old, on its own."""

    SUPPLIERS = "suppliers"  # structure sheets, with their accounts
    DIRECTORY = "directory"  # public entities and their services
    SIRENE = "sirene"  # every French establishment


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState(Packed):
    """What a source holds: its version, as the import names it, when it was imported, and whether it is too old to be believed."""

    source: RegisterSource
    version: str
    imported_at: datetime
    is_stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterView(Packed):
    """All that the register knows of the parties of one invoice: what its checks take.

    `sources` holds those that were imported. A structure or an establishment is None where its source does not know it,
    `agent`, the seller's, also where the invoice waits for none.
    """

    sources: tuple[SourceState, ...] = ()
    supplier: Structure | None = None
    supplier_establishment: Establishment | None = None
    recipient: Structure | None = None
    recipient_establishment: Establishment | None = None
    agent: Structure | None = None

    def source(self, source: RegisterSource) -> SourceState | None:
        """The state of a source, None where it was never imported."""
        return next((each for each in self.sources if each.source is source), None)
