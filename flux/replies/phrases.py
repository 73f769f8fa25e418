"""The words of the replies themselves, in French and in English; those of findings are in `flux.model.words`."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from flux.model.codes import Who
from flux.model.finding import LayerName, Severity
from flux.model.paris import in_paris
from flux.model.partner import GatewayRole, Language
from flux.model.verdict import NotRunReason

T = TypeVar("T")

_WHO: Mapping[Who, tuple[str, str]] = {
    Who.TECHNICAL_TEAM: ("équipe technique de l'émetteur", "the sender's technical team"),
    Who.BILLING: ("facturation du fournisseur", "the supplier's billing"),
    Who.SUPPLIER: ("fournisseur", "the supplier"),
    Who.RECIPIENT: ("destinataire", "the recipient"),
    Who.PARTNER: ("partenaire", "the partner"),
    Who.OPERATORS: ("exploitant de la passerelle", "the operator of the gateway"),
    Who.NOBODY: ("personne", "nobody"),
}

_LAYERS: Mapping[LayerName, tuple[str, str]] = {
    LayerName.INTAKE: ("Fichiers et noms", "Files and names"),
    LayerName.SCHEMA: ("Schéma XML", "XML schema"),
    LayerName.RULES: ("Règles de gestion", "Business rules"),
    LayerName.IDENTITY: ("Identifiants et comptes", "Identifiers and accounts"),
    LayerName.REGISTER: ("Référentiel et doublons", "Register and duplicates"),
}

_NOT_RUN: Mapping[NotRunReason, tuple[str, str]] = {
    NotRunReason.NOT_REQUESTED: ("contrôle non demandé par la configuration", "not asked for by the configuration"),
    NotRunReason.NOT_AVAILABLE: ("contrôle absent de cette version", "not available in this version"),
    NotRunReason.EARLIER_LAYER_FAILED: ("un contrôle précédent a échoué", "an earlier check failed"),
    NotRunReason.REGISTER_ABSENT: ("référentiel absent", "register absent"),
    NotRunReason.REGISTER_STALE: ("référentiel périmé", "register out of date"),
    NotRunReason.ENGINE_FAILED: ("panne du moteur de contrôle", "the checking engine failed"),
}

_ROLES: Mapping[GatewayRole, tuple[str, str]] = {
    GatewayRole.COMPATIBLE_SOLUTION: (
        "solution compatible. Elle n'est pas une plateforme agréée : ses réponses n'engagent qu'elle et ses partenaires",
        "a compatible solution. It is not a registered platform: its replies bind itself and its partners only",
    ),
    GatewayRole.ENTITY_HUB: (
        "concentrateur d'entités publiques. Il n'est pas plateforme agréée : ses réponses n'engagent que lui et ses partenaires",
        "a hub of public entities. It is not a registered platform: its replies bind itself and its partners only",
    ),
    GatewayRole.PLATFORM: ("plateforme agréée", "a registered platform"),
}

_REACH = (
    (
        "Les statuts 200, 202 et 213 sont des actes d'une plateforme agréée ou de Chorus Pro ; cette passerelle n'est ni "
        "l'une ni l'autre : ceux qu'elle donne ne valent qu'entre elle et ses partenaires."
    ),
    (
        "The statuses 200, 202 and 213 are acts of a registered platform or of Chorus Pro; this gateway is neither: those "
        "that it gives bind itself and its partners only."
    ),
)

_SEVERITIES: Mapping[Severity, tuple[str, str]] = {
    Severity.FATAL: ("bloquant", "fatal"),
    Severity.WARNING: ("avertissement", "warning"),
    Severity.INFO: ("information", "information"),
}

_MONTHS: tuple[tuple[str, str], ...] = (
    ("janvier", "January"),
    ("février", "February"),
    ("mars", "March"),
    ("avril", "April"),
    ("mai", "May"),
    ("juin", "June"),
    ("juillet", "July"),
    ("août", "August"),
    ("septembre", "September"),
    ("octobre", "October"),
    ("novembre", "November"),
    ("décembre", "December"),
)

_NARROW_SPACE = "\u202f"
_NO_BREAK_SPACE = "\u00a0"
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_BEFORE_SIGN = re.compile(r" (?=[:;?!»%€])")
_AFTER_GUILLEMET = re.compile(r"(?<=«) ")


def choose(pair: tuple[T, T], language: Language) -> T:
    """The French or the English side of a pair."""
    return pair[0] if language is Language.FR else pair[1]


def name_who(who: Who, language: Language) -> str:
    """Who must act, in words."""
    return choose(_WHO[who], language)


def name_layer(layer: LayerName, language: Language) -> str:
    """A layer of judgment, in words."""
    return choose(_LAYERS[layer], language)


def name_reason(reason: NotRunReason, language: Language) -> str:
    """Why a layer did not run, in words."""
    return choose(_NOT_RUN[reason], language)


def name_wait(language: Language) -> str:
    """What an accepted invoice waits for before its recipient sees it; never why another one is held."""
    return choose(("acceptée, en attente du valideur", "accepted, waiting for the validator"), language)


def name_role(role: GatewayRole, language: Language) -> str:
    """What the gateway is and how far its word goes."""
    return choose(_ROLES[role], language)


def tell_reach(language: Language) -> str:
    """That the statuses of the reform, given by who is no platform, are no acts of one."""
    return choose(_REACH, language)


def name_severity(severity: Severity, language: Language) -> str:
    """A severity, in words."""
    return choose(_SEVERITIES[severity], language)


def agree(number: int, one: str, many: str, language: Language) -> str:
    """The form that agrees with a number: French counts zero as one, English as many."""
    is_one = number < 2 if language is Language.FR else number == 1
    return one if is_one else many


def write_number(number: int | Decimal, language: Language) -> str:
    """A number with its thousands apart: 1 234,50 in French, 1,234.50 in English."""
    english = f"{number:,}"
    if language is Language.EN:
        return english
    return english.replace(",", _NARROW_SPACE).replace(".", ",")


def write_date(day: date, language: Language) -> str:
    """A date of an invoice: 20/11/2026 in French, 2026-11-20 in English, which no reader takes for another day."""
    return f"{day:%d/%m/%Y}" if language is Language.FR else day.isoformat()


def write_moment(moment: datetime, language: Language) -> str:
    """A moment on the clocks of Paris, with its zone in words."""
    local = in_paris(moment)
    month = choose(_MONTHS[local.month - 1], language)
    if language is Language.EN:
        return f"{local.day} {month} {local.year}, {local:%H:%M:%S} (Paris time)"
    day = "1er" if local.day == 1 else str(local.day)
    return f"{day} {month} {local.year} à {local:%H:%M:%S} (heure de Paris)"


def typeset(text: str, language: Language) -> str:
    """Prose with its apostrophes curved and, in French, the spaces that go with a sign made unbreakable."""
    curved = _APOSTROPHE.sub("’", text)
    if language is Language.EN:
        return curved
    return _AFTER_GUILLEMET.sub(_NO_BREAK_SPACE, _BEFORE_SIGN.sub(_NO_BREAK_SPACE, curved))
