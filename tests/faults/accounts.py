"""Partners' accounts on a real sshd, made by what `flux sftp setup` and `flux sftp config` print: who gets where, and who does not.

    python -m tests.faults.accounts [--json]

Makes real logins and mounts on this machine, and takes them away again. Needs root and OpenSSH.
"""

import argparse
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import paramiko
from paramiko.sftp import CMD_EXTENDED

from flux.app.sftp_accounts import DROP, FETCH
from flux.demo.samples import ENTITY_SIRET, Sample, write_ubl
from flux.errors import FluxError, TransportError
from flux.transport.settings import TransportKind, TransportSettings
from flux.transport.sftp import SftpTransport
from tests.acceptance.installation import FRN001, wait_until

CHECKOUT = Path(__file__).resolve().parents[2]
TOOLS = ("sshd", "sftp", "useradd", "userdel", "chage", "mountpoint", "setpriv", "ssh-keygen")
SBIN = "/usr/local/sbin:/usr/sbin:/sbin"
SECONDS = 10.0
# Longer than a file must lie still before flux takes it.
PAUSE_SECONDS = 3.0
WELL = "well"

_CONFIG = """
[gateway]
application_code = "FLX001"
workers = 1
[intake]
stable_seconds = 0.3
sweep_seconds = 0.2
[sftp]
chroots = "{root}/chroots"
keys = "{root}/keys"
[partners.acme]
role = "supplier"
application_code = "FRN001"
interfaces = ["FSO1100A"]
{acme}
[partners.beta]
role = "supplier"
application_code = "FRN002"
interfaces = ["FSO1100A"]
{beta}
[partners.entite]
role = "entity"
application_code = "SEI001"
sirets = ["{siret}"]
"""
# Everything that the fragment must take away is open to others here.
_SSHD = """
ListenAddress 127.0.0.1
Port {port}
HostKey {root}/host_key
PidFile none
UsePAM yes
PasswordAuthentication yes
AllowTcpForwarding yes
PermitTunnel yes
X11Forwarding yes
UseDNS no
Subsystem sftp internal-sftp
Include {root}/10-flux.conf
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """An installation whose partners acme and beta have accounts, and the sshd that lets them in."""

    root: Path
    user: str
    logins: Mapping[str, str]
    port: int

    @property
    def gateway(self) -> Path:
        return self.root / "gateway"

    def key(self, name: str) -> Path:
        return self.root / f"{name}.key"

    def configure(self, acme: Mapping[str, date | None], beta: Mapping[str, date | None] | None) -> None:
        """Write config.toml, then what `flux sftp config` makes of it."""
        text = _CONFIG.format(
            root=self.root, siret=ENTITY_SIRET, acme=self._account("acme", acme), beta=self._account("beta", beta)
        )
        (self.gateway / "config.toml").write_text(text, encoding="utf-8")
        printed = self.flux("sftp", "config", "--user", self.user, "--keys", str(self.root / "keys"))
        (self.root / "10-flux.conf").write_text(printed, encoding="utf-8")

    def _account(self, partner: str, keys: Mapping[str, date | None] | None) -> str:
        if keys is None:
            return ""
        listed = ", ".join(
            f'{{file = "{self.key(name)}.pub"{f", expires = {end}" if end else ""}}}' for name, end in keys.items()
        )
        return f'account = {{name = "{self.logins[partner]}", keys = [{listed}]}}'

    def flux(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "flux", *arguments, "--config", str(self.gateway / "config.toml")]
        return subprocess.run(
            command, cwd=self.gateway, env=_environment(), stdout=subprocess.PIPE, text=True, check=True
        ).stdout

    @contextmanager
    def connected(self, partner: str, key: str) -> Iterator[paramiko.Transport]:
        """A connection that the key opened. Raises AuthenticationException."""
        with closing(self.shaken_hands()) as ssh:
            ssh.auth_publickey(self.logins[partner], paramiko.PKey.from_path(self.key(key)))
            yield ssh

    @property
    def rights(self) -> tuple[str, ...]:
        """Those of the gateway's user, for setpriv."""
        entry = pwd.getpwnam(self.user)
        return f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"

    def as_user(self, *command: str) -> "subprocess.CompletedProcess[bytes]":
        """Run a command as the gateway's user, without any capability."""
        return subprocess.run(
            ["setpriv", *self.rights, "--bounding-set=-all", *command],
            cwd=self.gateway,
            env=_environment(),
            capture_output=True,
            check=False,
        )

    def shaken_hands(self) -> paramiko.Transport:
        ssh = paramiko.Transport(socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS))
        ssh.start_client(timeout=SECONDS)
        return ssh

    @contextmanager
    def sftp(self, partner: str, key: str) -> Iterator[paramiko.SFTPClient]:
        with self.connected(partner, key) as ssh:
            client = paramiko.SFTPClient.from_transport(ssh)
            assert client is not None
            client.get_channel().settimeout(SECONDS)  # type: ignore[union-attr]
            yield client

    def opens(self, partner: str, key: str) -> bool:
        """True where the key lets the partner in, to its files."""
        try:
            with self.sftp(partner, key) as client:
                return client.normalize(".") == f"/{DROP}"
        except paramiko.AuthenticationException:
            return False


def main() -> int:
    """Try everything, print a table; 1 where anything is not well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", dest="as_json")
    as_json = parser.parse_args().as_json
    os.environ["PATH"] += f":{SBIN}"
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing or os.geteuid() != 0:
        print(f"not run: needs root and {', '.join(missing or TOOLS)}", file=sys.stderr)
        return 1
    with open_site() as site:
        results = {asked: _judge(trial, site) for asked, trial in TRIALS.items()}
    print(json.dumps(results, indent=1) if as_json else _table(results))
    return 0 if all(found == WELL for found in results.values()) else 1


@contextmanager
def open_site() -> Iterator[Site]:
    """Logins, folders, mounts, sshd and a running gateway, taken away at the end."""
    # Under /tmp, which everybody may write to, sshd takes no chroot.
    with ExitStack() as stack:
        root = Path(tempfile.mkdtemp(prefix="flux-accounts-", dir="/srv"))
        stack.callback(shutil.rmtree, root)
        root.chmod(0o755)
        mark = secrets.token_hex(3)
        logins = {partner: f"{partner}-{mark}" for partner in ("acme", "beta")}
        site = Site(root=root, user=f"fluxgw-{mark}", logins=logins, port=_free_port())
        _make_user(site.user)
        stack.callback(_remove_users, [site.user, *logins.values()])
        for name in ("old", "new", "expired", "last-day", "beta", "host"):
            _make_key(site.key(name))
        shutil.copy(site.key("host"), root / "host_key")
        site.gateway.mkdir()
        today = _today()
        site.configure(
            {"old": None, "new": today + timedelta(days=365), "expired": today - timedelta(days=1), "last-day": today},
            {"beta": None},
        )
        (root / "fstab").touch()
        stack.callback(_unmount, root / "chroots")
        for _ in range(2):  # the second time changes nothing
            setup = site.flux("sftp", "setup", "--user", site.user)
            subprocess.run(["sh"], input=setup, text=True, env=os.environ | {"FSTAB": str(root / "fstab")}, check=True)
        entry = pwd.getpwnam(site.user)
        os.chown(site.gateway, entry.pw_uid, entry.pw_gid)
        for folder in ("inbox", "outbox"):
            os.chown(site.gateway / folder, entry.pw_uid, entry.pw_gid)
        stack.enter_context(_running_sshd(site))
        stack.enter_context(_running_gateway(site))
        yield site


def _try_keys(site: Site) -> Iterator[str]:
    for key in ("old", "new", "last-day"):
        if not site.opens("acme", key):
            yield f"{key} does not open"
    for partner, key in (("acme", "expired"), ("acme", "beta"), ("beta", "old"), ("beta", "new")):
        if site.opens(partner, key):
            yield f"{key} opens the account of {partner}"


def _try_password(site: Site) -> Iterator[str]:
    login, password = site.logins["acme"], secrets.token_urlsafe()
    subprocess.run(["chpasswd"], input=f"{login}:{password}\n", text=True, check=True)
    with closing(site.shaken_hands()) as ssh:
        try:
            ssh.auth_password(login, password)
            yield "a password opens"
        except paramiko.BadAuthenticationType as refused:
            if refused.allowed_types != ["publickey"]:
                yield f"the server also takes {refused.allowed_types}"


def _try_commands(site: Site) -> Iterator[str]:
    def run(channel: paramiko.Channel) -> None:
        channel.exec_command("id; touch /depot/made-by-a-shell")

    def shell(channel: paramiko.Channel) -> None:
        channel.invoke_shell()
        channel.sendall(b"\nid; touch /depot/made-by-a-shell\n")

    with site.connected("acme", "old") as ssh:
        for ask in (run, shell):
            channel = ssh.open_session(timeout=SECONDS)
            channel.settimeout(SECONDS)
            with suppress(paramiko.SSHException, OSError):
                ask(channel)
                channel.shutdown_write()
                if b"uid=" in _read_all(channel):
                    yield f"{ask.__name__} ran a command"
        yield from _must_fail("a terminal", lambda: ssh.open_session().get_pty())
    if (site.gateway / "inbox" / "acme" / "made-by-a-shell").exists():
        yield "a command was run"


def _try_forwarding(site: Site) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as inside, site.connected("acme", "old") as ssh:
        here, there = ("127.0.0.1", 1), inside.getsockname()
        yield from _must_fail("a port to us", lambda: ssh.open_channel("direct-tcpip", there, here, timeout=SECONDS))
        yield from _must_fail("a port of ours", lambda: ssh.request_port_forward("127.0.0.1", 0))
        yield from _must_fail("X11", lambda: ssh.open_session().request_x11())


def _try_walls(site: Site) -> Iterator[str]:
    """What the one partner may try against the other, the keys and the machine."""
    theirs = site.gateway / "inbox" / "beta" / ".theirs"
    theirs.write_text("secret", encoding="utf-8")
    entry = pwd.getpwnam(site.user)
    os.chown(theirs, entry.pw_uid, entry.pw_gid)
    beta = site.logins["beta"]
    others = [str(theirs), f"/../{beta}/{DROP}/.theirs", f"../../{beta}/{DROP}/.theirs", f"{site.root}/keys/{beta}"]
    with site.sftp("acme", "old") as client:
        for place in ("/", "..", "/../..", "../../.."):
            if sorted(client.listdir(place)) != [DROP, FETCH]:
                yield f"{place} lists {client.listdir(place)}"
        with client.open(".mine", "w") as mine:
            mine.write("mine")
        for path in (*others, "/etc/passwd", "/proc/self/environ"):
            folder = str(Path(path).parent)
            yield from _must_fail(f"read {path}", lambda path=path: client.open(path).read())  # type: ignore[misc]
            yield from _must_fail(f"write {path}", lambda path=path: client.open(path, "w").close())  # type: ignore[misc]
            yield from _must_fail(f"look at {path}", lambda path=path: client.stat(path))  # type: ignore[misc]
            yield from _must_fail(f"remove {path}", lambda path=path: client.remove(path))  # type: ignore[misc]
            yield from _must_fail(f"list {folder}", lambda folder=folder: client.listdir(folder))  # type: ignore[misc]
            yield from _must_fail(f"move to {path}", lambda path=path: client.rename(".mine", path))  # type: ignore[misc]
        yield from _try_links(client, others)
        yield from _try_roots(client)
        client.remove(".mine")
    if theirs.read_text(encoding="utf-8") != "secret":
        yield "the file of the other was changed"
    theirs.unlink()


def _try_links(client: paramiko.SFTPClient, others: list[str]) -> Iterator[str]:
    def hard_link(path: str) -> None:
        client._request(CMD_EXTENDED, "hardlink@openssh.com", path, ".linked")  # type: ignore[attr-defined]

    for path in (*others, ".mine", "/etc/passwd"):
        yield from _must_fail(f"link {path}", lambda path=path: client.symlink(path, ".linked"))  # type: ignore[misc]
        yield from _must_fail(f"hard link {path}", lambda path=path: hard_link(path))  # type: ignore[misc]


def _try_roots(client: paramiko.SFTPClient) -> Iterator[str]:
    """What is root's in the chroot stays as it is."""
    attempts: dict[str, Callable[[], object]] = {
        "write into the root": lambda: client.open("/x", "w").close(),
        "make a folder": lambda: client.mkdir("x"),
        "make a folder in the root": lambda: client.mkdir("/x"),
        "remove the depot": lambda: client.rmdir(f"/{DROP}"),
        "rename the depot": lambda: client.rename(f"/{DROP}", "/x"),
        "open the root to all": lambda: client.chmod("/", 0o777),
    }
    for what, attempt in attempts.items():
        yield from _must_fail(what, attempt)


def _try_flows(site: Site) -> Iterator[str]:
    """A flow that pauses on its way, then one that its sender's program lets nobody else read."""
    flow = write_ubl(Sample())
    name = FRN001.format(1)
    inbox = site.gateway / "inbox" / "acme"
    with site.sftp("acme", "new") as client:
        with client.open(name, "wb") as file:
            file.write(flow[: len(flow) // 2])
            file.flush()
            wait_until((inbox / name).exists, "the first half is there")
            time.sleep(PAUSE_SECONDS)
            if not (inbox / name).exists():
                yield "a flow was taken while its sender was still writing"
            file.write(flow[len(flow) // 2 :])
        yield from _answered(site, client, 1)
    private = site.root / FRN001.format(2)
    private.write_bytes(write_ubl(Sample(number="F2026-0002")))
    private.chmod(0o600)
    _put_with_openssh(site, private, f".{private.name}")
    with site.sftp("acme", "new") as client:
        if client.stat(f".{private.name}").st_mode != stat.S_IFREG | 0o600:
            yield "the client gave the file other rights than those of the trial"
        if site.as_user("cat", str(inbox / f".{private.name}")).stdout != private.read_bytes():
            yield "the gateway's user cannot read what was dropped"
        client.rename(f".{private.name}", private.name)
        yield from _answered(site, client, 2)
        for answer in [name for name in client.listdir(f"/{FETCH}") if name.startswith("CSO1100A")]:
            client.remove(f"/{FETCH}/{answer}")
    with site.sftp("beta", "beta") as client:
        if client.listdir(f"/{FETCH}"):
            yield "the answers of acme lie in the folder of beta"
    forwarded = [path.name for path in (site.gateway / "outbox" / "entite").glob("FSO1100A*")]
    if len(forwarded) != 2:
        yield f"forwarded: {forwarded}"


def _answered(site: Site, client: paramiko.SFTPClient, flows: int) -> Iterator[str]:
    def answers() -> list[str]:
        return [name for name in client.listdir(f"/{FETCH}") if name.startswith("CSO1100A")]

    try:
        wait_until(lambda: len(answers()) == flows, f"{flows} answers", limit=30)
    except AssertionError as error:
        yield f"{error}; the log ends: {(site.root / 'flux.log').read_text(encoding='utf-8')[-1000:]!r}"


def _put_with_openssh(site: Site, file: Path, name: str) -> None:
    """OpenSSH's own client: it gives the remote file the rights of the local one."""
    command = [
        "sftp",
        "-b",
        "-",
        "-P",
        str(site.port),
        "-o",
        f"IdentityFile={site.key('new')}",
        "-o",
        "IdentitiesOnly=yes",
    ]
    command += ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"]
    command += [f"{site.logins['acme']}@127.0.0.1"]
    subprocess.run(command, input=f"put {file} {name}\n", text=True, check=True, capture_output=True, timeout=60)


def _try_rotation(site: Site) -> Iterator[str]:
    """The old key goes; then the partner does. sshd is not told: it reads the keys at each sign-in."""
    site.configure({"new": None}, {"beta": None})
    if site.opens("acme", "old"):
        yield "the old key still opens"
    if not site.opens("acme", "new"):
        yield "the new key does not open"
    site.configure({"new": None}, None)
    if site.opens("beta", "beta"):
        yield "an account that is gone still opens"


def _try_ageing(site: Site) -> Iterator[str]:
    """Passwords of this machine age; that of an account does not. One that is made to, shuts out keys, and flux says so."""
    login = site.logins["acme"]
    seen = subprocess.run(["chage", "--list", login], env=_environment(), capture_output=True, text=True, check=True)
    if not re.search(r"^Password expires\s*: never$", seen.stdout, re.MULTILINE):
        yield f"its password ages: {seen.stdout}"
    host_key = (site.root / "host.key.pub").read_text(encoding="utf-8")
    end = TransportSettings(
        kind=TransportKind.SFTP,
        host="127.0.0.1",
        port=site.port,
        user=login,
        key_file=site.key("old"),
        host_keys=(f"[127.0.0.1]:{site.port} {host_key}",),
    )
    subprocess.run(["chage", "--lastday", "0", login], check=True)
    try:
        _list_once(end)
        yield "sshd lets it in"
    except TransportError as refused:
        if "where the account's password has expired" not in str(refused):
            yield str(refused)
    finally:
        subprocess.run(["chage", "--lastday", "-1", login], check=True)
    _list_once(end)


def _list_once(end: TransportSettings) -> None:
    with closing(SftpTransport(end)) as transport:
        next(transport.list(""), None)


def _try_folders(site: Site) -> Iterator[str]:
    """Owners and rights, after the partners' best efforts."""
    uid = pwd.getpwnam(site.user).pw_uid
    for login in site.logins.values():
        chroot = site.root / "chroots" / login
        for folder, owner, mode in ((chroot, 0, 0o755), (chroot / DROP, uid, 0o700), (chroot / FETCH, uid, 0o700)):
            seen = folder.stat()
            if (seen.st_uid, stat.S_IMODE(seen.st_mode)) != (owner, mode):
                yield f"{folder}: {seen.st_uid} {seen.st_mode:o}"


TRIALS: Mapping[str, Callable[[Site], Iterator[str]]] = {
    "both keys of a rotation open, one on its last day does, one that is past and another's do not": _try_keys,
    "no password, not even the right one": _try_password,
    "no shell, no command, no terminal": _try_commands,
    "no forwarding of a port, to us or of ours, none of X11": _try_forwarding,
    "nothing of the other partner, of the keys or of the machine is listed, read, written, moved, linked": _try_walls,
    "a flow that pauses on its way is taken whole, one that others cannot read is read, the answers are fetched": _try_flows,
    "the password of an account never ages; where it is made to, the keys are shut out, and flux says why": _try_ageing,
    "folders keep their owners and rights": _try_folders,
    "a key that is taken away, a partner that is taken away, open no more": _try_rotation,
}


def _judge(trial: Callable[[Site], Iterator[str]], site: Site) -> str:
    try:
        return "; ".join(trial(site)) or WELL
    except (OSError, AssertionError, FluxError, paramiko.SSHException, subprocess.SubprocessError) as error:
        return f"came to no end: {error}"


def _must_fail(what: str, attempt: Callable[[], object]) -> Iterator[str]:
    try:
        attempt()
    except (OSError, paramiko.SSHException):
        return
    yield f"could {what}"


def _read_all(channel: paramiko.Channel) -> bytes:
    read = b""
    while piece := channel.recv(65536):
        read += piece
    return read


@contextmanager
def _running_sshd(site: Site) -> Iterator[None]:
    program = shutil.which("sshd")
    assert program is not None
    Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    config = site.root / "sshd_config"
    config.write_text(_SSHD.format(port=site.port, root=site.root), encoding="utf-8")
    with (site.root / "sshd.log").open("wb") as log:
        process = subprocess.Popen([program, "-D", "-e", "-f", str(config)], stdin=subprocess.DEVNULL, stderr=log)
    try:
        wait_until(lambda: _listens(site.port), "sshd listens", limit=SECONDS)
        yield
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


@contextmanager
def _running_gateway(site: Site) -> Iterator[None]:
    command = [sys.executable, "-m", "flux", "run", "--config", str(site.gateway / "config.toml")]
    if site.as_user("sh", "-c", '"$0" -c ""', sys.executable).returncode:
        # An interpreter in a folder of root's: what the gateway reads of its partners is then proved by `cat`.
        command = ["setpriv", *site.rights, "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search", *command]
    else:
        command = ["setpriv", *site.rights, "--bounding-set=-all", *command]
    with (site.root / "flux.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=site.gateway, env=_environment(), stderr=log)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(CHECKOUT), "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}


def _make_key(path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)


def _make_user(name: str) -> None:
    subprocess.run(["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name], check=True)


def _remove_users(names: list[str]) -> None:
    for name in names:
        # Sessions of a login may still be ending; --force does not wait for them.
        subprocess.run(["userdel", "--force", name], check=False, capture_output=True)


def _unmount(chroots: Path) -> None:
    # A session may still be ending in it.
    for folder in sorted(chroots.glob("*/*")):
        subprocess.run(["umount", "--lazy", folder], check=False, capture_output=True)


def _today() -> date:
    """By the clock of sshd's machine, as sshd reads the end of a key."""
    return date.fromtimestamp(time.time())  # noqa: DTZ012 - the local day is what is meant


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _table(results: Mapping[str, str]) -> str:
    return "\n".join(
        ["| asked | found |", "|---|---|", *(f"| {asked} | {found} |" for asked, found in results.items())]
    )


if __name__ == "__main__":
    sys.exit(main())
