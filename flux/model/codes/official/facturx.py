"""Factur-X: what the rules say that its profiles add to EN 16931. Statements are ours; ids are those of FNFE-MPE and FeRD.

Nearly all are rules of the French extension under another id, as its artefacts spell it.
"""

from collections.abc import Iterator
from dataclasses import replace

from flux.model.codes.code import Code, Words
from flux.model.codes.official import extended
from flux.model.codes.official.making import MONTANTTOTAL_ERR, missing, reckoned, rule
from flux.model.finding import Severity

_FRENCH = {row.code: row for row in extended.ROWS}
_CATEGORIES = ("S", "Z", "E", "AE", "IC", "G", "O", "AF", "AG")

_ALIKE = (
    *("06", "08", "11", "12", "BR-22", "BR-23", "BR-24", "BR-26", "BR-38", "BR-44"),
    *("CO-04", "CO-10", "CO-11", "CO-12", "CO-13", "CO-15"),
    *(f"{category}-01" for category in _CATEGORIES),
)
# By the id of Factur-X, the id of the French extension.
_RENAMED = {
    **{f"BR-FXEXT-{name}": f"BR-FREXT-{name}" for name in _ALIKE},
    **{f"BR-FXEXT-{category}-08b": f"BR-FXEXT-{category}-08" for category in _CATEGORIES if category != "S"},
    "BR-FXEXT-S08b": "BR-FXEXT-S-08",
    "BR-FXEXT-S-09b": "BR-FXEXT-S-09",
    "BR-FXEXT-BR-54-1": "BR-FREXT-54-1",
    "BR-FXEXT-BR-54-2": "BR-FREXT-54-2",
}


def _renamed() -> Iterator[Code]:
    for code, french in _RENAMED.items():
        row = _FRENCH[french]
        yield replace(row, code=code, fr=_naming(row.fr, french, code), en=_naming(row.en, french, code))
    characteristic = replace(_FRENCH["BR-FREXT-04"], code="BR-FXEXT-04")
    yield replace(characteristic, legacy=Severity.WARNING, afnor=Severity.WARNING)


def _naming(words: Words, code: str, other: str) -> Words:
    return replace(words, message=words.message.replace(code, other))


ROWS = (
    *_renamed(),
    missing("BR-FXEXT-01", "BT-22", when_fr="dès que BT-21 est donné", when_en="where BT-21 is given"),
    missing(
        "BR-FXEXT-02",
        "BT-127",
        when_fr="dès que la note de ligne a un code",
        when_en="where the note of a line has a code",
    ),
    rule(
        "BR-FXEXT-03",
        None,
        "Seul le vendeur a un autre identifiant fiscal qu'un numéro de TVA (schéma VA)",
        "Only the seller has another tax identifier than a VAT number (scheme VA)",
        fix_fr="Donner le schéma VA à l'identifiant, ou le retirer, et renvoyer la facture.",
        fix_en="Give the identifier the scheme VA, or remove it, and send the invoice again.",
    ),
    reckoned(
        "BR-FXEXT-CO-16",
        "BT-115",
        "BT-115 = BT-112 − BT-113 + BT-114 + règlements pour compte de tiers",
        "BT-115 = BT-112 − BT-113 + BT-114 + payments on behalf of third parties",
        motif=MONTANTTOTAL_ERR,
    ),
    rule(
        "BR-CO-27",
        "BT-84",
        "Un virement va à un IBAN ou à un autre compte, et non aux deux",
        "A transfer goes to an IBAN or to another account, not to both",
        fix_fr="Donner un seul compte (BT-84), IBAN ou autre, et renvoyer la facture.",
        fix_en="Give one account (BT-84), IBAN or other, and send the invoice again.",
    ),
    rule(
        "BR-FX-EN-04",
        "BT-72",
        "Entre parties allemandes, une date de livraison (BT-72) ou une période de facturation (BG-14, BG-26) est donnée",
        "Between German parties, a date of delivery (BT-72) or a period (BG-14, BG-26) is given",
        fix_fr="Rien ne bloque ; donner la date de livraison (BT-72).",
        fix_en="Nothing is blocked; give the date of delivery (BT-72).",
        severity=Severity.WARNING,
    ),
)
