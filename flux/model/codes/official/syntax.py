"""Rules that are bound to a syntax: thousands of ids, a few families, one row for each family.

An id such as UBL-CR-145 has the sentences of its family; which element it means stands in the finding's detail.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from flux.model.codes.code import Code, Who
from flux.model.codes.official.making import rule
from flux.model.finding import Severity

_ID = re.compile(
    r"(UBL-CR|UBL-SR|UBL-DT|CII-SR|CII-DT|(?:UBL|CII)-FREXT-(?:CR|SR)|FX-SCH-[A-Z]|FX-NOT-USED)(?:-?\d+(?:-\d+)*)?"
)
# Ids that their publishers spell in a way of their own, each with the family that it belongs to.
_ODD = {
    "CII-EXT-DT-018": "CII-DT",
    "CII-FREXT-DT-024": "CII-DT",
    "CII-FREXTDT-027": "CII-DT",
    "BR-FXEXT-CII-DT-097a": "CII-DT",
    "PEPPOL-EN16931-R008": "FX-SCH-A",
}


def _family(code: str, fr: str, en: str, *, fix: tuple[str, str], severity: Severity = Severity.FATAL) -> Code:
    return rule(
        code,
        None,
        fr,
        en,
        message_fr=f"{fr}[ : {{detail}}][, ligne {{line}}][ ; trouvé « {{found}} »][ ; attendu : {{expected}}] (règle {{code}}).",
        message_en=f"{en}[: {{detail}}][, line {{line}}][; found “{{found}}”][; expected: {{expected}}] (rule {{code}}).",
        fix_fr=fix[0],
        fix_en=fix[1],
        severity=severity,
        who=Who.TECHNICAL_TEAM,
    )


_NOT_USED = (
    "Rien ne bloque ; ne plus émettre cet élément, que le destinataire peut ignorer.",
    "Nothing is blocked; stop sending this element, which the recipient may ignore.",
)
_STRUCTURE = (
    "Corriger la structure du fichier avec l'éditeur du logiciel de facturation, puis renvoyer la facture.",
    "Correct the structure of the file with the vendor of the billing software, then send the invoice again.",
)

_FAMILIES: Mapping[str, Code] = {
    row.code: row
    for row in (
        _family(
            "UBL-CR",
            "Élément UBL hors du modèle EN 16931",
            "UBL element outside the model of EN 16931",
            severity=Severity.WARNING,
            fix=_NOT_USED,
        ),
        _family(
            "UBL-SR",
            "Élément UBL répété ou incompatible avec la norme EN 16931",
            "UBL element that is repeated or does not fit EN 16931",
            fix=_STRUCTURE,
        ),
        _family(
            "UBL-DT",
            "Attribut ou type de donnée UBL hors de la norme EN 16931",
            "UBL attribute or data type outside EN 16931",
            fix=_STRUCTURE,
        ),
        _family(
            "CII-SR",
            "Élément CII hors du modèle EN 16931, ou répété",
            "CII element outside the model of EN 16931, or repeated",
            fix=_STRUCTURE,
        ),
        _family(
            "CII-DT",
            "Attribut ou type de donnée CII hors de la norme EN 16931",
            "CII attribute or data type outside EN 16931",
            fix=_STRUCTURE,
        ),
        _family(
            "UBL-FREXT-CR",
            "Élément UBL hors du profil EXTENDED-CTC-FR",
            "UBL element outside the profile EXTENDED-CTC-FR",
            severity=Severity.WARNING,
            fix=_NOT_USED,
        ),
        _family(
            "CII-FREXT-CR",
            "Élément CII hors du profil EXTENDED-CTC-FR",
            "CII element outside the profile EXTENDED-CTC-FR",
            severity=Severity.WARNING,
            fix=_NOT_USED,
        ),
        _family(
            "UBL-FREXT-SR",
            "Structure UBL contraire au profil EXTENDED-CTC-FR",
            "UBL structure that breaks the profile EXTENDED-CTC-FR",
            fix=_STRUCTURE,
        ),
        _family(
            "CII-FREXT-SR",
            "Structure CII contraire au profil EXTENDED-CTC-FR",
            "CII structure that breaks the profile EXTENDED-CTC-FR",
            fix=_STRUCTURE,
        ),
        _family(
            "FX-SCH-A",
            "Structure contraire au profil Factur-X déclaré",
            "Structure that breaks the declared Factur-X profile",
            fix=_STRUCTURE,
        ),
        _family(
            "FX-NOT-USED",
            "Élément ou attribut que le profil Factur-X déclaré n'emploie pas",
            "Element or attribute that the declared Factur-X profile does not use",
            fix=_STRUCTURE,
        ),
    )
}

ROWS = tuple(_FAMILIES.values())


@lru_cache(maxsize=8192)
def row_of(code: str) -> Code | None:
    """The row of a rule by that of its family, None for an id of no family."""
    matched = _ID.fullmatch(code)
    family = _FAMILIES.get(matched[1] if matched else _ODD.get(code, ""))
    return None if family is None else replace(family, code=code)
