"""What the register knows of the parties of an invoice, asked once for all the checks that need it."""

from datetime import date
from typing import NamedTuple

from flux.errors import RegisterError
from flux.model.invoice import Invoice
from flux.model.ports import Register
from flux.model.register import (
    Establishment,
    IdentifierType,
    RegisterSource,
    RegisterView,
    SourceState,
    Structure,
    StructureId,
)
from flux.rules.register_agent import find_agent
from flux.rules.siret import ZEROS
from flux.rules.structure_id import Claimed, find_recipient, find_supplier


class Consultation(NamedTuple):
    """What the register answered: a view, or why it could not answer."""

    view: RegisterView | None
    failure: str = ""


def consult(register: Register, invoice: Invoice, today: date) -> Consultation:
    """What the register knows of supplier and recipient; a register that fails is told, never raised."""
    try:
        sources = register.sources(today)
        return Consultation(_look_up(register, sources, invoice, today) if sources else RegisterView())
    except RegisterError as failure:
        return Consultation(None, str(failure))


def _look_up(register: Register, sources: tuple[SourceState, ...], invoice: Invoice, today: date) -> RegisterView:
    """Sheets and directory are asked however old, for what they knew once exists; SIRENE only while it is believed."""
    supplier, recipient = _identify(find_supplier(invoice)), _identify(find_recipient(invoice))
    entity = register.structure(recipient) if recipient is not None else None
    agent = find_agent(invoice)
    has_sirene = any(each.source is RegisterSource.SIRENE and not each.is_stale for each in sources)
    # What SIRENE says of a recipient explains one who is not there, or not any more.
    is_explained = has_sirene and not _is_open(entity, today)
    return RegisterView(
        sources=sources,
        supplier=register.structure(supplier) if supplier is not None else None,
        supplier_establishment=_establishment(register, supplier) if has_sirene else None,
        recipient=entity,
        recipient_establishment=_establishment(register, recipient) if is_explained else None,
        agent=register.structure(agent) if agent is not None else None,
    )


def _identify(claimed: Claimed | None) -> StructureId | None:
    """The structure to look up; zeros are nobody."""
    return claimed.id if claimed is not None and claimed.id.value != ZEROS else None


def _is_open(entity: Structure | None, today: date) -> bool:
    return entity is not None and entity.is_active_on(today)


def _establishment(register: Register, identifier: StructureId | None) -> Establishment | None:
    if identifier is None or identifier.type is not IdentifierType.SIRET:
        return None
    return register.establishment(identifier.value)
