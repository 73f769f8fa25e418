"""What a deposit under an interface that flux knows and does not treat is answered: what it is for, and where to go."""

from typing import NamedTuple

from flux.model.finding import Observation
from flux.model.interface import Interface


class _Sentence(NamedTuple):
    fr: str
    en: str


_PORTAL = _Sentence("Déposer sur le portail Chorus Pro.", "Deposit on the Chorus Pro portal.")
_PORTAL_WORKS = _Sentence(
    "Déposer la facture de travaux, avec ses visas, sur le portail Chorus Pro.",
    "Deposit the works invoice, with its signatures, on the Chorus Pro portal.",
)
_PORTAL_STATUS = _Sentence(
    "Saisir les statuts sur le portail Chorus Pro.", "Enter the statuses on the Chorus Pro portal."
)
_PLATFORM_STATUS = _Sentence(
    "Envoyer les statuts à Chorus Pro par son raccordement de plateforme.",
    "Send the statuses to Chorus Pro over its connection for platforms.",
)

_STRUCTURED = _Sentence(
    "Déposer sous FSO1100A (UBL) ou FSO1106A (CII).", "Deposit under FSO1100A (UBL) or FSO1106A (CII)."
)
_MIXED = _Sentence("Déposer sous FSO1110A (UBL) ou FSO1116A (CII).", "Deposit under FSO1110A (UBL) or FSO1116A (CII).")

# Purpose in French (the table of interfaces has it in English), and what to do. Source: Chorus Pro specification of
# October 2025, section 5.4.2, and its annex on statuses and interfaces.
_KNOWN = {
    "FSO1101A": ("E1, CII antérieur au 16B, retirée", _STRUCTURED),
    "FSO1102A": ("E1, PES_Facture, retirée", _STRUCTURED),
    "FSO1111A": ("E2, CII antérieur au 16B, retirée", _MIXED),
    "FSO1112A": ("E2, PES_Facture, retirée", _MIXED),
    "FSO1120A": ("E3, UBL, mémoires de frais de justice", _PORTAL),
    "FSO1130A": ("travaux, UBL structuré", _PORTAL_WORKS),
    "FSO1131A": ("travaux, UBL mixte", _PORTAL_WORKS),
    "FSO1137A": ("travaux, Factur-X", _PORTAL_WORKS),
    "FSO1300A": ("accusé d'un flux pivot, CPPStatut", _PORTAL_STATUS),
    "FSO1301A": ("statuts du destinataire, CPPStatut", _PORTAL_STATUS),
    "FSO1304A": ("statuts d'une plateforme, CDAR", _PLATFORM_STATUS),
    "FSO1305A": ("statuts refusés d'une plateforme, CDAR", _PLATFORM_STATUS),
    "FSO3300A": ("statuts d'une entité publique émettrice, CDAR", _PORTAL_STATUS),
    "FSO3301A": ("statuts d'une plateforme sur les factures d'une entité publique, CDAR", _PLATFORM_STATUS),
    "FSO3302A": ("autres statuts d'une entité publique émettrice, CDAR", _PORTAL_STATUS),
    "FSO3303A": ("statuts refusés sur les factures d'une entité publique, CDAR", _PLATFORM_STATUS),
    "FSO6000A": ("e-reporting d'une entité publique", _PORTAL),
}


def refuse_interface(interface: Interface) -> Observation:
    """The one answer to a flow of an interface that is not treated."""
    purpose, advice = _KNOWN.get(interface.code, (interface.purpose, _PORTAL))
    facts = (
        ("purpose_fr", purpose),
        ("purpose_en", interface.purpose),
        ("advice_fr", advice.fr),
        ("advice_en", advice.en),
    )
    return Observation(code="INTERFACE_NOT_TREATED", found=interface.code, facts=facts)
