"""A status message of Chorus Pro: CPPStatut V1_19, with the statuses of flows or with those of invoices, never both.

Absent is None; texts are kept as they stand. Moments are aware, to the second, on the clocks of Paris. The ordinals NumOrdre
and IdLigne and the number of error lines are those of the tuples.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, StrEnum
from types import MappingProxyType

from flux.model.interface import INTERFACES, Family
from flux.model.register import IdentifierType


class CppBlock(Enum):
    """What the statuses of a message are about; the value is the element that holds them."""

    FLUX = "CPPFluxStatuts"
    FACTURES = "CPPFactureStatuts"


class StatutFlux(StrEnum):
    """The status of a flow, IdStatut of the block of flows."""

    RECU = "90"
    EN_COURS_DE_TRANSMISSION = "91"
    RECU_PAR_LE_DESTINATAIRE_FINAL = "92"
    ERREUR_DE_RECEPTION = "93"
    ERREUR_DE_RECEPTION_DU_DESTINATAIRE_FINAL = "94"
    ERREUR_DE_TRANSMISSION_AU_DESTINATAIRE_FINAL = "95"
    INTEGRATION_PARTIELLE = "96"


class StatutFacture(StrEnum):
    """The status of an invoice, IdStatut of the block of invoices.

    13 to 41 are those of the validation and works circuits, whose meaning no public source states: they stay numbers.
    Other documents of Chorus Pro number the same words otherwise: compare by name across documents.
    """

    DEPOSEE = "01"
    EN_COURS_ACHEMINEMENT = "02"
    MISE_A_DISPOSITION = "03"
    A_RECYCLER = "04"
    REJETEE = "05"
    SUSPENDUE = "06"
    SERVICE_FAIT = "07"
    MANDATEE = "08"
    MISE_A_DISPOSITION_COMPTABLE = "09"
    COMPTABILISEE = "10"
    MISE_EN_PAIEMENT = "11"
    COMPLETEE = "12"


# Which block a message of an interface holds. The schema allows either everywhere, Chorus Pro refuses the other one.
BLOCKS: Mapping[str, CppBlock] = MappingProxyType(
    {
        "FEN1200A": CppBlock.FACTURES,  # the hub on the invoices of a depositor
        "FEN1201A": CppBlock.FACTURES,
        "FSO1301A": CppBlock.FACTURES,  # the recipient on invoices
        "FSO1300A": CppBlock.FLUX,  # the recipient on a flow of pivots
        "CSO1300A": CppBlock.FLUX,
        "CSO1301A": CppBlock.FLUX,
    }
)


def block_of(interface_code: str) -> CppBlock | None:
    """The block of a message of this interface, the reports on legacy deposits included; None where no CPPStatut is due."""
    deposit = INTERFACES.get("F" + interface_code[1:]) if interface_code.startswith("C") else None
    if deposit is not None and deposit.family is Family.LEGACY:
        return CppBlock.FLUX
    return BLOCKS.get(interface_code)


@dataclass(frozen=True, slots=True, kw_only=True)
class CppParameter:
    """A parameter of the envelope: DtPrd is the day of production, IdFlx the identifier of the flow."""

    code: str
    value: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CppPartner:
    """Who receives or who emits, by application code."""

    identifier: str
    label: str | None = None  # Libelle
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CppEnvelope:
    """One EnveloppeUnitaire."""

    parameters: tuple[CppParameter, ...]
    receiver: CppPartner
    emitter: CppPartner

    def value_of(self, code: str) -> str | None:
        """The value of the first parameter with this code."""
        return next((each.value for each in self.parameters if each.code == code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CppErrorLine:
    """One LigneErreurDetail: an error, whatever importers may think of a warning."""

    nature: str
    code: str
    label: str  # LibelleErreur
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FluxStatut:
    """The status of one flow."""

    status: StatutFlux | str  # IdStatut: two digits
    complement: str | None = None
    comment: str | None = None  # Commentaire
    note: str | None = None
    moment: datetime  # Horodatage
    producer_id: str | None = None
    flow_id: str  # IdFlux: the identifier at its producer
    errors: tuple[CppErrorLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CppSupplier:
    """Fournisseur."""

    type: IdentifierType
    identifier: str
    name: str | None = None  # RaisonSociale
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CppDebtor:
    """Debiteur: the public entity, by SIRET."""

    identifier: str
    name: str | None = None
    code_service: str | None = None
    service_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactureStatut:
    """The status of one invoice. A comment is compulsory in practice for a rejection and a suspension."""

    supplier: CppSupplier
    debtor: CppDebtor
    status: StatutFacture | str  # IdStatut: two digits
    complement: str | None = None
    comment: str | None = None
    moment: datetime
    producer: str | None = None
    producer_id: str | None = None
    number: str  # IdFacture
    issue_date: date | None = None
    mandate: str | None = None  # IdMandatDP: with MANDATEE


@dataclass(frozen=True, slots=True, kw_only=True)
class CppStatut:
    """The message. `counter` is what the block says of the number of its statuses, None where it says nothing."""

    version: str | None = None
    envelopes: tuple[CppEnvelope, ...]
    statuses: tuple[FluxStatut, ...] | tuple[FactureStatut, ...]
    block: CppBlock
    counter: int | None = None
