"""An SFTP server over a folder that fails where a test says so, and remembers all that was ever visible in it.

Requests are counted from 0, over every connection; the plan says what goes wrong at which of them: at its number, or where how
many come before it is left to the client, at its name and how often it came ("close 3").
"""

import os
import socket
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Self

import paramiko
from paramiko.common import AUTH_FAILED, AUTH_SUCCESSFUL, OPEN_SUCCEEDED
from paramiko.server import InteractiveQuery
from paramiko.sftp import (
    CMD_EXTENDED,
    CMD_NAMES,
    SFTP_FAILURE,
    SFTP_NO_SUCH_FILE,
    SFTP_OK,
    SFTP_OP_UNSUPPORTED,
    SFTP_PERMISSION_DENIED,
)

from flux.transport.settings import TransportKind, TransportSettings

_HOST = "127.0.0.1"
_LIMIT_SECONDS = 5.0


class Fault(Enum):
    """What goes wrong at a request; `CUT` ends the connection, `SILENT` keeps it and says no more on it."""

    CUT_BEFORE = "cut_before"
    CUT_AFTER = "cut_after"
    SILENT_BEFORE = "silent_before"
    SILENT_AFTER = "silent_after"
    REFUSE = "refuse"


class Expired(Enum):
    """Where a server asks for another password: in the protocol's own message, by PAM's questions, or only in the session."""

    REQUEST = "request"
    QUESTIONS = "questions"
    SESSION = "session"


# OpenSSH's own, with and without a terminal.
EXPIRED_WORDS = b"WARNING: Your password has expired.\nPassword change required but no TTY available.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What the server is like all the time.

    `quota_bytes` are kept of each file, the rest is dropped and called a success. `takes_at_once` takes a file away the
    moment it has its final name, `gives_once` the moment it was read to its end and closed, or its reader is gone.
    `expired` says how it asks for another password; `asks_more`, that PAM has a second question. `ends_at_once` is a session that ends with a status and no word.
    """

    posix_rename: bool = True
    plain_rename: bool = True
    overwrites: bool = True
    looks: bool = True
    quota_bytes: int | None = None
    takes_at_once: bool = False
    gives_once: bool = False
    expired: Expired | None = None
    asks_more: bool = False
    ends_at_once: bool = False


@dataclass(slots=True)
class Record:
    """What the server saw: each request in order, and each file at the moment it was visible under a final name."""

    requests: list[str] = field(default_factory=list)
    appeared: list[tuple[str, bytes]] = field(default_factory=list)
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    connections: int = 0
    answers: list[str] = field(default_factory=list)  # to the questions of PAM

    @property
    def counts(self) -> Counter[str]:
        """How many requests of each kind."""
        return Counter(self.requests)


class MisbehavingSftp:
    """A running server; ended, with all its connections, on exit. `behaviour`, `plan` and `record` may be set anew at any time."""

    def __init__(self, folder: Path, *, password: str = "", accepted: tuple[paramiko.PKey, ...] = ()) -> None:
        self.folder = folder
        self.host = _HOST
        self.behaviour = Behaviour()
        self.plan: dict[int | str, Fault] = {}
        self.record = Record()
        self.password = password
        self.accepted = accepted
        self.host_key: paramiko.PKey = paramiko.ECDSAKey.generate()
        self.ended = threading.Event()
        self.lock = threading.RLock()
        self._listening = socket.create_server((_HOST, 0))
        self.port = int(self._listening.getsockname()[1])
        self._open: list[paramiko.Transport] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)

    @property
    def known_hosts(self) -> str:
        """The line that pins this server's key."""
        return f"[{self.host}]:{self.port} {self.host_key.get_name()} {self.host_key.get_base64()}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ended.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(_LIMIT_SECONDS)
        self.drop_connections()

    def behave(
        self, behaviour: Behaviour | None = None, plan: Mapping[int, Fault] | Mapping[str, Fault] | None = None
    ) -> None:
        """Start anew: another behaviour, another plan, nothing seen yet."""
        with self.lock:
            self.behaviour = behaviour or Behaviour()
            self.plan = {}
            for request, fault in (plan or {}).items():
                self.plan[request] = fault
            self.record = Record()

    def drop_connections(self) -> None:
        """Cut every connection; the server goes on listening."""
        with self.lock:
            dropped, self._open = self._open, []
        for transport in dropped:
            transport.close()
        for transport in dropped:
            transport.join(_LIMIT_SECONDS)

    def visible(self) -> dict[str, bytes]:
        """Every file of the folder under a final name."""
        return {path.name: path.read_bytes() for path in self.folder.iterdir() if not path.name.startswith(".")}

    def bind(self, settings: TransportSettings) -> TransportSettings:
        """The same profile, on this server."""
        return replace(
            settings,
            kind=TransportKind.SFTP,
            host=self.host,
            port=self.port,
            user="flux",
            host_keys=(self.known_hosts,),
        )

    def _accept(self) -> None:
        while not self.ended.is_set():
            try:
                link, _ = self._listening.accept()
            except OSError:
                return
            transport = paramiko.Transport(link)
            transport.add_server_key(self.host_key)
            transport.set_subsystem_handler("sftp", _Session, _Files, self)
            with self.lock:
                self.record.connections += 1
                self._open.append(transport)
            with suppress(paramiko.SSHException, EOFError, OSError):
                transport.start_server(event=threading.Event(), server=_Door(self, transport))


class _Door(paramiko.ServerInterface):
    """Who is let in: the keys accepted, and the password where there is one."""

    def __init__(self, site: MisbehavingSftp, transport: paramiko.Transport) -> None:
        self._site = site
        self._transport = transport

    @property
    def _asks(self) -> bool:
        """True where a password is only taken as an answer to questions."""
        behaviour = self._site.behaviour
        return behaviour.asks_more or behaviour.expired is Expired.QUESTIONS

    def get_allowed_auths(self, username: str) -> str:
        if not self._site.password:
            return "publickey"
        return "publickey,keyboard-interactive" if self._asks else "publickey,password"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        return AUTH_SUCCESSFUL if key in self._site.accepted else AUTH_FAILED

    def check_auth_password(self, username: str, password: str) -> int:
        if self._asks or not self._site.password or password != self._site.password:
            return AUTH_FAILED
        if self._site.behaviour.expired is Expired.REQUEST:
            self._ask_for_another()
            return AUTH_FAILED
        return AUTH_SUCCESSFUL

    def _ask_for_another(self) -> None:
        message = paramiko.Message()
        message.add_byte(bytes([60]))  # SSH_MSG_USERAUTH_PASSWD_CHANGEREQ
        message.add_string("Your password has expired")
        message.add_string("en")
        self._transport._send_message(message)  # type: ignore[attr-defined]

    def check_auth_interactive(self, username: str, submethods: str) -> int | InteractiveQuery:
        return InteractiveQuery("", "", ("Password: ", False)) if self._asks else AUTH_FAILED

    def check_auth_interactive_response(self, responses: list[str]) -> int | InteractiveQuery:
        record = self._site.record
        record.answers += responses
        if record.answers != [self._site.password]:
            return AUTH_FAILED
        if self._site.behaviour.asks_more:
            return InteractiveQuery("", "", ("Verification code: ", False))
        words = "You are required to change your password immediately."
        return InteractiveQuery("", words, ("New password: ", False), ("Retype new password: ", False))

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return OPEN_SUCCEEDED


class _Session(paramiko.SFTPServer):
    """Answers requests, less what the plan does to them."""

    def __init__(
        self,
        channel: paramiko.Channel,
        name: str,
        server: paramiko.ServerInterface,
        files: type[paramiko.SFTPServerInterface],
        site: MisbehavingSftp,
    ) -> None:
        super().__init__(channel, name, server, files, site)
        self._site = site
        self._channel = channel
        self._is_mute = False

    def start_subsystem(self, name: str, transport: paramiko.Transport, channel: paramiko.Channel) -> None:
        if self._site.behaviour.expired is Expired.SESSION:
            channel.recv(1)  # only a client that knows of its session can hear more of it
            channel.sendall_stderr(EXPIRED_WORDS)
            channel.close()
            return
        if self._site.behaviour.ends_at_once:
            channel.recv(1)
            channel.shutdown_write()
            channel.send_exit_status(1)
            channel.close()
            return
        super().start_subsystem(name, transport, channel)

    def _process(self, kind: int, number: int, body: paramiko.Message) -> None:
        fault = self._count(_name_of(kind, body))
        if fault is Fault.REFUSE:
            self._send_status(number, SFTP_FAILURE)  # type: ignore[attr-defined] # the stubs leave it out
            return
        if fault in (Fault.CUT_BEFORE, Fault.SILENT_BEFORE):
            self._stop(fault)
            return
        self._is_mute = fault is not None
        super()._process(kind, number, body)  # type: ignore[misc] # the stubs leave it out
        if fault is not None:
            self._stop(fault)

    def _count(self, name: str) -> Fault | None:
        with self._site.lock:
            seen = self._site.record.requests
            seen.append(name)
            by_name = self._site.plan.pop(f"{name} {seen.count(name)}", None)
            return by_name or self._site.plan.pop(len(seen) - 1, None)

    def _stop(self, fault: Fault) -> None:
        """End the connection, or be silent on it until the test ends or the client goes away."""
        transport = self._channel.get_transport()
        if fault in (Fault.CUT_BEFORE, Fault.CUT_AFTER):
            transport.close()
            return
        while transport.is_active() and not self._site.ended.wait(0.01):
            continue

    def _send_packet(self, kind: int, packet: paramiko.Message) -> None:
        if not self._is_mute:
            super()._send_packet(kind, packet)  # type: ignore[misc] # the stubs leave it out


def _name_of(kind: int, body: paramiko.Message) -> str:
    if kind != CMD_EXTENDED:
        return str(CMD_NAMES[kind])
    extension = body.get_text()
    body.rewind()
    body.get_int()  # the number of the request, which was read before
    return extension.partition("@")[0]


class _Files(paramiko.SFTPServerInterface):
    """The folder, as the behaviour lets it be seen."""

    def __init__(self, server: paramiko.ServerInterface, site: MisbehavingSftp) -> None:
        super().__init__(server)
        self._site = site

    def _path(self, path: str) -> Path:
        return self._site.folder / path.lstrip("/")

    def list_folder(self, path: str) -> list[paramiko.SFTPAttributes] | int:
        if not self._site.behaviour.looks:
            return SFTP_PERMISSION_DENIED
        try:
            return [paramiko.SFTPAttributes.from_stat(entry.stat(), entry.name) for entry in self._path(path).iterdir()]
        except OSError as error:
            return _code_of(error)

    def stat(self, path: str) -> paramiko.SFTPAttributes | int:
        if not self._site.behaviour.looks:
            return SFTP_PERMISSION_DENIED
        try:
            return paramiko.SFTPAttributes.from_stat(self._path(path).stat())
        except OSError as error:
            return _code_of(error)

    lstat = stat

    def open(self, path: str, flags: int, attr: paramiko.SFTPAttributes) -> paramiko.SFTPHandle | int:
        place = self._path(path)
        is_write = bool(flags & (os.O_WRONLY | os.O_RDWR))
        if is_write and place.exists() and not self._site.behaviour.overwrites:
            return SFTP_FAILURE
        try:
            return _Handle(self._site, place, is_write=is_write)
        except OSError as error:
            return _code_of(error)

    def remove(self, path: str) -> int:
        return _done(self._path(path).unlink)

    def mkdir(self, path: str, attr: paramiko.SFTPAttributes) -> int:
        return _done(self._path(path).mkdir)

    def rename(self, oldpath: str, newpath: str) -> int:
        if not self._site.behaviour.plain_rename:
            return SFTP_OP_UNSUPPORTED
        return SFTP_FAILURE if self._path(newpath).exists() else self._rename(oldpath, newpath)

    def posix_rename(self, oldpath: str, newpath: str) -> int:
        behaviour = self._site.behaviour
        if not behaviour.posix_rename:
            return SFTP_OP_UNSUPPORTED
        if not behaviour.overwrites and self._path(newpath).exists():
            return SFTP_FAILURE
        return self._rename(oldpath, newpath)

    def _rename(self, old: str, new: str) -> int:
        code = _done(lambda: self._path(old).rename(self._path(new)))
        if code == SFTP_OK:
            _appear(self._site, self._path(new))
        return code


class _Handle(paramiko.SFTPHandle):
    """An open file; one written under its final name is visible from its first byte."""

    def __init__(self, site: MisbehavingSftp, path: Path, *, is_write: bool) -> None:
        super().__init__()
        self._site = site
        self._place = path
        self._is_write = is_write
        self._is_open = True
        self._file = path.open("wb" if is_write else "rb", buffering=0)

    def stat(self) -> paramiko.SFTPAttributes | int:
        return paramiko.SFTPAttributes.from_stat(os.fstat(self._file.fileno()))

    def read(self, offset: int, length: int) -> bytes | int:
        return os.pread(self._file.fileno(), length, offset)

    def write(self, offset: int, data: bytes) -> int:  # type: ignore[override] # paramiko gives bytes
        quota = self._site.behaviour.quota_bytes
        kept = data if quota is None else data[: max(0, quota - offset)]
        os.pwrite(self._file.fileno(), kept, offset)
        return SFTP_OK

    def close(self) -> None:
        if not self._is_open:
            return
        self._is_open = False
        self._file.close()
        if self._is_write and not self._place.name.startswith("."):
            _appear(self._site, self._place)
        if not self._is_write and self._site.behaviour.gives_once:
            self._site.record.given.append(self._place.name)
            self._place.unlink(missing_ok=True)


def _appear(site: MisbehavingSftp, path: Path) -> None:
    """Note what bears a final name now; the partner may take it away at once."""
    if path.name.startswith("."):
        return
    content = path.read_bytes()
    with site.lock:
        site.record.appeared.append((path.name, content))
        if site.behaviour.takes_at_once:
            site.record.taken.append((path.name, content))
            path.unlink()


def _done(call: Callable[[], object]) -> int:
    try:
        call()
    except OSError as error:
        return _code_of(error)
    return SFTP_OK


def _code_of(error: OSError) -> int:
    return SFTP_NO_SUCH_FILE if isinstance(error, FileNotFoundError) else SFTP_FAILURE
