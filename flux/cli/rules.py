"""`flux rules`."""

import json

import click

from flux.app.rule_catalogue import ListedRule, RuleEntry, find_rule, list_rules, rule_sets
from flux.cli.options import json_option
from flux.cli.tables import console, print_table
from flux.model.finding import Severity
from flux.model.partner import Language

_lang_option = click.option(
    "--lang", type=click.Choice([each.value for each in Language]), default="fr", show_default=True
)
_STATES = {
    Language.FR: {
        "tested": "contrôlée",
        "register": "contrôlée par la couche « register », s'il y a un référentiel",
        "untestable": "aucune machine ne peut la contrôler",
        "syntax": "contrôlée sur les éléments d'une syntaxe",
    },
    Language.EN: {
        "tested": "checked",
        "register": "checked by the register layer, where there is a register",
        "untestable": "no machine can check it",
        "syntax": "checked on the elements of one syntax",
    },
}


@click.group()
def command() -> None:
    """The rules that judge invoices, in plain words."""


@command.command(name="list")
@click.option("--set", "ruleset", metavar="NAME", help=f"One set: {', '.join(rule_sets())}.")
@json_option
@_lang_option
def list_(ruleset: str | None, *, as_json: bool, lang: str) -> None:
    """List every rule with its set, its weight, its motif and what it states.

    Example: flux rules list --set br-fr-cpro
    """
    rules = list_rules(ruleset)
    if as_json:
        for rule in rules:
            click.echo(json.dumps(_to_json(rule), ensure_ascii=False))
        return
    language = Language(lang)
    print_table(
        ("rule", "set", "version", "state", "legacy", "afnor", "motif", "who acts", "statement"),
        [
            (rule.code, entry.ruleset, entry.version, entry.state.value, *map(_weight, entry.severities),
             rule.row.motif if rule.row else None, rule.row.who.value if rule.row else None, rule.statement(language))
            for rule in rules
            for entry in rule.entries
            if ruleset in (None, entry.ruleset)
        ],
    )  # fmt: skip


@command.command()
@click.argument("rule")
@json_option
@_lang_option
def show(rule: str, *, as_json: bool, lang: str) -> None:
    """Tell everything about one rule, official or ours.

    Example: flux rules show BR-FR-CPRO-10
    """
    found = find_rule(rule)
    if as_json:
        click.echo(json.dumps(_to_json(found), ensure_ascii=False))
    else:
        _print(found, Language(lang))


def _print(rule: ListedRule, language: Language) -> None:
    out = console()
    out.print(f"{rule.code}  {rule.statement(language)}", style="bold", markup=False)
    for entry in rule.entries:
        named = f"{entry.ruleset} {entry.version} ({entry.source})" if entry.ruleset else "-"
        legacy, afnor = map(_weight, entry.severities)
        out.print(f"{named} · {_STATES[language][entry.state.value]}", markup=False)
        out.print(f"legacy {legacy} · afnor {afnor}{_in_syntaxes(entry)}", markup=False)
    for term, name in rule.named_terms():
        out.print(f"{term}  {name.fr if language is Language.FR else name.en}", markup=False)
    if rule.row is not None:
        out.print(f"motif {rule.row.motif or '-'} · {rule.row.who.value} acts", markup=False)
    out.print(f"→ {rule.fix(language)}", markup=False)


def _in_syntaxes(entry: RuleEntry) -> str:
    return f" · {', '.join(entry.syntaxes)}" if entry.syntaxes else ""


def _weight(severity: Severity) -> str:
    return "-" if severity is Severity.OFF else severity.value


def _to_json(rule: ListedRule) -> dict[str, object]:
    row = rule.row
    return {
        "code": rule.code,
        "sets": [_entry_json(entry) for entry in rule.entries],
        "terms": [{"term": term, "fr": name.fr, "en": name.en} for term, name in rule.named_terms()],
        "statement": rule.statement(Language.FR),
        "statement_en": rule.statement(Language.EN),
        "fix": rule.fix(Language.FR),
        "fix_en": rule.fix(Language.EN),
        "motif": row.motif if row else None,
        "who": row.who.value if row else None,
        "audience": [each.value for each in row.audience] if row else [],
    }


def _entry_json(entry: RuleEntry) -> dict[str, object]:
    legacy, afnor = entry.severities
    return {
        "ruleset": entry.ruleset,
        "version": entry.version,
        "source": entry.source,
        "state": entry.state.value,
        "legacy": legacy.value,
        "afnor": afnor.value,
        "syntaxes": list(entry.syntaxes),
    }
