"""Rows of official rules: the sentences that rules of one kind share, and what a single rule adds.

A row states what must hold (`title`), how an invoice breaks it (`message`) and what to do. Names of business terms are
those of `flux.model.business_terms`.
"""

from flux.model.business_terms import BUSINESS_TERMS, TermName
from flux.model.codes.code import TO_SENDER, Code, Who, Words
from flux.model.finding import Audience, LayerName, Severity

REJ_SEMAN, CALCUL_ERR, MONTANTTOTAL_ERR = "REJ_SEMAN", "CALCUL_ERR", "MONTANTTOTAL_ERR"
ADR_ERR, REJ_CONT_B2G, DOUBLON = "ADR_ERR", "REJ_CONT_B2G", "DOUBLON"

_FIX_FR = "Corriger la facture et la renvoyer."
_FIX_EN = "Correct the invoice and send it again."


def rule(
    code: str,
    term: str | None,
    fr: str,
    en: str,
    *,
    message_fr: str = "",
    message_en: str = "",
    fix_fr: str = _FIX_FR,
    fix_en: str = _FIX_EN,
    expected_fr: str = "",
    expected_en: str = "",
    motif: str | None = REJ_SEMAN,
    severity: Severity = Severity.FATAL,
    who: Who = Who.BILLING,
    audience: tuple[Audience, ...] = TO_SENDER,
) -> Code:
    """A rule by its statement in French and English: what must hold.

    Statements hold no brackets or braces: those are the templates' own. `expected` defaults to the statement.
    """
    return Code(
        code=code,
        layer=LayerName.RULES,
        legacy=severity,
        afnor=severity,
        motif=motif,
        who=who,
        audience=audience,
        term=term,
        fr=Words(
            title=fr,
            message=message_fr
            or f"Règle {code} non respectée : {_lower(fr)}[ ; champ {{term}}][ ; trouvé « {{found}} »][ ; attendu : {{expected}}][, ligne {{line}}].",
            fix=fix_fr,
            expected=expected_fr or _lower(fr),
        ),
        en=Words(
            title=en,
            message=message_en
            or f"Rule {code} is not respected: {_lower(en)}[; field {{term}}][; found “{{found}}”][; expected: {{expected}}][, line {{line}}].",
            fix=fix_en,
            expected=expected_en or _lower(en),
        ),
    )


def missing(code: str, term: str, *, when_fr: str = "", when_en: str = "", motif: str = REJ_SEMAN) -> Code:
    """A term that must be there. `when` says in which case, a clause that follows the name: "dès que ..."."""
    name = name_of(term)
    tail_fr, tail_en = (f" {when_fr}" if when_fr else ""), (f" {when_en}" if when_en else "")
    return rule(
        code,
        term,
        f"Champ obligatoire{tail_fr} : {name.fr} ({term})",
        f"Mandatory field{tail_en}: {name.en} ({term})",
        message_fr=f"Le champ {{term}} manque ou est vide ; il est obligatoire{tail_fr}[, ligne {{line}}].",
        message_en=f"The field {{term}} is missing or empty; it is mandatory{tail_en}[, line {{line}}].",
        fix_fr=f"Renseigner {term} ({name.fr}) et renvoyer la facture.",
        fix_en=f"Fill in {term} ({name.en}) and send the invoice again.",
        expected_fr="une valeur",
        expected_en="a value",
        motif=motif,
    )


def two_decimals(code: str, term: str) -> Code:
    """An amount of two decimals at most."""
    name = name_of(term)
    return rule(
        code,
        term,
        f"Deux décimales au plus : {name.fr} ({term})",
        f"Two decimals at most: {name.en} ({term})",
        message_fr="Le montant {term} vaut {found} : plus de deux décimales[, ligne {line}].",
        message_en="The amount {term} is {found}: more than two decimals[, line {line}].",
        fix_fr="Arrondir le montant au centime, vérifier les totaux et renvoyer la facture.",
        fix_en="Round the amount to the cent, check the totals and send the invoice again.",
        expected_fr="deux décimales au plus",
        expected_en="two decimals at most",
    )


def listed(code: str, term: str | None, list_fr: str, list_en: str, *, motif: str = REJ_SEMAN) -> Code:
    """A code of a list. `list_fr` and `list_en` name it: "la liste ISO 4217"."""
    of_fr = f" : {name_of(term).fr} ({term})" if term else ""
    of_en = f": {name_of(term).en} ({term})" if term else ""
    return rule(
        code,
        term,
        f"Code de {list_fr}{of_fr}",
        f"A code of {list_en}{of_en}",
        message_fr=f"Le code « {{found}} » n'appartient pas à {list_fr}[ ; champ {{term}}][, ligne {{line}}].",
        message_en=f"The code “{{found}}” is not in {list_en}[; field {{term}}][, line {{line}}].",
        fix_fr=f"Employer un code de {list_fr} et renvoyer la facture.",
        fix_en=f"Use a code of {list_en} and send the invoice again.",
        expected_fr=f"un code de {list_fr}",
        expected_en=f"a code of {list_en}",
        motif=motif,
    )


def reckoned(code: str, term: str, formula_fr: str, formula_en: str, *, motif: str = CALCUL_ERR) -> Code:
    """An amount that follows from others: "BT-106 = somme des BT-131"."""
    name = name_of(term)
    return rule(
        code,
        term,
        f"Calcul : {formula_fr}",
        f"Calculation: {formula_en}",
        message_fr=f"Le montant {{term}} vaut « {{found}} »[ ; le calcul donne {{expected}}] ({formula_fr})[, ligne {{line}}].",
        message_en=f"The amount {{term}} is “{{found}}”[; the calculation gives {{expected}}] ({formula_en})[, line {{line}}].",
        fix_fr=f"Recalculer {term} ({name.fr}) et renvoyer la facture.",
        fix_en=f"Recalculate {term} ({name.en}) and send the invoice again.",
        expected_fr=formula_fr,
        expected_en=formula_en,
        motif=motif,
    )


def name_of(term: str) -> TermName:
    """The plain name of a term, the term itself where it has none."""
    return BUSINESS_TERMS.get(term) or TermName(term, term)


def _lower(sentence: str) -> str:
    return sentence if sentence[:2].isupper() else sentence[:1].lower() + sentence[1:]
