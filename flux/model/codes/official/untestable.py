"""Rules of BR-FR that no invoice alone can be judged by, and why: for people who look for one in the list of rules."""

from typing import NamedTuple


class Untestable(NamedTuple):
    """A rule, and why the rule sets do not ask it, in French and in English."""

    code: str
    fr: str
    en: str


UNTESTABLE: tuple[Untestable, ...] = (
    Untestable(
        "BR-FR-07",
        "dit le sens des codes de notes, sans rien exiger",
        "says what the codes of notes mean, and demands nothing",
    ),
    Untestable(
        "BR-FR-14",
        "seul l'émetteur sait si le lieu de livraison diffère de l'adresse de l'acheteur",
        "only the sender knows whether the place of delivery differs from the address of the buyer",
    ),
    Untestable(
        "BR-FR-19",
        "porte sur la taille du flux, jugée à son arrivée (IRR_TAILLE_F)",
        "is about the size of the flow, judged when it arrives (IRR_TAILLE_F)",
    ),
    Untestable(
        "BR-FR-CO-02",
        "compare la facture à celles déjà reçues : le grand livre en juge (DUPLICATE_*)",
        "compares the invoice with those received before: the ledger judges (DUPLICATE_*)",
    ),
    Untestable(
        "BR-FR-CO-06",
        "seul l'émetteur sait si la date de versement de l'acompte est connue",
        "only the sender knows whether the day on which the deposit was paid is known",
    ),
    Untestable(
        "BR-FR-CO-11",
        "aucun contrôle officiel ne dit quels schémas sont admis à quelle place",
        "no official check says which schemes are allowed at which place",
    ),
    Untestable(
        "BR-FR-CO-13",
        "demande si l'annuaire connaît le SIREN sous 0231",
        "asks whether the directory knows the SIREN under 0231",
    ),
    Untestable(
        "BR-FR-CO-16",
        "seul l'émetteur sait s'il relève de la franchise en base, et aucun contrôle officiel n'en juge",
        "only the sender knows whether it is exempt as a small business, and no official check judges it",
    ),
    Untestable(
        "BR-FR-CO-17",
        "seul l'émetteur sait si la livraison a eu lieu un autre jour que l'émission",
        "only the sender knows whether the delivery took place on another day than the issue",
    ),
    Untestable(
        "BR-FR-MV-04",
        "seul l'émetteur sait si le vendeur d'une sous-facture est redevable de la TVA",
        "only the sender knows whether the seller of a sub-invoice is liable for VAT",
    ),
)
