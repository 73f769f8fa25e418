"""What a machine must have for an installation: schemas, databases, keys, and what its folders are on."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

from flux.app.diagnosis.folders import diagnose_folder, diagnose_folders
from flux.app.diagnosis.line import Diagnosis
from flux.app.diagnosis.rights import diagnose_rights
from flux.app.installation import list_schemas
from flux.app.register import source_states
from flux.config import AttachmentSettings, Settings
from flux.errors import FluxError
from flux.ledger.database import open_database
from flux.ledger.migrate import upgrade
from flux.model.finding import LayerName
from flux.model.paris import PARIS
from flux.model.register import RegisterSource, SourceState
from flux.register.database import file_of
from flux.schemas import SchemaState
from flux.transport.accounts import Account
from flux.transport.settings import TransportKind


def diagnose_machine(settings: Settings, now: datetime) -> Iterator[Diagnosis]:
    """Register, scanner, overrides, folders, disks, rights, keys."""
    yield from _diagnose_register(settings)
    if settings.attachments.clamd:
        yield _diagnose_scanner(settings.attachments)
    yield from _diagnose_overrides(settings, now.astimezone(PARIS).date())
    yield from diagnose_folders(settings)
    yield from diagnose_rights(settings)
    for partner, table in settings.partners.items():
        for side, end in (("pickup", table.pickup), ("delivery", table.delivery)):
            if end is not None and end.kind is TransportKind.SFTP:
                yield from (_diagnose_key(f"partners.{partner}.{side}", file) for file in end.keys)
    for partner, account in settings.accounts.items():
        yield _diagnose_account(partner, account, settings.sftp.notice_days, now.astimezone().date())


def _diagnose_scanner(attachments: AttachmentSettings) -> Diagnosis:
    from flux.transport.clamd import Clamd  # noqa: PLC0415 - only who has a scanner pays for its client

    fault = Clamd(attachments.clamd, attachments.clamd_seconds).ping()
    return Diagnosis(
        subject="antivirus",
        well=not fault,
        state=fault or f"{attachments.clamd} answers",
        advice="start clamd, or check [attachments] clamd: until then no invoice is accepted" if fault else "",
    )


def diagnose_schemas() -> Iterator[Diagnosis]:
    """Each schema that documents are held against."""
    for listed in list_schemas():
        well = listed.state is SchemaState.FOUND
        yield Diagnosis(
            subject=f"schema {listed.id}",
            well=well,
            state=listed.state.value,
            advice="" if well else "install flux again with its pinned dependencies",
        )


def diagnose_database(settings: Settings) -> Diagnosis:
    """The ledger's database, brought up to date and written to."""
    try:
        with closing(open_database(settings.ledger.url)) as database:
            upgrade(database)
            database.try_write()
    except (FluxError, OSError) as error:
        return Diagnosis(subject="ledger", well=False, state=str(error), advice=_advise_on_ledger(settings))
    return Diagnosis(subject="ledger", well=True, state="reached, up to date")


def _advise_on_ledger(settings: Settings) -> str:
    if settings.ledger.file is None:
        return "check [ledger] url and its server"
    disk = diagnose_folder("ledger disk", settings.ledger.file.parent, must_exist=True)
    rights = f"let the user that runs flux read and write {settings.ledger.file}*"
    return disk.advice or f"{rights}, look at the messages of the kernel (dmesg), or check [ledger] url"


def _diagnose_register(settings: Settings) -> Iterator[Diagnosis]:
    """One line for each source; one that was never imported is a fault where the register is required."""
    if not settings.register.url:
        return
    try:
        states = {state.source: state for state in source_states(settings)}
    except FluxError as error:
        yield Diagnosis(subject="register", well=False, state=str(error), advice=_advise_on_register(settings))
        return
    is_required = LayerName.REGISTER in settings.gateway.layers
    for source in RegisterSource:
        yield _diagnose_source(source, states.get(source), is_required=is_required)


def _advise_on_register(settings: Settings) -> str:
    file = file_of(settings.register.url)
    if file is None:
        return "check [register] url and its server"
    return f"let the user that runs flux read and write {file}: chown it to that user"


def _diagnose_source(source: RegisterSource, state: SourceState | None, *, is_required: bool) -> Diagnosis:
    subject, advice = f"register {source.value}", f"flux register import --source {source.value} FILE"
    if state is None:
        # SIRENE explains; the two others decide.
        well = not is_required or source is RegisterSource.SIRENE
        return Diagnosis(subject=subject, well=well, state="never imported", advice="" if well else advice)
    told = f"{state.version}, imported {state.imported_at:%Y-%m-%d}{', stale' if state.is_stale else ''}"
    return Diagnosis(subject=subject, well=not state.is_stale, state=told, advice=advice if state.is_stale else "")


def _diagnose_overrides(settings: Settings, today: date) -> Iterator[Diagnosis]:
    overrides = settings.rules.overrides
    if not overrides.entries:
        return
    ended = sorted({each.rule for each in overrides.ended(today)})
    yield Diagnosis(
        subject="overrides",
        well=not ended,
        state=f"ended: {', '.join(ended)}" if ended else f"{len(overrides.entries)} in force",
        advice="remove them, or give them another day and a reason for it" if ended else "",
    )


def _diagnose_account(partner: str, account: Account, notice_days: int, today: date) -> Diagnosis:
    """Well while a key lasts beyond the notice: one that ends beside it is a key that is being changed."""
    later = today + timedelta(days=notice_days)
    ending = sorted(each.expires for each in account.keys if each.expires is not None and not each.opens_on(later))
    well = len(ending) < len(account.keys)
    told = [f"{'ended' if end < today else 'ends'} {end}" for end in ending]
    return Diagnosis(
        subject=f"partners.{partner}.account",
        well=well,
        state=", ".join([f"{len(account.keys)} keys" if len(account.keys) > 1 else "1 key", *told]),
        advice="" if well else "ask the partner for another key, add it, then `flux sftp config --keys ...`",
    )


def _diagnose_key(subject: str, key_file: Path) -> Diagnosis:
    if not key_file.is_file():
        return Diagnosis(subject=subject, well=False, state=f"{key_file}: no such file", advice="put the key there")
    exposed = key_file.stat().st_mode & 0o077
    return Diagnosis(
        subject=subject,
        well=not exposed,
        state=f"{key_file}: {'readable by others' if exposed else 'private'}",
        advice=f"chmod 600 {key_file}" if exposed else "",
    )
