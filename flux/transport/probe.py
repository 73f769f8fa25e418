"""What a partner's folder or server allows, tried out: the facts from which an operator writes its profile."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from paramiko import PKey, SSHException, Transport

from flux.errors import FluxError, TransportError, TransportRefused
from flux.transport.folder import FolderTransport, LocalFiles
from flux.transport.host_keys import known_hosts_line, require_pinned
from flux.transport.names import remote_path, temporary_path
from flux.transport.remote import ConnectionLost, Remote, describe_place
from flux.transport.settings import RenameMode, TransportKind, TransportSettings
from flux.transport.sftp_start import open_session
from flux.transport.ssh import authenticate, require_algorithms, shaken_hands

_CONTENT = b"flux probe\n"


class ProbeStep(Enum):
    """What is tried, in this order. A folder of this machine has neither key nor authentication."""

    HOST_KEY = "host_key"
    AUTHENTICATION = "authentication"
    LIST = "list"
    WRITE = "write"
    POSIX_RENAME = "posix_rename"
    PLAIN_RENAME = "plain_rename"
    OVERWRITE = "overwrite"
    REMOVE = "remove"


class ProbeStatus(Enum):
    """What came of it."""

    OK = "ok"
    FAILED = "failed"
    NOT_TRIED = "not_tried"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    """One step; `reason` says why it failed or was not tried, or, of the authentication, what let us in."""

    step: ProbeStep
    status: ProbeStatus
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeReport:
    """A partner's end as it was found. `host_key` is the line to pin, in the form of known_hosts, None for a folder.

    `needed` are the steps that the profile relies on.
    """

    place: str
    host_key: str | None
    fingerprint: str | None
    results: tuple[ProbeResult, ...]
    needed: frozenset[ProbeStep]

    @property
    def is_ok(self) -> bool:
        """True where every step that the profile needs succeeded."""
        return all(result.status is ProbeStatus.OK for result in self.results if result.step in self.needed)


def probe(settings: TransportSettings) -> ProbeReport:
    """Try out one end of a partner's exchange, with one small hidden file that is removed again.

    Nothing is raised for what the other side does. The password is never sent to a server whose key is not pinned.
    """
    if settings.kind is TransportKind.FOLDER:
        return _probe_folder(settings)
    return _probe_server(settings)


class _Trial:
    """The results so far."""

    def __init__(self, steps: tuple[ProbeStep, ...]) -> None:
        self._steps = steps
        self._results: dict[ProbeStep, ProbeResult] = {}

    def try_step(self, step: ProbeStep, call: Callable[[], object]) -> bool:
        """True where the call raised nothing; words that it returns are told. Raises ConnectionLost again: nothing can follow it."""
        try:
            told = call()
        except (OSError, FluxError) as error:
            self._results[step] = ProbeResult(step=step, status=ProbeStatus.FAILED, reason=_reason(error))
            if isinstance(error, ConnectionLost):
                raise
            return False
        self._results[step] = ProbeResult(
            step=step, status=ProbeStatus.OK, reason=told if isinstance(told, str) else ""
        )
        return True

    def report(self, settings: TransportSettings, key: PKey | None, reason: str) -> ProbeReport:
        """The report; `reason` is that of the steps that were not reached."""
        return ProbeReport(
            place=describe_place(settings),
            host_key=known_hosts_line(settings, key) if key else None,
            fingerprint=key.fingerprint if key else None,
            results=tuple(
                self._results.get(step) or ProbeResult(step=step, status=ProbeStatus.NOT_TRIED, reason=reason)
                for step in self._steps
            ),
            needed=_needed_steps(settings),
        )


_FILE_STEPS = tuple(ProbeStep)[2:]


def _needed_steps(settings: TransportSettings) -> frozenset[ProbeStep]:
    """All steps but those that the profile does without."""
    spared = {
        ProbeStep.LIST: not settings.list,
        ProbeStep.POSIX_RENAME: settings.rename is not RenameMode.POSIX,
        ProbeStep.PLAIN_RENAME: settings.rename is not RenameMode.PLAIN,
        ProbeStep.OVERWRITE: not settings.overwrite,
    }
    return frozenset(step for step in ProbeStep if not spared.get(step, False))


def _probe_folder(settings: TransportSettings) -> ProbeReport:
    trial = _Trial(_FILE_STEPS)
    trial.try_step(ProbeStep.LIST, lambda: FolderTransport(settings).list(""))
    _try_files(trial, LocalFiles(), settings)
    return trial.report(settings, None, "the file could not be written")


def _probe_server(settings: TransportSettings) -> ProbeReport:
    trial = _Trial(tuple(ProbeStep))
    key: PKey | None = None
    try:
        require_algorithms(settings)
        ssh = _shake_hands(settings)
        try:
            key = ssh.get_remote_server_key()
            reason = _try_server(trial, ssh, key, settings)
        finally:
            ssh.close()
    except (OSError, FluxError, SSHException) as error:
        reason = _reason(error)
    return trial.report(settings, key, reason)


def _shake_hands(settings: TransportSettings) -> Transport:
    """A connection on which the server shows the key that we know it by, or else any that it has."""
    try:
        with shaken_hands(settings) as ssh:
            return ssh
    except TransportRefused:
        with shaken_hands(replace(settings, host_keys=())) as ssh:
            return ssh


def _try_server(trial: _Trial, ssh: Transport, key: PKey, settings: TransportSettings) -> str:
    """Try the steps in order; why it ended where it did."""
    is_pinned = trial.try_step(ProbeStep.HOST_KEY, lambda: require_pinned(settings, key))
    if not is_pinned and (settings.host_keys or not settings.keys):
        return "the host key is not the one pinned" if settings.host_keys else "pin the host key first"
    # A key tells a stranger nothing; a password does.
    known = settings if is_pinned else replace(settings, password=None)
    if not trial.try_step(ProbeStep.AUTHENTICATION, lambda: authenticate(ssh, known)):
        return "we were not let in"
    session = open_session(ssh, settings)
    trial.try_step(ProbeStep.LIST, lambda: next(session.entries(remote_path(settings.path, "")), None))
    _try_files(trial, session, settings)
    return "the file could not be written"


def _try_files(trial: _Trial, remote: Remote, settings: TransportSettings) -> None:
    """Write a hidden file, give it other names, replace it and remove it."""
    first, second, third = (temporary_path(remote_path(settings.path, "", "flux-probe")) for _ in range(3))
    with _probe_file() as source:
        if not trial.try_step(ProbeStep.WRITE, lambda: _write(remote, source, first)):
            return
        current = first
        if trial.try_step(ProbeStep.POSIX_RENAME, lambda: remote.rename(first, second, RenameMode.POSIX)):
            current = second
        if trial.try_step(ProbeStep.PLAIN_RENAME, lambda: remote.rename(current, third, RenameMode.PLAIN)):
            current = third
        trial.try_step(ProbeStep.OVERWRITE, lambda: _write(remote, source, current))
        trial.try_step(ProbeStep.REMOVE, lambda: remote.remove(current))


def _write(remote: Remote, source: Path, path: str) -> None:
    remote.write(source, path)
    if remote.size(path) != len(_CONTENT):
        raise TransportError(f"{path} does not have the size that was written")


@contextmanager
def _probe_file() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="flux-probe-") as folder:
        path = Path(folder) / "probe"
        path.write_bytes(_CONTENT)
        yield path


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
