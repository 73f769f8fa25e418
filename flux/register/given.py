"""What a file to import says of a structure, before it meets what the register holds."""

from dataclasses import dataclass
from datetime import date

from flux.model.register import DeclaredAccount, RecipientFlags, RegisterSource, StructureId

NO_DEMAND = RecipientFlags()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Active or not on the day of the file, with the days that it gives, if any."""

    is_active: bool = True
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedService:
    """A service as a file has it."""

    code: str
    label: str = ""
    requires_engagement: bool = False
    state: State = State()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedStructure:
    """A structure as a file has it. `accounts` bear the names that the file gives, not yet those of who imports."""

    id: StructureId
    name: str = ""
    country: str = ""
    vat_number: str = ""
    flags: RecipientFlags = NO_DEMAND
    state: State = State()
    services: tuple[StatedService, ...] = ()
    accounts: tuple[DeclaredAccount, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFile:
    """All that a source says at once.

    `is_full`: what it does not name exists no more. `has_services`: it speaks of services; else those known stay.
    """

    source: RegisterSource
    structures: tuple[StatedStructure, ...]
    is_full: bool = True
    has_services: bool = True
