"""`flux verify`."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from flux.app.installation import load_settings
from flux.app.verifying import Fault, Scope, Verification, read_mark, verify
from flux.cli.counted import counted
from flux.cli.exits import REJECTED, WELL
from flux.cli.options import DAY, NUMBER, config_option, json_option
from flux.cli.progress import stage_bar


@click.command()
@config_option
@json_option
@click.option("--since", type=DAY, help="Only flows received since that day, local time.")
@click.option("--flow", type=NUMBER, help="Only this flow.")
@click.option("--against", metavar="SEAL", help="NUMBER:HASH, or a backup: is the ledger a continuation of it?")
@click.pass_context
def command(
    context: click.Context,
    config_path: Path,
    *,
    as_json: bool,
    since: datetime | None,
    flow: int | None,
    against: str | None,
) -> None:
    """Check every event, every seal and every archived byte; a gateway may be at work meanwhile.

    Ends with 1 where something is not what was written; each fault says where it is and what to do.

    Example: flux verify --against /backup/flux/20261128T020000Z
    """
    scope = Scope(since=since.astimezone() if since else None, flow=flow)
    mark = read_mark(against) if against else None
    done = Verification()
    with stage_bar() as progress:
        for fault in verify(load_settings(config_path), scope, mark, progress, done):
            click.echo(json.dumps(_fault_json(fault), ensure_ascii=False) if as_json else _fault_line(fault))
    click.echo(json.dumps(_summary_json(done)) if as_json else _summary_line(done))
    context.exit(REJECTED if done.faults else WELL)


def _fault_json(fault: Fault) -> dict[str, object]:
    return {**asdict(fault), "kind": fault.kind.value, "advice": fault.advice}


def _fault_line(fault: Fault) -> str:
    places = (
        (fault.flow, f"flow {fault.flow}"),
        (fault.ordinal, f"event {fault.ordinal}"),
        (fault.seal, f"seal {fault.seal}"),
        (fault.path, fault.path),
        (fault.expected, f"expected {fault.expected}"),
        (fault.found, f"found {fault.found}"),
    )
    told = ", ".join(str(words) for value, words in places if value is not None)
    return f"{fault.kind.value}: {told}\n  -> {fault.advice}"


def _summary_json(done: Verification) -> dict[str, object]:
    seal = done.last_seal
    return {
        "sound": not done.faults,
        "faults": done.faults,
        **asdict(done.tally),
        "last_seal": {"number": seal.number, "hash": seal.hash} if seal else None,
        "journal_seconds": round(done.journal_seconds, 3),
        "vault_seconds": round(done.vault_seconds, 3),
    }


def _summary_line(done: Verification) -> str:
    tally = done.tally
    seal = f"last seal {done.last_seal.number}:{done.last_seal.hash}" if done.last_seal else "no seal yet"
    unguarded = f"{counted(tally.unguarded, 'flow')} judged before verdicts were guarded; " if tally.unguarded else ""
    return (
        f"{'sound' if not done.faults else counted(done.faults, 'fault')}: {counted(tally.flows, 'flow')} ({tally.retired} retired), "
        f"{counted(tally.events, 'event')} in {done.journal_seconds:.1f} s, {counted(tally.seals, 'seal')}, "
        f"{counted(tally.files, 'file')} of {tally.bytes} bytes in {done.vault_seconds:.1f} s; "
        f"{counted(tally.unreferenced, 'file')} that no flow names; {unguarded}{seal}"
    )
