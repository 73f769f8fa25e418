"""The motifs, MDT-113, in words for MDT-114; which status allows which is in `flux.model.cdv_statuses`.

The lists give codes; the words are ours, but for those that annex B of XP Z12-012 and the specifications print.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Motif(NamedTuple):
    """A motif in French and in English."""

    fr: str
    en: str


MOTIFS: Mapping[str, Motif] = MappingProxyType(
    {
        "NON_TRANSMISE": Motif("Destinataire sans plateforme de réception", "The recipient has no receiving platform"),
        "ROUTAGE_ERR": Motif("Erreur de routage", "Routing error"),
        # What a platform finds in an invoice.
        "REJ_SEMAN": Motif("Contrôle sémantique", "Semantic check"),
        "REJ_UNI": Motif("Contrôle d'unicité", "Uniqueness check"),
        "REJ_COH": Motif("Contrôle de cohérence avec les référentiels", "Coherence with the registers"),
        "REJ_ADR": Motif("Contrôle d'adressage", "Addressing check"),
        "REJ_CONT_B2G": Motif("Contrôle propre au secteur public", "Check of the public sector"),
        "REJ_REF_PJ": Motif("Référence de pièce jointe", "Reference of an attachment"),
        "REJ_ASS_PJ": Motif("Association d'une pièce jointe", "Association of an attachment"),
        "REJ_PER": Motif("Contrôle de la période", "Period check"),
        "DOUBLON": Motif("Facture en doublon (déjà émise ou reçue)", "Duplicate invoice (already issued or received)"),
        "DEST_INC": Motif("Destinataire inconnu", "Unknown recipient"),
        "DEST_ERR": Motif("Destinataire erroné", "Wrong recipient"),
        "ADR_ERR": Motif("Adresse électronique absente ou erronée", "Electronic address missing or wrong"),
        "MONTANTTOTAL_ERR": Motif("Montant total erroné", "Wrong total"),
        "CALCUL_ERR": Motif("Erreur de calcul", "Wrong calculation"),
        "TX_TVA_ERR": Motif("Taux de TVA erroné", "Wrong VAT rate"),
        # What a buyer says of an invoice.
        "AUTRE": Motif("Autre motif", "Other reason"),
        "NON_CONFORME": Motif("Mention légale manquante", "A legal mention is missing"),
        "COORD_BANC_ERR": Motif("Coordonnées bancaires erronées", "Wrong bank details"),
        "TRANSAC_INC": Motif("Transaction inconnue", "Unknown transaction"),
        "EMMET_INC": Motif("Émetteur inconnu", "Unknown issuer"),
        "CONTRAT_TERM": Motif("Contrat terminé", "The contract is over"),
        "DOUBLE_FACT": Motif("Double facturation", "Billed twice"),
        "CMD_ERR": Motif("Numéro de commande ou d'engagement erroné", "Wrong order or commitment number"),
        "SIRET_ERR": Motif("SIRET du destinataire absent ou erroné", "SIRET of the recipient missing or wrong"),
        "CODE_ROUTAGE_ERR": Motif("Code de routage absent ou erroné", "Routing code missing or wrong"),
        "REF_CT_ABSENT": Motif("Référence contractuelle absente", "Contract reference missing"),
        "REF_ERR": Motif("Référence erronée", "Wrong reference"),
        "PU_ERR": Motif("Prix unitaire erroné", "Wrong unit price"),
        "REM_ERR": Motif("Remise erronée", "Wrong discount"),
        "QTE_ERR": Motif("Quantité erronée", "Wrong quantity"),
        "ART_ERR": Motif("Article erroné", "Wrong item"),
        "MODPAI_ERR": Motif("Modalités de paiement erronées", "Wrong payment terms"),
        "QUALITE_ERR": Motif("Qualité non conforme", "Quality not as agreed"),
        "LIVR_INCOMP": Motif("Livraison incomplète", "Incomplete delivery"),
        "JUSTIF_ABS": Motif("Justificatif absent", "Supporting document missing"),
        # What a public buyer says through Chorus Pro.
        "RETRAIT_MAN_SERV": Motif("Retrait du mandatement par le service", "Payment order withdrawn by the service"),
        "ST_CT_NON_DECLAR": Motif(
            "Sous-traitant ou cotraitant non déclaré", "Subcontractor or co-contractor not declared"
        ),
        "SUPPR_COMP_AVOIR": Motif("Suppression par compensation avec un avoir", "Removed to offset a credit note"),
        "TRANSF_PMNT_REGIE": Motif("Transfert vers un paiement en régie", "Moved to payment by an imprest account"),
        "CONTACT_ACHTR": Motif("Contacter l'acheteur", "Contact the buyer"),
        # What a platform finds in a file, its attachments or its flow.
        "IRR_VIDE_F": Motif("Fichier vide", "Empty file"),
        "IRR_TYPE_F": Motif("Type ou extension du fichier", "Type or extension of the file"),
        "IRR_SYNTAX": Motif("Contrôle syntaxique des fichiers", "Syntax check of the files"),
        "IRR_TAILLE_F": Motif("Taille du fichier", "Size of the file"),
        "IRR_NOM_F": Motif("Nom du fichier", "Name of the file"),
        "IRR_ANTIVIRUS": Motif("Virus détecté", "Virus found"),
        "IRR_TAILLE_PJ": Motif("Taille d'une pièce jointe", "Size of an attachment"),
        "IRR_NOM_PJ": Motif("Nom d'une pièce jointe", "Name of an attachment"),
        "IRR_VID_PJ": Motif("Pièce jointe vide", "Empty attachment"),
        "IRR_EXT_DOC": Motif("Extension d'une pièce jointe", "Extension of an attachment"),
        "IRR_VIDE": Motif("Flux vide", "Empty flow"),
        "IRR_TYPE": Motif("Type ou extension du flux", "Type or extension of the flow"),
        "IRR_TAILLE": Motif("Taille du flux", "Size of the flow"),
        "IRR_FORM": Motif("Format du nom du flux", "Form of the name of the flow"),
        "IRR_UNICITE": Motif("Flux déjà reçu", "Flow already received"),
        "IRR_CODE_INTER": Motif("Code interface inconnu", "Unknown interface code"),
        "IRR_CODE_APP": Motif("Code application sans raccordement", "Application code without connection"),
        "IRR_EXTRAC": Motif("Extraction de l'archive impossible", "The archive cannot be extracted"),
        # What the PPF finds in a message or a directory update.
        "REJ_RG": Motif("Règle de gestion non respectée", "A management rule is not respected"),
        "REJ_HAB": Motif("Émetteur non habilité", "The sender is not entitled"),
        "REJ_VAL_INC": Motif("Valeur incorrecte", "Wrong value"),
        "REJ_INC": Motif("Objet inconnu", "Unknown object"),
        "REJ_INEX": Motif("Statut inexistant", "The status does not exist"),
        "REJ_ENCAISSEMENT": Motif("Encaissement incohérent", "Incoherent cashing"),
    }
)
