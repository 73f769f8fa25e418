"""A private PostgreSQL: in a folder of its own, on a Unix socket only, ended with the tests.

Nothing of it outlives the session, so it need not sync: what a power cut would cost is not what these tests ask.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg

START_SECONDS = 30.0

_UNDURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB")


class PostgresAbsent(Exception):
    """PostgreSQL is not installed here."""


@dataclass(slots=True)
class Server:
    """The process of a server, which may be killed and started again."""

    programs: Path
    folder: Path
    account: str | None
    settings: Sequence[str]
    _process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Run it, and wait until it answers."""
        self._process = _start(self.programs, self.folder, self.account, self.settings)
        _wait_until_ready(self._process, self.folder)

    def end(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """At once, with every process that serves a connection."""
        assert self._process is not None
        served = [int(pid) for pid in _children(self._process.pid)]
        self._process.send_signal(how)
        for pid in served if how is signal.SIGKILL else ():
            with suppress(ProcessLookupError):
                os.kill(pid, how)
        self._process.wait(START_SECONDS)


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server; each database of it is empty and used by one test."""

    folder: Path
    server: Server
    _numbers: Iterator[int] = field(default_factory=count)

    def create_database(self, *, like: str = "") -> str:
        """The URL of a fresh database, a copy of the one at `like` where it is given."""
        name = f"flux_{next(self._numbers)}"
        template = f" TEMPLATE {_name_of(like)}" if like else ""
        self._administer(f"CREATE DATABASE {name}{template}")
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def drop_database(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        self._administer(f"DROP DATABASE {_name_of(url)} WITH (FORCE)")

    def _administer(self, statement: str) -> None:
        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def run_postgres(*, is_durable: bool = False) -> Iterator[Postgres]:
    """A server for the length of the block; a durable one loses nothing when it is killed. Raises PostgresAbsent."""
    programs = _find_programs()
    account = _unprivileged_account()
    with tempfile.TemporaryDirectory(prefix="flux-pg-", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if account is not None:
            shutil.chown(folder, account)
        _run(
            [
                programs / "initdb",
                "-D",
                folder / "data",
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-locale",
                "--no-sync",
            ],
            account,
        )
        server = Server(programs, folder, account, () if is_durable else _UNDURABLE)
        try:
            server.start()
            yield Postgres(folder, server)
        finally:
            server.end()  # at once: there is nothing to keep


def _name_of(url: str) -> str:
    return url.removeprefix("postgresql://postgres@/").partition("?")[0]


def _find_programs() -> Path:
    """The folder of initdb and postgres: the newest that Debian keeps, else the one in the path."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    in_path = shutil.which("initdb")
    if installed:
        return installed[-1].parent
    if in_path is not None:
        return Path(in_path).parent
    raise PostgresAbsent("these tests need a PostgreSQL of their own: apt-get install postgresql")


def _unprivileged_account() -> str | None:
    """PostgreSQL refuses to be run by root: whom to be instead; None where we are somebody else already."""
    if os.geteuid() != 0:
        return None
    known = Path("/etc/passwd").read_text(encoding="utf-8")
    return "postgres" if "\npostgres:" in known else "nobody"


def _run(command: list[str | Path], account: str | None) -> None:
    done = subprocess.run(
        command, user=account, cwd="/", capture_output=True, text=True, check=False, timeout=START_SECONDS
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr}")


def _start(programs: Path, folder: Path, account: str | None, settings: Sequence[str]) -> subprocess.Popen[bytes]:
    every = [f"unix_socket_directories={folder}", "listen_addresses=", *settings]
    options = [word for setting in every for word in ("-c", setting)]
    with (folder / "log").open("ab") as log:
        command: list[str | Path] = [programs / "postgres", "-D", folder / "data", *options]
        return subprocess.Popen(command, user=account, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def _children(parent: int) -> list[str]:
    return Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()


def _wait_until_ready(server: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((folder / "log").read_text(encoding="utf-8")) from error
        else:
            return
