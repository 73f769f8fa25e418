"""What `flux sftp config` prints, read by the real sshd. What needs root and real logins: `make sftp-accounts`."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import paramiko
import pytest

from flux.app.sftp_accounts import write_keys, write_sshd_config
from flux.config import Settings, read
from flux.demo.sshd import LoopbackSshd

SSHD = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/local/sbin:/usr/sbin:/sbin")
TODAY = datetime.now(UTC).astimezone().date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    key: paramiko.ECDSAKey

    @property
    def public(self) -> str:
        return f"{self.key.get_name()} {self.key.get_base64()}"


@pytest.fixture(scope="module")
def pairs() -> Mapping[str, Pair]:
    return {name: Pair(key=paramiko.ECDSAKey.generate()) for name in ("old", "new", "expired", "other", "host")}


@pytest.fixture(scope="module")
def settings(pairs: Mapping[str, Pair], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    def partner(name: str, *keys: Mapping[str, object]) -> Mapping[str, object]:
        account = {"name": name, "keys": list(keys)}
        return {"role": "supplier", "application_code": "FRN001", "interfaces": ["FSO1100A"], "account": account}

    acme = partner(
        "acme",
        {"text": pairs["old"].public},
        {"text": pairs["new"].public, "expires": TODAY + timedelta(days=1)},
        {"text": pairs["expired"].public, "expires": TODAY - timedelta(days=1)},
    )
    tables = {
        "gateway": {"application_code": "FLX001"},
        "sftp": {"chroots": "/srv/100% sftp", "keys": "/etc/ssh/flux keys"},
        "partners": {"acme": acme, "beta": partner("beta", {"text": pairs["other"].public})},
    }
    return read(tables, root=tmp_path_factory.mktemp("root"), environ={})


@pytest.fixture(scope="module")
def sshd(settings: Settings) -> Iterator[LoopbackSshd]:
    """A server whose keys are those written for acme; an ordinary user can only let itself in."""
    with LoopbackSshd() as server:
        written = write_keys(settings, server.root / "keys")
        (server.root / "authorized_keys").write_text(written[0].read_text(encoding="utf-8"), encoding="utf-8")
        yield server


def rights_of(user: str, settings: Settings, pairs: Mapping[str, Pair], folder: Path) -> dict[str, str]:
    """The rights of a login as sshd itself understands them, once it finds no fault."""
    pairs["host"].key.write_private_key_file(str(folder / "host"))
    config = folder / "sshd_config"
    open_to_all = "AllowTcpForwarding yes\nX11Forwarding yes\nPasswordAuthentication yes\nPermitTunnel yes\n"
    fragment = write_sshd_config(settings, "flux")
    config.write_text(f"HostKey {folder}/host\n{open_to_all}{fragment}ClientAliveInterval 77\n", encoding="utf-8")
    assert SSHD is not None
    command = [SSHD, "-T", "-f", str(config), "-C", f"user={user},host=partner.example,addr=192.0.2.1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return dict(line.split(" ", 1) for line in done.stdout.splitlines())


WANTED = {
    "chrootdirectory": "/srv/100%% sftp/%u",
    "authorizedkeysfile": "/etc/ssh/flux keys/%u",
    "forcecommand": "internal-sftp -d /depot -u 0077 -P symlink,hardlink,mkdir,rmdir",
    "authenticationmethods": "publickey",
    "passwordauthentication": "no",
    "kbdinteractiveauthentication": "no",
    "disableforwarding": "yes",
    "allowtcpforwarding": "no",
    "allowstreamlocalforwarding": "no",
    "allowagentforwarding": "no",
    "x11forwarding": "no",
    "permittunnel": "no",
    "permittty": "no",
    "permituserrc": "no",
}


@pytest.mark.parametrize("user", ["acme", "beta"])
def test_sshd_understands_the_rights_of_an_account_as_they_are_meant(
    user: str, settings: Settings, pairs: Mapping[str, Pair], tmp_path: Path
) -> None:
    rights = rights_of(user, settings, pairs, tmp_path)
    assert {key: rights[key] for key in WANTED} == WANTED


def test_others_keep_the_rights_that_they_had(settings: Settings, pairs: Mapping[str, Pair], tmp_path: Path) -> None:
    rights = rights_of("somebody", settings, pairs, tmp_path)
    assert (rights["chrootdirectory"], rights["forcecommand"], rights["allowtcpforwarding"]) == ("none", "none", "yes")
    assert rights["clientaliveinterval"] == "77"  # what stands after the accounts is everybody's again


def opens(sshd: LoopbackSshd, pair: Pair) -> bool:
    ssh = paramiko.Transport((sshd.host, sshd.port))
    try:
        ssh.start_client(timeout=10)
        ssh.auth_publickey(sshd.user, pair.key)
    except paramiko.AuthenticationException:
        return False
    finally:
        ssh.close()
    return True


@pytest.mark.parametrize(("name", "lets_in"), [("old", True), ("new", True), ("expired", False), ("other", False)])
def test_both_keys_of_a_rotation_open_and_one_that_is_past_does_not(
    sshd: LoopbackSshd, pairs: Mapping[str, Pair], name: str, *, lets_in: bool
) -> None:
    assert opens(sshd, pairs[name]) is lets_in
