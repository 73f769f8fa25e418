"""Life-cycle messages built by hand, one for each status, as the official rules want them."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from flux.model.cdar import (
    Acknowledgement,
    Cdar,
    CdvAmount,
    CdvNote,
    CdvParty,
    Characteristic,
    LocalText,
    ReferencedDocument,
    SchemedId,
    StatusDetail,
)
from flux.model.cdv_codes import (
    CHORUS_PRO_RECEPTION,
    PPF,
    CdvGuideline,
    CdvPhase,
    CdvProcess,
    CdvRole,
    CdvScheme,
    CdvStatus,
    CharacteristicType,
)
from flux.model.cdv_motifs import MOTIFS
from flux.model.cdv_statuses import STATUSES
from flux.model.paris import PARIS

MOMENT = datetime(2026, 11, 23, 8, 15, 2, tzinfo=PARIS)
RECEIVED = datetime(2026, 11, 23, 8, 14, 55, tzinfo=PARIS)

PLATFORM = CdvParty(role=CdvRole.PLATFORM)
CHORUS_PRO = CdvParty(
    global_identifiers=(SchemedId(text=CHORUS_PRO_RECEPTION, scheme=CdvScheme.PLATFORM),), role=CdvRole.PLATFORM
)

PUBLIC_PORTAL = CdvParty(
    global_identifiers=(SchemedId(text=PPF, scheme=CdvScheme.PLATFORM),), name="PPF", role=CdvRole.PPF
)


def party(role: CdvRole, siren: str, name: str) -> CdvParty:
    """A party with its SIREN, which is its electronic address too."""
    return CdvParty(
        global_identifiers=(SchemedId(text=siren, scheme=CdvScheme.SIREN),),
        name=name,
        role=role,
        address=SchemedId(text=siren, scheme=CdvScheme.ELECTRONIC_ADDRESS),
    )


SELLER = party(CdvRole.SELLER, "732829320", "Papeterie du Centre SAS")
BUYER = party(CdvRole.BUYER, "110002011", "Direction des services de l'État")

# What 212 cannot go without.
CASHED = StatusDetail(
    sequence=1,
    characteristics=(
        Characteristic(
            type_code=CharacteristicType.CASHED,
            is_changed=False,
            amount=CdvAmount(value=Decimal("1200.00"), currency="EUR"),
            percent=Decimal("20.00"),
        ),
    ),
)


def why(motif: str, sequence: int = 1) -> StatusDetail:
    """A status detail with a motif in words, and a remark in both languages."""
    words = MOTIFS[motif]
    return StatusDetail(
        motif=motif,
        motif_labels=(LocalText(text=words.fr, language="fr"), LocalText(text=words.en, language="en")),
        sequence=sequence,
        notes=(
            CdvNote(
                code="SIRET_CHECKSUM",
                content=(LocalText(text="clé fausse", language="fr"), LocalText(text="wrong key", language="en")),
                subject="BT-29",
            ),
        ),
    )


def referenced(status: CdvStatus, *details: StatusDetail) -> ReferencedDocument:
    """The invoice F2026-0118, or for the statuses of a flow the file that held it, under a status."""
    row = STATUSES[status]
    document = ReferencedDocument(
        identifier="F2026-0118",
        document_status=row.document_status,
        type_code="380",
        received_at=RECEIVED,
        issue_date=date(2026, 11, 20),
        status=status,
        status_labels=(LocalText(text=row.fr, language="fr"), LocalText(text=row.en, language="en")),
        seller=CdvParty(global_identifiers=SELLER.global_identifiers),
        details=details or ((CASHED,) if status is CdvStatus.ENCAISSEE else ()),
    )
    if status not in (CdvStatus.RECEVABLE, CdvStatus.IRRECEVABLE):
        return document
    file = replace(document, identifier="FSO1150A_PAE123_PAE1231150000000000000007", type_code=None, seller=None)
    return replace(file, issue_date=None) if status is CdvStatus.IRRECEVABLE else file


def message(status: CdvStatus, *details: StatusDetail, sender: CdvParty = PLATFORM) -> Cdar:
    """A message between platforms that gives one status: of the platform in the phase of transmission, else of a party."""
    phase = STATUSES[status].phase or CdvPhase.TREATMENT
    by_platform = phase is CdvPhase.TRANSMISSION
    issuer, recipient = (PLATFORM, PLATFORM) if by_platform else (BUYER, SELLER)
    return Cdar(
        process=CdvProcess.REGULATED,
        guideline=CdvGuideline.INVOICE,
        identifier="FLX0011150000000000000003-0001",
        name="CSO1150A_PAE123_FLX0011150000000000000003",
        issued_at=MOMENT,
        sender=sender,
        issuer=issuer,
        recipients=(recipient,),
        acknowledgements=(Acknowledgement(phase=phase, issued_at=MOMENT, documents=(referenced(status, *details),)),),
    )
