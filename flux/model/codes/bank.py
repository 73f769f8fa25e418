"""Codes of bank details: the payee's account, never the debited one.

The legacy family refuses a claimed IBAN that fails; AFNOR has no rule and no motif for it, and refusing there would refuse
published examples: it warns both sides.
"""

from flux.model.codes.code import TO_BOTH_SIDES, TO_RECIPIENT, TO_SENDER, Code, Who, Words
from flux.model.finding import LayerName, Severity

_CORRECT_IBAN_FR = "Recopier l'IBAN du relevé d'identité bancaire et renvoyer la facture si elle est refusée."
_CORRECT_IBAN_EN = "Copy the IBAN from the bank's own statement and send the invoice again if it is refused."
CHECK_BEFORE_PAYING_FR = "Destinataire : vérifier le compte auprès du fournisseur, à un numéro connu, avant de payer."
CHECK_BEFORE_PAYING_EN = "Recipient: check the account with the supplier, on a known number, before paying."

ROWS = (
    Code(
        code="IBAN_MISSING",
        layer=LayerName.IDENTITY,
        legacy=Severity.FATAL,
        afnor=Severity.FATAL,
        motif="REJ_SEMAN",
        who=Who.BILLING,
        audience=TO_SENDER,
        term="BT-84",
        fr=Words(
            title="Compte bancaire absent",
            message="Le moyen de paiement[ {means}] demande un compte du bénéficiaire ; le champ {term} n'en donne aucun.",
            fix="Porter l'IBAN du bénéficiaire, ou le vrai moyen de paiement, et renvoyer la facture.",
            expected="l'IBAN du bénéficiaire",
        ),
        en=Words(
            title="Bank account absent",
            message="The payment means[ {means}] demands an account of the payee; the field {term} gives none.",
            fix="Write the payee's IBAN, or the true payment means, and send the invoice again.",
            expected="the payee's IBAN",
        ),
    ),
    Code(
        code="IBAN_NOT_CLAIMED",
        layer=LayerName.IDENTITY,
        legacy=Severity.INFO,
        afnor=Severity.INFO,
        motif="REJ_SEMAN",
        who=Who.NOBODY,
        audience=TO_SENDER,
        term="BT-84",
        fr=Words(
            title="Compte qui n'est pas un IBAN",
            message="Le compte[ {found}] est un numéro national, pas un IBAN : il n'est pas contrôlé.",
            fix="Ne rien faire ; un IBAN serait contrôlé et payé plus sûrement.",
            expected="un IBAN",
        ),
        en=Words(
            title="Account that is no IBAN",
            message="The account[ {found}] is a national number, not an IBAN: it is not checked.",
            fix="Nothing to do; an IBAN would be checked and paid more safely.",
            expected="an IBAN",
        ),
    ),
    Code(
        code="IBAN_SPACING",
        layer=LayerName.IDENTITY,
        legacy=Severity.WARNING,
        afnor=Severity.WARNING,
        motif="REJ_SEMAN",
        who=Who.BILLING,
        audience=TO_SENDER,
        term="BT-84",
        fr=Words(
            title="IBAN avec espaces ou minuscules",
            message="L'IBAN[ {found}] est écrit avec des espaces, des tirets, des points ou des minuscules.",
            fix="Écrire l'IBAN en majuscules et sans espace dans les prochaines factures.",
            expected="des majuscules et des chiffres, sans espace",
        ),
        en=Words(
            title="IBAN with spaces or small letters",
            message="The IBAN[ {found}] is written with spaces, hyphens, dots or small letters.",
            fix="Write the IBAN in capitals and without spaces in the next invoices.",
            expected="capitals and digits, without spaces",
        ),
    ),
    Code(
        code="IBAN_CHARACTERS",
        layer=LayerName.IDENTITY,
        legacy=Severity.FATAL,
        afnor=Severity.WARNING,
        motif="REJ_SEMAN",
        who=Who.BILLING,
        audience=TO_BOTH_SIDES,
        term="BT-84",
        fr=Words(
            title="IBAN mal formé",
            message="L'IBAN[ {found}] ne s'écrit pas comme un IBAN : deux lettres, deux chiffres, puis lettres et chiffres"
            "[ ; en trop : « {characters} »].",
            fix=_CORRECT_IBAN_FR,
            expected="deux lettres, deux chiffres, puis lettres et chiffres",
        ),
        en=Words(
            title="IBAN of the wrong form",
            message="The IBAN[ {found}] is not written as one: two letters, two digits, then letters and digits"
            "[; not allowed: “{characters}”].",
            fix=_CORRECT_IBAN_EN,
            expected="two letters, two digits, then letters and digits",
        ),
    ),
    Code(
        code="IBAN_OVERSEAS",
        layer=LayerName.IDENTITY,
        legacy=Severity.FATAL,
        afnor=Severity.WARNING,
        motif="REJ_SEMAN",
        who=Who.BILLING,
        audience=TO_BOTH_SIDES,
        term="BT-84",
        fr=Words(
            title="IBAN d'outre-mer sans FR",
            message="L'IBAN[ {found}] commence par le code d'un territoire français[ ({country})] ; les comptes d'outre-mer "
            "commencent par FR.",
            fix=_CORRECT_IBAN_FR,
            expected="un IBAN qui commence par FR",
        ),
        en=Words(
            title="Overseas IBAN without FR",
            message="The IBAN[ {found}] starts with the code of a French territory[ ({country})]; overseas accounts start "
            "with FR.",
            fix=_CORRECT_IBAN_EN,
            expected="an IBAN that starts with FR",
        ),
    ),
    Code(
        code="IBAN_COUNTRY_LENGTH",
        layer=LayerName.IDENTITY,
        legacy=Severity.FATAL,
        afnor=Severity.WARNING,
        motif="REJ_SEMAN",
        who=Who.BILLING,
        audience=TO_BOTH_SIDES,
        term="BT-84",
        fr=Words(
            title="IBAN : longueur ou structure fausse",
            message="L'IBAN[ {found}] n'a pas la structure des comptes du pays[ {country}]"
            "[ : {length} caractères][, {expected} attendus].",
            fix=_CORRECT_IBAN_FR,
            expected="la structure des comptes du pays[ {country}][ : {expected} caractères]",
        ),
        en=Words(
            title="IBAN: wrong length or structure",
            message="The IBAN[ {found}] does not have the structure of the accounts of the country[ {country}]"
            "[: {length} characters][, {expected} expected].",
            fix=_CORRECT_IBAN_EN,
            expected="the structure of the accounts of the country[ {country}][: {expected} characters]",
        ),
    ),
    Code(
        code="IBAN_CHECK_DIGITS",
        layer=LayerName.IDENTITY,
        legacy=Severity.FATAL,
        afnor=Severity.WARNING,
        motif="REJ_SEMAN",
        who=Who.BILLING,
        audience=TO_BOTH_SIDES,
        term="BT-84",
        fr=Words(
            title="IBAN : chiffres de contrôle impossibles",
            message="Les chiffres de contrôle d'un IBAN vont de 02 à 98[ ; l'IBAN {found} porte {digits}].",
            fix=_CORRECT_IBAN_FR,
            expected="de 02 à 98",
        ),
        en=Words(
            title="IBAN: impossible check digits",
            message="The check digits of an IBAN run from 02 to 98[; the IBAN {found} bears {digits}].",
            fix=_CORRECT_IBAN_EN,
            expected="02 to 98",
        ),
    ),
    Code(
        code="IBAN_CHECKSUM",
        layer=LayerName.IDENTITY,
        legacy=Severity.FATAL,
        afnor=Severity.WARNING,
        motif="REJ_SEMAN",
        who=Who.BILLING,
        audience=TO_BOTH_SIDES,
        term="BT-84",
        fr=Words(
            title="IBAN : clé de contrôle fausse",
            message="L'IBAN[ {found}] du champ {term} contient une erreur : sa clé de contrôle (modulo 97) est fausse.",
            fix=_CORRECT_IBAN_FR,
            expected="un IBAN dont la clé de contrôle est juste",
        ),
        en=Words(
            title="IBAN: wrong check digits",
            message="The IBAN[ {found}] of the field {term} holds an error: its check digits (modulo 97) are wrong.",
            fix=_CORRECT_IBAN_EN,
            expected="an IBAN whose check digits are right",
        ),
    ),
    Code(
        code="IBAN_RIB_KEY",
        layer=LayerName.IDENTITY,
        legacy=Severity.WARNING,
        afnor=Severity.WARNING,
        motif="REJ_SEMAN",
        who=Who.BILLING,
        audience=TO_BOTH_SIDES,
        term="BT-84",
        fr=Words(
            title="IBAN : clé RIB fausse",
            message="L'IBAN[ {found}] est bien formé, mais la clé RIB du compte est fausse[ : trouvé {key}]"
            "[, attendu {expected}].",
            fix="Vérifier l'IBAN avec le relevé d'identité bancaire avant de payer.",
            expected="une clé RIB juste[ : {expected}]",
        ),
        en=Words(
            title="IBAN: wrong RIB key",
            message="The IBAN[ {found}] is well formed, but the RIB key of the account is wrong[: found {key}]"
            "[, expected {expected}].",
            fix="Check the IBAN against the bank's own statement before paying.",
            expected="a right RIB key[: {expected}]",
        ),
    ),
    Code(
        code="IBAN_NOT_SEPA",
        layer=LayerName.IDENTITY,
        legacy=Severity.WARNING,
        afnor=Severity.WARNING,
        motif="REJ_SEMAN",
        who=Who.RECIPIENT,
        audience=TO_RECIPIENT,
        term="BT-84",
        fr=Words(
            title="Compte hors de l'espace SEPA",
            message="Le compte[ {found}] est tenu hors de l'espace SEPA[, dans le pays {country}].",
            fix=CHECK_BEFORE_PAYING_FR,
            expected="un compte tenu dans l'espace SEPA",
        ),
        en=Words(
            title="Account outside SEPA",
            message="The account[ {found}] is held outside SEPA[, in the country {country}].",
            fix=CHECK_BEFORE_PAYING_EN,
            expected="an account held inside SEPA",
        ),
    ),
    Code(
        code="BIC_FORM",
        layer=LayerName.IDENTITY,
        legacy=Severity.WARNING,
        afnor=Severity.WARNING,
        motif="REJ_SEMAN",
        who=Who.RECIPIENT,
        audience=TO_RECIPIENT,
        term="BT-86",
        fr=Words(
            title="BIC mal formé",
            message="Le BIC[ « {found} »] n'a pas 8 ou 11 caractères, ou son pays n'existe pas.",
            fix=CHECK_BEFORE_PAYING_FR,
            expected="8 ou 11 caractères, d'un pays qui existe",
        ),
        en=Words(
            title="BIC of the wrong form",
            message="The BIC[ “{found}”] does not have 8 or 11 characters, or its country does not exist.",
            fix=CHECK_BEFORE_PAYING_EN,
            expected="8 or 11 characters, of a country that exists",
        ),
    ),
    Code(
        code="BIC_COUNTRY",
        layer=LayerName.IDENTITY,
        legacy=Severity.WARNING,
        afnor=Severity.WARNING,
        motif="REJ_SEMAN",
        who=Who.RECIPIENT,
        audience=TO_RECIPIENT,
        term="BT-86",
        fr=Words(
            title="BIC d'un autre pays que l'IBAN",
            message="Le BIC[ {found}] désigne une banque d'un autre pays que celui de l'IBAN[ ({expected})].",
            fix=CHECK_BEFORE_PAYING_FR,
            expected="une banque du pays de l'IBAN[ ({expected})]",
        ),
        en=Words(
            title="BIC of another country than the IBAN",
            message="The BIC[ {found}] names a bank of another country than that of the IBAN[ ({expected})].",
            fix=CHECK_BEFORE_PAYING_EN,
            expected="a bank of the country of the IBAN[ ({expected})]",
        ),
    ),
)
