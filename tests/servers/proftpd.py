"""A private ProFTPD with mod_sftp on the loopback."""

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

_HOST = "127.0.0.1"
_USER = "flux"
_SBIN = "/usr/local/sbin:/usr/sbin:/sbin"
_START_SECONDS = 10.0

_CONFIG = """\
ModulePath /usr/lib/proftpd
LoadModule mod_sftp.c
ServerName flux
ServerType standalone
DefaultAddress {host}
Port {port}
User {user}
Group {group}
PidFile {root}/pid
ScoreboardFile {root}/scoreboard
DelayTable none
SystemLog {root}/log
TransferLog none
WtmpLog off
UseReverseDNS off
RootLogin on
RequireValidShell off
UseFtpUsers off
AuthOrder mod_auth_file.c
AuthUserFile {root}/passwd
AuthGroupFile {root}/group
AllowOverwrite on
MaxLoginAttempts 6
SFTPEngine on
SFTPLog {root}/sftp.log
SFTPHostKey {root}/host_key
SFTPAuthMethods publickey
SFTPAuthorizedUserKeys file:{root}/authorized_keys
"""


class Proftpd:
    """A running server that accepts one key; ended, with its sessions and its folder, on exit."""

    def __init__(self) -> None:
        self.host = _HOST
        self.port = 0
        self.user = _USER
        self.known_hosts = ""
        self._cleanup = ExitStack()

    def __enter__(self) -> Self:
        program = shutil.which("proftpd", path=f"{os.environ['PATH']}:{_SBIN}")
        assert program is not None, "ProFTPD is not installed; run: apt-get install proftpd-core proftpd-mod-crypto"
        with ExitStack() as cleanup:
            self.root = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="flux-proftpd-")))
            self.key_file = self.root / "client_key"
            self._write_accounts()
            self.port = _free_port()
            host_key = (self.root / "host_key.pub").read_text(encoding="ascii").rsplit(" ", 1)[0]
            self.known_hosts = f"[{_HOST}]:{self.port} {host_key}"
            me = pwd.getpwuid(os.geteuid())
            config = _CONFIG.format(
                host=_HOST, port=self.port, root=self.root, user=me.pw_name, group=grp.getgrgid(me.pw_gid).gr_name
            )
            (self.root / "proftpd.conf").write_text(config, encoding="utf-8")
            with (self.root / "out").open("wb") as log:
                self._process = subprocess.Popen(
                    [program, "--nodaemon", "--config", str(self.root / "proftpd.conf")],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            cleanup.callback(self._end)
            self._wait_until_listening()
            self._cleanup = cleanup.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cleanup.close()

    def home(self, name: str) -> Path:
        """A folder under the server's root, made if need be, addressed by its absolute path."""
        folder = self.root / "homes" / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def drop_connections(self) -> None:
        """Kill every session; the server goes on listening."""
        for child in _children(self._process.pid):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)

    def _write_accounts(self) -> None:
        for name in ("host_key", "client_key"):
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "rsa", "-b", "3072", "-m", "PEM", "-N", "", "-f", self.root / name],
                check=True,
            )
        public = subprocess.run(
            ["ssh-keygen", "-e", "-f", f"{self.key_file}.pub"], capture_output=True, text=True, check=True
        ).stdout
        (self.root / "authorized_keys").write_text(public, encoding="ascii")
        me = pwd.getpwuid(os.geteuid())
        (self.root / "passwd").write_text(f"{_USER}:*:{me.pw_uid}:{me.pw_gid}::{self.home('')}:/bin/sh\n")
        (self.root / "group").write_text(f"{_USER}:x:{me.pw_gid}:\n")
        for name in ("passwd", "group"):
            (self.root / name).chmod(0o600)

    def _wait_until_listening(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                with socket.create_connection((_HOST, self.port), timeout=1) as connection:
                    if connection.recv(4) == b"SSH-":
                        return
            except OSError:
                time.sleep(0.02)
        raise AssertionError(f"ProFTPD did not start: {(self.root / 'out').read_text(errors='replace')}")

    def _end(self) -> None:
        self.drop_connections()
        self._process.terminate()
        try:
            self._process.wait(_START_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


def _children(pid: int) -> list[int]:
    with suppress(FileNotFoundError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    return []
