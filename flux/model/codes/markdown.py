"""The table of codes as a page of documentation."""

from collections.abc import Iterator

from flux.model.codes import CODES
from flux.model.codes.code import Code
from flux.model.finding import LayerName, Observation, Severity
from flux.model.partner import Language
from flux.model.words import describe

_HEAD = {
    Language.FR: """# Codes des constats

Chaque constat de flux porte un code stable. Sa gravité dépend de la famille qui juge la facture : les formats Chorus
historiques, ou les formats AFNOR de la réforme. La table `[severity]` de la configuration la change, code par code. En
environnement de qualification, les contrôles marqués « clé » ne font qu'informer.

Cette page est produite depuis la table des codes ; ne pas la modifier à la main.
""",
    Language.EN: """# Codes of findings

Every finding of flux bears a stable code. Its severity depends on the family that judges the invoice: the legacy Chorus
formats, or the AFNOR formats of the reform. The `[severity]` table of the configuration changes it, code by code. In the
qualification environment, the checks marked “key” only inform.

This page is printed from the table of codes; do not edit it by hand.
""",
}

_LABELS = {
    Language.FR: ("Attendu :", "À faire :", "Chorus", "AFNOR", "motif", "champ", "agit :", "informés :", "clé"),
    Language.EN: ("Expected:", "What to do:", "legacy", "AFNOR", "motif", "field", "acts:", "told to:", "key"),
}


def codes_markdown(language: Language) -> str:
    """The whole table, layer by layer, in Markdown; ends with a line feed."""
    return "\n".join((_HEAD[language], *_write_layers(language)))


def _write_layers(language: Language) -> Iterator[str]:
    for layer in LayerName:
        rows = [row for row in CODES.values() if row.layer is layer]
        if rows:
            yield f"## {layer.value}\n"
            yield from (_write_row(row, language) for row in rows)


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
