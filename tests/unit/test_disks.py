"""Whether flux can write where it must, and what an operator reads where it cannot."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flux.app.diagnosis import Diagnosis, diagnose
from flux.app.disks import FREE_BYTES_NEEDED, FileSystem, file_system_of, nearest, try_write
from flux.app.installation import make_installation
from flux.config import Settings, load

SYSTEM = FileSystem(number=1, mount="/srv", kind="ext4", device="/dev/sdb1", free_bytes=3 * 2**20, free_files=7)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    make_installation(tmp_path)
    return load(tmp_path / "config.toml")


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, number: int, below: Path) -> Iterator[None]:
    """What is written below a folder does not reach the disk."""
    sync = os.fsync

    def fail(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").readlink().is_relative_to(below):
            raise OSError(number, os.strerror(number))
        sync(descriptor)

    with monkeypatch.context() as broken:
        broken.setattr("os.fsync", fail)
        yield


def amiss(settings: Settings) -> dict[str, Diagnosis]:
    return {each.subject: each for each in diagnose(settings) if not each.well}


def test_a_folder_that_takes_a_file_holds_nothing_afterwards(tmp_path: Path) -> None:
    try_write(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_trial_that_is_killed_while_it_writes_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[list[Path]] = []
    monkeypatch.setattr("os.fsync", lambda _: held.append(list(tmp_path.iterdir())))
    try_write(tmp_path)
    assert held == [[]]


def test_a_file_that_did_not_reach_the_disk_is_removed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with failing(monkeypatch, errno.ENOSPC, tmp_path), pytest.raises(OSError, match="No space left"):
        try_write(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_has_room_for_root_alone_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = os.statvfs_result((1, 1, 10**9, 10**9, FREE_BYTES_NEEDED - 1, 0, 0, 0, 0, 255))
    monkeypatch.setattr("os.statvfs", lambda _: left)
    with pytest.raises(OSError, match="No space left"):
        try_write(tmp_path)


def test_the_file_system_is_named_with_its_mount_point_and_what_is_free(tmp_path: Path) -> None:
    system = file_system_of(tmp_path)
    assert Path(system.mount).is_mount()
    assert tmp_path.resolve().is_relative_to(system.mount)
    assert (system.free_bytes > 0, system.kind != "unknown", str(system).count(" free on ")) == (True, True, 1)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("tmpfs /somewhere tmpfs rw 0 0\n/dev/sda1 / ext4 rw 0 0\n", "ext4"),
        ("/dev/sda1 / ext4 rw 0 0\nserver:/a\\040b / nfs4 rw 0 0\n", "nfs4"),  # mounted over the other
        ("tmpfs /somewhere tmpfs rw 0 0\n", "unknown"),
    ],
)
def test_the_last_that_was_mounted_there_is_the_file_system(
    line: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(line)
    monkeypatch.setattr("flux.app.disks._MOUNTS", mounts)
    assert file_system_of(Path("/")).kind == kind


def test_what_is_not_there_yet_is_tried_above(tmp_path: Path) -> None:
    assert nearest(tmp_path / "a" / "b") == tmp_path


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "make room on /srv"),
        (errno.EDQUOT, "raise the quota on /srv"),
        (errno.EROFS, "mount -o remount,rw /srv"),
        (errno.EIO, "/dev/sdb1 fails"),
        (errno.ESTALE, "mount /srv again"),
        (errno.EACCES, "let the user that runs flux write there"),
        (errno.ENOENT, "make the folder"),
        (errno.ENOTDIR, "move away the file"),
        (errno.EBUSY, "look at the messages of the kernel"),
    ],
)
def test_each_refusal_has_its_advice(number: int, advice: str) -> None:
    assert advice in SYSTEM.advise(OSError(number, os.strerror(number)))


def test_a_disk_with_room_and_no_inode_needs_other_advice() -> None:
    full = FileSystem(number=1, mount="/srv", kind="ext4", device="/dev/sdb1", free_bytes=2**40, free_files=0)
    assert "remove files that nobody needs from /srv" in full.advise(OSError(errno.ENOSPC, "No space left on device"))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO])
@pytest.mark.parametrize(
    ("subject", "place"),
    [
        ("inbox", "inbox"),
        ("vault", "var/vault"),
        ("spool", "var/spool"),
        ("outbox", "outbox"),
        ("ledger disk", "var"),
    ],
)
def test_the_doctor_names_the_folder_that_does_not_take_a_file(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, number: int, subject: str, place: str
) -> None:
    folder = settings.root / place
    with failing(monkeypatch, number, folder):
        found = amiss(settings)
    state, advice = found[subject].state, found[subject].advice
    assert str(folder) in state
    assert os.strerror(number) in state
    assert " free on " in state
    assert advice == file_system_of(folder).advise(OSError(number, ""))


def test_the_doctor_names_a_partners_folder_only_where_it_refuses(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner = next(iter(settings.partners))
    assert not any(each.subject.endswith(f" of {partner}") for each in diagnose(settings))
    with failing(monkeypatch, errno.EROFS, settings.gateway.inbox / partner):
        assert set(amiss(settings)) == {f"inbox of {partner}"}


def test_a_ledger_that_cannot_be_written_is_amiss_though_it_can_be_read(settings: Settings) -> None:
    assert not amiss(settings)
    file = settings.ledger.file
    assert file is not None
    content = file.read_bytes()
    file.write_bytes(content[:18] + b"\x03" + content[19:])  # as a later SQLite would have it: to be read only
    assert set(amiss(settings)) == {"ledger"}


def test_every_folder_of_a_fresh_installation_is_on_disk_with_those_above_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: set[Path] = set()
    sync = os.fsync

    def note(descriptor: int) -> None:
        synced.add(Path(f"/proc/self/fd/{descriptor}").readlink())
        sync(descriptor)

    monkeypatch.setattr("os.fsync", note)
    made = make_installation(tmp_path / "flux")
    folders = [each for each in made if each.is_dir()]
    above = {parent for folder in folders for parent in folder.parents if parent.is_relative_to(tmp_path)}
    assert len(folders) > 3
    assert above <= synced


def test_each_file_system_that_must_hold_what_comes_is_told_once(settings: Settings) -> None:
    told = [each for each in diagnose(settings) if each.subject == "disk space"]
    assert len(told) == len({settings.vault.path.stat().st_dev, settings.vault.spool.stat().st_dev})
