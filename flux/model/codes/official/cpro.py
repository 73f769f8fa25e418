"""BR-FR-CPRO 01 to 44: what Chorus Pro asks of invoices to the public sector, in our words after XP Z12-012 section 4.5.3.

Facts: length, longest and vat of an identifier; length of a text; reason_fr and reason_en of a service.
"""

from flux.model.codes.code import TO_RECIPIENT, Code, Who
from flux.model.codes.official.making import REJ_CONT_B2G, name_of, rule
from flux.model.finding import Severity

_SCHEMES = "0009, 0223, 0226, 0227, 0228, 0229"
_FOREIGN_SCHEMES = "0223, 0226, 0227, 0228, 0229"


def _rule(
    number: str,
    term: str,
    fr: str,
    en: str,
    *,
    message_fr: str = "",
    message_en: str = "",
    fix_fr: str,
    fix_en: str,
    expected_fr: str = "",
    expected_en: str = "",
    severity: Severity = Severity.FATAL,
) -> Code:
    return rule(
        f"BR-FR-CPRO-{number}",
        term,
        fr,
        en,
        message_fr=message_fr,
        message_en=message_en,
        fix_fr=f"{fix_fr} et renvoyer la facture.",
        fix_en=f"{fix_en} and send the invoice again.",
        expected_fr=expected_fr,
        expected_en=expected_en,
        motif=REJ_CONT_B2G,
        severity=severity,
    )


def _longest(number: str, term: str, longest: int) -> Code:
    name = name_of(term)
    return _rule(
        number,
        term,
        f"{longest} caractères au plus : {name.fr} ({term})",
        f"{longest} characters at most: {name.en} ({term})",
        message_fr=f"Le champ {{term}} est trop long pour le secteur public[ : {{length}} caractères], {longest} au plus"
        "[ ; trouvé « {found} »][, ligne {line}].",
        message_en=f"The field {{term}} is too long for the public sector[: {{length}} characters], {longest} at most"
        "[; found “{found}”][, line {line}].",
        fix_fr=f"Raccourcir {term} ({name.fr})",
        fix_en=f"Shorten {term} ({name.en})",
        expected_fr=f"{longest} caractères au plus",
        expected_en=f"{longest} characters at most",
    )


def _single(number: str, term: str, name_fr: str, name_en: str) -> Code:
    return _rule(
        number,
        term,
        f"Un seul élément : {name_fr}",
        f"One only: {name_en}",
        message_fr=f"La facture répète un élément que le secteur public prend une seule fois : {name_fr}"
        "[ ({found} trouvés)][, ligne {line}].",
        message_en=f"The invoice repeats what the public sector takes once only: {name_en}[ ({{found}} found)][, line {{line}}].",
        fix_fr=f"N'en garder qu'un ({name_fr})",
        fix_en=f"Keep one only ({name_en})",
        expected_fr="un seul",
        expected_en="one only",
    )


def _foreign(number: str, scheme: str, what: tuple[str, str], form: tuple[str, str]) -> Code:
    """An identifier of a foreign seller: what it is and how it is written, in French and in English."""
    (what_fr, what_en), (form_fr, form_en) = what, form
    return _rule(
        number,
        "BT-29",
        f"Identifiant du vendeur sous {scheme}, {what_fr} : {form_fr}",
        f"Seller identifier under {scheme}, {what_en}: {form_en}",
        message_fr=f"L'identifiant[ « {{found}} »] du vendeur sous {scheme} ({what_fr}) n'a pas la forme prévue : {form_fr}"
        "[, {length} caractères trouvés][ ; le numéro de TVA (BT-31) est {vat}][, ligne {line}].",
        message_en=f"The seller identifier[ “{{found}}”] under {scheme} ({what_en}) does not have its form: {form_en}"
        "[, {length} characters found][; the VAT number (BT-31) is {vat}][, line {line}].",
        fix_fr="Corriger l'identifiant du vendeur (BT-29) ou son type",
        fix_en="Correct the seller identifier (BT-29) or its scheme",
        expected_fr=form_fr,
        expected_en=form_en,
    )


def _structure(number: str, term: str, who_fr: str, who_en: str) -> Code:
    return _rule(
        number,
        term,
        f"{who_fr} : un SIREN accompagné de son SIRET, sinon un identifiant sous {_FOREIGN_SCHEMES}",
        f"{who_en}: a SIREN with a SIRET of it, else an identifier under {_FOREIGN_SCHEMES}",
        message_fr=f"{who_fr} : l'identifiant {{term}} manque ou ne va pas avec le SIREN[ ; trouvé « {{found}} »]"
        "[ ; attendu : {expected}][, ligne {line}].",
        message_en=f"{who_en}: the identifier {{term}} is missing or does not go with the SIREN[; found “{{found}}”]"
        "[; expected: {expected}][, line {line}].",
        fix_fr=f"{who_fr} : porter le SIRET (0009) de ce SIREN, ou l'identifiant étranger avec son type,",
        fix_en=f"{who_en}: write the SIRET (0009) of that SIREN, or the foreign identifier with its scheme,",
        expected_fr=f"un SIRET (0009) qui commence par le SIREN, ou un identifiant sous {_FOREIGN_SCHEMES}",
        expected_en=f"a SIRET (0009) that starts with the SIREN, or an identifier under {_FOREIGN_SCHEMES}",
    )


def _ignored() -> Code:
    """A remark: Chorus Pro takes the invoice and does not read these blocks."""
    return rule(
        "BR-FR-CPRO-16",
        "EXT-FR-FE-92",
        "Blocs « adressée à » et « agent de l'acheteur » vides",
        "Blocks “invoicee” and “buyer's agent” empty",
        message_fr="Le bloc « adressée à » ou « agent de l'acheteur » est rempli ; le secteur public ne le lit pas[, ligne {line}].",
        message_en="The block “invoicee” or “buyer's agent” is filled in; the public sector does not read it[, line {line}].",
        fix_fr="Rien à faire ; ces blocs peuvent rester vides.",
        fix_en="Nothing to do; these blocks may stay empty.",
        expected_fr="aucun de ces blocs",
        expected_en="none of these blocks",
        motif=None,
        severity=Severity.INFO,
        who=Who.NOBODY,
    )


def _agent_unknown() -> Code:
    """Told to those who know the sheets: the sender must not learn which structures they hold."""
    return rule(
        "BR-FR-CPRO-22",
        "EXT-FR-FE-69",
        "SIRET de l'agent du vendeur connu du portail",
        "SIRET of the seller's agent known to the portal",
        message_fr="L'agent du vendeur[ {found}] n'est pas connu du référentiel ; la facture attend sa validation (cadre S3 ou S6).",
        message_en="The seller's agent[ {found}] is not known to the register; the invoice waits for its validation (cadre S3 or S6).",
        fix_fr="Destinataire : s'assurer que l'agent du vendeur est bien connu de Chorus Pro.",
        fix_en="Recipient: make sure that Chorus Pro knows the seller's agent.",
        expected_fr="un SIRET connu du référentiel",
        expected_en="a SIRET that the register knows",
        motif=REJ_CONT_B2G,
        severity=Severity.WARNING,
        who=Who.RECIPIENT,
        audience=TO_RECIPIENT,
    )


ROWS = (
    _rule(
        "01",
        "EXT-FR-FE-01",
        "Type de contrat, s'il est donné : CONTRAT ou MARCHE",
        "Contract type, where given: CONTRAT or MARCHE",
        fix_fr="Écrire CONTRAT ou MARCHE comme type de contrat, ou le retirer,",
        fix_en="Write CONTRAT or MARCHE as the contract type, or leave it out,",
    ),
    _longest("02", "BT-1", 20),
    _rule(
        "03",
        "BT-29",
        f"Identifiant du vendeur (BT-29) sous l'un des types {_SCHEMES}",
        f"Seller identifier (BT-29) under one of the schemes {_SCHEMES}",
        message_fr="La facture ne donne aucun identifiant du vendeur ({term}) d'un type que le secteur public connaît[, ligne {line}].",
        message_en="The invoice gives no identifier of the seller ({term}) under a scheme that the public sector knows[, line {line}].",
        fix_fr="Porter le SIRET du vendeur (BT-29, type 0009), ou son identifiant étranger avec son type,",
        fix_en="Write the seller's SIRET (BT-29, scheme 0009), or its foreign identifier with its scheme,",
        expected_fr=f"un identifiant sous {_SCHEMES}",
        expected_en=f"an identifier under {_SCHEMES}",
    ),
    _foreign(
        "04",
        "0223",
        ("numéro de TVA d'un pays de l'Union", "VAT number of a country of the Union"),
        (
            "moins de 18 caractères, égal au numéro de TVA (BT-31)",
            "less than 18 characters, equal to the VAT number (BT-31)",
        ),
    ),
    _foreign(
        "05",
        "0227",
        ("hors de l'Union", "outside the Union"),
        (
            "code du pays et 16 premiers caractères du nom, moins de 18 caractères",
            "country code and first 16 characters of the name, less than 18 characters",
        ),
    ),
    _foreign("06", "0228", ("RIDET", "RIDET"), ("9 ou 10 caractères", "9 or 10 characters")),
    _foreign("07", "0229", ("Tahiti", "Tahiti"), ("9 ou 10 caractères", "9 or 10 characters")),
    _foreign(
        "08",
        "0226",
        ("particulier", "individual"),
        ("10 chiffres, puis 70 caractères au plus", "10 digits, then 70 characters at most"),
    ),
    _rule(
        "09",
        "BT-29",
        "Un vendeur qui donne son SIREN (BT-30, type 0002) donne son SIRET (BT-29, type 0009), actif",
        "A seller that gives its SIREN (BT-30, scheme 0002) gives its SIRET (BT-29, scheme 0009), an active one",
        message_fr="Le vendeur donne son SIREN[ {found}] sans son SIRET[, ligne {line}][ ; champ {term}].",
        message_en="The seller gives its SIREN[ {found}] without its SIRET[, line {line}][; field {term}].",
        fix_fr="Porter le SIRET du vendeur (BT-29, type 0009)",
        fix_en="Write the seller's SIRET (BT-29, scheme 0009)",
        expected_fr="le SIRET du vendeur : 14 chiffres, type 0009",
        expected_en="the seller's SIRET: 14 digits, scheme 0009",
    ),
    _rule(
        "10",
        "BT-46",
        "SIRET de l'acheteur public (BT-46, type 0009)",
        "SIRET of the public buyer (BT-46, scheme 0009)",
        message_fr="La facture ne donne pas le SIRET du destinataire public[, ligne {line}][ ; champ {term}].",
        message_en="The invoice does not give the SIRET of the public recipient[, line {line}][; field {term}].",
        fix_fr="Porter le SIRET de l'entité publique (BT-46, 14 chiffres, type 0009)",
        fix_en="Write the SIRET of the public entity (BT-46, 14 digits, scheme 0009)",
        expected_fr="le SIRET du destinataire : 14 chiffres, type 0009",
        expected_en="the SIRET of the recipient: 14 digits, scheme 0009",
    ),
    _rule(
        "11",
        "BT-46",
        "Code service (BT-46, type 0224) d'un service du destinataire qui en exige un",
        "Service code (BT-46, scheme 0224) of a service of the recipient that demands one",
        message_fr="L'entité publique exige un code service[ ; « {found} »][ : {reason_fr}][, ligne {line}].",
        message_en="The public entity demands a service code[; “{found}”][: {reason_en}][, line {line}].",
        fix_fr="Demander le code service à l'entité publique, le porter dans la facture",
        fix_en="Ask the public entity for the service code, write it in the invoice",
        expected_fr="le code d'un service ouvert du destinataire, majuscules et minuscules comme dans l'annuaire",
        expected_en="the code of an open service of the recipient, capitals and small letters as in the directory",
    ),
    _rule(
        "12",
        "BT-13",
        "Numéro d'engagement (BT-13) pour un destinataire qui en exige un",
        "Commitment number (BT-13) for a recipient that demands one",
        message_fr="L'entité publique exige un numéro d'engagement ; la facture n'en donne pas.",
        message_en="The public entity demands a commitment number; the invoice gives none.",
        fix_fr="Demander le numéro d'engagement à l'entité publique, le porter dans la facture",
        fix_en="Ask the public entity for the commitment number, write it in the invoice",
        expected_fr="le numéro d'engagement, ou celui d'un marché exécutoire",
        expected_en="the commitment number, or that of an executable contract",
    ),
    _rule(
        "13",
        "BT-13",
        "Code service (BT-46, type 0224) ou numéro d'engagement (BT-13) pour un destinataire qui exige l'un des deux",
        "Service code (BT-46, scheme 0224) or commitment number (BT-13) for a recipient that demands either",
        message_fr="L'entité publique exige un code service ou un numéro d'engagement ; la facture ne donne ni l'un ni l'autre.",
        message_en="The public entity demands a service code or a commitment number; the invoice gives neither.",
        fix_fr="Demander l'un des deux à l'entité publique, le porter dans la facture",
        fix_en="Ask the public entity for one of the two, write it in the invoice",
        expected_fr="un code service ou un numéro d'engagement",
        expected_en="a service code or a commitment number",
    ),
    _longest("14", "BT-12", 50),
    _longest("15", "BT-13", 50),
    _ignored(),
    _structure("17", "BT-60", "Bénéficiaire du paiement", "Payee"),
    _structure("18", "EXT-FR-FE-69", "Agent du vendeur", "Seller's agent"),
    _rule(
        "19",
        "BG-25",
        "Moins de 1 000 000 de lignes",
        "Less than 1,000,000 lines",
        fix_fr="Répartir les lignes sur plusieurs factures",
        fix_en="Spread the lines over several invoices",
    ),
    _single("20", "BG-3", "référence à une facture antérieure (BG-3)", "preceding invoice reference (BG-3)"),
    _rule(
        "21",
        "EXT-FR-FE-69",
        "Cadres S3 et S6 : agent du vendeur avec SIREN et SIRET",
        "Cadres S3 and S6: the seller's agent with SIREN and SIRET",
        message_fr="Le cadre[ {found}] demande un agent du vendeur, avec son SIREN et son SIRET[, ligne {line}].",
        message_en="The cadre[ {found}] asks for a seller's agent, with its SIREN and its SIRET[, line {line}].",
        fix_fr="Porter l'agent du vendeur (SIREN, type 0002, et SIRET, type 0009)",
        fix_en="Write the seller's agent (SIREN, scheme 0002, and SIRET, scheme 0009)",
        expected_fr="l'agent du vendeur, son SIREN et son SIRET",
        expected_en="the seller's agent, its SIREN and its SIRET",
    ),
    _agent_unknown(),
    _rule(
        "23",
        "BT-46",
        "Cadre S3 : l'acheteur est une entité publique de l'annuaire",
        "Cadre S3: the buyer is a public entity of the directory",
        fix_fr="Corriger le SIRET du destinataire",
        fix_en="Correct the SIRET of the recipient",
    ),
    _rule(
        "24",
        "BT-23",
        "Cadre S5 interdit vers le secteur public : employer S3",
        "Cadre S5 forbidden towards the public sector: use S3",
        fix_fr="Employer le cadre S3",
        fix_en="Use the cadre S3",
    ),
    _single("25", "BT-20", "conditions de paiement (BT-20)", "payment terms (BT-20)"),
    _single("26", "BG-6", "contact du vendeur (BG-6)", "seller contact (BG-6)"),
    _single("27", "BG-9", "contact de l'acheteur (BG-9)", "buyer contact (BG-9)"),
    _single(
        "28",
        "EXT-FR-FE-85",
        "contact de l'agent du vendeur (EXT-FR-FE-85)",
        "contact of the seller's agent (EXT-FR-FE-85)",
    ),
    _longest("29", "BT-120", 1024),
    _longest("30", "BT-122", 50),
    _longest("31", "BT-154", 1024),
    _longest("32", "BT-35", 400),
    _longest("33", "BT-37", 400),
    _longest("34", "BT-45", 99),
    _longest("35", "BT-20", 1024),
    _longest("36", "BT-28", 99),
    _longest("37", "BT-59", 99),
    _longest("38", "BT-71", 20),
    _longest("39", "BT-84", 27),
    _longest("40", "EXT-FR-FE-146", 20),
    _longest("41", "BT-125-2", 50),
    _longest("42", "BT-22", 1024),
    _longest("43", "BT-27", 99),
    _longest("44", "BT-44", 99),
)
