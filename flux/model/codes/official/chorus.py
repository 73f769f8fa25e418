"""Rules of Chorus Pro for its own formats, under ids of ours: its annex that numbers them is not public.

Facts: today, of a date to come.
"""

from dataclasses import replace

from flux.model.codes.code import Code
from flux.model.codes.official.making import REJ_SEMAN, rule
from flux.model.finding import Severity


def _rule(
    code: str,
    term: str,
    what: tuple[str, str],
    message: tuple[str, str],
    fix: tuple[str, str],
    *,
    expected: tuple[str, str],
    severity: Severity = Severity.FATAL,
) -> Code:
    """A rule of the legacy family; each pair is French and English."""
    row = rule(
        code,
        term,
        *what,
        message_fr=f"{message[0]}[ ; trouvé « {{found}} »][, ligne {{line}}].",
        message_en=f"{message[1]}[; found “{{found}}”][, line {{line}}].",
        fix_fr=f"{fix[0]} et renvoyer la facture."
        if severity is Severity.FATAL
        else f"{fix[0]} dans les prochaines factures.",
        fix_en=f"{fix[1]} and send the invoice again."
        if severity is Severity.FATAL
        else f"{fix[1]} in the next invoices.",
        expected_fr=expected[0],
        expected_en=expected[1],
        motif=REJ_SEMAN,
        severity=severity,
    )
    return replace(row, afnor=Severity.OFF)


def _longest(code: str, term: str, name: tuple[str, str], longest: int) -> Code:
    return _rule(
        code,
        term,
        (f"{longest} caractères au plus : {name[0]}", f"{longest} characters at most: {name[1]}"),
        (
            f"Le champ {{term}} compte plus de {longest} caractères",
            f"The field {{term}} has more than {longest} characters",
        ),
        (f"Raccourcir {name[0]}", f"Shorten {name[1]}"),
        expected=(f"{longest} caractères au plus", f"{longest} characters at most"),
    )


ROWS = (
    _rule(
        "CHORUS_NUMBER",
        "BT-1",
        (
            "Numéro de facture : 20 caractères au plus, lettres sans accent, chiffres, - _ / +",
            "Invoice number: 20 characters at most, letters without accents, digits, - _ / +",
        ),
        (
            "Le numéro de facture manque, est trop long ou contient un caractère interdit",
            "The invoice number is missing, too long or holds a forbidden character",
        ),
        ("Donner un numéro de 20 caractères au plus", "Give a number of 20 characters at most"),
        expected=("1 à 20 caractères parmi A-Z a-z 0-9 - _ / +", "1 to 20 characters of A-Z a-z 0-9 - _ / +"),
    ),
    _rule(
        "CHORUS_DATE",
        "BT-2",
        ("Date d'émission : un jour qui existe", "Issue date: a day that exists"),
        ("La date d'émission manque ou n'est pas une date", "The issue date is missing or is no date"),
        ("Corriger la date d'émission", "Correct the issue date"),
        expected=("AAAA-MM-JJ (AAAAMMJJ en CII)", "YYYY-MM-DD (YYYYMMDD in CII)"),
    ),
    _rule(
        "CHORUS_DATE_FUTURE",
        "BT-2",
        ("Date d'émission qui n'est pas à venir", "Issue date not in the future"),
        (
            "La date d'émission est postérieure à la date du jour[ ({today})]",
            "The issue date is after today[ ({today})]",
        ),
        ("Corriger la date d'émission", "Correct the issue date"),
        expected=("une date du jour ou antérieure", "today or an earlier day"),
    ),
    _rule(
        "CHORUS_TYPE",
        "BT-3",
        ("Type de document : 380 ou 381", "Document type: 380 or 381"),
        (
            "Le type de document n'est ni 380 (facture) ni 381 (avoir)",
            "The document type is neither 380 (invoice) nor 381 (credit note)",
        ),
        ("Employer 380 ou 381", "Use 380 or 381"),
        expected=("380 ou 381", "380 or 381"),
        severity=Severity.WARNING,
    ),
    _rule(
        "CHORUS_CADRE",
        "BT-23",
        ("Cadre de facturation : A1 à A25", "Invoicing frame: A1 to A25"),
        ("Le cadre de facturation n'est pas de Chorus Pro", "The invoicing frame is none of Chorus Pro"),
        ("Employer un cadre de A1 à A25", "Use a frame from A1 to A25"),
        expected=("A1 à A25", "A1 to A25"),
        severity=Severity.WARNING,
    ),
    _rule(
        "CHORUS_CURRENCY",
        "BT-5",
        ("Devise : un code de la norme ISO 4217", "Currency: a code of ISO 4217"),
        ("La devise n'est pas un code ISO 4217", "The currency is no code of ISO 4217"),
        ("Corriger le code de la devise", "Correct the currency code"),
        expected=("un code ISO 4217, EUR par exemple", "a code of ISO 4217, such as EUR"),
    ),
    _longest("CHORUS_SERVICE", "BT-46", ("le code service", "the service code"), 100),
    _longest("CHORUS_ENGAGEMENT", "BT-13", ("le numéro d'engagement", "the commitment number"), 50),
    _longest("CHORUS_CONTRACT", "BT-12", ("le numéro de marché", "the contract number"), 50),
    _longest("CHORUS_ORIGIN", "BT-25", ("le numéro de la facture d'origine", "the number of the original invoice"), 20),
    _rule(
        "CHORUS_AMOUNT",
        "BT-131",
        (
            "Montants : point décimal, 19 chiffres et 6 décimales au plus",
            "Amounts: decimal point, 19 digits and 6 decimals at most",
        ),
        (
            "Le montant {term} n'est pas un nombre, ou a trop de chiffres ou de décimales",
            "The amount {term} is no number, or has too many digits or decimals",
        ),
        ("Corriger le montant", "Correct the amount"),
        expected=(
            "19 chiffres et 6 décimales au plus, point décimal",
            "19 digits and 6 decimals at most, decimal point",
        ),
    ),
    _rule(
        "CHORUS_QUANTITY",
        "BT-129",
        ("Quantités : point décimal, 4 décimales au plus", "Quantities: decimal point, 4 decimals at most"),
        (
            "La quantité n'est pas un nombre, ou a trop de décimales",
            "The quantity is no number, or has too many decimals",
        ),
        ("Arrondir la quantité à 4 décimales", "Round the quantity to 4 decimals"),
        expected=(
            "19 chiffres et 4 décimales au plus, point décimal",
            "19 digits and 4 decimals at most, decimal point",
        ),
    ),
    _rule(
        "CHORUS_PAID",
        "BT-115",
        ("Cadre A2, facture déjà payée : net à payer égal à 0", "Frame A2, invoice already paid: nothing left to pay"),
        (
            "Le cadre A2 dit la facture déjà payée, et le net à payer n'est pas nul",
            "The frame A2 says that the invoice is already paid, and the amount due is not zero",
        ),
        ("Mettre le net à payer à 0, ou changer de cadre", "Set the amount due to 0, or change the frame"),
        expected=("0", "0"),
    ),
    _rule(
        "CHORUS_MEANS",
        "BT-81",
        ("Mode de paiement avec son code", "Payment means with its code"),
        ("Le mode de paiement ou son code manque", "The payment means or its code is missing"),
        ("Porter le code du mode de paiement", "Write the code of the payment means"),
        expected=(
            "un code de mode de paiement : 10, 20, 30, 31, 42, 48, 49, 97",
            "a payment means code: 10, 20, 30, 31, 42, 48, 49, 97",
        ),
    ),
    _rule(
        "CHORUS_VALIDATOR",
        "BT-23",
        ("Valideur désigné pour les cadres qui en demandent un", "A validator named for the frames that ask for one"),
        (
            "Le cadre demande un valideur, que la facture ne désigne pas",
            "The frame asks for a validator, whom the invoice does not name",
        ),
        (
            "Porter le valideur (titulaire, mandataire ou maître d'œuvre)",
            "Write the validator (holder, agent or project manager)",
        ),
        expected=("un valideur (InvoiceeTradeParty)", "a validator (InvoiceeTradeParty)"),
    ),
)
