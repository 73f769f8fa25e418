"""EXTENDED-CTC-FR: what the rules of the French extension say. Statements are ours; ids are those of FNFE-MPE.

The same rule bears BR-FREXT in UBL and BR-FXEXT or BR-FREXT-BR in CII, as the artefacts spell it.
"""

from collections.abc import Iterator
from dataclasses import replace

from flux.model.codes.code import Code
from flux.model.codes.official.making import CALCUL_ERR, MONTANTTOTAL_ERR, listed, missing, reckoned, rule
from flux.model.finding import Severity

_WHEN = {"when_fr": "pour une ligne de détail", "when_en": "for a detail line"}


def _lines() -> Iterator[Code]:
    """What a line must hold, unless it groups others or informs only."""
    for number, term in ((22, "BT-129"), (23, "BT-130"), (24, "BT-131"), (26, "BT-146")):
        yield missing(f"BR-FREXT-{number}", term, **_WHEN)
        yield missing(f"BR-FREXT-BR-{number}", term, **_WHEN)
    yield missing("BR-FREXT-CO-04", "BT-151", **_WHEN)


_TOLERANCE_FR, _TOLERANCE_EN = "à 0,01 près par montant", "within 0.01 for each amount"

_SUMS = (
    reckoned(
        "BR-FREXT-CO-10",
        "BT-106",
        f"BT-106 = somme des BT-131 de détail, {_TOLERANCE_FR}",
        f"BT-106 = sum of BT-131 of detail lines, {_TOLERANCE_EN}",
    ),
    reckoned(
        "BR-FREXT-CO-11",
        "BT-107",
        f"BT-107 = somme des BT-92, {_TOLERANCE_FR}",
        f"BT-107 = sum of BT-92, {_TOLERANCE_EN}",
    ),
    reckoned(
        "BR-FREXT-CO-12",
        "BT-108",
        f"BT-108 = somme des BT-99, {_TOLERANCE_FR}",
        f"BT-108 = sum of BT-99, {_TOLERANCE_EN}",
    ),
    reckoned(
        "BR-FREXT-CO-13",
        "BT-109",
        f"BT-109 = BT-131 − BT-92 + BT-99, {_TOLERANCE_FR}",
        f"BT-109 = BT-131 − BT-92 + BT-99, {_TOLERANCE_EN}",
        motif=MONTANTTOTAL_ERR,
    ),
    reckoned(
        "BR-FREXT-CO-15",
        "BT-112",
        f"BT-112 = BT-109 + BT-110, {_TOLERANCE_FR}",
        f"BT-112 = BT-109 + BT-110, {_TOLERANCE_EN}",
        motif=MONTANTTOTAL_ERR,
    ),
)

_SUBLINES = (
    rule(
        "BR-FREXT-05",
        "EXT-FR-FE-163",
        "Le type d'une sous-ligne (EXT-FR-FE-163) est DETAIL, GROUP ou INFORMATION",
        "The subtype of a line (EXT-FR-FE-163) is DETAIL, GROUP or INFORMATION",
        fix_fr="Employer DETAIL, GROUP ou INFORMATION.",
        fix_en="Use DETAIL, GROUP or INFORMATION.",
    ),
    rule(
        "BR-FREXT-06",
        "EXT-FR-FE-163",
        "Une ligne qui a une ligne mère (EXT-FR-FE-162) dit son type (EXT-FR-FE-163)",
        "A line that has a parent line (EXT-FR-FE-162) says its subtype (EXT-FR-FE-163)",
        message_fr="La ligne dépend de la ligne « {found} » sans dire son type : DETAIL, GROUP ou INFORMATION[, ligne {line}].",
        message_en="The line belongs to line “{found}” and does not say its subtype: DETAIL, GROUP or INFORMATION[, line {line}].",
        fix_fr="Ajouter le type de la sous-ligne.",
        fix_en="Add the subtype of the line.",
    ),
    reckoned(
        "BR-FREXT-08",
        "BT-131",
        "montant d'une ligne GROUP = somme de ses sous-lignes",
        "amount of a GROUP line = sum of its sub-lines",
    ),
    rule(
        "BR-FREXT-11",
        "EXT-FR-FE-162",
        "La ligne mère (EXT-FR-FE-162) est une autre ligne de la facture",
        "The parent line (EXT-FR-FE-162) is another line of the invoice",
        message_fr="La ligne dépend de la ligne « {found} », qui n'existe pas dans la facture ou est la ligne elle-même[, ligne {line}].",
        message_en="The line belongs to line “{found}”, which is not in the invoice or is the line itself[, line {line}].",
        fix_fr="Corriger l'identifiant de la ligne mère (BT-126 d'une autre ligne).",
        fix_en="Correct the identifier of the parent line (BT-126 of another line).",
    ),
    rule(
        "BR-FREXT-12",
        "BT-131",
        "Dans une ligne GROUP qui a un montant, les lignes GROUP en ont un aussi",
        "In a GROUP line that has an amount, the GROUP lines have one too",
        message_fr="{found} ligne(s) GROUP sans montant dans un GROUP qui en a un[, ligne {line}].",
        message_en="{found} GROUP line(s) without an amount in a GROUP that has one[, line {line}].",
        fix_fr="Donner le montant (BT-131) de chaque ligne GROUP, ou d'aucune.",
        fix_en="Give the amount (BT-131) of every GROUP line, or of none.",
    ),
    rule(
        "BR-FREXT-54-1",
        "BG-32",
        "Un attribut d'article a un nom (BT-160) ou un code (EXT-FR-FE-159)",
        "An item attribute has a name (BT-160) or a code (EXT-FR-FE-159)",
        fix_fr="Donner le nom ou le code de l'attribut, ou le supprimer.",
        fix_en="Give the name or the code of the attribute, or remove it.",
    ),
    rule(
        "BR-FREXT-54-2",
        "BG-32",
        "Un attribut d'article a une valeur (BT-161) ou une mesure avec son unité, pas les deux",
        "An item attribute has a value (BT-161) or a measure with its unit, not both",
        fix_fr="Garder la valeur ou la mesure.",
        fix_en="Keep the value or the measure.",
    ),
)

_OTHERS = (
    rule(
        "BR-CO-25",
        "BT-9",
        "S'il reste à payer (BT-115), l'échéance (BT-9) ou les conditions de paiement (BT-20) sont dites",
        "Where an amount is due (BT-115), the due date (BT-9) or the payment terms (BT-20) are given",
        message_fr="Il reste {found} à payer, sans échéance (BT-9) ni conditions de paiement (BT-20)[, ligne {line}].",
        message_en="{found} is due, without a due date (BT-9) or payment terms (BT-20)[, line {line}].",
        fix_fr="Donner l'échéance (BT-9) ou les conditions de paiement (BT-20).",
        fix_en="Give the due date (BT-9) or the payment terms (BT-20).",
    ),
    *(
        rule(
            code,
            term,
            f"Le motif est dit pour {of_fr} : texte ou code",
            f"The reason is given for {of_en}: text or code",
            fix_fr="Donner le motif en texte ou en code.",
            fix_en="Give the reason as text or as a code.",
        )
        for code, term, of_fr, of_en in (
            ("BR-FREXT-BR-38", "BT-104", "des frais du document", "a document level charge"),
            ("BR-FREXT-BR-44", "BT-144", "des frais de ligne", "a line charge"),
        )
    ),
    listed(
        "BR-FREXT-04",
        "EXT-FR-FE-159",
        "la liste des caractéristiques d'article (UNTDID 6313)",
        "the list of item characteristics (UNTDID 6313)",
    ),
    listed(
        "BR-FREXT-CL-10",
        "BT-29-1",
        "la liste des schémas d'identifiant (ISO 6523, BY, SE)",
        "the list of identifier schemes (ISO 6523, BY, SE)",
    ),
    listed(
        "BR-FREXT-CL-19-GP",
        "BT-147",
        "la liste des motifs de remise (UNTDID 5189)",
        "the list of allowance reasons (UNTDID 5189)",
    ),
    listed(
        "BR-FREXT-CL-20",
        "BT-105",
        "la liste des motifs de frais (UNTDID 7161)",
        "the list of charge reasons (UNTDID 7161)",
    ),
    listed(
        "BR-FREXT-CL-20-TAX",
        "BT-105",
        "la liste des autres taxes (UNTDID 5153)",
        "the list of other taxes (UNTDID 5153)",
    ),
    listed(
        "BR-FREXT-CL-20-LISTID", "BT-105", "les listes permises (7161 et 5153)", "the lists allowed (7161 and 5153)"
    ),
    listed(
        "BR-FREXT-CL-24",
        "BT-125-1",
        "la liste des types de fichier de la norme, XML compris",
        "the list of file types of the norm, XML included",
    ),
    listed(
        "BR-FREXT-CL-27",
        None,
        "la liste des conditions de livraison (Incoterms)",
        "the list of delivery terms (Incoterms)",
    ),
)

_FAMILIES = (
    ("S", "S"),
    ("Z", "Z"),
    ("E", "E"),
    ("AE", "AE"),
    ("IC", "K"),
    ("G", "G"),
    ("O", "O"),
    ("AF", "L"),
    ("AG", "M"),
)


def _families() -> Iterator[Code]:
    for name, code in _FAMILIES:
        yield rule(
            f"BR-FREXT-{name}-01",
            "BT-118",
            f"La catégorie {code} figure dans la ventilation (BG-23) si elle est employée, et alors seulement",
            f"The category {code} stands in the breakdown (BG-23) where it is used, and only then",
            message_fr=f"La ventilation de la TVA (BG-23) compte {{found}} groupe(s) de la catégorie {code} ; attendu : {{expected}}[, ligne {{line}}].",
            message_en=f"The VAT breakdown (BG-23) has {{found}} group(s) of category {code}; expected: {{expected}}[, line {{line}}].",
            fix_fr="Mettre la ventilation de la TVA en accord avec les catégories des lignes, remises et frais.",
            fix_en="Make the VAT breakdown agree with the categories of lines, allowances and charges.",
        )
        for prefix in ("BR-FREXT", "BR-FXEXT"):
            base = reckoned(
                f"{prefix}-{name}-08",
                "BT-116",
                f"catégorie {code} : BT-116 = BT-131 − BT-92 + BT-99, {_TOLERANCE_FR}",
                f"category {code}: BT-116 = BT-131 − BT-92 + BT-99, {_TOLERANCE_EN}",
                motif=CALCUL_ERR,
            )
            yield base
            for kind in ("ini", "rev"):
                yield replace(base, code=f"{base.code}{kind}", legacy=Severity.WARNING, afnor=Severity.WARNING)
    for prefix in ("BR-FREXT", "BR-FXEXT"):
        yield reckoned(
            f"{prefix}-S-09",
            "BT-117",
            f"catégorie S : BT-117 = BT-116 × BT-119, {_TOLERANCE_FR}",
            f"category S: BT-117 = BT-116 × BT-119, {_TOLERANCE_EN}",
        )


ROWS = (*_lines(), *_SUMS, *_SUBLINES, *_OTHERS, *_families())
