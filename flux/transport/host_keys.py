"""Which key a server must show: the lines pinned in a partner's profile, in the form of known_hosts."""

from collections.abc import Iterator
from pathlib import Path

from paramiko import PKey, SSHException
from paramiko.hostkeys import HostKeyEntry, HostKeys, InvalidHostKey

from flux.errors import TransportRefused
from flux.transport.remote import describe_place
from flux.transport.settings import TransportSettings


def require_pinned(settings: TransportSettings, shown: PKey) -> None:
    """Raise TransportRefused, naming both fingerprints, unless the key shown is one of those pinned for the host."""
    pinned = pinned_keys(settings)
    if shown in pinned:
        return
    expected = ", ".join(key.fingerprint for key in pinned) or "none for this host and port"
    raise TransportRefused(
        f"{describe_place(settings)} shows the host key {shown.fingerprint}, pinned is {expected}; ask the partner "
        "whether it changed its key before you pin the new one: somebody may stand in between"
    )


def known_hosts_line(settings: TransportSettings, key: PKey) -> str:
    """The line that pins a key."""
    return f"{_known_hosts_name(settings)} {key.get_name()} {key.get_base64()}"


def pinned_keys(settings: TransportSettings) -> tuple[PKey, ...]:
    """The keys pinned for this host and port; several while a partner changes its key. Raises TransportRefused."""
    name = _known_hosts_name(settings)
    return tuple(entry.key for entry in _read_entries(settings) if _is_for(entry, name))


def signature_types(settings: TransportSettings, known: tuple[str, ...]) -> tuple[str, ...]:
    """Of the signature types known, those that the pinned keys can make: the server then shows a key we can judge."""
    pinned = {key.get_name() for key in pinned_keys(settings)}
    wanted = pinned | ({"rsa-sha2-512", "rsa-sha2-256"} if "ssh-rsa" in pinned else set())
    return tuple(name for name in known if name in wanted) or known


def _known_hosts_name(settings: TransportSettings) -> str:
    return settings.host if settings.port == 22 else f"[{settings.host}]:{settings.port}"


def _is_for(entry: HostKeyEntry, name: str) -> bool:
    table = HostKeys()
    for pattern in entry.hostnames or ():
        table.add(pattern, entry.key.get_name(), entry.key)
    return table.check(name, entry.key)


def _read_entries(settings: TransportSettings) -> Iterator[HostKeyEntry]:
    for line in _read_lines(settings):
        try:
            entry = HostKeyEntry.from_line(line)
        except (InvalidHostKey, SSHException, ValueError) as error:
            raise TransportRefused(f"the pinned host key {line[:60]!r} cannot be read") from error
        if entry is not None:
            yield entry


def _read_lines(settings: TransportSettings) -> Iterator[str]:
    """The lines pinned; what holds no blank is the path of a file of them."""
    for item in settings.host_keys:
        if " " in item.strip():
            yield item.strip()
        else:
            yield from _read_file(Path(item.strip()))


def _read_file(path: Path) -> Iterator[str]:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise TransportRefused(f"the file of pinned host keys {path} cannot be read: {error.strerror}") from error
    return (line.strip() for line in lines if line.strip() and not line.startswith("#"))
