"""`flux flows`."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from flux.app.installation import load_settings
from flux.app.operations import GUARDED, FlowFilter, FlowHistory, FlowLine, close_one_flow, open_queries
from flux.app.releasing import release_flow
from flux.cli.flow_words import say
from flux.cli.held_text import why_it_waits
from flux.cli.judgment_json import to_json
from flux.cli.options import (
    MOMENT,
    NUMBER,
    by_option,
    config_option,
    json_option,
    reason_option,
    refuse_unknown_partner,
)
from flux.cli.tables import console, print_table, tell, tell_cut
from flux.model.finding import Finding
from flux.model.lifecycle import FlowState
from flux.model.partner import Language
from flux.model.printable import to_json_line
from flux.model.verdict import Verdict
from flux.model.words import describe

# Invoices that a person is shown of one flow; --json has them all.
SHOWN_INVOICES = 50


@click.group()
def command() -> None:
    """What came in and what became of it."""


@command.command(name="list")
@config_option
@json_option
@click.option("--partner", help="Only those of this partner.")
@click.option("--state", type=click.Choice([each.value for each in FlowState]), help="Only those in this state.")
@click.option("--verdict", type=click.Choice([each.value for each in Verdict]), help="Only those with this verdict.")
@click.option("--code", metavar="CODE", help="Only those with such a finding: a rule, or a code of `flux codes`.")
@click.option("--since", type=MOMENT, help="Only those received since, local time.")
@click.option("--limit", type=NUMBER, default=50, show_default=True, help="At most so many, newest first.")
def list_flows(
    config_path: Path,
    *,
    as_json: bool,
    partner: str | None,
    state: str | None,
    verdict: str | None,
    code: str | None,
    since: datetime | None,
    limit: int,
) -> None:
    """List flows, newest first.

    Example: flux flows list --partner acme --state held
    """
    wanted = FlowFilter(
        partner=partner,
        state=FlowState(state) if state else None,
        verdict=Verdict(verdict) if verdict else None,
        since=since.astimezone() if since else None,
        code=code,
    )
    settings = load_settings(config_path)
    with open_queries(settings) as queries:
        found = queries.list_flows(wanted, limit=limit + 1)
        lines = found[:limit]
        held = queries.why_held([line.flow.number for line in lines if line.held_forwards])
    refuse_unknown_partner(partner, settings.partners, lines)
    tell_cut(limit, cut=len(found) > limit)
    if as_json:
        for line in lines:
            click.echo(to_json_line({**_line_json(line), "held_for": held.get(line.flow.number, {})}))
        return
    print_table(
        ("flow", "received (local)", "partner", "name", "state, verdict", "status", "invoices", "held: why"),
        [
            (
                line.flow.number,
                f"{line.flow.received_at.astimezone():%Y-%m-%d %H:%M}",
                line.flow.partner or "(none)",
                line.flow.name,
                ", ".join(each.value for each in (line.state, line.verdict) if each),
                line.status.value if line.status else "",
                line.invoice_count,
                _why_held(line, held.get(line.flow.number, {})),
            )
            for line in lines
        ],
        spare=("status", "invoices"),
    )


@command.command(name="show")
@click.argument("number", type=NUMBER)
@config_option
@json_option
@click.option(
    "--lang", type=click.Choice([each.value for each in Language]), default="en", show_default=True, help="Of the page."
)
def show_flow(number: int, config_path: Path, *, as_json: bool, lang: str) -> None:
    """Show a flow: its invoices, what was found, what was sent to whom, and when.

    Example: flux flows show 231
    """
    settings = load_settings(config_path)
    with open_queries(settings) as queries:
        history = queries.show_flow(number)
    if as_json:
        click.echo(to_json_line(_history_json(history)))
    else:
        _print_history(history, Language(lang))


@command.command(name="release")
@click.argument("number", type=NUMBER)
@config_option
@json_option
@click.option("--reason", required=True, help="Why it may go: what the validator said, which route was added.")
@by_option
@click.option("--invoice", "invoices", multiple=True, metavar="NUMBER", help="Only this invoice, as often as you like.")
def release(number: int, config_path: Path, *, as_json: bool, reason: str, by: str, invoices: tuple[str, ...]) -> None:
    """Let go what a flow holds back, or have it judged again where it could not be judged.

    A running gateway takes it up within seconds, another one at its next start.

    Example: flux flows release 231 --reason "validated by the project manager, letter of 24 November"
    """
    done = release_flow(load_settings(config_path), number, reason=reason, by=by, invoices=invoices)
    if as_json:
        click.echo(to_json_line(asdict(done)))
        return
    if done.attempt is not None:
        click.echo(f"flow {number} is judged again, attempt {done.attempt}")
    for each in done.released:
        tell(f"goes to {each.partner}: {each.name} ({', '.join(each.invoices)})")
    for each in done.still_held:
        tell(f"still held, {each.held_reason}: {each.name} ({', '.join(each.invoices)})")


@command.command(name="close")
@click.argument("number", type=NUMBER)
@config_option
@reason_option
@by_option
def close(number: int, config_path: Path, *, reason: str, by: str) -> None:
    """Close a flow that was not judged, held or quarantined, since it was dealt with in another way.

    Nothing more is sent for it; its bytes stay in the archive for their years. A flow that is still to be judged is closed
    only while no gateway runs.

    Example: flux flows close 232 --reason "sent by mistake, says their accountant"
    """
    close_one_flow(load_settings(config_path), number, by=by, reason=reason)
    click.echo(f"flow {number} is closed")


def _why_held(line: FlowLine, forwards: Mapping[str, int]) -> str:
    """What keeps the flow from being judged, or for what its forwards wait, with how many do."""
    if line.state is FlowState.HELD:
        return line.held_reason or "not judged"
    return ", ".join(f"{count} {reason}" for reason, count in forwards.items())


def _line_json(line: FlowLine) -> dict[str, object]:
    return {
        "flow": line.flow.number,
        "attempt": line.flow.attempt,
        "partner": line.flow.partner,
        "name": line.flow.name,
        "sha256": line.flow.sha256,
        "bytes": line.flow.size_bytes,
        "received_at": line.flow.received_at.isoformat(),
        "state": line.state.value,
        "verdict": line.verdict.value if line.verdict else None,
        "status": line.status.value if line.status else None,
        "held_reason": line.held_reason,
        "invoices": line.invoice_count,
        "held_forwards": line.held_forwards,
    }


def _history_json(history: FlowHistory) -> dict[str, object]:
    outcomes = history.case.outcomes
    return {
        **_line_json(history.line),
        "judgments": [
            {
                **to_json(history.line.flow.name, judgment),
                "outcome": outcome.value if (outcome := outcomes.get((judgment.ordinal, judgment.unit))) else None,
            }
            for judgment in history.case.judgments
        ],
        "deliveries": [
            {
                "id": line.id,
                "kind": line.kind.value,
                "partner": line.partner,
                "folder": line.folder,
                "name": line.name,
                "state": line.state.value,
                "tries": line.tries,
                "error": line.last_error,
                "held_reason": line.held_reason,
                "delivered_at": line.delivered_at.isoformat() if line.delivered_at else None,
            }
            for line in history.deliveries
        ],
        "events": [{"at": event.at.isoformat(), "event": event.name, **event.details} for event in history.events],
    }


def _print_history(history: FlowHistory, language: Language) -> None:
    flow, out = history.line.flow, console()
    verdict = say(history.line.verdict.value if history.line.verdict else "not settled", language)
    out.print(f"{say('flow', language)} {flow.number}  {flow.name}", style="bold", markup=False)
    sender, size = flow.partner or say("(nobody we know)", language), f"{flow.size_bytes} {say('bytes', language)}"
    out.print(f"{say('from', language)} {sender}, {size}, sha256 {flow.sha256}", markup=False)
    out.print(
        f"{say(history.line.state.value, language)}, {verdict}{f', {reason}' if (reason := history.line.held_reason) else ''}",
        markup=False,
    )
    for line in why_it_waits(history, language):
        out.print(line, markup=False)
    out.print()
    _print_invoices(history, language)
    _print_findings(history, language)
    print_table(
        _headings(language, "delivery", "kind", "to", "file", "state", "tries", "delivered (local)", "why"),
        [
            (line.id, say(line.kind.value, language), line.partner or say("no route", language), f"{line.folder}/{line.name}".lstrip("/"),
             say(line.state.value, language), line.tries, _local(line.delivered_at), line.last_error or line.held_reason)
            for line in history.deliveries
        ],
        spare=_headings(language, "tries", "kind"),
    )  # fmt: skip
    out.print()
    print_table(
        _headings(language, "at (local)", "event", ""),
        [
            (f"{event.at.astimezone():%Y-%m-%d %H:%M:%S.%f}"[:-3], event.name, _details(event.details))
            for event in history.events
        ],
    )


def _headings(language: Language, *words: str) -> tuple[str, ...]:
    return tuple(say(word, language) for word in words)


def _local(moment: datetime | None) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}" if moment else ""


def _print_invoices(history: FlowHistory, language: Language) -> None:
    """The first invoices, and how many more there are."""
    judgments = history.case.judgments
    if not judgments:
        return
    print_table(
        _headings(language, "invoice", "seller", "verdict", "outcome", "findings"),
        [
            (
                each.summary.number if each.summary else each.member,
                each.summary.supplier.name if each.summary else "",
                say(each.verdict.value, language),
                say(outcome.value, language)
                if (outcome := history.case.outcomes.get((each.ordinal, each.unit)))
                else "",
                len(each.findings),
            )
            for each in judgments[:SHOWN_INVOICES]
        ],
    )
    if len(judgments) > SHOWN_INVOICES:
        more = say("{shown} of {count} invoices shown; --json has them all", language)
        tell(more.format(shown=SHOWN_INVOICES, count=len(judgments)))
    console().print()


def _print_findings(history: FlowHistory, language: Language) -> None:
    rows: list[tuple[str | None, str, Finding]] = [
        (say("(flow)", language), "", finding) for finding in history.case.findings
    ]
    rows += [
        (
            judgment.summary.number if judgment.summary else judgment.member,
            say(judgment.verdict.value, language),
            finding,
        )
        for judgment in history.case.judgments
        for finding in judgment.findings
    ]
    if rows:
        print_table(
            _headings(language, "invoice", "verdict", "severity", "code", "line", "what"),
            [
                (
                    number,
                    verdict,
                    say(each.severity.value, language),
                    each.code,
                    each.line,
                    describe(each, language).message,
                )
                for number, verdict, each in rows
            ],
        )
        console().print()


def _details(details: object) -> str:
    pairs = details.items() if isinstance(details, dict) else ()
    return ", ".join(f"{key} {value}" for key, value in pairs if value is not None and key not in GUARDED)
