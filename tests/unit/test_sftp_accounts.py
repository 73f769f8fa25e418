"""The accounts of partners on our own SFTP server: what the configuration may say, and what is made of it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from flux.app.sftp_accounts import list_accounts, write_keys, write_setup, write_sshd_config
from flux.config import Settings, advise, read
from flux.errors import ConfigError


def make_key() -> str:
    return Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


OLD, NEW, OTHER = make_key(), make_key(), make_key()
ACME: Mapping[str, object] = {"name": "acme", "keys": [{"text": OLD}, {"text": NEW, "expires": date(2026, 12, 31)}]}
BETA: Mapping[str, object] = {"name": "beta", "keys": [{"text": OTHER}]}


def settings_of(root: Path, **accounts: Mapping[str, object]) -> Settings:
    partners = {
        name: {"role": "supplier", "application_code": "FRN001", "interfaces": ["FSO1100A"], "account": account}
        for name, account in accounts.items()
    }
    return read({"gateway": {"application_code": "FLX001"}, "partners": partners}, root=root, environ={})


def fault_of(root: Path, **accounts: Mapping[str, object]) -> str:
    with pytest.raises(ConfigError) as refused:
        settings_of(root, **accounts)
    return str(refused.value)


@pytest.mark.parametrize(
    ("account", "sentence"),
    [
        ({"name": "acme", "keys": []}, "account.keys: an account without a key lets nobody in"),
        ({"name": "acme"}, "account.keys: the key 'keys' is missing"),
        ({"keys": [{"text": OLD}]}, "account.name: the key 'name' is missing"),
        ({"name": "acme", "keys": OLD}, "account.keys: a list of tables expected"),
        ({"name": "acme", "keys": [OLD]}, "account.keys.0: a table expected"),
        ({"name": "acme", "keys": [{}]}, "account.keys.0: either text ="),
        ({"name": "acme", "keys": [{"text": OLD, "file": "a.pub"}]}, "account.keys.0: either text ="),
        ({"name": "acme", "keys": [{"text": OLD, "until": date(2027, 1, 1)}]}, "account.keys.0: unknown key 'until'"),
        ({"name": "acme", "keys": [{"text": OLD, "expires": "2027-01-01"}]}, "expires: the last day, as 2027-01-31"),
        ({"name": "acme", "keys": [{"text": OLD[:-9]}]}, "account.keys.0: the key after ssh-ed25519 is not whole"),
        ({"name": "acme", "keys": [{"text": OLD}, {"text": OLD}]}, "stands here twice"),
        ({"name": "root", "keys": [{"text": OLD}]}, "account.name: root is nobody's account"),
        ({"name": "acme,*", "keys": [{"text": OLD}]}, "account.name: a login of a-z, 0-9, _ and -"),
        ({"name": "Acme", "keys": [{"text": OLD}]}, "account.name: a login"),
        ({"name": "-acme", "keys": [{"text": OLD}]}, "account.name: a login"),
    ],
)
def test_a_wrong_account_is_told_in_a_sentence(tmp_path: Path, account: Mapping[str, object], sentence: str) -> None:
    assert sentence in fault_of(tmp_path, acme=account)


def test_two_partners_cannot_have_one_account(tmp_path: Path) -> None:
    fault = fault_of(tmp_path, acme=ACME, beta={**BETA, "name": "acme"})
    assert fault == "partners.beta.account.name: 'acme' is the account of partners.acme"


def test_two_partners_cannot_have_one_key(tmp_path: Path) -> None:
    fault = fault_of(tmp_path, acme=ACME, beta={"name": "beta", "keys": [{"text": f"{NEW} the same"}]})
    assert "opens the account of partners.acme too: a key tells who comes" in fault


def test_a_key_may_lie_in_a_file_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "acme.pub").write_text(f"{OLD} acme\n", encoding="utf-8")
    account = settings_of(tmp_path, acme={"name": "acme", "keys": [{"file": "acme.pub"}]}).accounts["acme"]
    assert [each.key.line for each in account.keys] == [OLD]


@pytest.mark.parametrize(
    ("sftp", "sentence"),
    [
        ({"chroots": "sftp", "keys": "sftp/keys"}, "sftp.keys: not inside"),
        ({"chroots": "inbox/sftp"}, "sftp.chroots: apart from the inbox"),
        ({"chroots": "/"}, "sftp.chroots: apart from the inbox"),
    ],
)
def test_folders_of_root_lie_apart_from_those_of_the_gateway(
    tmp_path: Path, sftp: Mapping[str, object], sentence: str
) -> None:
    partner = {"role": "supplier", "application_code": "FRN001", "interfaces": ["FSO1100A"], "account": ACME}
    tables = {"gateway": {"application_code": "FLX001"}, "partners": {"acme": partner}, "sftp": sftp}
    with pytest.raises(ConfigError, match=sentence):
        read(tables, root=tmp_path, environ={})


def test_a_key_is_let_in_to_the_end_of_its_last_day_and_with_no_right_but_to_sign_in(tmp_path: Path) -> None:
    (file,) = write_keys(settings_of(tmp_path, acme=ACME), tmp_path / "keys")
    lines = file.read_text(encoding="utf-8").splitlines()[1:]
    assert lines == [f"restrict {OLD} acme", f'restrict,expiry-time="202701010000" {NEW} acme']
    assert file.stat().st_mode & 0o777 == 0o644


def test_the_keys_of_an_account_that_is_gone_go_and_what_others_wrote_stays(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    write_keys(settings_of(tmp_path, acme=ACME, beta=BETA), keys)
    (keys / "README").write_text("mine", encoding="utf-8")
    write_keys(settings_of(tmp_path, beta=BETA), keys)
    assert {path.name for path in keys.iterdir()} == {"beta", "README"}


def test_a_partner_whose_answers_go_elsewhere_has_no_folder_to_take_them_from(tmp_path: Path) -> None:
    delivery = {"kind": "sftp", "host": "h", "user": "u", "key_file": "k", "host_keys": ["h k v"]}
    partner = {"role": "supplier", "application_code": "FRN001", "interfaces": ["FSO1100A"], "account": ACME}
    tables = {"gateway": {"application_code": "FLX001"}, "partners": {"acme": {**partner, "delivery": delivery}}}
    (account,) = list_accounts(read(tables, root=tmp_path, environ={}))
    assert account.mounts == ((Path("/srv/sftp/acme/depot"), tmp_path / "inbox" / "acme"),)


def test_without_accounts_nothing_is_printed(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no partner has an account"):
        write_sshd_config(settings_of(tmp_path), "flux")


def test_the_gateway_s_own_user_is_no_account(tmp_path: Path) -> None:
    for write in (write_sshd_config, write_setup):
        with pytest.raises(ConfigError, match=r"partners\.acme\.account\.name: 'acme' is the gateway's own user"):
            write(settings_of(tmp_path, acme=ACME), "acme")


def test_a_path_means_the_same_to_a_shell_and_to_fstab(tmp_path: Path) -> None:
    root = tmp_path / "l'été 2026"
    setup = write_setup(settings_of(root, acme=ACME), "flux")
    source, line = str(root / "inbox" / "acme"), str(root / "inbox" / "acme").replace(" ", "\\040")
    assert "'\"'\"'".join(source.split("'")) in setup
    assert "'\"'\"'".join(line.split("'")) + " /srv/sftp/acme/depot none bind,nosuid,nodev,noexec 0 0" in setup


@pytest.mark.parametrize(("today", "warnings"), [(date(2026, 12, 31), 0), (date(2027, 1, 1), 1)])
def test_a_key_that_is_past_is_warned_of(tmp_path: Path, today: date, warnings: int) -> None:
    advice = [line for line in advise(settings_of(tmp_path, acme=ACME), today) if "acme.account" in line]
    assert len(advice) == warnings
    assert all("opened until 2026-12-31: take it out" in line for line in advice)
