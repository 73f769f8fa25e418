"""What a partner's folder on this machine makes of a disk that fails: trouble of ours, told from the partner's."""

import errno
import os
from pathlib import Path

import pytest

from flux.errors import DiskFailed, TransportError
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


def put_where(call: str, number: int, source: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a file while a call of the system fails."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as broken:
        broken.setattr(f"flux.transport.{call}", fail)
        FolderTransport(TransportSettings(path=str(home))).put(source, "", "a.xml")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO, errno.EDQUOT, errno.ESTALE])
@pytest.mark.parametrize("call", ["folder.write_synced", "folder.rename_synced", "folder.Path.lstat"])
def test_a_disk_that_fails_is_told_as_ours_with_the_folder_and_the_reason(
    call: str, number: int, source: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DiskFailed, match=f"the disk under {home} did not take a.xml: .*{os.strerror(number)}"):
        put_where(call, number, source, home, monkeypatch)
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOENT, errno.ENAMETOOLONG])
def test_what_only_the_partner_can_mend_is_no_trouble_of_a_disk(
    number: int, source: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TransportError) as refused:
        put_where("folder.write_synced", number, source, home, monkeypatch)
    assert not isinstance(refused.value, DiskFailed)
