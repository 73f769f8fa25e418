"""The contract of the Vault port, on a folder."""

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Semaphore

import pytest

from flux.errors import VaultError
from flux.ledger.vault import FolderVault
from flux.model.ports import Blob

HELLO = hashlib.sha256(b"hello").hexdigest()


@pytest.fixture
def vault(tmp_path: Path) -> FolderVault:
    return FolderVault(tmp_path / "vault")


def files_of(root: Path) -> list[Path]:
    return sorted(path.relative_to(root) for path in root.rglob("*") if path.is_file())


def test_bytes_are_kept_under_their_content(vault: FolderVault) -> None:
    assert vault.put([b"hel", b"", b"lo"]) == Blob(sha256=HELLO, size_bytes=5)
    assert vault.path(HELLO).read_bytes() == b"hello"


def test_no_bytes_are_kept_too(vault: FolderVault) -> None:
    blob = vault.put([])
    assert blob.size_bytes == 0
    assert vault.path(blob.sha256).read_bytes() == b""


def test_the_same_bytes_twice_are_kept_once(vault: FolderVault, tmp_path: Path) -> None:
    vault.put([b"hello"])
    before = vault.path(HELLO).stat()
    assert vault.put([b"hello"]).sha256 == HELLO
    assert vault.path(HELLO).stat().st_ino == before.st_ino
    assert files_of(tmp_path / "vault") == [Path(HELLO[:2]) / HELLO]


def test_what_is_kept_is_read_only(vault: FolderVault) -> None:
    vault.put([b"hello"])
    assert vault.path(HELLO).stat().st_mode & 0o777 == 0o444


def test_file_and_folder_are_synced_before_put_returns(vault: FolderVault, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    really_sync = os.fsync

    def sync(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").resolve().name)
        really_sync(descriptor)

    monkeypatch.setattr(os, "fsync", sync)
    vault.put([b"hello"])
    assert synced[1:] == ["vault", HELLO[:2]]
    assert synced[0].startswith("tmp")
    vault.put([b"hello"])
    assert synced[-1] == HELLO[:2]


def test_a_folder_that_another_writer_has_just_made_is_synced_before_put_returns(
    vault: FolderVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "vault" / HELLO[:2]).mkdir()
    synced: list[str] = []
    really_sync = os.fsync

    def sync(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").resolve().name)
        really_sync(descriptor)

    monkeypatch.setattr(os, "fsync", sync)
    vault.put([b"hello"])
    assert synced[1:] == ["vault", HELLO[:2]]


def test_kept_bytes_of_another_size_are_told(vault: FolderVault) -> None:
    vault.put([b"hello"])
    path = vault.path(HELLO)
    path.chmod(0o644)
    path.write_bytes(b"hell")
    with pytest.raises(VaultError, match="4 bytes"):
        vault.put([b"hello"])


def test_bytes_that_are_not_there_are_told(vault: FolderVault) -> None:
    with pytest.raises(VaultError, match="does not hold"):
        vault.path(HELLO)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", HELLO.upper(), HELLO[:-1], HELLO + "\n"])
def test_a_name_that_is_no_hash_reaches_no_file(vault: FolderVault, name: str) -> None:
    with pytest.raises(VaultError, match="no SHA-256"):
        vault.path(name)


def test_pieces_that_fail_leave_nothing_behind(vault: FolderVault, tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"hel"
        raise OSError("read error")

    with pytest.raises(VaultError, match="read error"):
        vault.put(pieces())
    assert files_of(tmp_path / "vault") == []


def test_what_a_dead_process_left_half_written_is_removed_at_the_start(tmp_path: Path) -> None:
    FolderVault(tmp_path).put([b"hello"])
    (tmp_path / "unfinished" / "tmpabc").write_bytes(b"hal")
    FolderVault(tmp_path)
    assert files_of(tmp_path) == [Path(HELLO[:2]) / HELLO]


def test_what_is_being_written_is_no_leftover(vault: FolderVault, tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"hel"
        FolderVault(tmp_path / "vault")
        yield b"lo"

    assert vault.put(pieces()).sha256 == HELLO
    assert vault.path(HELLO).read_bytes() == b"hello"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(VaultError):
        FolderVault(tmp_path / "file" / "vault")


def test_threads_that_keep_the_same_bytes_all_succeed(vault: FolderVault) -> None:
    with ThreadPoolExecutor(4) as threads:
        blobs = list(threads.map(lambda _: vault.put([b"hello"]), range(40)))
    assert set(blobs) == {Blob(sha256=HELLO, size_bytes=5)}
    assert vault.path(HELLO).read_bytes() == b"hello"


def test_bytes_that_nobody_names_go_once_they_are_old(vault: FolderVault) -> None:
    blob = vault.put([b"hello"])
    assert list(vault.remove([HELLO], older_than=60.0)) == []
    os.utime(vault.path(HELLO), (0, 0))
    assert list(vault.remove([HELLO, "0" * 64], older_than=60.0)) == [blob]
    with pytest.raises(VaultError, match="does not hold"):
        vault.path(HELLO)


def test_bytes_that_came_again_are_young_again(vault: FolderVault) -> None:
    vault.put([b"hello"])
    os.utime(vault.path(HELLO), (0, 0))
    vault.put([b"hello"])
    assert list(vault.remove([HELLO], older_than=60.0)) == []


def test_nothing_goes_while_a_backup_reads(vault: FolderVault) -> None:
    vault.put([b"hello"])
    with vault.reading(), pytest.raises(VaultError, match="until the backup is made"):
        list(vault.remove([HELLO], older_than=-60.0, patience=0.0))
    assert len(list(vault.remove([HELLO], older_than=-60.0))) == 1


def put_without_a_break(root: Path, threads: ThreadPoolExecutor, stop: Event) -> None:
    """Two writers, one of whom begins before the other has ended."""
    first, second = Semaphore(0), Semaphore(0)

    def write(mine: Semaphore, other: Semaphore) -> None:
        def pieces() -> Iterator[bytes]:
            yield b"hello"
            other.release()
            mine.acquire(timeout=0.1)  # longer only while the other waits for its turn

        while not stop.is_set():
            FolderVault(root).put(pieces())

    for mine, other in ((first, second), (second, first)):
        threads.submit(write, mine, other)
    first.acquire(timeout=5)


def test_bytes_go_also_while_writers_overlap(vault: FolderVault, tmp_path: Path) -> None:
    old, stop = vault.put([b"old"]), Event()
    os.utime(vault.path(old.sha256), (0, 0))
    with ThreadPoolExecutor(2) as threads:
        put_without_a_break(tmp_path / "vault", threads, stop)
        try:
            assert list(vault.remove([old.sha256], older_than=60.0, patience=2.0)) == [old]
        finally:
            stop.set()


def test_who_is_waited_for_in_vain_is_told(vault: FolderVault) -> None:
    def pieces() -> Iterator[bytes]:
        with pytest.raises(VaultError, match="being written to"):
            list(vault.remove([HELLO], older_than=60.0, patience=0.0))
        yield b"hello"

    assert vault.put(pieces()).sha256 == HELLO


def test_bytes_may_be_put_while_a_backup_reads(vault: FolderVault) -> None:
    with vault.reading():
        assert vault.put([b"hello"]).sha256 == HELLO
