"""EN 16931: what each business rule says. Statements are ours, after EN 16931-1 §6.4; ids are those of CEN."""

from collections.abc import Iterator

from flux.model.codes.code import Code
from flux.model.codes.official.making import (
    MONTANTTOTAL_ERR,
    listed,
    missing,
    reckoned,
    rule,
    two_decimals,
)

_PRESENCE = (
    missing("BR-01", "BT-24"),
    missing("BR-02", "BT-1"),
    missing("BR-03", "BT-2"),
    missing("BR-04", "BT-3"),
    missing("BR-05", "BT-5"),
    missing("BR-06", "BT-27"),
    missing("BR-07", "BT-44"),
    missing("BR-08", "BG-5"),
    missing("BR-09", "BT-40"),
    missing("BR-10", "BG-8"),
    missing("BR-11", "BT-55"),
    missing("BR-12", "BT-106"),
    missing("BR-13", "BT-109"),
    missing("BR-14", "BT-112"),
    missing("BR-15", "BT-115"),
    missing("BR-16", "BG-25"),
    rule(
        "BR-17",
        "BT-59",
        "Un bénéficiaire (BG-10) est nommé (BT-59) et n'est pas le vendeur",
        "A payee (BG-10) is named (BT-59) and is not the seller",
        message_fr="Le bénéficiaire (BG-10) n'est pas nommé, ou c'est le vendeur lui-même[ : « {found} »][, ligne {line}].",
        message_en="The payee (BG-10) is not named, or is the seller himself[: “{found}”][, line {line}].",
        fix_fr="Supprimer le bloc du bénéficiaire s'il s'agit du vendeur ; sinon donner son nom et ses propres identifiants.",
        fix_en="Remove the payee block where it is the seller; otherwise give his name and identifiers of his own.",
    ),
    missing(
        "BR-18",
        "BT-62",
        when_fr="dès qu'un représentant fiscal est indiqué",
        when_en="where there is a tax representative",
    ),
    missing(
        "BR-19",
        "BG-12",
        when_fr="dès qu'un représentant fiscal est indiqué",
        when_en="where there is a tax representative",
    ),
    missing(
        "BR-20",
        "BT-69",
        when_fr="dès qu'un représentant fiscal est indiqué",
        when_en="where there is a tax representative",
    ),
    missing("BR-21", "BT-126"),
    missing("BR-22", "BT-129"),
    missing("BR-23", "BT-130"),
    missing("BR-24", "BT-131"),
    missing("BR-25", "BT-153"),
    missing("BR-26", "BT-146"),
    rule(
        "BR-27",
        "BT-146",
        "Le prix net d'un article (BT-146) n'est pas négatif",
        "The net price of an item (BT-146) is not negative",
        message_fr="Le prix net {term} vaut « {found} » : il manque ou il est négatif[, ligne {line}].",
        message_en="The net price {term} is “{found}”: missing or negative[, line {line}].",
        fix_fr="Porter le signe sur la quantité (BT-129), pas sur le prix, et renvoyer la facture.",
        fix_en="Put the sign on the quantity (BT-129), not on the price, and send the invoice again.",
        expected_fr="un prix positif ou nul",
        expected_en="a price of zero or more",
    ),
    rule(
        "BR-28",
        "BT-148",
        "Le prix brut d'un article (BT-148) n'est pas négatif",
        "The gross price of an item (BT-148) is not negative",
        message_fr="Le prix brut {term} vaut « {found} » : il est négatif[, ligne {line}].",
        message_en="The gross price {term} is “{found}”: negative[, line {line}].",
        fix_fr="Porter le signe sur la quantité (BT-129), pas sur le prix, et renvoyer la facture.",
        fix_en="Put the sign on the quantity (BT-129), not on the price, and send the invoice again.",
        expected_fr="un prix positif ou nul",
        expected_en="a price of zero or more",
    ),
    rule(
        "BR-29",
        "BT-74",
        "La période de facturation ne finit pas (BT-74) avant de commencer (BT-73)",
        "The invoicing period does not end (BT-74) before it starts (BT-73)",
        fix_fr="Corriger le début (BT-73) ou la fin (BT-74) de la période.",
        fix_en="Correct the start (BT-73) or the end (BT-74) of the period.",
    ),
    rule(
        "BR-30",
        "BT-135",
        "La période d'une ligne ne finit pas (BT-135) avant de commencer (BT-134)",
        "The period of a line does not end (BT-135) before it starts (BT-134)",
        fix_fr="Corriger le début (BT-134) ou la fin (BT-135) de la période de la ligne.",
        fix_en="Correct the start (BT-134) or the end (BT-135) of the line's period.",
    ),
    missing("BR-31", "BT-92"),
    missing("BR-32", "BT-95"),
    missing("BR-36", "BT-99"),
    missing("BR-37", "BT-102"),
    missing("BR-41", "BT-136"),
    missing("BR-43", "BT-141"),
    missing("BR-45", "BT-116"),
    missing("BR-46", "BT-117"),
    missing("BR-47", "BT-118"),
    missing("BR-48", "BT-119", when_fr="sauf hors du champ de la TVA", when_en="except out of the scope of VAT"),
    missing(
        "BR-49",
        "BT-81",
        when_fr="dès qu'un moyen de paiement est indiqué",
        when_en="where there is a payment instruction",
    ),
    missing(
        "BR-50", "BT-84", when_fr="pour un virement (codes 30 et 58)", when_en="for a credit transfer (codes 30 and 58)"
    ),
    rule(
        "BR-51",
        "BT-87",
        "D'un numéro de carte (BT-87) dix caractères au plus sont montrés",
        "Of a card number (BT-87) ten characters at most are shown",
        message_fr="Le numéro de carte {term} est montré au-delà des six premiers et quatre derniers chiffres[, ligne {line}].",
        message_en="The card number {term} is shown beyond its first six and last four digits[, line {line}].",
        fix_fr="Masquer le numéro de carte : les six premiers et les quatre derniers chiffres suffisent.",
        fix_en="Mask the card number: its first six and last four digits are enough.",
    ),
    missing("BR-52", "BT-122"),
    missing(
        "BR-53",
        "BT-111",
        when_fr="dès qu'une devise de TVA (BT-6) est indiquée",
        when_en="where there is a VAT currency (BT-6)",
    ),
    rule(
        "BR-54",
        "BG-32",
        "Un attribut d'article (BG-32) a un nom (BT-160) et une valeur (BT-161)",
        "An item attribute (BG-32) has a name (BT-160) and a value (BT-161)",
        fix_fr="Donner le nom et la valeur de l'attribut, ou le supprimer.",
        fix_en="Give the name and the value of the attribute, or remove it.",
    ),
    missing(
        "BR-55",
        "BT-25",
        when_fr="dès qu'une facture antérieure est citée",
        when_en="where a preceding invoice is referred to",
    ),
    missing(
        "BR-56",
        "BT-63",
        when_fr="dès qu'un représentant fiscal est indiqué",
        when_en="where there is a tax representative",
    ),
    missing(
        "BR-57",
        "BT-80",
        when_fr="dès qu'une adresse de livraison est indiquée",
        when_en="where there is a delivery address",
    ),
    missing(
        "BR-61", "BT-84", when_fr="pour un virement (codes 30 et 58)", when_en="for a credit transfer (codes 30 and 58)"
    ),
    missing("BR-62", "BT-34-1"),
    missing("BR-63", "BT-49-1"),
    missing("BR-64", "BT-157-1"),
    missing("BR-65", "BT-158-1"),
)


def _reasons() -> Iterator[Code]:
    """BR-33, 38, 42, 44 and their doubles BR-CO-21 to 24: why an allowance or a charge is made."""
    for codes, group_fr, group_en, text, code in (
        (("BR-33", "BR-CO-21"), "une remise du document", "a document level allowance", "BT-97", "BT-98"),
        (("BR-38", "BR-CO-22"), "des frais du document", "a document level charge", "BT-104", "BT-105"),
        (("BR-42", "BR-CO-23"), "une remise de ligne", "a line allowance", "BT-139", "BT-140"),
        (("BR-44", "BR-CO-24"), "des frais de ligne", "a line charge", "BT-144", "BT-145"),
    ):
        for each in codes:
            yield rule(
                each,
                text,
                f"Le motif est dit pour {group_fr} : texte ({text}) ou code ({code})",
                f"The reason is given for {group_en}: text ({text}) or code ({code})",
                message_fr=f"Aucun motif pour {group_fr} : ni texte ({text}) ni code ({code})[, ligne {{line}}].",
                message_en=f"No reason for {group_en}: neither text ({text}) nor code ({code})[, line {{line}}].",
                fix_fr=f"Donner le motif en texte ({text}) ou en code ({code}).",
                fix_en=f"Give the reason as text ({text}) or as a code ({code}).",
            )


def _same_meaning() -> Iterator[Code]:
    """BR-CO-05 to 08, which no machine can judge."""
    for code, text, coded in (
        ("BR-CO-05", "BT-97", "BT-98"),
        ("BR-CO-06", "BT-104", "BT-105"),
        ("BR-CO-07", "BT-139", "BT-140"),
        ("BR-CO-08", "BT-144", "BT-145"),
    ):
        yield rule(
            code,
            coded,
            f"Le motif ({text}) et son code ({coded}) disent la même chose",
            f"The reason ({text}) and its code ({coded}) say the same",
        )


_CONSISTENCY = (
    rule(
        "BR-CO-03",
        "BT-8",
        "La date d'exigibilité (BT-7) et son code (BT-8) s'excluent",
        "The VAT point date (BT-7) and its code (BT-8) exclude each other",
        message_fr="La facture donne à la fois la date d'exigibilité de la TVA (BT-7) et son code (BT-8)[, ligne {line}].",
        message_en="The invoice gives both the VAT point date (BT-7) and its code (BT-8)[, line {line}].",
        fix_fr="Garder l'un des deux.",
        fix_en="Keep one of the two.",
    ),
    missing("BR-CO-04", "BT-151"),
    rule(
        "BR-CO-09",
        "BT-31",
        "Un numéro de TVA commence par un code pays (FR, EL pour la Grèce)",
        "A VAT number starts with a country code (FR, EL for Greece)",
        message_fr="Le numéro de TVA « {found} » ne commence pas par le code d'un pays[, ligne {line}].",
        message_en="The VAT number “{found}” does not start with the code of a country[, line {line}].",
        fix_fr="Écrire le numéro de TVA avec les deux lettres du pays, en majuscules.",
        fix_en="Write the VAT number with the two letters of its country, in capitals.",
    ),
    reckoned("BR-CO-10", "BT-106", "BT-106 = somme des BT-131", "BT-106 = sum of BT-131"),
    reckoned("BR-CO-11", "BT-107", "BT-107 = somme des BT-92", "BT-107 = sum of BT-92"),
    reckoned("BR-CO-12", "BT-108", "BT-108 = somme des BT-99", "BT-108 = sum of BT-99"),
    reckoned(
        "BR-CO-13",
        "BT-109",
        "BT-109 = BT-106 − BT-107 + BT-108",
        "BT-109 = BT-106 − BT-107 + BT-108",
        motif=MONTANTTOTAL_ERR,
    ),
    reckoned("BR-CO-14", "BT-110", "BT-110 = somme des BT-117", "BT-110 = sum of BT-117"),
    reckoned(
        "BR-CO-15",
        "BT-112",
        "BT-112 = BT-109 + BT-110, un seul BT-110 dans la devise de la facture",
        "BT-112 = BT-109 + BT-110, one single BT-110 in the currency of the invoice",
        motif=MONTANTTOTAL_ERR,
    ),
    reckoned(
        "BR-CO-16",
        "BT-115",
        "BT-115 = BT-112 − BT-113 + BT-114",
        "BT-115 = BT-112 − BT-113 + BT-114",
        motif=MONTANTTOTAL_ERR,
    ),
    reckoned(
        "BR-CO-17",
        "BT-117",
        "BT-117 = BT-116 × BT-119, à moins de 1 près",
        "BT-117 = BT-116 × BT-119, within less than 1",
    ),
    missing("BR-CO-18", "BG-23"),
    rule(
        "BR-CO-19",
        "BG-14",
        "La période de facturation (BG-14) a un début ou une fin",
        "The invoicing period (BG-14) has a start or an end",
        fix_fr="Donner le début (BT-73) ou la fin (BT-74), ou supprimer la période.",
        fix_en="Give the start (BT-73) or the end (BT-74), or remove the period.",
    ),
    rule(
        "BR-CO-20",
        "BG-26",
        "La période d'une ligne (BG-26) a un début ou une fin",
        "The period of a line (BG-26) has a start or an end",
        fix_fr="Donner le début (BT-134) ou la fin (BT-135), ou supprimer la période.",
        fix_en="Give the start (BT-134) or the end (BT-135), or remove the period.",
    ),
    rule(
        "BR-CO-26",
        "BT-29",
        "Le vendeur est identifié : BT-29, BT-30 ou BT-31",
        "The seller is identified: BT-29, BT-30 or BT-31",
        message_fr="Le vendeur n'a ni identifiant (BT-29), ni numéro légal (BT-30), ni numéro de TVA (BT-31)[, ligne {line}].",
        message_en="The seller has no identifier (BT-29), no legal number (BT-30) and no VAT number (BT-31)[, line {line}].",
        fix_fr="Donner le SIREN du vendeur (BT-30, schéma 0002) ou un autre de ces identifiants.",
        fix_en="Give the SIREN of the seller (BT-30, scheme 0002) or another of these identifiers.",
    ),
)

_DECIMALS = tuple(
    two_decimals(f"BR-DEC-{number:02}", f"BT-{term}")
    for number, term in (
        (1, 92),
        (2, 93),
        (5, 99),
        (6, 100),
        (9, 106),
        (10, 107),
        (11, 108),
        (12, 109),
        (13, 110),
        (14, 112),
        (15, 111),
        (16, 113),
        (17, 114),
        (18, 115),
        (19, 116),
        (20, 117),
        (23, 131),
        (24, 136),
        (25, 137),
        (27, 141),
        (28, 142),
    )
)

_CODE_LISTS = (
    listed(
        "BR-CL-01", "BT-3", "la liste des types de facture (UNTDID 1001)", "the list of invoice types (UNTDID 1001)"
    ),
    listed("BR-CL-03", None, "la liste des devises (ISO 4217)", "the list of currencies (ISO 4217)"),
    listed("BR-CL-04", "BT-5", "la liste des devises (ISO 4217)", "the list of currencies (ISO 4217)"),
    listed("BR-CL-05", "BT-6", "la liste des devises (ISO 4217)", "the list of currencies (ISO 4217)"),
    listed(
        "BR-CL-06",
        "BT-8",
        "la liste des exigibilités (UNTDID 2005 ou 2475)",
        "the list of VAT points (UNTDID 2005 or 2475)",
    ),
    listed(
        "BR-CL-07",
        "BT-18-1",
        "la liste des objets facturés (UNTDID 1153)",
        "the list of invoiced objects (UNTDID 1153)",
    ),
    listed("BR-CL-08", "BT-21", "la liste des sujets de note (UNTDID 4451)", "the list of note subjects (UNTDID 4451)"),
    listed(
        "BR-CL-10",
        "BT-29-1",
        "la liste des schémas d'identifiant (ISO 6523)",
        "the list of identifier schemes (ISO 6523)",
    ),
    listed(
        "BR-CL-11",
        "BT-30-1",
        "la liste des schémas d'identifiant (ISO 6523)",
        "the list of identifier schemes (ISO 6523)",
    ),
    listed(
        "BR-CL-13",
        "BT-158-1",
        "la liste des classifications d'article (UNTDID 7143)",
        "the list of item classifications (UNTDID 7143)",
    ),
    listed("BR-CL-14", "BT-40", "la liste des pays (ISO 3166-1)", "the list of countries (ISO 3166-1)"),
    listed("BR-CL-15", "BT-159", "la liste des pays (ISO 3166-1)", "the list of countries (ISO 3166-1)"),
    listed(
        "BR-CL-16", "BT-81", "la liste des moyens de paiement (UNTDID 4461)", "the list of payment means (UNTDID 4461)"
    ),
    listed(
        "BR-CL-17", "BT-118", "la liste des catégories de TVA (UNTDID 5305)", "the list of VAT categories (UNTDID 5305)"
    ),
    listed(
        "BR-CL-18", "BT-151", "la liste des catégories de TVA (UNTDID 5305)", "the list of VAT categories (UNTDID 5305)"
    ),
    listed(
        "BR-CL-19",
        "BT-98",
        "la liste des motifs de remise (UNTDID 5189)",
        "the list of allowance reasons (UNTDID 5189)",
    ),
    listed(
        "BR-CL-20", "BT-105", "la liste des motifs de frais (UNTDID 7161)", "the list of charge reasons (UNTDID 7161)"
    ),
    listed(
        "BR-CL-21",
        "BT-157-1",
        "la liste des schémas d'identifiant (ISO 6523)",
        "the list of identifier schemes (ISO 6523)",
    ),
    listed("BR-CL-22", "BT-121", "la liste des motifs d'exonération (VATEX)", "the list of exemption reasons (VATEX)"),
    listed(
        "BR-CL-23",
        "BT-130",
        "la liste des unités (recommandations 20 et 21)",
        "the list of units (recommendations 20 and 21)",
    ),
    listed("BR-CL-24", "BT-125-1", "la liste des types de fichier de la norme", "the list of file types of the norm"),
    listed(
        "BR-CL-25",
        "BT-34-1",
        "la liste des schémas d'adresse électronique (EAS)",
        "the list of electronic address schemes (EAS)",
    ),
    listed(
        "BR-CL-26",
        "BT-71-1",
        "la liste des schémas d'identifiant (ISO 6523)",
        "the list of identifier schemes (ISO 6523)",
    ),
)

# Family, code, name in French and English.
_FAMILIES = (
    ("S", "S", "taux normal ou réduit (S)", "standard rated (S)"),
    ("Z", "Z", "taux zéro (Z)", "zero rated (Z)"),
    ("E", "E", "exonéré (E)", "exempt (E)"),
    ("AE", "AE", "autoliquidation (AE)", "reverse charge (AE)"),
    ("IC", "K", "livraison intracommunautaire (K)", "intra-community supply (K)"),
    ("G", "G", "exportation (G)", "export (G)"),
    ("O", "O", "hors du champ de la TVA (O)", "not subject to VAT (O)"),
    ("AF", "L", "impôt des Canaries (L)", "Canary Islands tax (L)"),
    ("AG", "M", "impôt de Ceuta et Melilla (M)", "tax of Ceuta and Melilla (M)"),
)
_SELLER_FR, _SELLER_EN = (
    "le numéro de TVA ou fiscal du vendeur (BT-31, BT-32) ou le numéro de TVA de son représentant (BT-63)",
    ("the VAT or tax number of the seller (BT-31, BT-32) or the VAT number of his representative (BT-63)"),
)
_VAT_FR, _VAT_EN = (
    "le numéro de TVA du vendeur (BT-31) ou de son représentant (BT-63)",
    ("the VAT number of the seller (BT-31) or of his representative (BT-63)"),
)
# Who must bear which number, where it is not the seller's tax number alone.
_NUMBERS = {
    "AE": (
        f"{_SELLER_FR}, et le numéro de TVA (BT-48) ou légal (BT-47) de l'acheteur",
        f"{_SELLER_EN}, and the VAT number (BT-48) or legal number (BT-47) of the buyer",
    ),
    "IC": (f"{_VAT_FR}, et celui de l'acheteur (BT-48)", f"{_VAT_EN}, and that of the buyer (BT-48)"),
    "G": (_VAT_FR, _VAT_EN),
    "O": ("aucun numéro de TVA : ni BT-31, ni BT-63, ni BT-48", "no VAT number: neither BT-31, nor BT-63, nor BT-48"),
}
_RATES = {
    "S": ("supérieur à zéro", "above zero"),
    "AF": ("positif ou nul", "of zero or more"),
    "AG": ("positif ou nul", "of zero or more"),
    "O": ("absent", "absent"),
}
_WHERE = (
    (2, 5, "une ligne", "a line", "BT-151", "BT-152"),
    (3, 6, "une remise", "an allowance", "BT-95", "BT-96"),
    (4, 7, "des frais", "a charge", "BT-102", "BT-103"),
)


def _family(name: str, code: str, fr: str, en: str) -> Iterator[Code]:
    several = name in ("S", "AF", "AG")
    yield rule(
        f"BR-{name}-01",
        "BT-118",
        f"La catégorie {fr} d'une ligne, remise ou de frais a {'au moins un' if several else 'un seul'} groupe dans la ventilation (BG-23)",
        f"The category {en} of a line, allowance or charge has {'at least one' if several else 'exactly one'} group in the breakdown (BG-23)",
        message_fr=f"La ventilation de la TVA (BG-23) compte {{found}} groupe(s) de la catégorie {code} ; attendu : {{expected}}[, ligne {{line}}].",
        message_en=f"The VAT breakdown (BG-23) has {{found}} group(s) of category {code}; expected: {{expected}}[, line {{line}}].",
        fix_fr="Mettre la ventilation de la TVA en accord avec les catégories des lignes, remises et frais.",
        fix_en="Make the VAT breakdown agree with the categories of lines, allowances and charges.",
    )
    numbers_fr, numbers_en = _NUMBERS.get(name, (_SELLER_FR, _SELLER_EN))
    rate_fr, rate_en = _RATES.get(name, ("égal à zéro", "of zero"))
    for registered, rated, where_fr, where_en, category, rate in _WHERE:
        yield rule(
            f"BR-{name}-{registered:02}",
            category,
            f"Avec {where_fr} en {fr}, la facture porte {numbers_fr}",
            f"With {where_en} in {en}, the invoice bears {numbers_en}",
            message_fr=f"Il y a {where_fr} en {fr} ; la facture doit porter {numbers_fr}[, ligne {{line}}].",
            message_en=f"There is {where_en} in {en}; the invoice must bear {numbers_en}[, line {{line}}].",
            fix_fr="Compléter les numéros des parties, ou corriger la catégorie de TVA.",
            fix_en="Complete the numbers of the parties, or correct the VAT category.",
        )
        yield rule(
            f"BR-{name}-{rated:02}",
            rate,
            f"Pour {where_fr} en {fr}, le taux de TVA ({rate}) est {rate_fr}",
            f"For {where_en} in {en}, the VAT rate ({rate}) is {rate_en}",
            message_fr=f"Le taux {{term}} vaut « {{found}} » ; pour la catégorie {code} il doit être {rate_fr}[, ligne {{line}}].",
            message_en=f"The rate {{term}} is “{{found}}”; for category {code} it must be {rate_en}[, line {{line}}].",
            fix_fr="Corriger le taux ou la catégorie de TVA.",
            fix_en="Correct the VAT rate or the VAT category.",
        )
    per_fr, per_en = (", par taux", ", for each rate") if several else ("", "")
    yield reckoned(
        f"BR-{name}-08",
        "BT-116",
        f"catégorie {code}{per_fr} : BT-116 = BT-131 − BT-92 + BT-99",
        f"category {code}{per_en}: BT-116 = BT-131 − BT-92 + BT-99",
    )
    yield reckoned(
        f"BR-{name}-09",
        "BT-117",
        f"catégorie {code} : BT-117 = " + ("BT-116 × BT-119" if several else "0"),
        f"category {code}: BT-117 = " + ("BT-116 × BT-119" if several else "0"),
    )
    forbidden = several or name == "Z"
    yield rule(
        f"BR-{name}-10",
        "BT-120",
        f"Catégorie {fr} : "
        + (
            "aucun motif d'exonération"
            if forbidden
            else "motif d'exonération dit, en texte (BT-120) ou en code (BT-121)"
        ),
        f"Category {en}: "
        + ("no reason of exemption" if forbidden else "reason of exemption given, as text (BT-120) or code (BT-121)"),
        message_fr="Un motif d'exonération est donné[ (« {found} »)] pour une catégorie qui n'en a pas[, ligne {line}]."
        if forbidden
        else f"Aucun motif d'exonération, ni texte (BT-120) ni code (BT-121), pour la catégorie {code}[, ligne {{line}}].",
        message_en="A reason of exemption is given[ (“{found}”)] for a category that has none[, line {line}]."
        if forbidden
        else f"No reason of exemption, neither text (BT-120) nor code (BT-121), for category {code}[, line {{line}}].",
        fix_fr="Supprimer le motif, ou corriger la catégorie."
        if forbidden
        else "Donner le motif d'exonération (BT-120 ou BT-121).",
        fix_en="Remove the reason, or correct the category."
        if forbidden
        else "Give the reason of exemption (BT-120 or BT-121).",
    )


_SPECIAL = (
    missing(
        "BR-IC-11",
        "BT-72",
        when_fr="(ou la période, BG-14) pour une livraison intracommunautaire",
        when_en="(or the period, BG-14) for an intra-community supply",
    ),
    missing(
        "BR-IC-12", "BT-80", when_fr="pour une livraison intracommunautaire", when_en="for an intra-community supply"
    ),
    *(
        rule(
            f"BR-O-{number}",
            term,
            f"Avec une ventilation hors du champ de la TVA (O), {where_fr} est de la même catégorie",
            f"With a breakdown not subject to VAT (O), {where_en} is of the same category",
            message_fr="La ventilation est hors du champ de la TVA (O), mais la catégorie « {found} » figure aussi dans la facture[, ligne {line}].",
            message_en="The breakdown is not subject to VAT (O), but the category “{found}” stands in the invoice too[, line {line}].",
            fix_fr="Séparer ce qui est hors du champ de la TVA dans une autre facture, ou corriger les catégories.",
            fix_en="Put what is not subject to VAT in another invoice, or correct the categories.",
        )
        for number, term, where_fr, where_en in (
            (11, "BT-118", "tout autre groupe", "every other group"),
            (12, "BT-151", "chaque ligne", "every line"),
            (13, "BT-95", "chaque remise", "every allowance"),
            (14, "BT-102", "tous les frais", "every charge"),
        )
    ),
    rule(
        "BR-B-01",
        "BT-118",
        "Le paiement scindé (B) n'existe qu'entre parties italiennes",
        "Split payment (B) exists between Italian parties only",
        fix_fr="Employer une autre catégorie de TVA que B.",
        fix_en="Use another VAT category than B.",
    ),
    rule(
        "BR-B-02",
        "BT-118",
        "Le paiement scindé (B) ne se mêle pas au taux normal (S)",
        "Split payment (B) is not mixed with standard rate (S)",
        fix_fr="Employer une seule des deux catégories.",
        fix_en="Use only one of the two categories.",
    ),
)

ROWS = (
    *_PRESENCE,
    *_reasons(),
    *_same_meaning(),
    *_CONSISTENCY,
    *_DECIMALS,
    *_CODE_LISTS,
    *(row for family in _FAMILIES for row in _family(*family)),
    *_SPECIAL,
)
