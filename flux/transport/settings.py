"""One end of a partner's exchange: the [partners.NAME.pickup] and [partners.NAME.delivery] tables."""

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path


class TransportKind(Enum):
    """How the partner is reached."""

    FOLDER = "folder"
    SFTP = "sftp"


class RenameMode(Enum):
    """How a server gives a file its final name: OpenSSH's posix-rename, the protocol's rename, or not at all."""

    POSIX = "posix"
    PLAIN = "plain"
    NONE = "none"


class AfterFetch(Enum):
    """What becomes of a remote file that we have taken."""

    REMOVE = "remove"
    KEEP = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportSettings:
    """Where and how.

    `path` is a folder of this machine, or the remote folder. `host_keys` are lines of a known_hosts file or its path;
    an SFTP end without one is refused. `list` is false where the server lets nobody look. `overwrite` is false where the
    server forbids replacing a file. `key_files` are tried in their order, after `key_file`: the server may take the one or
    the other while a key of ours is changed. `password_env` names the variable that `password` is read from; a configuration
    never holds the password itself. `algorithms` adds old ones for this partner alone, for example "aes256-cbc".
    """

    kind: TransportKind = TransportKind.FOLDER
    path: str = ""
    host: str = ""
    port: int = 22
    user: str = ""
    key_file: Path | None = None
    key_files: tuple[Path, ...] = ()
    password_env: str = ""
    password: str | None = field(default=None, repr=False)
    host_keys: tuple[str, ...] = ()
    rename: RenameMode = RenameMode.POSIX
    overwrite: bool = True
    list: bool = True
    after_fetch: AfterFetch = AfterFetch.REMOVE
    algorithms: tuple[str, ...] = ()
    channels: int = 4
    # A link that is cut hangs for ever without a bound; with 8 s it is told of within the 10 that an operator accepts.
    timeout_seconds: float = 8.0
    poll_seconds: float = 30.0

    @property
    def keys(self) -> tuple[Path, ...]:
        """The files of our private keys, in the order in which they are tried."""
        return (*((self.key_file,) if self.key_file else ()), *self.key_files)
