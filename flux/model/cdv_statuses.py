"""The statuses of a life-cycle message as one table: label, phase, code of the document, and the motifs that each allows.

Sources: BR-FR-CDV 1.4.0, code lists 05, 06 and 09; XP Z12-012 and Z12-014; general rules G7.08 and G7.29 for the PPF.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flux.model.cdv_codes import CdvPhase, CdvStatus, DocumentStatus

_TRANSMISSION, _TREATMENT = CdvPhase.TRANSMISSION, CdvPhase.TREATMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRow:
    """What a message with this status says and needs.

    `phase` and `document_status` are None where no rule names one. `motifs` are those that BR-FR-CDV lets through between
    platforms; `chorus_motifs` come on top where Chorus Pro sends (scheme 0238, 9999), `ppf_motifs` in the profiles of the
    PPF. `needs_motif` and `needs_comment` (MDT-126) say what must be there.
    """

    status: CdvStatus
    fr: str
    en: str
    phase: CdvPhase | None = None
    document_status: DocumentStatus | None = None
    motifs: tuple[str, ...] = ()
    chorus_motifs: tuple[str, ...] = ()
    ppf_motifs: tuple[str, ...] = ()
    needs_motif: bool = False
    needs_comment: bool = False


def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_REFUSED = _codes(
    "TX_TVA_ERR MONTANTTOTAL_ERR CALCUL_ERR NON_CONFORME DOUBLON DEST_ERR TRANSAC_INC EMMET_INC CONTRAT_TERM DOUBLE_FACT "
    "CMD_ERR ADR_ERR REF_CT_ABSENT"
)
# The message of the official rule also lists CONTACT_ACHTR, its test refuses it.
_REFUSED_BY_CHORUS = _codes(
    "RETRAIT_MAN_SERV ST_CT_NON_DECLAR SUPPR_COMP_AVOIR TRANSF_PMNT_REGIE AUTRE COORD_BANC_ERR LIVR_INCOMP"
)
_PARTIAL = _codes(
    "AUTRE CMD_ERR SIRET_ERR CODE_ROUTAGE_ERR REF_CT_ABSENT REF_ERR PU_ERR REM_ERR QTE_ERR ART_ERR MODPAI_ERR "
    "QUALITE_ERR LIVR_INCOMP"
)
_DISPUTED = _codes(
    "AUTRE COORD_BANC_ERR TX_TVA_ERR MONTANTTOTAL_ERR CALCUL_ERR NON_CONFORME DOUBLON DEST_INC DEST_ERR TRANSAC_INC "
    "EMMET_INC CONTRAT_TERM DOUBLE_FACT CMD_ERR ADR_ERR SIRET_ERR CODE_ROUTAGE_ERR REF_CT_ABSENT REF_ERR PU_ERR REM_ERR "
    "QTE_ERR ART_ERR MODPAI_ERR QUALITE_ERR LIVR_INCOMP"
)
_SUSPENDED = _codes("JUSTIF_ABS COORD_BANC_ERR CMD_ERR SIRET_ERR CODE_ROUTAGE_ERR REF_CT_ABSENT REF_ERR")
_REJECTED = _codes(
    "MONTANTTOTAL_ERR CALCUL_ERR DOUBLON DEST_INC ADR_ERR REJ_SEMAN REJ_UNI REJ_COH REJ_ADR REJ_CONT_B2G REJ_REF_PJ "
    "REJ_ASS_PJ"
)
_IRRECEVABLE = _codes(
    "IRR_VIDE_F IRR_TYPE_F IRR_SYNTAX IRR_TAILLE_PJ IRR_NOM_PJ IRR_VID_PJ IRR_EXT_DOC IRR_TAILLE_F IRR_ANTIVIRUS "
    "IRR_NOM_F"
)
_IRRECEVABLE_AT_PPF = _codes("IRR_TAILLE IRR_UNICITE IRR_VIDE IRR_FORM IRR_TYPE IRR_CODE_INTER IRR_CODE_APP IRR_EXTRAC")

_ROWS = (
    StatusRow(
        status=CdvStatus.DEPOSEE,
        fr="Déposée",
        en="Deposited",
        phase=_TRANSMISSION,
        document_status=DocumentStatus.DOCUMENT_CURRENT,
        motifs=("NON_TRANSMISE",),
    ),
    StatusRow(
        status=CdvStatus.EMISE,
        fr="Émise par la plateforme",
        en="Issued by the platform",
        phase=_TRANSMISSION,
        document_status=DocumentStatus.ISSUED,
    ),
    StatusRow(
        status=CdvStatus.RECUE,
        fr="Reçue par la plateforme",
        en="Received by the platform",
        phase=_TRANSMISSION,
        document_status=DocumentStatus.RECEIVED,
    ),
    StatusRow(
        status=CdvStatus.MISE_A_DISPOSITION,
        fr="Mise à disposition",
        en="Made available",
        phase=_TRANSMISSION,
        document_status=DocumentStatus.MADE_AVAILABLE,
    ),
    StatusRow(
        status=CdvStatus.PRISE_EN_CHARGE,
        fr="Prise en charge",
        en="In process",
        phase=_TREATMENT,
        document_status=DocumentStatus.IN_PROCESS,
    ),
    StatusRow(
        status=CdvStatus.APPROUVEE,
        fr="Approuvée",
        en="Approved",
        phase=_TREATMENT,
        document_status=DocumentStatus.ACCEPTED,
    ),
    StatusRow(
        status=CdvStatus.APPROUVEE_PARTIELLEMENT,
        fr="Approuvée partiellement",
        en="Partially approved",
        phase=_TREATMENT,
        document_status=DocumentStatus.PARTIALLY_APPROVED,
        motifs=_PARTIAL,
        needs_motif=True,
    ),
    StatusRow(
        status=CdvStatus.EN_LITIGE,
        fr="En litige",
        en="In dispute",
        phase=_TREATMENT,
        document_status=DocumentStatus.UNDER_QUERY,
        motifs=_DISPUTED,
        needs_motif=True,
    ),
    StatusRow(
        status=CdvStatus.SUSPENDUE,
        fr="Suspendue",
        en="Suspended",
        phase=_TREATMENT,
        document_status=DocumentStatus.ON_HOLD,
        motifs=_SUSPENDED,
        needs_motif=True,
        needs_comment=True,
    ),
    StatusRow(
        status=CdvStatus.COMPLETEE,
        fr="Complétée",
        en="Completed",
        phase=_TREATMENT,
        document_status=DocumentStatus.COMPLETED,
    ),
    StatusRow(
        status=CdvStatus.REFUSEE,
        fr="Refusée",
        en="Refused",
        phase=_TREATMENT,
        document_status=DocumentStatus.REFUSED,
        motifs=_REFUSED,
        chorus_motifs=_REFUSED_BY_CHORUS,
        needs_motif=True,
        needs_comment=True,
    ),
    StatusRow(
        status=CdvStatus.PAIEMENT_TRANSMIS,
        fr="Paiement transmis",
        en="Payment sent",
        phase=_TREATMENT,
        document_status=DocumentStatus.PAID,
    ),
    StatusRow(
        status=CdvStatus.ENCAISSEE,
        fr="Encaissée",
        en="Cashed",
        phase=_TREATMENT,
        document_status=DocumentStatus.PAID,
    ),
    StatusRow(
        status=CdvStatus.REJETEE,
        fr="Rejetée",
        en="Rejected",
        phase=_TRANSMISSION,
        document_status=DocumentStatus.REJECTED,
        motifs=_REJECTED,
        needs_motif=True,
    ),
    StatusRow(status=CdvStatus.VISEE, fr="Visée", en="Endorsed", phase=_TREATMENT),
    StatusRow(status=CdvStatus.ANNULEE, fr="Annulée", en="Cancelled", phase=_TREATMENT),
    StatusRow(
        status=CdvStatus.ERREUR_ROUTAGE,
        fr="Erreur de routage",
        en="Routing error",
        phase=_TRANSMISSION,
        motifs=("ROUTAGE_ERR",),
    ),
    StatusRow(
        status=CdvStatus.DEMANDE_PAIEMENT_DIRECT,
        fr="Demande de paiement direct",
        en="Direct payment requested",
        phase=_TREATMENT,
    ),
    StatusRow(status=CdvStatus.AFFACTUREE, fr="Affacturée", en="Factored", phase=_TREATMENT),
    StatusRow(
        status=CdvStatus.AFFACTUREE_CONFIDENTIEL,
        fr="Affacturée confidentiel",
        en="Factored, confidential",
        phase=_TREATMENT,
    ),
    StatusRow(
        status=CdvStatus.CHANGEMENT_COMPTE_A_PAYER,
        fr="Changement de compte à payer",
        en="Account to pay changed",
        phase=_TREATMENT,
    ),
    StatusRow(status=CdvStatus.NON_AFFACTUREE, fr="Non affacturée", en="Not factored", phase=_TREATMENT),
    StatusRow(status=CdvStatus.F1_DEPOSEE, fr="Déposée", en="Deposited"),
    StatusRow(
        status=CdvStatus.F1_REJETEE,
        fr="Rejetée",
        en="Rejected",
        ppf_motifs=("REJ_SEMAN", "REJ_UNI", "REJ_COH"),
        needs_motif=True,
    ),
    StatusRow(status=CdvStatus.F10_DEPOSEE, fr="Déposée", en="Deposited"),
    StatusRow(
        status=CdvStatus.F10_REJETEE,
        fr="Rejetée",
        en="Rejected",
        ppf_motifs=("REJ_PER", "REJ_SEMAN", "REJ_UNI", "REJ_COH"),
        needs_motif=True,
    ),
    StatusRow(status=CdvStatus.F13_ACCEPTEE, fr="Acceptée", en="Accepted"),
    StatusRow(
        status=CdvStatus.F13_REJETEE,
        fr="Rejetée",
        en="Rejected",
        ppf_motifs=("REJ_RG", "REJ_HAB", "REJ_VAL_INC", "REJ_COH"),
        needs_motif=True,
    ),
    StatusRow(status=CdvStatus.RECEVABLE, fr="Recevable", en="Admissible", phase=_TRANSMISSION),
    StatusRow(
        status=CdvStatus.IRRECEVABLE,
        fr="Irrecevable",
        en="Inadmissible",
        phase=_TRANSMISSION,
        motifs=_IRRECEVABLE,
        ppf_motifs=_IRRECEVABLE_AT_PPF,
        needs_motif=True,
    ),
    StatusRow(
        status=CdvStatus.CDAR_REJETE,
        fr="Rejeté",
        en="Rejected",
        ppf_motifs=("REJ_INC", "REJ_INEX", "REJ_RG", "REJ_HAB", "REJ_ENCAISSEMENT"),
        needs_motif=True,
    ),
)

STATUSES: Mapping[CdvStatus, StatusRow] = MappingProxyType({row.status: row for row in _ROWS})
