"""The accounts of partners on our own SFTP server: what sshd is to be told, what root is to make, which keys open them."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from string import Template

from flux.config import Settings
from flux.errors import ConfigError
from flux.transport.accounts import Account, AccountKey, SftpSettings
from flux.transport.settings import TransportKind

# In a chroot: where a partner drops its flows, and where it finds its answers.
DROP, FETCH = "depot", "retrait"
_MOUNT = "none bind,nosuid,nodev,noexec 0 0"
_HEAD = "# Written by `flux sftp config --keys`: change config.toml, not this file.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class SftpAccount:
    """An account as sshd meets it. `mounts` are its folders in the chroot, each with the gateway's folder that it is."""

    partner: str
    account: Account
    chroot: Path
    keys_file: Path
    mounts: tuple[tuple[Path, Path], ...]


def list_accounts(settings: Settings) -> tuple[SftpAccount, ...]:
    """Every account of the configuration. Raises ConfigError where there is none, or a path that sshd cannot hold."""
    if not settings.accounts:
        raise ConfigError("no partner has an account: [partners.NAME.account] gives one its name and its keys")
    for path in (settings.sftp.chroots, settings.sftp.keys):
        _require_printable(path)
    return tuple(_describe(settings, partner, account) for partner, account in settings.accounts.items())


def write_sshd_config(settings: Settings, user: str) -> str:
    """The part of sshd_config that gives each account its rights. Raises ConfigError as `list_accounts` does."""
    accounts = list_accounts(settings)
    _require_own_names(accounts, user)
    sftp = settings.sftp
    return _template("sshd_accounts.conf").substitute(
        user=user,
        keys=sftp.keys,
        layout=_layout(sftp, user),
        chroots_token=_for_sshd(sftp.chroots),
        keys_token=_for_sshd(sftp.keys),
        names=",".join(each.account.name for each in accounts),
        partners="\n".join(f"# {each.account.name}: partner {each.partner}" for each in accounts),
    )


def write_setup(settings: Settings, user: str) -> str:
    """The script by which root makes what the configuration of sshd needs. Raises ConfigError as `list_accounts` does."""
    accounts = list_accounts(settings)
    _require_own_names(accounts, user)
    return _template("sftp_setup.sh").substitute(
        user=shlex.quote(user),
        chroots=shlex.quote(str(settings.sftp.chroots)),
        keys=shlex.quote(str(settings.sftp.keys)),
        accounts="\n".join(line for each in accounts for line in _setup_lines(each)),
    )


def write_keys(settings: Settings, folder: Path) -> tuple[Path, ...]:
    """One file of keys for each account in a folder; those of accounts that are gone go too. Returns what was written."""
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    wanted = {folder / each.account.name: _keys_text(each.account) for each in list_accounts(settings)}
    for path, text in wanted.items():
        _replace(path, text)
    for left in set(folder.iterdir()) - set(wanted):
        if left.is_file() and left.read_text(encoding="utf-8", errors="replace").startswith(_HEAD):
            left.unlink()
    return tuple(wanted)


def _layout(sftp: SftpSettings, user: str) -> str:
    """The folders and files of an account, their owners and rights, as comments."""
    account = sftp.chroots / "NAME"
    rows = (
        (f"{sftp.chroots}", "root", "0755", "like every folder above it: no other may change it"),
        (f"{account}", "root", "0755", "all that the account sees"),
        (
            f"{account}/{DROP}",
            user,
            "0700",
            "the partner's folder of the inbox, mounted here: it drops its flows in it",
        ),
        (f"{account}/{FETCH}", user, "0700", "its folder of the outbox, mounted here: its answers, for it to take"),
        (f"{sftp.keys}/NAME", "root", "0644", "the keys that open it, where no account can reach them"),
    )
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    padded = ("  ".join((*map(str.ljust, row, widths), row[3])) for row in rows)
    return "\n".join(f"#     {line}" for line in padded)


def _describe(settings: Settings, partner: str, account: Account) -> SftpAccount:
    chroot = settings.sftp.chroots / account.name
    mounts = [(chroot / DROP, settings.gateway.inbox / partner)]
    end = settings.delivery_end(partner)
    if end.kind is TransportKind.FOLDER:
        mounts.append((chroot / FETCH, Path(end.path)))
    for _, source in mounts:
        _require_printable(source)
    return SftpAccount(
        partner=partner,
        account=account,
        chroot=chroot,
        keys_file=settings.sftp.keys / account.name,
        mounts=tuple(mounts),
    )


def _require_own_names(accounts: tuple[SftpAccount, ...], user: str) -> None:
    for each in accounts:
        if each.account.name == user:
            raise ConfigError(f"partners.{each.partner}.account.name: {user!r} is the gateway's own user")


def _setup_lines(account: SftpAccount) -> Iterator[str]:
    yield f"\naccount {account.account.name}"
    yield f"root_folder {shlex.quote(str(account.chroot))}"
    for target, source in account.mounts:
        line = f"{_for_fstab(source)} {_for_fstab(target)} {_MOUNT}"
        yield f"mounted {shlex.quote(str(source))} {shlex.quote(str(target))} {shlex.quote(line)}"


def _keys_text(account: Account) -> str:
    return _HEAD + "".join(f"{_options(each)} {each.key.line} {account.name}\n" for each in account.keys)


def _options(key: AccountKey) -> str:
    """`restrict` is sshd's own "nothing but sign in"; a key ends when its last day does, by the clock of sshd's machine."""
    if key.expires is None:
        return "restrict"
    return f'restrict,expiry-time="{key.expires + timedelta(days=1):%Y%m%d}0000"'


def _replace(path: Path, text: str) -> None:
    """Write a file whole: sshd may read it at any moment, and takes it only where nobody else may write."""
    temporary = path.with_name(f".{path.name}.part")
    temporary.write_text(text, encoding="utf-8")
    temporary.chmod(0o644)
    temporary.replace(path)


def _for_sshd(path: Path) -> str:
    """A path as sshd reads it: a percent sign begins a name of its own."""
    escaped = str(path).replace("%", "%%")
    return f'"{escaped}"' if " " in escaped else escaped


def _for_fstab(path: Path) -> str:
    return str(path).replace("\\", "\\134").replace(" ", "\\040").replace("#", "\\043")


def _require_printable(path: Path) -> None:
    if not str(path).isprintable() or '"' in str(path):
        raise ConfigError(f"{str(path)!r}: sshd cannot hold this path")


def _template(name: str) -> Template:
    return Template(files("flux.app").joinpath(name).read_text(encoding="utf-8"))
