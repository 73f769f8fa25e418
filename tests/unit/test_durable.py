"""Whose the files are that a command of root's makes, in folders that are another user's."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from flux.backup.archive import STORE, copy_archive
from flux.durable import give_to_owner, make_folders
from flux.intake.claim import make_claims_folder
from flux.ledger.database import open_database
from flux.ledger.lock import hold_file
from flux.ledger.migrate import upgrade
from flux.ledger.vault import FolderVault
from flux.register.account_key import read_account_key
from flux.register.database import prepare_database
from flux.register.sirene_write import replacing

GATEWAY = 1234


class Owners:
    """Owners of files as root sees them, in memory: what is made is root's."""

    def __init__(self) -> None:
        self._given: dict[Path, int] = {}

    def give(self, path: Path, uid: int) -> None:
        """The file is that user's from now on, under whatever name."""
        self._given[self._inode(path)] = uid

    def of(self, path: Path) -> int:
        """The owner of a file."""
        return self._given.get(self._inode(path), 0)

    def _inode(self, path: Path) -> Path:
        return Path(str(os.lstat(path).st_ino))

    def stat(self, path: Path, *, follow_symlinks: bool) -> os.stat_result:
        """What the system says of a file, with its owner here."""
        found = os.stat(path, follow_symlinks=follow_symlinks)  # noqa: PTH116 - stands for the method of Path
        return os.stat_result((*found[:4], self.of(path), GATEWAY, *found[6:10]))


@pytest.fixture
def owners(monkeypatch: pytest.MonkeyPatch) -> Owners:
    owners = Owners()

    def chown(path: Path, uid: int, gid: int, *, follow_symlinks: bool) -> None:
        assert (gid, follow_symlinks) == (GATEWAY, False)
        owners.give(path, uid)

    def stat(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        return owners.stat(path, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "chown", chown)
    monkeypatch.setattr(Path, "stat", stat)
    return owners


@pytest.fixture
def var(tmp_path: Path, owners: Owners) -> Path:
    folder = tmp_path / "var"
    folder.mkdir()
    owners.give(folder, GATEWAY)
    return folder


def make_sirene(var: Path) -> None:
    with replacing(var / "data" / "sirene.bin") as file:
        file.write(b"x")


def make_ledger(var: Path) -> None:
    with closing(open_database(f"sqlite:///{var}/ledger.db")) as database:
        upgrade(database)
        assert (var / "ledger.db-wal").exists()


def put_back_archive(var: Path) -> None:
    blob = FolderVault(var.parent / STORE).put([b"<a/>"])
    copy_archive([blob.sha256], var.parent / STORE, var / "vault", lambda _: None)


def take_lock(var: Path) -> None:
    with hold_file(var / "ledger.db"):
        pass


MAKERS: dict[str, Callable[[Path], None]] = {
    "folders": lambda var: make_folders(var / "a" / "b"),
    "register": lambda var: prepare_database(f"sqlite:///{var}/data/register.db").close(),
    "account key": lambda var: (read_account_key(var / "data" / "account.key"), None)[1],
    "sirene": make_sirene,
    "ledger": make_ledger,
    "archive": put_back_archive,
    "archived bytes": lambda var: (FolderVault(var / "vault").put([b"<a/>"]), None)[1],
    "claims": lambda var: make_claims_folder(var, "g1"),
    "lock": take_lock,
}


def made_in(var: Path) -> Iterator[Path]:
    return var.rglob("*")


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_what_root_makes_in_the_folder_of_another_user_is_that_users(
    var: Path, owners: Owners, make: Callable[[Path], None]
) -> None:
    make(var)
    made = {path.name: owners.of(path) for path in made_in(var)}
    assert made
    assert set(made.values()) == {GATEWAY}, made


def test_what_root_makes_in_a_folder_of_its_own_stays_its_own(tmp_path: Path, owners: Owners) -> None:
    make_folders(tmp_path / "a")
    assert owners.of(tmp_path / "a") == 0


def test_nobody_but_root_gives_anything_away(var: Path, owners: Owners, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4321)
    make_folders(var / "a")
    assert owners.of(var / "a") == 0


@pytest.mark.parametrize("trick", ["link", "second name"])
def test_what_may_lead_elsewhere_is_given_to_nobody(var: Path, tmp_path: Path, owners: Owners, trick: str) -> None:
    secret = tmp_path / "secret"
    secret.touch()
    entry = var / "entry"
    entry.symlink_to(secret) if trick == "link" else entry.hardlink_to(secret)
    give_to_owner(entry)
    assert (owners.of(entry), owners.of(secret)) == (0, 0)


def test_a_third_users_file_stays_his(var: Path, owners: Owners) -> None:
    (var / "a").touch()
    owners.give(var / "a", 99)
    give_to_owner(var / "a")
    assert owners.of(var / "a") == 99
