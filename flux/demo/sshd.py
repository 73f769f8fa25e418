"""A private OpenSSH server on the loopback, for the demo and the tests: real SFTP without touching the machine's own sshd."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from flux.errors import FluxError

_HOST = "127.0.0.1"
_SBIN = "/usr/local/sbin:/usr/sbin:/sbin"  # where sshd lives, often off an ordinary user's PATH
_START_SECONDS = 10.0
_STOP_SECONDS = 5.0
# The port is free when we look and may be taken when sshd binds it.
_START_TRIES = 5

_CONFIG = """\
ListenAddress {host}
Port {port}
HostKey {root}/host_key
AuthorizedKeysFile {root}/authorized_keys
PidFile none
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
StrictModes no
UsePAM {pam}
UseDNS no
MaxSessions 64
MaxStartups 100
Subsystem sftp internal-sftp
"""


class SshdUnavailable(FluxError):
    """OpenSSH's server is not installed, or did not start."""


class LoopbackSshd:
    """A running sshd that accepts one key for the current user; ended, with its sessions and its folder, on exit.

    `home(name)` makes a folder that stands for one partner's server; it is addressed by its absolute path.
    Raises SshdUnavailable.
    """

    def __init__(self) -> None:
        self.host = _HOST
        self.port = 0
        self.user = pwd.getpwuid(os.geteuid()).pw_name  # sshd lets an ordinary user in as itself only
        self.known_hosts = ""
        self._cleanup = ExitStack()

    def __enter__(self) -> Self:
        program = _find_sshd()
        with ExitStack() as cleanup:
            self.root = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="flux-sshd-")))
            self.key_file = self.root / "client_key"
            self._host_key = _write_key(self.root / "host_key")
            (self.root / "authorized_keys").write_text(f"{_write_key(self.key_file)}\n")
            _make_privilege_folder()
            self._process = self._start(program)
            cleanup.callback(self._end)
            self._cleanup = cleanup.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cleanup.close()

    def home(self, name: str) -> Path:
        """The folder of that name under the server's root, made if need be."""
        folder = self.root / "homes" / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def accept(self, key_file: Path) -> None:
        """Let in, from the next connection on, who has this private key, and nobody else."""
        key = load_pem_private_key(key_file.read_bytes(), password=None)
        line = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
        (self.root / "authorized_keys").write_bytes(line + b"\n")

    def drop_connections(self) -> None:
        """End every session as a failing server would, while the server itself goes on listening."""
        for pid in _descendants(self._process.pid):
            _kill(pid)

    def _start(self, program: str) -> subprocess.Popen[bytes]:
        for _ in range(_START_TRIES):
            self.port = _free_port()
            self.known_hosts = f"[{self.host}]:{self.port} {self._host_key}"
            config = self.root / "sshd_config"
            pam = "yes" if _is_root_locked() else "no"
            config.write_text(_CONFIG.format(host=self.host, port=self.port, root=self.root, pam=pam))
            with (self.root / "sshd.log").open("wb") as log:
                # sshd re-executes itself for each session: it must be called by its absolute path.
                command = [program, "-D", "-e", "-f", str(config)]
                process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=log)  # noqa: S603 - our own arguments
            with ExitStack() as undo:
                undo.callback(_stop, process)
                if _wait_until_listening(process, self.host, self.port):
                    undo.pop_all()
                    return process
        raise SshdUnavailable(f"sshd did not start: {(self.root / 'sshd.log').read_text(errors='replace')}")

    def _end(self) -> None:
        # Sessions outlive the server that forked them, and are found through it only while it lives.
        self.drop_connections()
        _stop(self._process)


def _find_sshd() -> str:
    found = shutil.which("sshd") or shutil.which("sshd", path=_SBIN)
    if found is None:
        raise SshdUnavailable("OpenSSH's server is not installed; run: apt-get install openssh-server")
    return str(Path(found).resolve())


def _write_key(path: Path) -> str:
    """Write a new ed25519 private key, readable by us alone; its public line."""
    key = Ed25519PrivateKey.generate()
    path.touch(mode=0o600)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def _make_privilege_folder() -> None:
    # A root sshd wants its empty folder, which only the system's service makes.
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, parents=True, exist_ok=True)


def _is_root_locked() -> bool:
    """True where root has no password to log in with, as on Ubuntu: sshd then lets it in through PAM only."""
    if os.geteuid() != 0:
        return False
    lines = Path("/etc/shadow").read_text(encoding="utf-8").splitlines()
    return any(line.startswith("root:!") for line in lines)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


def _wait_until_listening(process: subprocess.Popen[bytes], host: str, port: int) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with socket.create_connection((host, port), timeout=1) as connection:
                return connection.recv(4) == b"SSH-"
        except OSError:
            time.sleep(0.02)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _descendants(pid: int) -> Iterator[int]:
    for child in _children(pid):
        yield from _descendants(child)
        yield child


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
