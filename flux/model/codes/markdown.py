"""The table of codes as a page of documentation: motifs, our own codes a chapter each, official rules in tables."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from flux.model.cdv_codes import CdvStatus
from flux.model.cdv_motifs import MOTIFS
from flux.model.cdv_statuses import STATUSES
from flux.model.codes import CODES
from flux.model.codes.code import Code
from flux.model.codes.official import PUBLISHED
from flux.model.finding import LayerName, Observation, Severity
from flux.model.partner import Language
from flux.model.words import describe

_HEAD = {
    Language.FR: """# Codes des constats

Chaque constat de flux porte un code stable. Sa gravité dépend de la famille qui juge la facture : les formats Chorus
historiques, ou les formats AFNOR de la réforme. La table `[severity]` de la configuration la change, code par code. En
environnement de qualification, les contrôles marqués « clé » ne font qu'informer.

Les règles officielles tiennent en une ligne chacune ; `flux codes BR-CO-15` en dit tout : le message, l'attendu, le remède.

Cette page est produite depuis la table des codes ; ne pas la modifier à la main.
""",
    Language.EN: """# Codes of findings

Every finding of flux bears a stable code. Its severity depends on the family that judges the invoice: the legacy Chorus
formats, or the AFNOR formats of the reform. The `[severity]` table of the configuration changes it, code by code. In the
qualification environment, the checks marked “key” only inform.

Official rules take a line each; `flux codes BR-CO-15` tells everything about one: message, expectation, remedy.

This page is printed from the table of codes; do not edit it by hand.
""",
}

_LABELS = {
    Language.FR: ("Attendu :", "À faire :", "Chorus", "AFNOR", "motif", "champ", "agit :", "informés :", "clé"),
    Language.EN: ("Expected:", "What to do:", "legacy", "AFNOR", "motif", "field", "acts:", "told to:", "key"),
}


_MOTIFS = {
    Language.FR: (
        "Motifs",
        (
            "Le motif qu'un message de cycle de vie donne au refus : 501 (irrecevable) pour un flux ou un fichier, 213 (rejetée) pour "
            "une facture. Un code qui ne fait qu'informer n'en a pas, et n'en reçoit un que si la configuration le fait refuser."
        ),
        ("Motif", "Statut", "Sens", "Codes"),
    ),
    Language.EN: (
        "Motifs",
        (
            "The reason that a life-cycle message gives for a refusal: 501 (irrecevable) for a flow or a file, 213 (rejected) for an "
            "invoice. A code that only informs has no need of it, unless the configuration makes it refuse."
        ),
        ("Motif", "Status", "Meaning", "Codes"),
    ),
}
_RULE_COLUMNS = {
    Language.FR: ("Règle", "Énoncé", "Gravité", "Motif"),
    Language.EN: ("Rule", "Statement", "Severity", "Motif"),
}
_TO = {Language.FR: "à", Language.EN: "to"}
_NUMBERED = re.compile(r"(.*-)(\d+)")


def codes_markdown(language: Language) -> str:
    """The whole table in Markdown: motifs, then layer by layer; ends with a line feed."""
    return "\n".join((_HEAD[language], *_write_motifs(language), *_write_layers(language)))


def _write_motifs(language: Language) -> Iterator[str]:
    """Which failure gets which motif."""
    title, text, columns = _MOTIFS[language]
    yield f"## {title}\n\n{text}\n"
    yield _write_table(columns, _list_motifs(language))


def _list_motifs(language: Language) -> Iterator[tuple[str, ...]]:
    for motif, label in MOTIFS.items():
        codes = [row.code for row in CODES.values() if row.motif == motif]
        if codes:
            statuses = [
                each.value for each in (CdvStatus.IRRECEVABLE, CdvStatus.REJETEE) if motif in STATUSES[each].motifs
            ]
            sense = label.fr if language is Language.FR else label.en
            yield motif, ", ".join(statuses), sense, ", ".join(list_ranges(codes, _TO[language]))


def list_ranges(codes: Iterable[str], to: str) -> Iterator[str]:
    """The codes, those that are numbered without a gap as one range: BR-01 to BR-16."""
    for _, run in groupby(enumerate(sorted(codes, key=_number)), key=lambda item: _run_of(*item)):
        run_codes = [code for _, code in run]
        shown = run_codes if len(run_codes) < 3 else [f"{run_codes[0]} {to} {run_codes[-1]}"]
        yield from shown


def _number(code: str) -> tuple[str, int]:
    matched = _NUMBERED.fullmatch(code)
    return (code, 0) if matched is None else (matched[1], int(matched[2]))


def _run_of(order: int, code: str) -> tuple[str, int]:
    """Equal for neighbours that are numbered one after the other."""
    name, number = _number(code)
    return name, number - order


def _write_layers(language: Language) -> Iterator[str]:
    official = frozenset(row.code for rows in PUBLISHED.values() for row in rows)
    for layer in LayerName:
        rows = [row for row in CODES.values() if row.layer is layer]
        if rows:
            yield f"## {layer.value}\n"
            yield from (_write_row(row, language) for row in rows if row.code not in official)
            yield from _write_rules(layer, language)


def _write_rules(layer: LayerName, language: Language) -> Iterator[str]:
    """The official rules of a layer, a table for each rule set."""
    for ruleset, published in PUBLISHED.items():
        rows = [row for row in published if row.layer is layer]
        if rows:
            yield f"### {ruleset}\n"
            yield _write_table(_RULE_COLUMNS[language], (_list_rule(row, language) for row in rows))


def _list_rule(row: Code, language: Language) -> tuple[str, ...]:
    weights = dict.fromkeys(_write_severity(each) for each in (row.legacy, row.afnor))
    words = describe(Observation(code=row.code), language)
    return row.code, words.title, " / ".join(weights), row.motif or ""


def _write_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (columns, ["---"] * len(columns), *rows)
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def _write_row(row: Code, language: Language) -> str:
    words = describe(Observation(code=row.code), language)
    expected, to_do = _LABELS[language][:2]
    paragraphs = (
        f"### {row.code}",
        f"**{words.title}.** {words.message}",
        *((f"{expected} {words.expected}.",) if words.expected else ()),
        f"{to_do} {words.fix}",
        " · ".join(_list_facts(row, language)),
    )
    return "\n\n".join(paragraphs) + "\n"


def _list_facts(row: Code, language: Language) -> Iterator[str]:
    _, _, legacy, afnor, motif, field, acts, told, key = _LABELS[language]
    yield f"{legacy} {_write_severity(row.legacy)}"
    yield f"{afnor} {_write_severity(row.afnor)}"
    if row.motif:
        yield f"{motif} {row.motif}"
    if row.term:
        yield f"{field} {row.term}"
    yield f"{acts} {row.who.value}"
    yield f"{told} {', '.join(audience.value for audience in row.audience)}"
    if row.key_check:
        yield key


def _write_severity(severity: Severity) -> str:
    return "–" if severity is Severity.OFF else severity.value
