"""The folders of an installation: are they there, do they take a file, on what do they lie, what is in them for nothing."""

from collections.abc import Iterator
from pathlib import Path

from flux.app.diagnosis.line import Diagnosis
from flux.app.disks import FileSystem, file_system_of, nearest, try_write
from flux.config import Settings
from flux.intake.sweep import Ignored, sweep_inbox
from flux.transport.settings import TransportKind

# A flow and its replies are kept several times over while they are treated; below this the gateway will stop soon.
FREE_BYTES_WANTED = 2 * 2**30
# Enough to find the others.
_IGNORED_NAMED = 5
_MISSING = "mount what holds it, or put it back; where it is to be empty, `flux run` makes it at its start"


def diagnose_folders(settings: Settings) -> Iterator[Diagnosis]:
    """Each folder of ours; those of partners that are missing or refuse us; each disk; what is never taken in."""
    for subject, folder in own_folders(settings):
        yield diagnose_folder(subject, folder, must_exist=True)
    for subject, folder, is_inbox in partner_folders(settings):
        diagnosis = diagnose_folder(subject, folder, must_exist=is_inbox)
        if not diagnosis.well:
            yield diagnosis
    yield from _diagnose_space(settings)
    yield from _diagnose_ignored(settings)


def own_folders(settings: Settings) -> Iterator[tuple[str, Path]]:
    """The folders that `flux run` works in, each with its subject."""
    yield from (("inbox", settings.gateway.inbox), ("vault", settings.vault.path), ("spool", settings.vault.spool))
    yield "outbox", settings.gateway.outbox
    if settings.ledger.file is not None:
        yield "ledger disk", settings.ledger.file.parent


def partner_folders(settings: Settings) -> Iterator[tuple[str, Path, bool]]:
    """The folders of partners, each with its subject, and whether it is one of the inbox."""
    for partner in settings.partners:
        yield f"inbox of {partner}", settings.gateway.inbox / partner, True
        end = settings.delivery_end(partner)
        if end.kind is TransportKind.FOLDER:
            yield f"outbox of {partner}", Path(end.path), False


def diagnose_folder(subject: str, folder: Path, *, must_exist: bool) -> Diagnosis:
    """A real write; where a folder is made by its first delivery, that happens in the one above it."""
    place = folder
    try:
        if not folder.exists():
            if must_exist:
                return Diagnosis(subject=subject, well=False, state=f"{folder}: is not there", advice=_MISSING)
            place = nearest(folder)
        try_write(place)
        system = file_system_of(place)
    except OSError as refusal:
        system = file_system_of(nearest(place))
        state = f"{place}: {refusal.strerror}; {system}"
        return Diagnosis(subject=subject, well=False, state=state, advice=system.advise(refusal))
    return Diagnosis(subject=subject, well=True, state=f"{place}: written to; {system}")


def _diagnose_space(settings: Settings) -> Iterator[Diagnosis]:
    """Each file system that must hold what is received, once."""
    systems: dict[int, FileSystem] = {}
    for subject, folder in own_folders(settings):
        if subject in {"vault", "spool", "ledger disk"}:
            system = file_system_of(nearest(folder))
            systems.setdefault(system.number, system)
    for system in systems.values():
        well = system.free_bytes >= FREE_BYTES_WANTED
        advice = f"make room on {system.mount}: flux stops taking files in when it cannot keep them"
        yield Diagnosis(subject="disk space", well=well, state=str(system), advice="" if well else advice)


def _diagnose_ignored(settings: Settings) -> Iterator[Diagnosis]:
    """What somebody put into the inbox and waits for in vain."""
    ignored = sweep_inbox(settings.gateway.inbox, settings.intake).ignored
    if ignored:
        yield Diagnosis(
            subject="never taken in",
            well=False,
            state=f"entries of the inbox that are no files: {len(ignored)}: {_name(ignored)}",
            advice="move them out of the inbox; what is to be taken in goes into the partner's folder itself, as a plain file",
        )


def _name(ignored: tuple[Ignored, ...]) -> str:
    named = [f"{each.partner}/{each.name} ({each.kind.value})".lstrip("/") for each in ignored[:_IGNORED_NAMED]]
    return ", ".join(named) + (", ..." if len(ignored) > _IGNORED_NAMED else "")
