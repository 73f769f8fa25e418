"""The accounts of partners who drop their files on our own SFTP server: [sftp] and [partners.NAME.account]."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flux.transport.public_key import PublicKey, parse_public_key, read_public_key

# What useradd takes everywhere; nothing in it has a meaning for sshd, a shell or fstab.
_LOGIN = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
_KEY_KEYS = ("text", "file", "expires")


@dataclass(frozen=True, slots=True, kw_only=True)
class SftpSettings:
    """The [sftp] table.

    `chroots` holds one folder for each account, beyond which it sees nothing; `keys` one file for each, out of its reach.
    Both are root's alone. A key that expires is told of `notice_days` ahead.
    """

    chroots: Path = Path("/srv/sftp")
    keys: Path = Path("/etc/ssh/flux.keys")
    notice_days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountKey:
    """A key that opens an account, up to and with the day `expires`."""

    key: PublicKey
    expires: date | None = None

    def opens_on(self, day: date) -> bool:
        """True where the key is not past on that day."""
        return self.expires is None or day <= self.expires


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A [partners.NAME.account] table: the login of a partner, and the keys that open it: two while they are changed."""

    name: str
    keys: tuple[AccountKey, ...]


def read_account_key(table: Mapping[str, object], root: Path) -> AccountKey:
    """A key from its table: `text` or `file`, from `root`, and perhaps `expires`. Raises ValueError."""
    unknown = [key for key in table if key not in _KEY_KEYS]
    if unknown:
        raise ValueError(f"unknown key {unknown[0]!r}; known: {', '.join(_KEY_KEYS)}")
    expires = table.get("expires")
    if expires is not None and type(expires) is not date:  # a datetime is a date, too
        raise ValueError(f"expires: the last day, as 2027-01-31 without quotes, expected, found {expires!r}")
    match table.get("text"), table.get("file"):
        case str(text), None:
            return AccountKey(key=parse_public_key(text), expires=expires)
        case None, str(file):
            return AccountKey(key=read_public_key(root / file), expires=expires)
    raise ValueError('either text = "ssh-ed25519 AAAA..." or file = "keys/acme.pub" expected')


def find_account_faults(accounts: Mapping[str, Account]) -> Iterator[str]:
    """What is wrong with the accounts of partners, by their names, one line each."""
    owners: dict[str, str] = {}
    holders: dict[str, str] = {}
    for partner, account in accounts.items():
        place = f"partners.{partner}.account"
        yield from (f"{place}.{fault}" for fault in _own_faults(account))
        if account.name in owners:
            yield f"{place}.name: {account.name!r} is the account of partners.{owners[account.name]}"
        owners.setdefault(account.name, partner)
        for each in account.keys:
            fingerprint = each.key.fingerprint
            if fingerprint in holders:
                yield f"{place}.keys: {fingerprint} {_other_place(holders[fingerprint], partner)}"
            holders.setdefault(fingerprint, partner)


def _own_faults(account: Account) -> Iterator[str]:
    if not _LOGIN.fullmatch(account.name):
        yield f"name: a login of a-z, 0-9, _ and -, 32 at most, expected, found {account.name!r}"
    if account.name == "root":
        yield "name: root is nobody's account"
    if not account.keys:
        yield "keys: an account without a key lets nobody in"


def _other_place(holder: str, partner: str) -> str:
    if holder == partner:
        return "stands here twice"
    return f"opens the account of partners.{holder} too: a key tells who comes, each partner needs its own"
