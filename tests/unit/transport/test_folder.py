"""What a partner's folder on this machine makes of a disk that fails: trouble of ours, told from the partner's."""

import errno
import os
from pathlib import Path

import pytest

from flux.errors import DiskFailed, TransportError, TransportRefused
from flux.transport.folder import FolderTransport
from flux.transport.settings import TransportSettings


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(b"<flow/>")
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "home"
    path.mkdir()
    return path


def put_where(
    call: str, number: int, source: Path, home: Path, monkeypatch: pytest.MonkeyPatch, folder: str = ""
) -> None:
    """Put a file while a call of the system fails."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as broken:
        broken.setattr(f"flux.transport.{call}", fail)
        FolderTransport(TransportSettings(path=str(home))).put(source, folder, "a.xml")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO, errno.EDQUOT, errno.ESTALE])
@pytest.mark.parametrize("call", ["folder.write_synced", "folder.rename_synced", "folder.Path.lstat"])
def test_a_disk_that_fails_is_told_as_ours_with_the_folder_and_the_reason(
    call: str, number: int, source: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DiskFailed, match=f"the disk under {home} did not take a.xml: .*{os.strerror(number)}"):
        put_where(call, number, source, home, monkeypatch)
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM])
@pytest.mark.parametrize("call", ["folder.write_synced", "folder.rename_synced", "folder.Path.lstat"])
def test_missing_rights_in_a_folder_of_this_machine_are_told_as_ours_with_what_to_do(
    call: str, number: int, source: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DiskFailed, match=f"{home} does not let us .*have its rights corrected on this machine"):
        put_where(call, number, source, home, monkeypatch)
    assert list(home.iterdir()) == []


def test_missing_rights_in_the_folders_of_a_partner_are_told_as_ours(
    source: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DiskFailed, match=r"look at in.*have its rights corrected on this machine"):
        put_where("folder.Path.lstat", errno.EACCES, source, home, monkeypatch, folder="in")


def test_another_file_of_the_name_is_refused_for_good_as_before(source: Path, home: Path) -> None:
    (home / "a.xml").write_bytes(b"something else")
    with pytest.raises(TransportRefused, match="holds another file"):
        FolderTransport(TransportSettings(path=str(home), overwrite=False)).put(source, "", "a.xml")


@pytest.mark.parametrize("number", [errno.ENOENT, errno.ENAMETOOLONG])
def test_what_only_the_partner_can_mend_is_no_trouble_of_a_disk(
    number: int, source: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TransportError) as refused:
        put_where("folder.write_synced", number, source, home, monkeypatch)
    assert not isinstance(refused.value, DiskFailed)


def test_a_disk_that_fails_at_the_folders_of_a_partner_is_told_as_ours(
    source: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DiskFailed):
        put_where("folder.Path.lstat", errno.EIO, source, home, monkeypatch, folder="in")


@pytest.fixture
def linked(home: Path, tmp_path: Path) -> Path:
    """A folder elsewhere, with a file, to which a link leads that the partner made: home/a/in."""
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "b").mkdir(parents=True)
    for folder in (elsewhere, elsewhere / "b"):
        (folder / "secret.xml").touch()
    (home / "a").mkdir()
    (home / "a" / "in").symlink_to(elsewhere)
    return elsewhere


@pytest.mark.parametrize("folder", ["a/in", "a/in/b"])
def test_a_link_below_the_path_of_a_partner_is_followed_by_nothing(
    folder: str, source: Path, home: Path, linked: Path, tmp_path: Path
) -> None:
    transport = FolderTransport(TransportSettings(path=str(home)))
    for call in (
        lambda: transport.put(source, folder, "a.xml"),
        lambda: transport.list(folder),
        lambda: transport.fetch(folder, "secret.xml", tmp_path / "fetched"),
        lambda: transport.remove(folder, "secret.xml"),
    ):
        with pytest.raises(TransportRefused, match="in is a link"):
            call()
    assert {path.name for path in linked.rglob("*")} == {"b", "secret.xml"}


def test_the_path_of_a_partner_may_be_a_link_for_it_is_ours(source: Path, tmp_path: Path, linked: Path) -> None:
    (tmp_path / "outbox").symlink_to(linked)
    FolderTransport(TransportSettings(path=str(tmp_path / "outbox"))).put(source, "b", "a.xml")
    assert (linked / "b" / "a.xml").is_file()
