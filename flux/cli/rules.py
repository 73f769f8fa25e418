"""`flux rules`."""

import sys
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from flux.app.archived_invoices import invoices_of_files, invoices_of_flows
from flux.app.rule_catalogue import ListedRule, RuleEntry, find_rule, list_rules, rule_sets
from flux.app.rule_comparison import Compared, LeftOut, Tally, compare_versions, open_version
from flux.cli.options import NUMBER, config_option, json_option
from flux.cli.tables import console, print_table
from flux.config import load
from flux.model.finding import Severity
from flux.model.limits import Limits
from flux.model.paris import PARIS
from flux.model.partner import Language
from flux.model.printable import to_json_line

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
            click.echo(to_json_line(_to_json(rule)))
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
        click.echo(to_json_line(_to_json(found)))
    else:
        _print(found, Language(lang))


@command.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--last", type=NUMBER, default=1000, show_default=True, metavar="N", help="Of the latest N flows.")
@json_option
@config_option
@click.pass_context
def compare(
    context: click.Context,
    old: str,
    new: str,
    paths: tuple[str, ...],
    *,
    last: int,
    as_json: bool,
    config_path: Path,
) -> None:
    """Judge archived invoices by two versions of the rules and list which flip, and by which rule.

    A version is `flux`, `official` (the stylesheets that come with flux[official]), or a folder of stylesheets named like
    en16931-ubl.xslt. Without PATH the latest flows of the archive are judged. Nothing is written.

    Ends with 1 where an invoice flips, else with 3 where something could not be judged, else with 0.

    Example: flux rules compare flux en16931-1.3.17/
    """
    tally = Tally()
    with ExitStack() as stack:
        versions = open_version(old, stack), open_version(new, stack)
        invoices = invoices_of_files(paths, Limits()) if paths else invoices_of_flows(load(config_path), last)
        watched = track(
            invoices, "comparing", console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
        )
        for compared in compare_versions(watched, *versions, today=datetime.now(PARIS).date()):
            tally.count(compared)
            if as_json:
                _echo_compared(compared)
            else:
                _print_compared(compared)
    if not as_json:
        _print_tally(tally)
    flips = tally.accepted + tally.refused
    context.exit(1 if flips else 3 if tally.left_out[LeftOut.NOT_JUDGED] else 0)


def _echo_compared(compared: Compared) -> None:
    invoice = compared.invoice
    shown = {
        "file": invoice.file,
        "member": invoice.member,
        "sets": list(compared.sets),
        "left_out": compared.left_out and compared.left_out.name.lower(),
        "flips": compared.flips,
        "old": sorted(compared.old.fatal),
        "new": sorted(compared.new.fatal),
        "failures": [ruling.failure for ruling in (compared.old, compared.new) if ruling.failure],
    }
    click.echo(to_json_line(shown))


def _print_compared(compared: Compared) -> None:
    name = _name(compared)
    failures = [ruling.failure for ruling in (compared.old, compared.new) if ruling.failure]
    if failures:
        console().print(f"{name}  not judged: {'; '.join(failures)}", markup=False)
    if not compared.differs:
        return
    signed = (*(f"+{rule}" for rule in compared.appeared), *(f"-{rule}" for rule in compared.vanished))
    words = ("accepted", "rejected") if compared.new.fatal else ("rejected", "accepted")
    turn = " → ".join(words) if compared.flips else "rejected, by other rules"
    console().print(f"{name}  {turn}  {' '.join(signed)}", markup=False)


def _name(compared: Compared) -> str:
    file, member = compared.invoice.file, compared.invoice.member
    return f"{file}: {member}" if member and member != Path(file).name else file


def _print_tally(tally: Tally) -> None:
    out = console()
    by_rule = tally.by_rule()
    if by_rule:
        rows = [(rule, new or None, gone or None) for rule, (new, gone) in by_rule.items()]
        print_table(("rule", "newly refuses", "no longer refuses"), rows)
    out.print(
        f"{tally.compared} compared: {tally.refused} accepted → rejected, {tally.accepted} rejected → accepted",
        style="bold",
    )
    for reason, count in tally.left_out.items():
        out.print(f"{count} left out: {reason.value}", markup=False)


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
